"""Ionizing dose on circular orbits of the Earth behind aluminium, and the upsets that come with it."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.datacenter._dose_fit import LOG_DOSE

_ORDERS = (6, 6, 8)  # in depth, altitude and inclination
_COEFFICIENTS = np.array(LOG_DOSE).reshape(_ORDERS)
_DEPTH, _ALTITUDE = (1e-3, 20e-3), (300e3, 2000e3)  # m of aluminium; m
_FLOOR = 1.0  # rad a year that the fit adds, lest it follow doses that do not matter
RAD = 0.01
"""Gray in a rad, exact."""


def _chebyshev(x: Array, n: int) -> Array:
    """T_0 to T_(n-1) along a new last axis."""
    found = [jnp.ones_like(x), x]
    for _ in range(2, n):
        found.append(2.0 * x * found[-1] - found[-2])
    return jnp.stack(found[:n], axis=-1)


def _scaled(x: ArrayLike, span: tuple[float, float]) -> Array:
    return 2.0 * jnp.log(jnp.asarray(x, jnp.float64) / span[0]) / np.log(span[1] / span[0]) - 1.0


def dose_curve(altitude: ArrayLike, inclination: ArrayLike) -> Array:
    """The dose over depth of one orbit, as numbers that `dose_rate` takes: Chebyshev series of its logarithm.

    Args:
        altitude: of a circular orbit [m].
        inclination: to the equator [rad]; the belts see i and pi - i alike.

    Returns:
        (..., 6), dimensionless.

    Validity: 300 to 2000 km, 20 to 160 deg.

    Errors and references: see `dose_rate`.
    """
    altitude, inclination = jnp.broadcast_arrays(
        jnp.asarray(altitude, jnp.float64), jnp.asarray(inclination, jnp.float64)
    )
    y = _chebyshev(_scaled(altitude, _ALTITUDE), _ORDERS[1])
    z = _chebyshev(2.0 * jnp.sin(inclination) ** 2 - 1.0, _ORDERS[2])
    return jnp.einsum("abc,...b,...c->...a", _COEFFICIENTS, y, z)


def dose_rate(curve: ArrayLike, depth: ArrayLike) -> Array:
    """Ionizing dose in silicon at the center of a sphere of aluminium: trapped protons, electrons and bremsstrahlung.

    Args:
        curve: of the orbit, (..., 6), from `dose_curve`.
        depth: thickness of aluminium (2,700 kg/m3) [m].

    Returns:
        Dose rate [Gy/s]; a rad is 0.01 Gy.

    Validity: 1 to 20 mm.

    Errors: of the fit 3.3 % root mean square, 18 % at most (low inclinations, thin shields). Of the models a factor of
    two is customary. AE8 at solar maximum and AP8 at solar minimum, each at its worse; solar proton events and cosmic
    rays (a few rad a year) come on top. At 550 km, 95 deg a SPENVIS run of the same models has 112 rad a year behind
    10 mm and 961 behind 3 mm; here 109 and 919. Suncatcher 2025 gives 150 a year at 650 km behind 10 mm, here 202.

    References: Vette 1991 (AE8); Sawyer & Vette 1976 (AP8); Seltzer 1994 (SHIELDOSE-2); computed with IRBEM.
    """
    curve = jnp.asarray(curve, jnp.float64)
    x = jnp.broadcast_to(_scaled(depth, _DEPTH), curve.shape[:-1])
    logarithm = jnp.sum(curve * _chebyshev(x, _ORDERS[0]), axis=-1)
    return (jnp.exp(logarithm) - _FLOOR) * RAD / JULIAN_YEAR


def upset_rate(dose: ArrayLike, dose_per_upset: ArrayLike) -> Array:
    """Silent errors of a chip: dose rate over the dose per error found in a beam, 1/s.

    Args:
        dose: dose rate in the chip [Gy/s].
        dose_per_upset: [Gy]; 0.144 to 0.20 for one silent data corruption of a TPU v6e (67 MeV protons).

    Errors: a beam of one energy stands for the orbit's spectrum; electrons, in the dose behind thin shields, upset
    little; heavy ions are left out.

    References: Aguera y Arcas et al. 2025 (arXiv:2511.19468), radiation tests.
    """
    return jnp.asarray(dose, jnp.float64) / jnp.asarray(dose_per_upset, jnp.float64)
