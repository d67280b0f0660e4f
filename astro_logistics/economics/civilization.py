"""How much power a civilization has, and where that stands on Kardashev's scale."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.pytree import Pytree, field


class Civilization(Pytree):
    """What the world uses."""

    power: Array = field(unit="W", doc="primary energy used, mean of the year", low=0.0)
    electricity: Array = field(unit="W", doc="electricity used, mean of the year", low=0.0)
    year: Array = field(unit="yr", doc="of both")
    power_growth: Array = field(unit="yr-1", doc="growth of the primary energy")


def kardashev(power: ArrayLike) -> Array:
    """Kardashev number by Sagan's formula, K = (log10 P - 6) / 10 with P in watts.

    Type I is 1e16 W, II 1e26 W, III 1e36 W; the Sun's 3.828e26 W is 2.058.

    Args:
        power: W, above 0.

    References: Sagan 1973, The Cosmic Connection, ch. 34 (Kardashev 1964 names the types, without a formula).
    """
    return (jnp.log10(jnp.asarray(power)) - 6.0) / 10.0


def world_power(civilization: Civilization, year: ArrayLike) -> Array:
    """Primary power of the world in a year, W: that of the record's year, growing steadily."""
    return civilization.power * jnp.exp(civilization.power_growth * (jnp.asarray(year) - civilization.year))
