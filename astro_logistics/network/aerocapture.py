"""Arrivals caught by the air or by engines: what is left of the arriving mass, with the shell of the data."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from astro_logistics.astro import maneuvers
from astro_logistics.launch import aerobraking
from astro_logistics.launch.aerobraking import Aeroshell
from astro_logistics.network import beyond_legs
from astro_logistics.network.destinations import Beyond, Capture
from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import Pytree, field, static


class CaptureFigures(Pytree):
    """One arrival; means over the opportunities."""

    name: str = static(doc="where from, where to")
    delta_v: Array = field(unit="m / s", doc="capture into the low circular orbit by engines")
    by_air: Array = field(unit="", doc="useful mass after aerocapture over the mass that arrives")
    by_engines: Array = field(unit="", doc="the same by engines, their own mass and tanks not counted")
    break_even_shell: Array = field(unit="", doc="shell over arriving mass at which both bring the same")


def captures(scenario: Scenario, beyond: Beyond, shell: Aeroshell, capture: Capture) -> dict[str, CaptureFigures]:
    """Aerocapture against engines at Mars and, coming home, at the Earth, by the ship's engines.

    Arrivals: at Mars from the scenario's opportunities into the low orbit of its ascents; at the depot's height from
    the Moon's distance and from the geostationary orbit, in the plane of arrival.

    Args:
        scenario, beyond: where from and where to.
        shell: the aeroshell, the same for all; the heat that it takes grows with the square of the speed of entry.
        capture: the trim burn.

    Errors: those of the shell's fractions (records with ranges of a factor of two); no heat load is followed here
    (`launch.aerobraking.heat_load`). Engines are favoured: a burn of their size may need tanks that are not counted.
    """
    arrival = beyond.mars.trips.out.v_infinity_arrival
    from_moon, _, _ = beyond_legs.translunar(scenario)
    from_geo, _, _ = beyond_legs.geostationary(scenario)
    impulse = scenario.launcher.vehicle.ship.specific_impulse
    needed = {
        "mars": maneuvers.capture_burn(beyond.mars.mu, beyond.mars.low_orbit_radius, arrival),
        "depot-from-moon": from_moon,
        "depot-from-geo": from_geo,
    }
    air = aerobraking.aerocapture_mass_fraction(shell, impulse, capture.trim_delta_v)
    return {
        name: CaptureFigures(
            name=name,
            delta_v=jnp.mean(burn),
            by_air=air,
            by_engines=jnp.mean(aerobraking.propulsive_mass_fraction(0.0, impulse, burn)),
            break_even_shell=jnp.mean(aerobraking.break_even_fraction(impulse, burn, capture.trim_delta_v)),
        )
        for name, burn in needed.items()
    }
