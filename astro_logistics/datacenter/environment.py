"""What the surroundings do to a satellite: sunlight, shadow, the planet's light and heat, air and particles.

The orbit's geometry (`astro.sunlight`, `astro.drag`) comes in as numbers: this folder knows nothing of orbits.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.constants import ASTRONOMICAL_UNIT, JULIAN_YEAR, SOLAR_IRRADIANCE
from astro_logistics.datacenter import plate_view
from astro_logistics.datacenter.dose import NO_DOSE
from astro_logistics.pytree import Pytree, field


class Particles(Pytree):
    """Charged particles on an orbit."""

    dose_curve: Array = field(unit="", doc="dose of trapped particles over depth, (..., 6), see `dose.dose_curve`")
    cell_fluence_rate: Array = field(
        unit="m-2 s-1", doc="1 MeV electrons that wear cells behind 0.1 mm of glass as trapped particles do", low=0.0
    )
    solar_particles: Array = field(
        unit="", doc="solar protons and cosmic rays met, over those in open space at 1 au", low=0.0
    )


class Air(Pytree):
    """The thin air of an orbit, and how the array and the radiator stand in its wind."""

    pressure: Array = field(unit="Pa", doc="dynamic pressure of the air, mean of a revolution", low=0.0)
    array_cosine: Array = field(
        unit="", doc="cosine between the flight and the normal of a plate that faces the Sun, mean of the year", low=0.0
    )
    radiator_cosine: Array = field(
        unit="", doc="the same of a plate edge-on to Sun and planet, mean of the year", low=0.0, high=1.0
    )


class Environment(Pytree):
    """The surroundings of a satellite on its working orbit: an array that faces the Sun, a radiator edge-on to it."""

    particles: Particles
    air: Air

    solar_flux: Array = field(unit="W / m2", doc="sunlight on a plate that faces the Sun, mean of the year", low=0.0)
    sunlit_fraction: Array = field(unit="", doc="part of the year in sunlight", low=0.0, high=1.0)
    longest_eclipse: Array = field(unit="s", doc="longest time in shadow on one revolution", low=0.0)
    period: Array = field(unit="s", doc="time of one revolution", low=0.0)
    albedo_flux: Array = field(
        unit="W / m2",
        doc="reflected sunlight on each face of a plate edge-on to Sun and planet, mean of the worst revolution",
        low=0.0,
    )
    infrared_flux: Array = field(
        unit="W / m2", doc="the planet's thermal radiation on each face of the same plate", low=0.0
    )
    least_solar_flux: Array = field(unit="W / m2", doc="sunlight where the orbit is farthest from the Sun", low=0.0)
    greatest_solar_flux: Array = field(unit="W / m2", doc="sunlight where it is nearest", low=0.0)
    eclipse_season: Array = field(unit="", doc="part of the revolutions that meet shadow", low=0.0, high=1.0)
    mean_albedo_flux: Array = field(unit="W / m2", doc="`albedo_flux`, mean of the year", low=0.0)
    array_front_albedo_flux: Array = field(
        unit="W / m2", doc="reflected sunlight on the array's face to the Sun, mean of the year", low=0.0
    )
    array_back_albedo_flux: Array = field(
        unit="W / m2", doc="reflected sunlight on the array's back, mean of the year", low=0.0
    )
    array_infrared_flux: Array = field(
        unit="W / m2", doc="the planet's thermal radiation on each face of the array, mean of the year", low=0.0
    )
    disposal_delta_v: Array = field(unit="m / s", doc="that takes the satellite off its orbit at the end", low=0.0)


def solar_flux(distance: ArrayLike) -> Array:
    """Sunlight at a distance from the Sun: 1361 W/m2 (1 au / d)^2.

    Args:
        distance: distance from the Sun [m].

    Returns:
        Flux [W/m2].

    Errors: the solar cycle's 0.1 % is left out; for the Earth's own distance see `solar_flux_of_year`.

    References: IAU 2015 Resolution B3.
    """
    return SOLAR_IRRADIANCE * (ASTRONOMICAL_UNIT / jnp.asarray(distance, jnp.float64)) ** 2


def solar_flux_of_year(a: ArrayLike, e: ArrayLike) -> tuple[Array, Array, Array]:
    """Sunlight along an orbit of the Sun: its mean over time, and at aphelion and perihelion.

    S / sqrt(1 - e^2), S / (1 + e)^2, S / (1 - e)^2, with S the flux at the semi-major axis.

    Args:
        a: semi-major axis [m].
        e: eccentricity [-].

    Returns:
        (mean, least, greatest) [W/m2]: at the Earth 1361.2, 1317, 1407.

    References: Vallado 2013, sec. 1.3 (the mean of 1/r^2 by the law of areas).
    """
    mean, e = solar_flux(a), jnp.asarray(e, jnp.float64)
    return mean / jnp.sqrt(1.0 - e * e), mean / (1.0 + e) ** 2, mean / (1.0 - e) ** 2


def open_space(distance: ArrayLike) -> tuple[Particles, Air]:
    """Particles and air at a distance from the Sun, far from any planet: solar protons by the inverse square, no air.

    Args:
        distance: distance from the Sun [m].

    Errors: measured events fall with powers of the distance from 2 to 3; cosmic rays, less than a tenth of the dose,
    hardly fall at all.
    """
    distance = jnp.asarray(distance, jnp.float64)
    nothing = jnp.zeros_like(distance)
    curve = jnp.broadcast_to(jnp.asarray(NO_DOSE), (*distance.shape, NO_DOSE.size))
    return Particles(curve, nothing, (ASTRONOMICAL_UNIT / distance) ** 2), Air(nothing, nothing, nothing)


def above_planet(
    radius: ArrayLike,
    r: ArrayLike,
    sine: ArrayLike,
    least_sine: ArrayLike,
    sunlit_fraction: ArrayLike,
    longest_eclipse: ArrayLike,
    eclipse_season: ArrayLike,
    period: ArrayLike,
    eccentricity: ArrayLike,
    albedo: ArrayLike,
    infrared_emission: ArrayLike,
    particles: Particles,
    air: Air,
    disposal_delta_v: ArrayLike,
) -> Environment:
    """Surroundings on a circular orbit of a planet at 1 au.

    Args:
        radius: radius of the planet [m].
        r: radius of the orbit [m]; shape (...), like the rest.
        sine: sin(beta) over the year's panels, (..., n) [-].
        least_sine: least |sin(beta)| of the year, where the eclipses are longest [-].
        sunlit_fraction: part of the year in sunlight [-].
        longest_eclipse: longest eclipse of the year [s].
        eclipse_season: part of the revolutions that meet shadow [-].
        period: time of one revolution [s].
        eccentricity: of the planet's orbit [-].
        albedo: reflected part of the sunlight [-].
        infrared_emission: thermal radiation of the planet's surface and air [W/m2].
        particles, air: on that orbit.
        disposal_delta_v: that takes a satellite off it [m/s].

    Returns:
        The environment.

    Errors: see `plate_view.revolution_view`: 0.4 W/m2. Reflected light is counted over the whole revolution, shadow
    included, with the mean sunlight of the year.
    """
    flux, least, greatest = solar_flux_of_year(ASTRONOMICAL_UNIT, eccentricity)
    r = jnp.asarray(r, jnp.float64)
    reflected, emitted = jnp.asarray(albedo, jnp.float64) * flux, jnp.asarray(infrared_emission, jnp.float64)
    year = plate_view.revolution_view(radius, r, plate_view.moments(sine))
    worst = plate_view.edge_albedo(radius, r, plate_view.moments(jnp.asarray(least_sine, jnp.float64)[..., None]))
    return Environment(
        particles=particles,
        air=air,
        solar_flux=flux,
        sunlit_fraction=jnp.asarray(sunlit_fraction, jnp.float64),
        longest_eclipse=jnp.asarray(longest_eclipse, jnp.float64),
        period=jnp.asarray(period, jnp.float64),
        albedo_flux=reflected * worst,
        infrared_flux=emitted * plate_view.edge_on_view_factor(radius, r),
        least_solar_flux=least,
        greatest_solar_flux=greatest,
        eclipse_season=jnp.asarray(eclipse_season, jnp.float64),
        mean_albedo_flux=reflected * year.edge_albedo,
        array_front_albedo_flux=reflected * year.front_albedo,
        array_back_albedo_flux=reflected * year.back_albedo,
        array_infrared_flux=emitted * year.sun_facing_infrared,
        disposal_delta_v=jnp.asarray(disposal_delta_v, jnp.float64),
    )


def deep_space(distance: ArrayLike) -> Environment:
    """Surroundings on a circular orbit of the Sun, far from any planet: no shadow, no planet's heat.

    Args:
        distance: distance from the Sun [m].

    Returns:
        The environment; its period is that of a planet there (Kepler's third law from the Earth's, 2e-5).
    """
    distance = jnp.asarray(distance, jnp.float64)
    flux, nothing = solar_flux(distance), jnp.zeros_like(distance)
    particles, air = open_space(distance)
    return Environment(
        particles=particles,
        air=air,
        solar_flux=flux,
        sunlit_fraction=jnp.ones_like(distance),
        longest_eclipse=nothing,
        period=JULIAN_YEAR * (distance / ASTRONOMICAL_UNIT) ** 1.5,
        albedo_flux=nothing,
        infrared_flux=nothing,
        least_solar_flux=flux,
        greatest_solar_flux=flux,
        eclipse_season=nothing,
        mean_albedo_flux=nothing,
        array_front_albedo_flux=nothing,
        array_back_albedo_flux=nothing,
        array_infrared_flux=nothing,
        disposal_delta_v=nothing,
    )
