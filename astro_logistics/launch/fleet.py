"""How often a launcher flies: pads, boosters and ships in circulation."""

from __future__ import annotations

from jax import Array

from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.pytree import Pytree, field


class Fleet(Pytree):
    """What the flight rate is made of; real numbers, rounded only for people."""

    pads: Array = field(unit="", doc="launch pads in service", low=0.0)
    pad_turnaround: Array = field(unit="s", doc="time between two launches of one pad", low=0.0)
    boosters: Array = field(unit="", doc="boosters in service", low=0.0)
    booster_turnaround: Array = field(unit="s", doc="time between two flights of one booster", low=0.0)
    booster_flights: Array = field(unit="", doc="flights of one booster over its life", low=1.0)
    ship_production: Array = field(unit="s-1", doc="ships (upper stages) built per time", low=0.0)
    ship_flights: Array = field(unit="", doc="flights of one ship over its life; 1 is expended", low=1.0)


LIMITS = ("pads", "boosters", "ship production")
"""Names of the rates that `flight_limits` returns, in order."""


def flight_limits(fleet: Fleet) -> tuple[Array, Array, Array]:
    """Flights per year that the pads, the boosters and the making of ships would each allow, 1/yr.

    In steady state: pads / turnaround, boosters / turnaround, ships built x flights of each.
    """
    return (
        fleet.pads / fleet.pad_turnaround * JULIAN_YEAR,
        fleet.boosters / fleet.booster_turnaround * JULIAN_YEAR,
        fleet.ship_production * fleet.ship_flights * JULIAN_YEAR,
    )
