"""Lambert's problem: the velocities that join two positions in a given time.

Izzo's reduction to one equation in Lancaster and Blanchard's x, with Battin's expression of the time (no
transcendental function between ellipse and hyperbola) and derivatives by the implicit function theorem.
"""

from __future__ import annotations

from functools import partial
from typing import Literal, NamedTuple

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro._broadcast import broadcast_arc, in_blocks
from astro_logistics.astro._lambert_jacobian import jacobian
from astro_logistics.astro._lambert_solve import Minimum, minimum, solve, solve_revolutions
from astro_logistics.astro._lambert_time import kappa
from astro_logistics.astro._lambert_triangle import Triangle, components, solvable, triangle
from astro_logistics.astro._lambert_windings import windings
from astro_logistics.named_checks import POSITION, POSITIVE, named_checks

REQUIREMENTS = {"mu": POSITIVE, "r1": POSITION, "r2": POSITION, "tof": POSITIVE}


class Lambert(NamedTuple):
    """Velocities at both ends of the arc, m/s, shape (..., 3), and whether they solve the problem, shape (...)."""

    v1: Array
    v2: Array
    converged: Array


def _velocities(g: Triangle, x: Array) -> tuple[Array, Array]:
    """Izzo 2015, algorithm 1, lines 10 to 19."""
    lam_x = g.shape.lam * x
    y = jnp.sqrt(g.shape.chord + lam_x * lam_x)
    gamma = g.speed * jnp.sqrt(0.5 * g.semiperimeter)
    first, second = g.shape.lam * y - x, g.rho * (g.shape.lam * y + x)
    tangential = gamma * g.sine * kappa(x, y, g.shape)

    def velocity(end: int, radial: Array, tangential: Array) -> Array:
        u, w = g.along[end], g.across[end]
        return jnp.stack([radial * u[i] + tangential * w[i] for i in range(3)], axis=-1)

    v1 = velocity(0, gamma * (first - second), tangential)
    return v1, velocity(1, -gamma * (first + second) / g.r2_norm, tangential / g.r2_norm)


def _answer(g: Triangle, x: Array) -> Lambert:
    converged = solvable(g) & jnp.isfinite(x)
    return Lambert(*_velocities(g, jnp.where(converged, x, jnp.nan)), converged)


def _direct(g: Triangle) -> Lambert:
    return _answer(g, solve(g.time, *g.shape) - 1.0)


def _wound(g: Triangle, mu: Array, w: Array) -> Lambert:
    """The arc with whole revolutions of ``w = x / sqrt(1 - x^2)``.

    On the way a rounding of the speed becomes ``6 pi revolutions a / r`` times as much of phase. So the speeds, which
    are put together from a dozen rounded numbers, are set once more by the energy, which w gives to rounding. Not
    outside the semi-major axis, where the difference of potential and energy has lost what it would mend.
    """
    square = 1.0 + w * w
    answer = _answer(g, w / jnp.sqrt(square))
    pull, bound = mu / g.length, 2.0 / (g.semiperimeter * square)  # r1 / a

    def exact(v: Array, inverse: Array) -> Array:
        x, y, z = components(v)
        wanted = pull * (2.0 * inverse - bound)
        short = jnp.where(bound < inverse, 0.5 * (wanted - (x * x + y * y + z * z)) / wanted, 0.0)
        return v + v * jax.lax.stop_gradient(short)[..., None]  # zero but for rounding, and so are its derivatives

    v1, v2 = exact(answer.v1, jnp.ones_like(bound)), exact(answer.v2, 1.0 / g.r2_norm)
    return Lambert(v1, v2, answer.converged)


def _minimum(g: Triangle, revolutions: Array) -> Minimum:
    return minimum(jnp.broadcast_to(revolutions, g.time.shape), *g.shape)


def _winding(g: Triangle, revolutions: Array, side: Array, low: Minimum) -> Array:
    """w of an arc with whole revolutions."""
    m, side = jnp.broadcast_to(revolutions, g.time.shape), jnp.broadcast_to(side, g.time.shape)
    return solve_revolutions(g.time, m, side, *g.shape, low)


