"""The equations of powered flight in the plane of the orbit, and their integration phase by phase.

Polar coordinates in the inertial frame: radius r, angle from the site theta, radial and horizontal speed. The clock of
a phase is the propellant of its lead engines, so that a phase ends at burnout however the engines were throttled.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import diffrax
import jax
import jax.numpy as jnp
from jax import Array

from astro_logistics.launch._ascent_phases import Burn, Problem, finite_burn_loss
from astro_logistics.launch.atmosphere import air, drag_shape
from astro_logistics.numerics import norm

STEPS = 24
"""Runge-Kutta steps per phase (even: the pitch kick begins at a step)."""

FAIRING_WIDTH = 2.0e3
"""m: the fairing's mass leaves over a few of these around its altitude, smoothly."""

STANDSTILL = 1.0e-6
"""m/s: below it a vehicle on the pad has no direction but up; rounding alone gives 1e-13."""

KICK_START = 0.5
"""Share of the liftoff phase that is vertical."""

UNDERGROUND, GROUND_WIDTH = -2.0e3, 1.0e2
"""m: below this altitude there is no air, so that a trajectory tried in the search may sink and still be flown; one
that ends below the ground is no solution (the residual `ground`). At the pad the air is 2e-9 thinner for it."""

THROTTLE_SHARPNESS = 30.0
"""Rounding of the throttle's corners: 2.3 % of its range where a limit is just met."""

DYNAMIC_PRESSURE_GAIN, DYNAMIC_PRESSURE_ONSET = 5.0, 0.95
"""Range of throttle given up per limit of dynamic pressure, and the share of the limit at which that begins."""

SOLVER = diffrax.Tsit5(scan_kind="bounded")


class State(NamedTuple):
    """What is integrated; the last five are speeds in m/s whose sum of signs gives the speed relative to the air."""

    time: Array
    radius: Array
    angle: Array
    climb: Array
    level: Array
    mate_burnt: Array
    guided: Array
    ideal: Array
    gravity: Array
    drag: Array
    pressure: Array
    steering: Array


class Forces(NamedTuple):
    """What acts at an instant."""

    mass: Array
    flow: Array
    acceleration: Array
    dynamic_pressure: Array
    speed: Array
    rate: State


class Steering(NamedTuple):
    """Pitch kick [rad] and the tangent of the pitch at the start, the end and, beyond their mean, the middle."""

    kick: Array
    start: Array
    stop: Array
    bow: Array


def start(problem: Problem) -> State:
    """At rest on the turning ground."""
    zero = jnp.zeros_like(problem.radius)
    return State(zero, problem.radius, zero, zero, problem.ground_speed, *([zero] * 7))


def _throttle(problem: Problem, floor: Array, dynamic_pressure: Array, full_acceleration: Array) -> Array:
    """Throttle in (floor, 1) of every group of engines that respects both limits as far as the floor lets it.

    Share of the range by load: (limit / acceleration at full throttle - floor) / (1 - floor), by dynamic pressure:
    falling from 1 at 0.95 of the limit to 3/4 at the limit; each held between 0 and 1 with rounded corners, multiplied.
    """
    by_load = (problem.max_acceleration / full_acceleration - floor) / (1.0 - floor + 1e-3)
    ratio = dynamic_pressure / problem.max_dynamic_pressure
    by_pressure = 1.0 + DYNAMIC_PRESSURE_GAIN * (DYNAMIC_PRESSURE_ONSET - ratio)
    x = jnp.concatenate([by_load, by_pressure[None]])
    ends = jax.nn.softplus(THROTTLE_SHARPNESS * jnp.stack([x, x - 1.0]))
    clipped = (ends[0] - ends[1]) / THROTTLE_SHARPNESS
    return floor + (1.0 - floor) * clipped[:-1] * clipped[-1]


