"""One statement of what a watt of compute costs, and the boundaries within which studies quote it.

A study that leaves servers out and one that counts them, one that spreads money over nominal power and one over what is
delivered, differ by their boundary before they differ by any assumption. Here a statement holds every item apart, and a
boundary says which of them count: so an answer of one study can be read in the boundary of another.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.constants import DAY, HOUR, JULIAN_YEAR
from astro_logistics.economics.finance import capital_recovery_factor
from astro_logistics.numerics import mean_decay
from astro_logistics.pytree import Pytree, field, static

MEGAWATT_HOUR = 1e6 * HOUR
PFLOP_DAY = 1e15 * DAY


class ComputeCost(Pytree):
    """What one watt of nominal compute power costs, item by item; NaN where a study does not say.

    Nominal is the electric power of the servers as installed. Money in USD of one price year.
    """

    power_capital: Array = field(unit="USD / W", doc="making the electricity: array and battery; or plant and gear")
    other_capital: Array = field(unit="USD / W", doc="the rest, servers apart: radiator, bus; or shell, cooling")
    delivery: Array = field(unit="USD / W", doc="transport to the orbit; nothing on the ground")
    power_delivery_fraction: Array = field(unit="", doc="share of the transport that brings the electric plant")
    development: Array = field(unit="USD / W", doc="development, ground segment, interest while it is built")
    chips: Array = field(unit="USD / W", doc="servers")
    replacement: Array = field(unit="USD / (W yr)", doc="what is replaced in a year, servers apart, with its transport")
    chip_replacement: Array = field(unit="USD / (W yr)", doc="servers replaced in a year")
    operations: Array = field(unit="USD / (W yr)", doc="staff, upkeep, water, control of the fleet")
    energy: Array = field(unit="USD / (W yr)", doc="electricity or fuel bought")
    life: Array = field(unit="yr", doc="over which all but servers is written off")
    chip_life: Array = field(unit="yr", doc="over which servers are written off")
    discount_rate: Array = field(unit="yr-1", doc="weighted cost of capital")
    payments_per_year: Array = field(unit="yr-1", doc="how often capital is paid back: 1 at year's end, 12 monthly")
    availability: Array = field(unit="", doc="delivered over nominal power: shadow, failures, links")
    utilization: Array = field(unit="", doc="share of the delivered power that does work sold")
    chip_power: Array = field(unit="W", doc="nominal compute power per accelerator")
    chip_rate: Array = field(unit="s-1", doc="sustained floating-point operations per time of an accelerator")
    price_fall: Array = field(unit="yr-1", doc="by which new servers compute more for the same money, each year")
    output_decline: Array = field(unit="yr-1", doc="share of the working servers that fails unreplaced, per time")
    carbon_capital: Array = field(unit="kg / W", doc="carbon dioxide of making and transporting it all")
    carbon_yearly: Array = field(unit="kg / (W yr)", doc="carbon dioxide of a year's electricity")


def statement(**known: ArrayLike) -> ComputeCost:
    """A statement of the numbers that a study gives; what it does not say is NaN."""
    names = [f.name for f in dataclasses.fields(ComputeCost)]
    unknown = set(known) - set(names)
    if unknown:
        raise ValueError(f"no item {sorted(unknown)}; there are {', '.join(names)}")
    return ComputeCost(**{name: jnp.asarray(known.get(name, jnp.nan), jnp.float64) for name in names})


class Boundary(Pytree):
    """What counts, as switches: 1 in, 0 out. Every switch may be differentiated and takes values between."""

    chips: Array = field(unit="", doc="servers")
    capital: Array = field(unit="", doc="everything else that is built")
    delivery: Array = field(unit="", doc="transport")
    development: Array = field(unit="", doc="development, ground segment, interest while building")
    replacement: Array = field(unit="", doc="what is replaced")
    operations: Array = field(unit="", doc="operations")
    energy: Array = field(unit="", doc="electricity or fuel bought")
    financing: Array = field(unit="", doc="capital costs interest; else it is spread evenly over its life")
    delivered: Array = field(unit="", doc="per delivered power; else per nominal")
    used: Array = field(unit="", doc="per power that does work sold; else idle time counts as output")
    name: str = static(doc="name of the boundary")
    price_year: int = static(doc="year of the dollars")

    def label(self) -> str:
        """What is in and what is out, in words."""
        parts = {item: bool(getattr(self, item) > 0.5) for item in ITEMS}
        inside = ", ".join(ITEMS[item] for item, is_in in parts.items() if is_in) or "nothing"
        outside = ", ".join(ITEMS[item] for item, is_in in parts.items() if not is_in) or "nothing"
        power = "delivered" if bool(self.delivered > 0.5) else "nominal"
        work = ", per power that does work sold" if bool(self.used > 0.5) else ""
        money = "with interest" if bool(self.financing > 0.5) else "spread evenly over its life, no interest"
        return f"in: {inside}; out: {outside}; capital {money}; per {power} power{work}; USD of {self.price_year}"


ITEMS = {
    "chips": "servers",
    "capital": "build",
    "delivery": "transport",
    "development": "development",
    "replacement": "replacement",
    "operations": "operations",
    "energy": "energy",
}
"""Items that a boundary lets in, and how they are called."""

SWITCHES = (*ITEMS, "financing", "delivered", "used")
"""Fields of a boundary, in order."""


def boundary(name: str, price_year: int, *inside: str) -> Boundary:
    """A boundary from the names of the switches that are on."""
    unknown = set(inside) - set(SWITCHES)
    if unknown:
        raise ValueError(f"no switch {sorted(unknown)}; there are {', '.join(SWITCHES)}")
    values: dict[str, Any] = {switch: np.float64(switch in inside) for switch in SWITCHES}
    return Boundary(**values, name=name, price_year=price_year)


def annual_share(cost: ComputeCost, life: ArrayLike, financing: ArrayLike) -> Array:
    """Share of capital that a year bears: m CRF(i / m, n m) with interest, 1 / n without, mixed by `financing`."""
    n, m, s = jnp.asarray(life), cost.payments_per_year, jnp.asarray(financing)
    return _counted(s, m * capital_recovery_factor(cost.discount_rate / m, n * m)) + (1.0 - s) / n


def _counted(switch: Array, amount: Array) -> Array:
    """An item as its switch says; one that is out counts nothing even where it is not known."""
    out = switch == 0.0
    return jnp.where(out, 0.0, switch * jnp.where(out, 0.0, amount))


def levelized(cost: ComputeCost, within: Boundary) -> Array:
    """USD per watt and year within a boundary.

    (capital share(life) + servers share(server life) + yearly items) / output, the output 1 per nominal watt, times
    availability per delivered one, times utilization per one that does work sold.
    """
    b = within
    capital = _counted(b.capital, cost.power_capital + cost.other_capital)
    capital = capital + _counted(b.delivery, cost.delivery) + _counted(b.development, cost.development)
    yearly = capital * annual_share(cost, cost.life, b.financing)
    yearly = yearly + _counted(b.chips, cost.chips * annual_share(cost, cost.chip_life, b.financing))
    for switch, amount in (
        (b.replacement, cost.replacement),
        (b.replacement * b.chips, cost.chip_replacement),
        (b.operations, cost.operations),
        (b.energy, cost.energy),
    ):
        yearly = yearly + _counted(switch, amount)
    output = (1.0 - b.delivered + _counted(b.delivered, cost.availability)) * (
        1.0 - b.used + _counted(b.used, cost.utilization)
    )
    return yearly / output


class BoundaryFigures(Pytree):
    """One data center in every common boundary; what each counts is in `LABELS`."""

    capital: Array = field(unit="USD / W", doc="capital per nominal compute power, servers apart")
    total: Array = field(unit="USD / (W yr)", doc="everything, per delivered compute power and year")
    chip_hour: Array = field(unit="USD / s", doc="everything, per delivered time of one accelerator")
    compute: Array = field(unit="USD", doc="everything, per floating-point operation that is sold")
    compute_at_value: Array = field(unit="USD", doc="the same, an operation counted at what it brings in when it comes")
    cash: Array = field(unit="USD / (W yr)", doc="operating cost alone, per delivered compute power and year")
    depreciated: Array = field(unit="USD / (W yr)", doc="the same with straight-line depreciation, no interest")
    electricity: Array = field(unit="USD / J", doc="the power supply alone, per electricity delivered to the servers")
    carbon: Array = field(unit="kg / (W yr)", doc="carbon dioxide per delivered compute power and year")


LABELS = {
    "capital": "in: build, transport, development; out: servers, everything yearly, interest; per nominal power",
    "total": "in: everything, servers and interest too; per delivered power and year",
    "chip_hour": "in: everything, servers and interest too; per delivered hour of one accelerator",
    "compute": "in: everything, servers and interest too; per sustained operation that is sold",
    "compute_at_value": "in: everything, servers and interest too; per sustained operation that is sold, "
    "counted at what it brings in when it comes, as newer servers lower its price",
    "cash": "in: operations, replacement, energy; out: all capital; per delivered power and year",
    "depreciated": "in: operations, replacement, energy, capital spread evenly over its life; out: interest",
    "electricity": "in: power plant or array with its transport, fuel, interest; out: all that uses the power",
    "carbon": "in: making, transport, electricity; per delivered power and year",
}
"""What each figure of `BoundaryFigures` counts; money in USD of the scenario's price year."""

