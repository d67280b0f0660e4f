"""The rocket equation: a textbook launcher, round trips, bad numbers."""

from __future__ import annotations

import numpy as np
import pytest

from astro_logistics.constants import STANDARD_GRAVITY
from astro_logistics.launch import rocket

# ---- published


CURTIS_G = 9.81
"""Curtis' sea-level gravity; his specific impulses are scaled by it."""


def test_curtis_three_stages():
    # Curtis, Orbital Mechanics (3rd ed.), section 11.6, optimal three-stage rocket: 5 t to 10 km/s with isp 400, 350,
    # 300 s and structural ratios 0.1, 0.15, 0.2; step masses 165,700, 18,070, 2,477 kg, mass ratios 4.541, 2.507, 1.361
    total = 0.0
    carried = 5000.0
    for step, ratio, isp, structure in (
        (2477.0, 1.361, 300.0, 0.2),
        (18070.0, 2.507, 350.0, 0.15),
        (165700.0, 4.541, 400.0, 0.1),
    ):
        start, end = carried + step, carried + structure * step
        assert start / end == pytest.approx(ratio, abs=1e-3)  # printed digits
        total += float(rocket.delta_v(isp * CURTIS_G / STANDARD_GRAVITY, start, end))
        carried = start
    assert carried == pytest.approx(191_200.0, rel=1e-3)  # printed to four digits
    assert total == pytest.approx(10_000.0, rel=3e-4)  # masses printed to four digits


def test_tsiolkovsky_by_hand():
    # e-fold of mass: the exhaust speed; 300 s is 2,941.995 m/s at standard gravity
    assert float(rocket.delta_v(300.0, np.e, 1.0)) == pytest.approx(2941.995, rel=1e-15)
    assert float(rocket.propellant_for(300.0, 1.0, 2941.995)) == pytest.approx(np.e - 1, rel=1e-15)


# ---- invariants


def test_propellant_and_delta_v_are_inverse(rng: np.random.Generator):
    isp, end, dv = rng.uniform(200, 500, 5000), 10.0 ** rng.uniform(0, 7, 5000), 10.0 ** rng.uniform(-3, 4, 5000)
    start = end + np.asarray(rocket.propellant_for(isp, end, dv))
    # start / end is rounded to 1e-16, which is exhaust speed x 1e-16 in dv: 1e-12 m/s
    np.testing.assert_allclose(rocket.delta_v(isp, start, end), dv, rtol=1e-14, atol=5e-12)


def test_burns_add_up(rng: np.random.Generator):
    isp, end, a, b = rng.uniform(200, 500, 1000), rng.uniform(1, 1e6, 1000), *rng.uniform(0, 5e3, (2, 1000))
    second = np.asarray(rocket.propellant_for(isp, end, b))
    first = np.asarray(rocket.propellant_for(isp, end + second, a))
    np.testing.assert_allclose(first + second, rocket.propellant_for(isp, end, a + b), rtol=1e-13)  # exp of 10


def test_bad_masses_are_nan():
    assert np.isnan(rocket.delta_v(300.0, -1.0, 1.0))
    assert np.isnan(rocket.propellant_for(np.nan, 1.0, 1.0))
