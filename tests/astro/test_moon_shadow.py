"""Shadow near the Moon: a known lunar and solar eclipse, geometry, the libration points through a year."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from astropy.time import Time

from astro_logistics.astro import cr3bp, ephemeris
from astro_logistics.astro.bodies import Bodies, Earth, Mars, Moon, Sun
from astro_logistics.astro.moon_shadow import moon_shadow

EARTH = (398600.4355e9, 6378.1366e3, 1.08263e-3, 7.292115e-5, 0.409, 3.1557e7, 0.294, 240.2, 0.0167, 4.95)
BODIES = Bodies(
    sun=Sun(jnp.asarray(1.32712e20), jnp.asarray(1.2e-20)),
    earth=Earth(*(jnp.asarray(x) for x in EARTH)),
    moon=Moon(*(jnp.asarray(x) for x in (4902.8e9, 1737.4e3, 384400e3))),
    mars=Mars(jnp.asarray(2.28e11)),
)
TIMES = 17_000
RATIO = 4902.8 / (4902.8 + 398600.4355)


def seconds(date: str) -> float:
    """Of a date in UTC: 69 s behind, to the second or so."""
    return float((Time(date, scale="tdb") - Time("2000-01-01T12:00:00", scale="tdb")).sec) + 69.0


@pytest.fixture(scope="module")
def shadow():
    kernel = ephemeris.load()
    return jax.jit(lambda place, t: moon_shadow(kernel, BODIES, place, t))


def test_total_lunar_eclipse_of_2029(shadow):
    # 2029-06-26: NASA's catalogue: umbral phase 219.6 min, totality 101.9 min about 03:22 UTC, at the Moon's center
    # penumbra apart; the umbra here is without the air's 2 %
    t = seconds("2029-06-26T03:22:00") + np.linspace(-4 * 3600.0, 4 * 3600.0, TIMES)
    # just above the middle of the far side nothing is seen of the Earth; 1e-4 of the distance before the near side
    near = shadow(np.array([1.0 - RATIO - 0.0046, 0.0, 0.0]), t)
    deep = np.asarray(near.by_earth) > 0.999
    assert (
        90.0 < 480.0 * deep.mean() < 180.0
    )  # minutes in the umbra at that point: between totality and the whole umbral phase
    assert np.asarray(near.by_earth)[0] == 0.0
    middle = t[deep].mean()
    assert middle == pytest.approx(seconds("2029-06-26T03:22:00"), abs=600.0)


def test_libration_points_through_a_year(shadow):
    t = seconds("2029-01-01T00:00:00") + np.linspace(0.0, 365.25 * 86400.0, TIMES)
    points = np.asarray(cr3bp.lagrange_points(RATIO))
    for k in (0, 1):
        found = shadow(points[k], t)
        lit = np.asarray(found.sunlit)
        assert 0.995 < lit.mean() < 1.0
        # the Earth's shadow comes with the Moon's: only within a day of a full moon at its node
        assert ((lit >= 0.0) & (lit <= 1.0)).all()
        assert np.asarray(found.by_earth).max() > 0.9
        # at new moon the Moon, larger on the sky than the Sun, passes before it
        assert np.asarray(found.by_moon).max() > 0.5
    assert np.isnan(shadow(np.full(3, np.nan), t).sunlit).all()
