"""Heat load against an integrated entry, shields against flown ones, aerobraking against a flown orbiter."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import quad, solve_ivp

from astro_logistics.constants import DAY, STANDARD_GRAVITY
from astro_logistics.launch import aerobraking as ab

MU_MARS, R_MARS = 4.282837e13, 3396.2e3


def shell(shield=0.1, structure=0.1, kept=0.0) -> ab.Aeroshell:
    return ab.Aeroshell(*(jnp.asarray(x) for x in (shield, structure, kept)))


def test_mars_reconnaissance_orbiter():
    # 45,000 km of apoapsis (SpaceNews 2006: 35-hour orbits, some 480 passes, 23 weeks) down to two-hour orbits
    r_p = R_MARS + 105e3
    found = ab.aerobraking(MU_MARS, r_p, R_MARS + 45000e3, R_MARS + 480e3, 1190.0 / 480)
    assert float(found.air_delta_v) == pytest.approx(1190.0, rel=0.01)  # heights to some km
    assert float(found.passes) == pytest.approx(480.0, rel=0.01)
    # 23 weeks with the walk-in and the walk-out, which the constant loss per pass leaves out
    assert 0.80 < float(found.time) / DAY / (23 * 7) < 1.0


def speed(r_p: float, r_a: float) -> Any:
    return np.sqrt(2 * MU_MARS * r_a / (r_p * (r_p + r_a)))


def period(v: Any, r_p: float) -> Any:
    return 2 * np.pi * MU_MARS / (2 * MU_MARS / r_p - v * v) ** 1.5


def test_time_against_the_sum_over_passes(rng: np.random.Generator):
    for _ in range(20):
        r_p, end = R_MARS + 100e3, R_MARS + rng.uniform(200e3, 800e3)
        start, step = R_MARS + rng.uniform(5e6, 6e7), rng.uniform(1.0, 6.0)
        found = ab.aerobraking(MU_MARS, r_p, start, end, step)
        first, last = speed(r_p, start), speed(r_p, end)
        assert float(found.air_delta_v) == pytest.approx(first - last, rel=1e-12)
        assert float(found.time) == pytest.approx(quad(period, last, first, (r_p,), epsrel=1e-12)[0] / step, rel=1e-9)
        # pass by pass: the difference is at most the first revolution
        passes = np.sum(period(np.arange(first - step, last, -step), r_p))
        assert abs(float(found.time) - passes) < period(first, r_p)
        # the exit burn makes the last orbit circular at its apoapsis
        a = 0.5 * (r_p + end)
        assert float(found.exit_delta_v) == pytest.approx(
            np.sqrt(MU_MARS / end) - np.sqrt(MU_MARS * (2 / end - 1 / a)), rel=1e-9
        )


def test_time_bought_with_propellant():
    # a longer first orbit: less to burn at capture, more to brake and longer
    r_p = R_MARS + 110e3
    starts = jnp.asarray([5e6, 1e7, 2e7, 4e7, 8e7]) + R_MARS
    found = ab.aerobraking(MU_MARS, r_p, starts, R_MARS + 400e3, 2.5)
    arrival = np.sqrt(2.6e3**2 + 2 * MU_MARS / r_p)
    capture = arrival - np.sqrt(2 * MU_MARS * starts / (r_p * (r_p + starts)))
    assert bool(jnp.all(jnp.diff(found.time) > 0))
    assert bool(jnp.all(jnp.diff(capture) < 0))
    # engines and air share one fall in speed
    total = capture + found.air_delta_v
    np.testing.assert_allclose(total, total[0], atol=1e-8)  # rounding
    assert np.isnan(float(ab.aerobraking(MU_MARS, r_p, R_MARS + 3e5, R_MARS + 4e5, 2.5).time))  # up is no braking
    assert np.isnan(float(ab.aerobraking(MU_MARS, r_p, np.inf, R_MARS + 4e5, 2.5).air_delta_v))


def test_heat_load_against_an_integrated_entry(rng: np.random.Generator):
    for _ in range(8):
        k, h, rho0 = 1.9027e-4, rng.uniform(6e3, 12e3), rng.uniform(0.01, 2.0)
        v, angle = rng.uniform(4e3, 12e3), np.deg2rad(rng.uniform(8, 40))
        beta, nose = rng.uniform(40, 150), rng.uniform(0.3, 3.0)

        def rate(_, y, h=h, rho0=rho0, angle=angle, beta=beta, nose=nose, k=k):
            rho = rho0 * np.exp(-y[0] / h)
            return [-y[1] * np.sin(angle), -rho * y[1] ** 2 / (2 * beta), k * np.sqrt(rho / nose) * y[1] ** 3]

        # from where there is no air to where it has braked; below the ground the exponential goes on
        high = h * (np.log(rho0 * h / (2 * beta * np.sin(angle))) + 30)
        low = h * (np.log(rho0 * h / (2 * beta * np.sin(angle))) - 3)
        hit = lambda _, y, low=low: y[0] - low  # noqa: E731
        hit.terminal = True  # pyright: ignore[reportFunctionMemberAccess]
        run = solve_ivp(rate, (0.0, 1e5), [high, v, 0.0], events=hit, rtol=1e-10, atol=1e-6)
        load = float(ab.heat_load(k, h, v, angle, beta, nose))
        assert load == pytest.approx(run.y[2, -1], rel=1e-5)  # the tails cut off: exp(-15), erfc(4)


def test_shields():
    # a lander like Mars Pathfinder (7.35 km/s, 14.2 deg, 65 kg/m2, as a public study of Mars entries codes it; nose
    # of 0.66 m taken): some 38 MJ/m2 and a shield of 6 to 7 % of the entering mass
    load = ab.heat_load(1.9027e-4, 9.5e3, 7.35e3, np.deg2rad(14.2), 65.0, 0.66)
    assert 33e6 < float(load) < 42e6
    assert 0.06 < float(ab.shield_fraction(load)) < 0.07
    # by hand: 0.091 % at one J/cm2
    assert float(ab.shield_fraction(1e4)) == pytest.approx(0.00091, rel=1e-12)
    # double the heat, 1.43 times the shield
    assert float(ab.shield_fraction(2e7) / ab.shield_fraction(1e7)) == pytest.approx(2**0.51575, rel=1e-12)


def test_aerocapture_against_engines(rng: np.random.Generator):
    n = 4000
    share, kept, capture, trim, isp = (
        jnp.asarray(rng.uniform(*x, n)) for x in ((0, 0.4), (0, 1), (500, 5000), (0, 200), (300, 460))
    )
    air = ab.aerocapture_mass_fraction(ab.Aeroshell(share, jnp.zeros(n), kept), isp, trim)
    # masses followed step by step
    after = 1.0 - share * (1.0 - kept)
    burnt = after * (1.0 - jnp.exp(-trim / (isp * STANDARD_GRAVITY)))
    np.testing.assert_allclose(air, 1.0 - share - burnt, rtol=1e-12, atol=1e-12)
    # at the break-even fraction, dropped, both bring the same
    even = ab.break_even_fraction(isp, capture, trim)
    same = ab.aerocapture_mass_fraction(ab.Aeroshell(even, jnp.zeros(n), jnp.zeros(n)), isp, trim)
    np.testing.assert_allclose(same, ab.propulsive_mass_fraction(0.0, isp, capture), rtol=1e-12)
    # tanks only help the air; keeping the shell only hurts it
    assert bool(jnp.all(ab.propulsive_mass_fraction(0.1, isp, capture) < same))
    assert bool(
        jnp.all(air <= ab.aerocapture_mass_fraction(ab.Aeroshell(share, jnp.zeros(n), jnp.zeros(n)), isp, trim))
    )


@jax.jit
def figures(craft: ab.Aeroshell, x: tuple[jax.Array, ...]) -> jax.Array:
    k, h, v, angle, beta, nose, isp, dv, r_p, r_a, r_end, step = x
    load = ab.heat_load(k, h, v, angle, beta, nose)
    down = ab.aerobraking(MU_MARS, r_p, r_a, r_end, step)
    return jnp.stack([
        load,
        ab.shield_fraction(load),
        ab.aerocapture_mass_fraction(craft, isp, 0.1 * dv),
        ab.propulsive_mass_fraction(0.1, isp, dv),
        ab.break_even_fraction(isp, dv, 0.1 * dv),
        down.time,
        down.air_delta_v,
        down.exit_delta_v,
    ])  # fmt: skip


CASE = (1.9e-4, 9.5e3, 7.4e3, 0.25, 65.0, 0.66, 320.0, 2000.0, R_MARS + 1e5, R_MARS + 4e7, R_MARS + 9e5, 2.5)


def test_derivatives(jacobians):
    jacobians(figures, shell(kept=0.5), tuple(jnp.asarray(x) for x in CASE))


def test_jit_and_vmap_agree():
    cases = tuple(jnp.asarray(x) * jnp.asarray([1.0, 1.01, 1.02]) for x in CASE)
    mapped = jax.vmap(figures, in_axes=(None, 0))(shell(), cases)
    loop = np.stack([figures(shell(), tuple(x[i] for x in cases)) for i in range(3)])
    np.testing.assert_allclose(mapped, loop, rtol=1e-12)  # rounding; differences of radii lose a digit
    with jax.disable_jit():
        np.testing.assert_allclose(figures(shell(), tuple(x[0] for x in cases)), loop[0], rtol=1e-12)
