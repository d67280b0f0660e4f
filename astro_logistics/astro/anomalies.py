"""Where a body is on its conic: true, eccentric, hyperbolic, parabolic and mean anomaly, both ways.

Kepler's equation is solved by Newton's method from a start above the root of a convex function, so it cannot fail;
its derivatives, to any order, are those of the equation itself.
"""

from __future__ import annotations

import math

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

_STEPS = 7  # rounding is reached after 5 from the starts below, for 1e-16 < |e - 1| < 1e6 and 1e-300 < M < 1e300


@jax.jit
def eccentric_from_mean(mean: ArrayLike, e: ArrayLike) -> Array:
    """Solve Kepler's equation M = E - e sin E for the eccentric anomaly E of an ellipse.

    Args:
        mean: M [rad], any real number; whole turns are kept.
        e: eccentricity, 0 <= e < 1; broadcasts with `mean`.

    Returns:
        E [rad]; NaN for e outside [0, 1) or a non-finite M. Error: rounding, also near e = 1 and M = 0.

    References: Vallado 2013, sec. 2.2.5; derivatives by the implicit function theorem.
    """
    return _eccentric(*_floats(mean, e))


@jax.jit
def hyperbolic_from_mean(mean: ArrayLike, e: ArrayLike) -> Array:
    """Solve Kepler's equation M = e sinh F - F for the hyperbolic anomaly F.

    Args:
        mean: M [rad], any real number.
        e: eccentricity, e > 1; broadcasts with `mean`.

    Returns:
        F [rad]; NaN for e <= 1 or a non-finite M. Error: rounding, also near e = 1 and M = 0.

    References: Vallado 2013, sec. 2.2.6; derivatives by the implicit function theorem.
    """
    return _hyperbolic(*_floats(mean, e))


@jax.jit
def parabolic_from_mean(mean: ArrayLike) -> Array:
    """Solve Barker's equation M = D + D^3 / 3 for D = tan(nu / 2).

    Args:
        mean: M = sqrt(mu / (2 q^3)) (t - t_periapsis), with q the periapsis radius.

    Returns:
        D, by D = 2 sinh(asinh(3 M / 2) / 3).

    References: Battin 1999, sec. 4.2.
    """
    (mean,) = _floats(mean)
    return 2.0 * jnp.sinh(jnp.arcsinh(1.5 * mean) / 3.0)


@jax.jit
def mean_from_eccentric(eccentric: ArrayLike, e: ArrayLike) -> Array:
    """Mean anomaly of an ellipse: M = E - e sin E, without cancellation near e = 1 and E = 0.

    Args:
        eccentric: E [rad].
        e: eccentricity, 0 <= e < 1.

    Returns:
        M [rad]; NaN for e outside [0, 1).

    References: Vallado 2013, eq. 2-4.
    """
    E, e = _floats(eccentric, e)
    return _if((e >= 0.0) & (e < 1.0), (1.0 - e) * E + e * _less_sine(E))


@jax.jit
def mean_from_hyperbolic(hyperbolic: ArrayLike, e: ArrayLike) -> Array:
    """Mean anomaly of a hyperbola: M = e sinh F - F, without cancellation near e = 1 and F = 0.

    Args:
        hyperbolic: F [rad].
        e: eccentricity, e > 1.

    Returns:
        M [rad]; NaN for e <= 1.

    References: Vallado 2013, eq. 2-38.
    """
    F, e = _floats(hyperbolic, e)
    return _if(e > 1.0, (e - 1.0) * F + e * _sinh_less(F))


@jax.jit
def mean_from_parabolic(parabolic: ArrayLike) -> Array:
    """Barker's equation: M = D + D^3 / 3, D = tan(nu / 2); see `parabolic_from_mean`."""
    (D,) = _floats(parabolic)
    return D + D**3 / 3.0


@jax.jit
def true_from_eccentric(eccentric: ArrayLike, e: ArrayLike) -> Array:
    """True anomaly of an ellipse: nu = E + 2 atan(b sin E / (1 - b cos E)), b = e / (1 + sqrt(1 - e^2)).

    Args:
        eccentric: E [rad]; whole turns are kept.
        e: eccentricity, 0 <= e < 1.

    Returns:
        nu [rad]; NaN for e outside [0, 1).

    References: Broucke & Cefola 1973.
    """
    E, e = _floats(eccentric, e)
    b, less = _broucke(e)
    return E + 2.0 * jnp.arctan2(b * jnp.sin(E), less + 2.0 * b * jnp.sin(0.5 * E) ** 2)


