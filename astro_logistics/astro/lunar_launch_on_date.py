"""Shots at the real Moon on a date: the circular problem's muzzle conditions, corrected among Sun, Earth and Moon.

The circular problem has a Moon at its mean distance that always shows the Earth the same face. The real one comes 7 %
nearer and goes 6 % farther, and librates by 8 degrees, so that a shot aimed in the circular problem misses by
thousands of km. Here the three equations of `lunar_launch_aim` are met on DE440 with the matrix of `point_masses`; a
point of the rotating frame (a libration point, a catcher) is where that frame, pulsating with the Moon's distance, has
it at the arrival.

What is still left out: the Moon's gravity field, 1e-4 of its pull at the muzzle (some 0.1 m/s, which is aimed for the
same way once the field is there), and what `point_masses` leaves out. A flight that meets the Moon on the way is not
noticed here: `point_masses.impact` tells.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro import point_masses
from astro_logistics.astro._point_mass_flow import rate
from astro_logistics.astro.cr3bp import System
from astro_logistics.astro.ephemeris import Ephemeris
from astro_logistics.astro.lunar_launch import Shot, Site, asymptote
from astro_logistics.astro.lunar_launch_aim import Target
from astro_logistics.astro.lunar_launch_dates import muzzle
from astro_logistics.numerics import norm, unit
from astro_logistics.pytree import Pytree, field

_STEPS = 30
_TOLERANCE = 1e-9
"""Largest residual of a converged shot, in units of the system (0.4 m, 1 mm/s): the place of the real Moon rounds to
1e-4 m, and a flight that turns back on the way makes a thousand times as much of it."""
_LARGEST = np.array([20.0, 0.15, 0.15, 86_400.0])
"""Longest step in speed (m/s), azimuth, elevation (rad) and time of flight (s), as in `lunar_launch_aim`; also the
measure in which the rails' correction is least where they can be tilted."""
_LANES = 8
_CENTER = "earth"


class ShotOnDate(Pytree):
    """Shots corrected for their dates, fields (n,); NaN where none is found, but for `first_miss` and `residual`."""

    shot: Shot
    time: Array = field(unit="s", doc="time of flight", low=0.0)
    r: Array = field(unit="m", doc="position at the arrival, from the Earth's center, ICRF, (n, 3)")
    v: Array = field(unit="m / s", doc="velocity there, (n, 3)")
    speed: Array = field(
        unit="m / s", doc="relative to a catcher; about the body at an apsis; at infinity of an escape"
    )
    kick: Array = field(unit="m / s", doc="to stop at the catcher, or for a circular orbit at the apsis; NaN: escape")
    first_miss: Array = field(
        unit="m",
        doc="of the uncorrected shot: distance from the point, error of the apsis; of an escape C3's, m2/s2",
    )
    miss: Array = field(unit="m", doc="the same of the corrected shot")
    residual: Array = field(unit="", doc="largest residual, in units of the system", low=0.0)
    converged: Array = field(unit="", doc="whether the residual is below 1e-9")


def _start(ephemeris: Ephemeris, t: Array, site: Site, u: Array) -> Array:
    """State (6,) at the muzzle from the Earth's center; u is speed, azimuth, elevation and time of flight."""
    r, v = muzzle(t, site, Shot(speed=u[0], azimuth=u[1], elevation=u[2]))
    r_moon, v_moon = ephemeris.state("moon", t, _CENTER)
    return jnp.concatenate([r + r_moon, v + v_moon])


