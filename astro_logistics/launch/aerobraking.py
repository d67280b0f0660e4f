"""Air instead of propellant: heat shields for entry and aerocapture, and the many passes of aerobraking."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.launch.rocket import exhaust_speed
from astro_logistics.pytree import Pytree, field

SHIELD_PERCENT = 0.091
SHIELD_EXPONENT = 0.51575
"""Fit of flown heat shields by Laub & Venkatapathy (2003): percent of the entering mass at one J/cm2, and slope."""


class Aeroshell(Pytree):
    """What a craft that is caught by the air carries for it, over the mass that enters."""

    shield_fraction: Array = field(unit="", doc="thermal protection over entering mass", low=0.0, high=1.0)
    structure_fraction: Array = field(unit="", doc="the shell that carries it, over entering mass", low=0.0, high=1.0)
    is_kept: Array = field(
        unit="", doc="share of both still aboard after the pass: 1 kept, 0 dropped", low=0.0, high=1.0
    )


class Braking(Pytree):
    """Aerobraking from a long orbit down to a short one: what air gives, what engines give, and how long it takes."""

    air_delta_v: Array = field(unit="m / s", doc="speed that the air takes away at periapsis, all passes")
    passes: Array = field(unit="", doc="passes through the air, a real number")
    time: Array = field(unit="s", doc="time of all passes")
    exit_delta_v: Array = field(unit="m / s", doc="burn that lifts the periapsis to the height of the last apoapsis")


def heat_load(
    coefficient: ArrayLike,
    scale_height: ArrayLike,
    v_entry: ArrayLike,
    path_angle: ArrayLike,
    ballistic_coefficient: ArrayLike,
    nose_radius: ArrayLike,
) -> Array:
    """Convective heat per area at the stagnation point over a ballistic entry: k v^2 sqrt(pi beta H / (r_n sin g)).

    The integral of k sqrt(rho / r_n) v^3 (Sutton & Graves) along a straight path through an exponential atmosphere on
    which the air brakes as v = v_entry exp(-rho H / (2 beta sin g)) (Allen & Eggers). It depends neither on the density
    at the ground nor on the height at which it is reached.

    Args:
        coefficient: k of the gas, kg^0.5/m (1.74e-4 in air).
        scale_height: H of the atmosphere, m.
        v_entry: speed relative to the air at entry, m/s.
        path_angle: g, angle of the path below the horizontal, rad.
        ballistic_coefficient: beta, mass over drag area, kg/m2.
        nose_radius: r_n, m.

    Returns:
        J/m2.

    Validity: steep entries without lift (a few degrees and more).

    Errors: no radiation of the hot gas, which counts in air from lunar return speed (11 km/s) upward; cold wall, no
    ablation. The shallow, lifting path of an aerocapture is longer and takes more heat than this: take it as the
    least.

    References: Sutton & Graves 1971, NASA TR R-376; Allen & Eggers 1958, NACA Report 1381.
    """
    coefficient, scale_height, v_entry = (jnp.asarray(x, jnp.float64) for x in (coefficient, scale_height, v_entry))
    beta, nose_radius = jnp.asarray(ballistic_coefficient, jnp.float64), jnp.asarray(nose_radius, jnp.float64)
    return coefficient * v_entry**2 * jnp.sqrt(jnp.pi * beta * scale_height / (nose_radius * jnp.sin(path_angle)))


def shield_fraction(load: ArrayLike) -> Array:
    """Mass of an ablating heat shield over entering mass, from its heat load: 0.091 % (Q / (J/cm2))^0.51575.

    A power law through the shields of capsules flown: 3 % at 10 MJ/m2, 7 % at 50 MJ/m2, 11 % at 100 MJ/m2. Near the
    square root, as the depth to which heat soaks goes.

    Args:
        load: heat per area at the stagnation point over the whole entry, J/m2.

    Returns:
        Fraction: ablator only, without the structure under it. Its slope is infinite at zero load.

    Errors: a fit through few and different craft; its scatter is not known here, take a factor 1.5 either way.

    Reference: Laub & Venkatapathy 2003, Thermal protection system technology and facility needs, ESA SP-544.
    """
    return SHIELD_PERCENT / 100.0 * (jnp.asarray(load, jnp.float64) / 1e4) ** SHIELD_EXPONENT


def aerocapture_mass_fraction(shell: Aeroshell, specific_impulse: ArrayLike, trim_delta_v: ArrayLike) -> Array:
    """Useful mass in orbit after aerocapture over the mass that arrives.

    1 - f before the trim with f shield and structure; the trim burn lifts the periapsis out of the air and takes out
    the errors of the pass, carrying the kept share of the shell.

    Args:
        shell: the aeroshell.
        specific_impulse: of the trim burn, s.
        trim_delta_v: m/s.

    Returns:
        Fraction without the shell, kept or not; negative where the shell outweighs the rest.

    Errors: none of its own: the fractions carry them (records of the scenario).
    """
    shell_fraction = shell.shield_fraction + shell.structure_fraction
    after = 1.0 - shell_fraction * (1.0 - shell.is_kept)
    final = after * jnp.exp(-jnp.asarray(trim_delta_v) / exhaust_speed(specific_impulse))
    return final - shell_fraction * shell.is_kept


def propulsive_mass_fraction(inert_ratio: ArrayLike, specific_impulse: ArrayLike, dv: ArrayLike) -> Array:
    """Useful mass after the same capture by engines over the mass that arrives: R - s (1 - R), R = exp(-dv/(isp g0)).

    Args:
        inert_ratio: s, tanks and engines that the burn asks for over its propellant.
        specific_impulse: s.
        dv: capture burn, m/s (`astro.maneuvers.capture_burn`).
    """
    left = jnp.exp(-jnp.asarray(dv) / exhaust_speed(specific_impulse))
    return left - jnp.asarray(inert_ratio) * (1.0 - left)


def break_even_fraction(specific_impulse: ArrayLike, capture_delta_v: ArrayLike, trim_delta_v: ArrayLike) -> Array:
    """Aeroshell fraction, dropped after the pass, at which aerocapture and engines bring the same mass.

    1 - exp(-(dv_capture - dv_trim) / (isp g0)), without tanks: heavier tanks move it in favour of the air.
    """
    saved = jnp.asarray(capture_delta_v) - jnp.asarray(trim_delta_v)
    return -jnp.expm1(-saved / exhaust_speed(specific_impulse))


def aerobraking(
    mu: ArrayLike, r_periapsis: ArrayLike, r_start: ArrayLike, r_end: ArrayLike, delta_v_per_pass: ArrayLike
) -> Braking:
    """Passes and time of aerobraking at a constant periapsis and a constant loss of speed per pass.

    With w the escape speed at periapsis and v the speed there, a revolution takes 2 pi mu / (w^2 - v^2)^(3/2); summed
    over passes as an integral, time = (pi r_p / dv_pass) [v / sqrt(w^2 - v^2)] between the speeds of last and first
    orbit. The time grows like the square root of the first apoapsis: a longer first orbit saves propellant at the
    capture burn (`astro.maneuvers.capture_burn`) and costs passes and time here.

    Args:
        mu: gravitational parameter, m3/s2.
        r_periapsis: radius of the periapsis, in the air, m.
        r_start: radius of the first apoapsis, m.
        r_end: radius of the last apoapsis, m, above the periapsis.
        delta_v_per_pass: speed lost per pass, set by the heating that the craft stands, m/s.

    Returns:
        `Braking`. NaN for an infinite first apoapsis or one below the last.

    Errors: the sum as an integral: half a first revolution in the time. Phases of feeling the way in and out, at a
    smaller loss per pass, are not counted: 15 % of the 23 weeks of Mars Reconnaissance Orbiter.

    Reference: vis-viva (Curtis 2014, eq. 2.81).
    """
    mu, r_p, start, end = (jnp.asarray(x, jnp.float64) for x in (mu, r_periapsis, r_start, r_end))
    step = jnp.asarray(delta_v_per_pass, jnp.float64)
    # v / sqrt(w^2 - v^2) = sqrt(r_a / r_p), since v^2 = w^2 r_a / (r_a + r_p)
    shape = jnp.sqrt(start / r_p) - jnp.sqrt(end / r_p)
    shape = jnp.where((start >= end) & (end >= r_p), shape, jnp.nan)
    escape = jnp.sqrt(2.0 * mu / r_p)
    first, last = escape * jnp.sqrt(start / (start + r_p)), escape * jnp.sqrt(end / (end + r_p))
    air = jnp.where(shape >= 0.0, first - last, jnp.nan)
    lift = jnp.sqrt(mu / end) * (1.0 - jnp.sqrt(2.0 * r_p / (r_p + end)))
    return Braking(air_delta_v=air, passes=air / step, time=jnp.pi * r_p / step * shape, exit_delta_v=lift)
