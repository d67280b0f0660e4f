"""Muzzle conditions that lead to a target: Newton's method with the state transition matrix, implicit derivatives.

The elevation of the rails is given; speed, azimuth and time of flight are solved for, by three equations:

    point   position = p                                                           L1, L2, L4, L5, a catcher
    apsis   d . w = 0, |d| = r about a body, azimuth or inclination given           a lunar orbit, an Earth perigee
    escape  C3 about the barycenter and the time at which it is taken, azimuth given, or the asymptote's latitude

All kinds are one set of equations with a switch, so that any mixture of targets is solved in one call.

Against the patched conics of a first estimate (the Moon alone, then the Earth alone, from the best site) the muzzle
speeds found here differ little: to an Earth perigee 2505 instead of 2520 m/s (4.5 instead of 5.0 days), to an escape
with C3 = 0.1 km2/s2 2401 instead of 2417 m/s, with C3 = 9.14 km2/s2 3329 instead of 3324 m/s. Which sites can
throw there at all, patched conics do not say.
"""

from __future__ import annotations

from typing import Any, Literal

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro.cr3bp import System, propagate
from astro_logistics.astro.lunar_launch import Shot, Site, about, asymptote, conic, muzzle_state
from astro_logistics.pytree import Pytree, field

Body = Literal["earth", "moon"]
_POINT, _APSIS, _ESCAPE = 0.0, 1.0, 2.0
_STEPS = 24
_TOLERANCE = 1e-10
"""Largest residual of a converged shot, in units of the system: 4 cm, 0.1 mm/s."""
_LOST = 20.0
"""A step that makes the residual this many times the least so far (or 0.01) has left its family: the search ends."""
_LARGEST = np.asarray([0.02, 0.15, 0.25])
"""Longest step in speed (20 m/s), azimuth (rad) and time of flight (a day), so that Newton's method stays on its
family; chosen by trial over the families of the tests."""


class Target(Pytree):
    """What a shot is to reach, in units of the system; made by `point`, `apsis` or `escape`; fields broadcast."""

    kind: Array = field(unit="", doc="0 point, 1 apsis, 2 escape", low=0.0, high=2.0)
    position: Array = field(unit="", doc="of a point, rotating frame, (..., 3)")
    velocity: Array = field(unit="", doc="of the catcher at a point, rotating frame, (..., 3)")
    center: Array = field(unit="", doc="x of the body of an apsis")
    mu: Array = field(unit="", doc="its share of the masses", low=0.0, high=1.0)
    radius: Array = field(unit="", doc="distance of the apsis from it", low=0.0)
    c3: Array = field(unit="", doc="twice the energy of an escape")
    time: Array = field(unit="", doc="after which the energy of an escape is taken", low=0.0)
    azimuth: Array = field(unit="rad", doc="held, where `is_steered` is zero")
    sine: Array = field(
        unit="",
        doc="cosine of the inclination of an apsis, or sine of the latitude of an asymptote",
        low=-1.0,
        high=1.0,
    )
    is_steered: Array = field(unit="", doc="1: `sine` is to be met; 0: the azimuth is held", low=0.0, high=1.0)


def _target(kind: float, **fields: ArrayLike) -> Target:
    """A target with the fields that its kind does not use at harmless values."""
    given = {name: jnp.asarray(value, jnp.float64) for name, value in fields.items()}
    shape: tuple[int, ...] = ()
    for name, value in given.items():
        shape = jnp.broadcast_shapes(shape, value.shape[:-1] if name in ("position", "velocity") else value.shape)
    usual = {
        "kind": kind,
        "center": 0.0,
        "mu": 1.0,
        "radius": 1.0,
        "c3": 0.0,
        "time": 1.0,
        "azimuth": 0.0,
        "sine": 0.0,
        "is_steered": 0.0,
    }
    plain = {
        name: jnp.broadcast_to(given.get(name, jnp.asarray(value, jnp.float64)), shape) for name, value in usual.items()
    }
    vectors = {
        name: jnp.broadcast_to(given.get(name, jnp.zeros(3, jnp.float64)), (*shape, 3))
        for name in ("position", "velocity")
    }
    return Target(**plain, **vectors)


def point(position: ArrayLike, velocity: ArrayLike | None = None) -> Target:
    """A place in the rotating frame, and the velocity there of whatever catches (at rest: a libration point).

    Args:
        position, velocity: (..., 3), in units of the system.
    """
    return _target(_POINT, position=position, velocity=jnp.zeros(3) if velocity is None else velocity)


