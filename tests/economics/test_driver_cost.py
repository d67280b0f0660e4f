"""Owning and running the mass driver."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.economics.driver_cost import DriverCost, capital, yearly_cost


def make(**changes: float) -> DriverCost:
    base = {
        "hardware_cost": 1000.0,
        "local_fraction": 0.25,
        "development_cost": 5e9,
        "upkeep_fraction": 0.03,
        "life": 20.0,
    }
    return DriverCost(**{k: jnp.asarray(v) for k, v in (base | changes).items()})


def test_by_hand():
    # 1,000 t at 1,000 $/kg, three quarters of it landed at 4,000 $/kg, and 5 G$: 1 + 3 + 5 G$
    assert float(capital(make(), 1e6, 4000.0)) == pytest.approx(9e9, rel=1e-15)
    # 5 % over 20 years is 0.08024 in printed interest tables
    assert float(yearly_cost(make(), 1e6, 4000.0, 0.05)) == pytest.approx(
        9e9 * (0.08024 + 0.03), rel=1e-4
    )  # its digits


def test_local_making_saves_delivery_only(rng: np.random.Generator):
    mass, delivery = rng.uniform(1e5, 1e8, 100), rng.uniform(100, 1e5, 100)
    all_local, all_landed = (
        capital(make(local_fraction=1.0), mass, delivery),
        capital(make(local_fraction=0.0), mass, delivery),
    )
    np.testing.assert_allclose(all_landed - all_local, mass * delivery, rtol=1e-9)  # 5 G$ against 10 M$ of delivery
    np.testing.assert_allclose(all_local, mass * 1000.0 + 5e9, rtol=1e-15)


def test_present_value_of_the_payments():
    # the yearly cost, upkeep apart, discounted year by year is the capital
    payment = float(yearly_cost(make(upkeep_fraction=0.0), 1e6, 4000.0, 0.07))
    assert sum(payment / 1.07**k for k in range(1, 21)) == pytest.approx(9e9, rel=1e-13)


def test_derivatives(relative_grads: Callable[..., None]):
    relative_grads(yearly_cost, make(), 1e6, 4000.0, 0.07)


def test_jit_vmap_and_bad_numbers(rng: np.random.Generator):
    mass = rng.uniform(1e5, 1e7, 20)
    together = np.asarray(yearly_cost(make(), mass, 4000.0, 0.07))
    np.testing.assert_allclose(jax.jit(yearly_cost)(make(), mass, 4000.0, 0.07), together, rtol=1e-14)
    mapped = jax.vmap(yearly_cost, (None, 0, None, None))(make(), mass, 4000.0, 0.07)
    np.testing.assert_allclose(mapped, together, rtol=1e-14)  # fused multiply-adds
    assert np.isnan(yearly_cost(make(life=np.nan), 1e6, 4000.0, 0.07))
