"""Tanker flights against boil-off: the balance integrated by scipy, its limits, its derivatives."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from astro_logistics.constants import DAY
from astro_logistics.launch import depot as depots
from astro_logistics.pytree import replace_at


def make(boil_off_rate=1e-3 / DAY, loss=0.02, interval=10 * DAY) -> depots.Depot:
    return depots.Depot(*(jnp.asarray(x) for x in (400e3, 0.5, boil_off_rate, loss, interval)))


def test_published_arithmetic():
    # a full tank of 1,600 t takes 16 tankers of 100 t, 8 of 200 t, without losses
    lossless = make(0.0, 0.0)
    assert float(depots.tanker_flights(lossless, 1600e3, 100e3)) == 16.0
    assert float(depots.tanker_flights(lossless, 1600e3, 200e3)) == 8.0


def test_half_life_by_hand():
    # x = b M / p = 1/2: n = 2 ln 2 x the flights without boil-off
    case = make(0.05 / DAY, 0.0, 1 * DAY)
    assert float(depots.boil_off_ratio(case, 1000.0, 100.0)) == pytest.approx(0.5, rel=1e-15)
    assert float(depots.tanker_flights(case, 1000.0, 100.0)) == pytest.approx(20 * np.log(2), rel=1e-14)


def test_against_integration(rng: np.random.Generator):
    for _ in range(25):
        load = rng.uniform(20e3, 200e3)
        case = make(10.0 ** rng.uniform(-4, -2.3) / DAY, rng.uniform(0, 0.1), rng.uniform(1, 15) * DAY)
        x = rng.uniform(0.01, 0.95)  # how near boil-off comes to outrunning
        rate = load * (1 - float(case.transfer_loss_fraction)) / float(case.tanker_interval)
        full = x * rate / float(case.boil_off_rate)

        def reached(_, m, full=full):
            return m[0] - full

        reached.terminal = True  # pyright: ignore[reportFunctionMemberAccess]
        run = solve_ivp(
            lambda _, m, rate=rate, b=float(case.boil_off_rate): rate - b * m,
            (0.0, 20 * full / rate),
            [0.0],
            events=reached,
            rtol=1e-11,
            atol=1e-6,
        )
        flights = run.t_events[0][0] / float(case.tanker_interval)
        # scipy at 1e-11, divided by the slope 1 - x at the end
        assert float(depots.tanker_flights(case, full, load)) == pytest.approx(flights, rel=1e-8)


def test_against_tankers_in_steps():
    # tankers come in steps, the ship leaves with the last one
    case = make(1e-3 / DAY, 0.0, 10 * DAY)
    mass, keep = 0.0, np.exp(-1e-3 * 10)
    for _ in range(12):
        mass = mass * keep + 100e3
    # the balance has the load half an interval longer in the tank: 0.5 %, and more boil-off of that, 1 / (1 - x)
    flights = float(depots.tanker_flights(case, mass, 100e3))
    assert 12.0 < flights < 12.0 * (1 + 0.5e-2 * 1.15)


def test_small_boil_off(rng: np.random.Generator):
    # x -> 0: n = M / p (1 + x/2 + ...), smooth through the change to the series at 1e-6
    load, full = 100e3, 1500e3
    for x in 10.0 ** rng.uniform(-12, -3, 200):
        case = make(x * load / (full * 10 * DAY), 0.0)
        flights = float(depots.tanker_flights(case, full, load))
        assert flights == pytest.approx(15 * (1 + x / 2 + x**2 / 3 + x**3 / 4), rel=3e-13)  # x^4/5 is 2e-13 at most
    slope = jax.grad(lambda b: depots.tanker_flights(replace_at(make(), {"boil_off_rate": b}), full, load))
    none = make(0.0)
    expected = 15 / 0.98 * (full * 10 * DAY / (load * 0.98)) / 2
    assert float(slope(none.boil_off_rate)) == pytest.approx(expected, rel=1e-13)


@pytest.mark.parametrize("x", [1.0, 1.5, 10.0])
def test_outrun_by_boil_off_is_nan(x: float):
    case = make(x * 100e3 / (1500e3 * 10 * DAY), 0.0)
    flights = depots.tanker_flights(case, 1500e3, 100e3)
    assert not np.isfinite(flights)
    assert not np.isfinite(depots.tanker_flights(case, jnp.nan, 100e3))


@pytest.mark.parametrize("x", [1e-9, 0.3, 0.9])
def test_derivatives(x: float, relative_grads: Callable[..., None]):
    case = make(x * 98e3 / (1500e3 * 10 * DAY))
    relative_grads(depots.tanker_flights, case, 1500e3, 100e3, rtol=1e-4)  # at x = 0.9 the curvature is 1e2


def test_jit_and_vmap(rng: np.random.Generator):
    full, load = rng.uniform(1e5, 2e6, 50), rng.uniform(5e4, 2e5, 50)
    together = np.asarray(depots.tanker_flights(make(), full, load))
    np.testing.assert_allclose(jax.jit(depots.tanker_flights)(make(), full, load), together, rtol=1e-14)
    mapped = jax.vmap(depots.tanker_flights, (None, 0, 0))(make(), full, load)
    np.testing.assert_allclose(mapped, together, rtol=1e-14)  # fused multiply-adds
    loop = [float(depots.tanker_flights(make(), f, m)) for f, m in zip(full[:5], load[:5], strict=True)]
    np.testing.assert_allclose(loop, together[:5], rtol=1e-14)