def apsis(
    system: System,
    body: Body,
    radius: ArrayLike,
    *,
    azimuth: ArrayLike | None = None,
    inclination: ArrayLike | None = None,
) -> Target:
    """A near or far point of the flight about a body: the apolune of a lunar orbit, the perigee of an Earth entry.

    Args:
        system: the Earth and the Moon.
        body: static.
        radius: distance of the apsis from the body's center, m (...).
        azimuth: held, rad; or
        inclination: of the arrival about the body, to the plane of the Moon's orbit, rad.

    Raises:
        ValueError: neither or both of azimuth and inclination.
    """
    if (azimuth is None) == (inclination is None):
        raise ValueError("an apsis is aimed at with an azimuth or with an inclination, one of the two")
    m = system.mass_ratio
    body_fields = {"center": 1.0 - m, "mu": m} if body == "moon" else {"center": -m, "mu": 1.0 - m}
    size = jnp.asarray(radius, jnp.float64) / system.length
    if inclination is None:
        return _target(_APSIS, radius=size, azimuth=jnp.asarray(azimuth), **body_fields)
    cosine = jnp.cos(jnp.asarray(inclination, jnp.float64))
    return _target(_APSIS, radius=size, sine=cosine, is_steered=1.0, **body_fields)


def escape(
    system: System,
    c3: ArrayLike,
    *,
    azimuth: ArrayLike | None = None,
    latitude: ArrayLike | None = None,
    time: ArrayLike = 2.0e6,
) -> Target:
    """Out of the Earth-Moon system with a given C3 about their barycenter.

    Args:
        system: the Earth and the Moon.
        c3: square of the speed at infinity, m2/s2 (...); negative: an ellipse of that energy.
        azimuth: held, rad; or
        latitude: of the asymptote, from the plane of the Moon's orbit, rad (C3 above zero only).
        time: after which the energy is taken, s; 23 days, when the Moon changes it by below 1 m/s any more.

    Raises:
        ValueError: neither or both of azimuth and latitude.
    """
    if (azimuth is None) == (latitude is None):
        raise ValueError("an escape is aimed at with an azimuth or with a latitude of the asymptote, one of the two")
    unit_speed = system.length / system.time
    fields: dict[str, ArrayLike] = {
        "c3": jnp.asarray(c3, jnp.float64) / unit_speed**2,
        "time": jnp.asarray(time, jnp.float64) / system.time,
    }
    if latitude is None:
        return _target(_ESCAPE, azimuth=jnp.asarray(azimuth), **fields)
    return _target(_ESCAPE, sine=jnp.sin(jnp.asarray(latitude, jnp.float64)), is_steered=1.0, **fields)


def _equations(target: Target, azimuth: Array, flight: Array, end: Array) -> Array:
    """Three residuals of one lane; zero where the state `end` after the time `flight` is what the target asks for."""
    body = conic(target.mu, target.center, end)
    d, w = about(0.0, end)
    whole = conic(1.0, 0.0, end)
    bound = whole.energy <= 0.0
    away = asymptote(1.0, jnp.where(bound, jnp.asarray([1.0, 0.0, 0.0]), d), jnp.where(bound, jnp.ones(3) * 2.0, w))
    steered = target.is_steered > 0.5
    held = azimuth - target.azimuth
    tilt = away[2] / jnp.sqrt(jnp.sum(away * away)) - target.sine
    by_point = end[:3] - target.position
    by_apsis = jnp.stack(
        [
            body.climb / (body.radius * body.speed),
            body.radius / target.radius - 1.0,
            jnp.where(steered, body.cos_inclination - target.sine, held),
        ]
    )
    by_escape = jnp.stack([2.0 * whole.energy - target.c3, flight - target.time, jnp.where(steered, tilt, held)])
    return jnp.where(target.kind < 0.5, by_point, jnp.where(target.kind < 1.5, by_apsis, by_escape))


class Aim(Pytree):
    """A solved shot; NaN where it is not."""

    shot: Shot
    time: Array = field(unit="s", doc="time of flight", low=0.0)
    residual: Array = field(unit="", doc="largest residual, in units of the system", low=0.0)
    converged: Array = field(unit="", doc="whether the residual is below 1e-10")


def _residual(system: System, site: Site, elevation: Array, target: Target, u: Array) -> Array:
    """Of one lane; u is speed and time of flight in units of the system, and azimuth in between."""
    shot = Shot(speed=u[0] * system.length / system.time, azimuth=u[1], elevation=elevation)
    end = propagate(system.mass_ratio, muzzle_state(system, site, shot), u[2])
    return _equations(target, u[1], u[2], end)


