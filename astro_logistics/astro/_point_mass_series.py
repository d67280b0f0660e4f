"""One Taylor step of a spacecraft among point masses whose positions are Chebyshev series of an ephemeris.

Within one interval of the ephemeris a body's position is a polynomial of the time, so that it is its own Taylor
series. The spacecraft's follows by the recurrences of `cr3bp_taylor`: with d the separation from a body, s = d . d and
u = s^(-3/2), the series of u d is known to degree n once that of d is, and its sum over bodies is the acceleration, two
degrees further up. Lanes come last: a state is (6, N). Derivatives of a step are the recurrences' own (`jvp`).
"""

from __future__ import annotations

from math import comb
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from astro_logistics.astro.cr3bp_taylor import Run, evaluate
from astro_logistics.astro.ephemeris import Ephemeris, Route, Segment, _route

ORDER = 20
"""Degree of the velocity series; ln(1/eps)/2 + 2 costs least in float64 (Jorba and Zou 2005, section 3.2)."""

SHORTEST_STEP = 1e-3
"""s. Below it a lane has met a body's center (the Earth's to some 10 km, the Moon's to some 3 km): NaN."""

BODIES = ("sun", "earth", "moon")

CENTERS = ("earth", "moon", "emb")

_PAD = ORDER  # zeros before degree 0, so that sums need no bounds
_EDGE = 1e-3  # s; nearer than this to the end of an interval, the next one's polynomial is used
_STEP_FACTOR = float(np.exp(-2.0 - 0.7 / (ORDER - 1)))


def _power_basis(terms: int) -> np.ndarray:
    """Matrix whose row m, column k is the coefficient of s^m in the Chebyshev polynomial T_k."""
    columns = [np.polynomial.chebyshev.cheb2poly(np.eye(terms)[k]) for k in range(terms)]
    return np.stack([np.pad(c, (0, terms - c.size)) for c in columns], axis=1)


