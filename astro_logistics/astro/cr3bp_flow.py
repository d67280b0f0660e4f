"""The flow of the circular restricted three-body problem: adaptive Taylor steps over lanes, with derivatives.

`flow` gives the state, `flow_sensitivity` also its derivatives with respect to the initial state and mass ratio.
Each is the derivative rule of the one before, so that forward and reverse mode need no tape of the steps.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from astro_logistics.astro.cr3bp_taylor import evaluate, path, runner, sensitivity

ORDER = 20
"""Degree of the series; ln(1/eps)/2 + 2 costs least in float64 (Jorba and Zou 2005, section 3.2)."""

MAX_STEPS = 20_000
"""Steps after which a lane gives up and is NaN; a month of a halo orbit takes about 50."""

SHORTEST_STEP = 1e-14
"""Below it a lane has met a body's center (to 1e-9 of the unit of length), where nothing is accurate: NaN."""

_STEP_FACTOR = float(np.exp(-2.0 - 0.7 / (ORDER - 1)))


def rate(mu: Array, state: Array) -> Array:
    """Time derivative of the state in the rotating frame (Szebehely 1967, section 1.5); `state` is (6, ...)."""
    x, y, z, vx, vy, vz = state
    d1, d2 = x + mu, x + mu - 1.0
    square = y * y + z * z
    s1, s2 = d1 * d1 + square, d2 * d2 + square
    u1, u2 = (1.0 - mu) / (s1 * jnp.sqrt(s1)), mu / (s2 * jnp.sqrt(s2))
    q = u1 + u2
    return jnp.stack([vx, vy, vz, 2.0 * vy + x - d1 * u1 - d2 * u2, y - 2.0 * vx - q * y, -q * z])


def _step_length(series: tuple[list[Array], ...]) -> Array:
    """Step from the two last coefficients of position and velocity (Jorba and Zou 2005, section 3.2.1)."""

    def size(n: int) -> Array:
        largest = jnp.maximum(jnp.abs(series[0][n]), (n + 1.0) * jnp.abs(series[0][n + 1]))
        for c in series[1:]:
            largest = jnp.maximum(largest, jnp.maximum(jnp.abs(c[n]), (n + 1.0) * jnp.abs(c[n + 1])))
        return largest

    logs = [jnp.log(size(n)) for n in (0, ORDER - 1, ORDER)]
    radius = jnp.exp(jnp.minimum((logs[0] - logs[1]) / (ORDER - 1), (logs[0] - logs[2]) / ORDER))
    h = _STEP_FACTOR * radius
    return jnp.where(h < SHORTEST_STEP, jnp.nan, h)


def _integrate(mu: Array, state: Array, t: Array, columns: int) -> tuple[Array, Array]:
    """State (6, N) and sensitivities (6, columns, N) after `t`; `columns` is 0, 6 or 7."""
    start = jnp.broadcast_to(jnp.eye(6, columns)[..., None], (6, columns, state.shape[1]))

    def more(carry: tuple[Array, Array, Array, Array]) -> Array:
        return jnp.any(jnp.abs(carry[2]) > 0.0) & (carry[3] < MAX_STEPS)

    def step(carry: tuple[Array, Array, Array, Array]) -> tuple[Array, Array, Array, Array]:
        state, sens, left, count = carry
        run = runner(count >= 0)
        p = path(mu, state, ORDER, run)
        (h,) = run(lambda s: (_step_length(s),), (p.x, p.y, p.z))
        h = jax.lax.stop_gradient(jnp.sign(left) * jnp.minimum(h, jnp.abs(left)))
        if columns:
            rows = sensitivity(mu, p, sens, ORDER, columns == 7, run)
            sens = evaluate(rows, h[None])
        return evaluate((p.x, p.y, p.z), h), sens, left - h, count + 1

    state, sens, left, _ = jax.lax.while_loop(more, step, (state, start, t, jnp.zeros((), jnp.int32)))
    done = left == 0.0
    return jnp.where(done, state, jnp.nan), jnp.where(done, sens, jnp.nan)


