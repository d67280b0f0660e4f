"""Impulsive maneuvers between conics: transfers, plane changes, and patched-conic departures and arrivals.

A delta-v is a magnitude: never negative, whichever way the burn points.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro.orbits import circular_speed, period, speed_from_v_infinity, vis_viva
from astro_logistics.named_checks import FINITE, NOT_NEGATIVE, POSITIVE, Requirement, named_checks
from astro_logistics.numerics import safe_sqrt

FAR = Requirement("positive (infinity is a parabola)", lambda x: x > 0.0)


def _semi_major_axis(r1: Array, r2: Array) -> Array:
    """Half the sum of two apsis radii [m]; NaN if either is not positive."""
    return jnp.where((r1 > 0.0) & (r2 > 0.0), 0.5 * (r1 + r2), jnp.nan)


@named_checks({"mu": POSITIVE, "r1": POSITIVE, "r2": POSITIVE})
def hohmann(mu: ArrayLike, r1: ArrayLike, r2: ArrayLike) -> tuple[Array, Array, Array]:
    """Two-burn transfer between coplanar circular orbits along the ellipse that touches both.

    Args:
        mu: gravitational parameter [m3/s2].
        r1: radius of the first orbit [m].
        r2: radius of the second orbit [m], larger or smaller.

    Returns:
        (dv1, dv2, tof): the burns at r1 and r2 [m/s], and the time of flight [s]; NaN for radii that are not positive.
        At r1 = r2 both burns are zero and their derivatives, which jump there, are given as zero.

    Errors: impulsive, two bodies.

    References: Vallado 2013, sec. 6.3, algorithm 36; Curtis 2014, sec. 6.3.
    """
    mu, r1, r2 = (jnp.asarray(x, jnp.float64) for x in (mu, r1, r2))
    a = _semi_major_axis(r1, r2)
    dv1 = jnp.abs(vis_viva(mu, r1, a) - circular_speed(mu, r1))
    dv2 = jnp.abs(circular_speed(mu, r2) - vis_viva(mu, r2, a))
    return dv1, dv2, 0.5 * period(mu, a)


@named_checks({"mu": POSITIVE, "r1": POSITIVE, "r_between": POSITIVE, "r2": POSITIVE})
def bielliptic(mu: ArrayLike, r1: ArrayLike, r_between: ArrayLike, r2: ArrayLike) -> tuple[Array, Array, Array, Array]:
    """Three-burn transfer between coplanar circular orbits over a far apsis r_between.

    Args:
        mu: gravitational parameter [m3/s2].
        r1: radius of the first orbit [m].
        r_between: radius of the apsis that the two ellipses share [m].
        r2: radius of the second orbit [m].

    Returns:
        (dv1, dv_between, dv2, tof): the burns [m/s] and the time of flight [s]; NaN for radii that are not positive.
        With r_between = r2 it is `hohmann`.

    Errors: impulsive, two bodies.

    References: Vallado 2013, sec. 6.3, algorithm 37; Curtis 2014, sec. 6.4.
    """
    mu, r1, rb, r2 = (jnp.asarray(x, jnp.float64) for x in (mu, r1, r_between, r2))
    a1, a2 = _semi_major_axis(r1, rb), _semi_major_axis(rb, r2)
    dv1 = jnp.abs(vis_viva(mu, r1, a1) - circular_speed(mu, r1))
    dv_between = jnp.abs(vis_viva(mu, rb, a2) - vis_viva(mu, rb, a1))
    dv2 = jnp.abs(circular_speed(mu, r2) - vis_viva(mu, r2, a2))
    return dv1, dv_between, dv2, 0.5 * (period(mu, a1) + period(mu, a2))


@named_checks({"v": NOT_NEGATIVE, "angle": FINITE})
def plane_change(v: ArrayLike, angle: ArrayLike) -> Array:
    """Burn that turns a velocity by an angle and keeps its size: 2 v |sin(angle/2)|.

    Args:
        v: speed [m/s].
        angle: angle between the planes [rad].

    Returns:
        Delta-v [m/s].

    References: Vallado 2013, sec. 6.4.
    """
    v, angle = jnp.asarray(v, jnp.float64), jnp.asarray(angle, jnp.float64)
    return jnp.abs(2.0 * v * jnp.sin(0.5 * angle))


@named_checks({"v1": NOT_NEGATIVE, "v2": NOT_NEGATIVE, "angle": FINITE})
def combined_plane_change(v1: ArrayLike, v2: ArrayLike, angle: ArrayLike) -> Array:
    """Burn that changes speed and direction at once: sqrt((v1 - v2)^2 + 4 v1 v2 sin^2(angle/2)).

    The law of cosines in the form that does not cancel for small angles.

    Args:
        v1: speed before [m/s].
        v2: speed after [m/s].
        angle: angle between the two velocities [rad].

    Returns:
        Delta-v [m/s]; at v1 = v2 and angle = 0 the derivative, which jumps there, is given as zero.

    References: Vallado 2013, sec. 6.5; Curtis 2014, sec. 6.9.
    """
    v1, v2, angle = (jnp.asarray(x, jnp.float64) for x in (v1, v2, angle))
    return safe_sqrt((v1 - v2) ** 2 + 4.0 * v1 * v2 * jnp.sin(0.5 * angle) ** 2)


@named_checks({"mu": POSITIVE, "r_park": POSITIVE, "v_infinity": NOT_NEGATIVE})
def departure_burn(mu: ArrayLike, r_park: ArrayLike, v_infinity: ArrayLike) -> Array:
    """Burn from a circular orbit onto a hyperbola: sqrt(v_inf^2 + 2 mu / r) - sqrt(mu / r) (the Oberth effect).

    Args:
        mu: gravitational parameter of the body that is left [m3/s2].
        r_park: radius of the parking orbit [m].
        v_infinity: hyperbolic excess speed [m/s]; zero is a bare escape (C3 = 0).

    Returns:
        Delta-v [m/s]; NaN for r_park < 0.

    Errors: impulsive, in the plane of the asymptote, patched conics (the excess speed is reached at infinity, not at
    the edge of the sphere of influence: well under 1 % of it for the planets).

    References: Curtis 2014, sec. 8.6; Bate, Mueller & White 1971, sec. 8.3.
    """
    return speed_from_v_infinity(mu, r_park, v_infinity) - circular_speed(mu, r_park)


@named_checks({"mu": POSITIVE, "r_periapsis": POSITIVE, "v_infinity": NOT_NEGATIVE, "r_apoapsis": FAR})
def capture_burn(
    mu: ArrayLike, r_periapsis: ArrayLike, v_infinity: ArrayLike, r_apoapsis: ArrayLike | None = None
) -> Array:
    """Burn at periapsis that catches a hyperbola into an orbit.

    sqrt(v_inf^2 + 2 mu / r_p) - sqrt(2 mu r_a / (r_p (r_p + r_a))).

    Args:
        mu: gravitational parameter of the body that is reached [m3/s2].
        r_periapsis: radius of the periapsis, where the burn is made [m].
        v_infinity: hyperbolic excess speed [m/s].
        r_apoapsis: radius of the far point of the orbit reached [m]; None: a circular orbit; infinity: a parabola.

    Returns:
        Delta-v [m/s]; NaN for radii that are not positive.

    Errors: as `departure_burn`.

    References: Curtis 2014, sec. 8.8.
    """
    mu, r_periapsis = jnp.asarray(mu, jnp.float64), jnp.asarray(r_periapsis, jnp.float64)
    if r_apoapsis is None:
        v_orbit = circular_speed(mu, r_periapsis)
    else:
        a = _semi_major_axis(r_periapsis, jnp.asarray(r_apoapsis, jnp.float64))
        v_orbit = vis_viva(mu, r_periapsis, a)
    return speed_from_v_infinity(mu, r_periapsis, v_infinity) - v_orbit


MOON_ELLIPSE = {"mu_earth": POSITIVE, "mu_moon": POSITIVE, "a_moon": POSITIVE}


def _moon_ellipse(
    mu_earth: ArrayLike, mu_moon: ArrayLike, r_perigee: ArrayLike, a_moon: ArrayLike
) -> tuple[Array, Array, Array]:
    """Perigee speed [m/s], excess speed at the Moon [m/s] and time [s] of half the ellipse that touches its orbit."""
    mu_earth, mu_moon, r_perigee, a_moon = (jnp.asarray(x, jnp.float64) for x in (mu_earth, mu_moon, r_perigee, a_moon))
    a = _semi_major_axis(r_perigee, a_moon)
    v_moon = circular_speed(mu_earth + mu_moon, a_moon)
    v_infinity = v_moon - vis_viva(mu_earth, a_moon, a)
    return vis_viva(mu_earth, r_perigee, a), v_infinity, 0.5 * period(mu_earth, a)


@named_checks(MOON_ELLIPSE | {"r_park": POSITIVE})
def lunar_transfer(
    mu_earth: ArrayLike, mu_moon: ArrayLike, r_park: ArrayLike, a_moon: ArrayLike
) -> tuple[Array, Array, Array]:
    """From a circular Earth orbit to the Moon along half an ellipse whose apogee is the Moon's mean distance.

    The excess speed at the Moon is its circular speed, sqrt((mu_E + mu_M)/a), less the speed at apogee.

    Args:
        mu_earth: gravitational parameter of the Earth [m3/s2].
        mu_moon: gravitational parameter of the Moon [m3/s2].
        r_park: radius of the parking orbit [m].
        a_moon: mean distance of the Moon [m].

    Returns:
        (dv_departure, v_infinity_moon, tof): burn at the parking orbit [m/s], hyperbolic excess speed relative to the
        Moon [m/s], time of flight [s]. `capture_burn` with `v_infinity_moon` gives the burn at the Moon.

    Validity: parking orbit in the plane of the Moon's orbit, r_park below a_moon.

    Errors: the Moon pulls only at the end, and its distance (356,400 to 406,700 km) is taken at its mean. From
    185 km it gives 3,135 m/s and 4.98 days, against translunar injections flown and planned of 3,050 to 3,280 m/s
    and 3 to 5 days: 0.1 km/s, or 4 %; the excess speed, 0.84 km/s, leads to a 100 km lunar orbit for 0.82 km/s
    (0.90 flown by Apollo on a faster path, 0.95 in NASA's tables).

    References: Bate, Mueller & White 1971, sec. 7.3-7.4.
    """
    v_perigee, v_infinity, tof = _moon_ellipse(mu_earth, mu_moon, r_park, a_moon)
    return v_perigee - circular_speed(mu_earth, r_park), v_infinity, tof


@named_checks(MOON_ELLIPSE | {"r_perigee": POSITIVE})
def lunar_return(
    mu_earth: ArrayLike, mu_moon: ArrayLike, a_moon: ArrayLike, r_perigee: ArrayLike
) -> tuple[Array, Array, Array]:
    """From the Moon to an Earth perigee along half an ellipse: `lunar_transfer` run backwards.

    Args:
        mu_earth: gravitational parameter of the Earth [m3/s2].
        mu_moon: gravitational parameter of the Moon [m3/s2].
        a_moon: mean distance of the Moon [m].
        r_perigee: radius of the perigee [m]: the edge of the air for an entry or aerocapture.

    Returns:
        (v_infinity_moon, v_perigee, tof): excess speed to leave the Moon with, against its motion [m/s]; speed at the
        perigee, relative to the Earth's center [m/s]; time of flight [s].
        `speed_from_v_infinity(mu_moon, r_moon, v_infinity_moon)` is the speed a mass driver must give;
        `departure_burn` the burn from a lunar orbit.

    Errors: as `lunar_transfer`; the muzzle speed is insensitive: 0.1 km/s on the excess speed is 35 m/s on it.

    References: Bate, Mueller & White 1971, sec. 7.3-7.4.
    """
    v_perigee, v_infinity, tof = _moon_ellipse(mu_earth, mu_moon, r_perigee, a_moon)
    return v_infinity, v_perigee, tof
