"""What launch has become cheaper by, what it would become, and what learning asks for on the way."""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from astro_logistics.economics.price_history import wright
from astro_logistics.network.figures import Evaluation
from astro_logistics.network.lift import FLIGHT_LIMITS, Lift
from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import Pytree, field

GOAL = 200.0
"""USD/kg: the price to low orbit that is promised."""

MEGATONNE = 1e9
"""kg"""

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
    needed_learning: Array = field(unit="", doc="fall of price per doubling that a year of the fleet's flights needs")
    megatonne_flights: Array = field(unit="", doc="flights of the launcher for 1 Mt in low orbit")
    megatonne_flights_moon: Array = field(unit="", doc="flights of the launcher for 1 Mt on the Moon, tankers too")
    megatonne_pads: Array = field(unit="yr", doc="for 1 Mt in low orbit, if pads alone set the pace")
    megatonne_ships: Array = field(unit="yr", doc="the same by the fleet of ships")
    megatonne_works: Array = field(unit="yr", doc="the same by what makes ships")
    megatonne_oxygen: Array = field(unit="yr", doc="the same by oxygen")


_ORBIT = ("routes.earth-to-sso",)
NEEDS: Mapping[str, tuple[str, ...]] = dict.fromkeys(
    (
        "cost",
        "price",
        "cost_ratio",
        "price_ratio",
        "price_over_cost",
        "learning_years",
        "flights",
        "learning_flights",
        "needed_learning",
        "megatonne_flights",
        "megatonne_pads",
        "megatonne_ships",
        "megatonne_works",
        "megatonne_oxygen",
    ),
    _ORBIT,
) | {"megatonne_flights_moon": ("routes.earth-to-moon",)}
"""Parts of the evaluation whose constraints a figure needs met: the launcher's own, as on its way to a higher orbit."""


def figures(scenario: Scenario, evaluation: Evaluation, up: Lift) -> LaunchFigures:
    """Costs, prices and learning of launch; `up` is a flight of the launcher to the depot orbit.

    The record's line is Wright's law fitted to the maker's list prices: p = exp(mean ln p) (q / exp(mean ln q))^-b, so
    q(200) = exp(mean ln q + (mean ln p - ln 200) / b). What learning it takes, for 200 USD/kg after a year of the
    fleet's flights: 1 - 2^-b' with b' = ln(p / 200) / ln(1 + flown / q), p and q the line's and the mass lifted today.
    """
    history, today = scenario.price_history, evaluation.routes[TODAY]
    fit = wright(history)
    learned = jnp.exp(fit.mean_log_quantity + (fit.mean_log_price - jnp.log(GOAL)) / fit.exponent)
    more = learned - history.start_mass
    cost, price = up.cost.total / up.payload, up.cost.price / up.payload
    now = jnp.exp(fit.mean_log_price - fit.exponent * (jnp.log(history.start_mass) - fit.mean_log_quantity))
    after = jnp.log1p(up.flights * up.payload / history.start_mass)  # 1 year
    pace = dict(zip(FLIGHT_LIMITS, MEGATONNE / (up.limits * up.payload), strict=True))
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
        needed_learning=1.0 - 2.0 ** (-jnp.log(now / GOAL) / after),
        megatonne_flights=MEGATONNE / up.payload,
        megatonne_flights_moon=MEGATONNE * evaluation.routes["earth-to-moon"].energy / up.energy,
        megatonne_pads=pace["pads"],
        megatonne_ships=pace["ships"],
        megatonne_works=pace["ship production"],
        megatonne_oxygen=pace["oxygen"],
    )
