"""When to leave: opportunities and porkchop data between planets, by name and date."""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_args

import numpy as np
import xarray as xr

from astro_logistics import units
from astro_logistics.api.checks import check_name, error
from astro_logistics.api.scenarios import ephemeris, read
from astro_logistics.astro.launch_period import LaunchPeriod, launch_period
from astro_logistics.astro.transfers import Branch
from astro_logistics.astro.windows import MOST_REVOLUTIONS, NO_ORBIT, OBJECTIVES, Objective
from astro_logistics.astro.windows import opportunities as find_opportunities
from astro_logistics.constants import DAY
from astro_logistics.network.mars import DEPARTURE
from astro_logistics.report import porkchop as porkchops
from astro_logistics.report import porkchop_file
from astro_logistics.report.porkchop_cells import Request

PLANETS = {"venus": "venus", "earth": DEPARTURE, "mars": "mars", "jupiter": "jupiter"}
"""Planets of the packaged ephemeris and the body each stands for: the Earth for the Earth-Moon barycenter."""


IN_MEMORY = 50_000_000
"""Most cells of a porkchop without a file: 2 GB."""

BRANCHES: tuple[Branch, ...] = get_args(Branch)
Orbit = tuple[Any, Any]
"""Gravitational parameter and radius of a circular orbit, Quantities."""


@dataclass(frozen=True)
class Opportunity:
    """A departure opportunity: a local minimum of what was asked for. Times are ISO, TDB.

    The launch period is None where none was asked for; where it has no end of its own (it meets 180 degrees, or the
    end of the ephemeris) `launch_period_days` is NaN and its dates are None.
    """

    departure: str
    arrival: str
    c3_km2_per_s2: float
    v_infinity_arrival_km_per_s: float
    time_of_flight_days: float
    type: str
    objective: float
    """What was minimized: C3 in km2/s2, arrival v-infinity or total delta-v in km/s."""
    opens: str | None = None
    closes: str | None = None
    arrival_at_opening: str | None = None
    arrival_at_closing: str | None = None
    launch_period_days: float | None = None


def opportunities(
    origin: str,
    destination: str,
    start: str,
    stop: str,
    *,
    objective: Objective = "c3",
    revolutions: int = 0,
    departure_orbit: Orbit | None = None,
    arrival_orbit: Orbit | None = None,
    c3_margin: Any = None,
    speed_margin: Any = None,
) -> list[Opportunity]:
    """Departure opportunities between two planets in a span of dates, in order of departure.

    Args:
        origin, destination: names of planets in the packaged ephemeris.
        start, stop: earliest and latest departure, ISO dates (TDB) or astropy Time.
        objective: "c3", "arrival" (v-infinity there) or "delta_v" (departure burn plus arrival burn).
        revolutions: whole turns about the Sun on the way, 0 to 5; with one or more, types III and up.
        departure_orbit: (gravitational parameter, radius) of the circular orbit that the departure burn of "delta_v"
            leaves, Quantities; by default the burn is v-infinity itself.
        arrival_orbit: likewise of the orbit that the arrival burn ends in.
        c3_margin: Quantity such as 1 km2/s2, for objective "c3": adds the launch period, the departures whose least C3
            over arrival dates stays within the margin of the optimum's.
        speed_margin: Quantity such as 100 m/s: likewise for "arrival" and "delta_v".

    Raises:
        ScenarioError: unknown planet or objective, dates that cannot be read, out of order, or outside the ephemeris.
        UnitError: a margin or an orbit without its unit, with a wrong one, or not finite.
    """
    begin, end = _span("start, stop", origin, destination, start, stop)
    check_name("objective", objective, OBJECTIVES)
    options: dict[str, Any] = {
        "mu_sun": float(read("baseline")[0].bodies.sun.mu),
        "objective": objective,
        "revolutions": _revolutions(revolutions),
        "departure_orbit": _orbit("departure_orbit", departure_orbit),
        "arrival_orbit": _orbit("arrival_orbit", arrival_orbit),
    }
    margin = _margin(objective, c3_margin, speed_margin)
    kernel, bodies = ephemeris(), (PLANETS[origin], PLANETS[destination])
    try:
        found = find_opportunities(kernel, *bodies, begin, end, **options)
    except ValueError:
        last = units.iso_tdb(kernel.span[1])[:10]
        allowed = f"departures early enough to arrive before {last}, where the packaged ephemeris ends"
        raise error("stop", f"departures until {stop}", allowed) from None
    period = None if margin is None else launch_period(kernel, *bodies, found, margin, **options)
    return [
        Opportunity(
            departure=units.iso_tdb(float(found.departure[k])),
            arrival=units.iso_tdb(float(found.arrival[k])),
            c3_km2_per_s2=float(found.c3[k]) / 1e6,
            v_infinity_arrival_km_per_s=float(found.v_infinity_arrival[k]) / 1e3,
            time_of_flight_days=float(found.time_of_flight[k]) / DAY,
            type=str(found.transfer_type[k]),
            objective=float(found.objective[k]) / (1e6 if objective == "c3" else 1e3),
            **_labelled(period, k),
        )
        for k in range(found.c3.size)
    ]


