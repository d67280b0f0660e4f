"""How long a departure opportunity lasts: the departures whose least cost stays within a margin of the optimum's."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro._opportunity_search import (
    NO_ORBIT,
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

_SPACING = 0.01  # days between gradients for the second derivatives, as in the search for the optimum
_INNER = 4  # Newton steps for the arrival; each starts from the tangent of the valley
_OUTER = 48  # evaluations of the valley: marching out to the edge, then closing in on it
_STRIDE = 0.2  # of the half-width that the curvature at the optimum foretells: 40 strides reach eight of them
_FARTHEST = 20.0  # days; the longest Newton step of the arrival
_TOGETHER = 16  # optima computed together: one shape, one compilation
_CONVERGED = 1.0 / DAY  # days; the largest further Newton step of an edge


class LaunchPeriod(NamedTuple):
    """Launch periods, each field of shape (n,); NaN where `converged` is false."""

    opens: np.ndarray
    """First departure, TDB seconds past J2000."""
    closes: np.ndarray
    """Last departure, likewise."""
    width: np.ndarray
    """Closing less opening [s]."""
    arrival_at_opening: np.ndarray
    """The arrival of least cost for the first departure, TDB seconds past J2000."""
    arrival_at_closing: np.ndarray
    """Likewise for the last."""
    width_per_margin: np.ndarray
    """Derivative of the width by the margin [s per unit of the margin]."""
    converged: np.ndarray
    """Whether both edges were found to the second."""


class _Valley(NamedTuple):
    """The least cost over arrivals for one departure, in days from the optimum."""

    departure: Array
    arrival: Array
    value: Array
    slope: Array  # of the least cost by the departure: by the envelope theorem the partial one
    drift: Array  # of the arrival of least cost, by the departure
    curvature: Array  # of the least cost by the departure
    found: Array


class _Search(NamedTuple):
    """One edge being looked for: bracketed by `inside` and `outside` once `crossed`."""

    last: _Valley
    inside: Array
    outside: Array
    stride: Array
    crossed: Array


def launch_period(
    ephemeris: States,
    origin: str,
    destination: str,
    optima: Opportunities,
    margin: ArrayLike,
    *,
    mu_sun: ArrayLike,
    objective: Objective = "c3",
    revolutions: int = 0,
    departure_orbit: tuple[float, float] = NO_ORBIT,
    arrival_orbit: tuple[float, float] = NO_ORBIT,
) -> LaunchPeriod:
    """First and last departure for which the least cost over arrivals is within a margin of an optimum's.

        m(t) = min_a f(t, a);  m(opens) = m(closes) = f* + margin,  opens < t* < closes,
        dm / dt = df / dt at the best arrival (envelope theorem), so d closes / d margin = 1 / (df / dt)

    The valley a(t) is followed from the optimum, on its own side of 180 degrees, to the first departure on either side
    that costs more; there Newton's iteration, kept in a bracket, finds the edge. A hump lower than the margin is
    crossed.

    Args:
        ephemeris: an `Ephemeris` or `MeanElements`.
        origin: a body of it.
        destination: a body of it.
        optima: from `windows.opportunities` with the same bodies, objective, revolutions and orbits.
        margin: in the unit of the objective (m2/s2 for C3, m/s for speeds), positive, shape () or (n,).
        mu_sun: gravitational parameter of the Sun [m3/s2].
        objective: "c3", "arrival" or "delta_v", as in `windows.opportunities`; likewise the rest.
        revolutions: whole turns on the way.
        departure_orbit: gravitational parameter [m3/s2] and radius [m].
        arrival_orbit: likewise.

    Returns:
        LaunchPeriod, NumPy arrays of shape (n,). NaN and not converged where, before it costs the margin more, the
        valley meets 180 degrees or the end of the ephemeris, or ends (the best arrival is no minimum any more), or is
        farther than eight times what the curvature at the optimum foretells.

    Errors: edges to the second. Another valley of the same type that is lower for the same departure is not counted.

    References: Nocedal & Wright 2006, sec. 11.1 (Newton), 12.8 (envelope); Vallado 2013, sec. 12.7.
    """
    inputs = inputs_of(objective, mu_sun, departure_orbit, arrival_orbit)
    count = optima.departure.size
    period = LaunchPeriod(*(np.full(count, np.nan) for _ in range(6)), converged=np.zeros(count, dtype=bool))
    margins = np.broadcast_to(np.asarray(margin, dtype=np.float64), count)
    branches: tuple[Branch, ...] = ("left", "right")
    for branch in branches:
        mine = np.flatnonzero(optima.branch == branch)
        problem = Problem(origin, destination, revolutions, branch)
        for i in range(0, mine.size, _TOGETHER):
            some = mine[i : i + _TOGETHER]
            pad = some[np.arange(_TOGETHER) % some.size]
            leave, arrive = optima.departure[pad], optima.arrival[pad]
            allowed = np.where(margins[pad] > 0.0, margins[pad], np.nan)
            edges, steps = _edges(ephemeris, leave, arrive, optima.objective[pad], allowed, inputs, problem)
            for whole, part in zip(period, _labelled(edges, steps, leave, arrive), strict=True):
                whole[some] = part[: some.size]
    return period


def _labelled(edges: _Valley, steps: Array, departure: np.ndarray, arrival: np.ndarray) -> LaunchPeriod:
    """Edges (n, 2) in days from the optima as dates, NaN where they are not to the second."""
    good = np.all(np.asarray(edges.found) & (np.abs(np.asarray(steps)) < _CONVERGED), axis=-1)
    leave, arrive, slope = (np.where(good[:, None], x, np.nan) for x in (edges.departure, edges.arrival, edges.slope))
    leave, arrive = departure[:, None] + DAY * leave, arrival[:, None] + DAY * arrive
    return LaunchPeriod(
        opens=leave[:, 0],
        closes=leave[:, 1],
        width=leave[:, 1] - leave[:, 0],
        arrival_at_opening=arrive[:, 0],
        arrival_at_closing=arrive[:, 1],
        width_per_margin=DAY / slope[:, 1] - DAY / slope[:, 0],
        converged=good,
    )


@partial(jax.jit, static_argnames="problem")
def _edges(
    ephemeris: States,
    departures: Array,
    arrivals: Array,
    values: Array,
    margins: Array,
    inputs: Inputs,
    problem: Problem,
) -> tuple[_Valley, Array]:
    """The edges (n, 2) and the days that a further Newton step would move them."""

    def one(departure: Array, arrival: Array, target: Array, margin: Array, side: Array) -> tuple[_Valley, Array]:
        way = direct(ephemeris, departure, arrival, inputs.mu_sun, problem).short_way

        def cost(days: Array) -> Array:
            t, a = departure + DAY * days[0], arrival + DAY * days[1]
            found = direct(ephemeris, t, a, inputs.mu_sun, problem)
            # a factor, not a choice: across 180 degrees the derivatives are to be NaN as well
            return objective_of(found, inputs) * jnp.where(found.short_way == way, 1.0, jnp.nan)

        zero = jnp.zeros_like(departure)
        unknown = _Valley(zero, zero, zero, zero, zero, zero, found=jnp.zeros_like(zero, dtype=bool))

        def valley(t: Array, guess: Array) -> _Valley:
            """Newton's iteration for the arrival at departure t; its last turn is the check."""

            def step(_: int, state: tuple[Array, _Valley]) -> tuple[Array, _Valley]:
                a = state[0]
                offsets = _SPACING * jnp.asarray([[0.0, 0.0], [0.0, 1.0], [0.0, -1.0], [1.0, 0.0], [-1.0, 0.0]])
                around = jnp.stack([t, a])[None, :] + offsets
                values, gradients = jax.vmap(lambda x: _value_and_gradient(cost, x))(around)
                by_arrival = (gradients[1] - gradients[2]) / (2.0 * _SPACING)
                by_departure = (gradients[3] - gradients[4]) / (2.0 * _SPACING)
                move = jnp.clip(-gradients[0, 1] / by_arrival[1], -_FARTHEST, _FARTHEST)
                drift = -by_arrival[0] / by_arrival[1]
                # a stationary point is a minimum where the curvature is positive
                found = (jnp.abs(move) < _CONVERGED) & (by_arrival[1] > 0.0)
                curvature = by_departure[0] + drift * by_arrival[0]
                here = _Valley(t, a, values[0], gradients[0, 0], drift, curvature, found)
                return jnp.where(by_arrival[1] > 0.0, a + move, jnp.nan), here

            return jax.lax.fori_loop(0, _INNER + 1, step, (guess, unknown))[1]

        def newton(at: _Valley) -> Array:
            return (target - at.value) / at.slope

        def step(turn: int, state: _Search) -> _Search:
            last, low, high, stride, crossed = state
            move = newton(last)
            closing = last.departure + move
            kept = ((closing - low) * (closing - high) < 0.0) | (jnp.abs(move) < 1e-3 * _CONVERGED)
            closing = jnp.where(kept, closing, 0.5 * (low + high))
            t = jnp.where(crossed, closing, low + side * stride)
            here = valley(t, last.arrival + last.drift * (t - last.departure))
            above = here.found & (here.value >= target)
            below = here.found & (here.value < target)
            foretold = jnp.sqrt(2.0 * margin / here.curvature)
            stride = jnp.where(turn == 0, _STRIDE * foretold, jnp.where(here.found, stride, 0.5 * stride))
            return _Search(
                jax.tree.map(lambda new, old: jnp.where(here.found, new, old), here, last),
                jnp.where(below, t, low),
                jnp.where(above, t, high),
                stride,
                crossed | above,
            )

        # the first turn, with no stride yet, evaluates the optimum
        end = jax.lax.fori_loop(0, _OUTER + 1, step, _Search(unknown, zero, zero, zero, unknown.found))
        return end.last._replace(found=end.last.found & end.crossed), newton(end.last)

    sides = jax.vmap(one, in_axes=(None, None, None, None, 0))
    cases = jax.vmap(sides, in_axes=(0, 0, 0, 0, None))
    return cases(departures, arrivals, values + margins, margins, jnp.asarray([-1.0, 1.0]))


def _value_and_gradient(f: Callable[[Array], Array], x: Array) -> tuple[Array, Array]:
    """Forward mode: two tangents cost less than a reverse pass through the ephemeris."""

    def twice(y: Array) -> tuple[Array, Array]:
        value = f(y)
        return value, value

    gradient, value = jax.jacfwd(twice, has_aux=True)(x)
    return value, gradient
