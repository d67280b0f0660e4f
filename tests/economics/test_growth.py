"""Growth over time against closed forms, its balances, its step, its derivatives: one compiled program for most."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import Array
from jax.flatten_util import ravel_pytree
from scipy.integrate import quad, simpson
from scipy.stats import erlang

from astro_logistics.api.scenarios import read
from astro_logistics.economics import growth_flows as flows
from astro_logistics.economics import growth_terms as terms_of
from astro_logistics.economics.boundaries import statement
from astro_logistics.economics.datacenter_cost import SatelliteCost
from astro_logistics.economics.growth import expansion_rates, follow
from astro_logistics.economics.growth_inputs import Growth
from astro_logistics.economics.growth_market import demanded, rent
from astro_logistics.economics.growth_moon import productivity
from astro_logistics.economics.growth_state import AGES, SEED, Path, installed
from astro_logistics.economics.growth_terms import DriverTerms, LaunchTerms, Origin, Terms
from astro_logistics.economics.learning import wright_exponent
from astro_logistics.network.growth import dates, sums
from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import replace_at

HUGE, NONE = 1e30, 1e-30


def origin(mass: float, availability: float, delivery: float) -> Origin:
    """A satellite of round numbers, per watt: mass kg, 800 USD/kg, servers 33 USD."""
    own = mass * availability
    said = statement(
        power_capital=0.35 * 800 * own, other_capital=0.65 * 800 * own, delivery=own * delivery, development=1.2,
        chips=33.0, replacement=1.0, chip_replacement=0.66, operations=1.5, energy=0.0, life=5.0, chip_life=5.0,
        discount_rate=0.12, payments_per_year=1.0, availability=availability, utilization=0.8,
    )  # fmt: skip
    cost = {"build_cost": 800.0, "learning_rate": 0.15, "units_ratio": 1.0, "operations_fraction": 0.02}
    cost |= {"development": 1.0, "loss_rate": 0.02, "insurance_fraction": 0.03, "disposal_cost": 5.0}
    cost |= {"build_carbon": 80.0, "lead_time": 1.5, "discount_rate": 0.12}
    known = SatelliteCost(**{k: jnp.asarray(v) for k, v in cost.items()})
    return Origin(statement=said, cost=known, specific_mass=jnp.asarray(mass), build_cost=jnp.asarray(800.0))


def round_terms() -> Terms:
    """Much like those of the baseline, in round numbers."""
    launch = {"payload": 26e3, "landing_flights": 2.2e-4, "orbit_unit_cost": 550.0, "orbit_running_cost": 170.0}
    launch |= {"landing_unit_cost": 3300.0, "landing_running_cost": 960.0, "fixed_cost": 6e8, "orbit_units": 4.3e-6}
    launch |= {"landing_units": 3e-5, "units": 160.0, "learning_rate": 0.15}
    return Terms(
        launch=LaunchTerms(
            flight_limits=jnp.asarray([145.0, 220.0, 240.0, 160.0, 175.0, 165.0, 1400.0, 32e3]),
            landing_limits=jnp.asarray([6.7e5, 1e6, 1.1e6, 7.3e5, 5.7e5, 7.1e5, 6.4e6, 1.5e8]),
            expansion_cost=jnp.asarray([3e9, 0.0, 0.0, 1e9, 6e8, 0.0, 1.5e9, 9e9]),
            **{k: jnp.asarray(v) for k, v in launch.items()},
        ),
        earth=origin(0.076, 0.71, 960.0),
        moon=origin(0.067, 0.75, 80.0),
        driver=DriverTerms(
            cost=jnp.asarray(33.0), cost_by_landing=jnp.asarray(0.0086), energy=jnp.asarray(6.6e6),
            landed=jnp.asarray(0.003), satellite_share=jnp.asarray(0.46),
        ),
        life=jnp.asarray(5.0), loss_rate=jnp.asarray(0.02), rent=jnp.asarray(25.0), ground_cost=jnp.asarray(12.0),
        ground_ceiling=jnp.asarray(8e11), ground_life=jnp.asarray(15.0), discount_rate=jnp.asarray(0.12),
    )  # fmt: skip


_path = jax.jit(follow)
_costs = jax.jit(jax.vmap(flows.costs, (None, None, 0, 0)))


class Case(NamedTuple):
    """A growth that was followed."""

    growth: Growth
    terms: Terms
    path: Path

    @property
    def years(self) -> np.ndarray:
        return np.asarray(self.path.years)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return read("baseline")[0]


@pytest.fixture(scope="module")
def case(scenario: Scenario) -> Case:
    growth = jax.tree.map(lambda x: jnp.asarray(x, jnp.float64), scenario.growth)
    return Case(growth, round_terms(), _path(growth, round_terms()))


def changed(case: Case, growth: Mapping[str, Any], terms: Mapping[str, Any] | None = None) -> Case:
    """The case with other numbers, by the program that is there."""
    now = [
        replace_at(tree, {k: jnp.asarray(v, jnp.float64) for k, v in (values or {}).items()})
        for tree, values in ((case.growth, growth), (case.terms, terms))
    ]
    return Case(now[0], now[1], _path(*now))


UNBOUND = {"capital.orbit_programme": 1e40, "launch.flight_ceiling": HUGE, "launch.other_flights": NONE}
UNBOUND |= {"factories.chip_production": HUGE, "moon.start_year": 2300.0}
FLEET = {"launch.flight_limits": np.full(8, HUGE), "launch.landing_limits": np.full(8, HUGE)}
FLEET |= {"launch.fixed_cost": 0.0}
"""No limit on the Earth but those that a test sets, and nothing on the Moon."""


def test_works_grow_at_their_rate(case: Case):
    """With market, money and rockets without limit, what is launched is what works make: P exp(g t)."""
    found = changed(case, UNBOUND | {"factories.satellite_production": 1e6, "factories.satellite_rate": 0.4}, FLEET)
    rate = np.asarray(found.path.flow.earth_rate)
    np.testing.assert_allclose(rate, 1e6 * np.exp(0.4 * found.years), rtol=5e-5)  # (0.4 / 4)^5 / 120 a step, 300 steps
    assert np.all(np.asarray(found.path.flow.earth_binding)[:, -3] > 1 - 1e-12)


def test_the_scarcest_limit_of_the_fleet_grows_at_its_own(case: Case):
    """Pads alone: flights P0 exp(g t), each with its payload; the limits that idle do not grow."""
    limits = np.array([100.0] + [HUGE] * 7)
    found = changed(
        case, UNBOUND | {"factories.satellite_production": HUGE}, FLEET | {"launch.flight_limits": limits}
    )  # fmt: skip
    flights = 100.0 * np.exp(float(case.growth.launch.pads_rate) * found.years)
    rate = np.asarray(found.path.flow.earth_rate)
    np.testing.assert_allclose(rate * 0.076, flights * 26e3, rtol=2e-6)
    np.testing.assert_allclose(np.asarray(found.path.state.factors)[-1, 1:], 1.0, rtol=1e-12)
    assert np.asarray(expansion_rates(case.growth, 8)).tolist() == pytest.approx([0.2] + [0.25] * 5 + [0.15] * 2)


def test_a_steady_fleet_ages_and_fails(case: Case):
    """Launched at a steady rate, what works is the rate times the mean life; before, its survivors: Erlang's law."""
    steady = UNBOUND | {"factories.satellite_production": 1e9, "factories.satellite_rate": 0.0}
    for lost in (0.02, 0.2):
        found = changed(case, steady, FLEET | {"loss_rate": lost})
        power = np.asarray(installed(found.path.state))
        aging = AGES / 5.0
        last = 1e9 / lost * (1.0 - (aging / (aging + lost)) ** AGES)
        assert power[-1] == pytest.approx(last, rel=1e-9)
        for i in (4, 12, 24, 40):
            alive = quad(lambda u, k=lost: np.exp(-k * u) * erlang.sf(u, AGES, scale=5.0 / AGES), 0.0, i / 4.0)[0]
            assert power[i] == pytest.approx(1e9 * alive, rel=2e-4)  # the step is 0.4 of a stage of age
    assert last < 5e9


