"""Wright's law: each doubling of cumulative production cuts the cost of a unit by a fixed share."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike


def wright_exponent(learning_rate: ArrayLike) -> Array:
    """b in cost ~ n^-b, from the share saved per doubling: b = -log2(1 - rate)."""
    return -jnp.log2(1.0 - jnp.asarray(learning_rate))


def unit_cost(cost: ArrayLike, units_ratio: ArrayLike, learning_rate: ArrayLike) -> Array:
    """Cost of a unit when cumulative production is `units_ratio` times that at which it cost `cost`.

    c (n/n0)^-b (Wright 1936, J. Aeronautical Sciences 3:122).
    """
    return jnp.asarray(cost) * jnp.asarray(units_ratio) ** -wright_exponent(learning_rate)
