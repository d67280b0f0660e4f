"""A calendar of shadow: beta angle, eclipses and seasons of a circular orbit of the Earth on given days."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro import orbits
from astro_logistics.astro.beta_angle import beta_angle, orbit_normal
from astro_logistics.astro.bodies import Earth
from astro_logistics.astro.eclipse import cylindrical_eclipse_fraction, eclipse_fraction
from astro_logistics.constants import DAY, SOLAR_RADIUS
from astro_logistics.numerics import norm
from astro_logistics.pytree import Pytree, field


class Calendar(Pytree):
    """One orbit over n days."""

    beta: Array = field(unit="rad", doc="angle of the Sun to the orbit plane, (..., n)")
    sunlit_fraction: Array = field(unit="", doc="of the revolutions of that day, penumbra in part, (..., n)")
    eclipse_duration: Array = field(unit="s", doc="time in shadow on each revolution, (..., n)")
    solar_distance: Array = field(unit="m", doc="distance of the Sun, (..., n)")


def calendar(
    earth: Earth,
    r: ArrayLike,
    i: ArrayLike,
    raan: ArrayLike,
    elapsed: ArrayLike,
    sun: ArrayLike,
    *,
    cylindrical: bool = False,
) -> Calendar:
    """Shadow of a circular orbit, day by day, its node drifting under the Earth's oblateness.

    Args:
        earth: the Earth.
        r: radius of the orbit [m], shape (...).
        i: inclination [rad].
        raan: right ascension of the ascending node at the start [rad].
        elapsed: seconds since the start, (n,).
        sun: vectors from the Earth to the Sun on those days (n, 3) [m], axes of the equator and equinox of date:
            `of_date` of `Ephemeris.state("sun", t, "earth")`.
        cylindrical: the shadow of a point Sun at infinity instead of umbra and penumbra.

    Returns:
        The calendar, (..., n).

    Errors: of the sunlit fraction of 2030 on twelve orbits, against SGP4 and the Sun of ERFA with overlapping discs,
    9e-4 at most (dawn-dusk, where the odd zonals that SGP4 has lift one side of the orbit), 2e-4 elsewhere.
    Drift of first order in J2; the Moon and the Sun turn a geostationary plane by 0.85 deg a year, which is left out.

    References: Vallado 2013, sec. 5.3, 9.6.
    """
    r, i, raan = (x[..., None] for x in jnp.broadcast_arrays(*(jnp.asarray(v, jnp.float64) for v in (r, i, raan))))
    elapsed, sun = jnp.asarray(elapsed, jnp.float64), jnp.asarray(sun, jnp.float64)
    drift = orbits.nodal_precession(earth.mu, earth.radius, earth.j2, r, 0.0, i)
    node = raan + drift * elapsed.reshape((1,) * (r.ndim - 1) + elapsed.shape)
    distance = jnp.broadcast_to(norm(sun), node.shape)
    beta = beta_angle(orbit_normal(i, node), jnp.broadcast_to(sun, (*node.shape, 3)))
    if cylindrical:
        fraction = cylindrical_eclipse_fraction(beta, earth.radius, r)
    else:
        fraction = eclipse_fraction(beta, earth.radius, r, SOLAR_RADIUS / distance)
    return Calendar(beta, 1.0 - fraction, orbits.period(earth.mu, r) * fraction, distance)


def of_date(vector: ArrayLike, t: ArrayLike) -> Array:
    """From ICRF axes to those of the mean equator and equinox of date: precession alone.

    Rz(-z) Ry(theta) Rz(-zeta), with zeta = 2306.2181 T + 0.30188 T^2, z = 2306.2181 T + 1.09468 T^2 and
    theta = 2004.3109 T - 0.42665 T^2 arc seconds, T in Julian centuries.

    Args:
        vector: (..., 3).
        t: TDB seconds past J2000 (...).

    Returns:
        The vectors (..., 3).

    Errors: 1e-5 rad within a century of 2000; nutation, 8e-5 rad, is left out.

    References: Lieske et al. 1977; Montenbruck & Gill 2000, sec. 5.3.
    """
    x, y, w = jnp.moveaxis(jnp.asarray(vector, jnp.float64), -1, 0)
    century = jnp.asarray(t, jnp.float64) / (36525.0 * DAY)
    arc_second = jnp.pi / (180.0 * 3600.0)
    zeta, z, theta = (
        (a * century + b * century**2) * arc_second
        for a, b in ((2306.2181, 0.30188), (2306.2181, 1.09468), (2004.3109, -0.42665))
    )
    x, y = x * jnp.cos(zeta) - y * jnp.sin(zeta), x * jnp.sin(zeta) + y * jnp.cos(zeta)
    x, w = x * jnp.cos(theta) - w * jnp.sin(theta), x * jnp.sin(theta) + w * jnp.cos(theta)
    x, y = x * jnp.cos(z) - y * jnp.sin(z), x * jnp.sin(z) + y * jnp.cos(z)
    return jnp.stack([x, y, w], axis=-1)


def raan_of_local_time(hours: ArrayLike, sun_right_ascension: ArrayLike) -> Array:
    """Right ascension of the ascending node that a local time means: that of the Sun + (hours - 12) 15 deg.

    Args:
        hours: local time of the ascending node [h].
        sun_right_ascension: of the mean Sun for a mean local time, of the true Sun for a true one [rad].

    Returns:
        raan [rad].

    References: Vallado 2013, sec. 3.5.
    """
    return jnp.asarray(sun_right_ascension, jnp.float64) + (jnp.asarray(hours, jnp.float64) - 12.0) * (jnp.pi / 12.0)


def mean_sun(elapsed: ArrayLike) -> Array:
    """Right ascension of the mean Sun, TDB seconds past J2000 [rad].

    280.46646 deg + 36000.76983 deg T, T in Julian centuries.

    References: Meeus 1998, eq. 25.2.
    """
    t = jnp.asarray(elapsed, jnp.float64) / (36525.0 * DAY)
    return jnp.deg2rad(280.46646 + 36000.76983 * t)


def seasons(days: np.ndarray, eclipsed: np.ndarray) -> list[tuple[float, float]]:
    """First and last day of each stretch of days with eclipses; for people, not for derivatives.

    Args:
        days: times, increasing (n,).
        eclipsed: whether there are eclipses on each, (n,).

    Returns:
        (first, last) of each season, in the unit of `days`.
    """
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.asarray(eclipsed, int), [0]])))
    return [(float(days[a]), float(days[b - 1])) for a, b in edges.reshape(-1, 2)]