@named_checks(REQUIREMENTS)
def lambert(
    mu: ArrayLike,
    r1: ArrayLike,
    r2: ArrayLike,
    tof: ArrayLike,
    *,
    prograde: bool = True,
    revolutions: int = 0,
    branch: Literal["left", "right"] = "left",
) -> Lambert:
    """Velocities of the Kepler arc from r1 to r2 in the time tof.

    ``sqrt(2 mu / s^3) tof = T(x, lambda)`` is solved for x by Halley's method; first and second derivatives follow
    from the implicit function theorem, forward and reverse.

    Args:
        mu: gravitational parameter, m3/s2, shape (...).
        r1: position at departure, m, shape (..., 3).
        r2: position at arrival, m, shape (..., 3).
        tof: time of flight, s, positive, shape (...).
        prograde: angular momentum with a positive z component (exactly zero counts as positive), else negative.
        revolutions: whole revolutions on the way.
        branch: with one or more revolutions there are two arcs: "left" has the smaller x (the longer semi-major
            axis past the minimum, the slower departure), "right" the larger, as in Izzo (2015).

    Returns:
        `Lambert`: v1, v2 in m/s, shape (..., 3); converged, shape (...). NaN and False where there is no arc in
        that time with so many revolutions, where tof <= 0 or a position is zero, and where the plane is undefined:
        positions in line to within 4.5e-16 rad, which includes exactly 0 and 180 degrees.

    Validity: ellipses, parabolas and hyperbolas; transfer angles from 0 to 360 degrees.
    Errors: Kepler propagation of v1 reaches r2 to about 1e-13 of its length in the well-conditioned range; the
    direction of the plane is known to 1e-16 / sin(angle), so that the velocities lose digits (not the arrival
    point) near 180 degrees: 1e-10 relative at 1e-6 rad from it.
    Reference: Izzo 2015, Celestial Mechanics and Dynamical Astronomy 121, 1-15; Battin 1999, section 7.2.
    """
    _check(revolutions, branch)
    return _lambert(
        mu,
        r1,
        r2,
        tof,
        prograde,
        float(revolutions) if revolutions else None,
        -1.0 if branch == "left" else 1.0,
    )


def _check(revolutions: int, branch: str = "left") -> None:
    if revolutions < 0:
        raise ValueError(f"revolutions must be 0 or more, not {revolutions}")
    if branch not in ("left", "right"):
        raise ValueError(f"branch must be 'left' or 'right', not {branch!r}")


@jax.jit
def _lambert(
    mu: ArrayLike,
    r1: ArrayLike,
    r2: ArrayLike,
    tof: ArrayLike,
    prograde: ArrayLike,
    revolutions: ArrayLike | None,
    side: ArrayLike,
) -> Lambert:
    """One program for zero revolutions (None), one for every other number, both branches and directions."""
    way = jnp.asarray(prograde)

    def solved(mu: Array, r1: Array, r2: Array, tof: Array) -> Lambert:
        g = triangle(mu, components(r1), components(r2), tof, way)
        if revolutions is None:
            return _direct(g)
        m = jnp.asarray(revolutions, jnp.float64)
        return _wound(g, mu, _winding(g, m, jnp.asarray(side, jnp.float64), _minimum(g, m)))

    return in_blocks(solved, *broadcast_arc(mu, r1, r2, tof))


@named_checks(REQUIREMENTS)
def lambert_with_jacobian(
    mu: ArrayLike,
    r1: ArrayLike,
    r2: ArrayLike,
    tof: ArrayLike,
    *,
    prograde: bool = True,
    revolutions: int = 0,
    branch: Literal["left", "right"] = "left",
) -> tuple[Lambert, Array, Array]:
    """`lambert`, and the derivatives of both velocities by both positions and the time, in closed form.

    Some six times as quick as `jax.jacfwd` of `lambert`, which gives the same and also knows higher derivatives.

    Args:
        mu, r1, r2, tof, prograde, revolutions, branch: as in `lambert`.

    Returns:
        `Lambert`, dv1 and dv2 of shape (..., 3, 7): columns 0 to 2 by r1 and 3 to 5 by r2 (1/s), 6 by tof (m/s2).

    Errors: 1e-10 relative within 1e-5 of the parabola (in x), rounding times the condition elsewhere.
    Reference: the implicit function theorem on Izzo 2015, equations 18 to 22.
    """
    _check(revolutions, branch)
    turns, side = float(revolutions) if revolutions else None, -1.0 if branch == "left" else 1.0
    return _with_jacobian(mu, r1, r2, tof, prograde, turns, side)


