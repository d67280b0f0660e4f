"""From what yearly mass on the Moon's driver is cheaper than the rocket from the Earth, destination by destination."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro import maneuvers
from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.launch import mass_driver as drivers
from astro_logistics.network import driver_routes, rocket_routes
from astro_logistics.network.scenario import Scenario
from astro_logistics.numerics import root
from astro_logistics.pytree import Pytree, field, replace_at, static

DESTINATIONS = ("escape", "sso", "mars")
HUNDREDFOLD = 100.0
LEAST, MOST = 1e3 / JULIAN_YEAR, 1e15 / JULIAN_YEAR
"""kg/s between which a break-even is looked for: a tonne to a thousand gigatonnes a year."""


class Supply(Pytree):
    """A kilogram's price from the Earth, and what the driver needs to know of the same destination."""

    name: str = static(doc="destination")
    earth_cost: Array = field(unit="USD / kg", doc="operator's cost per payload launched from the Earth")
    speed: Array = field(unit="m / s", doc="muzzle speed, shape () or (n,) over opportunities")
    payload_fraction: Array = field(unit="", doc="payload over thrown mass, of the shape of `speed`")


class BreakEven(Pytree):
    """Where the driver beats the rocket. A mass is NaN where it never does."""

    name: str = static(doc="destination")
    earth_cost: Array = field(unit="USD / kg", doc="from the Earth")
    least_cost: Array = field(unit="USD / kg", doc="from a driver of any size: what goes with each kilogram")
    best_ratio: Array = field(unit="", doc="cost from the Earth over the least cost")
    mass: Array = field(unit="kg / s", doc="payload per time at which both cost the same")
    by_delivery: Array = field(unit="", doc="elasticity of that mass by the cost of landing a kilogram on the Moon")
    by_local: Array = field(unit="", doc="change of the logarithm of that mass per unit of the locally made fraction")
    hundredfold_mass: Array = field(unit="kg / s", doc="payload per time at which the driver costs a hundredth")


def supply(scenario: Scenario, destination: str) -> Supply:
    """Cost from the Earth, muzzle speed and payload share for one of `DESTINATIONS`.

    To escape, a ship refilled at the depot leaves just above escape speed and stays there, as on the other routes.
    """
    if destination == "sso":
        cost = rocket_routes.earth_to_sso(scenario, rocket_routes.to_sso(scenario), 1.0).cost
        route = driver_routes.sso_shot(scenario)
    else:
        up = rocket_routes.to_depot(scenario)
        if destination == "mars":
            v_infinity, _ = rocket_routes.mars_v_infinity(scenario)
            cost = rocket_routes.earth_to_mars(scenario, up, v_infinity, 1.0).cost
            route = driver_routes.mars_shot(scenario, v_infinity)
        elif destination == "escape":
            r = scenario.bodies.earth.radius + scenario.depot.altitude
            burn = maneuvers.departure_burn(scenario.bodies.earth.mu, r, 0.0)
            always = jnp.asarray(1.0)
            cost = rocket_routes.refilled(
                scenario, up, "earth-to-escape", "escape", burn, always, always, always, 1.0
            ).cost
            route = driver_routes.escape_shot(scenario)
        else:
            raise ValueError(f"no destination {destination!r}; there are {', '.join(DESTINATIONS)}")
    return Supply(destination, cost, route.speed, route.payload_fraction)


def laid_out(scenario: Scenario, to: Supply, payload_rate: ArrayLike) -> Scenario:
    """The scenario with its driver laid out for a yearly mass: shots and power in proportion to it.

    Shots follow one another at the scenario's interval and grow with the mass; acceleration, track, sled ratio, store
    and stations keep their proportions. The power is what the shots take on average.

    Args:
        scenario: the scenario.
        to: the destination.
        payload_rate: payload delivered per time, mean over the year, kg/s.
    """
    driver = scenario.mass_driver
    thrown = jnp.asarray(payload_rate) / jnp.mean(to.payload_fraction)
    shot_mass = thrown * driver.shot_interval / driver.duty_fraction
    sized = replace_at(driver, {"shot_mass": shot_mass})
    power = shot_mass * jnp.mean(drivers.wall_energy(sized, to.speed)) / driver.shot_interval
    return replace_at(scenario, {"mass_driver.shot_mass": shot_mass, "mass_driver.power": power})


def cost_at(scenario: Scenario, to: Supply, payload_rate: ArrayLike, delivery_cost: ArrayLike) -> Array:
    """Cost of a kilogram at the destination from a driver laid out for `payload_rate` (kg/s), USD/kg.

    The driver works for this destination, or for others at like speeds, all through its hours.
    """
    sized = laid_out(scenario, to, payload_rate)
    shots = sized.mass_driver.duty_fraction / sized.mass_driver.shot_interval
    bill = driver_routes.yearly_bill(sized, shots, to.speed, delivery_cost)
    return bill.total / (jnp.asarray(payload_rate) * JULIAN_YEAR)


def mass_for_cost(scenario: Scenario, to: Supply, cost: ArrayLike, delivery_cost: ArrayLike) -> Array:
    """Payload per time from which the driver's kilogram costs no more than `cost` (USD/kg), kg/s.

    Development, operations, guideway and stations do not grow with the mass, so the cost falls with it towards what
    goes with each kilogram. Derivatives by the implicit function theorem.

    Returns:
        The mass per time; NaN where the cost is not reached between 1 t and 1,000 Gt a year.
    """

    def gap(log_rate: Array) -> Array:
        return jnp.log(cost_at(scenario, to, jnp.exp(log_rate), delivery_cost) / cost)

    return jnp.exp(root(gap, jnp.log(LEAST), jnp.log(MOST), iterations=40))


def break_even(
    scenario: Scenario, to: Supply, delivery_cost: ArrayLike, mass: Array, hundredfold_mass: Array
) -> BreakEven:
    """Break-even of one destination against the rocket from the Earth, and what moves it.

    Along the mass at which the cost stays that of the rocket: d ln mass = -d ln cost / (d ln cost / d ln mass).

    Args:
        scenario: the scenario.
        to: from `supply`.
        delivery_cost: landing a kilogram of the driver on the Moon, USD/kg.
        mass, hundredfold_mass: from `mass_for_cost`, for the cost from the Earth and a hundredth of it, kg/s.
    """

    def log_cost(log_rate: Array, log_delivery: Array, local: Array) -> Array:
        changed = replace_at(scenario, {"mass_driver_cost.local_fraction": local})
        return jnp.log(cost_at(changed, to, jnp.exp(log_rate), jnp.exp(log_delivery)))

    delivery = jnp.asarray(delivery_cost, jnp.float64)
    local = jnp.asarray(scenario.mass_driver_cost.local_fraction, jnp.float64)
    slopes = jax.grad(log_cost, (0, 1, 2))(jnp.log(mass), jnp.log(delivery), local)
    least = cost_at(scenario, to, MOST, delivery)
    return BreakEven(
        name=to.name,
        earth_cost=to.earth_cost,
        least_cost=least,
        best_ratio=to.earth_cost / least,
        mass=mass,
        by_delivery=-slopes[1] / slopes[0],
        by_local=-slopes[2] / slopes[0],
        hundredfold_mass=hundredfold_mass,
    )
