"""Money over time."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.numerics import mean_decay


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
    return mean_decay(-force) / (n * mean_decay(n * force))


def present_value(discount_rate: ArrayLike, years: ArrayLike) -> Array:
    """Present value of one unit paid at the end of each of n years: 1 / `capital_recovery_factor`, yr."""
    return 1.0 / capital_recovery_factor(discount_rate, years)


def financing_factor(discount_rate: ArrayLike, years: ArrayLike) -> Array:
    """What capital costs when it is repaid in equal parts all through its life, over straight amortization.

    y / (1 - exp(-y)) with y = n ln(1 + i): an annuity paid continuously over n years sums to this many times the
    capital. 1 without interest or for a life of no length, 1 + y/2 for a short one; n `capital_recovery_factor` is the
    same with payments at year's end.

    Args:
        discount_rate: i, per year, above -1.
        years: n, life in years.
    """
    return 1.0 / mean_decay(jnp.asarray(years) * jnp.log1p(jnp.asarray(discount_rate)))
