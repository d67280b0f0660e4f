"""Sunlight, view factors: against direct integration, limits, derivatives."""

from __future__ import annotations

import jax
import numpy as np
import pytest
from jax.test_util import check_grads
from scipy.integrate import dblquad

from astro_logistics.constants import ASTRONOMICAL_UNIT
from astro_logistics.datacenter import environment
from astro_logistics.pytree import leaves

EARTH = 6378.137e3


def cap_integral(k: float, sunlight) -> float:
    """View factor of an edge-on face by the definition: over the visible half-cap in azimuth phi and polar angle t."""

    def kernel(phi: float, t: float) -> float:
        d2 = 1 - 2 * k * np.cos(t) + k * k
        plate = k * np.sin(t) * np.sin(phi)
        surface = np.cos(t) - k
        return sunlight(phi, t) * plate * surface * k * k * np.sin(t) / (np.pi * d2 * d2)

    return dblquad(kernel, 0, np.arccos(k), 0, np.pi, epsabs=1e-13, epsrel=1e-10)[0]


@pytest.mark.parametrize("altitude", [200e3, 550e3, 2000e3, 36000e3])
def test_view_factors_by_integration(altitude: float):
    k = EARTH / (EARTH + altitude)
    found = float(environment.edge_on_view_factor(EARTH, EARTH + altitude))
    assert found == pytest.approx(cap_integral(k, lambda phi, t: 1.0), rel=1e-9)  # scipy's tolerance
    found = float(environment.terminator_view_factor(EARTH, EARTH + altitude))
    lit = cap_integral(k, lambda phi, t: max(np.sin(t) * np.cos(phi), 0.0))
    assert found == pytest.approx(lit, rel=1e-7)  # documented 1e-8, and scipy's kink at phi = pi/2


def test_limits(rng: np.random.Generator):
    assert float(environment.edge_on_view_factor(EARTH, EARTH)) == pytest.approx(0.5, rel=1e-15)
    r = EARTH * 1e3
    assert float(environment.edge_on_view_factor(EARTH, r)) == pytest.approx(2e-9 / (3 * np.pi), rel=1e-5)
    r = EARTH * 10 ** rng.uniform(0.01, 2, 2000)
    whole, lit = environment.edge_on_view_factor(EARTH, r), environment.terminator_view_factor(EARTH, r)
    assert ((lit > 0) & (lit < 0.5 * whole)).all()
    assert (whole < 0.5 * (EARTH / r) ** 2).all()  # a plate that faces the sphere sees more than twice as much


def test_solar_flux_and_deep_space():
    assert float(environment.solar_flux(ASTRONOMICAL_UNIT)) == 1361.0
    # Mars at 1.52368 au: 586.2 W/m2 (NASA's fact sheet gives 586.2)
    assert float(environment.solar_flux(1.52368 * ASTRONOMICAL_UNIT)) == pytest.approx(586.2, abs=0.1)
    around = environment.deep_space(1.52368 * ASTRONOMICAL_UNIT)
    assert float(around.period) / 86400 == pytest.approx(686.98, abs=0.1)  # sidereal period of Mars, days
    assert float(around.longest_eclipse) == float(around.albedo_flux) == float(around.infrared_flux) == 0.0
    assert float(around.sunlit_fraction) == 1.0


def test_dawn_dusk_is_cooler_than_noon():
    args = (EARTH, EARTH + 650e3, 0.96, 1184.0, 5863.0, 0.3, 237.0)
    dusk, noon = environment.dawn_dusk(*args), environment.low_orbit(*args)
    assert float(noon.albedo_flux) > 20.0 * float(dusk.albedo_flux)
    assert float(noon.infrared_flux) == float(dusk.infrared_flux)
    # nowhere more than a face that looks straight down: (R/r)^2
    assert float(noon.infrared_flux) < 237.0 * (EARTH / (EARTH + 650e3)) ** 2


@pytest.mark.slow
def test_derivatives_jit_vmap(rng: np.random.Generator):
    @jax.jit
    def g(r, d):
        lit = 100.0 * environment.terminator_view_factor(1.0, r)
        return environment.edge_on_view_factor(1.0, r), lit, environment.solar_flux(d * ASTRONOMICAL_UNIT) / 1361.0

    check_grads(g, (1.1, 1.3), 2, modes=("fwd", "rev"))
    r = EARTH + rng.uniform(300e3, 2000e3, 20)

    def f(r):
        return environment.dawn_dusk(EARTH, r, 0.96, 1184.0, 5863.0, 0.3, 237.0).albedo_flux

    one = jax.jit(f)
    np.testing.assert_allclose(one(r), f(r), rtol=1e-13)  # fused arithmetic
    np.testing.assert_allclose(jax.vmap(f)(r), [float(one(x)) for x in r], rtol=1e-13)


def test_bad_input_is_nan():
    assert np.isnan(environment.edge_on_view_factor(EARTH, 0.9 * EARTH))
    assert np.isnan(environment.terminator_view_factor(EARTH, 0.9 * EARTH))
    assert np.isnan(leaves(environment.deep_space(np.nan))["solar_flux"])
