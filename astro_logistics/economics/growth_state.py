"""What growth is made of over time: the state, what happens to it, and its path."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from astro_logistics.economics.growth_inputs import Growth
from astro_logistics.economics.growth_terms import Terms
from astro_logistics.pytree import Pytree, field

AGES = 8
"""Stages of age through which satellites go; their lives scatter by 1/sqrt(8) = 35 % about the design life."""
SEED = 1.0
"""kg of industry on the Moon at the start; it only keeps logarithms finite."""


class State(Pytree):
    """What is there at a moment."""

    factors: Array = field(unit="", doc="what each limit of the fleet allows, over the start, (n,)")
    satellites: Array = field(unit="", doc="satellites that works make, over the start")
    chips: Array = field(unit="", doc="chips that orbit can get, over the start")
    units: Array = field(unit="", doc="boosters and ships built, half of their sum")
    earth: Array = field(unit="W", doc="installed power launched from the Earth by stage of age, (AGES,)")
    moon: Array = field(unit="W", doc="the same from the Moon, (AGES,)")
    earth_launched: Array = field(unit="W", doc="ever launched from the Earth")
    moon_launched: Array = field(unit="W", doc="ever launched from the Moon")
    failed: Array = field(unit="W", doc="ever lost before the end of the design life")
    retired: Array = field(unit="W", doc="ever retired")
    ground: Array = field(unit="W", doc="data centers on the ground")
    industry: Array = field(unit="kg", doc="industry on the Moon")
    landed: Array = field(unit="kg", doc="ever landed on the Moon")
    lifted: Array = field(unit="kg", doc="ever brought to the satellites' orbit from the Earth")
    goods: Array = field(unit="kg", doc="ever made on the Moon")
    invested: Array = field(unit="USD", doc="ever invested")
    balance: Array = field(unit="USD", doc="ever earned less all that was paid")
    present_value: Array = field(unit="USD", doc="the same, discounted to the start")


class Flow(Pytree):
    """What happens at a moment, per year."""

    earth_rate: Array = field(unit="W / yr", doc="delivered compute power launched from the Earth")
    moon_rate: Array = field(unit="W / yr", doc="launched from the Moon")
    earth_binding: Array = field(unit="", doc="share of each limit in what binds the Earth's, (n + 4,)")
    moon_binding: Array = field(unit="", doc="share of each limit in what binds the Moon's, (4,)")
    orbit_cost: Array = field(unit="USD / kg", doc="cost to the satellites' orbit")
    landing_cost: Array = field(unit="USD / kg", doc="cost to the Moon's ground")
    earth_cost: Array = field(unit="USD / (W yr)", doc="compute from the Earth, everything with interest")
    moon_cost: Array = field(unit="USD / (W yr)", doc="compute from the Moon, everything with interest")
    rent: Array = field(unit="USD / (W yr)", doc="of delivered compute power")
    flights: Array = field(unit="yr-1", doc="flights from the Earth, those of others too")
    parts: Array = field(unit="kg / yr", doc="parts of satellites and drivers landed on the Moon, chips among them")
    goods: Array = field(unit="kg / yr", doc="made on the Moon")
    thrown: Array = field(unit="kg / yr", doc="thrown by mass drivers")
    industry_power: Array = field(unit="W", doc="electricity that the industry on the Moon and its drivers take")
    investment: Array = field(unit="USD / yr", doc="satellites, industry on the Moon, expansion")
    expansion: Array = field(unit="USD / yr", doc="of it, for pads, works and plants")


class Path(Pytree):
    """States and flows at every step; the leading axis runs over them."""

    state: State
    flow: Flow
    years: Array = field(unit="yr", doc="after the start, (n,)")


def initial(growth: Growth, terms: Terms) -> State:
    """The state at the start: nothing in orbit, nothing on the Moon, the ground grown as fast as it can until then."""
    nothing = jnp.zeros(())
    since = growth.start_year - growth.demand.reference_year
    return State(
        factors=jnp.ones_like(terms.launch.flight_limits),
        satellites=jnp.ones(()),
        chips=jnp.ones(()),
        units=jnp.asarray(terms.launch.units, jnp.float64),
        earth=jnp.zeros(AGES),
        moon=jnp.zeros(AGES),
        earth_launched=nothing,
        moon_launched=nothing,
        failed=nothing,
        retired=nothing,
        ground=jnp.asarray(growth.demand.power * jnp.exp(growth.demand.ground_growth * since)),
        industry=jnp.asarray(SEED),
        landed=nothing,
        lifted=nothing,
        goods=nothing,
        invested=nothing,
        balance=nothing,
        present_value=nothing,
    )


def installed(state: State) -> Array:
    """Power at work in orbit, W."""
    return jnp.sum(state.earth, axis=-1) + jnp.sum(state.moon, axis=-1)
