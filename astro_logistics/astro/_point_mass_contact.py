"""When a flight among point masses first meets the Earth or the Moon, within each Taylor step."""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from astro_logistics.astro import _point_mass_series as taylor
from astro_logistics.astro._point_mass_flow import MAX_STEPS
from astro_logistics.astro.cr3bp_flow import _first_contact
from astro_logistics.astro.cr3bp_taylor import runner
from astro_logistics.astro.ephemeris import Ephemeris

_SIZES = (8, 72)
"""Lanes worked on at once, as in `_point_mass_flow`."""
_TERMS = taylor.ORDER + 2


def _squares(separation: Array) -> Array:
    """Series (TERMS, 2, N) of the squared distance from series (TERMS, 2, 3, N) of the separation."""
    order = np.arange(_TERMS)
    back = order[:, None] - order[None, :]
    other = separation[np.maximum(back, 0)] * jnp.asarray(back >= 0, jnp.float64)[..., None, None, None]
    return jnp.sum(separation[None] * other, axis=(1, 3))


def _follow(
    ways: taylor.Routes, ephemeris: Ephemeris, mu: Array, state: Array, t0: Array, dt: Array, radii: Array
) -> tuple[Array, Array]:
    """Time of the first contact and body of lanes (N,)."""
    segments = ephemeris.segments
    forward = jnp.where(dt < 0.0, -1.0, 1.0)
    first, last = ephemeris.span
    inside = (jnp.minimum(t0, t0 + dt) >= first) & (jnp.maximum(t0, t0 + dt) <= last)

    def more(carry: tuple[Array, ...]) -> Array:
        return jnp.any(jnp.abs(carry[1]) > 0.0) & (carry[-1] < MAX_STEPS)

    def step(carry: tuple[Array, ...]) -> tuple[Array, ...]:
        state, left, time, body, count = carry
        run = runner(count >= 0)
        bodies = taylor.body_series(segments, ways, t0, time, forward)
        indirect, weight = taylor.pulls_on_center(mu, bodies.position, ways.center)
        center = jnp.sum(weight[None, :, None] * taylor.known_pulls(indirect, run), axis=1)
        path = taylor.position_series(mu, state, bodies.position, center, run)
        h = forward * jnp.minimum(jnp.minimum(taylor.step_length(path), bodies.left), jnp.abs(left))
        squares = _squares(path[:, None] - bodies.position[:, 1:])
        outside = jnp.all(squares[0] > radii * radii, axis=0)
        left = jnp.where((count == 0) & ~outside, jnp.nan, left)
        contacts = [_first_contact(list(squares[:, k]), radii[k], h) for k in range(2)]
        at, hit = (jnp.stack(a) for a in zip(*contacts, strict=True))
        hit = hit & (jnp.abs(left) > 0.0)[None]
        delay = jnp.where(hit, jnp.abs(at), jnp.inf)
        found = jnp.any(hit, axis=0)
        which = jnp.argmin(delay, axis=0).astype(jnp.int32) + 1
        taken = jnp.where(found, forward * jnp.min(delay, axis=0), h)
        return (
            taylor.end_of_step(path, taken),
            jnp.where(found, 0.0, left - h),
            time + taken,
            jnp.where(found, which, body),
            count + 1,
        )

    zero, lanes = jnp.zeros((), jnp.int32), dt.shape
    start = (state, jnp.where(inside, dt, jnp.nan), jnp.zeros(lanes), jnp.zeros(lanes, jnp.int32), zero)
    _, left, time, body, _ = jax.lax.while_loop(more, step, start)
    good = left == 0.0
    return jnp.where(good, jnp.where(body > 0, time, dt), jnp.nan), body


@partial(jax.jit, static_argnums=0)
def _chunks(
    ways: taylor.Routes, ephemeris: Ephemeris, mu: Array, state: Array, t0: Array, dt: Array, radii: Array
) -> tuple[Array, Array]:
    if mu.shape[0] == 1:
        one = _follow(ways, ephemeris, mu[0], state[0], t0[0], dt[0], radii[0])
        return one[0][None], one[1][None]
    return jax.lax.map(lambda a: _follow(ways, ephemeris, *a), (mu, state, t0, dt, radii))


def time_to_contact(
    center: str, ephemeris: Ephemeris, mu: Array, state: Array, t0: Array, dt: Array, radii: Array
) -> tuple[Array, Array]:
    """When a lane first meets the Earth (1) or the Moon (2) within `dt`; 0 for none, and the time is then `dt`.

    The time is NaN where the lane starts inside a body or cannot be integrated. `radii` is (2, N). No derivatives.
    """
    ways = taylor.routes(ephemeris, center)
    n = t0.shape[0]
    size = next((s for s in _SIZES if s >= n), _SIZES[-1] if jax.default_backend() == "cpu" else n)
    count = -(-n // size)

    def split(a: Array) -> Array:
        padded = jnp.pad(a, [(0, 0)] * (a.ndim - 1) + [(0, count * size - n)], mode="edge")
        return jnp.moveaxis(padded.reshape(*a.shape[:-1], count, size), -2, 0)

    when, body = _chunks(ways, ephemeris, split(mu), split(state), split(t0), split(dt), split(radii))
    return when.reshape(-1)[:n], body.reshape(-1)[:n]
