"""Powered flight of a launch vehicle to an orbit, integrated and steered for the largest payload."""

from __future__ import annotations

from collections.abc import Mapping

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.launch._ascent_flight import Steering, fly, forces, kept_by_phase, kept_propellant, stop_share
from astro_logistics.launch._ascent_optimum import best_payload, optimum
from astro_logistics.launch._ascent_phases import Body, Orbit, Problem, build
from astro_logistics.launch._ascent_search import TOLERANCE, unpack
from astro_logistics.launch.ascent_loss import needed_delta_v, payload_for
from astro_logistics.launch.atmosphere import PRESSURE_SEA_LEVEL, air
from astro_logistics.launch.vehicle import LaunchVehicle
from astro_logistics.pytree import Pytree, field

__all__ = [
    "AscentResult",
    "Body",
    "Losses",
    "Orbit",
    "Trajectory",
    "ascend",
    "circular",
    "elliptic",
    "escape",
    "payload",
]

GATES = ("thrust", "plane", "core", "orbit", "optimum", "parking", "payload", "ground")
"""Residuals of an ascent that count against it."""

FIRST_LOSS = 1700.0
"""m/s: ascent loss assumed for the payload from which the search starts; of no influence on the result."""


class Losses(Pytree):
    """Where ideal delta-v goes besides speed."""

    gravity: Array = field(unit="m / s", doc="along the path, centrifugal force of the turning frame deducted")
    drag: Array = field(unit="m / s", doc="air drag")
    pressure: Array = field(unit="m / s", doc="thrust lost to the pressure of the air")
    steering: Array = field(unit="m / s", doc="thrust not along the velocity relative to the ground")
    yaw: Array = field(unit="m / s", doc="turning out of the ground's motion across the plane of the orbit")
    finite_burn: Array = field(unit="m / s", doc="departure burn of finite length (Robbins' estimate)")


class Trajectory(Pytree):
    """The ascent at every step of every phase, arrays (phases, steps + 1); the last column is the burnout."""

    time: Array = field(unit="s", doc="since liftoff")
    altitude: Array = field(unit="m", doc="above the equatorial radius")
    downrange: Array = field(unit="m", doc="along the ground, in the turning frame")
    speed: Array = field(unit="m / s", doc="relative to the ground")
    inertial_speed: Array = field(unit="m / s", doc="in the inertial frame")
    flight_path_angle: Array = field(unit="rad", doc="of the inertial velocity over the horizon")
    acceleration: Array = field(unit="m / s2", doc="felt on board")
    dynamic_pressure: Array = field(unit="Pa", doc="of the air")
    mach: Array = field(unit="", doc="Mach number")
    mass: Array = field(unit="kg", doc="of the vehicle, before what is dropped at the end of the phase")


class AscentResult(Pytree):
    """The best ascent of a vehicle to an orbit; `residuals` above 0 tell what stands against it."""

    residuals: Mapping[str, Array]
    trajectory: Trajectory
    losses: Losses
    steering: Array
    payload: Array = field(unit="kg", doc="largest payload; negative if even the empty vehicle is too heavy")
    ideal_delta_v: Array = field(unit="m / s", doc="integral of vacuum thrust over mass, to insertion")
    max_dynamic_pressure: Array = field(unit="Pa", doc="largest over the steps")
    max_acceleration: Array = field(unit="m / s2", doc="largest over the steps")
    converged: Array = field(unit="", doc="solved, and feasible")

    @property
    def violated(self) -> tuple[str, ...]:
        """Names of what stands against a single ascent, if anything does."""
        return tuple(name for name in GATES if not float(self.residuals[name]) <= 0.0)


def _radius(body: Body, altitude: ArrayLike) -> Array:
    return body.radius + jnp.asarray(altitude, jnp.float64)


def _apsis_speed(body: Body, here: Array, there: Array) -> Array:
    """Speed at the apsis `here` of the orbit whose other apsis is `there` (vis viva)."""
    return jnp.sqrt(2.0 * body.mu * there / (here * (here + there)))


def circular(body: Body, altitude: ArrayLike, inclination: ArrayLike, insertion_altitude: ArrayLike = 185.0e3) -> Orbit:
    """A circular orbit: ascent to the perigee of an ellipse that touches it, and a burn of the last stage there.

    Args:
        body: the planet.
        altitude: of the orbit, over the equatorial radius [m]; not below `insertion_altitude`.
        inclination: [rad].
        insertion_altitude: perigee of the insertion orbit [m].

    Returns:
        The orbit; NaN speeds where it lies below the insertion altitude.
    """
    low, high = _radius(body, insertion_altitude), _radius(body, altitude)
    high = jnp.where(high >= low, high, jnp.nan)
    burn = jnp.sqrt(body.mu / high) - _apsis_speed(body, high, low)
    zero = jnp.zeros_like(burn)
    return Orbit(jnp.asarray(inclination, jnp.float64), low - body.radius, _apsis_speed(body, low, high), zero, burn)


