"""The least-cost mass driver for a demanded throughput: what varies, what must be met, as a problem to minimize."""

from __future__ import annotations

from collections.abc import Callable

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.network import driver_routes
from astro_logistics.network.scenario import Scenario

OVER = {
    "mass_driver.acceleration": (100.0, 20_000.0),
    "mass_driver.track_length": (100.0, 50_000.0),
    "mass_driver.taper": (0.0, 0.9),
    "mass_driver.sled_ratio": (0.05, 5.0),
    "mass_driver.shot_mass": (1.0, 5_000.0),
    "mass_driver.store_shots": (1.0, 10.0),
    "mass_driver.shot_interval": (0.2, 60.0),
    "mass_driver.power": (1e6, 1e10),
    "mass_driver.radiator.temperature": (310.0, 450.0),
}
"""Paths that vary, with their bounds in SI."""

CONSTRAINTS = (
    "muzzle speed exact enough",
    "payload is positive",
    "payload stands the acceleration",
    "peak power within its limit",
    "radiators give off heat",
    "sled takes the force",
    "throughput is met",
    "track is long enough",
)
"""Names of the constraints of `least_cost`, in order."""


def least_cost(delivery_cost: ArrayLike, throughput: ArrayLike) -> Callable[[Scenario], tuple[Array, Array]]:
    """The problem: logarithm of USD per demanded kilogram to escape, and the constraints, met at <= 0.

    What is thrown beyond the demand counts for nothing, so that the driver is as large as asked for.

    Args:
        delivery_cost: landing a kilogram of the driver on the Moon, USD/kg.
        throughput: demanded, kg/s, mean over the year.
    """

    def problem(scenario: Scenario) -> tuple[Array, Array]:
        route = driver_routes.moon_to_escape(scenario, delivery_cost, 1.0)
        values = route.residuals | {"throughput is met": jnp.log(jnp.asarray(throughput) / route.throughput)}
        paid = route.cost * route.throughput / jnp.asarray(throughput)
        return jnp.log(paid), jnp.stack([values[name] for name in CONSTRAINTS])

    return problem
