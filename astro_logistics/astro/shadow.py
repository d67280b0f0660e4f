"""Umbra and penumbra at any point of space: how much of the Sun's disc a body covers."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.constants import SOLAR_RADIUS
from astro_logistics.numerics import norm, safe_sqrt


def covered_fraction(to_sun: ArrayLike, to_body: ArrayLike, radius: ArrayLike) -> Array:
    """Part of the Sun's disc that a sphere covers: the overlap of two discs on the sky, over the area of the Sun's.

    Args:
        to_sun: vectors from the observer to the Sun (..., 3) [m].
        to_body: vectors from the observer to the body (..., 3) [m].
        radius: radius of the body [m].

    Returns:
        0 in full sunlight, 1 in the umbra, (b/a)^2 in the middle of an annular eclipse; NaN inside the body. Once
        differentiable where the discs touch.

    Errors: both discs are taken as plane (1e-5 while one of them is small); spherical body without air, uniform solar
    disc (the real one is darker at its limb: some percent in the middle of the penumbra).

    References: Montenbruck & Gill 2000, sec. 3.4.2.
    """
    to_sun, to_body = jnp.asarray(to_sun, jnp.float64), jnp.asarray(to_body, jnp.float64)
    sun, body = norm(to_sun), norm(to_body)
    a, b = jnp.arcsin(SOLAR_RADIUS / sun), jnp.arcsin(jnp.asarray(radius, jnp.float64) / body)
    cross, dot = norm(jnp.cross(to_sun, to_body)), jnp.sum(to_sun * to_body, axis=-1)
    c = jnp.arctan2(cross, dot)
    apart, inside = c >= a + b, c <= jnp.abs(a - b)
    partly = ~(apart | inside)
    c = jnp.where(partly, c, jnp.maximum(a, b))
    x = (c * c + a * a - b * b) / (2.0 * c)
    half_chord = safe_sqrt(jnp.where(partly, a * a - x * x, 1.0))
    area = a * a * jnp.arctan2(half_chord, x) + b * b * jnp.arctan2(half_chord, c - x) - c * half_chord
    full = jnp.where(a > b, (b / a) ** 2, 1.0)
    found = jnp.where(partly, area / (jnp.pi * a * a), jnp.where(apart, 0.0, full))
    return jnp.where(jnp.isnan(a + b + c), jnp.nan, found)
