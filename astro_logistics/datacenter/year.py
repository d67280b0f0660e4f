"""Temperatures through the year of a satellite that is built: how warm the chips run on every day."""

from __future__ import annotations

import dataclasses

import jax.numpy as jnp
from jax import Array

from astro_logistics.datacenter import compute, solar, thermal
from astro_logistics.datacenter._newton import newton
from astro_logistics.datacenter.design import DataCenter
from astro_logistics.datacenter.environment import Environment
from astro_logistics.datacenter.figures import Satellite
from astro_logistics.pytree import Pytree, field


class Temperatures(Pytree):
    """Steady temperatures in sunlight, shape (n,) each."""

    array: Array = field(unit="K", doc="of the cells")
    coolant: Array = field(unit="K", doc="mean of the coolant in the radiator")
    junction: Array = field(unit="K", doc="of the hottest chip")


def temperatures(datacenter: DataCenter, around: Environment, found: Satellite) -> Temperatures:
    """Temperatures of a satellite at the end of its life, at full load in sunlight, in surroundings that change.

    The radiator's area is given; the coolant is as warm as rejects the heat: `thermal.mean_flux` = heat / area.

    Args:
        datacenter: the design that was sized.
        around: the surroundings, leaves (n,): one for each day.
        found: the satellite, sized for the darkest and warmest revolution; leaves ().

    Returns:
        The temperatures, (n,).

    Errors: steady, means of a revolution; for what an eclipse does see `transient`. The heat of charging is always on.

    References: as `thermal.mean_flux`.
    """
    d, life = datacenter, datacenter.design_life
    cells = solar.cell_temperature(d.array, around, life)
    white = thermal.absorptivity_at(d.radiator, life)

    def surplus(t: Array) -> Array:
        panel = dataclasses.replace(d.radiator, temperature=t)
        return thermal.mean_flux(panel, around, d.loop.temperature_rise, cells, white) - found.radiator_flux

    # a few kelvins about the design's own: four steps to rounding
    coolant = newton(surplus, jnp.full_like(cells, 1.0) * d.radiator.temperature, 5)
    inlet = coolant + 0.5 * d.loop.temperature_rise
    return Temperatures(cells, coolant, compute.junction_temperature(d.server, inlet))
