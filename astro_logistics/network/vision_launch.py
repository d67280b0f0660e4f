"""What launch has become cheaper by, what it would become, and what learning asks for on the way."""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from astro_logistics.economics.price_history import wright
from astro_logistics.network.figures import Evaluation
from astro_logistics.network.lift import Lift
from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import Pytree, field

GOAL = 200.0
"""USD/kg: the price to low orbit that is promised."""

TODAY = "earth-to-leo-today"


class LaunchFigures(Pytree):
    """Launch from the Earth; low orbit is that of the depot for the launcher to come."""

    cost: Array = field(unit="USD / kg", doc="operator's cost to low orbit, the launcher of the scenario")
    price: Array = field(unit="USD / kg", doc="price to low orbit, the launcher of the scenario")
    cost_ratio: Array = field(unit="", doc="today's cost to low orbit over that of the launcher of the scenario")
    price_ratio: Array = field(unit="", doc="today's price to low orbit over that of the launcher of the scenario")
    price_over_cost: Array = field(unit="", doc="today's price to low orbit over cost of the launcher of the scenario")
    own_price_ratio: Array = field(unit="", doc="first over last price of the maker's own record")
    learned_mass: Array = field(unit="kg", doc="mass lifted when the record's own line has come down to 200 USD/kg")
    learning_doublings: Array = field(unit="", doc="doublings of the mass lifted from today until then")
    learning_years: Array = field(unit="yr", doc="until then, with the flights of the scenario's fleet from now on")
    flights: Array = field(unit="yr-1", doc="flights per year of the scenario's fleet")
    learning_flights: Array = field(unit="", doc="flights of the launcher until then")


_ORBIT = ("routes.earth-to-sso",)
NEEDS: Mapping[str, tuple[str, ...]] = dict.fromkeys(
    ("cost", "price", "cost_ratio", "price_ratio", "price_over_cost", "learning_years", "flights", "learning_flights"),
    _ORBIT,
)
"""Parts of the evaluation whose constraints a figure needs met: the launcher's own, as on its way to a higher orbit."""


def figures(scenario: Scenario, evaluation: Evaluation, up: Lift) -> LaunchFigures:
    """Costs, prices and learning of launch; `up` is a flight of the launcher to the depot orbit.

    The record's line is Wright's law fitted to the maker's list prices: p = exp(mean ln p) (q / exp(mean ln q))^-b, so
    q(200) = exp(mean ln q + (mean ln p - ln 200) / b).
    """
    history, today = scenario.price_history, evaluation.routes[TODAY]
    fit = wright(history)
    learned = jnp.exp(fit.mean_log_quantity + (fit.mean_log_price - jnp.log(GOAL)) / fit.exponent)
    more = learned - history.start_mass
    cost, price = up.cost.total / up.payload, up.cost.price / up.payload
    by_year = sorted(history.points, key=lambda name: name.rpartition("_")[2])
    first, last = (history.points[by_year[i]] for i in (0, -1))
    return LaunchFigures(
        cost=cost,
        price=price,
        cost_ratio=today.cost / cost,
        price_ratio=today.price / price,
        price_over_cost=today.price / cost,
        own_price_ratio=first.price / last.price,
        learned_mass=learned,
        learning_doublings=jnp.log2(learned / history.start_mass),
        learning_years=more / (up.flights * up.payload),
        flights=up.flights,
        learning_flights=more / up.payload,
    )
