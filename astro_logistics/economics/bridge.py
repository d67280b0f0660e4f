"""From one answer to another, one bar per change: shares that close exactly and do not depend on the order of changes.

Numbers are moved along the straight line between the two answers and each is charged with its part of the path integral
of the gradient (Aumann and Shapley). Switches (what a boundary lets in) have no line: they are players of a game whose
value is the answer with some of them at the second answer's setting, all numbers together being one player more, and
each is charged with its Shapley value; the numbers' value is shared out along the line at every setting of the
switches. Both rules are the only ones that are additive, treat equals equally and close.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from astro_logistics.numerics import gauss_legendre

NODES = 48
"""Points of the quadrature along the line: it closes to 1e-13 for answers a factor of a hundred apart."""


def path_shares(f: Callable[[Array], Array], a: Array, b: Array, nodes: int = NODES) -> Array:
    """Aumann-Shapley shares of f(b) - f(a), one per element of the vectors: (b - a) integral of grad f on the line.

    Args:
        f: scalar, smooth on the line from a to b.
        a, b: vectors of shape (n,).
        nodes: points of Gauss-Legendre's rule.

    Returns:
        Shares, shape (n,), whose sum is f(b) - f(a) to the error of the quadrature; the caller sees it in the sum.

    Reference: Aumann, Shapley, Values of Non-Atomic Games (1974), section 37 (diagonal formula).
    """
    at, weights = gauss_legendre(nodes)
    points = a[None, :] + at[:, None] * (b - a)[None, :]
    return (b - a) * jnp.sum(weights[:, None] * jax.vmap(jax.grad(f))(points), axis=0)


def coalition_weights(n: int) -> tuple[np.ndarray, np.ndarray]:
    """Every subset of n - 1 players as rows of 0 and 1, and the weight with which the n-th joins it (Shapley 1953)."""
    rows = (np.arange(2 ** (n - 1))[:, None] >> np.arange(n - 1)) & 1
    return rows.astype(np.float64), weights_by_size(n)[rows.sum(axis=1)]


def shares(
    f: Callable[[Array, Array], Array], a: Array, b: Array, switches_a: Array, switches_b: Array, nodes: int = NODES
) -> tuple[Array, Array]:
    """Shares of numbers and of switches in f(b, switches_b) - f(a, switches_a); order-independent, closing.

    Args:
        f: scalar function of numbers (n,) and switches (k,); smooth in the numbers.
        a, b: numbers of the two answers, shape (n,).
        switches_a, switches_b: their switches, shape (k,), k at most about 12: 2^k settings are evaluated.
        nodes: points of the quadrature on the line.

    Returns:
        (share of each number (n,), share of each switch (k,)).
    """
    k = switches_a.size
    rows, weights = coalition_weights(k + 1)
    settings = switches_a[None, :] + jnp.asarray(rows) * (switches_b - switches_a)[None, :]
    along = jax.vmap(lambda s: path_shares(lambda x: f(x, s), a, b, nodes))(settings)
    numbers = jnp.sum(jnp.asarray(weights)[:, None] * along, axis=0)
    game = jnp.stack([jax.vmap(lambda s, x=x: f(x, s))(settings) for x in (a, b)])
    members = rows.sum(axis=1).astype(int)
    found = []
    for i in range(k):
        without = np.flatnonzero(rows[:, i] == 0.0)
        gain = game[:, without + 2**i] - game[:, without]  # the switch joins, numbers at a and numbers at b
        weight = np.stack([weights_by_size(k + 1)[members[without] + joined] for joined in (0, 1)])
        found.append(jnp.sum(jnp.asarray(weight) * gain))
    return numbers, jnp.stack(found) if found else jnp.zeros((0,))


def weights_by_size(n: int) -> np.ndarray:
    """|S|! (n - 1 - |S|)! / n! for |S| = 0 .. n - 1: the weight of a coalition that one of n players joins."""
    return np.array([math.factorial(s) * math.factorial(n - 1 - s) for s in range(n)]) / math.factorial(n)
