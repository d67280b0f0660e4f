"""The conic with a given perigee that passes a given distance a given time after it."""

from __future__ import annotations

import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

from astro_logistics.numerics import root

_FASTEST = 0.97  # of the hyperbolic anomaly at which the time falls to zero: six hours to the Moon from a low orbit
_SLOWEST = 36.0  # z = (eccentric anomaly)^2: 344 degrees, far on the way down from an apogee beyond the distance
_STEPS = 48  # Newton's from mid-bracket: 10 suffice; bisection alone would leave 1e-13 of z


_DOUBLINGS, _TERMS = 4, 6  # |z| <= 36 becomes 0.14, and six terms leave 1e-16


def _stumpff(z: Array) -> tuple[Array, Array, Array]:
    """c1(z), c2(z), c3(z): series at z / 4^4, then c_k(4 z) from c_k(z)."""
    z = z / 4.0**_DOUBLINGS
    series = [(-1.0) ** n for n in range(_TERMS)]
    c2, c3 = (
        jnp.polyval(jnp.asarray([s / math.factorial(k + 2 * n) for n, s in enumerate(series)][::-1]), z) for k in (2, 3)
    )
    c1 = 1.0 - z * c3
    for _ in range(_DOUBLINGS):
        c0 = 1.0 - z * c2
        c1, c2, c3, z = c0 * c1, 0.5 * c1 * c1, 0.25 * (c3 + c1 * c2), 4.0 * z
    return c1, c2, c3


class PerigeeArc(NamedTuple):
    """The arc from perigee to a distance, each field of shape (...)."""

    eccentricity: Array
    v_perigee: Array
    """Speed at perigee [m/s]."""
    v_radial: Array
    """Outward speed at the distance [m/s]."""
    v_transverse: Array
    """Speed across at the distance [m/s]."""
    true_anomaly: Array
    """Angle from the perigee to the point at the distance [rad], 0 to 2 pi."""
    converged: Array


@jax.jit
def perigee_arc(mu: Array, q: Array, r: Array, tof: Array) -> PerigeeArc:
    """The conic of perigee radius q that is at distance r a time tof after perigee.

    In units of q and mu, with z = alpha chi^2 and Stumpff's c2(z), c3(z): r = 1 + e chi^2 c2, tof = chi + e chi^3 c3,
    e = 1 - z / chi^2; the first gives chi^2 = z + (r - 1) / c2, and the second is one equation in z, rising, smooth
    through the parabola (z = 0) and through apogee (z = pi^2). Derivatives by the implicit function theorem.

    Args:
        mu: gravitational parameter [m3/s2].
        q: perigee radius [m].
        r: distance reached [m], above q.
        tof: time from perigee [s].

    Returns:
        PerigeeArc; NaN and `converged` false for r <= q, tof <= 0, and where the flight is too fast (e above
        7.5 at the Moon) or too slow (later than 344 degrees of eccentric anomaly).

    References: Battin 1999, sec. 4.5-4.6 (universal functions).
    """
    mu, q, r, tof = jnp.broadcast_arrays(mu, q, r, tof)
    far = r / q
    rate = jnp.sqrt(mu / q) / q
    good = (far > 1.0) & (tof > 0.0) & jnp.isfinite(rate * tof * far)
    far, time = jnp.where(good, far, 60.0), jnp.where(good, rate * tof, 450.0)

    def flight(z: Array) -> Array:
        _, c2, c3 = _stumpff(z)
        chi2 = z + (far - 1.0) / c2
        return jnp.log(jnp.sqrt(chi2) * (1.0 + (chi2 - z) * c3) / time)  # near a straight line in z

    z = root(flight, -((_FASTEST * jnp.arccosh(far)) ** 2), jnp.full_like(far, _SLOWEST), _STEPS)
    c1, c2, _ = _stumpff(z)
    chi2 = z + (far - 1.0) / c2
    e = 1.0 - z / chi2
    u1 = jnp.sqrt(chi2) * c1
    speed = q * rate
    root_e = jnp.sqrt(1.0 + e)
    converged = good & jnp.isfinite(z) & (e > 0.0)

    def kept(x: Array) -> Array:
        return jnp.where(converged, x, jnp.nan)

    # position (1 - U2, sqrt(1 + e) U1) in the perifocal frame, in units of q
    angle = jnp.mod(jnp.arctan2(root_e * u1, 1.0 - chi2 * c2), 2.0 * jnp.pi)
    return PerigeeArc(
        eccentricity=kept(e),
        v_perigee=kept(speed * root_e),
        v_radial=kept(speed * e * u1 / far),
        v_transverse=kept(speed * root_e / far),
        true_anomaly=kept(angle),
        converged=converged,
    )
