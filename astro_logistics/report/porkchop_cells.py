"""The cells of a porkchop plot, computed block by block of departures: bounded memory, every core at work."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from astro_logistics.astro._opportunity_search import NO_ORBIT, Inputs, inputs_of, total_delta_v
from astro_logistics.astro.transfers import Branch, States, transfer
from astro_logistics.constants import DAY

CELLS = {"cpu": 1 << 15}
"""Cells computed at a time by backend: a cacheful on a CPU."""
CELLS_ELSEWHERE = 1 << 22
"""On an accelerator: enough to fill it, some hundred MB."""


class Variable(NamedTuple):
    """A column of the result."""

    unit: str
    meaning: str


VARIABLES = {
    "c3": Variable("km2/s2", "departure energy"),
    "v_infinity_departure": Variable("km/s", "speed relative to the origin"),
    "v_infinity_arrival": Variable("km/s", "speed relative to the destination"),
    "delta_v": Variable("km/s", "departure burn plus arrival burn"),
    "time_of_flight": Variable("days", "arrival less departure"),
}
"""What is known of each cell; NaN where there is no transfer."""


@dataclass(frozen=True)
class Request:
    """A porkchop plot: the bodies, the dates (TDB seconds past J2000) and the options of `windows.porkchop`."""

    ephemeris: States
    origin: str
    destination: str
    departures: np.ndarray
    arrivals: np.ndarray
    mu_sun: float
    revolutions: int = 0
    branch: Branch = "left"
    departure_orbit: tuple[float, float] = NO_ORBIT
    arrival_orbit: tuple[float, float] = NO_ORBIT


class Block(NamedTuple):
    """Rows `start` to `stop` of some variables, each (stop - start, m)."""

    start: int
    stop: int
    columns: tuple[np.ndarray, ...]


def blocks(request: Request, names: Sequence[str], dtype: str, start: int = 0) -> Iterator[Block]:
    """Rows from `start` on, in order; a few blocks are computed ahead, one on each core.

    Args:
        request: the plot.
        names: of VARIABLES.
        dtype: "float64" or "float32" of the result; computed in float64 in either case.
        start: first row.
    """
    n, m = request.departures.size, request.arrivals.size
    if start >= n:
        return
    cells = CELLS.get(jax.default_backend(), CELLS_ELSEWHERE)
    rows = max(1, min(n, cells // max(m, 1)))
    first = tuple(np.asarray(x) for x in request.ephemeris.state(request.origin, request.departures))
    second = request.ephemeris.state(request.destination, request.arrivals)
    inputs = inputs_of("delta_v", request.mu_sun, request.departure_orbit, request.arrival_orbit)
    arrivals = jnp.asarray(request.arrivals)

    def compute(at: int) -> Block:
        # the last block repeats a row: one shape, one program
        index = np.minimum(np.arange(at, at + rows), n - 1)
        leave, r1, v1 = request.departures[index], first[0][index], first[1][index]
        found = _cells(
            inputs, leave, arrivals, (r1, v1), second, tuple(names), dtype, request.revolutions, request.branch
        )
        stop = min(at + rows, n)
        return Block(at, stop, tuple(np.asarray(x)[: stop - at] for x in found))

    workers = os.cpu_count() or 1
    waiting: deque[Future[Block]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for at in range(start, n, rows):
                waiting.append(pool.submit(compute, at))
                if len(waiting) > 2 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


@partial(jax.jit, static_argnames=("names", "dtype", "revolutions", "branch"))
def _cells(
    inputs: Inputs,
    leave: Array,
    arrive: Array,
    first: tuple[Array, Array],
    second: tuple[Array, Array],
    names: tuple[str, ...],
    dtype: str,
    revolutions: int,
    branch: Branch,
) -> tuple[Array, ...]:
    (r1, v1), (r2, v2) = first, second
    tof = arrive[None, :] - leave[:, None]
    origin, destination = (r1[:, None, :], v1[:, None, :]), (r2[None, :, :], v2[None, :, :])
    found = transfer(inputs.mu_sun, origin, destination, tof, revolutions=revolutions, branch=branch)
    values = {
        "c3": found.c3 / 1e6,
        "v_infinity_departure": found.v_infinity_departure / 1e3,
        "v_infinity_arrival": found.v_infinity_arrival / 1e3,
        "delta_v": total_delta_v(found, inputs) / 1e3,
        "time_of_flight": found.time_of_flight / DAY,
    }
    there = found.converged & (tof > 0.0)
    return tuple(jnp.where(there, values[name], jnp.nan).astype(dtype) for name in names)
