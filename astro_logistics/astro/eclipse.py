"""Shadow on a circular orbit: the light lost on a revolution, and in the mean over a year.

The Sun has a finite disc, so the light fades over a band instead of at an edge. Averaging over that disc is what makes
every function here twice differentiable through the onset of eclipses, where a point Sun would give a square root.
"""

from __future__ import annotations

import math

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro.beta_angle import Season
from astro_logistics.constants import ASTRONOMICAL_UNIT, SOLAR_RADIUS
from astro_logistics.numerics import mean_last

SUN_ANGULAR_RADIUS = SOLAR_RADIUS / ASTRONOMICAL_UNIT
"""rad, at 1 au."""


def cylindrical_eclipse_fraction(beta: ArrayLike, radius: ArrayLike, r: ArrayLike) -> Array:
    """Fraction of a circular orbit inside the cylinder of shadow of a point Sun: acos(sqrt(1-(R/r)^2)/cos beta)/pi.

    Args:
        beta: angle of the Sun to the orbit plane [rad].
        radius: radius of the body [m].
        r: radius of the orbit [m].

    Returns:
        Fraction of the period; 0 where there is no eclipse, NaN for r < radius. The slope is infinite at the onset:
        `eclipse_fraction` is the smooth form for models.

    Errors: point Sun, spherical body, no air: see `eclipse_fraction`.

    References: Vallado 2013, sec. 5.3; Wertz & Larson 1999, sec. 5.1.
    """
    beta, radius, r = (jnp.asarray(x, jnp.float64) for x in (beta, radius, r))
    u = jnp.sqrt(1.0 - (radius / r) ** 2) / jnp.cos(beta)
    dark = u < 1.0
    return jnp.where(dark, jnp.arccos(jnp.where(dark, u, 0.0)) / jnp.pi, jnp.where(jnp.isnan(u), u, 0.0))


# acos(u)/2 - u^3 sqrt(1 - u^2)/2 - 5 u (1 - u^2)^(3/2)/6 = (1 - u)^(5/2) times this polynomial in 1 - u, 0 <= u <= 1:
# relative error 3e-14 (least squares on Chebyshev nodes).
_GRAZING = (
    1.50849446653132,
    -0.8081220356479,
    0.0785674204656013,
    0.00535686241234928,
    0.000849967129998997,
    0.000183622772623015,
    4.95623495853776e-05,
    7.60507888845793e-06,
    1.54950478993693e-05,
    -1.27041003463512e-05,
    1.19420275586684e-05,
    -5.38456451950936e-06,
    1.34389436608837e-06,
)


def _twice_integrated(y: Array) -> Array:
    """Twice the integral from 1 to y of acos(y^(-1/2)); 0 for y <= 1; NaN stays NaN.

    y^2 acos(u)/2 - sqrt(y - 1)/2 - 5 (y - 1)^(3/2)/6 with u = y^(-1/2), written so that nothing cancels at y = 1.
    """
    outside = y <= 1.0
    y = jnp.where(outside, 2.0, y)
    w = 1.0 - 1.0 / jnp.sqrt(y)
    series = jnp.full_like(w, _GRAZING[-1])
    for c in _GRAZING[-2::-1]:
        series = c + w * series
    return jnp.where(outside, 0.0, (y * w) ** 2 * jnp.sqrt(w) * series)


def _averaged(y: Array, wide: Array, narrow: Array) -> Array:
    """Mean of acos(y^(-1/2)) / pi over y + two independent uniform spreads of the given half-widths."""
    outer, inner = wide + narrow, wide - narrow
    ends = _twice_integrated(y + outer) + _twice_integrated(y - outer)
    return (ends - _twice_integrated(y + inner) - _twice_integrated(y - inner)) / (4.0 * jnp.pi * wide * narrow)


def eclipse_fraction(
    beta: ArrayLike, radius: ArrayLike, r: ArrayLike, sun_angular_radius: ArrayLike = SUN_ANGULAR_RADIUS
) -> Array:
    """Fraction of the sunlight that a circular orbit loses to the shadow of a body, penumbra counted in part.

    (1/pi) integral of w(x) acos((cos(rho) - x) / cos(beta)) dx with rho = asin(R/r) + R/d: the shadow cast by a point,
    averaged over the Sun's disc. The lengths of the disc's chords, a semicircle w of half-width s sin(rho), are
    replaced by the trapezoid of the same second and fourth moments, which integrates in closed form over
    y = (cos(beta) / cos(rho))^2 and leaves the result twice continuously differentiable in all arguments.

    Args:
        beta: angle of the Sun to the orbit plane [rad].
        radius: radius of the body [m].
        r: radius of the orbit [m].
        sun_angular_radius: s, angular radius of the Sun's disc [rad], above zero.

    Returns:
        Mean covered fraction of the disc over one orbit, 0 to 1/2; 0 without eclipse, NaN for r < radius. Times the
        period it is the length of the eclipse from half covered to half covered.

    Validity: r at least 1 % above the surface; spherical body without air, uniform solar disc.

    Errors: against the exact overlap of the two discs, 1.8e-4 at 550 km and 2.5e-4 at 300 km (1.3 s per
    orbit), where a grazing eclipse begins, 1e-5 elsewhere; rounding 1e-11 in low orbit, 1e-9 at ten radii.
    Flattening and refraction of the Earth, left out, matter more: 20 km in the height of the limb shift the onset by
    0.4 deg of beta.

    References: Montenbruck & Gill 2000, sec. 3.4 (disc overlap).
    """
    scale, wide, narrow = limb(radius, r, sun_angular_radius)
    return _averaged(scale * jnp.cos(jnp.asarray(beta, jnp.float64)) ** 2, wide, narrow)