@jax.jit
def _with_jacobian(
    mu: ArrayLike,
    r1: ArrayLike,
    r2: ArrayLike,
    tof: ArrayLike,
    prograde: ArrayLike,
    revolutions: ArrayLike | None,
    side: ArrayLike,
) -> tuple[Lambert, Array, Array]:
    way = jnp.asarray(prograde)

    def solved(mu: Array, r1: Array, r2: Array, tof: Array) -> tuple[Lambert, Array, Array]:
        g = triangle(mu, components(r1), components(r2), tof, way)
        if revolutions is None:
            p = solve(g.time, *g.shape)
            x, q = p - 1.0, p * (2.0 - p)
            answer = _answer(g, x)
        else:
            m = jnp.asarray(revolutions, jnp.float64)
            w = _winding(g, m, jnp.asarray(side, jnp.float64), _minimum(g, m))
            x, q = w / jnp.sqrt(1.0 + w * w), 1.0 / (1.0 + w * w)
            answer = _wound(g, mu, w)
        kept = jnp.where(answer.converged, x, jnp.nan)
        return answer, *jacobian(g, kept, q, tof)

    return in_blocks(solved, *broadcast_arc(mu, r1, r2, tof), lanes=2)


@named_checks(REQUIREMENTS)
@partial(jax.jit, static_argnames=("prograde", "revolutions"))
def arcs(
    mu: ArrayLike, r1: ArrayLike, r2: ArrayLike, tof: ArrayLike, *, prograde: bool = True, revolutions: int = 5
) -> tuple[Lambert, ...]:
    """Every Kepler arc from r1 to r2 in the time tof with up to so many whole revolutions.

    The same answers as `lambert` called for each, but quicker: they share the triangle and the minimum times.

    Args:
        mu: gravitational parameter, m3/s2, shape (...).
        r1: position at departure, m, shape (..., 3).
        r2: position at arrival, m, shape (..., 3).
        tof: time of flight, s, positive, shape (...).
        prograde: static; as in `lambert`.
        revolutions: static; the most whole revolutions, M.

    Returns:
        2 M + 1 times `Lambert`: the arc without a whole revolution, then left and right branch of one revolution, of
        two, ... NaN and False where there is none.

    Validity, errors, reference: as `lambert`.
    """
    _check(revolutions)

    def solved(mu: Array, r1: Array, r2: Array, tof: Array) -> tuple[Lambert, ...]:
        g = triangle(mu, components(r1), components(r2), tof, jnp.asarray(prograde))
        if not revolutions:
            return (_direct(g),)
        w = windings(g.time, *g.shape, revolutions).reshape(2 * revolutions, -1)
        return (_direct(g), *(_wound(g, mu, w[i]) for i in range(2 * revolutions)))

    return in_blocks(solved, *broadcast_arc(mu, r1, r2, tof))


@named_checks(REQUIREMENTS)
@jax.jit
def max_revolutions(mu: ArrayLike, r1: ArrayLike, r2: ArrayLike, tof: ArrayLike, *, prograde: bool = True) -> Array:
    """The largest number of whole revolutions for which Lambert's problem has a solution.

    ``floor(T / pi)``, less one where T lies below the minimum time of that many revolutions.

    Args:
        mu: gravitational parameter, m3/s2, shape (...).
        r1: position at departure, m, shape (..., 3).
        r2: position at arrival, m, shape (..., 3).
        tof: time of flight, s, shape (...).
        prograde: as in `lambert`.

    Returns:
        Integers, shape (...); -1 where there is no solution at all (see `lambert`).

    Reference: Izzo 2015, section 3.1.
    """

    def counted(mu: Array, r1: Array, r2: Array, tof: Array) -> Array:
        g = triangle(mu, components(r1), components(r2), tof, jnp.asarray(prograde))
        most = jnp.floor(g.time / jnp.pi)
        some = most >= 1.0
        low = minimum(jnp.where(some, most, 1.0), *g.shape)
        most = jnp.where(some & (g.time < low.t), most - 1.0, most)
        return jnp.where(solvable(g), most, -1.0).astype(jnp.int64)

    return in_blocks(counted, *broadcast_arc(mu, r1, r2, tof))
