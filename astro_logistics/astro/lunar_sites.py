"""When a launch site can leave for the Moon, and when a flight from the Moon can come down at a landing site."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro._lunar_arc import perigee_arc
from astro_logistics.astro._lunar_crossings import crossings
from astro_logistics.astro._lunar_earth import precession, sidereal_angle, site_axes
from astro_logistics.astro.lunar_windows import check_span, in_blocks, moon, to_date, to_icrf
from astro_logistics.astro.transfers import States
from astro_logistics.constants import DAY
from astro_logistics.numerics import norm, unit

DELTA_T = 69.2
"""TT - UT1 [s] of 2025 (TT - UTC is 69.184 s, UT1 - UTC was under 0.1 s). It may change by several seconds in 20 years;
dates on the ground move by as much."""

_STEP = DAY / 24.0


class Site(NamedTuple):
    """A place on the ground."""

    latitude: ArrayLike
    """Geocentric [rad]; the geodetic one is larger by 0.19 degrees at most."""
    longitude: ArrayLike
    """East [rad]."""


_FLATTENING = 1.0 / 298.257223563  # WGS 84


def geocentric(latitude: ArrayLike) -> Array:
    """Geocentric latitude of a place on the ground of geodetic latitude: tan phi' = (1 - f)^2 tan phi [rad]."""
    latitude = jnp.asarray(latitude, jnp.float64)
    return jnp.arctan2((1.0 - _FLATTENING) ** 2 * jnp.sin(latitude), jnp.cos(latitude))


def _float64(site: Site) -> Site:
    return Site(*(jnp.asarray(x, jnp.float64) for x in site))


class LaunchWindows(NamedTuple):
    """Spans in which a launch can reach a plane that holds the Moon, in order, each field of shape (n,)."""

    opens: np.ndarray
    """TDB seconds past J2000."""
    closes: np.ndarray
    """TDB seconds past J2000."""
    azimuth_opens: np.ndarray
    """Inertial launch azimuth at the opening, east of north [rad]."""
    azimuth_closes: np.ndarray
    """At the closing [rad]."""
    declination: np.ndarray
    """Of the Moon at arrival, for a launch at the opening [rad]."""


class Landings(NamedTuple):
    """Departures from the Moon that come down at a site, in order, each field of shape (n,)."""

    departure: np.ndarray
    """From the Moon, TDB seconds past J2000."""
    arrival: np.ndarray
    """At the perigee, TDB seconds past J2000."""
    inclination: np.ndarray
    """Of the return path, to the equator of date [rad]: below pi / 2 it flies east."""
    declination: np.ndarray
    """Of the Moon at departure [rad]."""
    plane: np.ndarray
    """Unit vector along the angular momentum of the path, ICRF, (n, 3): for `lunar_windows.transfer`."""


class _Launch(NamedTuple):
    ephemeris: States
    site: Site
    lag: Array
    delta_t: Array
    azimuth: Array


def _components(t: Array, inputs: _Launch) -> tuple[Array, Array, Array]:
    """Of the direction to the Moon at arrival: east and north at the site, and along the Earth's axis."""
    turn = precession(t)
    toward = to_date(turn, unit(moon(inputs.ephemeris, t + inputs.lag)[0]))
    latitude, longitude = (jnp.asarray(x, jnp.float64) for x in inputs.site)
    _, east, north = site_axes(latitude, sidereal_angle(t, inputs.delta_t) + longitude)
    return jnp.sum(east * toward, axis=-1), jnp.sum(north * toward, axis=-1), toward[..., 2]


def _plane_offset(t: Array, inputs: _Launch) -> Array:
    """Sine of the angle of the Moon above the plane of a launch at time t along the azimuth."""
    east, north, _ = _components(t, inputs)
    return jnp.sin(inputs.azimuth) * north - jnp.cos(inputs.azimuth) * east


