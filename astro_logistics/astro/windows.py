"""When to leave: synodic periods, porkchop arrays, and the departure opportunities between two bodies."""

from __future__ import annotations

import math
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro._broadcast import block_size, blocked
from astro_logistics.astro._opportunity_search import (
    CANDIDATES,
    FLIGHTS,
    NO_ORBIT,
    OBJECTIVES,
    Inputs,
    Objective,
    Problem,
    grid_minima,
    inputs_of,
    objective_of,
    refine,
    scales,
    scan,
)
from astro_logistics.astro.transfers import Branch, States, Transfer, transfer
from astro_logistics.constants import DAY

MOST_REVOLUTIONS = 5
_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_SAME = 3600.0  # s; refined optima closer than this in both dates are one
_CONVERGED = 1.0  # s; the largest further Newton step of a date that counts as refined


class Opportunities(NamedTuple):
    """Local optima in order of departure, each field of shape (n,)."""

    departure: np.ndarray
    """TDB seconds past J2000."""
    arrival: np.ndarray
    """TDB seconds past J2000."""
    time_of_flight: np.ndarray
    """Arrival less departure [s]."""
    c3: np.ndarray
    """Departure energy [m2/s2]."""
    v_infinity_departure: np.ndarray
    """Speed relative to the origin [m/s]."""
    v_infinity_arrival: np.ndarray
    """Speed relative to the destination [m/s]."""
    objective: np.ndarray
    """What was minimized: C3 [m2/s2], arrival speed or delta-v [m/s]."""
    transfer_type: np.ndarray
    """"I": turns through less than 180 degrees, "II": 180 to 360, "III" and "IV" with one revolution more, ..."""
    branch: np.ndarray
    """Which of the two arcs, "left" or "right"; always "left" without whole revolutions."""
    newton_step: np.ndarray
    """Largest change of either date in a further Newton step [s]: how far the dates are from the optimum."""


def synodic_period(period_a: ArrayLike, period_b: ArrayLike) -> Array:
    """Time after which two bodies are in the same position to each other again: 1 / |1 / a - 1 / b|.

    Args:
        period_a: orbital period of the one [s].
        period_b: orbital period of the other [s].

    Returns:
        Synodic period [s]; infinite for equal periods. Real opportunities scatter about it by weeks.

    References: Vallado 2013, sec. 12.7.
    """
    a, b = jnp.asarray(period_a, jnp.float64), jnp.asarray(period_b, jnp.float64)
    return jnp.abs(a * b / (b - a))


@partial(jax.jit, static_argnames=("origin", "destination", "revolutions", "branch"))
def porkchop(
    ephemeris: States,
    origin: str,
    destination: str,
    departures: ArrayLike,
    arrivals: ArrayLike,
    mu_sun: ArrayLike,
    *,
    revolutions: int = 0,
    branch: Branch = "left",
) -> Transfer:
    """Every direct transfer between two lists of dates.

    Args:
        ephemeris: an `Ephemeris` or `MeanElements`.
        origin: static; a body of it. For the Earth prefer "emb": the Moon swings the Earth by 12 m/s, which ripples
            C3 by 0.07 km2/s2, where a real departure leaves the Earth-Moon system.
        destination: static; a body of it.
        departures: TDB seconds past J2000, shape (n,).
        arrivals: TDB seconds past J2000, shape (m,).
        mu_sun: gravitational parameter of the Sun [m3/s2].
        revolutions: static; whole turns on the way.
        branch: static; which of the two arcs, with one revolution or more.

    Returns:
        Transfer with fields of shape (n, m); NaN where arrival is not after departure or a date is out of span.
    """
    leave, arrive = jnp.asarray(departures, jnp.float64), jnp.asarray(arrivals, jnp.float64)
    r1, v1 = ephemeris.state(origin, leave)
    r2, v2 = ephemeris.state(destination, arrive)

    def rows(leave: Array, r1: Array, v1: Array) -> Transfer:
        tof = arrive[None, :] - leave[:, None]
        first, second = (r1[:, None, :], v1[:, None, :]), (r2[None, :, :], v2[None, :, :])
        return transfer(mu_sun, first, second, tof, revolutions=revolutions, branch=branch)

    return blocked(rows, (leave, r1, v1), block_size(max(arrive.size, 1)))


