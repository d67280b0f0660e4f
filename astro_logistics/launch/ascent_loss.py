"""Payload of a staged vehicle with strap-ons by the rocket equation and a fitted loss: the quick form of `ascent`."""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.constants import STANDARD_GRAVITY
from astro_logistics.launch._ascent_loss_fit import COEFFICIENTS, MEANS, SPREADS
from astro_logistics.launch._ascent_phases import Body, Orbit, engines, finite_burn_loss, yaw_delta_v
from astro_logistics.launch.atmosphere import PRESSURE_SEA_LEVEL
from astro_logistics.launch.vehicle import LaunchVehicle
from astro_logistics.numerics import gauss_legendre, root

_MEANS, _SPREADS, _COEFFICIENTS = (np.array(x) for x in (MEANS, SPREADS, COEFFICIENTS))

REFERENCE_LOSS = 1750.0
"""m/s: loss for which the features are taken; no estimate, only part of their definition."""

FIRST_SHARE, FIRST_LOST, SOFTNESS = 0.7, 300.0, 100.0
"""Level speed at the first separation: at least 0.7 of the ideal delta-v less 300 m/s, smooth over 100 m/s."""

REACH = 3.0
"""Spreads of the sample beyond which a feature counts for little more: the fit is not carried far outside it."""


class _Burns(NamedTuple):
    """A vehicle's burns: those before the first separation as one, those after it stage by stage."""

    start: Array  # mass at liftoff, kg
    burnt: Array  # propellant of the first burn, kg
    flow: Array  # its mass flow, kg/s
    thrust: Array  # its vacuum thrust, N
    area: Array  # its exit area, m2
    later: tuple[tuple[Array, Array, Array, Array], ...]  # mass at the start, propellant, flow, thrust


def _burns(vehicle: LaunchVehicle, payload: Array) -> _Burns:
    later = []
    carried = payload
    for stage in reversed(vehicle.stages[1:]):
        flow, thrust, *_ = engines(stage)
        carried = carried + stage.mass
        later.insert(0, (carried, stage.burnt_mass, flow, thrust))
    core = vehicle.stages[0]
    flow, thrust, area, _ = engines(core)
    full = carried + core.mass
    if not vehicle.strap_ons:
        return _Burns(full + vehicle.fairing_mass, core.burnt_mass, flow, thrust, area, tuple(later))
    (side,) = vehicle.strap_ons
    with_side, push, exits, _ = engines(side)
    beside = flow * vehicle.core_throttle / with_side * side.burnt_mass
    later.insert(0, (full - beside, core.burnt_mass - beside, flow, thrust))
    return _Burns(
        full + side.mass + vehicle.fairing_mass,
        side.burnt_mass + beside,
        with_side + flow * vehicle.core_throttle,
        push + thrust * vehicle.core_throttle,
        exits + area,
        tuple(later),
    )


def _gain(start: Array, burnt: Array, flow: Array, thrust: Array) -> Array:
    """thrust / flow ln(m_start / m_end), m/s."""
    return -thrust / flow * jnp.log1p(-burnt / start)


def ideal_delta_v(vehicle: LaunchVehicle, payload: ArrayLike) -> Array:
    """Vacuum delta-v of all burns with `payload`, reserves unburnt, m/s.

    Sum of c ln(m_start / m_end). While strap-ons and core burn together, c is their thrust over their flow; the core
    has so much less afterwards. The fairing rides through the first burn.

    Args:
        vehicle: leaves broadcastable with `payload`.
        payload: kg.

    References: Curtis 2014, sec. 11.4 to 11.6.
    """
    burns = _burns(vehicle, jnp.asarray(payload, jnp.float64))
    first = _gain(burns.start, burns.burnt, burns.flow, burns.thrust)
    return sum((_gain(*burn) for burn in burns.later), first)


def needed_delta_v(body: Body, vehicle: LaunchVehicle, orbit: Orbit) -> Array:
    """Delta-v from the turning ground to an orbit and through its later burns, without losses but the yaw, m/s."""
    along = orbit.insertion_speed - body.rotation_rate * body.radius * jnp.cos(orbit.inclination)
    yaw = yaw_delta_v(body, jnp.asarray(vehicle.site_latitude), orbit)
    return along + yaw + orbit.departure_delta_v + orbit.later_delta_v


