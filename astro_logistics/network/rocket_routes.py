"""Routes flown by rockets from the Earth: to low orbit, to sun-synchronous orbit, to the Moon, to Mars."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro import maneuvers, orbits
from astro_logistics.astro.lambert import lambert
from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.economics import launch_cost
from astro_logistics.launch import depot as depots
from astro_logistics.launch import fleet as fleets
from astro_logistics.launch import rocket
from astro_logistics.network.figures import RouteFigures
from astro_logistics.network.lift import FLIGHT_LIMITS, Lift, flight, lift, lifted
from astro_logistics.network.scenario import Launcher, MarsWindows, Scenario
from astro_logistics.numerics import at_once, norm, smooth_minimum

ENGINES_TO_ORBIT = "engines, from the pad to the orbit, losses included"
ENGINES_BEYOND = "engines, from the pad to the orbit and on after refilling, losses included"
STAYS = launch_cost.BOUNDARY + "; tanker flights are in; the ship stays at the destination and is charged in full"


def to_orbit(
    launcher: Launcher,
    up: Lift,
    name: str,
    destination: str,
    carrier: str,
    departure_rate: Array,
    specific_mass: ArrayLike,
) -> RouteFigures:
    """Figures of a route that ends in the orbit of `up`."""
    rate = up.payload / JULIAN_YEAR
    return RouteFigures(
        name=name,
        origin="earth",
        destination=destination,
        carrier=carrier,
        counted=ENGINES_TO_ORBIT,
        boundary=launch_cost.BOUNDARY,
        limit_names=FLIGHT_LIMITS,
        delta_v=up.delta_v,
        transit_time=up.transit_time,
        departure_rate=departure_rate,
        mean_wait=0.5 / departure_rate,
        energy=up.energy / up.payload,
        propellant=up.propellant / up.payload,
        electricity=up.electricity / up.payload,
        carbon_dioxide=up.carbon_dioxide / up.payload,
        cost=up.cost.total / up.payload,
        price=up.cost.price / up.payload,
        throughput=up.flights * rate,
        datacenter_rate=up.flights * rate / specific_mass,
        limits=up.limits * rate,
        residuals=up.residuals,
    )


def earth_to_leo(scenario: Scenario, specific_mass: ArrayLike) -> RouteFigures:
    """Today's launcher to low Earth orbit; any plane will do, so it departs whenever it is ready."""
    places = scenario.places
    launcher = scenario.launcher_today
    up = lift(
        scenario.bodies.earth, places, launcher, scenario.supply_today, places.leo_altitude, places.leo_inclination
    )
    return to_orbit(
        launcher, up, "earth-to-leo-today", "leo", "launcher_today", up.flights / JULIAN_YEAR, specific_mass
    )


def sso_orbit(scenario: Scenario) -> tuple[Array, Array]:
    """Altitude and inclination of the sun-synchronous orbit."""
    earth, altitude = scenario.bodies.earth, jnp.asarray(scenario.places.sso_altitude)
    a = earth.radius + altitude
    return altitude, orbits.sun_synchronous_inclination(earth.mu, earth.radius, earth.j2, a, earth.year)


def to_sso(scenario: Scenario) -> Lift:
    """One flight of the launcher to the sun-synchronous orbit."""
    return lift(scenario.bodies.earth, scenario.places, scenario.launcher, scenario.supply, *sso_orbit(scenario))


def earth_to_sso(scenario: Scenario, up: Lift, specific_mass: ArrayLike) -> RouteFigures:
    """The launcher to a dawn-dusk sun-synchronous orbit, whose plane passes over the site once a day northbound."""
    earth = scenario.bodies.earth
    passes = (earth.rotation_rate - 2.0 * jnp.pi / earth.year) / (2.0 * jnp.pi)
    return to_orbit(scenario.launcher, up, "earth-to-sso", "sso", "launcher", passes, specific_mass)


def to_depot(scenario: Scenario) -> Lift:
    """One flight of the launcher to the depot orbit: a tanker, or a ship with its cargo."""
    depot = scenario.depot
    earth, places = scenario.bodies.earth, scenario.places
    return lift(earth, places, scenario.launcher, scenario.supply, depot.altitude, depot.inclination)


def to_sso_and_depot(scenario: Scenario) -> tuple[Lift, Lift]:
    """`to_sso` and `to_depot`, traced once for both."""
    earth, places, launcher = scenario.bodies.earth, scenario.places, scenario.launcher
    once = flight(launcher, scenario.supply)
    depot = (scenario.depot.altitude, scenario.depot.inclination)
    sso, tanker = at_once(lambda orbit: lifted(earth, places, launcher, once, *orbit), [sso_orbit(scenario), depot])
    return sso, tanker


