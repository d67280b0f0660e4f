"""When a growing figure reaches a goal, and when money is back."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike


def final_growth(values: Array, steps: int, span: ArrayLike = 1.0) -> Array:
    """Relative growth over the last `steps` steps, which take `span` years: 1/yr."""
    return jnp.log(values[-1] / values[-1 - steps]) / jnp.asarray(span)


def reached(years: Array, values: Array, goal: ArrayLike, growth: ArrayLike) -> Array:
    """Year in which a figure first reaches a goal.

    Between steps its logarithm is taken as straight (right to second order in the step); past the last step it goes on
    at `growth`. The first year, where it is there from the start; infinite, where it is never reached.

    Args:
        years: of the steps, (n,).
        values: of the figure, above 0, (n,).
        goal: above 0.
        growth: relative, after the last step, 1/yr.

    Errors: no kink but where the step that the goal falls on changes, as the slope of the straight piece does.
    """
    gap = jnp.log(values / goal)
    there = gap >= 0.0
    i = jnp.maximum(jnp.argmax(there), 1)
    rise = gap[i] - gap[i - 1]
    inside = jnp.any(there) & ~there[0]
    between = years[i - 1] - gap[i - 1] / jnp.where(inside, rise, 1.0) * (years[i] - years[i - 1])
    grows = jnp.asarray(growth) > 0.0
    beyond = years[-1] - gap[-1] / jnp.where(grows, growth, 1.0)
    later = jnp.where(grows, beyond, jnp.inf)
    return jnp.where(there[0], years[0], jnp.where(inside, between, later))


def repaid(years: Array, balance: Array) -> Array:
    """Year in which a balance that has been below zero is back at zero for the first time for good; infinite if never.

    For good: it stays above zero until the last step. Straight between steps.

    Args:
        years: of the steps, (n,).
        balance: USD, (n,).
    """
    below = balance < 0.0
    last = balance.shape[0] - 1 - jnp.argmax(below[::-1])
    j = jnp.minimum(last + 1, balance.shape[0] - 1)
    inside = jnp.any(below) & ~below[-1]
    rise = jnp.where(inside, balance[j] - balance[last], 1.0)
    back = years[last] - jnp.where(inside, balance[last], 0.0) / rise * (years[j] - years[last])
    return jnp.where(jnp.any(below), jnp.where(inside, back, jnp.inf), years[0])
