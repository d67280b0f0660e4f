"""What a shot at the real Moon has to meet: the three equations of `lunar_launch_aim` at a date of the ephemeris."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jax import Array

from astro_logistics.astro import point_masses
from astro_logistics.astro.cr3bp import System
from astro_logistics.astro.ephemeris import Ephemeris
from astro_logistics.astro.lunar_launch import Shot, Site, asymptote
from astro_logistics.astro.lunar_launch_aim import Target
from astro_logistics.astro.lunar_launch_dates import muzzle
from astro_logistics.numerics import norm, unit

LARGEST = np.array([20.0, 0.15, 0.15, 86_400.0])
"""Longest step in speed (m/s), azimuth, elevation (rad) and time of flight (s), as in `lunar_launch_aim`; also the
measure in which the rails' correction is least where they can be tilted."""
CENTER = "earth"


def start(ephemeris: Ephemeris, t: Array, site: Site, u: Array) -> Array:
    """State (6,) at the muzzle from the Earth's center; u is speed, azimuth, elevation and time of flight."""
    r, v = muzzle(t, site, Shot(speed=u[0], azimuth=u[1], elevation=u[2]))
    r_moon, v_moon = ephemeris.state("moon", t, CENTER)
    return jnp.concatenate([r + r_moon, v + v_moon])


def equations(
    ephemeris: Ephemeris, mu: Array, system: System, target: Target, ends: tuple[Array, Array, Array, Array]
) -> tuple[Array, tuple[Array, Array, Array]]:
    """Three residuals of one lane, and with them speed, kick and miss of the arrival.

    `ends` are the state (6,) at the arrival, its date, the azimuth and the time of flight.
    """
    end, t, azimuth, flight = ends
    r, v = end[:3], end[3:]
    r_moon, v_moon = ephemeris.state("moon", t, CENTER)
    steered = target.is_steered > 0.5
    held = azimuth - target.azimuth
    normal = unit(jnp.cross(r_moon, v_moon))

    place, moving = point_masses.to_inertial(
        ephemeris, mu, t, jnp.concatenate([target.position, target.velocity]), center=CENTER
    )
    by_point = (r - place) / system.length

    at_moon = target.center > 0.0
    d, w = r - jnp.where(at_moon, r_moon, 0.0), v - jnp.where(at_moon, v_moon, 0.0)
    own, wanted = jnp.where(at_moon, mu[2], mu[1]), target.radius * system.length
    h, radius, speed = jnp.cross(d, w), norm(d), norm(w)
    tilted = jnp.where(steered, jnp.sum(h * normal) / norm(h) - target.sine, held)
    climb = jnp.sum(d * w)
    near, far = _apsides(own, jnp.sum(h * h), 0.5 * speed * speed - own / radius)
    by_apsis = jnp.where(
        at_moon,
        jnp.stack([climb / (radius * speed), radius / wanted - 1.0, tilted]),
        jnp.stack([_past(own, jnp.sum(h * h), climb) / system.time, jnp.sqrt(near / wanted) - 1.0, tilted]),
    )

    share, total, unit_speed = mu[2] / (mu[1] + mu[2]), mu[1] + mu[2], system.length / system.time
    d_all, w_all = r - share * r_moon, v - share * v_moon
    c3 = jnp.sum(w_all * w_all) - 2.0 * total / norm(d_all)
    bound = c3 <= 0.0
    away = asymptote(
        total,
        jnp.where(bound, jnp.asarray([1.0, 0.0, 0.0]) * system.length, d_all),
        jnp.where(bound, jnp.full(3, 2.0) * unit_speed, w_all),
    )
    tilt = jnp.sum(away * normal) / norm(away) - target.sine
    by_escape = jnp.stack(
        [c3 / unit_speed**2 - target.c3, flight / system.time - target.time, jnp.where(steered, tilt, held)]
    )

    is_point, is_escape = target.kind < 0.5, target.kind > 1.5
    passing = norm(v - moving)
    stay = jnp.where(is_point, passing, jnp.where(is_escape, jnp.nan, jnp.abs(jnp.sqrt(own / radius) - speed)))
    leaving = jnp.sqrt(jnp.where(bound, jnp.nan, c3))
    off = jnp.where(is_escape, jnp.abs(c3 - target.c3 * unit_speed**2), norm(r - place))
    off = jnp.where(is_point | is_escape, off, jnp.abs(jnp.where(at_moon, far, near) - wanted))
    residual = jnp.where(is_point, by_point, jnp.where(is_escape, by_escape, by_apsis))
    return residual, (jnp.where(is_point, passing, jnp.where(is_escape, leaving, speed)), stay, off)


def _apsides(mu: Array, momentum: Array, energy: Array) -> tuple[Array, Array]:
    """Near and far point of the two-body orbit: p / (1 + e) and p / (1 - e); `momentum` is |h|^2; far NaN if open."""
    p = momentum / mu
    square = 1.0 + 2.0 * energy * p / mu
    e = jnp.where(square > 0.0, jnp.sqrt(jnp.where(square > 0.0, square, 1.0)), 0.0)
    return p / (1.0 + e), p / jnp.where(e < 1.0, 1.0 - e, jnp.nan)


def _past(mu: Array, momentum: Array, climb: Array) -> Array:
    """Time since the near point, were the orbit a parabola: (p D + D^3 / 3) / (2 sqrt mu), D = d . w / sqrt mu, s.

    It vanishes where d . w does, and goes with the time far from there too, where the angle of the path does not.
    """
    way = climb / jnp.sqrt(mu)
    return 0.5 * (momentum / mu * way + way**3 / 3.0) / jnp.sqrt(mu)
