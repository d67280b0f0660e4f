"""Thrown from the Moon to Mars on real dates: straight, or past the Earth with a burn at perigee."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from astropy import units as u

from astro_logistics import units
from astro_logistics.api._lunar_launch import aims, place, rails_of, shot_of, system_of
from astro_logistics.api.checks import error
from astro_logistics.api.lunar_launch import ZERO
from astro_logistics.api.scenarios import ephemeris, load
from astro_logistics.astro import lunar_launch_dates as dates
from astro_logistics.astro.lambert import lambert
from astro_logistics.astro.lunar_launch import muzzle_state
from astro_logistics.astro.lunar_launch_aim import escape
from astro_logistics.astro.lunar_launch_arrival import arrive
from astro_logistics.astro.lunar_launch_families import families
from astro_logistics.constants import DAY

LONGEST_LEAD = 20.0 * DAY
"""How long before and after the opportunity's own date shots are looked for: somewhat more than a month in all."""
DIRECT_SITE, PERIGEE_SITE = 164.0, -60.0
"""Longitudes [deg east] from which level rails throw along the Moon's motion fast, and to an Earth perigee."""


@dataclass(frozen=True)
class MarsThrow:
    """One date on which a shot from the Moon meets a Mars opportunity. Times are ISO, TDB."""

    opportunity: str
    way: str
    """"direct", or "burn at perigee"."""
    departure: str
    longitude_deg: float
    muzzle_speed_km_per_s: float
    azimuth_deg: float
    v_infinity_km_per_s: float
    asymptote_latitude_deg: float
    """From the plane of the Moon's orbit."""
    to_perigee_days: float
    burn_km_per_s: float


def lunar_throws_to_mars(
    *, longitude: Any = None, elevation: Any = ZERO, scenario: str = "baseline", opportunities: int = 1
) -> list[MarsThrow]:
    """Dates, muzzle conditions and burns of throws to Mars, about the first opportunities of a scenario.

    The velocity at infinity is that of the Lambert arc on the ephemeris, held over the weeks around the opportunity
    (its own change is 0.1 km/s in two weeks); the Moon stands where the ephemeris has it; the flight from the Moon is
    that of the circular problem. Dates are right to half a day.

    Args:
        longitude: of the site, at the equator; None: one that suits the way.
        elevation: of the rails.
        scenario: whose bodies and opportunities.
        opportunities: how many, from the first.

    Returns:
        In order of departure; nothing for a way that the site cannot throw.
    """
    model = load(scenario).model
    windows = model.mars_windows
    count = int(np.size(windows.departure))
    if not 1 <= opportunities <= count:
        raise error("opportunities", f"{opportunities}", f"1 to {count}")
    arc = lambert(model.bodies.sun.mu, windows.r_earth, windows.r_mars, windows.time_of_flight)
    away = np.asarray(arc.v1 - windows.v_earth)
    given = None if longitude is None else float(np.rad2deg(units.to_si(longitude, "rad", "longitude")))
    rails = rails_of(elevation)
    found: list[MarsThrow] = []
    for k in range(opportunities):
        best = float(np.asarray(windows.departure)[k])
        found += _direct(model, best, away[k], DIRECT_SITE if given is None else given, rails)
        found += _past_the_earth(scenario, model, best, away[k], PERIGEE_SITE if given is None else given, rails)
    return sorted(found, key=lambda row: row.departure)


def _row(
    way: str, best: float, leave: float, site: float, v: tuple[float, float], away: np.ndarray, **rest: float
) -> Any:
    size = float(np.linalg.norm(away))
    latitude = float(np.rad2deg(dates.wanted_latitude(ephemeris(), best, away)))
    return MarsThrow(
        opportunity=units.iso_tdb(best),
        way=way,
        departure=units.iso_tdb(leave),
        longitude_deg=site,
        muzzle_speed_km_per_s=v[0] / 1e3,
        azimuth_deg=float(np.rad2deg(v[1])),
        v_infinity_km_per_s=size / 1e3,
        asymptote_latitude_deg=latitude,
        to_perigee_days=rest.get("to_perigee", np.nan),
        burn_km_per_s=rest.get("burn", 0.0),
    )


def _direct(model: Any, best: float, away: np.ndarray, longitude: float, rails: float) -> list[MarsThrow]:
    system, where = system_of(model), place(longitude, 0.0, float(model.bodies.moon.radius))
    latitude = float(dates.wanted_latitude(ephemeris(), best, away))
    target = escape(system, float(away @ away), latitude=latitude)
    shots = families(system, where, rails, target, float(model.bodies.moon.radius))
    if not shots.speed.size:
        return []
    i = int(np.argmin(shots.speed))
    speed, azimuth, time = float(shots.speed[i]), float(shots.azimuth[i]), float(shots.time[i])
    at = arrive(system, where, shot_of(speed, azimuth, rails), time, target, 0.25 * time)
    angle = float(dates.asymptote_angle(system, at.state, time))
    leaves = dates.shot_dates(ephemeris(), best - LONGEST_LEAD, best + LONGEST_LEAD, away, angle)
    return [_row("direct", best, float(t), longitude, (speed, azimuth), away) for t in leaves]


def _past_the_earth(
    scenario: str, model: Any, best: float, away: np.ndarray, longitude: float, rails: float
) -> list[MarsThrow]:
    system, where = system_of(model), place(longitude, 0.0, float(model.bodies.moon.radius))
    earth, size = model.bodies.earth, float(np.linalg.norm(away))
    rows: list[MarsThrow] = []
    radius = earth.radius + model.places.parking_altitude
    for target in aims(scenario, system, "leo", float(model.places.parking_altitude) * u.m, None, None):
        shots = families(system, where, rails, target, float(model.bodies.moon.radius))
        if not shots.speed.size:
            continue
        i = int(np.argmin(shots.speed))
        speed, azimuth, time = float(shots.speed[i]), float(shots.azimuth[i]), float(shots.time[i])
        shot = shot_of(speed, azimuth, rails)
        at = arrive(system, where, shot, time, target, 0.25 * time)
        swept = dates.earth_angle(system, muzzle_state(system, where, shot), at.state, time)
        angle = dates.perigee_burn_angle(earth.mu, radius, size, swept)
        burn = float(dates.perigee_burn(earth.mu, radius, at.speed, size))
        leaves = dates.cone_dates(ephemeris(), best - LONGEST_LEAD, best + LONGEST_LEAD, away, angle)
        rest = {"to_perigee": time / DAY, "burn": burn / 1e3}
        rows += [_row("burn at perigee", best, float(t), longitude, (speed, azimuth), away, **rest) for t in leaves]
    return rows
