"""Flights per year from pads, vehicles, factories and propellant; the life of a unit that may be lost."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.constants import DAY, JULIAN_YEAR
from astro_logistics.launch import fleet as fleets
from astro_logistics.launch import supply as supplies
from astro_logistics.numerics import smooth_minimum

PROPELLANT = (4000e3, 1100e3)
"""Oxidizer and fuel of a flight, kg."""


def make(**changes: object) -> fleets.Fleet:
    base = {
        "pads": 2.0,
        "pad_turnaround": DAY,
        "boosters": 10.0,
        "booster_turnaround": 20 * DAY,
        "booster_flights": 30.0,
        "booster_loss": 0.02,
        "booster_production": 12 / JULIAN_YEAR,
        "booster_engines": 33.0,
        "ships": 20.0,
        "ship_turnaround": 40 * DAY,
        "ship_flights": 5.0,
        "ship_loss": 0.05,
        "ship_production": 20 / JULIAN_YEAR,
        "ship_engines": 6.0,
        "engine_production": 400 / JULIAN_YEAR,
    }
    return fleets.Fleet(**{k: jnp.asarray(v) for k, v in (base | changes).items()})


def supply(**changes: object) -> supplies.Supply:
    base = {
        "oxygen_production": 30e9 / JULIAN_YEAR,
        "oxygen_share": 0.1,
        "oxygen_electricity": 2e6,
        "fuel_production": 700e9 / JULIAN_YEAR,
        "fuel_share": 0.001,
        "fuel_electricity": 1e6,
        "fuel_carbon_dioxide": 2.743,
        "grid_carbon_dioxide": 1e-7,
    }
    return supplies.Supply(**{k: jnp.asarray(v) for k, v in (base | changes).items()})


LIMITS = jax.jit(fleets.flight_limits)


def test_by_hand():
    limits = dict(zip(fleets.LIMITS, LIMITS(make(booster_loss=0.0, ship_loss=0.0), supply(), *PROPELLANT), strict=True))
    expected = {
        "pads": 2 * 365.25,
        "boosters": 10 / 20 * 365.25,
        "ships": 20 / 40 * 365.25,
        "booster production": 12 * 30.0,
        "ship production": 20 * 5.0,
        "engine production": 400 / (33 / 30 + 6 / 5),
        "oxygen": 30e9 * 0.1 / 4000e3,
        "fuel": 700e9 * 0.001 / 1100e3,
    }
    assert {k: float(x) for k, x in limits.items()} == pytest.approx(expected, rel=1e-13)


def test_claimed_rate():
    # "10,000 flights a year with 20-30 ships at a 30 h turnaround" (2026): 25 ships give 7,305, 34 give 10,000
    rate = LIMITS(make(ships=25.0, ship_turnaround=30 * 3600.0), supply(), *PROPELLANT)[fleets.LIMITS.index("ships")]
    assert float(rate) == pytest.approx(25 * 8766 / 30, rel=1e-14)


def test_against_a_calendar_of_flights():
    # boosters fly in turn, each again after its turnaround: count the launches of ten years one by one
    case = make()
    due, launches = [0.0] * 10, 0
    while min(due) < 10 * JULIAN_YEAR:
        i = due.index(min(due))
        due[i] += float(case.booster_turnaround)
        launches += 1
    assert launches / 10 == pytest.approx(float(LIMITS(case, supply(), *PROPELLANT)[1]), abs=1.0)  # ten fly at once


# ---- life


def test_life_is_the_sum_of_survivals(rng: np.random.Generator):
    n, p = rng.integers(1, 200, 2000), 10.0 ** rng.uniform(-12, -0.1, 2000)
    direct = np.array([np.sum((1.0 - q) ** np.arange(m)) for m, q in zip(n, p, strict=True)])
    # the power of a rounded base: 1e-16 a flight
    np.testing.assert_allclose(fleets.expected_flights(n.astype(float), p), direct, rtol=1e-13)


def test_life_in_the_limits():
    assert float(fleets.expected_flights(30.0, 0.0)) == 30.0
    assert float(fleets.expected_flights(1.0, 0.3)) == 1.0
    assert float(fleets.expected_flights(1e6, 0.01)) == pytest.approx(100.0, rel=1e-13)
    slope = jax.grad(fleets.expected_flights, argnums=1)(30.0, 0.0)
    assert float(slope) == pytest.approx(-30 * 29 / 2, rel=1e-10)  # first term of the binomial series
    assert float(jax.grad(fleets.expected_flights, argnums=1)(1.0, 0.3)) == 0.0


def test_life_against_thrown_dice(rng: np.random.Generator):
    # 20,000 boosters fly until lost or worn out
    lost_at = rng.geometric(0.03, 20_000)
    assert float(fleets.expected_flights(20.0, 0.03)) == pytest.approx(np.mean(np.minimum(lost_at, 20)), rel=0.01)


# ---- invariants


def random_case(rng: np.random.Generator, n: int) -> tuple[fleets.Fleet, supplies.Supply]:
    def around(x: jax.Array) -> jax.Array:
        return x * jnp.asarray(10.0 ** rng.uniform(-1, 1, n))

    fleet = jax.tree.map(around, make())
    lives = {k: jnp.asarray(rng.uniform(1.0, 200.0, n)) for k in ("booster_flights", "ship_flights")}
    losses = {k: jnp.asarray(rng.uniform(0.0, 0.3, n)) for k in ("booster_loss", "ship_loss")}
    values = {k: getattr(fleet, k) for k in fleet.__dataclass_fields__}
    return fleets.Fleet(**(values | lives | losses)), jax.tree.map(around, supply())


def test_rate_never_exceeds_a_limit_and_more_never_hurts(rng: np.random.Generator):
    fleet, made = random_case(rng, 5000)
    limits = jnp.moveaxis(LIMITS(fleet, made, *PROPELLANT), -1, 0)
    rate = jax.jit(lambda f, s: smooth_minimum(fleets.flight_limits(f, s, *PROPELLANT)))
    least = jnp.min(limits, axis=0)
    assert bool(jnp.all((rate(fleet, made) <= least * (1 + 1e-12)) & (rate(fleet, made) >= least * 8 ** (-1 / 16))))
    slopes = jax.jit(jax.grad(lambda f, s: jnp.sum(rate(f, s)), argnums=(0, 1)))(fleet, made)
    for name in ("pads", "boosters", "ships", "booster_production", "ship_production", "engine_production"):
        assert bool(jnp.all(getattr(slopes[0], name) >= 0.0)), name
    for name in ("pad_turnaround", "booster_turnaround", "ship_turnaround", "booster_loss", "ship_loss"):
        assert bool(jnp.all(getattr(slopes[0], name) <= 0.0)), name
    assert bool(jnp.all(slopes[1].oxygen_production >= 0.0))


def test_missions_of_many_flights(rng: np.random.Generator):
    # a mission of n flights that leaves no ship is n flights; one that leaves its ship takes a whole ship more
    plain = LIMITS(make(), supply(), *PROPELLANT)
    mission = LIMITS(make(), supply(), *PROPELLANT, 12.0, 0.0)
    np.testing.assert_allclose(mission * 12.0, plain, rtol=1e-14)
    leaving = LIMITS(make(), supply(), *PROPELLANT, 12.0, 1.0)
    life = float(fleets.ship_life(make()))
    assert float(leaving[4]) == pytest.approx(20 / (1 + 11 / life), rel=1e-13)
    assert float(leaving[5]) < float(mission[5])
    np.testing.assert_allclose(
        leaving[jnp.array([0, 1, 2, 3, 6, 7])], mission[jnp.array([0, 1, 2, 3, 6, 7])], rtol=1e-14
    )


# ---- propellant


def test_carbon_dioxide_of_a_starship():
    # 5,250 t at a mixture ratio of 3.6: 1,141 t of methane make 3,130 t of carbon dioxide (44.01 / 16.04)
    fuel = 5250e3 / 4.6
    burnt = float(supplies.carbon_dioxide(supply(grid_carbon_dioxide=0.0), 5250e3 - fuel, fuel))
    assert burnt == pytest.approx(3130e3, rel=1e-3)  # printed digits
    # oxygen at 300 kWh/t: 1.23 GWh a flight
    power = float(
        supplies.electricity(supply(oxygen_electricity=0.3 * 3.6e6, fuel_electricity=0.0), 5250e3 - fuel, fuel)
    )
    assert power / 3.6e12 == pytest.approx(1.23, abs=5e-3)
    grid = float(supplies.carbon_dioxide(supply(fuel_carbon_dioxide=0.0), *PROPELLANT))
    assert grid == pytest.approx(1e-7 * (4000e3 * 2e6 + 1100e3 * 1e6), rel=1e-13)


# ---- derivatives, transformations, bad numbers


def test_derivatives(relative_grads: Callable[..., None]):
    relative_grads(
        jax.jit(lambda f, s: smooth_minimum(fleets.flight_limits(f, s, *PROPELLANT, 3.0, 0.5))),
        make(boosters=30.0, ship_production=100 / JULIAN_YEAR, engine_production=800 / JULIAN_YEAR),
        supply(),
        rtol=1e-5,
    )


def test_jit_vmap_and_bad_numbers(rng: np.random.Generator):
    pads = rng.uniform(1, 20, 30)
    together = np.asarray(LIMITS(make(pads=pads), supply(), *PROPELLANT)[:, 0])
    one = jax.vmap(lambda p: LIMITS(make(pads=p), supply(), *PROPELLANT)[0])(pads)
    np.testing.assert_allclose(one, together, rtol=1e-15)
    assert np.isnan(LIMITS(make(pads=np.nan), supply(), *PROPELLANT)[0])
    assert np.isnan(fleets.expected_flights(10.0, 1.5))
