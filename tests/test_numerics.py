"""AD-safe roots and lengths, smooth minimum, root finding with implicit derivatives, quadrature."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads
from scipy.optimize import brentq

from astro_logistics import numerics

ROUNDING = 1e-14
"""A few operations in float64."""

FINITE = 1e-4
"""check_grads compares with finite differences; second order is good to about 1e-5."""


# ---- square root and length


def test_safe_sqrt_is_exact(rng: np.random.Generator):
    x = np.concatenate([[0.0], 10.0 ** rng.uniform(-300, 300, 10_000)])
    assert np.array_equal(numerics.safe_sqrt(x), np.sqrt(x))
    assert np.isnan(numerics.safe_sqrt(-1.0))
    assert np.isnan(numerics.safe_sqrt(np.nan))


@pytest.mark.parametrize("diff", [jax.jacfwd, jax.jacrev])
def test_safe_sqrt_derivatives(diff):
    assert float(diff(numerics.safe_sqrt)(0.0)) == 0.0
    assert float(diff(diff(numerics.safe_sqrt))(0.0)) == 0.0
    assert float(diff(numerics.safe_sqrt)(4.0)) == pytest.approx(0.25, rel=ROUNDING)
    assert float(diff(diff(numerics.safe_sqrt))(4.0)) == pytest.approx(-1 / 32, rel=ROUNDING)


def test_norm(rng: np.random.Generator):
    v = rng.normal(size=(1000, 3)) * 10.0 ** rng.uniform(-100, 100, (1000, 1))
    np.testing.assert_allclose(numerics.norm(v), np.linalg.norm(v, axis=-1), rtol=ROUNDING)
    assert numerics.norm(v, axis=0).shape == (3,)
    assert numerics.norm(v, keepdims=True).shape == (1000, 1)
    np.testing.assert_allclose(numerics.norm(numerics.unit(v)), 1.0, rtol=ROUNDING)
    assert np.all(np.isnan(numerics.unit(np.zeros(3))))


def test_norm_derivatives(rng: np.random.Generator):
    v = rng.normal(size=3)
    gradient = jax.grad(numerics.norm)(v)
    np.testing.assert_allclose(gradient, v / np.linalg.norm(v), rtol=ROUNDING)
    assert np.array_equal(jax.grad(numerics.norm)(np.zeros(3)), np.zeros(3))
    assert np.all(np.isfinite(jax.hessian(numerics.norm)(np.zeros(3))))
    check_grads(numerics.norm, (v,), order=2, modes=("fwd", "rev"), rtol=FINITE)
    check_grads(numerics.unit, (v,), order=2, modes=("fwd", "rev"), rtol=FINITE)


# ---- smooth minimum


def test_smooth_minimum_bounds(rng: np.random.Generator):
    for n, sharpness in ((2, 16.0), (3, 16.0), (5, 4.0)):
        v = 10.0 ** rng.uniform(-3, 3, (10_000, n))
        got = np.asarray(numerics.smooth_minimum([v[:, i] for i in range(n)], sharpness))
        low = v.min(axis=1)
        assert np.all(got <= low * (1 + ROUNDING))
        assert np.all(got >= low * n ** (-1 / sharpness) * (1 - ROUNDING))
        np.testing.assert_allclose(got, (v**-sharpness).sum(axis=1) ** (-1 / sharpness), rtol=1e-12)  # pow of 1e3^16


def test_smooth_minimum_as_documented():
    assert 1 - float(numerics.smooth_minimum([1.0, 1.0])) == pytest.approx(0.042, abs=5e-4)  # "4.2 %", printed digits
    # one twice the other: 2^-16 / 16 below
    assert 1 - float(numerics.smooth_minimum([1.0, 2.0])) == pytest.approx(2.0**-16 / 16, rel=1e-4)  # first order in it
    assert float(numerics.smooth_minimum([3.0, np.inf])) == pytest.approx(3.0, rel=ROUNDING)


def test_smooth_minimum_scales_and_broadcasts(rng: np.random.Generator):
    a, b = 10.0 ** rng.uniform(-2, 2, (2, 1000))
    for scale in (1e-200, 1e200):  # no overflow of the 16th power
        np.testing.assert_allclose(
            numerics.smooth_minimum([a * scale, b * scale]),
            numerics.smooth_minimum([a, b]) * scale,
            rtol=1e-13,  # exp of a logarithm near 460: 460 roundings
        )
    assert numerics.smooth_minimum([1.0, a]).shape == (1000,)


def test_smooth_minimum_derivatives(rng: np.random.Generator):
    def f(v):
        return numerics.smooth_minimum([v[0], v[1], v[2]])

    v = rng.uniform(1.0, 1.3, 3)
    check_grads(f, (v,), order=2, modes=("fwd", "rev"), rtol=FINITE)
    # homogeneous of degree one: v . grad = value
    assert float(v @ jax.grad(f)(v)) == pytest.approx(float(f(v)), rel=1e-13)
    gradient = jax.grad(lambda x: numerics.smooth_minimum([x, jnp.inf]))(2.0)
    assert float(gradient) == pytest.approx(1.0, rel=ROUNDING)


@pytest.mark.parametrize("bad", [-1.0, np.nan])
def test_smooth_minimum_of_bad_values_is_nan(bad: float):
    assert np.isnan(numerics.smooth_minimum([1.0, bad]))


# ---- root


def cube_root(c):
    return numerics.root(lambda x: x**3 - c, -100.0, 100.0)


def kepler(mean, e):
    return numerics.root(lambda x: x - e * jnp.sin(x) - mean, 0.0, 2.0 * jnp.pi * jnp.ones_like(mean))


def test_root_values(rng: np.random.Generator):
    c = rng.uniform(-1e6, 1e6, 5000)
    np.testing.assert_allclose(jax.jit(cube_root)(c), np.cbrt(c), rtol=1e-13)
    assert float(numerics.root(lambda x: 5.0 - x, 0.0, 100.0)) == 5.0  # falling


def test_root_against_brentq(rng: np.random.Generator):
    mean, e = rng.uniform(0.0, 2 * np.pi, 300), rng.uniform(0.0, 0.99, 300)
    expected = [
        brentq(lambda x, m=m, k=k: x - k * np.sin(x) - m, 0.0, 2 * np.pi, xtol=1e-14)
        for m, k in zip(mean, e, strict=True)
    ]
    # near periapsis at e = 0.99 the slope is 0.01: residual rounding 1e-15 is 1e-13 in x
    np.testing.assert_allclose(jax.jit(kepler)(mean, e), expected, rtol=0, atol=1e-12)


def test_root_on_hard_functions():
    # Newton from the middle diverges on arctan, stalls on a flat exponential, and cannot start on a kink-free step
    assert float(numerics.root(lambda x: jnp.arctan(x - 1.0), -1e3, 5e3)) == pytest.approx(1.0, abs=1e-12)
    assert float(numerics.root(lambda x: jnp.exp(x) - 1e-8, -50.0, 50.0)) == pytest.approx(np.log(1e-8), rel=1e-12)
    assert float(numerics.root(lambda x: jnp.tanh(30.0 * (x - 0.9)), 0.0, 1.0)) == pytest.approx(0.9, abs=1e-14)
    # a zero at an end of the bracket, and one found at the first step
    assert float(numerics.root(lambda x: x, 0.0, 1.0)) == 0.0
    assert float(numerics.root(lambda x: x - 1.0, 0.0, 1.0)) == 1.0
    assert float(numerics.root(lambda x: x - 0.5, 0.0, 1.0)) == 0.5


def test_root_without_sign_change_is_nan():
    assert np.isnan(numerics.root(lambda x: x**2 + 1.0, -1.0, 1.0))
    assert np.isnan(numerics.root(lambda x: x, 1.0, 2.0))
    assert np.isnan(cube_root(np.nan))
    got = numerics.root(lambda x: x**2 - jnp.asarray([0.25, 4.0]), 0.0, jnp.ones(2))
    assert float(got[0]) == 0.5  # a neighbour without a root does no harm
    assert np.isnan(got[1])


@pytest.mark.parametrize("first", [jax.jacfwd, jax.jacrev])
@pytest.mark.parametrize("second", [jax.jacfwd, jax.jacrev])
def test_root_derivatives_are_exact(first, second):
    c = 7.0
    assert float(first(cube_root)(c)) == pytest.approx(c ** (-2 / 3) / 3, rel=1e-13)
    assert float(second(first(cube_root))(c)) == pytest.approx(-2 / 9 * c ** (-5 / 3), rel=1e-13)
    assert float(second(first(jax.grad(cube_root)))(c)) == pytest.approx(10 / 27 * c ** (-8 / 3), rel=1e-13)


def test_root_check_grads(rng: np.random.Generator):
    mean, e = rng.uniform(0.5, 5.5, 4), rng.uniform(0.0, 0.6, 4)
    check_grads(jax.jit(kepler), (mean, e), order=2, modes=("fwd", "rev"), rtol=FINITE)


def test_root_derivative_is_not_unrolled():
    # two steps leave the value wrong by much; the implicit derivative at that point is still 1 / f'(x)
    def f(c):
        return numerics.root(lambda x: x**3 - c, 0.0, 100.0, iterations=2)

    x, slope = float(f(7.0)), float(jax.grad(f)(7.0))
    assert abs(x - 7.0 ** (1 / 3)) > 1.0
    assert slope == pytest.approx(1 / (3 * x**2), rel=1e-13)


def test_root_jit_and_vmap(rng: np.random.Generator):
    mean, e = rng.uniform(0.0, 6.0, 50), rng.uniform(0.0, 0.9, 50)
    together = np.asarray(kepler(mean, e))
    np.testing.assert_allclose(jax.jit(kepler)(mean, e), together, rtol=1e-14, atol=1e-14)  # fused multiply-adds
    np.testing.assert_allclose(jax.vmap(kepler)(mean, e), together, rtol=1e-14, atol=1e-14)
    loop = [float(kepler(m, k)) for m, k in zip(mean[:5], e[:5], strict=True)]
    np.testing.assert_allclose(loop, together[:5], rtol=1e-14, atol=1e-14)


# ---- quadrature


@pytest.mark.parametrize("n", [1, 2, 5, 16])
def test_gauss_legendre_is_exact_to_degree(n: int):
    x, w = numerics.gauss_legendre(n)
    assert np.all((np.asarray(x) > 0.0) & (np.asarray(x) < 1.0))
    for degree in range(2 * n):
        assert float(np.sum(np.asarray(w) * np.asarray(x) ** degree)) == pytest.approx(1 / (degree + 1), rel=1e-14)
    # and not one degree further: the leading error is (n!)^4 / ((2n + 1) (2n)!^2)
    error = 1 / (2 * n + 1) - float(jnp.sum(w * x ** (2 * n)))
    if n <= 5:  # below rounding beyond
        fact = np.prod(np.arange(1.0, n + 1)) ** 4 / ((2 * n + 1) * np.prod(np.arange(1.0, 2 * n + 1)) ** 2)
        assert error == pytest.approx(fact, rel=1e-6)  # rounding 1e-16 of an error of 1e-7 or more


def test_gauss_legendre_integrates_a_smooth_function():
    x, w = numerics.gauss_legendre(12)
    assert float(jnp.sum(w * jnp.exp(x))) == pytest.approx(np.e - 1, rel=1e-15)


# ---- one program for alike trees


def test_at_once_is_one_by_one(rng: np.random.Generator):
    trees = [{"a": x, "b": (y, x * y)} for x, y in rng.normal(size=(5, 2))]
    traced = []

    def function(tree):
        traced.append(tree)
        return jnp.sin(tree["a"]) + tree["b"][1], tree["b"][0]

    found = numerics.at_once(function, trees)
    assert len(traced) == 1
    for tree, (one, two) in zip(trees, found, strict=True):
        assert float(one) == pytest.approx(np.sin(tree["a"]) + tree["b"][1], rel=1e-15)
        assert float(two) == tree["b"][0]
    with pytest.raises(ValueError, match=r"structure|Dict key|tuple"):
        numerics.at_once(function, [trees[0], {"a": 1.0}])
