"""Thrown from the Moon: muzzle conditions for a target, how the shot arrives, how errors show, and where misses end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np
from astropy import units as u
from matplotlib.figure import Figure

from astro_logistics import units
from astro_logistics.api._lunar_launch import (
    ACHROMATIC,
    TARGETS,
    Aimed,
    Availability,
    achromatic_site,
    aims,
    availability_of,
    capture_radius,
    place,
    rails_of,
    same,
    shot_of,
    site_of,
    system_of,
)
from astro_logistics.api.checks import check_name, error
from astro_logistics.api.sampling import progress_bar
from astro_logistics.api.scenarios import read
from astro_logistics.astro import cr3bp, dispersion
from astro_logistics.astro._lunar_launch_scan import flown
from astro_logistics.astro.lunar_launch import Site
from astro_logistics.astro.lunar_launch_arrival import Arrival, arrive, plane_misses
from astro_logistics.astro.lunar_launch_families import families
from astro_logistics.astro.lunar_launch_fates import NAMES, fates, shares
from astro_logistics.constants import DAY, JULIAN_YEAR
from astro_logistics.launch.mass_driver import MassDriver
from astro_logistics.report import lunar_launch as drawing

ZERO = 0.0 * u.deg
SPEED_ERROR = 0.001 * u.m / u.s
"""What the study of 1975 asks for (NASA SP-413)."""
AIR = 100e3  # m, above which the Earth is met by shots that err


@dataclass(frozen=True)
class LunarThrow:
    """One family of shots from the Moon to a target; where a figure has no meaning for the target it is NaN."""

    target: str
    family: str
    """"direct", or "slow" with the number of times it turns back on the way."""
    longitude_deg: float
    latitude_deg: float
    muzzle_speed_km_per_s: float
    """Over the ground."""
    azimuth_deg: float
    elevation_deg: float
    flight_time_days: float
    arrival_speed_km_per_s: float
    """Relative to the catcher; about the body at an apsis; at infinity of an escape."""
    kick_m_per_s: float
    """To stay: stop at the catcher, or circularize about the Moon."""
    c3_km2_per_s2: float
    """Of an escape."""
    inclination_deg: float
    """At an apsis, to the plane of the Moon's orbit."""
    miss_km_per_m_per_s: float
    """Miss in the target's plane for 1 m/s of muzzle speed (of an escape: m/s at infinity, divided by 1000)."""
    miss_km_per_m_per_s_squared: float
    """Second order: half the second derivative."""
    miss_km_per_tenth_mrad_up: float
    miss_km_per_tenth_mrad_aside: float
    speed_error_m_per_s: float
    """At the muzzle, one standard deviation, as the figures below have it."""
    miss_ellipse_km: tuple[float, float]
    """Standard deviations of the miss along the axes of its ellipse (of an escape: km/s at infinity)."""
    capture_radius_km: float
    """Within which the given share of shots arrives, for the given muzzle errors; second order in the speed."""
    correction_m_per_s: float
    """Delta-v, at a quarter of the flight, that suffices for the given share of shots; first order."""
    jacobi_drift: float
    availability_fraction: float
    """Share of the time in which the target can be hit."""
    windows_per_year: float
    """How often it comes into reach; NaN where it always is."""
    availability: str


@dataclass(frozen=True)
class ThrowFates:
    """Where shots that err end, as shares with their sampling errors."""

    target: str
    shots: int
    years: float
    fate: tuple[str, ...]
    share: tuple[float, ...]
    standard_error: tuple[float, ...]


def lunar_throws(
    target: str,
    *,
    longitude: Any = None,
    latitude: Any = None,
    elevation: Any = ZERO,
    altitude: Any = None,
    inclination: Any = None,
    c3: Any = None,
    speed_error: Any = SPEED_ERROR,
    pointing_error: Any = None,
    probability: float = 0.99,
    scenario: str = "baseline",
) -> list[LunarThrow]:
    """Every family of shots from a site on the Moon that reaches a target, in order of flight time.

    The circular problem of Earth and Moon, integrated; the librations are left out (8 degrees of longitude, 6.9 of
    latitude: a shot at the real Moon is aimed anew, see `astro.lunar_launch_dates`).

    Args:
        target: a name of `TARGETS`.
        longitude, latitude: of the site, selenographic; None: a place from which the target is reached by level
            rails, for "eml1" and "eml2" the achromatic one.
        elevation: of the rails.
        altitude: of the lunar orbit ("llo") or of the perigee ("leo", "sso", "geo"); by default the scenario's.
        inclination: of the arrival at a perigee, to the plane of the Moon's orbit; None: level east or west.
        c3: of an escape.
        speed_error, pointing_error: standard deviations at the muzzle, the second of each angle; None: the driver's.
        probability: share of shots for the capture radius and the correction.
        scenario: whose bodies and places.

    Returns:
        Empty where no family is wider than the mesh of the search: try another longitude or elevation.

    Raises:
        ScenarioError, UnitError: unknown target, wrong units, a site or probability that cannot be.
    """
    errors = errors_of(speed_error, pointing_error, read(scenario)[0].mass_driver)
    return found_throws(
        target,
        lambda _: errors,
        longitude=longitude,
        latitude=latitude,
        elevation=elevation,
        altitude=altitude,
        inclination=inclination,
        c3=c3,
        probability=probability,
        scenario=scenario,
    )


