"""Launches from the catalogue: its vehicles, what is published of them, and what flying them costs."""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro.bodies import Bodies
from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.economics.launch_cost import LaunchCost, flight_cost
from astro_logistics.launch.catalogue import PublishedPayloads
from astro_logistics.launch.fleet import Fleet, expected_flights
from astro_logistics.launch.supply import Supply
from astro_logistics.launch.vehicle import LaunchVehicle
from astro_logistics.network.lift import Flight, flight
from astro_logistics.network.scenario import Launcher
from astro_logistics.pytree import Pytree


class Operations(Pytree):
    """How often a vehicle of the catalogue flies, what it costs, and where its propellant comes from."""

    fleet: Fleet
    cost: LaunchCost
    supply: Supply


class Launches(Pytree):
    """The collection `launch_vehicles`; operations are there for the vehicles whose costs are known."""

    bodies: Bodies
    vehicles: Mapping[str, LaunchVehicle]
    published: Mapping[str, PublishedPayloads]
    operations: Mapping[str, Operations]


def cost_by_reuse(vehicle: LaunchVehicle, operations: Operations, flights: ArrayLike, rate: ArrayLike) -> Array:
    """Cost of a flight when units are made for `flights` flights and `rate` of them leave per year, USD.

    The stages that the operations reuse fly so often, less what losses take; a stage that they expend still flies
    once. There are as many boosters and ships as their turnaround asks for at that rate; limits of pads and works do
    not count.

    Args:
        vehicle: what flies.
        operations: its fleet and costs.
        flights: for which a unit is made, >= 1, broadcastable with `rate`.
        rate: flights per year.
    """
    fleet, once = operations.fleet, operated(vehicle, operations)
    flights, rate = jnp.asarray(flights, jnp.float64), jnp.asarray(rate, jnp.float64)
    per_year = rate / JULIAN_YEAR

    def life(made: Array, loss: Array) -> Array:
        return expected_flights(jnp.where(made > 1.0, flights, 1.0), loss)

    return flight_cost(
        operations.cost,
        life(fleet.booster_flights, fleet.booster_loss),
        life(fleet.ship_flights, fleet.ship_loss),
        once.oxidizer,
        once.fuel,
        rate,
        per_year * fleet.booster_turnaround,
        per_year * fleet.ship_turnaround,
    ).total


def operated(vehicle: LaunchVehicle, operations: Operations) -> Flight:
    """One flight of a vehicle as its operations have it."""
    return flight(Launcher(vehicle, operations.fleet, operations.cost), operations.supply)