@jax.jit
def eccentric_from_true(nu: ArrayLike, e: ArrayLike) -> Array:
    """Eccentric anomaly of an ellipse: E = nu - 2 atan(b sin nu / (1 + b cos nu)), b = e / (1 + sqrt(1 - e^2)).

    Args:
        nu: true anomaly [rad]; whole turns are kept.
        e: eccentricity, 0 <= e < 1.

    Returns:
        E [rad]; NaN for e outside [0, 1).

    References: Broucke & Cefola 1973.
    """
    nu, e = _floats(nu, e)
    b, less = _broucke(e)
    return nu - 2.0 * jnp.arctan2(b * jnp.sin(nu), less + 2.0 * b * jnp.cos(0.5 * nu) ** 2)


@jax.jit
def true_from_hyperbolic(hyperbolic: ArrayLike, e: ArrayLike) -> Array:
    """True anomaly of a hyperbola: tan(nu / 2) = sqrt((e + 1) / (e - 1)) tanh(F / 2).

    Args:
        hyperbolic: F [rad].
        e: eccentricity, e > 1.

    Returns:
        nu [rad], inside the asymptotes at +-acos(-1 / e); NaN for e <= 1.

    References: Vallado 2013, eq. 2-36.
    """
    F, e = _floats(hyperbolic, e)
    valid = e > 1.0
    e = jnp.where(valid, e, 2.0)
    return _if(valid, 2.0 * jnp.arctan(jnp.sqrt((e + 1.0) / (e - 1.0)) * jnp.tanh(0.5 * F)))


@jax.jit
def hyperbolic_from_true(nu: ArrayLike, e: ArrayLike) -> Array:
    """Hyperbolic anomaly: tanh(F / 2) = sqrt((e - 1) / (e + 1)) tan(nu / 2).

    Args:
        nu: true anomaly [rad], in (-pi, pi).
        e: eccentricity, e > 1.

    Returns:
        F [rad]; NaN for e <= 1 and beyond the asymptotes, where the body never is.

    References: Vallado 2013, eq. 2-36.
    """
    nu, e = _floats(nu, e)
    valid = (e > 1.0) & (e * jnp.cos(nu) > -1.0)
    e, nu = jnp.where(valid, e, 2.0), jnp.where(valid, nu, 0.0)
    return _if(valid, 2.0 * jnp.arctanh(jnp.sqrt((e - 1.0) / (e + 1.0)) * jnp.tan(0.5 * nu)))


@jax.jit
def true_from_mean(mean: ArrayLike, e: ArrayLike) -> Array:
    """True anomaly from mean anomaly, on an ellipse (e < 1) or a hyperbola (e > 1).

    Args:
        mean: M [rad]: sqrt(mu / |a|^3) times the time since periapsis.
        e: eccentricity; broadcasts with `mean`.

    Returns:
        nu [rad]; NaN at e = 1, where M as defined is always zero (use `parabolic_from_mean`), and for e < 0.
    """
    M, e = _floats(mean, e)
    ellipse = e < 1.0
    inner, outer = jnp.where(ellipse, e, 0.5), jnp.where(ellipse, 2.0, e)
    return jnp.where(
        ellipse,
        true_from_eccentric(eccentric_from_mean(M, inner), inner),
        true_from_hyperbolic(hyperbolic_from_mean(M, outer), outer),
    )


@jax.jit
def mean_from_true(nu: ArrayLike, e: ArrayLike) -> Array:
    """Mean anomaly from true anomaly, on an ellipse (e < 1) or a hyperbola (e > 1).

    Args:
        nu: true anomaly [rad].
        e: eccentricity; broadcasts with `nu`.

    Returns:
        M [rad]; NaN at e = 1 (use `mean_from_parabolic`), for e < 0, and beyond the asymptotes of a hyperbola.
    """
    nu, e = _floats(nu, e)
    ellipse = e < 1.0
    inner, outer = jnp.where(ellipse, e, 0.5), jnp.where(ellipse, 2.0, e)
    return jnp.where(
        ellipse,
        mean_from_eccentric(eccentric_from_true(nu, inner), inner),
        mean_from_hyperbolic(hyperbolic_from_true(nu, outer), outer),
    )


def _floats(*values: ArrayLike) -> list[Array]:
    return jnp.broadcast_arrays(*(jnp.asarray(v, jnp.float64) for v in values))


