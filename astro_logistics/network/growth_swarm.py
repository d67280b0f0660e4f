"""The scenario's satellite nearer to the Sun and farther from it: what a share of the Sun's power would take."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

from astro_logistics.constants import ASTRONOMICAL_UNIT, SOLAR_LUMINOSITY, SPEED_OF_LIGHT
from astro_logistics.datacenter import environment, satellite
from astro_logistics.datacenter.figures import Satellite
from astro_logistics.network.growth_figures import Swarm
from astro_logistics.network.scenario import Scenario

DISTANCES = (0.3, 0.5, 0.7, 1.0, 1.5, 2.0)
"""au."""
HOME = DISTANCES.index(1.0)
SHARES = (1e-6, 1e-3, 1e-2)
"""Of the Sun's power, at work in computers."""
GRAVITATIONAL_CONSTANT = 6.6743e-11
"""m3/kg/s2 (CODATA 2022, 2.2e-5): turns the Moon's GM into kilograms, here only."""


def sized(scenario: Scenario) -> Satellite:
    """The satellite at each of `DISTANCES`, sized anew for the sunlight and the protons there.

    Links stay as they are at home.
    """
    places = jnp.asarray(DISTANCES) * ASTRONOMICAL_UNIT
    return jax.vmap(lambda d: satellite.size(scenario.datacenter, environment.deep_space(d)))(places)


def lunar_parts(found: Satellite) -> Array:
    """Share of a satellite's mass in what the Moon may make: array, radiator, structure."""
    return (found.array_mass + found.radiator_mass + found.structure_mass) / found.mass


def swarm(scenario: Scenario, found: Satellite) -> Swarm:
    """What satellites at `DISTANCES` are like, and what `SHARES` of the Sun take of them.

    Args:
        scenario: the scenario.
        found: from `sized`.

    Errors: no satellite shades another: at a hundredth of the Sun's power at work the arrays take in some six times
    that share of its light. Cells lose a fixed share of power per kelvin, a line that is stretched far at 0.3 au.
    """
    distance = jnp.asarray(DISTANCES) * ASTRONOMICAL_UNIT
    shares = jnp.asarray(SHARES) * SOLAR_LUMINOSITY
    per_power = found.mass / found.delivered_power
    area = found.array_area / found.delivered_power
    near, far = jnp.abs(distance - ASTRONOMICAL_UNIT), distance + ASTRONOMICAL_UNIT
    local = lunar_parts(found) * scenario.growth.moon.satellite_closure
    moon_mass = scenario.bodies.moon.mu / GRAVITATIONAL_CONSTANT
    mass = per_power[:, None] * shares[None, :]
    return Swarm(
        distance=distance,
        array_temperature=found.array_temperature,
        specific_power=1.0 / per_power,
        array_area=area,
        sunlight=area * environment.solar_flux(distance),
        array_gives=found.residuals["array gives power"],
        radiator_gives=found.residuals["radiator gives off heat"],
        light_time=(near + far) / SPEED_OF_LIGHT,
        mass=mass,
        area=area[:, None] * shares[None, :],
        moon_share=mass * local[:, None] / moon_mass,
    )
