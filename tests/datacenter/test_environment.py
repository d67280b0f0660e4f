"""Sunlight and the surroundings of a satellite: published values, limits, derivatives."""

from __future__ import annotations

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.constants import ASTRONOMICAL_UNIT
from astro_logistics.datacenter import environment
from astro_logistics.pytree import leaves

EARTH = 6378.137e3


def around(r, sine, least):
    particles, air = environment.open_space(ASTRONOMICAL_UNIT)
    light = (0.96, 1184.0, 0.3, 5863.0, 0.0167, 0.3, 237.0)
    return environment.above_planet(EARTH, r, sine, least, *light, particles, air, 0.0)


def test_solar_flux_and_deep_space():
    assert float(environment.solar_flux(ASTRONOMICAL_UNIT)) == 1361.0
    # Mars at 1.52368 au: 586.2 W/m2 (NASA's fact sheet)
    assert float(environment.solar_flux(1.52368 * ASTRONOMICAL_UNIT)) == pytest.approx(586.2, abs=0.1)
    space = environment.deep_space(1.52368 * ASTRONOMICAL_UNIT)
    assert float(space.period) / 86400 == pytest.approx(686.98, abs=0.1)  # sidereal period of Mars, days
    assert float(space.longest_eclipse) == float(space.albedo_flux) == float(space.infrared_flux) == 0.0
    assert float(space.sunlit_fraction) == 1.0


def test_solar_flux_of_the_year():
    # Gilmore 2002, ch. 2: 1322 W/m2 at aphelion, 1414 at perihelion, for a constant of 1367
    mean, least, greatest = environment.solar_flux_of_year(ASTRONOMICAL_UNIT, 0.0167)
    assert float(least) == pytest.approx(1322.0 * 1361.0 / 1367.0, rel=1e-3)
    assert float(greatest) == pytest.approx(1414.0 * 1361.0 / 1367.0, rel=1e-3)
    t = np.linspace(0.0, 2 * np.pi, 100_001)[:-1]  # eccentric anomaly: dt = (1 - e cos E) dE
    time_mean = 1361.0 * np.mean(1.0 / (1.0 - 0.0167 * np.cos(t)))
    assert float(mean) == pytest.approx(time_mean, rel=1e-12)


def test_worst_revolution_is_the_warmest():
    season = np.sin(np.radians([60.0, 70.0, 80.0, 85.0]))
    found = around(EARTH + 650e3, season, season[0])
    assert float(found.albedo_flux) > float(found.mean_albedo_flux) > 0.0
    assert float(found.array_back_albedo_flux) > 0.0
    # no face sees more than one that looks straight down
    most = 237.0 * (EARTH / (EARTH + 650e3)) ** 2
    assert float(found.array_infrared_flux) < float(found.infrared_flux) * 1.5 < most
    noon = around(EARTH + 650e3, np.zeros(1), 0.0)
    # a beta of 60 degrees halves and more what noon throws on a radiator
    assert float(noon.albedo_flux) > 1.9 * float(found.albedo_flux)


def test_derivatives_jit_vmap():
    season = np.sin(np.radians([60.0, 70.0, 80.0, 85.0]))

    def g(x):
        found = around(EARTH * (1.0 + x[0]), x[1] + 0.1 * season, x[1])
        return jnp.stack([found.albedo_flux, found.mean_albedo_flux, found.infrared_flux, found.array_infrared_flux])

    x, step = np.array([[0.1, 0.8], [0.05, 0.3]]), 1e-5
    value, slope = jax.jit(jax.vmap(g)), jax.jit(jax.vmap(jax.jacfwd(g)))
    np.testing.assert_allclose(value(x), [g(row) for row in x], rtol=1e-11)  # fused arithmetic
    np.testing.assert_allclose(slope(x), jax.jit(jax.vmap(jax.jacrev(g)))(x), rtol=1e-9, atol=1e-9)
    for k in range(2):
        move = step * np.eye(2)[k]
        central = (np.asarray(value(x + move)) - np.asarray(value(x - move))) / (2 * step)
        np.testing.assert_allclose(slope(x)[..., k], central, rtol=1e-6, atol=1e-5)


def test_bad_input_is_nan():
    assert np.isnan(leaves(environment.deep_space(np.nan))["solar_flux"])
    bad = around(0.9 * EARTH, np.full(2, 0.9), 0.9)
    assert np.isnan(bad.albedo_flux)
    assert np.isnan(bad.infrared_flux)
    assert dataclasses.is_dataclass(bad)
