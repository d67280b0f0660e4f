"""When to leave: opportunities and porkchop data between planets, by name and date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import xarray as xr

from astro_logistics import units
from astro_logistics.api.checks import check_name, error
from astro_logistics.api.scenarios import ephemeris, read
from astro_logistics.astro.windows import opportunities as find_opportunities
from astro_logistics.constants import DAY
from astro_logistics.network.mars import DEPARTURE
from astro_logistics.report import porkchop as porkchops

PLANETS = {"venus": "venus", "earth": DEPARTURE, "mars": "mars", "jupiter": "jupiter"}
"""Planets of the packaged ephemeris and the body each stands for: the Earth for the Earth-Moon barycenter."""


@dataclass(frozen=True)
class Opportunity:
    """A departure opportunity: a local minimum of C3. Times are ISO, TDB."""

    departure: str
    arrival: str
    c3_km2_per_s2: float
    v_infinity_arrival_km_per_s: float
    time_of_flight_days: float
    type: str


def opportunities(origin: str, destination: str, start: str, stop: str) -> list[Opportunity]:
    """Departure opportunities between two planets in a span of dates, in order of departure.

    Args:
        origin, destination: names of planets in the packaged ephemeris.
        start, stop: earliest and latest departure, ISO dates (TDB) or astropy Time.

    Raises:
        ScenarioError: unknown planet, dates that cannot be read, out of order, or outside the ephemeris.
    """
    begin, end = _span(origin, destination, start, stop)
    kernel = ephemeris()
    mu_sun = float(read("baseline")[0].bodies.sun.mu)
    try:
        found = find_opportunities(kernel, PLANETS[origin], PLANETS[destination], begin, end, mu_sun=mu_sun)
    except ValueError:
        last = units.iso_tdb(kernel.span[1])[:10]
        allowed = f"departures early enough to arrive before {last}, where the packaged ephemeris ends"
        raise error("stop", f"departures until {stop}", allowed) from None
    rows = zip(found.departure, found.arrival, found.c3, found.v_infinity_arrival, found.transfer_type, strict=True)
    return [
        Opportunity(
            departure=units.iso_tdb(float(leave)),
            arrival=units.iso_tdb(float(arrive)),
            c3_km2_per_s2=float(c3) / 1e6,
            v_infinity_arrival_km_per_s=float(v) / 1e3,
            time_of_flight_days=float(arrive - leave) / DAY,
            type=str(kind),
        )
        for leave, arrive, c3, v, kind in rows
    ]


def _span(origin: str, destination: str, start: str, stop: str) -> tuple[float, float]:
    """Two dates in TDB seconds past J2000, and the names of two planets, checked."""
    begin, end = (float(units.to_tdb_seconds(t)) for t in (start, stop))
    for name in (origin, destination):
        check_name("planet", name, PLANETS)
    if origin == destination:
        raise error("destination", f"{destination!r}, which is also the origin", "two different planets")
    first, last = ephemeris().span
    if not begin < end:
        raise error("start, stop", f"{start} to {stop}", "a start before the stop")
    if begin < first or end > last:
        covered = f"dates from {units.iso_tdb(first)[:10]} to {units.iso_tdb(last)[:10]}"
        raise error("start, stop", f"{start} to {stop}", f"{covered}, which the packaged ephemeris covers")
    return begin, end


def porkchop(
    origin: str,
    destination: str,
    departures: tuple[str, str],
    arrivals: tuple[str, str],
    points: tuple[int, int] = (300, 300),
    progress: Callable[[float], None] = lambda fraction: None,
) -> xr.Dataset:
    """Every direct transfer between two spans of dates, on the JPL ephemeris.

    Args:
        origin, destination: names of planets in the packaged ephemeris.
        departures, arrivals: first and last date, ISO (TDB).
        points: number of dates of departure and of arrival, evenly spaced.
        progress: called with the fraction done, block by block.

    Returns:
        Dataset over the dates: `c3`, `v_infinity_departure`, `v_infinity_arrival`, `time_of_flight`, with units.

    Raises:
        ScenarioError: unknown planet, dates out of order or outside the ephemeris, fewer than 2 points.
    """
    spans = [_span(origin, destination, *span) for span in (departures, arrivals)]
    if min(points) < 2:
        raise error("points", f"{points}", "two dates or more in each direction")
    leave, arrive = (np.linspace(*span, n) for span, n in zip(spans, points, strict=True))
    mu_sun = float(read("baseline")[0].bodies.sun.mu)
    data = porkchops.grid(ephemeris(), PLANETS[origin], PLANETS[destination], leave, arrive, mu_sun, progress)
    return data.assign_attrs(origin=origin, destination=destination)