def _if(valid: Array, value: Array) -> Array:
    return jnp.where(valid, value, jnp.nan)


def _broucke(e: Array) -> tuple[Array, Array]:
    """b = e / (1 + sqrt(1 - e^2)), and 1 - b without cancellation."""
    valid = (e >= 0.0) & (e < 1.0)
    e = jnp.where(valid, e, 0.0)
    root = jnp.sqrt((1.0 - e) * (1.0 + e))
    return _if(valid, e / (1.0 + root)), (1.0 - e + root) / (1.0 + root)


def _series(x: Array, sign: float) -> Array:
    """x^3/3! + sign x^5/5! + x^7/7! + ..., to rounding for |x| < 1."""
    total = jnp.ones_like(x)
    for k in range(16, 2, -2):
        total = 1.0 + sign * x * x * total / (k * (k + 1.0))
    return x**3 / 6.0 * total


def _less_sine(x: Array) -> Array:
    """x - sin x to rounding."""
    small = jnp.abs(x) < 1.0
    return jnp.where(small, _series(jnp.where(small, x, 0.0), -1.0), x - jnp.sin(x))


def _sinh_less(x: Array) -> Array:
    """sinh x - x to rounding."""
    small = jnp.abs(x) < 1.0
    return jnp.where(small, _series(jnp.where(small, x, 0.0), 1.0), jnp.sinh(x) - x)


def _elliptic_slope(E: Array, e: Array) -> Array:
    """dM/dE = 1 - e cos E, without cancellation."""
    return (1.0 - e) + 2.0 * e * jnp.sin(0.5 * E) ** 2


def _hyperbolic_slope(F: Array, e: Array) -> Array:
    """dM/dF = e cosh F - 1, without cancellation."""
    return (e - 1.0) + 2.0 * e * jnp.sinh(0.5 * F) ** 2


@jax.custom_jvp
def _eccentric(mean: Array, e: Array) -> Array:
    turns = 2.0 * math.pi * jnp.round(mean / (2.0 * math.pi))
    M = jnp.abs(mean - turns)
    # three upper bounds of E in [0, pi]: sin E <= 1; sin E <= E; E - sin E >= (E / pi)^2 E
    start = jnp.minimum(jnp.minimum(M + e, M / (1.0 - e)), jnp.cbrt(math.pi**2 * M / jnp.maximum(e, 1e-3)))

    def step(_: int, E: Array) -> Array:
        return E - ((1.0 - e) * E + e * _less_sine(E) - M) / _elliptic_slope(E, e)

    E = jax.lax.fori_loop(0, _STEPS, step, start)
    E = jnp.where(M == 0.0, 0.0, jnp.sign(mean - turns) * E)
    return _if((e >= 0.0) & (e < 1.0) & jnp.isfinite(mean), E + turns)


@_eccentric.defjvp
def _eccentric_jvp(primals: tuple[Array, Array], tangents: tuple[Array, Array]) -> tuple[Array, Array]:
    (mean, e), (d_mean, d_e) = primals, tangents
    E = _eccentric(mean, e)
    return E, (d_mean + jnp.sin(E) * d_e) / _elliptic_slope(E, e)


@jax.custom_jvp
def _hyperbolic(mean: Array, e: Array) -> Array:
    M = jnp.abs(mean)
    # upper bounds of F: F <= sinh F; sinh F - F >= F^3 / 6; and sinh F = (M + F) / e keeps a bound a bound
    start = jnp.minimum(jnp.arcsinh(M / (e - 1.0)), jnp.cbrt(6.0 * (M / e)))
    start = jnp.minimum(start, jnp.arcsinh((M + start) / e))

    def step(_: int, F: Array) -> Array:
        return F - ((e - 1.0) * F + e * _sinh_less(F) - M) / _hyperbolic_slope(F, e)

    F = jax.lax.fori_loop(0, _STEPS, step, start)
    return _if((e > 1.0) & jnp.isfinite(mean), jnp.sign(mean) * F)


@_hyperbolic.defjvp
def _hyperbolic_jvp(primals: tuple[Array, Array], tangents: tuple[Array, Array]) -> tuple[Array, Array]:
    (mean, e), (d_mean, d_e) = primals, tangents
    F = _hyperbolic(mean, e)
    return F, (d_mean - jnp.sinh(F) * d_e) / _hyperbolic_slope(F, e)
