"""What the propellant takes from a country: oxygen, fuel, electricity, and the carbon dioxide of it."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.pytree import Pytree, field


class Supply(Pytree):
    """A national supply of one pair of propellants, and what making them liquid takes."""

    oxygen_production: Array = field(unit="kg / s", doc="oxygen made in the country", low=0.0)
    oxygen_share: Array = field(unit="", doc="share of that oxygen that launches may take", low=0.0)
    oxygen_electricity: Array = field(unit="J / kg", doc="electricity that separates and liquefies oxygen", low=0.0)
    fuel_production: Array = field(unit="kg / s", doc="fuel of the kind made in the country", low=0.0)
    fuel_share: Array = field(unit="", doc="share of that fuel that launches may take", low=0.0)
    fuel_electricity: Array = field(unit="J / kg", doc="electricity that makes the fuel ready, liquefied", low=0.0)
    fuel_carbon_dioxide: Array = field(unit="", doc="carbon dioxide over fuel burnt in full", low=0.0)
    grid_carbon_dioxide: Array = field(unit="kg / J", doc="carbon dioxide per electricity from the grid", low=0.0)


def electricity(supply: Supply, oxidizer: ArrayLike, fuel: ArrayLike) -> Array:
    """Electricity that makes so much oxidizer and fuel (kg) liquid, J."""
    return jnp.asarray(oxidizer) * supply.oxygen_electricity + jnp.asarray(fuel) * supply.fuel_electricity


def carbon_dioxide(supply: Supply, oxidizer: ArrayLike, fuel: ArrayLike) -> Array:
    """Carbon dioxide of burning so much fuel and of the electricity for both propellants, kg.

    All carbon is counted as carbon dioxide, whether it leaves the engine so or burns in the plume. Not in it: wells and
    pipelines, methane that leaks, making the vehicle, soot and its effect on high.
    """
    return jnp.asarray(fuel) * supply.fuel_carbon_dioxide + supply.grid_carbon_dioxide * electricity(
        supply, oxidizer, fuel
    )
