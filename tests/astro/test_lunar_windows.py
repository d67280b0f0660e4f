"""Lunar windows against flown dates, published cycles, brute force, Kepler, Lambert and integrated paths."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import erfa
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads
from scipy.integrate import solve_ivp
from scipy.interpolate import CubicHermiteSpline
from scipy.optimize import brentq

from astro_logistics.astro import ephemeris, kepler, orbits
from astro_logistics.astro._lunar_arc import perigee_arc
from astro_logistics.astro._lunar_crossings import crossings
from astro_logistics.astro._lunar_earth import precession, sidereal_angle
from astro_logistics.astro.lunar_departures import departure_burn_now
from astro_logistics.astro.lunar_sites import Site, landing_windows, launch_azimuth, launch_windows
from astro_logistics.astro.lunar_windows import (
    Masses,
    ParkingOrbit,
    entry,
    normal,
    orbit_windows,
    out_of_plane,
    transfer,
)
from astro_logistics.constants import ASTRONOMICAL_UNIT, DAY, J2000_JULIAN_DATE

PATH = Path(__file__).parents[2] / "data" / "ephemeris" / "de440_2025_2060.bsp"
MU, MU_MOON, MU_SUN = 398600.435507e9, 4902.800118e9, 1.32712440041e20  # m3/s2, DE440 (Park et al. 2021, table 2)
RADIUS, J2 = 6378.1366e3, 1.08263e-3
MASSES = Masses(jnp.asarray(MU, jnp.float64), jnp.asarray(MU_MOON, jnp.float64))
LEO, LUNAR = RADIUS + 185e3, 1837.4e3  # m
LATITUDE, LONGITUDE = np.deg2rad(28.447), np.deg2rad(-80.604)  # geocentric
KSC = Site(jnp.asarray(LATITUDE), jnp.asarray(LONGITUDE))


def seconds(date: str) -> float:
    return float((np.datetime64(date) - np.datetime64("2000-01-01T12:00:00")) / np.timedelta64(1, "s"))


def orbit(inclination: float, altitude: float, node: float = 1.0, drift: float = 1.0) -> ParkingOrbit:
    """A circular orbit at an inclination [deg] and altitude [m]; `drift` times what J2 does."""
    i, r = np.deg2rad(inclination), RADIUS + altitude
    rate = drift * float(orbits.nodal_precession(MU, RADIUS, J2, r, 0.0, i))
    return ParkingOrbit(*(jnp.asarray(x) for x in (r, i, node, seconds("2026-01-01"), rate)))


@pytest.fixture(scope="module")
def de440() -> ephemeris.Ephemeris:
    return ephemeris.load(PATH)


def moon_of_1969(start: float, days: int) -> ephemeris.Ephemeris:
    """Meeus's series for the Moon (ERFA's moon98, to 10 arcsec) as Chebyshev segments."""
    nodes = np.cos(np.pi * (np.arange(12) + 0.5) / 12)
    fits = []
    for k in range(days // 2):
        pv = erfa.moon98(J2000_JULIAN_DATE, start / DAY + 2 * k + 1 + nodes)
        fits.append(np.polynomial.chebyshev.chebfit(nodes, ASTRONOMICAL_UNIT * pv["p"], 11))
    coefficients = jnp.asarray(np.array(fits))
    segment = ephemeris.Segment(coefficients, 301, 399, start, 2 * DAY, start, start + days * DAY)  # pyright: ignore[reportCallIssue]
    return ephemeris.Ephemeris(segments=(segment,))  # pyright: ignore[reportCallIssue]


def test_apollo_11_leaves_when_it_left() -> None:
    """Launched 1969-07-16 13:32:00 UTC, injected 16:22:13, at the Moon on the 19th at 17:21:50 (NSSDCA 1969-059A).

    Its inclination, 32.52 degrees (Orloff, NASA SP-2000-4029, Earth orbit data), gives the first azimuth of its window.
    """
    start, utc = seconds("1969-07-10"), -39.2  # UTC - TT
    known = moon_of_1969(start, 20)
    azimuth = float(orbits.launch_azimuth(np.deg2rad(32.52), KSC.latitude))
    launch, injection, arrival = (seconds(f"1969-07-{x}") - utc for x in ("16T13:32:00", "16T16:22:13", "19T17:21:50"))
    found = launch_windows(
        known,
        KSC,
        seconds("1969-07-16"),
        seconds("1969-07-17"),
        azimuths=(azimuth, np.deg2rad(108.0)),
        time_of_flight=arrival - injection,
        parking_time=injection - launch,
        delta_t=39.8,  # in mid-1969; a second of it is a second of the window
    )
    assert found.opens.size == 2  # one injection over the Atlantic, one over the Pacific, which is the one flown
    # the Moon's pull moves the plane by half a degree or so: 2 minutes of the ground's turning each
    assert found.opens[1] == pytest.approx(launch, abs=300.0)
    np.testing.assert_allclose((found.closes - found.opens) / 3600.0, 4.5, atol=0.3)  # Apollo's four and a half hours


def test_declination_of_2025_and_2034(de440: ephemeris.Ephemeris) -> None:
    """INPOP19: -28 deg 43' 32.4" at 2025-03-22T06:39 TT; the least monthly extremes, of 2034, are near 18.134 deg."""
    _, declination = launch_azimuth(de440, KSC, seconds("2025-03-22T06:39:00"), 0.0)
    # nutation (10 arcsec) is left out here, in the published one it is not; light time is 1 arcsec
    assert np.rad2deg(float(declination)) == pytest.approx(-(28 + 43 / 60 + 32.427 / 3600), abs=12 / 3600)
    t = np.arange(seconds("2025-01-02"), seconds("2044-01-01"), DAY / 8)
    size = np.abs(np.rad2deg(np.asarray(launch_azimuth(de440, KSC, t, 0.0)[1])))
    month = (t // (27.3 * DAY)).astype(int)
    greatest = np.array([size[month == k].max() for k in np.unique(month)[1:-1]])
    assert greatest.max() == pytest.approx(28.725, abs=0.02)
    assert greatest.min() == pytest.approx(18.134, abs=0.03)
    assert 2033.5 < 2000 + t[np.searchsorted(month, np.unique(month)[1 + np.argmin(greatest)])] / (365.25 * DAY) < 2035


def test_space_station_freedom_every_nine_days(de440: ephemeris.Ephemeris) -> None:
    """AIAA/AAS 1990 (NTRS 19900065954): opportunities come every 9 days on average, very unevenly, from 28.5 deg."""
    found = orbit_windows(
        de440,
        orbit(28.5, 407e3),
        seconds("2026-01-01"),
        seconds("2046-01-01"),
        masses=MASSES,
        r_lunar=LUNAR,
        time_of_flight=4 * DAY,
    )
    gaps = np.diff(found.departure) / DAY
    assert gaps.mean() == pytest.approx(9.0, abs=0.2)  # the figure is given to a day
    assert gaps.min() < 6.0
    assert gaps.max() > 11.0
    assert np.all(found.converged)
    # Apollo: 3.05 to 3.2 km/s at the Earth, 0.9 at the Moon (Orloff 2000); higher here, so a little less
    assert np.all((found.burn_earth > 3050.0) & (found.burn_earth < 3200.0))
    assert np.all((found.burn_moon > 800.0) & (found.burn_moon < 950.0))
    assert np.all((found.c3 > -2.3e6) & (found.c3 < -1.4e6))
    assert found.distance.min() > 3.564e8
    assert found.distance.max() < 4.0672e8  # extremes of the Moon's distance (Meeus 1998, ch. 50)


def test_a_plane_at_rest_meets_the_moon_twice_a_month(de440: ephemeris.Ephemeris) -> None:
    kwargs: dict[str, Any] = {"masses": MASSES, "r_lunar": LUNAR, "time_of_flight": 4 * DAY}
    span = (seconds("2026-01-01"), seconds("2046-01-01"))
    found = orbit_windows(de440, orbit(70.0, 407e3, drift=0.0), *span, **kwargs)
    gaps = np.diff(found.departure) / DAY
    # the sidereal month; over 535 gaps the ends of the span leave 2 days / 535
    assert gaps.mean() == pytest.approx(27.321662 / 2, abs=0.005)
    back = orbit_windows(de440, orbit(70.0, 407e3, drift=0.0), *span, direction="return", **kwargs)
    # the same plane and Moon, the Moon's moment now at departure: each window four days later
    n = min(back.departure.size, found.departure.size) - 2
    shifted = found.departure[:, None] + 4 * DAY - back.departure[None, 1:n]
    assert np.abs(shifted).min(axis=0).max() < 60.0  # precession of the equator in four days: 4 s at a slow crossing
    np.testing.assert_allclose(back.burn_earth.mean(), found.burn_earth.mean(), rtol=1e-4)  # mirror images


def test_orientation_of_the_earth_agrees_with_erfa(rng: np.random.Generator) -> None:
    t = rng.uniform(seconds("2025-01-01"), seconds("2060-01-01"), 3000)
    days = t / DAY
    bias_free = erfa.pmat06(J2000_JULIAN_DATE, days)
    # erfa's matrix holds the frame bias (0.023 arcsec), which is left out here
    assert np.abs(np.asarray(precession(jnp.asarray(t))) - bias_free).max() < 0.03 * np.pi / 648000
    ut = days - 69.2 / DAY
    angle = np.asarray(sidereal_angle(jnp.asarray(t), jnp.asarray(69.2)))
    off = np.angle(np.exp(1j * (angle - erfa.gmst06(J2000_JULIAN_DATE, ut, J2000_JULIAN_DATE, days))))
    assert np.abs(off).max() < 1e-9  # rounding of t / DAY in turns


def test_perigee_arc_is_a_kepler_orbit(rng: np.random.Generator) -> None:
    """5,000 arcs from half a day to two weeks, propagated."""
    n = 5_000
    q, r = rng.uniform(6.4e6, 4.3e7, n), rng.uniform(3.5e8, 4.1e8, n)
    tof = 10 ** rng.uniform(np.log10(0.5), np.log10(14.0), n) * DAY
    arc = perigee_arc(jnp.asarray(MU), jnp.asarray(q), jnp.asarray(r), jnp.asarray(tof))
    assert np.all(arc.converged)
    zero = np.zeros(n)
    here = np.stack([q, zero, zero], axis=-1)
    end, v = kepler.propagate(MU, here, np.stack([zero, np.asarray(arc.v_perigee), zero], axis=-1), tof)
    angle = np.asarray(arc.true_anomaly)
    expected = r[:, None] * np.stack([np.cos(angle), np.sin(angle), zero], axis=-1)
    # energy of a near-parabola: a rounding of v_perigee moves the end by 1e-16 v tof d(r)/d(v): 1e-12 of r and more
    np.testing.assert_allclose(np.linalg.norm(np.asarray(end) - expected, axis=-1) / r, 0.0, atol=2e-10)
    toward = expected / r[:, None]
    np.testing.assert_allclose(np.sum(np.asarray(v) * toward, axis=-1), arc.v_radial, atol=1e-5)
    bad = perigee_arc(*map(jnp.asarray, (np.full(5, MU), [7e6, 7e6, 7e6, 7e6, np.nan], [6e6, 4e8, 4e8, 4e8, 4e8],
                                          [DAY, -1.0, 1e3, 1e6 * DAY, DAY])))  # fmt: skip
    assert not np.any(bad.converged)
    assert np.all(np.isnan(bad.v_perigee))


def _wave(t: jax.Array, inputs: jax.Array) -> jax.Array:
    return jnp.sin(t) + 0.2 * jnp.sin(7.3 * t) - inputs


def test_crossings_finds_pairs_between_grid_points() -> None:
    for level in (0.0, 0.5, 0.8, 1.0, 1.15):
        t = np.linspace(0.1, 60.0, 2_000_001)
        value = np.sin(t) + 0.2 * np.sin(7.3 * t) - level
        i = np.flatnonzero(np.sign(value[:-1]) != np.sign(value[1:]))
        expected = [brentq(lambda s, c=level: np.sin(s) + 0.2 * np.sin(7.3 * s) - c, t[k], t[k + 1]) for k in i]
        found = crossings(_wave, jnp.asarray(level), 0.1, 60.0, 0.25)
        np.testing.assert_allclose(found, np.array(expected), atol=1e-11)  # rounding over the slope
    assert crossings(_wave, jnp.asarray(2.0), 0.1, 60.0, 0.25).size == 0


def test_orbit_windows_against_a_fine_grid(de440: ephemeris.Ephemeris, rng: np.random.Generator) -> None:
    """Random orbits, and some nearly in the Moon's plane, whose crossings come in close pairs or not at all."""
    start, stop = seconds("2030-01-01"), seconds("2031-06-01")
    t = np.arange(start, stop, 900.0)
    cases = [orbit(float(i), 500e3, float(node)) for i, node in rng.uniform((0, 0), (110, 6.28), (12, 2))]
    # the Moon's plane of that year is inclined by 22 to 24 degrees with its node near the equinox
    cases += [orbit(float(i), 500e3, float(node), drift=0.0) for i, node in rng.uniform((20, -0.2), (26, 0.2), (12, 2))]
    for case in cases:
        found = orbit_windows(de440, case, start, stop, masses=MASSES, r_lunar=LUNAR, time_of_flight=3 * DAY)
        value = np.asarray(out_of_plane(de440, case, t, 3 * DAY))
        i = np.flatnonzero(np.sign(value[:-1]) != np.sign(value[1:]))
        assert found.departure.size == i.size
        assert np.all((found.departure > t[i] - 1e-6) & (found.departure < t[i + 1] + 1e-6))
        # 1 us of rounding in the time, moving by 4e-6 rad/s at most
        assert np.abs(out_of_plane(de440, case, np.resize(found.departure, t.size), 3 * DAY)).max() < 1e-11


def test_lambert_finds_the_same_burn(de440: ephemeris.Ephemeris) -> None:
    """At a window the least Lambert departure round the orbit is the tangential one; beside it costs kilometers/s."""
    case = orbit(51.6, 420e3)
    span = (seconds("2026-01-01"), seconds("2026-06-01"))
    found = orbit_windows(de440, case, *span, masses=MASSES, r_lunar=LUNAR, time_of_flight=4 * DAY)
    now = np.asarray(departure_burn_now(de440, case, np.resize(found.departure, 16), 4 * DAY, MU))
    # beside 180 degrees the plane is known to 1e-12 or so
    np.testing.assert_allclose(now, np.resize(found.burn_earth, 16), atol=1e-3)
    beside = found.departure[3] + np.linspace(-1.5, 1.5, 16) * DAY
    cost = np.asarray(departure_burn_now(de440, case, beside, 4 * DAY, MU)) - found.burn_earth[3]
    # a day and a half off the plane, 20 degrees away, the burn at the Earth alone can hardly turn it
    assert cost[0] > 1500.0
    assert cost[-1] > 1500.0
    assert np.all(np.diff(cost[:8]) < 0.0)
    assert np.all(np.diff(cost[8:]) > 0.0)


def test_launch_windows_against_a_fine_grid(de440: ephemeris.Ephemeris) -> None:
    """Every two minutes of two months: the azimuth of the Moon's antipode by spherical trigonometry and ERFA."""
    start, stop, lag = seconds("2034-02-01"), seconds("2034-04-01"), 3.2 * DAY
    kwargs = {"time_of_flight": 3 * DAY, "parking_time": 0.2 * DAY}
    t = np.arange(start, stop, 120.0)
    r = np.asarray(de440.state("moon", t + lag, center="earth")[0])
    of_date = np.einsum("nij,nj->ni", erfa.pmat06(J2000_JULIAN_DATE, t / DAY), -r)
    ra, declination = np.arctan2(of_date[:, 1], of_date[:, 0]), np.arcsin(of_date[:, 2] / np.linalg.norm(r, axis=1))
    gmst = erfa.gmst06(J2000_JULIAN_DATE, (t - 69.2) / DAY, J2000_JULIAN_DATE, t / DAY)
    for latitude, low, high in ((28.447, 72.0, 108.0), (45.9, 55.0, 70.0), (5.2, 80.0, 95.0), (28.447, 85.0, 95.0)):
        site = Site(jnp.asarray(np.deg2rad(latitude)), jnp.asarray(-1.4))
        hour, phi = gmst - 1.4 - ra, np.deg2rad(latitude)
        azimuth = np.arctan2(-np.sin(hour), np.tan(declination) * np.cos(phi) - np.sin(phi) * np.cos(hour))
        azimuth = np.rad2deg(azimuth) % 180.0
        inside = (azimuth >= low) & (azimuth <= high)
        found = launch_windows(de440, site, start, stop, azimuths=(np.deg2rad(low), np.deg2rad(high)), **kwargs)
        changes = np.flatnonzero(inside[:-1] != inside[1:])
        edges = np.sort(np.concatenate([found.opens, found.closes]))
        edges = edges[(edges > start) & (edges < stop)]
        long = np.abs(edges[:, None] - t[None, changes] - 60.0).min(axis=1)
        assert edges.size == changes.size
        assert long.max() <= 61.0  # between the two grid points that differ; the last second is the frame bias
        middle = np.rad2deg(np.asarray(launch_azimuth(de440, site, 0.5 * (found.opens + found.closes), lag)[0]))
        assert np.all((middle >= low) & (middle <= high))
    # due east from the Cape, inclination 28.4: above the Moon's declination of 2034, so twice each lunar day (24.84 h)
    assert found.opens.size == pytest.approx(2 * 59 / 1.035, abs=2)


def test_landing_paths_come_down_on_the_site(de440: ephemeris.Ephemeris) -> None:
    """Propagated as Kepler orbits from the Moon to the perigee, over the turning ground by ERFA."""
    start, stop, tof, q = seconds("2026-01-01"), seconds("2026-07-01"), 3 * DAY, RADIUS + 45e3
    found = landing_windows(de440, KSC, start, stop, mu_earth=MU, r_perigee=q, time_of_flight=tof)
    r, _ = (np.asarray(x) for x in de440.state("moon", found.departure, center="earth"))
    ut, tt = (found.arrival - 69.2) / DAY, found.arrival / DAY
    angle = erfa.gmst06(J2000_JULIAN_DATE, ut, J2000_JULIAN_DATE, tt) + LONGITUDE
    cos = np.cos(LATITUDE)
    up = np.stack([cos * np.cos(angle), cos * np.sin(angle), np.full_like(angle, np.sin(LATITUDE))], axis=-1)
    site = np.einsum("nji,nj->ni", erfa.pmat06(J2000_JULIAN_DATE, tt), up)
    back = np.cross(np.cross(r, site), site)  # the way to the Moon at the site, in the plane of the path, turned round
    back /= np.linalg.norm(back, axis=1, keepdims=True)
    arc = perigee_arc(jnp.asarray(MU), jnp.asarray(q), jnp.asarray(np.linalg.norm(r, axis=1)), jnp.asarray(tof))
    ends = [
        np.asarray(kepler.propagate(MU, q * site, sign * np.asarray(arc.v_perigee)[:, None] * back, -tof)[0])
        for sign in (1.0, -1.0)
    ]
    miss = np.min([np.linalg.norm(end - r, axis=1) for end in ends], axis=0)
    assert miss.max() < 1e5  # m: 0.05 arcsec of the Moon's direction, the frame bias and rounding
    assert np.sum(found.inclination < np.pi / 2) == found.departure.size / 2
    reach = np.deg2rad(180.0) - np.asarray(arc.true_anomaly)
    assert np.all(np.abs(found.declination + LATITUDE) <= reach + 1e-6)
    # the path in the plane that is given is inclined as is told
    axis = np.einsum("nij,nj->ni", erfa.pmat06(J2000_JULIAN_DATE, tt), found.plane)
    np.testing.assert_allclose(np.arccos(axis[:, 2]), found.inclination, atol=1e-6)  # frame bias
    np.testing.assert_allclose(np.sum(found.plane * r, axis=1) / np.linalg.norm(r, axis=1), 0.0, atol=1e-12)
    speed, gamma = entry(MU, q, arc.v_perigee, RADIUS + 120e3)
    # Apollo's entries: 11.0 to 11.1 km/s, 6 to 7 degrees below the horizon (Orloff 2000)
    assert np.all((np.asarray(speed) > 10.9e3) & (np.asarray(speed) < 11.2e3))
    assert np.all((np.rad2deg(np.asarray(gamma)) > -7.5) & (np.rad2deg(np.asarray(gamma)) < -5.5))


def _integrated(de440: ephemeris.Ephemeris, leave: float, tof: float, plane: np.ndarray) -> tuple[float, float, float]:
    """Corrections of the burn [m/s], of the excess speed [m/s] and of the plane [rad] that Moon and Sun ask for.

    From a tangential burn at the same perigee to a lunar periapsis at the same altitude and date, by Newton's method on
    the asymptote at 66,100 km from the Moon.
    """
    found = transfer(de440, leave, tof, plane, MASSES, LEO, LUNAR)
    t = np.linspace(-100.0, tof + 2 * DAY, 400)
    moon, sun = (
        CubicHermiteSpline(t, *(np.asarray(x) for x in de440.state(b, t + leave, center="earth")))  # pyright: ignore
        for b in ("moon", "sun")
    )
    m = moon(tof) / np.linalg.norm(moon(tof))
    n = plane - (plane @ m) * m
    n /= np.linalg.norm(n)

    def force(s: float, y: np.ndarray) -> np.ndarray:
        r = y[:3]
        a = -MU * r / np.linalg.norm(r) ** 3
        for body, mu in ((moon(s), MU_MOON), (sun(s), MU_SUN)):
            d = body - r
            a = a + mu * (d / np.linalg.norm(d) ** 3 - body / np.linalg.norm(body) ** 3)
        return np.concatenate([y[3:], a])

    def near(s: float, y: np.ndarray) -> float:
        return float(np.linalg.norm(y[:3] - moon(s)) - 6.61e7)

    near.terminal, near.direction = True, -1.0  # pyright: ignore[reportFunctionMemberAccess]

    def shoot(p: np.ndarray) -> tuple[float, np.ndarray]:
        angle = -(float(found.angle) + p[1])
        flat = np.cos(angle) * m + np.sin(angle) * np.cross(n, m)
        across = np.cross(n, flat)
        y = np.concatenate([LEO * (np.cos(p[2]) * flat + np.sin(p[2]) * n), (float(found.v_perigee) + p[0]) * across])
        path = solve_ivp(force, (0.0, tof + DAY), y, method="DOP853", rtol=1e-9, atol=1e-2, events=near)
        s, y = path.t_events[0][0], path.y_events[0][0]
        r, v = y[:3] - moon(s), y[3:] - moon(s, 1)
        excess = np.sqrt(v @ v - 2 * MU_MOON / np.linalg.norm(r))
        h = np.cross(r, v)
        ecc = np.cross(v, h) / MU_MOON - r / np.linalg.norm(r)
        e, a = np.linalg.norm(ecc), MU_MOON / excess**2
        asymptote = ecc / e**2 + np.sqrt(1 - 1 / e**2) * np.cross(h / np.linalg.norm(h), ecc / e)
        b = np.cross(asymptote, h) / excess
        anomaly = np.arccosh((1 + np.linalg.norm(r) / a) / e)
        periapsis = s + (e * np.sinh(anomaly) - anomaly) * np.sqrt(a**3 / MU_MOON)
        across = np.cross(asymptote, n) / np.linalg.norm(np.cross(asymptote, n))
        miss = LUNAR * np.sqrt(1 + 2 * MU_MOON / (LUNAR * excess**2))
        return excess, np.array([(b @ across - miss) / 1e3, b @ np.cross(asymptote, across) / 1e3, periapsis - tof])

    off, excess = np.full(3, np.inf), 0.0
    p, step = np.zeros(3), np.array([0.5, 1e-4, 1e-4])
    for _ in range(6):
        excess, off = shoot(p)
        if np.abs(off).max() < 2.0:  # 2 km, 2 s
            break
        columns = [(shoot(p + d)[1] - off) / d.sum() for d in np.eye(3) * step]
        slope = np.array(columns).T
        p = p - np.linalg.solve(slope, off)
    assert float(np.abs(off).max()) < 2.0
    return float(p[0]), excess - float(found.v_infinity_moon), float(p[2])


def test_size_of_the_patched_conic_error(de440: ephemeris.Ephemeris) -> None:
    """What the docstring of `transfer` states, on four dates of the month and of the Moon's distance."""
    burns, speeds, planes = [], [], []
    for date, days in (("2026-02-03", 3.0), ("2026-02-17", 4.0), ("2027-07-05", 3.0), ("2034-03-08", 4.5)):
        leave, tof = seconds(date), days * DAY
        r = np.asarray(de440.state("moon", leave + tof, center="earth")[0])
        m = r / np.linalg.norm(r)
        east, north = np.cross([0.0, 0.0, 1.0], m), np.cross(m, np.cross([0.0, 0.0, 1.0], m))
        cos = np.cos(np.deg2rad(40.0)) / np.linalg.norm(north)
        plane = cos * north / np.linalg.norm(north) + np.sqrt(1 - cos**2) * east / np.linalg.norm(east)
        burn, speed, shift = _integrated(de440, leave, tof, plane)
        burns.append(burn)
        speeds.append(speed)
        planes.append(np.rad2deg(shift))
    assert -8.0 < min(burns) < max(burns) < 3.0
    assert -75.0 < min(speeds) < max(speeds) < -30.0
    assert 0.2 < min(map(abs, planes)) < max(map(abs, planes)) < 2.2


def test_derivatives(de440: ephemeris.Ephemeris) -> None:
    """The arc to second order in all; burns and energy to first order in date, flight time, radius and masses."""

    def arc(x: jax.Array) -> jax.Array:
        found = perigee_arc(MU * x[0], LEO * x[1], 3.8e8 * x[2], 3.5 * DAY * x[3])
        return found.v_perigee + found.v_radial + 50.0 * found.true_anomaly

    one, step = jnp.ones(4), 1e-4
    gradient = jax.jit(jax.grad(arc))
    rows = [(gradient(one + h) - gradient(one - h)) / (2.0 * step) for h in step * jnp.eye(4)]
    # check_grads of order 2 compiles six times as long; the differences err by step^2 of the fourth derivative
    np.testing.assert_allclose(jax.jit(jax.hessian(arc))(one), jnp.stack(rows), rtol=1e-5, atol=1e-5 * 2e5)
    leave = seconds("2026-05-05")
    plane = normal(orbit(51.6, 420e3), leave)

    @jax.jit
    def burns(x: jax.Array) -> jax.Array:
        masses = Masses(MU * x[3], MU_MOON * x[4])
        found = transfer(de440, leave + 27 * DAY * (x[0] - 1.0), 3.5 * DAY * x[1], plane, masses, LEO * x[2], LUNAR)
        return 1e-3 * (found.burn_earth + found.burn_moon) + 1e-6 * found.c3

    # differences of 1e-5 of a month: 24 s
    check_grads(burns, (jnp.ones(5),), order=1, modes=("fwd",), rtol=1e-5, atol=1e-5, eps=1e-5)


def test_broadcasting_and_bad_input(de440: ephemeris.Ephemeris) -> None:
    leave = seconds("2026-05-05")
    plane = normal(orbit(51.6, 420e3), leave)
    rng = np.random.default_rng(1)
    leaves, tofs = leave + rng.uniform(0.0, 300.0, 256) * DAY, rng.uniform(2.0, 5.0, 256) * DAY
    tofs[:4], leaves[:4] = np.array([2.0, 3.0, 4.0, 5.0]) * DAY, leave
    planes, radii = jnp.broadcast_to(plane, (256, 3)), [jnp.asarray(x, jnp.float64) for x in (LEO, LUNAR)]
    found = transfer(de440, leaves, tofs, planes, MASSES, *radii)
    assert np.all(found.converged)
    loop = [transfer(de440, leaves[i], tofs[i], plane, MASSES, LEO, LUNAR) for i in range(20)]
    for name, a, b in zip(found._fields, found, zip(*loop, strict=True), strict=True):
        # order of operations, in the excess speed after a difference of velocities
        np.testing.assert_allclose(np.asarray(a)[:20], np.array(b), rtol=1e-11, err_msg=name)
    # faster costs more
    two, three, four = (float(x) for x in found.burn_earth[:3])
    assert two > three > four
    case, t = orbit(51.6, 420e3), jnp.asarray(leave)
    with jax.disable_jit():
        eager = normal(case, t)
    np.testing.assert_allclose(eager, jax.jit(normal)(case, t), rtol=1e-13)  # order of operations
    late = transfer(de440, leaves + 44 * 365 * DAY, tofs, planes, MASSES, *radii)
    assert not np.any(late.converged)
    assert np.all(np.isnan(late.v_infinity_moon))
    kwargs: dict[str, Any] = {"masses": MASSES, "r_lunar": LUNAR, "time_of_flight": 4 * DAY}
    with pytest.raises(ValueError, match="before stop"):
        orbit_windows(de440, orbit(51.6, 420e3), leave, leave, **kwargs)
    with pytest.raises(ValueError, match="need an ephemeris"):
        orbit_windows(de440, orbit(51.6, 420e3), leave, seconds("2070-01-01"), **kwargs)
    with pytest.raises(ValueError, match="must be positive"):
        orbit_windows(de440, orbit(51.6, 420e3), leave, leave + DAY, masses=MASSES, r_lunar=LUNAR, time_of_flight=-1.0)
    with pytest.raises(ValueError, match="half a turn"):
        launch_windows(de440, KSC, leave, leave + DAY, azimuths=(2.0, 1.0), time_of_flight=DAY)
    with pytest.raises(ValueError, match="parking orbit"):
        launch_windows(de440, KSC, leave, leave + DAY, azimuths=(1.0, 2.0), time_of_flight=DAY, parking_time=-1.0)
    nowhere = Site(jnp.asarray(np.deg2rad(89.0)), jnp.asarray(0.0))
    none = landing_windows(
        de440, nowhere, leave, leave + 30 * DAY, mu_earth=MU, r_perigee=RADIUS + 45e3, time_of_flight=3 * DAY
    )
    assert none.departure.size == 0
