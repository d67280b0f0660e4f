"""Where figures meet targets: roots against SciPy, against closed forms, and curves."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from numpy.polynomial import Polynomial
from scipy.optimize import brentq

from astro_logistics.design.break_even import Gap, crossings, grid
from astro_logistics.design.frontier import curves


def gap(f: Callable[[np.ndarray], np.ndarray], slope: Callable[[np.ndarray], np.ndarray], size: float = 1.0) -> Gap:
    def both(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        with np.errstate(all="ignore"):
            return f(x), slope(x), np.full(x.shape, size)

    return both


def test_roots_of_random_polynomials(rng: np.random.Generator):
    """300 polynomials of degree 1 to 7 with known real roots in the range, found to 1e-10; and against brentq.

    Roots that happen to lie within 1e-3 of each other are as ill-conditioned as 1e-16 / 1e-3: hence 1e-10.
    """
    for _ in range(300):
        roots = np.sort(rng.uniform(-1.0, 1.0, rng.integers(1, 8)))
        if np.min(np.diff(roots), initial=1.0) < 1e-3:
            continue
        p = Polynomial.fromroots(roots)
        found = crossings(gap(p, p.deriv()), -1.0, 1.0)
        np.testing.assert_allclose(found.x, roots, atol=1e-10)
        assert found.rising.tolist() == (p.deriv()(roots) > 0.0).tolist()
        assert found.jumps.size == 0
        between = np.concatenate([[-1.0], 0.5 * (roots[1:] + roots[:-1]), [1.0]])
        independent = [brentq(p, a, b, xtol=1e-15) for a, b in pairwise(between)]
        np.testing.assert_allclose(found.x, independent, atol=1e-10)


def test_all_roots_of_an_oscillation():
    found = crossings(gap(np.sin, np.cos), 0.5, 40.0)
    np.testing.assert_allclose(found.x, np.pi * np.arange(1, 13), rtol=1e-15)


def test_a_pair_closer_than_a_cell_is_found():
    """Both ends of the cell lie above; the slopes tell."""
    roots = (3.001, 3.0012)
    p = Polynomial.fromroots(roots)
    # coefficients of size 9 err by 1e-15, and the slope at the roots is 2e-4
    np.testing.assert_allclose(crossings(gap(p, p.deriv()), 0.0, 10.0).x, roots, atol=1e-10)


def test_no_root_tells_the_closest_approach():
    found = crossings(gap(lambda x: 1.0 + (x - 2.2) ** 2, lambda x: 2.0 * (x - 2.2)), -1.0, 9.0)
    assert found.x.size == 0
    assert found.closest == pytest.approx(2.2, abs=1e-6)  # the square root of the spacing of the figure, near flat
    assert found.closest_gap == pytest.approx(1.0, abs=1e-12)
    end = crossings(gap(lambda x: 3.0 + x, np.ones_like), 0.0, 5.0)
    assert (end.x.size, end.closest, end.closest_gap) == (0, 0.0, 3.0)


def test_a_pole_is_a_jump_and_not_a_root():
    found = crossings(gap(lambda x: 1.0 / (x - 2.0), lambda x: -1.0 / (x - 2.0) ** 2), 0.0, 3.3)
    assert found.x.size == 0
    assert found.jumps == pytest.approx([2.0])


def test_zero_on_a_point_of_the_scan_counts_once():
    at = grid(0.0, 127.0)[40]
    for f, slope in ((lambda x: x - at, np.ones_like), (lambda x: (x - at) ** 2, lambda x: 2.0 * (x - at))):
        found = crossings(gap(f, slope), 0.0, 127.0)
        assert found.x == pytest.approx([at], rel=5e-16)  # ends within two floats
    for low, high in ((at, 200.0), (0.0, at)):
        assert crossings(gap(lambda x: x - at, np.ones_like), low, high).x == pytest.approx([at], abs=1e-12)


def test_where_the_figure_is_no_number():
    found = crossings(gap(np.log, lambda x: 1.0 / x), -1.0, 126.0)
    assert found.x == pytest.approx([1.0])
    assert 0.0 < found.undefined < 0.02
    nowhere = crossings(gap(lambda x: x * np.nan, np.ones_like), 0.0, 1.0)
    assert nowhere.x.size == 0
    assert np.isnan(nowhere.closest)
    assert nowhere.undefined == 1.0


def test_grid_is_even_in_the_logarithm_over_a_magnitude():
    assert np.ptp(np.diff(np.log(grid(1.0, 10.0)))) < 1e-12
    assert np.ptp(np.diff(grid(1.0, 9.9))) < 1e-12
    assert grid(3.0, 1e9)[[0, -1]].tolist() == [3.0, 1e9]


def circle(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    return x * x + y * y - 1.0, 2.0 * x, 2.0 * y, np.ones_like(x)


def test_frontier_is_a_circle():
    """One closed curve; every point on it to rounding, the slope as the circle's, points in order around it."""
    (curve,) = curves(circle, np.linspace(-1.7, 2.0, 30), np.linspace(-2.0, 1.9, 31))
    assert curve.closed
    np.testing.assert_allclose(np.hypot(curve.x, curve.y), 1.0, rtol=1e-14)
    np.testing.assert_allclose(curve.slope, -curve.x / curve.y, rtol=1e-9)
    turned = np.diff(np.unwrap(np.arctan2(curve.y, curve.x)))
    assert np.all(turned > 0.0) or np.all(turned < 0.0)
    assert abs(turned.sum()) == pytest.approx(2.0 * np.pi, rel=0.05)


def test_frontier_pieces_and_saddles():
    """x y = c near the saddle: two curves that do not touch, whichever side of zero c lies."""
    for c in (0.01, -0.01):
        found = curves(lambda x, y, c=c: (x * y - c, y, x, np.ones_like(x)), *[np.linspace(-2.0, 2.0, 31) + 1e-3] * 2)
        assert [curve.closed for curve in found] == [False, False]
        for curve in found:
            np.testing.assert_allclose(curve.x * curve.y, c, rtol=1e-12)
            assert np.ptp(np.sign(curve.x)) == 0.0
    assert curves(lambda x, y: (x * x + y * y + 1.0, x, y, x), np.linspace(-1, 1, 5), np.linspace(-1, 1, 5)) == []
