"""How a shot arrives, and how errors at the muzzle show there: miss, correction and second order.

Errors at the muzzle are (speed, side, rise): in speed, and in the two angles across the muzzle velocity, to the right
along the horizon and upward. A miss is measured in the plane through the target across the velocity relative to it,
along the orbital plane first and out of it second: an error along the path is one of time only.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro.cr3bp import System, jacobi, propagate, propagate_with_stm
from astro_logistics.astro.lunar_launch import Shot, Site, about, asymptote, conic, erring, muzzle_state
from astro_logistics.astro.lunar_launch_aim import Target
from astro_logistics.numerics import norm, unit
from astro_logistics.pytree import Pytree, field

_STEP = 0.3
"""Change of speed for the second order, m/s: third orders leave 1e-5 of it, rounding 1e-7."""
_SETTLED = 1e-4
"""Last of Newton's steps to a crossing, in units of time (40 s), beyond which there is none: the next is its square."""
_CROSSINGS = 4  # Newton's steps to the moment a neighbor crosses the target's plane


class Arrival(Pytree):
    """A shot at its target. Miss and correction are linear in (speed, side, rise) in m/s, rad, rad."""

    state: Array = field(unit="", doc="in the rotating frame, units of the system, (6,)")
    speed: Array = field(
        unit="m / s", doc="relative to a catcher; about the body at an apsis; at infinity of an escape"
    )
    kick: Array = field(unit="m / s", doc="to stay: stop at the catcher, or a circular orbit at the apsis")
    inclination: Array = field(unit="rad", doc="about the body of an apsis, to the plane of the Moon's orbit")
    c3: Array = field(unit="m2 / s2", doc="twice the energy about the barycenter, at the end")
    jacobi_drift: Array = field(unit="", doc="change of the Jacobi constant on the way")
    miss: Array = field(
        unit="", doc="(2, 3), m per m/s and per rad, in the orbital plane and out of it; m/s of an escape"
    )
    miss_second: Array = field(unit="s2 / m", doc="second derivative of the miss in the plane by muzzle speed")
    correction: Array = field(unit="", doc="(3, 3), velocity change that removes the miss; per m/s and per rad")


def error_directions(site: Site, shot: Shot, system: System) -> Array:
    """Derivative (6, 3) of the muzzle's state, in units of the system, by (speed, side, rise) in m/s, rad, rad."""

    def state(error: Array) -> Array:
        return muzzle_state(system, site, erring(shot, error))

    return jax.jacfwd(state)(jnp.zeros(3))


def _across(relative: Array) -> Array:
    """Unit vectors (2, 3) across a velocity: in the plane of the bodies, to its left, and the one out of it."""
    flat = unit(jnp.cross(jnp.asarray([0.0, 0.0, 1.0]), relative))
    return jnp.stack([flat, unit(jnp.cross(relative, flat))])


def _relative(target: Target, end: Array) -> Array:
    """Velocity relative to what the target is about."""
    return jnp.where(target.kind < 0.5, end[3:] - target.velocity, about(target.center, end)[1])


