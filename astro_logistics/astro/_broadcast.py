"""One shape for the arguments of a two-body arc, and many arcs in blocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

T = TypeVar("T")

BLOCK = {"cpu": 4096}  # cases worked on together: what a core keeps in its cache; elsewhere a million
VECTOR = 16


def broadcast_arc(mu: ArrayLike, a: ArrayLike, b: ArrayLike, t: ArrayLike) -> tuple[Array, Array, Array, Array]:
    """A parameter (...), two vectors (..., 3) and a time (...) as float64 over common leading axes."""
    mu, a, b, t = (jnp.asarray(x, jnp.float64) for x in (mu, a, b, t))
    shape = jnp.broadcast_shapes(mu.shape, a.shape[:-1], b.shape[:-1], t.shape)
    return (
        jnp.broadcast_to(mu, shape),
        jnp.broadcast_to(a, (*shape, 3)),
        jnp.broadcast_to(b, (*shape, 3)),
        jnp.broadcast_to(t, shape),
    )


def in_blocks(
    solve: Callable[[Array, Array, Array, Array], T], mu: Array, a: Array, b: Array, t: Array, lanes: int = 1
) -> T:
    """`solve` over arguments as from `broadcast_arc`, flattened to (n,) and (n, 3), block after block if n is large.

    Args:
        solve: maps mu (n,), a (n, 3), b (n, 3), t (n,) to any tree of arrays with leading axis n.
        mu, a, b, t: of shape (...), (..., 3), (..., 3), (...).
        lanes: numbers that `solve` works on at once for each case.

    Returns:
        The tree, its arrays with leading axes (...).
    """
    shape, n = t.shape, t.size
    flat = (mu.reshape(n), a.reshape(n, 3), b.reshape(n, 3), t.reshape(n))
    block = BLOCK.get(jax.default_backend(), 1 << 20) // max(lanes, 1)
    if n <= block:
        found = solve(*flat)
    else:
        count = -(-n // block)
        size = -(-n // (count * VECTOR)) * VECTOR
        count = -(-n // size)
        extra = count * size - n  # the last block repeats its last case: one shape, one program

        def cut(x: Array) -> Array:
            padded = jnp.concatenate([x, jnp.broadcast_to(x[-1:], (extra, *x.shape[1:]))]) if extra else x
            return padded.reshape(count, size, *x.shape[1:])

        blocks = jax.lax.map(lambda c: solve(*c), tuple(cut(x) for x in flat))
        found = jax.tree.map(lambda x: x.reshape(count * size, *x.shape[2:])[:n], blocks)
    return jax.tree.map(lambda x: x.reshape(*shape, *x.shape[1:]), found)
