"""The radiator: what a square meter of panel gets rid of, net of what it takes in."""

from __future__ import annotations

from jax import Array

from astro_logistics.constants import STEFAN_BOLTZMANN
from astro_logistics.datacenter.environment import Environment
from astro_logistics.pytree import Pytree, field


class Radiator(Pytree):
    """A flat panel that radiates from both faces, fed by a coolant loop. Optical properties at the end of life."""

    temperature: Array = field(unit="K", doc="mean temperature of the coolant in the panel", low=0.0)
    emissivity: Array = field(unit="", doc="hemispherical infrared emissivity of each face", low=0.0, high=1.0)
    absorptivity: Array = field(unit="", doc="solar absorptivity of each face", low=0.0, high=1.0)
    fin_efficiency: Array = field(
        unit="", doc="net heat over that of a panel all at coolant temperature", low=0.0, high=1.0
    )
    open_fraction: Array = field(
        unit="", doc="part of each face's view that the satellite's own parts leave free", low=0.0, high=1.0
    )
    sun_exposure: Array = field(
        unit="",
        doc="sunlight on the panel, both faces together, over that on a plate facing the Sun",
        low=0.0,
        high=1.0,
    )
    areal_mass: Array = field(unit="kg / m2", doc="panel with tubes, coolant and deployment, per plan area", low=0.0)
    loop_mass: Array = field(unit="kg / W", doc="cold plates, pumps, pipes and coolant, per heat moved", low=0.0)


def net_flux(radiator: Radiator, around: Environment) -> Array:
    """Heat that a square meter of panel (plan area, both faces) gives off, net of what it absorbs, W/m2.

    eta [2 phi (eps sigma T^4 - eps E_ir - alpha E_albedo) - alpha x S], with eta the fin efficiency, phi the open
    fraction and x the exposure to the Sun; infrared is absorbed with eps (Kirchhoff).

    Args:
        radiator: the panel.
        around: fluxes of the surroundings, on each face.

    Returns:
        Net flux [W/m2]; negative where the panel takes in more than it gives.

    Errors: gray faces at one temperature; what blocks the view is taken to be as warm as the panel; space at 3 K counts
    as nothing (5e-6 W/m2).

    References: Gilmore 2002, ch. 2 and 6.
    """
    emitted = STEFAN_BOLTZMANN * radiator.temperature**4
    face = radiator.emissivity * (emitted - around.infrared_flux) - radiator.absorptivity * around.albedo_flux
    sunlight = radiator.absorptivity * radiator.sun_exposure * around.solar_flux
    return radiator.fin_efficiency * (2.0 * radiator.open_fraction * face - sunlight)
