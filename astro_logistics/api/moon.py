"""When the Moon can be reached, and left for home: from a parking orbit, from a launch site, to a landing site."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
from astropy import units as u

from astro_logistics import units
from astro_logistics.api.checks import check_name, error
from astro_logistics.api.scenarios import ephemeris, read
from astro_logistics.astro import lunar_sites, orbits
from astro_logistics.astro.lunar_windows import Direction, Masses, ParkingOrbit, entry, orbit_windows, transfer
from astro_logistics.constants import DAY
from astro_logistics.network.scenario import Scenario

FOUR_DAYS, THREE_DAYS, LOW_ORBIT = 4.0 * u.d, 3.0 * u.d, 100.0 * u.km
ZERO_ANGLE, ZERO_TIME, ENTRY_PERIGEE = 0.0 * u.deg, 0.0 * u.h, 45.0 * u.km
ENTRY = 120e3  # m, where entries are reckoned from


@dataclass(frozen=True)
class LunarOpportunity:
    """A departure at which the plane of a parking orbit holds the Moon. Times are ISO, TDB."""

    departure: str
    arrival: str
    time_of_flight_days: float
    c3_km2_per_s2: float
    burn_earth_km_per_s: float
    v_infinity_moon_km_per_s: float
    burn_moon_km_per_s: float
    moon_distance_km: float
    moon_declination_deg: float


@dataclass(frozen=True)
class LunarLaunch:
    """A span in which a launch site can leave for the Moon. Times are ISO, TDB (69 s ahead of UTC)."""

    opens: str
    closes: str
    hours: float
    azimuth_opens_deg: float
    azimuth_closes_deg: float
    moon_declination_deg: float


@dataclass(frozen=True)
class LunarLanding:
    """A departure from the Moon whose path comes down at a landing site. Times are ISO, TDB."""

    departure: str
    arrival: str
    inclination_deg: float
    moon_declination_deg: float
    v_infinity_moon_km_per_s: float
    burn_moon_km_per_s: float
    """From a circular lunar orbit."""
    entry_speed_km_per_s: float
    """About the Earth's center, at 120 km."""
    entry_angle_deg: float
    """Of the path with the horizon, negative downward."""


def lunar_windows(
    start: str,
    stop: str,
    *,
    altitude: Any,
    inclination: Any,
    node: Any = ZERO_ANGLE,
    time_of_flight: Any = FOUR_DAYS,
    lunar_altitude: Any = LOW_ORBIT,
    direction: Direction = "outbound",
) -> list[LunarOpportunity]:
    """Departures between a circular parking orbit and a circular lunar orbit, when the planes allow it, in order.

    Args:
        start, stop: earliest and latest departure, ISO dates (TDB) or astropy Time.
        altitude, inclination: of the parking orbit, above the equatorial radius and to the equator.
        node: right ascension of its ascending node at `start`; it drifts by the Earth's oblateness.
        time_of_flight: between perigee and the Moon.
        lunar_altitude: of the lunar orbit.
        direction: "outbound", or "return" from the lunar orbit to the parking orbit.

    Raises:
        ScenarioError, UnitError: dates out of order or outside the ephemeris, a wrong unit, an altitude, inclination or
            time that cannot be.
    """
    check_name("direction", direction, get_args(Direction))
    model, begin, end = read("baseline")[0], *_span(start, stop)
    orbit = parking_orbit(model, begin, altitude, inclination, node)
    tof = duration("time_of_flight", time_of_flight, 0.5, 14.0)
    low = positive("lunar_altitude", lunar_altitude, "m") + float(model.bodies.moon.radius)
    masses = Masses(float(model.bodies.earth.mu), float(model.bodies.moon.mu))
    fits(start, stop, end + tof)
    found = orbit_windows(
        ephemeris(), orbit, begin, end, masses=masses, r_lunar=low, time_of_flight=tof, direction=direction
    )
    rows = zip(*(np.asarray(x) for x in found), strict=True)
    return [
        LunarOpportunity(
            departure=units.iso_tdb(leave),
            arrival=units.iso_tdb(arrive),
            time_of_flight_days=tof / DAY,
            c3_km2_per_s2=float(c3) / 1e6,
            burn_earth_km_per_s=float(burn_earth) / 1e3,
            v_infinity_moon_km_per_s=float(v_infinity) / 1e3,
            burn_moon_km_per_s=float(burn_moon) / 1e3,
            moon_distance_km=float(distance) / 1e3,
            moon_declination_deg=float(np.rad2deg(declination)),
        )
        for leave, arrive, c3, _, burn_earth, v_infinity, burn_moon, _, distance, declination, _ in rows
    ]


