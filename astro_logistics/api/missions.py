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
from astro_logistics.constants import DAY
from astro_logistics.launch import ascent, ascent_loss
from astro_logistics.launch.tug import Tug
from astro_logistics.network import rocket_routes
from astro_logistics.network.departures import Departures, RoundTrips, departures, round_trips
from astro_logistics.network.destinations import Beyond, BeyondInputs, DestinationFigures
from astro_logistics.network.destinations import destinations as network_destinations
from astro_logistics.network.scenario import Scenario
from astro_logistics.network.tug_routes import TugFigures, tug_routes
from astro_logistics.report.destinations import DestinationResult, Destinations, TugResult
from astro_logistics.scenario.loader import load_scenario
from astro_logistics.scenario.paths import data_folder

JUPITER_SPAN = ("2028-01-01", "2032-12-31")
"""Departures to Jupiter that the figures are means over: five yearly opportunities (the planet's year has twelve)."""


@lru_cache(maxsize=4)
def _ways(mu_sun: float, start: str, stop: str) -> tuple[RoundTrips, Departures]:
    """Ways to Mars and back, and to Jupiter, from the ephemeris."""
    begin, end = (float(units.to_tdb_seconds(t)) for t in (start, stop))
    out = departures(ephemeris(), "mars", begin, end, mu_sun)
    first, last = (float(units.to_tdb_seconds(t)) for t in JUPITER_SPAN)
    return round_trips(ephemeris(), out, "mars", mu_sun), departures(ephemeris(), "jupiter", first, last, mu_sun)


@jax.jit
def _figures(
    scenario: Scenario, beyond: Beyond, tug: Tug
) -> tuple[dict[str, DestinationFigures], dict[str, TugFigures], Array]:
    up = rocket_routes.to_depot(scenario)
    earth, launcher, places = scenario.bodies.earth, scenario.launcher, scenario.places
    low = places.parking_altitude
    radius = earth.radius + places.sso_altitude
    plane = orbits.sun_synchronous_inclination(earth.mu, earth.radius, earth.j2, radius, earth.year)
    into_plane = ascent_loss.payload(earth, launcher.vehicle, ascent.circular(earth, low, plane, low))
    ships = network_destinations(scenario, beyond, up.payload)
    tugs = tug_routes(scenario, tug, up.payload, into_plane)
    return ships, tugs, jnp.stack([up.cost.total, up.cost_expended.total])


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
    inputs, _ = load_scenario(file, BeyondInputs, computed=computed)
    inputs = jax.tree.map(jnp.asarray, inputs)
    ships, tugs, costs = _figures(model, inputs.ways, inputs.tug)
    kept, expended = (float(x) for x in costs)
    return Destinations(
        tuple(_ship(found, kept, expended) for found in ships.values()),
        tuple(_tug(found, kept) for found in tugs.values()),
    )


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


def plain(found: Destinations) -> dict[str, Any]:
    """The figures as JSON shows them."""
    return {
        kind: [dataclasses.asdict(row) | {"violated": list(row.violated)} for row in rows]
        for kind, rows in (("destinations", found.ships), ("tugs", found.tugs))
    }
