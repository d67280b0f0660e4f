"""Where a refilled ship can go beyond the depot: delta-v, time, tankers and payload per mission, by destination."""

from __future__ import annotations

from collections.abc import Mapping

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro import maneuvers
from astro_logistics.launch import refuelling, rocket
from astro_logistics.launch.aerobraking import Aeroshell
from astro_logistics.launch.high_refuelling import refuel_high
from astro_logistics.launch.refuelling import Mission
from astro_logistics.launch.tug import Tug
from astro_logistics.network import beyond_legs as legs
from astro_logistics.network.beyond_legs import LunarSpace
from astro_logistics.network.departures import Departures, RoundTrips
from astro_logistics.network.lander import lander
from astro_logistics.network.rocket_routes import lunar_descent
from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import Pytree, field, replace_at, static

SMOOTHING = 0.02
"""Width, over the lifted mass, in which `carried` passes from one limit to the other."""


class MarsReturn(Pytree):
    """What the way back from Mars asks for."""

    trips: RoundTrips
    mu: Array = field(unit="m3 / s2", doc="gravitational parameter of Mars", low=0.0)
    low_orbit_radius: Array = field(unit="m", doc="radius of the low orbit that the ascent reaches", low=0.0)
    ascent: Array = field(unit="m / s", doc="delta-v from the ground to it, losses included", low=0.0)


class JupiterOrbit(Pytree):
    """The long orbit about Jupiter that a ship is left in."""

    ways: Departures
    mu: Array = field(unit="m3 / s2", doc="gravitational parameter of Jupiter", low=0.0)
    periapsis: Array = field(unit="m", doc="radius at which it is caught", low=0.0)
    apoapsis: Array = field(unit="m", doc="radius of the far point of the orbit", low=0.0)


class Asteroid(Pytree):
    """A near-Earth asteroid, by a published mission to it."""

    v_infinity: Array = field(unit="m / s", doc="excess speed of the departure from the Earth", low=0.0)
    burns: Array = field(unit="m / s", doc="burns on the way and on arrival", low=0.0)
    time_of_flight: Array = field(unit="s", doc="time of flight", low=0.0)


class Beyond(Pytree):
    """All that the destinations ask for beyond the scenario."""

    lunar: LunarSpace
    mars: MarsReturn
    jupiter: JupiterOrbit
    asteroid: Asteroid


class PublishedTankers(Pytree):
    """How many tankers a mission takes, as published."""

    mission: str = static(doc="the destination here that it is compared with")
    said_by: str = static(doc="who published it, and when")
    count: Array = field(unit="", doc="tanker flights", low=0.0)
    load: Array | None = field(unit="kg", doc="propellant one tanker brings, where that is said", low=0.0)
    payload: Array | None = field(unit="kg", doc="left on the Moon by NASA's lander, of missions of it alone", low=0.0)


class Capture(Pytree):
    """What an aerocapture asks for besides its shell."""

    trim_delta_v: Array = field(
        unit="m / s", doc="after the pass: perigee out of the air, errors of the pass taken out", low=0.0
    )


class BeyondInputs(Pytree):
    """The collection `beyond`; the dates in `ways.mars.trips` and `ways.jupiter.ways` come from the ephemeris."""

    ways: Beyond
    tug: Tug
    shell: Aeroshell
    capture: Capture
    tankers: Mapping[str, PublishedTankers]


class DestinationFigures(Pytree):
    """One mission of a refilled ship; means over the opportunities. `residuals` are met at `<= 0`."""

    residuals: dict[str, Array]
    name: str = static(doc="where")
    is_returning: bool = static(doc="whether the ship comes back to be flown again")
    delta_v: Array = field(unit="m / s", doc="from the depot to where the payload is left")
    delta_v_back: Array = field(unit="m / s", doc="after that, by propellant brought along or made there")
    transit_time: Array = field(unit="s", doc="from the depot to the destination")
    mission_time: Array = field(unit="s", doc="until the ship is back, or there for good; filling not counted")
    campaign: Array = field(unit="s", doc="time of filling")
    payload: Array = field(unit="kg", doc="left at the destination per mission")
    full_tank_payload: Array = field(unit="kg", doc="payload that full tanks would carry, whatever lifts it")
    propellant: Array = field(unit="kg", doc="aboard when it leaves the depot")
    made_there: Array = field(unit="kg", doc="propellant to be made at the destination per mission")
    tankers: Array = field(unit="", doc="tanker flights per mission, a real number")
    flights_returning: Array = field(unit="", doc="flights of ships that come back, tankers included: the cost hook")
    flights_expended: Array = field(unit="", doc="flights of ships that stay away")
    payload_per_flight: Array = field(unit="kg", doc="payload over all flights of the mission")


TANKS = "full tanks carry a payload"


