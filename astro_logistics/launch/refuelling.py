"""Missions of a refilled ship: propellant for the way out, kept for the way back, and the tankers that bring it."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.launch.depot import Depot, boil_off_ratio, tanker_flights
from astro_logistics.launch.rocket import exhaust_speed, propellant_for
from astro_logistics.launch.vehicle import Stage
from astro_logistics.pytree import Pytree, field


class Mission(Pytree):
    """What is asked of a ship that leaves the depot full: two burns and a wait between them."""

    delta_v_out: Array = field(unit="m / s", doc="delta-v from the depot to where the payload is left", low=0.0)
    delta_v_back: Array = field(unit="m / s", doc="delta-v after that, with propellant brought along", low=0.0)
    reserve: Array = field(unit="kg", doc="propellant still aboard at the end, for landing", low=0.0)
    wait: Array = field(unit="s", doc="time from the end of filling to the last burn", low=0.0)
    returned_mass: Array = field(unit="kg", doc="mass brought along on the way back besides the ship", low=0.0)


class Refuelling(Pytree):
    """What a mission takes in orbit; `residuals` are constraints by name, met at `<= 0`."""

    residuals: dict[str, Array]
    propellant: Array = field(unit="kg", doc="propellant aboard when it leaves the depot")
    kept: Array = field(unit="kg", doc="of it, left after the payload is left: for the way back, boil-off and landing")
    tankers: Array = field(unit="", doc="tanker flights, a real number")
    campaign: Array = field(unit="s", doc="time of filling")


FITS = "propellant fits the tanks"
OUTRUNS = "filling outruns boil-off"


def expendable(dv: ArrayLike) -> Mission:
    """A mission that ends where the payload does: the ship stays, and keeps nothing."""
    zero = jnp.zeros(())
    return Mission(delta_v_out=jnp.asarray(dv), delta_v_back=zero, reserve=zero, wait=zero, returned_mass=zero)


def kept_propellant(ship: Stage, boil_off_rate: ArrayLike, mission: Mission) -> Array:
    """Propellant that must be aboard after the outbound burns, kg: [(m + reserve)(R - 1) + reserve] exp(b wait).

    m is the ship and what it brings back. What boils off is counted as carried through the outbound burns and lost
    after them: for a wait that begins at the depot the propellant is high by at most b wait, 2 % for twenty days at
    0.1 % per day. A mission without a way back and without a reserve keeps nothing.
    """
    dry = jnp.asarray(ship.dry_mass) + mission.returned_mass
    needed = propellant_for(ship.specific_impulse, dry + mission.reserve, mission.delta_v_back) + mission.reserve
    return needed * jnp.exp(jnp.asarray(boil_off_rate) * mission.wait)


def mission_propellant(ship: Stage, boil_off_rate: ArrayLike, payload: ArrayLike, mission: Mission) -> Array:
    """Propellant aboard when the ship leaves the depot, kg: (dry + payload + back + kept)(R_out - 1) + kept.

    Args:
        ship: the ship; its `reserve_mass` is not used, the mission's is.
        boil_off_rate: share lost per time while waiting, s-1.
        payload: left at the destination, kg; what comes back is `mission.returned_mass`, on top of it.
        mission: the mission.

    Returns:
        kg, of the broadcast shape.

    Reference: the rocket equation burn by burn, last burn first (Curtis 2014, section 11.3).
    """
    kept = kept_propellant(ship, boil_off_rate, mission)
    end = jnp.asarray(ship.dry_mass) + mission.returned_mass + jnp.asarray(payload) + kept
    return propellant_for(ship.specific_impulse, end, mission.delta_v_out) + kept


def payload_of_full_tanks(ship: Stage, boil_off_rate: ArrayLike, mission: Mission) -> Array:
    """Payload that just empties full tanks, kg; negative where the ship cannot fly the mission at all.

    (full - kept R) / (R - 1) - dry - back with R = exp(dv_out / (isp g0)). Infinite for no outbound delta-v.
    """
    kept = kept_propellant(ship, boil_off_rate, mission)
    growth = jnp.expm1(jnp.asarray(mission.delta_v_out) / exhaust_speed(ship.specific_impulse))
    return (ship.propellant_mass - kept * (1.0 + growth)) / growth - ship.dry_mass - mission.returned_mass


def refuel(ship: Stage, depot: Depot, payload: ArrayLike, tanker_load: ArrayLike, mission: Mission) -> Refuelling:
    """Propellant, tankers and time of filling of one mission, whose ship arrives at the depot with empty tanks.

    The tankers are `depot.tanker_flights` of the propellant: a real number, transfer losses and boil-off over the
    campaign included.

    Args:
        ship: the ship that goes.
        depot: the depot, or the ship itself filled by tankers; `tanker_interval` sets the campaign.
        payload: left at the destination, kg.
        tanker_load: propellant one tanker brings to the depot orbit, kg.
        mission: the mission.

    Returns:
        `Refuelling`; tankers are NaN where boil-off outruns filling (that residual is then positive), and mean nothing
        where the propellant does not fit the tanks (the other).
    """
    propellant = mission_propellant(ship, depot.boil_off_rate, payload, mission)
    tankers = tanker_flights(depot, propellant, tanker_load)
    return Refuelling(
        propellant=propellant,
        kept=kept_propellant(ship, depot.boil_off_rate, mission),
        tankers=tankers,
        campaign=tankers * depot.tanker_interval,
        residuals={
            FITS: propellant / ship.propellant_mass - 1.0,
            OUTRUNS: boil_off_ratio(depot, propellant, tanker_load) - 1.0,
        },
    )