def errors_of(speed_error: Any, pointing_error: Any, driver: MassDriver) -> np.ndarray:
    """Standard deviations in speed m/s, aside and upward rad; where no pointing error is given, the driver's."""
    if pointing_error is None:
        pointing_error = float(driver.pointing_error) * u.rad
    speed = float(units.to_si(speed_error, "m/s", "speed_error"))
    angle = float(units.to_si(pointing_error, "rad", "pointing_error"))
    for name, value, given in (("speed_error", speed, speed_error), ("pointing_error", angle, pointing_error)):
        if value < 0.0:
            raise error(name, f"{given}", "zero or above")
    return np.array([speed, angle, angle])


def found_throws(
    target: str,
    errors: Callable[[float], np.ndarray],
    *,
    longitude: Any,
    latitude: Any,
    elevation: Any,
    altitude: Any,
    inclination: Any,
    c3: Any,
    probability: float,
    scenario: str,
) -> list[LunarThrow]:
    """`lunar_throws` with muzzle errors (3,) as a function of the muzzle speed in m/s."""
    check_name("target", target, TARGETS)
    model = read(scenario)[0]
    if not 0.0 < probability < 1.0:
        raise error("probability", f"{probability}", "between 0 and 1")
    system, where, rails = system_of(model), site_of(model, target, longitude, latitude), rails_of(elevation)
    goals = aims(scenario, system, target, altitude, inclination, c3)
    available = availability_of(model, target)
    shots: list[Aimed] = []
    with progress_bar("aiming") as progress:
        if target in ACHROMATIC and longitude is None and rails == 0.0 and float(where.latitude) == 0.0:
            where, first = achromatic_site(model, system, target)
            shots.append(first)
        progress(0.2)
        for k, aimed in enumerate(goals):
            found = families(system, where, rails, aimed, float(model.bodies.moon.radius))
            rows = [Aimed(aimed, *(float(x) for x in row)) for row in zip(*found, strict=True)]
            shots += [row for row in rows if not any(same(row, known) for known in shots)]
            progress(0.2 + 0.6 * (k + 1) / len(goals))
        shots.sort(key=lambda row: row.time)
        labelled = []
        for k, row in enumerate(shots):
            labelled.append(_labelled(system, target, where, rails, row, errors(row.speed), probability, available))
            progress(0.8 + 0.2 * (k + 1) / len(shots))
    return labelled


def lunar_throw_fates(
    throw: LunarThrow,
    *,
    speed_error: Any = SPEED_ERROR,
    pointing_error: Any = None,
    years: float = 1.0,
    shots: int = 512,
    seed: int = 0,
    scenario: str = "baseline",
) -> ThrowFates:
    """Where shots with muzzle errors end if nothing catches, burns or brakes them: a sample, followed for years.

    The circular problem, without the Sun: shares, not forecasts (`astro.lunar_launch_fates`).

    Args:
        throw: from `lunar_throws`.
        speed_error, pointing_error: standard deviations at the muzzle; the second None: the driver's.
        years: Julian years to follow.
        shots: size of the sample.
        seed: of its random numbers.
        scenario: whose bodies.
    """
    model = read(scenario)[0]
    spread = errors_of(speed_error, pointing_error, model.mass_driver)
    if not (shots >= 1 and years > 0.0):
        raise error("shots, years", f"{shots}, {years}", "at least one shot, more than no time")
    errors = np.random.default_rng(seed).standard_normal((shots, 3)) * spread
    where = place(throw.longitude_deg, throw.latitude_deg, float(model.bodies.moon.radius))
    shot = shot_of(1e3 * throw.muzzle_speed_km_per_s, np.deg2rad(throw.azimuth_deg), np.deg2rad(throw.elevation_deg))
    radii = float(model.bodies.earth.radius) + AIR, float(model.bodies.moon.radius)
    with progress_bar("following") as progress:
        found = fates(system_of(model), where, shot, errors, radii, years * JULIAN_YEAR, progress)
    share, spread_of_share = shares(found)
    return ThrowFates(throw.target, shots, years, NAMES, tuple(map(float, share)), tuple(map(float, spread_of_share)))


