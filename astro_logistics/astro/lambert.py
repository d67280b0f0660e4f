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
from astro_logistics.astro._lambert_solve import Minimum, minimum, solve, solve_revolutions
from astro_logistics.astro._lambert_time import Shape, kappa

Components = tuple[Array, Array, Array]

PLANE_TOLERANCE = 4.5e-16  # |r1 x r2| / (r1 r2) at or below which the plane is rounding noise: two spacings of 1


class Lambert(NamedTuple):
    """Velocities at both ends of the arc, m/s, shape (..., 3), and whether they solve the problem, shape (...)."""

    v1: Array
    v2: Array
    converged: Array


class _Geometry(NamedTuple):
    """The triangle, in units of the length of r1 and of the circular speed there."""

    along: tuple[Components, Components]  # unit vectors towards r1 and r2
    across: tuple[Components, Components]  # unit vectors perpendicular to them, in the plane, in the sense of r1 x r2
    r2_norm: Array
    normal_norm: Array  # |r1 x r2|
    sign: Array  # -1 where the arc turns against r1 x r2
    semiperimeter: Array
    rho: Array  # (r1 - r2) / chord
    sine: Array  # 2 sqrt(r1 r2) sin(theta / 2) / chord, that is sqrt(1 - rho^2)
    shape: Shape
    speed: Array  # unit of speed, m/s
    time: Array  # time of flight in units of sqrt(s^3 / (2 mu))


def _components(v: Array) -> Components:
    return v[..., 0], v[..., 1], v[..., 2]


def _dot(a: Components, b: Components) -> Array:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _cross(a: Components, b: Components) -> Components:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _over(v: Components, by: Array) -> Components:
    return v[0] / by, v[1] / by, v[2] / by


def _geometry(mu: Array, r1: Components, r2: Components, tof: Array, prograde: Array) -> _Geometry:
    r1_norm = jnp.sqrt(_dot(r1, r1))
    between = _over((r2[0] - r1[0], r2[1] - r1[1], r2[2] - r1[2]), r1_norm)  # the difference before the division
    r1, r2 = _over(r1, r1_norm), _over(r2, r1_norm)
    r2_norm = jnp.sqrt(_dot(r2, r2))
    chord = jnp.sqrt(_dot(between, between))
    semiperimeter = 0.5 * (1.0 + r2_norm + chord)
    cosine = _dot(r1, r2)
    acute = cosine >= 0.0
    side = (
        jnp.where(acute, between[0], r2[0]),
        jnp.where(acute, between[1], r2[1]),
        jnp.where(acute, between[2], r2[2]),
    )
    normal = _cross(r1, side)
    normal_norm = jnp.sqrt(_dot(normal, normal))
    sign = jnp.where((normal[2] < 0.0) == prograde, -1.0, 1.0)
    # sqrt(r1 r2 +- r1 . r2), the smaller one through |r1 x r2|, which keeps its digits near 0 and 180 degrees
    root = jnp.sqrt(r2_norm + jnp.where(acute, cosine, -cosine))
    root_plus = jnp.where(acute, root, normal_norm) / jnp.where(acute, 1.0, root)
    root_minus = jnp.where(acute, normal_norm, root) / jnp.where(acute, root, 1.0)
    one_minus = chord / semiperimeter
    near = one_minus < 0.5
    lam = sign * jnp.where(
        near, jnp.sqrt(jnp.where(near, 1.0 - one_minus, 1.0)), jnp.sqrt(0.5) * root_plus / semiperimeter
    )
    speed = jnp.sqrt(mu / r1_norm)
    time = tof * speed * jnp.sqrt(2.0 / semiperimeter) / (r1_norm * semiperimeter)
    total = (r1[0] + r2[0], r1[1] + r2[1], r1[2] + r2[2])
    rho = -_dot(between, total) / ((1.0 + r2_norm) * chord)
    sine = jnp.sqrt(2.0) * root_minus / chord
    shape = Shape(lam, one_minus)
    along = (r1, _over(r2, r2_norm))
    across = (_over(_cross(normal, r1), normal_norm), _over(_cross(normal, along[1]), normal_norm))
    return _Geometry(along, across, r2_norm, normal_norm, sign, semiperimeter, rho, sine, shape, speed, time)


