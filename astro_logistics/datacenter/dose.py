"""What the Earth's belts do on circular orbits: dose behind aluminium, damage to cells, and the upsets they bring."""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.datacenter import _dose_fit as fit

_ORDERS = (6, 6, 8)  # in depth, altitude and inclination
_COEFFICIENTS = np.array(fit.LOG_DOSE).reshape(_ORDERS)
_CELLS = np.array(fit.LOG_CELLS).reshape(7, 8)  # in altitude and inclination
_OPEN_SKY = np.array(fit.OPEN_SKY).reshape(3, 8)
_DEPTH, _ALTITUDE = (1e-3, 20e-3), (300e3, 2000e3)  # m of aluminium; m
_FLOOR = 1.0  # rad a year that the fit adds, lest it follow doses that do not matter
RAD = 0.01
"""Gray in a rad, exact."""
ALUMINIUM = 2700.0
"""kg/m3."""
NO_DOSE = np.zeros(_ORDERS[0])
"""The curve of `dose_curve` where there are no belts: no dose behind any shield."""
GEOSTATIONARY_DOSE = np.array(fit.GEOSTATIONARY_LOG_DOSE)
"""The curve of a geostationary orbit."""
GEOSTATIONARY_CELLS = fit.GEOSTATIONARY_CELLS / JULIAN_YEAR
"""`cell_fluence_rate` of a geostationary orbit, m-2 s-1."""


def _chebyshev(x: Array, n: int) -> list[Array]:
    """T_0 to T_(n-1)."""
    found = [jnp.ones_like(x), x]
    for _ in range(2, n):
        found.append(2.0 * x * found[-1] - found[-2])
    return found[:n]


def _series(coefficients: np.ndarray, left: list[Array], right: list[Array]) -> Array:
    """sum_bc a_(...)bc left_b right_c over two lists of polynomials; one product, then term by term.

    An axis of so few terms would keep XLA from vectorizing the others, and a term for every number from compiling soon.
    """
    *kept, n, m = coefficients.shape
    rows = jnp.stack(right, axis=-1) @ np.moveaxis(coefficients, -1, 0).reshape(m, -1)
    rows = rows.reshape(*rows.shape[:-1], *kept, n)
    spread = [y.reshape(*y.shape, *(1 for _ in kept)) for y in left]
    return jnp.asarray(sum(y * rows[..., b] for b, y in enumerate(spread)))


def _scaled(x: ArrayLike, span: tuple[float, float]) -> Array:
    return 2.0 * jnp.log(jnp.asarray(x, jnp.float64) / span[0]) / np.log(span[1] / span[0]) - 1.0


def _height_and_tilt(altitude: ArrayLike, inclination: ArrayLike) -> tuple[list[Array], list[Array]]:
    """Chebyshev polynomials of the logarithm of the altitude and of sin(inclination)^2."""
    altitude, inclination = jnp.broadcast_arrays(
        jnp.asarray(altitude, jnp.float64), jnp.asarray(inclination, jnp.float64)
    )
    tilt = 2.0 * jnp.sin(inclination) ** 2 - 1.0
    return _chebyshev(_scaled(altitude, _ALTITUDE), _CELLS.shape[0]), _chebyshev(tilt, _CELLS.shape[1])


def dose_curve(altitude: ArrayLike, inclination: ArrayLike) -> Array:
    """The dose over depth of one orbit, as numbers that `dose_rate` takes: Chebyshev series of its logarithm.

    Args:
        altitude: of a circular orbit [m].
        inclination: to the equator [rad]; the belts see i and pi - i alike.

    Returns:
        (..., 6), dimensionless.

    Validity: 300 to 2000 km, 20 to 160 deg; at 250 km the fit is half again too low for thin shields.

    Errors and references: see `dose_rate`.
    """
    y, z = _height_and_tilt(altitude, inclination)
    return _series(_COEFFICIENTS, y[: _ORDERS[1]], z)


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
    logarithm = jnp.asarray(sum(curve[..., k] * t for k, t in enumerate(_chebyshev(x, _ORDERS[0]))))
    return (jnp.exp(logarithm) - _FLOOR) * RAD / JULIAN_YEAR


def cell_fluence_rate(altitude: ArrayLike, inclination: ArrayLike) -> Array:
    """Damage to silicon cells by trapped particles, as the flux of 1 MeV electrons that would do the same.

    Behind 0.1 mm of glass, the back shielded: protons by what they lose to displacements (3,000 electrons for one of
    10 MeV), electrons by its square. A fit of the logarithm.

    Args:
        altitude: of a circular orbit [m].
        inclination: to the equator [rad].

    Returns:
        Equivalent flux [m-2 s-1]: 5.8e12 /cm2 a year at 650 km over the poles.

    Validity: 300 to 2000 km, 20 to 160 deg.

    Errors: of the fit 3.9 % root mean square, 31 % at most (300 km, 20 deg, where there is next to nothing); of the
    method a factor of two, as of the models. An open back doubles it.

    References: Tada et al. 1982 (JPL 82-69); Boschini et al. 2014 (SR-NIEL); Vette 1991; Sawyer & Vette 1976.
    """
    return jnp.exp(_series(_CELLS, *_height_and_tilt(altitude, inclination))) / JULIAN_YEAR


def open_sky(altitude: ArrayLike, inclination: ArrayLike) -> Array:
    """Part of a circular orbit that solar protons reach: where the field lines leave above 65 deg (2 deg soft).

    Args:
        altitude: of the orbit [m].
        inclination: to the equator [rad].

    Returns:
        Fraction [-]: 0.3 over the poles, nothing below some 45 deg.

    Validity: 300 to 2000 km, 20 to 160 deg.

    Errors: of the fit 0.004. A dipole, tilted by 9.5 deg; the edge lies between 60 deg, in the storms that often come
    with solar protons, and 68 deg for protons of 50 MeV on quiet days (Stormer's cutoff): 0.36 to 0.25 over the poles.

    References: Smart & Shea 2005 (a review of cutoffs).
    """
    y, z = _height_and_tilt(altitude, inclination)
    return _series(_OPEN_SKY, y[: _OPEN_SKY.shape[0]], z)


def upset_rate(dose: ArrayLike, dose_per_upset: ArrayLike) -> Array:
    """Errors of a chip: dose rate over the dose per error found in a beam, 1/s.

    Args:
        dose: dose rate in the chip [Gy/s].
        dose_per_upset: [Gy]; of a TPU v6e in 67 MeV protons 0.144 to 0.20 for one silent error, 0.44 for one that stops
            the job.

    Errors: a beam of one energy stands for the orbit's spectrum; electrons, in the dose behind thin shields, upset
    little; heavy ions are left out.

    References: Aguera y Arcas et al. 2025 (arXiv:2511.19468), radiation tests.
    """
    return jnp.asarray(dose, jnp.float64) / jnp.asarray(dose_per_upset, jnp.float64)
