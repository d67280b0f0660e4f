"""Fixed-point iterations over many cases at once: the few that have not settled are gathered and finished apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import jax
import jax.numpy as jnp
from jax import Array
from jax.custom_batching import custom_vmap

WIDTH = 8  # neighbouring cases that are gathered together
FEW = 512  # cases below which all are iterated on

T = TypeVar("T")

Step = Callable[..., tuple[Array, Array]]
"""(x, *parameters) -> the next x, and whether the x it started from was too far off for this step to be the last."""


def iterate(step: Step, x: Array, unsettled: Array, parameters: tuple[Array, ...], steps: int) -> Array:
    """Repeat `step` while any case is unsettled, `steps` times at most; NaN where it stays so."""

    def going(state: tuple[int, Array, Array]) -> Array:
        count, _, unsettled = state
        return (count < steps) & jnp.any(unsettled)

    def again(state: tuple[int, Array, Array]) -> tuple[int, Array, Array]:
        count, x, _ = state
        return count + 1, *step(x, *parameters)

    _, x, unsettled = jax.lax.while_loop(going, again, (0, x, unsettled))
    return jnp.where(unsettled, jnp.nan, x)


def finish(step: Step, x: Array, unsettled: Array, parameters: tuple[Array, ...], steps: int) -> Array:
    """`iterate` on one-dimensional arrays, in which few cases are unsettled: only their rows are worked on."""
    size = x.size
    if size < FEW:
        return iterate(step, x, unsettled, parameters, steps)
    count = -(-size // WIDTH)
    batch = max(4, count // 64)

    def rows(a: Array) -> Array:
        return jnp.pad(a, (0, count * WIDTH - size), mode="edge").reshape(count, WIDTH)

    table, given = rows(x), tuple(rows(a) for a in parameters)
    open_ = jnp.any(rows(unsettled), axis=1)

    def going(state: tuple[Array, Array]) -> Array:
        return jnp.any(state[1])

    def again(state: tuple[Array, Array]) -> tuple[Array, Array]:
        table, open_ = state
        chosen = jnp.nonzero(open_, size=batch, fill_value=0)[0]
        done = iterate(step, table[chosen], jnp.ones((batch, WIDTH), bool), tuple(a[chosen] for a in given), steps)
        return table.at[chosen].set(done), open_.at[chosen].set(False)

    table, _ = jax.lax.while_loop(going, again, (table, open_))
    return table.reshape(-1)[:size]


def flat(solve: Callable[..., T]) -> Callable[..., T]:
    """An elementwise `solve` on arrays of one shape, given one that takes one-dimensional arrays.

    Under `vmap` the mapped axis becomes one more axis of the arrays, so that a loop in `solve` ends when its own cases
    have settled, and `finish` sees them all. Not to be differentiated: wrap it.
    """

    @custom_vmap
    def apply(*arguments: Array) -> T:
        found = solve(*(a.reshape(-1) for a in arguments))
        return jax.tree.map(lambda x: x.reshape(arguments[0].shape), found)

    @apply.def_vmap
    def _(axis_size: int, in_batched: list[bool], *arguments: Array) -> tuple[T, T]:
        whole = tuple(
            a if mapped else jnp.broadcast_to(a, (axis_size, *a.shape))
            for a, mapped in zip(arguments, in_batched, strict=True)
        )
        found = apply(*whole)
        return found, jax.tree.map(lambda _: True, found)

    return apply
