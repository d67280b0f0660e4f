"""What a kilogram thrown by the lunar mass driver costs."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.economics.finance import capital_recovery_factor
from astro_logistics.pytree import Pytree, field

BOUNDARY = (
    "operator's cost: hardware and its delivery to the Moon, development, financing over the life, upkeep, windings "
    "and store renewed as they wear, operations; power through the plant's share of the mass; not in it: making the "
    "payload on the Moon, profit, insurance"
)


class DriverCost(Pytree):
    """Cost inputs of the mass driver, USD of the scenario's price year."""

    hardware_cost: Array = field(unit="USD / kg", doc="making the system, store apart, per mass of it", low=0.0)
    store_cost: Array = field(unit="USD / kg", doc="making the energy store, per mass of it", low=0.0)
    local_fraction: Array = field(
        unit="", doc="share of the system's mass made on the Moon, not landed", low=0.0, high=1.0
    )
    development_cost: Array = field(unit="USD", doc="development and site preparation", low=0.0)
    upkeep_fraction: Array = field(unit="yr-1", doc="yearly upkeep and spares over the capital", low=0.0)
    operations_cost: Array = field(unit="USD / yr", doc="crew, robots and control, per year", low=0.0)
    life: Array = field(unit="yr", doc="life of the system", low=0.0)


class DriverBill(Pytree):
    """What the system costs in a year, by what it is paid for."""

    development: Array = field(unit="USD / yr", doc="development and site, financed over the life")
    hardware: Array = field(unit="USD / yr", doc="making the parts, financed")
    delivery: Array = field(unit="USD / yr", doc="landing those not made on the Moon, financed")
    renewal: Array = field(unit="USD / yr", doc="windings and store worn out by shots, made and landed")
    upkeep: Array = field(unit="USD / yr", doc="upkeep and spares")
    operations: Array = field(unit="USD / yr", doc="crew, robots and control")

    @property
    def total(self) -> Array:
        """Sum, USD/yr."""
        return self.development + self.hardware + self.delivery + self.renewal + self.upkeep + self.operations


def landed_cost(cost: DriverCost, delivery_cost: ArrayLike) -> Array:
    """Delivery of a kilogram of the system, averaged over landed and locally made mass, USD/kg."""
    return jnp.asarray(delivery_cost) * (1.0 - cost.local_fraction)


def capital(cost: DriverCost, mass: ArrayLike, store_mass: ArrayLike, delivery_cost: ArrayLike) -> Array:
    """Capital of a system of `mass` (kg), of which `store_mass` store, landed at `delivery_cost` (USD/kg), USD."""
    parts = jnp.asarray(mass) * cost.hardware_cost + jnp.asarray(store_mass) * (cost.store_cost - cost.hardware_cost)
    return parts + jnp.asarray(mass) * landed_cost(cost, delivery_cost) + cost.development_cost


def yearly_bill(
    cost: DriverCost,
    mass: ArrayLike,
    store_mass: ArrayLike,
    renewed_mass: ArrayLike,
    renewed_store: ArrayLike,
    delivery_cost: ArrayLike,
    discount_rate: ArrayLike,
) -> DriverBill:
    """Cost of a year of owning and running the system.

    Capital is repaid in equal yearly payments; what wears out with the shots is bought and landed again as it goes.

    Args:
        cost: cost inputs.
        mass: of the system, store included, kg.
        store_mass: of its energy store, kg.
        renewed_mass: windings renewed, kg/yr.
        renewed_store: store renewed, kg/yr.
        delivery_cost: landing a kilogram on the Moon, USD/kg.
        discount_rate: per year.
    """
    share = capital_recovery_factor(discount_rate, cost.life)
    store, landed = jnp.asarray(store_mass), landed_cost(cost, delivery_cost)
    made = (jnp.asarray(mass) - store) * cost.hardware_cost + store * cost.store_cost
    again = jnp.asarray(renewed_mass) * (cost.hardware_cost + landed)
    return DriverBill(
        development=share * cost.development_cost,
        hardware=share * made,
        delivery=share * jnp.asarray(mass) * landed,
        renewal=again + jnp.asarray(renewed_store) * (cost.store_cost + landed),
        upkeep=cost.upkeep_fraction * capital(cost, mass, store_mass, delivery_cost),
        operations=jnp.asarray(cost.operations_cost),
    )
