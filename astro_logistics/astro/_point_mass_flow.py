"""The flow among point masses: adaptive Taylor steps over lanes, with derivatives.

As in `cr3bp_flow`, each derivative rule calls the variational equations of the function before it, so that forward and
reverse mode need no tape of the steps. Lanes come last: gravitational parameters (3, N), state (6, N), times (N,).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from typing import Any

import jax
import jax.numpy as jnp
from jax import Array

from astro_logistics.astro import _point_mass_series as taylor
from astro_logistics.astro.cr3bp_taylor import runner
from astro_logistics.astro.ephemeris import Ephemeris

MAX_STEPS = 20_000
"""Steps after which a lane gives up and is NaN; a month of a halo orbit takes about 60."""

COLUMNS = 9
"""Sensitivities by the state and by the three gravitational parameters."""

_SIZES = {True: (8, 24), False: (8, 72)}
"""Lanes worked on at once, with and without sensitivities: as many as a core's cache holds; few, to compile little."""


def rate(ephemeris: Ephemeris, center: str, mu: Array, state: Array, t: Array) -> Array:
    """Time derivative (6, N) of the state: the pulls of the bodies less the center's own acceleration."""
    bodies = jnp.stack([ephemeris.state(body, t, center)[0].T for body in taylor.BODIES])
    indirect, weight = taylor.pulls_on_center(mu, bodies, center)

    def pull(weight: Array, d: Array) -> Array:
        square = jnp.sum(d * d, axis=1, keepdims=True)
        return jnp.sum(weight[:, None] * d / (square * jnp.sqrt(square)), axis=0)

    return jnp.concatenate([state[3:], -pull(mu, state[:3][None] - bodies) - pull(weight, indirect)])


def _integrate(
    ways: taylor.Routes, ephemeris: Ephemeris, mu: Array, state: Array, t0: Array, dt: Array, with_sensitivity: bool
) -> tuple[Array, Array]:
    """State (6, N) and sensitivities (6, COLUMNS, N) after `dt`; the latter only if asked for, else zeros."""
    segments = ephemeris.segments
    lanes = t0.shape[0]
    forward = jnp.where(dt < 0.0, -1.0, 1.0)
    first, last = ephemeris.span
    inside = (jnp.minimum(t0, t0 + dt) >= first) & (jnp.maximum(t0, t0 + dt) <= last)
    dt = jnp.where(inside, dt, jnp.nan)
    by_mu = jnp.broadcast_to(jnp.eye(3, COLUMNS, 6)[..., None], (3, COLUMNS, lanes))

    def more(carry: tuple[Array, ...]) -> Array:
        return jnp.any(jnp.abs(carry[2]) > 0.0) & (carry[3] < MAX_STEPS)

    def step(carry: tuple[Array, Array, Array, Array]) -> tuple[Array, Array, Array, Array]:
        state, sens, left, count = carry
        run = runner(count >= 0)
        bodies = taylor.body_series(segments, ways, t0, dt - left, forward)
        indirect, _ = taylor.pulls_on_center(mu, bodies.position, ways.center)
        own = taylor.known_pulls(indirect, run)

        def series(mu: Array, state: Array) -> Array:
            weight = taylor.pulls_on_center(mu, bodies.position, ways.center)[1]
            center = jnp.sum(weight[None, :, None] * own, axis=1)
            return taylor.position_series(mu, state, bodies.position, center, run)

        def length(s: Array) -> Array:
            h = jnp.minimum(jnp.minimum(taylor.step_length(s), bodies.left), jnp.abs(left))
            return jax.lax.stop_gradient(forward * h)

        path = series(mu, state)
        h = length(path)
        if with_sensitivity:

            def push(d_mu: Array, d_state: Array) -> Array:
                return taylor.end_of_step(jax.jvp(series, (mu, state), (d_mu, d_state))[1], h)

            sens = jax.vmap(push, in_axes=(1, 1), out_axes=1)(by_mu, sens)
        return taylor.end_of_step(path, h), sens, left - h, count + 1

    start = jnp.broadcast_to(jnp.eye(6, COLUMNS)[..., None], (6, COLUMNS, lanes))
    state, sens, left, _ = jax.lax.while_loop(more, step, (state, start, dt, jnp.zeros((), jnp.int32)))
    done = left == 0.0
    return jnp.where(done, state, jnp.nan), jnp.where(done, sens, jnp.nan)


