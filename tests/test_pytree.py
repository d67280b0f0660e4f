"""Names of leaves, their units and bounds, and replacing them."""

from __future__ import annotations

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import Array

from astro_logistics import pytree


class Engine(pytree.Pytree):
    thrust: Array = pytree.field(unit="N", doc="thrust", low=0.0)
    efficiency: Array = pytree.field(unit="", doc="efficiency", low=0.0, high=1.0)
    name: str = pytree.static(doc="name", default="none")


class Ship(pytree.Pytree):
    engine: Engine
    tanks: tuple[Array, ...]
    prices: dict[str, Array]
    dry_mass: Array = pytree.field(unit="kg", doc="dry mass", low=0.0)
    spare: Array | None = pytree.field(unit="kg", doc="spares", low=0.0)


PATHS = {
    "engine.thrust": 1.0,
    "engine.efficiency": 0.5,
    "tanks.0": 10.0,
    "tanks.1": 20.0,
    "prices.fuel": 4.0,
    "prices.oxidizer": 3.0,
    "dry_mass": 100.0,
}


@pytest.fixture
def ship() -> Ship:
    return Ship(
        engine=Engine(thrust=jnp.asarray(1.0), efficiency=jnp.asarray(0.5), name="A"),
        tanks=(jnp.asarray(10.0), jnp.asarray(20.0)),
        prices={"oxidizer": jnp.asarray(3.0), "fuel": jnp.asarray(4.0)},
        dry_mass=jnp.asarray(100.0),
        spare=None,
    )


def test_leaves_have_dotted_paths_in_pytree_order(ship: Ship):
    found = pytree.leaves(ship)
    assert {path: float(value) for path, value in found.items()} == PATHS
    # the same leaves, in the same order, as JAX sees: a flattened gradient lines up with the paths
    assert [float(x) for x in jax.tree.leaves(ship)] == [float(x) for x in found.values()]


def test_leaves_of_many_items_keep_jax_order():
    many = {f"k{i}": (jnp.asarray(float(i)),) * 12 for i in range(12)}
    ours = [float(x) for x in pytree.leaves(many).values()]
    assert ours == [float(x) for x in jax.tree.leaves(many)]
    assert list(pytree.leaves(many))[:12] == [f"k0.{i}" for i in range(12)]


def test_prefix(ship: Ship):
    assert list(pytree.leaves(ship.engine, "a.b")) == ["a.b.thrust", "a.b.efficiency"]
    assert list(pytree.infos(ship.engine, "a")) == ["a.thrust", "a.efficiency"]


def test_infos(ship: Ship):
    found = pytree.infos(ship)
    assert set(found) == {"engine.thrust", "engine.efficiency", "dry_mass"}  # None and bare leaves have none
    assert found["engine.efficiency"] == pytree.FieldInfo("", "efficiency", 0.0, 1.0)
    assert found["engine.thrust"] == pytree.FieldInfo("N", "thrust", 0.0, None)


def test_get(ship: Ship):
    for path, value in PATHS.items():
        assert float(pytree.get(ship, path)) == value
    assert pytree.get(ship, "engine") is ship.engine


def test_replace_at(ship: Ship):
    new = {"engine.thrust": 7.0, "tanks.1": 8.0, "prices.fuel": 9.0, "dry_mass": 6.0}
    changed = pytree.replace_at(ship, {path: jnp.asarray(value) for path, value in new.items()})
    assert {path: float(value) for path, value in pytree.leaves(changed).items()} == PATHS | new
    assert changed.engine.name == "A"
    assert {path: float(value) for path, value in pytree.leaves(ship).items()} == PATHS  # the old one is untouched
    assert pytree.replace_at(ship, {}) is ship


def test_replace_a_subtree(ship: Ship):
    engine = Engine(thrust=jnp.asarray(5.0), efficiency=jnp.asarray(0.1), name="B")
    changed = pytree.replace_at(ship, {"engine": engine})
    assert (float(changed.engine.thrust), changed.engine.name) == (5.0, "B")
    assert float(changed.dry_mass) == 100.0


@pytest.mark.parametrize(
    "path", ["engine.trust", "motor", "tanks.2", "prices.water", "dry_mass.x", "engine.name", "", "engine."]
)
def test_missing_path_is_a_key_error_that_names_it(ship: Ship, path: str):
    with pytest.raises(KeyError) as error:
        pytree.get(ship, path)
    assert error.value.args == (path,)
    with pytest.raises(KeyError) as error:
        pytree.replace_at(ship, {path: jnp.asarray(1.0)})
    assert error.value.args == (path,)


def test_frozen(ship: Ship):
    with pytest.raises(dataclasses.FrozenInstanceError):
        ship.dry_mass = jnp.asarray(1.0)  # pyright: ignore[reportAttributeAccessIssue]


def test_static_is_structure_not_leaf(ship: Ship):
    assert "engine.name" not in pytree.leaves(ship)
    other = pytree.replace_at(ship, {"engine": dataclasses.replace(ship.engine, name="B")})
    assert jax.tree.structure(other) != jax.tree.structure(ship)


def test_gradient_has_the_same_paths(ship: Ship):
    def thrust_cost(s: Ship) -> Array:
        return s.engine.thrust * s.prices["fuel"] + s.tanks[1] ** 2

    gradient = pytree.leaves(jax.grad(thrust_cost)(ship))
    assert list(gradient) == list(PATHS)
    expected = {"engine.thrust": 4.0, "prices.fuel": 1.0, "tanks.1": 40.0}
    assert {path: float(value) for path, value in gradient.items()} == dict.fromkeys(PATHS, 0.0) | expected


def test_replace_at_under_grad_and_vmap(ship: Ship):
    def f(x: Array) -> Array:
        return pytree.replace_at(ship, {"dry_mass": x}).dry_mass ** 2

    assert float(jax.grad(f)(3.0)) == 6.0
    assert np.array_equal(jax.vmap(f)(jnp.arange(3.0)), [0.0, 1.0, 4.0])