def mean_eclipse_fraction(
    season: Season, radius: ArrayLike, r: ArrayLike, sun_angular_radius: ArrayLike = SUN_ANGULAR_RADIUS
) -> Array:
    """`eclipse_fraction` averaged over the panels of a season: few samples, and none of the onsets is missed.

    Over a panel y runs as a parabola. Its mean is exact, and its spread joins the Sun's disc as uniform spreads of
    half-widths |dy/dx| h/2: the mean over the panel is again the closed form, and as smooth.

    Args:
        season: what the Sun does over the year; n panels along the last axis.
        radius: radius of the body [m]; shape (...) of the season's without its last axis, like the rest.
        r: radius of the orbit [m].
        sun_angular_radius: angular radius of the Sun's disc [rad].

    Returns:
        Mean over the panels (...); NaN for r < radius.

    Errors: those of the panels, beside those of `eclipse_fraction`: see who made the season.

    References: as `eclipse_fraction`.
    """
    scale, wide, narrow = limb(*_columns(season, radius, r, sun_angular_radius))
    y, along, across = panels(season, scale)
    return mean_last(_averaged(y, jnp.sqrt(wide**2 + along**2), jnp.sqrt(narrow**2 + across**2)))


def eclipse_season(
    season: Season, radius: ArrayLike, r: ArrayLike, sun_angular_radius: ArrayLike = SUN_ANGULAR_RADIUS
) -> Array:
    """Part of a year's revolutions that meet shadow: the mean of a step at |beta| = rho, spread like the sunlight.

    Args:
        season: as `mean_eclipse_fraction`.
        radius: radius of the body [m].
        r: radius of the orbit [m].
        sun_angular_radius: angular radius of the Sun's disc [rad].

    Returns:
        Fraction (...), 0 to 1, continuously differentiable; a revolution that is grazed counts in part.

    Errors: as `mean_eclipse_fraction`, and some 0.005 (two days) where a season begins or ends.

    References: as `eclipse_fraction`.
    """
    scale, wide, narrow = limb(*_columns(season, radius, r, sun_angular_radius))
    y, along, across = panels(season, scale)
    wide, narrow = jnp.sqrt(wide**2 + along**2), jnp.sqrt(narrow**2 + across**2)
    ends = _ramp2(y + wide + narrow) + _ramp2(y - wide - narrow)
    inner = _ramp2(y + wide - narrow) + _ramp2(y - wide + narrow)
    return mean_last((ends - inner) / (4.0 * wide * narrow))


def _columns(season: Season, *values: ArrayLike) -> tuple[Array, ...]:
    """Values of the shape of the season's orbits, beside its panels."""
    shape = season.sine.shape[:-1]
    return tuple(jnp.broadcast_to(jnp.asarray(x, jnp.float64), shape)[..., None] for x in values)


def _ramp2(y: Array) -> Array:
    """Twice the integral from 1 to y of a unit step at 1."""
    return jnp.where(y <= 1.0, 0.0, 0.5 * (y - 1.0) ** 2)


def panels(season: Season, scale: Array) -> tuple[Array, Array, Array]:
    """Mean of y = scale cos(beta)^2 over each panel, and its half change along and across it, signs as they come."""
    z, slope = season.sine, -2.0 * scale * season.sine
    bow = (season.along_change**2 + season.across_change**2) / 6.0 + z * (season.along_bow + season.across_bow) / 3.0
    return scale * (1.0 - z * z - 2.0 * bow), slope * season.along_change, slope * season.across_change


def limb(radius: ArrayLike, r: ArrayLike, s: ArrayLike) -> tuple[Array, Array, Array]:
    """1 / cos(rho)^2, and the Sun's disc as two uniform spreads of y = (cos(beta) / cos(rho))^2; shadow is y > 1.

    rho = asin(R/r) + R/d, the angle off the anti-solar line at which the Sun's center is on the limb; the second term
    (4e-5 rad at the Earth) is the Sun's parallax, from its distance d = R_sun / s. Of the spreads in cos(rho),
    half-widths A and B times s sin(rho), A^2 + B^2 = 3/4 and A^4 + B^4 = 15/32 give the variance, 1/4, and the fourth
    moment, 1/8, of the semicircle; in y they are taken at the limb, y = 1.
    """
    radius, r, s = (jnp.asarray(x, jnp.float64) for x in (radius, r, s))
    wide, narrow = math.sqrt((3.0 + math.sqrt(6.0)) / 8.0), math.sqrt((3.0 - math.sqrt(6.0)) / 8.0)
    sin_rho = radius / r
    cos_rho = jnp.sqrt(1.0 - sin_rho**2) - sin_rho * s * radius / SOLAR_RADIUS
    disc = 2.0 * s * sin_rho / cos_rho
    return 1.0 / cos_rho**2, wide * disc, narrow * disc