def _first_contact(squares: list[Array], radius: Array, h: Array) -> tuple[Array, Array]:
    """Time within a step of length `h` at which the squared distance falls to `radius` squared, and whether it does.

    A step is a small part of the distance to the nearest singularity in complex time, so that the distance has at
    most one minimum in it: the contact lies before that minimum, or before the end of the step.
    """
    height = [squares[0] - radius * radius, *squares[1:]]
    slope = [float(k) * c for k, c in enumerate(squares)][1:]

    def falls(c: list[Array], at: Array) -> Array:
        total = c[-1]
        for a in c[-2::-1]:
            total = total * at + a
        return total

    def bisect(above: Callable[[Array], Array], end: Array) -> Array:
        def halve(_: int, bracket: tuple[Array, Array]) -> tuple[Array, Array]:
            low, high = bracket
            middle = 0.5 * (low + high)
            keep = above(middle)
            return jnp.where(keep, middle, low), jnp.where(keep, high, middle)

        return jax.lax.fori_loop(0, 53, halve, (jnp.zeros_like(end), end))[1]

    forward = jnp.sign(h)
    lowest = bisect(lambda at: forward * falls(slope, at) < 0.0, h)
    hit = (height[0] > 0.0) & (falls(height, lowest) <= 0.0)
    return bisect(lambda at: falls(height, at) > 0.0, lowest), hit


@jax.jit
def time_to_contact(mu: Array, state: Array, t: Array, radii: Array) -> tuple[Array, Array, Array]:
    """When a lane first meets one of the bodies within `t`, and which: 1, 2, or 0 for none (then the time is `t`).

    Last comes the state then, (6, N).

    The time is NaN where the lane starts inside a body or cannot be integrated. `radii` is (2, N). No derivatives.
    """

    def more(carry: tuple[Array, ...]) -> Array:
        return jnp.any(jnp.abs(carry[1]) > 0.0) & (carry[-1] < MAX_STEPS)

    def step(carry: tuple[Array, ...]) -> tuple[Array, ...]:
        state, left, time, body, count = carry
        run = runner(count >= 0)
        p = path(mu, state, ORDER, run)
        (h,) = run(lambda s: (_step_length(s),), (p.x, p.y, p.z))
        h = jnp.sign(left) * jnp.minimum(h, jnp.abs(left))
        contacts = [_first_contact(s, r, h) for s, r in zip((p.s1, p.s2), radii, strict=True)]
        at, hit = (jnp.stack(a) for a in zip(*contacts, strict=True))
        delay = jnp.where(hit, jnp.abs(at), jnp.inf)
        found = jnp.any(hit, axis=0)
        which = jnp.argmin(delay, axis=0).astype(jnp.int32) + 1
        taken = jnp.where(found, jnp.sign(h) * jnp.min(delay, axis=0), h)
        return (
            evaluate((p.x, p.y, p.z), taken),
            jnp.where(found, 0.0, left - h),
            time + taken,
            jnp.where(found, which, body),
            count + 1,
        )

    x, y, z = state[:3]
    square = y * y + z * z
    outside = ((x + mu) ** 2 + square > radii[0] ** 2) & ((x + mu - 1.0) ** 2 + square > radii[1] ** 2)
    zero = jnp.zeros((), jnp.int32)
    start = (state, jnp.where(outside, t, jnp.nan), jnp.zeros_like(t), jnp.zeros(t.shape, jnp.int32), zero)
    end, left, time, body, _ = jax.lax.while_loop(more, step, start)
    time = jnp.where((left == 0.0) & outside, time, jnp.nan)
    return jnp.where(body > 0, time, jnp.where(jnp.isnan(time), jnp.nan, t)), body, end


_SIZES = {True: (8, 72), False: (8, 72, 264)}
"""Lanes worked on at once, with and without sensitivities: as many as a core's cache holds, and odd multiples of 8, so
that the arrays do not fall on the same lines of the cache. Few sizes, so that little is compiled."""


@partial(jax.jit, static_argnums=3)
def _integrate_chunks(mu: Array, state: Array, t: Array, columns: int) -> tuple[Array, Array]:
    """`_integrate` over chunks, one after the other: `mu` and `t` are (chunks, N), `state` is (6, chunks, N)."""
    parts = (mu, jnp.moveaxis(state, 1, 0), t)
    if mu.shape[0] == 1:
        one = _integrate(mu[0], state[:, 0], t[0], columns)
        return one[0][:, None], one[1][:, :, None]
    found = jax.lax.map(lambda a: _integrate(a[0], a[1], a[2], columns), parts)
    return jnp.moveaxis(found[0], 0, -2), jnp.moveaxis(found[1], 0, -2)


