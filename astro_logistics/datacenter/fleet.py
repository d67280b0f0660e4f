"""Many satellites: how many, how heavy, how many launches, and what keeps them up."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.datacenter.figures import Satellite
from astro_logistics.pytree import Pytree, field


class Constellation(Pytree):
    """Satellites that deliver a power together, for ever."""

    satellites: Array = field(unit="", doc="in orbit, of all ages")
    mass: Array = field(unit="kg", doc="of all of them at launch")
    launches: Array = field(unit="", doc="that bring them up")
    satellite_rate: Array = field(unit="s-1", doc="satellites replaced per time, at the end of their lives")
    mass_rate: Array = field(unit="kg / s", doc="mass launched per time to replace them")
    launch_rate: Array = field(unit="s-1", doc="launches per time for it")


def constellation(found: Satellite, life: ArrayLike, power: ArrayLike, payload: ArrayLike) -> Constellation:
    """Satellites for a delivered power: power / delivered power of one; replaced when their life ends.

    What fails and is lost within a life is in the delivered power, a mean over it: nothing is replaced earlier.

    Args:
        found: one satellite.
        life: design life [s].
        power: delivered compute power of all [W].
        payload: that one launch brings to the orbit [kg].

    Returns:
        The figures; numbers are not rounded.
    """
    satellites = jnp.asarray(power) / found.delivered_power
    mass = satellites * found.mass
    launches = mass / jnp.asarray(payload)
    return Constellation(
        satellites=satellites,
        mass=mass,
        launches=launches,
        satellite_rate=satellites / life,
        mass_rate=mass / life,
        launch_rate=launches / life,
    )
