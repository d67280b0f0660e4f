"""Demand for compute, what the ground can give of it, and the rent that makes the two meet with what is in orbit."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.economics.growth_inputs import ComputeDemand
from astro_logistics.numerics import mean_decay


def demanded(demand: ComputeDemand, year: ArrayLike) -> Array:
    """Compute power asked for at the rent of the scenario, W: P0 exp(g_l t + (g_0 - g_l) T (1 - exp(-t / T)))."""
    t = jnp.asarray(year) - demand.reference_year
    fading = t * mean_decay(t / demand.settling_time)
    return demand.power * jnp.exp(demand.later_growth * t + (demand.growth - demand.later_growth) * fading)


def rent(demand: ComputeDemand, first: ArrayLike, asked: ArrayLike, supplied: ArrayLike) -> Array:
    """Rent at which so much is asked for as is supplied: r0 (D / S)^(1 / elasticity), USD/(W yr).

    Args:
        demand: its elasticity.
        first: r0, rent at which `asked` is asked for, USD/(W yr).
        asked: D, W.
        supplied: S, in orbit and on the ground, W.
    """
    return jnp.asarray(first) * (jnp.asarray(asked) / jnp.asarray(supplied)) ** (1.0 / demand.elasticity)


def willing(price: ArrayLike, cost: ArrayLike, response: ArrayLike) -> Array:
    """Share of builders who build at a rent and a cost with interest: 1 / (1 + (cost / rent)^(1 / response))."""
    return jax.nn.sigmoid(jnp.log(jnp.asarray(price) / jnp.asarray(cost)) / jnp.asarray(response))


def ground_change(
    demand: ComputeDemand, price: ArrayLike, cost: ArrayLike, life: ArrayLike, filled: ArrayLike
) -> Array:
    """Relative growth of data centers on the ground, 1/yr: (g + 1/life) willing - 1/life - g willing filled^4.

    Where the rent is well above their cost they grow as fast as power can be had; well below, they are not renewed. At
    the ceiling of power (`filled` 1) what is built only renews what leaves.

    Args:
        demand: g and the builders' response.
        price, cost: rent and cost with interest, USD/(W yr).
        life: of a data center, yr.
        filled: power of data centers on the ground over the most that they may take.
    """
    leaving, build = 1.0 / jnp.asarray(life), willing(price, cost, demand.response)
    return (demand.ground_growth * (1.0 - jnp.asarray(filled) ** 4) + leaving) * build - leaving