@jax.jit
def launch_azimuth(
    ephemeris: States, site: Site, t: ArrayLike, lag: ArrayLike, delta_t: ArrayLike = DELTA_T
) -> tuple[Array, Array]:
    """Azimuth along which a launch at time t enters the plane through the site and the Moon at t + lag.

    tan A = east / north of the direction to the Moon (its height above the horizon does not count: the antipode lies in
    the same plane).

    Args:
        ephemeris: has the Moon and the Earth.
        site: fields that broadcast with t.
        t: launch, TDB seconds past J2000 (...).
        lag: from launch to the Moon [s]: ascent, parking orbit and flight.
        delta_t: TT - UT1 [s].

    Returns:
        azimuth [rad] in [0, pi), inertial, east of north (pi more is the westward launch into the same plane), and
        the Moon's declination at t + lag [rad].

    Errors: GMST and IAU 2006 precession to 0.001 arcsec; nutation left out, 17 arcsec: the moment of a plane moves by
    about 1 s. The ground speed is not in it: relative to the ground Cape Canaveral's 73.5 degrees are 72.6.
    """
    lag, delta_t = jnp.asarray(lag, jnp.float64), jnp.asarray(delta_t, jnp.float64)
    t = jnp.asarray(t, jnp.float64)
    east, north, sine = _components(t, _Launch(ephemeris, site, lag, delta_t, jnp.zeros(())))
    return jnp.mod(jnp.arctan2(east, north), jnp.pi), jnp.arcsin(sine)