def _equations(
    ephemeris: Ephemeris, mu: Array, system: System, target: Target, ends: tuple[Array, Array, Array, Array]
) -> tuple[Array, tuple[Array, Array, Array]]:
    """Three residuals of one lane, and with them speed, kick and miss of the arrival.

    `ends` are the state (6,) at the arrival, its date, the azimuth and the time of flight.
    """
    end, t, azimuth, flight = ends
    r, v = end[:3], end[3:]
    r_moon, v_moon = ephemeris.state("moon", t, _CENTER)
    steered = target.is_steered > 0.5
    held = azimuth - target.azimuth
    normal = unit(jnp.cross(r_moon, v_moon))

    place, moving = point_masses.to_inertial(
        ephemeris, mu, t, jnp.concatenate([target.position, target.velocity]), center=_CENTER
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


@jax.jit
def _begin(ephemeris: Ephemeris, dates: Array, site: Site, u: Array) -> Array:
    """States (n, 6) at the muzzle."""
    return jax.vmap(lambda t, u: _start(ephemeris, t, site, u))(dates, u)


@jax.jit
def _newton(
    ephemeris: Ephemeris,
    mu: Array,
    system: System,
    site: Site,
    target: Target,
    dates: Array,
    u: Array,
    end: Array,
    stm: Array,
    steered: Array,
) -> tuple[Array, Array, Array, Array, Array]:
    """Residuals (n, 3), the next unknowns (n, 4), and speed, kick and miss (n,) from ends (n, 6) and matrices."""
    largest = jnp.asarray(_LARGEST)
    free = largest * jnp.asarray([1.0, 1.0, 0.0, 1.0]).at[2].set(steered)

    def lane(t: Array, u: Array, end: Array, stm: Array) -> tuple[Array, Array, Array, Array, Array]:
        by_muzzle = jax.jacfwd(lambda u: _start(ephemeris, t, site, u))(u)
        whole = (end, t + u[3], u[1], u[3])
        found, told = _equations(ephemeris, mu, system, target, whole)
        of_end, of_date, of_azimuth, of_flight = jax.jacfwd(
            lambda ends: _equations(ephemeris, mu, system, target, ends)[0]
        )(whole)
        running = rate(ephemeris, _CENTER, mu[:, None], end[:, None], (t + u[3])[None])[:, 0]
        slope = of_end @ stm @ by_muzzle
        slope = slope.at[:, 1].add(of_azimuth).at[:, 3].add(of_end @ running + of_date + of_flight)
        scaled = slope * free[None]
        change = -free * (scaled.T @ jnp.linalg.solve(scaled @ scaled.T, found))
        return found, u + change / jnp.maximum(1.0, jnp.max(jnp.abs(change) / largest)), *told

    return jax.vmap(lane)(dates, u, end, stm)


def aim_on_dates(
    ephemeris: Ephemeris,
    mu: ArrayLike,
    system: System,
    site: Site,
    shot: Shot,
    time: ArrayLike,
    target: Target,
    dates: ArrayLike,
    *,
    steered: bool = False,
) -> ShotOnDate:
    """Correct a shot of the circular problem so that it arrives when the Moon is where the ephemeris has it.

    Newton's method, its matrix from the state transition matrix among the Sun, the Earth and the Moon: in speed,
    azimuth and time of flight on rails as they are, or in these and the elevation, with the least change that meets
    the target, if the rails can be tilted.

    Args:
        ephemeris: of the Sun, the Earth and the Moon.
        mu: (3,), their gravitational parameters, m3/s2.
        system: the Earth and the Moon of the circular problem, in whose units the target is.
        site: of the muzzle, fields scalar.
        shot: from `lunar_launch_aim.aim`, fields scalar.
        time: of flight, of the same shot, s.
        target: from `lunar_launch_aim`, fields scalar.
        dates: of the shot, TDB seconds past J2000 (n,).
        steered: whether the elevation may change.

    Returns:
        A `ShotOnDate`. Where the librations carry the site out of reach of the target no shot is found. Check that the
        elevation of a steered shot is not below the horizon. Not differentiable: pass it to `lunar_launch_aim.aim`
        for derivatives in the circular problem.
    """
    given = np.asarray(dates, np.float64).reshape(-1)
    padded = jnp.asarray(np.resize(given, (-(-given.size // _LANES), _LANES)))  # one shape, one compilation
    mu = jnp.asarray(mu, jnp.float64)
    site, target = (jax.tree.map(lambda a: jnp.asarray(a, jnp.float64), tree) for tree in (site, target))
    first = jnp.stack([jnp.asarray(x, jnp.float64) for x in (shot.speed, shot.azimuth, shot.elevation, time)])
    rows: list[dict[str, Any]] = []
    for chunk in padded:
        rows.append(_correct(ephemeris, mu, system, site, target, chunk, first, jnp.asarray(steered, jnp.float64)))
    found = {k: np.concatenate([row[k] for row in rows])[: given.size] for k in rows[0]}
    good = found["residual"] < _TOLERANCE

    def kept(x: np.ndarray) -> Array:
        return jnp.asarray(np.where(good.reshape(-1, *(1,) * (x.ndim - 1)), x, np.nan))

    u = found["u"]
    return ShotOnDate(
        shot=Shot(speed=kept(u[:, 0]), azimuth=kept(u[:, 1]), elevation=kept(u[:, 2])),
        time=kept(u[:, 3]),
        r=kept(found["end"][:, :3]),
        v=kept(found["end"][:, 3:]),
        speed=kept(found["speed"]),
        kick=kept(found["kick"]),
        first_miss=jnp.asarray(found["first_miss"]),
        miss=kept(found["miss"]),
        residual=jnp.asarray(found["residual"]),
        converged=jnp.asarray(good),
    )


def _correct(
    ephemeris: Ephemeris,
    mu: Array,
    system: System,
    site: Site,
    target: Target,
    dates: Array,
    first: Array,
    steered: Array,
) -> dict[str, np.ndarray]:
    """Newton's iteration of one chunk of dates; the best of every lane."""
    u = jnp.tile(first, (dates.size, 1))
    best: dict[str, np.ndarray] = {}
    for step in range(_STEPS):
        start = _begin(ephemeris, dates, site, u)
        r, v, stm = point_masses.propagate_with_stm(
            ephemeris, mu, start[:, :3], start[:, 3:], dates, u[:, 3], center=_CENTER
        )
        end = jnp.concatenate([r, v], axis=-1)
        residual, following, speed, kick, miss = _newton(
            ephemeris, mu, system, site, target, dates, u, end, stm, steered
        )
        size = np.nan_to_num(np.max(np.abs(np.asarray(residual)), axis=-1), nan=np.inf)
        now = {"u": u, "end": end, "speed": speed, "kick": kick, "miss": miss, "residual": size}
        now = {k: np.array(x) for k, x in now.items()}
        if step == 0:
            best, best["first_miss"] = now, now["miss"]
        else:
            better = size < best["residual"]
            for k, x in now.items():
                best[k] = np.where(better.reshape(-1, *(1,) * (x.ndim - 1)), x, best[k])
        if np.all((best["residual"] < _TOLERANCE) | ~np.isfinite(size)) and step > 0:
            break
        u = following
    return best
