"""A radiator that stands on the Moon's ground, and how hot that ground is."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.constants import SOLAR_IRRADIANCE, STEFAN_BOLTZMANN
from astro_logistics.pytree import Pytree, field


class SurfaceRadiator(Pytree):
    """A panel that radiates from both faces, near warm ground, in some sunlight; means over the time of operation."""

    temperature: Array = field(unit="K", doc="mean temperature of the panel", low=0.0)
    emissivity: Array = field(unit="", doc="hemispherical infrared emissivity of each face", low=0.0, high=1.0)
    absorptivity: Array = field(unit="", doc="solar absorptivity of each face", low=0.0, high=1.0)
    ground_view: Array = field(unit="", doc="share of each face's view that is ground", low=0.0, high=1.0)
    ground_temperature: Array = field(unit="K", doc="of the ground in view", low=0.0)
    sun_exposure: Array = field(
        unit="",
        doc="sunlight on both faces, direct and from the ground, over that on a plate facing the Sun",
        low=0.0,
    )
    areal_mass: Array = field(unit="kg / m2", doc="panel, pipes, coolant and pumps, per plan area", low=0.0)


def net_flux(radiator: SurfaceRadiator) -> Array:
    """Heat given off per plan area, both faces: 2 eps sigma (T^4 - phi Tg^4) - alpha x S, W/m2.

    phi is the ground's share of the view, x the exposure to the Sun. The ground is taken as black in the infrared
    (regolith: 0.95 and more, 5 % of a term that is a fifth at night's end and two thirds at noon on the equator).

    Returns:
        Net flux [W/m2]; negative where the panel takes in more than it gives.
    """
    infrared = radiator.temperature**4 - radiator.ground_view * radiator.ground_temperature**4
    sunlight = radiator.absorptivity * radiator.sun_exposure * SOLAR_IRRADIANCE
    return 2.0 * radiator.emissivity * STEFAN_BOLTZMANN * infrared - sunlight


def radiator_area(radiator: SurfaceRadiator, heat: ArrayLike) -> Array:
    """Plan area that gives off `heat` (W), m2; negative where none does."""
    return jnp.asarray(heat) / net_flux(radiator)


def ground_temperature(sun_elevation: ArrayLike, albedo: ArrayLike = 0.1, emissivity: ArrayLike = 0.95) -> Array:
    """Temperature of level ground that only gives back sunlight: ((1 - A) S sin h / (eps sigma))^(1/4), K.

    Regolith insulates: by day heat from below is under 1 % at noon. At low Sun the ground lags; at night this has no
    meaning.

    Args:
        sun_elevation: h, rad, above zero.
        albedo: Bond albedo A.
        emissivity: of the ground.

    Reference: Siemens 2018, Simcenter News, lunar edition (400 K, the most at the equator).
    """
    absorbed = (1.0 - jnp.asarray(albedo)) * SOLAR_IRRADIANCE * jnp.sin(jnp.asarray(sun_elevation))
    return (absorbed / (jnp.asarray(emissivity) * STEFAN_BOLTZMANN)) ** 0.25
