"""Flybys by patched conics: how far a body turns a velocity, and the burn at periapsis that makes up the rest.

Inside the body's reach the path is a hyperbola about it; outside, the flyby is a jump of the velocity at one place.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.numerics import norm, root, unit

POLE = np.array([0.0, 0.0, 1.0])
"""Default pole of the B-plane: the z axis of the ICRF."""

ANGLE_TOLERANCE = 1e-12
"""Largest error of the turn, rad, at which `powered` counts as converged."""


class PoweredFlyby(NamedTuple):
    """Periapsis radius (m), burn there (m/s), turn (rad), and whether the two hyperbolas join; each of shape (...)."""

    r_periapsis: Array
    dv: Array
    turn: Array
    converged: Array


def _half_turn(x: Array) -> Array:
    """asin(1 / (1 + x)) for x > 0, without the cancellation and the infinite slope of asin near 1."""
    return jnp.arctan2(1.0, jnp.sqrt(x * (2.0 + x)))


def turn_angle(mu: ArrayLike, r_periapsis: ArrayLike, v_infinity: ArrayLike) -> Array:
    """Angle by which an unpowered flyby turns the velocity: sin(delta / 2) = 1 / (1 + r_p v_inf^2 / mu).

    Args:
        mu: gravitational parameter of the body [m3/s2].
        r_periapsis: closest distance to its center [m]; the caller sees that it lies above surface and air.
        v_infinity: hyperbolic excess speed [m/s].

    Returns:
        delta [rad], between 0 and pi; NaN unless all three are positive.

    Errors: patched conics: the excess speed is taken as reached at infinity and the place does not change.

    References: Curtis 2014, eq. 2.100 and sec. 8.9.
    """
    mu, r, v = (jnp.asarray(x, jnp.float64) for x in (mu, r_periapsis, v_infinity))
    positive = (mu > 0.0) & (r > 0.0) & (v > 0.0)
    return 2.0 * _half_turn(jnp.where(positive, r * v**2 / jnp.where(positive, mu, 1.0), jnp.nan))


def periapsis_for_turn(mu: ArrayLike, v_infinity: ArrayLike, turn: ArrayLike) -> Array:
    """Periapsis radius whose unpowered flyby turns by a given angle: r_p = (mu / v_inf^2) (1 / sin(delta / 2) - 1).

    Args:
        mu: gravitational parameter of the body [m3/s2].
        v_infinity: hyperbolic excess speed [m/s].
        turn: delta [rad], between 0 and pi.

    Returns:
        Radius [m]; infinite for no turn at all, NaN for an angle outside (0, pi).

    References: Curtis 2014, sec. 8.9, solved for r_p.
    """
    mu, v, turn = (jnp.asarray(x, jnp.float64) for x in (mu, v_infinity, turn))
    turn = jnp.where((turn >= 0.0) & (turn < jnp.pi), turn, jnp.nan)
    short = 2.0 * jnp.sin(0.25 * (jnp.pi - turn)) ** 2  # 1 - sin(turn / 2)
    return mu / v**2 * short / jnp.sin(0.5 * turn)


def aiming_radius(mu: ArrayLike, r_periapsis: ArrayLike, v_infinity: ArrayLike) -> Array:
    """Distance of the incoming asymptote from the center, |B| = r_p sqrt(1 + 2 mu / (r_p v_inf^2)).

    Args:
        mu: gravitational parameter of the body [m3/s2].
        r_periapsis: periapsis radius [m].
        v_infinity: hyperbolic excess speed [m/s].

    Returns:
        Distance in the B-plane [m].

    References: Curtis 2014, eq. 2.107.
    """
    mu, r, v = (jnp.asarray(x, jnp.float64) for x in (mu, r_periapsis, v_infinity))
    return jnp.sqrt(r * (r + 2.0 * mu / v**2))


def b_plane(v_infinity: ArrayLike, pole: ArrayLike = POLE) -> tuple[Array, Array, Array]:
    """Axes of the B-plane: S along the excess velocity, T = S x pole, R = S x T.

    Args:
        v_infinity: excess velocity on the way in [m/s], shape (..., 3).
        pole: direction that T is square to, shape (3,) or (..., 3).

    Returns:
        (S, T, R), unit vectors of shape (..., 3); NaN where the velocity is zero or along the pole.

    References: Kizner 1961, Planetary and Space Science 7, 125-131.
    """
    v, pole = jnp.broadcast_arrays(jnp.asarray(v_infinity, jnp.float64), jnp.asarray(pole, jnp.float64))
    s = unit(v)
    t = unit(jnp.cross(s, pole))
    return s, t, jnp.cross(s, t)


def unpowered(
    mu: ArrayLike,
    v_body: ArrayLike,
    v_in: ArrayLike,
    r_periapsis: ArrayLike,
    b_plane_angle: ArrayLike,
    *,
    pole: ArrayLike = POLE,
) -> Array:
    """Velocity after an unpowered flyby.

        v_out = v_body + v_inf (cos(delta) S - sin(delta) B),  B = cos(theta) T + sin(theta) R

    The body pulls away from the side on which it is passed: towards -B.

    Args:
        mu: gravitational parameter of the body [m3/s2], shape (...).
        v_body: velocity of the body [m/s], shape (..., 3).
        v_in: velocity before the flyby in the same frame [m/s], shape (..., 3).
        r_periapsis: closest distance to the body's center [m], shape (...).
        b_plane_angle: theta, where the asymptote pierces the B-plane, from T towards R [rad], shape (...).
        pole: see `b_plane`.

    Returns:
        Velocity after [m/s], shape (..., 3); NaN where `turn_angle` or `b_plane` has none.

    Errors: see `turn_angle`.

    References: Curtis 2014, sec. 8.9 and example 8.6.
    """
    v_body, v_in = jnp.broadcast_arrays(jnp.asarray(v_body, jnp.float64), jnp.asarray(v_in, jnp.float64))
    theta = jnp.asarray(b_plane_angle, jnp.float64)[..., None]
    excess = v_in - v_body
    speed = norm(excess)
    s, t, r = b_plane(excess, pole)
    delta = turn_angle(mu, r_periapsis, speed)[..., None]
    b = jnp.cos(theta) * t + jnp.sin(theta) * r
    return v_body + speed[..., None] * (jnp.cos(delta) * s - jnp.sin(delta) * b)


def powered(mu: ArrayLike, v_infinity_in: ArrayLike, v_infinity_out: ArrayLike) -> PoweredFlyby:
    """The flyby that joins two excess velocities by one burn along the path at the shared periapsis.

        asin(1 / (1 + r_p v_in^2 / mu)) + asin(1 / (1 + r_p v_out^2 / mu)) = delta
        dv = |sqrt(v_out^2 + 2 mu / r_p) - sqrt(v_in^2 + 2 mu / r_p)|

    is solved for log(r_p); derivatives follow from the implicit function theorem, to any order.

    Args:
        mu: gravitational parameter of the body [m3/s2], shape (...).
        v_infinity_in: velocity relative to the body before [m/s], shape (..., 3).
        v_infinity_out: velocity relative to the body after [m/s], shape (..., 3).

    Returns:
        `PoweredFlyby`. NaN and False where the turn is exactly 0 or pi, a velocity is zero or mu is not positive. The
        radius may lie inside the body: compare it with what is safe. `dv` is a magnitude; where the speeds are equal
        it is zero and its derivative, which jumps there, is given as zero.

    Errors: patched conics, impulsive. A burn elsewhere on the path may be cheaper, if the turn is near the largest
    that the body allows.

    References: Izzo 2010, in Spacecraft Trajectory Optimization (ed. Conway), chapter 7.
    """
    mu = jnp.asarray(mu, jnp.float64)
    v_in, v_out = jnp.broadcast_arrays(
        jnp.asarray(v_infinity_in, jnp.float64), jnp.asarray(v_infinity_out, jnp.float64)
    )
    turn = jnp.arctan2(norm(jnp.cross(v_in, v_out)), jnp.sum(v_in * v_out, axis=-1))
    squared_in, squared_out = jnp.sum(v_in * v_in, axis=-1), jnp.sum(v_out * v_out, axis=-1)
    mu, turn, squared_in, squared_out = jnp.broadcast_arrays(mu, turn, squared_in, squared_out)
    possible = (mu > 0.0) & (turn > 0.0) & (turn < jnp.pi) & (squared_in > 0.0) & (squared_out > 0.0)

    # lengths in units of mu / (v_in v_out): the speeds enter through their ratio only
    scale = jnp.sqrt(jnp.where(possible, squared_in * squared_out, 1.0))
    ratio = jnp.where(possible, squared_in, 1.0) / scale
    target = jnp.where(possible, turn, 1.0)

    def excess_turn(log_radius: Array) -> Array:
        x = jnp.exp(log_radius)
        return _half_turn(x * ratio) + _half_turn(x / ratio) - target

    # either speed alone would need these radii; the root lies between them
    alone = jnp.log(2.0 * jnp.sin(0.25 * (jnp.pi - target)) ** 2 / jnp.sin(0.5 * target))
    spread = jnp.abs(jnp.log(ratio)) + 1e-3
    low, high = (jax.lax.stop_gradient(y) for y in (alone - spread, alone + spread))
    x = jnp.exp(root(excess_turn, low, high))
    error = jnp.abs(excess_turn(jnp.log(x)))
    converged = possible & (error <= ANGLE_TOLERANCE)

    radius = jnp.where(converged, x * jnp.where(possible, mu, 1.0) / scale, jnp.nan)
    escape = 2.0 * mu / radius  # escape speed squared at periapsis
    faster = jnp.sqrt(squared_out + escape) + jnp.sqrt(squared_in + escape)
    return PoweredFlyby(radius, jnp.abs(squared_out - squared_in) / faster, turn, converged)
