"""Launches from the catalogue: its vehicles, what is published of them, and what flying them costs."""

from __future__ import annotations

from collections.abc import Mapping

from astro_logistics.astro.bodies import Bodies
from astro_logistics.economics.launch_cost import LaunchCost
from astro_logistics.launch.catalogue import PublishedPayloads
from astro_logistics.launch.fleet import Fleet
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


def operated(vehicle: LaunchVehicle, operations: Operations) -> Flight:
    """One flight of a vehicle as its operations have it."""
    return flight(Launcher(vehicle, operations.fleet, operations.cost), operations.supply)
