"""What a data center on the ground costs: building, supply of electricity, cooling, people, and the wait for power."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.economics.boundaries import ComputeCost
from astro_logistics.numerics import mean_decay
from astro_logistics.pytree import Pytree, field


class ComputeMarket(Pytree):
    """What both sides buy and sell: servers, and hours of them. USD of the scenario's price year."""

    chips: Array = field(unit="USD / W", doc="servers, per electric power of them", low=0.0)
    utilization: Array = field(unit="", doc="share of the time for which accelerators are sold", low=0.0, high=1.0)
    chip_price: Array = field(unit="USD / s", doc="price at which an accelerator is rented", low=0.0)
    chip_carbon: Array = field(unit="kg / W", doc="carbon dioxide of making servers, per power of them", low=0.0)
    price_fall: Array = field(unit="yr-1", doc="by which new servers compute more for the same money", low=0.0)


class Terrestrial(Pytree):
    """A data center on the ground; sums per electric power of its servers unless they say otherwise."""

    shell: Array = field(unit="USD / W", doc="land, site, building", low=0.0)
    electrical: Array = field(unit="USD / W", doc="switchgear, transformers, backup, distribution", low=0.0)
    mechanical: Array = field(unit="USD / W", doc="cooling", low=0.0)
    fit_out: Array = field(unit="USD / W", doc="network, racks, security", low=0.0)
    energy_ratio: Array = field(unit="", doc="electricity of the whole over that of the servers (PUE)", low=1.0)
    gas_fraction: Array = field(unit="", doc="share of the electricity from gas turbines on site", low=0.0, high=1.0)
    solar_fraction: Array = field(unit="", doc="share from sunlight and storage on site", low=0.0, high=1.0)
    grid_connection: Array = field(unit="USD / W", doc="connecting to the grid, per power drawn from it", low=0.0)
    grid_price: Array = field(unit="USD / J", doc="electricity of the grid", low=0.0)
    gas_capital: Array = field(unit="USD / W", doc="gas turbines, per electric power", low=0.0)
    gas_heat_rate: Array = field(unit="", doc="heat of the fuel over electricity", low=1.0)
    gas_price: Array = field(unit="USD / J", doc="gas, per heat of it", low=0.0)
    solar_capital: Array = field(unit="USD / W", doc="solar plant, per peak power", low=0.0)
    solar_capacity_factor: Array = field(unit="", doc="mean over peak power of the solar plant", low=0.0, high=1.0)
    storage_capital: Array = field(unit="USD / J", doc="storage, per energy stored", low=0.0)
    storage_time: Array = field(unit="s", doc="for which the storage carries what the solar plant supplies", low=0.0)
    maintenance_fraction: Array = field(unit="yr-1", doc="yearly upkeep over capital, servers apart", low=0.0)
    staff: Array = field(unit="USD / (W yr)", doc="people", low=0.0)
    water_use: Array = field(unit="kg / J", doc="water per electricity of the servers", low=0.0)
    water_price: Array = field(unit="USD / kg", doc="water", low=0.0)
    chip_failure_rate: Array = field(unit="yr-1", doc="servers that fail and are replaced", low=0.0)
    availability: Array = field(unit="", doc="share of the time that it runs", low=0.0, high=1.0)
    life: Array = field(unit="yr", doc="of building and supply", low=0.0)
    chip_life: Array = field(unit="yr", doc="of servers, after which newer ones take their place", low=0.0)
    build_time: Array = field(unit="yr", doc="in which the capital is spent", low=0.0)
    power_wait: Array = field(unit="yr", doc="from then until power flows", low=0.0)
    discount_rate: Array = field(unit="yr-1", doc="real weighted cost of capital", low=-0.9)
    build_carbon: Array = field(unit="kg / W", doc="carbon dioxide of building it, servers apart", low=0.0)
    grid_carbon: Array = field(unit="kg / J", doc="carbon dioxide of the grid's electricity", low=0.0)
    gas_carbon: Array = field(unit="kg / J", doc="carbon dioxide of gas, per heat of it", low=0.0)


