"""Wright's law, and its fit to a record."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats

from astro_logistics.economics.learning import (
    fit,
    learning_rate,
    predict,
    rate_band,
    unit_cost,
    wright_exponent,
)


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


# ---- the fit


def draper() -> tuple[np.ndarray, np.ndarray]:
    """A line through logarithms with residuals +-0.1 at the ends of the square design: every sum is known by hand."""
    x = np.array([-1.0, -1.0, 1.0, 1.0])
    return np.exp(x + 5.0), np.exp(2.0 - 0.5 * x + 0.1 * np.array([1.0, -1.0, 1.0, -1.0]))


def test_fit_by_hand():
    # slope -0.5, residual sum of squares 0.04 on two degrees of freedom, Sxx = 4: s = 0.1414, error of slope 0.0707
    found = fit(*draper())
    assert float(found.exponent) == pytest.approx(0.5, rel=1e-13)
    assert float(found.deviation) == pytest.approx(np.sqrt(0.02), rel=1e-12)
    assert float(found.exponent_error) == pytest.approx(np.sqrt(0.02) / 2.0, rel=1e-12)
    # Student's t for 95 % and two degrees of freedom: 4.303 in every table
    assert found.quantile(0.95) == pytest.approx(4.303, abs=5e-4)
    line, low, high = predict(found, np.exp(5.0))
    assert float(line) == pytest.approx(np.exp(2.0), rel=1e-13)
    assert float(jnp.log(high / low)) == pytest.approx(2 * 4.303 * np.sqrt(0.02) / 2.0, rel=1e-3)


def test_fit_against_scipy(rng: np.random.Generator):
    quantity = 10.0 ** rng.uniform(0, 6, 12)
    price = 1e4 * quantity**-0.3 * np.exp(rng.normal(0.0, 0.2, 12))
    found, other = fit(quantity, price), cast(Any, stats.linregress(np.log(quantity), np.log(price)))
    assert float(found.exponent) == pytest.approx(-other.slope, rel=1e-12)
    assert float(found.exponent_error) == pytest.approx(other.stderr, rel=1e-10)
    rate, low, high = rate_band(found)
    assert float(low) < float(rate) < float(high)
    assert float(rate) == pytest.approx(float(learning_rate(-other.slope)), rel=1e-12)


def test_fit_recovers_an_exact_law(rng: np.random.Generator):
    quantity = 10.0 ** rng.uniform(0, 6, (2000, 5))
    rate = rng.uniform(0.01, 0.5, 2000)
    prices = unit_cost(7e3, quantity, rate[:, None])
    found = jax.jit(jax.vmap(lambda q, p: rate_band(fit(q, p))[0]))(quantity, prices)
    np.testing.assert_allclose(found, rate, rtol=1e-8)  # five points within one decade: Sxx 1e-3, rounding 1e-16 / 1e-3


def test_band_holds_the_truth_as_often_as_it_says(rng: np.random.Generator):
    # 20,000 noisy histories of one law: 95 % of the intervals hold the true rate, to 5 standard errors of the count
    quantity = np.geomspace(1.0, 1e5, 6)
    noise = np.exp(rng.normal(0.0, 0.3, (20_000, 6)))
    prices = np.asarray(unit_cost(1e4, quantity, 0.2)) * noise
    _, low, high = jax.jit(jax.vmap(lambda p: rate_band(fit(quantity, p))))(prices)
    share = np.mean((np.asarray(low) < 0.2) & (np.asarray(high) > 0.2))
    assert share == pytest.approx(0.95, abs=5 * np.sqrt(0.95 * 0.05 / 20_000))


def test_fit_derivatives(relative_grads: Callable[..., None]):
    relative_grads(jax.jit(lambda q, p: predict(fit(q, p), 3e6)[2]), *draper(), rtol=1e-5)


def test_two_points_have_no_band():
    assert np.isnan(rate_band(fit(np.array([1.0, 2.0]), np.array([2.0, 1.0])))[1])
