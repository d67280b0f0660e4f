"""How far errors carry: covariances mapped to a target, and the radius within which a given share arrives.

Errors are Gaussian and small enough for a linear map. The probability of a miss below a radius is the exact integral,
for unequal and for zero spreads (Rayleigh's law is the case of two equal spreads, Hoyt's that of two, Maxwell's that of
three equal ones), not a bound.
"""

from __future__ import annotations

import math

import jax.numpy as jnp
from jax import Array
from jax.scipy.special import erf
from jax.typing import ArrayLike

from astro_logistics.numerics import gauss_legendre, root

_TURN, _RISE = 96, 32  # directions round and up: 1e-12 of probability down to ratios of the spreads of 0.05
_STEPS = 50  # Newton's within a bracket; bisection alone would leave 1e-14
_WIDEST = 9.0  # spreads: beyond lies 1e-18 of a plane's misses, 2e-17 of a space's


def mapped(jacobian: ArrayLike, covariance: ArrayLike) -> Array:
    """Covariance J C J^T of the image of an error under a linear map.

    Args:
        jacobian: (..., m, n).
        covariance: (..., n, n).

    Returns:
        (..., m, m).
    """
    j, c = jnp.asarray(jacobian, jnp.float64), jnp.asarray(covariance, jnp.float64)
    return jnp.einsum("...ij,...jk,...lk->...il", j, c, j)


def ellipse(covariance: ArrayLike) -> tuple[Array, Array, Array]:
    """Principal spreads of a covariance in a plane, the larger first, and the direction of the larger.

        s^2 = (a + b)/2 +- sqrt(((a - b)/2)^2 + c^2),  angle = atan2(2 c, a - b) / 2

    Args:
        covariance: (..., 2, 2), symmetric.

    Returns:
        The two standard deviations and the angle [rad] of the larger from the first axis, (...). The derivative of the
        spreads of a circle, which has none, is NaN.
    """
    m = jnp.asarray(covariance, jnp.float64)
    a, b, c = m[..., 0, 0], m[..., 1, 1], m[..., 0, 1]
    middle, half = 0.5 * (a + b), jnp.hypot(0.5 * (a - b), c)
    large = middle + half
    small = jnp.maximum(a * b - c * c, 0.0) / jnp.where(large > 0.0, large, 1.0)  # the product, without cancellation
    return jnp.sqrt(large), jnp.sqrt(small), 0.5 * jnp.arctan2(2.0 * c, a - b)


def spreads(covariance: ArrayLike) -> Array:
    """Principal standard deviations (..., n) of a covariance (..., n, n), largest first; rounding below zero is 0."""
    values = jnp.linalg.eigvalsh(jnp.asarray(covariance, jnp.float64))[..., ::-1]
    return jnp.sqrt(jnp.maximum(values, 0.0))


def _directions(n: int) -> tuple[Array, Array]:
    """Squares of the cosines of evenly spread directions in n dimensions, (points, n), and weights that sum to 1."""
    turn = (jnp.arange(_TURN, dtype=jnp.float64) + 0.5) * (0.5 * math.pi / _TURN)  # a quarter: the squares repeat
    flat = jnp.stack([jnp.cos(turn) ** 2, jnp.sin(turn) ** 2], axis=-1)
    if n == 2:
        return flat, jnp.full(_TURN, 1.0 / _TURN)
    height, weight = gauss_legendre(_RISE)
    square = height[:, None, None] ** 2
    around = jnp.concatenate([(1.0 - square) * flat[None], jnp.broadcast_to(square, (_RISE, _TURN, 1))], axis=-1)
    return around.reshape(-1, 3), jnp.repeat(weight / _TURN, _TURN)


def probability_within(sigma: ArrayLike, radius: ArrayLike) -> Array:
    """Probability that a Gaussian miss of given principal spreads is shorter than a radius.

    Along a direction u of the unit circle or sphere the miss has the length rho s(u), s^2 = sum sigma_i^2 u_i^2, and
    rho the law of Rayleigh (two dimensions) or Maxwell (three), so that, over all directions,

        P = mean of F(R / s(u)),  F_2(x) = 1 - exp(-x^2/2),  F_3(x) = erf(x / sqrt 2) - sqrt(2 / pi) x exp(-x^2/2)

    Args:
        sigma: standard deviations (..., n) with n = 2 or 3; some, not all, may be zero.
        radius: (...).

    Returns:
        (...). Error of the mean over directions: below 1e-12 where the smallest spread is above 0.05 of the largest,
        1e-6 where one is zero.

    Raises:
        ValueError: n is neither 2 nor 3.

    References: Hoyt 1947, Proc. IRE 35, 274.
    """
    sigma, radius = jnp.asarray(sigma, jnp.float64), jnp.asarray(radius, jnp.float64)
    n = sigma.shape[-1]
    if n not in (2, 3):
        raise ValueError(f"a miss has 2 or 3 spreads on its last axis; this one has shape {sigma.shape}")
    squares, weights = _directions(n)
    shape = jnp.broadcast_shapes(sigma.shape[:-1], radius.shape)
    sigma = jnp.broadcast_to(sigma, (*shape, n))
    x = jnp.broadcast_to(radius, shape)[..., None] / jnp.sqrt(jnp.einsum("...i,pi->...p", sigma * sigma, squares))
    inside = -jnp.expm1(-0.5 * x * x)
    if n == 3:
        inside = erf(x / math.sqrt(2.0)) - math.sqrt(2.0 / math.pi) * x * jnp.exp(-0.5 * x * x)
    return jnp.einsum("...p,p->...", inside, weights)


def radius_for(sigma: ArrayLike, probability: ArrayLike) -> Array:
    """Radius within which a given share of Gaussian misses lies: the inverse of `probability_within`.

    Args:
        sigma: standard deviations (..., 2) or (..., 3).
        probability: (...), above 0 and below 1.

    Returns:
        (...), in the unit of `sigma`; exact derivatives by both. NaN for a probability outside (0, 1).
    """
    sigma, probability = jnp.asarray(sigma, jnp.float64), jnp.asarray(probability, jnp.float64)
    largest = jnp.max(sigma, axis=-1)
    shape = jnp.broadcast_shapes(largest.shape, probability.shape)
    largest, probability = jnp.broadcast_to(largest, shape), jnp.broadcast_to(probability, shape)
    scaled = jnp.broadcast_to(sigma, (*shape, sigma.shape[-1])) / largest[..., None]

    def excess(x: Array) -> Array:
        return probability_within(scaled, x) - probability

    return largest * root(excess, jnp.zeros(shape), jnp.full(shape, _WIDEST), _STEPS)
