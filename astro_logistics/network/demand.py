"""What so much orbital compute a year asks of launchers, factories and the country's oxygen and gas."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import jax.numpy as jnp
from jax import Array

from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.launch import fleet as fleets
from astro_logistics.launch.supply import Supply
from astro_logistics.network.figures import DemandFigures
from astro_logistics.network.lift import Lift
from astro_logistics.network.scenario import Launcher

GOALS = {"100 GW/yr": 100e9, "200 GW/yr": 200e9, "1 TW/yr": 1e12}
"""Delivered compute power added per year, W/yr, by name: the goals under discussion in 2026."""


def demand(
    launcher: Launcher,
    supply: Supply,
    up: Lift,
    specific_mass: Array,
    goals: Mapping[str, float] = MappingProxyType(GOALS),
) -> DemandFigures:
    """What adding so much compute power a year takes in steady state, whatever the fleet's own limits.

    Mass = power x specific mass; flights = mass / payload; each flight takes its turn of a pad, a booster and a ship,
    its share of new ones, and its propellant. All figures grow in proportion to the power. The cost is that of a flight
    of the scenario's own fleet: at such rates the fixed costs would be spread further and units would be cheaper.

    Args:
        launcher: the launcher.
        supply: of its propellant.
        up: a flight to the satellites' orbit.
        specific_mass: satellite mass per delivered compute power, kg/W.
        goals: W/yr by name.
    """
    fleet = launcher.fleet
    mass = jnp.asarray(tuple(goals.values())) * (specific_mass / JULIAN_YEAR)
    flights = mass / up.payload
    boosters, ships = (flights / life for life in fleets.lives(fleet))
    oxygen, fuel = flights * up.oxidizer, flights * up.fuel
    return DemandFigures(
        names=tuple(goals),
        mass=mass,
        flights=flights,
        pads=flights * fleet.pad_turnaround,
        boosters=flights * fleet.booster_turnaround,
        ships=flights * fleet.ship_turnaround,
        booster_production=boosters,
        ship_production=ships,
        engine_production=boosters * fleet.booster_engines + ships * fleet.ship_engines,
        oxygen=oxygen,
        fuel=fuel,
        oxygen_share=oxygen / supply.oxygen_production,
        fuel_share=fuel / supply.fuel_production,
        electricity=flights * up.electricity,
        carbon_dioxide=flights * up.carbon_dioxide,
        cost=flights * up.cost.total,
    )
