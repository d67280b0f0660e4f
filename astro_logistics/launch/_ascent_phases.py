"""An ascent as a list of burns: who burns what from when to when, and what rides along."""

from __future__ import annotations

from typing import Protocol

import jax
import jax.numpy as jnp
from jax import Array

from astro_logistics.constants import STANDARD_GRAVITY
from astro_logistics.launch.atmosphere import PRESSURE_SEA_LEVEL
from astro_logistics.launch.vehicle import LaunchVehicle, Stage
from astro_logistics.numerics import safe_sqrt
from astro_logistics.pytree import Pytree, field

LIFTOFF_SHARE = 0.12
"""Share of the first burn that is vertical rise (its first half) and pitch kick (its second)."""

SINGLE_STAGE_SHARE = 0.5
"""Share of the burn after which a vehicle that drops nothing changes from gravity turn to guidance."""


PHASES = 4
"""Least number of phases; a shorter list is filled with burns of no length, so that vehicles share one program."""


class Body(Protocol):
    """What an ascent needs to know of the planet (`astro.bodies.Earth` has it)."""

    @property
    def mu(self) -> Array:
        """Gravitational parameter, m3/s2."""
        ...

    @property
    def radius(self) -> Array:
        """Equatorial radius, m."""
        ...

    @property
    def j2(self) -> Array:
        """Second zonal harmonic; 0 for a sphere."""
        ...

    @property
    def rotation_rate(self) -> Array:
        """Sidereal rotation rate, rad/s."""
        ...


class Orbit(Pytree):
    """Where an ascent ends (an apsis of the insertion orbit), and the burns of the last stage after it."""

    inclination: Array = field(unit="rad", doc="inclination to the equator", low=0.0, high=3.1416)
    insertion_altitude: Array = field(unit="m", doc="altitude at which the ascent ends, level", low=0.0)
    insertion_speed: Array = field(unit="m / s", doc="inertial speed there", low=0.0)
    departure_delta_v: Array = field(unit="m / s", doc="burn at the insertion altitude, later on", low=0.0)
    later_delta_v: Array = field(unit="m / s", doc="burns farther out", low=0.0)


class Burn(Pytree):
    """One phase: a lead group of engines, whose propellant is the clock, and a mate that burns beside it."""

    lead_flow: Array = field(unit="kg / s", doc="mass flow of the lead at full throttle")
    lead_thrust: Array = field(unit="N", doc="its vacuum thrust at full throttle")
    lead_area: Array = field(unit="m2", doc="its nozzle exit area: thrust lost per ambient pressure")
    lead_floor: Array = field(unit="", doc="its lowest throttle")
    lead_propellant: Array = field(unit="kg", doc="propellant it burns over all its phases")
    mate_flow: Array = field(unit="kg / s", doc="as of the lead")
    mate_thrust: Array = field(unit="N", doc="as of the lead")
    mate_area: Array = field(unit="m2", doc="as of the lead")
    mate_floor: Array = field(unit="", doc="as of the lead")
    mate_propellant: Array = field(unit="kg", doc="propellant of the mate at liftoff")
    drawn: Array = field(unit="", doc="1 if the lead has burnt as a mate before, else 0")
    carried: Array = field(unit="kg", doc="all mass but burning propellant, fairing and payload")
    start: Array = field(unit="", doc="share of the lead's propellant burnt at the start")
    stop: Array = field(unit="", doc="share burnt at the end")
    kick: Array = field(unit="", doc="1 if it is the liftoff: vertical rise, then pitch kick")
    guided: Array = field(unit="", doc="1 if steered by the tangent law, 0 along the velocity")


