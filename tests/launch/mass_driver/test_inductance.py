"""Mutual inductance: Maxwell's table and formulas, Neumann's integral, scipy's elliptic integrals, derivatives."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads
from scipy.integrate import quad
from scipy.special import ellipe, ellipk

from astro_logistics.launch.mass_driver.inductance import (
    VACUUM_PERMEABILITY,
    inductance_gradient,
    mutual_inductance,
    ring_inductance,
)

MU0 = VACUUM_PERMEABILITY


def neumann(r1: float, r2: float, x: float) -> float:
    """mu0 R r / 2 times the integral of cos t / distance over a turn, numerically."""
    squares = r1**2 + r2**2 + x**2
    value, _ = quad(lambda t: np.cos(t) / np.sqrt(squares - 2 * r1 * r2 * np.cos(t)), 0, np.pi, epsrel=1e-12)
    return MU0 * r1 * r2 * value


def test_against_neumann_integral(rng: np.random.Generator):
    cases = np.stack([rng.uniform(0.2, 2.0, 60), rng.uniform(0.2, 2.0, 60), rng.uniform(-3.0, 3.0, 60)], axis=-1)
    found = np.asarray(mutual_inductance(*cases.T))
    np.testing.assert_allclose(found, [neumann(*case) for case in cases], rtol=1e-9)  # of the quadrature


def test_against_elliptic_integrals(rng: np.random.Generator):
    (r1, r2), x = rng.uniform(0.2, 2.0, (2, 5000)), rng.uniform(0.01, 1.0, 5000)
    m = 4 * r1 * r2 / ((r1 + r2) ** 2 + x**2)
    k = np.sqrt(m)
    closed = MU0 * np.sqrt(r1 * r2) * ((2 / k - k) * ellipk(m) - 2 / k * ellipe(m))
    np.testing.assert_allclose(mutual_inductance(r1, r2, x), closed, rtol=2e-11)  # the closed form loses digits
    slope = -MU0 * x * k / (4 * (1 - m) * np.sqrt(r1 * r2)) * ((2 - m) * ellipe(m) - 2 * (1 - m) * ellipk(m))
    np.testing.assert_allclose(inductance_gradient(r1, r2, x), slope, rtol=1e-9, atol=1e-22)


def test_limits():
    # far away two small circles are dipoles, mu0 pi R^2 r^2 / (2 x^3), less 3/2 (R^2 + r^2) / x^2 of it: no digit lost
    x = np.array([1e2, 1e4])
    dipoles = MU0 * np.pi * 0.25 * 0.09 / (2 * x**3) * (1 - 1.5 * 0.34 / x**2)
    np.testing.assert_allclose(mutual_inductance(0.5, 0.3, x), dipoles, rtol=3e-8)  # the next term at x = 100
    np.testing.assert_allclose(mutual_inductance(0.5, 0.3, x)[1], dipoles[1], rtol=1e-14)
    # close together: Maxwell's art. 704, mu0 R (ln(8 R / d) - 2), up to (d / R)^2 ln
    d = 1e-4
    assert float(mutual_inductance(1.0, 1.0, d)) == pytest.approx(MU0 * (np.log(8 / d) - 2), rel=1e-7)


def test_ring_inductance_is_the_mean_over_its_section(rng: np.random.Generator):
    # 4,000 pairs of filaments drawn from the section: their mean mutual inductance is the ring's own
    radius, width, length = 0.5, 0.05, 0.1
    r1, r2 = radius + width * (rng.uniform(size=(2, 40_000)) - 0.5)
    x = length * (rng.uniform(size=40_000) - rng.uniform(size=40_000))
    drawn = np.asarray(mutual_inductance(r1, r2, x))
    error = np.std(drawn) / np.sqrt(drawn.size)
    found = float(ring_inductance(radius, width, length))
    assert abs(np.mean(drawn) - found) < 4 * error + 5e-3 * found  # its neglected terms: (g/R)^2 ln, 0.5 %


def test_symmetry_and_sign(rng: np.random.Generator):
    r1, r2, x = rng.uniform(0.2, 2.0, (3, 2000))
    m, slope = mutual_inductance(r1, r2, x), inductance_gradient(r1, r2, x)
    np.testing.assert_allclose(mutual_inductance(r2, r1, -x), m, rtol=1e-14)
    np.testing.assert_allclose(inductance_gradient(r1, r2, -x), -np.asarray(slope), rtol=1e-11)
    assert np.all(np.asarray(slope) < 0)
    # below the geometric mean of the self-inductances of thin rings
    own = ring_inductance(r1, 1e-6, 1e-6) * ring_inductance(r2, 1e-6, 1e-6)
    assert np.all(np.asarray(m) < np.sqrt(own))


def test_derivatives_jit_and_bad_numbers():
    f = jax.jit(lambda r1, r2, x: mutual_inductance(r1, r2, x) / 1e-6)
    args = tuple(jnp.asarray(v) for v in (0.5, 0.4, 0.13))
    check_grads(f, args, order=2, modes=("fwd", "rev"), rtol=1e-5, atol=1e-5)  # central differences of order one
    assert float(f(*args)) == pytest.approx(float(mutual_inductance(*args)) / 1e-6, rel=1e-14)
    assert np.isnan(mutual_inductance(np.nan, 0.4, 0.1))
    assert np.isnan(mutual_inductance(-0.5, 0.4, 0.1))
