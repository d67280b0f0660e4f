"""Servers, spares, radiation: published rates, the exact binomial sum, derivatives."""

from __future__ import annotations

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads
from scipy.integrate import quad
from scipy.stats import binom

from astro_logistics.constants import ASTRONOMICAL_UNIT, JULIAN_YEAR
from astro_logistics.datacenter import DataCenter, Particles, compute, dose, environment, radiation


def test_turyshev_life_factor():
    # Turyshev 2026: Pi = (l + g) T / (1 - exp(-(l + g) T)) is 1.271, 1.582, 1.931 for (l + g) T of 0.5, 1, 1.5
    for x, factor in ((0.5, 1.271), (1.0, 1.582), (1.5, 1.931)):
        assert 1.0 / float(compute.mean_survival(x, 1.0)) == pytest.approx(factor, abs=5e-4)  # printed digits


def test_mean_survival(rng: np.random.Generator):
    assert float(compute.mean_survival(0.0, 5.0)) == pytest.approx(1.0, rel=1e-14)
    x = 10 ** rng.uniform(-6, 1, 2000)
    np.testing.assert_allclose(compute.mean_survival(x, 1.0), -np.expm1(-x) / x, rtol=1e-12)
    assert float(compute.mean_survival(0.3, 5.0)) == pytest.approx(quad(lambda t: np.exp(-0.3 * t), 0, 5)[0] / 5)
    assert float(jax.grad(compute.mean_survival)(0.0, 1.0)) == pytest.approx(-0.5, rel=1e-13)


@pytest.mark.parametrize(("n", "error"), [(10, 1e-2), (60, 2e-3), (1000, 3e-4)])
def test_working_fraction_against_the_binomial_sum(n: int, error: float):
    survival, spares, powered = (
        x.ravel() for x in np.meshgrid(np.linspace(0.3, 0.99, 12), (0.0, 0.1, 0.3), (1.0, 0.9))
    )
    found = np.asarray(compute.working_fraction(survival, spares, float(n), powered))
    for alive, extra, fed, value in zip(survival, spares, powered, found, strict=True):
        launched = round(n * (1 + extra))
        k = np.arange(launched + 1)
        exact = np.sum(binom.pmf(k, launched, alive) * np.minimum(k, fed * n)) / n
        assert value == pytest.approx(exact, abs=error)  # as documented


def test_working_fraction_limits(rng: np.random.Generator):
    survival, spares = rng.uniform(0.01, 0.999, 5000), rng.uniform(0.0, 1.0, 5000)
    found = np.asarray(compute.working_fraction(survival, spares, 60.0, 0.9))
    assert np.all(found <= np.minimum(0.9, (1 + spares) * survival) + 1e-12)  # Jensen
    # many accelerators: no luck either way
    many = np.asarray(compute.working_fraction(survival, spares, 1e12, 0.9))
    np.testing.assert_allclose(many, np.minimum(0.9, (1 + spares) * survival), atol=1e-6)
    # nobody fails: everyone works
    assert float(compute.working_fraction(1.0, 0.0, 60.0, 1.0)) == pytest.approx(1.0, abs=1e-7)


def test_suncatcher_dose(plausible: DataCenter):
    # Suncatcher 2025: 150 rad a year behind 10 mm of aluminium; 9 silent errors and 3.4 stops of memory a year and chip
    h = plausible.hardness
    yearly = 1.5
    assert yearly / 0.17 == pytest.approx(9.0, abs=0.3)  # theirs is rounded
    stops = yearly / float(h.dose_per_interruption)
    assert stops == pytest.approx(3.4, abs=0.05)
    # one job on 60 accelerators stops 205 times a year for ten minutes
    lost = 1.0 - float(radiation.availability(h, yearly / JULIAN_YEAR, 60.0))
    assert lost == pytest.approx(60 * stops * 600.0 / JULIAN_YEAR, rel=0.01)
    assert float(radiation.failure_rate(h, yearly / JULIAN_YEAR)) * JULIAN_YEAR == pytest.approx(0.01, rel=1e-12)
    # far from the Earth it is flares, all of them at 1 au and a quarter at 2 au
    for distance, part in ((1.0, 1.0), (2.0, 0.25)):
        space, _ = environment.open_space(distance * ASTRONOMICAL_UNIT)
        rate = float(radiation.dose_rate(h, space, 27.0 + 25.0)) * JULIAN_YEAR
        assert rate == pytest.approx(part * 1.0 / np.e, rel=1e-12)
    # and on a dawn-dusk orbit of 650 km the belts: 197 for the 150 rad that they print
    belts = Particles(dose.dose_curve(650e3, 1.71), jnp.zeros(()), jnp.asarray(0.3))
    assert float(radiation.dose_rate(h, belts, 27.0)) * JULIAN_YEAR == pytest.approx(1.97 + 0.3, abs=0.01)


def test_arrhenius(plausible: DataCenter):
    s = plausible.server
    assert float(compute.failure_rate(s, s.reference_temperature)) == pytest.approx(float(s.failure_rate), rel=1e-15)
    # 0.7 eV between 55 and 125 C: the acceleration of 78 that handbooks print
    silicon = dataclasses.replace(s, activation_energy=jnp.asarray(0.7 * 96485.332))
    ratio = compute.failure_rate(silicon, 398.15) / compute.failure_rate(silicon, 328.15)
    assert float(ratio) == pytest.approx(78.0, rel=0.01)


def test_junction(plausible: DataCenter):
    # a plate of 35.2 K at 1,400 W
    assert float(compute.junction_temperature(plausible.server, 335.0)) == pytest.approx(335.0 + 1200 * 0.025)
    assert float(plausible.server.chip_resistance) == pytest.approx(35.2 / 1400.0, rel=0.01)


def test_derivatives():
    f = jax.jit(lambda a, s, n, c: compute.working_fraction(a, 0.1 * s, 60.0 * n, c))
    for survival in (0.85, 0.93):
        # the step between enough spares and too few is 5 % wide: differences of 1e-4 err by 1e-6
        check_grads(f, (survival, 1.0, 1.0, 1.0), 2, modes=("fwd", "rev"), eps=1e-4, atol=1e-5, rtol=1e-5)


def test_bad_input_is_nan():
    assert np.isnan(compute.mean_survival(np.nan, 1.0))
    assert np.isnan(compute.working_fraction(np.nan, 0.1, 60.0, 1.0))