EVERYTHING = (*ITEMS, "financing", "delivered")

_COMMON = jax.tree.map(
    lambda *switches: np.stack(switches),
    *(
        boundary("common", 0, *inside)
        for inside in (EVERYTHING, ("replacement", "operations", "energy", "delivered"), (*ITEMS, "delivered"))
    ),
)
"""Boundaries of `total`, of `cash` but for servers replaced, and of `depreciated`, at once."""


def value_left(cost: ComputeCost) -> Array:
    """What an operation brings in over its first price: mean over the life of the servers, later income discounted.

    Newer servers compute (1 + d)^t times as much for the same money, and whoever sells the operations of older ones
    gets that much less for each; servers that fail and are not replaced (a share h of those left, per time) leave less
    to sell. With s = h + ln(1 + d), income paid at each year's end, and the output's mean over the life as 1:

        e^s m(s) / m(h n) CRF(i, n) / CRF((1 + i) e^s - 1, n),   m(y) = (1 - exp(-y)) / y

    1 where neither price nor output falls; NaN of a study that does not say.

    Errors: hot spares put the fall of the output off (a tenth of spares at 15 % of failures a year: 0.6 % too much).

    Reference: Newnan, Eschenbach, Lavelle, Engineering Economic Analysis, geometric gradient series.
    """
    decline, n = cost.output_decline, cost.chip_life
    fall = decline + jnp.log1p(cost.price_fall)
    steeper = jnp.expm1(jnp.log1p(cost.discount_rate) + fall)
    within_year = jnp.exp(fall) * mean_decay(fall) / mean_decay(decline * n)
    return within_year * capital_recovery_factor(cost.discount_rate, n) / capital_recovery_factor(steeper, n)


def figures(cost: ComputeCost) -> BoundaryFigures:
    """A statement in every common boundary."""
    total, cash, plain = jax.vmap(levelized, in_axes=(None, 0))(cost, _COMMON)
    capital = cost.power_capital + cost.other_capital + cost.delivery + cost.development
    cash = cash + cost.chip_replacement / cost.availability
    supply = cost.power_capital + cost.power_delivery_fraction * cost.delivery
    power = supply * annual_share(cost, cost.life, 1.0) + cost.energy
    compute = total * cost.chip_power / (JULIAN_YEAR * cost.chip_rate * cost.utilization)
    return BoundaryFigures(
        capital=capital,
        total=total,
        chip_hour=total * cost.chip_power / JULIAN_YEAR,
        compute=compute,
        compute_at_value=compute / value_left(cost),
        cash=cash,
        depreciated=plain,
        electricity=power / (cost.availability * JULIAN_YEAR),
        carbon=(cost.carbon_capital / cost.life + cost.carbon_yearly) / cost.availability,
    )
