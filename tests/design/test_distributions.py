"""Draws of inputs: known distributions, correlations, Sobol' points."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import stats
from scipy.special import jn_zeros

from astro_logistics.design.correlation import CorrelationError, copula
from astro_logistics.design.distributions import Triangular, triangular
from astro_logistics.design.uncertainty import BLOCK, inputs_at, sobol_points

LOW = np.array([1.0, -3.0, 0.0, 2.0, 2.0, 1e3, 5.0])
MODE = np.array([2.0, 1.0, 0.0, 2.0, 9.0, 2e4, 50.0])
HIGH = np.array([4.0, 2.0, 10.0, 9.0, 9.0, 1e6, 50.0])
"""Two ordinary ranges, one that begins at zero and at the mode, both right triangles, two over a magnitude."""


def reference(i: int) -> stats.rv_continuous:
    """SciPy's triangular distribution in the coordinate of input i."""
    low, mode, high = (np.log(x[i]) if i >= 5 else x[i] for x in (LOW, MODE, HIGH))
    return stats.triang((mode - low) / (high - low), low, high - low)


@pytest.fixture(scope="module")
def spread() -> Triangular:
    return triangular(LOW, MODE, HIGH)


@pytest.fixture(scope="module")
def points() -> np.ndarray:
    return np.concatenate(list(sobol_points(len(LOW), 3, 0, 16 * BLOCK)))


def test_ranges_over_a_magnitude_are_logarithmic(spread: Triangular):
    assert np.asarray(spread.is_log).tolist() == [False] * 5 + [True] * 2
    assert not np.asarray(triangular([0.0, -1.0, 1.0], [1.0, 1.0, 2.0], [100.0, 100.0, 9.99]).is_log).any()


def test_quantiles_and_cdf_against_scipy(spread: Triangular):
    """Two independent forms of the same law; 1e-12: rounding of sqrt near the ends, relative to the range."""
    u = np.tile(np.linspace(0.0, 1.0, 1003)[1:-1, None], (1, len(LOW)))
    x = np.asarray(jax.vmap(spread.quantile)(u))
    y = np.where(np.asarray(spread.is_log), np.log(np.abs(x)), x)
    assert np.all((x >= LOW * (1 - 1e-15)) & (x <= HIGH * (1 + 1e-15)))
    for i in range(len(LOW)):
        np.testing.assert_allclose(
            y[:, i], reference(i).ppf(u[:, i]), rtol=0, atol=1e-12 * np.ptp(reference(i).support())
        )
    np.testing.assert_allclose(np.asarray(jax.vmap(spread.cdf)(x)), u, rtol=0, atol=1e-12)
    ends = np.asarray(jax.vmap(spread.cdf)(np.stack([LOW, HIGH])))
    np.testing.assert_allclose(ends, [[0.0] * 7, [1.0] * 7], atol=1e-14)


def test_moments_and_fit_of_draws(spread: Triangular, points: np.ndarray):
    """Mean, variance and the greatest distance of the distributions over 16384 Sobol' points.

    One-dimensional projections of n Sobol' points have one point in each of n equal intervals: the distance is below
    1 / n. Independent draws would have it near 1 / sqrt(n), 128 times as large.
    """
    x = np.asarray(inputs_at(spread, copula([str(i) for i in range(7)], {}), points))
    y = np.asarray(jax.vmap(spread.coordinate)(x))
    n = len(points)
    for i in range(len(LOW)):
        law = reference(i)
        assert stats.ks_1samp(y[:, i], law.cdf).statistic < 1.0 / n
        assert y[:, i].mean() == pytest.approx(law.mean(), abs=law.std() / n)
        assert y[:, i].var() == pytest.approx(law.var(), rel=1e-3)
    mean = (LOW[0] + MODE[0] + HIGH[0]) / 3.0
    assert x[:, 0].mean() == pytest.approx(mean, rel=1e-4)


def test_points_are_a_sequence_of_their_seed():
    """Any piece of the sequence, from any block, is the same; another seed is another; none is 0 or 1."""
    whole = np.concatenate(list(sobol_points(5, 11, 0, 4 * BLOCK)))
    later = np.concatenate(list(sobol_points(5, 11, 2 * BLOCK, 2 * BLOCK)))
    np.testing.assert_array_equal(whole[2 * BLOCK :], later)
    assert not np.array_equal(whole[:BLOCK], next(iter(sobol_points(5, 12, 0, BLOCK))))
    assert whole.min() > 0.0
    assert whole.max() < 1.0


