"""Edelbaum's spiral: slow transfer between circular orbits with a plane change, at a small constant thrust."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro.orbits import circular_speed
from astro_logistics.constants import STANDARD_GRAVITY
from astro_logistics.numerics import safe_sqrt


class Spiral(NamedTuple):
    """A spiral's delta-v (m/s), duration (s) and mass at its end (kg), each of shape (...)."""

    dv: Array
    duration: Array
    mass: Array


class SpiralState(NamedTuple):
    """Where a spiral is: circular radius (m), plane change done (rad), yaw of the thrust (rad), each of shape (...)."""

    r: Array
    plane_change: Array
    yaw: Array


def _speeds(mu: ArrayLike, r1: ArrayLike, r2: ArrayLike, plane_change: ArrayLike) -> tuple[Array, Array, Array]:
    """Circular speeds, and Edelbaum's angle pi/2 times the plane change; NaN beyond the range of the theory."""
    angle = 0.5 * jnp.pi * jnp.abs(jnp.asarray(plane_change, jnp.float64))
    return circular_speed(mu, r1), circular_speed(mu, r2), jnp.where(angle <= jnp.pi, angle, jnp.nan)


def edelbaum(mu: ArrayLike, r1: ArrayLike, r2: ArrayLike, plane_change: ArrayLike) -> Array:
    """Delta-v of a many-turn low-thrust transfer between circular orbits: sqrt(v1^2 - 2 v1 v2 cos(pi/2 di) + v2^2).

    Least over all transfers whose yaw is constant within a half turn and flips at the antinodes. It depends neither
    on the acceleration nor on how it changes along the way.

    Args:
        mu: gravitational parameter [m3/s2].
        r1: radius of the first orbit [m].
        r2: radius of the second orbit [m], larger or smaller.
        plane_change: angle between the planes [rad].

    Returns:
        Delta-v [m/s]; NaN beyond 2 rad (114.6 degrees), where the spiral would lead over infinity, and for radii that
        are not positive. Between equal orbits it is zero, and its derivative, which jumps there, is given as zero.

    Errors: the acceleration is taken as small beside gravity (relative error of the order of their ratio over one
    turn), without shadow or oblateness. Not proven least against a yaw that varies within a half turn.

    References: Edelbaum 1961, ARS Journal 31, 1079-1089; Kechichian 1997, J. Guidance 20, 988-994.
    """
    v1, v2, angle = _speeds(mu, r1, r2, plane_change)
    return safe_sqrt((v1 - v2) ** 2 + 4.0 * v1 * v2 * jnp.sin(0.5 * angle) ** 2)


def spiral(
    mu: ArrayLike,
    r1: ArrayLike,
    r2: ArrayLike,
    plane_change: ArrayLike,
    mass: ArrayLike,
    thrust: ArrayLike,
    isp: ArrayLike,
) -> Spiral:
    """Delta-v, duration and final mass of Edelbaum's transfer flown with a constant thrust.

        m_end = m exp(-dv / (g0 isp)),  duration = (m - m_end) g0 isp / thrust

    An infinite `isp` is Edelbaum's constant acceleration: duration = dv m / thrust.

    Args:
        mu, r1, r2, plane_change: see `edelbaum`.
        mass: mass at the start [kg].
        thrust: thrust, on all the time [N].
        isp: specific impulse [s].

    Returns:
        `Spiral`.

    Errors: see `edelbaum`; coasts in shadow add to the duration.

    References: Kechichian 1997, J. Guidance 20, 988-994; the mass by Tsiolkovsky's equation.
    """
    mass, thrust, isp = (jnp.asarray(x, jnp.float64) for x in (mass, thrust, isp))
    dv = edelbaum(mu, r1, r2, plane_change)
    light = jnp.isinf(isp)
    exhaust = jnp.where(light, 1.0, isp) * STANDARD_GRAVITY
    mass_end = jnp.where(light, mass, mass * jnp.exp(-dv / exhaust))
    duration = jnp.where(light, dv * mass, -mass * exhaust * jnp.expm1(-dv / exhaust)) / thrust
    return Spiral(dv, duration, mass_end)


def along_spiral(mu: ArrayLike, r1: ArrayLike, r2: ArrayLike, plane_change: ArrayLike, dv: ArrayLike) -> SpiralState:
    """Where Edelbaum's transfer is after part of its delta-v.

        v^2 = v1^2 - 2 v1 dv cos(beta) + dv^2,  tan(beta) = sin(pi/2 di) / (v1/v2 - cos(pi/2 di)) at the start

    The components of the speed along and across the first yaw are v1 cos(beta) - dv and v1 sin(beta): a straight line
    in the plane of speed and (pi/2) inclination.

    Args:
        mu, r1, r2, plane_change: see `edelbaum`.
        dv: delta-v spent so far [m/s], from 0 to `edelbaum`'s.

    Returns:
        `SpiralState`: the yaw is the angle between thrust and velocity, of alternating sign every half turn.

    Errors: see `edelbaum`.

    References: Kechichian 1997, J. Guidance 20, 988-994.
    """
    v1, v2, angle = _speeds(mu, r1, r2, plane_change)
    dv = jnp.asarray(dv, jnp.float64)
    # the triangle with sides v1 and v2 and the angle between them; dv is walked along its third side
    far, across = v1 - v2 * jnp.cos(angle), v2 * jnp.sin(angle)
    whole = safe_sqrt(far**2 + across**2)
    along = v1 - dv * far / whole
    aside = dv * across / whole
    v = jnp.sqrt(along**2 + aside**2)
    turned = jnp.arctan2(aside, along)
    beta = jnp.arctan2(across, far)
    return SpiralState(jnp.asarray(mu, jnp.float64) / v**2, turned * 2.0 / jnp.pi, beta + turned)