def opportunities(
    ephemeris: States,
    origin: str,
    destination: str,
    start: float,
    stop: float,
    *,
    mu_sun: ArrayLike,
    objective: Objective = "c3",
    revolutions: int = 0,
    time_of_flight: tuple[float, float] | None = None,
    departure_orbit: tuple[float, float] = NO_ORBIT,
    arrival_orbit: tuple[float, float] = NO_ORBIT,
    steps_per_period: int = 90,
) -> Opportunities:
    """Every local optimum of the direct transfers that depart in a span of dates.

    A grid of dates is searched for local minima, type by type (the ridge of high energy at 180 degrees parts them);
    from each Newton's iteration on the exact gradient finds the stationary point. Kept are those with zero
    gradient and a positive definite Hessian that depart within the span.

    Args:
        ephemeris: an `Ephemeris` or `MeanElements`.
        origin: a body of it; for the Earth prefer "emb" (see `porkchop`).
        destination: a body of it.
        start: earliest departure, TDB seconds past J2000.
        stop: latest departure, likewise.
        mu_sun: gravitational parameter of the Sun [m3/s2].
        objective: "c3", "arrival" (v-infinity there), or "delta_v" (departure burn plus arrival burn).
        revolutions: whole turns on the way; with one or more, both arcs are searched.
        time_of_flight: least and largest [s]; by default from 0.3 to 2 times Hohmann's, plus the whole turns.
        departure_orbit: gravitational parameter [m3/s2] and radius [m] of the circular orbit the burn starts from, for
            "delta_v"; by default the burn is v-infinity itself.
        arrival_orbit: likewise of the circular orbit the burn ends in.
        steps_per_period: grid steps in the shorter of the two orbital periods.

    Returns:
        Opportunities, NumPy arrays of shape (n,).

    Raises:
        ValueError: a body or objective is unknown, revolutions are not 0 to 5, start is not before stop, or the longest
            flight that leaves at `stop` would arrive after the ephemeris ends.

    Errors: dates to `newton_step`, under a second. Two minima of one type closer than about three grid steps may
    be found as one. The transfer is that of `transfers.transfer`. Where a valley falls all the way to 180 degrees, at
    a planet's crossing of the other's orbital plane, there is no stationary point and none is reported: Earth-Mars
    type I of 2026, whose C3 falls through 11.1 km2/s2 on 2026-11-14 to 10.6 beside 180 degrees on 2026-11-12.

    References: Vallado 2013, sec. 12.7; Burke, Falck & McGuire 2010 (NASA/TM-2010-216764).
    """
    if not start < stop:
        raise ValueError(f"start ({start}) must be before stop ({stop})")
    if objective not in OBJECTIVES:
        raise ValueError(f"objective must be one of {OBJECTIVES}, not {objective!r}")
    if not 0 <= revolutions <= MOST_REVOLUTIONS:
        raise ValueError(f"revolutions must be from 0 to {MOST_REVOLUTIONS}, not {revolutions}")
    mu = float(jnp.asarray(mu_sun))
    times = scales(ephemeris, origin, destination, start, mu)
    low, high = time_of_flight or (0.3 * times.hohmann, 2.0 * times.hohmann + revolutions * times.longer)
    first, last = ephemeris.span
    if start < first or stop + high > last:
        raise ValueError(
            f"departures from {start:.0f} to {stop:.0f} s past J2000, flying up to {high / DAY:.0f} days, need an "
            f"ephemeris from the first departure to the last arrival; this one has {first:.0f} to {last:.0f}"
        )
    step = times.shorter / steps_per_period
    leave = np.arange(start - 4.0 * step, stop + 4.0 * step, step)
    shortest = max(low, step) - step
    count = math.ceil((high + 2.0 * step - shortest) / step)
    flights = shortest + step * np.arange(FLIGHTS * -(-count // FLIGHTS))
    inputs = inputs_of(objective, mu, departure_orbit, arrival_orbit)
    branches: tuple[Branch, ...] = ("left", "right") if revolutions else ("left",)
    found = []
    for branch in branches:
        problem = Problem(origin, destination, revolutions, branch)
        values, short = scan(ephemeris, leave, flights, inputs, problem)
        cells = [(*grid_minima(np.where(short == way, values, np.nan)), way) for way in (True, False)]
        dates = np.concatenate([np.stack([leave[i], leave[i] + flights[j]], axis=-1) for i, j, _ in cells])
        ways = np.concatenate([np.full(i.size, way) for i, _, way in cells])
        for i in range(0, max(len(dates), 1), CANDIDATES):
            some = slice(i, i + CANDIDATES)
            found.append(_refined(ephemeris, dates[some], ways[some], 4.0 * step, inputs, problem))
    whole = Opportunities(*(np.concatenate(columns) for columns in zip(*found, strict=True)))
    inside = (whole.departure >= start) & (whole.departure <= stop)
    inside &= (whole.time_of_flight >= low) & (whole.time_of_flight <= high)
    return _distinct(Opportunities(*(x[inside] for x in whole)))


def _refined(
    ephemeris: States, dates: np.ndarray, short: np.ndarray, radius: float, inputs: Inputs, problem: Problem
) -> Opportunities:
    """The stationary points that up to CANDIDATES candidates (n, 2) lead to; several may lead to one."""
    count = len(dates)
    if count == 0:
        none = np.zeros(0)
        name = np.zeros(0, dtype=str)
        return Opportunities(*[none] * 7, transfer_type=name, branch=name, newton_step=none)
    pad = np.arange(CANDIDATES) % count
    near, way = jnp.asarray(dates[pad]), jnp.asarray(short[pad])
    minimum, found = refine(ephemeris, near, way, jnp.asarray(radius), inputs, problem)
    step = DAY * np.abs(np.asarray(minimum.newton_step)).max(axis=-1)
    good = np.asarray(minimum.convex) & np.asarray(found.converged) & (step <= _CONVERGED)
    good &= np.arange(pad.size) < count
    t = (dates[pad] + DAY * np.asarray(minimum.x))[good]
    columns = (found.time_of_flight, found.c3, found.v_infinity_departure, found.v_infinity_arrival)
    values = objective_of(found, inputs)
    numerals = np.array(_NUMERALS[2 * problem.revolutions : 2 * problem.revolutions + 2])
    return Opportunities(
        t[:, 0],
        t[:, 1],
        *(np.asarray(x)[good] for x in (*columns, values)),
        transfer_type=numerals[np.where(short[pad][good], 0, 1)],
        branch=np.full(np.count_nonzero(good), problem.branch),
        newton_step=step[good],
    )


def _distinct(found: Opportunities) -> Opportunities:
    """In order of departure, each optimum once."""
    kept: list[int] = []
    for i in np.argsort(found.departure, kind="stable"):
        same = (
            abs(found.departure[i] - found.departure[k]) < _SAME
            and abs(found.arrival[i] - found.arrival[k]) < _SAME
            and found.transfer_type[i] == found.transfer_type[k]
            and found.branch[i] == found.branch[k]
            for k in kept
        )
        if not any(same):
            kept.append(int(i))
    return Opportunities(*(x[kept] for x in found))
