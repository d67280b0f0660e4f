"""The solar array: its cells' temperature, its power new and aged."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.constants import STEFAN_BOLTZMANN
from astro_logistics.datacenter._newton import newton
from astro_logistics.datacenter.environment import Environment
from astro_logistics.pytree import Pytree, field

REFERENCE_TEMPERATURE = 301.15
"""K: 28 C, at which the efficiency of space cells is stated (ISO 15387)."""


class SolarArray(Pytree):
    """A flat array that follows the Sun."""

    cell_efficiency: Array = field(unit="", doc="bare cell, new, at 28 C in sunlight above the air", low=0.0, high=1.0)
    temperature_coefficient: Array = field(
        unit="K-1", doc="part of the power at 28 C that a cell loses per kelvin above it", low=0.0
    )
    packing_fraction: Array = field(unit="", doc="cell area over array area", low=0.0, high=1.0)
    pointing_factor: Array = field(unit="", doc="mean cosine of the Sun's angle to the array", low=0.0, high=1.0)
    absorptivity: Array = field(unit="", doc="of the front for sunlight, cells and gaps", low=0.0, high=1.0)
    front_emissivity: Array = field(unit="", doc="hemispherical infrared emissivity of the front", low=0.0, high=1.0)
    back_emissivity: Array = field(unit="", doc="hemispherical infrared emissivity of the back", low=0.0, high=1.0)
    damage_coefficient: Array = field(
        unit="", doc="part of the power lost when the fluence grows tenfold, far above damage_fluence", low=0.0
    )
    damage_fluence: Array = field(unit="m-2", doc="1 MeV electrons at which damage by radiation sets in", low=0.0)
    fluence_rate: Array = field(
        unit="m-2 s-1",
        doc="equivalent 1 MeV electrons of solar protons that reach the cells behind their cover in open space at 1 au",
        low=0.0,
    )
    degradation_rate: Array = field(
        unit="s-1", doc="relative loss of power per time from all but radiation: ultraviolet, impacts, joints", low=0.0
    )
    areal_mass: Array = field(unit="kg / m2", doc="blanket, frame, booms and drive per array area", low=0.0)
    oversize: Array = field(
        unit="", doc="array over the one that carries the whole load at the end of life on the darkest day", low=0.0
    )


def retention(array: SolarArray, around: Environment, age: ArrayLike) -> Array:
    """Part of the new array's power that is left: exp(-rate age) (1 - C log10(1 + fluence / fluence_x)).

    Args:
        array: the array.
        around: the surroundings, for their particles.
        age: time since launch [s].

    Returns:
        Fraction [-] at one and the same temperature.

    Errors: the fit of the handbooks to irradiated cells holds to about 1 % of the power over three decades of fluence.

    References: Anspaugh 1996 (GaAs Solar Cell Radiation Handbook, JPL 96-9), sec. 2.
    """
    met = around.particles
    rate = met.cell_fluence_rate + met.solar_particles * array.fluence_rate
    fluence = rate * jnp.asarray(age, jnp.float64)
    damage = array.damage_coefficient * jnp.log1p(fluence / array.damage_fluence) / jnp.log(10.0)
    return jnp.exp(-array.degradation_rate * age) * (1.0 - damage)


def heat_surplus(
    array: SolarArray, around: Environment, temperature: ArrayLike, age: ArrayLike, lit: ArrayLike = 1.0
) -> Array:
    """Heat that a square meter of array at work gains, less what it radiates, W/m2.

    absorbed light - electricity + planet's heat on both faces - sigma (eps_front + eps_back) T^4, the electricity
    falling with T itself. The front absorbs reflected sunlight as it does direct; the back, a dark sheet, with its
    emissivity.

    Args:
        array: the array.
        around: the surroundings.
        temperature: of the cells, T [K].
        age: time since launch [s].
        lit: part of the Sun's disc in view [-].

    References: Gilmore 2002, ch. 2; Wertz & Larson 1999, sec. 11.4.
    """
    t = jnp.asarray(temperature)
    emissivity = array.front_emissivity + array.back_emissivity
    light = array.absorptivity * (around.solar_flux * array.pointing_factor * lit + around.array_front_albedo_flux)
    planet = emissivity * around.array_infrared_flux + array.back_emissivity * around.array_back_albedo_flux
    electricity = power_per_area(array, around, t, age, lit)
    return light + planet - electricity - STEFAN_BOLTZMANN * emissivity * (t * t) * (t * t)


def cell_temperature(array: SolarArray, around: Environment, age: ArrayLike) -> Array:
    """Temperature of the cells at work in sunlight, at which `heat_surplus` is zero, K.

    Args:
        array: the array.
        around: the surroundings.
        age: time since launch [s].

    Returns:
        Temperature [K], differentiable by the implicit function theorem.

    Errors: front and back at one temperature (a blanket of 2 kg/m2 has 1 to 3 K across it). At work: an array that
    gives no power is some 15 K hotter.

    References: as `heat_surplus`.
    """
    emitted = heat_surplus(array, around, 0.0, age) + power_per_area(array, around, 0.0, age)
    idle = (emitted / (STEFAN_BOLTZMANN * (array.front_emissivity + array.back_emissivity))) ** 0.25
    # an idle array is 5 to 8 % hotter than one at work: five steps to rounding, tested from 0.3 to 5 au
    return newton(lambda t: heat_surplus(array, around, t, age), idle, 6)


def power_per_area(
    array: SolarArray, around: Environment, temperature: ArrayLike, age: ArrayLike, lit: ArrayLike = 1.0
) -> Array:
    """Electric power per array area: S eta packing pointing retention (1 - k (T - 28 C)), W/m2.

    Args:
        array: the array.
        around: the surroundings: sunlight, S, and particles.
        temperature: of the cells [K].
        age: time since launch [s].
        lit: part of the Sun's disc in view [-].

    Errors: linear in temperature: 1 % of the power at 50 K from 28 C. Cells of concentrated or weak light differ: the
    efficiency is taken as that at 1 au.

    References: Wertz & Larson 1999, sec. 11.4.
    """
    warm = 1.0 - array.temperature_coefficient * (jnp.asarray(temperature) - REFERENCE_TEMPERATURE)
    new = array.cell_efficiency * array.packing_fraction * array.pointing_factor
    return around.solar_flux * lit * new * warm * retention(array, around, age)