def lunar_launches(
    start: str,
    stop: str,
    *,
    latitude: Any,
    longitude: Any,
    inclination: Any = None,
    azimuths: Any = None,
    time_of_flight: Any = THREE_DAYS,
    parking_time: Any = ZERO_TIME,
) -> list[LunarLaunch]:
    """Spans in which a launch from a site can enter a plane that holds the Moon at arrival, in order.

    Args:
        start, stop: span of launches, ISO dates (TDB) or astropy Time.
        latitude, longitude: of the site, geodetic and east.
        inclination: the largest that the launch may have; at least the latitude. Or:
        azimuths: (least, largest) inertial launch azimuth, a Quantity of length two, east of north.
        time_of_flight: from the burn at perigee to the Moon.
        parking_time: from launch to that burn.

    Raises:
        ScenarioError, UnitError: as `lunar_windows`; an inclination below the latitude; both limits or none.
    """
    begin, end = _span(start, stop)
    site = _site(latitude, longitude)
    if (inclination is None) == (azimuths is None):
        raise error("inclination, azimuths", "both or none of them", "one of the two limits")
    if azimuths is None:
        largest = float(units.to_si(inclination, "rad", "inclination"))
        first = float(orbits.launch_azimuth(largest, site.latitude))
        if not (largest <= np.pi / 2 and 0.0 <= first < np.pi / 2):
            reach = f"from the site's geocentric latitude, {np.rad2deg(np.abs(site.latitude)):.2f} deg, to 90 deg"
            raise error("inclination", f"{np.rad2deg(largest):g} deg", reach)
        limits = (first, np.pi - first)
    else:
        given = np.atleast_1d(units.to_si(azimuths, "rad", "azimuths"))
        if given.shape != (2,) or not 0.0 < given[1] - given[0] < np.pi:
            raise error("azimuths", f"{azimuths}", "(least, largest), less than 180 deg apart")
        limits = (float(given[0]), float(given[1]))
    tof = duration("time_of_flight", time_of_flight, 0.5, 14.0)
    parking = duration("parking_time", parking_time, 0.0, 30.0)
    fits(start, stop, end + tof + parking)
    found = lunar_sites.launch_windows(
        ephemeris(), site, begin, end, azimuths=limits, time_of_flight=tof, parking_time=parking
    )
    return [
        LunarLaunch(
            opens=units.iso_tdb(opens),
            closes=units.iso_tdb(closes),
            hours=float(closes - opens) / 3600.0,
            azimuth_opens_deg=float(np.rad2deg(first)),
            azimuth_closes_deg=float(np.rad2deg(last)),
            moon_declination_deg=float(np.rad2deg(declination)),
        )
        for opens, closes, first, last, declination in zip(*found, strict=True)
    ]


