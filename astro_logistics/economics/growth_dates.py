"""When a growing figure reaches a goal, and when money is back."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.numerics import root


def final_growth(values: Array, steps: int, span: ArrayLike = 1.0) -> Array:
    """Relative growth over the last `steps` steps, which take `span` years, along the last axis: 1/yr."""
    return jnp.log(values[..., -1] / values[..., -1 - steps]) / jnp.asarray(span)


def reached(years: Array, parts: Array, goal: ArrayLike, growth: Array) -> Array:
    """Year in which a figure, the sum of its parts, first reaches a goal.

    Between steps its logarithm is a cubic whose slopes at the steps are central differences, so that the date has a
    derivative everywhere (off by the third order in the step); past the last step each part goes on at its own
    `growth`, so that a sum is never later than one of its parts. The first year, where it is there from the start;
    infinite, where it is never reached.

    Args:
        years: of the steps, (n,).
        parts: of the figure, above 0, (parts, n).
        goal: above 0.
        growth: relative, of each part after the last step, 1/yr, (parts,).

    Errors: one-sided slopes at the ends; at the last step the date is continuous, its derivative is not.
    """
    gap = jnp.log(jnp.sum(parts, axis=0) / goal)
    there = gap >= 0.0
    i = jnp.maximum(jnp.argmax(there), 1)
    inside = jnp.any(there) & ~there[0]
    between = years[i - 1] + _between(gap, i, inside) * (years[i] - years[i - 1])
    later = years[-1] + _beyond(jnp.log(parts[:, -1] / goal), growth, gap[-1] < 0.0)
    return jnp.where(there[0], years[0], jnp.where(inside, between, later))


def _between(gap: Array, i: Array, good: Array) -> Array:
    """Share of the step from i - 1 to i at which a gap, below 0 before it and not after, is 0; of no meaning if not."""
    ends = jnp.concatenate([2.0 * gap[:1] - gap[1:2], gap, 2.0 * gap[-1:] - gap[-2:-1]])
    slopes = 0.5 * (ends[2:] - ends[:-2])
    a, b = (jnp.where(good, gap[k], x) for k, x in ((i - 1, -1.0), (i, 1.0)))
    p, q = (jnp.where(good, slopes[k], 2.0) for k in (i - 1, i))

    def cubic(u: Array) -> Array:
        return a + u * (p + u * (3.0 * (b - a) - 2.0 * p - q + u * (p + q - 2.0 * (b - a))))

    return root(cubic, 0.0, 1.0)


def _beyond(gaps: Array, growth: Array, below: Array) -> Array:
    """Time until sum exp(gap + growth t) is 1, infinite if no part grows; of no meaning where it is not `below` 1 now.

    The part that would be there first alone bounds it from above.
    """
    grows = growth > 0.0
    alone = jnp.where(grows, -gaps / jnp.where(grows, growth, 1.0), jnp.inf)
    good = below & jnp.any(grows)
    g, a, farthest = (jnp.where(good, x, y) for x, y in ((growth, 1.0), (gaps, -2.0), (jnp.min(alone), 2.0)))
    a = jnp.where(good | (jnp.arange(a.size) == 0), a, -jnp.inf)
    time = root(lambda t: jax.nn.logsumexp(a + g * t), 0.0, jax.lax.stop_gradient(farthest) * (1.0 + 1e-12))
    return jnp.where(good, time, jnp.inf)


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
