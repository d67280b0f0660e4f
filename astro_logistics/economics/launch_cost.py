"""What one flight costs, from hardware, losses, refurbishment, propellant, operations, capital and insurance."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.economics.finance import financing_factor
from astro_logistics.economics.learning import unit_cost
from astro_logistics.pytree import Pytree, field

BOUNDARY = (
    "operator's cost in USD of the scenario's price year: hardware amortized over the flights that losses leave it, "
    "interest on it, refurbishment, propellant, pad, range and recovery, fixed yearly costs, insurance of the launch; "
    "not in it: development, profit (the price has it), the payload and its insurance"
)


class LaunchCost(Pytree):
    """Cost inputs of a launcher, USD of the scenario's price year."""

    booster_cost: Array = field(unit="USD", doc="making one booster", low=0.0)
    ship_cost: Array = field(unit="USD", doc="making one ship (upper stage), fairing included", low=0.0)
    learning_rate: Array = field(unit="", doc="share of unit cost saved per doubling of units built", low=0.0, high=0.9)
    units_ratio: Array = field(
        unit="", doc="units built by the time considered, over those at which the costs above hold", low=0.0
    )
    refurbishment_fraction: Array = field(
        unit="", doc="refurbishment of a booster after a flight over its cost", low=0.0
    )
    ship_refurbishment_fraction: Array = field(
        unit="", doc="refurbishment of a ship after a flight over its cost", low=0.0
    )
    oxidizer_price: Array = field(unit="USD / kg", doc="price of oxidizer", low=0.0)
    fuel_price: Array = field(unit="USD / kg", doc="price of fuel", low=0.0)
    operations_cost: Array = field(unit="USD", doc="pad, range, recovery and crew for one flight", low=0.0)
    fixed_cost_per_year: Array = field(unit="USD", doc="sites and staff for one year, whatever the rate", low=0.0)
    discount_rate: Array = field(unit="yr-1", doc="real weighted cost of the capital in the fleet", low=-0.9)
    insurance_rate: Array = field(
        unit="", doc="insurance of the launch, not of its payload, over the cost of the flight insured", low=0.0
    )
    margin_fraction: Array = field(unit="", doc="profit over the price", high=1.0)


class FlightCost(Pytree):
    """What one flight costs by part; a `total`, and the `price` that leaves the margin."""

    booster: Array = field(unit="USD", doc="making the booster, over its flights")
    ship: Array = field(unit="USD", doc="making the ship, over its flights")
    refurbishment: Array = field(unit="USD", doc="of booster and ship")
    propellant: Array = field(unit="USD", doc="oxidizer and fuel")
    operations: Array = field(unit="USD", doc="pad, range and recovery")
    fixed: Array = field(unit="USD", doc="the flight's share of the yearly costs")
    financing: Array = field(unit="USD", doc="interest on booster and ship")
    insurance: Array = field(unit="USD", doc="of the launch")
    price: Array = field(unit="USD", doc="total over one less the margin")

    @property
    def marginal(self) -> Array:
        """Cost of one flight more with the boosters there are: ship, refurbishment, propellant, operations."""
        return self.ship + self.refurbishment + self.propellant + self.operations

    @property
    def total(self) -> Array:
        """All parts together."""
        return self.marginal + self.booster + self.fixed + self.financing + self.insurance


def flight_cost(
    cost: LaunchCost,
    booster_flights: ArrayLike,
    ship_flights: ArrayLike,
    oxidizer_mass: ArrayLike,
    fuel_mass: ArrayLike,
    flights_per_year: ArrayLike,
    boosters: ArrayLike,
    ships: ArrayLike,
) -> FlightCost:
    """Cost of one flight by part, USD; see `BOUNDARY` for what is in.

    A unit that flies N times costs 1/N of its making per flight and is refurbished N - 1 times in N flights. It is in
    service for N (units in service) / (flights per year) years; the capital is repaid over that time in equal parts
    with interest (`financing_factor`), from delivery on. Insurance is a share of everything else.

    Args:
        cost: cost inputs.
        booster_flights, ship_flights: flights per unit over its life with losses counted, >= 1; 1 is expended.
        oxidizer_mass, fuel_mass: loaded for the flight, kg.
        flights_per_year: rate over which the fixed yearly cost is spread.
        boosters, ships: in service; idle ones earn nothing and bear interest.
    """
    rate = jnp.asarray(flights_per_year)
    parts, refurbishment, financing = [], jnp.zeros(()), jnp.zeros(())
    for unit, share, flights, fleet in (
        (cost.booster_cost, cost.refurbishment_fraction, booster_flights, boosters),
        (cost.ship_cost, cost.ship_refurbishment_fraction, ship_flights, ships),
    ):
        made = unit_cost(unit, cost.units_ratio, cost.learning_rate)
        n = jnp.asarray(flights)
        parts.append(made / n)
        refurbishment = refurbishment + share * made * (1.0 - 1.0 / n)
        financing = financing + made / n * (financing_factor(cost.discount_rate, n * fleet / rate) - 1.0)
    propellant = jnp.asarray(oxidizer_mass) * cost.oxidizer_price + jnp.asarray(fuel_mass) * cost.fuel_price
    fixed = cost.fixed_cost_per_year / rate
    rest = parts[0] + parts[1] + refurbishment + propellant + cost.operations_cost + fixed + financing
    insurance = cost.insurance_rate * rest
    return FlightCost(
        booster=parts[0],
        ship=parts[1],
        refurbishment=refurbishment,
        propellant=propellant,
        operations=jnp.asarray(cost.operations_cost),
        fixed=fixed,
        financing=financing,
        insurance=insurance,
        price=(rest + insurance) / (1.0 - cost.margin_fraction),
    )
