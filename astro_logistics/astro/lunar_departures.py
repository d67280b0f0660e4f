"""What it costs not to wait: the burn that leaves a parking orbit for the Moon on any date."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro._lunar_earth import precession
from astro_logistics.astro.lambert import lambert
from astro_logistics.astro.lunar_windows import ParkingOrbit, moon, normal, to_icrf
from astro_logistics.astro.orbits import circular_speed
from astro_logistics.astro.transfers import States
from astro_logistics.numerics import norm, unit

_POINTS, _ROUNDS = 129, 3  # injection points round the orbit, then twice between the neighbors of the best


@jax.jit
def departure_burn_now(
    ephemeris: States, orbit: ParkingOrbit, departure: ArrayLike, time_of_flight: ArrayLike, mu_earth: ArrayLike
) -> Array:
    """Least single burn (...) [m/s] that leaves a parking orbit for the Moon on a date, in its plane or not.

    min over the argument of latitude u of |v1(u) - v_circular(u)|, v1 of Lambert's arc to the Moon at arrival: what
    not waiting for the window costs. Differentiable (the envelope theorem: u is held at its best).

    Args:
        ephemeris, orbit: the Moon and the orbit; fields of the orbit are scalar.
        departure: TDB seconds past J2000 (...).
        time_of_flight: [s] (...).
        mu_earth: gravitational parameter [m3/s2].

    Errors: u to 0.001 degrees: under 1e-9 of the burn. As `transfer`, without its tangential departure, so a
    little below its burn at a window. Three burns, or a turn on the way, cost less when the plane is far off.
    """
    t, tof = jnp.asarray(departure, jnp.float64), jnp.asarray(time_of_flight, jnp.float64)
    target = moon(ephemeris, t + tof)[0]
    n = normal(orbit, t)
    radius = jnp.asarray(orbit.radius, jnp.float64)
    node = unit(jnp.cross(jax.lax.stop_gradient(to_icrf(precession(t), jnp.asarray([0.0, 0.0, 1.0]))), n))
    across = jnp.cross(n, node)
    speed = circular_speed(mu_earth, radius)

    shape = jnp.broadcast_shapes(t.shape, tof.shape)

    def burn(u: Array) -> Array:
        cos, sin = jnp.cos(u)[..., None], jnp.sin(u)[..., None]
        r = radius * (cos * node[..., None, :] + sin * across[..., None, :])
        v = speed * (cos * across[..., None, :] - sin * node[..., None, :])
        end = jnp.broadcast_to(target[..., None, :], r.shape)
        times = jnp.broadcast_to(tof[..., None] if tof.ndim else tof, u.shape)

        def leaves(prograde: Array) -> Array:
            return lambert(mu_earth, r, end, times, prograde=prograde).v1  # pyright: ignore[reportArgumentType]

        size = norm(jax.vmap(leaves)(jnp.asarray([True, False])) - v[None])  # either sense about the pole
        return jnp.fmin(size[0], size[1])

    def narrow(k: int, state: tuple[Array, Array]) -> tuple[Array, Array]:
        width = jnp.pi * (2.0 / (_POINTS - 1.0)) ** jnp.asarray(k, jnp.float64)
        around = state[0][..., None] + width * jnp.broadcast_to(jnp.linspace(-1.0, 1.0, _POINTS), (*shape, _POINTS))
        values = burn(around)
        best = jnp.argmin(jnp.where(jnp.isnan(values), jnp.inf, values), axis=-1)
        best = best[..., None]
        return (
            jnp.take_along_axis(around, best, axis=-1)[..., 0],
            jnp.take_along_axis(values, best, axis=-1)[..., 0],
        )

    infinite = jnp.full(shape, jnp.inf)
    return jax.lax.fori_loop(0, _ROUNDS, narrow, (jnp.zeros(shape), infinite))[1]
