"""The triangle of Lambert's problem: lengths, directions, and the two numbers that the time of flight depends on."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from astro_logistics.astro._lambert_time import Shape

Components = tuple[Array, Array, Array]

PLANE_TOLERANCE = 4.5e-16  # |r1 x r2| / (r1 r2) at or below which the plane is rounding noise: two spacings of 1


class Triangle(NamedTuple):
    """The triangle, in units of the length of r1 and of the circular speed there."""

    along: tuple[Components, Components]  # unit vectors towards r1 and r2
    across: tuple[Components, Components]  # unit vectors perpendicular to them, in the plane, forwards
    normal: Components  # unit angular momentum
    r2_norm: Array
    product: Array  # r1 x r2 along the normal
    chord: Array
    semiperimeter: Array
    rho: Array  # (r1 - r2) / chord
    sine: Array  # 2 sqrt(r1 r2) sin(theta / 2) / chord, that is sqrt(1 - rho^2)
    shape: Shape
    length: Array  # |r1|, m
    speed: Array  # circular speed there, m/s
    time: Array  # time of flight in units of sqrt(s^3 / (2 mu))


def components(v: Array) -> Components:
    return v[..., 0], v[..., 1], v[..., 2]


def dot(a: Components, b: Components) -> Array:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def cross(a: Components, b: Components) -> Components:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def over(v: Components, by: Array) -> Components:
    return v[0] / by, v[1] / by, v[2] / by


def triangle(mu: Array, r1: Components, r2: Components, tof: Array, prograde: Array) -> Triangle:
    r1_norm = jnp.sqrt(dot(r1, r1))
    between = over((r2[0] - r1[0], r2[1] - r1[1], r2[2] - r1[2]), r1_norm)  # the difference before the division
    r1, r2 = over(r1, r1_norm), over(r2, r1_norm)
    r2_norm = jnp.sqrt(dot(r2, r2))
    chord = jnp.sqrt(dot(between, between))
    semiperimeter = 0.5 * (1.0 + r2_norm + chord)
    cosine = dot(r1, r2)
    acute = cosine >= 0.0
    side = (
        jnp.where(acute, between[0], r2[0]),
        jnp.where(acute, between[1], r2[1]),
        jnp.where(acute, between[2], r2[2]),
    )
    normal = cross(r1, side)
    normal_norm = jnp.sqrt(dot(normal, normal))
    sign = jnp.where((normal[2] < 0.0) == prograde, -1.0, 1.0)
    # sqrt(r1 r2 +- r1 . r2), the smaller one through |r1 x r2|, which keeps its digits near 0 and 180 degrees
    root = jnp.sqrt(r2_norm + jnp.where(acute, cosine, -cosine))
    root_plus = jnp.where(acute, root, normal_norm) / jnp.where(acute, 1.0, root)
    root_minus = jnp.where(acute, normal_norm, root) / jnp.where(acute, root, 1.0)
    one_minus = chord / semiperimeter
    near = one_minus < 0.5
    lam = sign * jnp.where(
        near, jnp.sqrt(jnp.where(near, 1.0 - one_minus, 1.0)), jnp.sqrt(0.5) * root_plus / semiperimeter
    )
    speed = jnp.sqrt(mu / r1_norm)
    time = tof * speed * jnp.sqrt(2.0 / semiperimeter) / (r1_norm * semiperimeter)
    total = (r1[0] + r2[0], r1[1] + r2[1], r1[2] + r2[2])
    rho = -dot(between, total) / ((1.0 + r2_norm) * chord)
    sine = jnp.sqrt(2.0) * root_minus / chord
    along, product = (r1, over(r2, r2_norm)), sign * normal_norm
    # near 0 and 180 degrees the normal is a small difference that the compiler may round otherwise for its length than
    # for its direction, 1e-16 / sin(angle) apart: made a unit vector once more from what it keeps, the quotient
    unit = over(normal, product)
    unit = over(unit, jnp.sqrt(dot(unit, unit)))
    across = (cross(unit, r1), cross(unit, along[1]))
    return Triangle(
        along=along,
        across=across,
        normal=unit,
        r2_norm=r2_norm,
        product=product,
        chord=chord,
        semiperimeter=semiperimeter,
        rho=rho,
        sine=sine,
        shape=Shape(lam, one_minus),
        length=r1_norm,
        speed=speed,
        time=time,
    )


def solvable(g: Triangle) -> Array:
    """Whether the plane is defined and the time is one that can be flown."""
    return (jnp.abs(g.product) > PLANE_TOLERANCE * g.r2_norm) & (g.time > 0.0) & jnp.isfinite(g.time)
