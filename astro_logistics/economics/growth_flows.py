"""What happens at a moment of growth: costs of the day, rent and builders, launches, satellites from Moon and Earth."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

from astro_logistics.economics import growth_market as market
from astro_logistics.economics import growth_moon as moon
from astro_logistics.economics import growth_terms as terms_of
from astro_logistics.economics.growth_inputs import Growth
from astro_logistics.economics.growth_state import State
from astro_logistics.economics.growth_terms import Terms
from astro_logistics.economics.learning import wright_exponent
from astro_logistics.pytree import Pytree, field

SHARPNESS = 16.0
"""Of the smooth minimum of limits, as for the fleet: 4.2 % low where two are equal."""
CENT = 0.01
"""USD/yr: keeps the smooth positive part of earnings smooth where nothing works yet."""
RAMP = 1.0
"""yr: how fast the programme on the Moon opens about its start."""


def least(values: Array) -> tuple[Array, Array]:
    """Smooth minimum along the last axis, and the share of each value in it, d ln min / d ln value, which sum to 1."""
    logs = -SHARPNESS * jnp.log(values)
    return jnp.exp(-jax.nn.logsumexp(logs, axis=-1) / SHARPNESS), jax.nn.softmax(logs, axis=-1)


def positive(x: Array, size: Array) -> Array:
    """x where it is large, 0 where it is very negative: (x + sqrt(x^2 + size^2)) / 2, size / 2 at x = 0; size not 0."""
    return 0.5 * (x + jnp.sqrt(x * x + size * size))


class Costs(Pytree):
    """Costs of the day."""

    orbit: Array = field(unit="USD / kg", doc="to the satellites' orbit")
    landing: Array = field(unit="USD / kg", doc="to the Moon's ground")
    earth_capital: Array = field(unit="USD / W", doc="a satellite from the Earth")
    earth_running: Array = field(unit="USD / (W yr)", doc="its yearly cost")
    earth_total: Array = field(unit="USD / (W yr)", doc="everything of it with interest")
    moon_capital: Array = field(unit="USD / W", doc="a satellite from the Moon, the industry's own capital apart")
    moon_running: Array = field(unit="USD / (W yr)", doc="its yearly cost")
    moon_total: Array = field(unit="USD / (W yr)", doc="everything of it with interest, the industry's too")
    landed_share: Array = field(unit="", doc="of the industry's new mass, that must be landed")
    local_share: Array = field(unit="", doc="of a satellite from the Moon, that is made there")


def costs(growth: Growth, terms: Terms, s: State, years: Array) -> Costs:
    """Launch, landing, and satellites from both places, by what has been learned."""
    launch, industry = terms.launch, growth.moon
    unit = terms_of.unit_factor(launch, s.units, wright_exponent(launch.learning_rate))
    fixed = terms_of.fixed_per_flight(launch, s.factors, s.factors[0])
    orbit, landing = (f(launch, unit, fixed) for f in (terms_of.orbit_cost, terms_of.landing_cost))
    experience = growth.factories.satellite_experience
    made = (experience + s.earth_launched + s.moon_launched) / experience
    learned = made ** -wright_exponent(terms.earth.cost.learning_rate)
    here = terms_of.restated(terms.earth, terms.earth.build_cost * learned, orbit)
    since = positive(growth.start_year + years - industry.start_year, jnp.asarray(RAMP))
    landed = 1.0 - moon.closure(industry, since)
    local = terms.driver.satellite_share * industry.satellite_closure
    goods = moon.goods_cost(industry, landed, landing, terms.discount_rate)
    bought = (1.0 - local) * terms.moon.build_cost * learned
    transport = (1.0 - local) * landing + terms.driver.cost + terms.driver.cost_by_landing * landing
    there = terms_of.restated(terms.moon, bought + local * goods, transport)
    paid = terms_of.restated(terms.moon, bought + local * industry.running_cost, transport)
    return Costs(
        orbit=orbit,
        landing=landing,
        earth_capital=terms_of.capital(here),
        earth_running=terms_of.running(here),
        earth_total=terms_of.levelized(here),
        moon_capital=terms_of.capital(paid),
        moon_running=terms_of.running(there),
        moon_total=terms_of.levelized(there),
        landed_share=landed,
        local_share=local,
    )


class Business(Pytree):
    """Rent, income and who builds."""

    rent: Array = field(unit="USD / (W yr)", doc="at which demand takes what there is")
    ready: Array = field(unit="USD / yr", doc="for satellites that earn their cost of capital")
    earth_willing: Array = field(unit="", doc="share of it that is put into satellites from the Earth at their cost")
    moon_ready: Array = field(unit="USD / yr", doc="of it, for the Moon")
    moon_money: Array = field(unit="USD / yr", doc="for the Moon, its programme too")
    earnings: Array = field(unit="USD / yr", doc="rents less running costs")
    ground_growth: Array = field(unit="yr-1", doc="of data centers on the ground")


def business(growth: Growth, terms: Terms, s: State, c: Costs, years: Array) -> Business:
    """Rent by demand and supply; programmes pay whatever it earns, the rest where it earns its cost of capital."""
    demand, capital = growth.demand, growth.capital
    year = growth.start_year + years
    earth, lunar = jnp.sum(s.earth), jnp.sum(s.moon)
    rent = market.rent(demand, terms.rent, market.demanded(demand, year), s.ground + earth + lunar)
    preferred = market.willing(c.earth_total, c.moon_total, demand.response)
    income, running = rent * (earth + lunar), c.earth_running * earth + c.moon_running * lunar
    earned = capital.reinvested_fraction * positive(income - running, CENT + 0.1 * (income + running))
    ready = earned + capital.outside * jnp.exp(capital.outside_growth * years)
    opened = jax.nn.sigmoid((year - growth.moon.start_year) / RAMP)
    moon_ready = opened * preferred * market.willing(rent, c.moon_total, demand.response) * ready
    ceiling = terms.ground_ceiling * jnp.exp(demand.electricity_growth * years)
    return Business(
        rent=rent,
        ready=ready,
        earth_willing=market.willing(rent, c.earth_total, demand.response),
        moon_ready=moon_ready,
        moon_money=opened * capital.moon_programme + moon_ready,
        earnings=income - running,
        ground_growth=market.ground_change(demand, rent, terms.ground_cost, terms.ground_life, s.ground / ceiling),
    )


class Launches(Pytree):
    """Flights from the Earth; the last axis runs over the limits of the fleet and the ceiling of flights."""

    flights: Array = field(unit="yr-1", doc="that each limit allows, (n + 1,)")
    landings: Array = field(unit="kg / yr", doc="on the Moon, that each limit allows, (n + 1,)")
    free: Array = field(unit="", doc="share that others leave, (n + 1,)")
    others: Array = field(unit="yr-1", doc="flights of others")
    can_land: Array = field(unit="kg / yr", doc="on the Moon, at most")


def launches(growth: Growth, terms: Terms, s: State, years: Array) -> Launches:
    """What the fleet can fly today, and what others leave of it: they are served first, up to half of the flights."""
    launch = growth.launch
    flights = jnp.append(terms.launch.flight_limits * s.factors, launch.flight_ceiling)
    ceiling = launch.flight_ceiling / terms.launch.landing_flights
    landings = jnp.append(terms.launch.landing_limits * s.factors, ceiling)
    wanted = launch.other_flights * jnp.exp(launch.other_growth * years)
    others, _ = least(jnp.stack([wanted, launch.other_share * least(flights)[0]]))
    free = 1.0 - others / flights
    can_land = launch.moon_share * least(landings * free)[0]
    return Launches(flights=flights, landings=landings, free=free, others=others, can_land=can_land)


class FromMoon(Pytree):
    """The Moon's year."""

    rate: Array = field(unit="W / yr", doc="launched")
    binding: Array = field(unit="", doc="share of goods, landing, chips, money in what binds it, (4,)")
    seed: Array = field(unit="kg / yr", doc="industry landed")
    parts: Array = field(unit="kg / yr", doc="parts of satellites landed")
    replicated: Array = field(unit="kg / yr", doc="goods that become industry")
    thrown: Array = field(unit="kg / yr", doc="by mass drivers")
    goods: Array = field(unit="kg / yr", doc="made")
    paid: Array = field(
        unit="USD / yr", doc="for satellites, for industry landed and for the goods that become industry"
    )


