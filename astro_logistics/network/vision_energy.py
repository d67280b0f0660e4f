"""What the world uses against what the Earth gets and the Sun gives: shares, ratios, doublings."""

from __future__ import annotations

import math
from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from astro_logistics.astro.bodies import Bodies
from astro_logistics.constants import SOLAR_IRRADIANCE, SOLAR_LUMINOSITY
from astro_logistics.economics.civilization import Civilization, kardashev
from astro_logistics.pytree import Pytree, field

TYPE_ONE = 1e16
"""W: a civilization of type I on Sagan's scale (Sagan 1973, The Cosmic Connection)."""


class EnergyFigures(Pytree):
    """Powers against each other. "Primary" is the world's primary power, mean of the year."""

    intercepted_share: Array = field(unit="", doc="primary power over the sunlight that the Earth intercepts")
    absorbed_share: Array = field(unit="", doc="primary power over the sunlight that the Earth absorbs")
    type_one_share: Array = field(unit="", doc="primary power over 1e16 W")
    sun_share: Array = field(unit="", doc="primary power over the Sun's output")
    sun_share_electricity: Array = field(unit="", doc="electricity over the Sun's output")
    millionth_over_primary: Array = field(unit="", doc="1e-6 of the Sun's output over primary power")
    millionth_over_electricity: Array = field(unit="", doc="1e-6 of the Sun's output over electricity")
    kardashev: Array = field(unit="", doc="Sagan's number of the primary power")
    doublings_to_percent: Array = field(unit="", doc="doublings of the primary power to 1 % of the Sun's output")
    last_doublings: Array = field(unit="", doc="doublings from 1 % to 100 % over those from today to 100 %")
    sun_mu: Array = field(unit="m3 / s2", doc="gravitational parameter of the Sun")


NEEDS: Mapping[str, tuple[str, ...]] = {}
"""Arithmetic rests on no design."""


def figures(civilization: Civilization, bodies: Bodies) -> EnergyFigures:
    """Shares of sunlight and of the Sun; the nominal solar constant and luminosity (IAU 2015 Resolution B3) are exact.

    The Earth intercepts pi R^2 of sunlight, R its equatorial radius (0.3 % more than its mean disk; the air adds
    nothing to speak of), and absorbs one less its albedo.
    """
    power, electricity = jnp.asarray(civilization.power), jnp.asarray(civilization.electricity)
    intercepted = math.pi * bodies.earth.radius**2 * SOLAR_IRRADIANCE
    share = power / SOLAR_LUMINOSITY
    to_percent, last = jnp.log2(1e-2 / share), math.log2(100.0)
    return EnergyFigures(
        intercepted_share=power / intercepted,
        absorbed_share=power / (intercepted * (1.0 - bodies.earth.albedo)),
        type_one_share=power / TYPE_ONE,
        sun_share=share,
        sun_share_electricity=electricity / SOLAR_LUMINOSITY,
        millionth_over_primary=1e-6 / share,
        millionth_over_electricity=1e-6 * SOLAR_LUMINOSITY / electricity,
        kardashev=kardashev(power),
        doublings_to_percent=to_percent,
        last_doublings=last / (to_percent + last),
        sun_mu=jnp.asarray(bodies.sun.mu),
    )