def test_nothing_is_lost_sight_of(case: Case):
    """Power, mass on the Moon, mass to orbit and money, summed over the path, are what the states say."""
    s, f, years = case.path.state, case.path.flow, case.years
    power = np.asarray(installed(s))
    gone = np.asarray(s.failed + s.retired)
    launched = np.asarray(s.earth_launched + s.moon_launched)
    np.testing.assert_allclose(launched - gone, power, rtol=1e-12, atol=1e-3)
    assert np.all(np.asarray(s.failed)[1:] > 0.0)
    np.testing.assert_allclose(s.lifted, 0.076 * np.asarray(s.earth_launched), rtol=1e-12)

    def summed(flow: Array | np.ndarray, to: int = -1) -> float:
        # from the first year on; Simpson on the steps of a quarter
        return float(simpson(np.asarray(flow)[4:to], x=years[4:to]))

    def grown(state: Array, to: int = -1) -> float:
        return float(np.asarray(state)[to - 1] - np.asarray(state)[4])

    c = _costs(case.growth, case.terms, s, case.path.years)
    earth, moon = (np.asarray(x).sum(axis=1) for x in (s.earth, s.moon))
    earned = np.asarray(f.rent - c.earth_running) * earth + np.asarray(f.rent - c.moon_running) * moon
    assert grown(s.invested) == pytest.approx(summed(f.investment), rel=1e-5)
    assert grown(s.balance) == pytest.approx(summed(earned) - grown(s.invested), rel=1e-5)
    discounted = (earned - np.asarray(f.investment)) * 1.12**-years
    assert grown(s.present_value) == pytest.approx(summed(discounted), rel=1e-4)
    assert grown(s.goods) == pytest.approx(summed(f.goods), rel=1e-4)

    # goods are satellites' parts and industry; industry is what was landed and made, less what wore out
    local = np.asarray(f.thrown) * np.asarray(c.local_share)
    made = np.asarray(f.goods) - local
    seed = grown(s.landed) - summed(f.parts)
    assert grown(s.industry) == pytest.approx(seed + summed(made) - summed(s.industry) / 10.0, rel=1e-3)
    parts = np.asarray(f.thrown) * (1.0 - np.asarray(c.local_share) + 0.003)
    np.testing.assert_allclose(f.parts, parts, rtol=1e-12)


