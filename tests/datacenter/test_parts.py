"""Radiator, array, battery, servers: published figures, limits, derivatives."""

from __future__ import annotations

import dataclasses

import jax
import numpy as np
import pytest
from jax.test_util import check_grads
from scipy.integrate import quad

from astro_logistics.constants import ASTRONOMICAL_UNIT, STEFAN_BOLTZMANN
from astro_logistics.datacenter import (
    Battery,
    Environment,
    Radiator,
    SolarArray,
    battery,
    compute,
    environment,
    solar,
    thermal,
)

YEAR = 3.15576e7


def panel(**changes: float) -> Radiator:
    values = {
        "temperature": 293.15,
        "emissivity": 0.92,
        "absorptivity": 0.09,
        "fin_efficiency": 1.0,
        "open_fraction": 1.0,
        "sun_exposure": 1.0,
        "areal_mass": 7.0,
        "loop_mass": 3.5e-3,
    }
    return Radiator(**(values | changes))


def surroundings(solar_flux: float, albedo_flux: float, infrared_flux: float) -> Environment:
    return dataclasses.replace(
        environment.deep_space(ASTRONOMICAL_UNIT),
        solar_flux=solar_flux,
        period=6000.0,
        albedo_flux=albedo_flux,
        infrared_flux=infrared_flux,
    )


def test_starcloud_white_paper():
    # Starcloud 2024: a black-ish plate at 20 C, one face in full sun: 770.48 emitted, 122.94 + 9.22 of sunlight and
    # albedo; their Earth infrared, 233 W/m2 x 1/4, is absorbed with the solar absorptivity 0.09 (5.24), giving 633.08.
    albedo = 0.30 * 1366.0 * 0.25 / 2.0
    theirs = surroundings(1366.0, albedo, 233.0 * 0.25 / 2.0 * 0.09 / 0.92)
    assert float(thermal.net_flux(panel(), theirs)) == pytest.approx(633.08, abs=0.06)  # they round sigma: 0.05
    # with the infrared absorbed as it is emitted (Kirchhoff) it is 8 % less
    ours = surroundings(1366.0, albedo, 233.0 * 0.25 / 2.0)
    assert float(thermal.net_flux(panel(), ours)) == pytest.approx(584.76, abs=0.1)


def test_iss_radiators_order_of_magnitude():
    # ISS (EATCS): 70 kW on six panels of 23.3 m x 3.4 m, loop near 276 K, white paint, mean environment 1361 W/m2,
    # albedo 0.27, 241 W/m2, view factors near 0.26. Specified for the hottest attitude and one that also sees the
    # warm station, it must lie below the free panel, and above a third of it.
    specified = 70e3 / (6 * 23.3 * 3.4)
    assert specified == pytest.approx(147.0, abs=0.5)
    around = surroundings(1361.0, 0.27 * 1361.0 * 0.26, 241.0 * 0.26)
    iss = panel(temperature=276.0, emissivity=0.90, absorptivity=0.24, fin_efficiency=0.85, sun_exposure=0.1)
    free = float(thermal.net_flux(iss, around))
    assert specified < free < 3 * specified


def test_radiator_limits(rng: np.random.Generator):
    t = rng.uniform(200, 500, 5000)
    hot = Radiator(t, 1.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0)
    np.testing.assert_allclose(
        thermal.net_flux(hot, surroundings(1361.0, 50.0, 0.0)), 2 * STEFAN_BOLTZMANN * t**4, rtol=1e-14
    )
    # in a bath of its own temperature a panel gives off nothing
    bath = surroundings(0.0, 0.0, STEFAN_BOLTZMANN * 300.0**4)
    assert float(thermal.net_flux(panel(temperature=300.0), bath)) == pytest.approx(0.0, abs=1e-10)


def test_array_ages():
    array = SolarArray(0.298, 0.9, 1.0, 1.0, 0.01 / YEAR, 2.4)
    new, old = (float(solar.power_per_area(array, 1361.0, age)) for age in (0.0, 15.0 * YEAR))
    assert new == pytest.approx(0.298 * 0.9 * 1361.0, rel=1e-15)
    # XTJ cells keep 0.84 to 0.89 after the dose of 15 years in geostationary orbit (Fetzer 2008): 1 %/year
    assert 0.84 < old / new < 0.89


def test_battery_closes_the_revolution(rng: np.random.Generator):
    load, eclipse, efficiency = rng.uniform(1, 1e6, 1000), rng.uniform(0, 2000, 1000), rng.uniform(0.7, 1, 1000)
    b = Battery(540e3, 0.35, efficiency)
    charged = battery.charging_power(b, load, eclipse, 5800.0) * (5800.0 - eclipse) * efficiency
    np.testing.assert_allclose(charged, load * eclipse, rtol=1e-13)
    np.testing.assert_allclose(battery.capacity(b, load, eclipse) * 0.35, load * eclipse, rtol=1e-14)


def test_mean_survival(rng: np.random.Generator):
    assert float(compute.mean_survival(0.0, 5 * YEAR)) == pytest.approx(1.0, rel=1e-14)
    x = 10 ** rng.uniform(-6, 1, 2000)
    np.testing.assert_allclose(compute.mean_survival(x, 1.0), -np.expm1(-x) / x, rtol=1e-12)  # documented
    assert float(compute.mean_survival(0.3, 5.0)) == pytest.approx(quad(lambda t: np.exp(-0.3 * t), 0, 5)[0] / 5)
    # the slope at a hazard of zero is -1/2, not NaN
    assert float(jax.grad(compute.mean_survival)(0.0, 1.0)) == pytest.approx(-0.5, rel=1e-13)


def test_derivatives():
    @jax.jit
    def f(t, eps, a, hazard, efficiency, eclipse):
        flux = thermal.net_flux(
            panel(temperature=300.0 * t, emissivity=eps, absorptivity=a), surroundings(1361.0, 60.0, 60.0)
        )
        charging = battery.charging_power(Battery(1.0, 0.3, efficiency), 2.0, eclipse, 5.0)
        return flux / 1e3, charging, compute.mean_survival(hazard, 5.0)

    check_grads(f, (1.1, 0.9, 0.1, 0.2, 0.9, 1.0), 2, modes=("fwd", "rev"))


def test_bad_input_is_nan():
    assert np.isnan(thermal.net_flux(panel(temperature=np.nan), surroundings(1361.0, 0.0, 0.0)))
    assert np.isnan(compute.mean_survival(np.nan, 1.0))
    assert np.isnan(battery.capacity(Battery(1.0, np.nan, 0.9), 1.0, 1.0))
