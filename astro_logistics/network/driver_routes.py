"""Routes thrown by the mass driver from the Moon: to escape, to sun-synchronous orbit, to Mars."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro import maneuvers, orbits
from astro_logistics.constants import ASTRONOMICAL_UNIT, JULIAN_YEAR, STEFAN_BOLTZMANN
from astro_logistics.economics import driver_cost
from astro_logistics.launch import capsule as capsules
from astro_logistics.launch import mass_driver as drivers
from astro_logistics.launch.mass_driver.dispersion import speed_error
from astro_logistics.launch.mass_driver.mass import sled_load
from astro_logistics.launch.mass_driver.radiator import net_flux
from astro_logistics.network.figures import RouteFigures
from astro_logistics.network.rocket_routes import mars_departures
from astro_logistics.network.scenario import Scenario
from astro_logistics.numerics import smooth_minimum
from astro_logistics.pytree import Pytree, field

MUZZLE = "the driver's muzzle"
MUZZLE_AND_ENGINES = "the driver's muzzle plus the carrier's engines"


class Shot(Pytree):
    """What a destination asks of the driver and of the carrier, shape () or (n,) over opportunities."""

    speed: Array = field(unit="m / s", doc="muzzle speed")
    payload_fraction: Array = field(unit="", doc="payload over thrown mass")
    propellant_fraction: Array = field(unit="", doc="propellant burnt by the carrier over thrown mass")
    engines: Array = field(unit="m / s", doc="delta-v of the carrier's engines")


def thrown(
    scenario: Scenario,
    delivery_cost: ArrayLike,
    specific_mass: ArrayLike,
    name: str,
    destination: str,
    shot: Shot,
    *,
    transit_time: Array,
    departures: tuple[Array, Array] | None = None,
    window_fraction: Array | None = None,
    window_name: str = "",
) -> RouteFigures:
    """Figures of a route that begins with the driver's muzzle.

    Args:
        scenario: the scenario.
        delivery_cost: USD/kg at which the driver's parts are landed on the Moon.
        specific_mass: of a data center at the destination, kg/W.
        name, destination: of the route.
        shot: speed and carrier; figures are means over its opportunities.
        transit_time: s.
        departures: (departures per second, mean wait in s); None: with every shot.
        window_fraction: share of the time in which the target can be hit; the driver serves other targets in the rest,
            so this limits the throughput but not the cost.
        window_name: what limits to that share.
    """
    driver, speed = scenario.mass_driver, shot.speed
    limits = drivers.shot_limits(driver, speed)
    shots = jnp.mean(smooth_minimum(limits))
    yearly = yearly_bill(scenario, shots, speed, delivery_cost).total
    thrown_mass = driver.shot_mass * shots
    share = jnp.asarray(1.0) if window_fraction is None else window_fraction
    names = drivers.SHOT_LIMITS
    if window_fraction is not None:
        names = tuple(f"{window_name}, {limit}" for limit in names)
    rate, wait = (shots, 0.5 / shots) if departures is None else departures
    mean_payload = jnp.mean(shot.payload_fraction)
    payload_rate = thrown_mass * mean_payload * share
    cost_per_mass = yearly / (thrown_mass * mean_payload * JULIAN_YEAR)
    return RouteFigures(
        name=name,
        origin="moon",
        destination=destination,
        carrier="mass_driver",
        counted=MUZZLE if window_fraction is None else MUZZLE_AND_ENGINES,
        boundary=driver_cost.BOUNDARY,
        limit_names=names,
        delta_v=jnp.mean(speed) + jnp.mean(shot.engines),
        transit_time=jnp.mean(transit_time),
        departure_rate=rate,
        mean_wait=wait,
        energy=jnp.mean(drivers.wall_energy(driver, speed)) / mean_payload,
        propellant=jnp.mean(shot.propellant_fraction) / mean_payload,
        electricity=jnp.zeros_like(mean_payload),
        carbon_dioxide=jnp.zeros_like(mean_payload),
        cost=cost_per_mass,
        price=cost_per_mass,
        throughput=payload_rate,
        datacenter_rate=payload_rate / specific_mass,
        limits=jnp.stack([jnp.mean(limit) * driver.shot_mass * mean_payload * share for limit in limits], axis=-1),
        residuals={
            "payload is positive": -jnp.min(shot.payload_fraction),
            "track is long enough": jnp.max(speed) / drivers.design_speed(driver) - 1.0,
            "payload stands the acceleration": driver.acceleration / driver.acceleration_limit - 1.0,
            "sled takes the force": sled_load(driver) - 1.0,
            "peak power within its limit": jnp.max(drivers.peak_power(driver, speed)) / driver.peak_power_limit - 1.0,
            "muzzle speed exact enough": jnp.max(speed_error(driver, speed)) / driver.speed_error_limit - 1.0,
            "radiators give off heat": -net_flux(driver.radiator) / STEFAN_BOLTZMANN / driver.radiator.temperature**4,
        },
    )


def yearly_bill(scenario: Scenario, shots: Array, speed: Array, delivery_cost: ArrayLike) -> driver_cost.DriverBill:
    """What the driver costs in a year of `shots` per second at `speed` (m/s, means over opportunities), USD/yr.

    It is built for the speed that its track can give, and wears by the speed that it is used at.
    """
    driver, yearly = scenario.mass_driver, shots * JULIAN_YEAR
    mass = drivers.system_mass(driver, drivers.design_speed(driver))
    wear = drivers.wear_per_shot(driver, mass, speed)
    return driver_cost.yearly_bill(
        scenario.mass_driver_cost,
        mass.total,
        mass.store,
        jnp.mean(wear.windings) * yearly,
        jnp.mean(wear.store) * yearly,
        delivery_cost,
        scenario.datacenter_cost.discount_rate,
    )


def muzzle_speed(scenario: Scenario, v_infinity: ArrayLike) -> Array:
    """Speed at the Moon's surface that leaves the Moon with `v_infinity`: sqrt(v_inf^2 + v_esc^2), m/s.

    The ground's own speed (4.6 m/s at the equator, 0.2 %) and the Earth's tide on the way out are left out.
    """
    moon = scenario.bodies.moon
    return orbits.speed_from_v_infinity(moon.mu, moon.radius, v_infinity)


def escape_shot(scenario: Scenario) -> Shot:
    """Along the Moon's motion, at C3 = 0 relative to the Earth; the payload is all that is thrown."""
    bodies = scenario.bodies
    distance = bodies.moon.orbit_radius
    moving = orbits.circular_speed(bodies.earth.mu + bodies.moon.mu, distance)
    speed = muzzle_speed(scenario, orbits.escape_speed(bodies.earth.mu, distance) - moving)
    return Shot(speed, jnp.ones_like(speed), jnp.zeros_like(speed), jnp.zeros_like(speed))


