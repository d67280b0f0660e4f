"""Departures to other planets and back, found on the ephemeris for the destinations beyond the depot."""

from __future__ import annotations

import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro.ephemeris import Ephemeris
from astro_logistics.astro.windows import Opportunities, opportunities
from astro_logistics.constants import DAY
from astro_logistics.network.mars import DEPARTURE, SAME_OPPORTUNITY
from astro_logistics.pytree import Pytree, field

LONGEST_STAY = 800.0 * DAY
"""Longest time at Mars before the way back: a synodic period and a little, so that a good opportunity lies in it."""


class Departures(Pytree):
    """The best departure of each opportunity in a span of dates; n of them, in order."""

    departure: Array = field(unit="s", doc="departure, TDB past J2000, shape (n,)")
    time_of_flight: Array = field(unit="s", doc="time of flight, shape (n,)", low=0.0)
    v_infinity_departure: Array = field(unit="m / s", doc="excess speed to leave with, shape (n,)", low=0.0)
    v_infinity_arrival: Array = field(unit="m / s", doc="excess speed on arrival, shape (n,)", low=0.0)


class RoundTrips(Pytree):
    """Ways out, and the first way back after each; n of them."""

    out: Departures
    back: Departures

    @property
    def stay(self) -> Array:
        """Time at the destination, s."""
        return self.back.departure - self.out.departure - self.out.time_of_flight


def _pick(ways: Departures | Opportunities, which: np.ndarray) -> Departures:
    """Some of the ways."""
    columns = (ways.departure, ways.time_of_flight, ways.v_infinity_departure, ways.v_infinity_arrival)
    return Departures(*(np.asarray(x)[which] for x in columns))  # pyright: ignore[reportArgumentType]


def _best(found: Opportunities) -> Departures:
    """Of the optima of each opportunity (types I and II lie weeks apart) the one of least C3."""
    order = np.argsort(found.departure)
    groups = np.split(order, np.flatnonzero(np.diff(found.departure[order]) > SAME_OPPORTUNITY) + 1)
    return _pick(found, np.array([group[np.argmin(found.c3[group])] for group in groups if group.size], dtype=int))


def departures(
    ephemeris: Ephemeris, destination: str, start: float, stop: float, mu_sun: ArrayLike, *, origin: str = DEPARTURE
) -> Departures:
    """The least-C3 direct departure of each opportunity in a span.

    Args:
        ephemeris: covers the span and the flights that leave in it.
        destination: a body of it.
        start, stop: earliest and latest departure, TDB seconds past J2000.
        mu_sun: gravitational parameter of the Sun, m3/s2.
        origin: a body of it; the Earth-Moon barycenter by default.

    Raises:
        ValueError: no opportunity in the span, or an ephemeris that ends too soon.

    Errors: as `astro.windows.opportunities`; direct flights, no swingbys.
    """
    found = opportunities(ephemeris, origin, destination, start, stop, mu_sun=mu_sun)
    if not found.departure.size:
        raise ValueError(f"no departure from {origin} to {destination} in the span")
    return _best(found)


def round_trips(ephemeris: Ephemeris, out: Departures, destination: str, mu_sun: ArrayLike) -> RoundTrips:
    """The ways out that have a way back on the ephemeris, each with the cheapest one within `LONGEST_STAY`.

    Args:
        ephemeris: of both bodies.
        out: departures from the Earth.
        destination: where they arrive.
        mu_sun: gravitational parameter of the Sun, m3/s2.

    Raises:
        ValueError: no way back on the ephemeris.
    """
    arrival = np.asarray(out.departure) + np.asarray(out.time_of_flight)
    longest = 2.0 * float(np.max(np.asarray(out.time_of_flight)))
    stop = min(float(arrival[-1]) + LONGEST_STAY, ephemeris.span[1] - longest)
    back = departures(ephemeris, DEPARTURE, float(arrival[0]), stop, mu_sun, origin=destination)
    stay = np.asarray(back.departure) - arrival[:, None]
    energy = np.where((stay >= 0.0) & (stay <= LONGEST_STAY), np.asarray(back.v_infinity_departure), np.inf)
    able = np.flatnonzero(np.isfinite(energy).any(axis=1))
    if not able.size:
        raise ValueError(f"no way back from {destination} on the ephemeris")
    return RoundTrips(out=_pick(out, able), back=_pick(back, np.argmin(energy[able], axis=1)))
