"""The time of flight of Lambert's problem without transcendental functions, and its derivatives.

With Lancaster and Blanchard's x, ``y^2 = 1 - lambda^2 (1 - x^2)``, ``eta = y - lambda x`` and
``C = x y + lambda (1 - x^2) = lambda + x eta`` (the cosine, or hyperbolic cosine, of psi), the time of a
zero-revolution arc in units of ``sqrt(s^3 / (2 mu))`` is Battin's

    2 T = Q(C) eta^3 + 4 lambda eta,     Q = (2 psi - sin 2 psi) / sin^3 psi = 4/3 F(3, 1; 5/2; (1 - C) / 2)

which is one smooth expression through ellipse, parabola and hyperbola. Halving the angle, with h = cos(psi / 2),
``Q(C) = (Q(h) + 4 h) / (4 h^3)``, and since ``eta^2 + 2 lambda (1 + C) = (1 + lambda)^2`` the terms that cancel in
fast hyperbolas cancel exactly:

    T = eta (Q(h) eta^2 + 4 h (1 + lambda)^2) / (8 h^3)

with nothing but positive terms. Further halvings bring the series for Q close to its center.

The divisions are where they are on purpose: XLA keeps the result of a division or a root that is used more than once
and computes anything cheaper again for each use.

References: Battin 1999, An Introduction to the Mathematics and Methods of Astrodynamics, section 7.2; Izzo 2015,
Celestial Mechanics and Dynamical Astronomy 121, 1-15, equations 18-22; Gooding 1990, CMDA 48, 145-165.
"""

from __future__ import annotations

from typing import NamedTuple

import jax.numpy as jnp
from jax import Array

TERMS = 19  # of F(3, 1; 5/2; z): |z| <= sin^2(pi / 8) = 0.147 leaves a remainder below 2e-16
HALVINGS = 6  # of psi: |z| stays below 0.147 up to C = 3e20
ELLIPTIC = 2  # halvings that do for ellipses: C <= 1
QUICK = 3  # halvings that do up to C = 190, which only hyperbolas of x > 9 exceed
QUICK_LIMIT = 190.0


class Shape(NamedTuple):
    """The chord's two numbers: lambda, and 1 - lambda^2 = c / s, which rounds away at small angles."""

    lam: Array
    chord: Array

    @property
    def one_plus(self) -> Array:
        """1 + lambda."""
        ahead = self.lam > 0.0
        return jnp.where(ahead, 1.0 + self.lam, self.chord) / jnp.where(ahead, 1.0, 1.0 - self.lam)

    @property
    def one_minus(self) -> Array:
        """1 - lambda."""
        ahead = self.lam > 0.0
        return jnp.where(ahead, self.chord, 1.0 - self.lam) / jnp.where(ahead, 1.0 + self.lam, 1.0)


class Conic(NamedTuple):
    """What x fixes: y, eta = y - lambda x and 1 + C, each without cancellation."""

    x: Array
    y: Array
    eta: Array
    one_plus_c: Array


def _series(terms: int) -> list[float]:
    """Taylor coefficients in z of 4/3 F(3, 1; 5/2; z)."""
    a = [4.0 / 3.0]
    for n in range(terms - 1):
        a.append(a[-1] * (3.0 + n) / (2.5 + n))
    return a


SERIES = _series(TERMS)


def conic(x: Array, q: Array, shape: Shape) -> Conic:
    """The conic of x, where q = 1 - x^2 is given apart so that it keeps its digits beside x = -1 and x = 1."""
    lam, chord = shape
    lam_x = lam * x
    y = jnp.sqrt(chord + lam_x * lam_x)
    ahead = lam_x > 0.0
    large = y + jnp.where(ahead, lam_x, -lam_x)
    eta = jnp.where(ahead, chord, large) / jnp.where(ahead, large, 1.0)  # (y - lambda x)(y + lambda x) = 1 - lambda^2
    c = lam + x * eta
    below = c < 0.0
    one_plus_c = jnp.where(below, eta * eta * q, 1.0 + c) / jnp.where(below, 1.0 - c, 1.0)  # sin^2 psi / (1 - C)
    return Conic(x, y, eta, one_plus_c)


def kappa(x: Array, y: Array, shape: Shape) -> Array:
    """y + lambda x without cancellation."""
    lam_x = shape.lam * x
    ahead = lam_x > 0.0
    large = y + jnp.where(ahead, lam_x, -lam_x)
    return jnp.where(ahead, large, shape.chord) / jnp.where(ahead, 1.0, large)


def arc_time(orbit: Conic, shape: Shape, *, terms: int = TERMS, halvings: int = HALVINGS) -> Array:
    """Zero-revolution time of flight in units of sqrt(s^3 / (2 mu))."""
    half = jnp.sqrt(0.5 * orbit.one_plus_c)
    cosines = [half]
    for _ in range(halvings - 1):
        cosines.append(jnp.sqrt(0.5 + 0.5 * cosines[-1]))
    z = 0.5 - 0.5 * cosines[-1]
    quotient = jnp.full_like(z, SERIES[terms - 1])
    for a in SERIES[terms - 2 :: -1]:
        quotient = quotient * z + a
    for cosine in cosines[:0:-1]:
        quotient = (quotient + 4.0 * cosine) / (4.0 * cosine * cosine * cosine)
    eta, plus = orbit.eta, shape.one_plus
    return eta * (quotient * eta * eta + 4.0 * half * plus * plus) / (8.0 * half * half * half)


def time(p: Array, shape: Shape) -> Array:
    """Zero-revolution time of flight in units of sqrt(s^3 / (2 mu)).

    Args:
        p: 1 + x, positive; relative precision is kept towards p = 0 (the slowest ellipses).
        shape: lambda and 1 - lambda^2.
    """
    return arc_time(conic(p - 1.0, p * (2.0 - p), shape), shape)


def time_revolutions(w: Array, revolutions: Array, shape: Shape) -> Array:
    """Time of flight with one or more whole revolutions, in units of sqrt(s^3 / (2 mu)).

    Args:
        w: x / sqrt(1 - x^2), any real number.
        revolutions: whole revolutions, as a float.
        shape: lambda and 1 - lambda^2.
    """
    square = 1.0 + w * w
    root = jnp.sqrt(square)
    arc = arc_time(conic(w / root, 1.0 / square, shape), shape, halvings=ELLIPTIC)
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


def parabolic_slopes(x: Array, shape: Shape) -> tuple[Array, Array]:
    """First two derivatives of T by x beside x = 1, from their values there: right to the order of (x - 1)^2, x - 1.

    Equation 22 and its derivative at x = 1: 5 T' = -2 (1 - lambda^5), 7 T'' = 6 lambda^5 (1 - lambda^2) - 8 T'.
    """
    lam, chord = shape
    square = lam * lam
    fourth = square * square
    first = -0.4 * shape.one_minus * (1.0 + lam + square + lam * square + fourth)
    second = 6.0 / 7.0 * chord * lam * fourth - 8.0 / 7.0 * first
    return first + second * (x - 1.0), second
