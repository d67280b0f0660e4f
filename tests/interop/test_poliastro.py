"""The bridge to poliastro with stand-ins: attributes, units, frames, messages. No other package is needed."""

from __future__ import annotations

import sys
from enum import Enum
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pytest
from astropy import units as u
from astropy.time import Time

from astro_logistics.interop.poliastro import PoliastroError, from_poliastro, to_poliastro
from astro_logistics.units import to_tdb_seconds


class Planes(Enum):
    EARTH_EQUATOR = "equator"
    EARTH_ECLIPTIC = "ecliptic"
    BODY_FIXED = "fixed"


class Body(NamedTuple):
    k: Any
    name: str


class Orbit(NamedTuple):
    attractor: Any
    r: Any
    v: Any
    epoch: Any
    plane: Any = Planes.EARTH_EQUATOR

    @classmethod
    def from_vectors(cls, attractor: Any, r: Any, v: Any, epoch: Any) -> Orbit:
        return cls(attractor, r, v, epoch)


EARTH = Body(398600.4418 * u.km**3 / u.s**2, "Earth")
SUN = Body(132712442099.0 * u.km**3 / u.s**2, "Sun")
EPOCH = Time("2028-12-02 06:30", scale="utc")
R, V = [7000.0, -12.0, 3.0] * u.km, [0.1, 7.5, 1.0] * u.km / u.s


@pytest.fixture
def hapsira(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package of that name with the two modules the bridge imports."""
    package, bodies, twobody = (ModuleType(n) for n in ("hapsira", "hapsira.bodies", "hapsira.twobody"))
    bodies.__dict__.update(Earth=EARTH, Sun=SUN)
    twobody.__dict__.update(Orbit=Orbit)
    package.__dict__.update(bodies=bodies, twobody=twobody)
    for module in (package, bodies, twobody):
        monkeypatch.setitem(sys.modules, module.__name__, module)


def test_units_and_time():
    mu, r, v, epoch, attractor = from_poliastro(Orbit(EARTH, R, V, EPOCH))
    assert mu == pytest.approx(3.986004418e14, rel=1e-15)
    np.testing.assert_allclose(r, [7e6, -12e3, 3e3], rtol=1e-15)
    np.testing.assert_allclose(v, [100.0, 7500.0, 1000.0], rtol=1e-15)
    assert epoch == to_tdb_seconds(EPOCH)
    assert attractor == "Earth"


def test_arrays_of_orbits():
    r, v = np.ones((4, 2, 3)) * u.km, np.ones((4, 2, 3)) * u.km / u.s
    state = from_poliastro(Orbit(EARTH, r, v, Time(np.full((4, 2), 62000.0), format="mjd", scale="tdb")))
    assert state.r.shape == state.v.shape == (4, 2, 3)
    assert state.epoch.shape == (4, 2)


@pytest.mark.parametrize("body", [SUN, EARTH])
def test_the_ecliptic_plane_is_rotated_to_icrf(body: Body):
    # the ecliptic pole lies at right ascension 270 degrees, declination 90 - 23.4393 degrees (IAU: 84381.4 arcsec)
    pole = from_poliastro(Orbit(body, [0, 0, 1] * u.m, [1, 0, 0] * u.m / u.s, EPOCH, Planes.EARTH_ECLIPTIC))
    np.testing.assert_allclose(pole.r, [0.0, -0.397777, 0.917482], rtol=0, atol=1e-6)  # printed digits
    np.testing.assert_allclose(pole.v, [1.0, 0.0, 0.0], rtol=0, atol=2e-7)  # frame bias of 0.02 arcsec
    turned = from_poliastro(Orbit(body, R, V, EPOCH, Planes.EARTH_ECLIPTIC))
    level = from_poliastro(Orbit(body, R, V, EPOCH))
    assert np.linalg.norm(turned.r) == pytest.approx(np.linalg.norm(level.r), rel=1e-14)
    assert turned.r @ turned.v == pytest.approx(level.r @ level.v, rel=1e-12)


@pytest.mark.usefixtures("hapsira")
def test_round_trip(rng: np.random.Generator):
    for _ in range(50):
        r, v = rng.normal(size=(2, 3)) * [[1e11], [3e4]]
        orbit = to_poliastro((r, v), 9.1e8, "sun", mu=1.3e20)
        back = from_poliastro(orbit)
        np.testing.assert_allclose(back.r, r, rtol=1e-15)
        np.testing.assert_allclose(back.v, v, rtol=1e-15)
        assert back.mu == pytest.approx(1.3e20, rel=1e-15)
        assert back.epoch == pytest.approx(9.1e8, abs=2e-7)  # the spacing of float64
        assert back.attractor == "Sun"
    assert to_poliastro((r, v), EPOCH, EARTH).attractor is EARTH
    assert to_poliastro((r, v), EPOCH, EARTH).epoch is EPOCH
    with pytest.raises(PoliastroError, match="no body 'vulcan'"):
        to_poliastro((r, v), 0.0, "vulcan")


def test_named_errors(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(PoliastroError, match=r"SimpleNamespace is no orbit .* no 'attractor'"):
        from_poliastro(SimpleNamespace(r=R))
    with pytest.raises(PoliastroError, match="Quantities"):
        from_poliastro(Orbit(EARTH, R.value, V, EPOCH))
    with pytest.raises(PoliastroError, match="m and m/s"):
        from_poliastro(Orbit(EARTH, V, R, EPOCH))
    with pytest.raises(PoliastroError, match="plane BODY_FIXED"):
        from_poliastro(Orbit(EARTH, R, V, EPOCH, Planes.BODY_FIXED))
    with pytest.raises(PoliastroError, match="around Mars in plane EARTH_ECLIPTIC"):
        from_poliastro(Orbit(Body(EARTH.k, "Mars"), R, V, EPOCH, Planes.EARTH_ECLIPTIC))
    with pytest.raises(PoliastroError, match="two finite vectors"):
        to_poliastro((np.ones(3), np.array([1.0, np.nan, 0.0])), 0.0)
    with pytest.raises(PoliastroError, match=r"\(2, 3\)"):
        to_poliastro((np.ones((2, 3)), np.ones((2, 3))), 0.0)
    with pytest.raises(PoliastroError, match="'hapsira' or 'poliastro'"):
        to_poliastro((np.ones(3), np.ones(3)), 0.0, package="orekit")  # type: ignore[arg-type]
    for name in ("hapsira", "poliastro"):
        monkeypatch.setitem(sys.modules, name, None)  # as if it were not installed
        with pytest.raises(ImportError, match=r'pip install "astro-logistics\[poliastro\]"'):
            to_poliastro((np.ones(3), np.ones(3)), 0.0, package=name)  # type: ignore[arg-type]
