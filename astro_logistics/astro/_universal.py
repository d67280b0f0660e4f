"""Universal functions U0..U3 of Kepler's problem and the root of its equation, with derivatives of any order.

Everything is scaled by the first radius and its circular motion: ``sigma = r.v / sqrt(mu r)``,
``alpha = 2 - r v^2 / mu`` (r / a), ``tau = dt sqrt(mu / r^3)``. Then ``tau = U1 + sigma U2 + U3`` and the radius is
``U0 + sigma U1 + U2`` (Battin 1999, sections 4.5 and 4.6).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from astro_logistics.astro._rows import apart, finish, flat

DOUBLINGS = 4
TERMS = 14  # of the Stumpff series at chi / 16: exact to rounding for |sqrt(-alpha) chi| up to 64
SINGLE_TERMS = 8  # what does in single precision
EXTRA = 60  # bracketed steps for the unsettled
TAME = 8.0  # excess over tau beyond which a hyperbola is far up its exponential, where steps are short or overflow
SETTLED = 1e-5  # relative change of chi after which one cubically convergent step has left only rounding


class Universal(NamedTuple):
    """U0, U1, U2, U3 of (chi, alpha)."""

    u0: Array
    u1: Array
    u2: Array
    u3: Array


def _stumpff(z: Array, k: int, terms: int = TERMS) -> Array:
    """c_k(z) = 1/k! - z/(k+2)! + z^2/(k+4)! - ..."""
    total = jnp.full_like(z, (-1.0) ** (terms - 1) / math.factorial(k + 2 * (terms - 1)))
    for n in range(terms - 2, -1, -1):
        total = total * z + (-1.0) ** n / math.factorial(k + 2 * n)
    return total


def universal(chi: Array, alpha: Array, *, doublings: int = DOUBLINGS, terms: int = TERMS) -> Universal:
    """U0..U3 without trigonometric functions: series at chi / 16, then doubled `doublings` times."""
    s = chi / 2.0**DOUBLINGS
    square = s * s
    z = alpha * square
    u2 = square * _stumpff(z, 2, terms)
    u3 = s * square * _stumpff(z, 3, terms)
    u0 = 1.0 - alpha * u2
    u1 = s - alpha * u3
    for _ in range(doublings):
        u3 = 2.0 * (u3 + u1 * u2)
        u2, u1 = 2.0 * u1 * u1, 2.0 * u0 * u1
        u0 = 1.0 - alpha * u2
    return Universal(u0, u1, u2, u3)


def higher(chi: Array, alpha: Array) -> tuple[Array, Array]:
    """U4 and U5 of (chi, alpha)."""
    s = chi / 2.0**DOUBLINGS
    square = s * s
    z = alpha * square
    u4 = square * square * _stumpff(z, 4)
    u5 = s * square * square * _stumpff(z, 5)
    u3 = s * square / 6.0 - alpha * u5
    u2 = 0.5 * square - alpha * u4
    u1 = s - alpha * u3
    for _ in range(DOUBLINGS):
        u5 = 2.0 * (u5 + s * u4 + u2 * u3)
        u4 = 2.0 * u3 * (s + u1)
        u3 = 2.0 * (u3 + u1 * u2)
        u2, u1 = 2.0 * u1 * u1, 2.0 * (1.0 - alpha * u2) * u1
        s = 2.0 * s
    return u4, u5


def _arc(u: Array, sign: Array, curved: Array) -> Array:
    """asin(u) (sign -1) or asinh(u) (sign +1) to 2e-4, for u >= 0 and curved = sqrt(1 + sign u^2)."""
    w = -sign * u * u
    near = u * (1.0 + w * (1.0 / 6.0 + w * (3.0 / 40.0 + w * (15.0 / 336.0 + w * 105.0 / 3456.0))))
    # asin u = pi / 2 - asin(sqrt(1 - u^2)), by the half angle: asin c = 2 asin(c / sqrt(2 (1 + u)))
    c = curved / jnp.sqrt(2.0 * (1.0 + u))
    v = c * c
    rest = 2.0 * c * (1.0 + v * (1.0 / 6.0 + v * (3.0 / 40.0 + v * (15.0 / 336.0 + v * 105.0 / 3456.0))))
    far = jnp.where(sign < 0.0, 0.5 * math.pi - rest, jnp.log(u + curved))
    return jnp.where(u < 0.6, near, far)


def _sine(x: Array) -> Array:
    """Bhaskara's sine, to 0.002, for |x| <= pi."""
    size = jnp.abs(x)
    bend = size * (math.pi - size)
    sine = 16.0 * bend / (5.0 * math.pi**2 - 4.0 * bend)
    return jnp.where(x < 0.0, -sine, sine)


