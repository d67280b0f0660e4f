"""One shape for the arguments of a two-body arc, and many arcs in blocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

T = TypeVar("T")

BLOCK = {"cpu": 4096}  # cases worked on together by backend: what stays in a core's cache
VECTOR = 16  # blocks are whole numbers of vectors
ELSEWHERE = 1 << 20  # on an accelerator: enough to fill it


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


def block_size(lanes: int = 1) -> int:
    """Cases worked on together when each takes so many lanes."""
    return max(BLOCK.get(jax.default_backend(), ELSEWHERE) // lanes, 1)


def blocked(solve: Callable[..., T], arrays: tuple[Array, ...], size: int) -> T:
    """`solve` over arrays with a leading axis of length n, about `size` of it at a time.

    Args:
        solve: maps arrays with a leading axis to any tree of arrays with the same leading axis.
        arrays: its arguments, each (n, ...).
        size: largest leading axis of one call.
    """
    n = arrays[0].shape[0]
    if n <= size:
        return solve(*arrays)
    size = _block(n, size)
    solve = jax.jit(solve, inline=True)  # traced once, for its shapes and for its work
    starts = np.minimum(
        np.arange(0, n, size), n - size
    )  # the last block laps over the one before it: nothing is padded

    def cut(start: ArrayLike) -> list[Array]:
        return [jax.lax.dynamic_slice_in_dim(x, start, size) for x in arrays]

    def following(whole: T, start: Array) -> tuple[T, None]:
        def put(into: Array, x: Array) -> Array:
            return jax.lax.dynamic_update_slice_in_dim(into, x, start, 0)

        return jax.tree.map(put, whole, solve(*cut(start))), None

    leaves, tree = jax.tree.flatten(jax.eval_shape(lambda: solve(*cut(0))))
    # written over: each filled with another number, as XLA would make equal ones once and copy them
    whole = tree.unflatten([jnp.full((n, *x.shape[1:]), k, x.dtype) for k, x in enumerate(leaves)])
    return jax.lax.scan(following, whole, jnp.asarray(starts))[0]


def _block(n: int, size: int) -> int:
    """A number of cases of at most about `size` that gives blocks of nearly one length: an odd number of vectors.

    Columns that lie a power of two apart, as those of 2048 cases do, meet in a few sets of the cache and put each other
    out: matrices took twice as long.
    """
    count = -(-n // size)
    vectors = -(-n // (count * VECTOR))
    return min(n, (vectors | 1) * VECTOR)


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
    found = blocked(solve, flat, block_size(lanes))
    return jax.tree.map(lambda x: x.reshape(*shape, *x.shape[1:]), found)
