"""Flights per year from pads, boosters and ships."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.constants import DAY, JULIAN_YEAR
from astro_logistics.launch import fleet as fleets
from astro_logistics.numerics import smooth_minimum


def make(pads=2.0, pad_turnaround=DAY, boosters=10.0, booster_turnaround=20 * DAY, life=30.0, built=20.0, flights=5.0):
    values = (pads, pad_turnaround, boosters, booster_turnaround, life, built / JULIAN_YEAR, flights)
    return fleets.Fleet(*(jnp.asarray(x) for x in values))


def test_by_hand():
    pads, boosters, ships = fleets.flight_limits(make())
    assert float(pads) == pytest.approx(2 * 365.25, rel=1e-15)
    assert float(boosters) == pytest.approx(10 / 20 * 365.25, rel=1e-15)
    assert float(ships) == pytest.approx(100.0, rel=1e-14)
    assert len(fleets.LIMITS) == 3


def test_claimed_rate():
    # "10,000 flights a year with 20-30 ships at a 30 h turnaround" (2026): 25 ships give 7,305, 34 give 10,000
    rate = fleets.flight_limits(make(boosters=25.0, booster_turnaround=30 * 3600.0))[1]
    assert float(rate) == pytest.approx(25 * 8766 / 30, rel=1e-14)


def test_against_a_calendar_of_flights():
    # boosters fly in turn, each again after its turnaround: count the launches of ten years one by one
    case = make()
    due, launches = [0.0] * 10, 0
    while min(due) < 10 * JULIAN_YEAR:
        i = due.index(min(due))
        due[i] += float(case.booster_turnaround)
        launches += 1
    assert launches / 10 == pytest.approx(float(fleets.flight_limits(case)[1]), abs=1.0)  # the first ten fly at once


def test_derivatives(relative_grads: Callable[..., None]):
    # booster_flights is in the fleet for the cost: it has no effect on the rate
    relative_grads(lambda f: smooth_minimum(fleets.flight_limits(f)), make(boosters=30.0, built=100.0), rtol=1e-5)


def test_jit_vmap_and_bad_numbers(rng: np.random.Generator):
    pads = rng.uniform(1, 20, 30)
    together = np.asarray(fleets.flight_limits(make(pads=pads))[0])
    np.testing.assert_allclose(jax.jit(fleets.flight_limits)(make(pads=pads))[0], together, rtol=1e-15)
    one = jax.vmap(lambda p: fleets.flight_limits(make(pads=p))[0])(pads)
    np.testing.assert_allclose(one, together, rtol=1e-15)
    assert np.isnan(fleets.flight_limits(make(pads=np.nan))[0])