def lunar_landings(
    start: str,
    stop: str,
    *,
    latitude: Any,
    longitude: Any,
    time_of_flight: Any = THREE_DAYS,
    perigee_altitude: Any = ENTRY_PERIGEE,
    downrange: Any = ZERO_ANGLE,
    lunar_altitude: Any = LOW_ORBIT,
) -> list[LunarLanding]:
    """Departures from the Moon whose direct path, of a given flight time, comes down at a landing site, in order.

    Args:
        start, stop: span of departures from the Moon, ISO dates (TDB) or astropy Time.
        latitude, longitude: of the site, geodetic and east.
        time_of_flight: from the Moon to the perigee.
        perigee_altitude: of the path without air, below 120 km.
        downrange: angle from the perigee to the site along the path.
        lunar_altitude: of the circular lunar orbit that is left.

    Raises:
        ScenarioError, UnitError: as `lunar_windows`.
    """
    begin, end = _span(start, stop)
    bodies = read("baseline")[0].bodies
    mu, radius = float(bodies.earth.mu), float(bodies.earth.radius)
    tof = duration("time_of_flight", time_of_flight, 0.5, 14.0)
    perigee = radius + positive("perigee_altitude", perigee_altitude, "m")
    if not perigee < radius + ENTRY:
        raise error("perigee_altitude", f"{perigee_altitude}", "below the 120 km at which the air begins")
    low = positive("lunar_altitude", lunar_altitude, "m") + float(bodies.moon.radius)
    fits(start, stop, end + tof)
    found = lunar_sites.landing_windows(
        ephemeris(),
        _site(latitude, longitude),
        begin,
        end,
        mu_earth=mu,
        r_perigee=perigee,
        time_of_flight=tof,
        downrange=float(units.to_si(downrange, "rad", "downrange")),
    )
    n = found.departure.size
    size = 256 * max(1, -(-n // 256))  # few shapes, few compilations
    leaves, planes = np.resize(found.departure, size), np.resize(found.plane, (size, 3))
    masses = Masses(*(np.float64(x) for x in (mu, bodies.moon.mu)))
    radii = np.float64(perigee), np.float64(low)
    path = transfer(ephemeris(), leaves, np.full(size, tof), planes, masses, *radii, direction="return")
    speed, angle = (np.asarray(x)[:n] for x in entry(mu, perigee, path.v_perigee, radius + ENTRY))
    degrees = (np.rad2deg(x) for x in (found.inclination, found.declination))
    speeds = (x / 1e3 for x in (np.asarray(path.v_infinity_moon)[:n], np.asarray(path.burn_moon)[:n], speed))
    rows = zip(found.departure, found.arrival, *degrees, *speeds, np.rad2deg(angle), strict=True)
    return [
        LunarLanding(units.iso_tdb(leave), units.iso_tdb(arrive), *(float(x) for x in rest))
        for leave, arrive, *rest in rows
    ]


def parking_orbit(model: Scenario, epoch: float, altitude: Any, inclination: Any, node: Any) -> ParkingOrbit:
    """A circular orbit whose node drifts by J2, checked."""
    earth = model.bodies.earth
    radius = float(earth.radius) + positive("altitude", altitude, "m")
    i = float(units.to_si(inclination, "rad", "inclination"))
    if not 0.0 <= i <= np.pi:
        raise error("inclination", f"{np.rad2deg(i):g} deg", "0 to 180 deg")
    rate = float(orbits.nodal_precession(earth.mu, earth.radius, earth.j2, radius, 0.0, i))
    return ParkingOrbit(radius, i, float(units.to_si(node, "rad", "node")), epoch, rate)


def positive(name: str, value: Any, unit: str) -> float:
    """A positive number in SI."""
    number = float(units.to_si(value, unit, name))
    if not number > 0.0:
        raise error(name, f"{value}", "a positive number")
    return number


def duration(name: str, value: Any, low: float, high: float) -> float:
    """A time in seconds between limits in days."""
    seconds = float(units.to_si(value, "s", name))
    if not low * DAY <= seconds <= high * DAY:
        raise error(name, f"{value}", f"{low:g} to {high:g} days")
    return seconds


def _site(latitude: Any, longitude: Any) -> lunar_sites.Site:
    phi = float(units.to_si(latitude, "rad", "latitude"))
    if not abs(phi) < np.pi / 2:
        raise error("latitude", f"{latitude}", "between -90 and 90 deg")
    return lunar_sites.Site(float(lunar_sites.geocentric(phi)), float(units.to_si(longitude, "rad", "longitude")))


def _span(start: str, stop: str) -> tuple[float, float]:
    begin, end = (float(units.to_tdb_seconds(t)) for t in (start, stop))
    if not begin < end:
        raise error("start, stop", f"{start} to {stop}", "a start before the stop")
    fits(start, stop, begin)
    return begin, end


def fits(start: str, stop: str, latest: float) -> None:
    """Refuse a moment outside the packaged ephemeris."""
    first, last = ephemeris().span
    if not first <= latest <= last:
        covered = f"dates from {units.iso_tdb(first)[:10]} to {units.iso_tdb(last)[:10]}, the last flight included"
        raise error("start, stop", f"{start} to {stop}", covered)
