"""Where a refilled ship can go from the depot, with how many tankers and at what cost; electric tugs beside it."""

from __future__ import annotations

import dataclasses
import os
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from astro_logistics import units
from astro_logistics.api.scenarios import SourcedScenario, ephemeris, load
from astro_logistics.astro import orbits
from astro_logistics.compiling import quick_jit
from astro_logistics.constants import DAY
from astro_logistics.launch import ascent, ascent_loss
from astro_logistics.launch.tug import Tug
from astro_logistics.network import aerocapture, rocket_routes
from astro_logistics.network.aerocapture import CaptureFigures
from astro_logistics.network.beyond_legs import LunarSpace
from astro_logistics.network.departures import Departures, RoundTrips, departures, round_trips
from astro_logistics.network.destinations import Beyond, BeyondInputs, DestinationFigures
from astro_logistics.network.destinations import destinations as network_destinations
from astro_logistics.network.lander import lander_refuelling
from astro_logistics.network.scenario import Scenario
from astro_logistics.network.tug_routes import TugFigures, tug_routes
from astro_logistics.pytree import replace_at
from astro_logistics.report.destinations import CaptureResult, DestinationResult, Destinations, TankersResult, TugResult
from astro_logistics.scenario.loader import load_scenario
from astro_logistics.scenario.paths import data_folder
from astro_logistics.scenario.records import Ledger

JUPITER_SPAN = ("2028-01-01", "2032-12-31")
"""Departures to Jupiter that the figures are means over: five yearly opportunities (the planet's year has twelve)."""


@lru_cache(maxsize=4)
def _ways(mu_sun: float, start: str, stop: str) -> tuple[RoundTrips, Departures]:
    """Ways to Mars and back, and to Jupiter, from the ephemeris."""
    begin, end = (float(units.to_tdb_seconds(t)) for t in (start, stop))
    out = departures(ephemeris(), "mars", begin, end, mu_sun)
    first, last = (float(units.to_tdb_seconds(t)) for t in JUPITER_SPAN)
    return round_trips(ephemeris(), out, "mars", mu_sun), departures(ephemeris(), "jupiter", first, last, mu_sun)


@lru_cache(maxsize=1)
def lunar_space() -> LunarSpace:
    """What the ways about the Moon ask for; the dates of the planets, which they do not, are left out."""
    computed = {"ways.mars.trips": None, "ways.jupiter.ways": None}
    found, _ = load_scenario(data_folder() / "collections" / "beyond.toml", BeyondInputs, computed=computed)
    return jax.tree.map(lambda x: jnp.asarray(x, jnp.float64), found.ways.lunar)


LEVERS = ("depot.boil_off_rate", "depot.transfer_loss_fraction", "depot.tanker_interval")
"""What moves the tankers of a mission besides the ship, all upwards; their ranges are those of the data."""

LANDER = "ways.lunar.lander_dry_mass"
"""So does NASA's lander, from the low end of its range to its value: the tanks take nothing heavier there and back."""


@quick_jit
def _up(scenario: Scenario) -> tuple[Array, Array]:
    """Mass brought to the depot by a flight, and what one costs: of a ship that is kept, of one that is expended."""
    up = rocket_routes.to_depot(scenario)
    return up.payload, jnp.stack([up.cost.total, up.cost_expended.total])


@quick_jit
def _ships(scenario: Scenario, beyond: Beyond, lifted: Array) -> dict[str, DestinationFigures]:
    return network_destinations(scenario, beyond, lifted)


@quick_jit
def _caught(scenario: Scenario, inputs: BeyondInputs) -> dict[str, CaptureFigures]:
    return aerocapture.captures(scenario, inputs.ways, inputs.shell, inputs.capture)


_lander = quick_jit(lander_refuelling)


@quick_jit
def _tugs(scenario: Scenario, tug: Tug, lifted: Array) -> dict[str, TugFigures]:
    earth, launcher, places = scenario.bodies.earth, scenario.launcher, scenario.places
    low = places.parking_altitude
    radius = earth.radius + places.sso_altitude
    plane = orbits.sun_synchronous_inclination(earth.mu, earth.radius, earth.j2, radius, earth.year)
    into_plane = ascent_loss.payload(earth, launcher.vehicle, ascent.circular(earth, low, plane, low))
    return tug_routes(scenario, tug, lifted, into_plane)


