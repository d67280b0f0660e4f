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

Begin = Callable[..., State]
"""(*parameters) -> the first state: an array, or a tree of them."""

Step = Callable[..., tuple[State, Array]]
"""(state, *parameters) -> the next state, and whether the one it started from was too far off for this to be the last.
"""


def apart(always: Array, stage: Callable[..., Array], *parameters: Array) -> Array:
    """`stage(*parameters)` behind a branch on always[0], which is true though the compiler cannot know.

    XLA makes one loop of a chain in single precision and of what uses it in double, which takes three times as long as
    the two apart; it does not merge across a branch. Few cases, and accelerators, take no branch. NaN were it false.

    Args:
        always: one-dimensional.
        stage: from arrays like the first of the parameters to one like it.
    """
    if always.size < FEW or jax.default_backend() != "cpu":
        return stage(*parameters)

    def never(first: Array, *rest: Array) -> Array:
        del rest
        return jnp.full_like(first, jnp.nan)

    return jax.lax.cond(always[0], stage, never, *parameters)


def iterate(begin: Begin[State], step: Step[State], parameters: tuple[Array, ...], wanted: Array, steps: int) -> State:
    """Repeat `step` from the beginning while any wanted case is unsettled, `steps` times at most; else NaN."""

    def going(carry: tuple[int, State, Array]) -> Array:
        count, _, unsettled = carry
        return (count < steps) & jnp.any(unsettled & wanted)

    def again(carry: tuple[int, State, Array]) -> tuple[int, State, Array]:
        count, state, _ = carry
        return count + 1, *step(state, *parameters)

    _, state, unsettled = jax.lax.while_loop(going, again, (0, begin(*parameters), jnp.ones_like(wanted)))
    return jax.tree.map(lambda x: jnp.where(unsettled, jnp.nan, x), state)


def finish(
    begin: Begin[State],
    step: Step[State],
    answer: Callable[[State], Array],
    x: Array,
    wanted: Array,
    parameters: tuple[Array, ...],
    steps: int,
) -> Array:
    """One-dimensional x, with the answers of `iterate` where it is NaN and wanted: only rows with such are worked on.

    Let x end in a division: XLA then keeps it, and does not compute it once more to see where it is NaN.

    Args:
        begin, step, steps: of `iterate`.
        answer: x of a state.
        x: what was found so far, NaN where nothing was.
        wanted: where there is something to be found.
        parameters: of the cases, arrays like x.
    """
    size = x.size
    if size < FEW:
        found = answer(iterate(begin, step, parameters, wanted & jnp.isnan(x), steps))
        return jnp.where(wanted & jnp.isnan(x), found, x)
    count = -(-size // WIDTH)
    batch = max(4, count // 8)

    def rows(a: Array) -> Array:
        padded = jnp.pad(a, (0, count * WIDTH - size), mode="edge") if size % WIDTH else a
        return padded.reshape(count, WIDTH)

    table, needed, given = rows(x), rows(wanted & jnp.isnan(x)), tuple(rows(a) for a in parameters)

    def going(carry: tuple[Array, Array]) -> Array:
        return jnp.any(carry[1])

    def again(carry: tuple[Array, Array]) -> tuple[Array, Array]:
        table, needed = carry
        chosen = jnp.nonzero(jnp.any(needed, axis=1), size=batch, fill_value=0)[0]
        these = needed[chosen]
        found = answer(iterate(begin, step, tuple(a[chosen] for a in given), these, steps))
        return table.at[chosen].set(jnp.where(these, found, table[chosen])), needed.at[chosen].set(False)

    table, _ = jax.lax.while_loop(going, again, (table, needed))
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