class Problem(Pytree):
    """All numbers an ascent depends on, phases stacked along the first axis of `burns`."""

    burns: Burn
    mu: Array = field(unit="m3 / s2", doc="gravitational parameter")
    radius: Array = field(unit="m", doc="radius of the body")
    oblateness: Array = field(unit="m2", doc="3/2 J2 R^2")
    plane_rate: Array = field(unit="rad / s", doc="rotation of the body in the plane of the orbit: w cos i")
    site_sine: Array = field(unit="", doc="sin i sin u at liftoff: sine of the latitude")
    site_cosine: Array = field(unit="", doc="sin i cos u at liftoff")
    fairing_mass: Array = field(unit="kg", doc="payload fairing")
    fairing_altitude: Array = field(unit="m", doc="altitude at which it is dropped")
    drag_area: Array = field(unit="m2", doc="peak drag coefficient times reference area")
    max_dynamic_pressure: Array = field(unit="Pa", doc="limit for throttling")
    max_acceleration: Array = field(unit="m / s2", doc="limit for throttling")
    guided_time: Array = field(unit="s", doc="burn time under guidance at full throttle")
    target_radius: Array = field(unit="m", doc="radius at insertion")
    target_speed: Array = field(unit="m / s", doc="speed at insertion")
    last_burnout: Array = field(unit="kg", doc="last stage without payload and burnable propellant")
    last_flow: Array = field(unit="kg / s", doc="its mass flow at full throttle")
    last_exhaust: Array = field(unit="m / s", doc="its exhaust speed in vacuum")
    departure_delta_v: Array = field(unit="m / s", doc="burn after the ascent, near insertion")
    later_delta_v: Array = field(unit="m / s", doc="burns after it, and `yaw_delta_v`")
    mass_scale: Array = field(unit="kg", doc="unit of payload in the search; a constant to the derivatives")
    yaw_delta_v: Array = field(unit="m / s", doc="turning out of the ground's motion across the plane")

    @property
    def ground_speed(self) -> Array:
        """Speed of the ground in the plane of the orbit at liftoff, m/s."""
        return self.plane_rate * self.radius


def engines(stage: Stage, throttle: Array | float = 1.0) -> tuple[Array, Array, Array, Array]:
    """Flow, vacuum thrust, exit area and throttle floor of all units together."""
    thrust = stage.count * stage.thrust
    area = thrust * (1.0 - stage.specific_impulse_sea_level / stage.specific_impulse) / PRESSURE_SEA_LEVEL
    flow = thrust / (stage.specific_impulse * STANDARD_GRAVITY)
    return flow * throttle, thrust * throttle, area, stage.throttle_min / throttle


def finite_burn_loss(mu: Array, radius: Array, delta_v: Array, mass: Array, exhaust: Array, flow: Array) -> Array:
    """Loss of a burn of finite length at `radius` that leaves `mass`: about dv (w t)^2 / 24, w^2 = mu / r^3, m/s.

    t is the length of the impulsive burn. Good for w t below about 1 (Robbins 1966).
    """
    seconds = mass * jnp.expm1(delta_v / exhaust) / flow
    return delta_v * mu / radius**3 * seconds**2 / 24.0


def yaw_delta_v(body: Body, latitude: Array, orbit: Orbit) -> Array:
    """Speed lost to the motion of the ground across the plane: sqrt((v - w_t)^2 + w_n^2) - (v - w_t), m/s.

    NaN where the orbit never passes over the site.
    """
    ground = body.rotation_rate * body.radius
    along = orbit.insertion_speed - ground * jnp.cos(orbit.inclination)
    across_square = ground**2 * (jnp.cos(latitude) ** 2 - jnp.cos(orbit.inclination) ** 2)
    across_square = jnp.where(across_square >= -1e-9 * ground**2, across_square, jnp.nan)
    return safe_sqrt(along**2 + across_square) - along