def moon_to_escape(scenario: Scenario, delivery_cost: ArrayLike, specific_mass: ArrayLike) -> RouteFigures:
    """Just out of the Earth-Moon system.

    The time is that of the parabola from the Moon's distance to the edge of the Earth's sphere of influence.
    """
    bodies = scenario.bodies
    distance = bodies.moon.orbit_radius
    edge = orbits.sphere_of_influence(bodies.earth.mu, bodies.sun.mu, ASTRONOMICAL_UNIT)
    return thrown(
        scenario,
        delivery_cost,
        specific_mass,
        "moon-to-escape",
        "escape",
        escape_shot(scenario),
        transit_time=orbits.parabolic_time(bodies.earth.mu, distance, edge),
    )


def sso_shot(scenario: Scenario) -> Shot:
    """To the edge of the air over half an ellipse; behind a shield, then trimmed.

    The trim is, at the altitude of the orbit, a combined burn that raises the perigee and turns by half the tolerance
    (its mean over a window).
    """
    bodies, places, carrier = scenario.bodies, scenario.places, scenario.sso_capsule
    earth, moon = bodies.earth, bodies.moon
    perigee = earth.radius + places.aerocapture_altitude
    v_infinity, _, _ = maneuvers.lunar_return(earth.mu, moon.mu, moon.orbit_radius, perigee)
    r_orbit = earth.radius + places.sso_altitude
    arriving = orbits.vis_viva(earth.mu, r_orbit, 0.5 * (r_orbit + perigee))
    wanted = orbits.circular_speed(earth.mu, r_orbit)
    trim = maneuvers.combined_plane_change(arriving, wanted, 0.5 * places.plane_tolerance)
    return Shot(
        speed=muzzle_speed(scenario, v_infinity),
        payload_fraction=capsules.payload_fraction(carrier, trim),
        propellant_fraction=capsules.propellant_fraction(carrier, trim),
        engines=carrier.correction_delta_v + trim,
    )