def refilled(
    scenario: Scenario,
    up: Lift,
    name: str,
    destination: str,
    beyond: Array,
    transit_time: Array,
    departure_rate: Array,
    mean_wait: Array,
    specific_mass: ArrayLike,
) -> RouteFigures:
    """Figures of a ship that is launched full of cargo, refilled at the depot, and stays at its destination.

    The ship carries to the depot what one flight lifts; tankers bring the propellant for `beyond`, each the same mass.

    Args:
        scenario: the scenario.
        up: a flight to the depot orbit.
        name, destination: of the route.
        beyond: delta-v after the depot, m/s, shape () or (n,) over the opportunities; figures are means over them.
        transit_time: s, of the shape of `beyond`.
        departure_rate: departures per second.
        mean_wait: s.
        specific_mass: of a data center at the destination, kg/W.
    """
    launcher, depot = scenario.launcher, scenario.depot
    ship = launcher.vehicle.ship
    needed = rocket.propellant_for(ship.specific_impulse, ship.dry_mass + up.payload, beyond)
    tankers = depots.tanker_flights(depot, needed, up.payload)
    flights = 1.0 + tankers
    missions = fleets.flight_limits(launcher.fleet, scenario.supply, up.oxidizer, up.fuel, flights, 1.0)
    rate = up.payload / JULIAN_YEAR
    throughput = jnp.mean(smooth_minimum(missions)) * rate
    boil_off = depots.boil_off_ratio(depot, needed, up.payload)
    return RouteFigures(
        name=name,
        origin="earth",
        destination=destination,
        carrier="launcher, refilled at the depot",
        counted=ENGINES_BEYOND,
        boundary=STAYS,
        limit_names=FLIGHT_LIMITS,
        delta_v=up.delta_v + jnp.mean(beyond),
        transit_time=jnp.mean(transit_time),
        departure_rate=departure_rate,
        mean_wait=mean_wait,
        energy=jnp.mean(flights) * up.energy / up.payload,
        propellant=jnp.mean(flights) * up.propellant / up.payload,
        electricity=jnp.mean(flights) * up.electricity / up.payload,
        carbon_dioxide=jnp.mean(flights) * up.carbon_dioxide / up.payload,
        cost=(up.cost_expended.total + jnp.mean(tankers) * up.cost.total) / up.payload,
        price=(up.cost_expended.price + jnp.mean(tankers) * up.cost.price) / up.payload,
        throughput=throughput,
        datacenter_rate=throughput / specific_mass,
        limits=jnp.mean(jnp.reshape(missions, (-1, len(FLIGHT_LIMITS))), axis=0) * rate,
        residuals={
            **up.residuals,
            "propellant fits the tanks": jnp.max(needed) / ship.propellant_mass - 1.0,
            "filling outruns boil-off": jnp.max(boil_off) - 1.0,
        },
    )


def lunar_descent(scenario: Scenario, v_infinity: ArrayLike) -> Array:
    """Delta-v from arrival at the Moon to rest on its ground: capture into low orbit, descent, losses, m/s."""
    moon, places = scenario.bodies.moon, scenario.places
    r_low = moon.radius + places.low_lunar_altitude
    capture = maneuvers.capture_burn(moon.mu, r_low, v_infinity)
    deorbit, _, _ = maneuvers.hohmann(moon.mu, r_low, moon.radius)
    touch = orbits.vis_viva(moon.mu, moon.radius, 0.5 * (r_low + moon.radius))
    return capture + deorbit + touch + places.lunar_descent_loss


def earth_to_moon(scenario: Scenario, up: Lift, specific_mass: ArrayLike) -> RouteFigures:
    """Cargo to the Moon's surface; departs when the Moon crosses the plane of the depot's drifting orbit.

    The plane's node drifts by J2 against the Moon's motion; their relative rate brings a crossing twice per turn. The
    Moon's orbit is taken as circular and in-plane at the crossing (eccentricity 0.055: up to 6 % of a wait).
    """
    bodies, depot = scenario.bodies, scenario.depot
    earth, moon = bodies.earth, bodies.moon
    r_depot = earth.radius + depot.altitude
    burn, v_infinity, tof = maneuvers.lunar_transfer(earth.mu, moon.mu, r_depot, moon.orbit_radius)
    drift = orbits.nodal_precession(earth.mu, earth.radius, earth.j2, r_depot, 0.0, depot.inclination)
    motion = 2.0 * jnp.pi / orbits.period(earth.mu + moon.mu, moon.orbit_radius)
    rate = 2.0 * (motion - drift) / (2.0 * jnp.pi)
    beyond = burn + lunar_descent(scenario, v_infinity)
    return refilled(scenario, up, "earth-to-moon", "moon", beyond, tof, rate, 0.5 / rate, specific_mass)


def mars_departures(windows: MarsWindows) -> tuple[Array, Array]:
    """Departures per second, and the mean wait from a random moment: E[gap^2] / (2 E[gap]), s."""
    gaps = jnp.diff(windows.departure)
    return 1.0 / jnp.mean(gaps), jnp.mean(gaps**2) / (2.0 * jnp.mean(gaps))


def mars_v_infinity(scenario: Scenario) -> tuple[Array, Array]:
    """Hyperbolic excess speed at the Earth for each Mars opportunity, m/s, and whether Lambert's problem converged."""
    windows = scenario.mars_windows
    arc = lambert(scenario.bodies.sun.mu, windows.r_earth, windows.r_mars, windows.time_of_flight)
    return norm(arc.v1 - windows.v_earth), arc.converged


def earth_to_mars(scenario: Scenario, up: Lift, v_infinity: Array, specific_mass: ArrayLike) -> RouteFigures:
    """Cargo to the surface of Mars at each opportunity of the scenario's years; figures are means over them.

    Args:
        scenario: the scenario.
        up: a flight to the depot orbit.
        v_infinity: hyperbolic excess speed of each opportunity, m/s, shape (n,).
        specific_mass: of a data center at the destination, kg/W.
    """
    earth, depot = scenario.bodies.earth, scenario.depot
    burn = maneuvers.departure_burn(earth.mu, earth.radius + depot.altitude, v_infinity)
    beyond = burn + scenario.places.mars_landing_delta_v
    rate, wait = mars_departures(scenario.mars_windows)
    tof = scenario.mars_windows.time_of_flight
    return refilled(scenario, up, "earth-to-mars", "mars", beyond, tof, rate, wait, specific_mass)
