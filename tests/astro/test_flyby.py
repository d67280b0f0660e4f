"""Flybys: a textbook example, conservation laws, an integrated hyperbola, an independent root, derivatives."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from astro_logistics.astro import flyby

MU_VENUS = 324_900e9  # Curtis, table A.2
MU_EARTH = 398600.435436e9
V_VENUS = np.array([35.02e3, 0.0, 0.0])
V_BEFORE = np.array([37.51e3, 2.782e3, 0.0])
R_VENUS = 6052e3


def random_directions(rng: np.random.Generator, n: int) -> np.ndarray:
    v = rng.normal(size=(n, 3))
    return v / np.linalg.norm(v, axis=-1, keepdims=True)


def test_curtis_venus_flyby():
    # Curtis (3rd ed.), example 8.6: periapsis 300 km above Venus, turn 103.6 degrees, dark side and sunlit side
    speed = np.linalg.norm(V_BEFORE - V_VENUS)
    turn = flyby.turn_angle(MU_VENUS, R_VENUS + 300e3, speed)
    assert float(np.degrees(turn)) == pytest.approx(103.6, abs=0.05)  # printed digits
    for angle, after in [(0.0, [31.73, 1.766, 0.0]), (np.pi, [37.14, -3.074, 0.0])]:
        v = flyby.unpowered(MU_VENUS, V_VENUS, V_BEFORE, R_VENUS + 300e3, angle)
        # printed to 10 m/s and 1 m/s, from inputs printed to 10 m/s: one unit of the coarser digit
        np.testing.assert_allclose(v / 1e3, after, rtol=0, atol=1e-2)


def test_unpowered_keeps_the_excess_speed_and_turns_by_the_angle(rng: np.random.Generator):
    n = 5000
    v_body = 3e4 * rng.normal(size=(n, 3))
    excess = random_directions(rng, n) * 10 ** rng.uniform(2, 5, (n, 1))
    r = 10 ** rng.uniform(6, 9, n)
    v = flyby.unpowered(MU_EARTH, v_body, v_body + excess, r, rng.uniform(-np.pi, np.pi, n)) - v_body
    before, after = np.linalg.norm(excess, axis=-1), np.linalg.norm(v, axis=-1)
    # the excess is a difference of velocities of 5e4 m/s: their rounding of 1e-11 m/s over 100 m/s
    np.testing.assert_allclose(after, before, rtol=1e-12)
    turned = np.arctan2(np.linalg.norm(np.cross(excess, v), axis=-1), np.sum(excess * v, axis=-1))
    expected = flyby.turn_angle(MU_EARTH, r, before)
    np.testing.assert_allclose(turned, expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(flyby.periapsis_for_turn(MU_EARTH, before, expected), r, rtol=1e-8)  # near pi: 1e-8


def test_b_plane_axes_are_right_handed_and_square(rng: np.random.Generator):
    v, pole = random_directions(rng, 1000) * 5e3, random_directions(rng, 1000)
    axes = np.stack(flyby.b_plane(v, pole), axis=-2)
    np.testing.assert_allclose(axes @ np.swapaxes(axes, -1, -2), np.broadcast_to(np.eye(3), (1000, 3, 3)), atol=1e-13)
    np.testing.assert_allclose(np.linalg.det(axes), 1.0, atol=1e-13)
    np.testing.assert_allclose(np.sum(axes[:, 1] * pole, axis=-1), 0.0, atol=1e-13)


def test_integrated_hyperbola_aimed_in_the_b_plane():
    # scipy flies in along the asymptote that the B-plane names; the patched conic is the limit of a distant start
    v_body, excess = np.array([2e4, -1e4, 3e3]), np.array([4e3, 3e3, -2e3])
    r_p, theta = 8000e3, 0.7
    speed = np.linalg.norm(excess)
    s, t, r = (np.asarray(x) for x in flyby.b_plane(excess))
    aim = float(flyby.aiming_radius(MU_EARTH, r_p, speed)) * (np.cos(theta) * t + np.sin(theta) * r)
    far = 3e12  # mu / (far v^2) = 5e-6 of the speed is still missing there
    duration = 2.0 * far / speed

    def acceleration(_, y):
        return np.concatenate([y[3:], -MU_EARTH * y[:3] / np.linalg.norm(y[:3]) ** 3])

    fall = np.sqrt(speed**2 + 2 * MU_EARTH / far)
    start = np.concatenate([aim - far * s, fall * s])
    path = solve_ivp(acceleration, (0.0, duration), start, "DOP853", rtol=1e-12, atol=1e-3, dense_output=False)
    out = path.y[3:, -1]
    expected = flyby.unpowered(MU_EARTH, v_body, v_body + excess, r_p, theta) - v_body
    np.testing.assert_allclose(out / np.linalg.norm(out), expected / speed, rtol=0, atol=2e-5)  # the finite distance
    # and the start of that path has the periapsis asked for
    h, energy = np.linalg.norm(np.cross(start[:3], start[3:])), 0.5 * fall**2 - MU_EARTH / np.linalg.norm(start[:3])
    e = np.sqrt(1 + 2 * energy * h**2 / MU_EARTH**2)
    assert h**2 / MU_EARTH / (1 + e) == pytest.approx(r_p, rel=1e-5)


def test_powered_against_brentq(rng: np.random.Generator):
    n = 300
    v_in = random_directions(rng, n) * 10 ** rng.uniform(2.5, 4.5, (n, 1))
    v_out = random_directions(rng, n) * 10 ** rng.uniform(2.5, 4.5, (n, 1))
    found = flyby.powered(MU_EARTH, v_in, v_out)
    assert np.asarray(found.converged).all()
    for k in range(n):
        a, b = np.linalg.norm(v_in[k]), np.linalg.norm(v_out[k])
        delta = np.arccos(v_in[k] @ v_out[k] / (a * b))

        def miss(log_r, a=a, b=b, delta=delta):
            r = np.exp(log_r)
            return np.arcsin(1 / (1 + r * a * a / MU_EARTH)) + np.arcsin(1 / (1 + r * b * b / MU_EARTH)) - delta

        r = np.exp(brentq(miss, 0.0, 40.0, xtol=1e-14))
        assert float(found.r_periapsis[k]) == pytest.approx(r, rel=1e-6)  # arcsin near 1 keeps half the digits
        dv = abs(np.sqrt(b * b + 2 * MU_EARTH / r) - np.sqrt(a * a + 2 * MU_EARTH / r))
        assert float(found.dv[k]) == pytest.approx(dv, rel=1e-6, abs=1e-9)


def test_powered_over_the_whole_range(rng: np.random.Generator):
    # speeds apart by up to a factor of 1e4, turns from 1e-6 to pi - 1e-3: the two half turns add up
    n = 20000
    a, b = 10 ** rng.uniform(0, 4, n), 10 ** rng.uniform(0, 4, n)
    turn = np.where(rng.random(n) < 0.5, 10 ** rng.uniform(-6, 0, n), np.pi - 10 ** rng.uniform(-3, 0, n))
    v_in = a[:, None] * np.array([1.0, 0.0, 0.0])
    v_out = b[:, None] * np.stack([np.cos(turn), np.sin(turn), np.zeros(n)], axis=-1)
    found = flyby.powered(MU_EARTH, v_in, v_out)
    assert np.asarray(found.converged).all()
    np.testing.assert_allclose(found.turn, turn, rtol=1e-10)  # cos and sin round the direction to 1e-16
    halves = 0.5 * (flyby.turn_angle(MU_EARTH, found.r_periapsis, a) + flyby.turn_angle(MU_EARTH, found.r_periapsis, b))
    np.testing.assert_allclose(halves, turn, rtol=0, atol=2e-12)  # the tolerance of `converged`, twice
    # no more than the whole difference of the speeds, and it grows deeper in the well never
    assert (np.asarray(found.dv) <= np.abs(a - b) * (1 + 1e-12)).all()


def test_powered_of_equal_speeds_is_unpowered(rng: np.random.Generator):
    n = 2000
    excess = random_directions(rng, n) * 10 ** rng.uniform(3, 4, (n, 1))
    r = 10 ** rng.uniform(6.8, 8, n)
    after = flyby.unpowered(MU_EARTH, np.zeros(3), excess, r, rng.uniform(-np.pi, np.pi, n))
    found = flyby.powered(MU_EARTH, excess, after)
    np.testing.assert_allclose(found.r_periapsis, r, rtol=1e-9)  # a rounding of 1e-16 in turns down to 1e-2 rad
    np.testing.assert_allclose(found.dv, 0.0, atol=1e-10)  # rounding of the outgoing speed, 1e-12 of 1e4 m/s
    reverse = flyby.powered(MU_EARTH, after, excess)
    np.testing.assert_allclose(reverse.r_periapsis, found.r_periapsis, rtol=1e-9)


@pytest.mark.slow
def test_derivatives(second_order):
    def of_radius(mu, r, v, turn):
        return flyby.turn_angle(mu, r, v), flyby.aiming_radius(mu, r, v), flyby.periapsis_for_turn(mu, v, turn)

    second_order(of_radius, 1.3, 0.8, 1.7, 0.9)
    v_body, v_in = jnp.array([1.0, -0.4, 0.2]), jnp.array([1.9, 0.5, -0.1])
    second_order(flyby.unpowered, 1.3, v_body, v_in, 0.8, 0.6)

    def figures(mu, a, b):
        found = flyby.powered(mu, a, b)
        return found.r_periapsis, found.dv, found.turn

    second_order(figures, 1.3, jnp.array([1.0, 0.2, -0.3]), jnp.array([0.3, 1.4, 0.4]))
    gradient = jax.grad(lambda v: flyby.powered(1.0, v, jnp.array([0.0, 1.0, 0.0])).dv)(jnp.array([1.0, 0.0, 0.0]))
    assert np.isfinite(gradient).all()  # equal speeds: the magnitude has a corner there


def test_jit_vmap_and_loop_agree(rng: np.random.Generator):
    v_in, v_out = 5e3 * random_directions(rng, 20), 7e3 * random_directions(rng, 20)

    def f(a, b):
        found = flyby.powered(MU_EARTH, a, b)
        return jnp.stack([found.r_periapsis / 1e6, found.dv])

    eager = f(v_in, v_out)
    np.testing.assert_allclose(jax.jit(f)(v_in, v_out), eager, rtol=1e-11)  # the root's own tolerance
    np.testing.assert_allclose(jax.vmap(f)(v_in, v_out).T, eager, rtol=1e-11)
    np.testing.assert_allclose(np.stack([f(a, b) for a, b in zip(v_in, v_out, strict=True)]).T, eager, rtol=1e-11)


def test_bad_input_is_nan():
    x, y = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    nan = np.array([np.nan, 1.0, 0.0])
    for mu, a, b in [(1.0, x, x), (1.0, x, -x), (-1.0, x, y), (0.0, x, y), (1.0, 0.0 * x, y), (1.0, nan, y)]:
        found = flyby.powered(mu, a, b)
        assert not bool(found.converged)
        assert np.isnan(found.dv)
        assert np.isnan(found.r_periapsis)
    bad = [
        flyby.turn_angle(*args) for args in [(-1.0, 1.0, 1.0), (1.0, -1.0, 1.0), (1.0, 1.0, 0.0), (np.nan, 1.0, 1.0)]
    ]
    bad += [flyby.periapsis_for_turn(1.0, 1.0, turn) for turn in (-0.1, np.pi, 4.0)]
    bad += [
        flyby.unpowered(1.0, x, x, 1.0, 0.0)[0],
        flyby.unpowered(1.0, np.zeros(3), flyby.POLE, 1.0, 0.0)[0],
    ]
    assert np.isnan(jnp.stack(bad)).all()
    assert np.isinf(flyby.periapsis_for_turn(1.0, 1.0, 0.0))
    # a gradient taken beside a case that cannot be solved is not spoilt by it
    pair = jnp.stack([jnp.asarray(x), jnp.asarray(x)])
    out = jnp.stack([jnp.asarray(y), jnp.asarray(x)])
    assert np.isfinite(jax.grad(lambda a: flyby.powered(1.0, a, out).dv[0])(pair)[0]).all()