def _labelled(period: LaunchPeriod | None, k: int) -> dict[str, Any]:
    """The launch period of one opportunity as fields of Opportunity."""
    if period is None:
        return {}
    dates = ("opens", "closes", "arrival_at_opening", "arrival_at_closing")
    known = {name: units.iso_tdb(float(getattr(period, name)[k])) for name in dates if period.converged[k]}
    return known | {"launch_period_days": float(period.width[k]) / DAY}


def _margin(objective: Objective, c3_margin: Any, speed_margin: Any) -> float | None:
    """In the unit of the objective; None if no launch period is asked for."""
    name, unit = ("c3_margin", "m2/s2") if objective == "c3" else ("speed_margin", "m/s")
    given = {"c3_margin": c3_margin, "speed_margin": speed_margin}
    wrong = [key for key, value in given.items() if value is not None and key != name]
    if wrong:
        raise error(wrong[0], f"a margin with objective {objective!r}", f"{name} with this objective")
    return None if given[name] is None else _positive(name, given[name], unit)


def _orbit(name: str, orbit: Orbit | None) -> tuple[float, float]:
    """Gravitational parameter and radius in SI."""
    if orbit is None:
        return NO_ORBIT
    if not isinstance(orbit, tuple) or len(orbit) != 2:
        raise error(name, f"a {type(orbit).__name__}", "a pair: gravitational parameter and radius")
    mu, radius = orbit
    return _positive(f"{name}[0]", mu, "m3/s2"), _positive(f"{name}[1]", radius, "m")


def _positive(name: str, value: Any, unit: str) -> float:
    number = units.to_si(value, unit, name)
    if np.ndim(number) != 0 or not number > 0.0:
        raise error(name, str(value)[:60], f"one positive number with a unit like {unit!r}")
    return float(number)


def _revolutions(revolutions: int) -> int:
    if isinstance(revolutions, bool) or not isinstance(revolutions, int) or not 0 <= revolutions <= MOST_REVOLUTIONS:
        raise error("revolutions", repr(revolutions)[:60], f"a whole number from 0 to {MOST_REVOLUTIONS}")
    return revolutions


def _span(what: str, origin: str, destination: str, start: str, stop: str) -> tuple[float, float]:
    """Two dates in TDB seconds past J2000, and the names of two planets, checked."""
    for name in (origin, destination):
        check_name("planet", name, PLANETS)
    if origin == destination:
        raise error("destination", f"{destination!r}, which is also the origin", "two different planets")
    times = [units.to_tdb_seconds(t) for t in (start, stop)]
    if any(np.ndim(t) for t in times):
        raise error(what, "an array of times", "a single start and a single stop")
    begin, end = (float(t) for t in times)
    first, last = ephemeris().span
    if not begin < end:
        raise error(what, f"{start} to {stop}", "a start before the stop")
    if begin < first or end > last:
        covered = f"dates from {units.iso_tdb(first)[:10]} to {units.iso_tdb(last)[:10]}"
        raise error(what, f"{start} to {stop}", f"{covered}, which the packaged ephemeris covers")
    return begin, end


