"""A throw from the Moon corrected for the real Moon on given dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from astropy.time import Time

from astro_logistics import units
from astro_logistics.api._lunar_launch import aims, place, shot_of, system_of
from astro_logistics.api.checks import error
from astro_logistics.api.lunar_launch import LunarThrow
from astro_logistics.api.scenarios import ephemeris, read
from astro_logistics.astro.lunar_launch_dates import libration
from astro_logistics.astro.lunar_launch_on_date import aim_on_dates
from astro_logistics.constants import DAY
from astro_logistics.numerics import norm


@dataclass(frozen=True)
class ThrowOnDate:
    """One shot at the real Moon; NaN where none is found near the circular problem's."""

    target: str
    departure: str
    """ISO, TDB."""
    moon_distance_km: float
    libration_longitude_deg: float
    """Of the Earth's place in the Moon's sky, then; zero in the circular problem."""
    libration_latitude_deg: float
    first_miss_km: float
    """Of the shot as aimed in the circular problem: distance from the point, or error of the apsis."""
    first_c3_error_km2_per_s2: float
    """The same of an escape."""
    muzzle_speed_km_per_s: float
    azimuth_deg: float
    elevation_deg: float
    speed_change_m_per_s: float
    azimuth_change_deg: float
    elevation_change_deg: float
    flight_time_days: float
    arrival_speed_km_per_s: float
    kick_m_per_s: float
    miss_m: float
    """That is left."""
    converged: bool
    clears_ground: bool
    """False where the shot would have to leave below the horizon."""


def lunar_throw_on_dates(
    throw: LunarThrow,
    dates: Sequence[Time | str],
    *,
    tilted: bool = False,
    altitude: Any = None,
    inclination: Any = None,
    c3: Any = None,
    scenario: str = "baseline",
) -> list[ThrowOnDate]:
    """Correct a throw for dates on which the Moon is where JPL's ephemeris has it.

    Point masses of the Sun, the Earth and the Moon, integrated (`astro.lunar_launch_on_date`). A libration point is
    where the frame of the two bodies, at their distance then, has it.

    Args:
        throw: from `lunar_throws`.
        dates: of the shot.
        tilted: whether the rails may be raised and lowered; else only speed, azimuth and time of flight are corrected.
        altitude, inclination, c3: as they were given to `lunar_throws`.
        scenario: whose bodies.

    Returns:
        One per date. Not converged: the librations have carried the site out of reach of the target on such rails.

    Raises:
        ScenarioError, UnitError: no dates, dates outside the ephemeris, wrong units.
    """
    model = read(scenario)[0]
    bodies, kernel = model.bodies, ephemeris()
    given = [float(units.to_tdb_seconds(t)) for t in ([dates] if isinstance(dates, (str, Time)) else dates)]
    first, last = kernel.span
    ends = [t + 2.0 * throw.flight_time_days * DAY for t in given]
    if not given or min(given) < first or max(ends) > last:
        wanted = f"at least one, from {units.iso_tdb(first)} to {units.iso_tdb(last)} less two flights"
        raise error("dates", f"{list(dates)}"[:80], wanted)
    system = system_of(model)
    azimuth, elevation = np.deg2rad(throw.azimuth_deg), np.deg2rad(throw.elevation_deg)
    choices = aims(scenario, system, throw.target, altitude, inclination, c3)
    target = min(choices, key=lambda c: abs(float(c.azimuth) - azimuth))
    where = place(throw.longitude_deg, throw.latitude_deg, float(bodies.moon.radius))
    speed, time = 1e3 * throw.muzzle_speed_km_per_s, throw.flight_time_days * DAY
    mu = np.array([float(b.mu) for b in (bodies.sun, bodies.earth, bodies.moon)])
    shot = shot_of(speed, azimuth, elevation)
    found = aim_on_dates(kernel, mu, system, where, shot, time, target, np.array(given), steered=tilted)
    away = np.asarray(norm(kernel.state("moon", np.array(given), "earth")[0]))
    seen = np.rad2deg(np.stack(libration(kernel, np.array(given))))
    escapes = float(target.kind) > 1.5
    turn, rise = np.rad2deg(np.asarray(found.shot.azimuth)), np.rad2deg(np.asarray(found.shot.elevation))
    return [
        ThrowOnDate(
            target=throw.target,
            departure=units.iso_tdb(t),
            moon_distance_km=float(away[k]) / 1e3,
            libration_longitude_deg=float(seen[0, k]),
            libration_latitude_deg=float(seen[1, k]),
            first_miss_km=np.nan if escapes else float(found.first_miss[k]) / 1e3,
            first_c3_error_km2_per_s2=float(found.first_miss[k]) / 1e6 if escapes else np.nan,
            muzzle_speed_km_per_s=float(found.shot.speed[k]) / 1e3,
            azimuth_deg=float(turn[k]) % 360.0,
            elevation_deg=float(rise[k]),
            speed_change_m_per_s=float(found.shot.speed[k]) - speed,
            azimuth_change_deg=(float(turn[k]) - throw.azimuth_deg + 180.0) % 360.0 - 180.0,
            elevation_change_deg=float(rise[k]) - throw.elevation_deg,
            flight_time_days=float(found.time[k]) / DAY,
            arrival_speed_km_per_s=float(found.speed[k]) / 1e3,
            kick_m_per_s=float(found.kick[k]),
            miss_m=np.nan if escapes else float(found.miss[k]),
            converged=bool(found.converged[k]),
            clears_ground=bool(found.converged[k]) and bool(rise[k] > -1e-9),
        )
        for k, t in enumerate(given)
    ]