def launch_windows(
    ephemeris: States,
    site: Site,
    start: float,
    stop: float,
    *,
    azimuths: tuple[float, float],
    time_of_flight: float,
    parking_time: float = 0.0,
    delta_t: float = DELTA_T,
) -> LaunchWindows:
    """Every span of time in which a launch from a site, within its azimuths, enters a plane that holds the Moon.

    A launch at azimuth A moves in the plane of normal sin A north - cos A east (inclination: cos i = cos latitude
    sin A). It may go when that plane holds the Moon at arrival, or its antipode: twice a day where i exceeds the
    Moon's declination. Between two azimuths each of the two is a window: the one whose coast reaches injection on
    the day side of the two and the other (Apollo's "Pacific" and "Atlantic" windows).

    Args:
        ephemeris: has the Moon and the Earth from `start` to `stop` and a flight later.
        site: the launch site; fields scalar.
        start, stop: span of launches, TDB seconds past J2000; windows are cut at its ends.
        azimuths: least and largest inertial azimuth [rad], the second larger by less than pi.
        time_of_flight: from perigee to the Moon [s].
        parking_time: from launch to the burn at perigee [s].
        delta_t: TT - UT1 [s].

    Raises:
        ValueError: as `orbit_windows`; azimuths out of order or half a turn or more apart.

    Errors: as `launch_azimuth`, and the pull of Moon and Sun on the plane (`lunar_windows.transfer`): together some
    minutes; Apollo 11 left 2 minutes after the opening that this gives for its inclination. The launch happens in an
    instant and in the plane of its azimuth.
    """
    first, second = azimuths
    if not 0.0 < second - first < np.pi:
        raise ValueError(f"azimuths must rise by less than half a turn, not from {first} to {second} rad")
    if not parking_time >= 0.0:
        raise ValueError(f"the time in the parking orbit must not be negative ({parking_time})")
    lag = parking_time + time_of_flight
    check_span(ephemeris, start, stop, lag)
    inputs = [
        _Launch(ephemeris, _float64(site), *(jnp.asarray(x, jnp.float64) for x in (lag, delta_t, azimuth)))
        for azimuth in azimuths
    ]
    edges = np.sort(np.concatenate([crossings(_plane_offset, x, start, stop, _STEP) for x in inputs]))
    edges = np.concatenate([[start], edges, [stop]])
    middles = 0.5 * (edges[:-1] + edges[1:])

    def azimuth_at(t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        azimuth, declination = in_blocks(
            lambda block: launch_azimuth(ephemeris, inputs[0].site, block, inputs[0].lag, inputs[0].delta_t), t, start
        )
        # the same line as an azimuth beside the middle of the range
        middle = 0.5 * (first + second)
        return middle + np.mod(azimuth - middle + 0.5 * np.pi, np.pi) - 0.5 * np.pi, declination

    inside = np.abs(azimuth_at(middles)[0] - 0.5 * (first + second)) <= 0.5 * (second - first)
    begins = inside & ~np.concatenate([[False], inside[:-1]])
    ends = inside & ~np.concatenate([inside[1:], [False]])
    opens, closes = edges[:-1][begins], edges[1:][ends]
    (azimuth_opens, declination), (azimuth_closes, _) = azimuth_at(opens), azimuth_at(closes)
    return LaunchWindows(opens, closes, azimuth_opens, azimuth_closes, declination)


class _Landing(NamedTuple):
    ephemeris: States
    site: Site
    time_of_flight: Array
    delta_t: Array
    angle: Array  # coefficients in powers of the scaled distance of the angle flown to the site


_NEAREST, _FARTHEST = 3.5e8, 4.1e8  # m; the Moon stays between 3.56e8 and 4.07e8


def _angle_series(mu_earth: float, r_perigee: float, time_of_flight: float, downrange: float) -> Array:
    """The angle from the Moon to the site [rad] as a polynomial in the Moon's distance (to 1e-9 for a day or more)."""
    nodes = np.polynomial.chebyshev.chebpts1(12)
    r = jnp.asarray(_scaled_distance(nodes))
    arc = perigee_arc(*(jnp.asarray(x, jnp.float64) for x in (mu_earth, r_perigee, r, time_of_flight)))
    return jnp.asarray(np.polynomial.polynomial.polyfit(nodes, np.asarray(arc.true_anomaly) + downrange, 11))


def _scaled_distance(s: np.ndarray) -> np.ndarray:
    return 0.5 * (_NEAREST + _FARTHEST) + 0.5 * (_FARTHEST - _NEAREST) * s


def _directions(t: Array, inputs: _Landing) -> tuple[Array, Array, Array]:
    """To the Moon at departure and to the site at perigee, on the equator of date, and the angle flown to the site."""
    end = t + inputs.time_of_flight
    turn = precession(end)
    r = moon(inputs.ephemeris, t)[0]
    latitude, longitude = (jnp.asarray(x, jnp.float64) for x in inputs.site)
    up, _, _ = site_axes(latitude, sidereal_angle(end, inputs.delta_t) + longitude)
    s = (norm(r) - 0.5 * (_NEAREST + _FARTHEST)) / (0.5 * (_FARTHEST - _NEAREST))
    return to_date(turn, unit(r)), up, jnp.polyval(inputs.angle[::-1], s)


def _landing_offset(t: Array, inputs: _Landing) -> Array:
    toward, up, angle = _directions(t, inputs)
    return jnp.sum(toward * up, axis=-1) - jnp.cos(angle)


@jax.jit
def _landing_plane(t: Array, inputs: _Landing) -> tuple[Array, Array, Array]:
    """Inclination of the path from the Moon to the site, the Moon's declination, and the normal of the path."""
    toward, up, angle = _directions(t, inputs)
    axis = unit(jnp.cross(toward, up)) * jnp.sign(jnp.sin(angle))[..., None]
    plane = to_icrf(precession(t + inputs.time_of_flight), axis)
    return jnp.arccos(axis[..., 2]), jnp.arcsin(toward[..., 2]), plane


def landing_windows(
    ephemeris: States,
    site: Site,
    start: float,
    stop: float,
    *,
    mu_earth: float,
    r_perigee: float,
    time_of_flight: float,
    downrange: float = 0.0,
    delta_t: float = DELTA_T,
) -> Landings:
    """Every departure from the Moon in a span whose path, of a given flight time, comes down at a site.

    The perigee is a fixed angle nu ahead of the Moon, in any plane through it, so the sites in reach lie on a circle of
    radius |pi - nu - downrange| about the Moon's antipode; the ground turns a site across it twice a day, or not at
    all where its latitude is too far from the antipode's. One of the two paths flies east, the other west.

    Args:
        ephemeris: has the Moon and the Earth from `start` to `stop` and a flight later.
        site: the landing site; fields scalar.
        start, stop: span of departures from the Moon, TDB seconds past J2000.
        mu_earth: gravitational parameter [m3/s2].
        r_perigee: perigee aimed at (of the path without air) [m].
        time_of_flight: from the Moon to the perigee [s].
        downrange: angle from the perigee to the site, along the path [rad]; negative before it.
        delta_t: TT - UT1 [s].

    Raises:
        ValueError: as `orbit_windows`.

    Errors: patched conics leave the angle nu off by a degree or so, so days at the edge of reach are uncertain.
    The departure from the Moon (its plane there, the site on it) is free and costs nothing here.
    """
    check_span(ephemeris, start, stop, time_of_flight)
    angle = _angle_series(mu_earth, r_perigee, time_of_flight, downrange)
    tof, delay = (jnp.asarray(x, jnp.float64) for x in (time_of_flight, delta_t))
    inputs = _Landing(ephemeris, _float64(site), tof, delay, angle)
    dates = crossings(_landing_offset, inputs, start, stop, _STEP)
    columns = in_blocks(lambda block: _landing_plane(block, inputs), dates, start)
    return Landings(dates, dates + time_of_flight, *columns)
