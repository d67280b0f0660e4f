"""Orbital elements against textbook numbers, each other, and the two-body integrals."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.astro import elements
from astro_logistics.astro.elements import Classical, Equinoctial

MU = 3.986004415e14


def random_states(rng: np.random.Generator, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Every kind of conic: speeds from 0.2 to 2.5 of the circular speed, all directions."""
    r = rng.normal(size=(n, 3))
    r *= (10.0 ** rng.uniform(6.8, 9, n) / np.linalg.norm(r, axis=-1))[:, None]
    v = rng.normal(size=(n, 3))
    v *= (rng.uniform(0.2, 2.5, n) / np.linalg.norm(v, axis=-1) * np.sqrt(MU / np.linalg.norm(r, axis=-1)))[:, None]
    return r, v


def test_vallado_examples_2_5_and_2_6() -> None:
    # Vallado 2013, 4th ed., example 2-5 (and 2-6, its inverse); digits as printed
    r = np.array([6524.834, 6862.875, 6448.296]) * 1e3
    v = np.array([4.901327, 5.533756, -1.976341]) * 1e3
    got = elements.classical_from_state(MU, r, v)
    assert got.p == pytest.approx(11067.790e3, abs=10)
    assert got.e == pytest.approx(0.832853, abs=1e-6)
    for angle, degrees in zip(got[2:], (87.870, 227.898, 53.38, 92.335), strict=True):
        assert np.degrees(angle) == pytest.approx(degrees, abs=5e-3)
    assert elements.semi_major_axis(got.p, got.e) == pytest.approx(36127.343e3, abs=100)
    back_r, back_v = elements.state_from_classical(
        MU, Classical(11067.790e3, 0.83285, *np.radians([87.87, 227.89, 53.38, 92.335]))
    )
    np.testing.assert_allclose(back_r, np.array([6525.344, 6861.535, 6449.125]) * 1e3, atol=200)  # inputs to 0.005 deg
    np.testing.assert_allclose(back_v, np.array([4.902276, 5.533124, -1.975709]) * 1e3, atol=0.2)


def test_curtis_example_4_3() -> None:
    # Curtis 2014, 3rd ed., example 4.3: h = 58 310 km2/s, i = 153.2, raan = 255.3, e = 0.1712, argp = 20.07, nu = 28.45
    got = elements.classical_from_state(398600e9, np.array([-6045, -3490, 2500]) * 1e3, np.array([-3457.0, 6618, 2533]))
    assert np.sqrt(got.p * 398600e9) == pytest.approx(58310e6, abs=5e6)
    assert got.e == pytest.approx(0.1712, abs=5e-5)
    for angle, degrees, digit in zip(got[2:], (153.2, 255.3, 20.07, 28.45), (0.05, 0.05, 0.005, 0.005), strict=True):
        assert np.degrees(angle) == pytest.approx(degrees, abs=digit)


def test_round_trips_of_states(rng: np.random.Generator) -> None:
    r, v = random_states(rng, 20000)
    distance, speed = np.linalg.norm(r, axis=-1, keepdims=True), np.linalg.norm(v, axis=-1, keepdims=True)
    classical = elements.classical_from_state(MU, r, v)
    equinoctial = elements.equinoctial_from_state(MU, r, v)
    assert {True, False} == set((np.asarray(classical.e) > 1).tolist())
    # A slender orbit (p << r) amplifies rounding by r / p, one near i = 180 deg by 1 / (1 + cos i).
    slender = distance[:, 0] / np.asarray(classical.p) * np.maximum(1.0, np.asarray(classical.e))
    for convert, back, worse in (
        (elements.state_from_classical, classical, np.ones(len(r))),
        (elements.state_from_equinoctial, equinoctial, 1.0 / (1.0 + np.cos(classical.i))),
        (
            elements.state_from_equinoctial,
            elements.equinoctial_from_classical(classical),
            1 / (1 + np.cos(classical.i)),
        ),
        (
            elements.state_from_classical,
            elements.classical_from_equinoctial(equinoctial),
            1 / (1 + np.cos(classical.i)),
        ),
    ):
        got_r, got_v = convert(MU, back)
        limit = 2e-15 * slender * worse + 4e-15
        assert np.all(np.linalg.norm(got_r - r, axis=-1) / distance[:, 0] < limit)
        assert np.all(np.linalg.norm(got_v - v, axis=-1) / speed[:, 0] < limit * 3.0 * np.sqrt(slender))


def test_energy_and_momentum(rng: np.random.Generator) -> None:
    r, v = random_states(rng, 5000)
    classical = elements.classical_from_state(MU, r, v)
    energy = np.sum(v * v, axis=-1) / 2 - MU / np.linalg.norm(r, axis=-1)
    a = np.asarray(elements.semi_major_axis(classical.p, classical.e))
    scale = MU / np.linalg.norm(r, axis=-1)
    # -mu / 2a against v^2/2 - mu/r: 1 - e^2 cancels near the parabola, so relative to mu / r times r / p
    worst = (
        1e-14
        * scale
        * (1.0 + np.linalg.norm(r, axis=-1) / np.asarray(classical.p))
        * (1.0 + np.asarray(classical.e) ** 2)
    )
    assert np.all(np.abs(-MU / (2 * a) - energy) < worst)
    np.testing.assert_allclose(elements.semi_latus_rectum(a, classical.e), classical.p, rtol=1e-15)


