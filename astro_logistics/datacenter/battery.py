"""The battery that carries the load through the shadow, and lasts as long as the satellite."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.pytree import Pytree, field

SHARPNESS = 8.0
"""Power with which the two limits of the depth of discharge are joined."""


class Battery(Pytree):
    """A rechargeable battery; its losses are counted when it is charged."""

    specific_energy: Array = field(unit="J / kg", doc="rated energy per mass of the pack", low=0.0)
    depth_limit: Array = field(
        unit="",
        doc="largest part of the rated energy taken out in one eclipse, however few there are",
        low=0.0,
        high=1.0,
    )
    cycle_life: Array = field(unit="", doc="cycles of full depth that the cells last", low=0.0)
    cycle_exponent: Array = field(unit="", doc="k in cycles = cycle_life depth^-k", low=1.0)
    fade_rate: Array = field(unit="s-1", doc="relative loss of capacity per time, uncycled", low=0.0)
    efficiency: Array = field(unit="", doc="energy out over energy in, converters included", low=0.0, high=1.0)


def depth_of_discharge(battery: Battery, longest: ArrayLike, dark: ArrayLike) -> Array:
    """Depth to which the longest eclipse of the life may empty the battery.

    The cells last N(d) = N1 d^-k cycles of depth d; the eclipses of a life, each of a depth in proportion to its
    length, must wear them out no sooner than the life ends. The wear is bounded by that of `dark / longest` eclipses of
    the longest kind: shorter ones wear less than in proportion (k >= 1). With the limit on a single discharge:
    d = (limit^-8 + wear^-8)^(-1/8), wear = (N1 longest / dark)^(1/k).

    Args:
        battery: the battery.
        longest: longest eclipse [s].
        dark: time in shadow over the whole life [s].

    Returns:
        Depth [-]; the limit where there is no shadow at all.

    Errors: the bound on the wear counts 1.26 times the cycles on a dawn-dusk orbit, where lengths follow half an
    ellipse over the season (k = 2.5), 10 % of the depth; nearly none too many in a low orbit of low inclination.
    Joining the limits takes up to 8 % of the depth where both are equal.

    References: Wertz & Larson 1999, sec. 11.4 (cycles against depth); Miner's rule.
    """
    longest, dark = jnp.asarray(longest, jnp.float64), jnp.asarray(dark, jnp.float64)
    some = (longest > 0.0) & (dark > 0.0)
    cycles = jnp.where(some, dark, 1.0) / jnp.where(some, longest, 1.0)
    worn = (cycles / battery.cycle_life) ** (SHARPNESS / battery.cycle_exponent)
    inverse = battery.depth_limit**-SHARPNESS + jnp.where(some, worn, 0.0 * (longest + dark))
    return inverse ** (-1.0 / SHARPNESS)


def capacity(load: ArrayLike, eclipse: ArrayLike, depth: ArrayLike) -> Array:
    """Rated energy that carries a load through an eclipse: load time / depth of discharge, J.

    Args:
        load: power carried [W].
        eclipse: time in shadow [s].
        depth: depth of discharge [-].

    References: Wertz & Larson 1999, sec. 11.4.
    """
    return jnp.asarray(load) * eclipse / depth


def retention(battery: Battery, age: ArrayLike) -> Array:
    """Part of the new battery's capacity that is left: exp(-fade age); what cycling takes is in the cycle life."""
    return jnp.exp(-battery.fade_rate * jnp.asarray(age))


def charging_factor(battery: Battery, eclipse: ArrayLike, period: ArrayLike) -> Array:
    """Power that recharges, in the sunlit part of a revolution, per power carried through its eclipse.

    t / (efficiency (T - t)); of it the part `efficiency` is stored, the rest is heat.

    Args:
        battery: the battery.
        eclipse: time in shadow, t [s].
        period: time of one revolution, T [s].
    """
    return jnp.asarray(eclipse) / (battery.efficiency * (jnp.asarray(period) - eclipse))
