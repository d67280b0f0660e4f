"""A year of sunlight: published and stepped years, an independent propagation at twelve orbits, smoothness."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.astro import beta_angle, eclipse, orbits, sunlight
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


def inclination(r):
    return orbits.sun_synchronous_inclination(EARTH.mu, EARTH.radius, EARTH.j2, r, EARTH.year)


@pytest.fixture(scope="module")
def year():
    """`sun_synchronous` compiled once, for 12 orbits at a time."""
    return jax.jit(lambda r, node: sunlight.sun_synchronous(EARTH, r, inclination(r), node)[0])


def stepped(r, node, n=4000):
    """The same year in 4,000 steps: beta from vectors, shadow of one revolution each."""
    m = (np.arange(n) + 0.5) / n * 2 * np.pi
    perihelion = float(EARTH.perihelion_longitude)
    sun = beta_angle.sun_longitude(m, EARTH.eccentricity, EARTH.perihelion_longitude)
    longitude = np.arctan2(sun.sine, sun.cosine)
    normal = beta_angle.orbit_normal(np.full(n, float(inclination(r))), m + perihelion + node)
    beta = np.asarray(beta_angle.beta_angle(normal, beta_angle.sun_direction(longitude, OBLIQUITY)))
    return beta, np.asarray(eclipse.eclipse_fraction(beta, EARTH.radius, r))


def test_dawn_dusk_550_km_reference():
    # LTAN 06/18, circular 550 km, cylindrical shadow, uniform Sun, a full year: 0.9509 sunlit, 21.7 min, 98 days
    still = Earth(*(getattr(EARTH, n) for n in list(EARTH.__dataclass_fields__)[:8]), jnp.zeros(()), jnp.zeros(()))
    r = EARTH.radius + 550e3
    for node in (-np.pi / 2, np.pi / 2):
        found, _ = sunlight.sun_synchronous(still, r, inclination(r), node)
        assert float(found.sunlit_fraction) == pytest.approx(0.9509, abs=3e-4)  # panels 2e-4, penumbra and digits 1e-4
        assert float(found.longest_eclipse) / 60 == pytest.approx(21.7, abs=0.06)  # printed digits, 0.8 s
        assert float(found.eclipse_season) * 365.25 == pytest.approx(98, abs=3)  # whole days, panels 0.005


def test_year_against_stepping(year):
    r = np.asarray(EARTH.radius) + np.array([250, 400, 550, 650, 800, 1000, 1200, 1380, 500, 600, 700, 900]) * 1e3
    node = np.radians(15.0 * (np.array([6, 18, 6, 18, 6, 18, 6, 18, 8.0, 10.5, 13.5, 19.0]) - 12.0))
    found = year(r, node)
    for k in range(12):
        beta, lost = stepped(r[k], node[k])
        assert float(found.sunlit_fraction[k]) == pytest.approx(1 - lost.mean(), abs=2.5e-4)  # documented
        season = np.mean(np.abs(beta) < np.arcsin(float(EARTH.radius) / r[k]))
        assert float(found.eclipse_season[k]) == pytest.approx(season, abs=7e-3)  # documented
        longest = lost.max() * float(orbits.period(EARTH.mu, r[k]))
        assert float(found.longest_eclipse[k]) == pytest.approx(longest, abs=1.0)  # documented 0.8 s


@pytest.mark.parametrize(("i", "error"), [(0.5, 2e-4), (0.9, 3e-4), (1.7, 6e-4)])
def test_precessing_orbit_against_random_planes(i: float, error: float, rng: np.random.Generator):
    # an independent mean: 400,000 random nodes and seasons through the vectors; its own error is 1e-4 at most
    n = 400_000
    normal = beta_angle.orbit_normal(np.full(n, i), rng.uniform(0, 2 * np.pi, n))
    beta = beta_angle.beta_angle(normal, beta_angle.sun_direction(rng.uniform(0, 2 * np.pi, n), OBLIQUITY))
    r = EARTH.radius + 550e3
    sunlit = 1.0 - float(np.mean(eclipse.eclipse_fraction(beta, EARTH.radius, r)))
    found = float(sunlight.precessing_sunlit_fraction(EARTH.radius, r, i, OBLIQUITY))
    assert found == pytest.approx(sunlit, abs=error)


def test_geostationary_orbit():
    # two seasons of some 45 days about the equinoxes, 70 minutes at most (Wertz & Larson 1999, sec. 5.1; 69.4 min of
    # umbra, 71.5 with half the penumbra on each side)
    found, _ = sunlight.precessing(EARTH, jnp.asarray(42164e3), jnp.asarray(0.0))
    assert float(found.longest_eclipse) / 60 == pytest.approx(70.0, abs=1.0)
    assert float(found.eclipse_season) * 365.25 == pytest.approx(88.0, abs=3.0)
    assert 0.988 < float(found.sunlit_fraction) < 0.993


def test_no_flat_spots_and_no_kinks():
    # slopes with height and local time by the chain rule against central differences of the function, everywhere
    h, lt = (v.ravel() for v in np.meshgrid(np.linspace(300e3, 1300e3, 12), np.linspace(5.0, 11.0, 13)))
    r, node = np.asarray(EARTH.radius) + h, np.radians(15.0 * (lt - 12.0))

    def f(x):
        found, _ = sunlight.sun_synchronous(EARTH, x[0], inclination(x[0]), x[1])
        return jnp.stack([found.sunlit_fraction, found.longest_eclipse])

    slopes = np.asarray(jax.jit(jax.vmap(jax.jacfwd(f)))(np.stack([r, node], axis=-1)))
    value = jax.jit(jax.vmap(f))
    for k, step in enumerate((50.0, 1e-5)):
        move = step * np.eye(2)[k]
        x = np.stack([r, node], axis=-1)
        central = (np.asarray(value(x + move)) - np.asarray(value(x - move))) / (2 * step)
        scale = np.abs(slopes[:, :, k]).max(axis=0)
        # step^2 times the third derivative at the onset of eclipses; the panel with the least beta changes
        off = np.abs(central - slopes[:, :, k]) / scale
        assert np.quantile(off, 0.97) < 1e-6
        assert off.max() < 2e-2
    eclipsed = np.asarray(value(np.stack([r, node], axis=-1)))[:, 0] < 1.0
    assert eclipsed.mean() > 0.7
    assert (slopes[eclipsed][:, 0, :] != 0.0).all()
    # higher up there is more light, everywhere
    assert (slopes[eclipsed][:, 0, 0] > 0.0).mean() > 0.95


def test_bad_input_is_nan(year):
    bad = year(np.full(12, 0.9 * float(EARTH.radius)), np.full(12, -1.5))
    assert np.isnan(bad.sunlit_fraction).all()
    assert np.isnan(bad.longest_eclipse).all()
    bad = year(np.full(12, 7000e3), np.full(12, np.nan))
    assert np.isnan(bad.sunlit_fraction).all()
    assert np.isnan(bad.longest_eclipse).all()
    assert np.isnan(sunlight.precessing_sunlit_fraction(EARTH.radius, 7000e3, np.nan, OBLIQUITY))
