"""Shots at the real Moon on a date: the circular problem's muzzle conditions, corrected among Sun, Earth and Moon.

The circular problem has a Moon at its mean distance that always shows the Earth the same face. The real one comes 7 %
nearer and goes 6 % farther, and librates by 8 degrees, so that a shot aimed in the circular problem misses by
thousands of km. Here the three equations of `lunar_launch_aim` are met on DE440 with the matrix of `point_masses`; a
point of the rotating frame (a libration point, a catcher) is where that frame, pulsating with the Moon's distance, has
it at the arrival.

What is still left out: the Moon's gravity field, 1e-4 of its pull at the muzzle (some 0.1 m/s, which is aimed for the
same way once the field is there), and what `point_masses` leaves out. Whether the Earth or the Moon is in the way is
told with each shot; the Moon's ground is a sphere there, without its mountains.
"""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro import point_masses
from astro_logistics.astro._lunar_date_equations import CENTER, LARGEST, equations, start
from astro_logistics.astro._lunar_date_slopes import attach, begin, least_change
from astro_logistics.astro._point_mass_contact import time_to_contact
from astro_logistics.astro._point_mass_flow import rate
from astro_logistics.astro.cr3bp import System
from astro_logistics.astro.ephemeris import Ephemeris
from astro_logistics.astro.lunar_launch import Shot, Site
from astro_logistics.astro.lunar_launch_aim import Target
from astro_logistics.pytree import Pytree, field

_STEPS = 30
_TOLERANCE = 1e-9
"""Largest residual of a converged shot, in units of the system (0.4 m, 1 mm/s): the place of the real Moon rounds to
1e-4 m, and a flight that turns back on the way makes a thousand times as much of it."""
_LANES = 8
_GRAZE = 1.0
"""m below the muzzle that are not yet a meeting with the ground: rails 0.8 mrad below the horizon are noticed."""


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
    obstacle: Array = field(
        unit="", doc="body met on the way: 1 the Earth, 2 the Moon, 0 none; NaN: not solved", low=0.0, high=2.0
    )
    obstacle_time: Array = field(unit="s", doc="when, after the shot; NaN where none is met", low=0.0)


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
    largest = jnp.asarray(LARGEST)

    def lane(t: Array, u: Array, end: Array, stm: Array) -> tuple[Array, Array, Array, Array, Array]:
        by_muzzle = jax.jacfwd(lambda u: start(ephemeris, t, site, u))(u)
        whole = (end, t + u[3], u[1], u[3])
        found, told = equations(ephemeris, mu, system, target, whole)
        of_end, of_date, of_azimuth, of_flight = jax.jacfwd(
            lambda ends: equations(ephemeris, mu, system, target, ends)[0]
        )(whole)
        running = rate(ephemeris, CENTER, mu[:, None], end[:, None], (t + u[3])[None])[:, 0]
        slope = of_end @ stm @ by_muzzle
        slope = slope.at[:, 1].add(of_azimuth).at[:, 3].add(of_end @ running + of_date + of_flight)
        change = least_change(slope, found, steered)
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
    radii: ArrayLike,
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
        radii: of the Earth and the Moon, which the flight must not meet before it arrives, m (2,); the ground is no
            higher than the site.
        steered: whether the elevation may change.

    Returns:
        A `ShotOnDate`. Where the librations carry the site out of reach of the target no shot is found. One that
        leaves below the horizon, or finds the Earth or the Moon in its way, is solved as if they were points: see
        `obstacle`. Not differentiable: `with_derivatives` makes its muzzle conditions so.
    """
    given = np.asarray(dates, np.float64).reshape(-1)
    padded = jnp.asarray(np.resize(given, (-(-given.size // _LANES), _LANES)))  # one shape, one compilation
    mu = jnp.asarray(mu, jnp.float64)
    site, target = (jax.tree.map(lambda a: jnp.asarray(a, jnp.float64), tree) for tree in (site, target))
    first = jnp.stack([jnp.asarray(x, jnp.float64) for x in (shot.speed, shot.azimuth, shot.elevation, time)])
    earth, moon = jnp.asarray(radii, jnp.float64)
    solid = jnp.stack([earth, jnp.minimum(moon, site.radius) - _GRAZE])
    rows: list[dict[str, Any]] = []
    for chunk in padded:
        row = _correct(ephemeris, mu, system, site, target, chunk, first, jnp.asarray(steered, jnp.float64))
        rows.append(row | _met(ephemeris, mu, site, chunk, row["u"], solid))
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
        obstacle=kept(found["body"]),
        obstacle_time=kept(np.where(found["body"] > 0.0, found["when"], np.nan)),
    )


def _met(
    ephemeris: Ephemeris, mu: Array, site: Site, dates: Array, u: np.ndarray, radii: Array
) -> dict[str, np.ndarray]:
    """Body in the way of the flights of one chunk, and when they come to it."""
    n = dates.size
    state = begin(ephemeris, dates, site, jnp.asarray(u)).T
    lanes = jnp.broadcast_to(mu[:, None], (3, n)), state, dates, jnp.asarray(u[:, 3])
    when, body = time_to_contact(CENTER, ephemeris, *lanes, jnp.broadcast_to(radii[:, None], (2, n)))
    return {"when": np.asarray(when), "body": np.where(np.isnan(when), np.nan, np.asarray(body, np.float64))}


def with_derivatives(
    ephemeris: Ephemeris,
    mu: ArrayLike,
    system: System,
    site: Site,
    elevation: ArrayLike,
    target: Target,
    dates: ArrayLike,
    found: ShotOnDate,
    *,
    steered: bool = False,
) -> tuple[Shot, Array]:
    """Muzzle conditions and times of flight of solved shots, as functions of what they were solved for.

        F(u; x) = 0,  du = -F_u^-1 F_x dx  (implicit function theorem)

    With rails that can be tilted three equations leave one of four unknowns free, and the derivative is that of aiming
    again from the solved shot by the least change.

    Args:
        ephemeris, mu, system, site, target, dates, steered: as in `aim_on_dates`; what is differentiated.
        elevation: of the rails as they are, rad; without effect if `steered`.
        found: from `aim_on_dates` with the same; its own values are held.

    Returns:
        Shot (n,), and time of flight s (n,). First derivatives, forward and reverse, by all but the ephemeris; NaN
        where no shot was found.
    """
    dates = jnp.asarray(dates, jnp.float64).reshape(-1)
    parts = (found.shot.speed, found.shot.azimuth, found.shot.elevation, found.time)
    u = jax.lax.stop_gradient(jnp.stack([jnp.asarray(x, jnp.float64) for x in parts], axis=-1))
    site, target = (jax.tree.map(lambda a: jnp.asarray(a, jnp.float64), tree) for tree in (site, target))
    held = jnp.asarray(steered, jnp.float64), jnp.asarray(elevation, jnp.float64)
    u = attach(u, ephemeris, *held, jnp.asarray(mu, jnp.float64), system, site, target, dates)
    return Shot(speed=u[:, 0], azimuth=u[:, 1], elevation=u[:, 2]), u[:, 3]


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
        start = begin(ephemeris, dates, site, u)
        r, v, stm = point_masses.propagate_with_stm(
            ephemeris, mu, start[:, :3], start[:, 3:], dates, u[:, 3], center=CENTER
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
