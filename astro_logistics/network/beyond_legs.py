"""Delta-v and time from the depot to places about the Earth and the Moon, and back."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro import cr3bp, maneuvers, orbits
from astro_logistics.constants import ASTRONOMICAL_UNIT
from astro_logistics.launch.rocket import exhaust_speed
from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import Pytree, field


class LunarSpace(Pytree):
    """What the ways about the Moon ask for beyond two-body mechanics."""

    nrho_insertion: Array = field(unit="m / s", doc="from translunar coast into the near-rectilinear orbit", low=0.0)
    nrho_to_low_orbit: Array = field(unit="m / s", doc="from it to the low lunar orbit before descent", low=0.0)
    low_orbit_to_nrho: Array = field(unit="m / s", doc="back again", low=0.0)
    ascent_loss: Array = field(unit="m / s", doc="ascent delta-v above the ideal one to low lunar orbit", low=0.0)
    swingby_altitude: Array = field(unit="m", doc="height over the Moon of the burn on the way to EML2", low=0.0)
    libration_arrival: Array = field(unit="m / s", doc="speed taken out on arrival at EML2; 0 takes forever", low=0.0)
    libration_time: Array = field(unit="s", doc="time from the Moon to EML2 at that speed", low=0.0)
    stay: Array = field(unit="s", doc="time on the Moon before the return", low=0.0)
    lander_dry_mass: Array = field(
        unit="kg", doc="dry mass of the ship as a lander that never enters an atmosphere: no shield, no flaps", low=0.0
    )
    high_boost: Array = field(
        unit="m / s",
        doc="speed above the depot's at the perigee of the orbit of a second refilling",
        low=0.0,
    )
    loiter: Array = field(unit="s", doc="time a lander waits in lunar orbit for its crew", low=0.0)


def depot_radius(scenario: Scenario) -> Array:
    """Radius of the depot orbit, m."""
    return scenario.bodies.earth.radius + scenario.depot.altitude


def translunar(scenario: Scenario) -> tuple[Array, Array, Array]:
    """Burn at the depot (m/s), excess speed at the Moon (m/s), time of flight (s): `maneuvers.lunar_transfer`."""
    earth, moon = scenario.bodies.earth, scenario.bodies.moon
    return maneuvers.lunar_transfer(earth.mu, moon.mu, depot_radius(scenario), moon.orbit_radius)


def lunar_ascent(scenario: Scenario, lunar: LunarSpace) -> Array:
    """Delta-v from the lunar ground to the low orbit: two burns of Hohmann's ellipse and the loss, m/s."""
    moon = scenario.bodies.moon
    low = moon.radius + scenario.places.low_lunar_altitude
    circularize, _, _ = maneuvers.hohmann(moon.mu, low, moon.radius)
    return orbits.vis_viva(moon.mu, moon.radius, 0.5 * (low + moon.radius)) + circularize + lunar.ascent_loss


def geostationary(scenario: Scenario) -> tuple[Array, Array, Array]:
    """Burns at the depot and at the geostationary orbit, plane turned at the second (m/s), time (s).

    All of the turn at the far burn: turning some 2 degrees at the near one would save 0.5 %.
    """
    earth = scenario.bodies.earth
    radius = (earth.mu / earth.rotation_rate**2) ** (1.0 / 3.0)
    start = depot_radius(scenario)
    first, _, tof = maneuvers.hohmann(earth.mu, start, radius)
    slow = orbits.vis_viva(earth.mu, radius, 0.5 * (start + radius))
    turn = maneuvers.combined_plane_change(slow, orbits.circular_speed(earth.mu, radius), scenario.depot.inclination)
    return first, turn, tof


def libration_near(scenario: Scenario) -> tuple[Array, Array]:
    """Delta-v and time from the depot to EML1: half an ellipse to its distance, then the speed it turns with.

    The Moon's pull on the way is left out: it adds or takes some tens of m/s.

    Returns:
        (m/s, s).
    """
    earth, moon = scenario.bodies.earth, scenario.bodies.moon
    around = cr3bp.system(earth.mu, moon.mu, moon.orbit_radius)
    distance = (cr3bp.lagrange_points(around.mass_ratio)[0, 0] + around.mass_ratio) * around.length
    start = depot_radius(scenario)
    burn, _, tof = maneuvers.hohmann(earth.mu, start, distance)
    slow = orbits.vis_viva(earth.mu, distance, 0.5 * (start + distance))
    return burn + distance / around.time - slow, tof


