"""How an input of which a value and a range are known is drawn: triangular, in the number or in its logarithm."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import j0, j1

from astro_logistics.pytree import Pytree

MAGNITUDE = 10.0
"""A positive range whose ends differ by this factor or more is drawn in the logarithm."""


class Triangular(Pytree):
    """Triangular distributions of d inputs in their own coordinates y: the number itself, or its logarithm.

    All arrays have shape (d,); `low < high` and `low <= mode <= high` in y. Density of y: rising linearly from zero at
    `low` to 2 / (high - low) at `mode`, falling linearly to zero at `high`. The methods take one row (d,); `vmap` them.
    """

    low: Array
    mode: Array
    high: Array
    is_log: Array

    def number(self, y: ArrayLike) -> Array:
        """The inputs at coordinates y, shape (d,)."""
        y = jnp.asarray(y)
        return jnp.where(self.is_log, jnp.exp(jnp.where(self.is_log, y, 0.0)), y)

    def coordinate(self, x: ArrayLike) -> Array:
        """The coordinates of inputs x, shape (d,); the inverse of `number`."""
        x = jnp.asarray(x)
        return jnp.where(self.is_log, jnp.log(jnp.where(self.is_log, x, 1.0)), x)

    def quantile(self, u: ArrayLike) -> Array:
        """The inputs below which lies the probability u: the exact inverse of `cdf`.

        y = low + sqrt(u (high - low) (mode - low)) where u < (mode - low) / (high - low), else
        y = high - sqrt((1 - u) (high - low) (high - mode)).

        Args:
            u: probabilities, shape (d,), strictly between 0 and 1.

        Returns:
            Inputs in SI, shape (d,).
        """
        u = jnp.asarray(u)
        width, left, right = self.high - self.low, self.mode - self.low, self.high - self.mode
        rising = self.low + jnp.sqrt(u * width * left)
        falling = self.high - jnp.sqrt((1.0 - u) * width * right)
        return self.number(jnp.where(u * width < left, rising, falling))

    def cdf(self, x: ArrayLike) -> Array:
        """The probability that an input lies below x, shape (d,); 0 below the range, 1 above."""
        y = jnp.clip(self.coordinate(x), self.low, self.high)
        width, left, right = self.high - self.low, self.mode - self.low, self.high - self.mode
        rising = (y - self.low) ** 2 / (width * jnp.where(left > 0.0, left, 1.0))
        falling = 1.0 - (self.high - y) ** 2 / (width * jnp.where(right > 0.0, right, 1.0))
        return jnp.where(y < self.mode, rising, jnp.where(right > 0.0, falling, 1.0))

    def poincare_constants(self) -> np.ndarray:
        """Least C with Var g(y) <= C E[g'(y)^2] for every smooth g, for each input, shape (d,).

        Extremal functions solve (rho g')' = -k^2 rho g, C = 1 / k^2. On either side of the mode the density is linear
        in the distance s from its end, so g = J0(k s); value and slope agree at the mode where

            J0(k p) J1(k q) + J1(k p) J0(k q) = 0,   p = mode - low, q = high - mode.

        Symmetric: C = (p / 2.4048)^2; a right triangle: C = (q / 3.8317)^2.
        Reference: Roustant, Barthe & Iooss (2017), Poincare inequalities on intervals - application to
        sensitivity analysis, EJS 11, 3081 (the triangular distribution).
        """
        low, mode, high = (np.asarray(x) for x in (self.low, self.mode, self.high))
        left = (mode - low) / (high - low)
        return np.asarray([((b - a) / _first_mode(p)) ** 2 for a, b, p in zip(low, high, left, strict=True)])


def _first_mode(p: float) -> float:
    """Least k > 0 of the equation in `poincare_constants` with q = 1 - p; between 3.83 (p = 0) and 4.81 (p = 1/2)."""
    return float(brentq(lambda k: j0(k * p) * j1(k * (1.0 - p)) + j1(k * p) * j0(k * (1.0 - p)), 3.5, 5.0, xtol=1e-13))  # pyright: ignore[reportArgumentType]


def triangular(low: ArrayLike, mode: ArrayLike, high: ArrayLike) -> Triangular:
    """Distributions from values and ranges: in the logarithm where the range is positive and spans a magnitude.

    The value is the mode, the most likely one, of y. It is not the median or the mean: where the value is not in the
    middle of its range these lie towards the longer side (mean (low + mode + high) / 3 in y).

    Args:
        low, mode, high: shape (d,), with low < high and low <= mode <= high.

    Raises:
        ValueError: a range that is empty, not finite or does not hold the value.
    """
    low, mode, high = (np.asarray(x, np.float64) for x in (low, mode, high))
    if not (np.isfinite(low) & np.isfinite(high) & (low < high) & (low <= mode) & (mode <= high)).all():
        raise ValueError("every range must be finite, not empty, and hold its value")
    is_log = (low > 0.0) & (high >= MAGNITUDE * low)
    a, m, b = (jnp.asarray(np.where(is_log, np.log(np.where(is_log, x, 1.0)), x)) for x in (low, mode, high))
    return Triangular(low=a, mode=m, high=b, is_log=jnp.asarray(is_log))
