"""View factors of a plate: published values, the definition by quadrature at thousands of tilts, orbit means."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.datacenter import plate_view

EARTH = 6378.137e3


def cap_view(k: np.ndarray, c: np.ndarray, n: int = 160) -> np.ndarray:
    """View factor by the definition, over the sphere as the plate sees it, a disc of directions.

    Integral over the polar angle a from the line to the center, weight sin a, of the mean over azimuth of the positive
    part of cos a cos t + sin a sin t cos(phi), which is elementary.
    """
    x, w = np.polynomial.legendre.leggauss(n)
    a = np.arcsin(k)[:, None] * 0.5 * (x + 1.0)
    weight = np.arcsin(k)[:, None] * 0.5 * w * np.sin(a)
    level, swing = np.cos(a) * c[:, None], np.sin(a) * np.sqrt(1.0 - c[:, None] ** 2)
    edge = np.arccos(np.clip(-level / swing, -1.0, 1.0))
    return np.sum(weight * 2.0 * (level * edge + swing * np.sin(edge)), axis=1) / np.pi


def test_any_tilt_against_the_definition(rng: np.random.Generator):
    n = 5000
    k, c = rng.uniform(0.02, 0.995, n), np.cos(rng.uniform(0.0, np.pi, n))
    found = np.asarray(plate_view.view_factor(k, np.ones(n), c))
    np.testing.assert_allclose(found, cap_view(k, c), rtol=0, atol=3e-6)  # the quadrature's kink where the plane cuts
    assert (found >= 0.0).all()
    assert (found <= k**2 + 1e-15).all()
    # both faces together see what a plate facing it by the cosine of its tilt would, and no less
    both = found + np.asarray(plate_view.view_factor(k, np.ones(n), -c))
    assert (both >= k * k * np.abs(c) - 1e-12).all()
    # facing down a plate sees exactly k^2; edge-on, the closed form of that case
    np.testing.assert_allclose(plate_view.view_factor(k, np.ones(n), 1.0 + 0.0 * k), k**2, rtol=1e-14)
    np.testing.assert_allclose(
        plate_view.view_factor(k, np.ones(n), 0.0 * k), plate_view.edge_on_view_factor(k, 1.0), rtol=1e-12, atol=1e-15
    )


def test_published_values():
    # Cunningham 1961 (NASA TN D-1131): power on a flat plate; H = h/R, tilt of the normal from the nadir. Closed limits
    # of his curves: facing down 1/(1 + H)^2; edge-on at H = 0.1: 0.249 read off his figure, our closed form 0.2492.
    assert float(plate_view.view_factor(1.0, 1.1, 1.0)) == pytest.approx(1.0 / 1.21, rel=1e-14)
    k = 1.0 / 1.1
    by_hand = (np.arcsin(k) - k * np.sqrt(1 - k * k)) / np.pi
    assert float(plate_view.view_factor(1.0, 1.1, 0.0)) == pytest.approx(by_hand, rel=1e-13)


def test_derivatives():
    k = np.array([0.9, 0.9, 0.9, 0.5, 0.15])
    c = np.array([0.95, 0.5, -0.5, -0.2, 0.05])

    def f(x):
        return plate_view.view_factor(x[0], jnp.ones(()), x[1])

    slope = jax.jit(jax.vmap(jax.grad(f)))
    x, step = np.stack([k, c], axis=-1), 1e-6
    value, bend = jax.jit(jax.vmap(f)), np.asarray(jax.jit(jax.vmap(jax.jacfwd(jax.grad(f))))(x))
    for j in range(2):
        move = step * np.eye(2)[j]
        central = (np.asarray(value(x + move)) - np.asarray(value(x - move))) / (2 * step)
        np.testing.assert_allclose(slope(x)[:, j], central, atol=1e-9)  # rounding over the step
        central = (np.asarray(slope(x + move)) - np.asarray(slope(x - move))) / (2 * step)
        np.testing.assert_allclose(bend[:, j], central, atol=1e-8)
    # through both ends of the partial view: the slope changes as the square root of the distance
    for end in (0.9, -0.9):
        near = np.stack([np.full(5, 0.9), end + np.array([-1e-8, -1e-9, 0.0, 1e-9, 1e-8])], axis=-1)
        np.testing.assert_allclose(np.asarray(slope(near))[:, 1], slope(near)[2, 1], atol=1e-3)


def lit_cap(k: float, cosine: float, normal: np.ndarray, n: int = 300) -> float:
    """Reflected view factor by the definition: over n x n directions in which the plate sees the planet."""
    sun = np.array([np.sqrt(1 - cosine**2), 0.0, cosine])
    edge = np.arcsin(k)
    a, phi = np.meshgrid((np.arange(n) + 0.5) / n * edge, (np.arange(n) + 0.5) / n * 2 * np.pi, indexing="ij")
    line = np.stack([np.sin(a) * np.cos(phi), np.sin(a) * np.sin(phi), -np.cos(a)], axis=-1)
    length = (np.cos(a) - np.sqrt(np.maximum(k * k - np.sin(a) ** 2, 0.0)))[..., None]
    surface = (np.array([0.0, 0.0, 1.0]) + length * line) / k
    light = np.maximum(surface @ sun, 0.0) * np.maximum(line @ normal, 0.0)
    return float(np.sum(light * np.sin(a)) * edge * 2.0 / n**2)


def test_orbit_means_by_quadrature():
    # beta = 66 deg at 550 km, all anomalies by symmetry: 12 points, exact to 1e-4 as the integrand is smooth
    k, beta = EARTH / (EARTH + 550e3), np.radians(66.0)
    cosines = np.cos(beta) * np.cos((np.arange(12) + 0.5) * np.pi / 12)
    found = plate_view.revolution_view(k, 1.0, plate_view.moments(np.array([np.sin(beta)])))
    for name, facing in (("front_albedo", 1.0), ("back_albedo", -1.0)):
        mean = np.mean([lit_cap(k, c, facing * np.array([np.sqrt(1 - c * c), 0.0, c])) for c in cosines])
        assert float(getattr(found, name)) == pytest.approx(mean, abs=9e-4)  # documented fit 6e-4, this sum 1e-4
    mean = np.mean([lit_cap(k, c, np.array([0.0, 1.0, 0.0])) for c in cosines])
    assert float(found.edge_albedo) == pytest.approx(mean, abs=1e-3)  # documented 9e-4
    infrared = np.mean(cap_view(np.full(12, k), cosines))
    assert float(found.sun_facing_infrared) == pytest.approx(infrared, abs=1e-4)


def test_means_over_a_year_are_means_of_revolutions(rng: np.random.Generator):
    sine = rng.uniform(0.0, 1.0, (1, 40))
    k = EARTH / (EARTH + 700e3)
    whole = plate_view.revolution_view(k, 1.0, plate_view.moments(sine[0]))
    each = plate_view.revolution_view(np.full(40, k), 1.0, plate_view.moments(sine.T))
    for name in ("front_albedo", "back_albedo", "edge_albedo", "sun_facing_infrared"):
        assert float(getattr(whole, name)) == pytest.approx(float(jnp.mean(getattr(each, name))), rel=1e-9)
    # more light from below when the Sun is nearer to the plane; the back sees most of it
    low, high = (plate_view.revolution_view(k, 1.0, plate_view.moments(np.array([z]))) for z in (0.2, 0.9))
    assert float(low.edge_albedo) > 2.0 * float(high.edge_albedo)
    assert float(low.back_albedo) > 5.0 * float(low.front_albedo)


def test_bad_input_is_nan():
    assert np.isnan(plate_view.view_factor(EARTH, 0.9 * EARTH, 0.3))
    assert np.isnan(plate_view.view_factor(EARTH, 1.1 * EARTH, np.nan))
    assert np.isnan(plate_view.edge_on_view_factor(EARTH, 0.9 * EARTH))
    assert np.isnan(plate_view.revolution_view(1.1, 1.0, plate_view.moments(np.array([0.5]))).edge_albedo)
