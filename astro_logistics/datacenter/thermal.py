"""The radiator: from the coolant through film and fin to space, net of what the panel takes in."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.constants import STEFAN_BOLTZMANN
from astro_logistics.datacenter._newton import newton
from astro_logistics.datacenter.environment import Environment
from astro_logistics.numerics import gauss_legendre
from astro_logistics.pytree import Pytree, field


class Radiator(Pytree):
    """A flat panel of tubes and fins that radiates from both faces."""

    temperature: Array = field(unit="K", doc="mean temperature of the coolant in the panel", low=0.0)
    emissivity: Array = field(unit="", doc="hemispherical infrared emissivity of each face", low=0.0, high=1.0)
    absorptivity: Array = field(unit="", doc="solar absorptivity of each face, new", low=0.0, high=1.0)
    aged_absorptivity: Array = field(unit="", doc="the same after long in sunlight", low=0.0, high=1.0)
    aging_time: Array = field(unit="s", doc="in which 63 % of the coating's change comes about", low=0.0)
    film_conductance: Array = field(unit="W / (m2 K)", doc="coolant to tube wall, per plan area", low=0.0)
    tube_spacing: Array = field(unit="m", doc="between neighbouring coolant tubes", low=0.0)
    tube_mass: Array = field(unit="kg / m", doc="tube, its armour against impacts and its coolant, per length", low=0.0)
    fin_thickness: Array = field(unit="m", doc="of the sheet between the tubes", low=0.0)
    fin_conductivity: Array = field(unit="W / (m K)", doc="of the sheet, across the tubes", low=0.0)
    fin_density: Array = field(unit="kg / m3", doc="of the sheet", low=0.0)
    deployment_mass: Array = field(unit="kg / m2", doc="frames, hinges, manifolds per plan area", low=0.0)
    open_fraction: Array = field(
        unit="", doc="part of each face's view that the satellite's own array leaves free", low=0.0, high=1.0
    )
    sun_exposure: Array = field(
        unit="",
        doc="sunlight on the panel, both faces together, over that on a plate facing the Sun",
        low=0.0,
        high=1.0,
    )


def absorptivity_at(radiator: Radiator, age: ArrayLike) -> Array:
    """Solar absorptivity of the coating at an age: new + (aged - new) (1 - exp(-age / aging_time)).

    References: Gilmore 2002, ch. 4 (degradation in ultraviolet light levels off).
    """
    gone = jnp.exp(-jnp.asarray(age, jnp.float64) / radiator.aging_time)
    return radiator.aged_absorptivity + (radiator.absorptivity - radiator.aged_absorptivity) * gone


def areal_mass(radiator: Radiator) -> Array:
    """Mass per plan area: tubes / spacing + fin + deployment, kg/m2."""
    fin = radiator.fin_thickness * radiator.fin_density
    return radiator.tube_mass / radiator.tube_spacing + fin + radiator.deployment_mass


def fin_efficiency(radiator: Radiator, temperature: ArrayLike) -> Array:
    """Heat of the fin over that of one at the tube's temperature everywhere: tanh(x) / x.

    x^2 = h (spacing / 2)^2 / (k thickness), h = 8 phi eps sigma T^3: both faces, linear about the tube's temperature.

    Args:
        radiator: the panel.
        temperature: of the tube wall, T [K].

    Errors: radiation falls faster along the fin than its tangent says: 1 % too low at 0.9, 3 % at 0.75 (against the
    boundary value problem, solved in the tests). Tubes have no width.

    References: Gilmore 2002, ch. 6; Incropera & DeWitt 2007, sec. 3.6.
    """
    t = jnp.asarray(temperature)
    h = 8.0 * radiator.open_fraction * radiator.emissivity * STEFAN_BOLTZMANN * t * t * t
    x = 0.5 * radiator.tube_spacing * jnp.sqrt(h / (radiator.fin_conductivity * radiator.fin_thickness))
    return jnp.tanh(x) / x


def panel_flux(
    radiator: Radiator,
    around: Environment,
    temperature: ArrayLike,
    array_temperature: ArrayLike,
    absorptivity: ArrayLike,
) -> Array:
    """Heat that a square meter of panel (plan area, both faces), all at one temperature, gives off net, W/m2.

    2 eps sigma [phi T^4 + (1 - phi) (T^4 - T_array^4)] - 2 phi (eps E_ir + alpha E_albedo) - alpha x S: the part phi of
    each face's view is open, the rest sees the array's back; infrared is absorbed with eps (Kirchhoff); x is the
    exposure to the Sun.

    Args:
        radiator: the panel.
        around: fluxes of the surroundings, on each face.
        temperature: of the panel, T [K].
        array_temperature: of what blocks the view [K].
        absorptivity: of the coating at its age, alpha [-].

    Returns:
        Net flux [W/m2]; negative where the panel takes in more than it gives.

    Errors: gray diffuse faces; the array's back is taken as black (its emissivity of 0.8 to 0.9 would take up to 20 %
    from the exchange, 1 W/m2); space at 3 K counts as nothing (5e-6 W/m2).

    References: Gilmore 2002, ch. 2 and 6.
    """
    t, a = jnp.asarray(temperature), jnp.asarray(array_temperature)
    blocked = 1.0 - radiator.open_fraction
    emitted = radiator.emissivity * STEFAN_BOLTZMANN * ((t * t) * (t * t) - blocked * (a * a) * (a * a))
    planet = radiator.emissivity * around.infrared_flux + absorptivity * around.albedo_flux
    sunlight = absorptivity * radiator.sun_exposure * around.solar_flux
    return 2.0 * (emitted - radiator.open_fraction * planet) - sunlight


def coolant_flux(
    radiator: Radiator, around: Environment, coolant: ArrayLike, array_temperature: ArrayLike, absorptivity: ArrayLike
) -> Array:
    """Net heat per plan area where the coolant has a given temperature, through film and fin, W/m2.

    The tube wall T_w solves  conductance (T_c - T_w) = fin_efficiency(T_w) panel_flux(T_w).

    Args:
        radiator, around, array_temperature, absorptivity: as `panel_flux`.
        coolant: temperature of the coolant there, T_c [K].

    Returns:
        Net flux [W/m2], negative where the panel takes heat in. Differentiable by the implicit function theorem.

    References: Gilmore 2002, ch. 6.
    """
    coolant = jnp.asarray(coolant, jnp.float64)

    def given(wall: Array) -> Array:
        return fin_efficiency(radiator, wall) * panel_flux(radiator, around, wall, array_temperature, absorptivity)

    # the wall is a few kelvins below the coolant: three steps to rounding, tested from 280 to 400 K
    wall = newton(lambda t: radiator.film_conductance * (coolant - t) - given(t), coolant, 4)
    return given(wall)


def mean_flux(
    radiator: Radiator,
    around: Environment,
    temperature_rise: ArrayLike,
    array_temperature: ArrayLike,
    absorptivity: ArrayLike,
    *,
    nodes: int = 2,
) -> Array:
    """Heat over plan area of a panel along which the coolant cools by `temperature_rise`, W/m2.

    Area = heat * mean of 1 / `coolant_flux` over the coolant's temperatures: a harmonic mean, by Gauss-Legendre.

    Args:
        radiator, around, array_temperature, absorptivity: as `panel_flux`.
        temperature_rise: of the coolant, from outlet to inlet [K].
        nodes: points of the quadrature.

    Errors: quadrature 5e-7 at 10 K, 2e-5 at 25 K.

    References: Incropera & DeWitt 2007, ch. 11 (an exchanger with one stream).
    """
    rise, middle, hot, aged = jnp.broadcast_arrays(
        *(
            jnp.asarray(x, jnp.float64)
            for x in (temperature_rise, radiator.temperature, array_temperature, absorptivity)
        )
    )
    x, weights = gauss_legendre(nodes)
    inverse = jax.vmap(lambda u: 1.0 / coolant_flux(radiator, around, middle + rise * (u - 0.5), hot, aged))(x)
    return 1.0 / jnp.tensordot(weights, inverse, axes=1)
