"""Cost of a watt of orbital compute."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.economics.datacenter_cost import SatelliteCost, delivered_power_cost


def make(**changes: float) -> SatelliteCost:
    base = {"build_cost": 500.0, "learning_rate": 0.2, "units_ratio": 1.0, "operations_fraction": 0.02}
    base |= {"development": 1.0, "loss_rate": 0.02, "insurance_fraction": 0.03, "disposal_cost": 5.0}
    base |= {"build_carbon": 80.0, "lead_time": 1.5, "discount_rate": 0.10}
    return SatelliteCost(**{k: jnp.asarray(v) for k, v in (base | changes).items()})


def test_by_hand():
    # 10 kg/kW at 500 + 1,500 $/kg is 20 $/W; 10 % over 10 years is 0.16275 in printed interest tables, and 2 %
    assert float(delivered_power_cost(make(), 0.010, 1500.0, 10.0)) == pytest.approx(20 * 0.18275, abs=20 * 5e-6)


def test_bookkeeping_of_a_satellite(rng: np.random.Generator):
    # the yearly income per watt that, discounted, just pays for building, launch and operations
    for _ in range(50):
        mass, delivery, rate = rng.uniform(1e-3, 0.1), rng.uniform(10, 1e4), rng.uniform(0.01, 0.2)
        income = float(delivered_power_cost(make(discount_rate=rate), mass, delivery, 10.0))
        spent = mass * (500 + delivery)
        left = -spent + sum((income - 0.02 * spent) / (1 + rate) ** k for k in range(1, 11))
        assert left == pytest.approx(0.0, abs=1e-13 * spent)


def test_learning():
    # four times as many built, two doublings at 20 %: 0.64 of the cost of building, none of the transport's
    one, more = (float(delivered_power_cost(make(units_ratio=r), 0.01, 0.0, 10.0)) for r in (1.0, 4.0))
    assert more / one == pytest.approx(0.64, rel=1e-14)


def test_proportional_to_mass(rng: np.random.Generator):
    mass = rng.uniform(1e-3, 0.1, 100)
    one, two = (np.asarray(delivered_power_cost(make(), k * mass, 1000.0, 10.0)) for k in (1, 2))
    np.testing.assert_allclose(two, 2 * one, rtol=1e-15)


def test_derivatives(relative_grads: Callable[..., None]):
    relative_grads(delivered_power_cost, make(), 0.012, 1500.0, 10.0)


def test_jit_vmap_and_bad_numbers(rng: np.random.Generator):
    price = rng.uniform(10, 1e4, 20)
    together = np.asarray(delivered_power_cost(make(), 0.012, price, 10.0))
    np.testing.assert_allclose(jax.jit(delivered_power_cost)(make(), 0.012, price, 10.0), together, rtol=1e-14)
    mapped = jax.vmap(delivered_power_cost, (None, None, 0, None))(make(), 0.012, price, 10.0)
    np.testing.assert_allclose(mapped, together, rtol=1e-14)  # fused multiply-adds
    assert np.isnan(delivered_power_cost(make(discount_rate=np.nan), 0.012, 1000.0, 10.0))