def test_correlations(spread: Triangular, points: np.ndarray):
    """Rank correlations are 6 / pi asin(r / 2); each input keeps its own law; the others are untouched.

    16384 points: independent draws would err by 1 / sqrt(n) = 0.008.
    """
    names = [str(i) for i in range(len(LOW))]
    asked = {("0", "5"): 0.8, ("5", "3"): -0.5, ("0", "3"): -0.3}
    together = copula(names, asked)
    x = np.asarray(inputs_at(spread, together, points))
    ranks = stats.spearmanr(x).statistic
    expected = np.eye(len(LOW))
    for (a, b), r in asked.items():
        expected[int(a), int(b)] = expected[int(b), int(a)] = 6.0 / np.pi * np.arcsin(r / 2.0)
    np.testing.assert_allclose(ranks, expected, atol=0.008)
    u = np.asarray(jax.vmap(together.correlate)(points))
    for i in (0, 3, 5):
        assert stats.ks_1samp(u[:, i], stats.uniform.cdf).pvalue > 0.01
    np.testing.assert_array_equal(u[:, [1, 2, 4, 6]], points[:, [1, 2, 4, 6]])


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ({("a", "b"): 0.9, ("b", "c"): 0.9, ("a", "c"): -0.9}, "not positive definite"),
        ({("a", "b"): 1.0}, "not between -1 and 1"),
        ({("a", "b"): float("nan")}, "not between -1 and 1"),
        ({("a", "a"): 0.5}, "with itself"),
        ({("a", "b"): 0.5, ("b", "a"): 0.5}, "twice"),
    ],
)
def test_impossible_correlations_are_refused(pairs: dict[tuple[str, str], float], message: str):
    with pytest.raises(CorrelationError, match=message):
        copula("abc", pairs)


def test_unknown_input_of_a_correlation():
    with pytest.raises(KeyError, match="z"):
        copula("abc", {("a", "z"): 0.5})


@pytest.mark.parametrize(("low", "mode", "high"), [(1, 0, 2), (1, 1, 1), (0, 3, 2), (0, 1, np.inf), (np.nan, 1, 2)])
def test_bad_range_is_refused(low: float, mode: float, high: float):
    with pytest.raises(ValueError, match="every range"):
        triangular([low], [mode], [high])


def test_poincare_constants_of_triangles():
    """Roustant, Barthe & Iooss (2017): on [-1, 1], symmetric, one over the square of the first zero of J0.

    A right triangle of width 1 has the first zero of J1: its density grows like the circumference of a disc, whose
    least Neumann eigenvalue with a radial function is that zero's square.
    """
    found = triangular([-1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [1.0, 1.0, 1.0]).poincare_constants()
    np.testing.assert_allclose(found[0], 1.0 / jn_zeros(0, 1)[0] ** 2, rtol=1e-10)
    np.testing.assert_allclose(found[1:], 1.0 / jn_zeros(1, 1)[0] ** 2, rtol=1e-10)


def test_poincare_constants_against_finite_elements():
    """The least eigenvalue of (rho g')' = -k^2 rho g by 400 linear elements; 1e-4: their error is (k h)^2 / 12."""
    low, high, n = 1.0, 4.0, 400
    for mode in (1.3, 2.0, 3.5):
        t = np.linspace(low, high, n + 1)
        h = t[1] - t[0]
        middle = stats.triang((mode - low) / (high - low), low, high - low).pdf(0.5 * (t[1:] + t[:-1]))
        stiff, mass = np.zeros((n + 1, n + 1)), np.zeros((n + 1, n + 1))
        for e, w in enumerate(middle):
            stiff[e : e + 2, e : e + 2] += w / h * np.array([[1, -1], [-1, 1]])
            mass[e : e + 2, e : e + 2] += w * h / 6 * np.array([[2, 1], [1, 2]])
        inverse = np.linalg.inv(np.linalg.cholesky(mass))
        least = np.linalg.eigvalsh(inverse @ stiff @ inverse.T)[1]
        assert triangular([low], [mode], [high]).poincare_constants()[0] == pytest.approx(1.0 / least, rel=1e-4)


def test_coordinate_and_number_are_inverse(spread: Triangular, rng: np.random.Generator):
    x = LOW + (HIGH - LOW) * rng.uniform(size=(1000, len(LOW)))
    np.testing.assert_allclose(
        np.asarray(jax.vmap(lambda row: spread.number(spread.coordinate(row)))(jnp.asarray(x))),
        x,
        rtol=1e-14,
        atol=1e-14,
    )