def build(body: Body, vehicle: LaunchVehicle, orbit: Orbit, guess: Array) -> Problem:
    """The problem of one vehicle (scalar leaves) flying to one orbit with about the payload `guess` [kg].

    Phases: liftoff, then the rest of the first burn as a gravity turn, then one guided burn per remaining stage; the
    first burn is that of the strap-ons beside the core, if there are any.
    """
    core, last = vehicle.stages[0], vehicle.stages[-1]
    zero, one = jnp.zeros(()), jnp.ones(())
    none = (zero, zero, zero, one)
    above = [sum((s.mass for s in vehicle.stages[k + 1 :]), zero) for k in range(len(vehicle.stages))]
    rows: list[tuple[Array, ...]] = []

    def row(
        lead: Stage, mate: tuple[Array, ...], mate_propellant: Array, drawn: Array, carried: Array, *window: float
    ) -> None:
        start, stop, kick, guided = (jnp.asarray(x, jnp.float64) for x in window)
        rows.append(
            (*engines(lead), lead.burnt_mass, *mate, mate_propellant, drawn, carried, start, stop, kick, guided)
        )

    if vehicle.strap_ons:
        (lead,) = vehicle.strap_ons
        beside = (lead, engines(core, vehicle.core_throttle), core.burnt_mass, zero)
        carried = lead.dropped_mass + core.dropped_mass + above[0]
        row(*beside, carried, 0.0, LIFTOFF_SHARE, 1.0, 0.0)
        row(*beside, carried, LIFTOFF_SHARE, 1.0, 0.0, 0.0)
        row(core, none, zero, one, core.dropped_mass + above[0], 0.0, 1.0, 0.0, 1.0)
        guided_propellant = core.burnt_mass - beside[1][0] * lead.burnt_mass / engines(lead)[0]
        guided_time = guided_propellant / engines(core)[0]
    else:
        cut = SINGLE_STAGE_SHARE if len(vehicle.stages) == 1 else 1.0
        alone = (core, none, zero, zero, core.dropped_mass + above[0])
        row(*alone, 0.0, LIFTOFF_SHARE, 1.0, 0.0)
        row(*alone, LIFTOFF_SHARE, cut, 0.0, 0.0)
        guided_time = zero
        if len(vehicle.stages) == 1:
            row(*alone, cut, 1.0, 0.0, 1.0)
            guided_time = (1.0 - cut) * core.burnt_mass / engines(core)[0]
    for k, stage in enumerate(vehicle.stages[1:], start=1):
        row(stage, none, zero, zero, stage.dropped_mass + above[k], 0.0, 1.0, 0.0, 1.0)
        guided_time = guided_time + stage.burnt_mass / engines(stage)[0]
    rows[2:2] = [(*rows[-1][:-4], zero, zero, zero, one)] * (PHASES - len(rows))
    burns = Burn(*(jnp.stack(jnp.broadcast_arrays(*column)) for column in zip(*rows, strict=True)))
    yaw = yaw_delta_v(body, jnp.asarray(vehicle.site_latitude), orbit)
    area = 0.25 * jnp.pi * vehicle.diameter**2
    return jax.tree.map(
        lambda x: jnp.asarray(x, jnp.float64),
        Problem(
            burns=burns,
            mu=body.mu,
            radius=body.radius,
            oblateness=1.5 * body.j2 * body.radius**2,
            plane_rate=body.rotation_rate * jnp.cos(orbit.inclination),
            site_sine=jnp.sin(vehicle.site_latitude),
            site_cosine=safe_sqrt(
                jnp.maximum(jnp.sin(orbit.inclination) ** 2 - jnp.sin(vehicle.site_latitude) ** 2, 0.0)
            ),
            fairing_mass=vehicle.fairing_mass,
            fairing_altitude=vehicle.fairing_altitude,
            drag_area=vehicle.drag_coefficient_peak * area,
            max_dynamic_pressure=vehicle.max_dynamic_pressure,
            max_acceleration=vehicle.max_acceleration,
            guided_time=guided_time,
            target_radius=body.radius + orbit.insertion_altitude,
            target_speed=orbit.insertion_speed,
            last_burnout=last.dropped_mass,
            last_flow=engines(last)[0],
            last_exhaust=last.specific_impulse * STANDARD_GRAVITY,
            departure_delta_v=orbit.departure_delta_v,
            later_delta_v=orbit.later_delta_v + yaw,
            mass_scale=jax.lax.stop_gradient(last.dropped_mass + 0.1 * last.burnt_mass + jnp.abs(guess)),
            yaw_delta_v=yaw,
        ),
    )
