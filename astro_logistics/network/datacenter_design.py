"""The least-cost data center on a sun-synchronous orbit: what varies, what must be met, as a problem to minimize."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from astro_logistics.constants import HOUR, JULIAN_YEAR
from astro_logistics.datacenter import satellite
from astro_logistics.economics import boundaries
from astro_logistics.network import money, rocket_routes
from astro_logistics.network.scenario import Scenario
from astro_logistics.network.surroundings import sun_synchronous

OVER = {
    "places.sso_altitude": (400e3, 1500e3),
    "places.sso_local_time": (HOUR, 23.0 * HOUR),
    "datacenter.radiator.temperature": (280.0, 360.0),
    "datacenter.array.oversize": (0.7, 1.6),
    "datacenter.eclipse_load_fraction": (0.0, 1.0),
    "datacenter.server.shield": (3.0, 54.0),
    "datacenter.server.spares_fraction": (0.0, 0.6),
    "datacenter.design_life": (2.0 * JULIAN_YEAR, 15.0 * JULIAN_YEAR),
}
"""Paths that vary, with their bounds in SI: where the models of air, belts and shield hold.

Noon and midnight are the worst local times and dawn and dusk the best; a bound at midnight itself would be a dead end.
"""

CONSTRAINTS = ("array gives power", "chips stay below their limit", "payload is positive", "radiator gives off heat")
"""Names of the constraints of `least_cost`, in order."""


def least_cost(scenario: Scenario) -> tuple[Array, Array]:
    """The problem: logarithm of USD per PFLOP-day at its value, everything in it, and the constraints, met at <= 0.

    Satellites come by the scenario's launcher; the boundary is `compute_at_value` of `economics.boundaries.LABELS`:
    without what newer servers do to the price of an operation, satellites would be kept as long as they may.

    Returns:
        (objective (), constraints (4,)).
    """
    places = scenario.places
    around = sun_synchronous(scenario.bodies, places.sso_altitude, places.sso_local_time, places.disposal_perigee)
    found = satellite.size(scenario.datacenter, around)
    route = rocket_routes.earth_to_sso(scenario, rocket_routes.to_sso(scenario), found.delivered_specific_mass)
    paid = boundaries.figures(money.orbital(scenario, route, found)).compute_at_value * boundaries.PFLOP_DAY
    met = found.residuals | route.residuals
    return jnp.log(paid), jnp.stack([met[name] for name in CONSTRAINTS])