def _flat(mu: Array, state: Array, t: Array, columns: int) -> tuple[Array, Array]:
    """`_integrate` over any number of lanes, in chunks (one chunk where there is an accelerator)."""
    n = t.shape[0]
    sizes = _SIZES[columns > 0]
    size = next((s for s in sizes if s >= n), sizes[-1] if jax.default_backend() == "cpu" else n)
    count = -(-n // size)
    pad = count * size - n  # lanes with zero time, at a place without singularity
    mu, t = (jnp.pad(a, (0, pad)) for a in (mu, t))
    state = jnp.pad(state, ((0, 0), (0, pad)), constant_values=0.5)
    shape = (count, size)
    found = _integrate_chunks(mu.reshape(shape), state.reshape(6, *shape), t.reshape(shape), columns)
    end, sens = (a.reshape(*a.shape[:-2], count * size)[..., :n] for a in found)
    return end, sens


def _lanes(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let `vmap` add lanes to a function of (mu (N,), state (6, N), t (N,)) rather than a batch axis."""
    wrapped = jax.custom_batching.custom_vmap(function)

    def over_batch(size: int, batched: list[bool], mu: Array, state: Array, t: Array) -> tuple[Any, Any]:
        full = [
            a if b else jnp.broadcast_to(a[None], (size, *a.shape))
            for a, b in zip((mu, state, t), batched, strict=True)
        ]
        n = t.shape[-1]
        merged = wrapped(full[0].reshape(-1), jnp.moveaxis(full[1], 0, 1).reshape(6, size * n), full[2].reshape(-1))
        out = jax.tree.map(lambda a: jnp.moveaxis(a.reshape(*a.shape[:-1], size, n), -2, 0), merged)
        return out, jax.tree.map(lambda _: True, out)

    wrapped.def_vmap(over_batch)
    return wrapped


_state = _lanes(lambda mu, state, t: _flat(mu, state, t, 0)[0])
_first = {c: _lanes(partial(_flat, columns=c)) for c in (6, 7)}


def _second_of(columns: int) -> Callable[..., Any]:
    """State and sensitivities, and the derivatives of both by (state, mass ratio), on a new second-last axis."""

    def second(mu: Array, state: Array, t: Array) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
        def push(seed: Array) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
            tangents = (jnp.broadcast_to(seed[6], mu.shape), jnp.broadcast_to(seed[:6, None], state.shape))
            return jax.jvp(lambda m, s: _flat(m, s, t, columns), (mu, state), tangents)

        return jax.vmap(push, out_axes=((None, None), (-2, -2)))(jnp.eye(7))

    return second


_second = {c: _lanes(jax.jit(_second_of(c))) for c in (6, 7)}


@jax.custom_jvp
def flow(mu: Array, state: Array, t: Array) -> Array:
    """State (6, N) after the time `t` (N,); NaN where the integration cannot reach it."""
    return _state(mu, state, t)


@flow.defjvp
def _flow_jvp(primals: tuple[Array, ...], tangents: tuple[Array, ...]) -> tuple[Array, Array]:
    mu, state, t = primals
    d_mu, d_state, d_t = tangents
    end, sens = flow_sensitivity(mu, state, t, 7)
    change = jnp.einsum("ijn,jn->in", sens[:, :6], d_state) + sens[:, 6] * d_mu[None]
    return end, change + rate(mu, end) * d_t[None]


@partial(jax.custom_jvp, nondiff_argnums=(3,))
def flow_sensitivity(mu: Array, state: Array, t: Array, columns: int) -> tuple[Array, Array]:
    """State (6, N) and its derivatives (6, `columns`, N): by the initial state, and by `mu` if `columns` is 7."""
    return _first[columns](mu, state, t)


@flow_sensitivity.defjvp
def _flow_sensitivity_jvp(
    columns: int, primals: tuple[Array, ...], tangents: tuple[Array, ...]
) -> tuple[tuple[Array, Array], tuple[Array, Array]]:
    mu, state, t = primals
    d_mu, d_state, d_t = tangents
    (end, sens), (by_end, by_sens) = _second[columns](mu, state, t)
    seeds = jnp.concatenate([d_state, d_mu[None]])
    d_end = jnp.einsum("ijn,jn->in", by_end, seeds) + rate(mu, end) * d_t[None]
    d_sens = jnp.einsum("icjn,jn->icn", by_sens, seeds)

    def column(own: Array, seed: Array) -> Array:
        return jax.jvp(rate, (mu, end), (jnp.broadcast_to(seed, mu.shape), own))[1]

    moving = jax.vmap(column, in_axes=(1, 0), out_axes=1)(sens, jnp.eye(7)[6, :columns])
    return (end, sens), (d_end, d_sens + moving * d_t[None, None])