def elliptic(
    body: Body,
    apogee: ArrayLike,
    inclination: ArrayLike,
    parking_altitude: ArrayLike = 185.0e3,
    parking_apogee: ArrayLike | None = None,
) -> Orbit:
    """An ellipse from a parking orbit by one burn of the last stage (a geostationary transfer orbit, say).

    Args:
        body: the planet.
        apogee: altitude [m].
        inclination: of both orbits [rad].
        parking_altitude: perigee of both [m].
        parking_apogee: apogee of the parking orbit [m]; circular if not given.
    """
    low, high = _radius(body, parking_altitude), _radius(body, apogee)
    return _departure(body, low, parking_apogee, _apsis_speed(body, low, high), inclination)


def escape(
    body: Body,
    c3: ArrayLike,
    inclination: ArrayLike,
    parking_altitude: ArrayLike = 185.0e3,
    parking_apogee: ArrayLike | None = None,
) -> Orbit:
    """Departure from a parking orbit with energy c3 (negative: an ellipse, as towards the Moon).

    Args:
        body: the planet.
        c3: twice the specific energy [m2/s2].
        inclination: of the parking orbit [rad].
        parking_altitude: perigee [m].
        parking_apogee: apogee of the parking orbit [m]; circular if not given.
    """
    low = _radius(body, parking_altitude)
    speed = jnp.sqrt(jnp.asarray(c3, jnp.float64) + 2.0 * body.mu / low)
    return _departure(body, low, parking_apogee, speed, inclination)


def _departure(body: Body, low: Array, apogee: ArrayLike | None, speed: Array, inclination: ArrayLike) -> Orbit:
    """Insertion into a parking orbit at its perigee, and a burn there to `speed`."""
    high = low if apogee is None else _radius(body, apogee)
    parking = _apsis_speed(body, low, high)
    burn = speed - parking
    zero = jnp.zeros_like(burn)
    return Orbit(jnp.asarray(inclination, jnp.float64), low - body.radius, parking, burn, zero)


def _trajectory(problem: Problem, steering: Steering, payload: Array) -> tuple[Trajectory, Array, Array, Losses]:
    end, states = fly(problem, steering, payload)
    burns = problem.burns
    n = states.time.shape[1]
    part = jnp.arange(n, dtype=float)[None] / (n - 1.0)
    stops = stop_share(burns, kept_by_phase(problem, payload), states.mate_burnt[:, 0])
    shares = burns.start[:, None] + (stops - burns.start)[:, None] * part
    along = jax.vmap(lambda b, x, y: forces(problem, b, steering, payload, x, y), in_axes=(None, 0, 0))
    now = jax.vmap(along)(burns, shares, states)
    altitude = states.radius - problem.radius
    trajectory = Trajectory(
        time=states.time,
        altitude=altitude,
        downrange=problem.radius * (states.angle - problem.plane_rate * states.time),
        speed=now.speed,
        inertial_speed=jnp.hypot(states.climb, states.level),
        flight_path_angle=jnp.arctan2(states.climb, states.level),
        acceleration=now.acceleration,
        dynamic_pressure=now.dynamic_pressure,
        mach=now.speed / air(altitude)[2],
        mass=now.mass,
    )
    finite = kept_propellant(problem, payload)[1]
    return (
        trajectory,
        end.ideal,
        stops[-1],
        Losses(end.gravity, end.drag, end.pressure, end.steering, problem.yaw_delta_v, finite),
    )


