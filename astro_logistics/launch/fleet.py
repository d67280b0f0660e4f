"""How often a launcher flies: pads, vehicles in circulation, what is built, engines, propellant."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.launch.supply import Supply
from astro_logistics.numerics import mean_decay
from astro_logistics.pytree import Pytree, field


class Fleet(Pytree):
    """What the flight rate is made of; real numbers, rounded only for people."""

    pads: Array = field(unit="", doc="launch pads in service", low=0.0)
    pad_turnaround: Array = field(unit="s", doc="time between two launches of one pad", low=0.0)
    boosters: Array = field(unit="", doc="boosters in service", low=0.0)
    booster_turnaround: Array = field(unit="s", doc="time between two flights of one booster", low=0.0)
    booster_flights: Array = field(unit="", doc="flights for which a booster is made; 1 is expended", low=1.0)
    booster_loss: Array = field(unit="", doc="probability that a flight costs the booster", low=0.0, high=1.0)
    booster_production: Array = field(unit="s-1", doc="boosters built per time", low=0.0)
    booster_engines: Array = field(unit="", doc="engines of one booster", low=0.0)
    ships: Array = field(unit="", doc="ships (upper stages) in service, those waiting for their flight too", low=0.0)
    ship_turnaround: Array = field(
        unit="s", doc="time between two flights of one ship, or from delivery to flight", low=0.0
    )
    ship_flights: Array = field(unit="", doc="flights for which a ship is made; 1 is expended", low=1.0)
    ship_loss: Array = field(unit="", doc="probability that a flight costs the ship", low=0.0, high=1.0)
    ship_production: Array = field(unit="s-1", doc="ships (upper stages) built per time", low=0.0)
    ship_engines: Array = field(unit="", doc="engines of one ship", low=0.0)
    engine_production: Array = field(unit="s-1", doc="engines built per time, for boosters and ships", low=0.0)


LIMITS = (
    "pads",
    "boosters",
    "ships",
    "booster production",
    "ship production",
    "engine production",
    "oxygen",
    "fuel",
)
"""Names of the rates that `flight_limits` returns, in order."""


def expected_flights(flights: ArrayLike, loss: ArrayLike) -> Array:
    """Flights that a unit made for N flies on average when each flight loses it with probability p.

    (1 - (1 - p)^N) / p, the sum of (1 - p)^k over the N flights, written as 1 + (1 - p) (1 - (1 - p)^(N-1)) / p: 1 for
    an expended unit whatever p is, N for p -> 0, 1/p for N -> infinity, smooth in both, never above N.

    Args:
        flights: N, >= 1, real.
        loss: p, 0 <= p < 1; NaN above.
    """
    survival = 1.0 - jnp.asarray(loss)
    hazard = -jnp.log1p(-jnp.asarray(loss))
    again = jnp.asarray(flights) - 1.0
    return 1.0 + survival * again * mean_decay(again * hazard) / mean_decay(hazard)


def lives(fleet: Fleet) -> tuple[Array, Array]:
    """Flights of a booster and of a ship over its life, losses counted."""
    made_for = jnp.stack(jnp.broadcast_arrays(jnp.asarray(fleet.booster_flights), jnp.asarray(fleet.ship_flights)))
    lost = jnp.stack(jnp.broadcast_arrays(jnp.asarray(fleet.booster_loss), jnp.asarray(fleet.ship_loss)))
    booster, ship = expected_flights(made_for, lost)
    return booster, ship


def booster_life(fleet: Fleet) -> Array:
    """Flights of a booster over its life, losses counted."""
    return lives(fleet)[0]


def ship_life(fleet: Fleet) -> Array:
    """Flights of a ship over its life, losses counted."""
    return lives(fleet)[1]


def flight_limits(
    fleet: Fleet,
    supply: Supply,
    oxidizer: ArrayLike,
    fuel: ArrayLike,
    flights: ArrayLike = 1.0,
    ships_left: ArrayLike = 0.0,
) -> Array:
    """Missions per year that each of `LIMITS` alone would allow in steady state, 1/yr, along the last axis.

    A mission is `flights` flights, of which `ships_left` leave their ship where it went. It takes as many launches of
    pads, boosters and ships; flights / life of new boosters; ships_left + (flights - ships_left) / life of new ships;
    the engines of both; and the propellant of all flights. Worn and lost units are replaced.

    Args:
        fleet: what there is and what is built.
        supply: of propellant.
        oxidizer, fuel: loaded for one flight, kg.
        flights: of one mission.
        ships_left: of one mission, 0 to `flights`.
    """
    n, left = jnp.asarray(flights), jnp.asarray(ships_left)
    booster, ship = lives(fleet)
    new_boosters = n / booster
    new_ships = left + (n - left) / ship
    engines = new_boosters * fleet.booster_engines + new_ships * fleet.ship_engines
    there = (
        fleet.pads / fleet.pad_turnaround,
        fleet.boosters / fleet.booster_turnaround,
        fleet.ships / fleet.ship_turnaround,
        fleet.booster_production,
        fleet.ship_production,
        fleet.engine_production,
        supply.oxygen_production * supply.oxygen_share,
        supply.fuel_production * supply.fuel_share,
    )
    needed = (n, n, n, new_boosters, new_ships, engines, n * oxidizer, n * fuel)
    both = jnp.stack(jnp.broadcast_arrays(*(jnp.asarray(x) for x in there + needed)), axis=-1)
    return both[..., : len(there)] / both[..., len(there) :] * JULIAN_YEAR
