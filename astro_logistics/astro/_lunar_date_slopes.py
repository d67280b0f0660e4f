"""How the muzzle conditions of a shot at the real Moon change with all that they were solved for."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
from jax import Array

from astro_logistics.astro._lunar_date_equations import CENTER, LARGEST, equations, start
from astro_logistics.astro._point_mass_flow import flow_sensitivity, rate
from astro_logistics.astro.cr3bp import System
from astro_logistics.astro.ephemeris import Ephemeris
from astro_logistics.astro.lunar_launch import Site
from astro_logistics.astro.lunar_launch_aim import Target


@jax.jit
def begin(ephemeris: Ephemeris, dates: Array, site: Site, u: Array) -> Array:
    """States (n, 6) at the muzzle."""
    return jax.vmap(lambda t, u: start(ephemeris, t, site, u))(dates, u)


def least_change(slope: Array, off: Array, steered: Array) -> Array:
    """Change (4,) of the unknowns, least in the measure of `LARGEST`, that moves residuals (3,) by -off.

    Without `steered` the elevation stays, and it is the one change that does; `slope` is (3, 4).
    """
    free = jnp.asarray(LARGEST) * jnp.asarray([1.0, 1.0, 0.0, 1.0]).at[2].set(steered)
    scaled = slope * free[None]
    return -free * (scaled.T @ jnp.linalg.solve(scaled @ scaled.T, off))


@jax.custom_jvp
def attach(
    u: Array,
    ephemeris: Ephemeris,
    steered: Array,
    elevation: Array,
    mu: Array,
    system: System,
    site: Site,
    target: Target,
    dates: Array,
) -> Array:
    """Solved unknowns `u` (n, 4), with the derivatives that they have by what follows `steered`.

    Of the ephemeris none: it is held.
    """
    return u


@attach.defjvp
def _attach_jvp(primals: tuple[Any, ...], tangents: tuple[Any, ...]) -> tuple[Array, Array]:
    """F(u; x) = 0: du = -F_u^-1 F_x dx, or the least such change."""
    u, ephemeris, steered, _, mu, system, site, target, dates = primals
    first = begin(ephemeris, dates, site, u)
    lanes = jnp.broadcast_to(mu[:, None], (3, dates.size)), first.T, dates, u[:, 3]
    flown = flow_sensitivity(CENTER, ephemeris, *lanes)
    return u, _change(ephemeris, steered, (u, mu, system, site, target, dates), first, flown, tangents[3], tangents[4:])


@jax.jit
def _change(
    ephemeris: Ephemeris,
    steered: Array,
    values: tuple[Any, ...],
    first: Array,
    flown: tuple[Array, Array],
    raised: Array,
    moved: tuple[Any, ...],
) -> Array:
    """Change (n, 4) of the unknowns for that of the elevation and of all that follows it."""
    per_lane = (0, None, None, None, None, 0)  # u, mu, system, site, target, dates

    def lane(values: tuple[Any, ...], first: Array, end: Array, sens: Array, moved: tuple[Any, ...]) -> Array:
        u, mu, _, site, _, t = values

        early, late = (
            rate(ephemeris, CENTER, mu[:, None], x[:, None], at[None])[:, 0] for x, at in ((first, t), (end, t + u[3]))
        )

        def told(values: tuple[Any, ...], end: Array) -> Array:
            u, mu, system, _, target, t = values
            return equations(ephemeris, mu, system, target, (end, t + u[3], u[1], u[3]))[0]

        def unmet(changes: tuple[Any, ...]) -> Array:
            """Change of the residuals, by the flow's own derivatives."""
            d_u, d_mu, _, d_site, _, d_t = changes
            begun = jax.jvp(lambda t, site, u: start(ephemeris, t, site, u), (t, site, u), (d_t, d_site, d_u))[1]
            d_end = sens @ jnp.concatenate([begun - early * d_t, d_mu]) + late * (d_t + d_u[3])
            return jax.jvp(told, (values, end), (changes, d_end))[1]

        lifted = jnp.zeros(4).at[2].set((1.0 - steered) * raised)
        unknowns = jnp.concatenate([jnp.eye(4), lifted[None]])
        given = jax.tree.map(lambda d: jnp.concatenate([jnp.zeros((4, *d.shape)), d[None]]), moved)
        found = jax.vmap(unmet, out_axes=-1)(
            (unknowns, *given)
        )  # by each unknown, and by all that is given: one program
        return lifted + least_change(found[:, :4], found[:, 4], steered)

    end, sens = flown
    lanes = jax.vmap(lane, in_axes=(per_lane, 0, 1, 2, per_lane[1:]))
    return lanes(values, first, end, sens, moved)
