"""What growth takes from an evaluation, as numbers: launching by the kilogram, satellites by origin, the driver."""

from __future__ import annotations

import dataclasses

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.economics import boundaries
from astro_logistics.economics.boundaries import EVERYTHING, ComputeCost, boundary
from astro_logistics.economics.datacenter_cost import SatelliteCost
from astro_logistics.numerics import smooth_minimum
from astro_logistics.pytree import Pytree, field


class LaunchTerms(Pytree):
    """Launching from the Earth as the scenario has it; the last axis runs over the limits of the fleet."""

    flight_limits: Array = field(unit="yr-1", doc="flights that each limit of the fleet alone would allow, (n,)")
    landing_limits: Array = field(unit="kg / yr", doc="landed on the Moon, as far as each allows, (n,)")
    expansion_cost: Array = field(unit="USD", doc="doubling what each limit allows, (n,)")
    payload: Array = field(unit="kg", doc="of a flight to the satellites' orbit")
    landing_flights: Array = field(unit="kg-1", doc="flights for a kilogram landed on the Moon")
    orbit_unit_cost: Array = field(unit="USD / kg", doc="boosters and ships in the cost to orbit, with insurance")
    orbit_running_cost: Array = field(unit="USD / kg", doc="propellant and operations in it, with insurance")
    landing_unit_cost: Array = field(unit="USD / kg", doc="boosters and ships in the cost to the Moon, with insurance")
    landing_running_cost: Array = field(unit="USD / kg", doc="propellant and operations in it, with insurance")
    fixed_cost: Array = field(unit="USD / yr", doc="sites and staff, with insurance")
    orbit_units: Array = field(unit="kg-1", doc="boosters and ships worn out, half of their sum, per mass to orbit")
    landing_units: Array = field(unit="kg-1", doc="the same per mass landed on the Moon")
    units: Array = field(unit="", doc="boosters and ships built at the start, half of their sum")
    learning_rate: Array = field(unit="", doc="share of their cost saved per doubling")


class Origin(Pytree):
    """Satellites that start from one place."""

    statement: ComputeCost
    cost: SatelliteCost
    specific_mass: Array = field(unit="kg / W", doc="mass per delivered compute power")
    build_cost: Array = field(unit="USD / kg", doc="building at the start, servers apart")


class DriverTerms(Pytree):
    """The mass driver of the scenario."""

    cost: Array = field(unit="USD / kg", doc="of throwing a kilogram, landing of the driver's parts apart")
    cost_by_landing: Array = field(unit="", doc="more for each USD/kg of landing")
    energy: Array = field(unit="J / kg", doc="electricity per thrown mass")
    landed: Array = field(unit="", doc="parts of the driver landed per thrown mass, as it wears and ages")
    satellite_share: Array = field(unit="", doc="arrays, radiators and structure, over a satellite's mass")


class Terms(Pytree):
    """Everything that the evaluation gives."""

    launch: LaunchTerms
    earth: Origin
    moon: Origin
    driver: DriverTerms
    life: Array = field(unit="yr", doc="design life of satellites")
    loss_rate: Array = field(unit="yr-1", doc="satellites lost before their time")
    rent: Array = field(unit="USD / (W yr)", doc="rent of compute at which demand is that of the record")
    ground_cost: Array = field(unit="USD / (W yr)", doc="cost of compute on the ground, with interest")
    ground_ceiling: Array = field(unit="W", doc="most power for data centers on the ground, at the start")
    ground_life: Array = field(unit="yr", doc="of data centers on the ground")
    discount_rate: Array = field(unit="yr-1", doc="cost of capital")


def restated(origin: Origin, build_cost: ArrayLike, transport_cost: ArrayLike) -> ComputeCost:
    """The statement of a data center with other costs of building and transport, item by item.

    The sums are those of `datacenter_cost.orbital_cost`: insurance on all that flies, replacement of what is lost,
    operations in proportion to what was paid. At the costs of the statement it is the statement again.

    Args:
        origin: satellites from one place.
        build_cost: USD per kilogram of satellite, servers apart.
        transport_cost: USD per kilogram of satellite.
    """
    s, cost = origin.statement, origin.cost
    mass = origin.specific_mass * s.availability
    build, transport = mass * jnp.asarray(build_cost), mass * jnp.asarray(transport_cost)
    ratio = build / (s.power_capital + s.other_capital)
    insurance = cost.insurance_fraction * (build + transport + s.chips)
    return dataclasses.replace(
        s,
        power_capital=s.power_capital * ratio,
        other_capital=s.other_capital * ratio,
        delivery=transport + insurance,
        replacement=cost.loss_rate * (build + transport + insurance),
        operations=cost.operations_fraction * (build + transport),
    )


def capital(s: ComputeCost) -> Array:
    """All that is paid before a satellite works, servers too, per delivered power, USD/W."""
    return (s.power_capital + s.other_capital + s.delivery + s.development + s.chips) / s.availability


def running(s: ComputeCost) -> Array:
    """What is paid each year for what works, per delivered power, USD/(W yr).

    What is lost is not replaced out of it: a replacement is launched and paid for as any other satellite is.
    """
    return (s.operations + s.energy) / s.availability


def levelized(s: ComputeCost) -> Array:
    """Everything with interest, per delivered power, USD/(W yr): what is lost is replaced at once.

    Errors: a fleet that dwindles at the loss rate, as growth has it, would have to earn 1 % less at 0.02 a year.
    """
    return boundaries.levelized(s, boundary("total", 0, *EVERYTHING))


def unit_factor(terms: LaunchTerms, built: ArrayLike, learning_exponent: ArrayLike) -> Array:
    """Cost of a booster or ship over that at the start, when so many have been built: Wright's law."""
    return (jnp.asarray(built) / terms.units) ** -jnp.asarray(learning_exponent)


def fixed_per_flight(terms: LaunchTerms, factors: Array, pads: Array) -> Array:
    """Share of a flight in what sites and staff cost: they grow with the pads, the flights with what limits them."""
    return terms.fixed_cost * pads / smooth_minimum(terms.flight_limits * factors)


def orbit_cost(terms: LaunchTerms, unit: ArrayLike, fixed: ArrayLike) -> Array:
    """Cost of a kilogram to the satellites' orbit, USD/kg.

    Args:
        terms: launching at the start.
        unit: from `unit_factor`.
        fixed: from `fixed_per_flight`, USD.
    """
    return terms.orbit_unit_cost * unit + terms.orbit_running_cost + jnp.asarray(fixed) / terms.payload


def landing_cost(terms: LaunchTerms, unit: ArrayLike, fixed: ArrayLike) -> Array:
    """Cost of a kilogram landed on the Moon, USD/kg; arguments as `orbit_cost`."""
    return terms.landing_unit_cost * unit + terms.landing_running_cost + jnp.asarray(fixed) * terms.landing_flights
