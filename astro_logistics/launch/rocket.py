"""The rocket equation: speed from masses, propellant for a speed."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.constants import STANDARD_GRAVITY


def exhaust_speed(specific_impulse: ArrayLike) -> Array:
    """Effective exhaust speed isp g0, m/s."""
    return jnp.asarray(specific_impulse) * STANDARD_GRAVITY


def delta_v(specific_impulse: ArrayLike, mass_start: ArrayLike, mass_end: ArrayLike) -> Array:
    """Tsiolkovsky's equation: isp g0 ln(m_start / m_end), m/s (Curtis 2014, section 11.3)."""
    return exhaust_speed(specific_impulse) * jnp.log(jnp.asarray(mass_start) / jnp.asarray(mass_end))


def propellant_for(specific_impulse: ArrayLike, mass_end: ArrayLike, dv: ArrayLike) -> Array:
    """Propellant that gives `dv` and leaves `mass_end`: m_end (exp(dv / (isp g0)) - 1), kg."""
    return jnp.asarray(mass_end) * jnp.expm1(jnp.asarray(dv) / exhaust_speed(specific_impulse))