def lunar_throw_figures(throws: Sequence[LunarThrow], *, scenario: str = "baseline") -> tuple[Figure, Figure]:
    """Paths of shots in the rotating and the inertial frame, and their miss against the error of the muzzle speed.

    Args:
        throws: from `lunar_throws`, of default altitudes; an escape has no miss to draw.
        scenario: whose bodies.
    """
    model = read(scenario)[0]
    system, bodies = system_of(model), model.bodies
    length = float(system.length)
    paths, curves = {}, {}
    error = np.geomspace(1e-4, 10.0, 40)
    errors = np.stack([error, np.zeros(40), np.zeros(40)], axis=-1)
    for throw in throws:
        where = place(throw.longitude_deg, throw.latitude_deg, float(bodies.moon.radius))
        angles = np.deg2rad(throw.azimuth_deg), np.deg2rad(throw.elevation_deg)
        shot = shot_of(1e3 * throw.muzzle_speed_km_per_s, *angles)
        time = throw.flight_time_days * DAY / float(system.time)
        name = f"{throw.target}, {throw.family}, {throw.longitude_deg:.1f} deg, azimuth {throw.azimuth_deg:.0f} deg"
        paths[name] = flown(system, where, shot, time)
        target = aims(scenario, system, throw.target, None, None, None)[0]
        if float(target.kind) < 2.0:
            found = plane_misses(system, where, shot, throw.flight_time_days * DAY, target, errors)
            curves[name] = (error, np.asarray(found)[:, 0])
    radii = float(bodies.earth.radius) / length, float(bodies.moon.radius) / length
    ways = drawing.trajectories(float(system.mass_ratio), paths, radii=radii, length=length)
    return ways, drawing.misses(curves)


def _labelled(
    system: cr3bp.System,
    target: str,
    where: Site,
    rails: float,
    row: Aimed,
    errors: np.ndarray,
    probability: float,
    available: Availability,
) -> LunarThrow:
    shot = shot_of(row.speed, row.azimuth, rails)
    time = np.float64(row.time)
    at: Arrival = arrive(system, where, shot, time, row.target, 0.25 * time)
    covariance = jnp.diag(jnp.asarray(errors**2))
    axes = jnp.stack(dispersion.ellipse(dispersion.mapped(at.miss, covariance))[:2])
    radius = capture_radius(np.asarray(at.miss), float(at.miss_second), errors, probability)
    push = dispersion.radius_for(dispersion.spreads(dispersion.mapped(at.correction, covariance)), probability)
    miss = np.asarray(at.miss) / 1e3
    turns = int(row.turns)
    return LunarThrow(
        target=target,
        family="direct" if turns == 0 else f"slow ({turns})",
        longitude_deg=float(np.rad2deg(where.longitude)),
        latitude_deg=float(np.rad2deg(where.latitude)),
        muzzle_speed_km_per_s=row.speed / 1e3,
        azimuth_deg=float(np.rad2deg(row.azimuth)) % 360.0,
        elevation_deg=float(np.rad2deg(rails)),
        flight_time_days=row.time / DAY,
        arrival_speed_km_per_s=float(at.speed) / 1e3,
        kick_m_per_s=float(at.kick),
        c3_km2_per_s2=float(at.c3) / 1e6 if float(row.target.kind) == 2.0 else np.nan,
        inclination_deg=float(np.rad2deg(at.inclination)),
        miss_km_per_m_per_s=float(np.linalg.norm(miss[:, 0])),
        miss_km_per_m_per_s_squared=0.5 * float(at.miss_second) / 1e3,
        miss_km_per_tenth_mrad_up=1e-4 * float(np.linalg.norm(miss[:, 2])),
        miss_km_per_tenth_mrad_aside=1e-4 * float(np.linalg.norm(miss[:, 1])),
        speed_error_m_per_s=float(errors[0]),
        miss_ellipse_km=(float(axes[0]) / 1e3, float(axes[1]) / 1e3),
        capture_radius_km=float(radius) / 1e3,
        correction_m_per_s=float(push),
        jacobi_drift=float(at.jacobi_drift),
        availability_fraction=available.share,
        windows_per_year=available.windows_per_year,
        availability=available.reason,
    )