def moon_to_sso(scenario: Scenario, delivery_cost: ArrayLike, specific_mass: ArrayLike) -> RouteFigures:
    """Into the dawn-dusk orbit: half an ellipse to the edge of the air, aerocapture, plane and perigee trimmed.

    The arrival plane holds the Earth-Moon line, which turns once a synodic month against the dawn-dusk plane: within
    the plane tolerance twice a month.
    """
    places, earth, moon = scenario.places, scenario.bodies.earth, scenario.bodies.moon
    perigee = earth.radius + places.aerocapture_altitude
    crossings = 2.0 * (1.0 / orbits.period(earth.mu + moon.mu, moon.orbit_radius) - 1.0 / earth.year)
    return thrown(
        scenario,
        delivery_cost,
        specific_mass,
        "moon-to-sso",
        "sso",
        sso_shot(scenario),
        transit_time=maneuvers.lunar_return(earth.mu, moon.mu, moon.orbit_radius, perigee)[2],
        departures=(crossings, 0.5 / crossings),
        window_fraction=2.0 * places.plane_tolerance / jnp.pi,
        window_name="orbit plane in reach",
    )


def mars_shot(scenario: Scenario, v_infinity: Array) -> Shot:
    """Within the asymptote tolerance of the Moon's motion, for each opportunity (n,); landed by air and rocket.

    At the Moon's distance the speed relative to the Earth must be sqrt(v_inf^2 + 2 mu / a); the Moon gives its own,
    at the angle of the asymptote tolerance (the worst of the window). The inclination of its orbit (5 degrees, below
    1 % of the speed) is left out.
    """
    bodies, carrier = scenario.bodies, scenario.mars_capsule
    distance, landing = bodies.moon.orbit_radius, scenario.places.mars_landing_delta_v
    needed = orbits.speed_from_v_infinity(bodies.earth.mu, distance, v_infinity)
    moving = orbits.circular_speed(bodies.earth.mu + bodies.moon.mu, distance)
    relative = maneuvers.combined_plane_change(needed, moving, scenario.places.asymptote_tolerance)
    return Shot(
        speed=muzzle_speed(scenario, relative),
        payload_fraction=capsules.payload_fraction(carrier, landing),
        propellant_fraction=capsules.propellant_fraction(carrier, landing),
        engines=carrier.correction_delta_v + landing,
    )


def moon_to_mars(
    scenario: Scenario, v_infinity: Array, delivery_cost: ArrayLike, specific_mass: ArrayLike
) -> RouteFigures:
    """Straight to Mars, thrown when the Moon's motion points near the departure asymptote.

    The days from the Moon to open space (1 % of the flight) are left out.
    """
    places, windows = scenario.places, scenario.mars_windows
    rate, wait = mars_departures(windows)
    return thrown(
        scenario,
        delivery_cost,
        specific_mass,
        "moon-to-mars",
        "mars",
        mars_shot(scenario, v_infinity),
        transit_time=windows.time_of_flight,
        departures=(rate, wait),
        window_fraction=places.mars_launch_period * rate * places.asymptote_tolerance / jnp.pi,
        window_name="Mars opportunity in reach",
    )
