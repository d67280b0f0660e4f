"""Sites from which the muzzle speed does not matter, to first order: achromatic launch.

Seen from a site, shots of neighboring speeds pass a target on one side or the other, but for one longitude at which
they all cross the same point of the plane through the target: there the first derivative of the miss by the speed
vanishes. It is also where two families of shots merge: beyond that longitude neither reaches the target.

Reference: Heppenheimer 1977, AIAA J. 15, 518 (any site has a target that is reached without dispersion by one
component of the muzzle velocity; here the target is given and the site is solved for). The launch longitude of 33.1
degrees east of the studies of 1975 to 1979, at about 2.4 km/s to L2, is the one found here for rails that point
level to the east.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro.cr3bp import System, propagate_with_stm
from astro_logistics.astro.cr3bp_flow import rate
from astro_logistics.astro.lunar_launch import Shot, Site, muzzle_state
from astro_logistics.astro.lunar_launch_aim import Target
from astro_logistics.numerics import unit
from astro_logistics.pytree import Pytree, field

_STEPS = 24
_TOLERANCE = 1e-9
_STEP = 1e-6
"""Change of each unknown for the derivatives of the slope, in their units; they only decide how fast it converges."""
_LARGEST = np.asarray([0.1, 0.02, 0.1, 0.1])


class Achromatic(Pytree):
    """A site and a shot whose miss in the orbital plane does not depend on the muzzle speed, to first order."""

    site: Site
    shot: Shot
    time: Array = field(unit="s", doc="time of flight", low=0.0)
    residual: Array = field(unit="", doc="largest residual, in units of the system", low=0.0)
    converged: Array = field(unit="", doc="whether the residual is below 1e-9")


def _start(system: System, latitude: Array, radius: Array, elevation: Array, u: Array) -> Array:
    """State (6,) at the muzzle; u is longitude, speed, azimuth and time of flight, in units of the system."""
    shot = Shot(speed=u[1] * system.length / system.time, azimuth=u[2], elevation=elevation)
    return muzzle_state(system, Site(longitude=u[0], latitude=latitude, radius=radius), shot)


def _equations(system: System, target: Target, states: Array, time: Array) -> tuple[Array, Array, Array]:
    """Misses (n, 3) and slopes (n,) of lanes of states (n, 6), and the matrices (n, 6, 6)."""
    ends, stms = propagate_with_stm(system.mass_ratio, states, time)
    relative = ends[:, 3:] - target.velocity[None]
    left = jnp.stack([-relative[:, 1], relative[:, 0], jnp.zeros_like(time)], axis=-1)
    along = unit(states[:, 3:])
    slope = jnp.einsum("ni,nij,nj->n", unit(left), stms[:, :3, 3:], along)
    return ends, jnp.concatenate([ends[:, :3] - target.position[None], slope[:, None]], axis=-1), stms


@jax.jit
def _solve(
    system: System, latitude: Array, radius: Array, elevation: Array, target: Target, u: Array
) -> tuple[Array, Array]:
    """Solution (longitude, speed, azimuth, time) in units of the system, and its residual."""

    def start(u: Array) -> Array:
        return _start(system, latitude, radius, elevation, u)

    def step(_: int, carry: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        u, best, least = carry
        near = u[None] + _STEP * jnp.concatenate([jnp.zeros((1, 4)), jnp.eye(4)])
        ends, values, stms = _equations(system, target, jax.vmap(start)(near), near[:, 3])
        size = jnp.max(jnp.abs(values[0]))
        better = size < least
        best, least = jnp.where(better, u, best), jnp.where(better, size, least)
        place = (stms[0] @ jax.jacfwd(start)(u))[:3].at[:, 3].add(rate(system.mass_ratio, ends[0])[:3])
        slope = (values[1:, 3] - values[0, 3]) / _STEP
        change = -jnp.linalg.solve(jnp.concatenate([place, slope[None]]), values[0])
        return u + change / jnp.maximum(1.0, jnp.max(jnp.abs(change) / _LARGEST)), best, least

    return jax.lax.fori_loop(0, _STEPS, step, (u, u, jnp.asarray(jnp.inf)))[1:]


def _residual(u: Array, system: System, latitude: Array, radius: Array, elevation: Array, target: Target) -> Array:
    """The four equations of one lane."""
    state = _start(system, latitude, radius, elevation, u)
    return _equations(system, target, state[None], u[3][None])[1][0]


@jax.custom_jvp
def _attach(u: Array, system: System, latitude: Array, radius: Array, elevation: Array, target: Target) -> Array:
    """The solution `u`, with the derivatives that it has by what follows it."""
    return u


@_attach.defjvp
def _attach_jvp(primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Array, Array]:
    u, *given = primals

    def along(d_u: Array, d_given: Any) -> Array:
        return jax.jvp(_residual, (u, *given), (d_u, *d_given))[1]

    still = jax.tree.map(jnp.zeros_like, tuple(given))
    slope = jax.vmap(lambda d: along(d, still), out_axes=1)(jnp.eye(4))
    return u, -jnp.linalg.solve(slope, along(jnp.zeros(4), tangents[1:]))


def achromatic(
    system: System,
    latitude: ArrayLike,
    radius: ArrayLike,
    elevation: ArrayLike,
    target: Target,
    guess: tuple[ArrayLike, ArrayLike, ArrayLike, ArrayLike],
) -> Achromatic:
    """The longitude, speed, azimuth and time of flight that reach a point with a miss stationary in the speed.

        position = p,  n . Phi_rv v/|v| = 0,  n across the arrival velocity, in the orbital plane

    Newton's method, its matrix from the state transition matrix and, for the slope, from differences of it.

    Args:
        system: the Earth and the Moon.
        latitude: of the site, rad; radius: its distance from the Moon's center, m; elevation: of the rails, rad.
        target: from `lunar_launch_aim.point`, fields scalar.
        guess: longitude rad, speed m/s, azimuth rad and time of flight s to start from.

    Returns:
        An `Achromatic`; NaN where none is found near the guess. First derivatives by everything but the guess, in
        forward and reverse mode (implicit function theorem, with second derivatives of the flow).
    """
    parts = [jnp.asarray(x, jnp.float64) for x in (latitude, radius, elevation)]
    longitude, speed, azimuth, time = (jnp.asarray(x, jnp.float64) for x in guess)
    unit_speed = system.length / system.time
    u = jnp.stack([longitude, speed / unit_speed, azimuth, time / system.time])
    held = jax.lax.stop_gradient((system, *parts, target, u))
    found, residual = _solve(*held)
    found = _attach(jnp.where(residual < _TOLERANCE, found, jnp.nan), system, *parts, target)
    return Achromatic(
        site=Site(longitude=found[0], latitude=parts[0], radius=parts[1]),
        shot=Shot(speed=found[1] * unit_speed, azimuth=found[2], elevation=parts[2]),
        time=found[3] * system.time,
        residual=residual,
        converged=residual < _TOLERANCE,
    )
