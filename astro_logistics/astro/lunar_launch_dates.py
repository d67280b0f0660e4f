"""The real Moon at the muzzle: how it is turned, where a shot starts among the stars, and when a plane can be reached.

The circular problem sees a Moon that always shows the Earth the same face. The real one librates: `axes` has its
orientation, `muzzle` a shot in the frame of the ephemeris, to be flown with `point_masses`.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro._lunar_crossings import crossings
from astro_logistics.astro.cr3bp import System
from astro_logistics.astro.ephemeris import Ephemeris
from astro_logistics.astro.lunar_launch import Shot, Site, about, asymptote, moon_fixed
from astro_logistics.astro.lunar_windows import ParkingOrbit, out_of_plane
from astro_logistics.constants import DAY
from astro_logistics.numerics import norm, unit

_PHASE = np.array(
    [125.045, 250.089, 260.008, 176.625, 357.529, 311.589, 134.963, 276.617, 34.226, 15.134, 119.743, 239.961, 25.053]
)
_RATE = np.array(
    [
        -0.0529921,
        -0.1059842,
        13.0120009,
        13.3407154,
        0.9856003,
        26.4057084,
        13.0649930,
        0.3287146,
        1.7484877,
        -0.1589763,
        0.0036096,
        0.1643573,
        12.9590088,
    ]
)
_ASCENSION = np.array([-3.8787, -0.1204, 0.0700, -0.0172, 0, 0.0072, 0, 0, 0, -0.0052, 0, 0, 0.0043])
_DECLINATION = np.array([1.5419, 0.0239, -0.0278, 0.0068, 0, -0.0029, 0.0009, 0, 0, 0.0008, 0, 0, -0.0009])
_MERIDIAN = np.array(
    [3.5610, 0.1208, -0.0642, 0.0158, 0.0252, -0.0066, -0.0047, -0.0046, 0.0028, 0.0052, 0.0040, 0.0019, -0.0044]
)


def axes(t: ArrayLike) -> Array:
    """Rotation (..., 3, 3) from axes fixed to the Moon (mean Earth, polar axis) to ICRF, librations included.

        pole (a0 + series, d0 + series), meridian W = 38.3213 + 13.17635815 d - 1.4e-12 d^2 + series, degrees

    Args:
        t: TDB seconds past J2000 (...).

    Returns:
        Columns: to longitude 0, to longitude 90 east, to the north pole. Error: about 0.005 degrees (150 m on the
        ground) against the integrated librations.

    References: Archinal et al. 2018, Report of the IAU working group on cartographic coordinates 2015, table 2.
    """
    days = jnp.asarray(t, jnp.float64) / DAY
    phase, rate = (jnp.asarray(x).reshape((1,) * days.ndim + (13,)) for x in (_PHASE, _RATE))
    argument = jnp.deg2rad(phase + days[..., None] * rate)
    sine, cosine = jnp.sin(argument), jnp.cos(argument)
    centuries = days / 36525.0
    ascension = 269.9949 + 0.0031 * centuries + jnp.einsum("...k,k->...", sine, jnp.asarray(_ASCENSION))
    declination = 66.5392 + 0.0130 * centuries + jnp.einsum("...k,k->...", cosine, jnp.asarray(_DECLINATION))
    meridian = (
        38.3213 + 13.17635815 * days - 1.4e-12 * days**2 + jnp.einsum("...k,k->...", sine, jnp.asarray(_MERIDIAN))
    )
    a, d, w = (jnp.deg2rad(x) for x in (ascension, declination, meridian))
    pole = jnp.stack([jnp.cos(d) * jnp.cos(a), jnp.cos(d) * jnp.sin(a), jnp.sin(d)], axis=-1)
    node = jnp.stack([-jnp.sin(a), jnp.cos(a), jnp.zeros_like(a)], axis=-1)
    across = jnp.cross(pole, node)
    cos_w, sin_w = jnp.cos(w)[..., None], jnp.sin(w)[..., None]
    return jnp.stack([cos_w * node + sin_w * across, cos_w * across - sin_w * node, pole], axis=-1)


def muzzle(t: ArrayLike, site: Site, shot: Shot) -> tuple[Array, Array]:
    """Position [m] and velocity [m/s] (..., 3) at the muzzle about the Moon, ICRF, the turn of the ground in it.

    Args:
        t: TDB seconds past J2000 (...).
        site, shot: fields (...) of the same shape, or scalar.
    """
    t = jnp.asarray(t, jnp.float64)
    turn, rate = jax.jvp(axes, (t,), (jnp.ones_like(t),))
    r, v = (jnp.broadcast_to(x, (*jnp.broadcast_shapes(t.shape, x.shape[:-1]), 3)) for x in moon_fixed(site, shot))
    place = jnp.einsum("...ij,...j->...i", turn, r)
    return place, jnp.einsum("...ij,...j->...i", turn, v) + jnp.einsum("...ij,...j->...i", rate, r)


def libration(ephemeris: Ephemeris, t: ArrayLike) -> tuple[Array, Array]:
    """Selenographic longitude (east) and latitude of the Earth [rad], (...): zero for the circular problem."""
    t = jnp.asarray(t, jnp.float64)
    toward = unit(ephemeris.state("earth", t, center="moon")[0])
    x, y, z = jnp.moveaxis(jnp.einsum("...ji,...j->...i", axes(t), toward), -1, 0)
    return jnp.arctan2(y, x), jnp.arcsin(z)


def plane_windows(
    ephemeris: Ephemeris, orbit: ParkingOrbit, start: float, stop: float, tolerance: float, *, points: int = 8192
) -> tuple[float, int]:
    """Share of a span in which a flight from the Moon can arrive within an angle of an orbit's plane, and how often.

    The arrival plane holds the Earth's center and the Moon at the shot, so its angle to the orbit's is at least the
    angle of the Moon above that, which must be below the tolerance.

    Args:
        ephemeris: of the Earth and the Moon.
        orbit: about the Earth, its node drifting; fields scalar.
        start, stop: TDB seconds past J2000.
        tolerance: rad.
        points: dates looked at; the share is right to one of them per edge.

    Returns:
        The share, and the number of windows that open in the span.
    """
    t = jnp.linspace(start, stop, points)
    inside = np.asarray(jnp.abs(out_of_plane(ephemeris, orbit, t, 0.0))) < np.sin(tolerance)
    return float(np.mean(inside)), int(np.count_nonzero(~inside[:-1] & inside[1:]))


def orbit_normal(ephemeris: Ephemeris, t: ArrayLike) -> Array:
    """Unit vector (..., 3) along the angular momentum of the Moon about the Earth, ICRF."""
    r, v = ephemeris.state("moon", t, center="earth")
    return unit(jnp.cross(r, v))


def wanted_latitude(ephemeris: Ephemeris, t: ArrayLike, v_infinity: ArrayLike) -> Array:
    """Angle [rad] (...) of an asymptote, the velocity (..., 3) at infinity on ICRF axes, above the Moon's orbit."""
    away = unit(jnp.asarray(v_infinity, jnp.float64))
    return jnp.arcsin(jnp.sum(orbit_normal(ephemeris, t) * away, axis=-1))