def carried(lifted: ArrayLike, full_tank_payload: ArrayLike) -> Array:
    """The less of what a flight lifts and what full tanks carry, smooth: l - w ln(1 + exp((l - f) / w)), kg.

    Of either sign, so that a mission that cannot be flown shows by a negative payload. With w = 0.02 l it lies below
    the least by 1.4 % of l where both are equal, 1e-4 where they differ by a tenth.
    """
    lifted = jnp.asarray(lifted, jnp.float64)
    width = SMOOTHING * lifted
    return lifted - width * jax.nn.softplus((lifted - full_tank_payload) / width)


def figures(
    scenario: Scenario,
    lifted: ArrayLike,
    name: str,
    mission: Mission,
    transit_time: ArrayLike,
    *,
    is_returning: bool = False,
    mission_time: ArrayLike | None = None,
    made_delta_v: ArrayLike | None = None,
) -> DestinationFigures:
    """Figures of one kind of mission.

    Args:
        scenario: the scenario: its ship, its depot.
        lifted: mass one flight brings to the depot orbit, kg: cargo, or a tanker's propellant.
        name: of the destination.
        mission: its burns, shape () or (n,) over opportunities.
        transit_time: s, of that shape.
        is_returning: whether the ship flies again.
        mission_time: s; None: the transit time.
        made_delta_v: delta-v of a return whose propellant, landing reserve included, is made at the destination, m/s.
    """
    ship, depot = scenario.launcher.vehicle.ship, scenario.depot
    full = refuelling.payload_of_full_tanks(ship, depot.boil_off_rate, mission)
    payload = carried(lifted, full)
    found = refuelling.refuel(ship, depot, payload, lifted, mission)
    home_delta_v, made = jnp.asarray(mission.delta_v_back), jnp.zeros(())
    if made_delta_v is not None:
        home_delta_v = jnp.asarray(made_delta_v)
        landing = jnp.asarray(ship.dry_mass) + ship.reserve_mass
        made = rocket.propellant_for(ship.specific_impulse, landing, home_delta_v) + ship.reserve_mass
    tankers = jnp.mean(found.tankers)
    stays = jnp.asarray(0.0 if is_returning else 1.0)
    return DestinationFigures(
        name=name,
        is_returning=is_returning,
        delta_v=jnp.mean(mission.delta_v_out),
        delta_v_back=jnp.mean(home_delta_v),
        transit_time=jnp.mean(jnp.asarray(transit_time)),
        mission_time=jnp.mean(jnp.asarray(transit_time if mission_time is None else mission_time)),
        campaign=jnp.mean(found.campaign),
        payload=jnp.mean(payload),
        full_tank_payload=jnp.mean(full),
        propellant=jnp.mean(found.propellant),
        made_there=jnp.mean(made),
        tankers=tankers,
        flights_returning=tankers + 1.0 - stays,
        flights_expended=stays,
        payload_per_flight=jnp.mean(payload / (1.0 + found.tankers)),
        residuals={
            TANKS: -jnp.min(full) / ship.dry_mass,
            refuelling.OUTRUNS: jnp.max(found.residuals[refuelling.OUTRUNS]),
            "made propellant fits the tanks": jnp.max(made) / ship.propellant_mass - 1.0,
        },
    )


def returning(scenario: Scenario, out: ArrayLike, back: ArrayLike, wait: ArrayLike) -> Mission:
    """A mission whose ship comes home and lands on the propellant it would land with after any flight."""
    return Mission(
        delta_v_out=jnp.asarray(out),
        delta_v_back=jnp.asarray(back),
        reserve=jnp.asarray(scenario.launcher.vehicle.ship.reserve_mass),
        wait=jnp.asarray(wait),
        returned_mass=jnp.zeros(()),
    )


def refilled_high(
    scenario: Scenario, lifted: ArrayLike, name: str, mission: Mission, boost: ArrayLike, transit_time: ArrayLike
) -> DestinationFigures:
    """Figures of a mission that comes back, refilled a second time in a long orbit; arguments as in `figures`.

    The way home is taken to last as long as the way out.
    """
    ship, depot = scenario.launcher.vehicle.ship, scenario.depot
    onward = replace_at(mission, {"delta_v_out": mission.delta_v_out - jnp.asarray(boost)})
    full = refuelling.payload_of_full_tanks(ship, depot.boil_off_rate, onward)
    payload = carried(lifted, full)
    found = refuel_high(ship, depot, payload, lifted, mission, boost)
    return DestinationFigures(
        name=name,
        is_returning=True,
        delta_v=mission.delta_v_out,
        delta_v_back=mission.delta_v_back,
        transit_time=jnp.asarray(transit_time),
        mission_time=jnp.asarray(transit_time) + mission.wait,
        campaign=found.campaign,
        payload=payload,
        full_tank_payload=full,
        propellant=found.propellant,
        made_there=jnp.zeros_like(payload),
        tankers=found.tankers,
        flights_returning=found.tankers + 1.0,
        flights_expended=jnp.zeros_like(payload),
        payload_per_flight=payload / (1.0 + found.tankers),
        residuals=found.residuals | {TANKS: -full / ship.dry_mass},
    )


