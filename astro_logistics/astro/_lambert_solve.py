"""Roots of Lambert's time equation: fixed numbers of Halley steps, derivatives by the implicit function theorem.

The derivative of the time by lambda at fixed x is ``-2 lambda^2 / y``, whatever the conic and the revolutions, so
the rule is ``dx = (dT + 2 lambda^2 / y dlambda) / T_x``; the rule is itself differentiable.
"""

from __future__ import annotations

import math
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
    between = _power(t_middle / t, math.log(2.0) / jnp.log(t_middle / t_parabola))
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
    # f(u) = log T(e^u) - log T*; logarithm and exponential by expressions right to the fifth order, ample in a step
    z = (t - t_wanted) / (t + t_wanted)
    f = 2.0 * z * (1.0 + z * z / 3.0)
    f1 = p * first / t
    f2 = f1 + p * p * second / t - f1 * f1
    ratio = f * f2 / (f1 * f1)
    bent = jnp.where(ratio < 1.0, 1.0 - 0.5 * ratio, 1.0)  # Newton's step where Halley's would turn around
    change = jnp.clip(-f / (f1 * bent), -3.0, 3.0)
    even = 1.0 + change * change / 12.0
    return p * (even + 0.5 * change) / (even - 0.5 * change), (jnp.abs(f) * (f * f + ratio * ratio) > EXACT) & (
        jnp.abs(f) > EXACT
    )


def _refine(step: Callable[[Array], tuple[Array, Array]], start: Array) -> Array:
    """STEPS steps for all, then up to EXTRA more while any case is unsettled (corners are rare); else NaN.

    Args:
        step: the next value, and whether the value it started from was too far off for this step to be the last.
        start: first values.
    """

    def unfinished(state: tuple[int, Array, Array]) -> Array:
        count, _, unsettled = state
        return (count < EXTRA) & jnp.any(unsettled)

    def again(state: tuple[int, Array, Array]) -> tuple[int, Array, Array]:
        count, x, _ = state
        return count + 1, *step(x)

    state = (0, start, jnp.ones_like(start, bool))
    for _ in range(STEPS):
        state = again(state)
    _, x, unsettled = jax.lax.while_loop(unfinished, again, state)
    return jnp.where(unsettled, jnp.nan, x)


def _single(*values: Array) -> tuple[Array, ...]:
    return tuple(x.astype(jnp.float32) for x in values)


def _double(start: Array, fallback: float) -> Array:
    """A start from single precision; where that range did not do, the fallback."""
    return jnp.where(jnp.isfinite(start), start, fallback).astype(jnp.float64)


@jax.custom_jvp
def solve(t: Array, lam: Array, chord: Array) -> Array:
    """1 + x of the zero-revolution arc with time t, in units of sqrt(s^3 / (2 mu)); NaN where it was not found.

    First guess and one step in single precision, the rest in double.

    Args:
        t: wanted time, positive.
        lam: lambda.
        chord: 1 - lambda^2; its variation is taken to be that of lambda.
    """
    shape = Shape(lam, chord)
    t32, lam32, chord32 = _single(t, lam, chord)
    shape32 = Shape(lam32, chord32)
    start, _ = _step(_guess(t32, shape32), t32, shape32)
    return _refine(lambda p: _step(p, t, shape), _double(start, 1.0))


@solve.defjvp
def _solve_jvp(primals: tuple[Array, Array, Array], tangents: tuple[Array, Array, Array]) -> tuple[Array, Array]:
    t, lam, chord = primals
    t_dot, lam_dot, _ = tangents
    p = solve(t, lam, chord)
    slope = jax.jvp(lambda p: time(p, Shape(lam, chord)), (p,), (jnp.ones_like(p),))[1]
    x = p - 1.0
    y = jnp.sqrt(chord + lam * lam * x * x)
    return p, (t_dot + 2.0 * lam * lam / y * lam_dot) / slope


def _minimum_start(revolutions: Array, shape: Shape) -> Array:
    """x of the minimum time from K x = 1 - lambda^3 x / y, with K = 3 T / 2 at x = 0."""
    lam, chord = shape
    cube = lam * lam * lam
    k = 1.5 * time_revolutions(jnp.zeros_like(lam), revolutions, shape)
    x = jnp.where(lam > 0.0, _power(k * k * k + 2.0 * k * cube * cube / chord, -1.0 / 3.0), (1.0 + lam * lam) / k)
    for _ in range(2):
        y = jnp.sqrt(chord + lam * lam * x * x)
        x = x - (k * x - 1.0 + cube * x / y) / (k + cube * chord / (y * y * y))
    return jnp.clip(x, -0.2, 0.6)


def _flatten(x: Array, revolutions: Array, shape: Shape) -> tuple[Array, Array, Array, Array]:
    """One Halley step to T' = 0, and T, T', T'' where it started."""
    q = 1.0 - x * x
    t = time_revolutions(x / jnp.sqrt(q), revolutions, shape)
    first, second, third = slopes(t, conic(x, q, shape), q, shape)
    halley = first * second / (second * second - 0.5 * first * third)
    newton = first / second
    return x - jnp.where(halley * newton > 0.0, halley, newton), t, first, second


def minimum(revolutions: Array, lam: Array, chord: Array) -> tuple[Array, Array, Array]:
    """The minimum of the time with one or more whole revolutions: w = x / sqrt(1 - x^2), T, and d2T/dw2 there."""
    shape = Shape(lam, chord)
    small = _single(revolutions, lam, chord)
    shape32 = Shape(small[1], small[2])
    start = _flatten(_minimum_start(small[0], shape32), small[0], shape32)[0]

    def step(x: Array) -> tuple[Array, Array]:
        new, t, first, second = _flatten(x, revolutions, shape)
        return new, first * first > SETTLED * SETTLED * second * t  # T lies above its minimum by half of that

    x = _refine(step, _double(start, 0.0))
    _, t, first, second = _flatten(x, revolutions, shape)
    q = 1.0 - x * x
    return x / jnp.sqrt(q), t - 0.5 * first * first / second, second * q * q * q


def _revolutions_start(rise: Array, revolutions: Array, side: Array, low: tuple[Array, ...]) -> Array:
    """w from ``T - T_min = A ((1 + k (w - w_min)^2)^(3/2) - 1)``, right at the minimum and far from it."""
    w_min, _, curvature = low
    asymptote = jnp.pi * (revolutions + jnp.where(side < 0.0, 1.0, 0.0))
    root_k = 3.0 * asymptote / curvature
    k = root_k * root_k
    scaled = rise * 3.0 * k / curvature
    square = jnp.where(scaled < 1e-3, 2.0 / 3.0 * scaled, _power(1.0 + scaled, 2.0 / 3.0) - 1.0) / k
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

    rise = jnp.maximum(t - t_min, 0.0)  # the difference is taken before digits are dropped
    start = _revolutions_start(*_single(rise, revolutions, side), low=_single(*low))
    w = _refine(step, _double(start, 0.0))
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
