"""What a kilowatt of orbital data center costs: in the short statement, servers apart, and item by item."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.economics.boundaries import ComputeCost
from astro_logistics.economics.finance import capital_recovery_factor
from astro_logistics.economics.learning import unit_cost
from astro_logistics.economics.terrestrial import ComputeMarket
from astro_logistics.pytree import Pytree, field

BOUNDARY = (
    "operator's cost per watt of delivered compute power and year: building the satellite (array, battery, radiator, "
    "structure), bringing it to orbit, financing over its life, operations; not in it: servers' price, ground segment, "
    "insurance"
)


class SatelliteCost(Pytree):
    """Cost inputs of the orbital data center and of capital, USD of the scenario's price year."""

    build_cost: Array = field(unit="USD / kg", doc="building the satellite, servers' price apart, per mass", low=0.0)
    learning_rate: Array = field(unit="", doc="share of that saved per doubling of satellites built", low=0.0, high=0.9)
    units_ratio: Array = field(
        unit="", doc="satellites built by the time considered, over those at which the cost above holds", low=0.0
    )
    operations_fraction: Array = field(unit="yr-1", doc="yearly operations over capital, launch included", low=0.0)
    development: Array = field(unit="USD / W", doc="development and ground segment, per compute power built", low=0.0)
    loss_rate: Array = field(unit="yr-1", doc="satellites lost, servers and all, and replaced", low=0.0)
    insurance_fraction: Array = field(unit="", doc="of what is launched, with the launch", low=0.0)
    disposal_cost: Array = field(unit="USD / kg", doc="taking a satellite down at its end, fuel apart", low=0.0)
    build_carbon: Array = field(unit="", doc="carbon dioxide of building over the satellite's mass", low=0.0)
    lead_time: Array = field(unit="yr", doc="from the order to power in orbit", low=0.0)
    discount_rate: Array = field(unit="yr-1", doc="real weighted cost of capital", low=-0.9)


def built(cost: SatelliteCost) -> Array:
    """Building a satellite at the number that has been built, USD/kg (Wright's law)."""
    return unit_cost(cost.build_cost, cost.units_ratio, cost.learning_rate)


def delivered_power_cost(
    cost: SatelliteCost, specific_mass: ArrayLike, delivery_cost: ArrayLike, years: ArrayLike
) -> Array:
    """USD per watt of delivered compute power and year, see `BOUNDARY`.

    Args:
        cost: cost inputs.
        specific_mass: satellite mass per delivered compute power, kg/W.
        delivery_cost: transport to the operating orbit, USD/kg.
        years: life of a satellite, yr.
    """
    capital = jnp.asarray(specific_mass) * (built(cost) + jnp.asarray(delivery_cost))
    return capital * (capital_recovery_factor(cost.discount_rate, years) + cost.operations_fraction)


def orbital_cost(
    cost: SatelliteCost,
    market: ComputeMarket,
    specific_mass: ArrayLike,
    power_fraction: ArrayLike,
    availability: ArrayLike,
    delivery_cost: ArrayLike,
    delivery_carbon: ArrayLike,
    years: ArrayLike,
    spares_fraction: ArrayLike,
    chip_power: ArrayLike,
    chip_rate: ArrayLike,
    output_decline: ArrayLike,
) -> ComputeCost:
    """An orbital data center, item by item, per nominal watt of servers.

    Satellites that are lost are replaced whole, with their servers, transport and insurance, at the rate at which they
    are lost; servers that fail aboard are not, and lower the availability instead. Servers are written off with their
    satellite. Disposal is paid at the end of the life, discounted to its start.

    Args:
        cost: cost inputs of the satellite.
        market: servers and what is sold.
        specific_mass: satellite mass per nominal compute power, kg/W.
        power_fraction: share of array and battery in that mass.
        availability: delivered over nominal compute power, mean over the life.
        delivery_cost: transport to the operating orbit, USD/kg.
        delivery_carbon: carbon dioxide of the transport over the mass.
        years: life of a satellite, yr.
        spares_fraction: accelerators launched beyond those that the power feeds.
        chip_power: power of servers per accelerator, W.
        chip_rate: sustained operations per time of an accelerator, 1/s.
        output_decline: share of the working accelerators that fails, 1/yr.

    Errors: array, battery and the rest cost the same per mass, as no public source parts them.
    """
    mass, n = jnp.asarray(specific_mass), jnp.asarray(years)
    build = mass * built(cost)
    chips = market.chips * (1.0 + jnp.asarray(spares_fraction))
    transport = mass * jnp.asarray(delivery_cost)
    insurance = cost.insurance_fraction * (build + transport + chips)
    disposal = mass * cost.disposal_cost * jnp.exp(-n * jnp.log1p(cost.discount_rate))
    carbon = mass * (cost.build_carbon + jnp.asarray(delivery_carbon)) + market.chip_carbon * (
        1.0 + jnp.asarray(spares_fraction)
    )
    share = jnp.asarray(power_fraction)
    return ComputeCost(
        power_capital=build * share,
        other_capital=build * (1.0 - share),
        delivery=transport + insurance,
        power_delivery_fraction=share,
        development=cost.development + disposal,
        chips=chips,
        replacement=cost.loss_rate * (build + transport + insurance),
        chip_replacement=cost.loss_rate * chips,
        operations=cost.operations_fraction * (build + transport),
        energy=jnp.zeros_like(build),
        life=n,
        chip_life=n,
        discount_rate=jnp.asarray(cost.discount_rate),
        payments_per_year=jnp.ones_like(build),
        availability=jnp.asarray(availability),
        utilization=jnp.asarray(market.utilization),
        chip_power=jnp.asarray(chip_power),
        chip_rate=jnp.asarray(chip_rate),
        price_fall=jnp.asarray(market.price_fall),
        output_decline=jnp.asarray(output_decline),
        carbon_capital=carbon,
        carbon_yearly=cost.loss_rate * carbon,
    )
