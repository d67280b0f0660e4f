"""Air along an ascent: the U.S. Standard Atmosphere 1976 as a smooth fit, and the drag curve of a launch vehicle.

Every function is C-infinity in altitude and Mach number, and finite at any altitude.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

PRESSURE_SEA_LEVEL = 101_325.0
"""Pa, exact (U.S. Standard Atmosphere 1976)."""

HEAT_CAPACITY_RATIO = 1.4
"""Ratio of specific heats of air, exact in the standard."""

# Remade by benchmarks/fit_atmosphere.py.
_DECAY, _CENTER, _WIDTH = 6.5e3, 50.0e3, 45.0e3
# fmt: off
_LOG_PRESSURE = (
    10.9952014, 4.20421878, -1.59859346, 2.71364867, -0.34002594, 1.35031609, 0.919019004, -0.306640768,
    1.73042683, -1.27126913, 1.95529136, -1.49809708, 1.68309828, -1.19056833, 1.14308903, -0.694022519,
    0.595398329, -0.259247988, 0.202093665, -0.004777951, 0.005941395, 0.078867262, -0.044583257, 0.064109053,
    -0.030518559, 0.028437626, -0.008798147, 0.006370664,
)
_LOG_DENSITY = (
    1.40471445, 0.675390658, 1.18037627, -0.23349973, 1.51670129, -0.272860493, 1.50403823, -0.037387164,
    0.448103932, 0.994311516, -1.114612, 2.31489899, -2.57082959, 3.31305816, -3.3302184, 3.54554344,
    -3.23529123, 3.03211028, -2.49563298, 2.09461038, -1.53292893, 1.14989049, -0.719551316, 0.474784869,
    -0.238897636, 0.12969932, -0.042613333, 0.015510147,
)
# fmt: on
_SERIES = np.array([_LOG_PRESSURE, _LOG_DENSITY])
_ORDERS = np.arange(_SERIES.shape[1], dtype=float)


def air(altitude: ArrayLike) -> tuple[Array, Array, Array]:
    """Pressure, density and speed of sound of the U.S. Standard Atmosphere 1976.

    ln p = -z / 6.5 km + sum a_n cos(n phi), phi = 2 arctan exp(-(z - 50 km) / 45 km), and the same for density;
    sqrt(1.4 p / rho) for the speed of sound.

    Args:
        altitude: geometric altitude z [m].

    Returns:
        (pressure [Pa], density [kg/m3], speed of sound [m/s]), each of the shape of `altitude`.

    Validity: fitted from 0 to 160 km; beyond, it falls off with a scale height of 6.5 km, where nothing is felt.

    Errors against the standard: pressure 0.2 % to 86 km, 0.7 % to 100 km, 1.5 % to 120 km; density 1.5 % to 120 km
    (at the corners of its temperature profile, which the fit rounds); speed of sound 0.7 % to 86 km. Real
    days differ by several times as much.

    References: U.S. Standard Atmosphere 1976 (NOAA-S/T 76-1562), part 1 and table I.
    """
    z = jnp.asarray(altitude, jnp.float64)
    angle = 2.0 * jnp.arctan(jnp.exp((_CENTER - z) / _WIDTH))
    waves = jnp.cos(angle[..., None] * _ORDERS.reshape((1,) * angle.ndim + (-1,)))
    logs = waves @ _SERIES.T - z[..., None] / _DECAY
    pressure, density = jnp.exp(logs[..., 0]), jnp.exp(logs[..., 1])
    return pressure, density, jnp.sqrt(HEAT_CAPACITY_RATIO * pressure / density)


def drag_shape(mach: ArrayLike) -> Array:
    """Drag coefficient of a launch vehicle at zero angle of attack over its transonic peak.

    A rise at Mach 0.91 and a slow fall, fitted to the wind-tunnel curve of the M-V launch vehicle; its largest value
    is 1 (Mach 1.14).

    Args:
        mach: Mach number, any shape.

    Returns:
        C_D / C_D,peak: 0.41 at rest, 0.80 at Mach 2, 0.47 far above Mach 5.

    Errors: 3 % of the peak against the table it is fitted to (Mach 0 to 5); other vehicles differ by tens of percent,
    which is a few tens of m/s of loss.

    References: M-V drag coefficients as tabulated in MatRockSim (aerodynamics/cd_Rocket.m); Sutton & Biblarz 2010,
    sec. 4.1, shows the same course for the V-2.
    """
    mach = jnp.asarray(mach, jnp.float64)
    rise = jax.nn.sigmoid((mach - 0.9085) / 0.0633)
    fall = 0.4653 + 0.7015 * (1.0 + (mach / 6.834) ** 2) ** -8.865
    return 0.4096 + rise * (fall - 0.4096)
