"""Sunlight through the year: sunlit fraction, longest eclipse and eclipse season of whole families of orbits."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro.eclipse import SUN_ANGULAR_RADIUS, eclipse_fraction, shadow_edge
from astro_logistics.astro.orbits import period
from astro_logistics.numerics import gauss_legendre


def _longitude_of_beta(sin_beta: Array, i: Array, obliquity: Array) -> tuple[Array, Array]:
    """Sun's longitude, up to the solstice, where a dawn-dusk orbit has a given beta; and whether it ever has.

    sin(i) (1 - (1 - cos(ob)) y^2) + cos(i) sin(ob) y = sin(beta), solved for y, the sine of the longitude.
    """
    a = jnp.sin(i) * (1.0 - jnp.cos(obliquity))
    b = -jnp.cos(i) * jnp.sin(obliquity)
    c = sin_beta - jnp.sin(i)
    y = -2.0 * c / (b + jnp.sqrt(b * b - 4.0 * a * c))
    reached = ~(y >= 1.0)
    return jnp.where(reached, jnp.arcsin(jnp.where(reached, y, 0.0)), 0.5 * jnp.pi), reached


def dawn_dusk_sunlit_fraction(
    radius: ArrayLike,
    r: ArrayLike,
    i: ArrayLike,
    obliquity: ArrayLike,
    sun_angular_radius: ArrayLike = SUN_ANGULAR_RADIUS,
    *,
    nodes: int = 32,
) -> Array:
    """Part of the year's sunlight that reaches a sun-synchronous orbit of LTAN 06:00 or 18:00.

    1 - (1/pi) integral of `eclipse_fraction` over the Sun's longitude, from the first touch of the penumbra to the
    solstice: the two halves of the year mirror each other, and so do LTAN 06:00 and 18:00.

    Args:
        radius: radius of the body [m].
        r: radius of the orbit [m].
        i: inclination [rad], sun-synchronous (`orbits.sun_synchronous_inclination`).
        obliquity: obliquity of the ecliptic [rad], above zero.
        sun_angular_radius: angular radius of the Sun's disc [rad].
        nodes: points of the Gauss-Legendre quadrature.

    Returns:
        Mean sunlit fraction, 0 to 1; twice differentiable, also in the height where eclipses end.

    Errors: quadrature 1e-6 (3e-4 of the slope with height). Uniform motion of the Sun in longitude: at 550 km the true
    year has 1.1e-3 less for LTAN 18:00 (eclipses in June, near aphelion) and 0.8e-3 more for LTAN 06:00.

    References: as `sun_synchronous_beta` and `eclipse_fraction`.
    """
    radius, r, i, obliquity, s = jnp.broadcast_arrays(
        *(jnp.asarray(x, jnp.float64) for x in (radius, r, i, obliquity, sun_angular_radius))
    )
    cos_rho, half_base, _ = shadow_edge(radius, r, s)
    start, any_eclipse = _longitude_of_beta(jnp.sqrt(1.0 - (cos_rho - half_base) ** 2), i, obliquity)
    x, weights = gauss_legendre(nodes)
    x, weights = (v.reshape((1,) * r.ndim + (nodes,)) for v in (x, weights))
    radius, r, i, obliquity, s, start = (v[..., None] for v in (radius, r, i, obliquity, s, start))
    span = 0.5 * jnp.pi - start
    # nodes crowd towards the first touch, where the fraction rises like a square root
    y = jnp.sin(start + span * x**2)
    sin_beta = jnp.sin(i) * (1.0 - (1.0 - jnp.cos(obliquity)) * y * y) + jnp.cos(i) * jnp.sin(obliquity) * y
    fraction = eclipse_fraction(jnp.arcsin(sin_beta), radius, r, s)
    lost = jnp.sum(2.0 * x * weights * span * fraction, axis=-1) / jnp.pi
    return jnp.where(any_eclipse, 1.0 - lost, 1.0)


def precessing_sunlit_fraction(
    radius: ArrayLike,
    r: ArrayLike,
    i: ArrayLike,
    obliquity: ArrayLike,
    sun_angular_radius: ArrayLike = SUN_ANGULAR_RADIUS,
    *,
    nodes: int = 24,
) -> Array:
    """Mean sunlit fraction of a circular orbit whose node turns freely against the Sun.

    Mean of 1 - `eclipse_fraction` over the Sun's longitude and the node's angle to it, both uniform:
    sin(beta) = cos i sin(dec) - sin i cos(dec) sin(angle), sin(dec) = sin(obliquity) sin(longitude).

    Args:
        radius: radius of the body [m].
        r: radius of the orbit [m].
        i: inclination [rad].
        obliquity: obliquity of the ecliptic [rad].
        sun_angular_radius: angular radius of the Sun's disc [rad].
        nodes: points of the Gauss-Legendre quadrature in each angle.

    Returns:
        Mean sunlit fraction, 0 to 1: over many turns of the node. Not for sun-synchronous orbits.

    Errors: quadrature 1e-12 where every revolution has an eclipse (below 40 deg at 550 km), else up to 5e-4.

    References: as `eclipse_fraction`.
    """
    radius, r, i, obliquity, s = jnp.broadcast_arrays(
        *(jnp.asarray(x, jnp.float64) for x in (radius, r, i, obliquity, sun_angular_radius))
    )
    x, weights = gauss_legendre(nodes)
    sine = jnp.sin(jnp.pi * (x - 0.5))
    shape = (1,) * r.ndim
    sin_longitude, sin_angle = sine.reshape((*shape, nodes, 1)), sine.reshape((*shape, 1, nodes))
    weights = (weights[:, None] * weights[None, :]).reshape((*shape, nodes, nodes))
    radius, r, i, obliquity, s = (v[..., None, None] for v in (radius, r, i, obliquity, s))
    sin_dec = jnp.sin(obliquity) * sin_longitude
    sin_beta = jnp.cos(i) * sin_dec - jnp.sin(i) * jnp.sqrt(1.0 - sin_dec**2) * sin_angle
    fraction = eclipse_fraction(jnp.arcsin(sin_beta), radius, r, s)
    return 1.0 - jnp.sum(weights * fraction, axis=(-2, -1))


def dawn_dusk_longest_eclipse(
    mu: ArrayLike,
    radius: ArrayLike,
    r: ArrayLike,
    i: ArrayLike,
    obliquity: ArrayLike,
    sun_angular_radius: ArrayLike = SUN_ANGULAR_RADIUS,
) -> Array:
    """Longest eclipse of a sun-synchronous orbit of LTAN 06:00 or 18:00: at the solstice, |beta| = pi - i - obliquity.

    Args:
        mu: gravitational parameter of the body [m3/s2].
        radius: radius of the body [m].
        r: radius of the orbit [m].
        i: inclination [rad], above pi/2 and below pi - obliquity.
        obliquity: obliquity of the ecliptic [rad].
        sun_angular_radius: angular radius of the Sun's disc [rad].

    Returns:
        Duration [s], from half covered to half covered (its energy is that of full shadow of that length); 0 above the
        height, 1,390 km at the Earth, where the eclipses end.

    Errors: as `eclipse_fraction`: 1 s.

    References: as `sun_synchronous_beta` and `eclipse_fraction`.
    """
    beta = jnp.pi - jnp.asarray(i, jnp.float64) - jnp.asarray(obliquity, jnp.float64)
    return period(mu, r) * eclipse_fraction(beta, radius, r, sun_angular_radius)


def dawn_dusk_eclipse_season(radius: ArrayLike, r: ArrayLike, i: ArrayLike, obliquity: ArrayLike) -> Array:
    """Part of the year in which a sun-synchronous orbit of LTAN 06:00 or 18:00 has eclipses at all.

    |beta| = asin(R/r) solved for the Sun's longitude (a quadratic in its sine).

    Args:
        radius: radius of the body [m].
        r: radius of the orbit [m].
        i: inclination [rad], sun-synchronous.
        obliquity: obliquity of the ecliptic [rad].

    Returns:
        Fraction of the year, 0 where there are none. A figure to report: its slope is infinite where seasons begin.

    Errors: point Sun: the penumbra adds about two days; uniform motion of the Sun in longitude: two days.

    References: as `sun_synchronous_beta`.
    """
    radius, r, i, obliquity = (jnp.asarray(x, jnp.float64) for x in (radius, r, i, obliquity))
    start, _ = _longitude_of_beta(radius / r, i, obliquity)
    return 0.5 - start / jnp.pi
