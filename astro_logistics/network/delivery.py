"""Satellites brought to where they work: what the scenario's launcher leaves there per mission, and at what cost."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.launch import refuelling
from astro_logistics.launch.refuelling import Mission
from astro_logistics.network import beyond_legs as legs
from astro_logistics.network import destinations
from astro_logistics.network.beyond_legs import LunarSpace
from astro_logistics.network.destinations import DestinationFigures
from astro_logistics.network.lift import Lift, lift
from astro_logistics.network.rocket_routes import to_depot
from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import Pytree, field, static


class Delivery(Pytree):
    """One way to an operating orbit; `residuals` are constraints by name, met at `<= 0`."""

    residuals: dict[str, Array]
    name: str = static(doc="the way, in words")
    payload: Array = field(unit="kg", doc="left at the orbit per mission")
    flights: Array = field(unit="", doc="flights of the launcher per mission, tankers included")
    payload_per_flight: Array = field(unit="kg", doc="payload over flights")
    cost: Array = field(unit="USD / kg", doc="operator's cost of the flights over the payload")
    carbon_dioxide: Array = field(unit="", doc="carbon dioxide of burning and making the propellant, over payload")


def to_low_orbit(scenario: Scenario, altitude: ArrayLike, inclination: ArrayLike) -> Delivery:
    """One flight of the launcher straight to a circular low orbit.

    Args:
        scenario: the scenario.
        altitude: of the orbit [m].
        inclination: to the equator [rad].
    """
    up = lift(scenario.bodies.earth, scenario.places, scenario.launcher, scenario.supply, altitude, inclination)
    return Delivery(
        name="the launcher, straight to the orbit",
        residuals=up.residuals,
        payload=up.payload,
        flights=jnp.ones_like(up.payload),
        payload_per_flight=up.payload,
        cost=up.cost.total / up.payload,
        carbon_dioxide=up.carbon_dioxide / up.payload,
    )


def beyond_low_orbit(scenario: Scenario, lunar: LunarSpace, distance: ArrayLike) -> dict[str, tuple[Delivery, ...]]:
    """Ways of a ship that is refilled at the depot, by kind of orbit: "geo", "nrho", "eml1", "eml2", "sun".

    Args:
        scenario: the scenario.
        lunar: what the ways about the Moon ask for.
        distance: of a circular orbit of the Sun, for "sun" [m].

    Returns:
        The ways there are, each: a ship that stays is charged in full, one that comes back (from the geostationary
        orbit) is flown again. A payload that is not positive has no meaning, nor has its cost; the residual says so.

    Errors: those of `destinations.destinations` and `beyond_legs.solar_orbit`. Electric tugs, which take a sixth of the
    flights to the geostationary orbit, are left out: what a tug costs to make is not known here.
    """
    up = to_depot(scenario)
    nrho = legs.translunar(scenario)[0] + lunar.nrho_insertion
    far, _ = legs.libration_far(scenario, lunar)
    near, _ = legs.libration_near(scenario)
    burn, turn, tof = legs.geostationary(scenario)
    back = destinations.returning(scenario, burn + turn, legs.geo_deorbit(scenario), tof)
    stays = {
        "geo": burn + turn,
        "nrho": nrho,
        "eml1": near,
        "eml2": far,
        "sun": legs.solar_orbit(scenario, distance)[0],
    }

    def way(mission: Mission, is_returning: bool) -> Delivery:
        said = "comes back" if is_returning else "stays"
        found = destinations.figures(scenario, up.payload, said, mission, 0.0, is_returning=is_returning)
        return _delivery(up, found, f"a ship that is refilled at the depot and {said}")

    found = {kind: (way(refuelling.expendable(dv), False),) for kind, dv in stays.items()}
    return found | {"geo": (*found["geo"], way(back, True))}


def _delivery(up: Lift, found: DestinationFigures, name: str) -> Delivery:
    flights = found.flights_returning + found.flights_expended
    cost = found.flights_returning * up.cost.total + found.flights_expended * up.cost_expended.total
    return Delivery(
        name=name,
        residuals=up.residuals | found.residuals,
        payload=found.payload,
        flights=flights,
        payload_per_flight=found.payload_per_flight,
        cost=cost / found.payload,
        carbon_dioxide=flights * up.carbon_dioxide / found.payload,
    )
