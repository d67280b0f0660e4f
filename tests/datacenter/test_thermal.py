"""Radiator and coolant loop: published designs, limits, the fin's boundary value problem, derivatives."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads
from scipy.integrate import quad, solve_bvp

from astro_logistics.constants import STEFAN_BOLTZMANN
from astro_logistics.datacenter import DataCenter, Environment, Radiator, cooling, thermal

Surroundings = Callable[..., Environment]


def panel(**changes: float) -> Radiator:
    """A panel without resistance between coolant and face, unless asked for."""
    values = {
        "temperature": 293.15,
        "emissivity": 0.92,
        "absorptivity": 0.09,
        "aged_absorptivity": 0.09,
        "aging_time": 1e8,
        "film_conductance": 1e9,
        "tube_spacing": 1e-3,
        "tube_mass": 0.1,
        "fin_thickness": 1e-3,
        "fin_conductivity": 400.0,
        "fin_density": 1800.0,
        "deployment_mass": 1.0,
        "open_fraction": 1.0,
        "sun_exposure": 1.0,
    }
    return Radiator(**{name: jnp.asarray(x) for name, x in (values | changes).items()})


def flux(p: Radiator, around: Environment, array_temperature: float = 300.0) -> float:
    return float(thermal.panel_flux(p, around, p.temperature, array_temperature, p.absorptivity))


def test_starcloud_white_paper(surroundings: Surroundings):
    # Starcloud 2024: a black-ish plate at 20 C, one face in full sun: 770.48 emitted, 122.94 + 9.22 of sunlight and
    # albedo; their Earth infrared, 233 W/m2 x 1/4, is absorbed with the solar absorptivity 0.09 (5.24), giving 633.08.
    albedo = 0.30 * 1366.0 * 0.25 / 2.0
    theirs = surroundings(solar_flux=1366.0, albedo_flux=albedo, infrared_flux=233.0 * 0.25 / 2.0 * 0.09 / 0.92)
    assert flux(panel(), theirs) == pytest.approx(633.08, abs=0.06)  # they round sigma: 0.05
    # with the infrared absorbed as it is emitted (Kirchhoff) it is 8 % less
    ours = surroundings(solar_flux=1366.0, albedo_flux=albedo, infrared_flux=233.0 * 0.25 / 2.0)
    assert flux(panel(), ours) == pytest.approx(584.76, abs=0.1)


def test_iss_radiators(surroundings: Surroundings):
    # ISS (EATCS): 70 kW on six panels of 23.3 m x 3.4 m, 1,123 kg each; ammonia comes at 276 K; white paint, aged; mean
    # environment: albedo 0.27, 241 W/m2, view factors near 0.26. Specified for the hottest attitude and one that also
    # sees the warm station, it must lie below the free panel, and above a third of it.
    specified = 70e3 / (6 * 23.3 * 3.4)
    assert specified == pytest.approx(147.0, abs=0.5)
    around = surroundings(albedo_flux=0.27 * 1361.0 * 0.26, infrared_flux=241.0 * 0.26)
    iss = panel(
        temperature=276.0,
        emissivity=0.90,
        aged_absorptivity=0.24,
        sun_exposure=0.1,
        film_conductance=300.0,
        tube_spacing=0.1,
        fin_thickness=0.5e-3,
        fin_conductivity=170.0,
    )
    free = float(thermal.mean_flux(iss, around, 10.0, 290.0, 0.24))
    assert specified < free < 3 * specified


def test_areal_mass_is_the_published_one(plausible: DataCenter):
    # JPL 2026: 5 kg/m2, optimistic but credible
    assert float(thermal.areal_mass(plausible.radiator)) == pytest.approx(5.0, abs=0.01)


def test_announced_radiator_needs_a_hot_panel(surroundings: Surroundings):
    # AI1 2026: 1,400 W/m2 of panel from both faces: 342 K for a panel of emissivity 0.92 with perfect fins in the dark
    found = (1400.0 / (2 * 0.92 * STEFAN_BOLTZMANN)) ** 0.25
    assert flux(panel(temperature=found, sun_exposure=0.0), surroundings()) == pytest.approx(1400.0, rel=1e-12)
    assert found == pytest.approx(340.4, abs=0.1)


def test_limits(rng: np.random.Generator, surroundings: Surroundings):
    t = jnp.asarray(rng.uniform(200, 500, 5000))
    black = panel(emissivity=1.0, absorptivity=0.0)
    found = thermal.panel_flux(black, surroundings(albedo_flux=50.0), t, 300.0, 0.0)
    np.testing.assert_allclose(found, 2 * STEFAN_BOLTZMANN * t**4, rtol=1e-14)
    # in a bath of its own temperature a panel gives off nothing, whatever part of its view the array fills
    bath = surroundings(solar_flux=0.0, infrared_flux=STEFAN_BOLTZMANN * 300.0**4)
    for open_fraction in (1.0, 0.7):
        assert flux(panel(temperature=300.0, open_fraction=open_fraction), bath) == pytest.approx(0.0, abs=1e-10)
    # without resistance between coolant and face the chain is the face alone
    aged = panel(temperature=330.0)
    around = surroundings(infrared_flux=60.0)
    assert float(thermal.coolant_flux(aged, around, 330.0, 300.0, 0.09)) == pytest.approx(flux(aged, around), rel=1e-5)


def exact_fin(r: Radiator, tube: float) -> float:
    """Heat over that of an isothermal fin: k t T'' = 2 eps sigma phi T^4, T = T_tube at the tube, T' = 0 midway."""
    half = 0.5 * float(r.tube_spacing)
    loss = 2.0 * float(r.emissivity * r.open_fraction) * STEFAN_BOLTZMANN
    stiff = float(r.fin_conductivity * r.fin_thickness)
    x = np.linspace(0.0, half, 50)
    solved = solve_bvp(
        lambda _, y: np.stack([y[1], loss * y[0] ** 4 / stiff]),
        lambda a, b: np.array([a[0] - tube, b[1]]),
        x,
        np.stack([np.full_like(x, tube), np.zeros_like(x)]),
        tol=1e-8,
    )
    return -solved.y[1][0] * stiff / (half * loss * tube**4)


