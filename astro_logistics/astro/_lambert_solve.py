"""Roots of Lambert's time equation: fixed numbers of Halley steps, derivatives by the implicit function theorem.

The derivative of the time by lambda at fixed x is ``-2 lambda^2 / y``, whatever the conic and the revolutions, so
the rule is ``dx = (dT + 2 lambda^2 / y dlambda) / T_x``; the rule is itself differentiable.
"""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax import Array

from astro_logistics.astro._lambert_time import (
    PARABOLIC,
    Shape,
    conic,
    parabolic_slopes,
    slopes,
    time,
    time_revolutions,
)

STEPS = 2
EXTRA = 40
SETTLED = 1e-5  # relative error of the time from which one cubically convergent step leaves only rounding
EXACT = 1e-14  # of the time: beside a minimum, where it is flat, nothing finer can be told


def _power(base: Array, exponent: Array | float) -> Array:
    return jnp.exp(exponent * jnp.log(base))


def _guess(t: Array, shape: Shape) -> Array:
    """1 + x to a few per cent.

    Below x = 0 from ``T (1 - x^2)^(3/2) = pi + O((1 + x)^(3/2))``, made exact at x = 0; above, Izzo's (2015, equation
    30); for small transfer angles, where T has a corner of width sqrt(1 - lambda^2) at x = 0, from the cubic
    ``2/3 eta^3 + 2 lambda eta = T`` of the parabola.
    """
    lam, chord = shape
    short = lam > 0.0
    one_minus = jnp.where(short, chord / (1.0 + jnp.abs(lam)), 1.0 - lam)  # 1 - lambda
    square = lam * lam
    t_parabola = 2.0 / 3.0 * one_minus * (1.0 + lam + square)
    t_middle = time(jnp.ones_like(t), shape)
    fifth = one_minus * (1.0 + lam + square * (1.0 + lam + square))
    slow = t >= t_middle
    q = _power(jnp.pi / jnp.where(slow, t - t_middle + jnp.pi, jnp.pi), 2.0 / 3.0)
    below = q / (1.0 + jnp.sqrt(jnp.maximum(1.0 - q, 0.0)))
    fast = 2.0 + 2.5 * t_parabola * (t_parabola - t) / (t * fifth)
    between = _power(t_middle / t, jnp.log(2.0) / jnp.log(t_middle / t_parabola))
    p = jnp.where(slow, below, jnp.where(t < t_parabola, fast, between))
    root = jnp.sqrt(jnp.where(short, lam, 1.0))
    eta = 2.0 * root * jnp.sinh(jnp.arcsinh(0.75 * t / (root * root * root)) / 3.0)
    small_angle = (lam > 0.7) & (eta < 1.2)
    return jnp.where(small_angle, 1.0 + (chord - eta * eta) / (2.0 * lam * eta), p)


def _step(p: Array, t_wanted: Array, shape: Shape) -> tuple[Array, Array]:
    """One Halley step in the logarithms of the time and of p, which keeps p positive and the equation near linear."""
    q = p * (2.0 - p)
    orbit = conic(p - 1.0, q, shape)
    t = time(p, shape)
    near = jnp.abs(p - 2.0) < PARABOLIC
    far_first, far_second, _ = slopes(t, orbit, jnp.where(near, 1.0, q), shape)
    near_first, near_second = parabolic_slopes(orbit, shape)
    first = jnp.where(near, near_first, far_first)
    second = jnp.where(near, near_second, far_second)
    # f(u) = log T(e^u) - log T*
    f = jnp.log(t / t_wanted)
    f1 = p * first / t
    f2 = f1 + p * p * second / t - f1 * f1
    change = -f / (f1 - 0.5 * f * f2 / f1)
    return p * jnp.exp(jnp.clip(change, -3.0, 3.0)), jnp.abs(f) > SETTLED


def _refine(step: Callable[[Array], tuple[Array, Array]], start: Array) -> Array:
    """STEPS steps for all, then up to EXTRA more while any case is unsettled: corners of the equation are rare.

    Args:
        step: the next value, and whether the value it started from was too far off for this step to be the last.
        start: first values.
    """

    def unfinished(state: tuple[int, Array, Array]) -> Array:
        count, _, unsettled = state
        return (count < STEPS) | ((count < STEPS + EXTRA) & jnp.any(unsettled))

    def again(state: tuple[int, Array, Array]) -> tuple[int, Array, Array]:
        count, x, _ = state
        return count + 1, *step(x)

    return jax.lax.while_loop(unfinished, again, (0, start, jnp.ones_like(start, bool)))[1]


@jax.custom_jvp
def solve(t: Array, lam: Array, chord: Array) -> Array:
    """1 + x of the zero-revolution arc with time t, in units of sqrt(s^3 / (2 mu)).

    Args:
        t: wanted time, positive.
        lam: lambda.
        chord: 1 - lambda^2; its variation is taken to be that of lambda.
    """
    shape = Shape(lam, chord)
    return _refine(lambda p: _step(p, t, shape), _guess(t, shape))


