"""Owning and running the mass driver."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.economics.driver_cost import DriverBill, DriverCost, capital, yearly_bill
from astro_logistics.pytree import leaves


def make(**changes: float) -> DriverCost:
    base = {
        "hardware_cost": 1000.0,
        "store_cost": 400.0,
        "local_fraction": 0.25,
        "development_cost": 5e9,
        "upkeep_fraction": 0.03,
        "operations_cost": 1e8,
        "life": 20.0,
    }
    return DriverCost(**{k: jnp.asarray(v) for k, v in (base | changes).items()})


MASSES = (1e6, 2e5, 5e3, 1e4)
"""The system, its store, windings and store renewed per year, kg."""


def total(cost: DriverCost, *rest) -> jax.Array:
    return yearly_bill(cost, *rest).total


def test_by_hand():
    # 800 t at 1,000 $/kg and 200 t of store at 400, three quarters of it landed at 4,000 $/kg, and 5 G$
    assert float(capital(make(), 1e6, 2e5, 4000.0)) == pytest.approx(0.8e9 + 0.08e9 + 3e9 + 5e9, rel=1e-15)
    bill = yearly_bill(make(), *MASSES, 4000.0, 0.05)
    share = 0.08024  # 5 % over 20 years, in printed interest tables
    by_hand = DriverBill(*(jnp.asarray(v) for v in (
        share * 5e9, share * 0.88e9, share * 3e9, 5e3 * 4000.0 + 1e4 * 3400.0, 0.03 * 8.88e9, 1e8
    )))  # fmt: skip
    for name, value in leaves(bill).items():
        assert float(value) == pytest.approx(float(leaves(by_hand)[name]), rel=1e-4), name  # the table's digits
    assert float(bill.total) == pytest.approx(sum(float(x) for x in leaves(bill).values()), rel=1e-15)


def test_local_making_saves_delivery_only(rng: np.random.Generator):
    mass, delivery = rng.uniform(1e5, 1e8, 100), rng.uniform(100, 1e5, 100)
    all_local, all_landed = (capital(make(local_fraction=f), mass, 0.0 * mass, delivery) for f in (1.0, 0.0))
    np.testing.assert_allclose(all_landed - all_local, mass * delivery, rtol=1e-9)  # 5 G$ against 10 M$ of delivery
    np.testing.assert_allclose(all_local, mass * 1000.0 + 5e9, rtol=1e-15)


def test_present_value_of_the_payments():
    # the yearly bill, what recurs apart, discounted year by year is the capital
    bill = yearly_bill(make(upkeep_fraction=0.0, operations_cost=0.0), 1e6, 2e5, 0.0, 0.0, 4000.0, 0.07)
    assert sum(float(bill.total) / 1.07**k for k in range(1, 21)) == pytest.approx(8.88e9, rel=1e-13)


def test_derivatives(relative_grads: Callable[..., None]):
    relative_grads(jax.jit(total), make(), *MASSES, 4000.0, 0.07)


def test_jit_vmap_and_bad_numbers(rng: np.random.Generator):
    mass = rng.uniform(1e5, 1e7, 20)
    rest = (1e5, 1e3, 1e3, 4000.0, 0.07)
    together = np.asarray(total(make(), mass, *rest))
    np.testing.assert_allclose(jax.jit(total)(make(), mass, *rest), together, rtol=1e-14)
    mapped = jax.vmap(lambda m: total(make(), m, *rest))(mass)
    np.testing.assert_allclose(mapped, together, rtol=1e-14)  # fused multiply-adds
    assert np.isnan(total(make(life=np.nan), 1e6, *rest))