def forces(problem: Problem, burn: Burn, steering: Steering, payload: Array, share: Array, y: State) -> Forces:
    """Mass, accelerations and rates (per second) at a share of the lead's propellant burnt."""
    altitude = y.radius - problem.radius
    pressure, density, sound = air(altitude)
    above = jax.nn.sigmoid((altitude - UNDERGROUND) / GROUND_WIDTH)
    pressure, density = pressure * above, density * above
    fairing = problem.fairing_mass * jax.nn.sigmoid((problem.fairing_altitude - altitude) / FAIRING_WIDTH)
    lead_left = (burn.lead_propellant - burn.drawn * y.mate_burnt) * (1.0 - share)
    beside = (1.0 - burn.drawn) * jnp.where(burn.mate_propellant > 0.0, burn.mate_propellant - y.mate_burnt, 0.0)
    mass = burn.carried + payload + fairing + lead_left + beside

    level = y.level - problem.plane_rate * y.radius  # relative to the turning air
    velocity = jnp.stack([y.climb, level])
    speed = norm(velocity)
    moving = speed > STANDSTILL
    along = jnp.where(moving, velocity / jnp.where(moving, speed, 1.0), jnp.array([1.0, 0.0]))
    dynamic_pressure = 0.5 * density * speed**2
    drag = dynamic_pressure * problem.drag_area * drag_shape(speed / sound) / mass

    thrust = jnp.stack([burn.lead_thrust, burn.mate_thrust])
    floor = jnp.stack([burn.lead_floor, burn.mate_floor])
    throttle = _throttle(problem, floor, dynamic_pressure, jnp.sum(thrust) / mass)
    ideal = jnp.sum(throttle * thrust) / mass
    lost = pressure * (burn.lead_area + burn.mate_area) / mass
    net = ideal - lost

    liftoff = burn.kick > 0.5
    done = (share - burn.start) / jnp.where(liftoff, burn.stop - burn.start, 1.0)
    ramp = jnp.maximum(done - KICK_START, 0.0) / (1.0 - KICK_START)
    kick = steering.kick * ramp**3
    x = y.guided / problem.guided_time
    tangent = steering.start * (1.0 - x) + steering.stop * x + 4.0 * steering.bow * x * (1.0 - x)
    guided = jnp.stack([tangent, jnp.ones_like(tangent)]) / jnp.sqrt(1.0 + tangent**2)
    unguided = jnp.where(liftoff, jnp.stack([jnp.cos(kick), jnp.sin(kick)]), along)
    direction = jnp.where(burn.guided > 0.5, guided, unguided)

    central = problem.mu / y.radius**2
    turned = jnp.stack([jnp.cos(y.angle), jnp.sin(y.angle)])
    sine = problem.site_sine * turned[0] + problem.site_cosine * turned[1]  # sin i sin u
    cosine = problem.site_cosine * turned[0] - problem.site_sine * turned[1]  # sin i cos u
    oblate = problem.oblateness * central / y.radius**2
    pull = jnp.stack([central + oblate * (1.0 - 3.0 * sine**2), 2.0 * oblate * sine * cosine])
    centrifugal = jnp.stack([problem.plane_rate**2 * y.radius, jnp.zeros_like(central)])

    felt = net * direction - drag * along
    gained = felt - pull
    level_over_radius = y.level / y.radius
    rate = State(
        time=jnp.ones_like(mass),
        radius=y.climb,
        angle=level_over_radius,
        climb=gained[0] + y.level * level_over_radius,
        level=gained[1] - y.climb * level_over_radius,
        mate_burnt=throttle[1] * burn.mate_flow,
        guided=burn.guided,
        ideal=ideal,
        gravity=jnp.sum((pull - centrifugal) * along),
        drag=drag,
        pressure=lost,
        steering=net * (1.0 - jnp.sum(direction * along)),
    )
    return Forces(mass, throttle[0] * burn.lead_flow, norm(felt), dynamic_pressure, speed, rate)


def kept_propellant(problem: Problem, payload: Array) -> tuple[Array, Array]:
    """Propellant of the last stage left at insertion [kg], and the finite-burn loss of the departure burn [m/s].

    What the later burns need: m (exp(dv / c) - 1).
    """
    burnout = problem.last_burnout + payload
    far = burnout * jnp.exp(problem.later_delta_v / problem.last_exhaust)
    finite = finite_burn_loss(
        problem.mu, problem.target_radius, problem.departure_delta_v, far, problem.last_exhaust, problem.last_flow
    )
    return far * jnp.exp((problem.departure_delta_v + finite) / problem.last_exhaust) - burnout, finite


def stop_share(burn: Burn, kept: Array, mate_burnt: Array) -> Array:
    """Share of the lead's propellant burnt at the end of a phase in which `kept` of it is left over."""
    return burn.stop - kept / (burn.lead_propellant - burn.drawn * mate_burnt)


def kept_by_phase(problem: Problem, payload: Array) -> Array:
    """Nothing, but in the last phase what `kept_propellant` says, kg."""
    return jnp.zeros_like(problem.burns.stop).at[-1].set(kept_propellant(problem, payload)[0])


def fly(problem: Problem, steering: Steering, payload: Array) -> tuple[State, State]:
    """Integrate phase by phase with `STEPS` Runge-Kutta steps (Tsitouras 5) each.

    Args:
        problem, steering, payload: what flies, how, with what.

    Returns:
        The final state, and the states at the start of every step and at the end, (phases, STEPS + 1).
    """

    def phase(y: Array, row: tuple[Burn, Array]) -> tuple[Array, Array]:
        burn, kept = row
        stop = stop_share(burn, kept, State(*y).mate_burnt)

        def rate(share: Any, y: Array, _: None) -> Array:
            state = State(*y)
            now = forces(problem, burn, steering, payload, share, state)
            left = burn.lead_propellant - burn.drawn * state.mate_burnt
            return jnp.stack(now.rate) * (left / now.flow)

        term = diffrax.ODETerm(rate)
        width = (stop - burn.start) / STEPS

        def step(carry: tuple[Array, Any], k: Array) -> tuple[tuple[Array, Any], Array]:
            y, memory = carry
            t = burn.start + k * width
            after, _, _, memory, _ = SOLVER.step(term, t, t + width, y, None, memory, made_jump=False)
            return (after, memory), y

        memory = SOLVER.init(term, burn.start, burn.start + width, y, None)
        (end, _), states = jax.lax.scan(step, (y, memory), jnp.arange(STEPS, dtype=float))
        return end, jnp.concatenate([states, end[None]])

    end, states = jax.lax.scan(phase, jnp.stack(start(problem)), (problem.burns, kept_by_phase(problem, payload)))
    return State(*end), State(*jnp.moveaxis(states, -1, 0))
