"""Every root of Lambert's time equation with whole revolutions: only those that exist are worked on.

Most problems have time for few revolutions. The pairs of a problem and a number of revolutions that it may have time
for are listed, and solved in chunks, as many as there are.
"""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
from jax import Array
from jax.custom_batching import custom_vmap

from astro_logistics.astro._broadcast import block_size
from astro_logistics.astro._lambert_solve import minimum, solve_revolutions, winding_jvp

CHUNKS = 16  # to a block: what a problem costs falls with their number until the vectors are short


def _in_line(t: Array, lam: Array, chord: Array, most: int) -> Array:
    """`windings` for one-dimensional arguments."""
    n = t.size
    least = jnp.pi * jnp.arange(1.0, most + 1.0)  # no arc with m revolutions is quicker
    exists = (t[None, :] >= least[:, None]) & jnp.isfinite(t)[None, :]
    before = jnp.cumsum(exists, axis=1)
    ends = jnp.cumsum(before[:, -1])
    places = before + (ends - before[:, -1] - 1)[:, None]
    chunk = min(block_size(CHUNKS), n * most)
    length = -(-n * most // chunk) * chunk
    cases = jnp.broadcast_to(jnp.arange(n), (most, n))
    listed = jnp.zeros(length, cases.dtype).at[jnp.where(exists, places, length)].set(cases, mode="drop")
    sides = jnp.array([-1.0, 1.0])

    def work(k: Array, table: Array) -> Array:
        first = k * chunk
        chosen = jax.lax.dynamic_slice(listed, (first,), (chunk,))
        row = jnp.sum((first + jnp.arange(chunk))[:, None] >= ends[None, :], axis=1)
        m = (jnp.minimum(row, most - 1) + 1).astype(jnp.float64)
        some_t, some_lam, some_chord = t[chosen], lam[chosen], chord[chosen]
        low = minimum(m, some_lam, some_chord)
        w = jax.vmap(lambda side: solve_revolutions(some_t, m, jnp.full_like(m, side), some_lam, some_chord, low))(
            sides
        )
        return jax.lax.dynamic_update_slice(table, w, (0, first))

    table = jax.lax.fori_loop(0, -(-ends[-1] // chunk), work, jnp.full((2, length), jnp.nan))
    found = jnp.moveaxis(table[:, jnp.where(exists, places, 0)], 0, 1)
    return jnp.where(exists[:, None], found, jnp.nan)


@partial(jax.custom_jvp, nondiff_argnums=(3,))
def windings(t: Array, lam: Array, chord: Array, most: int) -> Array:
    """w = x / sqrt(1 - x^2) of the arcs with 1 to `most` whole revolutions; NaN where there is none.

    Args:
        t: wanted time in units of sqrt(s^3 / (2 mu)), shape (...).
        lam: lambda, of the same shape.
        chord: 1 - lambda^2; its variation is taken to be that of lambda.
        most: static; whole revolutions.

    Returns:
        Shape (most, 2, ...): revolutions; the branch with x below the minimum's, the one above.
    """

    @custom_vmap
    def apply(t: Array, lam: Array, chord: Array) -> Array:
        found = _in_line(t.reshape(-1), lam.reshape(-1), chord.reshape(-1), most)
        return found.reshape(most, 2, *t.shape)

    @apply.def_vmap
    def _(axis_size: int, in_batched: list[bool], *arguments: Array) -> tuple[Array, bool]:
        whole = tuple(
            a if mapped else jnp.broadcast_to(a, (axis_size, *a.shape))
            for a, mapped in zip(arguments, in_batched, strict=True)
        )
        return jnp.moveaxis(apply(*whole), 2, 0), True

    return apply(t, lam, chord)


@windings.defjvp
def _windings_jvp(
    most: int, primals: tuple[Array, Array, Array], tangents: tuple[Array, Array, Array]
) -> tuple[Array, Array]:
    w = windings(*primals, most)
    turns = jnp.arange(1.0, most + 1.0).reshape(most, *(1,) * (w.ndim - 1))
    t_dot, lam_dot, lam, chord = (
        jnp.broadcast_to(a, w.shape) for a in (tangents[0], tangents[1], primals[1], primals[2])
    )
    return w, winding_jvp(w, jnp.broadcast_to(turns, w.shape), lam, chord, t_dot, lam_dot)
