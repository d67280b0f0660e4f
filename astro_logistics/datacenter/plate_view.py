"""What a plate sees of a planet: the exact view factor at any tilt, and its means over a revolution.

Attitudes of the means are those of a satellite whose array faces the Sun: the array itself, and a radiator edge-on to
both the Sun and the planet (it turns about the line to the Sun once per revolution).
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.datacenter import _plate_view_fit as fit
from astro_logistics.numerics import mean_last
from astro_logistics.pytree import Pytree, field


@jax.custom_jvp
def _partly(k: Array, c: Array) -> Array:
    """View factor of a sphere that the plate's own plane cuts, |c| < k."""
    n, sine = jnp.sqrt(1.0 - k * k), jnp.sqrt(1.0 - c * c)
    seen = jnp.arccos(-n * c / (k * sine))
    return 0.5 - jnp.arcsin(n / sine) / jnp.pi + (k * k * c * seen - n * jnp.sqrt(k * k - c * c)) / jnp.pi


@_partly.defjvp
def _partly_jvp(primals: tuple[Array, Array], tangents: tuple[Array, Array]) -> tuple[Array, Array]:
    """The exact derivatives: those of the terms above are infinite where the sphere touches the plane."""
    (k, c), (k_dot, c_dot) = primals, tangents
    n, square = jnp.sqrt(1.0 - k * k), 1.0 - c * c
    seen, root = jnp.arccos(-n * c / (k * jnp.sqrt(square))), jnp.sqrt(k * k - c * c)
    by_c = (k * k * seen + n * c * root / square) / jnp.pi
    by_k = 2.0 * k * (c * seen + root / n) / jnp.pi
    return _partly(k, c), by_k * k_dot + by_c * c_dot


def view_factor(radius: ArrayLike, r: ArrayLike, cos_tilt: ArrayLike) -> Array:
    """View factor from one face of a plate to a sphere, the plate at any tilt; exact.

    With k = R/r, c the cosine of the tilt and n = sqrt(1 - k^2): k^2 c where the whole sphere is above the plate's
    plane (c >= k), 0 where it is below (c <= -k), and between them
    1/2 - asin(n / sin)/pi + [k^2 c acos(-n c / (k sin)) - n sqrt(k^2 - c^2)]/pi.

    Args:
        radius: radius R of the sphere [m].
        r: distance of the plate from its center [m].
        cos_tilt: cosine of the angle between the face's normal and the direction to the sphere's center [-].

    Returns:
        View factor [-], 0 to k^2; NaN for r < radius. Twice differentiable through all three cases.

    References: Howell, Menguc & Siegel 2015, appendix C (plane element to sphere); Juul 1979.
    """
    radius, r, c = jnp.broadcast_arrays(*(jnp.asarray(x, jnp.float64) for x in (radius, r, cos_tilt)))
    k = radius / r
    above, below = c >= k, c <= -k
    partly = _partly(jnp.where(k > 1.0, jnp.nan, k), jnp.where(above | below, 0.0, c))
    return jnp.where(k > 1.0, jnp.nan, jnp.where(above, k * k * c, jnp.where(below, 0.0, partly)))


def edge_on_view_factor(radius: ArrayLike, r: ArrayLike) -> Array:
    """View factor from one face of a plate to a sphere whose center lies in the plate's plane.

    F = (asin(k) - k sqrt(1 - k^2)) / pi, k = R/r: 1/2 at the surface, falling as 2 k^3 / (3 pi).

    Args:
        radius: radius of the sphere [m].
        r: distance of the plate from its center [m].

    Returns:
        View factor [-]; NaN for r < radius.

    References: Howell, Menguc & Siegel 2015, appendix C (plane element to sphere).
    """
    k = jnp.asarray(radius, jnp.float64) / jnp.asarray(r, jnp.float64)
    return (jnp.arcsin(k) - k * jnp.sqrt(1.0 - k * k)) / jnp.pi


