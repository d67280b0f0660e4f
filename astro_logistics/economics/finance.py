"""Money over time."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike


def capital_recovery_factor(discount_rate: ArrayLike, years: ArrayLike) -> Array:
    """Yearly payment, at year's end, that repays one unit of capital: i / (1 - (1 + i)^-n), 1/yr.

    Smooth through i = 0, where it is 1/n (series below i n = 1e-8, exact there to float64).

    Args:
        discount_rate: i, per year, above -1.
        years: n, life in years.

    Reference: Newnan, Eschenbach, Lavelle, Engineering Economic Analysis, capital recovery factor (A/P, i, n).
    """
    i, n = jnp.asarray(discount_rate), jnp.asarray(years)
    small = jnp.abs(i * n) < 1e-8
    rate = jnp.where(small, 1.0, i)
    exact = -rate / jnp.expm1(-n * jnp.log1p(rate))
    return jnp.where(small, (1.0 + 0.5 * i * (n + 1.0)) / n, exact)


def present_value(discount_rate: ArrayLike, years: ArrayLike) -> Array:
    """Present value of one unit paid at the end of each of n years: 1 / `capital_recovery_factor`, yr."""
    return 1.0 / capital_recovery_factor(discount_rate, years)
