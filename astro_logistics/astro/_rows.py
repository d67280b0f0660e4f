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

State = TypeVar("State")

Step = Callable[..., tuple[State, Array]]
"""(state, *parameters) -> the next state, and whether the one it started from was too far off for this to be the last.

A state is an array, or a tree of them.
"""


def iterate(step: Step[State], state: State, unsettled: Array, parameters: tuple[Array, ...], steps: int) -> State:
    """Repeat `step` while any case is unsettled, `steps` times at most; NaN where it stays so."""

    def going(carry: tuple[int, State, Array]) -> Array:
        count, _, unsettled = carry
        return (count < steps) & jnp.any(unsettled)

    def again(carry: tuple[int, State, Array]) -> tuple[int, State, Array]:
        count, state, _ = carry
        return count + 1, *step(state, *parameters)

    _, state, unsettled = jax.lax.while_loop(going, again, (0, state, unsettled))
    return jax.tree.map(lambda x: jnp.where(unsettled, jnp.nan, x), state)


def finish(step: Step[State], state: State, unsettled: Array, parameters: tuple[Array, ...], steps: int) -> State:
    """`iterate` on one-dimensional arrays, in which few cases are unsettled: only their rows are worked on."""
    size = unsettled.size
    if size < FEW:
        return iterate(step, state, unsettled, parameters, steps)
    count = -(-size // WIDTH)
    batch = max(4, count // 64)

    def rows(a: Array) -> Array:
        return jnp.pad(a, (0, count * WIDTH - size), mode="edge").reshape(count, WIDTH)

    table, given = jax.tree.map(rows, state), tuple(rows(a) for a in parameters)

    def going(carry: tuple[State, Array]) -> Array:
        return jnp.any(carry[1])

    def again(carry: tuple[State, Array]) -> tuple[State, Array]:
        table, open_ = carry
        chosen = jnp.nonzero(open_, size=batch, fill_value=0)[0]
        these = jax.tree.map(lambda a: a[chosen], table)
        done = iterate(step, these, jnp.ones((batch, WIDTH), bool), tuple(a[chosen] for a in given), steps)
        return jax.tree.map(lambda a, b: a.at[chosen].set(b), table, done), open_.at[chosen].set(False)

    table, _ = jax.lax.while_loop(going, again, (table, jnp.any(rows(unsettled), axis=1)))
    return jax.tree.map(lambda a: a.reshape(-1)[:size], table)


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
