"""Steering and payload of the best ascent: a nonlinear program whose solution has derivatives.

The program is that of `_ascent_search`. Where its searches end elsewhere than at a solution, which they do where the
last stage is too weak to hold height, it is solved with a stronger last stage, and the way back is followed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array
from jax.flatten_util import ravel_pytree

from astro_logistics.launch._ascent_phases import Problem
from astro_logistics.launch._ascent_search import (
    FREE,
    GOAL,
    ITERATIONS,
    STARTS,
    TOLERANCE,
    Search,
    begun,
    first_guesses,
    misses,
    search,
    step_at,
    with_hessian,
)
from astro_logistics.pytree import replace_at

STRONGEST, STRIDE = 4.0, 1.4
"""Strength of the last stage's engines, over what it is, from which a way back is tried, and the ratio of its first
stride."""

GROWTH, SHRINKAGE, LEAST_STRIDE = 1.5, 0.4, 0.04
"""A stride of the logarithm that ends at a solution is followed by a longer one, one that does not by a shorter one."""

ATTEMPTS, STEPS_ON_THE_WAY = 16, 30
"""Most problems solved for one ascent (one is usual, six to ten where the last stage is weak), and the most steps of
those that begin near a solution."""


class Optimum(NamedTuple):
    """The solution (payload in kg, z, multipliers of c), and what is left of misses and slope."""

    payload: Array
    unknowns: Array
    multipliers: Array
    missed: Array
    slope: Array


class _Trail(NamedTuple):
    """State of the way back from stronger engines."""

    strength: Array  # logarithm of the strength to be tried next
    stride: Array  # from the last solution to it
    near: Array  # unknowns of the last solution, (5,)
    change: Array  # of the unknowns per unit of the logarithm there
    reached: Array  # logarithm of the strength there
    ended: Search  # searches with the engines as they are
    solved: Array  # whether one of them is solved
    lost: Array  # nothing more to try, or no payload even with stronger engines
    attempts: Array  # done


def _strengthened(problem: Problem, strength: Array) -> Problem:
    """The problem with the flow and the thrust of the last phase's engines multiplied."""
    burns = problem.burns
    last = jnp.ones_like(burns.stop).at[-1].set(strength)
    beside = burns.mate_flow[0] * burns.lead_propellant[0] / burns.lead_flow[0]
    burnt = (burns.stop - burns.start) * (burns.lead_propellant - burns.drawn * beside)
    time = burnt[-1] / burns.lead_flow[-1]
    return replace_at(
        problem,
        {
            "burns.lead_flow": burns.lead_flow * last,
            "burns.lead_thrust": burns.lead_thrust * last,
            "burns.lead_area": burns.lead_area * last,
            "guided_time": problem.guided_time - time * (1.0 - 1.0 / strength),
            "last_flow": problem.last_flow * strength,
        },
    )


def _is_solved(ended: Search) -> Array:
    return (jnp.max(jnp.abs(ended.misses), axis=-1) < TOLERANCE) & (ended.slope < TOLERANCE)


def _best(ended: Search) -> Array:
    """Index of the solution with the most payload, or of what comes closest."""
    solved, missed = _is_solved(ended), jnp.max(jnp.abs(ended.misses), axis=-1)
    return jnp.where(jnp.any(solved), jnp.argmax(jnp.where(solved, ended.z[:, 4], -jnp.inf)), jnp.argmin(missed))


def _followed(problem: Problem, guess: Array) -> _Trail:
    """Searches from the first guesses; if they fail, with stronger engines and from there, stride by stride, back."""
    strongest = jnp.log(STRONGEST)

    def attempt(now: _Trail) -> _Trail:
        tried = _strengthened(problem, jnp.exp(now.strength))
        fresh = now.attempts < 2  # as it is, and with the strongest engines
        ahead = now.near + now.change * (now.strength - now.reached)
        starts = jax.lax.cond(fresh, lambda: first_guesses(tried, guess), lambda: jnp.stack([ahead, now.near]))
        most = jnp.where(fresh, ITERATIONS, STEPS_ON_THE_WAY)
        ended = jax.vmap(lambda z: search(tried, z, most))(starts)
        solved = jnp.any(_is_solved(ended))
        plain = now.strength == 0.0
        z = ended.z[_best(ended)]
        gone = now.strength - now.reached
        change = jnp.where(fresh, 0.0, (z - now.near) / jnp.where(gone == 0.0, 1.0, gone))
        stride = jnp.where(fresh, jnp.log(STRIDE), now.stride * jnp.where(solved, GROWTH, SHRINKAGE))
        reached = jnp.where(solved, now.strength, now.reached)
        following = jnp.where(now.attempts == 0, strongest, jnp.maximum(reached - stride, 0.0))
        keep = plain & (solved | (now.attempts == 0))
        return _Trail(
            strength=following,
            stride=stride,
            near=jnp.where(solved, z, now.near),
            change=jnp.where(solved, change, now.change),
            reached=reached,
            ended=jax.tree.map(lambda a, b: jnp.where(keep, a, b), ended, now.ended),
            solved=solved & plain,
            lost=(now.attempts > 0) & jnp.where(solved, z[4] < 0.0, fresh | (stride < LEAST_STRIDE)),
            attempts=now.attempts + 1,
        )

    def unfinished(now: _Trail) -> Array:
        return ~now.solved & ~now.lost & (now.attempts < ATTEMPTS)

    zero, none, no = jnp.zeros(()), jnp.zeros(FREE), jnp.asarray(False)
    ended = jax.vmap(begun)(jnp.zeros((STARTS, FREE)))
    return jax.lax.while_loop(unfinished, attempt, _Trail(zero, zero, none, none, zero, ended, no, no, jnp.asarray(0)))


