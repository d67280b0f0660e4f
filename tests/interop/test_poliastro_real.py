"""The bridge with real orbits of hapsira; collected only where it is installed (see conftest.py)."""

from __future__ import annotations

import numpy as np
import pytest
from astropy import units as u
from astropy.coordinates import GCRS, HCRS, CartesianDifferential, CartesianRepresentation
from astropy.time import Time
from hapsira.bodies import Earth, Mars, Sun
from hapsira.frames import Planes
from hapsira.twobody import Orbit

from astro_logistics.astro.kepler import propagate
from astro_logistics.interop.poliastro import from_poliastro, to_poliastro
from astro_logistics.units import to_tdb_seconds

EPOCH = Time("2028-12-02 06:30", scale="tdb")


def test_classical_orbit():
    orbit = Orbit.from_classical(
        Earth, 26600 * u.km, 0.74 * u.one, 63.4 * u.deg, 10 * u.deg, 270 * u.deg, 30 * u.deg, epoch=EPOCH
    )
    state = from_poliastro(orbit)
    np.testing.assert_allclose(state.r, orbit.r.to_value(u.m), rtol=1e-15)
    np.testing.assert_allclose(state.v, orbit.v.to_value(u.m / u.s), rtol=1e-15)
    assert state.mu == orbit.attractor.k.to_value(u.m**3 / u.s**2)
    assert state.epoch == to_tdb_seconds(EPOCH)
    assert state.attractor == "Earth"


def test_propagation_agrees(rng: np.random.Generator):
    for _ in range(20):
        a, ecc = rng.uniform(7e3, 1e5), rng.uniform(0, 0.9)
        angles = rng.uniform(0, 180, 4) * u.deg
        orbit = Orbit.from_classical(Earth, a * u.km, ecc * u.one, *angles, epoch=EPOCH)
        tof = rng.uniform(-2, 2) * orbit.period
        state = from_poliastro(orbit)
        r, v = propagate(state.mu, state.r, state.v, float(tof.to_value(u.s)))
        there = from_poliastro(orbit.propagate(tof))
        # hapsira goes over classical elements; its own solver stops at about 1e-9 rad
        np.testing.assert_allclose(r, there.r, rtol=0, atol=1e-7 * np.linalg.norm(there.r))
        np.testing.assert_allclose(v, there.v, rtol=0, atol=1e-7 * np.linalg.norm(there.v))
        assert there.epoch == pytest.approx(state.epoch + tof.to_value(u.s), abs=1e-5)


@pytest.mark.parametrize(("body", "level", "size"), [(Sun, HCRS, 1.5e8), (Earth, GCRS, 4e4)])
def test_ecliptic_orbit_against_its_own_frame(body, level, size: float):
    r, v = [size, 0.2 * size, -0.1 * size] * u.km, [0.3, 2.5, 1.0] * u.km / u.s
    orbit = Orbit.from_vectors(body, r, v, epoch=EPOCH, plane=Planes.EARTH_ECLIPTIC)
    state = from_poliastro(orbit)
    frame = orbit.get_frame()
    tip = frame.realize_frame(CartesianRepresentation(orbit.r, differentials=CartesianDifferential(orbit.v)))
    expected = tip.transform_to(level(obstime=EPOCH)).cartesian
    np.testing.assert_allclose(state.r, expected.xyz.to_value(u.m), rtol=0, atol=1e-12 * size * 1e3)
    speed = np.linalg.norm(expected.differentials["s"].d_xyz.to_value(u.m / u.s))
    found = expected.differentials["s"].d_xyz.to_value(u.m / u.s)
    np.testing.assert_allclose(state.v, found, rtol=0, atol=1e-9 * speed)


def test_round_trip(rng: np.random.Generator):
    for body in (Sun, Earth, Mars):
        r, v = rng.normal(size=(2, 3)) * [[2e8], [3e3]]
        orbit = to_poliastro((r, v), 9.1e8, body.name)
        assert isinstance(orbit, Orbit)
        assert orbit.plane is Planes.EARTH_EQUATOR
        assert orbit.attractor == body
        back = from_poliastro(orbit)
        np.testing.assert_allclose(back.r, r, rtol=1e-15)
        np.testing.assert_allclose(back.v, v, rtol=1e-15)
        assert back.epoch == pytest.approx(9.1e8, abs=2e-7)  # the spacing of float64
    given = to_poliastro((r, v), EPOCH, Mars, mu=4.3e13)
    assert from_poliastro(given).mu == pytest.approx(4.3e13, rel=1e-15)
    assert given.propagate(1 * u.h).attractor.name == "Mars"