def _newton(system: System, site: Site, elevation: Array, target: Target, u: Array) -> tuple[Array, Array]:
    """Solution and residual of one lane."""

    def both(u: Array) -> tuple[Array, Array]:
        r = _residual(system, site, elevation, target, u)
        return r, r

    def step(_: int, carry: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
        u, best, least = carry
        slope, r = jax.jacfwd(both, has_aux=True)(u)
        size = jnp.max(jnp.abs(r))
        better = size < least
        best, least = jnp.where(better, u, best), jnp.where(better, size, least)
        change = -jnp.linalg.solve(slope, r)
        change = change / jnp.maximum(1.0, jnp.max(jnp.abs(change) / _LARGEST))
        lost = size > _LOST * jnp.maximum(least, 0.01)
        return jnp.where(lost, jnp.nan, u + change), best, least

    _, best, least = jax.lax.fori_loop(0, _STEPS, step, (u, u, jnp.asarray(jnp.inf)))
    return best, least


_newton_lanes = jax.jit(jax.vmap(_newton, in_axes=(None, 0, 0, 0, 0)))


def _attach(system: System, site: Site, elevation: Array, target: Target, u: Array) -> Array:
    """The solution `u` of one lane, with derivatives by everything else (implicit function theorem)."""

    def equations(u: Array) -> Array:
        return _residual(system, site, elevation, target, u)

    def solve_linear(g: object, y: Array) -> Array:
        return jnp.linalg.solve(jax.jacfwd(g)(jnp.zeros_like(y)), y)  # type: ignore[arg-type]

    return jax.lax.custom_root(equations, jax.lax.stop_gradient(u), lambda f, x: x, solve_linear)


def _flat(tree: object, shape: tuple[int, ...]) -> object:
    """Leaves (...) or, of a target, (..., 3), as lanes (n,) or (n, 3)."""
    n = int(np.prod(shape, dtype=int))

    def one(a: Array) -> Array:
        return jnp.broadcast_to(jnp.asarray(a, jnp.float64), shape).reshape(n)

    if isinstance(tree, Target):
        vectors = {k: jnp.broadcast_to(getattr(tree, k), (*shape, 3)).reshape(n, 3) for k in ("position", "velocity")}
        names = ("kind", "center", "mu", "radius", "c3", "time", "azimuth", "sine", "is_steered")
        return Target(**{k: one(getattr(tree, k)) for k in names}, **vectors)
    return jax.tree.map(one, tree)


def aim(
    system: System,
    site: Site,
    elevation: ArrayLike,
    target: Target,
    guess: Shot,
    time: ArrayLike,
) -> Aim:
    """The shot near a guess that reaches a target.

    Newton's method, its matrix from the state transition matrix; 24 steps, each limited to 20 m/s, 9 degrees and a day.
    Forward and reverse derivatives of speed, azimuth and time by the system, the site, the elevation and the target.

    Args:
        system: the Earth and the Moon, fields scalar.
        site: of the muzzle, fields (...).
        elevation: of the rails, rad (...).
        target: from `point`, `apsis` or `escape`, fields (...).
        guess: speed and azimuth to start from (...); its elevation is not read.
        time: of flight, to start from, s (...).

    Returns:
        An `Aim` with leading shape (...). Where there are several families of shots it is the one near the guess;
        `lunar_launch_families.families` finds them.
    """
    elevation, time = jnp.asarray(elevation, jnp.float64), jnp.asarray(time, jnp.float64)
    start = (jnp.asarray(guess.speed, jnp.float64), jnp.asarray(guess.azimuth, jnp.float64))
    parts = [elevation, time, *start, target.kind, site.longitude, site.latitude, site.radius]
    shape = jnp.broadcast_shapes(*(jnp.shape(p) for p in parts))
    unit_speed = system.length / system.time
    lanes: Any = [_flat(x, shape) for x in (site, elevation, target)]
    u = jnp.stack([_flat(x, shape) for x in (start[0] / unit_speed, start[1], time / system.time)], axis=-1)  # type: ignore[arg-type]
    held: Any = jax.lax.stop_gradient((system, *lanes, u))
    found, residual = _newton_lanes(*held)
    found = jnp.where((residual < _TOLERANCE)[:, None], found, jnp.nan)
    attach: Any = jax.vmap(_attach, in_axes=(None, 0, 0, 0, 0))
    u = attach(system, *lanes, found).reshape(*shape, 3)
    residual = residual.reshape(shape)
    return Aim(
        shot=Shot(speed=u[..., 0] * unit_speed, azimuth=u[..., 1], elevation=jnp.broadcast_to(elevation, shape) + 0.0),
        time=u[..., 2] * system.time,
        residual=residual,
        converged=residual < _TOLERANCE,
    )
