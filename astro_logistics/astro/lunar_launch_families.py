"""Every family of shots from a site that reaches a target: a scan of speeds and azimuths, then Newton's method.

A target at a point may be reached on the way out (direct) or after turning back once or more (slow); an Earth perigee
along or against the Moon's motion. Which families exist depends on the site; the scan finds those that are wider than
its mesh: 11 degrees of azimuth by 17 to 40 m/s, or 1 m/s where the azimuth is held.
"""

from __future__ import annotations

from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np

from astro_logistics.astro._lunar_launch_scan import LANES, SAMPLES, shots
from astro_logistics.astro.cr3bp import System
from astro_logistics.astro.lunar_launch import Shot, Site, about, asymptote, conic
from astro_logistics.astro.lunar_launch_aim import Target, aim
from astro_logistics.constants import DAY

_SEEDS = 72
_AZIMUTHS = 32
_EXCESS = (-700.0, 1500.0)
"""Range of s in speed^2 = escape speed^2 + s |s|, m/s: 2270 to 2810 m/s; for an escape as much more as its speed."""
_MOST_TURNS = 4
"""Flights that turn back more often exist without end, each more sensitive than the last; they are left out."""
_FALLING = 0.35
"""Distance from the Earth within which its conic predicts the perigee well enough to start Newton's method."""

_OUTSIDE = 1.5
"""Distance from the barycenter beyond which an energy is that of an escape, and not of an orbit about the Moon."""


class Family(NamedTuple):
    """Shots that reach a target, in order of time of flight, NumPy arrays of shape (n,)."""

    speed: np.ndarray
    """[m/s]"""
    azimuth: np.ndarray
    """[rad], 0 to 2 pi."""
    time: np.ndarray
    """[s]"""
    turns: np.ndarray
    """How often the flight turns back towards the Moon, or away again, on the way: 0 is direct."""


class _Seeds(NamedTuple):
    speed: np.ndarray
    azimuth: np.ndarray
    time: np.ndarray


