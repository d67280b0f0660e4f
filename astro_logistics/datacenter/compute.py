"""The servers: their mass, and how many of them still work."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.numerics import gauss_legendre
from astro_logistics.pytree import Pytree, field


class Server(Pytree):
    """The computers, by the watt; no repair in orbit."""

    specific_power: Array = field(unit="W / kg", doc="compute power per mass, shielding included", low=0.0)
    failure_rate: Array = field(unit="s-1", doc="part of the working servers lost per time", low=0.0)


def mean_survival(failure_rate: ArrayLike, life: ArrayLike) -> Array:
    """Mean over a life of the part of servers that still work: (1 - exp(-x)) / x, x = rate life.

    Written as the integral of exp(-x u) over u from 0 to 1 by Gauss-Legendre: no 0/0 for servers that never fail.

    Args:
        failure_rate: constant hazard [1/s].
        life: design life [s].

    Returns:
        Fraction [-]; error below 1e-13 for x < 10.
    """
    x = jnp.asarray(failure_rate, jnp.float64) * life
    u, weights = gauss_legendre(16)
    u, weights = (v.reshape((1,) * x.ndim + (16,)) for v in (u, weights))
    return jnp.sum(weights * jnp.exp(-x[..., None] * u), axis=-1)
