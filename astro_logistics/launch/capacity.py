"""What a vehicle brings to an orbit by the quick form, and what stands against it if it brings nothing."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from astro_logistics.constants import STANDARD_GRAVITY
from astro_logistics.launch import ascent_loss
from astro_logistics.launch._ascent_phases import Body, Orbit, engines
from astro_logistics.launch.atmosphere import PRESSURE_SEA_LEVEL
from astro_logistics.launch.vehicle import LaunchVehicle
from astro_logistics.pytree import Pytree, field, replace_at

LIFTS_OFF = "thrust lifts it off the pad"
OVER_SITE = "the orbit passes over the site"
POSITIVE = "payload is positive"
REACHES = "the last stage has propellant left for the burns after insertion"
CORE_LASTS = "the core outlasts the strap-ons"


class Capacity(Pytree):
    """Payload of one vehicle to one orbit; `residuals` are constraints by name, met at `<= 0`."""

    residuals: dict[str, Array]
    payload: Array = field(unit="kg", doc="largest payload; negative where even the empty vehicle is too heavy")
    payload_nothing_kept: Array = field(unit="kg", doc="payload if no stage kept propellant for its return")
    delta_v: Array = field(unit="m / s", doc="from the pad to the orbit, losses included")
    ascent_loss: Array = field(unit="m / s", doc="gravity, drag, steering and pressure losses in it")


def residuals(body: Body, vehicle: LaunchVehicle, orbit: Orbit, payload: Array) -> dict[str, Array]:
    """What can be said against a flight: constraints by name, met at `<= 0`; infinite where a number is none.

    Args:
        body, vehicle, orbit: as for `ascent.ascend`.
        payload: that of `ascent_loss.payload`, kg.

    Returns:
        Weight with payload over thrust at sea level, less 1; cos^2 of the inclination less cos^2 of the site's
        latitude; payload over the ship's dry mass, negated; mass at insertion over that of the full last stage, less 1;
        with strap-ons, the share of the core's propellant burnt beside them, less 1.
    """
    lit = vehicle.strap_ons + vehicle.stages[:1]
    push = jnp.zeros(())
    for i, stage in enumerate(lit):
        throttle = vehicle.core_throttle if vehicle.strap_ons and i == 1 else 1.0
        _, thrust, area, _ = engines(stage, throttle)
        push = push + thrust - PRESSURE_SEA_LEVEL * area
    mass = sum((s.mass for s in vehicle.strap_ons + vehicle.stages), vehicle.fairing_mass + payload)
    last = vehicle.ship
    later = orbit.departure_delta_v + orbit.later_delta_v
    inserted = (last.dropped_mass + payload) * jnp.exp(later / (last.specific_impulse * STANDARD_GRAVITY))
    found = {
        LIFTS_OFF: mass * body.mu / body.radius**2 / push - 1.0,
        OVER_SITE: jnp.cos(orbit.inclination) ** 2 - jnp.cos(vehicle.site_latitude) ** 2 - 1e-9,
        POSITIVE: -payload / last.dry_mass,
        REACHES: inserted / (last.mass + payload) - 1.0,
    }
    if vehicle.strap_ons:
        (side,), core = vehicle.strap_ons, vehicle.stages[0]
        beside = engines(core, vehicle.core_throttle)[0] * side.burnt_mass / engines(side)[0]
        found[CORE_LASTS] = beside / core.burnt_mass - 1.0
    return {name: jnp.where(jnp.isnan(x), jnp.inf, x) for name, x in found.items()}


def capacity(body: Body, vehicle: LaunchVehicle, orbit: Orbit) -> Capacity:
    """Payload of a vehicle by the fitted loss, what it would be with nothing kept back, and the residuals.

    Args:
        body, vehicle, orbit: as for `ascent.ascend`; leaves broadcastable with one another.

    Errors: as `ascent_loss.payload`. What kept propellant costs is counted with each vehicle's own loss.
    """
    loss = ascent_loss.ascent_loss(body, vehicle, orbit)
    payload = ascent_loss.payload(body, vehicle, orbit)
    paths = [f"strap_ons.{i}" for i in range(len(vehicle.strap_ons))]
    paths += [f"stages.{i}" for i in range(len(vehicle.stages))]
    emptied = replace_at(vehicle, {f"{path}.reserve_mass": jnp.zeros(()) for path in paths})
    return Capacity(
        residuals=residuals(body, vehicle, orbit, payload),
        payload=payload,
        payload_nothing_kept=ascent_loss.payload(body, emptied, orbit),
        delta_v=ascent_loss.needed_delta_v(body, vehicle, orbit) + loss,
        ascent_loss=loss,
    )
