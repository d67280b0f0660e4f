"""The targets of throws from the Moon by name: what is aimed at, from where, and how often it can be."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

import jax.numpy as jnp
import numpy as np
from scipy.stats import norm, qmc

from astro_logistics import units
from astro_logistics.api.checks import error
from astro_logistics.api.scenarios import ephemeris, load, read
from astro_logistics.astro import cr3bp, dispersion, lunar_launch_dates, orbits, periodic_orbits
from astro_logistics.astro.lunar_launch import Shot, Site
from astro_logistics.astro.lunar_launch_achromatic import achromatic
from astro_logistics.astro.lunar_launch_aim import Target, apsis, escape, point
from astro_logistics.astro.lunar_windows import ParkingOrbit
from astro_logistics.constants import DAY, JULIAN_YEAR
from astro_logistics.network.rocket_routes import mars_v_infinity
from astro_logistics.network.scenario import Scenario
from astro_logistics.network.surroundings import GEOSTATIONARY_RADIUS

EAST, WEST = 0.5 * np.pi, 1.5 * np.pi
NRHO_PERIOD = 2.0 / 9.0 * 29.5306 * DAY
"""The 9:2 resonance with the month of phases."""

SIDEREAL_MONTH, MARS_SYNODIC_PERIOD = 27.321661 * DAY, 779.936 * DAY

TARGETS: dict[str, tuple[str, float, float]] = {
    "llo": ("a circular lunar orbit, after half an ellipse and a kick", 0.0, 0.0),
    "eml1": ("at rest at L1; by default from the achromatic site", -150.5, 0.0),
    "eml2": ("at rest at L2; by default from the achromatic site", 33.1, 0.0),
    "nrho": ("the far end of the 9:2 southern near-rectilinear halo orbit about L2", 0.0, 50.0),
    "eml4": ("at rest at L4", -160.0, 0.0),
    "eml5": ("at rest at L5", -110.0, 0.0),
    "leo": ("a perigee in the air, for a low orbit", -60.0, 0.0),
    "sso": ("a perigee in the air, for the dawn-dusk orbit", -60.0, 0.0),
    "geo": ("a perigee in the air, in the plane of the equator, for the synchronous orbit", -60.0, 0.0),
    "escape": ("out of the Earth-Moon system with a given C3", 100.0, 0.0),
    "heliocentric": ("an orbit about the Sun near 1 au: escape with C3 of 0.1 km2/s2", 100.0, 0.0),
    "mars": ("escape with the C3 of a mean Mars opportunity", 164.0, 0.0),
}
"""What each target is, and the longitude and latitude [deg] from which level rails reach it, unless given."""

ACHROMATIC = {"eml1": (0, 2333.3, 1.796), "eml2": (1, 2341.7, 1.841)}
"""Libration point, muzzle speed [m/s] and time of flight [days] near those of the achromatic shot."""


class Aimed(NamedTuple):
    target: Target
    speed: float
    azimuth: float
    time: float
    turns: float


def same(a: Aimed, b: Aimed) -> bool:
    """Two shots that the search cannot tell apart where families merge: 2 m/s and 2 hours."""
    return abs(a.speed - b.speed) < 2.0 and abs(a.time - b.time) < 7200.0 and abs(a.azimuth - b.azimuth) < 0.01


def system_of(model: Scenario) -> cr3bp.System:
    moon = model.bodies.moon
    return cr3bp.system(model.bodies.earth.mu, moon.mu, moon.orbit_radius)


def place(longitude_deg: float, latitude_deg: float, radius: float) -> Site:
    return Site(*(jnp.asarray(x, jnp.float64) for x in (np.deg2rad(longitude_deg), np.deg2rad(latitude_deg), radius)))


def shot_of(speed: float, azimuth: float, elevation: float) -> Shot:
    return Shot(*(jnp.asarray(x, jnp.float64) for x in (speed, azimuth, elevation)))


def site_of(model: Scenario, target: str, longitude: Any, latitude: Any) -> Site:
    """The muzzle, where the target's own place fills in what is None."""
    degrees = [
        usual if given is None else float(np.rad2deg(units.to_si(given, "rad", name)))
        for given, name, usual in zip(
            (longitude, latitude), ("longitude", "latitude"), TARGETS[target][1:], strict=True
        )
    ]
    if not abs(degrees[1]) < 90.0:
        raise error("latitude", f"{latitude}", "between -90 and 90 deg")
    return place(degrees[0], degrees[1], float(model.bodies.moon.radius))


def rails_of(elevation: Any) -> float:
    angle = float(units.to_si(elevation, "rad", "elevation"))
    if not 0.0 <= angle < 0.5 * np.pi:
        raise error("elevation", f"{elevation}", "from 0 to below 90 deg")
    return angle


