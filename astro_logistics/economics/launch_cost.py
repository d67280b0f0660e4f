"""What one flight costs, from hardware, reuse, refurbishment, propellant and operations."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.economics.learning import unit_cost
from astro_logistics.pytree import Pytree, field

BOUNDARY = (
    "operator's cost: hardware amortized over its flights, refurbishment, propellant, operations, fixed yearly costs; "
    "not in it: development, profit, insurance, financing, the payload"
)


class LaunchCost(Pytree):
    """Cost inputs of a launcher, USD of the scenario's price year."""

    booster_cost: Array = field(unit="USD", doc="making one booster", low=0.0)
    ship_cost: Array = field(unit="USD", doc="making one ship (upper stage), fairing included", low=0.0)
    learning_rate: Array = field(unit="", doc="share of unit cost saved per doubling of units built", low=0.0, high=0.9)
    units_ratio: Array = field(
        unit="", doc="units built by the time considered, over those at which the costs above hold", low=0.0
    )
    refurbishment_fraction: Array = field(unit="", doc="refurbishment after a flight over the unit's cost", low=0.0)
    oxidizer_price: Array = field(unit="USD / kg", doc="price of oxidizer", low=0.0)
    fuel_price: Array = field(unit="USD / kg", doc="price of fuel", low=0.0)
    operations_cost: Array = field(unit="USD", doc="pad, range, recovery and crew for one flight", low=0.0)
    fixed_cost_per_year: Array = field(unit="USD", doc="sites and staff for one year, whatever the rate", low=0.0)


def flight_cost(
    cost: LaunchCost,
    booster_flights: ArrayLike,
    ship_flights: ArrayLike,
    oxidizer_mass: ArrayLike,
    fuel_mass: ArrayLike,
    flights_per_year: ArrayLike,
) -> Array:
    """Cost of one flight, USD; see `BOUNDARY` for what is in.

    A unit that flies N times costs 1/N of its making per flight and is refurbished N - 1 times in N flights.

    Args:
        cost: cost inputs.
        booster_flights, ship_flights: flights per unit over its life, >= 1; 1 is expended.
        oxidizer_mass, fuel_mass: loaded for the flight, kg.
        flights_per_year: rate over which the fixed yearly cost is spread.
    """
    total = jnp.asarray(cost.operations_cost) + cost.fixed_cost_per_year / jnp.asarray(flights_per_year)
    for unit, flights in ((cost.booster_cost, booster_flights), (cost.ship_cost, ship_flights)):
        made = unit_cost(unit, cost.units_ratio, cost.learning_rate)
        n = jnp.asarray(flights)
        total = total + made / n + cost.refurbishment_fraction * made * (1.0 - 1.0 / n)
    return total + oxidizer_mass * cost.oxidizer_price + fuel_mass * cost.fuel_price
