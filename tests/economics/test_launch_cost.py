"""Cost of a flight: every dollar of a fleet's life is charged to some flight, once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.economics.launch_cost import LaunchCost, flight_cost
from astro_logistics.launch.fleet import expected_flights
from astro_logistics.pytree import replace_at


def make(**changes: float) -> LaunchCost:
    base = {
        "booster_cost": 60e6,
        "ship_cost": 30e6,
        "learning_rate": 0.15,
        "units_ratio": 3.0,
        "refurbishment_fraction": 0.05,
        "ship_refurbishment_fraction": 0.05,
        "oxidizer_price": 0.15,
        "fuel_price": 0.6,
        "operations_cost": 2e6,
        "fixed_cost_per_year": 300e6,
        "discount_rate": 0.0,
        "insurance_rate": 0.0,
        "margin_fraction": 0.0,
    }
    return LaunchCost(**{k: jnp.asarray(v) for k, v in (base | changes).items()})


FLAT = {"units_ratio": 1.0}
CASE = (20.0, 10.0, 4000e3, 1100e3, 50.0, 5.0, 8.0)
"""Booster flights, ship flights, oxidizer, fuel, flights a year, boosters, ships."""


@jax.jit
def total(cost: LaunchCost, *case: Any) -> jax.Array:
    return flight_cost(cost, *case).total


FALCON_2020 = FLAT | {
    "booster_cost": 30e6,
    "ship_cost": 10.75e6,
    "refurbishment_fraction": 1 / 30,
    "operations_cost": 3e6,
    "oxidizer_price": 0.2,
    "fuel_price": 1.0,
}
"""As stated in 2020: booster "about 30", upper stage 10 and fairing 0.5 to 1, refurbishment 1, recovery 1 to 2 and as
much for pad and range, in M$."""


def test_published_falcon_9():
    # Stated in 2020: 15 M$ marginal "best case" and 28 M$ fully burdened. The itemized parts give the first; the second
    # is 26 flights of that year sharing what is left of it: 13 M$ less the booster's own making over ten flights with
    # 1.5 % of landings lost. That rest is an input (fixed cost), so the second figure only shows that the parts close:
    # making, fixed cost and margin together, each charged once.
    lasting = float(expected_flights(10.0, 0.015))
    fixed = (28e6 - 15e6 - 30e6 / lasting) * 26
    found = flight_cost(make(**FALCON_2020, fixed_cost_per_year=fixed), lasting, 1.0, 350e3, 150e3, 26.0, 10.0, 3.0)
    assert float(found.marginal) == pytest.approx(15e6, rel=0.01)  # the parts are given to 0.5 M$, and come to 14.86
    assert float(found.total) == pytest.approx(28e6, rel=0.006)  # the same 0.14 M$ short
    # the small parts as stated, each by itself: 10 % of one hides in those sums
    assert float(found.operations) == 3e6
    assert float(found.refurbishment) == pytest.approx(1e6 * (1.0 - 1.0 / lasting), rel=1e-12)
    assert float(found.propellant) == pytest.approx(70e3 + 150e3, rel=1e-12)  # stated: 0.2 to 0.3 M$
    assert float(found.booster) == pytest.approx(3.2e6, rel=0.01)
    # a list price of 62 M$ in 2020 then leaves more than half
    assert 1.0 - float(found.total) / 62e6 == pytest.approx(0.55, abs=0.01)


def suncatcher(flights: float, refurbishment: float, payload: float = 200e3) -> float:
    stack, loss = (460.0 - 8.0) * payload, 0.003
    cost = make(
        **FLAT,
        booster_cost=0.65 * stack,
        ship_cost=0.35 * stack,
        refurbishment_fraction=0.0,
        ship_refurbishment_fraction=refurbishment,
        oxidizer_price=8.0 * payload / 5000e3,
        fuel_price=8.0 * payload / 5000e3,
        operations_cost=0.0,
        fixed_cost_per_year=0.0,
    )
    lasting = float(expected_flights(flights, loss))
    return float(total(cost, lasting, lasting, 4000e3, 1000e3, 100.0, 5.0, 5.0)) / payload


def test_published_suncatcher():
    """Google's bottom-up figures for Starship (arXiv 2511.19468, section on launch): 460, < 60, < 15, and 38 USD/kg.

    Stated: 200 t, 8 USD/kg of propellant, refurbishment of 1 % "of vehicle costs", loss rates as Falcon 9's. The cost
    of a stack is not stated. No reuse gives it: (460 - 8) USD/kg x 200 t = 90.4 M$, as reported elsewhere for a stack.

    The last two figures cannot both come from refurbishing the whole stack: from 1 % to 15 % would add 0.14 x 452 = 63
    USD/kg, and they add 23. The 23 are 15 % of a share of 0.36, the ship's share of a stack (0.35 in vehicles.toml); so
    here the ship is refurbished and the booster only refilled. Without operations, sites, capital and insurance, which
    the paper leaves out: with the baseline's the same rocket costs several times as much.
    """
    assert suncatcher(1.0, 0.01) == pytest.approx(460.0, rel=1e-12)
    assert suncatcher(10.0, 0.01) == pytest.approx(55.2, abs=0.1)
    assert suncatcher(10.0, 0.01) < 60.0
    assert suncatcher(100.0, 0.01) == pytest.approx(15.0, abs=0.3)
    assert suncatcher(100.0, 0.15) == pytest.approx(38.0, rel=0.04)


def test_expended_unit_is_charged_in_full():
    cost = make(**FLAT, operations_cost=0.0, fixed_cost_per_year=0.0)
    assert float(total(cost, 1.0, 1.0, 0.0, 0.0, 1.0, 1.0, 1.0)) == pytest.approx(90e6, rel=1e-15)


def test_ledger_of_a_fleet_life():
    # ten years of a fleet, booked year by year: units made, refurbished before each flight but the first, propellant,
    # operations, sites; divided by the flights
    cost, (booster_flights, ship_flights, oxidizer, fuel, rate, *_) = make(**FLAT), CASE
    flights, spent = 500, 0.0
    for kind, life in (("booster", int(booster_flights)), ("ship", int(ship_flights))):
        price = {"booster": 60e6, "ship": 30e6}[kind]
        for flight in range(flights):
            spent += price if flight % life == 0 else 0.05 * price
    spent += flights * (oxidizer * 0.15 + fuel * 0.6 + 2e6) + flights / rate * 300e6
    assert float(total(cost, *CASE)) == pytest.approx(spent / flights, rel=1e-13)


def test_learning_acts_on_hardware_only():
    cost = make(learning_rate=0.2, units_ratio=2.0, operations_cost=0.0, fixed_cost_per_year=0.0)
    hardware = float(total(cost, 20.0, 10.0, 0.0, 0.0, 50.0, 5.0, 8.0))
    full = float(
        total(make(**FLAT, operations_cost=0.0, fixed_cost_per_year=0.0), 20.0, 10.0, 0.0, 0.0, 50.0, 5.0, 8.0)
    )
    assert hardware == pytest.approx(0.8 * full, rel=1e-14)
    rest = float(total(make(learning_rate=0.2, units_ratio=2.0), *CASE)) - hardware
    assert rest == pytest.approx(4000e3 * 0.15 + 1100e3 * 0.6 + 2e6 + 6e6, rel=1e-13)


def test_parts_add_up(rng: np.random.Generator):
    # linear in every price: the sum of the parts, each priced alone
    prices = ("booster_cost", "ship_cost", "oxidizer_price", "fuel_price", "operations_cost", "fixed_cost_per_year")
    nothing = dict.fromkeys(prices, 0.0)
    for _ in range(20):
        values = {k: float(getattr(make(), k)) * rng.uniform(0.1, 10) for k in prices}
        case = (rng.uniform(1, 100), rng.uniform(1, 100), *rng.uniform(0, 1e7, 2), *rng.uniform(1, 1e3, 3))
        parts = sum(float(total(make(**(nothing | {k: v})), *case)) for k, v in values.items())
        assert float(total(make(**values), *case)) == pytest.approx(parts, rel=1e-13)


def test_financing_is_an_annuity():
    # booked month by month: a booster of 60 M$ that flies once a year for 20 years, repaid in 240 equal payments at
    # 12 % a year, costs what its payments sum to; the continuous form lies below by half a month's interest
    cost = make(**FLAT, ship_cost=0.0, discount_rate=0.12)
    found = flight_cost(cost, 20.0, 1.0, 0.0, 0.0, 50.0, 50.0, 1.0)
    monthly = 1.12 ** (1 / 12) - 1
    payment = 60e6 * monthly / (1 - (1 + monthly) ** -240)
    assert float(found.booster + found.financing) == pytest.approx(payment * 12, rel=0.5 / 12 * 0.12)
    nothing = flight_cost(make(**FLAT, discount_rate=0.12), 20.0, 10.0, 0.0, 0.0, 1e9, 5.0, 8.0)
    assert float(nothing.financing) == pytest.approx(0.0, abs=1.0)  # repaid at once: no interest
    assert float(flight_cost(make(**FLAT), *CASE).financing) == 0.0


def test_insurance_and_margin():
    bare = float(total(make(), *CASE))
    found = flight_cost(make(insurance_rate=0.05, margin_fraction=0.75), *CASE)
    assert float(found.total) == pytest.approx(1.05 * bare, rel=1e-14)
    # Suncatcher's "75 % margin": a cost of 60 USD/kg sells for 240
    assert float(found.price) == pytest.approx(4.0 * float(found.total), rel=1e-14)


def random_costs(rng: np.random.Generator, n: int) -> LaunchCost:
    def around(x: jax.Array) -> np.ndarray:
        return np.asarray(x) * 10.0 ** rng.uniform(-1, 1, n)

    found = jax.tree.map(around, make(**FLAT, discount_rate=0.08, insurance_rate=0.05))
    shares: dict[str, np.ndarray] = {
        k: rng.uniform(0.0, 0.5, n) for k in ("refurbishment_fraction", "ship_refurbishment_fraction")
    }
    shares |= {"learning_rate": rng.uniform(0.0, 0.3, n)}
    return replace_at(found, shares | {"margin_fraction": rng.uniform(0.0, 0.8, n)})


def test_monotone(rng: np.random.Generator):
    # More reuse never costs more while refurbishing costs less than making and capital is free (with interest a longer
    # life may be a life of idle years); a higher loss probability always costs more; more flights a year never do;
    # every price counts upward. Lives short enough that a share of a thousandth and more sees their end.
    count = 5000
    cost = random_costs(rng, count)
    lives, losses = rng.uniform(1.5, 60.0, (2, count)), rng.uniform(0.0, 0.1, (2, count))
    loads, rate = rng.uniform(1e5, 5e6, (2, count)), 10.0 ** rng.uniform(0, 4, count)
    fleets = rate * 10.0 ** rng.uniform(-4, -1, (2, count))

    def price(cost: LaunchCost, lives: jax.Array, losses: jax.Array, rate: jax.Array) -> jax.Array:
        lasting = expected_flights(lives, losses)
        return jnp.sum(flight_cost(cost, lasting[0], lasting[1], loads[0], loads[1], rate, *fleets).price)

    slopes = jax.jit(jax.grad(price, argnums=(0, 1, 2, 3)))(cost, lives, losses, rate)
    free = replace_at(cost, {"discount_rate": np.zeros(count)})
    assert bool(jnp.all(jax.jit(jax.grad(price, argnums=1))(free, lives, losses, rate) < 0.0))
    assert bool(jnp.all(jax.jit(jax.grad(price, argnums=2))(free, lives, losses, rate) > 0.0))
    for name in ("booster_cost", "ship_cost", "refurbishment_fraction", "oxidizer_price", "operations_cost"):
        assert bool(jnp.all(getattr(slopes[0], name) > 0.0)), name
    for name in ("discount_rate", "insurance_rate", "margin_fraction", "fixed_cost_per_year"):
        assert bool(jnp.all(getattr(slopes[0], name) > 0.0)), name
    assert bool(jnp.all(slopes[3] < 0.0))


def test_derivatives(relative_grads: Callable[..., None]):
    def price(cost: LaunchCost, flights: jax.Array, loss: jax.Array, *rest: Any) -> jax.Array:
        return flight_cost(cost, expected_flights(flights, loss), *rest).price

    cost = make(discount_rate=0.1, insurance_rate=0.05, margin_fraction=0.5)
    relative_grads(jax.jit(price), cost, 20.0, 0.02, *CASE[1:])


def test_jit_vmap_and_bad_numbers(rng: np.random.Generator):
    lives = rng.uniform(1, 100, 20)
    together = np.asarray(flight_cost(make(), lives, *CASE[1:]).total)
    np.testing.assert_allclose(total(make(), lives, *CASE[1:]), together, rtol=1e-14)
    mapped = jax.vmap(lambda n: total(make(), n, *CASE[1:]))(lives)
    np.testing.assert_allclose(mapped, together, rtol=1e-14)  # fused multiply-adds
    assert np.isnan(total(replace_at(make(), {"ship_cost": jnp.asarray(jnp.nan)}), *CASE))