@jax.jit
def arrive(
    system: System, site: Site, shot: Shot, time: ArrayLike, target: Target, correction_time: ArrayLike
) -> Arrival:
    """State, speeds and sensitivities at the end of a solved shot.

        miss = P Phi_rv(t, 0) E,  correction = -M^+ miss with M = P Phi_rv(t, t_c), P across the velocity

    For an escape the three components of the velocity at infinity stand for the miss that is corrected, and `miss`
    holds those across it, in m/s. The second order is the change of the first with the muzzle speed, by differences
    of exact first ones.

    Args:
        system: the Earth and the Moon.
        site, shot, target: fields scalar; `vmap` for many.
        time: of flight, s.
        correction_time: when the miss is corrected, s after the shot.

    Returns:
        An `Arrival`. NaN for `miss` of an escape with C3 below zero, and for what the kind of target has not.
    """
    changes = jnp.asarray([0.0, 0.0, 1.0, -1.0]) * _STEP
    shots = Shot(
        speed=shot.speed + changes,
        azimuth=jnp.full(4, 1.0) * shot.azimuth,
        elevation=jnp.full(4, 1.0) * shot.elevation,
    )
    states = muzzle_state(system, site, shots)
    scale, speed = system.length, system.length / system.time
    final, early = jnp.asarray(time, jnp.float64) / system.time, jnp.asarray(correction_time) / system.time
    directions = error_directions(site, shot, system)
    is_escape = target.kind > 1.5

    def step(_: ArrayLike, carry: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        at = carry[0]
        ends, stms = propagate_with_stm(system.mass_ratio, states, at)
        relative = _relative(target, ends[0])
        carried = ends[0, 3:] - relative  # velocity of the target's plane
        behind = (ends[2:, :3] - ends[0, :3][None]) @ relative - (at[2:] - final) * (carried @ relative)
        closing = ends[2:, 3:] @ relative - carried @ relative
        moved = jnp.where(is_escape, at[2:], at[2:] - behind / closing)
        return jnp.concatenate([at[:2], moved]), ends, stms

    at = jnp.stack([final, early, final, final])
    ends, stms = jax.lax.fori_loop(0, _CROSSINGS, step, (at, jnp.zeros((4, 6)), jnp.zeros((4, 6, 6))))[1:]
    end, relative = ends[0], _relative(target, ends[0])
    plane = _across(relative)
    by_error = stms[0] @ directions
    leaving = jnp.linalg.solve(stms[1].T, stms[0].T).T[:, 3:]  # of the end by the velocity at the correction
    push = plane @ leaving[:3]
    near_miss = plane @ by_error[:3]
    near_push = push.T @ jnp.linalg.solve(push @ push.T, near_miss)

    whole = conic(1.0, 0.0, end)
    is_open = is_escape & (whole.energy > 0.0)
    open_end = jnp.where(is_open, end, jnp.asarray([1.0, 0.0, 0.0, 2.0, 2.0, 2.0]))
    far, turned = _away(open_end), jax.jacfwd(_away)(open_end)
    far_error = turned @ by_error
    far_push = jnp.linalg.solve(jnp.where(is_open, turned @ leaving, jnp.eye(3)), far_error)

    def slope(end: Array, stm: Array) -> Array:
        moved = stm[:3] @ directions[:, 0]
        passing = end[3:] - ends[0, 3:] + relative
        return plane[0] @ (moved - passing * (relative @ moved) / (relative @ passing)) * scale

    second = (slope(ends[2], stms[2]) - slope(ends[3], stms[3])) / (2.0 * _STEP)
    miss = jnp.where(is_escape, _across(far) @ far_error * speed, near_miss * scale)
    correction = -speed * jnp.where(is_escape, far_push, near_push)
    body = conic(target.mu, target.center, end)
    is_apsis = ~is_escape & (target.kind > 0.5)
    stay = jnp.where(is_apsis, jnp.abs(jnp.sqrt(target.mu / body.radius) - body.speed), norm(relative))
    bound = is_escape & ~is_open
    return Arrival(
        state=end,
        speed=jnp.where(bound, jnp.nan, jnp.where(is_escape, norm(far), norm(relative))) * speed,
        kick=jnp.where(is_escape, jnp.nan, stay) * speed,
        inclination=jnp.where(is_apsis, jnp.arccos(body.cos_inclination), jnp.nan),
        c3=2.0 * whole.energy * speed**2,
        jacobi_drift=jacobi(system.mass_ratio, end) - jacobi(system.mass_ratio, states[0]),
        miss=jnp.where(bound, jnp.nan, miss),
        miss_second=jnp.where(is_escape, jnp.nan, second),
        correction=jnp.where(bound, jnp.nan, correction),
    )


def plane_misses(system: System, site: Site, shot: Shot, time: ArrayLike, target: Target, errors: ArrayLike) -> Array:
    """Where shots with muzzle errors cross the target's plane, without linearization: the check on `arrive`.

    Args:
        system, site, shot, time, target: of the solved shot, fields scalar; not an escape.
        errors: (n, 3), speed m/s, side rad, rise rad.

    Returns:
        (n, 2), m in the orbital plane and out of it; NaN where a shot does not come to the plane, or so far from the
        solved one that Newton's method does not settle on its crossing.
    """
    errors = jnp.asarray(errors, jnp.float64)
    m, final = system.mass_ratio, jnp.asarray(time, jnp.float64) / system.time
    end = propagate(m, muzzle_state(system, site, shot), final)
    relative = _relative(target, end)
    carried = end[3:] - relative
    states = muzzle_state(system, site, erring(shot, errors))
    at = jnp.full(errors.shape[0], 1.0) * final
    ends, left = states, at
    for _ in range(_CROSSINGS + 2):
        ends = propagate(m, states, at)
        behind = (ends[:, :3] - end[None, :3]) @ relative - (at - final) * (carried @ relative)
        left = -behind / (ends[:, 3:] @ relative - carried @ relative)
        at = at + left
    apart = ends[:, :3] - end[None, :3] - (at - left - final)[:, None] * carried[None]
    apart = jnp.where(jnp.abs(left)[:, None] < _SETTLED, apart, jnp.nan)
    return apart @ _across(relative).T * system.length


def _away(state: Array) -> Array:
    """Velocity at infinity, on the axes of the rotating frame at that moment."""
    return asymptote(1.0, *about(0.0, state))
