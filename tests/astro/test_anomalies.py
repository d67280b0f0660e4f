"""Anomalies against textbook numbers, extended precision and each other."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.astro import anomalies


def test_vallado_example_2_1_ellipse() -> None:
    # Vallado 2013, 4th ed., example 2-1: M = 235.4 deg, e = 0.4 -> E = 220.512 074 767 522 deg
    E = anomalies.eccentric_from_mean(np.radians(235.4), 0.4)
    assert np.degrees(E) == pytest.approx(220.512074767522, abs=1e-11)  # digits printed


def test_vallado_example_2_3_hyperbola() -> None:
    # Vallado 2013, 4th ed., example 2-3: M = 235.4 deg, e = 2.4 -> H = 1.601 376 144 91 rad
    assert anomalies.hyperbolic_from_mean(np.radians(235.4), 2.4) == pytest.approx(1.60137614, abs=1e-8)


def test_vallado_example_2_2_parabola() -> None:
    # Vallado 2013, 4th ed., example 2-2: p = 25512 km, 53.7874 min past periapsis -> D = 0.817 751, nu = 78.535 deg
    mean = np.sqrt(398600.4415 / (2.0 * (25512.0 / 2.0) ** 3)) * 53.7874 * 60.0
    assert anomalies.parabolic_from_mean(mean) == pytest.approx(0.817751, abs=2e-6)  # digits printed


def test_curtis_example_3_5_hyperbola() -> None:
    # Curtis 2014, 3rd ed., example 3.5: e = 2.7696, M = 40.69 rad -> F = 3.4631, nu = 107.78 deg
    F = anomalies.hyperbolic_from_mean(40.69, 2.7696)
    np.testing.assert_allclose(F, 3.4631, atol=5e-5)
    assert np.degrees(anomalies.true_from_hyperbolic(F, 2.7696)) == pytest.approx(107.78, abs=0.01)


def beyond_cubic(x: np.ndarray, sign: int) -> np.ndarray:
    """x - sin x or sinh x - x in extended precision: by their series where they would cancel."""
    total = np.ones_like(x)
    for k in range(24, 2, -2):
        total = 1 + sign * x * x * total / (k * (k + 1))
    return np.where(np.abs(x) < 1, x**3 / 6 * total, sign * (np.sinh(x) if sign > 0 else np.sin(x)) - sign * x)


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="needs 80-bit arithmetic to judge 64-bit rounding")
def test_kepler_residual_in_extended_precision(rng: np.random.Generator) -> None:
    e = np.concatenate([rng.uniform(0, 1, 20000), 1 - 10.0 ** rng.uniform(-15, 0, 20000)])
    M = np.concatenate([rng.uniform(-np.pi, np.pi, 20000), 10.0 ** rng.uniform(-15, 0.49, 20000)])
    E = np.asarray(anomalies.eccentric_from_mean(M, e)).astype(np.longdouble)
    el, Ml = e.astype(np.longdouble), M.astype(np.longdouble)
    excess = beyond_cubic(E, -1)
    correction = ((1 - el) * E + el * excess - Ml) / ((1 - el) + 2 * el * np.sin(E / 2) ** 2)
    assert np.all(np.abs(correction) <= 6e-16 * np.abs(E) + 1e-300)  # three roundings

    e = 1 + 10.0 ** rng.uniform(-15, 3, 20000)
    M = 10.0 ** rng.uniform(-15, 6, 20000) * rng.choice([-1.0, 1.0], 20000)
    F = np.asarray(anomalies.hyperbolic_from_mean(M, e)).astype(np.longdouble)
    el, Ml = e.astype(np.longdouble), M.astype(np.longdouble)
    excess = beyond_cubic(F, 1)
    correction = ((el - 1) * F + el * excess - Ml) / ((el - 1) + 2 * el * np.sinh(F / 2) ** 2)
    assert np.all(np.abs(correction) <= 1e-15 * np.abs(F))  # sinh carries one more


def test_round_trips(rng: np.random.Generator) -> None:
    e = rng.uniform(0, 0.95, 5000)
    nu = rng.uniform(-12, 12, 5000)  # whole turns are kept
    # near nu = pi the mean anomaly is steepest: d nu / d M reaches (1 + e)^2 / (1 - e^2)^1.5 = 125 at e = 0.95
    np.testing.assert_allclose(anomalies.true_from_mean(anomalies.mean_from_true(nu, e), e), nu, rtol=0, atol=2e-13)
    E = anomalies.eccentric_from_true(nu, e)
    np.testing.assert_allclose(anomalies.true_from_eccentric(E, e), nu, rtol=0, atol=2e-13)
    np.testing.assert_allclose(anomalies.eccentric_from_mean(anomalies.mean_from_eccentric(E, e), e), E, atol=2e-13)
    e = rng.uniform(1.05, 5, 5000)
    F = rng.uniform(-6, 6, 5000)
    nu = anomalies.true_from_hyperbolic(F, e)
    # near the asymptote F grows without bound: dF/dnu = e sinh... reaches 1e3 at F = 6, e = 1.05
    np.testing.assert_allclose(anomalies.hyperbolic_from_true(nu, e), F, rtol=0, atol=1e-11)
    np.testing.assert_allclose(anomalies.true_from_mean(anomalies.mean_from_true(nu, e), e), nu, rtol=0, atol=1e-13)
    D = rng.uniform(-50, 50, 5000)
    np.testing.assert_allclose(anomalies.parabolic_from_mean(anomalies.mean_from_parabolic(D)), D, rtol=1e-13)


def test_eccentricity_and_true_anomaly_agree_with_geometry(rng: np.random.Generator) -> None:
    # r = a (1 - e cos E) = p / (1 + e cos nu), and likewise on the hyperbola with cosh F
    e, E = rng.uniform(0, 0.99, 5000), rng.uniform(-np.pi, np.pi, 5000)
    nu = np.asarray(anomalies.true_from_eccentric(E, e))
    np.testing.assert_allclose((1 - e * np.cos(E)) * (1 + e * np.cos(nu)), 1 - e * e, rtol=0, atol=1e-13)
    e, F = rng.uniform(1.01, 4, 5000), rng.uniform(-4, 4, 5000)
    nu = np.asarray(anomalies.true_from_hyperbolic(F, e))
    np.testing.assert_allclose((e * np.cosh(F) - 1) * (1 + e * np.cos(nu)), e * e - 1, rtol=0, atol=1e-12)


@pytest.mark.slow
def test_derivatives(second_order: Callable[..., None]) -> None:
    def every_function(M: jax.Array, e: jax.Array) -> tuple[jax.Array, ...]:
        nu = anomalies.true_from_mean(M, e)
        return nu, anomalies.mean_from_true(0.5 * nu, e), anomalies.parabolic_from_mean(M)

    M, e = jnp.asarray([0.3, 2.9, -1.7, 7.0]), jnp.asarray([0.2, 0.8, 1.5, 3.0])
    second_order(every_function, M, e)
    # the closed forms of the derivatives at the hardest point, M = 0
    slope, by_e = jax.grad(anomalies.eccentric_from_mean, argnums=(0, 1))(0.0, 0.999)
    assert slope == pytest.approx(1000.0, rel=1e-12)
    assert by_e == 0.0


def test_jit_vmap_and_broadcasting(rng: np.random.Generator) -> None:
    M, e = rng.uniform(-3, 3, (5, 1)), rng.uniform(0, 3, 7)
    nu = anomalies.true_from_mean(M, e)
    assert nu.shape == (5, 7)
    np.testing.assert_allclose(jax.jit(anomalies.true_from_mean)(M, e), nu, rtol=1e-15, atol=1e-15)
    by_row = jax.vmap(lambda m: jax.vmap(lambda x: anomalies.true_from_mean(m[0], x))(jnp.asarray(e)))(jnp.asarray(M))
    np.testing.assert_allclose(by_row, nu, rtol=1e-15, atol=1e-15)


def test_bad_input_is_nan() -> None:
    assert np.isnan(
        anomalies.eccentric_from_mean(np.array([1.0, 1.0, 1.0, np.nan, np.inf]), [1.0, -0.1, 2.0, 0.5, 0.5])
    ).all()
    assert np.isnan(anomalies.hyperbolic_from_mean(np.array([1.0, 1.0, np.nan, np.inf]), [1.0, 0.5, 2.0, 2.0])).all()
    assert np.isnan(anomalies.true_from_mean(1.0, 1.0))
    assert np.isnan(anomalies.mean_from_true(3.0, 2.0))  # beyond the asymptote at 120 degrees
    assert np.isnan(anomalies.true_from_eccentric(1.0, 1.0))
    assert np.isnan(anomalies.true_from_hyperbolic(1.0, 1.0))