def _mesh(system: System, site: Site, azimuth: float | None, extra: float) -> tuple[np.ndarray, np.ndarray]:
    """Speeds [m/s] and azimuths [rad] of the scan, (LANES,) each, azimuth the slower."""
    mu = float(system.mass_ratio) * float(system.length) ** 3 / float(system.time) ** 2
    azimuths = 2.0 * np.pi * np.arange(_AZIMUTHS) / _AZIMUTHS if azimuth is None else np.array([azimuth])
    s = np.linspace(_EXCESS[0], _EXCESS[1] + extra, LANES // azimuths.size)
    speeds = np.sqrt(2.0 * mu / float(site.radius) + s * np.abs(s))
    return np.tile(speeds, azimuths.size), np.repeat(azimuths, speeds.size)


def _binned(score: np.ndarray, azimuth: np.ndarray, time: np.ndarray, limit: float) -> np.ndarray:
    """Indices of the candidates of least score, one of each kind: azimuth by 30 degrees, time by 1.1 days."""
    kinds = np.floor(6.0 * azimuth / np.pi).astype(int) * 1000 + np.floor(4.0 * time).astype(int)
    order = np.argsort(score)
    _, first = np.unique(kinds[order], return_index=True)
    best = order[np.sort(first)]
    return best[score[best] < limit][:_SEEDS]


def _point_seeds(paths: np.ndarray, target: Target, step: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Lane, time and distance of every local closest approach to the point."""
    away = np.linalg.norm(paths[..., :3] - np.asarray(target.position), axis=-1)
    inner = away[1:-1]
    k, lane = np.nonzero((inner <= away[:-2]) & (inner <= away[2:]))
    return lane, (k + 1) * step, inner[k, lane]


def _to_perigee(mu: float, c: dict[str, np.ndarray]) -> np.ndarray:
    """Time to the periapsis of conics, falling; NaN where a conic is round."""
    a = -0.5 * mu / c["energy"]
    e = 1.0 - c["periapsis"] / a
    with np.errstate(invalid="ignore"):
        bound = a > 0.0
        anomaly = np.where(bound, np.arccos(np.clip((1.0 - c["radius"] / a) / e, -1.0, 1.0)), 0.0)
        hyper = np.where(bound, 0.0, np.arccosh(np.maximum((1.0 - c["radius"] / a) / e, 1.0)))
        mean = np.where(bound, anomaly - e * np.sin(anomaly), e * np.sinh(hyper) - hyper)
        return mean * np.sqrt(np.abs(a) ** 3 / mu)


def _falls(paths: np.ndarray, target: Target, step: float) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """Lane, time of perigee and conic of each first fall into the neighborhood of the body, along the paths."""
    mu, center = float(target.mu), float(target.center)
    c = {k: np.asarray(v) for k, v in vars(conic(mu, center, jnp.asarray(paths))).items()}
    near = (c["radius"] < _FALLING) & (c["climb"] < 0.0)
    lane = np.nonzero(near.any(axis=0))[0]
    k = near[:, lane].argmax(axis=0)
    at = {name: value[k, lane] for name, value in c.items()}
    return lane, k * step + _to_perigee(mu, at), at


def _crossings(lane: np.ndarray, value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Positions i, and fractions of the way to i + 1, at which a value over neighboring lanes changes sign."""
    i = np.nonzero((value[:-1] * value[1:] < 0.0) & (np.diff(lane) == 1))[0]
    return i, value[i] / (value[i] - value[i + 1])


def _seeds(system: System, site: Site, elevation: float, target: Target, longest: float) -> _Seeds:
    kind, steered = int(target.kind), bool(target.is_steered > 0.5)
    held = None if kind == 0 or steered else float(target.azimuth)
    excess_speed = np.sqrt(max(float(target.c3), 0.0)) * float(system.length / system.time) if kind == 2 else 0.0
    speed, azimuth = _mesh(system, site, held, excess_speed)
    span = float(target.time) if kind == 2 else longest / float(system.time)
    step = span / SAMPLES
    shot = Shot(speed=jnp.asarray(speed), azimuth=jnp.asarray(azimuth), elevation=jnp.full(speed.shape, elevation))
    paths = shots(system, site, shot, np.full(speed.shape, span))
    if kind == 0:
        lane, time, score = _point_seeds(paths, target, step)
        best = _binned(score, azimuth[lane], time, 0.12)
        return _Seeds(speed[lane[best]], azimuth[lane[best]], time[best])
    if kind == 1:
        lane, time, c = _falls(paths, target, step)
        wanted = float(target.radius)
        if not steered:
            i, part = _crossings(lane, c["periapsis"] - wanted)
            mixed = [x[i] + part * (x[i + 1] - x[i]) for x in (speed[lane], time)]
            return _Seeds(mixed[0], np.full(i.size, held), mixed[1])
        score = np.hypot(np.sqrt(c["periapsis"] / wanted) - 1.0, c["cos_inclination"] - float(target.sine))
        best = _binned(score, azimuth[lane], time, 2.0)
        return _Seeds(speed[lane[best]], azimuth[lane[best]], time[best])
    end = jnp.asarray(paths[-1])
    whole = conic(1.0, 0.0, end)
    excess = np.where(np.asarray(whole.radius) > _OUTSIDE, 2.0 * np.asarray(whole.energy) - float(target.c3), np.nan)
    if not steered:
        i, part = _crossings(np.arange(LANES), excess)
        return _Seeds(speed[i] + part * (speed[i + 1] - speed[i]), np.full(i.size, held), np.full(i.size, span))
    away = np.asarray(asymptote(1.0, *about(0.0, end)))
    tilt = away[:, 2] / np.linalg.norm(away, axis=-1) - float(target.sine)
    score = np.nan_to_num(np.hypot(excess, tilt), nan=np.inf)
    best = _binned(score, azimuth, np.full(LANES, span), 0.5)
    return _Seeds(speed[best], azimuth[best], np.full(best.size, span))


def _apolune_seed(system: System, site: Site, target: Target) -> _Seeds:
    """Half an ellipse about the Moon alone."""
    mu = float(system.mass_ratio) * float(system.length) ** 3 / float(system.time) ** 2
    r, top = float(site.radius), float(target.radius) * float(system.length)
    a = 0.5 * (r + top)
    speed, time = np.sqrt(mu * (2.0 / r - 1.0 / a)), np.pi * np.sqrt(a**3 / mu)
    if bool(target.is_steered > 0.5):
        across = np.clip(float(target.sine) / np.cos(float(site.latitude)), -1.0, 1.0)
        azimuth = np.arcsin(across)
        azimuth = np.array([azimuth, np.pi - azimuth])
    else:
        azimuth = np.array([float(target.azimuth)])
    return _Seeds(np.full(azimuth.shape, speed), azimuth, np.full(azimuth.shape, time / float(system.time)))


def _turns(system: System, paths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Changes of sign of the climb from the Moon along sampled paths, and the lowest near point passed on the way."""
    m = float(system.mass_ratio)
    c = conic(m, 1.0 - m, jnp.asarray(paths[1:]))
    up = np.asarray(c.climb) > 0.0
    passed = ~up[:-1] & up[1:]  # a near point between two samples
    lowest = np.minimum(np.asarray(c.periapsis)[:-1], np.asarray(c.periapsis)[1:])
    changes = np.count_nonzero(up[:-3] != up[1:-2], axis=0)  # the end may itself be an apsis
    return changes, np.min(np.where(passed[:-1], lowest[:-1], np.inf), axis=0, initial=np.inf)


def families(
    system: System,
    site: Site,
    elevation: float,
    target: Target,
    radius: float,
    *,
    longest: float = 14.0 * DAY,
) -> Family:
    """All shots from a site, with rails of a given elevation, that reach a target.

    Args:
        system: the Earth and the Moon.
        site: fields scalar.
        elevation: of the rails, rad.
        target: fields scalar.
        radius: of the Moon; flights that come back below it on the way are left out, m.
        longest: longest time of flight looked for, s.

    Returns:
        A `Family`, empty where there is none. Not differentiable: pass a row to `lunar_launch_aim.aim`.
    """
    site = jax.tree.map(lambda a: jnp.asarray(a, jnp.float64), site)
    low = int(target.kind) == 1 and float(target.center) > 0.0
    seeds = _apolune_seed(system, site, target) if low else _seeds(system, site, elevation, target, longest)
    n = seeds.speed.size
    if n == 0:
        return Family(*(np.zeros(0),) * 4)
    fill = np.resize(np.arange(n), _SEEDS)  # one shape, one compilation
    found = aim(
        system,
        site,
        elevation,
        target,
        Shot(speed=jnp.asarray(seeds.speed[fill]), azimuth=jnp.asarray(seeds.azimuth[fill]), elevation=jnp.zeros(())),
        seeds.time[fill] * float(system.time),
    )
    rows = np.stack([np.asarray(found.shot.speed), np.mod(found.shot.azimuth, 2.0 * np.pi), np.asarray(found.time)], 1)
    rows = rows[:n][np.asarray(found.converged)[:n]]
    rows = rows[
        (rows[:, 2] > 0.0) & (rows[:, 0] > 0.0) & (rows[:, 2] <= max(longest, 1.01 * float(target.time * system.time)))
    ]
    rows = _distinct(rows)
    if not rows.size:
        return Family(*(np.zeros(0),) * 4)
    shot = Shot(
        speed=jnp.asarray(rows[:, 0]), azimuth=jnp.asarray(rows[:, 1]), elevation=jnp.full(len(rows), elevation)
    )
    turns, lowest = _turns(system, shots(system, site, shot, rows[:, 2] / float(system.time)))
    clear = (lowest * float(system.length) > radius) & (turns <= _MOST_TURNS)
    speed, azimuth, time = rows[clear].T
    return Family(speed, azimuth, time, turns[clear])


def _distinct(rows: np.ndarray) -> np.ndarray:
    """One row of each solution, in order of time: 1e-6 apart is the same."""
    rows = rows[np.lexsort((rows[:, 0], rows[:, 2]))]
    kept: list[np.ndarray] = []
    for row in rows:
        if all(np.max(np.abs(row - k) / (1.0, 1e-3, 100.0)) > 1e-3 for k in kept):
            kept.append(row)
    return np.array(kept).reshape(-1, 3)
