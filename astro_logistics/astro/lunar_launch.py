"""From a muzzle on the Moon to a state of the circular problem, and what that state is about the Moon or the Earth.

Frame and units of states as in `cr3bp`: rotating with the Moon, the Earth at (-m, 0, 0), the Moon at (1 - m, 0, 0). The
Moon turns with its orbit, so that a place on it stands still in this frame: the speed of the ground (4.6 m/s at the
equator against the stars) is in it by construction, and a muzzle velocity relative to the rails is a velocity of the
frame. Longitude 0 faces the Earth; the Moon moves towards longitude 90 degrees west.

What is left out: the librations. The Moon's orbit is an ellipse and its equator is tilted to it by 6.7 degrees, so that
the Earth (and with it L1, L2 and all other targets) is seen up to 8 degrees east or west and 6.9 degrees north or south
of where this frame has it (`lunar_launch_dates.axes` has the real Moon).
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro.cr3bp import System
from astro_logistics.numerics import norm
from astro_logistics.pytree import Pytree, field


class Site(Pytree):
    """A muzzle on the Moon; fields broadcast."""

    longitude: Array = field(unit="rad", doc="selenographic, east", low=-6.3, high=6.3)
    latitude: Array = field(unit="rad", doc="selenographic, north", low=-1.58, high=1.58)
    radius: Array = field(unit="m", doc="distance of the muzzle from the Moon's center", low=0.0)


class Shot(Pytree):
    """Muzzle velocity relative to the ground; fields broadcast."""

    speed: Array = field(unit="m / s", doc="muzzle speed", low=0.0)
    azimuth: Array = field(unit="rad", doc="from north through east", low=-6.3, high=6.3)
    elevation: Array = field(unit="rad", doc="above the horizon", low=-1.58, high=1.58)


def local_axes(longitude: ArrayLike, latitude: ArrayLike) -> tuple[Array, Array, Array]:
    """Unit vectors up, east and north, (..., 3), on axes fixed to the Moon: x to longitude 0, z to the north pole."""
    lon, lat = jnp.broadcast_arrays(jnp.asarray(longitude, jnp.float64), jnp.asarray(latitude, jnp.float64))
    zero = jnp.zeros_like(lon)
    up = jnp.stack([jnp.cos(lat) * jnp.cos(lon), jnp.cos(lat) * jnp.sin(lon), jnp.sin(lat)], axis=-1)
    east = jnp.stack([-jnp.sin(lon), jnp.cos(lon), zero], axis=-1)
    north = jnp.stack([-jnp.sin(lat) * jnp.cos(lon), -jnp.sin(lat) * jnp.sin(lon), jnp.cos(lat)], axis=-1)
    return up, east, north


def moon_fixed(site: Site, shot: Shot) -> tuple[Array, Array]:
    """Position (..., 3) m from the Moon's center and velocity (..., 3) m/s over the ground, on axes fixed to the Moon.

    v = speed (sin(elevation) up + cos(elevation) (sin(azimuth) east + cos(azimuth) north))
    """
    fields = (site.longitude, site.latitude, site.radius, shot.speed, shot.azimuth, shot.elevation)
    lon, lat, *rest = jnp.broadcast_arrays(*(jnp.asarray(x, jnp.float64) for x in fields))
    up, east, north = local_axes(lon, lat)
    radius, speed, azimuth, elevation = (x[..., None] for x in rest)
    level = jnp.sin(azimuth) * east + jnp.cos(azimuth) * north
    return radius * up, speed * (jnp.sin(elevation) * up + jnp.cos(elevation) * level)


def erring(shot: Shot, errors: ArrayLike) -> Shot:
    """Shots (...) with errors (..., 3) in speed, to the right along the horizon, and upward: m/s, rad, rad."""
    errors = jnp.asarray(errors, jnp.float64)
    return Shot(
        speed=shot.speed + errors[..., 0],
        azimuth=shot.azimuth + errors[..., 1] / jnp.cos(shot.elevation),
        elevation=shot.elevation + errors[..., 2],
    )


def muzzle_state(system: System, site: Site, shot: Shot) -> Array:
    """State (..., 6) of the circular problem at the muzzle.

    The axes fixed to the Moon are those of the frame turned by half a turn about z.

    Args:
        system: the Earth and the Moon, fields scalar.
        site: where.
        shot: how; fields broadcast with those of the site.
    """
    r, v = moon_fixed(site, shot)
    r, v = r / system.length, v * (system.time / system.length)
    parts = [1.0 - system.mass_ratio - r[..., 0], -r[..., 1], r[..., 2], -v[..., 0], -v[..., 1], v[..., 2]]
    return jnp.stack(parts, axis=-1)


def about(center: ArrayLike, state: ArrayLike) -> tuple[Array, Array]:
    """Position and velocity (..., 3) about a body, against the stars, on the axes of the rotating frame at that moment.

        d = r - (center, 0, 0),  w = v + z x d

    Args:
        center: x of the body, (...): -m for the Earth, 1 - m for the Moon, 0 for their barycenter.
        state: (..., 6), as in `cr3bp`.
    """
    state, center = jnp.asarray(state, jnp.float64), jnp.asarray(center, jnp.float64)
    x, y, z, vx, vy, vz = (state[..., i] for i in range(6))
    d, y, z, vx, vy, vz = jnp.broadcast_arrays(x - center, y, z, vx, vy, vz)
    return jnp.stack([d, y, z], axis=-1), jnp.stack([vx - y, vy + d, vz], axis=-1)


class Conic(Pytree):
    """The two-body orbit that a state is on; rates and lengths in the units of the system."""

    energy: Array = field(unit="", doc="v^2/2 - mu/r; twice this is C3")
    periapsis: Array = field(unit="", doc="distance of the near point", low=0.0)
    cos_inclination: Array = field(unit="", doc="cosine of the angle to the plane of the bodies", low=-1.0, high=1.0)
    speed: Array = field(unit="", doc="against the stars", low=0.0)
    radius: Array = field(unit="", doc="distance from the body", low=0.0)
    climb: Array = field(unit="", doc="d . w: outward if positive, zero at an apsis")


def conic(mu: ArrayLike, center: ArrayLike, state: ArrayLike) -> Conic:
    """The conic about a body of gravitational parameter `mu` (its share of 1) at x = `center` that a state is on.

    p = |d x w|^2 / mu,  q = p / (1 + e),  e = sqrt(1 + 2 E p / mu)
    """
    d, w = about(center, state)
    mu = jnp.asarray(mu, jnp.float64)
    radius, speed = norm(d), norm(w)
    energy = 0.5 * speed * speed - mu / radius
    h = jnp.cross(d, w)
    size = norm(h)
    p = size * size / mu
    square = 1.0 + 2.0 * energy * p / mu
    round_ = square <= 0.0
    e = jnp.where(round_, 0.0, jnp.sqrt(jnp.where(round_, 1.0, square)))
    return Conic(
        energy=energy,
        periapsis=p / (1.0 + e),
        cos_inclination=h[..., 2] / size,
        speed=speed,
        radius=radius,
        climb=jnp.sum(d * w, axis=-1),
    )


def asymptote(mu: ArrayLike, r: ArrayLike, v: ArrayLike) -> Array:
    """Velocity (..., 3) at infinity of the hyperbola through a position and velocity.

        v_inf = s (s h x e / mu - e) / (1 + s^2 h^2 / mu^2),  s = |v_inf|, h = r x v, e the eccentricity vector

    Args:
        mu: gravitational parameter (...).
        r, v: (..., 3), on axes at rest.

    Returns:
        NaN on an ellipse.

    References: Battin 1999, sec. 4.4.
    """
    r, v = jnp.broadcast_arrays(jnp.asarray(r, jnp.float64), jnp.asarray(v, jnp.float64))
    mu = jnp.broadcast_to(jnp.asarray(mu, jnp.float64), r.shape[:-1])[..., None]
    h = jnp.cross(r, v)
    e = jnp.cross(v, h) / mu - r / norm(r, keepdims=True)
    square = jnp.sum(v * v, axis=-1, keepdims=True) - 2.0 * mu / norm(r, keepdims=True)
    s = jnp.sqrt(jnp.where(square > 0.0, square, jnp.nan))
    k = jnp.sum(h * h, axis=-1, keepdims=True) * s / mu  # s h^2 / mu
    return s * (s * jnp.cross(h, e) / mu - e) / (1.0 + k * s / mu)
