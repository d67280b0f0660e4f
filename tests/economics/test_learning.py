"""Wright's law."""

from __future__ import annotations

from collections.abc import Callable

import jax
import numpy as np
import pytest

from astro_logistics.economics.learning import unit_cost, wright_exponent


def test_published_curve():
    # Wright 1936, J. Aeronautical Sciences 3:122: the 80 % curve has the exponent 0.322
    assert float(wright_exponent(0.2)) == pytest.approx(0.322, abs=5e-4)  # printed digits
    # 80 % curve: 100, 80, 64, 51.2 at units 1, 2, 4, 8
    np.testing.assert_allclose(unit_cost(100.0, np.array([1.0, 2, 4, 8]), 0.2), [100, 80, 64, 51.2], rtol=1e-14)


def test_doubling_saves_the_rate(rng: np.random.Generator):
    rate, ratio, cost = rng.uniform(0, 0.9, 5000), 10.0 ** rng.uniform(-3, 4, 5000), rng.uniform(1, 1e9, 5000)
    once, twice = np.asarray(unit_cost(cost, ratio, rate)), np.asarray(unit_cost(cost, 2 * ratio, rate))
    np.testing.assert_allclose(twice, once * (1 - rate), rtol=1e-13)
    np.testing.assert_allclose(unit_cost(cost, np.ones(5000), rate), cost, rtol=1e-15)


def test_no_learning():
    assert float(wright_exponent(0.0)) == 0.0
    assert float(unit_cost(7.0, 1e6, 0.0)) == 7.0


def test_derivatives(relative_grads: Callable[..., None]):
    relative_grads(unit_cost, 30e6, 12.0, 0.15)


def test_elasticity_is_the_exponent():
    slope = jax.grad(unit_cost, argnums=1)(30e6, 12.0, 0.15)
    assert float(slope) * 12.0 / float(unit_cost(30e6, 12.0, 0.15)) == pytest.approx(
        -float(wright_exponent(0.15)), rel=1e-13
    )


def test_jit_and_vmap(rng: np.random.Generator):
    ratio = 10.0 ** rng.uniform(-2, 3, 20)
    together = np.asarray(unit_cost(1e6, ratio, 0.15))
    np.testing.assert_allclose(jax.jit(unit_cost)(1e6, ratio, 0.15), together, rtol=1e-14)  # pow
    np.testing.assert_allclose(jax.vmap(unit_cost, (None, 0, None))(1e6, ratio, 0.15), together, rtol=1e-14)


def test_bad_numbers():
    assert np.isnan(unit_cost(1e6, 2.0, 1.5))
    assert np.isnan(unit_cost(1e6, -2.0, 0.15))
