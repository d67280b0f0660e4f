"""Where each destination's satellites work: from the orbit's geometry to the environment of a data center."""

from __future__ import annotations

import math

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro import orbits, sunlight
from astro_logistics.astro.beta_angle import Season
from astro_logistics.astro.bodies import Earth
from astro_logistics.astro.sunlight import Sunlight
from astro_logistics.constants import ASTRONOMICAL_UNIT
from astro_logistics.datacenter import Environment, environment
from astro_logistics.network.scenario import Scenario

DAWN = -0.5 * math.pi
"""Angle of the ascending node to the mean Sun of an orbit with LTAN 06:00, rad; with LTAN 18:00 it is the opposite."""


def surroundings(scenario: Scenario) -> dict[str, Environment]:
    """The environment where each destination's satellites work.

    A route that ends on a surface is credited with satellites in continuous sunlight at that body's distance from the
    Sun; nights on the ground are not modelled.
    """
    places, earth = scenario.places, scenario.bodies.earth
    space = environment.deep_space(ASTRONOMICAL_UNIT)
    return {
        "leo": low_orbit(earth, places.leo_altitude, places.leo_inclination),
        "sso": sun_synchronous(earth, places.sso_altitude, DAWN),
        "escape": space,
        "moon": space,
        "mars": environment.deep_space(scenario.bodies.mars.orbit_radius),
    }


def sun_synchronous(earth: Earth, altitude: ArrayLike, node_angle: ArrayLike) -> Environment:
    """Sun-synchronous orbit of the Earth at any local time: shadow and heat through the year from its own geometry.

    Args:
        earth: the Earth.
        altitude: of the orbit [m].
        node_angle: right ascension of the node less that of the mean Sun [rad]: (LTAN - 12 h) 15 deg/h.
    """
    r = earth.radius + jnp.asarray(altitude, jnp.float64)
    inclination = orbits.sun_synchronous_inclination(earth.mu, earth.radius, earth.j2, r, earth.year)
    return around_earth(earth, r, *sunlight.sun_synchronous(earth, r, inclination, node_angle))


def low_orbit(earth: Earth, altitude: ArrayLike, inclination: ArrayLike) -> Environment:
    """Circular orbit whose plane turns under the Sun: means over the turn, and the longest eclipse.

    Args:
        earth: the Earth.
        altitude: of the orbit [m].
        inclination: to the equator [rad].
    """
    r = earth.radius + jnp.asarray(altitude, jnp.float64)
    return around_earth(earth, r, *sunlight.precessing(earth, r, inclination))


def around_earth(earth: Earth, r: Array, light: Sunlight, season: Season) -> Environment:
    """The environment of a circular orbit of the Earth from what it sees of the Sun."""
    return environment.above_planet(
        earth.radius,
        r,
        season.sine,
        light.least_sine,
        light.sunlit_fraction,
        light.longest_eclipse,
        light.eclipse_season,
        orbits.period(earth.mu, r),
        earth.eccentricity,
        earth.albedo,
        earth.infrared_emission,
    )
