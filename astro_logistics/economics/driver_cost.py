"""What a kilogram thrown by the lunar mass driver costs."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.economics.finance import capital_recovery_factor
from astro_logistics.pytree import Pytree, field

BOUNDARY = (
    "operator's cost: hardware and its delivery to the Moon, development, financing over the life, upkeep; power "
    "through the plant's share of the mass; not in it: making the payload on the Moon, profit, insurance"
)


class DriverCost(Pytree):
    """Cost inputs of the mass driver, USD of the scenario's price year."""

    hardware_cost: Array = field(unit="USD / kg", doc="making the system, per mass of it", low=0.0)
    local_fraction: Array = field(
        unit="", doc="share of the system's mass made on the Moon, not landed", low=0.0, high=1.0
    )
    development_cost: Array = field(unit="USD", doc="development and site preparation", low=0.0)
    upkeep_fraction: Array = field(unit="yr-1", doc="yearly upkeep, spares and operations over the capital", low=0.0)
    life: Array = field(unit="yr", doc="life of the system", low=0.0)


def capital(cost: DriverCost, mass: ArrayLike, delivery_cost: ArrayLike) -> Array:
    """Capital of a system of `mass` (kg) landed at `delivery_cost` (USD/kg), USD."""
    landed = jnp.asarray(delivery_cost) * (1.0 - cost.local_fraction)
    return jnp.asarray(mass) * (cost.hardware_cost + landed) + cost.development_cost


def yearly_cost(cost: DriverCost, mass: ArrayLike, delivery_cost: ArrayLike, discount_rate: ArrayLike) -> Array:
    """Yearly cost of owning and running the system, USD/yr: capital x (capital recovery + upkeep)."""
    share = capital_recovery_factor(discount_rate, cost.life) + cost.upkeep_fraction
    return capital(cost, mass, delivery_cost) * share