def asymptote_angle(system: System, end: ArrayLike, time: ArrayLike) -> Array:
    """Angle [rad] (...) in the Moon's plane from the Earth-Moon line at the shot to the asymptote, along the motion.

    Args:
        system: the Earth and the Moon.
        end: state (..., 6) of the escape in the rotating frame.
        time: since the shot, s (...).
    """
    away = asymptote(1.0, *about(0.0, end))
    return jnp.arctan2(away[..., 1], away[..., 0]) + jnp.asarray(time, jnp.float64) / system.time


def _beside(t: Array, inputs: tuple[Ephemeris, Array, Array]) -> Array:
    """Sine of the angle in the Moon's plane by which the wanted direction is ahead of the shot's asymptote."""
    ephemeris, away, ahead = inputs
    r, v = ephemeris.state("moon", t, center="earth")
    x = unit(r)
    y = unit(jnp.cross(jnp.cross(r, v), x))
    return jnp.sin(jnp.arctan2(y @ away, x @ away) - ahead)


def shot_dates(ephemeris: Ephemeris, start: float, stop: float, v_infinity: ArrayLike, angle: ArrayLike) -> np.ndarray:
    """Dates in a span at which a shot whose asymptote lies `angle` ahead of the Moon leaves in a wanted direction.

    Once a sidereal month: the Moon's direction, turned by the angle in its own plane, meets the wanted direction.

    Args:
        ephemeris: of the Earth and the Moon.
        start, stop: span, TDB seconds past J2000.
        v_infinity: (3,), velocity at infinity on ICRF axes; only its direction is read.
        angle: from `asymptote_angle`, rad.

    Returns:
        TDB seconds past J2000, (n,). The escape is that of the circular problem, so dates are right to half a day: the
        real Moon's angular speed is within 13 % of the mean.
    """
    inputs = (ephemeris, jnp.asarray(v_infinity, jnp.float64), jnp.asarray(angle, jnp.float64))
    rising = jnp.asarray(crossings(_beside, inputs, start, stop, DAY))
    slope = _beside(rising + 60.0, inputs) - _beside(rising - 60.0, inputs)
    return np.asarray(rising)[np.asarray(slope) < 0.0]  # the others are half a turn off