def _velocities(g: _Geometry, x: Array) -> tuple[Array, Array]:
    """Izzo 2015, algorithm 1, lines 10 to 19."""
    lam_x = g.shape.lam * x
    y = jnp.sqrt(g.shape.chord + lam_x * lam_x)
    gamma = g.speed * jnp.sqrt(0.5 * g.semiperimeter)
    first, second = g.shape.lam * y - x, g.rho * (g.shape.lam * y + x)
    tangential = g.sign * gamma * g.sine * kappa(x, y, g.shape)

    def velocity(end: int, radial: Array, tangential: Array) -> Array:
        u, w = g.along[end], g.across[end]
        return jnp.stack([radial * u[i] + tangential * w[i] for i in range(3)], axis=-1)

    v1 = velocity(0, gamma * (first - second), tangential)
    return v1, velocity(1, -gamma * (first + second) / g.r2_norm, tangential / g.r2_norm)


def _solvable(g: _Geometry) -> Array:
    """Whether the plane is defined and the time is one that can be flown."""
    return (g.normal_norm > PLANE_TOLERANCE * g.r2_norm) & (g.time > 0.0) & jnp.isfinite(g.time)


def _answer(g: _Geometry, x: Array) -> Lambert:
    converged = _solvable(g) & jnp.isfinite(x)
    return Lambert(*_velocities(g, jnp.where(converged, x, jnp.nan)), converged)


def _direct(g: _Geometry) -> Lambert:
    return _answer(g, solve(g.time, *g.shape) - 1.0)


def _minimum(g: _Geometry, revolutions: Array) -> Minimum:
    return minimum(jnp.broadcast_to(revolutions, g.time.shape), *g.shape)


def _winding(g: _Geometry, revolutions: Array, side: Array, low: Minimum) -> Array:
    """x of an arc with whole revolutions."""
    m, side = jnp.broadcast_to(revolutions, g.time.shape), jnp.broadcast_to(side, g.time.shape)
    w = solve_revolutions(g.time, m, side, *g.shape, low)
    return w / jnp.sqrt(1.0 + w * w)


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
    if revolutions < 0:
        raise ValueError(f"revolutions must be 0 or more, not {revolutions}")
    if branch not in ("left", "right"):
        raise ValueError(f"branch must be 'left' or 'right', not {branch!r}")
    return _lambert(
        mu,
        r1,
        r2,
        tof,
        prograde,
        float(revolutions) if revolutions else None,
        -1.0 if branch == "left" else 1.0,
    )


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
        g = _geometry(mu, _components(r1), _components(r2), tof, way)
        if revolutions is None:
            return _direct(g)
        m = jnp.asarray(revolutions, jnp.float64)
        return _answer(g, _winding(g, m, jnp.asarray(side, jnp.float64), _minimum(g, m)))

    return in_blocks(solved, *broadcast_arc(mu, r1, r2, tof))


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
    if revolutions < 0:
        raise ValueError(f"revolutions must be 0 or more, not {revolutions}")
    turns, sides = jnp.arange(1.0, revolutions + 1.0), jnp.array([-1.0, 1.0])

    def solved(mu: Array, r1: Array, r2: Array, tof: Array) -> tuple[Lambert, ...]:
        g = _geometry(mu, _components(r1), _components(r2), tof, jnp.asarray(prograde))

        def both(m: Array) -> Array:
            low = _minimum(g, m)
            return jax.vmap(lambda side: _winding(g, m, side, low))(sides)

        x = jax.vmap(both)(turns).reshape(2 * revolutions, -1)
        return (_direct(g), *(_answer(g, x[i]) for i in range(2 * revolutions)))

    return in_blocks(solved, *broadcast_arc(mu, r1, r2, tof), lanes=2 * revolutions)


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
        g = _geometry(mu, _components(r1), _components(r2), tof, jnp.asarray(prograde))
        most = jnp.floor(g.time / jnp.pi)
        some = most >= 1.0
        low = minimum(jnp.where(some, most, 1.0), *g.shape)
        most = jnp.where(some & (g.time < low.t), most - 1.0, most)
        return jnp.where(_solvable(g), most, -1.0).astype(jnp.int64)

    return in_blocks(counted, *broadcast_arc(mu, r1, r2, tof))