class RevolutionView(Pytree):
    """Means over revolutions of view factors: times albedo and sunlight, or times the infrared emission, W/m2."""

    front_albedo: Array = field(unit="", doc="reflected light on the face that looks at the Sun")
    back_albedo: Array = field(unit="", doc="reflected light on the face that looks away from the Sun")
    edge_albedo: Array = field(unit="", doc="reflected light on each face of a plate edge-on to Sun and planet")
    sun_facing_infrared: Array = field(unit="", doc="the planet, from each face of a plate that faces the Sun")


_TABLES = np.array([fit.FRONT_ALBEDO, fit.BACK_ALBEDO, fit.EDGE_ALBEDO, fit.SUN_FACING_INFRARED])
_ORDERS, _MOMENTS = _TABLES.shape[1:]
_LARGEST = 0.88  # angular radius up to which it is fitted, over pi/2


def moments(sine: ArrayLike) -> Array:
    """Means over a year of the powers of cos(beta)^2, which `revolution_view` takes.

    Args:
        sine: sin(beta) of the year's panels, (..., n), or of one revolution, (..., 1).

    Returns:
        (..., 10): the mean of (1 - z^2)^b, b = 0 to 9.
    """
    square = 1.0 - jnp.asarray(sine, jnp.float64) ** 2
    power, found = jnp.ones_like(square), []
    for _ in range(_MOMENTS):
        found.append(mean_last(power))
        power = power * square
    return jnp.stack(found, axis=-1)


def revolution_view(radius: ArrayLike, r: ArrayLike, cos2_moments: ArrayLike) -> RevolutionView:
    """Means over a revolution, and over the year, of what the array and the radiator see of a planet.

    A fit, k^2 sum a_mb T_m(angular radius) cos(beta)^(2b), to integrals over the visible, lit, diffuse cap.

    Args:
        radius: radius of the planet [m].
        r: radius of the orbit [m]; shape (...).
        cos2_moments: from `moments`, (..., 10).

    Returns:
        The four means, (...).

    Validity: r > 1.018 radius (116 km above the Earth).

    Errors: against the integrals 0.0006 (array, albedo), 0.0009 (radiator, albedo), 2e-5 (infrared): 0.35 W/m2 at the
    Earth. A real Earth is no diffuse sphere of one brightness: its albedo runs from 0.2 to 0.5 along an orbit.

    References: the definition of the view factor, Howell, Menguc & Siegel 2015, sec. 4.
    """
    means = _means(_TABLES, radius, r, cos2_moments)
    return RevolutionView(*(means[..., k] for k in range(len(_TABLES))))


def edge_albedo(radius: ArrayLike, r: ArrayLike, cos2_moments: ArrayLike) -> Array:
    """`revolution_view(...).edge_albedo` alone: what the radiator sees of the planet's light."""
    return _means(np.array([fit.EDGE_ALBEDO]), radius, r, cos2_moments)[..., 0]


def _means(tables: np.ndarray, radius: ArrayLike, r: ArrayLike, cos2_moments: ArrayLike) -> Array:
    """k^2 sum a_mb T_m(angular radius) moment_b of each table (tables, m, b): (..., tables)."""
    k = jnp.asarray(radius, jnp.float64) / jnp.asarray(r, jnp.float64)
    x = jnp.arcsin(k) * (4.0 / (jnp.pi * _LARGEST)) - 1.0
    orders = [jnp.ones_like(x), x]
    for _ in range(2, _ORDERS):
        orders.append(2.0 * x * orders[-1] - orders[-2])
    weights = jnp.stack(orders, axis=-1) @ np.concatenate(tables, axis=-1)
    weights = weights.reshape(*weights.shape[:-1], len(tables), _MOMENTS)
    products = weights * jnp.asarray(cos2_moments, jnp.float64)[..., None, :]
    return (k * k)[..., None] * (products @ np.ones(_MOMENTS))
