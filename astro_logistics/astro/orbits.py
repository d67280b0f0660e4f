"""Speeds, periods and slow drifts of an orbit: what one formula of the two-body problem or of J2 gives."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike


def circular_speed(mu: ArrayLike, r: ArrayLike) -> Array:
    """Speed on a circular orbit: v = sqrt(mu / r).

    Args:
        mu: gravitational parameter [m3/s2].
        r: radius [m]; broadcasts with `mu`.

    Returns:
        Speed [m/s]; NaN for r < 0.

    References: Bate, Mueller & White 1971, sec. 1.8.
    """
    mu, r = jnp.asarray(mu, jnp.float64), jnp.asarray(r, jnp.float64)
    return jnp.sqrt(mu / r)


def escape_speed(mu: ArrayLike, r: ArrayLike) -> Array:
    """Speed that just escapes from radius r: v = sqrt(2 mu / r).

    Args:
        mu: gravitational parameter [m3/s2].
        r: radius [m]; broadcasts with `mu`.

    Returns:
        Speed [m/s]; NaN for r < 0.

    References: Bate, Mueller & White 1971, sec. 1.9.
    """
    mu, r = jnp.asarray(mu, jnp.float64), jnp.asarray(r, jnp.float64)
    return jnp.sqrt(2.0 * mu / r)


def vis_viva(mu: ArrayLike, r: ArrayLike, a: ArrayLike) -> Array:
    """Speed at radius r on an orbit of semi-major axis a: v^2 = mu (2/r - 1/a).

    Args:
        mu: gravitational parameter [m3/s2].
        r: radius [m].
        a: semi-major axis [m]: negative on a hyperbola, infinite on a parabola.

    Returns:
        Speed [m/s]; NaN where the orbit never reaches r (r > 2a on an ellipse) or r < 0.

    References: Curtis 2014, eq. 2.81; Vallado 2013, sec. 1.3.
    """
    mu, a = jnp.asarray(mu, jnp.float64), jnp.asarray(a, jnp.float64)
    return jnp.sqrt(escape_speed(mu, r) ** 2 - mu / a)


def speed_from_v_infinity(mu: ArrayLike, r: ArrayLike, v_infinity: ArrayLike) -> Array:
    """Speed at radius r of a body that leaves (or arrives) with a given speed far away: sqrt(v_inf^2 + 2 mu / r).

    Args:
        mu: gravitational parameter [m3/s2].
        r: radius [m].
        v_infinity: hyperbolic excess speed [m/s]; enters squared.

    Returns:
        Speed [m/s]; NaN for r < 0.

    References: Curtis 2014, sec. 2.9.
    """
    v_infinity = jnp.asarray(v_infinity, jnp.float64)
    return jnp.sqrt(v_infinity**2 + escape_speed(mu, r) ** 2)


def period(mu: ArrayLike, a: ArrayLike) -> Array:
    """Time of one revolution: T = 2 pi sqrt(a^3 / mu).

    Args:
        mu: gravitational parameter [m3/s2].
        a: semi-major axis [m].

    Returns:
        Period [s]; NaN for a < 0 (a hyperbola has none).

    References: Bate, Mueller & White 1971, sec. 1.7.
    """
    mu, a = jnp.asarray(mu, jnp.float64), jnp.asarray(a, jnp.float64)
    return 2.0 * jnp.pi * a * jnp.sqrt(a / mu)


def nodal_precession(
    mu: ArrayLike, radius: ArrayLike, j2: ArrayLike, a: ArrayLike, e: ArrayLike, i: ArrayLike
) -> Array:
    """Secular drift of the ascending node under the oblateness of the body.

    d(raan)/dt = -(3/2) J2 n (R/p)^2 cos i, with n = sqrt(mu/a^3) and p = a (1 - e^2).

    Args:
        mu: gravitational parameter [m3/s2].
        radius: equatorial radius that J2 refers to [m].
        j2: second zonal harmonic [-].
        a: semi-major axis [m].
        e: eccentricity [-], below 1.
        i: inclination to the equator [rad].

    Returns:
        Rate [rad/s], negative (westward) for i < pi/2; NaN for a < 0.

    Errors: first order in J2. The second-order terms are of relative size J2 (R/p)^2: 0.1 % at the Earth.
    Higher harmonics, the Sun and the Moon are left out.

    References: Vallado 2013, sec. 9.6; Curtis 2014, sec. 4.7.
    """
    j2, radius, e, i = (jnp.asarray(x, jnp.float64) for x in (j2, radius, e, i))
    n = 2.0 * jnp.pi / period(mu, a)
    p = jnp.asarray(a, jnp.float64) * (1.0 - e**2)
    return -1.5 * j2 * n * (radius / p) ** 2 * jnp.cos(i)


def sun_synchronous_inclination(
    mu: ArrayLike,
    radius: ArrayLike,
    j2: ArrayLike,
    a: ArrayLike,
    year: ArrayLike,
    e: ArrayLike = 0.0,
) -> Array:
    """Inclination whose J2 nodal drift keeps pace with the mean Sun.

    cos i = -(2 pi / year) / [(3/2) J2 n (R/p)^2]: `nodal_precession` solved for i.

    Args:
        mu: gravitational parameter [m3/s2].
        radius: equatorial radius that J2 refers to [m].
        j2: second zonal harmonic [-].
        a: semi-major axis [m].
        year: time in which the node must go round once: the body's tropical year [s].
        e: eccentricity [-].

    Returns:
        Inclination [rad], above pi/2; NaN where no inclination drifts fast enough (above 5,970 km at the Earth).

    Errors: first order in J2: 0.01 deg at 550 km.

    References: Vallado 2013, sec. 11.4; Curtis 2014, sec. 4.7.
    """
    fastest = nodal_precession(mu, radius, j2, a, e, 0.0)
    return jnp.arccos(2.0 * jnp.pi / jnp.asarray(year, jnp.float64) / fastest)


def launch_azimuth(i: ArrayLike, latitude: ArrayLike) -> Array:
    """Inertial azimuth, east of north, of a launch into an orbit of inclination i: sin(azimuth) = cos i / cos(lat).

    The northbound opportunity; the southbound one is pi minus it.

    Args:
        i: inclination [rad].
        latitude: (geocentric) latitude of the site [rad].

    Returns:
        Azimuth [rad] in [-pi/2, pi/2]; NaN where the orbit never passes over the site (i < |lat| or i > pi - |lat|).

    References: Vallado 2013, sec. 6.4.
    """
    i, latitude = jnp.asarray(i, jnp.float64), jnp.asarray(latitude, jnp.float64)
    return jnp.arcsin(jnp.cos(i) / jnp.cos(latitude))


def launch_speed(v_inertial: ArrayLike, i: ArrayLike, latitude: ArrayLike, rotation_speed: ArrayLike) -> Array:
    """Speed a launcher must itself give, relative to the turning ground, for an orbit of inclination i.

    |v - v_ground| with v horizontal along the launch azimuth A and v_ground due east:
    sqrt(v^2 + w^2 - 2 v w sin A), sin A = cos i / cos(lat). An eastward launch gains w, a retrograde one pays it.

    Args:
        v_inertial: horizontal speed wanted in the inertial frame [m/s].
        i: inclination of the orbit [rad].
        latitude: (geocentric) latitude of the site [rad].
        rotation_speed: eastward speed of the ground at the site [m/s] (465.1 cos(lat) on the Earth).

    Returns:
        Speed relative to the ground [m/s]; NaN where the orbit never passes over the site.

    Errors: kinematics only: no drag, gravity or steering loss.

    References: Vallado 2013, sec. 6.4.
    """
    v, i, latitude, w = (jnp.asarray(x, jnp.float64) for x in (v_inertial, i, latitude, rotation_speed))
    sin_azimuth = jnp.cos(i) / jnp.cos(latitude)
    sin_azimuth = jnp.where(jnp.abs(sin_azimuth) <= 1.0, sin_azimuth, jnp.nan)
    return jnp.sqrt((v - w) ** 2 + 2.0 * v * w * (1.0 - sin_azimuth))


def sphere_of_influence(mu: ArrayLike, mu_central: ArrayLike, a: ArrayLike) -> Array:
    """Laplace's sphere of influence: a (mu / mu_central)^(2/5).

    Args:
        mu: gravitational parameter of the body [m3/s2].
        mu_central: gravitational parameter of the body it goes round [m3/s2].
        a: semi-major axis of its orbit [m].

    Returns:
        Radius [m]: 924,600 km for the Earth.

    References: Bate, Mueller & White 1971, eq. 7.4-1; Curtis 2014, eq. 8.34.
    """
    mu, mu_central, a = (jnp.asarray(x, jnp.float64) for x in (mu, mu_central, a))
    return a * (mu / mu_central) ** 0.4


def parabolic_time(mu: ArrayLike, r_periapsis: ArrayLike, r: ArrayLike) -> Array:
    """Time from periapsis to radius r on a parabola (Barker's equation): sqrt(2 q^3/mu) (D + D^3/3), D^2 = r/q - 1.

    Args:
        mu: gravitational parameter [m3/s2].
        r_periapsis: radius q of the periapsis [m].
        r: radius reached [m], at least q.

    Returns:
        Time [s]; NaN for r < q.

    References: Bate, Mueller & White 1971, sec. 4.2; Vallado 2013, eq. 2-19.
    """
    mu, q, r = (jnp.asarray(x, jnp.float64) for x in (mu, r_periapsis, r))
    tangent = jnp.sqrt(r / q - 1.0)
    return q * jnp.sqrt(2.0 * q / mu) * (tangent + tangent**3 / 3.0)