def from_moon(growth: Growth, terms: Terms, s: State, c: Costs, b: Business, can_land: Array) -> FromMoon:
    """Satellites from the Moon and the industry that makes them.

    New industry is landed seed and, for each kilogram of the parts that only the Earth makes, what the Moon adds to it;
    it copies itself as far as its goods find use. Whoever lands industry pays for what it adds to itself, too.
    """
    industry, mass = growth.moon, terms.moon.specific_mass
    matching = (1.0 - c.landed_share) / c.landed_share
    seed_cost = c.landing + industry.hardware_cost
    with_match = seed_cost + matching * industry.running_cost
    seed, _ = least(industry.seed_share * jnp.stack([b.moon_money / with_match, can_land]))
    makes = moon.productivity(industry) * s.industry
    available = (1.0 - industry.replication_share) * makes
    rest, landed = 1.0 - industry.seed_share, (1.0 - c.local_share + terms.driver.landed) * mass
    rate, binding = least(
        jnp.stack(
            [
                available / (c.local_share * mass),
                rest * can_land / landed,
                growth.factories.moon_chip_share * growth.factories.chip_production * s.chips,
                rest * b.moon_money / c.moon_capital,
            ]
        )
    )
    used = rate * c.local_share * mass / available
    replicated, _ = least(jnp.stack([industry.replication_share * makes * used**2, seed * matching]))
    return FromMoon(
        rate=rate,
        binding=binding,
        seed=seed,
        parts=rate * landed,
        replicated=replicated,
        thrown=rate * mass,
        goods=rate * c.local_share * mass + replicated,
        paid=rate * c.moon_capital + seed * seed_cost + replicated * industry.running_cost,
    )


def from_earth(
    growth: Growth, terms: Terms, s: State, c: Costs, b: Business, flown: Launches, lunar: FromMoon
) -> tuple[Array, Array]:
    """Satellites from the Earth, with the launches, chips and money that others and the Moon leave, W/yr.

    The Moon is paid from its programme and from what is ready for it in proportion; what it does not take of the latter
    is left. So what is paid for satellites and for the Moon never exceeds the programmes and what is ready.

    Returns:
        The rate, and the shares of what binds it: limits of the fleet, ceiling, satellite works, chips, money.
    """
    left = flown.free - (lunar.seed + lunar.parts) / flown.landings
    up = flown.flights * left * terms.launch.payload / terms.earth.specific_mass
    works = growth.factories
    chips = works.chip_production * s.chips - lunar.rate
    money = growth.capital.orbit_programme + b.earth_willing * (b.ready - b.moon_ready * lunar.paid / b.moon_money)
    rest = jnp.stack([works.satellite_production * s.satellites, chips, money / c.earth_capital])
    return least(jnp.append(up, rest))
