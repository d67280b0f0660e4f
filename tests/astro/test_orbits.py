"""Speeds, periods, J2 drift and launch geometry: textbook examples, invariants, an integrated orbit, derivatives."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads
from scipy.integrate import solve_ivp

from astro_logistics.astro import orbits

MU = 398600.4418e9
RADIUS = 6378.137e3
J2 = 1.08262668e-3
TROPICAL_YEAR = 365.2422 * 86400.0


def test_curtis_sun_synchronous_example():
    # Curtis, Orbital Mechanics for Engineering Students (3rd ed.), example 4.9: period 100 min -> 758.63 km, 98.43 deg
    mu, radius = 398600e9, 6378e3
    a = radius + 758.63e3
    assert float(orbits.period(mu, a)) == pytest.approx(6000.0, abs=0.01)  # altitude printed to 5 m: 0.006 s
    i = orbits.sun_synchronous_inclination(mu, radius, 1.08263e-3, a, 365.26 * 86400.0)
    assert np.degrees(float(i)) == pytest.approx(98.43, abs=0.005)  # printed digits


def test_curtis_node_regression_example():
    # Curtis (3rd ed.), example 4.8: 280 km by 400 km, 51.43 deg -> -1.0465e-6 rad/s
    rate = orbits.nodal_precession(398600e9, 6378e3, 1.08263e-3, 6718e3, 60.0 / 6718.0, np.radians(51.43))
    assert float(rate) == pytest.approx(-1.0465e-6, abs=5e-11)  # printed digits


def test_dawn_dusk_reference_inclination():
    i = orbits.sun_synchronous_inclination(MU, RADIUS, J2, RADIUS + 550e3, TROPICAL_YEAR)
    assert np.degrees(float(i)) == pytest.approx(97.59, abs=0.01)  # two printed digits, J2 first order


def test_known_speeds():
    # Moon: circular 1679.86 and escape 2375.68 m/s at the surface; Earth: 465.1 m/s of rotation helps at the equator
    mu_moon, r_moon = 4902.800118e9, 1737.4e3
    assert float(orbits.circular_speed(mu_moon, r_moon)) == pytest.approx(1679.86, abs=0.005)  # printed digits
    assert float(orbits.escape_speed(mu_moon, r_moon)) == pytest.approx(2375.68, abs=0.01)
    assert float(orbits.period(MU, 42164.17e3)) == pytest.approx(86164.1, abs=0.1)  # sidereal day


def test_energy_and_apsides(rng: np.random.Generator):
    n = 5000
    a = 10 ** rng.uniform(6, 12, n)
    e = rng.uniform(0, 0.99, n)
    mu = 10 ** rng.uniform(10, 20, n)
    v_p, v_a = orbits.vis_viva(mu, a * (1 - e), a), orbits.vis_viva(mu, a * (1 + e), a)
    # angular momentum is equal at both apsides; 1 - e loses up to two digits, hence 1e-12
    np.testing.assert_allclose(v_p * (1 - e), v_a * (1 + e), rtol=1e-12)
    np.testing.assert_allclose(orbits.vis_viva(mu, a, a), orbits.circular_speed(mu, a), rtol=1e-14)
    np.testing.assert_allclose(orbits.vis_viva(mu, a, np.inf), orbits.escape_speed(mu, a), rtol=1e-15)
    # a hyperbola's energy is v_inf^2 / 2 = -mu / (2 a)
    v_inf = np.sqrt(mu / a)
    np.testing.assert_allclose(orbits.speed_from_v_infinity(mu, a, v_inf), orbits.vis_viva(mu, a, -a), rtol=1e-14)


def test_sun_synchronous_round_trip(rng: np.random.Generator):
    a = RADIUS + rng.uniform(200e3, 5900e3, 5000)
    e = rng.uniform(0, 0.02, 5000)
    i = orbits.sun_synchronous_inclination(MU, RADIUS, J2, a, TROPICAL_YEAR, e)
    rate = orbits.nodal_precession(MU, RADIUS, J2, a, e, i)
    # arccos and back: near i = pi the angle carries sqrt(eps)
    np.testing.assert_allclose(rate, 2 * np.pi / TROPICAL_YEAR, rtol=1e-12)


@pytest.mark.parametrize("i_deg", [28.5, 63.4, 98.0])
def test_node_drift_of_an_integrated_orbit(i_deg: float):
    # scipy integrates the equations of motion with the J2 acceleration; the node is read at the ascending crossings.
    a, i = 7000e3, np.radians(i_deg)

    def acceleration(_, s):
        x, y, z, *v = s
        r = np.sqrt(x * x + y * y + z * z)
        k = 1.5 * J2 * MU * RADIUS**2 / r**5
        q = 5 * z * z / r**2
        g = -MU / r**3
        return [*v, g * x - k * x * (1 - q), g * y - k * y * (1 - q), g * z - k * z * (3 - q)]

    def crossing(_, s):
        return s[2]

    crossing.direction = 1.0
    v = np.sqrt(MU / a)
    start = [a, 0, 0, 0, v * np.cos(i), v * np.sin(i)]
    t_end = 20.5 * 2 * np.pi * np.sqrt(a**3 / MU)
    solution = solve_ivp(acceleration, (-60.0, t_end), start, "DOP853", rtol=1e-11, atol=1e-4, events=crossing)
    times, states = solution.t_events[0], solution.y_events[0]
    nodes = np.unwrap(np.arctan2(states[:, 1], states[:, 0]))
    measured = np.polyfit(times, nodes, 1)[0]
    first_order = float(orbits.nodal_precession(MU, RADIUS, J2, a, 0.0, i))
    # second order in J2, and the osculating start differs from the mean orbit by J2: 0.5 %
    assert measured == pytest.approx(first_order, rel=5e-3)


def test_launch_speed_limits(rng: np.random.Generator):
    v, w = 7800.0, 465.1
    assert float(orbits.launch_speed(v, 0.0, 0.0, w)) == pytest.approx(v - w, rel=1e-15)
    assert float(orbits.launch_speed(v, np.pi, 0.0, w)) == pytest.approx(v + w, rel=1e-15)
    assert float(orbits.launch_speed(v, np.pi / 2, 0.5, w)) == pytest.approx(np.hypot(v, w), rel=1e-15)
    latitude = rng.uniform(-1.2, 1.2, 5000)
    i = np.abs(latitude) + rng.uniform(0, 1, 5000) * (np.pi - 2 * np.abs(latitude))
    # the vectors themselves, in east and north
    azimuth = np.asarray(orbits.launch_azimuth(i, latitude))
    keep = np.isfinite(azimuth)  # rounding may put an edge case outside
    ground = 465.1 * np.cos(latitude)
    expected = np.hypot(v * np.sin(azimuth) - ground, v * np.cos(azimuth))
    np.testing.assert_allclose(orbits.launch_speed(v, i, latitude, ground)[keep], expected[keep], rtol=1e-13)
    assert keep.mean() > 0.999
    # the plane of the orbit through the site: its normal's polar angle is the inclination
    normal_z = np.cos(latitude) * np.sin(azimuth)
    np.testing.assert_allclose(normal_z[keep], np.cos(i)[keep], atol=1e-14)


def test_derivatives():
    check_grads(orbits.vis_viva, (MU / 1e14, 7.0, 9.0), 2, modes=("fwd", "rev"))
    check_grads(orbits.speed_from_v_infinity, (4.0, 7.0, 0.0), 2, modes=("fwd", "rev"))
    check_grads(orbits.period, (4.0, 7.0), 2, modes=("fwd", "rev"))
    check_grads(
        lambda a, e, i: 1e3 * orbits.nodal_precession(4.0, 0.9, J2, a, e, i),
        (1.1, 0.1, 1.7),
        2,
        modes=("fwd", "rev"),
    )
    check_grads(
        lambda a, e: orbits.sun_synchronous_inclination(4.0, 0.9, 1e-1, a, 50.0, e),
        (1.1, 0.1),
        2,
        modes=("fwd", "rev"),
    )
    check_grads(orbits.launch_speed, (7.8, 1.7, 0.5, 0.4), 2, modes=("fwd", "rev"))


def test_jit_and_vmap(rng: np.random.Generator):
    a = RADIUS + rng.uniform(200e3, 2000e3, 50)

    def f(a):
        return orbits.sun_synchronous_inclination(MU, RADIUS, J2, a, TROPICAL_YEAR)

    # fused arithmetic may differ in the last bits
    np.testing.assert_allclose(jax.jit(f)(a), f(a), rtol=1e-14)
    np.testing.assert_allclose(jax.vmap(f)(a), [float(f(x)) for x in a], rtol=1e-14)


def test_bad_input_is_nan():
    bad = [
        orbits.circular_speed(MU, -1.0),
        orbits.escape_speed(MU, -1.0),
        orbits.vis_viva(MU, 3.0, 1.0),
        orbits.vis_viva(MU, -3.0, 1.0),
        orbits.speed_from_v_infinity(MU, -1.0, 1e9),
        orbits.period(MU, -1.0),
        orbits.nodal_precession(MU, RADIUS, J2, -1.0, 0.0, 1.0),
        orbits.sun_synchronous_inclination(MU, RADIUS, J2, RADIUS + 6000e3, TROPICAL_YEAR),
        orbits.launch_azimuth(0.3, 0.5),
        orbits.launch_speed(7800.0, 0.3, 0.5, 400.0),
        orbits.circular_speed(np.nan, 1.0),
    ]
    assert np.isnan(jnp.stack(bad)).all()
