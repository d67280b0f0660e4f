"""Motion around one body: universal-variable propagation of every conic, and its state transition matrix."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro._broadcast import broadcast_arc, in_blocks
from astro_logistics.astro._universal import DOUBLINGS, higher, solve, universal
from astro_logistics.named_checks import FINITE, POSITION, POSITIVE, VECTOR, named_checks

REQUIREMENTS = {"mu": POSITIVE, "r": POSITION, "v": VECTOR, "dt": FINITE}

Components = tuple[Array, Array, Array]


class _Arc(NamedTuple):
    """The Lagrange coefficients and what they were made of."""

    f: Array
    g: Array
    f_dot: Array
    g_dot: Array
    u2: Array
    chi: Array
    tau: Array  # scaled time without the whole turns
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


def _over(v: Components, by: Array) -> Components:
    return v[0] / by, v[1] / by, v[2] / by


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
    # XLA keeps the result of a division for all its uses; the series would be gone through again for each of them
    half = universal(chi, alpha, doublings=DOUBLINGS - 1)
    c, s = half.u0 / rate * rate, half.u1 / rate * rate
    u1, u2 = 2.0 * c * s, 2.0 * s * s
    radius = 1.0 - alpha * u2 + sigma * u1 + u2
    f, g = 1.0 - u2, (u1 + sigma * u2) / rate
    f_dot, g_dot = -u1 / radius * rate, 1.0 - u2 / radius
    return _Arc(f, g, f_dot, g_dot, u2, chi, tau, turns, alpha, r0, radius, rate)


@named_checks(REQUIREMENTS)
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

    def moved(mu: Array, r: Array, v: Array, dt: Array) -> tuple[Array, Array]:
        r0, v0 = _components(r), _components(v)
        arc = _arc(mu, r0, v0, dt)
        position = _combine(arc.f, r0, arc.g, v0)
        velocity = _combine(arc.f_dot, r0, arc.g_dot, v0)
        return jnp.stack(position, axis=-1), jnp.stack(velocity, axis=-1)

    return in_blocks(moved, *broadcast_arc(mu, r, v, dt))


@named_checks(REQUIREMENTS)
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
    return in_blocks(_moved_with_stm, *broadcast_arc(mu, r, v, dt), lanes=2)


def _moved_with_stm(mu: Array, r: Array, v: Array, dt: Array) -> tuple[Array, Array, Array]:
    """`propagate_with_stm` for arguments of shape (n,) and (n, 3); the matrix in units of r0 and sqrt(r0^3 / mu)."""
    r0, v0 = _components(r), _components(v)
    arc = _arc(mu, r0, v0, dt)
    position = _combine(arc.f, r0, arc.g, v0)
    velocity = _combine(arc.f_dot, r0, arc.g_dot, v0)
    speed = arc.r0 * arc.rate
    u, p = _over(r0, arc.r0), _over(position, arc.r0)
    s, w = _over(v0, speed), _over(velocity, speed)
    one, radius, low = jnp.ones_like(dt), arc.radius, 1.0 - arc.f
    c = _secular(arc)
    dr, dv = _combine(one, p, -one, u), _combine(one, w, -one, s)
    turned = _combine(_dot(p, w), p, -radius * radius, w)
    inverse = 1.0 / radius
    square = inverse * inverse
    blocks: list[tuple[list[tuple[Array, Components, Components]], Array, Array]] = [
        ([(radius, dv, dv), (one, _combine(low, p, c, w), u)], arc.f, one),
        ([(low, dr, s), (-low, dv, u), (c, w, s)], arc.g * arc.rate, 1.0 / arc.rate),
        (
            [
                (-one, dv, u),
                (-square, p, _combine(one, dv, arc.f_dot / arc.rate, p)),
                (arc.f_dot / arc.rate * inverse, turned, dv),
                (-c * square * inverse, p, u),
            ],
            arc.f_dot / arc.rate,
            arc.rate,
        ),
        ([(one, dv, dv), (square * inverse, p, _combine(low, u, -c, s))], arc.g_dot, one),
    ]

    def element(i: int, j: int) -> Array:
        terms, diagonal, scale = blocks[2 * (i // 3) + j // 3]
        return scale * _element(terms, diagonal, i % 3, j % 3)

    # row by row: XLA writes 36 joined at once from memory, a number at a time
    stm = jnp.stack([jnp.stack([element(i, j) for j in range(6)], axis=-1) for i in range(6)], axis=1)
    return jnp.stack(position, axis=-1), jnp.stack(velocity, axis=-1), stm


def _secular(arc: _Arc) -> Array:
    """Battin's C in units of r0 sqrt(r0^3 / mu): 3 U5 - chi U4 - tau U2, whole revolutions included."""
    u4, u5 = higher(arc.chi, arc.alpha)
    turning = arc.turns != 0.0
    safe = jnp.where(turning, arc.alpha, 1.0)
    whole = 6.0 * jnp.pi * arc.turns / (safe * safe * jnp.sqrt(safe))
    return (3.0 * u5 - arc.chi * u4 - arc.tau * arc.u2 - whole) / arc.rate * arc.rate  # kept: see `_arc`


def _element(terms: list[tuple[Array, Components, Components]], diagonal: Array, i: int, j: int) -> Array:
    """Element (i, j) of the sum of the terms' scaled outer products and of diagonal times the identity."""
    total = diagonal if i == j else jnp.zeros_like(diagonal)
    for scale, a, b in terms:
        total = total + scale * a[i] * b[j]
    return total
