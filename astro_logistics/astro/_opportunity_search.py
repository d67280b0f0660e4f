"""How opportunities are found: a grid over the dates, its local minima, and their refinement."""

from __future__ import annotations

import math
from functools import partial
from typing import Literal, NamedTuple, get_args

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro._minimize2 import Minimum, minimize2
from astro_logistics.astro.transfers import Branch, States, Transfer, transfer
from astro_logistics.compiling import quick_jit
from astro_logistics.constants import DAY
from astro_logistics.numerics import norm

Objective = Literal["c3", "arrival", "delta_v"]
OBJECTIVES: tuple[Objective, ...] = get_args(Objective)
_STEPS = 40  # of the refinement: 10 to 15 reach rounding from a grid minimum, the rest is for long valleys
SPACING = 0.01  # days between gradients for the Hessian: the Moon's month, the fastest motion, bends over days
_ROWS = 256  # departures of the grid evaluated together: one shape whatever the span, so one compilation
FLIGHTS = 32  # the grid's times of flight are a multiple of this, likewise
CANDIDATES = 64  # refined together, likewise


class Problem(NamedTuple):
    """What is sought; all static."""

    origin: str
    destination: str
    revolutions: int
    branch: Branch


class Inputs(NamedTuple):
    """Numbers of the problem; all traced, also the choice of objective: one program serves all three."""

    objective: Array  # place in the members of Objective
    mu_sun: Array
    departure_orbit: tuple[Array, Array]  # gravitational parameter, radius
    arrival_orbit: tuple[Array, Array]


NO_ORBIT = (0.0, 1.0)  # mu = 0: the burn is v_infinity itself


def inputs_of(
    objective: Objective,
    mu_sun: ArrayLike,
    departure_orbit: tuple[ArrayLike, ArrayLike],
    arrival_orbit: tuple[ArrayLike, ArrayLike],
) -> Inputs:
    """Numbers as traced ones."""
    mu, *orbits = (jnp.asarray(x, jnp.float64) for x in (mu_sun, *departure_orbit, *arrival_orbit))
    return Inputs(jnp.asarray(OBJECTIVES.index(objective)), mu, (orbits[0], orbits[1]), (orbits[2], orbits[3]))


def direct(ephemeris: States, departure: Array, arrival: Array, mu_sun: Array, problem: Problem) -> Transfer:
    """The transfer between two dates of any common shape."""
    return transfer(
        mu_sun,
        ephemeris.state(problem.origin, departure),
        ephemeris.state(problem.destination, arrival),
        arrival - departure,
        revolutions=problem.revolutions,
        branch=problem.branch,
    )


def objective_of(found: Transfer, inputs: Inputs) -> Array:
    """What is minimized: C3 [m2/s2], arrival speed [m/s] or both burns [m/s]."""
    return jnp.select(
        [inputs.objective == i for i in range(len(OBJECTIVES))],
        [found.c3, found.v_infinity_arrival, total_delta_v(found, inputs)],
    )


def total_delta_v(found: Transfer, inputs: Inputs) -> Array:
    """Both burns [m/s]."""
    leave = _burn(inputs.departure_orbit, found.v_infinity_departure)
    return leave + _burn(inputs.arrival_orbit, found.v_infinity_arrival)


def _burn(orbit: tuple[Array, Array], v_infinity: Array) -> Array:
    """Between a circular orbit and a hyperbola: sqrt(v_infinity^2 + 2 mu / r) - sqrt(mu / r)."""
    mu, radius = orbit
    return jnp.sqrt(v_infinity**2 + 2.0 * mu / radius) - jnp.sqrt(mu / radius)


class Scales(NamedTuple):
    """Times that set the grid [s]: the orbital periods and Hohmann's time of flight."""

    shorter: float
    longer: float
    hohmann: float


def scales(ephemeris: States, origin: str, destination: str, start: float, mu_sun: float) -> Scales:
    """From the osculating semi-major axes at `start`; NaN there is an error of the caller."""
    axes = []
    for body in (origin, destination):
        r, v = ephemeris.state(body, start)
        axes.append(float(1.0 / (2.0 / norm(r) - jnp.sum(v * v) / mu_sun)))
    shorter, longer = sorted(2.0 * math.pi * math.sqrt(a**3 / mu_sun) if a > 0.0 else math.nan for a in axes)
    return Scales(shorter, longer, math.pi * math.sqrt(abs(sum(axes) / 2.0) ** 3 / mu_sun))


def scan(
    ephemeris: States, departures: np.ndarray, flights: np.ndarray, inputs: Inputs, problem: Problem
) -> tuple[np.ndarray, np.ndarray]:
    """Objective and whether the short way, for every departure (n,) and time of flight (m,): shape (n, m)."""
    starts = range(0, departures.size, _ROWS)
    padded = np.pad(departures, (0, len(starts) * _ROWS - departures.size), mode="edge")
    rows = (jnp.asarray(padded[i : i + _ROWS]) for i in starts)
    blocks = [_scan_block(ephemeris, each, jnp.asarray(flights), inputs, problem) for each in rows]
    values, short = (np.concatenate([np.asarray(x) for x in column]) for column in zip(*blocks, strict=True))
    return values[: departures.size], short[: departures.size]


@partial(quick_jit, static_argnames=("problem",))
def _scan_block(
    ephemeris: States, departures: Array, flights: Array, inputs: Inputs, problem: Problem
) -> tuple[Array, Array]:
    arrivals = departures[:, None] + flights[None, :]
    r1, v1 = ephemeris.state(problem.origin, departures)
    found = transfer(
        inputs.mu_sun,
        (r1[:, None, :], v1[:, None, :]),
        ephemeris.state(problem.destination, arrivals),
        jnp.broadcast_to(flights[None, :], arrivals.shape),
        revolutions=problem.revolutions,
        branch=problem.branch,
    )
    return objective_of(found, inputs), found.short_way


def grid_minima(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns of the cells no higher than their eight neighbours; NaN counts as high, the border is out."""
    high = np.where(np.isfinite(values), values, np.inf)
    middle = high[1:-1, 1:-1]
    lowest = np.isfinite(middle)
    rows, columns = high.shape
    for i in (0, 1, 2):
        for j in (0, 1, 2):
            lowest &= middle <= high[i : rows - 2 + i, j : columns - 2 + j]
    at = np.nonzero(lowest)
    return at[0] + 1, at[1] + 1


@partial(quick_jit, static_argnames=("problem",))
def refine(
    ephemeris: States, dates: Array, short: Array, radius: Array, inputs: Inputs, problem: Problem
) -> tuple[Minimum, Transfer]:
    """Local minima near the dates (n, 2) of departure and arrival, each on its own side of 180 degrees.

    Returns:
        Minimum, in days from `dates`, and the transfers there; each of leading shape (n,).
    """

    def one(start: Array, way: Array) -> tuple[Minimum, Transfer]:
        def cost(days: Array) -> Array:
            found = direct(ephemeris, start[0] + DAY * days[0], start[1] + DAY * days[1], inputs.mu_sun, problem)
            value = objective_of(found, inputs)
            return jnp.where(found.short_way == way, value, jnp.nan)

        found = minimize2(cost, jnp.zeros(2), radius / DAY, _STEPS, SPACING)
        t = start + DAY * found.x
        return found, direct(ephemeris, t[0], t[1], inputs.mu_sun, problem)

    return jax.vmap(one)(dates, short)