def destinations(scenario: SourcedScenario | str | os.PathLike[str] = "baseline") -> Destinations:
    """Missions beyond the depot by refilled ships of the scenario's launcher, and ways by electric tug.

    Tankers and cost per kilogram are for the payload one flight lifts (or full tanks carry), each tanker the same mass;
    a ship that stays away is charged in full. Means over the departures to Mars in the scenario's years and to Jupiter
    in 2028 to 2032. Of a tug only its launches are counted, not its own making.

    Raises:
        ScenarioError: no such scenario.
    """
    loaded = scenario if isinstance(scenario, SourcedScenario) else load(scenario)
    model = loaded.model
    trips, ways = _ways(float(model.bodies.sun.mu), model.first_departure, model.last_departure)
    computed = {"ways.mars.trips": trips, "ways.jupiter.ways": ways}
    file = data_folder() / "collections" / "beyond.toml"
    inputs, ledger = load_scenario(file, BeyondInputs, computed=computed)
    inputs = jax.tree.map(jnp.asarray, inputs)
    lifted, costs = _up(model)
    ships, tugs = _ships(model, inputs.ways, lifted), _tugs(model, inputs.tug, lifted)
    kept, expended = (float(x) for x in costs)
    return Destinations(
        tuple(_ship(found, kept, expended) for found in ships.values()),
        tuple(_tug(found, kept) for found in tugs.values()),
        _compared(loaded, inputs, ledger),
        tuple(_capture(found, inputs) for found in _caught(model, inputs).values()),
    )


def _compared(loaded: SourcedScenario, inputs: BeyondInputs, ledger: Ledger) -> tuple[TankersResult, ...]:
    """Published tankers beside those of the scenario, and the least and the most that the ranges allow."""
    dry = f"launcher.vehicle.stages.{len(loaded.model.launcher.vehicle.stages) - 1}.dry_mass"
    low, high = (
        replace_at(loaded.model, {path: jnp.asarray(getattr(loaded.ledger[path], end)) for path in (*LEVERS, dry)})
        for end in ("si_low", "si_high")
    )
    light = replace_at(inputs, {LANDER: jnp.asarray(ledger[LANDER].si_low)})
    rows = []
    for name, published in inputs.tankers.items():
        counts = []
        for model, ways in ((loaded.model, inputs.ways), (low, light.ways), (high, inputs.ways)):
            load = _up(model)[0] if published.load is None else published.load
            if published.payload is None:
                found = _ships(model, ways, load)[published.mission]
            else:
                found = _lander(model, ways.lunar, published.payload, load)
            flown = all(float(x) <= 0.0 for x in found.residuals.values())
            counts.append(float(found.tankers) if flown else np.inf)
        load_t = None if published.load is None else float(published.load) / 1e3
        said = ledger[f"tankers.{name}.count"]
        ends = (float(published.count), said.si_low, said.si_high)
        rows.append(TankersResult(published.said_by, published.mission, *ends, load_t, *counts))
    return tuple(rows)


def _ship(found: DestinationFigures, kept: float, expended: float) -> DestinationResult:
    flights = float(found.flights_returning + found.flights_expended)
    cost = float(found.flights_returning) * kept + float(found.flights_expended) * expended
    payload = float(found.payload)
    return DestinationResult(
        name=found.name,
        is_returning=found.is_returning,
        delta_v_km_per_s=float(found.delta_v) / 1e3,
        delta_v_back_km_per_s=float(found.delta_v_back) / 1e3,
        transit_days=float(found.transit_time) / DAY,
        mission_days=float(found.mission_time) / DAY,
        campaign_days=float(found.campaign) / DAY,
        payload_t=payload / 1e3,
        tankers=float(found.tankers),
        flights=flights,
        cost_usd_per_kg=cost / payload if payload > 0.0 else np.nan,
        residuals={name: float(x) for name, x in found.residuals.items()},
    )


def _tug(found: TugFigures, kept: float) -> TugResult:
    payload = float(found.payload_reused)
    return TugResult(
        name=found.name,
        delta_v_km_per_s=float(found.delta_v) / 1e3,
        sunlit_fraction=float(found.sunlit_fraction),
        payload_per_flight_t=payload / 1e3,
        payload_per_flight_new_tug_t=float(found.payload_expended) / 1e3,
        transit_days=float(found.transit_time) / DAY,
        cycle_days=float(found.cycle_time) / DAY,
        launch_cost_usd_per_kg=kept / payload if payload > 0.0 else np.nan,
        residuals={name: float(x) for name, x in found.residuals.items()},
    )


def _capture(found: CaptureFigures, inputs: BeyondInputs) -> CaptureResult:
    shell = float(inputs.shell.shield_fraction + inputs.shell.structure_fraction)
    return CaptureResult(
        name=found.name,
        delta_v_km_per_s=float(found.delta_v) / 1e3,
        useful_by_air=float(found.by_air),
        useful_by_engines=float(found.by_engines),
        shell=shell,
        break_even_shell=float(found.break_even_shell),
    )


def plain(found: Destinations) -> dict[str, Any]:
    """The figures as JSON shows them."""
    rows = {
        kind: [dataclasses.asdict(row) | {"violated": list(row.violated)} for row in rows]
        for kind, rows in (("destinations", found.ships), ("tugs", found.tugs))
    }
    tankers = [dataclasses.asdict(row) | {"is_in_range": row.is_in_range} for row in found.tankers]
    captures = [dataclasses.asdict(row) for row in found.captures]
    return rows | {
        "captures": captures,
        "published_tankers": tankers,
        "launches_saved_by_tug": found.launches_saved_by_tug,
    }
