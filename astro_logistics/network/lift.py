"""From the ground to orbit: what one flight of a launcher lifts, burns and costs."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro import maneuvers, orbits
from astro_logistics.astro.bodies import Earth
from astro_logistics.economics.launch_cost import FlightCost, flight_cost
from astro_logistics.launch import fleet as fleets
from astro_logistics.launch import rocket
from astro_logistics.launch import supply as supplies
from astro_logistics.launch.supply import Supply
from astro_logistics.network.scenario import Launcher, Places
from astro_logistics.numerics import smooth_minimum
from astro_logistics.pytree import Pytree, field

FLIGHT_LIMITS = fleets.LIMITS


class Lift(Pytree):
    """One flight of a launcher to a circular orbit.

    `cost` is that of a flight whose ship comes back as often as the
    fleet's do, `cost_expended` that of one whose ship stays away.
    """

    cost: FlightCost
    cost_expended: FlightCost
    delta_v: Array = field(unit="m / s", doc="ascent and circularization, losses included, rotation counted")
    transit_time: Array = field(unit="s", doc="coast from the end of the ascent to the orbit")
    payload: Array = field(unit="kg", doc="mass brought to the orbit")
    propellant: Array = field(unit="kg", doc="propellant loaded")
    oxidizer: Array = field(unit="kg", doc="oxidizer in it")
    fuel: Array = field(unit="kg", doc="fuel in it")
    energy: Array = field(unit="J", doc="heat of combustion of the propellant")
    electricity: Array = field(unit="J", doc="electricity that makes the propellant liquid")
    carbon_dioxide: Array = field(unit="kg", doc="carbon dioxide of propellant and electricity")
    flights: Array = field(unit="yr-1", doc="flights per year of the fleet, smooth minimum of `limits`")
    limits: Array = field(unit="yr-1", doc="flights per year that each of `FLIGHT_LIMITS` alone would allow")


def ascent_delta_v(
    earth: Earth, places: Places, vehicle: rocket.Vehicle, altitude: ArrayLike, inclination: ArrayLike
) -> tuple[Array, Array]:
    """Delta-v from the pad to a circular orbit and the coast between its two burns.

    Ascent to the perigee of a Hohmann ellipse at the parking altitude with the speed that ellipse has there, less what
    the turning ground gives (or plus, for a retrograde orbit), plus the vehicle's ascent loss; then circularization.

    Returns:
        (delta-v, m/s; coast, s).
    """
    perigee = earth.radius + places.parking_altitude
    apogee = earth.radius + altitude
    burn, circularize, coast = maneuvers.hohmann(earth.mu, perigee, apogee)
    ground = earth.rotation_rate * earth.radius * jnp.cos(vehicle.site_latitude)
    inertial = orbits.circular_speed(earth.mu, perigee) + burn
    speed = orbits.launch_speed(inertial, inclination, vehicle.site_latitude, ground)
    return speed + vehicle.ascent_loss + circularize, coast


def lift(
    earth: Earth, places: Places, launcher: Launcher, supply: Supply, altitude: ArrayLike, inclination: ArrayLike
) -> Lift:
    """One flight of `launcher`, with propellant from `supply`, to a circular orbit of the Earth."""
    vehicle, fleet = launcher.vehicle, launcher.fleet
    dv, coast = ascent_delta_v(earth, places, vehicle, altitude, inclination)
    oxidizer = vehicle.propellant_mass * vehicle.mixture_ratio / (1.0 + vehicle.mixture_ratio)
    fuel = vehicle.propellant_mass - oxidizer
    limits = fleets.flight_limits(fleet, supply, oxidizer, fuel)
    flights = smooth_minimum(limits)
    booster_flights = fleets.booster_life(fleet)

    def cost(ship_flights: Array) -> FlightCost:
        return flight_cost(
            launcher.cost, booster_flights, ship_flights, oxidizer, fuel, flights, fleet.boosters, fleet.ships
        )

    return Lift(
        delta_v=dv,
        transit_time=coast,
        payload=rocket.payload(vehicle, dv),
        propellant=vehicle.propellant_mass,
        oxidizer=oxidizer,
        fuel=fuel,
        energy=rocket.propellant_energy(vehicle, vehicle.propellant_mass),
        electricity=supplies.electricity(supply, oxidizer, fuel),
        carbon_dioxide=supplies.carbon_dioxide(supply, oxidizer, fuel),
        flights=flights,
        limits=limits,
        cost=cost(fleets.ship_life(fleet)),
        cost_expended=cost(jnp.ones_like(fleet.ship_flights)),
    )
