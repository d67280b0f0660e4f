"""Motion along the track, tapered or not: the equation of motion, closed forms, smoothness through no taper."""

from __future__ import annotations

from collections.abc import Callable

import jax
import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp

from astro_logistics.launch import mass_driver as drivers
from astro_logistics.launch.mass_driver import track
from astro_logistics.launch.mass_driver.drive import power_at

Make = Callable[..., drivers.MassDriver]


@pytest.mark.parametrize("taper", [0.0, 0.05, 0.29, 0.6, 0.95])
def test_against_equation_of_motion(make: Make, taper: float):
    case = make(taper=taper)

    def motion(_, state):
        x, v, *_ = state
        a = 1000.0 * (1.0 - taper * x / 3000.0)
        return [v, a, a**2, a**2 * v]

    def muzzle(_, state):
        return state[0] - 3000.0

    muzzle.terminal = True  # pyright: ignore[reportFunctionMemberAccess]
    run = solve_ivp(motion, (0.0, 10.0), [0.0] * 4, events=muzzle, rtol=1e-10, atol=1e-9, dense_output=True)
    x, speed, by_time, by_length = run.y_events[0][0]
    tolerance = {"rel": 1e-8}  # of the integration
    assert float(drivers.design_speed(case)) == pytest.approx(speed, **tolerance)
    assert float(track.driven_length(case, speed)) == pytest.approx(x, **tolerance)
    assert float(drivers.driven_time(case, speed)) == pytest.approx(run.t_events[0][0], **tolerance)
    assert float(track.squared_acceleration_time(case, speed)) == pytest.approx(by_time, **tolerance)
    assert float(track.squared_acceleration_length(case, speed)) == pytest.approx(by_length, **tolerance)
    v = run.sol(np.linspace(0.0, run.t_events[0][0], 20_001))[1]
    power = power_at(case, v[v <= speed], speed)
    assert float(drivers.peak_power(case, speed)) == pytest.approx(float(np.max(power)), rel=1e-7)  # of the steps
    # the energy drawn is the power over time, whatever the profile
    energy = quad(lambda t: float(power_at(case, run.sol(t)[1], speed)), 0.0, run.t_events[0][0], epsrel=1e-9)[0]
    assert float(drivers.drawn_energy(case, speed)) == pytest.approx(energy, rel=1e-7)


def test_taper_lowers_the_peak_power_of_a_given_speed(make: Make):
    # same track, same speed: a tapered force starts stronger and ends weaker
    flat = make()
    v = float(drivers.design_speed(flat))
    tapered = make(taper=0.5, acceleration=1000.0 / 0.75)
    assert float(drivers.design_speed(tapered)) == pytest.approx(v, rel=1e-15)
    # 4/3 of the start, peak at 1 / sqrt 2 of the harmonic motion: (4/3)^2 / (2 omega v / a), omega = sqrt(a t / L)
    expected = (4 / 3) ** 2 * 1000.0 / (2 * v * np.sqrt(1000.0 / 0.75 * 0.5 / 3000.0))
    assert float(drivers.peak_power(tapered, v) / drivers.peak_power(flat, v)) == pytest.approx(expected, rel=1e-13)
    assert expected < 0.8


def test_arcsin_ratio_through_zero():
    q = np.concatenate([np.linspace(-0.149, -1e-9, 200), np.linspace(0.0, 1.0, 301)])
    with np.errstate(invalid="ignore", divide="ignore"):
        root = np.sqrt(np.abs(q))
        expected = np.where(q < 0, np.arcsinh(root) / root, np.where(q > 0, np.arcsin(root) / root, 1.0))
    np.testing.assert_allclose(track.arcsin_ratio(q), expected, rtol=4e-15)  # a few roundings
    slope = jax.vmap(jax.grad(track.arcsin_ratio))(np.array([0.0, 0.15 - 1e-9, 0.15 + 1e-9]))
    assert float(slope[0]) == pytest.approx(1 / 6, rel=1e-15)
    assert float(slope[1]) == pytest.approx(float(slope[2]), rel=1e-8)  # the curvature over 2e-9


def test_unreachable_speed_is_nan(make: Make):
    # a force that ends before the muzzle cannot give more than sqrt(a L)
    case = make(taper=1.0)
    assert np.isnan(track.driven_length(case, 1.01 * np.sqrt(3e6)))
    assert float(track.driven_length(case, np.sqrt(3e6))) == pytest.approx(3000.0, rel=1e-7)  # the root of a rounding
