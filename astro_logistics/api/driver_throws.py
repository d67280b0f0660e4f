"""The scenario's mass driver thrown at any target: the shots, how they err and arrive, what comes and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from astropy import units as u

from astro_logistics import units
from astro_logistics.api._lunar_launch import TARGETS
from astro_logistics.api.checks import check_name
from astro_logistics.api.lunar_launch import ZERO, LunarThrow, errors_of, found_throws
from astro_logistics.api.scenarios import load
from astro_logistics.compiling import quick_jit
from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.launch.mass_driver import SHOT_LIMITS
from astro_logistics.launch.mass_driver.payload_classes import PayloadClasses, track_for
from astro_logistics.network import driver_throws as throws
from astro_logistics.network.scenario import Scenario
from astro_logistics.network.surroundings import GEOSTATIONARY_RADIUS
from astro_logistics.scenario import data_folder, load_scenario

ALIASES = {"catcher": "eml2", "l4": "eml4", "l5": "eml5", "lunar-orbit": "llo", "entry": "leo"}
"""Other names of targets; "catcher" is L2 with something there that stops the payload."""
_STOPS = {"leo": "the air, then engines", "sso": "the air, then engines", "geo": "the air, then engines"}
_ON = ("escape", "heliocentric", "mars")

_throw = quick_jit(throws.throw)


@dataclass(frozen=True)
class DriverThrow:
    """One family of shots of the scenario's driver."""

    throw: LunarThrow
    """The shot itself, with the driver's own error of the muzzle speed."""
    stopped_by: str
    engines_m_per_s: float
    """Of the carrier: the correction on the way, and the burn to stay."""
    payload_fraction: float
    """Payload that has come to stay, over thrown mass."""
    shots_per_year: float
    """While the target is in reach."""
    throughput_t_per_year: float
    limited_by: str
    cost_usd_per_kg: float
    energy_mj_per_kg: float
    """Electric, per payload."""
    lost_shots_per_year: float
    """Of those, the share outside the given probability: neither caught nor corrected."""
    violated: tuple[str, ...]
    """Constraints of the driver that the shot does not meet."""


@dataclass(frozen=True)
class PayloadTrack:
    """The track that a class of payload asks for: at the acceleration it stands, and at the ends of its range."""

    name: str
    acceleration_g: float
    track_m: float
    shortest_m: float
    longest_m: float
    time_s: float
    status: str
    source: str


def driver_throws(
    target: str,
    *,
    longitude: Any = None,
    latitude: Any = None,
    elevation: Any = ZERO,
    speed_error: Any = None,
    pointing_error: Any = None,
    probability: float = 0.99,
    scenario: str = "baseline",
) -> list[DriverThrow]:
    """Every family of shots to a target, thrown by the scenario's driver.

    `lunar_throws` with the error of the driver's muzzle speed, and with what the driver gives and costs at that speed.
    The circular problem: what the real Moon asks for besides is in `lunar_throw_on_dates`.

    Args:
        target: a name of `lunar_throws`, or "catcher" (L2, stopped there), "l4", "l5", "lunar-orbit", "entry".
        longitude, latitude, elevation: of the muzzle and its rails, as in `lunar_throws`.
        speed_error: standard deviation at the muzzle; None: from the errors of the driver's coils, untrimmed.
        pointing_error: of each angle; None: the driver's.
        probability: share of shots that the catcher or the correction is laid out for.
        scenario: whose driver, bodies, carrier and costs.

    Returns:
        In order of flight time; empty where no family was found.

    Raises:
        ScenarioError, UnitError: as `lunar_throws`.
    """
    check_name("target", target, (*TARGETS, *ALIASES))
    name = ALIASES.get(target, target)
    model = load(scenario).model
    given = errors_of(0.0 * u.m / u.s if speed_error is None else speed_error, pointing_error, model.mass_driver)

    def errors(speed: float) -> np.ndarray:
        return np.array([float(throws.muzzle_error(model, speed)), *given[1:]]) if speed_error is None else given

    found = found_throws(
        name,
        errors,
        longitude=longitude,
        latitude=latitude,
        elevation=elevation,
        altitude=None,
        inclination=None,
        c3=None,
        probability=probability,
        scenario=scenario,
    )
    if not found:
        return []
    flies_on = name in _ON or target == "catcher"
    burn = [0.0 if flies_on else _trim(model, name) if name in _STOPS else t.kick_m_per_s for t in found]
    columns = [[1e3 * t.muzzle_speed_km_per_s, t.correction_m_per_s] for t in found]
    speed, correction = np.array(columns).T
    shielded, share = np.full(len(found), float(name in _STOPS)), np.array([t.availability_fraction for t in found])
    f = _throw(model, speed, correction, np.array(burn), shielded, share)
    stopped = "a catcher" if target == "catcher" else "nothing" if flies_on else _STOPS.get(name, "engines")
    waits = "" if share[0] == 1.0 else f"{'Mars' if name == 'mars' else 'orbit plane'} in reach, "
    year = JULIAN_YEAR
    return [
        DriverThrow(
            throw=t,
            stopped_by=stopped,
            engines_m_per_s=float(correction[k] + burn[k]),
            payload_fraction=float(f.payload_fraction[k]),
            shots_per_year=float(f.shot_rate[k] * share[k]) * year,
            throughput_t_per_year=float(f.payload_rate[k]) * year / 1e3,
            limited_by=waits + SHOT_LIMITS[int(np.argmin(f.shot_limits[:, k]))],
            cost_usd_per_kg=float(f.cost[k]),
            energy_mj_per_kg=float(f.energy[k]) / 1e6,
            lost_shots_per_year=(1.0 - probability) * float(f.shot_rate[k] * share[k]) * year,
            violated=tuple(n for n, x in zip(throws.RESIDUALS, f.residuals[:, k], strict=True) if not x <= 0.0),
        )
        for k, t in enumerate(found)
    ]


def _trim(model: Scenario, name: str) -> float:
    """After the aerocapture: into the plane of the orbit, by half the tolerance on average, or into any plane."""
    places = model.places
    altitude = places.sso_altitude if name == "sso" else places.leo_altitude
    radius = GEOSTATIONARY_RADIUS if name == "geo" else model.bodies.earth.radius + altitude
    return float(throws.trim(model, radius, 0.0 if name == "leo" else 0.5 * places.plane_tolerance))


@lru_cache(maxsize=1)
def _classes() -> tuple[PayloadClasses, Any]:
    return load_scenario(data_folder() / "collections" / "payload_classes.toml", PayloadClasses)


def payload_tracks(speed: Any) -> list[PayloadTrack]:
    """The track that each class of payload asks for to leave with a muzzle speed, from the catalogue.

    Args:
        speed: at the muzzle.
    """
    v = float(units.to_si(speed, "m/s", "speed"))
    classes, ledger = _classes()
    rows = []
    for name, payload in classes.classes.items():
        record = ledger[f"classes.{name}.acceleration"]
        length, time = track_for(payload, v)
        hard, soft = (0.5 * v * v / a for a in (record.si_high, record.si_low))
        g = float(payload.acceleration) / 9.80665
        rows.append(PayloadTrack(name, g, float(length), hard, soft, float(time), record.status, record.source))
    return sorted(rows, key=lambda row: row.track_m)
