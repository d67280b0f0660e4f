"""One shape for the arguments of a two-body arc."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike


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
