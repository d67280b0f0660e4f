"""Shadow on a circular orbit: the angle of the Sun to the plane, the light lost per orbit and per year.

The Sun has a finite disc, so the light fades over a band instead of at an edge. Averaging over that disc is what makes
every function here twice differentiable through the onset of eclipses, where a point Sun would give a square root.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.constants import ASTRONOMICAL_UNIT, SOLAR_RADIUS
from astro_logistics.numerics import norm

SUN_ANGULAR_RADIUS = SOLAR_RADIUS / ASTRONOMICAL_UNIT
"""rad, at 1 au."""


def orbit_normal(i: ArrayLike, raan: ArrayLike) -> Array:
    """Unit normal of an orbit's plane: (sin i sin raan, -sin i cos raan, cos i).

    Args:
        i: inclination [rad].
        raan: right ascension of the ascending node [rad]; the shape of `i`.

    Returns:
        Unit vectors (..., 3), along the angular momentum.

    References: Vallado 2013, sec. 2.4.
    """
    i, raan = jnp.broadcast_arrays(jnp.asarray(i, jnp.float64), jnp.asarray(raan, jnp.float64))
    return jnp.stack([jnp.sin(i) * jnp.sin(raan), -jnp.sin(i) * jnp.cos(raan), jnp.cos(i)], axis=-1)


def sun_direction(longitude: ArrayLike, obliquity: ArrayLike) -> Array:
    """Direction of the Sun in equatorial axes from its ecliptic longitude.

    Args:
        longitude: ecliptic longitude [rad].
        obliquity: angle between equator and ecliptic [rad], a scalar or the shape of `longitude`.

    Returns:
        Unit vectors (..., 3).

    References: Vallado 2013, sec. 5.1.
    """
    longitude, obliquity = jnp.broadcast_arrays(
        jnp.asarray(longitude, jnp.float64), jnp.asarray(obliquity, jnp.float64)
    )
    y = jnp.sin(longitude)
    return jnp.stack([jnp.cos(longitude), y * jnp.cos(obliquity), y * jnp.sin(obliquity)], axis=-1)


def beta_angle(normal: ArrayLike, sun: ArrayLike) -> Array:
    """Angle of the Sun above the orbit plane: sin(beta) = n . s / (|n| |s|).

    Args:
        normal: normals of the orbit (..., 3), any length (r x v will do).
        sun: vectors to the Sun (..., 3), any length.

    Returns:
        beta [rad] in [-pi/2, pi/2], positive on the side of the normal; NaN for a zero vector.

    References: Vallado 2013, sec. 5.3.
    """
    normal, sun = jnp.asarray(normal, jnp.float64), jnp.asarray(sun, jnp.float64)
    along = jnp.sum(normal * sun, axis=-1)
    across = norm(jnp.cross(normal, sun))
    zero = (along == 0.0) & (across == 0.0)
    return jnp.where(zero, jnp.nan, jnp.arctan2(jnp.where(zero, 1.0, along), across))


def sun_synchronous_beta(i: ArrayLike, node_angle: ArrayLike, longitude: ArrayLike, obliquity: ArrayLike) -> Array:
    """Beta angle of a sun-synchronous orbit when the Sun's ecliptic longitude is given.

    The node keeps the angle `node_angle` to the mean Sun, which runs along the equator: raan = longitude + node_angle.

    Args:
        i: inclination [rad].
        node_angle: right ascension of the ascending node less that of the mean Sun [rad]: (LTAN - 12 h) 15 deg/h, so
            pi/2 for LTAN 18:00, -pi/2 for LTAN 06:00.
        longitude: ecliptic longitude of the Sun [rad].
        obliquity: obliquity of the ecliptic [rad].

    Returns:
        beta [rad], broadcast.

    Errors: the Sun's motion in longitude is taken as uniform (it leads or lags by up to 1.9 deg); the part of the
    equation of time that comes from the obliquity is included.

    References: Vallado 2013, sec. 5.3, 11.4.
    """
    i, node_angle, longitude, obliquity = jnp.broadcast_arrays(
        *(jnp.asarray(x, jnp.float64) for x in (i, node_angle, longitude, obliquity))
    )
    return beta_angle(orbit_normal(i, longitude + node_angle), sun_direction(longitude, obliquity))


def cylindrical_eclipse_fraction(beta: ArrayLike, radius: ArrayLike, r: ArrayLike) -> Array:
    """Fraction of a circular orbit inside the cylinder of shadow of a point Sun: acos(sqrt(1-(R/r)^2)/cos beta)/pi.

    Args:
        beta: angle of the Sun to the orbit plane [rad].
        radius: radius of the body [m].
        r: radius of the orbit [m].

    Returns:
        Fraction of the period; 0 where there is no eclipse, NaN for r < radius. The slope is infinite at the onset:
        `eclipse_fraction` is the smooth form for models.

    Errors: point Sun, spherical body, no air: see `eclipse_fraction`.

    References: Vallado 2013, sec. 5.3; Wertz & Larson 1999, sec. 5.1.
    """
    beta, radius, r = (jnp.asarray(x, jnp.float64) for x in (beta, radius, r))
    u = jnp.sqrt(1.0 - (radius / r) ** 2) / jnp.cos(beta)
    dark = u < 1.0
    return jnp.where(dark, jnp.arccos(jnp.where(dark, u, 0.0)) / jnp.pi, jnp.where(jnp.isnan(u), u, 0.0))


def _acos0(u: Array) -> Array:
    """acos(u), and 0 for u >= 1; NaN stays NaN."""
    inside = ~(u >= 1.0)
    return jnp.where(inside, jnp.arccos(jnp.where(inside, u, 0.0)), 0.0)


@jax.custom_jvp
def _acos1(u: Array) -> Array:
    """Integral of `_acos0` from 1 to u: u acos u - sqrt(1 - u^2)."""
    inside = ~(u >= 1.0)
    v = jnp.where(inside, u, 0.0)
    return jnp.where(inside, v * jnp.arccos(v) - jnp.sqrt(1.0 - v * v), 0.0)


@jax.custom_jvp
def _acos2(u: Array) -> Array:
    """Integral of `_acos1` from 1 to u: (2 u^2 + 1) acos(u) / 4 - 3 u sqrt(1 - u^2) / 4."""
    inside = ~(u >= 1.0)
    v = jnp.where(inside, u, 0.0)
    return jnp.where(inside, 0.25 * ((2.0 * v * v + 1.0) * jnp.arccos(v) - 3.0 * v * jnp.sqrt(1.0 - v * v)), 0.0)


# The exact derivatives: differentiating the forms above would subtract two infinite terms at u = 1.
_acos1.defjvps(lambda u_dot, _, u: u_dot * _acos0(u))
_acos2.defjvps(lambda u_dot, _, u: u_dot * _acos1(u))


def eclipse_fraction(
    beta: ArrayLike, radius: ArrayLike, r: ArrayLike, sun_angular_radius: ArrayLike = SUN_ANGULAR_RADIUS
) -> Array:
    """Fraction of the sunlight that a circular orbit loses to the shadow of a body, penumbra counted in part.

    (1/pi) integral of w(x) acos((cos(rho) - x) / cos(beta)) dx with rho = asin(R/r) + R/d: the shadow cast by a point,
    averaged over the Sun's disc. The lengths of the disc's chords, a semicircle w of half-width s sin(rho), are
    replaced by the trapezoid of the same second and fourth moments, which integrates in closed form and leaves the
    result twice continuously differentiable in all arguments.

    Args:
        beta: angle of the Sun to the orbit plane [rad].
        radius: radius of the body [m].
        r: radius of the orbit [m].
        sun_angular_radius: s, angular radius of the Sun's disc [rad], above zero.

    Returns:
        Mean covered fraction of the disc over one orbit, 0 to 1/2; 0 without eclipse, NaN for r < radius. Times the
        period it is the length of the eclipse from half covered to half covered.

    Validity: r at least 1 % above the surface; spherical body without air, uniform solar disc.

    Errors: against the exact overlap of the two discs, 1.2e-4 at 550 km and 2e-4 at worst (1 s per
    orbit), where a grazing eclipse begins, 1e-5 elsewhere; rounding 1e-11 in low orbit, 1e-9 at ten radii.
    Flattening and refraction of the Earth, left out, matter more: 20 km in the height of the limb shift the onset by
    0.4 deg of beta.

    References: Montenbruck & Gill 2000, sec. 3.4 (disc overlap).
    """
    beta, radius, r, s = (jnp.asarray(x, jnp.float64) for x in (beta, radius, r, sun_angular_radius))
    cos_rho, half_sum, half_difference = shadow_edge(radius, r, s)
    cos_beta = jnp.cos(beta)
    never = cos_beta < 0.5 * (cos_rho - half_sum)
    cos_beta = jnp.where(never, 1.0, cos_beta)
    u, p, q = cos_rho / cos_beta, half_sum / cos_beta, half_difference / cos_beta
    mean = (_acos2(u + p) - _acos2(u + q) - _acos2(u - q) + _acos2(u - p)) / (p * p - q * q)
    return jnp.where(never, 0.0, mean / jnp.pi)


def shadow_edge(radius: Array, r: Array, s: Array) -> tuple[Array, Array, Array]:
    """cos(rho), and half the base and half the top of the trapezoid in cos(rho) that stands for the Sun's disc.

    rho = asin(R/r) + R/d, the angle off the anti-solar line at which the Sun's center is on the limb; the second term
    (4e-5 rad at the Earth) is the Sun's parallax, from its distance d = R_sun / s.

    It is the convolution of two boxes of half-widths A and B times s sin(rho), with A^2 + B^2 = 3/4 and
    A^4 + B^4 = 15/32: the variance, 1/4, and the fourth moment, 1/8, of the semicircle.
    """
    wide, narrow = jnp.sqrt((3.0 + jnp.sqrt(6.0)) / 8.0), jnp.sqrt((3.0 - jnp.sqrt(6.0)) / 8.0)
    sin_rho = radius / r
    cos_rho = jnp.sqrt(1.0 - sin_rho**2) - sin_rho * s * radius / SOLAR_RADIUS
    width = s * sin_rho
    return cos_rho, (wide + narrow) * width, (wide - narrow) * width
