"""The solar array: power per area, new and aged."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.pytree import Pytree, field


class SolarArray(Pytree):
    """A flat array that follows the Sun."""

    cell_efficiency: Array = field(unit="", doc="bare cell, new, at 28 C in sunlight above the air", low=0.0, high=1.0)
    packing_fraction: Array = field(unit="", doc="cell area over array area", low=0.0, high=1.0)
    temperature_factor: Array = field(
        unit="", doc="power at the working temperature over power at 28 C", low=0.0, high=1.0
    )
    pointing_factor: Array = field(unit="", doc="mean cosine of the Sun's angle to the array", low=0.0, high=1.0)
    degradation_rate: Array = field(unit="s-1", doc="relative loss of power per time", low=0.0)
    areal_mass: Array = field(unit="kg / m2", doc="blanket, frame, booms and drive per array area", low=0.0)


def power_per_area(array: SolarArray, solar_flux: ArrayLike, age: ArrayLike) -> Array:
    """Electric power per array area: S eta_cell packing temperature pointing exp(-rate age), W/m2.

    Args:
        array: the array.
        solar_flux: sunlight [W/m2].
        age: time since launch [s].

    Errors: degradation is taken as exponential in time; radiation damage is faster at first, and depends on the orbit.

    References: Wertz & Larson 1999, sec. 11.4.
    """
    new = array.cell_efficiency * array.packing_fraction * array.temperature_factor * array.pointing_factor
    return jnp.asarray(solar_flux) * new * jnp.exp(-array.degradation_rate * age)
