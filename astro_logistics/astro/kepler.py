"""Motion around one body: universal-variable propagation of every conic, and its state transition matrix."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro._broadcast import broadcast_arc
from astro_logistics.astro._universal import Universal, higher, solve, universal

Components = tuple[Array, Array, Array]


class _Arc(NamedTuple):
    """The Lagrange coefficients and what they were made of."""

    f: Array
    g: Array
    f_dot: Array
    g_dot: Array
    u: Universal
    chi: Array
    turns: Array
    alpha: Array
    r0: Array
    radius: Array  # over r0
    rate: Array  # sqrt(mu / r0^3)


def _components(v: Array) -> Components:
    return v[..., 0], v[..., 1], v[..., 2]


def _dot(a: Components, b: Components) -> Array:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _cross(a: Components, b: Components) -> Components:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _combine(p: Array, a: Components, q: Array, b: Components) -> Components:
    return p * a[0] + q * b[0], p * a[1] + q * b[1], p * a[2] + q * b[2]


def _arc(mu: Array, r: Components, v: Components, dt: Array) -> _Arc:
    r0 = jnp.sqrt(_dot(r, r))
    rate = jnp.sqrt(mu / r0) / r0
    sigma = _dot(r, v) / (r0 * r0 * rate)
    alpha = 2.0 - r0 * _dot(v, v) / mu
    tau = rate * dt
    # whole periods are taken off, in time and (because the period depends on alpha) in the derivative
    bound = alpha > 0.0
    safe = jnp.where(bound, alpha, 1.0)
    period = 2.0 * jnp.pi / (safe * jnp.sqrt(safe))
    turns = jax.lax.stop_gradient(jnp.where(bound, jnp.round(tau / period), 0.0))
    turning = turns != 0.0
    tau = tau - turns * jnp.where(turning, period, 0.0)
    h = jax.lax.stop_gradient(_cross(r, v))
    chi = solve(tau, sigma, alpha, _dot(h, h) / (mu * r0))
    u = universal(chi, alpha)
    radius = u.u0 + sigma * u.u1 + u.u2
    f, g = 1.0 - u.u2, u.u1 + sigma * u.u2
    f_dot, g_dot = -u.u1 / radius, 1.0 - u.u2 / radius
    return _Arc(f, g / rate, f_dot * rate, g_dot, u, chi, turns, alpha, r0, radius, rate)


@jax.jit
def propagate(mu: ArrayLike, r: ArrayLike, v: ArrayLike, dt: ArrayLike) -> tuple[Array, Array]:
    """Position and velocity after the time dt on the Kepler orbit through (r, v).

    ``r(dt) = f r + g v`` with Lagrange's coefficients in universal functions of chi, the root of
    ``sqrt(mu) dt = r0 U1 + (r.v / sqrt(mu)) U2 + U3``; derivatives of any order by the implicit function theorem.

    Args:
        mu: gravitational parameter, m3/s2, shape (...).
        r: position, m, shape (..., 3).
        v: velocity, m/s, shape (..., 3).
        dt: time, s, of either sign, shape (...).

    Returns:
        Position (m) and velocity (m/s), shape (..., 3). NaN for a zero position or non-finite input.

    Validity: every conic, rectilinear ones included until they meet the center; up to |F2 - F1| = 64 of the
    hyperbolic anomaly.
    Errors: rounding times the condition of the problem: a few 1e-16 of the orbit's size per revolution, from the
    2 pi dt / period of phase that double precision holds.
    Reference: Battin 1999, sections 4.5 and 4.6; Conway 1986, Celestial Mechanics 39, 199-211.
    """
    mu, r, v, dt = broadcast_arc(mu, r, v, dt)
    r0, v0 = _components(r), _components(v)
    arc = _arc(mu, r0, v0, dt)
    position = _combine(arc.f, r0, arc.g, v0)
    velocity = _combine(arc.f_dot, r0, arc.g_dot, v0)
    return jnp.stack(position, axis=-1), jnp.stack(velocity, axis=-1)


@jax.jit
def propagate_with_stm(mu: ArrayLike, r: ArrayLike, v: ArrayLike, dt: ArrayLike) -> tuple[Array, Array, Array]:
    """`propagate`, and the derivative of the final by the initial state, in closed form.

    Battin's matrices in universal functions; the secular term ``-3 dchi / alpha^2`` carries whole revolutions.

    Args:
        mu: gravitational parameter, m3/s2, shape (...).
        r: position, m, shape (..., 3).
        v: velocity, m/s, shape (..., 3).
        dt: time, s, of either sign, shape (...).

    Returns:
        Position (m), velocity (m/s), shape (..., 3), and the matrix d(r, v)/d(r0, v0), shape (..., 6, 6), in SI.

    Errors: rounding; the matrix is symplectic to about 1e-13 of its largest element (in scaled units).
    Reference: Battin 1999, equations 9.84 to 9.87.
    """
    mu, r, v, dt = broadcast_arc(mu, r, v, dt)
    r0, v0 = _components(r), _components(v)
    arc = _arc(mu, r0, v0, dt)
    position = _combine(arc.f, r0, arc.g, v0)
    velocity = _combine(arc.f_dot, r0, arc.g_dot, v0)
    rn, radius = arc.r0, arc.r0 * arc.radius
    c = rn / arc.rate * _secular(arc)
    low = rn * (1.0 - arc.f)
    inverse0, inverse = 1.0 / (rn * rn * rn), 1.0 / (radius * radius * radius)
    one = jnp.ones_like(dt)
    dr, dv = _combine(one, position, -one, r0), _combine(one, velocity, -one, v0)
    turned = _combine(_dot(position, velocity), position, -radius * radius, velocity)
    blocks = (
        (
            [
                (radius / mu, dv, dv),
                (inverse0, _combine(low, position, c, velocity), r0),
            ],
            arc.f,
        ),
        (
            [
                (low / mu, dr, v0),
                (-low / mu, dv, r0),
                (c / mu, velocity, v0),
            ],
            arc.g,
        ),
        (
            [
                (-1.0 / (rn * rn), dv, r0),
                (-1.0 / (radius * radius), position, _combine(one, dv, arc.f_dot, position)),
                (arc.f_dot / (mu * radius), turned, dv),
                (-mu * c * inverse * inverse0, position, r0),
            ],
            arc.f_dot,
        ),
        (
            [
                (rn / mu, dv, dv),
                (inverse, position, _combine(low, r0, -c, v0)),
            ],
            arc.g_dot,
        ),
    )
    flat = [_element(terms, diagonal, i, j) for terms, diagonal in blocks for i in range(3) for j in range(3)]
    order = [18 * (i // 3) + 9 * (j // 3) + 3 * (i % 3) + j % 3 for i in range(6) for j in range(6)]
    stm = jnp.moveaxis(jnp.stack([flat[k] for k in order], axis=0), 0, -1).reshape(*dt.shape, 6, 6)
    return jnp.stack(position, axis=-1), jnp.stack(velocity, axis=-1), stm


def _secular(arc: _Arc) -> Array:
    """Battin's C over r0 sqrt(r0^3 / mu): 3 U5 - chi U4 - tau U2, whole revolutions included."""
    u4, u5 = higher(arc.chi, arc.alpha)
    tau = arc.g * arc.rate + arc.u.u3
    turning = arc.turns != 0.0
    safe = jnp.where(turning, arc.alpha, 1.0)
    whole = 6.0 * jnp.pi * arc.turns / (safe * safe * jnp.sqrt(safe))
    return 3.0 * u5 - arc.chi * u4 - tau * arc.u.u2 - whole


def _element(terms: list[tuple[Array, Components, Components]], diagonal: Array, i: int, j: int) -> Array:
    """Element (i, j) of the sum of the terms' scaled outer products and of diagonal times the identity."""
    total = diagonal if i == j else jnp.zeros_like(diagonal)
    for scale, a, b in terms:
        total = total + scale * a[i] * b[j]
    return total
