"""Wright's law: each doubling of cumulative production cuts the cost of a unit by a fixed share; and its fit."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike
from scipy import stats

from astro_logistics.pytree import Pytree, field, static


def wright_exponent(learning_rate: ArrayLike) -> Array:
    """b in cost ~ n^-b, from the share saved per doubling: b = -log2(1 - rate)."""
    return -jnp.log2(1.0 - jnp.asarray(learning_rate))


def learning_rate(exponent: ArrayLike) -> Array:
    """Share saved per doubling, from b in cost ~ n^-b: 1 - 2^-b."""
    return 1.0 - 2.0 ** -jnp.asarray(exponent)


def unit_cost(cost: ArrayLike, units_ratio: ArrayLike, learning_rate: ArrayLike) -> Array:
    """Cost of a unit when cumulative production is `units_ratio` times that at which it cost `cost`.

    c (n/n0)^-b (Wright 1936, J. Aeronautical Sciences 3:122).
    """
    return jnp.asarray(cost) * jnp.asarray(units_ratio) ** -wright_exponent(learning_rate)


class WrightFit(Pytree):
    """A least-squares line through logarithms of price over cumulative quantity; see `fit`."""

    exponent: Array = field(unit="", doc="b in price ~ quantity^-b")
    exponent_error: Array = field(unit="", doc="standard error of b")
    mean_log_quantity: Array = field(unit="", doc="mean of the logarithms of quantity")
    mean_log_price: Array = field(unit="", doc="mean of the logarithms of price")
    spread: Array = field(unit="", doc="sum of squares of the logarithms of quantity about their mean")
    deviation: Array = field(unit="", doc="standard deviation of the points from the line, n - 2 in the denominator")
    n_points: int = static(doc="number of points")

    def quantile(self, level: float) -> float:
        """Student's t that holds the share `level` of the middle, n - 2 degrees of freedom."""
        return float(stats.t.ppf(0.5 + 0.5 * level, self.n_points - 2))


def fit(quantity: ArrayLike, price: ArrayLike) -> WrightFit:
    """Fit Wright's law by ordinary least squares in logarithms; closed form, differentiable in every point.

    With x = ln q, y = ln p: b = -Sxy / Sxx, s^2 = (Syy - Sxy^2 / Sxx) / (n - 2), error of b = s / sqrt(Sxx). Assumes
    that the points scatter about the line independently, by the same factor everywhere, and that quantities are exact;
    a price history does none of it well, so the band is a lower bound of what is not known.

    Args:
        quantity: cumulative quantity, shape (n,), n >= 3.
        price: price at which it sold then, shape (n,).

    Reference: Draper, Smith, Applied Regression Analysis (3rd ed.), chapter 1.
    """
    x, y = jnp.log(jnp.asarray(quantity)), jnp.log(jnp.asarray(price))
    dx, dy = x - jnp.mean(x), y - jnp.mean(y)
    spread = jnp.sum(dx * dx)
    slope = jnp.sum(dx * dy) / spread
    residual = dy - slope * dx
    deviation = jnp.sqrt(jnp.sum(residual * residual) / (x.size - 2))
    return WrightFit(
        exponent=-slope,
        exponent_error=deviation / jnp.sqrt(spread),
        mean_log_quantity=jnp.mean(x),
        mean_log_price=jnp.mean(y),
        spread=spread,
        deviation=deviation,
        n_points=x.size,
    )


def rate_band(found: WrightFit, level: float = 0.95) -> tuple[Array, Array, Array]:
    """Learning rate of a fit, and the ends of its confidence interval at `level`."""
    reach = found.quantile(level) * found.exponent_error
    return (
        learning_rate(found.exponent),
        learning_rate(found.exponent - reach),
        learning_rate(found.exponent + reach),
    )


def predict(found: WrightFit, quantity: ArrayLike, level: float = 0.95) -> tuple[Array, Array, Array]:
    """Price on the fitted line at a cumulative quantity, and the ends of the line's confidence band there.

    ln p = mean(y) - b (ln q - mean(x)) -+ t s sqrt(1/n + (ln q - mean(x))^2 / Sxx). The band holds the line, not single
    prices, which scatter about it by s besides.

    Args:
        found: the fit.
        quantity: cumulative quantity, any shape.
        level: share of confidence.

    Returns:
        (price, low, high), of the shape of `quantity`.
    """
    away = jnp.log(jnp.asarray(quantity)) - found.mean_log_quantity
    line = found.mean_log_price - found.exponent * away
    reach = found.quantile(level) * found.deviation * jnp.sqrt(1.0 / found.n_points + away * away / found.spread)
    return jnp.exp(line), jnp.exp(line - reach), jnp.exp(line + reach)