def ascend(body: Body, vehicle: LaunchVehicle, orbit: Orbit) -> AscentResult:
    """Fly a vehicle to an orbit with the payload and the steering that let it carry most.

    Planar flight over a turning planet: r'' etc. in polar coordinates of the orbit's plane with central gravity and J2,
    the U.S. Standard Atmosphere 1976, drag along the air-relative velocity, vacuum thrust less exit area times
    pressure, throttled smoothly at the limits of dynamic pressure and acceleration. Vertical rise, pitch kick, gravity
    turn to the first separation, then tan(pitch) = quadratic in time over the remaining burns without coast. The last
    stage keeps what its later burns need. Payload is maximal over kick and pitch law, by Newton's method on the
    stationarity conditions; its derivatives follow from the envelope theorem, those of all else from the implicit
    function theorem.

    Args:
        body: the planet (mu, radius, j2, rotation_rate).
        vehicle: scalar leaves; `jax.vmap` for many.
        orbit: from `circular`, `elliptic` or `escape`.

    Returns:
        `AscentResult`. Where no solution is found, payload and trajectory are NaN and `residuals` tell why (infinite
        where a number is none): `thrust`
        (weight without payload over thrust on the pad, less 1), `plane` (the orbit does not pass over the site),
        `core` (the core is empty before the strap-ons), `orbit` (insertion missed), `optimum` (payload could grow),
        `parking` (the last stage needs more than all its propellant after insertion: insert with a higher apogee),
        `payload` (negative), `ground` (flown through). `dynamic_pressure` and `acceleration` over their limits (less 1)
        do not count against convergence: a vehicle that cannot throttle enough exceeds them.

    Errors: steps of a few seconds, Tsitouras 5(4): 0.1 % of payload. No lift, no wind, no coast between burns (low
    orbits), no angle-of-attack drag under guidance; sideward motion of the ground costs as `launch_speed` says, but
    moves nothing. Against flown vehicles the error is that of masses, thrusts and reserves.

    References: Curtis 2014, ch. 11; Perkins 1956 (linear tangent); Robbins 1966 (finite burns); Tsitouras 2011.
    """
    problem, guess, residuals = _pose(body, vehicle, orbit)
    return _solve(problem, guess, residuals)


def payload(body: Body, vehicle: LaunchVehicle, orbit: Orbit) -> Array:
    """Payload of `ascend` alone, kg: the same number, NaN where there is no solution, with derivatives that cost less.

    It is negative where even the empty vehicle is too heavy, and says nothing of the other residuals. First derivatives
    are tested against central differences; the second order exists, and is not tested.
    """
    problem, guess, _ = _pose(body, vehicle, orbit)
    return _payload(problem, guess)


_payload = jax.jit(best_payload)


@jax.jit
def _pose(body: Body, vehicle: LaunchVehicle, orbit: Orbit) -> tuple[Problem, Array, dict[str, Array]]:
    """The problem, a payload to begin with, and what can be said of feasibility before flying."""
    guess = payload_for(vehicle, needed_delta_v(body, vehicle, orbit) + FIRST_LOSS)
    problem = build(body, vehicle, orbit, guess)
    burn = jax.tree.map(lambda x: x[0], problem.burns)
    push = burn.lead_thrust + burn.mate_thrust - PRESSURE_SEA_LEVEL * (burn.lead_area + burn.mate_area)
    weight = (burn.carried + burn.lead_propellant + burn.mate_propellant + problem.fairing_mass) * problem.mu
    used = burn.mate_flow * burn.lead_propellant / burn.lead_flow
    beside = burn.mate_propellant > 0.0
    residuals = {
        "thrust": weight / problem.radius**2 / push - 1.0,
        "plane": jnp.cos(orbit.inclination) ** 2 - jnp.cos(vehicle.site_latitude) ** 2 - 1e-9,
        "core": jnp.where(beside, used / jnp.where(beside, burn.mate_propellant, 1.0), 0.0) - 1.0,
    }
    return problem, jax.lax.stop_gradient(guess), residuals


@jax.jit
def _solve(problem: Problem, guess: Array, posed: Mapping[str, Array]) -> AscentResult:
    """The best ascent, flown."""
    best = optimum(problem, guess)
    steering, _ = unpack(problem, best.unknowns)
    trajectory, ideal, share, losses = _trajectory(problem, steering, best.payload)
    lowest = jnp.min(trajectory.altitude)
    residuals = {
        **posed,
        "orbit": best.missed - TOLERANCE,
        "optimum": best.slope - TOLERANCE,
        "parking": jnp.where(jnp.isnan(share), 0.0, -share),
        "payload": jnp.where(jnp.isnan(best.payload), jnp.inf, -best.payload / problem.mass_scale),
        "ground": jnp.where(jnp.isnan(lowest), jnp.inf, -lowest / 1e3 - 1e-3),
        "dynamic_pressure": jnp.max(trajectory.dynamic_pressure) / problem.max_dynamic_pressure - 1.0,
        "acceleration": jnp.max(trajectory.acceleration) / problem.max_acceleration - 1.0,
    }
    residuals = {name: jnp.where(jnp.isnan(x), jnp.inf, x) for name, x in residuals.items()}
    return AscentResult(
        residuals=residuals,
        trajectory=trajectory,
        losses=losses,
        steering=jnp.stack(steering),
        payload=best.payload,
        ideal_delta_v=ideal,
        max_dynamic_pressure=jnp.max(trajectory.dynamic_pressure),
        max_acceleration=jnp.max(trajectory.acceleration),
        converged=jnp.all(jnp.stack([residuals[k] <= 0.0 for k in GATES])),
    )
