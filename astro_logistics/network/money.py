"""The money of the data centers of a scenario: satellites brought by a route, and the one on the ground."""

from __future__ import annotations

from jax import Array
from jax.typing import ArrayLike

from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.datacenter import satellite
from astro_logistics.economics import boundaries, datacenter_cost
from astro_logistics.economics import terrestrial as on_ground
from astro_logistics.economics.boundaries import ComputeCost
from astro_logistics.network.figures import RouteFigures, TerrestrialFigures
from astro_logistics.network.scenario import Scenario


def orbital(scenario: Scenario, route: RouteFigures, found: satellite.Satellite) -> ComputeCost:
    """A data center whose satellites come by `route`, item by item, at the route's own cost per kg.

    Array, battery and converters are the power supply; structure, margin and propellant are shared out in proportion
    to the parts they hold and move.
    """
    return delivered_at(scenario, found, route.cost, route.carbon_dioxide)


def delivered_at(
    scenario: Scenario, found: satellite.Satellite, delivery_cost: ArrayLike, delivery_carbon: ArrayLike
) -> ComputeCost:
    """The same with satellites brought at any price [USD/kg], and carbon dioxide over their mass."""
    server = scenario.datacenter.server
    parts = found.mass - found.structure_mass - found.margin_mass - found.tank_mass - found.propellant_mass
    return datacenter_cost.orbital_cost(
        scenario.datacenter_cost,
        scenario.compute_market,
        found.specific_mass,
        (found.array_mass + found.battery_mass + found.converter_mass) / parts,
        found.delivered_power / found.compute_power,
        delivery_cost,
        delivery_carbon,
        scenario.datacenter.design_life / JULIAN_YEAR,
        server.spares_fraction,
        server.accelerator_power,
        found.performance * server.accelerator_power,
        found.failure_rate * JULIAN_YEAR,
    )


def on_the_ground(scenario: Scenario) -> ComputeCost:
    """A data center on the ground, with the servers that also fly, item by item."""
    server = scenario.datacenter.server
    rate = server.performance * server.utilization_fraction * server.accelerator_power
    return on_ground.terrestrial_cost(scenario.terrestrial, scenario.compute_market, server.accelerator_power, rate)


def terrestrial(scenario: Scenario) -> TerrestrialFigures:
    """The data center on the ground in every boundary."""
    statement = on_the_ground(scenario)
    return TerrestrialFigures(
        statement=statement, money=boundaries.figures(statement), year_earlier=year_earlier(scenario, statement)
    )


def year_earlier(scenario: Scenario, statement: ComputeCost) -> Array:
    """What a year's earlier start earns at the market's rent, USD per nominal watt."""
    return on_ground.year_earlier(statement, scenario.compute_market.chip_price)


def lead(scenario: Scenario) -> Array:
    """Years by which power in orbit comes before power on the ground; negative if later."""
    ground = scenario.terrestrial
    return ground.build_time + ground.power_wait - scenario.datacenter_cost.lead_time