def _departure_loss(body: Body, vehicle: LaunchVehicle, orbit: Orbit, payload: Array) -> tuple[Array, Array]:
    """Finite-burn loss of the departure burn [m/s], and the mass at insertion [kg]."""
    last = vehicle.stages[-1]
    exhaust = last.specific_impulse * STANDARD_GRAVITY
    later = orbit.later_delta_v + yaw_delta_v(body, jnp.asarray(vehicle.site_latitude), orbit)
    far = (last.dropped_mass + payload) * jnp.exp(later / exhaust)
    radius = body.radius + orbit.insertion_altitude
    finite = finite_burn_loss(body.mu, radius, orbit.departure_delta_v, far, exhaust, engines(last)[0])
    return finite, far * jnp.exp((orbit.departure_delta_v + finite) / exhaust)


def _holding(
    body: Body, later: tuple[tuple[Array, Array, Array, Array], ...], ends: list[Array], speed: Array
) -> Array:
    """Delta-v that holding altitude costs while speed is gained: integral of sqrt(a^2 + g'^2) - a over the burns, m/s.

    g' = g (1 - v^2 / v_circular^2) is gravity less what the curvature of the path takes off it, v as without losses.
    """
    gravity = body.mu / body.radius**2
    nodes, weight = gauss_legendre(6)
    held = jnp.zeros_like(speed)
    for (begin, _, rate, force), stop in zip(later, ends, strict=True):
        speed, start, end, flow, thrust = jnp.broadcast_arrays(speed, begin, stop, rate, force)
        share = nodes.reshape((-1,) + (1,) * speed.ndim)
        exhaust = thrust / flow
        mass = start[None] * (1.0 - share) + end[None] * share
        speeds = speed[None] + exhaust[None] * jnp.log(start[None] / mass)
        fall = gravity * (1.0 - speeds**2 / (gravity * body.radius))
        push = thrust[None] / mass
        held = held + (start - end) / flow * jnp.tensordot(weight, jnp.sqrt(push**2 + fall**2) - push, 1)
        speed = speed + exhaust * jnp.log(start / end)
    return held


def features(body: Body, vehicle: LaunchVehicle, orbit: Orbit) -> Array:
    """What the loss depends on, (..., features), for the payload that `REFERENCE_LOSS` would leave."""
    payload = _payload(body, vehicle, orbit, jnp.asarray(REFERENCE_LOSS))
    burns = _burns(vehicle, payload)
    gravity = body.mu / body.radius**2
    sea_level = burns.thrust - PRESSURE_SEA_LEVEL * burns.area
    inserted = _departure_loss(body, vehicle, orbit, payload)[1]
    first, last = burns.later[0], burns.later[-1]
    through = [start - burnt for start, burnt, _, _ in burns.later[:-1]] + [inserted]
    seconds = sum((b[0] - end) / b[2] for b, end in zip(burns.later, through, strict=True))
    gained = sum(b[3] / b[2] * jnp.log(b[0] / end) for b, end in zip(burns.later, through, strict=True))
    drag_area = vehicle.drag_coefficient_peak * 0.25 * jnp.pi * vehicle.diameter**2
    ideal = _gain(burns.start, burns.burnt, burns.flow, burns.thrust)
    level = orbit.insertion_speed - gained  # at the first separation, were nothing lost from there on
    level = level + SOFTNESS * jax.nn.softplus((FIRST_SHARE * ideal - FIRST_LOST - level) / SOFTNESS)
    held = _holding(body, burns.later, through, level)
    columns = (
        jnp.log(sea_level / (burns.start * gravity)),  # thrust over weight at liftoff
        jnp.log(burns.burnt / burns.flow),  # time to the first separation
        ideal,  # ideal delta-v to it
        jnp.log(first[3] / (first[0] * gravity)),  # thrust over weight after it
        jnp.log(last[3] / (last[0] * gravity)),  # and of the last stage
        seconds,  # burn time from there to insertion
        gained,  # ideal delta-v from there
        sea_level / burns.thrust,  # thrust at sea level over that in vacuum
        jnp.log(drag_area / burns.start),  # ballistic coefficient
        jnp.log(burns.thrust / (burns.start - burns.burnt) / vehicle.max_acceleration),  # throttling by load
        jnp.log(vehicle.max_dynamic_pressure),
        vehicle.fairing_mass / first[0],
        orbit.insertion_altitude,
        orbit.insertion_speed - body.rotation_rate * body.radius * jnp.cos(orbit.inclination),
        held,  # what holding altitude costs after it
    )
    return jnp.stack(jnp.broadcast_arrays(*columns), axis=-1)