def destinations(scenario: Scenario, beyond: Beyond, lifted: ArrayLike) -> dict[str, DestinationFigures]:
    """Figures of every destination.

    Args:
        scenario: the scenario.
        beyond: what the destinations ask for besides.
        lifted: mass one flight of the launcher brings to the depot orbit, kg.

    Returns:
        By name. Ships that return keep the reserve of any flight for their landing, and
        enter on the shield they fly with: its wear at 11 to 12 km/s is not modelled.
    """
    places, earth, moon, lunar = scenario.places, scenario.bodies.earth, scenario.bodies.moon, beyond.lunar
    start = legs.depot_radius(scenario)
    tli, v_moon, tof = legs.translunar(scenario)
    ascent = legs.lunar_ascent(scenario, lunar)
    low = moon.radius + places.low_lunar_altitude
    entry = earth.radius + places.aerocapture_altitude
    v_home, _, tof_home = maneuvers.lunar_return(earth.mu, moon.mu, moon.orbit_radius, entry)
    home = ascent + maneuvers.departure_burn(moon.mu, low, v_home)
    descent = lunar_descent(scenario, v_moon)
    nrho = tli + lunar.nrho_insertion
    geo, turn, tof_geo = legs.geostationary(scenario)
    near, tof_near = legs.libration_near(scenario)
    far, tof_far = legs.libration_far(scenario, lunar)
    trips, jupiter, asteroid = beyond.mars.trips, beyond.jupiter, beyond.asteroid
    to_mars = maneuvers.departure_burn(earth.mu, start, trips.out.v_infinity_departure) + places.mars_landing_delta_v
    from_mars = beyond.mars.ascent + maneuvers.departure_burn(
        beyond.mars.mu, beyond.mars.low_orbit_radius, trips.back.v_infinity_departure
    )
    away = trips.out.time_of_flight + trips.stay
    years = away + trips.back.time_of_flight
    to_jupiter = maneuvers.departure_burn(earth.mu, start, jupiter.ways.v_infinity_departure) + maneuvers.capture_burn(
        jupiter.mu, jupiter.periapsis, jupiter.ways.v_infinity_arrival, jupiter.apoapsis
    )
    to_asteroid = maneuvers.departure_burn(earth.mu, start, asteroid.v_infinity) + asteroid.burns
    light, landing, tof_landing = lander(scenario, lunar)
    stay = refuelling.expendable
    found = (
        figures(scenario, lifted, "moon", stay(tli + descent), tof),
        figures(
            scenario,
            lifted,
            "moon-and-return",
            returning(scenario, tli + descent, home, tof + lunar.stay),
            tof,
            is_returning=True,
            mission_time=tof + lunar.stay + tof_home,
        ),
        refilled_high(
            scenario,
            lifted,
            "moon-and-return, refilled high",
            returning(scenario, tli + descent, home, tof + lunar.stay),
            lunar.high_boost,
            tof,
        ),
        figures(light, lifted, "moon-and-nrho", landing, tof_landing),
        figures(scenario, lifted, "nrho", stay(nrho), tof),
        figures(scenario, lifted, "eml1", stay(near), tof_near),
        figures(scenario, lifted, "eml2", stay(far), tof_far),
        figures(scenario, lifted, "geo", stay(geo + turn), tof_geo),
        figures(
            scenario,
            lifted,
            "geo-and-return",
            returning(scenario, geo + turn, legs.geo_deorbit(scenario), tof_geo),
            tof_geo,
            is_returning=True,
            mission_time=2.0 * tof_geo,
        ),
        figures(scenario, lifted, "mars", stay(to_mars), trips.out.time_of_flight),
        figures(
            scenario,
            lifted,
            "mars-and-return",
            stay(to_mars),
            trips.out.time_of_flight,
            is_returning=True,
            mission_time=years,
            made_delta_v=from_mars,
        ),
        figures(
            scenario,
            lifted,
            "mars-and-return, propellant carried",
            returning(scenario, to_mars, from_mars, away),
            trips.out.time_of_flight,
            is_returning=True,
            mission_time=years,
        ),
        figures(scenario, lifted, "jupiter", stay(to_jupiter), jupiter.ways.time_of_flight),
        figures(scenario, lifted, "asteroid", stay(to_asteroid), asteroid.time_of_flight),
    )
    return {each.name: each for each in found}
