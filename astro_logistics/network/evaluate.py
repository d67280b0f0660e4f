"""From a scenario to all its figures: one pure function."""

from __future__ import annotations

import jax.numpy as jnp

from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.datacenter import satellite
from astro_logistics.economics import boundaries, datacenter_cost
from astro_logistics.network import driver_routes, money, price_path, rocket_routes
from astro_logistics.network.demand import demand
from astro_logistics.network.figures import DatacenterFigures, Evaluation, RouteFigures, TerrestrialFigures
from astro_logistics.network.scenario import Scenario
from astro_logistics.network.surroundings import surroundings
from astro_logistics.numerics import at_once
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
    found = at_once(lambda around: satellite.size(scenario.datacenter, around), places.values())
    return dict(zip(places, found, strict=True))


def evaluate(scenario: Scenario) -> Evaluation:
    """All figures of a scenario; pure, so that `jax.jit`, `jax.vmap` and `jax.grad` apply as it stands.

    The mass driver's parts are landed at the scenario's own Earth-to-Moon cost.

    Returns:
        The figures; `converged` is False where any figure is not finite or a solver failed. The constraint residuals of
        each route say whether its design can work (`<= 0`).
    """
    satellites = sized(scenario)
    mass = {name: found.delivered_specific_mass for name, found in satellites.items()}
    to_sso, tanker = rocket_routes.to_sso_and_depot(scenario)
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
    datacenters, ground = datacenter_figures(scenario, {name: routes[name] for name in DATACENTERS}, satellites)
    asked = demand(scenario.launcher, scenario.supply, to_sso, mass["sso"])
    launch_price = price_path.present(scenario, tanker)
    everything = leaves((routes, datacenters, ground, asked, launch_price)).values()
    finite = jnp.all(jnp.isfinite(jnp.concatenate([jnp.ravel(x) for x in everything])))
    return Evaluation(
        routes=routes,
        datacenters=datacenters,
        terrestrial=ground,
        demand=asked,
        launch_price=launch_price,
        converged=jnp.all(arcs) & finite,
    )


def datacenter_figures(
    scenario: Scenario, routes: dict[str, RouteFigures], satellites: dict[str, satellite.Satellite]
) -> tuple[dict[str, DatacenterFigures], TerrestrialFigures]:
    """Figures of the data centers whose satellites come by `routes`, and of the one on the ground."""
    of = {name: satellites[route.destination] for name, route in routes.items()}
    statements = {name: money.orbital(scenario, route, of[name]) for name, route in routes.items()}
    ground = money.on_the_ground(scenario)
    *in_orbit, on_ground = at_once(
        lambda x: (boundaries.figures(x), money.year_earlier(scenario, x)), [*statements.values(), ground]
    )
    years = scenario.datacenter.design_life / JULIAN_YEAR
    found = {}
    for (name, route), (figures, year_earlier) in zip(routes.items(), in_orbit, strict=True):
        mass = of[name].delivered_specific_mass
        found[name] = DatacenterFigures(
            name=name,
            boundary=datacenter_cost.BOUNDARY,
            specific_mass=mass,
            power_cost=datacenter_cost.delivered_power_cost(scenario.datacenter_cost, mass, route.cost, years),
            statement=statements[name],
            money=figures,
            ratio=figures.total / on_ground[0].total,
            year_earlier=year_earlier,
            time_to_power=year_earlier * money.lead(scenario),
            performance=of[name].performance,
            resupply=of[name].resupply,
            residuals=of[name].residuals,
        )
    return found, TerrestrialFigures(statement=ground, money=on_ground[0], year_earlier=on_ground[1])
