"""The battery that carries the load through the shadow."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.pytree import Pytree, field


class Battery(Pytree):
    """A rechargeable battery; its losses are counted when it is charged."""

    specific_energy: Array = field(unit="J / kg", doc="rated energy per mass of the pack", low=0.0)
    depth_of_discharge: Array = field(
        unit="", doc="largest part of the rated energy taken out in one eclipse", low=0.0, high=1.0
    )
    efficiency: Array = field(unit="", doc="energy out over energy in, converters included", low=0.0, high=1.0)


def capacity(battery: Battery, load: ArrayLike, eclipse: ArrayLike) -> Array:
    """Rated energy that carries a load through an eclipse: load time / depth of discharge, J.

    Args:
        battery: the battery.
        load: power carried [W].
        eclipse: time in shadow [s].

    References: Wertz & Larson 1999, sec. 11.4.
    """
    return jnp.asarray(load) * eclipse / battery.depth_of_discharge


def charging_power(battery: Battery, load: ArrayLike, eclipse: ArrayLike, period: ArrayLike) -> Array:
    """Power taken from the array, in the sunlit part of the revolution, that puts back what the eclipse took, W.

    load t / (efficiency (T - t)); of it the part `efficiency` is stored, the rest is heat.

    Args:
        battery: the battery.
        load: power carried through the eclipse [W].
        eclipse: time in shadow, t [s].
        period: time of one revolution, T [s].
    """
    return jnp.asarray(load) * eclipse / (battery.efficiency * (jnp.asarray(period) - eclipse))
