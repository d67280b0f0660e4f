"""Capacity over time: what is launched each year from the Earth and from the Moon, what limits it, what it costs.

Capacities and installed power are states that rates act on; the rates are smooth minima of limits, so all figures may
be differentiated. A capacity that is fully used grows at its own fastest rate, an idle one does not:
d ln C / dt = rate (use)^2. Nothing is planned ahead: builders look at the rent and the cost of the day.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.economics import growth_flows as flows
from astro_logistics.economics import growth_moon as moon
from astro_logistics.economics.growth_inputs import Growth
from astro_logistics.economics.growth_state import AGES, Flow, Path, State, initial
from astro_logistics.economics.growth_terms import Terms

SUPPLY_LIMITS = ("flight ceiling", "satellite works", "chips", "money")
MOON_LIMITS = ("goods", "landing", "chips", "money")
"""What limits satellites from the Moon, in the order of `Flow.moon_binding`."""


def change(growth: Growth, terms: Terms, s: State, years: Array) -> tuple[State, Flow]:
    """Time derivative of the state, per year, and the flows behind it, `years` after the start."""
    c = flows.costs(growth, terms, s, years)
    b = flows.business(growth, terms, s, c, years)
    flown = flows.launches(growth, terms, s, years)
    lunar = flows.from_moon(growth, terms, s, c, b, flown.can_land)
    landed = lunar.seed + lunar.parts
    rate, binding = flows.from_earth(growth, terms, s, c, b, flown, lunar)

    # what is used grows; who uses it pays for the growth
    lifted, works = rate * terms.earth.specific_mass, growth.factories
    own = lifted / (flown.flights * terms.launch.payload) + landed / flown.landings
    use = own + flown.others / flown.flights
    factors = expansion_rates(growth, s.factors.size) * s.factors * use[:-1] ** 2
    expansion = jnp.sum(terms.launch.expansion_cost * factors * own[:-1] / use[:-1])
    satellites = works.satellite_production * s.satellites
    chips = works.chip_production * s.chips

    aging = AGES / terms.life
    invested = rate * c.earth_capital + lunar.paid + expansion
    net = b.earnings - invested
    moved = State(
        factors=factors,
        satellites=works.satellite_rate * s.satellites * (rate / satellites) ** 2,
        chips=works.chip_rate * s.chips * ((rate + lunar.rate) / chips) ** 2,
        units=(lifted + flown.others * terms.launch.payload) * terms.launch.orbit_units
        + landed * terms.launch.landing_units,
        earth=_age(s.earth, rate, aging, terms.loss_rate),
        moon=_age(s.moon, lunar.rate, aging, terms.loss_rate),
        earth_launched=rate,
        moon_launched=lunar.rate,
        failed=terms.loss_rate * (jnp.sum(s.earth) + jnp.sum(s.moon)),
        retired=aging * (s.earth[-1] + s.moon[-1]),
        ground=s.ground * b.ground_growth,
        industry=lunar.seed + lunar.replicated - s.industry / growth.moon.life,
        landed=landed,
        lifted=lifted,
        goods=lunar.goods,
        invested=invested,
        balance=net,
        present_value=net * jnp.exp(-years * jnp.log1p(terms.discount_rate)),
    )
    flow = Flow(
        earth_rate=rate,
        moon_rate=lunar.rate,
        earth_binding=binding,
        moon_binding=lunar.binding,
        orbit_cost=c.orbit,
        landing_cost=c.landing,
        earth_cost=c.earth_total,
        moon_cost=c.moon_total,
        rent=b.rent,
        flights=flown.others + lifted / terms.launch.payload + landed * terms.launch.landing_flights,
        parts=lunar.parts,
        goods=lunar.goods,
        thrown=lunar.thrown,
        industry_power=_power(growth, terms, lunar.goods, lunar.thrown),
        investment=invested,
        expansion=expansion,
    )
    return moved, flow


def expansion_rates(growth: Growth, n: int) -> Array:
    """Fastest growth of what each limit of the fleet allows, 1/yr: pads first, propellants last, works between."""
    g = growth.launch
    return jnp.stack([g.pads_rate] + [g.works_rate] * (n - 3) + [g.propellant_rate] * 2)


def _age(stages: Array, added: Array, aging: Array, lost: Array) -> Array:
    """Change of the power in each stage of age: in from the one before, out to the next, and lost at any age."""
    before = jnp.concatenate([added[None], aging * stages[:-1]])
    return before - (aging + lost) * stages


def _power(growth: Growth, terms: Terms, goods: Array, thrown: Array) -> Array:
    """Electricity on the Moon while at work, W."""
    yearly = goods * moon.goods_energy(growth.moon) + thrown * terms.driver.energy
    return yearly / (JULIAN_YEAR * growth.moon.duty_fraction)


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

    Errors: of the step, at four a year, 3e-6 of the installed power, a sixteenth of that at eight
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
        (_, _, after, _), found = jax.lax.scan(stage, (state, still, state, t), nodes)
        return after, (state, jax.tree.map(lambda x: x[0], found))

    times = jnp.arange(span * n + 1) / n
    _, (states, found) = jax.lax.scan(step, initial(growth, terms), times)
    return Path(state=states, flow=found, years=times)


def binding_names(fleet_limits: tuple[str, ...]) -> tuple[str, ...]:
    """Names of what limits satellites from the Earth, in the order of `Flow.earth_binding`."""
    return (*fleet_limits, *SUPPLY_LIMITS)
