"""Orbital elements: classical and modified equinoctial, to and from position and velocity, for every conic.

The semi-latus rectum p is kept in place of the semi-major axis, which the parabola does not have. Classical angles
have no derivative where they have no meaning (a circle has no periapsis, an orbit in the reference plane no node):
differentiate through the equinoctial elements there.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.named_checks import FINITE, NOT_NEGATIVE, POSITIVE, Requirement, named_checks
from astro_logistics.numerics import norm

ON_THE_CONIC = Requirement(
    "such that 1 + e cos nu is positive: within a hyperbola's asymptotes",
    lambda q: q > 0.0,
    lambda e, nu: 1.0 + e * jnp.cos(nu),
)
OFF_THE_LINE = Requirement(
    "off one straight line: r x v positive and finite", POSITIVE.holds, lambda r, v: norm(jnp.cross(r, v))
)
CLASSICAL = {f"elements.{name}": FINITE for name in ("i", "raan", "argp", "nu")} | {
    "elements.p": POSITIVE,
    "elements.e": NOT_NEGATIVE,
}
EQUINOCTIAL = {f"elements.{name}": FINITE for name in ("f", "g", "h", "k", "longitude")} | {"elements.p": POSITIVE}
STATE = {"mu": POSITIVE, "r, v": OFF_THE_LINE}


class Classical(NamedTuple):
    """Classical elements, each of shape (...)."""

    p: ArrayLike
    """Semi-latus rectum [m]."""
    e: ArrayLike
    """Eccentricity."""
    i: ArrayLike
    """Inclination to the x-y plane [rad], 0..pi."""
    raan: ArrayLike
    """Right ascension (or longitude) of the ascending node [rad]."""
    argp: ArrayLike
    """Argument of periapsis [rad]."""
    nu: ArrayLike
    """True anomaly [rad]."""


class Equinoctial(NamedTuple):
    """Modified equinoctial elements, each of shape (...)."""

    p: ArrayLike
    """Semi-latus rectum [m]."""
    f: ArrayLike
    """e cos(argp + raan)."""
    g: ArrayLike
    """e sin(argp + raan)."""
    h: ArrayLike
    """tan(i / 2) cos raan."""
    k: ArrayLike
    """tan(i / 2) sin raan."""
    longitude: ArrayLike
    """True longitude raan + argp + nu [rad]."""


@named_checks({"p": POSITIVE, "e": NOT_NEGATIVE})
@jax.jit
def semi_major_axis(p: ArrayLike, e: ArrayLike) -> Array:
    """a = p / (1 - e^2): negative on a hyperbola, infinite on a parabola.

    Args:
        p: semi-latus rectum [m].
        e: eccentricity.

    Returns:
        a [m].
    """
    p, e = _floats(p, e)
    return p / ((1.0 - e) * (1.0 + e))


@named_checks({"a": FINITE, "e": NOT_NEGATIVE})
@jax.jit
def semi_latus_rectum(a: ArrayLike, e: ArrayLike) -> Array:
    """p = a (1 - e^2), for an ellipse (a > 0) or a hyperbola (a < 0).

    Args:
        a: semi-major axis [m].
        e: eccentricity.

    Returns:
        p [m].
    """
    a, e = _floats(a, e)
    return a * (1.0 - e) * (1.0 + e)


@named_checks({"mu": POSITIVE} | CLASSICAL | {"elements.e, elements.nu": ON_THE_CONIC})
@jax.jit
def state_from_classical(mu: ArrayLike, elements: Classical) -> tuple[Array, Array]:
    """Position and velocity from classical elements.

        r = p / (1 + e cos nu) (cos u n + sin u m),  v = sqrt(mu / p) [-(sin u + e sin argp) n + (cos u + e cos argp) m]

    with u = argp + nu, n the unit vector to the ascending node and m the one 90 degrees ahead of it in the plane.

    Args:
        mu: gravitational parameter [m3/s2], shape (...).
        elements: each of shape (...).

    Returns:
        r (..., 3) [m] and v (..., 3) [m/s]; NaN for p <= 0, e < 0, and beyond a hyperbola's asymptotes.

    References: Vallado 2013, sec. 2.6.
    """
    mu, p, e, i, raan, argp, nu = _floats(mu, *elements)
    u = argp + nu
    node = jnp.stack([jnp.cos(raan), jnp.sin(raan), jnp.zeros_like(raan)], axis=-1)
    ahead = jnp.stack(
        [-jnp.sin(raan) * jnp.cos(i), jnp.cos(raan) * jnp.cos(i), jnp.sin(i)],
        axis=-1,
    )
    valid = (p > 0.0) & (e >= 0.0)
    return _state(
        mu,
        jnp.where(valid, p, jnp.nan),
        1.0 + e * jnp.cos(nu),
        (jnp.cos(u), jnp.sin(u)),
        (e * jnp.cos(argp), e * jnp.sin(argp)),
        (node, ahead),
    )


@named_checks(STATE)
@jax.jit
def classical_from_state(mu: ArrayLike, r: ArrayLike, v: ArrayLike) -> Classical:
    """Classical elements from position and velocity.

        p = h^2 / mu,  e cos nu = p / |r| - 1,  e sin nu = sqrt(p / mu) (r . v) / |r|

    An orbit in the reference plane takes its node on the x axis (raan = 0); an exact circle its periapsis at the node
    (argp = 0). Near a circle nu and argp are each as good as 1e-16 / e, their sum is as good as ever.

    Args:
        mu: gravitational parameter [m3/s2], shape (...).
        r: position [m], shape (..., 3).
        v: velocity [m/s], shape (..., 3).

    Returns:
        Elements of shape (...): raan and argp in [0, 2 pi), nu in [-pi, pi]; NaN on a straight line (r x v = 0).

    References: Vallado 2013, sec. 2.5.
    """
    mu, r, v, distance, momentum = _vectors(mu, r, v)
    h = norm(momentum)
    p = h * h / mu
    radial = jnp.sum(r * v, axis=-1) / distance
    e_cos, e_sin = p / distance - 1.0, h / mu * radial
    e = jnp.hypot(e_cos, e_sin)
    nu = jnp.arctan2(e_sin, e_cos)

    across = jnp.hypot(momentum[..., 0], momentum[..., 1])
    flat = across == 0.0
    node_x = jnp.where(flat, 1.0, -momentum[..., 1])
    node_y = jnp.where(flat, 0.0, momentum[..., 0])
    node = jnp.stack([node_x, node_y, jnp.zeros_like(node_x)], axis=-1) / jnp.where(flat, 1.0, across)[..., None]
    ahead = jnp.cross(momentum / h[..., None], node)
    u = jnp.arctan2(jnp.sum(r * ahead, axis=-1), jnp.sum(r * node, axis=-1))
    circle = e == 0.0
    full = 2.0 * math.pi
    return Classical(
        p=jnp.where(h > 0.0, p, jnp.nan),
        e=jnp.where(h > 0.0, e, jnp.nan),
        i=jnp.where(h > 0.0, jnp.arctan2(across, momentum[..., 2]), jnp.nan),
        raan=jnp.where(h > 0.0, jnp.mod(jnp.arctan2(node_y, node_x), full), jnp.nan),
        argp=jnp.where(circle, 0.0, jnp.mod(u - nu, full)),
        nu=jnp.where(circle, u, jnp.where(h > 0.0, nu, jnp.nan)),
    )


@named_checks({"mu": POSITIVE} | EQUINOCTIAL)
@jax.jit
def state_from_equinoctial(mu: ArrayLike, elements: Equinoctial) -> tuple[Array, Array]:
    """Position and velocity from modified equinoctial elements.

        r = p / q (cos L x + sin L y),  v = sqrt(mu / p) [-(g + sin L) x + (f + cos L) y],  q = 1 + f cos L + g sin L

    with x, y the equinoctial axes in the orbit's plane.

    Args:
        mu: gravitational parameter [m3/s2], shape (...).
        elements: each of shape (...).

    Returns:
        r (..., 3) [m] and v (..., 3) [m/s]; NaN for p <= 0 and beyond a hyperbola's asymptotes. An orbit with
        i = 180 degrees has no such elements.

    References: Walker, Ireland & Owens 1985, eqs. 4 and 5.
    """
    mu, p, f, g, h, k, longitude = _floats(mu, *elements)
    cos, sin = jnp.cos(longitude), jnp.sin(longitude)
    return _state(
        mu,
        jnp.where(p > 0.0, p, jnp.nan),
        1.0 + f * cos + g * sin,
        (cos, sin),
        (f, g),
        _equinoctial_axes(h, k),
    )


@named_checks(STATE)
@jax.jit
def equinoctial_from_state(mu: ArrayLike, r: ArrayLike, v: ArrayLike) -> Equinoctial:
    """Modified equinoctial elements from position and velocity.

        k = w_x / (1 + w_z),  h = -w_y / (1 + w_z),  (f, g) the eccentricity vector on the equinoctial axes

    with w the unit vector of r x v.

    Args:
        mu: gravitational parameter [m3/s2], shape (...).
        r: position [m], shape (..., 3).
        v: velocity [m/s], shape (..., 3).

    Returns:
        Elements of shape (...), longitude in [0, 2 pi); NaN on a straight line and for i = 180 degrees. Smooth
        everywhere else, circles and orbits in the reference plane included.

    References: Walker, Ireland & Owens 1985.
    """
    mu, r, v, distance, momentum = _vectors(mu, r, v)
    length = norm(momentum)
    w = momentum / length[..., None]
    plus = jnp.where(w[..., 2] > -1.0, 1.0 + w[..., 2], jnp.nan)
    h, k = -w[..., 1] / plus, w[..., 0] / plus
    f_axis, g_axis = _equinoctial_axes(h, k)
    x, y = jnp.sum(r * f_axis, axis=-1), jnp.sum(r * g_axis, axis=-1)
    p = length * length / mu
    e_radial, e_ahead = p / distance - 1.0, -length / mu * jnp.sum(r * v, axis=-1) / distance
    cos, sin = x / distance, y / distance
    return Equinoctial(
        p=jnp.where(length > 0.0, p, jnp.nan),
        f=e_radial * cos - e_ahead * sin,
        g=e_radial * sin + e_ahead * cos,
        h=h,
        k=k,
        longitude=jnp.mod(jnp.arctan2(y, x), 2.0 * math.pi),
    )


@named_checks(CLASSICAL)
@jax.jit
def equinoctial_from_classical(elements: Classical) -> Equinoctial:
    """Modified equinoctial elements from classical ones; i = 180 degrees has none (h and k overflow).

    Args:
        elements: each of shape (...).

    Returns:
        Elements of shape (...); the longitude keeps whole turns.

    References: Walker, Ireland & Owens 1985, eq. 2.
    """
    p, e, i, raan, argp, nu = _floats(*elements)
    half = jnp.tan(0.5 * i)
    return Equinoctial(
        p=p,
        f=e * jnp.cos(argp + raan),
        g=e * jnp.sin(argp + raan),
        h=half * jnp.cos(raan),
        k=half * jnp.sin(raan),
        longitude=raan + argp + nu,
    )


@named_checks(EQUINOCTIAL)
@jax.jit
def classical_from_equinoctial(elements: Equinoctial) -> Classical:
    """Classical elements from modified equinoctial ones; the conventions of `classical_from_state` where degenerate.

    Args:
        elements: each of shape (...).

    Returns:
        Elements of shape (...): raan and argp in [0, 2 pi), nu in [-pi, pi].

    References: Walker, Ireland & Owens 1985, eq. 2 solved for the classical elements.
    """
    p, f, g, h, k, longitude = _floats(*elements)
    full = 2.0 * math.pi
    raan = jnp.arctan2(k, h)  # 0 for an orbit in the reference plane
    periapsis = jnp.where((f == 0.0) & (g == 0.0), raan, jnp.arctan2(g, f))
    nu = longitude - periapsis
    return Classical(
        p=p,
        e=jnp.hypot(f, g),
        i=2.0 * jnp.arctan(jnp.hypot(h, k)),
        raan=jnp.mod(raan, full),
        argp=jnp.mod(periapsis - raan, full),
        nu=jnp.arctan2(jnp.sin(nu), jnp.cos(nu)),
    )


def _floats(*values: ArrayLike) -> list[Array]:
    return jnp.broadcast_arrays(*(jnp.asarray(v, jnp.float64) for v in values))


def _vectors(mu: ArrayLike, r: ArrayLike, v: ArrayLike) -> tuple[Array, Array, Array, Array, Array]:
    """mu (...), r and v (..., 3) of one shape; |r| and r x v."""
    r, v = _floats(r, v)
    mu = jnp.asarray(mu, jnp.float64)
    shape = jnp.broadcast_shapes(mu.shape, r.shape[:-1])
    r, v = jnp.broadcast_to(r, (*shape, 3)), jnp.broadcast_to(v, (*shape, 3))
    return jnp.broadcast_to(mu, shape), r, v, norm(r), jnp.cross(r, v)


def _equinoctial_axes(h: Array, k: Array) -> tuple[Array, Array]:
    s2 = (1.0 + h * h + k * k)[..., None]
    f_axis = jnp.stack([1.0 + h * h - k * k, 2.0 * h * k, -2.0 * k], axis=-1) / s2
    g_axis = jnp.stack([2.0 * h * k, 1.0 - h * h + k * k, 2.0 * h], axis=-1) / s2
    return f_axis, g_axis


def _state(
    mu: Array,
    p: Array,
    q: Array,
    direction: tuple[Array, Array],
    eccentricity: tuple[Array, Array],
    axes: tuple[Array, Array],
) -> tuple[Array, Array]:
    """State in the plane of `axes` from the direction of r and the eccentricity vector on them, r = p / q."""
    (cos, sin), (e_x, e_y), (x, y) = direction, eccentricity, axes
    radius = p / jnp.where(q > 0.0, q, jnp.nan)
    speed = jnp.sqrt(mu / p)
    r = radius[..., None] * (cos[..., None] * x + sin[..., None] * y)
    v = speed[..., None] * ((cos + e_x)[..., None] * y - (sin + e_y)[..., None] * x)
    return r, v
