"""From the ground to orbit: what one flight of a launcher lifts, burns and costs."""

from __future__ import annotations

import dataclasses

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro import maneuvers
from astro_logistics.astro.bodies import Earth
from astro_logistics.economics.launch_cost import FlightCost, flight_cost
from astro_logistics.launch import ascent, ascent_loss, capacity
from astro_logistics.launch import fleet as fleets
from astro_logistics.launch import supply as supplies
from astro_logistics.launch.supply import Supply
from astro_logistics.network.scenario import Launcher, Places
from astro_logistics.numerics import smooth_minimum
from astro_logistics.pytree import Pytree, field

FLIGHT_LIMITS = fleets.LIMITS


class Flight(Pytree):
    """One flight of a launcher, wherever it goes.

    `cost` is that of a flight whose ship comes back as often as the fleet's do, `cost_expended` that of one whose ship
    stays away.
    """

    cost: FlightCost
    cost_expended: FlightCost
    propellant: Array = field(unit="kg", doc="propellant loaded")
    oxidizer: Array = field(unit="kg", doc="oxidizer in it")
    fuel: Array = field(unit="kg", doc="fuel in it")
    energy: Array = field(unit="J", doc="heat of combustion of the propellant")
    electricity: Array = field(unit="J", doc="electricity that makes the propellant liquid")
    carbon_dioxide: Array = field(unit="kg", doc="carbon dioxide of propellant and electricity")
    flights: Array = field(unit="yr-1", doc="flights per year of the fleet, smooth minimum of `limits`")
    limits: Array = field(unit="yr-1", doc="flights per year that each of `FLIGHT_LIMITS` alone would allow")


class Lift(Flight):
    """One flight of a launcher to a circular orbit; `residuals` are constraints by name, met at `<= 0`."""

    residuals: dict[str, Array]  # pyright: ignore[reportGeneralTypeIssues]  (field() of the base is no default)
    delta_v: Array = field(unit="m / s", doc="ascent and circularization, losses included, rotation counted")
    transit_time: Array = field(unit="s", doc="coast from the end of the ascent to the orbit")
    payload: Array = field(unit="kg", doc="mass brought to the orbit")


def flight(launcher: Launcher, supply: Supply) -> Flight:
    """One flight of `launcher` with propellant from `supply`."""
    vehicle, fleet = launcher.vehicle, launcher.fleet
    oxidizer = vehicle.propellant_mass * vehicle.mixture_ratio / (1.0 + vehicle.mixture_ratio)
    fuel = vehicle.propellant_mass - oxidizer
    limits = fleets.flight_limits(fleet, supply, oxidizer, fuel)
    flights = smooth_minimum(limits)
    booster_flights, ship_flights = fleets.lives(fleet)

    def cost(ship: Array) -> FlightCost:
        return flight_cost(launcher.cost, booster_flights, ship, oxidizer, fuel, flights, fleet.boosters, fleet.ships)

    return Flight(
        propellant=vehicle.propellant_mass,
        oxidizer=oxidizer,
        fuel=fuel,
        energy=vehicle.heat,
        electricity=supplies.electricity(supply, oxidizer, fuel),
        carbon_dioxide=supplies.carbon_dioxide(supply, oxidizer, fuel),
        flights=flights,
        limits=limits,
        cost=cost(ship_flights),
        cost_expended=cost(jnp.ones_like(fleet.ship_flights)),
    )


def lift(
    earth: Earth, places: Places, launcher: Launcher, supply: Supply, altitude: ArrayLike, inclination: ArrayLike
) -> Lift:
    """One flight of `launcher`, with propellant from `supply`, to a circular orbit of the Earth.

    Ascent to the perigee of a Hohmann ellipse at the parking altitude, and a burn at its apogee. The ascent loss is the
    closed form fitted to integrated, optimally steered ascents (`launch.ascent_loss`): payload follows from thrusts,
    masses and orbit.

    Errors: as `ascent_loss.payload`; for the vehicles of the packaged scenarios, docs/launch.md.
    """
    return lifted(earth, places, launcher, flight(launcher, supply), altitude, inclination)


def lifted(
    earth: Earth, places: Places, launcher: Launcher, once: Flight, altitude: ArrayLike, inclination: ArrayLike
) -> Lift:
    """`lift` with a flight of the launcher that is known already."""
    vehicle = launcher.vehicle
    orbit = ascent.circular(earth, altitude, inclination, places.parking_altitude)
    dv = ascent_loss.needed_delta_v(earth, vehicle, orbit) + ascent_loss.ascent_loss(earth, vehicle, orbit)
    payload = ascent_loss.payload_for(vehicle, dv)
    _, _, coast = maneuvers.hohmann(earth.mu, earth.radius + places.parking_altitude, earth.radius + altitude)
    return Lift(
        **{each.name: getattr(once, each.name) for each in dataclasses.fields(once)},
        residuals=capacity.residuals(earth, vehicle, orbit, payload),
        delta_v=dv,
        transit_time=coast,
        payload=payload,
    )
