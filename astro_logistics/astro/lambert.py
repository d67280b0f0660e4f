"""Lambert's problem: the velocities that join two positions in a given time.

Izzo's reduction to one equation in Lancaster and Blanchard's x, with Battin's expression of the time (no
transcendental function between ellipse and hyperbola) and derivatives by the implicit function theorem.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro._broadcast import broadcast_arc
from astro_logistics.astro._lambert_solve import minimum, solve, solve_revolutions
from astro_logistics.astro._lambert_time import Shape, conic

Components = tuple[Array, Array, Array]

PLANE_TOLERANCE = 4.5e-16  # |r1 x r2| / (r1 r2) at or below which the plane is rounding noise: two spacings of 1


class Lambert(NamedTuple):
    """Velocities at both ends of the arc, m/s, shape (..., 3), and whether they solve the problem, shape (...)."""

    v1: Array
    v2: Array
    converged: Array


class _Geometry(NamedTuple):
    r1: Components
    r2: Components
    normal: Components
    r1_norm: Array
    r2_norm: Array
    normal_norm: Array
    sign: Array  # -1 where the arc turns against r1 x r2
    chord: Array
    semiperimeter: Array
    sine: Array  # 2 sqrt(r1 r2) sin(theta / 2) / chord, that is sqrt(1 - rho^2)
    shape: Shape


def _components(v: Array) -> Components:
    return v[..., 0], v[..., 1], v[..., 2]


def _dot(a: Components, b: Components) -> Array:
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def _cross(a: Components, b: Components) -> Components:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _geometry(r1: Components, r2: Components, prograde: Array) -> _Geometry:
    r1_norm, r2_norm = jnp.sqrt(_dot(r1, r1)), jnp.sqrt(_dot(r2, r2))
    between = (r2[0] - r1[0], r2[1] - r1[1], r2[2] - r1[2])
    chord = jnp.sqrt(_dot(between, between))
    semiperimeter = 0.5 * (r1_norm + r2_norm + chord)
    normal = _cross(r1, r2)
    normal_norm = jnp.sqrt(_dot(normal, normal))
    sign = jnp.where((normal[2] < 0.0) == prograde, -1.0, 1.0)
    # r1 r2 +- r1 . r2, the smaller one through |r1 x r2|^2, which keeps its digits near 0 and 180 degrees
    cosine = _dot(r1, r2)
    acute = cosine >= 0.0
    root = jnp.sqrt(r1_norm * r2_norm + jnp.where(acute, cosine, -cosine))
    root_plus = jnp.where(acute, root, normal_norm / root)
    root_minus = jnp.where(acute, normal_norm / root, root)
    one_minus = chord / semiperimeter
    near = one_minus < 0.5
    lam = sign * jnp.where(
        near, jnp.sqrt(jnp.where(near, 1.0 - one_minus, 1.0)), jnp.sqrt(0.5) * root_plus / semiperimeter
    )
    sine = jnp.sqrt(2.0) * root_minus / chord
    return _Geometry(
        r1, r2, normal, r1_norm, r2_norm, normal_norm, sign, chord, semiperimeter, sine, Shape(lam, one_minus)
    )


def _velocities(mu: Array, g: _Geometry, x: Array, q: Array) -> tuple[Components, Components]:
    """Izzo 2015, algorithm 1, lines 10 to 19."""
    orbit = conic(x, q, g.shape)
    gamma = jnp.sqrt(0.5 * mu * g.semiperimeter)
    total = (g.r1[0] + g.r2[0], g.r1[1] + g.r2[1], g.r1[2] + g.r2[2])
    between = (g.r1[0] - g.r2[0], g.r1[1] - g.r2[1], g.r1[2] - g.r2[2])
    rho = _dot(between, total) / ((g.r1_norm + g.r2_norm) * g.chord)  # (r1 - r2) / c
    first, second = g.shape.lam * orbit.y - x, rho * (g.shape.lam * orbit.y + x)
    tangential = gamma * g.sine * orbit.kappa * g.sign / g.normal_norm

    def velocity(r: Components, r_norm: Array, radial: Array) -> Components:
        along = gamma * radial / (r_norm * r_norm)
        across = tangential / (r_norm * r_norm)
        turned = _cross(g.normal, r)
        return (
            along * r[0] + across * turned[0],
            along * r[1] + across * turned[1],
            along * r[2] + across * turned[2],
        )

    return velocity(g.r1, g.r1_norm, first - second), velocity(g.r2, g.r2_norm, -first - second)


def _solve_components(
    mu: Array,
    r1: Components,
    r2: Components,
    tof: Array,
    prograde: Array,
    revolutions: Array | None,
    side: Array,
) -> tuple[Components, Components, Array]:
    g = _geometry(r1, r2, prograde)
    shape = g.shape
    t = tof * jnp.sqrt(2.0 * mu / g.semiperimeter) / g.semiperimeter
    if revolutions is None:
        p = solve(t, *shape)
        x, q = p - 1.0, p * (2.0 - p)
    else:
        m = jnp.broadcast_to(revolutions, t.shape)
        w = solve_revolutions(t, m, jnp.broadcast_to(side, t.shape), *shape)
        q = 1.0 / (1.0 + w * w)
        x = w * jnp.sqrt(q)
    v1, v2 = _velocities(mu, g, x, q)
    plane = g.normal_norm > PLANE_TOLERANCE * g.r1_norm * g.r2_norm
    finite = jnp.isfinite(_dot(v1, v1)) & jnp.isfinite(_dot(v2, v2))
    converged = plane & finite & (t > 0.0) & jnp.isfinite(t)

    def kept(v: Components) -> Components:
        return (
            jnp.where(converged, v[0], jnp.nan),
            jnp.where(converged, v[1], jnp.nan),
            jnp.where(converged, v[2], jnp.nan),
        )

    return kept(v1), kept(v2), converged


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
    mu, r1, r2, tof = broadcast_arc(mu, r1, r2, tof)
    turns = None if revolutions is None else jnp.asarray(revolutions, jnp.float64)
    v1, v2, converged = _solve_components(
        mu,
        _components(r1),
        _components(r2),
        tof,
        jnp.asarray(prograde),
        turns,
        jnp.asarray(side, jnp.float64),
    )
    return Lambert(jnp.stack(v1, axis=-1), jnp.stack(v2, axis=-1), converged)


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
    mu, r1, r2, tof = broadcast_arc(mu, r1, r2, tof)
    g = _geometry(_components(r1), _components(r2), jnp.asarray(prograde))
    t = tof * jnp.sqrt(2.0 * mu / g.semiperimeter) / g.semiperimeter
    most = jnp.floor(t / jnp.pi)
    some = most >= 1.0
    _, t_min, _ = minimum(jnp.where(some, most, 1.0), *g.shape)
    most = jnp.where(some & (t < t_min), most - 1.0, most)
    valid = (g.normal_norm > PLANE_TOLERANCE * g.r1_norm * g.r2_norm) & (t > 0.0) & jnp.isfinite(t)
    return jnp.where(valid, most, -1.0).astype(jnp.int64)
