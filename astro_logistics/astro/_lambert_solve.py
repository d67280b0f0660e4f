"""Roots of Lambert's time equation: a fixed number of Halley steps, derivatives by the implicit function theorem.

First guess and first steps are taken in single precision, the last in double: a step triples the digits. The few
cases that this leaves unsettled (corners of small angles, the slowest and the fastest arcs) are finished apart.

The derivative of the time by lambda at fixed x is ``-2 lambda^2 / y``, whatever the conic and the revolutions, so
the rule is ``dx = (dT + 2 lambda^2 / y dlambda) / T_x``; the rule is itself differentiable.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from astro_logistics.astro._lambert_time import (
    ELLIPTIC,
    HALVINGS,
    QUICK,
    QUICK_LIMIT,
    TERMS,
    Shape,
    arc_time,
    conic,
    parabolic_slopes,
    slopes,
    time,
    time_revolutions,
)
from astro_logistics.astro._rows import apart, finish, flat

EXTRA = 40  # steps for the unsettled
SETTLED = 1e-5  # relative error of the time from which one cubically convergent step leaves only rounding
EXACT = 1e-14  # of the time: beside a minimum, where it is flat, nothing finer can be told
PARABOLIC = 1e-4  # |1 - x^2| below which the recurrences for T' and T'' lose digits, and their values at x = 1 do
FLAT = 0.02  # rise above the minimum time, over the time, below which single precision cannot tell where
SINGLE_TERMS, SINGLE_PARABOLIC = 7, 2e-2  # what does in single precision


class Minimum(NamedTuple):
    """Where the time with whole revolutions is least: w = x / sqrt(1 - x^2), T, and d2T/dw2."""

    w: Array
    t: Array
    curvature: Array


def _power(base: Array, exponent: Array | float) -> Array:
    return jnp.exp(exponent * jnp.log(base))


def _guess(t: Array, shape: Shape) -> Array:
    """1 + x to a few per cent.

    Below x = 0 from ``T (1 - x^2)^(3/2) = pi + O((1 + x)^(3/2))``, made exact at x = 0; above, Izzo's (2015, equation
    30); for small transfer angles, where T has a corner of width sqrt(1 - lambda^2) at x = 0, from the cubic
    ``2/3 eta^3 + 2 lambda eta = T`` of the parabola.
    """
    lam, chord = shape
    one_minus, square = shape.one_minus, lam * lam
    t_parabola = 2.0 / 3.0 * one_minus * (1.0 + lam + square)
    t_middle = arc_time(conic(jnp.zeros_like(t), jnp.ones_like(t), shape), shape, terms=SINGLE_TERMS, halvings=QUICK)
    fifth = one_minus * (1.0 + lam + square * (1.0 + lam + square))
    slow = t >= t_middle
    q = _power(jnp.pi / jnp.where(slow, t - t_middle + jnp.pi, jnp.pi), 2.0 / 3.0)
    below = q / (1.0 + jnp.sqrt(jnp.maximum(1.0 - q, 0.0)))
    fast = 2.0 + 2.5 * t_parabola * (t_parabola - t) / (t * fifth)
    between = jnp.exp(jnp.log(t_middle / t) * (math.log(2.0) / jnp.log(t_middle / t_parabola)))
    p = jnp.where(slow, below, jnp.where(t < t_parabola, fast, between))
    ahead = jnp.where(lam > 0.0, lam, 1.0)
    k = 0.75 * t
    cube = _power(k + jnp.sqrt(k * k + ahead * ahead * ahead), 2.0 / 3.0)
    eta = 2.0 * k / (cube + ahead + ahead * ahead / cube)
    small_angle = (lam > 0.7) & (eta < 1.2)
    return jnp.where(small_angle, 1.0 + (chord - eta * eta) / (2.0 * ahead * eta), p)


def _step(
    p: Array,
    t_wanted: Array,
    shape: Shape,
    *,
    terms: int = TERMS,
    halvings: int = HALVINGS,
    parabolic: float = PARABOLIC,
    limit: float = math.inf,
) -> tuple[Array, Array, Array]:
    """One Halley step in the logarithms of the time and of p, which keeps p positive and the equation near linear.

    The next p as numerator and denominator; whether this p was too far off for the next to be the last.
    """
    x, q = p - 1.0, p * (2.0 - p)
    orbit = conic(x, q, shape)
    t = arc_time(orbit, shape, terms=terms, halvings=halvings)
    near = jnp.abs(q) < parabolic
    far_first, far_second, _ = slopes(t, orbit, jnp.where(near, 1.0, q), shape)
    near_first, near_second = parabolic_slopes(x, shape)
    first = jnp.where(near, near_first, far_first)
    second = jnp.where(near, near_second, far_second)
    # f(u) = log T(e^u) - log T*; logarithm and exponential by expressions right to the fifth order, ample in a step
    z = (t - t_wanted) / (t + t_wanted)
    f = 2.0 * z * (1.0 + z * z / 3.0)
    f1 = p * first / t
    f2 = f1 + p * p * second / t - f1 * f1
    square, bend = f1 * f1, f * f2
    change = jnp.clip(-f * f1 / jnp.maximum(square - 0.5 * bend, 0.5 * square), -3.0, 3.0)  # at most twice Newton's
    even = 1.0 + change * change / 12.0
    size, ratio = jnp.abs(f), bend / square
    settled = ((size * (f * f + ratio * ratio) <= EXACT) | (size <= EXACT)) & (orbit.one_plus_c <= limit)
    return p * (even + 0.5 * change), even - 0.5 * change, ~settled


def _single(*values: Array) -> tuple[Array, ...]:
    return tuple(x.astype(jnp.float32) for x in values)


@flat
def _solve(t: Array, lam: Array, chord: Array) -> Array:
    def single(t: Array, lam: Array, chord: Array) -> Array:
        p, shape = _guess(t, Shape(lam, chord)), Shape(lam, chord)
        for _ in range(2):
            top, bottom, _ = _step(p, t, shape, terms=SINGLE_TERMS, halvings=QUICK, parabolic=SINGLE_PARABOLIC)
            p = top / bottom
        return p

    start = apart(lam != 2.0, single, *_single(t, lam, chord)).astype(jnp.float64)
    top, bottom, unsettled = _step(start, t, Shape(lam, chord), halvings=QUICK, limit=QUICK_LIMIT)
    p = jnp.where(unsettled | ~(start > 0.0), jnp.nan, top) / bottom

    def begin(t: Array, lam: Array, chord: Array) -> Array:
        t32, *shape32 = _single(t, lam, chord)
        guess = _guess(t32, Shape(*shape32)).astype(jnp.float64)
        return jnp.where(jnp.isfinite(guess) & (guess > 0.0), guess, 1.0)

    def step(p: Array, t: Array, lam: Array, chord: Array) -> tuple[Array, Array]:
        top, bottom, unsettled = _step(p, t, Shape(lam, chord))
        return top / bottom, unsettled

    wanted = (t > 0.0) & jnp.isfinite(t + lam)  # nothing is searched for where nothing is
    return finish(begin, step, lambda p: p, p, wanted, (t, lam, chord), EXTRA)


@jax.custom_jvp
def solve(t: Array, lam: Array, chord: Array) -> Array:
    """1 + x of the zero-revolution arc with time t, in units of sqrt(s^3 / (2 mu)); NaN where it was not found.

    Args:
        t: wanted time, positive.
        lam: lambda.
        chord: 1 - lambda^2; its variation is taken to be that of lambda.
    """
    return _solve(t, lam, chord)


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


def _flatten(x: Array, revolutions: Array, shape: Shape, terms: int = TERMS) -> tuple[Array, Array, Array, Array]:
    """One Halley step to T' = 0, and T, T', T'' where it started."""
    q = 1.0 - x * x
    orbit = conic(x, q, shape)
    t = arc_time(orbit, shape, terms=terms, halvings=ELLIPTIC) + jnp.pi * revolutions / (q * jnp.sqrt(q))
    first, second, third = slopes(t, orbit, q, shape)
    square, bend = second * second, 0.5 * first * third
    return x - first * second / (square - jnp.where(square > bend, bend, 0.0)), t, first, second


@flat
def _minimum(revolutions: Array, lam: Array, chord: Array) -> Minimum:
    def begin(revolutions: Array, lam: Array, chord: Array) -> Array:
        m32, *shape32 = _single(revolutions, lam, chord)
        x32 = _minimum_start(m32, Shape(*shape32))
        for _ in range(2):
            x32 = _flatten(x32, m32, Shape(*shape32), SINGLE_TERMS)[0]
        return jnp.where(jnp.isfinite(x32), x32, 0.0).astype(jnp.float64)

    def step(x: Array, revolutions: Array, lam: Array, chord: Array) -> tuple[Array, Array]:
        new, t, first, second = _flatten(x, revolutions, Shape(lam, chord))
        return new, ~(first * first <= SETTLED * SETTLED * second * t)  # T lies above its minimum by half of that

    start = begin(revolutions, lam, chord)
    _, t, first, second = _flatten(start, revolutions, Shape(lam, chord))
    near = jnp.where(first * first <= SETTLED * SETTLED * second * t, start * second, jnp.nan) / second
    x = finish(begin, step, lambda x: x, near, jnp.isfinite(lam), (revolutions, lam, chord), EXTRA)
    new, t, first, second = _flatten(x, revolutions, Shape(lam, chord))
    q = 1.0 - new * new
    return Minimum(new / jnp.sqrt(q), t - 0.5 * first * first / second, second * q * q * q)


def minimum(revolutions: Array, lam: Array, chord: Array) -> Minimum:
    """The minimum of the time with one or more whole revolutions; its derivatives are not followed."""
    return _minimum(*(jax.lax.stop_gradient(a) for a in (revolutions, lam, chord)))


def _revolutions_start(rise: Array, revolutions: Array, side: Array, low: Minimum) -> Array:
    """w from ``T - T_min = A ((1 + k (w - w_min)^2)^(3/2) - 1)``, right at the minimum and far from it."""
    asymptote = jnp.pi * (revolutions + jnp.where(side < 0.0, 1.0, 0.0))
    root_k = 3.0 * asymptote / low.curvature
    k = root_k * root_k
    scaled = rise * 3.0 * k / low.curvature
    square = jnp.where(scaled < 1e-3, 2.0 / 3.0 * scaled, _power(1.0 + scaled, 2.0 / 3.0) - 1.0) / k
    return low.w + side * jnp.sqrt(square)


def _revolutions_step(
    w: Array, t: Array, revolutions: Array, side: Array, shape: Shape, low: Minimum, terms: int = TERMS
) -> tuple[Array, Array, Array]:
    """One Halley step in w that stays on its side of the minimum; what it returns is as for `_step`."""
    square = 1.0 + w * w
    root = jnp.sqrt(square)
    x, q = w / root, 1.0 / square
    orbit = conic(x, q, shape)
    arc = arc_time(orbit, shape, terms=terms, halvings=ELLIPTIC)
    now = arc + jnp.pi * revolutions * square * root
    first, second, _ = slopes(now, orbit, q, shape)
    f1 = first / (square * root)
    f2 = (second / square - 3.0 * first * x) / (square * square)
    f = now - t
    f1_square, bend = f1 * f1, 0.5 * f * f2
    regular = f1_square > bend  # else Halley's step would turn around: Newton's
    bottom = f1_square - jnp.where(regular, bend, 0.0)
    bottom = jnp.where(bottom > 0.0, bottom, 1.0)
    top = w * bottom - f * f1
    top = jnp.where(side * (top - low.w * bottom) > 0.0, top, 0.5 * (w + low.w) * bottom)
    settled = jnp.abs(f) <= jnp.maximum(SETTLED * (t - low.t), EXACT * t)
    return jnp.where(jnp.abs(f) <= 2e-16 * t, w * bottom, top), bottom, ~settled


@flat
def _solve_revolutions(
    t: Array, revolutions: Array, side: Array, lam: Array, chord: Array, w_min: Array, t_min: Array, curvature: Array
) -> Array:
    def begin(
        t: Array, m: Array, side: Array, lam: Array, chord: Array, w_min: Array, t_min: Array, curvature: Array
    ) -> Array:
        rise = jnp.maximum(t - t_min, 0.0)  # the difference is taken before digits are dropped
        t32, rise32, m32, side32, lam32, chord32, *low = _single(t, rise, m, side, lam, chord, w_min, t_min, curvature)
        low32 = Minimum(*low)
        first32 = _revolutions_start(rise32, m32, side32, low32)
        next32 = first32
        for _ in range(2):
            top, bottom, _ = _revolutions_step(next32, t32, m32, side32, Shape(lam32, chord32), low32, SINGLE_TERMS)
            next32 = top / bottom
        start32 = jnp.where((rise32 > FLAT * t32) & jnp.isfinite(next32), next32, first32)
        return jnp.where(jnp.isfinite(start32), start32, 0.0).astype(jnp.float64)

    def step(w: Array, t: Array, m: Array, side: Array, lam: Array, chord: Array, *low: Array) -> tuple[Array, Array]:
        top, bottom, unsettled = _revolutions_step(w, t, m, side, Shape(lam, chord), Minimum(*low))
        return top / bottom, unsettled

    parameters = (t, revolutions, side, lam, chord, w_min, t_min, curvature)
    start, low = begin(*parameters), Minimum(w_min, t_min, curvature)
    top, bottom, unsettled = _revolutions_step(start, t, revolutions, side, Shape(lam, chord), low)
    w = jnp.where(unsettled, jnp.nan, top) / bottom
    wanted = (t >= t_min) & jnp.isfinite(t)
    w = finish(begin, step, lambda w: w, w, wanted, parameters, EXTRA)
    return jnp.where(t >= t_min, w, jnp.nan)


@jax.custom_jvp
def solve_revolutions(t: Array, revolutions: Array, side: Array, lam: Array, chord: Array, low: Minimum) -> Array:
    """w = x / sqrt(1 - x^2) of the arc with one or more whole revolutions; NaN below the minimum time.

    Args:
        t: wanted time in units of sqrt(s^3 / (2 mu)).
        revolutions: whole revolutions, one or more, as a float.
        side: -1 for the branch with x below the minimum's, +1 for the one above.
        lam: lambda.
        chord: 1 - lambda^2; its variation is taken to be that of lambda.
        low: the minimum for this lambda and number of revolutions; only where the search starts.
    """
    return _solve_revolutions(t, revolutions, side, lam, chord, *low)


@solve_revolutions.defjvp
def _solve_revolutions_jvp(
    primals: tuple[Array, Array, Array, Array, Array, Minimum],
    tangents: tuple[Array, Array, Array, Array, Array, Minimum],
) -> tuple[Array, Array]:
    t, revolutions, side, lam, chord, low = primals
    t_dot, lam_dot = tangents[0], tangents[3]
    w = solve_revolutions(t, revolutions, side, lam, chord, low)
    return w, winding_jvp(w, revolutions, lam, chord, t_dot, lam_dot)


def winding_jvp(w: Array, revolutions: Array, lam: Array, chord: Array, t_dot: Array, lam_dot: Array) -> Array:
    """Change of the root w with changes of the wanted time and of lambda."""
    slope = jax.jvp(lambda w: time_revolutions(w, revolutions, Shape(lam, chord)), (w,), (jnp.ones_like(w),))[1]
    square = w * w / (1.0 + w * w)
    y = jnp.sqrt(chord + lam * lam * square)
    return (t_dot + 2.0 * lam * lam / y * lam_dot) / slope
