"""A third-order halo orbit (Richardson 1980): the start from which `periodic_orbits` corrects."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from astro_logistics.astro.cr3bp import lagrange_points


def halo_guess(mu: Array, point: int, height: Array) -> Array:
    """Halo orbit about L1 or L2 at its crossing of the xz-plane farther from the xy-plane.

    Lindstedt-Poincare solution about the point, with the distance of the point from the second body as unit
    (Richardson 1980, "Analytic construction of periodic orbits about the collinear points", appendix).

    Args:
        mu: mass ratio.
        point: 1 or 2.
        height: z at the crossing to first order; positive for the northern family.

    Returns:
        (x, z, vy, half period) in the units of the system; errors of fourth order in `height` over the unit.
    """
    if point not in (1, 2):
        raise ValueError(f"halo orbits are built about point 1 or 2, not {point}")
    side = 1.0 if point == 1 else -1.0  # the second body lies to the right of L1, to the left of L2
    center = lagrange_points(mu)[point - 1, 0]
    g = jnp.abs(center - 1.0 + mu)
    ratio = g / (1.0 - side * g)

    def c(n: int) -> Array:
        sign = (-1.0) ** n
        return ((1.0 if point == 1 else sign) * mu + sign * (1.0 - mu) * ratio ** (n + 1)) / g**3

    c2, c3, c4 = c(2), c(3), c(4)
    w = jnp.sqrt(0.5 * (2.0 - c2 + jnp.sqrt(9.0 * c2 * c2 - 8.0 * c2)))
    w2 = w * w
    k = (w2 + 1.0 + 2.0 * c2) / (2.0 * w)
    k2 = k * k
    d1 = 3.0 * w2 / k * (k * (6.0 * w2 - 1.0) - 2.0 * w)
    d2 = 8.0 * w2 / k * (k * (11.0 * w2 - 1.0) - 2.0 * w)
    a21 = 3.0 * c3 * (k2 - 2.0) / (4.0 * (1.0 + 2.0 * c2))
    a22 = 3.0 * c3 / (4.0 * (1.0 + 2.0 * c2))
    a23 = -3.0 * c3 * w / (4.0 * k * d1) * (3.0 * k2 * k * w - 6.0 * k * (k - w) + 4.0)
    a24 = -3.0 * c3 * w / (4.0 * k * d1) * (2.0 + 3.0 * k * w)
    b21 = -3.0 * c3 * w / (2.0 * d1) * (3.0 * k * w - 4.0)
    b22 = 3.0 * c3 * w / d1
    d21 = -c3 / (2.0 * w2)
    d31 = 3.0 / (64.0 * w2) * (4.0 * c3 * a24 + c4)
    d32 = 3.0 / (64.0 * w2) * (4.0 * c3 * (a23 - d21) + c4 * (4.0 + k2))
    e1 = 4.0 * c3 * (k * a23 - b21) + k * c4 * (4.0 + k2)
    e2 = 3.0 * c3 * (2.0 * a23 - k * b21) + c4 * (2.0 + 3.0 * k2)
    e3 = 4.0 * c3 * (k * a24 - b22) + k * c4
    e4 = c3 * (k * b22 + d21 - 2.0 * a24) - c4
    a31 = -9.0 * w / (4.0 * d2) * e1 + (9.0 * w2 + 1.0 - c2) / (2.0 * d2) * e2
    a32 = -(2.25 * w * e3 + 1.5 * (9.0 * w2 + 1.0 - c2) * e4) / d2
    b31 = 3.0 / (8.0 * d2) * (-8.0 * w * e2 + (9.0 * w2 + 1.0 + 2.0 * c2) * e1)
    b32 = (9.0 * w * e4 + 0.375 * (9.0 * w2 + 1.0 + 2.0 * c2) * e3) / d2
    scale = 1.0 / (2.0 * w * (w * (1.0 + k2) - 2.0 * k))
    s1 = scale * (
        1.5 * c3 * (2.0 * a21 * (k2 - 2.0) - a23 * (k2 + 2.0) - 2.0 * k * b21)
        - 0.375 * c4 * (3.0 * k2 * k2 - 8.0 * k2 + 8.0)
    )
    s2 = scale * (
        1.5 * c3 * (2.0 * a22 * (k2 - 2.0) + a24 * (k2 + 2.0) + 2.0 * k * b22 + 5.0 * d21) + 0.375 * c4 * (12.0 - k2)
    )
    l1 = -1.5 * c3 * (2.0 * a21 + a23 + 5.0 * d21) - 0.375 * c4 * (12.0 - k2) + 2.0 * w2 * s1
    l2 = 1.5 * c3 * (a24 - 2.0 * a22) + 1.125 * c4 + 2.0 * w2 * s2
    az = jnp.abs(height) / g
    ax = jnp.sqrt((c2 - w2 - l2 * az * az) / l1)  # the two frequencies agree at this amplitude only
    frequency = w * (1.0 + s1 * ax * ax + s2 * az * az)

    def crossing(cosine: float) -> tuple[Array, Array, Array]:
        x2, x3 = a23 * ax * ax - a24 * az * az, a31 * ax**3 - a32 * ax * az * az
        y2, y3 = b21 * ax * ax - b22 * az * az, b31 * ax**3 - b32 * ax * az * az
        x = a21 * ax * ax + a22 * az * az + x2 + cosine * (x3 - ax)
        z = -2.0 * d21 * ax * az + cosine * (az + d32 * az * ax * ax - d31 * az**3)
        vy = frequency * (2.0 * y2 + cosine * (k * ax + 3.0 * y3))
        return x, z, vy

    x, z, vy = crossing(1.0 if point == 1 else -1.0)
    north = jnp.sign(height) * jnp.sign(z)
    return jnp.stack([center + g * x, north * g * z, g * vy, jnp.pi / frequency])
