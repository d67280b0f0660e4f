"""A low-thrust leg as impulses between Kepler arcs, flown from both ends to the middle: values and exact Jacobian."""

from __future__ import annotations

from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from astro_logistics.astro.kepler import propagate


class Scaled(NamedTuple):
    """What the traced function needs besides its variables; lengths in the first radius, mu = 1, mass 1."""

    axes: Any  # (3, 3): columns from which the thrust's two angles are counted
    acceleration: Any  # full thrust over the mass at the start
    exhaust: Any  # exhaust speed


class Variables(NamedTuple):
    """Throttle and two angles of each segment (n, 3), both ends (6,), time of flight; all scaled."""

    controls: Any
    start: Any
    end: Any
    tof: Any


class Path(NamedTuple):
    """What one evaluation gives; at the middle of each segment the state just before its impulse."""

    values: Array  # (8,): miss of position and velocity, propellant, mean square of the throttle
    throttle: Array
    mass: Array
    r: Array
    v: Array


def _thrust(controls: Array, axes: Array) -> Array:
    """Throttle vectors (n, 3)."""
    size, along, up = controls[:, 0], controls[:, 1], controls[:, 2]
    local = jnp.stack([jnp.cos(along) * jnp.cos(up), jnp.sin(along) * jnp.cos(up), jnp.sin(up)], axis=-1)
    return size[:, None] * (local @ axes.T)


def _fly(x: Variables, craft: Scaled) -> tuple[Array, Path]:
    """Both halves at once: forward from the start and backward from the end, to where they meet."""
    n = x.controls.shape[0]
    half, step = n // 2, x.tof / n
    throttle = _thrust(x.controls, craft.axes)
    burned = jnp.cumsum(x.controls[:, 0]) * craft.acceleration / craft.exhaust * step
    mass = 1.0 - jnp.concatenate([jnp.zeros(1), burned])
    size = x.controls[:, :1]
    # the impulse per unit of throttle: exhaust ln(m / m') / size, written so that it holds at size 0
    drop = craft.acceleration / craft.exhaust * step / mass[:-1, None]
    share = drop * size
    small = share < 1e-8
    per_size = jnp.where(small, drop, -jnp.log1p(-jnp.where(small, 0.5, share)) / jnp.where(small, 1.0, size))
    kicks = craft.exhaust * per_size * throttle
    legs = jnp.stack([kicks[:half], -kicks[half:][::-1]], axis=1)  # (half, 2, 3)
    legs = jnp.concatenate([legs, jnp.zeros((1, 2, 3))])
    shares = np.full(half + 1, 1.0)
    shares[[0, -1]] = 0.5
    times = jnp.asarray(shares)[:, None] * step * jnp.array([1.0, -1.0])[None, :]

    def segment(state: tuple[Array, Array], inputs: tuple[Array, Array]) -> tuple[tuple[Array, Array], Any]:
        kick, dt = inputs
        r, v = propagate(1.0, *state, dt)
        return (r, v + kick), (r, v)

    ends = jnp.stack([x.start, x.end])
    (r, v), (all_r, all_v) = jax.lax.scan(segment, (ends[:, :3], ends[:, 3:]), (legs, times))
    miss = jnp.concatenate([r[0] - r[1], v[0] - v[1]])
    values = jnp.concatenate([miss, burned[-1:], jnp.mean(x.controls[:, 0] ** 2)[None]])
    # going backward the velocity met at a segment is the one after its impulse
    back = all_v[:half, 1] + legs[:half, 1]
    middle_r = jnp.concatenate([all_r[:half, 0], all_r[:half, 1][::-1]])
    middle_v = jnp.concatenate([all_v[:half, 0], back[::-1]])
    return values, Path(values, throttle, mass, middle_r, middle_v)


fly_with_jacobian = jax.jit(jax.jacrev(_fly, has_aux=True))
"""Jacobian of `Path.values` by the variables, and the `Path`; fused, compiled once for a number of segments."""
