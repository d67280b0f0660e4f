"""Capacity over time: what is launched each year from the Earth and from the Moon, what limits it, what it costs.

Capacities and installed power are states that rates act on; the rates are smooth minima of limits, so all figures may
be differentiated. A capacity that is fully used grows at its own fastest rate, an idle one does not:
d ln C / dt = rate (use)^2. Nothing is planned ahead: builders look at the rent and the cost of the day.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

from astro_logistics.economics import growth_market as market
from astro_logistics.economics import growth_moon as moon
from astro_logistics.economics import growth_terms as terms_of
from astro_logistics.economics.growth_inputs import Growth
from astro_logistics.economics.growth_state import AGES, Flow, Path, State, initial
from astro_logistics.economics.growth_terms import Terms
from astro_logistics.economics.learning import wright_exponent
from astro_logistics.pytree import Pytree

SHARPNESS = 16.0
"""Of the smooth minimum of limits, as for the fleet: 4.2 % low where two are equal."""
RAMP = 1.0
"""yr: how fast the programme on the Moon opens about its start."""

SUPPLY_LIMITS = ("flight ceiling", "satellite works", "chips", "money")
MOON_LIMITS = ("goods", "landing", "chips", "money")
"""What limits satellites from the Moon, in the order of `Flow.moon_binding`."""


def least(values: Array) -> tuple[Array, Array]:
    """Smooth minimum along the last axis, and the share of each value in it, d ln min / d ln value, which sum to 1."""
    logs = -SHARPNESS * jnp.log(values)
    return jnp.exp(-jax.nn.logsumexp(logs, axis=-1) / SHARPNESS), jax.nn.softmax(logs, axis=-1)


def positive(x: Array, size: Array) -> Array:
    """x where it is large, 0 where it is very negative: (x + sqrt(x^2 + size^2)) / 2, size / 2 at x = 0."""
    return 0.5 * (x + jnp.sqrt(x * x + size * size))


class _Costs(Pytree):
    """Costs of the day."""

    orbit: Array
    landing: Array
    goods_running: Array
    landed_share: Array
    local_share: Array
    earth_capital: Array
    earth_running: Array
    earth_total: Array
    moon_capital: Array
    moon_running: Array
    moon_total: Array


def _costs(growth: Growth, terms: Terms, s: State, years: Array) -> _Costs:
    """Launch, landing, and satellites from both places, by what has been learned."""
    launch, industry = terms.launch, growth.moon
    unit = terms_of.unit_factor(launch, s.units, wright_exponent(launch.learning_rate))
    pads = s.factors[0]
    fixed = terms_of.fixed_per_flight(launch, s.factors, pads)
    orbit, landing = (f(launch, unit, fixed) for f in (terms_of.orbit_cost, terms_of.landing_cost))
    experience = growth.factories.satellite_experience
    made = (experience + s.earth_launched + s.moon_launched) / experience
    factor = made ** -wright_exponent(terms.earth.cost.learning_rate)
    here = terms_of.restated(terms.earth, terms.earth.build_cost * factor, orbit)
    since = positive(growth.start_year + years - industry.start_year, jnp.asarray(RAMP))
    closed = moon.closure(industry, since)
    local = terms.driver.satellite_share * industry.satellite_closure
    goods = moon.goods_cost(industry, 1.0 - closed, landing, terms.discount_rate)
    bought = (1.0 - local) * terms.moon.build_cost * factor
    throwing = terms.driver.cost + terms.driver.cost_by_landing * landing
    transport = (1.0 - local) * landing + throwing
    there = terms_of.restated(terms.moon, bought + local * goods, transport)
    paid = terms_of.restated(terms.moon, bought + local * industry.running_cost, transport)
    return _Costs(
        orbit=orbit,
        landing=landing,
        goods_running=jnp.asarray(industry.running_cost),
        landed_share=1.0 - closed,
        local_share=local,
        earth_capital=terms_of.capital(here),
        earth_running=terms_of.running(here),
        earth_total=terms_of.levelized(here),
        moon_capital=terms_of.capital(paid),
        moon_running=terms_of.running(there),
        moon_total=terms_of.levelized(there),
    )


def change(growth: Growth, terms: Terms, s: State, years: Array) -> tuple[State, Flow]:
    """Time derivative of the state, per year, and the flows behind it, `years` after the start."""
    launch, industry, capital, works = growth.launch, growth.moon, growth.capital, growth.factories
    year = growth.start_year + years
    c = _costs(growth, terms, s, years)

    # the rent at which demand takes what there is, and who builds at it
    earth, lunar = jnp.sum(s.earth), jnp.sum(s.moon)
    price = market.rent(growth.demand, terms.rent, market.demanded(growth.demand, year), s.ground + earth + lunar)
    preferred = market.willing(c.earth_total, c.moon_total, growth.demand.response)
    build_earth, build_moon = (
        market.willing(price, total, growth.demand.response) for total in (c.earth_total, c.moon_total)
    )
    income, running = price * (earth + lunar), c.earth_running * earth + c.moon_running * lunar
    earned = capital.reinvested_fraction * positive(income - running, 0.1 * (income + running))
    ready = earned + capital.outside * jnp.exp(capital.outside_growth * years)
    opened = jax.nn.sigmoid((year - industry.start_year) / RAMP)
    money_earth = capital.orbit_programme + (1.0 - preferred) * build_earth * ready
    money_moon = opened * (capital.moon_programme + preferred * build_moon * ready)

    # the Moon: landings, goods, satellites
    ceiling = launch.flight_ceiling
    limits = jnp.append(terms.launch.landing_limits * s.factors, ceiling / terms.launch.landing_flights)
    can_land = launch.moon_share * least(limits)[0]
    seed_money = industry.seed_share * money_moon / (c.landing + industry.hardware_cost)
    seed, _ = least(jnp.stack([seed_money, industry.seed_share * can_land]))
    makes = moon.productivity(industry) * s.industry
    mass = terms.moon.specific_mass
    for_satellites = (1.0 - industry.replication_share) * makes
    chips = works.chip_production * s.chips
    moon_rate, moon_binding = least(
        jnp.stack(
            [
                for_satellites / (c.local_share * mass),
                (1.0 - industry.seed_share) * can_land / ((1.0 - c.local_share) * mass),
                preferred * chips,
                (1.0 - industry.seed_share) * money_moon / c.moon_capital,
            ]
        )
    )
    used = moon_rate * c.local_share * mass / for_satellites
    matched = seed * (1.0 - c.landed_share) / c.landed_share
    replicated, _ = least(jnp.stack([industry.replication_share * makes * used**2, matched]))
    thrown, parts = moon_rate * mass, moon_rate * (1.0 - c.local_share) * mass
    goods = thrown - parts + replicated

    # the Earth, with the launches that the Moon leaves
    landing_use = (seed + parts) / limits
    flights = jnp.append(terms.launch.flight_limits * s.factors, ceiling)
    up = flights * (1.0 - landing_use) * terms.launch.payload / terms.earth.specific_mass
    satellites = works.satellite_production * s.satellites
    rest = jnp.stack([satellites, (1.0 - preferred) * chips, money_earth / c.earth_capital])
    earth_rate, earth_binding = least(jnp.append(up, rest))

    # what is used grows
    lifted = earth_rate * terms.earth.specific_mass
    use = lifted / (flights * terms.launch.payload) + landing_use
    rates = expansion_rates(growth, s.factors.size)
    factors = rates * s.factors * use[:-1] ** 2
    expansion = jnp.sum(terms.launch.expansion_cost * factors)
    satellites_grow = works.satellite_rate * s.satellites * (earth_rate / satellites) ** 2
    chips_grow = works.chip_rate * s.chips * ((earth_rate + moon_rate) / chips) ** 2

    # age, money
    aging = AGES / terms.life
    invested = earth_rate * c.earth_capital + moon_rate * c.moon_capital
    invested = invested + seed * (c.landing + industry.hardware_cost) + replicated * c.goods_running + expansion
    net = income - running - invested
    discounted = net * jnp.exp(-years * jnp.log1p(terms.discount_rate))
    moved = State(
        factors=factors,
        satellites=satellites_grow,
        chips=chips_grow,
        units=lifted * terms.launch.orbit_units + (seed + parts) * terms.launch.landing_units,
        earth=_age(s.earth, earth_rate, aging),
        moon=_age(s.moon, moon_rate, aging),
        earth_launched=earth_rate,
        moon_launched=moon_rate,
        retired=aging * (s.earth[-1] + s.moon[-1]),
        ground=s.ground * market.ground_change(growth.demand, price, terms.ground_cost, terms.ground_life),
        industry=seed + replicated - s.industry / industry.life,
        landed=seed + parts,
        lifted=lifted,
        goods=goods,
        invested=invested,
        balance=net,
        present_value=discounted,
    )
    flow = Flow(
        earth_rate=earth_rate,
        moon_rate=moon_rate,
        earth_binding=earth_binding,
        moon_binding=moon_binding,
        orbit_cost=c.orbit,
        landing_cost=c.landing,
        earth_cost=c.earth_total,
        moon_cost=c.moon_total,
        rent=price,
        flights=lifted / terms.launch.payload + (seed + parts) * terms.launch.landing_flights,
        seed=seed,
        parts=parts,
        goods=goods,
        thrown=thrown,
        industry_power=_power(growth, terms, goods, thrown),
        investment=invested,
        net=net,
    )
    return moved, flow


def expansion_rates(growth: Growth, n: int) -> Array:
    """Fastest growth of what each limit of the fleet allows, 1/yr: pads first, propellants last, works between."""
    g = growth.launch
    return jnp.stack([g.pads_rate] + [g.works_rate] * (n - 3) + [g.propellant_rate] * 2)


def _age(stages: Array, added: Array, aging: Array) -> Array:
    """Change of the power in each stage of age: in from the one before, out to the next."""
    before = jnp.concatenate([added[None], aging * stages[:-1]])
    return before - aging * stages


def _power(growth: Growth, terms: Terms, goods: Array, thrown: Array) -> Array:
    """Electricity on the Moon while at work, W."""
    yearly = goods * moon.goods_energy(growth.moon) + thrown * terms.driver.energy
    return yearly / (365.25 * 86400.0 * growth.moon.duty_fraction)


_NODES, _WEIGHTS = (0.0, 0.5, 0.5, 1.0), (1.0 / 6.0, 1.0 / 3.0, 1.0 / 3.0, 1.0 / 6.0)


def follow(growth: Growth, terms: Terms, *, years: int | None = None, steps_per_year: int | None = None) -> Path:
    """Integrate growth from the start on: the classical Runge-Kutta method with a fixed step.

    Args:
        growth: how it may grow.
        terms: what the evaluation gives.
        years: static; those of `growth` if None.
        steps_per_year: static; those of `growth` if None.

    Returns:
        years * steps_per_year + 1 states, the flows at each.

    Errors: of the step, at four a year, below 1e-6 of the installed power (tests/economics/test_growth.py).
    """
    n = growth.steps_per_year if steps_per_year is None else steps_per_year
    span = growth.years if years is None else years
    h = 1.0 / n

    def stage(carry: tuple[State, State, State, Array], x: tuple[Array, Array]) -> tuple[tuple, Flow]:
        start, last, total, t = carry
        node, weight = x
        at = jax.tree.map(lambda a, b: a + node * h * b, start, last)
        slope, flow = change(growth, terms, at, t + node * h)
        return (start, slope, jax.tree.map(lambda a, b: a + weight * h * b, total, slope), t), flow

    def step(state: State, t: Array) -> tuple[State, tuple[State, Flow]]:
        still = jax.tree.map(jnp.zeros_like, state)
        nodes = jnp.asarray(_NODES), jnp.asarray(_WEIGHTS)
        (_, _, after, _), flows = jax.lax.scan(stage, (state, still, state, t), nodes)
        return after, (state, jax.tree.map(lambda x: x[0], flows))

    times = jnp.arange(span * n + 1) / n
    _, (states, flows) = jax.lax.scan(step, initial(growth, terms), times)
    return Path(years=times, state=states, flow=flows)


def binding_names(fleet_limits: tuple[str, ...]) -> tuple[str, ...]:
    """Names of what limits satellites from the Earth, in the order of `Flow.earth_binding`."""
    return (*fleet_limits, *SUPPLY_LIMITS)
