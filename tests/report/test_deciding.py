"""Deciding inputs, told from draws alone: shares that are known, and no input that only chance would name."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr
from scipy.special import ndtri
from scipy.stats import qmc

from astro_logistics.design.uncertainty import BITS, BLOCK, sobol_points
from astro_logistics.report.deciding import deciding_inputs, shares, told_from

D, N = 450, 4 * BLOCK


@pytest.fixture(scope="module")
def u() -> np.ndarray:
    return np.concatenate(list(sobol_points(D, 5, 0, N)))


def test_shares_of_a_sum_of_normal_inputs(u: np.ndarray):
    """y = sum a_i z_i of unit variance: the first-order index of its rank is (6 / pi) asin(a_i^2 / 2).

    For E[Phi(y) | z_i] = Phi(a z_i / sqrt(2 - a^2)), whose variance is asin(a^2 / 2) / (2 pi), over 1 / 12.
    0.02: classes of a sixteenth lose some, chance moves the rest.
    """
    squares = np.array([0.5, 0.3, 0.15, 0.05])
    where, signs = [3, 100, 222, 449], np.array([1.0, -1.0, 1.0, -1.0])
    y = (signs * np.sqrt(squares)) @ ndtri(u[:, where].T)
    share, slope = shares(u.T, y[None])
    np.testing.assert_allclose(share[0, where], 6.0 / np.pi * np.arcsin(squares / 2.0), atol=0.02)
    np.testing.assert_array_equal(np.sign(slope[0, where]), signs)
    others = np.delete(share[0], where)
    assert others.max() < told_from(N, D)
    assert abs(others.mean()) < 5.0 * np.sqrt(30.0) / N / np.sqrt(D)  # chance is taken off: the mean is zero


def test_an_order_is_all_that_counts(u: np.ndarray):
    """The same shares for any rising function of a figure, infinite values among them; none for a constant."""
    y = u[:, 7] + 0.2 * u[:, 200]
    many = np.stack([y, np.exp(30.0 * y), np.where(y > 0.6, np.inf, y), np.full(N, 3.0), np.full(N, np.inf)])
    share, _ = shares(u.T, many)
    np.testing.assert_array_equal(share[0], share[1])
    assert share[2, 7] > 0.8
    assert np.all(share[3:] == 0.0)
    noise = shares(u.T, (1.0 + 1e-14 * u[:, 7])[None])[0]
    assert np.all(noise == 0.0)


def test_draws_without_a_number_are_left_out(u: np.ndarray):
    share, _ = shares(u.T, np.where(u[:, 1] < 0.3, np.nan, u[:, 1] + u[:, 2])[None])
    assert 0.2 < share[0, 1] < share[0, 2]  # of the one a part of the range is left


def asked(u: np.ndarray, values: dict[str, np.ndarray]) -> dict[str, Any]:
    names = [f"x{i}" for i in range(u.shape[1])]
    draws = xr.Dataset(
        {"inputs": (("input", "draw"), u.T)} | {name: ("draw", y) for name, y in values.items()}, {"input": names}
    )
    return deciding_inputs(draws, list(values), dict.fromkeys(names))  # pyright: ignore[reportArgumentType]


def test_no_input_without_effect_is_named(u: np.ndarray):
    """Forty figures of one input each name it and nothing else, at 4096 draws as at 1024.

    Drawn by one Sobol' sequence in all dimensions, as it once was, some of them name an input without effect.
    """
    figures = {f"f{i}": i for i in range(0, D, 12)}

    def wrong(x: np.ndarray) -> int:
        found = asked(x, {name: x[:, i] ** 3 for name, i in figures.items()})
        assert all(found[name][0].path == f"x{i}" for name, i in figures.items())
        return sum(len(some) > 1 for some in found.values())

    assert wrong(u) == wrong(u[:BLOCK]) == 0
    once = qmc.Sobol(D, scramble=True, bits=BITS, seed=np.random.default_rng(5))  # pyright: ignore[reportCallIssue]
    assert wrong(once.random(N)) > 0


def test_strongest_first_and_three_at_most(u: np.ndarray):
    (found,) = asked(u, {"f": 5.0 * u[:, 9] - 4.0 * u[:, 30] + 3.0 * u[:, 50] + 2.0 * u[:, 70]}).values()
    assert [d.path for d in found] == ["x9", "x30", "x50"]
    assert [d.rising for d in found] == [True, False, True]


def test_few_draws_tell_less():
    assert told_from(4096, 450) == told_from(65536, 450) == 0.01
    assert told_from(1024, 450) == pytest.approx(0.039, abs=1e-3)
    assert told_from(16, 450) == np.inf
