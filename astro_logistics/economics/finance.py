"""Money over time."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike


def _mean_decay(y: Array) -> Array:
    """Mean of exp(-t) over 0..y, (1 - exp(-y)) / y, and its first two derivatives, to 1e-12 through y = 0."""
    small = jnp.abs(y) < 0.1
    near = jnp.where(small, y, 0.0)
    series = jnp.ones_like(near)
    for k in range(12, 1, -1):
        series = 1.0 - near / k * series
    far = jnp.where(small, 1.0, y)
    return jnp.where(small, series, -jnp.expm1(-far) / far)


def capital_recovery_factor(discount_rate: ArrayLike, years: ArrayLike) -> Array:
    """Yearly payment, at year's end, that repays one unit of capital: i / (1 - (1 + i)^-n), 1/yr.

    Smooth through i = 0, where it is 1/n.

    Args:
        discount_rate: i, per year, above -1.
        years: n, life in years.

    Reference: Newnan, Eschenbach, Lavelle, Engineering Economic Analysis, capital recovery factor (A/P, i, n).
    """
    n = jnp.asarray(years)
    force = jnp.log1p(jnp.asarray(discount_rate))
    return _mean_decay(-force) / (n * _mean_decay(n * force))


def present_value(discount_rate: ArrayLike, years: ArrayLike) -> Array:
    """Present value of one unit paid at the end of each of n years: 1 / `capital_recovery_factor`, yr."""
    return 1.0 / capital_recovery_factor(discount_rate, years)
