"""The angle of the Sun to an orbit's plane, and how it runs through the year.

A year is described by a `Season`: a few panels of time, in each the sine of beta with its change and its bow, from
which means over the year follow without stepping through it.
"""

from __future__ import annotations

import math

import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro.bodies import Earth
from astro_logistics.numerics import norm
from astro_logistics.pytree import Pytree, field


class Season(Pytree):
    """The sine of beta over n panels of equal weight: (..., n) each, parabolas of time and of a second variable."""

    sine: Array = field(unit="", doc="sin(beta) in the middle of the panel", low=-1.0, high=1.0)
    along_change: Array = field(unit="", doc="half its change over the panel, linear part: z' h / 2")
    along_bow: Array = field(unit="", doc="its bow: z'' h^2 / 8")
    across_change: Array = field(unit="", doc="the same over the second variable")
    across_bow: Array = field(unit="", doc="the same over the second variable")


def orbit_normal(i: ArrayLike, raan: ArrayLike) -> Array:
    """Unit normal of an orbit's plane: (sin i sin raan, -sin i cos raan, cos i).

    Args:
        i: inclination [rad].
        raan: right ascension of the ascending node [rad]; the shape of `i`.

    Returns:
        Unit vectors (..., 3), along the angular momentum.

    References: Vallado 2013, sec. 2.4.
    """
    i, raan = jnp.broadcast_arrays(jnp.asarray(i, jnp.float64), jnp.asarray(raan, jnp.float64))
    return jnp.stack([jnp.sin(i) * jnp.sin(raan), -jnp.sin(i) * jnp.cos(raan), jnp.cos(i)], axis=-1)


def sun_direction(longitude: ArrayLike, obliquity: ArrayLike) -> Array:
    """Direction of the Sun in equatorial axes from its ecliptic longitude.

    Args:
        longitude: ecliptic longitude [rad].
        obliquity: angle between equator and ecliptic [rad], a scalar or the shape of `longitude`.

    Returns:
        Unit vectors (..., 3).

    References: Vallado 2013, sec. 5.1.
    """
    longitude, obliquity = jnp.broadcast_arrays(
        jnp.asarray(longitude, jnp.float64), jnp.asarray(obliquity, jnp.float64)
    )
    y = jnp.sin(longitude)
    return jnp.stack([jnp.cos(longitude), y * jnp.cos(obliquity), y * jnp.sin(obliquity)], axis=-1)


def beta_angle(normal: ArrayLike, sun: ArrayLike) -> Array:
    """Angle of the Sun above the orbit plane: sin(beta) = n . s / (|n| |s|).

    Args:
        normal: normals of the orbit (..., 3), any length (r x v will do).
        sun: vectors to the Sun (..., 3), any length.

    Returns:
        beta [rad] in [-pi/2, pi/2], positive on the side of the normal; NaN for a zero vector.

    References: Vallado 2013, sec. 5.3.
    """
    normal, sun = jnp.asarray(normal, jnp.float64), jnp.asarray(sun, jnp.float64)
    along = jnp.sum(normal * sun, axis=-1)
    across = norm(jnp.cross(normal, sun))
    zero = (along == 0.0) & (across == 0.0)
    return jnp.where(zero, jnp.nan, jnp.arctan2(jnp.where(zero, 1.0, along), across))


class Direction(Pytree):
    """An angle in the plane that grows with the mean anomaly of the Sun: its sine and cosine, and how fast it grows."""

    sine: Array = field(unit="", doc="sine of the angle")
    cosine: Array = field(unit="", doc="cosine of the angle")
    rate: Array = field(unit="", doc="first derivative with the mean anomaly")
    bend: Array = field(unit="", doc="second derivative with the mean anomaly")


def turned(by: ArrayLike, start: ArrayLike) -> Direction:
    """The direction start + by, where `by` are mean anomalies: no trigonometry of arrays that are traced.

    Args:
        by: mean anomalies known beforehand (numpy) [rad].
        start: angle at which they begin [rad], of a shape that broadcasts with `by`.
    """
    by = np.asarray(by)
    start = jnp.asarray(start, jnp.float64)
    sin_0, cos_0 = jnp.sin(start), jnp.cos(start)
    sine, cosine = sin_0 * np.cos(by) + cos_0 * np.sin(by), cos_0 * np.cos(by) - sin_0 * np.sin(by)
    return Direction(sine, cosine, jnp.ones_like(sine), jnp.zeros_like(sine))


def joined(a: Direction, b: Direction) -> Direction:
    """The direction of the sum of two angles."""
    sine, cosine = a.sine * b.cosine + a.cosine * b.sine, a.cosine * b.cosine - a.sine * b.sine
    return Direction(sine, cosine, a.rate + b.rate, a.bend + b.bend)


