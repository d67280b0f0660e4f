"""Ideal delta-v of a staged vehicle with strap-ons, what an orbit needs, and the payload for which they meet."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.constants import STANDARD_GRAVITY
from astro_logistics.launch._ascent_phases import Body, Orbit, yaw_delta_v
from astro_logistics.launch.vehicle import LaunchVehicle
from astro_logistics.numerics import root


def ideal_delta_v(vehicle: LaunchVehicle, payload: ArrayLike) -> Array:
    """Vacuum delta-v of all burns with `payload`, reserves unburnt, m/s.

    Sum of c ln(m_start / m_end). While strap-ons and core burn together, c is their thrust over their flow; the core
    has so much less afterwards. The fairing rides through the first burn.

    Args:
        vehicle: leaves broadcastable with `payload`.
        payload: kg.

    References: Curtis 2014, sec. 11.4 to 11.6.
    """
    carried = jnp.asarray(payload, jnp.float64)
    total = jnp.zeros_like(carried)
    for stage in reversed(vehicle.stages[1:]):
        end = carried + stage.dropped_mass
        total = total + stage.specific_impulse * STANDARD_GRAVITY * jnp.log1p(stage.burnt_mass / end)
        carried = end + stage.burnt_mass
    core = vehicle.stages[0]
    exhaust, left = core.specific_impulse * STANDARD_GRAVITY, core.burnt_mass
    end = carried + core.dropped_mass
    if not vehicle.strap_ons:
        return total + exhaust * jnp.log1p(left / (end + vehicle.fairing_mass))
    (side,) = vehicle.strap_ons
    thrust = side.count * side.thrust, core.count * core.thrust * vehicle.core_throttle
    flow = thrust[0] / (side.specific_impulse * STANDARD_GRAVITY), thrust[1] / exhaust
    beside = flow[1] / flow[0] * side.burnt_mass
    total = total + exhaust * jnp.log1p((left - beside) / end)
    end = end + left - beside + side.dropped_mass + vehicle.fairing_mass
    return total + sum(thrust) / sum(flow) * jnp.log1p((beside + side.burnt_mass) / end)


def needed_delta_v(body: Body, vehicle: LaunchVehicle, orbit: Orbit) -> Array:
    """Delta-v from the turning ground to an orbit and through its later burns, without losses but the yaw, m/s."""
    along = orbit.insertion_speed - body.rotation_rate * body.radius * jnp.cos(orbit.inclination)
    yaw = yaw_delta_v(body, jnp.asarray(vehicle.site_latitude), orbit)
    return along + yaw + orbit.departure_delta_v + orbit.later_delta_v


def payload_for(vehicle: LaunchVehicle, delta_v: ArrayLike) -> Array:
    """Payload for which the vehicle gives just `delta_v`, kg; implicit root, differentiable to any order.

    Negative where the vehicle falls short even when empty: the dry mass it would have to lose.
    """
    last = vehicle.stages[-1]
    everything = sum((s.mass for s in vehicle.strap_ons + vehicle.stages), jnp.zeros(()))
    dv, burnout, everything = jnp.broadcast_arrays(jnp.asarray(delta_v, jnp.float64), last.dropped_mass, everything)
    return root(lambda m: ideal_delta_v(vehicle, m) - dv, -burnout * (1.0 - 1e-9), 10.0 * everything)
