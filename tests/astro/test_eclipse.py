"""Shadow of one revolution: exact disc overlap, invariants, derivatives through the onset."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import quad

from astro_logistics.astro import eclipse
from astro_logistics.constants import ASTRONOMICAL_UNIT, SOLAR_RADIUS

RADIUS = 6378.137e3


def exact_fraction(beta: float, r: float, n: int = 40001) -> float:
    """Mean overlap of the apparent discs of Sun and Earth along the orbit, the Sun at its finite distance (numpy)."""
    theta = (np.arange(n) + 0.5) / n * np.pi
    position = r * np.stack([-np.cos(theta), np.sin(theta), 0 * theta], axis=-1)
    to_sun = ASTRONOMICAL_UNIT * np.array([np.cos(beta), 0, np.sin(beta)]) - position
    distance = np.linalg.norm(to_sun, axis=-1)
    a, b = np.arcsin(SOLAR_RADIUS / distance), np.arcsin(RADIUS / r)
    c = np.arccos(np.clip(np.sum(-position * to_sun, axis=-1) / (r * distance), -1, 1))
    x = (c * c + a * a - b * b) / (2 * c + 1e-300)
    half_chord = np.sqrt(np.maximum(a * a - x * x, 0))
    area = a * a * np.arccos(np.clip(x / a, -1, 1)) + b * b * np.arccos(np.clip((c - x) / b, -1, 1)) - c * half_chord
    covered = np.where(c >= a + b, 0.0, np.where(c <= b - a, 1.0, area / (np.pi * a * a)))
    return float(covered.mean())


def test_double_integral_by_quadrature():
    # the closed form against scipy's quadrature of acos(y^(-1/2)), near the onset and far from it
    for y in [1.0 + 1e-4, 1.01, 1.5, 4.0, 30.0]:
        found = quad(lambda x, y=y: (y - x) * np.arccos(1.0 / np.sqrt(x)), 1.0, y, epsabs=0, epsrel=1e-11)[0]
        assert float(eclipse._twice_integrated(jnp.asarray(y))) == pytest.approx(found, rel=1e-8)  # scipy's error
    assert float(eclipse._twice_integrated(jnp.asarray(0.9))) == 0.0


@pytest.mark.parametrize(("altitude", "worst"), [(300e3, 2.5e-4), (550e3, 1.8e-4), (1400e3, 1.2e-4), (35786e3, 6e-5)])
def test_against_exact_disc_overlap(altitude: float, worst: float):
    r = RADIUS + altitude
    rho = np.arcsin(RADIUS / r)
    beta = np.concatenate([np.linspace(0, rho - 0.012, 8), rho + np.linspace(-0.012, 0.008, 21)])
    exact = np.array([exact_fraction(b, r) for b in beta])
    smooth = np.asarray(eclipse.eclipse_fraction(beta, RADIUS, r))
    # the documented errors of the smoothing; away from the onset they are ten times smaller
    np.testing.assert_allclose(smooth, exact, rtol=0, atol=worst)
    np.testing.assert_allclose(smooth[:8], exact[:8], rtol=0, atol=3e-5)
    # a control: the point Sun misses by a hundred times as much at the onset
    assert np.abs(np.asarray(eclipse.cylindrical_eclipse_fraction(beta, RADIUS, r)) - exact).max() > 20 * worst


def test_limits(rng: np.random.Generator):
    beta, r = rng.uniform(-1.5, 1.5, 5000), RADIUS * 10 ** rng.uniform(0.01, 1.0, 5000)
    f = np.asarray(eclipse.eclipse_fraction(beta, RADIUS, r))
    assert ((f >= -1e-9) & (f <= 0.5)).all()  # documented rounding: differences over (s R/r)^2 = 2e-7 at ten radii
    np.testing.assert_allclose(f, eclipse.eclipse_fraction(-beta, RADIUS, r), rtol=0, atol=0)
    # less of it at higher beta and higher up
    assert (np.asarray(eclipse.eclipse_fraction(0.999 * beta, RADIUS, r)) >= f - 1e-9).all()
    # a Sun without size casts the cylinder of shadow
    point = eclipse.eclipse_fraction(beta, RADIUS, r, 1e-4)
    cylinder = np.asarray(eclipse.cylindrical_eclipse_fraction(beta, RADIUS, r))
    np.testing.assert_allclose(point, cylinder, rtol=0, atol=8e-3)  # sqrt(2 s)/pi where the shadow is grazed
    assert np.median(np.abs(point - cylinder)) < 1e-6
    assert float(eclipse.eclipse_fraction(np.pi / 2, RADIUS, 7000e3)) == 0.0


def test_derivatives_through_the_onset():
    rho = np.arcsin(1 / 1.1)

    def fraction(x):
        return eclipse.eclipse_fraction(x[0], 1.0, x[1], 0.05)

    x = np.array([[0.2, 1.1], [rho - 0.004, 1.1], [rho + 0.003, 1.1], [1.4, 1.1]])
    value = jax.jit(jax.vmap(fraction))
    forward, reverse = jax.jit(jax.vmap(jax.jacfwd(fraction))), jax.jit(jax.vmap(jax.grad(fraction)))
    curvature = np.asarray(jax.jit(jax.vmap(jax.jacfwd(jax.grad(fraction))))(x))
    np.testing.assert_allclose(forward(x), reverse(x), rtol=1e-10, atol=1e-12)
    step = 1e-5  # small against the Sun's radius; its square times the third derivative, and rounding over it
    for k in range(2):
        move = step * np.eye(2)[k]
        slope = (np.asarray(value(x + move)) - np.asarray(value(x - move))) / (2 * step)
        np.testing.assert_allclose(forward(x)[:, k], slope, rtol=1e-5, atol=1e-7)
        bend = (np.asarray(forward(x + move)) - np.asarray(forward(x - move))) / (2 * step)
        np.testing.assert_allclose(curvature[:, k], bend, rtol=1e-3, atol=1e-4)
    assert (np.abs(np.asarray(forward(x)))[:3] > 1e-3).all()


def test_no_nan_gradient_without_eclipse():
    grad = jax.grad(eclipse.eclipse_fraction, argnums=(0, 2))(np.pi / 2, RADIUS, 7000e3)
    assert [float(g) for g in grad] == [0.0, 0.0]


def test_bad_input_is_nan():
    bad = [
        eclipse.eclipse_fraction(0.1, RADIUS, 0.9 * RADIUS),
        eclipse.eclipse_fraction(np.nan, RADIUS, 7000e3),
        eclipse.cylindrical_eclipse_fraction(0.1, RADIUS, 0.9 * RADIUS),
    ]
    assert np.isnan(jnp.stack(bad)).all()
