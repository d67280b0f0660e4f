"""Where each destination's satellites work: from the orbit's geometry to the environment of a data center."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro import drag, orbits, sunlight
from astro_logistics.astro.beta_angle import Season
from astro_logistics.astro.bodies import Bodies, Earth
from astro_logistics.astro.sunlight import Sunlight
from astro_logistics.constants import ASTRONOMICAL_UNIT, DAY
from astro_logistics.datacenter import Air, Environment, Particles, dose, environment
from astro_logistics.network.scenario import Scenario

GEOSTATIONARY_RADIUS = 42_164e3
"""m."""

REFLECTING_AREA = 0.15
"""C_R A / m of a satellite that is mostly array, m2/kg: it says how far above the ring the graveyard lies."""


def surroundings(scenario: Scenario) -> dict[str, Environment]:
    """The environment where each destination's satellites work.

    A route that ends on a surface is credited with satellites in continuous sunlight at that body's distance from the
    Sun; nights on the ground are not modelled.
    """
    places, bodies = scenario.places, scenario.bodies
    space = environment.deep_space(ASTRONOMICAL_UNIT)
    return {
        "leo": low_orbit(bodies, places.leo_altitude, places.leo_inclination, places.disposal_perigee),
        "sso": sun_synchronous(bodies, places.sso_altitude, places.sso_local_time, places.disposal_perigee),
        "escape": space,
        "moon": space,
        "mars": environment.deep_space(bodies.mars.orbit_radius),
    }


def node_angle(local_time: ArrayLike) -> Array:
    """Right ascension of a node less that of the mean Sun, from the local time of the node: 2 pi t / day - pi, rad."""
    return (jnp.asarray(local_time, jnp.float64) / DAY - 0.5) * (2.0 * jnp.pi)


def sun_synchronous(
    bodies: Bodies, altitude: ArrayLike, local_time: ArrayLike, disposal_perigee: ArrayLike
) -> Environment:
    """Sun-synchronous orbit of the Earth at any local time: shadow and heat through the year from its own geometry.

    Args:
        bodies: the Earth, and the Sun for its activity.
        altitude: of the orbit [m].
        local_time: of the ascending node [s].
        disposal_perigee: altitude to which the perigee is lowered at the end [m].
    """
    earth = bodies.earth
    r = earth.radius + jnp.asarray(altitude, jnp.float64)
    inclination = orbits.sun_synchronous_inclination(earth.mu, earth.radius, earth.j2, r, earth.year)
    light, season = sunlight.sun_synchronous(earth, r, inclination, node_angle(local_time))
    return around_earth(bodies, r, inclination, light, season, disposal_perigee)


def low_orbit(bodies: Bodies, altitude: ArrayLike, inclination: ArrayLike, disposal_perigee: ArrayLike) -> Environment:
    """Circular orbit whose plane turns under the Sun: means over the turn, and the longest eclipse.

    Args:
        bodies: the Earth, and the Sun for its activity.
        altitude: of the orbit [m].
        inclination: to the equator [rad].
        disposal_perigee: altitude to which the perigee is lowered at the end [m].
    """
    r = bodies.earth.radius + jnp.asarray(altitude, jnp.float64)
    inclination = jnp.asarray(inclination, jnp.float64)
    light, season = sunlight.precessing(bodies.earth, r, inclination)
    return around_earth(bodies, r, inclination, light, season, disposal_perigee)


def around_earth(
    bodies: Bodies, r: Array, inclination: Array, light: Sunlight, season: Season, disposal_perigee: ArrayLike
) -> Environment:
    """The environment of a circular low orbit of the Earth: what it sees of the Sun, its air, its particles.

    Validity: 300 to 2000 km for the particles, 150 to 2000 km for the air.
    """
    earth = bodies.earth
    altitude = r - earth.radius
    activity = bodies.sun.radio_flux / drag.SOLAR_FLUX_UNIT
    return _lit(
        earth,
        r,
        light,
        season,
        Particles(
            dose_curve=dose.dose_curve(altitude, inclination),
            cell_fluence_rate=dose.cell_fluence_rate(altitude, inclination),
            solar_particles=dose.open_sky(altitude, inclination),
        ),
        Air(drag.drag_pressure(earth, altitude, inclination, activity), *drag.wind_cosines(season)),
        drag.disposal_delta_v(earth.mu, r, earth.radius + disposal_perigee),
    )


def geostationary(earth: Earth) -> Environment:
    """The geostationary orbit; its plane is left to drift, some 0.85 deg a year, and nothing held against it."""
    r = jnp.asarray(GEOSTATIONARY_RADIUS)
    particles, air = environment.open_space(ASTRONOMICAL_UNIT)
    belts = Particles(
        dose_curve=jnp.asarray(dose.GEOSTATIONARY_DOSE),
        cell_fluence_rate=jnp.asarray(dose.GEOSTATIONARY_CELLS),
        solar_particles=particles.solar_particles,
    )
    up = drag.graveyard_delta_v(earth.mu, r, REFLECTING_AREA)
    return _lit(earth, r, *sunlight.precessing(earth, r, 0.0), belts, air, up)


def _lit(
    earth: Earth, r: Array, light: Sunlight, season: Season, particles: Particles, air: Air, disposal_delta_v: Array
) -> Environment:
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
        particles,
        air,
        disposal_delta_v,
    )