def aims(scenario: str, system: cr3bp.System, target: str, altitude: Any, inclination: Any, c3: Any) -> list[Target]:
    """What is aimed at: one for a point, east and west where the azimuth is held."""
    model = read(scenario)[0]
    bodies, places = model.bodies, model.places
    if target in _POINTS:
        return [point(cr3bp.lagrange_points(system.mass_ratio)[_POINTS[target]])]
    if target == "nrho":
        orbit = _nrho(float(system.mass_ratio), NRHO_PERIOD / float(system.time))
        return [point(orbit.state[:3], orbit.state[3:])]
    if target == "llo":
        above = places.low_lunar_altitude if altitude is None else units.to_si(altitude, "m", "altitude")
        return [apsis(system, "moon", bodies.moon.radius + above, azimuth=angle) for angle in (EAST, WEST)]
    if target in _ENTRIES:
        above = places.aerocapture_altitude if altitude is None else units.to_si(altitude, "m", "altitude")
        if inclination is not None:
            tilt = float(units.to_si(inclination, "rad", "inclination"))
            return [apsis(system, "earth", bodies.earth.radius + above, inclination=tilt)]
        return [apsis(system, "earth", bodies.earth.radius + above, azimuth=angle) for angle in (EAST, WEST)]
    if c3 is not None:
        energy = float(units.to_si(c3, "m2/s2", "c3"))
    else:
        energy = (
            float(np.mean(np.asarray(mars_v_infinity(load(scenario).model)[0]) ** 2)) if target == "mars" else 0.1e6
        )
    return [escape(system, energy, azimuth=angle) for angle in (EAST, WEST)]


_POINTS = {"eml1": 0, "eml2": 1, "eml4": 3, "eml5": 4}
_ENTRIES = ("leo", "sso", "geo")


@lru_cache(maxsize=4)
def _nrho(mass_ratio: float, period: float) -> periodic_orbits.PeriodicOrbit:
    return periodic_orbits.near_rectilinear(mass_ratio, period)


def achromatic_site(model: Scenario, system: cr3bp.System, target: str) -> tuple[Site, Aimed]:
    index, speed, days = ACHROMATIC[target]
    aimed = point(cr3bp.lagrange_points(system.mass_ratio)[index])
    guess = (np.deg2rad(TARGETS[target][1]), speed, EAST, days * DAY)
    found = achromatic(system, 0.0, model.bodies.moon.radius, 0.0, aimed, guess)
    return found.site, Aimed(aimed, float(found.shot.speed), float(found.shot.azimuth), float(found.time), 0.0)


@lru_cache(maxsize=1)
def _normals() -> np.ndarray:
    """Points (n, 3) spread as three independent normal variables; the same each time."""
    return norm.ppf(qmc.Sobol(3, scramble=True, rng=0).random_base2(15))


def capture_radius(miss: np.ndarray, second: float, errors: np.ndarray, probability: float) -> float:
    """Radius within which a share of shots passes, with the second order in the speed; good to some 0.3 %.

    Near an achromatic site the first order vanishes, and the second decides. For an escape, whose second order is NaN,
    and without errors the linear law is taken, which is exact then.

    Args:
        miss: (2, 3), as of `lunar_launch_arrival.arrive`.
        second: second derivative of the miss in the plane by the speed.
        errors: standard deviations (3,).
        probability: the share.
    """
    if not np.isfinite(second) or not np.any(errors > 0.0):
        covariance = dispersion.mapped(miss, np.diag(errors**2))
        return float(dispersion.radius_for(jnp.stack(dispersion.ellipse(covariance)[:2]), probability))
    drawn = _normals() * errors
    off = drawn @ miss.T
    off[:, 0] += 0.5 * second * drawn[:, 0] ** 2
    return float(np.quantile(np.hypot(*off.T), probability))


class Availability(NamedTuple):
    share: float
    """Of the time in which the target can be hit."""
    windows_per_year: float
    """NaN where it always can."""
    reason: str


def availability_of(model: Scenario, target: str) -> Availability:
    places, earth = model.places, model.bodies.earth
    if target in ("sso", "geo"):
        kernel = ephemeris()
        start = float(units.to_tdb_seconds(model.first_departure))
        if target == "sso":
            radius = float(earth.radius + places.sso_altitude)
            tilt = float(orbits.sun_synchronous_inclination(earth.mu, earth.radius, earth.j2, radius, earth.year))
            rate = float(orbits.nodal_precession(earth.mu, earth.radius, earth.j2, radius, 0.0, tilt))
            orbit = ParkingOrbit(radius, tilt, 0.0, start, rate)
        else:
            orbit = ParkingOrbit(GEOSTATIONARY_RADIUS, 0.0, 0.0, start, 0.0)
        tolerance = float(places.plane_tolerance)
        share, windows = lunar_launch_dates.plane_windows(kernel, orbit, start, start + JULIAN_YEAR, tolerance)
        reason = f"the Moon within {np.rad2deg(tolerance):.1f} deg of the orbit's plane, over a year"
        return Availability(share, float(windows), reason)
    if target == "mars":
        period, tolerance = float(places.mars_launch_period), float(places.asymptote_tolerance)
        share = period / MARS_SYNODIC_PERIOD * tolerance / np.pi
        reason = "the launch period of each opportunity, and in it the days on which the Moon's place fits"
        return Availability(share, JULIAN_YEAR / MARS_SYNODIC_PERIOD, reason)
    if target == "nrho":
        reason = "always for some phase of the orbit; a given catcher there once in 6.6 days"
        return Availability(1.0, JULIAN_YEAR / NRHO_PERIOD, reason)
    if target == "leo":
        reason = "always, into the plane through the Moon; a given plane twice a month"
        return Availability(1.0, 2.0 * JULIAN_YEAR / SIDEREAL_MONTH, reason)
    return Availability(1.0, np.nan, "always: the target stands still as seen from the muzzle, but for librations")
