"""What the surroundings do to a satellite: sunlight, shadow, and the heat of the planet below.

Shadow figures (`astro.eclipse`) come in as numbers: this folder knows nothing of orbits.
"""

from __future__ import annotations

import dataclasses

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.constants import ASTRONOMICAL_UNIT, JULIAN_YEAR, SOLAR_IRRADIANCE
from astro_logistics.numerics import gauss_legendre
from astro_logistics.pytree import Pytree, field


class Environment(Pytree):
    """The surroundings of a satellite on its working orbit."""

    solar_flux: Array = field(unit="W / m2", doc="sunlight on a plate that faces the Sun", low=0.0)
    sunlit_fraction: Array = field(unit="", doc="part of the year's sunlight that reaches it", low=0.0, high=1.0)
    longest_eclipse: Array = field(unit="s", doc="longest time in shadow on one revolution", low=0.0)
    period: Array = field(unit="s", doc="time of one revolution", low=0.0)
    albedo_flux: Array = field(
        unit="W / m2", doc="reflected sunlight on each face of a plate that is edge-on to Sun and planet", low=0.0
    )
    infrared_flux: Array = field(
        unit="W / m2", doc="the planet's thermal radiation on each face of the same plate", low=0.0
    )


def solar_flux(distance: ArrayLike) -> Array:
    """Sunlight at a distance from the Sun: 1361 W/m2 (1 au / d)^2.

    Args:
        distance: distance from the Sun [m].

    Returns:
        Flux [W/m2].

    Errors: the yearly +-3.4 % of the Earth's own distance and the solar cycle's 0.1 % are left out.

    References: IAU 2015 Resolution B3.
    """
    return SOLAR_IRRADIANCE * (ASTRONOMICAL_UNIT / jnp.asarray(distance, jnp.float64)) ** 2


def edge_on_view_factor(radius: ArrayLike, r: ArrayLike) -> Array:
    """View factor from one face of a plate to a sphere whose center lies in the plate's plane.

    F = (asin(k) - k sqrt(1 - k^2)) / pi, k = R/r: 1/2 at the surface, falling as 2 k^3 / (3 pi).

    Args:
        radius: radius of the sphere [m].
        r: distance of the plate from its center [m].

    Returns:
        View factor [-]; NaN for r < radius.

    References: Howell, Menguc & Siegel 2015, appendix C (plane element to sphere).
    """
    k = jnp.asarray(radius, jnp.float64) / jnp.asarray(r, jnp.float64)
    return (jnp.arcsin(k) - k * jnp.sqrt(1.0 - k * k)) / jnp.pi


def terminator_view_factor(radius: ArrayLike, r: ArrayLike, *, nodes: int = 32) -> Array:
    """View factor for reflected sunlight above the terminator, on a plate edge-on to both Sun and planet.

    Integral over the visible cap of cos(sun) cos(plate) cos(surface) / (pi d^2) dA, for a diffuse sphere; over the
    azimuth it is 1/2, over the polar angle Gauss-Legendre. Times albedo and solar flux it is the flux on a face.

    Args:
        radius: radius of the sphere [m].
        r: distance of the plate from its center [m].
        nodes: points of the quadrature.

    Returns:
        View factor [-]; NaN for r < radius.

    Errors: quadrature below 1e-8 for r > 1.03 radius; a Sun exactly on the horizon below (beta = 90 deg). A true
    dawn-dusk orbit is up to 31 deg off it, where the mean over a revolution is near 0.04 instead of 0.008: 4 W/m2 more
    on a white panel, of some 800 that it rejects.

    References: the definition of the view factor, Howell, Menguc & Siegel 2015, sec. 4.
    """
    k = jnp.asarray(radius, jnp.float64) / jnp.asarray(r, jnp.float64)
    x, weights = gauss_legendre(nodes)
    x, weights = (v.reshape((1,) * k.ndim + (nodes,)) for v in (x, weights))
    k = k[..., None]
    # polar angle = limb sin^2(pi x / 2): the nodes crowd below the plate and at the limb
    limb = jnp.arccos(k)
    polar = limb * jnp.sin(0.5 * jnp.pi * x) ** 2
    step = limb * 0.5 * jnp.pi * jnp.sin(jnp.pi * x)
    sine, cosine = jnp.sin(polar), jnp.cos(polar)
    distance2 = 1.0 - 2.0 * k * cosine + k * k
    kernel = 0.5 * k**3 * sine**3 * (cosine - k) / distance2**2
    return jnp.sum(weights * step * kernel, axis=-1) / jnp.pi


def dawn_dusk(
    radius: ArrayLike,
    r: ArrayLike,
    sunlit_fraction: ArrayLike,
    longest_eclipse: ArrayLike,
    period: ArrayLike,
    albedo: ArrayLike,
    infrared_emission: ArrayLike,
) -> Environment:
    """Surroundings on a dawn-dusk orbit of the Earth, the radiator edge-on to the Sun and to the Earth.

    Args:
        radius: radius of the Earth [m].
        r: radius of the orbit [m].
        sunlit_fraction: part of the year's sunlight that is not lost to shadow [-].
        longest_eclipse: longest eclipse of the year [s].
        period: time of one revolution [s].
        albedo: reflected part of the sunlight [-].
        infrared_emission: thermal radiation of the Earth's surface and air [W/m2].

    Returns:
        The environment at 1 au.

    Errors: see `terminator_view_factor`.
    """
    flux = solar_flux(ASTRONOMICAL_UNIT)
    return Environment(
        solar_flux=flux,
        sunlit_fraction=jnp.asarray(sunlit_fraction, jnp.float64),
        longest_eclipse=jnp.asarray(longest_eclipse, jnp.float64),
        period=jnp.asarray(period, jnp.float64),
        albedo_flux=jnp.asarray(albedo, jnp.float64) * flux * terminator_view_factor(radius, r),
        infrared_flux=jnp.asarray(infrared_emission, jnp.float64) * edge_on_view_factor(radius, r),
    )


def low_orbit(
    radius: ArrayLike,
    r: ArrayLike,
    sunlit_fraction: ArrayLike,
    longest_eclipse: ArrayLike,
    period: ArrayLike,
    albedo: ArrayLike,
    infrared_emission: ArrayLike,
) -> Environment:
    """Surroundings on any low orbit of the Earth, the radiator edge-on to the Sun and to the Earth.

    Args and Returns: as `dawn_dusk`.

    Errors: the reflected sunlight is that of noon, the Sun overhead everywhere: an upper bound, which the radiator is
    sized for.
    """
    terminator = dawn_dusk(radius, r, sunlit_fraction, longest_eclipse, period, albedo, infrared_emission)
    noon = jnp.asarray(albedo, jnp.float64) * terminator.solar_flux * edge_on_view_factor(radius, r)
    return dataclasses.replace(terminator, albedo_flux=noon)


def deep_space(distance: ArrayLike) -> Environment:
    """Surroundings on an orbit of the Sun, far from any planet: no shadow, no planet's heat.

    Args:
        distance: distance from the Sun [m].

    Returns:
        The environment; its period is that of a planet there (Kepler's third law from the Earth's, 2e-5).
    """
    distance = jnp.asarray(distance, jnp.float64)
    nothing = jnp.zeros_like(distance)
    return Environment(
        solar_flux=solar_flux(distance),
        sunlit_fraction=jnp.ones_like(distance),
        longest_eclipse=nothing,
        period=JULIAN_YEAR * (distance / ASTRONOMICAL_UNIT) ** 1.5,
        albedo_flux=nothing,
        infrared_flux=nothing,
    )
