"""Cost of a flight: every dollar of a fleet's life is charged to some flight, once."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.economics.launch_cost import LaunchCost, flight_cost
from astro_logistics.pytree import replace_at


def make(**changes: float) -> LaunchCost:
    base = {
        "booster_cost": 60e6,
        "ship_cost": 30e6,
        "learning_rate": 0.15,
        "units_ratio": 3.0,
        "refurbishment_fraction": 0.05,
        "oxidizer_price": 0.15,
        "fuel_price": 0.6,
        "operations_cost": 2e6,
        "fixed_cost_per_year": 300e6,
    }
    return LaunchCost(**{k: jnp.asarray(v) for k, v in (base | changes).items()})


FLAT = {"units_ratio": 1.0}
CASE = (20.0, 10.0, 4000e3, 1100e3, 50.0)
"""Booster flights, ship flights, oxidizer, fuel, flights a year."""


def test_published_falcon_9():
    # Marginal cost of a reused Falcon 9 flight as stated in 2020: 15 M$, of it an upper stage for 10 M$, about 1 M$
    # of refurbishment, under 0.5 M$ of propellant, a fairing's recovery and others for the rest
    cost = make(
        **FLAT,
        booster_cost=30e6,
        ship_cost=10e6,
        refurbishment_fraction=1 / 30,
        operations_cost=2e6,
        fixed_cost_per_year=0.0,
    )
    total = float(flight_cost(cost, 1e9, 1.0, 350e3, 150e3, 100.0))  # a booster whose making is not counted
    assert total == pytest.approx(10e6 + 1e6 + 2e6 + 350e3 * 0.15 + 150e3 * 0.6, rel=1e-6)  # 30 $ of booster left


def test_expended_unit_is_charged_in_full():
    cost = make(**FLAT, operations_cost=0.0, fixed_cost_per_year=0.0)
    assert float(flight_cost(cost, 1.0, 1.0, 0.0, 0.0, 1.0)) == pytest.approx(90e6, rel=1e-15)


def test_ledger_of_a_fleet_life():
    # ten years of a fleet, booked year by year: units made, refurbished before each flight but the first, propellant,
    # operations, sites; divided by the flights
    cost, (booster_flights, ship_flights, oxidizer, fuel, rate) = make(**FLAT), CASE
    flights, spent = 500, 0.0
    for kind, life in (("booster", int(booster_flights)), ("ship", int(ship_flights))):
        price = {"booster": 60e6, "ship": 30e6}[kind]
        for flight in range(flights):
            spent += price if flight % life == 0 else 0.05 * price
    spent += flights * (oxidizer * 0.15 + fuel * 0.6 + 2e6) + flights / rate * 300e6
    assert float(flight_cost(cost, *CASE)) == pytest.approx(spent / flights, rel=1e-13)


def test_learning_acts_on_hardware_only():
    cost = make(learning_rate=0.2, units_ratio=2.0, operations_cost=0.0, fixed_cost_per_year=0.0)
    hardware = float(flight_cost(cost, 20.0, 10.0, 0.0, 0.0, 50.0))
    full = float(flight_cost(make(**FLAT, operations_cost=0.0, fixed_cost_per_year=0.0), 20.0, 10.0, 0.0, 0.0, 50.0))
    assert hardware == pytest.approx(0.8 * full, rel=1e-14)
    rest = float(flight_cost(make(learning_rate=0.2, units_ratio=2.0), *CASE)) - hardware
    assert rest == pytest.approx(4000e3 * 0.15 + 1100e3 * 0.6 + 2e6 + 6e6, rel=1e-13)


def test_parts_add_up(rng: np.random.Generator):
    # linear in every price: the sum of the parts, each priced alone
    prices = ("booster_cost", "ship_cost", "oxidizer_price", "fuel_price", "operations_cost", "fixed_cost_per_year")
    nothing = dict.fromkeys(prices, 0.0)
    for _ in range(20):
        values = {k: float(getattr(make(), k)) * rng.uniform(0.1, 10) for k in prices}
        case = (rng.uniform(1, 100), rng.uniform(1, 100), *rng.uniform(0, 1e7, 2), rng.uniform(1, 1e3))
        parts = sum(float(flight_cost(make(**(nothing | {k: v})), *case)) for k, v in values.items())
        assert float(flight_cost(make(**values), *case)) == pytest.approx(parts, rel=1e-13)


def test_derivatives(relative_grads: Callable[..., None]):
    relative_grads(flight_cost, make(), *CASE)


def test_jit_vmap_and_bad_numbers(rng: np.random.Generator):
    lives = rng.uniform(1, 100, 20)
    together = np.asarray(flight_cost(make(), lives, *CASE[1:]))
    np.testing.assert_allclose(jax.jit(flight_cost)(make(), lives, *CASE[1:]), together, rtol=1e-14)
    mapped = jax.vmap(lambda n: flight_cost(make(), n, *CASE[1:]))(lives)
    np.testing.assert_allclose(mapped, together, rtol=1e-14)  # fused multiply-adds
    assert np.isnan(flight_cost(replace_at(make(), {"ship_cost": jnp.asarray(jnp.nan)}), *CASE))
