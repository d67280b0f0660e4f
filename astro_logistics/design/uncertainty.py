"""Figures over many scenarios: Sobol' points made into inputs, and evaluations of them in blocks of one size."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from scipy.stats import qmc

from astro_logistics.design.correlation import Copula
from astro_logistics.design.distributions import Triangular
from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import replace_at

BLOCK = 1024
"""Scenarios in one compiled call. Always the same, so that the answer for a draw does not depend on its neighbours."""
SLOPES_BLOCK = 128
"""The same for derivatives with respect to every input."""
BITS = 30
"""Sobol' points are multiples of 2^-30; half of that is added, so that none is 0 or 1."""
GROUP = 16
"""Dimensions that share a Sobol' sequence; the pairs among the first 16 are even (Joe & Kuo 2008)."""
SHUFFLED = 256
"""Rows that change places with each other; divides BLOCK."""

Outcome = Callable[[Scenario], dict[str, jax.Array]]
"""scenario -> arrays by name, "values" (m,) among them. Hashable: one compiled function is kept for each."""


def sobol_points(dimensions: int, seed: int | tuple[int, ...], start: int, count: int) -> Iterator[np.ndarray]:
    """Points `start` to `start + count` of a Latin supercube of scrambled Sobol' sequences, BLOCK at a time.

    One Sobol' sequence in hundreds of dimensions is no even sample of their pairs: below 2^15 points many of them share
    their leading digits (seen among 450, 4096 points: correlations of +-0.19, and 0.75 at 1024), so that an input
    without effect takes the part of one that has it. Therefore each GROUP of dimensions has a sequence of its own,
    scrambled on its own, and its rows are put into random order, independently for each group: within a group the
    points are as even as those of a Sobol' sequence of few dimensions, between groups they are as random numbers are.

    The scrambling is Owen's (1995) in the cheaper form of a random linear matrix and a digital shift (Matousek 1998).
    Rows change places within SHUFFLED consecutive ones, so that more points begin with the same ones and any block can
    be made alone: a whole number of SHUFFLED points fills each dimension, and each group, as evenly as the sequence.

    Args:
        dimensions: d.
        seed: of scrambling and order; a tuple of integers is a seed too.
        start: a multiple of BLOCK.
        count: number of points, made up to a multiple of BLOCK.

    Yields:
        Arrays (BLOCK, d), each point uniform in the unit cube, strictly between 0 and 1.

    Errors: correlations between dimensions of two groups are of size 1/sqrt(n) as those of independent numbers; within
    a group below 0.006 for n = 4096. A mean of a sum of functions of single groups converges as with the sequence;
    what is not such a sum at the rate of independent draws (Owen 1998, section 3).

    Reference: Owen (1998), Latin supercube sampling for very high-dimensional simulations, ACM TOMACS 8:71.
    """
    groups = []
    for g in range(-(-dimensions // GROUP)):
        width = min(GROUP, dimensions - g * GROUP)
        generator = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(g,)))
        # the argument is called rng from scipy 1.15 on; the old name goes on working
        groups.append(qmc.Sobol(width, scramble=True, bits=BITS, seed=generator))  # pyright: ignore[reportCallIssue]
        if start:
            groups[g].fast_forward(start)
    for block in range(start // BLOCK, -(-(start + count) // BLOCK)):
        yield np.concatenate([_shuffled(seed, g, block, each) for g, each in enumerate(groups)], axis=1)


def _shuffled(seed: int | tuple[int, ...], group: int, block: int, sequence: qmc.Sobol) -> np.ndarray:
    """The next BLOCK points of a sequence, each SHUFFLED of them in random order; (BLOCK, width)."""
    order = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(group, block)))
    rows = np.arange(BLOCK).reshape(-1, SHUFFLED)
    return sequence.random(BLOCK)[order.permuted(rows, axis=1).ravel()] + 0.5 ** (BITS + 1)


@jax.jit
def inputs_at(spread: Triangular, together: Copula, u: jax.Array) -> jax.Array:
    """Inputs in SI, shape (n, d), at independent uniform numbers of the same shape."""
    return jax.vmap(lambda row: spread.quantile(together.correlate(row)))(u)


@lru_cache(maxsize=16)
def outcomes(outcome: Outcome, paths: tuple[str, ...]) -> Callable[[Scenario, Any], dict[str, jax.Array]]:
    """`outcome` over rows of inputs: (scenario, inputs (n, d) at the paths) -> arrays with a leading axis n; jitted."""
    return jax.jit(jax.vmap(lambda model, x: outcome(_with(model, paths, x)), in_axes=(None, 0)))


@lru_cache(maxsize=16)
def slopes(outcome: Outcome, paths: tuple[str, ...]) -> Callable[[Scenario, Any], tuple[dict[str, jax.Array], Any]]:
    """`outcome` with the derivatives of its values: (scenario, inputs (n, d)) -> (arrays, (n, m, d)); jitted."""

    def both(model: Scenario, x: jax.Array) -> tuple[dict[str, jax.Array], jax.Array]:
        def values(x: jax.Array) -> tuple[jax.Array, dict[str, jax.Array]]:
            found = outcome(_with(model, paths, x))
            return found["values"], found

        value, pullback, found = jax.vjp(values, x, has_aux=True)
        (gradient,) = jax.vmap(pullback)(jnp.eye(value.shape[0]))
        return found, gradient

    return jax.jit(jax.vmap(both, in_axes=(None, 0)))


def _with(model: Scenario, paths: Sequence[str], x: jax.Array) -> Scenario:
    return replace_at(model, {path: x[i] for i, path in enumerate(paths)})


def in_blocks(function: Callable[[np.ndarray], Any], x: np.ndarray, block: int) -> Any:
    """A function of rows applied `block` rows at a time, the last call filled up with the last row.

    Args:
        function: (block, d) -> pytree of arrays with a leading axis `block`.
        x: rows, shape (n, d), n at least 1.
        block: rows in each call.

    Returns:
        The same pytree of NumPy arrays with a leading axis n.
    """
    n = len(x)
    found = []
    for start in range(0, n, block):
        rows = x[start : start + block]
        full = np.concatenate([rows, np.repeat(rows[-1:], block - len(rows), axis=0)])
        found.append(function(full))
    return jax.tree.map(lambda *parts: np.concatenate([np.asarray(part) for part in parts])[:n], *found)