def polynomial(columns: Array, means: np.ndarray = _MEANS, spreads: np.ndarray = _SPREADS) -> Array:
    """1, the features scaled and held within `REACH` by a tanh, and all products of two of them, (..., terms)."""
    shape = (1,) * (columns.ndim - 1) + (-1,)
    scaled = (columns - means.reshape(shape)) / spreads.reshape(shape)
    held = REACH * jnp.tanh(scaled / REACH)
    rows, others = np.triu_indices(columns.shape[-1])
    return jnp.concatenate([jnp.ones_like(held[..., :1]), held, held[..., rows] * held[..., others]], axis=-1)


def ascent_loss(body: Body, vehicle: LaunchVehicle, orbit: Orbit) -> Array:
    """Gravity, drag, steering and pressure losses of the best ascent, m/s, without flying it.

    exp of a quadratic polynomial in 15 features (thrust over weight at liftoff, after the first separation and of the
    last stage; burn times; speeds; ballistic coefficient; limits; insertion; what holding altitude costs), fitted by
    robust least squares to 1,162 integrated ascents (benchmarks/fit_ascent_loss.py).

    Args:
        body, vehicle, orbit: as for `ascent.ascend`; leaves broadcastable with one another.

    Returns:
        Ideal delta-v less `needed_delta_v` less the finite-burn loss; also what the fairing costs on its way from the
        first separation to where it is dropped.

    Validity: vehicles that drop a stage or strap-ons on the way; far from the sample the loss levels off.

    Errors: see `payload`.
    """
    return jnp.exp(polynomial(features(body, vehicle, orbit)) @ _COEFFICIENTS)


def payload(body: Body, vehicle: LaunchVehicle, orbit: Orbit) -> Array:
    """Payload at which ideal delta-v meets what the orbit needs and the loss takes, kg; implicit root.

    Args:
        body, vehicle, orbit: as for `ascent.ascend`; leaves broadcastable with one another (batches need no vmap).

    Returns:
        Payload, kg, differentiable to any order; negative where the vehicle falls short even when empty.

    Errors against the integrated ascent, over 291 vehicles kept out of the fit: two and three stages 51 and 57 m/s
    rms, payload to 1.2 % in the middle and 5 % for nine in ten; strap-ons, core and upper stage 136 m/s, 2 % and 9 %;
    strap-ons and a core alone 156 m/s, 6 % and 32 % (their payload is a small share of what they bring to orbit).
    To their published orbits Falcon 9, Falcon Heavy, Electron, Starship V3 and V4, Long March 5B, Ariane 62 and 64
    (GTO) lie within 5 %; upper stages far too weak for what is put on them (low orbit with Ariane, SLS, Vulcan) 10 to
    25 % low, SLS to the Moon 15 % high. Of what is brought to orbit, last stage included, the error is less: Starship
    V3 to a sun-synchronous orbit is 1.2 % of that high, which is 13 % of its payload.
    """
    return _payload(body, vehicle, orbit, ascent_loss(body, vehicle, orbit))


def _payload(body: Body, vehicle: LaunchVehicle, orbit: Orbit, loss: Array) -> Array:
    """Payload that an orbit and a loss leave, kg."""
    least, everything, needed = _bracket(vehicle, needed_delta_v(body, vehicle, orbit) + loss)

    def surplus(m: Array) -> Array:
        return ideal_delta_v(vehicle, m) - needed - _departure_loss(body, vehicle, orbit, m)[0]

    return root(surplus, least, everything)


def payload_for(vehicle: LaunchVehicle, delta_v: ArrayLike) -> Array:
    """Payload for which the vehicle gives just `delta_v`, kg; implicit root, differentiable to any order.

    Negative where the vehicle falls short even when empty: the dry mass it would have to lose.
    """
    least, everything, needed = _bracket(vehicle, jnp.asarray(delta_v, jnp.float64))
    return root(lambda m: ideal_delta_v(vehicle, m) - needed, least, everything)


def _bracket(vehicle: LaunchVehicle, needed: Array) -> tuple[Array, Array, Array]:
    """Smallest and largest payload to be thought of, and the delta-v, of one shape."""
    everything = sum((s.mass for s in vehicle.strap_ons + vehicle.stages), jnp.zeros(()))
    burnout = vehicle.stages[-1].dropped_mass
    needed, burnout, everything = jnp.broadcast_arrays(needed, burnout, everything)
    return -burnout * (1.0 - 1e-6), everything, needed
