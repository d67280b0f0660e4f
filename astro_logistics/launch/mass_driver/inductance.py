"""Mutual inductance of coaxial circles, without cancellation near or far, and its derivative along the axis."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.numerics import gauss_legendre

VACUUM_PERMEABILITY = 1.25663706127e-6
"""N/A2, CODATA 2022 (relative uncertainty 1.6e-10)."""

STEPS = 8
"""Of the arithmetic-geometric mean: it converges quadratically, to rounding for circles 1e-10 of a radius apart."""


def mutual_inductance(radius: ArrayLike, other_radius: ArrayLike, distance: ArrayLike) -> Array:
    """Mutual inductance of two coaxial circles: mu0 sqrt(R r) [(2/k - k) K(k) - (2/k) E(k)], H.

    k^2 = m = 4 R r / ((R + r)^2 + x^2). The bracket is (K/k) sum_n>=1 2^n c_n^2 over the differences c_n of the
    arithmetic-geometric mean, all positive: far circles lose no digits.

    Args:
        radius, other_radius: of the two circles, m.
        distance: of their planes, m, of either sign.

    Returns:
        Inductance [H]; infinite where the circles touch.

    References: Maxwell 1873, art. 701; NIST DLMF 19.8 (the mean), 19.34 (the inductance).
    """
    product, m, k_integral, total = _pair(radius, other_radius, distance)
    return VACUUM_PERMEABILITY * jnp.sqrt(product) / jnp.sqrt(m) * k_integral * total


def inductance_gradient(radius: ArrayLike, other_radius: ArrayLike, distance: ArrayLike) -> Array:
    """dM/dx of `mutual_inductance` along the axis, H/m; times both currents it is the force of the pair, N.

    -mu0 x k [(2 - m) E - 2 (1 - m) K] / (4 sqrt(R r) (1 - m)), the bracket as K [m^2 / 2 - (1 - m / 2) sum 2^n c_n^2].
    Negative for a positive distance: currents of the same sense attract.
    """
    product, m, k_integral, total = _pair(radius, other_radius, distance)
    bracket = k_integral * (0.5 * m**2 - (1.0 - 0.5 * m) * total)
    x = jnp.asarray(distance, jnp.float64)
    r1, r2 = jnp.asarray(radius, jnp.float64), jnp.asarray(other_radius, jnp.float64)
    near = ((r1 - r2) ** 2 + x**2) / ((r1 + r2) ** 2 + x**2)  # 1 - m
    return -VACUUM_PERMEABILITY * x * jnp.sqrt(m) / jnp.sqrt(product) * bracket / (4.0 * near)


def _pair(radius: ArrayLike, other_radius: ArrayLike, distance: ArrayLike) -> tuple[Array, Array, Array, Array]:
    """R r, m, K(m), and the sum over n >= 1 of 2^n c_n^2."""
    r1, r2, x = jnp.broadcast_arrays(*(jnp.asarray(v, jnp.float64) for v in (radius, other_radius, distance)))
    far = (r1 + r2) ** 2 + x**2
    m = 4.0 * r1 * r2 / far

    def step(n: int, state: tuple[Array, ...]) -> tuple[Array, ...]:
        a, b, c2, total = state
        c2 = (0.5 * c2 / (a + b)) ** 2
        return 0.5 * (a + b), jnp.sqrt(a * b), c2, total + 2.0 ** (n + 1.0) * c2

    start = (jnp.ones_like(m), jnp.sqrt(((r1 - r2) ** 2 + x**2) / far), m, jnp.zeros_like(m))
    mean, _, _, total = jax.lax.fori_loop(0, STEPS, step, start)  # unrolled, its derivative compiles for half a minute
    return r1 * r2, m, 0.5 * jnp.pi / mean, total


def ring_inductance(radius: ArrayLike, width: ArrayLike, length: ArrayLike) -> Array:
    """Self-inductance per turn squared of a ring of rectangular section: mu0 R (ln(8 R / g) - 2), H.

    g = 0.2235 (width + length) is the section's mean distance from itself. Leaves out terms of order (g/R)^2 ln: below
    2 % for sections up to a third of the radius.

    Reference: Maxwell 1873, arts. 692 and 704.
    """
    g = 0.2235 * (jnp.asarray(width) + jnp.asarray(length))
    return VACUUM_PERMEABILITY * jnp.asarray(radius) * (jnp.log(8.0 * jnp.asarray(radius) / g) - 2.0)


def section(radius: Array, width: Array, length: Array, n: int = 2) -> tuple[Array, Array, Array]:
    """Filaments that stand for a rectangular section: radii, axial offsets and weights (sum 1), each (n^2,).

    Gauss points: exact for fields that vary over the section as polynomials of degree 2n - 1.
    """
    nodes, weights = gauss_legendre(n)
    across, along = (v.ravel() for v in jnp.meshgrid(nodes - 0.5, nodes - 0.5, indexing="ij"))
    return radius + width * across, length * along, jnp.outer(weights, weights).ravel()