@partial(jax.jit, static_argnums=(0, 6))
def _integrate_chunks(
    ways: taylor.Routes, ephemeris: Ephemeris, mu: Array, state: Array, t0: Array, dt: Array, with_sensitivity: bool
) -> tuple[Array, Array]:
    """`_integrate` over the leading axis, one after the other."""
    if mu.shape[0] == 1:
        one = _integrate(ways, ephemeris, mu[0], state[0], t0[0], dt[0], with_sensitivity)
        return one[0][None], one[1][None]
    return jax.lax.map(
        lambda a: _integrate(ways, ephemeris, a[0], a[1], a[2], a[3], with_sensitivity), (mu, state, t0, dt)
    )


def _in_chunks(
    center: str, ephemeris: Ephemeris, mu: Array, state: Array, t0: Array, dt: Array, with_sensitivity: bool
) -> tuple[Array, Array]:
    """`_integrate` over any number of lanes, in chunks (in one on an accelerator)."""
    ways = taylor.routes(ephemeris, center)
    n = t0.shape[0]
    sizes = _SIZES[with_sensitivity]
    size = next((s for s in sizes if s >= n), sizes[-1] if jax.default_backend() == "cpu" else n)
    count = -(-n // size)

    def split(a: Array) -> Array:
        """(..., n) to (chunks, ..., size); the last lane is repeated."""
        padded = jnp.pad(a, [(0, 0)] * (a.ndim - 1) + [(0, count * size - n)], mode="edge")
        return jnp.moveaxis(padded.reshape(*a.shape[:-1], count, size), -2, 0)

    def join(a: Array) -> Array:
        return jnp.moveaxis(a, 0, -2).reshape(*a.shape[1:-1], count * size)[..., :n]

    end, sens = _integrate_chunks(ways, ephemeris, split(mu), split(state), split(t0), split(dt), with_sensitivity)
    return join(end), join(sens)


def _second(
    center: str, ephemeris: Ephemeris, mu: Array, state: Array, t0: Array, dt: Array
) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    """State and sensitivities, and the derivatives of both by (state, mu), on a new second-last axis."""

    def push(d_mu: Array, d_state: Array) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        along = (jnp.broadcast_to(d_mu[:, None], mu.shape), jnp.broadcast_to(d_state[:, None], state.shape))
        return jax.jvp(lambda m, s: _in_chunks(center, ephemeris, m, s, t0, dt, True), (mu, state), along)

    seeds = jnp.eye(COLUMNS)
    return jax.vmap(push, out_axes=((None, None), (-2, -2)))(seeds[:, 6:], seeds[:, :6])


@cache
def _program(center: str, order: int) -> Callable[..., Any]:
    """The flow with its derivatives up to `order`; `vmap` adds lanes to it rather than a batch axis."""
    programs: tuple[Callable[..., Any], ...] = (
        lambda ephemeris, mu, state, t0, dt: _in_chunks(center, ephemeris, mu, state, t0, dt, False)[0],
        lambda ephemeris, mu, state, t0, dt: _in_chunks(center, ephemeris, mu, state, t0, dt, True),
        jax.jit(partial(_second, center)),
    )
    wrapped = jax.custom_batching.custom_vmap(programs[order])

    def over_batch(size: int, batched: list[Any], ephemeris: Ephemeris, *lanes: Array) -> tuple[Any, Any]:
        if any(jax.tree.leaves(batched[0])):
            raise ValueError("vmap over ephemerides: there is one, and the flights are many")
        full = [
            a if b else jnp.broadcast_to(a[None], (size, *a.shape)) for a, b in zip(lanes, batched[1:], strict=True)
        ]
        merged = [jnp.moveaxis(a, 0, -2).reshape(*a.shape[1:-1], -1) for a in full]
        out = wrapped(ephemeris, *merged)
        out = jax.tree.map(lambda a: jnp.moveaxis(a.reshape(*a.shape[:-1], size, -1), -2, 0), out)
        return out, jax.tree.map(lambda _: True, out)

    wrapped.def_vmap(over_batch)
    return wrapped


@partial(jax.custom_jvp, nondiff_argnums=(0,))
def flow(center: str, ephemeris: Ephemeris, mu: Array, state: Array, t0: Array, dt: Array) -> Array:
    """State (6, N) after `dt`; NaN where the integration cannot reach it."""
    return _program(center, 0)(ephemeris, mu, state, t0, dt)


@flow.defjvp
def _flow_jvp(center: str, primals: tuple, tangents: tuple) -> tuple[Array, Array]:
    ephemeris, mu, state, t0, dt = primals
    _, d_mu, d_state, d_t0, d_dt = tangents
    end, sens = flow_sensitivity(center, ephemeris, mu, state, t0, dt)
    # a later start from the same state is a start at t0 from where the flow came from
    d_state = d_state - rate(ephemeris, center, mu, state, t0) * d_t0[None]
    change = jnp.einsum("ijn,jn->in", sens, jnp.concatenate([d_state, d_mu]))
    return end, change + rate(ephemeris, center, mu, end, t0 + dt) * (d_t0 + d_dt)[None]


@partial(jax.custom_jvp, nondiff_argnums=(0,))
def flow_sensitivity(
    center: str, ephemeris: Ephemeris, mu: Array, state: Array, t0: Array, dt: Array
) -> tuple[Array, Array]:
    """State (6, N) and its derivatives (6, COLUMNS, N) by the initial state and the gravitational parameters."""
    return _program(center, 1)(ephemeris, mu, state, t0, dt)


@flow_sensitivity.defjvp
def _flow_sensitivity_jvp(
    center: str, primals: tuple, tangents: tuple
) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    ephemeris, mu, state, t0, dt = primals
    _, d_mu, d_state, d_t0, d_dt = tangents
    t1, d_t1 = t0 + dt, d_t0 + d_dt

    def column(mu: Array, state: Array, t: Array, d_mu: Array, d_state: Array) -> tuple[Array, Array]:
        return jax.jvp(lambda m, s: rate(ephemeris, center, m, s, t), (mu, state), (d_mu, d_state))

    def columns(state: Array, t: Array, sens: Array) -> Array:
        """Derivatives of the rate along the sensitivities."""
        by_mu = jnp.broadcast_to(jnp.eye(3, COLUMNS, 6)[..., None], (3, *sens.shape[1:]))
        along = jax.vmap(lambda m, s: column(mu, state, t, m, s)[1], in_axes=(1, 1), out_axes=1)
        return along(by_mu, sens)

    (end, sens), (by_end, by_sens) = _program(center, 2)(ephemeris, mu, state, t0, dt)
    start = jnp.broadcast_to(jnp.eye(6, COLUMNS)[..., None], sens.shape)
    seed = jnp.concatenate([d_state - rate(ephemeris, center, mu, state, t0) * d_t0[None], d_mu])
    d_end = jnp.einsum("ijn,jn->in", by_end, seed) + rate(ephemeris, center, mu, end, t1) * d_t1[None]
    d_sens = jnp.einsum("icjn,jn->icn", by_sens, seed) + columns(end, t1, sens) * d_t1[None, None]
    d_sens = d_sens - jnp.einsum("ijn,jcn->icn", sens[:, :6], columns(state, t0, start)) * d_t0[None, None]
    return (end, sens), (d_end, d_sens)