def _start(tau: Array, sigma: Array, alpha: Array, q: Array, e: Array) -> Array:
    """chi to a few per cent, by way of the periapsis, where Kepler's equation is ``t = q s + e U3(s)``.

    Args:
        tau: as in `solve`, not negative.
        sigma: as in `solve`.
        alpha: as in `solve`.
        q: periapsis over the first radius.
        e: eccentricity.
    """
    bound = alpha > 0.0
    q = jnp.maximum(q, 1e-18)
    k = jnp.sqrt(jnp.abs(alpha)) + 1e-9
    square = k * k
    # departure: r = q + 2 e U1(s / 2)^2, so sin(F / 2) or sinh(F / 2) is
    u = k * jnp.sqrt(jnp.maximum(1.0 - q, 0.0) / (2.0 * jnp.maximum(e, 1e-6)))
    u = jnp.where(bound, jnp.minimum(u, 1.0), u)
    sign = jnp.where(bound, -1.0, 1.0).astype(u.dtype)
    curved = jnp.sqrt(1.0 + sign * u * u)  # cos(F / 2) or cosh(F / 2)
    f0 = 2.0 * _arc(u, sign, curved)
    cube = sign * (2.0 * u * curved - f0)
    cube = jnp.where(f0 < 0.1, f0 * f0 * f0 / 6.0, cube)
    leaving = jnp.where(sigma < 0.0, -1.0, 1.0).astype(u.dtype)
    f0, cube = leaving * f0, leaving * cube
    anomaly = q * square * f0 + e * cube + square * k * tau  # mean anomaly of the arrival
    whole = 2.0 * math.pi
    turns = jnp.where(bound, whole * jnp.round(anomaly / whole), 0.0)
    m = anomaly - turns
    # arrival: the cubic q s + e s^3 / 6 = t is close near periapsis and exact for the parabola
    b = k * jnp.sqrt(2.0 * q / jnp.maximum(e, 0.05))
    x = 1.5 * m / (q * square * b)
    size = jnp.abs(x)
    root = jnp.exp(2.0 / 3.0 * jnp.log(size + jnp.sqrt(size * size + 1.0)))  # of y^3 + 3 y = 2 x without cancellation
    cubic = 2.0 * b * x / (root + 1.0 + 1.0 / root)
    sine, sine_half = _sine(m), _sine(0.5 * m)
    ellipse = m + e * sine / jnp.maximum(1.0 - 0.9 * e * (1.0 - 2.0 * sine_half * sine_half), 0.1)
    ellipse = jnp.where((jnp.abs(m) < 1.0) & (e > 0.5), cubic, ellipse)
    size = jnp.minimum(jnp.abs(cubic), jnp.log(1.0 + 2.0 * jnp.abs(m) / e) + 1.0)
    sinh = (jnp.abs(m) + size) / jnp.maximum(e, 0.05)
    far = jnp.log(sinh + jnp.sqrt(sinh * sinh + 1.0))
    hyperbola = jnp.where(jnp.abs(cubic) < 1.5, cubic, jnp.where(m < 0.0, -far, far))
    return (jnp.where(bound, ellipse, hyperbola) + turns - f0) / k


class _Search(NamedTuple):
    """chi and its bracket."""

    chi: Array
    low: Array
    high: Array


def _laguerre(chi: Array, tau: Array, sigma: Array, alpha: Array, terms: int = TERMS) -> tuple[Array, ...]:
    """A step of Laguerre's method of degree five (Conway 1986, CMDA 39, 199-211) as minus numerator over denominator;
    the residual and its noise."""
    u = universal(chi, alpha, terms=terms)
    f = u.u1 + sigma * u.u2 + u.u3 - tau
    noise = 4e-16 * (jnp.abs(u.u1) + jnp.abs(sigma * u.u2) + jnp.abs(u.u3))
    noise = jnp.where(noise < jnp.inf, noise, 0.0)  # an overflow has found nothing
    f1 = u.u0 + sigma * u.u1 + u.u2
    f2 = sigma * u.u0 + (1.0 - alpha) * u.u1
    return 5.0 * f, f1 + jnp.sqrt(jnp.abs(16.0 * f1 * f1 - 20.0 * f * f2)), f, noise


def _bracketed(state: _Search, tau: Array, sigma: Array, alpha: Array, parameter: Array) -> tuple[_Search, Array]:
    """A Laguerre step, or a bisection where that would leave the bracket; whether it still changed much."""
    del parameter
    chi, low, high = state
    top, bottom, f, noise = _laguerre(chi, tau, sigma, alpha)
    trial = chi - top / bottom
    below = f < 0.0  # NaN is an overflow: far above
    low, high = jnp.where(below, chi, low), jnp.where(below, high, chi)
    wide = high > 4.0 * low + 4.0  # then by magnitudes
    middle = jnp.where(wide, jnp.sqrt(1.0 + low) * jnp.sqrt(1.0 + high) - 1.0, 0.5 * (low + high))
    new = jnp.where((trial >= low) & (trial <= high) & (f < TAME * tau), trial, middle)
    return _Search(new, low, high), ~(jnp.abs(f) <= noise) & ~(jnp.abs(new - chi) <= SETTLED * new)


