import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads
from scipy.integrate import dblquad
from scipy.special import i0e
from scipy.stats import maxwell, rayleigh

from astro_logistics.astro import dispersion


def test_rayleigh_and_maxwell():
    x = np.linspace(0.1, 6.0, 60)
    # closed forms: rounding
    np.testing.assert_allclose(dispersion.probability_within(np.ones(2), x), rayleigh.cdf(x), rtol=0, atol=1e-13)
    np.testing.assert_allclose(dispersion.probability_within(np.ones(3), x), maxwell.cdf(x), rtol=0, atol=1e-13)


def test_hoyt_density_integrated(rng):
    """Hoyt's density (1947): 2 x / (1 + q^2)... in its form with the Bessel function, integrated by quadrature."""
    for q in (0.05, 0.3, 0.8):
        a, b = 0.25 * (1.0 + 1.0 / q**2), 0.25 * (1.0 / q**2 - 1.0)
        x = np.linspace(0.0, 2.0, 20001)
        density = x / q * np.exp((b - a) * x * x) * i0e(b * x * x)
        total = np.trapezoid(density, x)
        found = dispersion.probability_within(jnp.asarray([1.0, q]), 2.0)
        np.testing.assert_allclose(found, total, rtol=0, atol=2e-8)  # the trapezoid rule's error


def test_a_box_of_the_plane_by_cubature():
    s, radius = (1.0, 0.4), 1.3

    def density(y, x):
        return np.exp(-0.5 * ((x / s[0]) ** 2 + (y / s[1]) ** 2)) / (2.0 * np.pi * s[0] * s[1])

    total = dblquad(
        density, -radius, radius, lambda x: -np.sqrt(radius**2 - x * x), lambda x: np.sqrt(radius**2 - x * x)
    )
    np.testing.assert_allclose(dispersion.probability_within(jnp.asarray(s), radius), total[0], rtol=0, atol=1e-8)


def test_vanishing_spreads():
    # one spread alone: erf(2 / sqrt 2); the stated error of the mean over directions
    for sigma in ([1.0, 0.0], [0.0, 1.0, 0.0]):
        np.testing.assert_allclose(
            dispersion.probability_within(jnp.asarray(sigma), 2.0), 0.9544997361036416, atol=1e-6
        )


def test_radius_inverts_probability(rng):
    sigma = 10.0 ** rng.uniform(-3, 6, (300, 1)) * rng.uniform(0.02, 1.0, (300, 3))
    share = rng.uniform(0.01, 0.9999, 300)
    for n in (2, 3):
        radius = dispersion.radius_for(sigma[:, :n], share)
        np.testing.assert_allclose(
            dispersion.probability_within(sigma[:, :n], radius), share, rtol=0, atol=1e-11
        )  # halvings


def test_monte_carlo_of_a_mapped_covariance(rng):
    jacobian, root = rng.standard_normal((2, 3)), rng.standard_normal((3, 3))
    covariance = dispersion.mapped(jacobian, root @ root.T)
    large, small, angle = dispersion.ellipse(covariance)
    miss = (jacobian @ root @ rng.standard_normal((3, 200_000))).T
    np.testing.assert_allclose(np.cov(miss.T), covariance, rtol=0.02)  # 1 / sqrt(n / 2) = 0.3 %, 6 times
    turned = miss @ np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    np.testing.assert_allclose(turned.std(axis=0), [large, small], rtol=0.01)
    radius = dispersion.radius_for(jnp.stack([large, small]), 0.9)
    inside = np.mean(np.linalg.norm(miss, axis=1) < float(radius))
    assert abs(inside - 0.9) < 5.0 * np.sqrt(0.09 / len(miss))


def test_ellipse_agrees_with_eigenvalues(rng):
    half = rng.standard_normal((2000, 2, 2))
    covariance = half @ np.swapaxes(half, 1, 2)
    large, small, _ = dispersion.ellipse(covariance)
    values = np.sqrt(np.maximum(np.linalg.eigvalsh(covariance), 0.0))
    np.testing.assert_allclose(large, values[:, 1], rtol=1e-12)
    np.testing.assert_allclose(small, values[:, 0], rtol=0, atol=1e-7)  # sqrt of the rounding of eigvalsh
    np.testing.assert_allclose(dispersion.spreads(covariance)[:, 0], values[:, 1], rtol=1e-12)


def test_derivatives():
    def inside(sigma, radius):
        return dispersion.probability_within(sigma, radius)

    @jax.jit
    def ellipse(c):
        return jnp.stack(dispersion.ellipse(c))

    # central differences of 1e-4: 1e-7 of a number of order 1
    sigma = jnp.asarray([1.0, 0.4])
    check_grads(jax.jit(inside), (sigma, jnp.asarray(0.9)), order=2, modes=("fwd", "rev"), rtol=1e-5)
    check_grads(ellipse, (jnp.asarray([[2.0, 0.3], [0.3, 1.0]]),), order=2, modes=("rev",), rtol=1e-5)
    radius = float(dispersion.radius_for(sigma, 0.9))
    by_sigma, by_radius = jax.grad(inside, (0, 1))(sigma, radius)
    # the inverse function: exact
    np.testing.assert_allclose(jax.grad(dispersion.radius_for)(sigma, 0.9), -by_sigma / by_radius, rtol=1e-10)


def test_jit_and_vmap_agree(rng):
    sigma = rng.uniform(0.1, 1.0, (5, 2))
    plain = dispersion.radius_for(sigma, 0.99)
    np.testing.assert_allclose(jax.jit(dispersion.radius_for)(sigma, 0.99), plain, rtol=1e-13)
    np.testing.assert_allclose(jax.vmap(lambda s: dispersion.radius_for(s, 0.99))(sigma), plain, rtol=1e-13)


def test_bad_input():
    assert np.isnan(dispersion.radius_for(jnp.asarray([1.0, 1.0]), 1.5))
    assert np.isnan(dispersion.probability_within(jnp.asarray([1.0, jnp.nan]), 1.0))
    with pytest.raises(ValueError, match="2 or 3"):
        dispersion.probability_within(jnp.ones(4), 1.0)
