"""A calendar of shadow against SGP4 and ERFA at twelve orbits; the discs; seasons."""

from __future__ import annotations

import json
from pathlib import Path

import erfa
import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.astro import ephemeris, orbits, shadow, shadow_season, sunlight
from astro_logistics.astro.bodies import Earth
from astro_logistics.constants import ASTRONOMICAL_UNIT, DAY, J2000_JULIAN_DATE, SOLAR_RADIUS

REFERENCE = json.loads((Path(__file__).parents[2] / "data" / "reference" / "sunlight.json").read_text())
ROWS = REFERENCE["orbits"]
START = (2462502.5 - J2000_JULIAN_DATE) * DAY  # 2030-01-01
EARTH = Earth(
    *(
        jnp.asarray(x)
        for x in (
            *(398600.4355e9, 6378.1366e3, 1.08263e-3, 7.292115e-5, np.radians(23.4392794), 365.2421946 * DAY),
            *(0.294, 240.2, 0.0166955, np.radians(283.454)),
        )
    )
)


def column(name: str) -> np.ndarray:
    return np.array([row[name] for row in ROWS], float)


def orbit() -> tuple[np.ndarray, np.ndarray]:
    """Radius and inclination; a sun-synchronous one is that of our own nodal drift."""
    r = np.asarray(EARTH.radius) + 1e3 * column("altitude_km")
    own = orbits.sun_synchronous_inclination(EARTH.mu, EARTH.radius, EARTH.j2, r, EARTH.year)
    return r, np.where(np.isfinite(column("local_time_h")), own, column("inclination_rad"))


def sun(elapsed: np.ndarray) -> jax.Array:
    return shadow_season.of_date(ephemeris.load().state("sun", START + elapsed, "earth")[0], START + elapsed)


@pytest.fixture(scope="module")
def year():
    elapsed = np.arange(0.0, REFERENCE["days"] * DAY, DAY / 4)
    return jax.jit(shadow_season.calendar)(EARTH, *orbit(), column("raan_rad"), elapsed, sun(elapsed))


def test_sunlit_fraction_at_twelve_orbits(year):
    # sampling every 40 s, oblateness of second order, the equator of J2000 for that of date
    assert len(ROWS) == 12
    np.testing.assert_allclose(np.mean(year.sunlit_fraction, axis=1), column("sunlit_fraction"), rtol=0, atol=1e-3)
    # half covered to half covered, in steps of 40 s
    np.testing.assert_allclose(np.max(year.eclipse_duration, axis=1), column("longest_eclipse_s"), rtol=0, atol=60.0)


def test_figures_of_the_data_center_at_seven_of_them():
    # the panels that the data center takes, no ephemeris: the mean year of its local time
    k = np.flatnonzero(np.isfinite(column("local_time_h")))
    assert len(k) == 7
    r, i = (x[k] for x in orbit())
    # SGP4's own inclination for it differs by the second order of J2
    np.testing.assert_allclose(i, column("inclination_rad")[k], atol=5e-4)
    node = (column("local_time_h")[k] - 12.0) * np.pi / 12.0
    found, _ = sunlight.sun_synchronous(EARTH, r, i, node)
    np.testing.assert_allclose(found.sunlit_fraction, column("sunlit_fraction")[k], rtol=0, atol=1e-3)
    np.testing.assert_allclose(found.longest_eclipse, column("longest_eclipse_s")[k], rtol=0, atol=60.0)


def test_cylinder_and_cone(year):
    elapsed = np.arange(0.0, 365.0 * DAY, DAY)
    r = np.asarray(EARTH.radius) + np.array([550e3, 35786e3])
    arguments = (EARTH, r, np.array([0.9, 0.0]), np.zeros(2), elapsed, sun(elapsed))
    found, cone = (shadow_season.calendar(*arguments, cylindrical=flat) for flat in (True, False))
    np.testing.assert_allclose(found.beta, cone.beta, atol=1e-15)
    np.testing.assert_allclose(found.sunlit_fraction.mean(axis=1), cone.sunlit_fraction.mean(axis=1), atol=1e-3)


