"""Refilling a second time, in a long orbit: for missions whose propellant no tank can hold at the depot."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.launch.depot import Depot, boil_off_ratio, tanker_flights
from astro_logistics.launch.refuelling import FITS, OUTRUNS, Mission, mission_propellant
from astro_logistics.launch.rocket import exhaust_speed
from astro_logistics.launch.vehicle import Stage
from astro_logistics.pytree import Pytree, field, replace_at


class HighRefuelling(Pytree):
    """What a mission takes that is refilled twice; `residuals` are constraints by name, met at `<= 0`."""

    residuals: dict[str, Array]
    arriving: Array = field(unit="kg", doc="propellant left when the ship reaches the long orbit")
    propellant: Array = field(unit="kg", doc="propellant aboard when it leaves the long orbit")
    delivered: Array = field(unit="kg", doc="propellant that one tanker brings to the long orbit, losses taken off")
    high_tankers: Array = field(unit="", doc="tankers that go to the long orbit, a real number")
    tankers: Array = field(unit="", doc="all tanker flights from the ground, a real number")
    campaign: Array = field(unit="s", doc="time of all of them")


HIGH_OUTRUNS = "filling in the long orbit outruns boil-off"
NEEDED = "one filling is not enough"
ARRIVES = "tanker reaches the long orbit with something to give"


def refuel_high(
    ship: Stage, depot: Depot, payload: ArrayLike, tanker_load: ArrayLike, mission: Mission, boost: ArrayLike
) -> HighRefuelling:
    """Propellant and tankers of a mission that leaves the depot full, burns `boost`, and is refilled there by tankers.

    The long orbit's perigee is at the depot, so `boost` counts as the first part of the delta-v out. Each tanker that
    goes there is a ship filled at the depot: it gives what it has left but its landing reserve, and returns through the
    air at its next perigee. Its filling takes n flights, so one arrives every (1 + n) intervals, and between them the
    ship's load boils off: dM/dt = q/T - b M from M_1 to M_2 as in `depot.tanker_flights`, hence
    N = (M_2 - M_1) / (q - x M_2) ln(1 + y) / y with x = b T and y = x (M_2 - M_1) / (q - x M_2).

    Args:
        ship: the ship, and the tanker.
        depot: the depot.
        payload: left at the destination, kg.
        tanker_load: propellant one tanker brings to the depot orbit, kg.
        mission: the mission, its delta-v out counted from the depot.
        boost: speed of the long orbit at its perigee above the depot's, m/s.

    Returns:
        `HighRefuelling`. Where one filling would do, the tankers are negative and that residual is positive.

    Errors: tanks are full when a ship leaves the depot; tankers in steps as a flow (a step's boil-off, 2 % at 20 days
    and 0.1 % per day); the burn that steers the tanker's perigee into the air (some m/s at a far apogee), radiation
    belts and the turning of the orbit's plane are not counted.
    """
    full = jnp.asarray(ship.propellant_mass)
    payload, load = jnp.asarray(payload, jnp.float64), jnp.asarray(tanker_load, jnp.float64)
    left = jnp.exp(-jnp.asarray(boost) / exhaust_speed(ship.specific_impulse))
    arriving = (ship.dry_mass + payload + full) * left - ship.dry_mass - payload
    onward = replace_at(mission, {"delta_v_out": mission.delta_v_out - jnp.asarray(boost)})
    wanted = mission_propellant(ship, depot.boil_off_rate, payload, onward)
    given = (ship.dry_mass + full) * left - ship.dry_mass - ship.reserve_mass
    delivered = given * (1.0 - depot.transfer_loss_fraction)
    # a tanker lifts its own first load; the rest of its tanks is filled by others
    each = 1.0 + tanker_flights(depot, full - load, load)
    x = depot.boil_off_rate * each * depot.tanker_interval
    net = delivered - x * wanted
    y = x * (wanted - arriving) / net
    small = jnp.abs(y) < 1e-6
    safe = jnp.where(small, 1.0, y)
    growth = jnp.where(small, 1.0 - y / 2.0 + y * y / 3.0, jnp.log1p(safe) / safe)
    high = (wanted - arriving) / net * growth
    tankers = tanker_flights(depot, full, load) + high * each
    return HighRefuelling(
        arriving=arriving,
        propellant=wanted,
        delivered=delivered,
        high_tankers=high,
        tankers=tankers,
        campaign=tankers * depot.tanker_interval,
        residuals={
            FITS: wanted / full - 1.0,
            OUTRUNS: boil_off_ratio(depot, full, load) - 1.0,
            HIGH_OUTRUNS: x * wanted / delivered - 1.0,
            NEEDED: 1.0 - wanted / arriving,
            ARRIVES: -given / full,
        },
    )