def libration_far(scenario: Scenario, lunar: LunarSpace) -> tuple[Array, Array]:
    """Delta-v and time from the depot to EML2 by a burn behind the Moon.

    The translunar ellipse ends in a hyperbola about the Moon; at its lowest point the speed is cut to that of the
    Jacobi constant with which EML2 is reached at `libration_arrival`, which is taken out there:
    v^2 = 2 U(perilune) - C, C = 2 U(L2) - u^2.

    Returns:
        (m/s, s).

    Errors: the least for these speeds (the direction may cost more); the turning frame's 5 m/s at perilune left out.
    """
    earth, moon = scenario.bodies.earth, scenario.bodies.moon
    around = cr3bp.system(earth.mu, moon.mu, moon.orbit_radius)
    burn, v_infinity, tof = translunar(scenario)
    radius = moon.radius + lunar.swingby_altitude
    far = cr3bp.lagrange_points(around.mass_ratio)[1, 0]
    speed = around.length / around.time

    def potential(x: Array) -> Array:
        zero = jnp.zeros_like(x)
        return cr3bp.jacobi(around.mass_ratio, jnp.stack([x, zero, zero, zero, zero, zero])) * speed**2

    perilune = potential(1.0 - around.mass_ratio + radius / around.length)
    after = jnp.sqrt(perilune - potential(far) + lunar.libration_arrival**2)
    brake = orbits.speed_from_v_infinity(moon.mu, radius, v_infinity) - after
    return burn + brake + lunar.libration_arrival, tof + lunar.libration_time


def lunar_descent_from_low(scenario: Scenario) -> Array:
    """Delta-v from the low lunar orbit to rest on the ground, losses included, m/s."""
    moon, places = scenario.bodies.moon, scenario.places
    low = moon.radius + places.low_lunar_altitude
    deorbit, _, _ = maneuvers.hohmann(moon.mu, low, moon.radius)
    return deorbit + orbits.vis_viva(moon.mu, moon.radius, 0.5 * (low + moon.radius)) + places.lunar_descent_loss


def geo_deorbit(scenario: Scenario) -> Array:
    """Burn at the geostationary orbit that lowers the perigee into the air, m/s; the plane is left as it is."""
    earth = scenario.bodies.earth
    radius = (earth.mu / earth.rotation_rate**2) ** (1.0 / 3.0)
    burn, _, _ = maneuvers.hohmann(earth.mu, radius, earth.radius + scenario.places.aerocapture_altitude)
    return burn


def solar_orbit(scenario: Scenario, distance: ArrayLike) -> tuple[Array, Array, Array]:
    """Delta-v and time from the depot to a circular orbit of the Sun in the plane of the Earth's.

    Hohmann's ellipse from the Earth's distance: its excess speed from the depot's height, and the burn at the other
    end by the ship, after the coast, with propellant that boils off on the way as it does at the depot. That burn is
    counted as the delta-v which, without boil-off, takes as much: w ln(1 + (exp(dv / w) - 1) exp(b t)), w the exhaust
    speed. At the Earth's own distance it is a bare escape, and satellites are left to drift from the Earth.

    Args:
        scenario: the scenario.
        distance: from the Sun [m].

    Returns:
        (delta-v as counted [m/s], of it the last burn alone, without boil-off [m/s], time of the coast [s]).

    Errors: the Earth on a circle (its eccentricity moves the excess speed by up to 0.5 km/s); the depot's plane holds
    the asymptote; propellant is as warm as at the depot, whatever the distance; at the Earth's distance the time, half
    a year, has no meaning and takes no propellant.
    """
    earth, ship = scenario.bodies.earth, scenario.launcher.vehicle.ship
    away, last, time = maneuvers.hohmann(scenario.bodies.sun.mu, ASTRONOMICAL_UNIT, distance)
    w = exhaust_speed(ship.specific_impulse)
    kept = jnp.expm1(last / w) * jnp.exp(scenario.depot.boil_off_rate * time)
    return maneuvers.departure_burn(earth.mu, depot_radius(scenario), away) + w * jnp.log1p(kept), last, time