def test_fin_against_the_boundary_value_problem(plausible: DataCenter):
    for spacing, size in ((0.07, 0.01), (0.16, 0.03)):
        r = dataclasses.replace(plausible.radiator, tube_spacing=jnp.asarray(spacing))
        exact, linear = exact_fin(r, 330.0), float(thermal.fin_efficiency(r, 330.0))
        assert linear < exact
        assert linear == pytest.approx(exact, abs=size)  # as documented


def test_coolant_flux_closes(plausible: DataCenter, sso_650: Environment, rng: np.random.Generator):
    # film and fin carry the same heat: the wall temperature that the film implies gives the flux again
    r = plausible.radiator
    coolant = jnp.asarray(rng.uniform(280.0, 400.0, 2000))
    q = thermal.coolant_flux(r, sso_650, coolant, 330.0, 0.24)
    wall = coolant - q / r.film_conductance
    again = thermal.fin_efficiency(r, wall) * thermal.panel_flux(r, sso_650, wall, 330.0, 0.24)
    np.testing.assert_allclose(again, q, rtol=1e-11)  # five Newton steps
    assert bool(jnp.all(wall < coolant))


def test_area_along_the_coolant(plausible: DataCenter, sso_650: Environment):
    # heat over area against an adaptive quadrature of dA = dQ / q(T) along the coolant
    r = plausible.radiator
    one = jax.jit(lambda t: thermal.coolant_flux(r, sso_650, t, 330.0, 0.24))
    for rise, error in ((10.0, 6e-7), (25.0, 2.5e-5)):
        ends = (float(r.temperature) - rise / 2, float(r.temperature) + rise / 2)
        inverse = quad(lambda t: 1.0 / float(one(t)), *ends, epsabs=0.0, epsrel=1e-10)[0] / rise
        found = float(thermal.mean_flux(r, sso_650, rise, 330.0, 0.24))
        assert found == pytest.approx(1.0 / inverse, rel=error)  # as documented


def test_coating_ages(plausible: DataCenter):
    r = plausible.radiator
    ends = thermal.absorptivity_at(r, jnp.asarray([0.0, 1e12]))
    np.testing.assert_allclose(ends, [r.absorptivity, r.aged_absorptivity], rtol=1e-12)
    tau = float(thermal.absorptivity_at(r, r.aging_time) - r.absorptivity)
    assert tau == pytest.approx(float(r.aged_absorptivity - r.absorptivity) * (1 - np.exp(-1.0)), rel=1e-12)


def test_pumps(plausible: DataCenter, rng: np.random.Generator):
    # 1 kW at a rise of 10 K: 28.6 g/s of coolant, at 250 kPa and 40 % from 17.2 W
    assert 1e3 * float(cooling.flow_per_heat(plausible.loop)) == pytest.approx(0.02857, rel=1e-3)
    assert 1e3 * float(cooling.pump_power_per_heat(plausible.loop)) == pytest.approx(17.2, abs=0.1)
    assert float(cooling.mass(plausible.loop, 1e3)) == pytest.approx(3.5, rel=0.01)  # orbitdc: 3.5 kg/kW
    heats = jnp.asarray(rng.uniform(0, 1e6, 100))
    np.testing.assert_allclose(cooling.mass(plausible.loop, heats) / heats, 3.486e-3, rtol=1e-3)


def test_derivatives(plausible: DataCenter, sso_650: Environment):
    names = [f.name for f in dataclasses.fields(Radiator)]
    sizes = jnp.asarray([getattr(plausible.radiator, name) for name in names])

    @jax.jit
    def f(s):
        r = Radiator(**dict(zip(names, sizes * s[:14], strict=True)))
        alpha = thermal.absorptivity_at(r, 1.5e8 * s[14])
        return thermal.mean_flux(r, sso_650, 10.0 * s[15], 330.0 * s[16], alpha) / 900.0

    # central differences of 1e-4 on functions of order one: 1e-8, times the fourth power of the temperature
    check_grads(f, (jnp.ones(17),), 1, modes=("fwd", "rev"), eps=1e-4, atol=2e-6, rtol=2e-6)


def test_bad_input_is_nan(sso_650: Environment, surroundings: Surroundings):
    assert np.isnan(thermal.mean_flux(panel(temperature=np.nan), sso_650, 10.0, 300.0, 0.1))
    # a panel colder than its surroundings takes heat in, and says so
    assert float(thermal.coolant_flux(panel(), surroundings(infrared_flux=1e3), 200.0, 300.0, 0.1)) < 0.0