@jax.custom_jvp
def optimum(problem: Problem, guess: Array) -> Optimum:
    """The best ascent; NaN where the search ends elsewhere than at a solution.

    Derivatives: of the payload by the envelope theorem, d payload / dp = scale multipliers . dc/dp; of the steering
    and the multipliers by the implicit function theorem on the stationarity conditions. Both to any order.

    Args:
        problem: what flies where.
        guess: payload to start from, kg (of no influence on the result).
    """
    trail = _followed(problem, guess)
    best = _best(trail.ended)
    ended = jax.tree.map(lambda x: x[best], trail.ended)
    z = jnp.where(trail.solved, ended.z, jnp.nan)
    multipliers = step_at(ended.jacobian, ended.basis, ended.curved).multipliers
    return Optimum(z[4] * problem.mass_scale, z, multipliers, jnp.max(jnp.abs(ended.misses)), ended.slope)


def slopes(problem: Problem, z: Array, multipliers: Array) -> Array:
    """Gradient of the Lagrangian, (5,); zero at a solution."""
    columns = jax.vmap(lambda e: jax.jvp(lambda x: misses(problem, x), (z,), (e,))[1])
    return jnp.asarray(GOAL) + columns(jnp.eye(FREE)) @ multipliers


def _pushed(f: Callable[[Problem], Array], problem: Problem, tangent: Problem) -> Array:
    """The change of `f` with the problem, its whole Jacobian first.

    A product with a matrix, so that reverse mode transposes that and not the integration; the columns are flown at
    once.
    """
    flat, restored = ravel_pytree(problem)
    columns = jax.vmap(lambda e: jax.jvp(lambda x: f(restored(x)), (flat,), (e,))[1])(jnp.eye(flat.size))
    return ravel_pytree(tangent)[0] @ columns


@jax.custom_jvp
def best_payload(problem: Problem, guess: Array) -> Array:
    """Payload of `optimum`, kg, with a derivative that asks nothing of the steering's."""
    return optimum(problem, guess).payload


@best_payload.defjvp
def _best_payload_jvp(primals: tuple[Problem, Array], tangents: tuple[Problem, Array]) -> tuple[Array, Array]:
    problem, _ = primals
    solved = optimum(*primals)
    moved = _pushed(lambda p: misses(p, solved.unknowns), problem, tangents[0])
    return solved.payload, problem.mass_scale * jnp.sum(solved.multipliers * moved)


@optimum.defjvp
def _optimum_jvp(primals: tuple[Problem, Array], tangents: tuple[Problem, Array]) -> tuple[Optimum, Optimum]:
    problem, guess = primals
    solved = optimum(problem, guess)
    z, multipliers = solved.unknowns, solved.multipliers
    both = _pushed(lambda p: jnp.concatenate([slopes(p, z, multipliers), misses(p, z)]), problem, tangents[0])
    _, jacobian, hessian = with_hessian(problem, z)
    curvature = jnp.einsum("k,kij->ij", multipliers, hessian)
    matrix = jnp.block([[curvature, jacobian.T], [jacobian, jnp.zeros((3, 3))]])

    moved = -jnp.linalg.solve(matrix, both)
    dpayload = problem.mass_scale * jnp.sum(multipliers * both[FREE:])
    zero = jnp.zeros_like(solved.missed)
    return solved, Optimum(dpayload, moved[:FREE], moved[FREE:], zero, zero)