@solve.defjvp
def _solve_jvp(primals: tuple[Array, Array, Array], tangents: tuple[Array, Array, Array]) -> tuple[Array, Array]:
    t, lam, chord = primals
    t_dot, lam_dot, _ = tangents
    p = solve(t, lam, chord)
    slope = jax.jvp(lambda p: time(p, Shape(lam, chord)), (p,), (jnp.ones_like(p),))[1]
    x = p - 1.0
    y = jnp.sqrt(chord + lam * lam * x * x)
    return p, (t_dot + 2.0 * lam * lam / y * lam_dot) / slope


def minimum(revolutions: Array, lam: Array, chord: Array) -> tuple[Array, Array, Array]:
    """The minimum of the time with one or more whole revolutions: w = x / sqrt(1 - x^2), T, and d2T/dw2 there."""
    shape = Shape(lam, chord)
    cube = lam * lam * lam

    def derivatives(x: Array) -> tuple[Array, Array, Array, Array]:
        q = 1.0 - x * x
        t = time_revolutions(x / jnp.sqrt(q), revolutions, shape)
        return t, *slopes(t, conic(x, q, shape), q, shape)

    # T' = 0 is K x = 1 - lambda^3 x / y with K = 3 T / 2, about that at x = 0
    k = 1.5 * time_revolutions(jnp.zeros_like(lam), revolutions, shape)
    ahead = lam > 0.0
    x = jnp.where(ahead, _power(k * k * k + 2.0 * k * cube * cube / chord, -1.0 / 3.0), (1.0 + lam * lam) / k)
    for _ in range(2):
        y = jnp.sqrt(chord + lam * lam * x * x)
        x = x - (k * x - 1.0 + cube * x / y) / (k + cube * chord / (y * y * y))

    def step(x: Array) -> tuple[Array, Array]:
        t, first, second, third = derivatives(x)
        change = first * second / (second * second - 0.5 * first * third)
        newton = first / second
        above = first * newton / t  # twice what T lies above its minimum
        return x - jnp.where(change * newton > 0.0, change, newton), above > EXACT

    x = _refine(step, jnp.clip(x, -0.2, 0.6))
    t, first, second, _ = derivatives(x)
    q = 1.0 - x * x
    return x / jnp.sqrt(q), t - 0.5 * first * first / second, second * q * q * q


def _revolutions_start(t: Array, revolutions: Array, side: Array, low: tuple[Array, Array, Array]) -> Array:
    """w from ``T - T_min = A ((1 + k (w - w_min)^2)^(3/2) - 1)``, right at the minimum and far from it."""
    w_min, t_min, curvature = low
    asymptote = jnp.pi * (revolutions + jnp.where(side < 0.0, 1.0, 0.0))
    root_k = 3.0 * asymptote / curvature
    k = root_k * root_k
    rise = jnp.maximum(t - t_min, 0.0) * 3.0 * k / curvature
    square = jnp.where(rise < 1e-3, 2.0 / 3.0 * rise, _power(1.0 + rise, 2.0 / 3.0) - 1.0) / k
    return w_min + side * jnp.sqrt(square)


@jax.custom_jvp
def solve_revolutions(t: Array, revolutions: Array, side: Array, lam: Array, chord: Array) -> Array:
    """w = x / sqrt(1 - x^2) of the arc with one or more whole revolutions; NaN below the minimum time.

    Args:
        t: wanted time in units of sqrt(s^3 / (2 mu)).
        revolutions: whole revolutions, one or more, as a float.
        side: -1 for the branch with x below the minimum's, +1 for the one above.
        lam: lambda.
        chord: 1 - lambda^2; its variation is taken to be that of lambda.
    """
    shape = Shape(lam, chord)
    low = minimum(revolutions, lam, chord)
    w_min, t_min, _ = low
    settled = jnp.maximum(SETTLED * (t - t_min), EXACT * t)

    def step(w: Array) -> tuple[Array, Array]:
        square = 1.0 + w * w
        q = 1.0 / square
        x = w * jnp.sqrt(q)
        now = time_revolutions(w, revolutions, shape)
        first, second, _ = slopes(now, conic(x, q, shape), q, shape)
        f1 = first * q * jnp.sqrt(q)
        f2 = second * q * q * q - 3.0 * first * x * q * q
        f = now - t
        newton = f / f1
        halley = f * f1 / (f1 * f1 - 0.5 * f * f2)
        tried = w - jnp.where(newton * halley > 0.0, halley, newton)
        outside = side * (tried - w_min) > 0.0
        exact = jnp.abs(f) <= 2e-16 * t
        return jnp.where(exact, w, jnp.where(outside, tried, 0.5 * (w + w_min))), jnp.abs(f) > settled

    w = _refine(step, _revolutions_start(t, revolutions, side, low))
    return jnp.where(t >= t_min, w, jnp.nan)


@solve_revolutions.defjvp
def _solve_revolutions_jvp(
    primals: tuple[Array, Array, Array, Array, Array], tangents: tuple[Array, Array, Array, Array, Array]
) -> tuple[Array, Array]:
    t, revolutions, side, lam, chord = primals
    t_dot, lam_dot = tangents[0], tangents[3]
    w = solve_revolutions(t, revolutions, side, lam, chord)
    slope = jax.jvp(lambda w: time_revolutions(w, revolutions, Shape(lam, chord)), (w,), (jnp.ones_like(w),))[1]
    square = w * w / (1.0 + w * w)
    y = jnp.sqrt(chord + lam * lam * square)
    return w, (t_dot + 2.0 * lam * lam / y * lam_dot) / slope
