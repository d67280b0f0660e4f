"""How often the Moon and Mars can be left for, and when the n-th iteration of a programme is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from astropy import units as u

from astro_logistics import units
from astro_logistics.api.checks import check_name, error
from astro_logistics.api.moon import LOW_ORBIT, ZERO_ANGLE, duration, lunar_windows
from astro_logistics.api.windows import opportunities
from astro_logistics.astro.cadence import Flights, expected_time, iterate
from astro_logistics.astro.cadence import cadence as waits
from astro_logistics.constants import DAY, JULIAN_YEAR
from astro_logistics.network.mars import SAME_OPPORTUNITY

DESTINATIONS = ("moon", "mars")
_ALTITUDE, _INCLINATION, _MONTH, _FLIGHT = 400.0 * u.km, 28.5 * u.deg, 30.0 * u.d, 4.0 * u.d


@dataclass(frozen=True)
class Iteration:
    """One round of a programme; ISO dates, TDB; None from where the flights run out."""

    ready: str
    departure: str | None
    arrival: str | None
    return_departure: str | None
    complete: str | None


@dataclass(frozen=True)
class CadenceResult:
    """How often a destination can be left for, and what that makes of a programme."""

    destination: str
    windows: int
    windows_per_year: float
    mean_gap_days: float
    mean_wait_days: float
    longest_wait_days: float
    time_of_flight_days: float
    iterations: tuple[Iteration, ...]
    years_to_iteration: tuple[float, ...]
    """From the start of the span to the end of each iteration, as far as the flights go."""
    expected_years_to_iteration: tuple[float, ...]
    """The same if each iteration came ready at a random moment: smooth in what it is made of."""


def cadence(
    destination: str,
    start: str,
    stop: str,
    *,
    iterations: int = 5,
    round_trip: bool = False,
    stay: Any = _MONTH,
    turnaround: Any = _MONTH,
    altitude: Any = _ALTITUDE,
    inclination: Any = _INCLINATION,
    node: Any = ZERO_ANGLE,
    time_of_flight: Any = _FLIGHT,
) -> CadenceResult:
    """Windows, waits and the dates of a programme's iterations, from the real windows of a span.

    An iteration waits for a window, flies, stays, with `round_trip` waits for a window home and flies home; a
    turnaround later the next is ready. It takes the flight that arrives first. Mars: every least-C3 departure, both
    types, there and back; the two types of one opportunity count as one window. The Moon: the plane of a parking orbit,
    there and back.

    Args:
        destination: "moon" or "mars".
        start, stop: the span, ISO dates (TDB) or astropy Time; the first iteration is ready at the start.
        iterations: how many to date.
        round_trip: whether the craft must come home, or the lesson is learned at the end of the stay.
        stay: from arrival to the lesson learned, or to the earliest way home.
        turnaround: from the end of an iteration to the next being ready to leave.
        altitude, inclination, node: of the parking orbit (Moon only), node at the start.
        time_of_flight: to the Moon (Moon only).

    Raises:
        ScenarioError, UnitError: unknown destination, dates outside the ephemeris (Mars: the last flight arrives up to
            a year and a half later), fewer than two windows in the span, times that cannot be.
    """
    check_name("destination", destination, DESTINATIONS)
    if iterations < 1:
        raise error("iterations", f"{iterations}", "one or more")
    stay_time, turn = (duration(n, x, 0.0, 36525.0) for n, x in (("stay", stay), ("turnaround", turnaround)))
    begin = float(units.to_tdb_seconds(start))
    if destination == "mars":
        there, least = _mars("earth", "mars", start, stop)
        home = _mars("mars", "earth", start, stop)[0] if round_trip else None
    else:
        orbit = {"altitude": altitude, "inclination": inclination, "node": node, "time_of_flight": time_of_flight}
        there = _flights(lunar_windows(start, stop, lunar_altitude=LOW_ORBIT, **orbit))
        home = _flights(lunar_windows(start, stop, direction="return", **orbit)) if round_trip else None
        least = there.departure
    if least.size < 2:
        raise error("start, stop", f"{start} to {stop}, with {least.size} windows", "a span of two windows or more")
    figures = waits(least)
    dates = iterate(there, begin, iterations, stay=stay_time, turnaround=turn, inbound=home)
    flight = float(np.mean(there.arrival - there.departure))
    wait, busy = figures.mean_wait, flight + stay_time
    if home is not None:
        wait += waits(home.departure).mean_wait
        busy += float(np.mean(home.arrival - home.departure))
    done = dates.complete[np.isfinite(dates.complete)]
    return CadenceResult(
        destination=destination,
        windows=figures.windows,
        windows_per_year=figures.per_year,
        mean_gap_days=figures.mean_gap / DAY,
        mean_wait_days=figures.mean_wait / DAY,
        longest_wait_days=figures.longest_wait / DAY,
        time_of_flight_days=flight / DAY,
        iterations=tuple(
            Iteration(units.iso_tdb(row[0]), *(units.iso_tdb(t) if np.isfinite(t) else None for t in row[1:]))
            for row in zip(*dates, strict=True)
            if np.isfinite(row[0])
        ),
        years_to_iteration=tuple(float(t - begin) / JULIAN_YEAR for t in done),
        expected_years_to_iteration=tuple(
            float(expected_time(float(n), wait, busy, turn)) / JULIAN_YEAR for n in range(1, iterations + 1)
        ),
    )


def _flights(rows: list[Any]) -> Flights:
    """Departures and arrivals of labelled opportunities."""
    times = [[float(units.to_tdb_seconds(t)) for t in (row.departure, row.arrival)] for row in rows]
    return Flights(*np.array(times).reshape(-1, 2).T)


def _mars(origin: str, destination: str, start: str, stop: str) -> tuple[Flights, np.ndarray]:
    """All flights, and the departure of least C3 of each opportunity."""
    rows = opportunities(origin, destination, start, stop)
    found, c3 = _flights(rows), np.array([row.c3_km2_per_s2 for row in rows])
    groups = np.split(np.arange(c3.size), np.flatnonzero(np.diff(found.departure) > SAME_OPPORTUNITY) + 1)
    return found, np.array([found.departure[g[np.argmin(c3[g])]] for g in groups if g.size])
