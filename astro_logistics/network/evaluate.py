"""From a scenario to all its figures: one pure function."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from astro_logistics.constants import ASTRONOMICAL_UNIT
from astro_logistics.datacenter import environment, satellite
from astro_logistics.economics import datacenter_cost
from astro_logistics.network import driver_routes, rocket_routes
from astro_logistics.network.figures import DatacenterFigures, Evaluation, RouteFigures
from astro_logistics.network.scenario import Scenario
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


def specific_masses(scenario: Scenario) -> dict[str, Array]:
    """Satellite mass per compute power where each destination's satellites work, kg/W.

    A route that ends on a surface is credited with satellites in continuous sunlight at that body's distance from the
    Sun; nights on the ground are not modelled.
    """
    earth, places = scenario.bodies.earth, scenario.places
    where = {
        "leo": environment.low_orbit(earth, places.leo_altitude),
        "sso": environment.dawn_dusk(earth, places.sso_altitude),
        "au": environment.deep_space(ASTRONOMICAL_UNIT),
        "mars": environment.deep_space(scenario.bodies.mars.orbit_radius),
    }
    sized = {name: satellite.size(scenario.datacenter, around).specific_mass for name, around in where.items()}
    return {**sized, "moon": sized["au"], "escape": sized["au"]}


def evaluate(scenario: Scenario) -> Evaluation:
    """All figures of a scenario; pure, so that `jax.jit`, `jax.vmap` and `jax.grad` apply as it stands.

    The mass driver's parts are landed at the scenario's own Earth-to-Moon cost.

    Returns:
        The figures; `converged` is False where any figure is not finite or a solver failed. The constraint residuals of
        each route say whether its design can work (`<= 0`).
    """
    mass = specific_masses(scenario)
    moon = rocket_routes.earth_to_moon(scenario, mass["moon"])
    found = (
        rocket_routes.earth_to_leo(scenario, mass["leo"]),
        rocket_routes.earth_to_sso(scenario, mass["sso"]),
        moon,
        rocket_routes.earth_to_mars(scenario, mass["mars"]),
        driver_routes.moon_to_escape(scenario, moon.cost, mass["escape"]),
        driver_routes.moon_to_sso(scenario, moon.cost, mass["sso"]),
        driver_routes.moon_to_mars(scenario, moon.cost, mass["mars"]),
    )
    routes = {figures.name: figures for figures in found}
    datacenters = {
        name: datacenter_figures(scenario, routes[name], mass[routes[name].destination])
        for name in ("earth-to-sso", "moon-to-sso", "moon-to-escape")
    }
    _, arcs = rocket_routes.mars_v_infinity(scenario)
    finite = jnp.stack([jnp.all(jnp.isfinite(x)) for x in leaves((routes, datacenters)).values()])
    return Evaluation(routes=routes, datacenters=datacenters, converged=jnp.all(arcs) & jnp.all(finite))


def datacenter_figures(scenario: Scenario, route: RouteFigures, specific_mass: Array) -> DatacenterFigures:
    """Figures of a data center whose satellites come by `route`."""
    cost = datacenter_cost.delivered_power_cost(scenario.datacenter_cost, specific_mass, route.cost)
    return DatacenterFigures(
        name=route.name,
        boundary=datacenter_cost.BOUNDARY,
        specific_mass=specific_mass,
        power_cost=cost,
    )
