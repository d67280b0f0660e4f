"""Local minimum of a smooth function of two variables: Newton's method inside a trust region.

Gradients are exact; the Hessian is a central difference of them. (Exact second derivatives of a Lambert arc on an
ephemeris take half a minute to compile, and end at the same date: what is sought is the zero of the exact gradient.)
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

_TINY = float(jnp.finfo(jnp.float64).tiny)


class Minimum(NamedTuple):
    """Where the iteration ended, and what the function is like there."""

    x: Array  # (2,)
    value: Array
    hessian: Array  # (2, 2)
    newton_step: Array  # (2,) the step that a further iteration of pure Newton would take
    convex: Array  # whether the Hessian is positive definite


class _Point(NamedTuple):
    x: Array
    value: Array
    gradient: Array
    hessian: Array


def minimize2(f: Callable[[Array], Array], x0: Array, radius: Array, steps: int, spacing: float) -> Minimum:
    """Descend from `x0` to a local minimum of `f` in a fixed number of steps.

    Each step is Newton's with the signs of negative curvatures turned (so that saddles repel), cut to the trust
    radius; a step that does not descend, or meets NaN, is not taken and the radius shrinks. The result is not meant
    to be differentiated: use the implicit function theorem with the Hessian returned.

    Args:
        f: (2,) -> (), differentiable near the path; NaN outside its domain.
        x0: start (2,), where `f` is finite.
        radius: first trust radius, in units of x; also the largest.
        steps: number of steps.
        spacing: of the differences of the gradient, in units of x; small beside the scale on which f bends.

    Returns:
        Minimum; the caller judges convergence from `newton_step` and `convex`.

    References: Nocedal & Wright 2006, sec. 4.1; Dauphin et al. 2014 (saddle-free Newton).
    """

    def value_twice(x: Array) -> tuple[Array, Array]:
        value = f(x)
        return value, value

    offsets = spacing * jnp.asarray([[0.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]])

    def at(x: Array) -> _Point:
        gradients, values = jax.vmap(jax.jacfwd(value_twice, has_aux=True))(x[None, :] + offsets)
        rows = jnp.stack([gradients[1] - gradients[2], gradients[3] - gradients[4]]) / (2.0 * spacing)
        return _Point(x, values[0], gradients[0], 0.5 * (rows + rows.T))

    def step(_: int, state: tuple[_Point, Array, Array]) -> tuple[_Point, Array, Array]:
        here, move, trust = state
        there = at(here.x + move)
        # the last steps change f by less than its rounding
        better = there.value <= here.value + 1e-14 * jnp.abs(here.value)
        better &= jnp.all(jnp.isfinite(there.hessian))
        foreseen = here.gradient @ move + 0.5 * move @ here.hessian @ move
        good = better & (there.value - here.value < 0.25 * foreseen)
        trust = jnp.where(better, jnp.where(good, jnp.minimum(2.0 * trust, radius), trust), 0.25 * trust)
        here = jax.tree.map(lambda new, old: jnp.where(better, new, old), there, here)
        curvatures, axes = _eigen(here.hessian)
        move = axes @ (-(axes.T @ here.gradient) / jnp.maximum(jnp.abs(curvatures), _TINY))
        length = jnp.sqrt(jnp.sum(move * move))
        return here, move * jnp.minimum(1.0, trust / jnp.maximum(length, _TINY)), trust

    # the first turn of the loop evaluates the start: anything is better than infinity
    nowhere = _Point(x0, jnp.full_like(radius, jnp.inf), jnp.zeros(2), jnp.zeros((2, 2)))
    last, _, _ = jax.lax.fori_loop(0, steps + 1, step, (nowhere, jnp.zeros(2), radius))
    curvatures, axes = _eigen(last.hessian)
    newton = axes @ (-(axes.T @ last.gradient) / curvatures)
    return Minimum(last.x, last.value, last.hessian, newton, jnp.all(curvatures > 0.0))


def _eigen(h: Array) -> tuple[Array, Array]:
    """Eigenvalues (2,) of a symmetric 2x2 matrix and its eigenvectors as columns."""
    mean, half = 0.5 * (h[0, 0] + h[1, 1]), 0.5 * (h[0, 0] - h[1, 1])
    root = jnp.hypot(half, h[0, 1])
    angle = 0.5 * jnp.arctan2(h[0, 1], half)
    cos, sin = jnp.cos(angle), jnp.sin(angle)
    return jnp.stack([mean + root, mean - root]), jnp.stack([jnp.stack([cos, -sin]), jnp.stack([sin, cos])])