def test_conventions_of_degenerate_orbits() -> None:
    # mu = 4^2 x 7: the circular speed is exactly 4, so that the circle is exact
    flat_circle = elements.classical_from_state(112.0, np.array([0.0, 7.0, 0.0]), np.array([-4.0, 0.0, 0.0]))
    np.testing.assert_allclose(flat_circle[1:], [0, 0, 0, 0, np.pi / 2], atol=1e-15)
    speed = float(np.sqrt(MU / 7e6))
    retrograde = elements.classical_from_state(MU, np.array([0.0, 7e6, 0.0]), np.array([1.2 * speed, 0.0, 0.0]))
    np.testing.assert_allclose(retrograde.i, np.pi, atol=1e-15)
    r, v = elements.state_from_classical(MU, retrograde)
    np.testing.assert_allclose(r, [0.0, 7e6, 0.0], atol=1e-8)
    np.testing.assert_allclose(v, [1.2 * speed, 0.0, 0.0], atol=1e-11)
    parabola = Classical(2e7, 1.0, 0.4, 1.0, 2.0, 2.5)
    r, v = elements.state_from_classical(MU, parabola)
    assert np.sum(v * v) / 2 == pytest.approx(MU / np.linalg.norm(r), rel=1e-14)
    np.testing.assert_allclose(elements.classical_from_state(MU, r, v), parabola, rtol=1e-13)
    plane = elements.classical_from_equinoctial(Equinoctial(7e6, 0.0, 0.0, 0.0, 0.0, 1.0))
    np.testing.assert_allclose(plane, [7e6, 0, 0, 0, 0, 1.0], atol=1e-15)


@pytest.mark.slow
def test_derivatives(second_order: Callable[..., None]) -> None:
    # canonical units (mu = 1) so that one step size fits every argument; an ellipse, a hyperbola
    def every_conversion(r: jax.Array, v: jax.Array) -> tuple[jax.Array, ...]:
        classical = elements.classical_from_state(1.0, r, v)
        equinoctial = elements.equinoctial_from_classical(classical)
        again = elements.classical_from_equinoctial(equinoctial)
        r2, v2 = elements.state_from_classical(1.0, again)
        return *classical, *equinoctial, jnp.sin(r2 + v2)

    r, v = jnp.asarray([[1.0, 0.2, -0.3], [0.5, -1.0, 0.4]]), jnp.asarray([[-0.1, 0.9, 0.2], [1.1, 0.6, 0.9]])
    second_order(every_conversion, r, v)

    # equinoctial elements are smooth on a circle in the reference plane, where classical ones are not
    def there_and_back(r: jax.Array, v: jax.Array) -> tuple[jax.Array, ...]:
        equinoctial = elements.equinoctial_from_state(1.0, r, v)
        return *equinoctial, *elements.state_from_equinoctial(1.0, equinoctial)

    circle = (jnp.asarray([0.6, 0.8, 0.0]), jnp.asarray([-0.8, 0.6, 0.0]))
    second_order(there_and_back, *circle)


def test_jit_vmap_and_broadcasting(rng: np.random.Generator) -> None:
    r, v = random_states(rng, 12)
    whole = elements.classical_from_state(MU, r, v)
    jitted = jax.jit(elements.classical_from_state)(MU, r, v)
    mapped = jax.vmap(elements.classical_from_state, in_axes=(None, 0, 0))(MU, r, v)
    for a, b, c in zip(whole, jitted, mapped, strict=True):
        np.testing.assert_allclose(b, a, rtol=1e-12)
        np.testing.assert_allclose(c, a, rtol=1e-12)
    wide = elements.equinoctial_from_state(np.full((4, 1), MU), r, v)
    assert all(x.shape == (4, 12) for x in wide)
    assert elements.state_from_equinoctial(MU, wide)[0].shape == (4, 12, 3)


def test_bad_input_is_nan() -> None:
    straight = elements.classical_from_state(MU, np.array([7e6, 0.0, 0.0]), np.array([1e3, 0.0, 0.0]))
    assert np.isnan(np.asarray(straight)).all()
    assert np.isnan(np.asarray(elements.equinoctial_from_state(MU, np.ones(3), np.ones(3)))).all()
    assert np.isnan(elements.state_from_classical(MU, Classical(-1.0, 0.1, 0, 0, 0, 0))[0]).all()
    assert np.isnan(elements.state_from_classical(MU, Classical(7e6, 2.0, 0, 0, 0, 3.0))[0]).all()  # past the asymptote
    assert np.isnan(elements.state_from_classical(MU, Classical(7e6, np.nan, 0, 0, 0, 3.0))[1]).all()
    flipped = elements.equinoctial_from_state(MU, np.array([7e6, 0.0, 0.0]), np.array([0.0, -8e3, 0.0]))
    assert np.isnan(flipped.h)
    assert np.isnan(flipped.k)
