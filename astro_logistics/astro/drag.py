"""The thin air of low orbits: its density, what holding a height against it takes, and leaving the orbit at the end."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro._density_fit import LOG_DENSITY
from astro_logistics.astro.beta_angle import Season
from astro_logistics.astro.bodies import Earth
from astro_logistics.astro.eclipse import panels
from astro_logistics.astro.orbits import circular_speed, vis_viva
from astro_logistics.numerics import mean_last

_COEFFICIENTS = np.array(LOG_DENSITY)
_LOWEST, _HIGHEST = 150e3, 2000e3  # m, the heights of the fit
_QUIETEST, _MOST_ACTIVE = 65.0, 250.0  # solar flux units, the activities of the fit
SOLAR_FLUX_UNIT = 1e-22
"""W/m2/Hz, in which the activity of the Sun is counted."""


def _chebyshev(x: Array, n: int) -> Array:
    """T_0 to T_(n-1) along a new last axis."""
    found = [jnp.ones_like(x), x]
    for _ in range(2, n):
        found.append(2.0 * x * found[-1] - found[-2])
    return jnp.stack(found[:n], axis=-1)


def density(altitude: ArrayLike, activity: ArrayLike) -> Array:
    """Density of the upper air, mean over the globe, the day and the year.

    The logarithm as a Chebyshev series in the logarithm of the altitude and in the activity, fitted to NRLMSIS 2.1.

    Args:
        altitude: above the Earth's surface [m].
        activity: the Sun's radio flux at 10.7 cm, F10.7, mean of some months [1e-22 W/m2/Hz]: near 70 in the quietest
            years of a solar cycle, 140 in the mean, 200 to 250 in the most active.

    Returns:
        Density [kg/m3], analytic in both.

    Validity: 150 to 2000 km, activity 65 to 250, geomagnetic index Ap 10.

    Errors: of the fit 3.8 % at most, 1.1 % root mean square; of the model itself some 15 % in the mean and more on a
    day; along one orbit it varies by factors (day and night, latitude).

    References: Emmert et al. 2022 (NRLMSIS 2.1), computed with pymsis; Picone et al. 2002.
    """
    h, f = jnp.broadcast_arrays(jnp.asarray(altitude, jnp.float64), jnp.asarray(activity, jnp.float64))
    x = 2.0 * jnp.log(h / _LOWEST) / np.log(_HIGHEST / _LOWEST) - 1.0
    y = 2.0 * (f - _QUIETEST) / (_MOST_ACTIVE - _QUIETEST) - 1.0
    left, right = (_chebyshev(v, n) for v, n in zip((x, y), _COEFFICIENTS.shape, strict=True))
    return jnp.exp(jnp.einsum("...a,ab,...b->...", left, _COEFFICIENTS, right))


def drag_pressure(earth: Earth, altitude: ArrayLike, i: ArrayLike, activity: ArrayLike) -> Array:
    """Dynamic pressure of the air on a circular orbit, over one revolution: rho (v - w r cos i)^2 / 2.

    Args:
        earth: the Earth; the air turns with it.
        altitude: of the orbit [m].
        i: inclination [rad].
        activity: as `density`.

    Returns:
        Pressure [Pa]: times drag coefficient and area the force.

    Errors: the sideways wind, at most 6 % of the speed, is left out (0.2 %); see `density`.

    References: Vallado 2013, sec. 8.6.
    """
    r = earth.radius + jnp.asarray(altitude, jnp.float64)
    speed = circular_speed(earth.mu, r) - earth.rotation_rate * r * jnp.cos(jnp.asarray(i, jnp.float64))
    return 0.5 * density(altitude, activity) * speed**2


def wind_cosines(season: Season) -> tuple[Array, Array]:
    """How a plate that faces the Sun, and one edge-on to Sun and planet, stand in the wind of the flight.

    Means over a revolution of |cos| of the angle between the flight and the plate's normal, and over the season's
    panels: (2/pi) cos(beta), and |sin(beta)| / AGM(|sin(beta)|, 1), from the complete elliptic integral. The first
    plate cuts the air when the Sun stands over the orbit's plane (dawn-dusk), the second has its face in the wind.

    Args:
        season: the year, (..., n).

    Returns:
        The two means (...) [-].

    Errors: |sin(beta)| and cos(beta) are the root mean squares of a panel: smooth where the Sun crosses the plane.

    References: Abramowitz & Stegun 1964, 17.6 (the mean by arithmetic and geometric means).
    """
    square, _, _ = panels(season, jnp.ones_like(season.sine))
    sine = jnp.sqrt(1.0 - square)
    a, g = sine, jnp.ones_like(sine)
    for _ in range(4):  # 1e-6 from 0.001 on
        a, g = 0.5 * (a + g), jnp.sqrt(a * g)
    return 2.0 / jnp.pi * mean_last(jnp.sqrt(square)), mean_last(sine / a)


def holding_acceleration(
    earth: Earth, altitude: ArrayLike, i: ArrayLike, activity: ArrayLike, mass_per_drag_area: ArrayLike
) -> Array:
    """Delta-v per time that holds a circular orbit against the air: pressure / (m / (C_D A)).

    Args:
        earth: the Earth.
        altitude: of the orbit [m].
        i: inclination [rad].
        activity: as `density`.
        mass_per_drag_area: mass over drag coefficient and area [kg/m2]; a satellite that is mostly array and radiator
            has 5 to 50, Cd 2.2.

    Returns:
        [m/s2]; times the seconds of a year the yearly delta-v.

    References: Wertz & Larson 1999, sec. 8.1.
    """
    return drag_pressure(earth, altitude, i, activity) / jnp.asarray(mass_per_drag_area, jnp.float64)


def disposal_delta_v(mu: ArrayLike, r: ArrayLike, r_perigee: ArrayLike) -> Array:
    """Delta-v of the burn that lowers the perigee of a circular orbit, to leave it for the air.

    v(r) - sqrt(mu (2 / r - 2 / (r + r_perigee)))

    Args:
        mu: gravitational parameter [m3/s2].
        r: radius of the orbit [m].
        r_perigee: radius of the perigee after it [m]: 50 km high for a controlled entry, 200 to 300 km for decay
            within weeks or months.

    Returns:
        Delta-v [m/s], one impulse; low thrust takes up to the difference of the circular speeds.

    References: Curtis 2014, sec. 6.2.
    """
    r, r_perigee = jnp.asarray(r, jnp.float64), jnp.asarray(r_perigee, jnp.float64)
    return circular_speed(mu, r) - vis_viva(mu, r, 0.5 * (r + r_perigee))


def graveyard_delta_v(mu: ArrayLike, r: ArrayLike, reflecting_area_per_mass: ArrayLike) -> Array:
    """Delta-v that takes a geostationary satellite out of its region: two burns up by 235 km + 1000 km C_R A/m.

    Args:
        mu: gravitational parameter [m3/s2].
        r: radius of the geostationary orbit [m].
        reflecting_area_per_mass: C_R A / m, with C_R the radiation pressure coefficient, 1 to 2 [m2/kg].

    Returns:
        Delta-v [m/s]: 8.5 m/s and 36 m/s per m2/kg.

    References: IADC Space Debris Mitigation Guidelines 2007, sec. 5.3.1.
    """
    r = jnp.asarray(r, jnp.float64)
    higher = r + 235e3 + 1000e3 * jnp.asarray(reflecting_area_per_mass, jnp.float64)
    a = 0.5 * (r + higher)
    up = vis_viva(mu, r, a) - circular_speed(mu, r)
    return up + circular_speed(mu, higher) - vis_viva(mu, higher, a)
