"""How often a road is open, how long one waits for it, and when the n-th iteration of a programme is done."""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.constants import JULIAN_YEAR


class Cadence(NamedTuple):
    """What a list of departures says about waiting."""

    windows: int
    """Number of departures."""
    per_year: float
    """Departures in a Julian year: 1 / mean gap."""
    mean_gap: float
    """[s]"""
    mean_wait: float
    """From a random moment to the next departure [s]."""
    longest_wait: float
    """[s]"""


class Flights(NamedTuple):
    """Flights that can be taken, in any order; times are TDB seconds past J2000, shape (n,)."""

    departure: np.ndarray
    arrival: np.ndarray


class Iterations(NamedTuple):
    """One row per iteration, shape (n,); TDB seconds past J2000; NaN from where the flights run out."""

    begin: np.ndarray
    """Ready to leave."""
    departure: np.ndarray
    arrival: np.ndarray
    return_departure: np.ndarray
    """NaN if nothing comes back."""
    complete: np.ndarray
    """What was flown has been learned from: the stay is over or, with a return, the craft is home."""


def cadence(departures: ArrayLike) -> Cadence:
    """Rate, gaps and waits of a list of departure times.

    The wait from a moment that is as likely as any other between the first departure and the last falls into a gap g
    with a chance in proportion to g and is g / 2 there: E[wait] = sum g^2 / (2 sum g), half the mean gap for even
    departures and all of it for random (Poisson) ones.

    Args:
        departures: times [s], two or more, in any order; equal ones count once.

    Raises:
        ValueError: fewer than two different times, or one that is not finite.

    References: Feller 1971, vol. II, sec. I.4 (the waiting time paradox).
    """
    t = np.unique(np.asarray(departures, dtype=np.float64))
    if t.size < 2 or not np.all(np.isfinite(t)):
        raise ValueError(f"a cadence needs two or more different, finite departures, not {t.size}")
    gaps = np.diff(t)
    mean = float(gaps.mean())
    return Cadence(
        windows=int(t.size),
        per_year=JULIAN_YEAR / mean,
        mean_gap=mean,
        mean_wait=float(0.5 * np.sum(gaps**2) / np.sum(gaps)),
        longest_wait=float(gaps.max()),
    )


def iterate(
    outbound: Flights,
    start: float,
    iterations: int,
    *,
    stay: float = 0.0,
    turnaround: float = 0.0,
    inbound: Flights | None = None,
) -> Iterations:
    """The dates of a programme that flies, learns, improves, and flies again.

    Each iteration takes, of the flights that leave at `begin` or later, the one that arrives first (no other choice
    ends sooner); stays; with `inbound`, takes the flight home that arrives first; the next begins a turnaround later.

    Args:
        outbound: flights there.
        start: when the first iteration is ready to leave [s].
        iterations: how many.
        stay: from arrival until the lesson is learned, or until the craft can leave for home [s].
        turnaround: from the end of one iteration until the next is ready to leave: what is learned is built in [s].
        inbound: flights home; None: only what is learned comes back, at the speed of light.

    Returns:
        Iterations, each field of shape (iterations,): NaN where no flight is left to take.

    Raises:
        ValueError: negative times, fewer than one iteration, or a flight that arrives before it leaves.

    Validity: windows are moments. A wait of exactly a window's length counts as caught; how wide the window is, is
    not asked. One line of work: iterations do not overlap.
    """
    if iterations < 1 or not (stay >= 0.0 and turnaround >= 0.0 and np.isfinite(start)):
        raise ValueError("one iteration or more, from a finite start, with stay and turnaround not negative")
    there, home = _sorted(outbound), None if inbound is None else _sorted(inbound)
    rows = np.full((iterations, 5), np.nan)
    begin = float(start)
    for row in rows:
        leave, arrive = _first(there, begin)
        done, leave_home = arrive + stay, np.nan
        if home is not None:
            leave_home, done = _first(home, done)
        row[:] = begin, leave, arrive, leave_home, done
        if not np.isfinite(done):
            break
        begin = done + turnaround
    return Iterations(*rows.T)


def _sorted(flights: Flights) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Departures and arrivals in order of departure, and of the flights from each on the one that arrives first."""
    departure, arrival = (np.asarray(x, dtype=np.float64) for x in flights)
    if departure.shape != arrival.shape or not np.all(arrival >= departure):
        raise ValueError("every flight needs a finite departure and an arrival that is not before it")
    order = np.argsort(departure, kind="stable")
    departure, arrival = departure[order], arrival[order]
    # the least arrival among the flights i, i + 1, ... rises with i
    least = np.minimum.accumulate(arrival[::-1])[::-1]
    first = np.searchsorted(least, least, side="right") - 1  # the last flight that arrives as early
    return departure, arrival, first


def _first(flights: tuple[np.ndarray, np.ndarray, np.ndarray], ready: float) -> tuple[float, float]:
    departure, arrival, first = flights
    i = int(np.searchsorted(departure, ready))
    if i == departure.size:
        return np.nan, np.nan
    return float(departure[first[i]]), float(arrival[first[i]])


def mean_wait(rate: ArrayLike, variation: ArrayLike = 0.0) -> Array:
    """Mean wait from a random moment: (1 + c^2) / (2 rate).

    Args:
        rate: departures per second [1/s].
        variation: c, standard deviation of the gaps over their mean [-]: 0 for even departures, 1 for random ones.

    Returns:
        Wait [s], of the broadcast shape; differentiable.

    References: Feller 1971, vol. II, sec. I.4.
    """
    rate, variation = jnp.asarray(rate, jnp.float64), jnp.asarray(variation, jnp.float64)
    return 0.5 * (1.0 + variation**2) / rate


def expected_time(n: ArrayLike, wait: ArrayLike, busy: ArrayLike, turnaround: ArrayLike = 0.0) -> Array:
    """Expected time to the end of the n-th iteration when each is ready at a random moment.

    n (wait + busy) + (n - 1) turnaround: the smooth counterpart of `iterate`.

    Args:
        n: iterations [-]; not rounded.
        wait: mean of all the waits of one iteration, e.g. `mean_wait` [s].
        busy: flights and stay of one iteration [s].
        turnaround: between two iterations [s].

    Returns:
        Time [s]; differentiable in all.

    Errors: real iterations come ready where the last one ends, not at random: against evenly spaced windows of gap g
    each cycle is a whole number of gaps, so that the true time lies up to n g / 2 to either side. `iterate` has it.
    """
    n, wait, busy, turnaround = (jnp.asarray(x, jnp.float64) for x in (n, wait, busy, turnaround))
    return n * (wait + busy) + (n - 1.0) * turnaround
