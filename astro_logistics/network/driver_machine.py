"""The scenario's mass driver at work for one destination: the shot, the machine, the bill, and how they scale."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.economics.driver_cost import DriverBill
from astro_logistics.launch import mass_driver as drivers
from astro_logistics.launch.mass_driver import DriverMass
from astro_logistics.launch.mass_driver.dispersion import speed_error
from astro_logistics.launch.mass_driver.drive import power_at
from astro_logistics.launch.mass_driver.radiator import radiator_area
from astro_logistics.launch.mass_driver.track import acceleration_at, driven_length
from astro_logistics.network import driver_routes, rocket_routes
from astro_logistics.network.driver_break_even import (
    HUNDREDFOLD,
    BreakEven,
    Supply,
    break_even,
    cost_at,
    mass_for_cost,
    supply,
)
from astro_logistics.network.scenario import Scenario
from astro_logistics.numerics import smooth_minimum
from astro_logistics.pytree import Pytree, field, replace_at

DELIVERY_COSTS = (10_000.0, 5_000.0, 2_000.0, 1_000.0, 500.0)
"""USD/kg to the Moon for which break-evens are listed."""
LOCAL_FRACTIONS = (0.0, 0.5, 0.8, 0.95)
YEARLY_MASSES = tuple(10.0 ** (3.0 + k / 4.0) for k in range(25))
"""Tonnes a year, 1 kt to 1 Gt, of the curve of cost."""
MOMENTS = 201


class DriverFigures(Pytree):
    """The driver working for one destination; means over its opportunities."""

    mass: DriverMass
    bill: DriverBill
    speed: Array = field(unit="m / s", doc="muzzle speed")
    driven_length: Array = field(unit="m", doc="track used")
    shot_time: Array = field(unit="s", doc="time on it")
    efficiency: Array = field(unit="", doc="kinetic energy given over electric energy drawn")
    energy: Array = field(unit="J / kg", doc="electric energy per thrown mass, net of braking")
    peak_power: Array = field(unit="W", doc="largest electric power of a shot")
    waste_heat: Array = field(unit="W", doc="heat at full power")
    radiator_area: Array = field(unit="m2", doc="plan area that gives it off")
    speed_error: Array = field(unit="", doc="standard error of the muzzle speed, relative")
    shot_rate: Array = field(unit="s-1", doc="shots per time, mean over the year")
    payload_rate: Array = field(unit="kg / s", doc="payload per time, if it worked for this destination alone")
    cost: Array = field(unit="USD / kg", doc="per payload")
    payback_time: Array = field(unit="s", doc="for which a data center's compute power repays its shot")


class DriverAnalysis(Pytree):
    """`figures` as the scenario stands; costs over yearly masses; break-evens over delivery cost and local fraction."""

    figures: DriverFigures
    against_rocket: BreakEven
    delivery_cost: Array = field(unit="USD / kg", doc="of the scenario, to the Moon")
    curve: Array = field(unit="USD / kg", doc="cost from drivers laid out for `YEARLY_MASSES`")
    break_even_mass: Array = field(unit="kg / s", doc="by LOCAL_FRACTIONS (rows) and DELIVERY_COSTS; NaN: never")
    hundredfold_mass: Array = field(unit="kg / s", doc="for a hundredth of the cost from the Earth, likewise")
    time: Array = field(unit="s", doc="moments of a shot")
    power: Array = field(unit="W", doc="electric power at those moments")
    acceleration: Array = field(unit="m / s2", doc="at those moments")


def describe(scenario: Scenario, to: Supply, delivery_cost: ArrayLike, specific_mass: ArrayLike) -> DriverFigures:
    """Figures of the driver for one destination.

    Args:
        scenario: the scenario.
        to: the destination.
        delivery_cost: landing a kilogram of the driver on the Moon, USD/kg.
        specific_mass: of a data center there, kg/W.
    """
    driver, v = scenario.mass_driver, to.speed
    shots = jnp.mean(smooth_minimum(drivers.shot_limits(driver, v)))
    payload_rate = shots * driver.shot_mass * jnp.mean(to.payload_fraction)
    bill = driver_routes.yearly_bill(scenario, shots, v, delivery_cost)
    built = drivers.design_speed(driver)
    heat = drivers.waste_heat(driver, built)
    energy = jnp.mean(drivers.wall_energy(driver, v))
    return DriverFigures(
        speed=jnp.mean(v),
        driven_length=jnp.mean(driven_length(driver, v)),
        shot_time=jnp.mean(drivers.driven_time(driver, v)),
        efficiency=jnp.mean(drivers.drive_efficiency(driver, v)),
        energy=energy,
        peak_power=jnp.max(drivers.peak_power(driver, v)),
        waste_heat=heat,
        radiator_area=radiator_area(driver.radiator, heat),
        speed_error=jnp.max(speed_error(driver, v)),
        shot_rate=shots,
        payload_rate=payload_rate,
        cost=bill.total / (payload_rate * JULIAN_YEAR),
        payback_time=energy / jnp.mean(to.payload_fraction) * jnp.asarray(specific_mass),
        mass=drivers.system_mass(driver, built),
        bill=bill,
    )


def analyse(scenario: Scenario, destination: str, specific_mass: ArrayLike) -> DriverAnalysis:
    """Everything about the driver and one destination of `driver_break_even.DESTINATIONS`; pure, for one `jax.jit`."""
    to = supply(scenario, destination)
    delivery = rocket_routes.earth_to_moon(scenario, rocket_routes.to_depot(scenario), specific_mass).cost
    rates = jnp.asarray(YEARLY_MASSES) * 1e3 / JULIAN_YEAR

    def mass(local: Array, landed: Array, cost: Array) -> Array:
        at = replace_at(scenario, {"mass_driver_cost.local_fraction": local})
        return mass_for_cost(at, to, cost, landed)

    own = jnp.asarray(scenario.mass_driver_cost.local_fraction, jnp.float64)
    local = jnp.append(jnp.repeat(jnp.asarray(LOCAL_FRACTIONS), len(DELIVERY_COSTS)), own)
    landed = jnp.append(jnp.tile(jnp.asarray(DELIVERY_COSTS), len(LOCAL_FRACTIONS)), delivery)
    costs = to.earth_cost / jnp.asarray([1.0, HUNDREDFOLD])
    masses = jax.vmap(jax.vmap(mass, (0, 0, None)), (None, None, 0))(local, landed, costs)
    tables = masses[:, :-1].reshape(2, len(LOCAL_FRACTIONS), len(DELIVERY_COSTS))
    driver, muzzle = scenario.mass_driver, jnp.max(to.speed)
    reached = muzzle * jnp.linspace(0.0, 1.0, MOMENTS)
    return DriverAnalysis(
        figures=describe(scenario, to, delivery, specific_mass),
        against_rocket=break_even(scenario, to, delivery, masses[0, -1], masses[1, -1]),
        delivery_cost=delivery,
        curve=jax.vmap(lambda rate: cost_at(scenario, to, rate, delivery))(rates),
        break_even_mass=tables[0],
        hundredfold_mass=tables[1],
        time=drivers.driven_time(driver, reached),
        power=power_at(driver, reached, muzzle),
        acceleration=acceleration_at(driver, reached),
    )
