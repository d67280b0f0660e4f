"""What growth is made of: dates, market, the Moon's industry, Kardashev numbers."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.api.scenarios import read
from astro_logistics.economics import growth_market as market
from astro_logistics.economics import growth_moon as moon
from astro_logistics.economics.civilization import kardashev, world_power
from astro_logistics.economics.growth_dates import final_growth, reached, repaid
from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import replace_at

YEARS = jnp.linspace(0.0, 10.0, 41)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read("baseline")[0]


def exponential(first: float, rate: float) -> np.ndarray:
    return first * np.exp(rate * np.asarray(YEARS))


def when(parts: list[np.ndarray], goal: float) -> float:
    return float(_when(jnp.asarray(np.array(parts)), goal))


@jax.jit
def _when(parts, goal):
    return reached(YEARS + 2030.0, parts, goal, final_growth(parts, 4))


def test_date_of_an_exponential_inside_and_beyond():
    # 2 exp(0.1 t) is 4 after 6.93 years and 20 after 23.03, thirteen years past the last step
    only = [exponential(2.0, 0.1), np.full(41, 1e-300)]
    assert when(only, 4.0) == pytest.approx(2030.0 + np.log(2.0) / 0.1, abs=1e-11)  # a straight logarithm
    assert when(only, 20.0) == pytest.approx(2030.0 + np.log(10.0) / 0.1, abs=1e-9)
    assert when(only, 2.0) == 2030.0
    assert when(only, 1.0) == 2030.0
    assert when([exponential(2.0, -0.1), np.full(41, 1e-300)], 3.0) == np.inf


def test_a_sum_goes_on_as_its_parts_do(rng: np.random.Generator):
    # one shrinks, one grows: the sum's own growth in the last year would never get there
    for _ in range(50):
        down, up = exponential(rng.uniform(1, 5), -rng.uniform(0.01, 0.1)), exponential(0.01, rng.uniform(0.01, 0.1))
        goal = rng.uniform(6, 1e4)
        found, alone = when([down, up], goal), when([up, np.full(41, 1e-300)], goal)
        t = found - 2030.0
        rates = [np.log(x[-1] / x[0]) / 10.0 for x in (down, up)]
        assert down[0] * np.exp(rates[0] * t) + up[0] * np.exp(rates[1] * t) == pytest.approx(goal, rel=1e-9)
        assert found <= alone + 1e-9


def test_dates_are_smooth(second_order: Callable[..., None]):
    # inside a step, and past the last one, where two parts go on
    def dates(rates, goals):
        parts = jnp.exp(rates[:, None] * YEARS[None, :])
        return jnp.stack([reached(YEARS, parts, goals[k], final_growth(parts, 4)) for k in (0, 1)])

    second_order(jax.jit(dates), jnp.asarray([0.05, 0.11]), jnp.asarray([3.3, 40.0]), rtol=1e-5, step=1e-5)


def test_a_date_has_no_kink_where_its_step_changes():
    # a figure that bends, its goal moved across the value at a step: the slope of the date is the same on both sides
    values = jnp.stack([jnp.exp(0.3 * YEARS - 0.01 * YEARS**2), jnp.full(41, 1e-300)])
    slope = jax.jit(jax.grad(lambda goal: reached(YEARS, values, goal, jnp.zeros(2))))
    for k in (8, 20):
        at = values[0, k]
        below, above = (float(slope(at * (1.0 + e))) for e in (-1e-9, 1e-9))
        assert below == pytest.approx(above, rel=1e-7)
        true = 1.0 / float(at * (0.3 - 0.02 * YEARS[k]))
        assert below == pytest.approx(true, rel=1e-8)
    middle = float(_when(values, values[0, 20] * 1.03)) - 2030.0
    exact = (0.3 - np.sqrt(0.09 - 0.04 * np.log(float(values[0, 20]) * 1.03))) / 0.02
    assert middle == pytest.approx(exact, abs=1e-9)  # a parabola is a cubic


def test_money_back():
    t = jnp.arange(5.0)
    assert float(repaid(t, jnp.asarray([0.0, -2.0, -1.0, 3.0, 4.0]))) == pytest.approx(2.25, abs=1e-15)
    assert float(repaid(t, jnp.asarray([0.0, 1.0, 2.0, 3.0, 4.0]))) == 0.0
    assert float(repaid(t, jnp.asarray([0.0, -1.0, 2.0, 1.0, -1.0]))) == np.inf


def test_kardashev_by_hand(scenario: Scenario):
    # 592 EJ of 2024 are 18.76 TW: (13.2732 - 6) / 10; the Sun's 3.828e26 W: (26.58297 - 6) / 10
    assert float(kardashev(592e18 / (365.25 * 86400))) == pytest.approx(0.72732, abs=5e-6)
    assert float(kardashev(3.828e26)) == pytest.approx(2.058297, abs=5e-7)
    assert float(kardashev(1e16)) == pytest.approx(1.0, abs=1e-15)
    world = scenario.civilization
    assert float(world_power(world, world.year)) == float(world.power)
    later = float(world_power(world, world.year + 10.0))
    assert later == pytest.approx(float(world.power) * np.exp(10.0 * float(world.power_growth)), rel=1e-14)


def test_demand_and_rent_by_hand(scenario: Scenario):
    demand = scenario.growth.demand
    at = float(demand.reference_year)
    assert float(market.demanded(demand, at)) == pytest.approx(float(demand.power), rel=1e-14)
    # its growth goes from the first to the later one: 63 % of the way after the settling time
    for after, share in ((0.0, 0.0), (float(demand.settling_time), 1 - np.exp(-1.0))):
        rate = float(jax.grad(lambda y: jnp.log(market.demanded(demand, y)))(at + after))
        wanted = float(demand.growth) + share * float(demand.later_growth - demand.growth)
        assert rate == pytest.approx(wanted, rel=1e-12)
    # twice as much supplied: the rent falls by 2^(-1/elasticity), and demand at it is what is supplied
    low = float(market.rent(demand, 10.0, 1e11, 2e11))
    assert 1e11 * (low / 10.0) ** -float(demand.elasticity) == pytest.approx(2e11, rel=1e-13)


def test_ground_grows_fades_and_stops(scenario: Scenario):
    demand = scenario.growth.demand
    growing, leaving, full = (
        float(market.ground_change(demand, rent, 10.0, 15.0, filled))
        for rent, filled in ((1e3, 0.0), (1e-2, 0.0), (1e3, 1.0))
    )
    assert growing == pytest.approx(float(demand.ground_growth), rel=1e-9)
    assert leaving == pytest.approx(-1.0 / 15.0, rel=1e-9)
    assert full == pytest.approx(0.0, abs=1e-9)
    assert float(market.willing(12.0, 12.0, demand.response)) == pytest.approx(0.5, abs=1e-15)


def test_energy_and_productivity_of_lunar_goods_by_hand(scenario: Scenario):
    # kWh: 0.5 (0.6 x 24.3 + 5) + 0.08 (1.139 x 24.3 + 200) + 0.42 x 4 = 9.79 + 18.2142 + 1.68 = 29.6842
    industry = scenario.growth.moon
    energy = float(moon.goods_energy(industry))
    assert energy / 3.6e6 == pytest.approx(29.6842, abs=1e-4)
    assert float(moon.goods_oxygen(industry)) == pytest.approx(0.5 * 0.6 + 0.08 * 1.139, rel=1e-14)
    # a kilogram a year takes 1 kg of machines and 3.3863 W of work: 0.16931 kg of plant, 0.05644 of radiators
    watts = energy / (365.25 * 86400)
    assert watts == pytest.approx(3.3863, abs=1e-4)
    rate = 0.7 / (1.0 + watts / 20.0 + watts / 60.0)
    assert float(moon.productivity(industry)) == pytest.approx(rate, rel=1e-14)
    assert float(moon.radiator_share(industry)) == pytest.approx(watts / 60.0 / (0.7 / rate), rel=1e-14)


TABLE_2 = {"power": (1, 2000, 0), "excavators": (5, 70, 19), "gases": (1, 733, 30), "solids": (1, 733, 30)}
TABLE_2 |= {"metals": (1, 1019, 19), "cells": (1, 169, 19), "small printers": (4, 169, 19)}
TABLE_2 |= {"large printers": (4, 300, 19), "robonauts": (3, 135, 15)}
"""Metzger and others 2013, table 2: how many, kg without electronics, kg of electronics."""
ELECTRONICS = {1: 0.0, 2: 0.0, 2.5: 0.0, 3: 0.90, 4: 0.95, 5: 0.99, 6: 1.0}
"""Share of electronics made on the Moon by generation, two years each; the rest is made there from 2 on."""


def test_metzgers_generations(scenario: Scenario):
    # their seed of 7.7 t is 5.1 % electronics, the only thing that is landed later; their steps as the smooth curve
    total = sum(n * (bare + chips) for n, bare, chips in TABLE_2.values())
    share = sum(n * chips for n, _, chips in TABLE_2.values()) / total
    assert total == 7675
    assert share == pytest.approx(0.0508, abs=5e-5)
    industry = replace_at(
        scenario.growth.moon,
        {"closure": 1.0 - share, "last_closure": 1.0 - 1e-6, "gap_per_generation": 0.46, "generation_time": 2.0},
    )
    theirs = [1.0 - share * (1.0 - made) for made in ELECTRONICS.values()]
    gap = np.array([float(moon.closure(industry, 2.0 * i)) for i in range(7)]) - np.array(theirs)
    assert np.all(np.abs(gap[3:]) < 0.002)  # of the industry's mass, from generation 3 on
    assert 0.03 < np.max(np.abs(gap)) < 0.041  # in generation 2.5, where theirs still lands all electronics
    # eight printers of 0.5 kg/h at a duty of 0.7: 3.2 times its own mass a year, before crudeness, labour, set-asides
    assert 8 * 0.5 * 8766 / total * 0.7 == pytest.approx(3.2, abs=0.01)
    # their plant takes 64.36 kW for 4 kg/h, half the energy per kilogram of goods with cells in them here
    assert 64.36 / 4.0 / (float(moon.goods_energy(industry)) / 3.6e6) == pytest.approx(0.542, abs=0.001)


def test_ground_left(scenario: Scenario):
    # 4 pi (1737.4 km)^2 x 5 m x 1660 kg/m3 = 3.148e17 kg; at 1e15 a year for 314.8 years, at 2 % more a year for 99.3
    industry = scenario.growth.moon
    mass = float(moon.accessible_mass(industry, 1737.4e3))
    assert mass == pytest.approx(3.148e17, rel=2e-4)
    assert float(moon.supply_years(mass, 1e15, 0.0)) == pytest.approx(314.8, rel=2e-4)
    assert float(moon.supply_years(mass, 1e15, 0.02)) == pytest.approx(np.log(1 + 0.02 * 314.8) / 0.02, rel=2e-4)
    assert float(moon.supply_years(mass, 1e15, -0.01)) == np.inf
    near = [float(moon.supply_years(mass, 1e15, g)) for g in (0.9e-6 / 314.8, 1.1e-6 / 314.8)]
    assert near[0] == pytest.approx(near[1], rel=1e-6)
