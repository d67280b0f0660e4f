"""The derivatives of Lambert's velocities by both positions and the time, in closed form.

In the plane the velocities have radial and transverse parts that depend on the two lengths, the angle between them
and the time only; these are differentiated by way of x, whose derivatives follow from the implicit function theorem.
Turning the plane and the directions in it gives the rest.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

from astro_logistics.astro._lambert_time import Conic, kappa, parabolic_slopes, slopes
from astro_logistics.astro._lambert_triangle import Triangle, dot

PARABOLIC = 2e-5  # |1 - x^2| below which T' comes from its values at x = 1: both sides are good to 1e-10


class _Change(NamedTuple):
    """Derivatives of the triangle's numbers by one of r1, r2 and the angle."""

    s: Array
    lam: Array
    rho: Array
    sigma: Array


class _Planar(NamedTuple):
    """Derivatives of the radial and transverse parts at both ends by r1, r2, the angle and the time."""

    radial: tuple[list[Array], list[Array]]
    transverse: tuple[list[Array], list[Array]]


def _changes(g: Triangle, cosine: Array) -> tuple[_Change, _Change, _Change]:
    b, c, s, lam = g.r2_norm, g.chord, g.semiperimeter, g.shape.lam
    half_sine = 0.5 * g.sine * c  # sqrt(r1 r2) sin(theta / 2)
    c1, c2, c3 = (1.0 - b * cosine) / c, (b - cosine) / c, g.product / c
    s1, s2, s3 = 0.5 * (1.0 + c1) / s, 0.5 * (1.0 + c2) / s, 0.5 * c3 / s
    return (
        _Change(s1, lam * (0.5 - s1), (1.0 - g.rho * c1) / c, g.sine * (0.5 - c1 / c)),
        _Change(s2, lam * (0.5 / b - s2), -(1.0 + g.rho * c2) / c, g.sine * (0.5 / b - c2 / c)),
        _Change(s3, -0.5 * half_sine / s - lam * s3, -g.rho * c3 / c, (lam * s - g.sine * c3) / c),
    )


def _planar(g: Triangle, x: Array, q: Array, tof: Array) -> tuple[_Planar, list[Array], list[Array]]:
    """Derivatives of the parts, and the parts, radial and transverse, in canonical units."""
    lam, chord = g.shape
    b, t = g.r2_norm, g.time
    y = jnp.sqrt(chord + lam * lam * x * x)
    k = kappa(x, y, g.shape)
    eta = chord / k
    near = jnp.abs(q) < PARABOLIC
    far, _, _ = slopes(t, Conic(x, y, eta, y), jnp.where(near, 1.0, q), g.shape)
    slope = jnp.where(near, parabolic_slopes(x, g.shape)[0], far)
    gamma = jnp.sqrt(0.5 * g.semiperimeter)
    minus, plus = lam * y - x, lam * y + x
    radial = [gamma * (minus - g.rho * plus), -gamma * (minus + g.rho * plus) / b]
    transverse = [gamma * g.sine * k, gamma * g.sine * k / b]
    found = _Planar(([], []), ([], []))
    zero = jnp.zeros_like(x)
    timed = _Change(zero, zero, zero, zero)
    for i, change in enumerate((*_changes(g, dot(*g.along)), timed)):
        t_by = t / tof if i == 3 else -1.5 * t * change.s
        x_by = (t_by + 2.0 * lam * lam / y * change.lam) / slope
        y_by = (lam * lam * x * x_by - lam * q * change.lam) / y
        product = change.lam * y + lam * y_by
        minus_by, plus_by = product - x_by, product + x_by
        k_by = y_by + change.lam * x + lam * x_by
        growth = 0.5 * change.s
        swing = g.rho * plus_by + change.rho * plus
        across = gamma * (change.sigma * k + g.sine * k_by)
        found.radial[0].append(radial[0] * (growth - (1.0 if i == 0 else 0.0)) + gamma * (minus_by - swing))
        found.radial[1].append(radial[1] * (growth - (1.0 / b if i == 1 else 0.0)) - gamma * (minus_by + swing) / b)
        found.transverse[0].append(transverse[0] * (growth - (1.0 if i == 0 else 0.0)) + across)
        found.transverse[1].append(transverse[1] * (growth - (1.0 / b if i == 1 else 0.0)) + across / b)
    return found, radial, transverse


def jacobian(g: Triangle, x: Array, q: Array, tof: Array) -> tuple[Array, Array]:
    """d v1 and d v2 by (r1, r2, tof), each (n, 3, 7).

    Args:
        g: the triangle.
        x: solution of the time equation.
        q: 1 - x^2.
        tof: time of flight, s.
    """
    d, radial, transverse = _planar(g, x, q, tof)
    norms = (1.0, g.r2_norm)
    cosine, sine = dot(*g.along), g.product / g.r2_norm  # of the transfer angle
    tilt = ((-cosine / sine, 1.0 / sine), (-1.0 / sine, cosine / sine))
    period, pace = (
        g.length / g.speed,
        1.0 / g.speed,
    )  # divided by, so that XLA keeps what the nine elements of a block share
    answers = []
    for end in (0, 1):
        u, w = g.along[end], g.across[end]
        rows: list[list[Array]] = [[], [], []]
        for by in (0, 1):
            p, r = g.along[by], g.across[by]
            unit = period * norms[by]
            turn = (-1.0, 1.0)[by]  # of the angle, by a step forwards
            own = 1.0 if by == end else 0.0
            u_along, w_along = d.radial[end][by] / period, d.transverse[end][by] / period
            u_across = (turn * d.radial[end][2] - own * transverse[end]) / unit
            w_across = (turn * d.transverse[end][2] + own * radial[end]) / unit
            out = (own * radial[end] + transverse[end] * tilt[end][by]) / unit
            for j in range(3):
                for i in range(3):
                    along = (u_along * u[i] + w_along * w[i]) * p[j]
                    across = (u_across * u[i] + w_across * w[i]) * r[j]
                    rows[i].append(along + across + out * g.normal[i] * g.normal[j])
        u_time, w_time = d.radial[end][3] / pace, d.transverse[end][3] / pace
        for i in range(3):
            rows[i].append(u_time * u[i] + w_time * w[i])
        answers.append(jnp.stack([jnp.stack(row, axis=-1) for row in rows], axis=-2))
    return answers[0], answers[1]
