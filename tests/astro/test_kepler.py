"""Kepler propagation: a textbook case, invariants over random orbits, scipy's integrator, the hard set, derivatives."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from astro_logistics.astro.kepler import propagate, propagate_with_stm

MU_EARTH = 398_600.4418e9


def plane_state(e, anomaly, open_orbit):
    """State with mu = 1, |a| = 1 and the given eccentric (hyperbolic) anomaly; 1 - e and e - 1 given exactly in `e`."""
    if open_orbit:
        c, s, b = np.cosh(anomaly), np.sinh(anomaly), np.sqrt(e * e - 1.0)
        radius = e * c - 1.0
        r = np.stack([e - c, b * s, 0.0 * s], axis=-1)
        v = np.stack([-s, b * c, 0.0 * s], axis=-1) / radius[..., None]
    else:
        c, s, b = np.cos(anomaly), np.sin(anomaly), np.sqrt(1.0 - e * e)
        radius = 1.0 - e * c
        r = np.stack([c - e, b * s, 0.0 * s], axis=-1)
        v = np.stack([-s, b * c, 0.0 * s], axis=-1) / radius[..., None]
    return r, v


def turn(rng, n):
    """Random rotation matrices."""
    q = rng.normal(size=(n, 4))
    q /= np.linalg.norm(q, axis=1, keepdims=True)
    w, x, y, z = q.T
    return np.moveaxis(
        np.array(
            [
                [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
                [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
                [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
            ]
        ),
        -1,
        0,
    )


def test_vallado_example_2_4():
    # Vallado, Fundamentals of Astrodynamics and Applications, 4th ed., example 2-4; printed to 1e-6 km, 1e-6 km/s.
    r, v = propagate(
        MU_EARTH,
        np.array([1131.340e3, -2282.343e3, 6672.423e3]),
        np.array([-5643.05, 4303.33, 2428.79]),
        40.0 * 60.0,
    )
    np.testing.assert_allclose(r, [-4219752.7, 4363029.2, -3958766.6], atol=0.1)
    np.testing.assert_allclose(v, [3689.866, -1916.735, -6112.511], atol=1e-3)


@pytest.mark.parametrize("open_orbit", [False, True])
def test_anomaly_moves_by_keplers_equation(rng, open_orbit):
    n = 20_000
    m = turn(rng, n)
    if open_orbit:
        e, first, second = 1.0 + rng.uniform(0.05, 4.0, n), rng.uniform(-2, 2, n), rng.uniform(-2, 2, n)
        dt = (e * np.sinh(second) - second) - (e * np.sinh(first) - first)
    else:
        e, first, second = rng.uniform(0.0, 0.7, n), rng.uniform(-9, 9, n), rng.uniform(-9, 9, n)
        dt = (second - e * np.sin(second)) - (first - e * np.sin(first))
    r0, v0 = (np.einsum("nij,nj->ni", m, a) for a in plane_state(e, first, open_orbit))
    r1, v1 = (np.einsum("nij,nj->ni", m, a) for a in plane_state(e, second, open_orbit))
    r, v = propagate(1.0, r0, v0, dt)
    # rounding the state moves the energy by 1e-15, the mean anomaly by 3e-15 times 18 rad, the arrival by
    # v / r = 2.4 / 0.3 of that
    size = np.linalg.norm(r1, axis=1, keepdims=True)
    assert np.max(np.abs(np.asarray(r) - r1) / size) < 2e-12
    assert np.max(np.abs(np.asarray(v) - v1) / np.linalg.norm(v1, axis=1, keepdims=True)) < 2e-12


@pytest.mark.optimized
def test_energy_momentum_and_return(rng):
    n = 20_000
    r0 = rng.normal(size=(n, 3))
    r0 /= np.linalg.norm(r0, axis=1, keepdims=True)
    v0 = np.cross(rng.normal(size=(n, 3)), r0)
    v0 = v0 / np.linalg.norm(v0, axis=1, keepdims=True) + 0.4 * rng.uniform(-1, 1, (n, 1)) * r0
    v0 *= rng.uniform(0.8, 1.6, (n, 1))
    dt = rng.uniform(-6.0, 6.0, n)
    r, v = (np.asarray(a) for a in propagate(1.0, r0, v0, dt))

    def energy(r, v):
        return 0.5 * np.sum(v * v, axis=1) - 1.0 / np.linalg.norm(r, axis=1)

    # 1e-13: a few hundred roundings of order-one terms; the periapsis is no lower than a quarter of r0
    np.testing.assert_allclose(energy(r, v), energy(r0, v0), atol=1e-13)
    np.testing.assert_allclose(np.cross(r, v), np.cross(r0, v0), atol=1e-13)
    back, v_back = propagate(1.0, r, v, -dt)
    # the round trip carries the condition of the flow, its matrix: up to 3 |v| |dt| / r, here below 1e3
    np.testing.assert_allclose(back, r0, atol=1e-12)
    np.testing.assert_allclose(v_back, v0, atol=1e-12)


def test_thousands_of_revolutions():
    r0, v0 = plane_state(np.array(0.4), np.array(0.3), False)
    turns = np.array([1.0, 100.0, -5_000.0, 10_000.0])
    r, v = propagate(1.0, r0[None], v0[None], turns * 2.0 * np.pi)
    # rounding of dt (3.6e-12 at 10,000 turns) and of the energy (1e-16 by 3 pi turns)
    np.testing.assert_allclose(r, np.broadcast_to(r0, (4, 3)), atol=1e-10)
    np.testing.assert_allclose(v, np.broadcast_to(v0, (4, 3)), atol=1e-10)


def test_against_an_integrator(rng):
    for _ in range(6):
        r0, v0 = rng.normal(size=3), rng.normal(size=3)
        dt = rng.uniform(-4.0, 4.0)
        answer = solve_ivp(
            lambda _, y: np.concatenate([y[3:], -y[:3] / np.linalg.norm(y[:3]) ** 3]),
            (0.0, dt),
            np.concatenate([r0, v0]),
            method="DOP853",
            rtol=1e-13,
            atol=1e-13,
        ).y[:, -1]
        r, v = propagate(1.0, r0, v0, dt)
        np.testing.assert_allclose(np.concatenate([r, v]), answer, rtol=1e-9, atol=1e-9)  # the integrator's error


def barker_state(q, d):
    """Parabola with mu = 1: state and time since periapsis at tan(nu / 2) = d (Barker)."""
    radius = q * (1.0 + d * d)
    r = np.stack([q * (1.0 - d * d), 2.0 * q * d, 0.0 * d], axis=-1)
    v = np.sqrt(2.0 / q)[..., None] * np.stack([-d, 1.0 + 0.0 * d, 0.0 * d], axis=-1) / (1.0 + d * d)[..., None]
    return r, v, np.sqrt(2.0 * q**3) * (d + d**3 / 3.0), radius


def test_parabola(rng):
    n = 10_000
    q, d0, d1 = rng.uniform(0.1, 10, n), rng.uniform(-4, 4, n), rng.uniform(-4, 4, n)
    r0, v0, t0, _ = barker_state(q, d0)
    r1, v1, t1, radius = barker_state(q, d1)
    r, v = propagate(1.0, r0, v0, t1 - t0)
    # v0^2 r0 / 2 rounds by 1e-16: far out (17 q) this moves the periapsis by 17 of that, the arrival by 17 more
    assert np.max(np.linalg.norm(np.asarray(r) - r1, axis=1) / radius) < 2e-13
    assert np.max(np.linalg.norm(np.asarray(v) - v1, axis=1) / np.linalg.norm(v1, axis=1)) < 2e-13


@pytest.mark.optimized
@pytest.mark.parametrize("side", [-1.0, 1.0])
def test_near_parabolic(side):
    # |1 - e| = 1e-11: from periapsis, time by the series of Kepler's equation in alpha, solved with brentq
    small, q = 1e-11, 1.0
    alpha = side * small / q  # 1/a, positive for the ellipse
    e = 1.0 - side * small
    r0, v0 = np.array([q, 0.0, 0.0]), np.array([0.0, np.sqrt((1.0 + e) / q), 0.0])
    for dt in (1e-3, 1.0, 50.0, 1e4, 1e6):

        def time(s, alpha=alpha, dt=dt):
            u3 = s**3 / 6.0 - alpha * s**5 / 120.0 + alpha**2 * s**7 / 5040.0
            return q * s + e * u3 - dt

        s = brentq(time, 0.0, 10.0 + (6.0 * dt) ** (1 / 3) * 2.0, xtol=1e-14, rtol=1e-14)
        u1 = s - alpha * s**3 / 6.0 + alpha**2 * s**5 / 120.0
        u2 = s**2 / 2.0 - alpha * s**4 / 24.0 + alpha**2 * s**6 / 720.0
        expected = np.array([q - u2, np.sqrt(q * (1.0 + e)) * u1, 0.0])
        for sign in (1.0, -1.0):
            r, v = propagate(1.0, r0, v0, sign * dt)
            # the energy of the given state is known to 2e-16 of 1 / q; s amplifies by alpha s^2 < 1e-6
            np.testing.assert_allclose(r, expected * [1.0, sign, 1.0], atol=1e-12 * np.linalg.norm(expected))
            np.testing.assert_allclose(0.5 * v @ v - 1.0 / jnp.linalg.norm(r), -0.5 * alpha, atol=5e-16)


@pytest.mark.optimized
def test_hard_set_has_no_gap(rng):
    # e from 1 - 1e-11 to 1 + 1e4, from far in to far out: nothing NaN, and Kepler's equation holds where it is
    # well-conditioned, measured by the invariants of the arc itself (backward stability).
    n = 20_000
    e = 1.0 - 10.0 ** rng.uniform(-11, 0, n)
    anomaly, dt = rng.uniform(-3, 3, n) * 10.0 ** rng.uniform(-5, 0, n), rng.uniform(-50, 50, n)
    r0, v0 = plane_state(e, anomaly, False)
    r, v = propagate(1.0, r0, v0, dt)
    assert np.all(np.isfinite(r))
    assert np.all(np.isfinite(v))
    e = 1.0 + 10.0 ** rng.uniform(-11, 4, n)
    r0, v0 = plane_state(e, rng.uniform(-6, 6, n) * 10.0 ** rng.uniform(-5, 0, n), True)
    dt = e * 10.0 ** rng.uniform(-6, 5, n) * rng.choice([-1, 1], n)
    r, v = propagate(1.0, r0, v0, dt)
    assert np.all(np.isfinite(r))
    assert np.all(np.isfinite(v))
    h0, h1 = np.cross(r0, v0)[:, 2], np.cross(r, v)[:, 2]
    scale = np.linalg.norm(r, axis=1) * np.linalg.norm(v, axis=1)
    scale = np.maximum(scale, np.linalg.norm(r0, axis=1) * np.linalg.norm(v0, axis=1))
    # rounding times the Lagrange coefficients, which reach 1e6 on near-rectilinear passages
    assert np.max(np.abs(h1 - h0) / scale) < 1e-9


def test_stm_is_the_derivative_and_symplectic(rng):
    n = 200
    r0 = rng.normal(size=(n, 3))
    r0 /= np.linalg.norm(r0, axis=1, keepdims=True)
    v0 = np.cross(rng.normal(size=(n, 3)), r0)
    v0 *= (rng.uniform(0.6, 1.8, n) / np.linalg.norm(v0, axis=1))[:, None]
    dt = rng.uniform(-30.0, 30.0, n)  # several revolutions
    r, v, stm = (np.asarray(a) for a in propagate_with_stm(1.0, r0, v0, dt))
    same_r, same_v = propagate(1.0, r0, v0, dt)
    np.testing.assert_allclose(r, same_r, rtol=1e-12, atol=1e-12)  # the same formulas, compiled apart
    np.testing.assert_allclose(v, same_v, rtol=1e-12, atol=1e-12)

    def flow(y, dt):
        return jnp.concatenate(propagate(1.0, y[:3], y[3:], dt))

    automatic = jax.vmap(jax.jacfwd(flow))(np.concatenate([r0, v0], axis=1), dt)
    size = np.max(np.abs(stm), axis=(1, 2), keepdims=True)
    # both are exact to rounding, amplified by the largest element of the transition itself
    assert np.max(np.abs(stm - automatic) / size**2) < 1e-13
    j = np.block([[np.zeros((3, 3)), np.eye(3)], [-np.eye(3), np.zeros((3, 3))]])
    assert np.max(np.abs(np.swapaxes(stm, 1, 2) @ j @ np.asarray(stm) - j) / size**2) < 1e-13


@pytest.mark.parametrize("speed", [0.9, np.sqrt(2.0), 1.7])
def test_first_derivative_to_1e_9(speed):
    # sixth-order central differences, step 2e-3: truncation (2e-3)^6 = 6e-17 by the seventh derivative, rounding
    # 1e-16 / 2e-3 = 5e-14
    y = np.array([1.0, 0.1, -0.2, 0.05, speed, 0.1, 1.3])

    def flow(y):
        return jnp.concatenate(propagate(1.0, y[:3], y[3:6], y[6]))

    exact = jax.jacfwd(flow)(y)
    step = 2e-3
    weights = {1: 3 / 4, 2: -3 / 20, 3: 1 / 60}
    for k in range(7):
        d = np.zeros(7)
        d[k] = step
        column = sum(w * (flow(y + m * d) - flow(y - m * d)) for m, w in weights.items()) / step
        np.testing.assert_allclose(exact[:, k], column, atol=1e-9)


@pytest.mark.slow
def test_gradients_to_second_order(second_order):
    speeds = (0.9, np.sqrt(2.0), 1.7)  # ellipse, nearly a parabola, hyperbola
    r = jnp.array([[1.0, 0.1, -0.2]] * 3)
    v = jnp.array([[0.05, speed, 0.1] for speed in speeds])
    second_order(propagate, jnp.ones(3), r, v, jnp.full(3, 1.3))


def test_derivative_counts_whole_revolutions():
    # d r / d a after n revolutions grows as 3 pi n a: the removed periods must not be lost from the derivative
    r0, v0 = plane_state(np.array(0.2), np.array(0.0), False)
    dt = 20.0 * np.pi

    def far(speed):
        return propagate(1.0, r0, speed * v0, dt)[0]

    exact = jax.jacfwd(far)(1.0)
    h = 1e-4
    difference = (8.0 * (far(1 + h) - far(1 - h)) - (far(1 + 2 * h) - far(1 - 2 * h))) / (12.0 * h)
    np.testing.assert_allclose(exact, difference, rtol=1e-6, atol=1e-4)  # fourth-order, 5th derivative ~ (200)^5
    assert np.linalg.norm(exact) > 50.0


def test_jit_vmap_and_broadcasting(rng):
    r, v = rng.normal(size=(4, 5, 3)), rng.normal(size=(4, 5, 3))
    dt = rng.uniform(0, 2, size=(5,))
    answer = propagate(1.0, r, v, dt)
    assert answer[0].shape == (4, 5, 3)
    with jax.disable_jit():
        eager = propagate(1.0, r[0, 0], v[0, 0], dt[0])
    mapped = jax.vmap(lambda r, v: jax.vmap(lambda r, v, t: propagate(1.0, r, v, t))(r, v, dt))(r, v)
    for a, b, c in zip(answer, mapped, eager, strict=True):
        # the same arithmetic, grouped differently by the compiler; amplified by the condition of each case
        np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-11)
        np.testing.assert_allclose(a[0, 0], c, rtol=1e-11, atol=1e-11)
    np.testing.assert_array_equal(propagate(1.0, r, v, 0.0)[0], r)


@pytest.mark.parametrize(
    ("mu", "r", "v", "dt"),
    [
        (1.0, [0.0, 0.0, 0.0], [0.0, 1.0, 0.0], 1.0),
        (1.0, [1.0, 0.0, np.nan], [0.0, 1.0, 0.0], 1.0),
        (1.0, [1.0, 0.0, 0.0], [0.0, np.inf, 0.0], 1.0),
        (1.0, [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], np.inf),
        (-1.0, [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], 1.0),
    ],
)
def test_bad_numbers_give_nan(mu, r, v, dt):
    good_r, good_v = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    out_r, out_v = propagate(np.array([mu, 1.0]), np.array([r, good_r]), np.array([v, good_v]), np.array([dt, 1.0]))
    assert np.all(np.isnan(out_r[0]))
    assert np.all(np.isnan(out_v[0]))
    np.testing.assert_allclose(out_r[1], [np.cos(1.0), np.sin(1.0), 0.0], atol=1e-15)  # the neighbor is unharmed
