"""From a scenario to all its figures: one pure function."""

from __future__ import annotations

from functools import reduce

import jax
import jax.numpy as jnp

from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.datacenter import satellite
from astro_logistics.economics import boundaries, datacenter_cost
from astro_logistics.network import driver_routes, money, price_path, rocket_routes
from astro_logistics.network.demand import demand
from astro_logistics.network.figures import DatacenterFigures, Evaluation, RouteFigures, TerrestrialFigures
from astro_logistics.network.scenario import Scenario
from astro_logistics.network.surroundings import surroundings
from astro_logistics.pytree import leaves

ROUTES = (
    "earth-to-leo-today",
    "earth-to-sso",
    "earth-to-moon",
    "earth-to-mars",
    "moon-to-escape",
    "moon-to-sso",
    "moon-to-mars",
)
"""Names of the routes, in the order of the table."""

DATACENTERS = ("earth-to-sso", "moon-to-sso", "moon-to-escape")
"""Routes whose data centers are figured."""


def sized(scenario: Scenario) -> dict[str, satellite.Satellite]:
    """The satellite at each destination, all sized at once."""
    places = surroundings(scenario)
    together = jax.tree.map(lambda *x: jnp.stack(x), *places.values())
    found = jax.vmap(satellite.size, in_axes=(None, 0))(scenario.datacenter, together)
    return {name: jax.tree.map(lambda x, k=k: x[k], found) for k, name in enumerate(places)}


def evaluate(scenario: Scenario) -> Evaluation:
    """All figures of a scenario; pure, so that `jax.jit`, `jax.vmap` and `jax.grad` apply as it stands.

    The mass driver's parts are landed at the scenario's own Earth-to-Moon cost.

    Returns:
        The figures; `converged` is False where any figure is not finite or a solver failed. The constraint residuals of
        each route say whether its design can work (`<= 0`).
    """
    satellites = sized(scenario)
    mass = {name: found.delivered_specific_mass for name, found in satellites.items()}
    to_sso = rocket_routes.to_sso(scenario)
    tanker = rocket_routes.to_depot(scenario)
    v_infinity, arcs = rocket_routes.mars_v_infinity(scenario)
    moon = rocket_routes.earth_to_moon(scenario, tanker, mass["moon"])
    found = (
        rocket_routes.earth_to_leo(scenario, mass["leo"]),
        rocket_routes.earth_to_sso(scenario, to_sso, mass["sso"]),
        moon,
        rocket_routes.earth_to_mars(scenario, tanker, v_infinity, mass["mars"]),
        driver_routes.moon_to_escape(scenario, moon.cost, mass["escape"]),
        driver_routes.moon_to_sso(scenario, moon.cost, mass["sso"]),
        driver_routes.moon_to_mars(scenario, v_infinity, moon.cost, mass["mars"]),
    )
    routes = {figures.name: figures for figures in found}
    ground = money.terrestrial(scenario)
    datacenters = {
        name: datacenter_figures(scenario, routes[name], ground, satellites[routes[name].destination])
        for name in DATACENTERS
    }
    asked = demand(scenario.launcher, scenario.supply, to_sso, mass["sso"])
    launch_price = price_path.present(scenario, tanker)
    everything = leaves((routes, datacenters, ground, asked, launch_price)).values()
    finite = reduce(jnp.logical_and, [jnp.all(jnp.isfinite(x)) for x in everything])
    return Evaluation(
        routes=routes,
        datacenters=datacenters,
        terrestrial=ground,
        demand=asked,
        launch_price=launch_price,
        converged=jnp.all(arcs) & finite,
    )


def datacenter_figures(
    scenario: Scenario, route: RouteFigures, ground: TerrestrialFigures, found: satellite.Satellite
) -> DatacenterFigures:
    """Figures of a data center whose satellites come by `route`."""
    mass, years = found.delivered_specific_mass, scenario.datacenter.design_life / JULIAN_YEAR
    cost = datacenter_cost.delivered_power_cost(scenario.datacenter_cost, mass, route.cost, years)
    statement = money.orbital(scenario, route, found)
    figures = boundaries.figures(statement)
    earlier = money.year_earlier(scenario, statement)
    return DatacenterFigures(
        name=route.name,
        boundary=datacenter_cost.BOUNDARY,
        specific_mass=mass,
        power_cost=cost,
        statement=statement,
        money=figures,
        ratio=figures.total / ground.money.total,
        year_earlier=earlier,
        time_to_power=earlier * money.lead(scenario),
        performance=found.performance,
        resupply=found.resupply,
        residuals=found.residuals,
    )
