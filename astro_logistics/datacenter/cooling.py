"""The coolant loop: what it moves, weighs and draws."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.pytree import Pytree, field


class CoolantLoop(Pytree):
    """A pumped single-phase loop from cold plates to radiator."""

    temperature_rise: Array = field(unit="K", doc="of the coolant on its way through the servers", low=0.0)
    specific_heat: Array = field(unit="J / (kg K)", doc="of the coolant", low=0.0)
    density: Array = field(unit="kg / m3", doc="of the coolant", low=0.0)
    pressure_drop: Array = field(unit="Pa", doc="once around the loop", low=0.0)
    pump_efficiency: Array = field(unit="", doc="hydraulic over electric power of the pumps", low=0.0, high=1.0)
    mass_per_flow: Array = field(
        unit="s", doc="cold plates, pumps, pipes and coolant, per mass of coolant pumped per time", low=0.0
    )


def flow_per_heat(loop: CoolantLoop) -> Array:
    """Coolant pumped per heat moved: 1 / (c dT), kg/J."""
    return 1.0 / (loop.specific_heat * loop.temperature_rise)


def pump_power_per_heat(loop: CoolantLoop) -> Array:
    """Electric power of the pumps per heat moved: dp / (rho eta c dT) [-]; all of it ends in the coolant as heat."""
    return loop.pressure_drop / (loop.density * loop.pump_efficiency) * flow_per_heat(loop)


def mass(loop: CoolantLoop, heat: ArrayLike) -> Array:
    """Mass of the loop for a heat [W], kg: in proportion to the flow, so a small temperature rise is paid for.

    Errors: pipes of a given pressure drop and pumps grow a little slower than the flow (power 0.8 to 1).
    """
    return loop.mass_per_flow * flow_per_heat(loop) * jnp.asarray(heat)