def _off_cone(t: Array, inputs: tuple[Ephemeris, Array, Array]) -> Array:
    ephemeris, away, angle = inputs
    return unit(ephemeris.state("moon", t, center="earth")[0]) @ unit(away) - jnp.cos(angle)


def cone_dates(ephemeris: Ephemeris, start: float, stop: float, v_infinity: ArrayLike, angle: ArrayLike) -> np.ndarray:
    """Dates in a span at which the Moon, seen from the Earth, stands `angle` from a direction: two a month, or none.

    Args:
        ephemeris, start, stop, v_infinity: as in `shot_dates`.
        angle: from `perigee_burn_angle`, rad.
    """
    inputs = (ephemeris, jnp.asarray(v_infinity, jnp.float64), jnp.asarray(angle, jnp.float64))
    return np.asarray(crossings(_off_cone, inputs, start, stop, DAY))


def perigee_burn(mu: ArrayLike, r_perigee: ArrayLike, v_perigee: ArrayLike, v_infinity: ArrayLike) -> Array:
    """Burn at a perigee that turns a fall from the Moon into a departure: sqrt(v_inf^2 + 2 mu / r) - v_perigee [m/s].

    Impulsive, along the path; the share of the Oberth effect that a throw from the Moon can use. All arguments (...).
    """
    mu, r, v, excess = (jnp.asarray(x, jnp.float64) for x in (mu, r_perigee, v_perigee, v_infinity))
    return jnp.sqrt(excess * excess + 2.0 * mu / r) - v


def perigee_burn_angle(mu: ArrayLike, r_perigee: ArrayLike, v_infinity: ArrayLike, to_perigee: ArrayLike) -> Array:
    """Angle [rad] (...) at the Earth from the Moon at the shot to the asymptote after a burn at perigee.

        to_perigee + arccos(-1/e),  e = 1 + r v_inf^2 / mu

    The shot is possible when the Moon stands at this angle from the wanted asymptote, in whatever plane: twice a month
    where the cone meets the Moon's path.

    Args:
        mu: of the Earth, m3/s2 (...).
        r_perigee: m (...).
        v_infinity: m/s (...).
        to_perigee: angle at the Earth from the Moon at the shot to the perigee, rad (...).
    """
    mu, r, excess = (jnp.asarray(x, jnp.float64) for x in (mu, r_perigee, v_infinity))
    return jnp.asarray(to_perigee, jnp.float64) + jnp.arccos(-1.0 / (1.0 + r * excess * excess / mu))


def earth_angle(system: System, start: ArrayLike, end: ArrayLike, time: ArrayLike) -> Array:
    """Angle [rad] (...) swept at the Earth's center between two states of a flight, against the stars, 0 to pi.

    Args:
        system: the Earth and the Moon.
        start, end: states (..., 6) in the rotating frame.
        time: between them, s (...).
    """
    center = -system.mass_ratio
    a, b = about(center, start)[0], about(center, end)[0]
    turn = jnp.asarray(time, jnp.float64) / system.time
    cos, sin = jnp.cos(turn), jnp.sin(turn)
    turned = jnp.stack([cos * b[..., 0] - sin * b[..., 1], sin * b[..., 0] + cos * b[..., 1], b[..., 2]], axis=-1)
    return jnp.arctan2(norm(jnp.cross(a, turned)), jnp.sum(a * turned, axis=-1))
