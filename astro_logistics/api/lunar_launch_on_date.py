"""A throw from the Moon corrected for the real Moon on given dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from astropy.time import Time

from astro_logistics import units
from astro_logistics.api._lunar_launch import aims, place, shot_of, system_of
from astro_logistics.api.checks import error
from astro_logistics.api.lunar_launch import AIR, LunarThrow
from astro_logistics.api.scenarios import ephemeris, read
from astro_logistics.astro.cr3bp import System
from astro_logistics.astro.lunar_launch import Site
from astro_logistics.astro.lunar_launch_aim import Target
from astro_logistics.astro.lunar_launch_dates import libration
from astro_logistics.astro.lunar_launch_on_date import aim_on_dates, with_derivatives
from astro_logistics.constants import DAY
from astro_logistics.numerics import norm
from astro_logistics.pytree import replace_at

OBSTACLES = ("", "the Earth", "the Moon")


@dataclass(frozen=True)
class MuzzleSlope:
    """How the solved muzzle conditions change with one of the things that they were solved for."""

    by: str
    """With its unit: "date, hour", "longitude, deg", "latitude, deg", "height, km", and of the target "apsis, km", "C3,
    km2/s2" or the place of a point in the rotating frame, "x, km" (away from the Earth), "y, km", "z, km"."""
    speed_m_per_s: float
    azimuth_deg: float
    elevation_deg: float
    flight_time_hours: float


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
    obstacle: str
    """"the Earth" or "the Moon" where that is in the way of the solved shot: it does not arrive. Else empty."""
    obstacle_days: float
    """When it is met, after the shot."""
    slopes: tuple[MuzzleSlope, ...]
    """Where asked for."""


def lunar_throw_on_dates(
    throw: LunarThrow,
    dates: Sequence[Time | str],
    *,
    tilted: bool = False,
    slopes: bool = False,
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
        slopes: whether to tell how speed, azimuth, elevation and time of flight change with the date, the site and the
            target: exact derivatives, with tilted rails those of the least change (`astro.lunar_launch_on_date`).
        altitude, inclination, c3: as they were given to `lunar_throws`.
        scenario: whose bodies.

    Returns:
        One per date. Not converged: the librations have carried the site out of reach of the target on such rails.
        Look at `obstacle` too: the muzzle conditions are solved as if nothing were in the way. The Earth's air, up to
        100 km, is in the way of what does not aim at a perigee.

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
    enters = float(target.kind) == 1.0 and float(target.center) < 0.0
    radii = np.array([float(bodies.earth.radius) + (0.0 if enters else AIR), float(bodies.moon.radius)])
    found = aim_on_dates(kernel, mu, system, where, shot, time, target, np.array(given), radii, steered=tilted)
    changes: list[tuple[MuzzleSlope, ...]] = [()] * len(given)
    if slopes:
        names = _ways(target)

        def moved(step: jax.Array) -> jax.Array:
            site, goal = _stepped(where, target, dict(zip(names, step, strict=True)), system)
            when = jnp.asarray(given) + 3600.0 * step[0]
            new, flight = with_derivatives(kernel, mu, system, site, elevation, goal, when, found, steered=tilted)
            angles = jnp.rad2deg(new.azimuth), jnp.rad2deg(new.elevation)
            return jnp.stack([new.speed, *angles, flight / 3600.0], axis=-1)

        table = np.asarray(jax.jacfwd(moved)(jnp.zeros(len(names))))  # (dates, 4, names)
        changes = [tuple(MuzzleSlope(n, *map(float, row[:, j])) for j, n in enumerate(names)) for row in table]
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
            obstacle=OBSTACLES[int(np.nan_to_num(found.obstacle[k]))],
            obstacle_days=float(found.obstacle_time[k]) / DAY,
            slopes=changes[k],
        )
        for k, t in enumerate(given)
    ]


def _ways(target: Target) -> tuple[str, ...]:
    """What the muzzle conditions are differentiated by, for this kind of target; the date first."""
    kinds = (("x, km", "y, km", "z, km"), ("apsis, km",), ("C3, km2/s2",))
    return ("date, hour", "longitude, deg", "latitude, deg", "height, km", *kinds[int(target.kind)])


def _stepped(site: Site, target: Target, step: dict[str, jax.Array], system: System) -> tuple[Site, Target]:
    """Site and target moved by steps in the units of their names."""
    moved = Site(
        longitude=site.longitude + jnp.deg2rad(step["longitude, deg"]),
        latitude=site.latitude + jnp.deg2rad(step["latitude, deg"]),
        radius=site.radius + 1e3 * step["height, km"],
    )
    if "apsis, km" in step:
        return moved, replace_at(target, {"radius": target.radius + 1e3 / system.length * step["apsis, km"]})
    if "C3, km2/s2" in step:
        return moved, replace_at(
            target, {"c3": target.c3 + 1e6 * (system.time / system.length) ** 2 * step["C3, km2/s2"]}
        )
    place = jnp.stack([step[name] for name in ("x, km", "y, km", "z, km")])
    return moved, replace_at(target, {"position": target.position + 1e3 / system.length * place})
