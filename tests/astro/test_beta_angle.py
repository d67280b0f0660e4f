"""The Sun against the orbit's plane: vectors, the Sun's true longitude, panels of a year, derivatives."""

from __future__ import annotations

import erfa
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.astro import beta_angle, orbits
from astro_logistics.astro.bodies import Earth

OBLIQUITY = np.radians(23.4393)
EARTH = Earth(
    *(
        jnp.asarray(x)
        for x in (
            *(398600.4418e9, 6378.137e3, 1.08262668e-3, 7.292115e-5, OBLIQUITY, 365.2422 * 86400.0, 0.294, 240.2),
            *(0.0167, np.radians(283.0)),
        )
    )
)


def test_geometry(rng: np.random.Generator):
    n = 5000
    i, raan, longitude = rng.uniform(0, np.pi, n), rng.uniform(-7, 7, n), rng.uniform(-7, 7, n)
    normal, sun = beta_angle.orbit_normal(i, raan), beta_angle.sun_direction(longitude, OBLIQUITY)
    beta = beta_angle.beta_angle(3.0 * normal, 1e11 * sun)
    np.testing.assert_allclose(np.sin(beta), np.sum(normal * sun, axis=-1), atol=1e-15)
    # normal from two vectors in the plane
    node = np.stack([np.cos(raan), np.sin(raan), 0 * raan], axis=-1)
    top = np.stack([-np.sin(raan) * np.cos(i), np.cos(raan) * np.cos(i), np.sin(i)], axis=-1)
    np.testing.assert_allclose(normal, np.cross(node, top), atol=1e-15)
    assert np.isnan(beta_angle.beta_angle(np.zeros(3), np.array([1.0, 0, 0])))


def test_sun_against_erfa():
    # 365 days of 2030: the Sun from ERFA's Earth, on mean equator and equinox of date, against the equation of center
    days = 2462502.5 + np.arange(365.0)
    e, perihelion = 0.0166955, np.radians(283.454)
    rotation = erfa.pmat06(days, 0.0)
    sun = -np.array([erfa.epv00(d, 0.0)[0]["p"] for d in days])
    sun = np.einsum("nij,nj->ni", rotation, sun)
    eps = erfa.obl06(days, 0.0)
    true = np.arctan2(sun[:, 1] * np.cos(eps) + sun[:, 2] * np.sin(eps), sun[:, 0])
    t = (days - 2451545.0) / 365250.0
    mean_longitude = np.radians(280.4664567 + 360007.6982779 * t)  # Meeus 1998, eq. 25.2
    found = beta_angle.sun_longitude(mean_longitude - perihelion, e, perihelion)
    off = np.arctan2(found.sine * np.cos(true) - found.cosine * np.sin(true), 1.0)
    # the Moon moves the Earth by 3e-5 rad, the planets by 5e-5, aberration is in neither; rounded elements
    assert np.abs(off).max() < 2e-4
    assert np.abs(np.asarray(found.sine) - np.sin(mean_longitude)).max() > 0.03  # a control: the mean Sun is far off


def test_analemma(rng: np.random.Generator):
    m, e, perihelion, step = rng.uniform(0, 7, 5000), 0.05, 4.9, 1e-4
    found = beta_angle.analemma(m, e, perihelion, OBLIQUITY)
    sun = beta_angle.sun_longitude(m, e, perihelion)
    np.testing.assert_allclose(np.hypot(sun.sine, sun.cosine), 1.0, atol=1e-12)
    # an orbit whose node keeps its angle to the mean Sun: the same scalar product in both axes
    i, node = rng.uniform(0, np.pi, m.size), rng.uniform(-7, 7, m.size)
    direction = beta_angle.sun_direction(np.arctan2(sun.sine, sun.cosine), OBLIQUITY)
    still, turning = beta_angle.orbit_normal(i, node), beta_angle.orbit_normal(i, node + perihelion + m)
    along = np.sum(np.asarray(turning) * np.asarray(direction), axis=-1)
    np.testing.assert_allclose(np.sum(np.asarray(still) * np.asarray(found[0]).T, axis=-1), along, atol=1e-12)
    above, below = (beta_angle.analemma(m + h, e, perihelion, OBLIQUITY) for h in (step, -step))
    for k in (0, 1):
        np.testing.assert_allclose(found[k + 1], (above[k] - below[k]) / (2 * step), atol=2e-8)  # step^2


def test_equation_of_time():
    # the right ascension of the analemma's Sun: 14.2 min behind the mean Sun in mid-February, 16.4 ahead on 3 November
    m = np.linspace(0.0, 2.0 * np.pi, 3651)
    x, y, _ = beta_angle.analemma(m, 0.0167, np.radians(283.0), OBLIQUITY)[0]
    minutes = -np.degrees(np.arctan2(y, x)) * 4.0
    day = 3.0 + m / (2.0 * np.pi) * 365.26  # of the year: perihelion on 3 January
    assert minutes.max() == pytest.approx(16.4, abs=0.1)
    assert minutes.min() == pytest.approx(-14.2, abs=0.1)
    assert day[np.argmax(minutes)] == pytest.approx(307, abs=1.5)
    assert day[np.argmin(minutes)] == pytest.approx(42, abs=1.5)


def test_least_sine_of_dawn_dusk():
    # uniform Sun: |beta| = pi - i - obliquity at the solstice
    r = EARTH.radius + np.array([300e3, 550e3, 800e3])
    i = orbits.sun_synchronous_inclination(EARTH.mu, EARTH.radius, EARTH.j2, r, EARTH.year)
    still = Earth(*(getattr(EARTH, n) for n in list(EARTH.__dataclass_fields__)[:8]), jnp.zeros(()), jnp.zeros(()))
    for node_angle in (np.pi / 2, -np.pi / 2):
        least = beta_angle.least_sine(beta_angle.sun_synchronous_season(still, i, node_angle))
        np.testing.assert_allclose(least, np.sin(np.pi - i - OBLIQUITY), atol=8e-5)  # documented
    # towards noon the plane meets the Sun
    assert float(beta_angle.least_sine(beta_angle.sun_synchronous_season(EARTH, i, 0.0))[0]) == 0.0


def test_precessing_season_is_every_plane(rng: np.random.Generator):
    # moments of sin(beta) against 400,000 random planes
    n = 400_000
    normal = beta_angle.orbit_normal(np.full(n, 0.9), rng.uniform(0, 2 * np.pi, n))
    z = np.asarray(np.sum(normal * beta_angle.sun_direction(rng.uniform(0, 2 * np.pi, n), OBLIQUITY), axis=-1))
    found = beta_angle.precessing_season(0.9, OBLIQUITY)
    for power in (2, 4, 6):
        assert float(jnp.mean(found.sine**power)) == pytest.approx(np.mean(z**power), rel=5e-3)


def test_gradients_jit_vmap():
    def f(i, node):
        season = beta_angle.sun_synchronous_season(EARTH, i, node)
        return beta_angle.least_sine(season), jnp.mean(season.sine**2)

    i, node, step = np.linspace(1.6, 1.8, 5), np.linspace(-2.0, -1.0, 5), 1e-5
    whole = jax.jit(jax.vmap(f))
    np.testing.assert_allclose(whole(i, node), np.array([f(a, b) for a, b in zip(i, node, strict=True)]).T, atol=1e-14)
    slope = jax.jit(jax.vmap(jax.jacrev(f, argnums=1)))(i, node)
    central = (np.array(whole(i, node + step)) - np.array(whole(i, node - step))) / (2 * step)
    np.testing.assert_allclose(slope, central, atol=1e-8)  # step^2, rounding over the step