def test_season_of_dawn_dusk(year):
    # 550 km, 06:00: one season about the December solstice, some 98 days (the year starts within it)
    found = shadow_season.seasons(np.arange(year.beta.shape[1]) / 4, np.asarray(year.eclipse_duration[0]) > 1.0)
    assert len(found) == 2
    assert sum(b - a for a, b in found) == pytest.approx(98, abs=4)
    assert shadow_season.seasons(np.arange(4), np.array([False, True, True, False])) == [(1.0, 2.0)]
    assert shadow_season.seasons(np.arange(3), np.zeros(3, bool)) == []


def test_precession():
    # against ERFA's IAU 2006 precession, and its bias of 1e-7
    t = np.array([0.0, 20.0, 35.0, 60.0]) * 365.25 * DAY
    v = np.array([0.3, -0.8, 0.52])
    theirs = np.einsum("nij,j->ni", erfa.pmat06(J2000_JULIAN_DATE, t / DAY), v)
    np.testing.assert_allclose(shadow_season.of_date(np.broadcast_to(v, (4, 3)), t), theirs, atol=1e-5)


def test_local_time():
    # 18:00 is six hours east of the mean Sun; on 2030-03-20 the mean Sun is near the equinox
    march = START + 78.6 * DAY
    assert float(shadow_season.mean_sun(march)) % (2 * np.pi) == pytest.approx(2 * np.pi, abs=0.04)
    assert float(shadow_season.raan_of_local_time(18.0, 1.0)) == pytest.approx(1.0 + np.pi / 2)


def test_discs(rng: np.random.Generator):
    # by counting points of the Sun's disc on the sky
    n = 400
    away = ASTRONOMICAL_UNIT
    a, b = np.arcsin(SOLAR_RADIUS / away), rng.uniform(0.3, 3.0, n) * SOLAR_RADIUS / away
    c = rng.uniform(0.0, 1.2, n) * (a + b)
    distance = 4e8
    to_body = distance * np.stack([np.cos(c), np.sin(c), 0 * c], axis=-1)
    to_sun = np.broadcast_to([away, 0.0, 0.0], (n, 3))
    found = np.asarray(shadow.covered_fraction(to_sun, to_body, distance * np.sin(b)))
    x, y = (v.ravel() for v in np.meshgrid(np.linspace(-a, a, 301), np.linspace(-a, a, 301)))
    disc = np.hypot(x, y) < a
    counted = [(np.hypot(x - ck, y) < bk)[disc].mean() for ck, bk in zip(c, b, strict=True)]
    np.testing.assert_allclose(found, counted, atol=6e-3)  # 70,000 points, plane discs
    assert ((found >= 0.0) & (found <= 1.0)).all()
    full = shadow.covered_fraction(np.array([away, 0, 0]), np.array([4e8, 0.0, 0.0]), 6.4e6)
    annular = shadow.covered_fraction(np.array([away, 0, 0]), np.array([4e8, 0.0, 0.0]), 0.9 * 4e8 * np.sin(a))
    assert float(full) == 1.0
    assert float(annular) == pytest.approx(0.81, rel=1e-4)
    assert np.isnan(shadow.covered_fraction(np.array([away, 0, 0]), np.array([1e6, 0.0, 0.0]), 6.4e6))
    slope = jax.grad(lambda v: shadow.covered_fraction(jnp.asarray([away, 0.0, 0.0]), v, 1.8e6))
    for angle in (0.0, 0.006, 0.5):
        assert np.isfinite(slope(4e8 * jnp.array([np.cos(angle), np.sin(angle), 0.0]))).all()
    assert float(orbits.period(398600.4355e9, 42164e3)) == pytest.approx(86164.0, abs=10.0)
