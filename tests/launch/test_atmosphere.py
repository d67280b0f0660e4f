"""The fitted atmosphere against the printed standard and its layers; the drag curve against its table."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.launch.atmosphere import air, drag_shape

STANDARD = {  # U.S. Standard Atmosphere 1976 (NOAA-S/T 76-1562), table I: geometric km, Pa, kg/m3
    0.0: (1.01325e5, 1.2250),
    10.0: (2.6500e4, 4.1351e-1),
    20.0: (5.5293e3, 8.8910e-2),
    30.0: (1.1970e3, 1.8410e-2),
    40.0: (2.8714e2, 3.9957e-3),
    50.0: (7.9779e1, 1.0269e-3),
    60.0: (2.1958e1, 3.0968e-4),
    70.0: (5.2209e0, 8.2829e-5),
    80.0: (1.0524e0, 1.8458e-5),
    90.0: (1.8359e-1, 3.416e-6),
    100.0: (3.2011e-2, 5.604e-7),
    110.0: (7.1042e-3, 9.708e-8),
    120.0: (2.5382e-3, 2.222e-8),
}

LAYERS = ((0.0, -6.5e-3), (11e3, 0.0), (20e3, 1e-3), (32e3, 2.8e-3), (47e3, 0.0), (51e3, -2.8e-3), (71e3, -2e-3))
"""Base (geopotential m) and lapse rate (K/m) of the standard's layers up to 84.852 km."""


def layered(z: float) -> tuple[float, float, float]:
    """Pressure, density and speed of sound by the standard's own formulas, below 86 km."""
    h = 6_356_766.0 * z / (6_356_766.0 + z)
    r = 8314.32 / 28.9644
    temperature, pressure = 288.15, 101_325.0
    for k, (base, lapse) in enumerate(LAYERS):
        top = min(h, LAYERS[k + 1][0] if k + 1 < len(LAYERS) else np.inf)
        if h <= base and k:
            break
        warmer = temperature + lapse * (top - base)
        if lapse:
            pressure *= (temperature / warmer) ** (9.80665 / (r * lapse))
        else:
            pressure *= np.exp(-9.80665 * (top - base) / (r * temperature))
        temperature = warmer
    return pressure, pressure / (r * temperature), np.sqrt(1.4 * r * temperature)


def test_printed_table():
    z = jnp.asarray(list(STANDARD)) * 1e3
    pressure, density, _ = air(z)
    table = np.array(list(STANDARD.values()))
    np.testing.assert_allclose(pressure, table[:, 0], rtol=0.015)  # stated error of the fit
    np.testing.assert_allclose(density, table[:, 1], rtol=0.015)
    low = z <= 80e3
    np.testing.assert_allclose(np.asarray(pressure)[low], table[low, 0], rtol=2e-3)
    middle = z <= 100e3
    np.testing.assert_allclose(np.asarray(pressure)[middle], table[middle, 0], rtol=7e-3)


def test_layers_by_formula(rng: np.random.Generator):
    z = rng.uniform(0.0, 86e3, 2000)
    exact = np.array([layered(x) for x in z]).T
    for found, wanted, error in zip(air(z), exact, (2e-3, 1.5e-2, 7e-3), strict=True):  # errors as stated
        np.testing.assert_allclose(found, wanted, rtol=error)


def test_finite_and_falling_everywhere():
    z = jnp.linspace(-2e3, 2e6, 4001)  # below -2 km an ascent sees no air
    for values in air(z)[:2]:
        assert np.all(np.isfinite(values))
        assert np.all(np.diff(values) <= 0.0)
    slopes = jax.vmap(jax.jacfwd(air))(z)
    assert np.all(np.isfinite(slopes))


def test_drag_curve_of_the_m_v():
    mach = np.array([0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.1, 1.2, 1.4, 1.6, 1.8, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0])
    c_d = [0.28, 0.28, 0.28, 0.29, 0.35, 0.64, 0.67, 0.69, 0.66, 0.62, 0.58, 0.55, 0.48, 0.42, 0.38, 0.355, 0.33]
    np.testing.assert_allclose(drag_shape(mach), np.array(c_d) / 0.69, atol=0.03)  # stated
    assert float(jnp.max(drag_shape(jnp.linspace(0.0, 30.0, 30_001)))) == pytest.approx(1.0, abs=1e-3)  # it is a share
    assert np.isfinite(jax.grad(drag_shape)(jnp.asarray(30.0)))


def test_derivatives(rng: np.random.Generator):
    heights = jnp.asarray(rng.uniform(0.05, 1.4, 5))
    # waves of the fit are 0.03 wide: central differences of its slope err by 1e-4
    log_density = jax.jit(lambda x: jnp.log(air(1e5 * x)[1]))
    jax.test_util.check_grads(log_density, (heights,), 2, modes=("fwd",), rtol=1e-4, atol=1e-3)
    jax.test_util.check_grads(
        jax.jit(drag_shape), (jnp.asarray([0.3, 0.9, 1.3, 4.0]),), 2, rtol=1e-4
    )  # rise of width 0.06


def test_nan_in_nan_out():
    assert np.all(np.isnan(air(jnp.nan)))
    assert np.isnan(drag_shape(jnp.nan))
