"""The bodies between which mass moves, as a first pass needs them."""

from __future__ import annotations

from jax import Array

from astro_logistics.pytree import Pytree, field


class Sun(Pytree):
    """The Sun."""

    mu: Array = field(unit="m3 / s2", doc="gravitational parameter", low=0.0)
    radio_flux: Array = field(
        unit="W / (m2 Hz)",
        doc="at 10.7 cm and at the Earth: what the Earth's upper air swells with; mean of the years in orbit",
        low=0.0,
    )


class Earth(Pytree):
    """The Earth."""

    mu: Array = field(unit="m3 / s2", doc="gravitational parameter", low=0.0)
    radius: Array = field(unit="m", doc="equatorial radius", low=0.0)
    j2: Array = field(unit="", doc="second zonal harmonic")
    rotation_rate: Array = field(unit="rad / s", doc="sidereal rotation rate")
    obliquity: Array = field(unit="rad", doc="obliquity of the equator to the ecliptic")
    year: Array = field(unit="s", doc="tropical year", low=0.0)
    albedo: Array = field(unit="", doc="Bond albedo, mean over the globe", low=0.0, high=1.0)
    infrared_emission: Array = field(unit="W / m2", doc="thermal radiation to space, mean over the globe", low=0.0)
    eccentricity: Array = field(unit="", doc="of its orbit round the Sun", low=0.0, high=1.0)
    perihelion_longitude: Array = field(
        unit="rad", doc="ecliptic longitude of the Sun, from the equinox of date, when the Earth is at perihelion"
    )


class Moon(Pytree):
    """The Moon and the size of its orbit."""

    mu: Array = field(unit="m3 / s2", doc="gravitational parameter", low=0.0)
    radius: Array = field(unit="m", doc="mean radius", low=0.0)
    orbit_radius: Array = field(unit="m", doc="mean distance from the Earth", low=0.0)


class Mars(Pytree):
    """Mars and the size of its orbit."""

    orbit_radius: Array = field(unit="m", doc="semi-major axis of its orbit", low=0.0)


class Bodies(Pytree):
    """The bodies of a scenario."""

    sun: Sun
    earth: Earth
    moon: Moon
    mars: Mars