def equation_of_center(mean_anomaly: ArrayLike, eccentricity: ArrayLike) -> Direction:
    """How far the Sun is ahead of the mean Sun: (2e - e^3/4) sin M + (5/4) e^2 sin 2M + (13/12) e^3 sin 3M.

    Args:
        mean_anomaly: M, of the Earth on its orbit [rad], known beforehand (numpy).
        eccentricity: e [-], below 0.02.

    Returns:
        The angle as a direction, broadcast.

    Errors: series to e^3: 1e-7 rad at the Earth's e = 0.0167; the Moon's pull (3e-5 rad) and the planets' are left out.

    References: Meeus 1998, ch. 25; Vallado 2013, sec. 2.2.
    """
    m = np.asarray(mean_anomaly)
    e = jnp.asarray(eccentricity, jnp.float64)
    terms = ((1, 2.0 * e - 0.25 * e**3), (2, 1.25 * e**2), (3, 13.0 / 12.0 * e**3))
    ahead = sum((a * np.sin(k * m) for k, a in terms), jnp.zeros(()))
    first = sum((k * a * np.cos(k * m) for k, a in terms), jnp.zeros(()))
    second = sum((-k * k * a * np.sin(k * m) for k, a in terms), jnp.zeros(()))
    # the angle is below 0.04: its sine and cosine to 1e-14 and 1e-13
    square = ahead * ahead
    sine = ahead * (1.0 - square / 6.0 * (1.0 - square / 20.0 * (1.0 - square / 42.0)))
    cosine = 1.0 - 0.5 * square * (1.0 - square / 12.0 * (1.0 - square / 30.0))
    return Direction(sine, cosine, first, second)


def sun_longitude(mean_anomaly: ArrayLike, eccentricity: ArrayLike, perihelion: ArrayLike) -> Direction:
    """Ecliptic longitude of the Sun: perihelion + M + `equation_of_center`.

    Args:
        mean_anomaly: M, of the Earth on its orbit [rad], known beforehand (numpy).
        eccentricity: e [-].
        perihelion: longitude of the Sun when the Earth is at perihelion [rad].

    Returns:
        The longitude as a direction, broadcast.

    Errors, References: as `equation_of_center`.
    """
    return joined(turned(mean_anomaly, perihelion), equation_of_center(mean_anomaly, eccentricity))


def analemma(
    mean_anomaly: ArrayLike, eccentricity: ArrayLike, perihelion: ArrayLike, obliquity: ArrayLike
) -> tuple[Array, Array, Array]:
    """Direction of the Sun in axes that turn with the mean Sun about the pole, and how it moves: the year's analemma.

    (p cos c + q cos s, p sin c - q sin s, sin ob sin lambda), with p, q = (1 +- cos ob) / 2, c = lambda - L the
    equation of center, s = lambda + L, L = perihelion + M the longitude of the mean Sun.

    Args:
        mean_anomaly: M, of the Earth on its orbit [rad], known beforehand (numpy), (..., n).
        eccentricity, perihelion: as `sun_longitude`.
        obliquity: of the ecliptic, ob [rad].

    Returns:
        (direction, its first, its second derivative with the mean anomaly), each (..., 3, n); x towards the mean Sun
        in right ascension, z towards the pole.

    Errors: as `equation_of_center`.

    References: Vallado 2013, sec. 5.1; Meeus 1998, ch. 28 (the equation of time).
    """
    mean, center = turned(mean_anomaly, perihelion), equation_of_center(mean_anomaly, eccentricity)
    sun = joined(mean, center)
    both = joined(mean, sun)
    tilt = jnp.asarray(obliquity, jnp.float64)
    p, q, up = 0.5 * (1.0 + jnp.cos(tilt)), 0.5 * (1.0 - jnp.cos(tilt)), jnp.sin(tilt)
    x = [p * c + q * s for c, s in zip(_cosines(center), _cosines(both), strict=True)]
    y = [p * c - q * s for c, s in zip(_sines(center), _sines(both), strict=True)]
    z = [up * s for s in _sines(sun)]
    direction, first, second = (jnp.stack(jnp.broadcast_arrays(*v), axis=-2) for v in zip(x, y, z, strict=True))
    return direction, first, second


def _sines(d: Direction) -> tuple[Array, Array, Array]:
    """Sine of a direction's angle and its first two derivatives with the mean anomaly."""
    return d.sine, d.cosine * d.rate, d.cosine * d.bend - d.sine * d.rate**2


def _cosines(d: Direction) -> tuple[Array, Array, Array]:
    """Cosine of a direction's angle and its first two derivatives with the mean anomaly."""
    return d.cosine, -d.sine * d.rate, -d.sine * d.bend - d.cosine * d.rate**2