def idle_capital(capital: ArrayLike, discount_rate: ArrayLike, build_time: ArrayLike, wait: ArrayLike) -> Array:
    """Interest on capital that is spent evenly while building and then waits: capital (g(t) (1 + i)^w - 1).

    g(t) = ((1 + i)^t - 1) / (t ln(1 + i)), the growth of a uniform stream to its end.

    Args:
        capital: sum spent, any money.
        discount_rate: i, per year.
        build_time, wait: t and w, yr.
    """
    force = jnp.log1p(jnp.asarray(discount_rate))
    growth = mean_decay(-force * build_time) * jnp.exp(force * wait)
    return jnp.asarray(capital) * (growth - 1.0)


def supply_capital(site: Terrestrial) -> Array:
    """Grid connection, turbines, solar plant and storage per power of servers, USD/W."""
    grid = 1.0 - site.gas_fraction - site.solar_fraction
    solar = site.solar_capital / site.solar_capacity_factor + site.storage_capital * site.storage_time
    return site.energy_ratio * (
        grid * site.grid_connection + site.gas_fraction * site.gas_capital + site.solar_fraction * solar
    )


def terrestrial_cost(
    site: Terrestrial, market: ComputeMarket, chip_power: ArrayLike, chip_rate: ArrayLike
) -> ComputeCost:
    """A data center on the ground, item by item, per watt of servers.

    Servers draw power for the share of the time for which they are sold; the supply is built for all of it. Capital but
    servers stands idle while it is built and waits for power; servers come when power does. Those that fail are
    replaced, so they do not lower the availability.

    Args:
        site: the data center.
        market: servers and what is sold.
        chip_power: power of servers per accelerator, W.
        chip_rate: sustained operations per time of an accelerator, 1/s.

    Errors: idle servers draw about a fifth of their power, left out (3 % of the total); no taxes, no subsidies.
    """
    grid = 1.0 - site.gas_fraction - site.solar_fraction
    heat = site.gas_fraction * site.gas_heat_rate
    it_energy = market.utilization * JULIAN_YEAR  # J per W and year
    energy = it_energy * site.energy_ratio
    power = site.electrical + supply_capital(site)
    other = site.shell + site.mechanical + site.fit_out
    capital = power + other
    operations = site.maintenance_fraction * capital + site.staff + it_energy * site.water_use * site.water_price
    chips = market.chips
    return ComputeCost(
        power_capital=power,
        other_capital=other,
        delivery=jnp.zeros_like(capital),
        power_delivery_fraction=jnp.zeros_like(capital),
        development=idle_capital(capital, site.discount_rate, site.build_time, site.power_wait),
        chips=jnp.asarray(chips),
        replacement=jnp.zeros_like(capital),
        chip_replacement=site.chip_failure_rate * chips,
        operations=operations,
        energy=energy * (grid * site.grid_price + heat * site.gas_price),
        life=jnp.asarray(site.life),
        chip_life=jnp.asarray(site.chip_life),
        discount_rate=jnp.asarray(site.discount_rate),
        payments_per_year=jnp.ones_like(capital),
        availability=jnp.asarray(site.availability),
        utilization=jnp.asarray(market.utilization),
        chip_power=jnp.asarray(chip_power),
        chip_rate=jnp.asarray(chip_rate),
        price_fall=jnp.asarray(market.price_fall),
        output_decline=jnp.zeros_like(capital),
        carbon_capital=site.build_carbon + market.chip_carbon,
        carbon_yearly=energy * (grid * site.grid_carbon + heat * site.gas_carbon)
        + site.chip_failure_rate * market.chip_carbon,
    )


def year_earlier(cost: ComputeCost, chip_price: ArrayLike) -> Array:
    """What a year's earlier start earns, USD per nominal watt: rent less operations, replacement and energy.

    Args:
        cost: statement of either side.
        chip_price: rent of an accelerator, USD/s.
    """
    rent = jnp.asarray(chip_price) * JULIAN_YEAR / cost.chip_power * cost.availability * cost.utilization
    return rent - cost.operations - cost.replacement - cost.chip_replacement - cost.energy
