"""NASA's lander: a lighter ship, filled at the depot, that waits in the near-rectilinear orbit, lands and rises."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.launch import refuelling
from astro_logistics.launch.refuelling import Mission, Refuelling
from astro_logistics.network import beyond_legs as legs
from astro_logistics.network.beyond_legs import LunarSpace
from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import replace_at


def lander(scenario: Scenario, lunar: LunarSpace) -> tuple[Scenario, Mission, Array]:
    """The scenario with its ship as light as the lander, the lander's mission, and its transit time, s.

    From the depot to the near-rectilinear orbit, after the crew's arrival there to the ground, and back to that orbit.
    """
    tli, _, tof = legs.translunar(scenario)
    out = tli + lunar.nrho_insertion + lunar.nrho_to_low_orbit + legs.lunar_descent_from_low(scenario)
    mission = Mission(
        delta_v_out=out,
        delta_v_back=legs.lunar_ascent(scenario, lunar) + lunar.low_orbit_to_nrho,
        reserve=jnp.zeros(()),
        wait=tof + lunar.loiter + lunar.stay,
        returned_mass=jnp.zeros(()),
    )
    last = len(scenario.launcher.vehicle.stages) - 1
    light = replace_at(scenario, {f"launcher.vehicle.stages.{last}.dry_mass": lunar.lander_dry_mass})
    return light, mission, tof + lunar.loiter


def lander_refuelling(scenario: Scenario, lunar: LunarSpace, payload: ArrayLike, load: ArrayLike) -> Refuelling:
    """Tankers of `load` [kg] for NASA's lander with `payload` [kg], whatever its tanks would carry besides."""
    light, mission, _ = lander(scenario, lunar)
    return refuelling.refuel(light.launcher.vehicle.ship, scenario.depot, payload, load, mission)