def sun_synchronous_season(earth: Earth, i: ArrayLike, node_angle: ArrayLike, *, panels: int = 24) -> Season:
    """The year of a sun-synchronous orbit of any local time: the node keeps an angle to the mean Sun.

    Args:
        earth: the Earth.
        i: inclination [rad].
        node_angle: right ascension of the ascending node less that of the mean Sun [rad]: (LTAN - 12 h) 15 deg/h, so
            pi/2 for LTAN 18:00, -pi/2 for LTAN 06:00; the shape (...) of `i`.
        panels: number of panels, equal in time.

    Returns:
        The season, (..., panels). The Sun's uneven motion (equation of center and obliquity) is in it.

    Errors: of the mean sunlit fraction, 200 to 1500 km, all local times, against 4,000 panels: 2e-4 at most, 3e-5 root
    mean square (12 panels: 9e-4, 1.4e-4; 48: 7e-5, 8e-6).

    References: Vallado 2013, sec. 5.3, 11.4.
    """
    step = 2.0 * math.pi / panels
    m = (np.arange(panels) + 0.5) * step
    elements = (jnp.asarray(x)[..., None] for x in (earth.eccentricity, earth.perihelion_longitude, earth.obliquity))
    # in these axes the normal stands still
    normal = orbit_normal(i, node_angle)[..., None, :]
    sine, slope, bend = ((normal @ axes)[..., 0, :] for axes in analemma(m, *elements))
    nothing = jnp.zeros_like(sine)
    return Season(sine, 0.5 * step * slope, 0.125 * step**2 * bend, nothing, nothing)


def precessing_season(i: ArrayLike, obliquity: ArrayLike, *, longitudes: int = 6, nodes: int = 10) -> Season:
    """All seasons and all nodes: the long-run mean of a circular orbit whose node turns freely against the Sun.

    sin(beta) = cos i sin(dec) - sin i cos(dec) sin(a), with the Sun's longitude over a quarter turn and the node's
    angle a to it over half a turn: the rest follows by symmetry.

    Args:
        i: inclination [rad].
        obliquity: of the ecliptic [rad], a scalar or the shape of `i`.
        longitudes: panels of the Sun's longitude.
        nodes: panels of the node's angle.

    Returns:
        The season, (..., longitudes nodes). Near i = 0 (a geostationary orbit) the node drops out of itself.

    Errors: of the mean sunlit fraction, 200 km to 60,000 km, inclinations to 110 deg, against 80 x 80 panels: 5e-4 at
    most, 1.2e-4 root mean square.

    References: as `beta_angle`.
    """
    i, obliquity = jnp.broadcast_arrays(jnp.asarray(i, jnp.float64), jnp.asarray(obliquity, jnp.float64))
    step, node_step = 0.5 * math.pi / longitudes, math.pi / nodes
    longitude = (np.arange(longitudes) + 0.5) * step
    angle = (np.arange(nodes) + 0.5) * node_step - 0.5 * math.pi
    longitude, angle = (
        v.ravel().reshape((1,) * i.ndim + (longitudes * nodes,))
        for v in np.broadcast_arrays(longitude[:, None], angle[None, :])
    )
    i, obliquity = i[..., None], obliquity[..., None]
    tilt = jnp.sin(obliquity)
    sin_dec = tilt * np.sin(longitude)
    cos_dec = jnp.sqrt(1.0 - sin_dec**2)
    dec_rate = tilt * np.cos(longitude) / cos_dec
    dec_bend = (dec_rate**2 - 1.0) * sin_dec / cos_dec
    c, s = jnp.cos(i), jnp.sin(i) * np.sin(angle)
    sine = c * sin_dec - s * cos_dec
    cosine = c * cos_dec + s * sin_dec
    slope, bend = cosine * dec_rate, cosine * dec_bend - sine * dec_rate**2
    node_slope, node_bend = -jnp.sin(i) * np.cos(angle) * cos_dec, s * cos_dec
    return Season(
        sine, 0.5 * step * slope, 0.125 * step**2 * bend, 0.5 * node_step * node_slope, 0.125 * node_step**2 * node_bend
    )


def least_sine(season: Season) -> Array:
    """Least |sin(beta)| of a season: where the eclipses are longest; 0 where the Sun crosses the plane.

    Of the panel with the least |z| the vertex of its parabola, |z| - z'^2 / (2 |z|'').

    Args:
        season: the season (..., n) of an orbit whose panels follow one another in time.

    Returns:
        |sin(beta)| (...), at least 0; its derivative is that of the vertex, 0 where the plane is crossed.

    Errors: 24 panels, sun-synchronous orbits of 200 to 1600 km: 8e-5 at most, 1.3e-5 root mean square (0.8 s).

    References: as `beta_angle`.
    """
    z = jnp.abs(season.sine)
    at = jnp.argmin(z, axis=-1, keepdims=True)

    def pick(x: Array) -> Array:
        return jnp.take_along_axis(x, at, axis=-1)[..., 0]

    sign = jnp.sign(pick(season.sine))
    middle, change, bow = pick(z), sign * pick(season.along_change), sign * pick(season.along_bow)
    # z(x) = middle + change x + bow x^2, x in [-1, 1] within the panel: the least is at -change / (2 bow)
    hollow = bow > 0.0
    vertex = middle - change**2 / (4.0 * jnp.where(hollow, bow, 1.0))
    least = jnp.where(hollow, vertex, middle)
    crossed = jnp.min(season.sine, axis=-1) * jnp.max(season.sine, axis=-1) <= 0.0
    return jnp.where(crossed | (least < 0.0), 0.0, least)
