"""How the Earth's equator and the ground are turned: precession, sidereal angle, and a site's axes.

Mean equator and equinox of date; nutation (17 arcsec at most), polar motion (0.5 arcsec) and the ICRF's frame bias
(0.02 arcsec) are left out.
"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jax import Array

from astro_logistics.constants import DAY

_ARCSECOND = np.pi / 648_000.0
_CENTURY = 36_525.0 * DAY


def _polynomial(t: Array, *coefficients: float) -> Array:
    """Angle [rad] of a polynomial in t with coefficients in arcseconds, the constant first."""
    total = jnp.full_like(t, coefficients[-1])
    for c in coefficients[-2::-1]:
        total = total * t + c
    return _ARCSECOND * total


def precession(t: Array) -> Array:
    """Matrix (..., 3, 3) from ICRF axes to the mean equator and equinox of date, t in TDB seconds past J2000.

    R3(-z) R2(theta) R3(-zeta), IAU 2006: Capitaine, Wallace & Chapront 2003, eq. 40.
    """
    c = t / _CENTURY
    zeta = _polynomial(c, 2.650545, 2306.083227, 0.2988499, 0.01801828, -0.000005971, -0.0000003173)
    z = _polynomial(c, -2.650545, 2306.077181, 1.0927348, 0.01826837, -0.000028596, -0.0000002904)
    theta = _polynomial(c, 0.0, 2004.191903, -0.4294934, -0.04182264, -0.000007089, -0.0000001274)
    c1, s1, c2, s2, c3, s3 = *_cos_sin(zeta), *_cos_sin(theta), *_cos_sin(z)
    rows = (
        (c1 * c2 * c3 - s1 * s3, -s1 * c2 * c3 - c1 * s3, -s2 * c3),
        (c1 * c2 * s3 + s1 * c3, -s1 * c2 * s3 + c1 * c3, -s2 * s3),
        (c1 * s2, -s1 * s2, c2),
    )
    return jnp.stack([jnp.stack(row, axis=-1) for row in rows], axis=-2)


def _cos_sin(angle: Array) -> tuple[Array, Array]:
    return jnp.cos(angle), jnp.sin(angle)


def sidereal_angle(t: Array, delta_t: Array) -> Array:
    """Greenwich mean sidereal time [rad], t in TDB seconds past J2000, delta_t = TT - UT1 [s].

    Earth rotation angle plus the accumulated precession in right ascension: IERS Conventions 2010, eq. 5.15, 5.32.
    TDB stands for TT (2 ms at most, 0.03 arcsec).
    """
    days = (t - delta_t) / DAY
    turns = 0.7790572732640 + 0.00273781191135448 * days + jnp.mod(days, 1.0)
    c = t / _CENTURY
    return 2.0 * jnp.pi * turns + _polynomial(c, 0.014506, 4612.156534, 1.3915817, -0.00000044, -0.000029956)


def site_axes(latitude: Array, angle: Array) -> tuple[Array, Array, Array]:
    """Up, east and north (..., 3) on the equator of date, of a site at geocentric latitude and local sidereal angle."""
    cos_l, sin_l, cos_a, sin_a = *_cos_sin(latitude), *_cos_sin(angle)
    cos_l, sin_l, cos_a, sin_a = jnp.broadcast_arrays(cos_l, sin_l, cos_a, sin_a)
    up = jnp.stack([cos_l * cos_a, cos_l * sin_a, sin_l], axis=-1)
    east = jnp.stack([-sin_a, cos_a, jnp.zeros_like(cos_a)], axis=-1)
    north = jnp.stack([-sin_l * cos_a, -sin_l * sin_a, cos_l], axis=-1)
    return up, east, north
