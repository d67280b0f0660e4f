"""The search for steering and payload of the best ascent, from one starting point: bounded Newton steps.

maximize w subject to c(z) = 0, with z = (ln kick, tangents at start, stop and bow, w): payload w over a mass scale, and
c the radius, climb and level speed missed at insertion. Stationary where grad w + J^T multipliers = 0.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from astro_logistics.launch._ascent_flight import Steering, fly
from astro_logistics.launch._ascent_phases import Problem

SCALES = (1.0e4, 1.0e2, 1.0e2)
"""Misses at insertion are counted in these: m, m/s, m/s."""

KICKS = tuple(0.003 * 1.35**k for k in range(20))
"""Pitch kicks tried first, rad: the lower thrust is over weight, the smaller they are."""

TANGENTS = ((0.25, -0.1), (0.45, 0.0), (0.7, 0.1), (0.6, 0.6), (1.0, 0.3), (1.3, 1.0))
"""Tangents of the pitch at the start and the end of guidance that are tried with each of them."""

FACTORS = (1.0, 0.65, 0.4)
"""Payloads tried with each, over the guess: a weak last stage lifts far less than the guess knows of."""

STARTS = 2
"""Searches: from the two kicks that bring a flight closest to the orbit."""

ITERATIONS = 60
"""Most steps of one search; ten to fifteen are usual."""

LONGEST, CLOSE, SHORTEST = 0.5, 1.0e-3, 1.0e-7
"""Change of an unknown in one step: the longest, one taken whatever it brings, one at which a search gives up."""

PROBE, FLATTEST = 1.0e-5, 1.0e-4
"""Step by which curvature is found, and the least curvature used."""

TOLERANCE = 1.0e-8
"""Largest miss (in `SCALES`) and largest slope of payload along the feasible directions that count as solved."""

FREE = 5
"""Unknowns."""

GOAL = (0.0, 0.0, 0.0, 0.0, 1.0)
"""Gradient of the objective: w itself."""


def unpack(problem: Problem, z: Array) -> tuple[Steering, Array]:
    """Steering and payload [kg] of a vector of unknowns."""
    return Steering(jnp.exp(z[0]), z[1], z[2], z[3]), z[4] * problem.mass_scale


def misses(problem: Problem, z: Array) -> Array:
    """Radius, climb and level speed at insertion less those wanted, in `SCALES`."""
    steering, payload = unpack(problem, z)
    end, _ = fly(problem, steering, payload)
    gaps = (end.radius - problem.target_radius, end.climb, end.level - problem.target_speed)
    return jnp.stack([gap / scale for gap, scale in zip(gaps, SCALES, strict=True)])


def _finite(*arrays: Array) -> Array:
    return jnp.all(jnp.stack([jnp.all(jnp.isfinite(a)) for a in arrays]))


def first_guesses(problem: Problem, payload: Array) -> Array:
    """Where the searches start, (STARTS, 5): of 360 flights those that come closest to the orbit."""
    weight = payload / problem.mass_scale
    kicks = jnp.log(jnp.asarray(KICKS))
    laws = jnp.asarray([(*tangents, factor) for tangents in TANGENTS for factor in FACTORS])

    def nearest(kick: Array) -> tuple[Array, Array]:
        starts = jax.vmap(lambda law: jnp.stack([kick, law[0], law[1], jnp.zeros(()), law[2] * weight]))(laws)
        size = jnp.sum(jnp.abs(jax.vmap(lambda z: misses(problem, z))(starts)), axis=-1)
        best = jnp.argmin(jnp.where(jnp.isfinite(size), size, jnp.inf))
        return starts[best], size[best]

    starts, size = jax.vmap(nearest)(kicks)
    return starts[jnp.argsort(size)[:STARTS]]


def with_jacobian(problem: Problem, z: Array) -> tuple[Array, Array]:
    """Misses (3,) and their Jacobian (3, 5)."""
    columns = jax.vmap(lambda e: jax.jvp(lambda x: misses(problem, x), (z,), (e,)), out_axes=(None, -1))
    return columns(jnp.eye(FREE))


def with_hessian(problem: Problem, z: Array) -> tuple[Array, Array, Array]:
    """Misses (3,), their Jacobian (3, 5) and Hessians (3, 5, 5)."""
    columns = jax.vmap(
        lambda e: jax.jvp(lambda x: with_jacobian(problem, x), (z,), (e,)), out_axes=((None, None), (-1, -1))
    )
    (c, jacobian), (_, hessian) = columns(jnp.eye(FREE))
    return c, jacobian, hessian


class Search(NamedTuple):
    """State of one search."""

    z: Array  # best point so far
    misses: Array
    jacobian: Array
    along: Array  # basis of the feasible directions there, (5, 2)
    curved: Array  # change of the Jacobian per unit of `basis`, (2, 3, 5)
    basis: Array  # of the point before, (5, 2)
    trial: Array  # next point to look at
    radius: Array  # largest change of an unknown in one step
    weight: Array  # of a miss against payload
    slope: Array  # of payload along the feasible directions, the larger
    steps: Array  # done


class Step(NamedTuple):
    """What a point tells: multipliers, slope of payload in the feasible directions, how to mend misses, where to go."""

    multipliers: Array
    slope: Array
    along: Array
    restoring: Array
    tangential: Array


def step_at(jacobian: Array, before: Array, curved: Array) -> Step:
    """Newton's step to the stationary point, in the feasible directions always uphill in payload."""
    goal = jnp.asarray(GOAL)
    q, _ = jnp.linalg.qr(jacobian.T, mode="complete")
    across, along = q[:, :3], q[:, 3:]
    square = jacobian @ across
    restoring = -across @ jnp.linalg.inv(square)
    multipliers = -jnp.linalg.solve(square.T, across.T @ goal)
    # curvature of the Lagrangian in the basis `before`, seen in the basis `along`
    bent = jnp.einsum("dki,k->di", curved, multipliers) @ before
    turn = along.T @ before
    reduced = turn @ (0.5 * (bent + bent.T)) @ turn.T
    values, vectors = jnp.linalg.eigh(reduced)
    slope = along.T @ goal
    tangential = along @ (vectors @ ((vectors.T @ slope) / jnp.maximum(jnp.abs(values), FLATTEST)))
    return Step(multipliers, slope, along, restoring, tangential)


