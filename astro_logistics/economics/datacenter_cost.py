"""What a delivered kilowatt of orbital data center costs, chips apart."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.economics.finance import capital_recovery_factor
from astro_logistics.pytree import Pytree, field

BOUNDARY = (
    "operator's cost per watt of delivered compute power and year: building the satellite (array, battery, radiator, "
    "structure), bringing it to orbit, financing over its life, operations; not in it: servers' price, ground segment, "
    "insurance"
)


class SatelliteCost(Pytree):
    """Cost inputs of the orbital data center and of capital, USD of the scenario's price year."""

    build_cost: Array = field(unit="USD / kg", doc="building the satellite, servers' price apart, per mass", low=0.0)
    operations_fraction: Array = field(unit="yr-1", doc="yearly operations over capital, launch included", low=0.0)
    discount_rate: Array = field(unit="yr-1", doc="real weighted cost of capital", low=-0.9)


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
    capital = jnp.asarray(specific_mass) * (cost.build_cost + jnp.asarray(delivery_cost))
    return capital * (capital_recovery_factor(cost.discount_rate, years) + cost.operations_fraction)
