"""Break-even of the mass driver with rockets: the root, its derivatives, and what no size of driver reaches."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.launch import mass_driver as drivers
from astro_logistics.network import driver_break_even as even
from astro_logistics.network import driver_routes
from astro_logistics.pytree import replace_at

Proof = Any
EARTH, DELIVERY = 2000.0, 5000.0


@pytest.fixture(scope="module")
def solve(baseline: Proof):
    """Yearly mass (kg/s) at which a kilogram to escape costs `cost`, and its slopes; compiled once."""

    def mass(cost, delivery, local):
        at = replace_at(baseline.model, {"mass_driver_cost.local_fraction": local})
        shot = driver_routes.escape_shot(at)
        to = even.Supply("escape", jnp.asarray(EARTH), shot.speed, shot.payload_fraction)
        rate = even.mass_for_cost(at, to, cost, delivery)
        return rate, even.cost_at(at, to, rate, delivery)

    both = jax.jit(lambda *x: (mass(*x), jax.jacfwd(lambda *y: jnp.log(mass(*y)[0]), argnums=(0, 1, 2))(*x)))
    return lambda *x: both(*(jnp.asarray(v) for v in x))


def test_cost_at_the_root(solve: Proof):
    (rate, cost), _ = solve(EARTH, DELIVERY, 0.0)
    assert float(cost) == pytest.approx(EARTH, rel=1e-12)
    assert 1e6 < float(rate) * JULIAN_YEAR < 1e7  # some thousands of tonnes a year


def test_closed_form(baseline: Proof, solve: Proof):
    # the lumped driver's bill is A + B x mass: A from a driver that throws next to nothing, B from two of them
    model = baseline.model
    shot = driver_routes.escape_shot(model)
    to = even.Supply("escape", jnp.asarray(EARTH), shot.speed, shot.payload_fraction)
    yearly = jax.jit(lambda rate: even.cost_at(model, to, rate, DELIVERY) * rate * JULIAN_YEAR)
    small, large = float(yearly(1.0)), float(yearly(101.0))
    per_kilogram = (large - small) / 100.0 / JULIAN_YEAR
    fixed = small - per_kilogram * JULIAN_YEAR
    (rate, _), _ = solve(EARTH, DELIVERY, 0.0)
    assert float(rate) * JULIAN_YEAR == pytest.approx(fixed / (EARTH - per_kilogram), rel=1e-9)
    # and below B no size of driver gets
    (never, _), _ = solve(0.99 * per_kilogram, DELIVERY, 0.0)
    (hardly, _), _ = solve(1.01 * per_kilogram, DELIVERY, 0.0)
    assert np.isnan(never)
    assert float(hardly) * JULIAN_YEAR == pytest.approx(fixed / (0.01 * per_kilogram), rel=1e-6)


def test_slopes(solve: Proof):
    _, slopes = solve(EARTH, DELIVERY, 0.3)
    for k, h in enumerate((1.0, 1.0, 1e-4)):
        at = [EARTH, DELIVERY, 0.3]
        up, down = ([v + s * h * (i == k) for i, v in enumerate(at)] for s in (1, -1))
        numeric = (np.log(float(solve(*up)[0][0])) - np.log(float(solve(*down)[0][0]))) / (2 * h)
        assert float(slopes[k]) == pytest.approx(numeric, rel=1e-5)  # rounding of the root over the step
    # dearer rockets: from less on; dearer landing: from more; made on the Moon: from less
    assert float(slopes[0]) < 0.0 < float(slopes[1])
    assert float(slopes[2]) < 0.0
    # landing costs enter as delivery x (1 - local): both slopes tell of the same
    assert float(slopes[1]) * DELIVERY == pytest.approx(-float(slopes[2]) * 0.7, rel=1e-9)


def test_laid_out_driver_throws_what_it_is_laid_out_for(baseline: Proof):
    model = baseline.model
    shot = driver_routes.escape_shot(model)
    to = even.Supply("escape", jnp.asarray(EARTH), shot.speed, shot.payload_fraction)
    sized = even.laid_out(model, to, 30.0).mass_driver
    for limit in drivers.shot_limits(sized, shot.speed):  # both limits alike
        assert float(limit * sized.shot_mass) == pytest.approx(30.0, rel=1e-12)


def test_unknown_destination(baseline: Proof):
    with pytest.raises(ValueError, match="escape, sso, mars"):
        even.supply(baseline.model, "venus")