def _bounded(move: Array, radius: Array) -> Array:
    """A move, shortened until no unknown changes by more than `radius`."""
    return move * jnp.minimum(1.0, radius / jnp.maximum(jnp.max(jnp.abs(move)), 1e-300))


def begun(z: Array) -> Search:
    """A search at its first point."""
    along = jnp.eye(FREE)[:, :2]
    never = jnp.full(3, jnp.inf)  # whatever the first point is, it is better
    sizes = (jnp.asarray(x) for x in (0.3, 1.0, jnp.inf, 0))
    return Search(z, never, jnp.eye(3, FREE), along, jnp.zeros((2, 3, FREE)), along, z, *sizes)


def search(problem: Problem, z: Array, most: Array | int = ITERATIONS) -> Search:
    """Bounded Newton steps on the stationarity conditions from `z`, at most `most` of them.

    Each step flies three times: where it goes, and beside it along the two feasible directions, for the curvature.
    """
    points = jax.vmap(lambda x: with_jacobian(problem, x))

    def advance(now: Search) -> Search:
        near = now.trial[None] + PROBE * jnp.concatenate([jnp.zeros((1, FREE)), now.along.T])
        c, jacobian = points(near)
        curved = (jacobian[1:] - jacobian[:1]) / PROBE
        gained = now.trial[4] - now.z[4] + now.weight * (jnp.sum(jnp.abs(now.misses)) - jnp.sum(jnp.abs(c[0])))
        near_end = jnp.max(jnp.abs(now.trial - now.z)) < CLOSE  # there, rounding and curvature of the misses decide
        better = _finite(c, jacobian) & ((gained > 0.0) | near_end)
        keep = lambda a, b: jnp.where(better, a, b)  # noqa: E731
        radius = jnp.where(better, jnp.minimum(2.0 * now.radius, LONGEST), 0.25 * now.radius)
        z, misses_, jacobian_ = keep(now.trial, now.z), keep(c[0], now.misses), keep(jacobian[0], now.jacobian)
        curved, basis = keep(curved, now.curved), keep(now.along, now.basis)
        step = step_at(jacobian_, basis, curved)
        move = _bounded(step.tangential, radius)
        bend = 0.5 * jnp.einsum("d,dki,i->k", basis.T @ move, curved, move)  # the misses the move itself will bring
        trial = z + move + _bounded(step.restoring @ (misses_ + bend), radius)
        weight = 2.0 * jnp.max(jnp.abs(step.multipliers))
        slope = jnp.max(jnp.abs(step.slope))
        return Search(z, misses_, jacobian_, step.along, curved, basis, trial, radius, weight, slope, now.steps + 1)

    def unfinished(now: Search) -> Array:
        far = jnp.maximum(jnp.max(jnp.abs(now.misses)), now.slope) > 0.01 * TOLERANCE
        return far & (now.steps < most) & (now.radius > SHORTEST)

    return jax.lax.while_loop(unfinished, advance, begun(z))
