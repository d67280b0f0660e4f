"""The time of flight of Lambert's problem without transcendental functions, and its derivatives.

With Lancaster and Blanchard's x, ``y^2 = 1 - lambda^2 (1 - x^2)``, ``eta = y - lambda x`` and
``C = x y + lambda (1 - x^2) = lambda + x eta`` (the cosine, or hyperbolic cosine, of psi), the time of a
zero-revolution arc in units of ``sqrt(s^3 / (2 mu))`` is Battin's

    2 T = Q(C) eta^3 + 4 lambda eta,     Q = (2 psi - sin 2 psi) / sin^3 psi = 4/3 F(3, 1; 5/2; (1 - C) / 2)

which is one smooth expression through ellipse, parabola and hyperbola. Doubling the angle,
``Q(cos 2 phi) = (Q(cos phi) + 4 cos phi) / (4 cos^3 phi)``, so two half-angle square roots bring the series close to
its center. For fast hyperbolas with lambda < 0 the two terms cancel; there the logarithmic form takes over.

References: Battin 1999, An Introduction to the Mathematics and Methods of Astrodynamics, section 7.2; Izzo 2015,
Celestial Mechanics and Dynamical Astronomy 121, 1-15, equations 18-22; Gooding 1990, CMDA 48, 145-165.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

HYPERBOLIC = 1.4  # x above which the logarithmic form is used; at the border both are good to 20 roundings
TERMS = 19  # of F(3, 1; 5/2; z): z <= sin^2(pi / 8) = 0.147, so the remainder is below 2e-16
PARABOLIC = 0.02  # |x - 1| below which the recurrences for T' and T'' lose digits and a short series is used


class Shape(NamedTuple):
    """The chord's two numbers: lambda, and 1 - lambda^2 = c / s, which rounds away at small angles."""

    lam: Array
    chord: Array


class Conic(NamedTuple):
    """Everything that x fixes: y, eta = y - lambda x, kappa = y + lambda x and 1 + C, each without cancellation."""

    x: Array
    y: Array
    eta: Array
    kappa: Array
    one_plus_c: Array


def _polynomial(coefficients: list[float], z: Array) -> Array:
    total = jnp.full_like(z, coefficients[-1])
    for a in reversed(coefficients[:-1]):
        total = total * z + a
    return total


def _series(terms: int, derivative: int = 0) -> list[float]:
    """Taylor coefficients in z of the given derivative of 4/3 F(3, 1; 5/2; z)."""
    a = [4.0 / 3.0]
    for n in range(terms + derivative):
        a.append(a[-1] * (3.0 + n) / (2.5 + n))
    for _ in range(derivative):
        a = [n * value for n, value in enumerate(a)][1:]
    return a[:terms]


SERIES = _series(TERMS)
SLOPE = [-0.5 * a for a in _series(7, 1)]  # dQ/dC near C = 1
BEND = [0.25 * a for a in _series(7, 2)]


def battin_quotient(one_plus_c: Array) -> Array:
    """Q(C) for -1 < C < 4."""
    half = jnp.sqrt(0.5 * one_plus_c)  # cos(psi / 2)
    quarter = jnp.sqrt(0.5 * (1.0 + half))
    z = 0.5 * (1.0 - quarter)
    q = _polynomial(SERIES, z)
    turn = 1.0 / quarter
    q = turn * turn * (0.25 * q * turn + 1.0)
    turn = 1.0 / half
    return turn * turn * (0.25 * q * turn + 1.0)


def conic(x: Array, q: Array, shape: Shape) -> Conic:
    """The conic of x, where q = 1 - x^2 is given apart so that it keeps its digits beside x = -1 and x = 1."""
    lam, chord = shape
    y = jnp.sqrt(chord + lam * lam * x * x)
    lam_x = lam * x
    ahead = lam_x > 0.0
    large = y + jnp.where(ahead, lam_x, -lam_x)
    small = chord / large  # (y - lambda x)(y + lambda x) = 1 - lambda^2
    eta, kappa = jnp.where(ahead, small, large), jnp.where(ahead, large, small)
    c = lam + x * eta
    below = c < 0.0
    one_plus_c = jnp.where(below, eta * eta * q / (1.0 - jnp.where(below, c, 0.0)), 1.0 + c)  # sin^2 psi / (1 - C)
    return Conic(x, y, eta, kappa, one_plus_c)