def test_money_is_not_spent_twice(case: Case):
    """Satellites and the Moon never take more than the programmes and what is ready; works come on top."""
    many = jax.jit(jax.vmap(flows.business, (None, None, 0, 0, 0)))
    for found in (case, changed(case, {"capital.moon_programme": 1e12}), changed(case, {}, {"rent": 60.0})):
        s, years = found.path.state, found.path.years
        b = many(found.growth, found.terms, s, _costs(found.growth, found.terms, s, years), years)
        programmes = found.growth.capital.orbit_programme + np.asarray(b.moon_money - b.moon_ready)
        spent = np.asarray(found.path.flow.investment - found.path.flow.expansion)
        assert np.all(spent <= programmes + np.asarray(b.ready))
        assert np.all(spent > 0.0)


def test_costs_fall_as_wright_has_it(case: Case):
    """Rockets by the units built, satellites by the power made: each doubling saves 15 %."""
    s, f = case.path.state, case.path.flow
    exponent = np.log2(1.0 / 0.85)
    assert float(wright_exponent(0.15)) == pytest.approx(exponent, rel=1e-14)
    others = np.asarray(s.units) - 160.0 - 4.3e-6 * np.asarray(s.lifted) - 3e-5 * np.asarray(s.landed)
    assert np.all(np.diff(others) > 0.0)  # what flies for others teaches, too
    limits = np.asarray(case.terms.launch.flight_limits) * np.asarray(s.factors)
    flights = np.sum(limits**-16, axis=1) ** (-1 / 16)
    fixed = 6e8 * np.asarray(s.factors)[:, 0] / flights / 26e3
    cost = 550.0 * (np.asarray(s.units) / 160.0) ** -exponent + 170.0 + fixed
    np.testing.assert_allclose(f.orbit_cost, cost, rtol=1e-12)
    experience = float(case.growth.factories.satellite_experience)
    made = (experience + np.asarray(s.earth_launched + s.moon_launched)) / experience
    there = terms_of.levelized(terms_of.restated(case.terms.earth, 800.0 * made**-exponent, cost))
    np.testing.assert_allclose(f.earth_cost, there, rtol=1e-12)
    assert made[-1] > 4.0


def test_a_statement_restated_at_its_own_costs_is_itself():
    made = origin(0.076, 0.71, 960.0)
    again = terms_of.restated(made, 800.0, 960.0)
    assert float(again.power_capital) == pytest.approx(float(made.statement.power_capital), rel=1e-14)
    assert float(again.operations) == pytest.approx(0.02 * 0.076 * 0.71 * (800 + 960), rel=1e-14)
    assert float(again.delivery) == pytest.approx(
        0.076 * 0.71 * 960 * 1.03 + 0.03 * (0.076 * 0.71 * 800 + 33), rel=1e-12
    )


MOON = {"moon.start_year": 1e3, "capital.moon_programme": 1e14, "launch.moon_share": 1e-9, "moon.seed_share": 0.5}
MOON |= {"moon.closure": 0.5, "moon.machine_productivity": 5.0}


def test_landed_industry_wears_out(case: Case):
    """What is landed with what the Moon adds to it, s / (1 - q), settles at its life's worth."""
    landing = np.full(8, 1e15)
    found = changed(
        case, MOON | {"moon.last_closure": 0.5, "launch.flight_ceiling": HUGE, "launch.moon_share": 1e-3},
        {"launch.landing_limits": landing, "launch.flight_limits": np.full(8, HUGE)},
    )  # fmt: skip
    s = found.path.state
    seed = np.gradient(np.asarray(s.landed), 0.25)[-2] - np.asarray(found.path.flow.parts)[-2]
    made = np.asarray(found.path.flow.goods)[-1] - np.asarray(found.path.flow.thrown)[-1] * 0.46 * 0.8
    assert 0.0 < made <= seed * (1 + 1e-3)
    change = np.gradient(np.asarray(s.industry), 0.25)[-2]
    assert change == pytest.approx(seed + made - np.asarray(s.industry)[-2] / 10.0, rel=2e-2, abs=1e-2 * seed)


