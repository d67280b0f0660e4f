"""Orbit, Moon and Mars as programmes that fly, learn and fly again: how often, and what has been learned by when."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from astro_logistics.astro.cadence import expected_time
from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.economics.learning import wright_exponent
from astro_logistics.network.figures import Evaluation
from astro_logistics.network.growth_figures import Programme
from astro_logistics.network.scenario import Scenario

PROGRAMMES = {"orbit": "earth-to-sso", "moon": "earth-to-moon", "mars": "earth-to-mars"}
"""Name -> route whose windows and flights it uses."""
BY = 2050.0
"""Calendar year by which iterations are counted."""


def programme(scenario: Scenario, evaluation: Evaluation, name: str) -> Programme:
    """A programme of `PROGRAMMES` from the growth's start on.

    An iteration waits for a window, flies, stays and is learned from; the next is ready a turnaround later. Home it
    waits and flies as it did out. Done by a year: n with n (wait + flight + stay) + (n - 1) turnaround = time.

    Errors: each iteration is ready at a random moment (`cadence.expected_time`); dates with the real windows are what
    `al.cadence` gives. Real returns from Mars wait longer or shorter than the mean by up to a year.
    """
    route, growth = evaluation.routes[PROGRAMMES[name]], scenario.growth
    wait, flight = route.mean_wait / JULIAN_YEAR, route.transit_time / JULIAN_YEAR
    stay, turnaround = growth.stay_time, growth.turnaround_time
    busy = flight + stay
    time = jnp.asarray(BY) - growth.start_year
    done = (time + turnaround) / (wait + busy + turnaround)

    def date(n: float) -> Array:
        return growth.start_year + expected_time(n, wait, busy, turnaround)

    return Programme(
        windows=route.departure_rate * JULIAN_YEAR,
        transit=flight,
        cycle=wait + busy + turnaround,
        round_cycle=2.0 * (wait + flight) + stay + turnaround,
        fifth=date(5.0),
        tenth=date(10.0),
        by_2050=done,
        cost_2050=done ** -wright_exponent(scenario.launcher.cost.learning_rate),
    )


def programmes(scenario: Scenario, evaluation: Evaluation) -> dict[str, Programme]:
    """All of `PROGRAMMES`."""
    return {name: programme(scenario, evaluation, name) for name in PROGRAMMES}
