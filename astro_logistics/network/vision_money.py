"""What orbit saves against the ground in each boundary, with the launcher of the scenario and with today's price."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from astro_logistics.economics import boundaries
from astro_logistics.economics.boundaries import BoundaryFigures, ComputeCost
from astro_logistics.network import money
from astro_logistics.network.figures import DatacenterFigures, Evaluation
from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import Pytree, field

ROUTE = "earth-to-sso"
TODAY = "earth-to-leo-today"


class MoneyFigures(Pytree):
    """Money of compute in the dawn-dusk orbit, brought from the Earth, against the same on the ground.

    A saving is one less orbit over ground: negative where orbit is dearer.
    """

    saving: Array = field(unit="", doc="saved of everything, per delivered power and year, servers and interest too")
    saving_without_servers: Array = field(unit="", doc="saved of everything but servers, per delivered power and year")
    saving_depreciated: Array = field(unit="", doc="saved of operating cost with straight-line depreciation")
    saving_cash: Array = field(unit="", doc="saved of operations, replacement and energy; no capital")
    saving_energy: Array = field(unit="", doc="saved of energy alone: array, transport in, against plant and fuel")
    saving_compute: Array = field(unit="", doc="saved of everything, per operation sold")
    saving_today: Array = field(unit="", doc="saved of everything, at today's price of launch to low orbit")
    saving_cash_today: Array = field(unit="", doc="saved of running costs without capital, at today's price of launch")
    saving_at_1000: Array = field(unit="", doc="saved of everything, at 1,000 USD/kg to the satellites' orbit")
    saving_at_200: Array = field(unit="", doc="the same at 200 USD/kg")
    saving_at_100: Array = field(unit="", doc="the same at 100 USD/kg")
    saving_free: Array = field(unit="", doc="the same if launch cost nothing")
    delivery_half: Array = field(
        unit="USD / kg", doc="cost to orbit at which half is saved; negative: even free is not enough"
    )
    energy_share: Array = field(unit="", doc="electricity or fuel bought over everything, on the ground")
    supply_share: Array = field(unit="", doc="energy with the plant and gear that bring it over everything, ground")
    wait_over_build: Array = field(unit="", doc="wait for power over the time of building, on the ground")
    lead_value: Array = field(unit="", doc="what the lead of orbit earns over the ground's whole capital, servers too")
    lead_time: Array = field(unit="yr", doc="from the order to the first power in orbit")
    payback: Array = field(unit="yr", doc="from the order to the day when rent has paid capital and servers, orbit")
    payback_today: Array = field(unit="yr", doc="the same as payback, at today's price of launch to low orbit")
    payback_ground: Array = field(unit="yr", doc="the same on the ground")


_ORBIT = (f"datacenters.{ROUTE}", f"routes.{ROUTE}")
NEEDS: Mapping[str, tuple[str, ...]] = {
    **{
        f.name: _ORBIT
        for f in dataclasses.fields(MoneyFigures)
        if f.name.startswith("saving") or f.name in ("lead_value", "payback", "delivery_half")
    },
    "saving_today": (*_ORBIT, f"routes.{TODAY}"),
    "saving_cash_today": (*_ORBIT, f"routes.{TODAY}"),
    "payback_today": (*_ORBIT, f"routes.{TODAY}"),
}
"""Parts of the evaluation whose constraints a figure needs met."""


def at_delivery_cost(scenario: Scenario, found: DatacenterFigures, old: Array, new: Array) -> ComputeCost:
    """The statement of a data center whose transport costs `new` instead of `old`, USD/kg.

    Every item of the statement is linear in that cost: transport, its insurance, what is lost and sent anew, and the
    upkeep that is counted as a share of what was sent.
    """
    cost, said = scenario.datacenter_cost, found.statement
    nominal_mass = found.specific_mass * said.availability
    more = nominal_mass * (new - old)
    insured = more * (1.0 + cost.insurance_fraction)
    return dataclasses.replace(
        said,
        delivery=said.delivery + insured,
        replacement=said.replacement + cost.loss_rate * insured,
        operations=said.operations + cost.operations_fraction * more,
    )


def payback(scenario: Scenario, statement: ComputeCost, lead_time: Array) -> Array:
    """Years from the order until rent less running costs has paid back all capital, servers too; no interest.

    lead time + (capital + servers) / (rent - operations - replacement - energy). Negative running income gives a
    negative second term: such a statement never pays back, and the figure is NaN.
    """
    capital = statement.power_capital + statement.other_capital + statement.delivery + statement.development
    earned = money.year_earlier(scenario, statement)
    return jnp.where(earned > 0.0, lead_time + (capital + statement.chips) / earned, jnp.nan)


def figures(scenario: Scenario, evaluation: Evaluation) -> MoneyFigures:
    """The money of orbit against the ground."""
    orbit, ground = evaluation.datacenters[ROUTE], evaluation.terrestrial
    today = at_delivery_cost(scenario, orbit, evaluation.routes[ROUTE].cost, evaluation.routes[TODAY].price)
    at_today = boundaries.figures(today)
    bare = boundaries.boundary("all but servers", 0, *(x for x in boundaries.EVERYTHING if x != "chips"))
    supply = ground.statement.power_capital * boundaries.annual_share(ground.statement, ground.statement.life, 1.0)
    site = scenario.terrestrial

    def saved(of: str, above: BoundaryFigures = orbit.money) -> Array:
        return 1.0 - getattr(above, of) / getattr(ground.money, of)

    def saved_at(price: float) -> Array:  # everything, in the boundary of `total`
        moved = at_delivery_cost(scenario, orbit, evaluation.routes[ROUTE].cost, jnp.asarray(price))
        return 1.0 - boundaries.levelized(moved, whole) / ground.money.total

    whole = boundaries.boundary("total", 0, *boundaries.EVERYTHING)
    free, thousand = saved_at(0.0), saved_at(1000.0)
    capital = ground.money.capital + ground.statement.chips
    everything = ground.money.total * ground.statement.availability
    return MoneyFigures(
        saving=saved("total"),
        saving_without_servers=1.0
        - boundaries.levelized(orbit.statement, bare) / boundaries.levelized(ground.statement, bare),
        saving_depreciated=saved("depreciated"),
        saving_cash=saved("cash"),
        saving_energy=saved("electricity"),
        saving_compute=saved("compute"),
        saving_today=saved("total", at_today),
        saving_cash_today=saved("cash", at_today),
        saving_at_1000=thousand,
        saving_at_200=free + 0.2 * (thousand - free),  # the statement is linear in the cost of delivery
        saving_at_100=free + 0.1 * (thousand - free),
        saving_free=free,
        delivery_half=1000.0 * (free - 0.5) / (free - thousand),
        energy_share=ground.statement.energy / everything,
        supply_share=(ground.statement.energy + supply) / everything,
        wait_over_build=site.power_wait / site.build_time,
        lead_value=orbit.time_to_power / capital,
        lead_time=jnp.asarray(scenario.datacenter_cost.lead_time),
        payback=payback(scenario, orbit.statement, scenario.datacenter_cost.lead_time),
        payback_today=payback(scenario, today, scenario.datacenter_cost.lead_time),
        payback_ground=payback(scenario, ground.statement, site.build_time + site.power_wait),
    )