def test_industry_that_closes_copies_itself(case: Case):
    """With nothing to land and all goods used, the industry grows at share x productivity - 1 / life."""
    found = changed(
        case,
        UNBOUND | {"moon.start_year": 1e3, "moon.closure": 1 - 1e-13, "moon.last_closure": 1 - 1e-13}
        | {"capital.moon_programme": 1e40, "moon.satellite_closure": 0.5, "moon.running_cost": 1e-9}
        | {"moon.machine_productivity": 0.5, "launch.moon_share": 0.5, "moon.seed_share": 1e-35},
        FLEET,
    )  # fmt: skip
    industry = np.asarray(found.path.state.industry)
    rate = 0.5 * float(productivity(found.growth.moon)) - 1.0 / 10.0
    growth = np.diff(np.log(industry))[-40:] * 4.0
    assert rate > 0.05
    np.testing.assert_allclose(growth, rate, rtol=1e-4)
    assert industry[0] == SEED


def test_rent_clears_the_market(case: Case):
    s, f = case.path.state, case.path.flow
    year = np.asarray(case.growth.start_year) + case.years
    supplied = np.asarray(s.ground) + np.asarray(installed(s))
    wanted = rent(case.growth.demand, 25.0, demanded(case.growth.demand, jnp.asarray(year)), supplied)
    np.testing.assert_allclose(f.rent, wanted, rtol=1e-12)
    assert float(s.ground[-1]) < 8e11 * np.exp(float(case.growth.demand.electricity_growth) * 75)


def test_binding_shares_are_shares(case: Case):
    for shares in (case.path.flow.earth_binding, case.path.flow.moon_binding):
        assert np.all(np.asarray(shares) >= 0.0)
        np.testing.assert_allclose(np.sum(np.asarray(shares), axis=1), 1.0, rtol=1e-12)


def test_the_step_is_fine_enough(case: Case):
    """A quarter against an eighth and a sixteenth: 3e-6 of the power at work, and the fourth order."""
    power = [np.asarray(installed(case.path.state))[8:]]
    for n in (8, 16):
        found = jax.jit(partial(follow, steps_per_year=n))(case.growth, case.terms)
        power.append(np.asarray(installed(found.state))[:: n // 4][8:])
    first, second = (np.abs(power[i + 1] / power[i] - 1.0) for i in (0, 1))
    assert np.max(first) < 4e-6
    assert np.max(first) / 18.0 < np.max(second) < np.max(first) / 14.0


def test_reverse_derivatives_of_dates_and_sums(scenario: Scenario, case: Case, rng: np.random.Generator):
    """Dates inside and beyond the years, power and money at the end: against central differences, in all inputs."""
    flat, unravel = ravel_pytree((case.growth, case.terms))
    known = np.isfinite(np.asarray(flat))  # what a statement leaves out is not a number, and takes no part
    names = ("date_installed_1_tw", "date_100_gw", "date_orbit_200", "date_paying", "date_megatonne_orbit")

    def figures(change: Array) -> Array:
        path = follow(*unravel(flat * (1.0 + change)))
        found, state = dates(scenario, path) | sums(scenario, path), path.state
        logs = [jnp.log(x[-1]) for x in (state.invested, state.lifted, state.goods)]
        rest = [found["last_growth"], found["net_present_value"] / 1e12, found["last_kardashev"]]
        return jnp.stack([found[name] / 100.0 for name in names] + logs + rest)

    value, start = jax.jit(figures), jnp.zeros_like(flat)
    good = np.isfinite(np.asarray(value(start)))
    assert np.sum(good[: len(names)]) >= 3
    weights = jnp.where(jnp.asarray(good), jnp.cos(jnp.arange(1.0, good.size + 1.0)), 0.0)

    def mixture(change: Array) -> Array:
        return jnp.sum(jnp.where(jnp.asarray(good), figures(change), 0.0) * weights)

    gradient = np.where(known, np.asarray(jax.jit(jax.grad(mixture))(start)), 0.0)
    assert np.all(np.isfinite(gradient))
    assert np.sum(gradient != 0.0) > 80

    def at(change: np.ndarray) -> float:
        return float(np.where(good, np.asarray(value(jnp.asarray(change))), 0.0) @ np.asarray(weights))

    h = 1e-5
    for _ in range(4):
        d = np.where(known, rng.normal(size=flat.size), 0.0)
        near, far = (at(k * h * d) - at(-k * h * d) for k in (1, 2))
        size = float(np.abs(gradient) @ np.abs(d))
        assert gradient @ d == pytest.approx((8 * near - far) / (12 * h), abs=1e-6 * size)
