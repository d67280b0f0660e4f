"""The dates of departure opportunities as functions of what they depend on, with first derivatives.

An opportunity is where the derivatives of its objective by both dates vanish. When a parameter p changes (the Sun's
gravitation, a parking orbit, the place of the target, a coefficient of the ephemeris), the dates t follow from

    (d2J/dt2) dt = -(d2J/dt dp) dp

and a figure taken at the optimum changes by its own derivative and through the dates.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro._opportunity_search import (
    NO_ORBIT,
    SPACING,
    Inputs,
    Objective,
    Problem,
    direct,
    inputs_of,
    objective_of,
)
from astro_logistics.astro.transfers import Branch, States
from astro_logistics.astro.windows import Opportunities
from astro_logistics.constants import DAY

Parameters = tuple[States, Inputs]


class OptimalDates(NamedTuple):
    """Opportunities as JAX arrays, each of shape (n,), in the order of those given."""

    departure: Array
    """TDB seconds past J2000."""
    arrival: Array
    """TDB seconds past J2000."""
    c3: Array
    """Departure energy [m2/s2]."""
    v_infinity_arrival: Array
    """Speed relative to the destination [m/s]."""
    objective: Array
    """What is least: C3 [m2/s2], arrival speed or delta-v [m/s]."""


def optimal_dates(
    ephemeris: States,
    origin: str,
    destination: str,
    found: Opportunities,
    *,
    mu_sun: ArrayLike,
    objective: Objective = "c3",
    revolutions: int = 0,
    departure_orbit: tuple[ArrayLike, ArrayLike] = NO_ORBIT,
    arrival_orbit: tuple[ArrayLike, ArrayLike] = NO_ORBIT,
) -> OptimalDates:
    """Opportunities found before, as differentiable functions of the numbers that they were found with.

    One Newton step from the dates given, and the implicit function theorem for its derivatives.

    Args:
        ephemeris: as in `windows.opportunities`; a `DisplacedStates` for derivatives by the place of a body.
        origin: static, as there.
        destination: static, as there.
        found: what `windows.opportunities` returned for the same request, or some of its rows; not differentiated.
        mu_sun: gravitational parameter of the Sun [m3/s2]; this and the next may be traced.
        departure_orbit: as there.
        arrival_orbit: as there.
        objective: static, as there.
        revolutions: static, as there.

    Returns:
        `OptimalDates`. With the numbers that `found` was found with, its dates to a millisecond; with numbers
        changed by a small share s, the new optimum but for a share s^2 of a month.

    Errors: first derivatives to 1e-6 (central differences over 0.01 days of exact first derivatives), forward and
    reverse. Second derivatives are not those of the optimum.

    References: Fiacco & McCormick 1968 (sensitivity of a minimum); Vallado 2013, sec. 12.7.
    """
    parameters = (ephemeris, inputs_of(objective, mu_sun, departure_orbit, arrival_orbit))
    order, parts = [], []
    branches: tuple[Branch, ...] = ("left", "right") if revolutions else ("left",)
    for branch in branches:
        rows = np.flatnonzero(np.asarray(found.branch) == branch)
        start = np.stack([found.departure[rows], found.arrival[rows]], axis=-1)
        order.append(rows)
        parts.append(_at_optimum(parameters, start, Problem(origin, destination, revolutions, branch)))
    back = np.argsort(np.concatenate(order))
    return jax.tree.map(lambda *x: jnp.concatenate(x)[back], *parts)


@partial(jax.jit, static_argnames="problem")
def _at_optimum(parameters: Parameters, start: Array, problem: Problem) -> OptimalDates:
    dates = _dates(parameters, start, problem)
    states, inputs = parameters
    flown = direct(states, dates[:, 0], dates[:, 1], inputs.mu_sun, problem)
    return OptimalDates(dates[:, 0], dates[:, 1], flown.c3, flown.v_infinity_arrival, objective_of(flown, inputs))


def _cost(parameters: Parameters, dates: Array, problem: Problem) -> Array:
    """The objective for dates (..., 2)."""
    states, inputs = parameters
    return objective_of(direct(states, dates[..., 0], dates[..., 1], inputs.mu_sun, problem), inputs)


def _around(dates: Array) -> Array:
    """Dates a day's share before and after, of departure and of arrival: (2, 2, n, 2), by axis and sign."""
    steps = SPACING * DAY * jnp.asarray([[[1.0, 0.0], [-1.0, 0.0]], [[0.0, 1.0], [0.0, -1.0]]])
    return dates[None, None] + steps[:, :, None, :]


def _slope(parameters: Parameters, dates: Array, problem: Problem) -> Array:
    """Exact first derivatives of the objective by both dates, (..., 2)."""

    def along(axis: int) -> Array:
        direction = jnp.zeros_like(dates).at[..., axis].set(1.0)
        return jax.jvp(lambda t: _cost(parameters, t, problem), (dates,), (direction,))[1]

    return jnp.stack([along(0), along(1)], axis=-1)


def _solve(h: Array, g: Array) -> Array:
    """Solution (n, 2) of the symmetric systems h (n, 2, 2), g (n, 2)."""
    determinant = h[:, 0, 0] * h[:, 1, 1] - h[:, 0, 1] * h[:, 1, 0]
    first = h[:, 1, 1] * g[:, 0] - h[:, 0, 1] * g[:, 1]
    second = h[:, 0, 0] * g[:, 1] - h[:, 1, 0] * g[:, 0]
    return jnp.stack([first, second], axis=-1) / determinant[:, None]


def _step_and_hessian(parameters: Parameters, start: Array, problem: Problem) -> tuple[Array, Array]:
    points = jnp.concatenate([start[None], _around(start).reshape(4, *start.shape)])
    slopes = _slope(parameters, points, problem)
    rows = jnp.stack([slopes[1] - slopes[2], slopes[3] - slopes[4]], axis=1) / (2.0 * SPACING * DAY)
    hessian = 0.5 * (rows + jnp.swapaxes(rows, 1, 2))
    return -_solve(hessian, slopes[0]), hessian


@partial(jax.custom_jvp, nondiff_argnums=(2,))
def _dates(parameters: Parameters, start: Array, problem: Problem) -> Array:
    """Dates (n, 2) of least objective near `start`."""
    return start + _step_and_hessian(parameters, start, problem)[0]


@_dates.defjvp
def _dates_jvp(
    problem: Problem, primals: tuple[Parameters, Array], tangents: tuple[Parameters, Array]
) -> tuple[Array, Array]:
    parameters, start = primals
    step, hessian = _step_and_hessian(parameters, start, problem)
    dates = start + step
    around = _around(dates)
    changes = jax.jvp(lambda p: _cost(p, around, problem), (parameters,), (tangents[0],))[1]
    mixed = (changes[:, 0] - changes[:, 1]).T / (2.0 * SPACING * DAY)
    return dates, -_solve(hessian, mixed)