def _hyperbolic_time(orbit: Conic, square: Array, shape: Shape) -> Array:
    """T for x > 1, where square = x^2 - 1: (x - lambda y - asinh(eta sqrt(x^2 - 1)) / sqrt(x^2 - 1)) / (x^2 - 1)."""
    lam, chord = shape
    x, y, eta = orbit.x, orbit.y, orbit.eta
    root = jnp.sqrt(square)
    sinh = eta * root
    arc = jnp.log1p(sinh + sinh * sinh / (1.0 + jnp.sqrt(1.0 + sinh * sinh)))
    short = lam > 0.0
    lam_y = lam * y
    difference = jnp.where(
        short,
        chord * (x * x * (1.0 + lam * lam) - lam * lam) / (x + jnp.where(short, lam_y, 0.0)),
        x - lam_y,
    )
    return (difference * root - arc) / (square * root)


def time(p: Array, shape: Shape) -> Array:
    """Zero-revolution time of flight in units of sqrt(s^3 / (2 mu)).

    Args:
        p: 1 + x, positive; relative precision is kept towards p = 0 (the slowest ellipses).
        shape: lambda and 1 - lambda^2.
    """
    fast = p > 1.0 + HYPERBOLIC
    q = p * (2.0 - p)
    orbit = conic(p - 1.0, q, shape)
    quotient = battin_quotient(jnp.where(fast, 2.0, orbit.one_plus_c))
    battin = 0.5 * orbit.eta * (quotient * orbit.eta * orbit.eta + 4.0 * shape.lam)
    return jnp.where(fast, _hyperbolic_time(orbit, jnp.where(fast, -q, 1.0), shape), battin)


def time_revolutions(w: Array, revolutions: Array, shape: Shape) -> Array:
    """Time of flight with one or more whole revolutions, in units of sqrt(s^3 / (2 mu)).

    Args:
        w: x / sqrt(1 - x^2), any real number.
        revolutions: whole revolutions, as a float.
        shape: lambda and 1 - lambda^2.
    """
    square = 1.0 + w * w
    root = jnp.sqrt(square)
    orbit = conic(w / root, 1.0 / square, shape)
    arc = 0.5 * orbit.eta * (battin_quotient(orbit.one_plus_c) * orbit.eta * orbit.eta + 4.0 * shape.lam)
    return arc + jnp.pi * revolutions * square * root


def slopes(t: Array, orbit: Conic, q: Array, shape: Shape) -> tuple[Array, Array, Array]:
    """First three derivatives of T by x, from T (Izzo 2015, equation 22); they lose digits beside x = 1."""
    lam, chord = shape
    x, y = orbit.x, orbit.y
    cube = lam * lam * lam / (y * y * y)
    first = (3.0 * t * x - 2.0 * (orbit.eta + lam * x * chord) / y) / q
    second = (3.0 * t + 5.0 * x * first + 2.0 * chord * cube) / q
    third = (7.0 * x * second + 8.0 * first - 6.0 * chord * cube * (lam / y) * (lam / y) * x) / q
    return first, second, third


def parabolic_slopes(orbit: Conic, shape: Shape) -> tuple[Array, Array]:
    """First two derivatives of T by x beside x = 1, to about 1e-7, for use in an iteration."""
    lam = shape.lam
    y, eta = orbit.y, orbit.eta
    z = 1.0 - 0.5 * orbit.one_plus_c
    q0, q1, q2 = _polynomial(SERIES[:7], z), _polynomial(SLOPE, z), _polynomial(BEND, z)
    square = eta * eta
    g = square * (q1 * square - 3.0 * lam * q0) - 4.0 * lam * lam
    h = square * (square * (q2 * square - 7.0 * lam * q1) + 6.0 * lam * lam * q0)
    return 0.5 * eta / y * g, 0.5 * eta / (y * y) * (h - lam * (1.0 + lam * orbit.x / y) * g)