def _inside(chi: Array, low: Array, high: Array) -> Array:
    return jnp.where(chi >= low, jnp.where(chi <= high, chi, high), low)  # NaN becomes low


def _eccentricity(sigma: Array, alpha: Array, parameter: Array) -> Array:
    opposite = (1.0 - alpha) * (1.0 - alpha) + alpha * sigma * sigma  # e^2; the other form cancels near the circle
    return jnp.sqrt(jnp.where(alpha > 0.0, opposite, 1.0 - alpha * parameter))


def _begin(tau: Array, sigma: Array, alpha: Array, parameter: Array) -> _Search:
    """A start in single precision, and a bracket of the root."""
    bound = alpha > 0.0
    e = _eccentricity(sigma, alpha, parameter)
    k = jnp.sqrt(jnp.where(bound, alpha, 1.0))
    turn = alpha * tau
    high = tau * (1.0 + e) / parameter  # dtau / dchi = r is nowhere below the periapsis
    high = jnp.where(bound, jnp.minimum(high, turn + 2.0 * e / k), high)  # |E - M| <= e at both ends
    low = jnp.where(bound, jnp.maximum(turn - 2.0 * e / k, 0.0), 0.0)
    start = _start32(tau, sigma, alpha, parameter / (1.0 + e), e).astype(jnp.float64)
    return _Search(_inside(start, low, high), low, high)


def _start32(tau: Array, sigma: Array, alpha: Array, q: Array, e: Array) -> Array:
    a, b, c, d, f = _single(tau, sigma, alpha, q, e)
    return _start(a, b, c, d, f)


def _single(*values: Array) -> tuple[Array, ...]:
    return tuple(x.astype(jnp.float32) for x in values)


@flat
def _search(tau: Array, sigma: Array, alpha: Array, parameter: Array) -> Array:
    """chi for tau >= 0."""
    e = _eccentricity(sigma, alpha, parameter)

    def single(tau: Array, sigma: Array, alpha: Array, q: Array, e: Array) -> Array:
        start = jnp.maximum(_start(tau, sigma, alpha, q, e), 0.0)
        for _ in range(2):
            top, bottom, _, _ = _laguerre(start, tau, sigma, alpha, SINGLE_TERMS)
            start = jnp.maximum(start * bottom - top, 0.0) / bottom
        return start

    parameters32 = _single(tau, sigma, alpha, parameter / (1.0 + e), e)
    chi = apart(tau != -1.0, single, *parameters32).astype(jnp.float64)
    top, bottom, f, noise = _laguerre(chi, tau, sigma, alpha)
    settled = (f < TAME * tau) & (jnp.abs(top) <= SETTLED * chi * bottom)
    exact = jnp.abs(f) <= noise
    new = jnp.where(exact, chi * bottom, jnp.where(settled, chi * bottom - top, jnp.nan)) / bottom
    wanted = jnp.isfinite(tau + sigma + alpha)
    return finish(_begin, _bracketed, lambda state: state.chi, new, wanted, (tau, sigma, alpha, parameter), EXTRA)


@jax.custom_jvp
def solve(tau: Array, sigma: Array, alpha: Array, parameter: Array) -> Array:
    """chi of ``tau = U1 + sigma U2 + U3``; NaN where it was not found.

    Start and two Laguerre steps in single precision, one in double, then bracketed steps for the rare cases (near
    rectilinear or extremely fast) that need them. Derivatives by the implicit function theorem.

    Args:
        tau: scaled time, of either sign, less than about half a period if alpha > 0.
        sigma: r.v / sqrt(mu r) at tau = 0.
        alpha: r / a = 2 - r v^2 / mu.
        parameter: semi-latus rectum / r = 2 - alpha - sigma^2, without that cancellation; it only guides the search.
    """
    backward = tau < 0.0
    chi = _search(jnp.abs(tau), jnp.where(backward, -sigma, sigma), alpha, parameter)
    return jnp.where(backward, -chi, chi)


@solve.defjvp
def _solve_jvp(
    primals: tuple[Array, Array, Array, Array], tangents: tuple[Array, Array, Array, Array]
) -> tuple[Array, Array]:
    tau, sigma, alpha, parameter = primals
    tau_dot, sigma_dot, alpha_dot, _ = tangents
    chi = solve(tau, sigma, alpha, parameter)

    def time(alpha: Array) -> tuple[Array, Universal]:
        u = universal(chi, alpha)
        return u.u1 + sigma * u.u2 + u.u3, u

    (_, u), (by_alpha, _) = jax.jvp(time, (alpha,), (jnp.ones_like(alpha),))
    radius = u.u0 + sigma * u.u1 + u.u2
    return chi, (tau_dot - u.u2 * sigma_dot - by_alpha * alpha_dot) / radius