def porkchop(
    origin: str,
    destination: str,
    departures: tuple[str, str],
    arrivals: tuple[str, str],
    points: tuple[int, int] = (300, 300),
    progress: Callable[[float], None] = lambda fraction: None,
    *,
    revolutions: int = 0,
    branch: Branch = "left",
    departure_orbit: Orbit | None = None,
    arrival_orbit: Orbit | None = None,
    path: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
) -> xr.Dataset:
    """Every direct transfer between two spans of dates, on the JPL ephemeris.

    Args:
        origin, destination: names of planets in the packaged ephemeris.
        departures, arrivals: first and last date, ISO (TDB) or astropy Time.
        points: number of dates of departure and of arrival, evenly spaced.
        progress: called with the fraction done, block by block.
        revolutions: whole turns about the Sun on the way, 0 to 5.
        branch: which of the two arcs with one revolution or more, "left" or "right".
        departure_orbit, arrival_orbit: of `delta_v`, as in `opportunities`.
        path: a NetCDF file to write to, row by row, for a plot of any size in bounded memory (20 bytes a cell on disk,
            single precision). A file that an interrupted run of the same request left is finished; its attribute
            `departures_planned` says how many departures it is to have.
        overwrite: replace whatever the file holds.

    Returns:
        Dataset over the dates: `c3`, `v_infinity_departure`, `v_infinity_arrival`, `delta_v`, `time_of_flight`, with
        units; read from the file as needed if there is one.

    Raises:
        ScenarioError: unknown planet or branch, dates out of order or outside the ephemeris, every arrival before the
            first departure, fewer than 2 points, too many for memory, or a file of another request.
        UnitError: an orbit without its unit, with a wrong one, or not finite.
    """
    spans = [
        _span(what, origin, destination, *span) for what, span in (("departures", departures), ("arrivals", arrivals))
    ]
    if not spans[1][1] > spans[0][0]:
        allowed = "a last arrival after the first departure"
        raise error("arrivals", f"until {arrivals[1]}, departures from {departures[0]}", allowed)
    counts = [int(n) if isinstance(n, (int, np.integer)) and not isinstance(n, bool) else 0 for n in points]
    if len(counts) != 2 or min(counts) < 2:
        raise error("points", f"{points}", "two dates or more in each direction")
    if path is None and math.prod(counts) > IN_MEMORY:
        raise error("points", f"{points}", f"up to {IN_MEMORY} cells in memory; with `path`, any number")
    check_name("branch", branch, BRANCHES)
    leave, arrive = (np.linspace(*span, n) for span, n in zip(spans, counts, strict=True))
    request = Request(
        ephemeris(),
        PLANETS[origin],
        PLANETS[destination],
        leave,
        arrive,
        float(read("baseline")[0].bodies.sun.mu),
        _revolutions(revolutions),
        branch,
        _orbit("departure_orbit", departure_orbit),
        _orbit("arrival_orbit", arrival_orbit),
    )
    if path is None:
        data = porkchops.grid(request, progress)
    else:
        try:
            file = porkchop_file.write(request, path, progress=progress, overwrite=overwrite)
        except porkchop_file.OtherFileError as problem:
            raise error("path", str(problem), "a new file, one of the same request, or overwrite=True") from None
        # reading the departures, one in each record, would map the whole file into memory
        data = xr.open_dataset(file, engine="scipy", drop_variables=["departure"])
        data = data.assign_coords(departure=porkchops.dates("departure", leave))
    return data.assign_attrs(origin=origin, destination=destination)
