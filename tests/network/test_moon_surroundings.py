"""Light at EML1 and on a loop by the Moon over 18.6 years, against rays traced with jplephem in plain numpy."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jplephem.spk import SPK

from astro_logistics import units
from astro_logistics.api.scenarios import ephemeris, read
from astro_logistics.astro.bodies import Bodies
from astro_logistics.constants import DAY, JULIAN_YEAR
from astro_logistics.network import moon_surroundings
from astro_logistics.scenario import data_folder

EARTH, MOON, SUN = 6378.137, 1737.4, 695_700.0  # km
GM = 398_600.4355, 4_902.800  # km3/s2, DE440
FIRST = "2030-01-01"
EVERY = 4
"""Of the samples 15 min apart: each hour."""


@pytest.fixture(scope="module")
def bodies() -> Bodies:
    return jax.tree.map(lambda x: jnp.asarray(x, jnp.float64), read()[0].bodies)


def lit(to_sun: np.ndarray, to_body: np.ndarray, radius: float) -> np.ndarray:
    """Part of the Sun's disc in view past a ball: rays from 400 points of the disc, where any can meet it."""
    d, s = np.linalg.norm(to_body, axis=-1), np.linalg.norm(to_sun, axis=-1)
    ahead = np.sum(to_body * to_sun, axis=-1) / (d * s)
    near = (np.arccos(ahead) < np.arcsin(radius / d) + np.arcsin(SUN / s)) & (d < s)
    found = np.ones(len(d))
    rings, turn = np.sqrt((np.arange(400) + 0.5) / 400) * SUN, np.arange(400) * np.pi * (3.0 - np.sqrt(5.0))
    for i in np.flatnonzero(near):
        axis = to_sun[i] / s[i]
        across = np.cross(axis, [0.0, 0.0, 1.0])
        across /= np.linalg.norm(across)
        up = np.cross(axis, across)
        rays = to_sun[i] + (np.outer(rings * np.cos(turn), across) + np.outer(rings * np.sin(turn), up))
        rays /= np.linalg.norm(rays, axis=-1)[:, None]
        along = rays @ to_body[i]
        found[i] = np.mean(~((along > 0.0) & (d[i] ** 2 - along**2 < radius**2)))
    return found


def traced(places: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Light at places of the frame turning with the Moon, from the kernel's own segments."""
    (file,) = (data_folder() / "ephemeris").glob("*.bsp")
    kernel = SPK.open(str(file))
    day = 2_451_545.0 + t / DAY
    moon, speed = kernel[3, 301].compute_and_differentiate(day)
    earth = kernel[3, 399].compute(day)
    sun = (kernel[0, 10].compute(day) - kernel[0, 3].compute(day) - earth).T
    moon, speed = (moon - earth).T, (speed - kernel[3, 399].compute_and_differentiate(day)[1]).T
    kernel.close()
    distance = np.linalg.norm(moon, axis=-1)[:, None]
    x, z = moon / distance, np.cross(moon, speed)
    z /= np.linalg.norm(z, axis=-1)[:, None]
    y = np.cross(z, x)
    from_earth = places + np.array([GM[1] / sum(GM), 0.0, 0.0])
    r = distance * (from_earth[:, :1] * x + from_earth[:, 1:2] * y + from_earth[:, 2:] * z)
    return lit(sun - r, -r, EARTH) * lit(sun - r, moon - r, MOON)


def loop() -> tuple[np.ndarray, float]:
    """A polar loop below the Moon, of the size and time of the near-rectilinear orbit, whose own path takes long."""
    angle = np.arange(630) / 630 * 2.0 * np.pi
    m = GM[1] / sum(GM)
    places = np.stack([np.full(630, 1.0 - m), 0.05 * np.sin(angle), -0.085 + 0.095 * np.cos(angle)], axis=-1)
    return places, 630 * moon_surroundings.STEP


def test_place_of_eml1(bodies):
    # the quintic of collinear equilibrium (Vallado 2013, sec. 12.6), nearer than the Moon
    m = GM[1] / sum(GM)
    roots = np.roots([1.0, -(3.0 - m), 3.0 - 2.0 * m, -m, 2.0 * m, -m])
    (gap,) = roots[(np.abs(roots.imag) < 1e-9) & (roots.real > 0.0)].real
    assert moon_surroundings.path(bodies, "eml1")[0][0] == pytest.approx([1.0 - m - gap, 0.0, 0.0], abs=1e-7)


@pytest.mark.parametrize("name", ["eml1", "loop"])
def test_light_against_traced_rays(name: str, bodies):
    compare(bodies, *(loop() if name == "loop" else moon_surroundings.path(bodies, name)))


def compare(bodies: Bodies, places: np.ndarray, period: float) -> None:
    """Light lost, and the longest piece of it, on a path."""
    start = float(units.to_tdb_seconds(FIRST))
    found = moon_surroundings.near_moon(ephemeris(), bodies, places, period, start)
    n = len(places)
    step = period / n if n > 1 else moon_surroundings.STEP
    k = np.arange(0, int(moon_surroundings.YEARS * JULIAN_YEAR / step), EVERY)
    light = traced(places[k % n], start + k * step)
    lost, told = 1.0 - light.mean(), 1.0 - float(found.sunlit_fraction)
    eclipse = float(found.longest_eclipse) / 60.0
    print(f"lost {100 * told:.4f} %, by rays {100 * lost:.4f} %, longest {eclipse:.0f} min")
    # eclipses of an hour to seven, some hundreds of them, each met to a fraction of the hour between samples
    assert 1e-3 < lost < 1e-2
    assert told == pytest.approx(lost, abs=1.5e-4)
    # the longest piece as the coarser samples have it: to a sample at each end
    dark = np.concatenate([[0.0], np.where(light < 1.0 - 1e-6, 1.0 - light, 0.0), [0.0]])
    edges = np.flatnonzero(np.diff((dark > 0.0).astype(int)))
    longest = max(dark[a + 1 : b + 1].sum() for a, b in edges.reshape(-1, 2)) * step * EVERY
    assert float(found.longest_eclipse) == pytest.approx(longest, abs=step * EVERY)