def _shift(terms: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights and exponents of p(s + x): x^m has the sum over k of weight[m, k] s^exponent[m, k] times p's x^k."""
    binomial = np.array([[float(comb(k, m)) for k in range(terms)] for m in range(terms)])
    order = np.arange(terms)
    return binomial, np.maximum(order[None, :] - order[:, None], 0)


def _segment_series(segment: Segment, since: Array, forward: Array) -> tuple[Array, Array]:
    """Taylor coefficients (terms, 3, N) of one segment in powers of seconds, and the time to its interval's end."""
    terms = segment.coefficients.shape[1]
    if terms > ORDER + 2:
        raise ValueError(f"a segment has {terms} Chebyshev terms; the series of a step hold {ORDER + 2}")
    length = segment.interval
    index = jnp.floor((since + _EDGE * forward) / length)
    index = jnp.minimum(jnp.maximum(index, 0.0), segment.coefficients.shape[0] - 1.0)
    left = jnp.where(forward > 0.0, (index + 1.0) * length - since, since - index * length)
    s = 2.0 * (since - index * length) / length - 1.0
    chebyshev = segment.coefficients[..., :3].at[index.astype(jnp.int32)].get(mode="clip")  # (N, terms, 3)
    power = jnp.einsum("mk,nkc->mcn", jnp.asarray(_power_basis(terms)), chebyshev)
    powers = jnp.cumprod(jnp.concatenate([jnp.ones((1, *s.shape)), jnp.broadcast_to(s, (terms - 1, *s.shape))]), axis=0)
    binomial, exponent = _shift(terms)
    weight = jnp.asarray(binomial)[..., None] * powers[exponent]
    shifted = jnp.sum(weight[:, :, None] * power[None], axis=1)
    return jnp.asarray((2.0 / length) ** np.arange(terms))[:, None, None] * shifted, left


class Bodies(NamedTuple):
    """Positions of the bodies along one step, and how long these series hold."""

    position: Array  # (ORDER + 2, 3 bodies, 3, N)
    left: Array  # (N,), s


class Routes(NamedTuple):
    """For each of `BODIES`, which segments add up to its position from the center."""

    center: str
    bodies: tuple[Route, ...]


def routes(ephemeris: Ephemeris, center: str) -> Routes:
    """How to reach the bodies from `center`; a kernel that splits a body over several segments is refused."""
    if center not in CENTERS:
        raise ValueError(f"center is {center!r}; it can be one of {', '.join(CENTERS)}")
    code = ephemeris._code
    found = tuple(_route(ephemeris.segments, code(body), code(center)) for body in BODIES)
    if any(len(places) > 1 for way in found for _, places in way):
        raise ValueError("the kernel splits a body over several segments; merge them into one")
    return Routes(center, found)


def body_series(segments: tuple[Segment, ...], ways: Routes, t0: Array, elapsed: Array, forward: Array) -> Bodies:
    """Positions of `BODIES` from the center at t0 + elapsed, as Taylor coefficients (ORDER + 2, 3 bodies, 3, N)."""
    used = sorted({places[0] for way in ways.bodies for _, places in way})
    found = {i: _segment_series(segments[i], (t0 - segments[i].first) + elapsed, forward) for i in used}
    padded = {i: jnp.pad(c, ((0, ORDER + 2 - c.shape[0]), (0, 0), (0, 0))) for i, (c, _) in found.items()}
    zero = jnp.zeros((ORDER + 2, 3, t0.shape[0]))
    positions = [sum((sign * padded[places[0]] for sign, places in way), zero) for way in ways.bodies]
    left = jnp.min(jnp.stack([edge for _, edge in found.values()]), axis=0)
    return Bodies(jnp.stack(positions, axis=1), left)


def pulls_on_center(mu: Array, positions: Array, center: str) -> tuple[Array, Array]:
    """What accelerates the center: separations (..., 2 or 4, 3, N) and gravitational parameters (2 or 4, N).

    The barycenter of the Earth and the Moon moves as the mean of the Sun's pulls on both, weighted by their masses.
    """
    sun, earth, moon = (positions[..., k, :, :] for k in range(3))
    if center == "earth":
        return jnp.stack([sun, moon], axis=-3), mu[jnp.asarray([0, 2])]
    if center == "moon":
        return jnp.stack([sun, earth], axis=-3), mu[jnp.asarray([0, 1])]
    share = mu[1:] / (mu[1:2] + mu[2:])
    return jnp.stack([sun - earth, sun - moon], axis=-3), mu[:1] * share


class _Pull(NamedTuple):
    """Buffers (PAD + ORDER + 2, K, ...) of the separations, their squares, the inverse cubes, and the pulls."""

    d: Array
    s: Array
    u: Array


def _back(buffer: Array, n: Array, j: int) -> Array:
    """Coefficient n - j; the buffers are zero before degree 0."""
    return jax.lax.dynamic_index_in_dim(buffer, n + (_PAD - j), keepdims=False)


def _store(buffer: Array, n: Array, value: Array) -> Array:
    return jax.lax.dynamic_update_index_in_dim(buffer, value, n + _PAD, 0)


def _advance(p: _Pull, n: Array, run: Run) -> tuple[_Pull, Array]:
    """Coefficient `n` (from 1) of s and u from those of d up to n, and that of u d (K, 3, N)."""

    def square(d: Array, n: Array) -> tuple[Array, ...]:
        total = d[_PAD] * _back(d, n, 0)
        for j in range(1, ORDER):
            total = total + d[_PAD + j] * _back(d, n, j)
        return (total[:, 0] + total[:, 1] + total[:, 2],)

    def inverse_cube(s: Array, u: Array, n: Array) -> tuple[Array, ...]:
        degree = n.astype(s.dtype)
        total = jnp.zeros_like(s[0])
        for j in range(1, ORDER):  # s u' = -3/2 s' u
            total = total + (1.0 + 0.5 * j / degree) * (s[_PAD + j] * _back(u, n, j))
        return (-total / s[_PAD],)

    def product(d: Array, u: Array, n: Array) -> tuple[Array, ...]:
        total = _back(u, n, 0)[:, None] * d[_PAD]
        for j in range(1, ORDER):
            total = total + _back(u, n, j)[:, None] * d[_PAD + j]
        return (total,)

    s = _store(p.s, n, *run(square, p.d, n))
    u = _store(p.u, n, *run(inverse_cube, s, p.u, n))
    return _Pull(p.d, s, u), run(product, p.d, u, n)[0]


def _start(d: Array) -> tuple[_Pull, Array]:
    """Buffers with degree 0 of s and u in place, and the pull (K, 3, N); `d` is (PAD + ORDER + 2, K, 3, N)."""
    square = jnp.sum(d[_PAD] * d[_PAD], axis=-2)
    u = 1.0 / (square * jnp.sqrt(square))
    empty = jnp.zeros((d.shape[0], *square.shape))
    return _Pull(d, empty.at[_PAD].set(square), empty.at[_PAD].set(u)), u[:, None] * d[_PAD]


def known_pulls(d: Array, run: Run) -> Array:
    """Series (ORDER, K, 3, N) of d / |d|^3 for separations (ORDER + 2, K, 3, N) that are known in advance."""
    start, first = _start(jnp.pad(d, ((_PAD, 0), (0, 0), (0, 0), (0, 0))))
    found = jnp.zeros((ORDER, *first.shape)).at[0].set(first)

    def step(n: Array, carry: tuple[_Pull, Array]) -> tuple[_Pull, Array]:
        p, pull = _advance(carry[0], n, run)
        return p, jax.lax.dynamic_update_index_in_dim(carry[1], pull, n, 0)

    return jax.lax.fori_loop(1, ORDER, step, (start, found))[1]


def position_series(mu: Array, state: Array, bodies: Array, center_acceleration: Array, run: Run) -> Array:
    """Series (ORDER + 2, 3, N) of the position.

    Args:
        mu: (3, N), of `BODIES`.
        state: (6, N), from the center.
        bodies: (ORDER + 2, 3, 3, N), positions of `BODIES`.
        center_acceleration: (ORDER, 3, N), of the center.
        run: from `cr3bp_taylor.runner`.
    """
    near = state[:3][None] - bodies[0], state[3:][None] - bodies[1]
    rest = jnp.concatenate([jnp.zeros((_PAD, *bodies.shape[1:])), near[0][None], near[1][None], -bodies[2:]])
    start, first = _start(rest)

    def accelerate(p: _Pull, pull: Array, n: Array) -> tuple[_Pull, Array]:
        own = jax.lax.dynamic_index_in_dim(center_acceleration, n, keepdims=False)
        m = n.astype(state.dtype)
        r = (-jnp.sum(mu[:, None] * pull, axis=0) - own) / ((m + 1.0) * (m + 2.0))
        return p._replace(d=_store(p.d, n + 2, r[None] + _back(p.d, n + 2, 0))), r

    p, r2 = accelerate(start, first, jnp.asarray(0))
    series = jnp.zeros((ORDER + 2, *state[:3].shape)).at[0].set(state[:3]).at[1].set(state[3:]).at[2].set(r2)

    def step(n: Array, carry: tuple[_Pull, Array]) -> tuple[_Pull, Array]:
        p, pull = _advance(carry[0], n, run)
        p, r = accelerate(p, pull, n)
        return p, jax.lax.dynamic_update_index_in_dim(carry[1], r, n + 2, 0)

    return jax.lax.fori_loop(1, ORDER, step, (p, series))[1]


def step_length(series: Array) -> Array:
    """Step from the two last coefficients of the position (Jorba and Zou 2005, section 3.2.1); NaN at a center."""
    logs = [jnp.log(jnp.max(jnp.abs(series[n]), axis=0)) for n in (0, ORDER, ORDER + 1)]
    radius = jnp.exp(jnp.minimum((logs[0] - logs[1]) / ORDER, (logs[0] - logs[2]) / (ORDER + 1)))
    h = _STEP_FACTOR * radius
    return jnp.where(h < SHORTEST_STEP, jnp.nan, h)


def end_of_step(series: Array, h: Array) -> Array:
    """State (6, N) at the time `h` from the position series."""
    return evaluate(tuple(series[:, i] for i in range(3)), h)
