"""Two ways to see the price of launch fall: the record drawn onward, and the launcher's own parts getting cheaper."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.economics import learning
from astro_logistics.economics.launch_cost import flight_cost
from astro_logistics.economics.price_history import wright
from astro_logistics.launch import fleet as fleets
from astro_logistics.network.figures import Evaluation, PriceFigures
from astro_logistics.network.lift import Lift
from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import replace_at


def mass_at(scenario: Scenario, up: Lift, units_ratio: ArrayLike) -> Array:
    """Cumulative mass lifted when the launcher's units are `units_ratio` times those at which its costs hold, kg.

    start mass + (ratio - 1) start units x flights of a ship x payload: every ship built since has flown its life out,
    full. Boosters and ships are taken to be built in equal numbers.
    """
    history = scenario.price_history
    new = (jnp.asarray(units_ratio) - 1.0) * history.start_units
    return history.start_mass + new * fleets.ship_life(scenario.launcher.fleet) * up.payload


def units_ratio_at(scenario: Scenario, up: Lift, cumulative_mass: ArrayLike) -> Array:
    """Inverse of `mass_at`."""
    history = scenario.price_history
    per_unit = fleets.ship_life(scenario.launcher.fleet) * up.payload
    return 1.0 + (jnp.asarray(cumulative_mass) - history.start_mass) / (history.start_units * per_unit)


def price_path(scenario: Scenario, up: Lift, cumulative_mass: ArrayLike) -> PriceFigures:
    """The record's line with its band, and the bottom-up price, over cumulative mass.

    Args:
        scenario: its `units_ratio` is not used: cumulative mass takes its place.
        up: a flight of the launcher to low orbit.
        cumulative_mass: kg, shape (n,) or (), above the history's start mass.
    """
    mass = jnp.asarray(cumulative_mass)
    launcher = scenario.launcher
    cost = replace_at(launcher.cost, {"units_ratio": units_ratio_at(scenario, up, mass)})
    fleet = launcher.fleet
    flight = flight_cost(
        cost,
        *fleets.lives(fleet),
        up.oxidizer,
        up.fuel,
        up.flights,
        fleet.boosters,
        fleet.ships,
    )
    return figures(scenario, mass, flight.price / up.payload)


def figures(scenario: Scenario, cumulative_mass: Array, bottom_up: Array) -> PriceFigures:
    """The record's fit, and its line at `cumulative_mass`, beside a bottom-up price."""
    found = wright(scenario.price_history)
    rate, rate_low, rate_high = learning.rate_band(found)
    line, low, high = learning.predict(found, cumulative_mass)
    return PriceFigures(
        learning_rate=rate,
        learning_rate_low=rate_low,
        learning_rate_high=rate_high,
        cumulative_mass=cumulative_mass,
        predicted_price=line,
        predicted_price_low=low,
        predicted_price_high=high,
        bottom_up_price=bottom_up,
    )


def present(scenario: Scenario, up: Lift) -> PriceFigures:
    """The comparison where the scenario stands: at the mass that its own `units_ratio` stands for."""
    mass = mass_at(scenario, up, scenario.launcher.cost.units_ratio)
    return figures(scenario, mass, up.cost.price / up.payload)


def over_years(
    scenario: Scenario, evaluation: Evaluation, payload: Array, years: Array, flights: Array, cost: Array
) -> PriceFigures:
    """The record's line and the bottom-up price over years of growth.

    A flight costs the same whichever of the two orbits it goes to, so a kilogram to the depot's orbit sells for its
    present price times the cost to sun-synchronous orbit over what that is now. Mass is counted as if every flight
    brought what a tanker brings, by trapezoids; nothing is added between the record's end and the first year.

    Args:
        scenario, evaluation: where growth starts.
        payload: of a flight to sun-synchronous orbit, kg.
        years: ascending, shape (n,).
        flights: per year, shape (n,).
        cost: operator's cost to sun-synchronous orbit, USD/kg, shape (n,).

    Returns:
        The figures at each year, (n,); the learning rates have no axis.
    """
    up, now = evaluation.routes["earth-to-sso"], evaluation.launch_price
    lifted = up.price / now.bottom_up_price * payload
    flown = jnp.cumsum(0.5 * (flights[1:] + flights[:-1]) * jnp.diff(years))
    mass = now.cumulative_mass + lifted * jnp.concatenate([jnp.zeros(1), flown])
    return figures(scenario, mass, now.bottom_up_price * cost / up.cost)
