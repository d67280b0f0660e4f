"""Capital recovery: printed interest tables, the yearly balance, the limit of no interest, derivatives."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.economics.finance import capital_recovery_factor, present_value


@pytest.mark.parametrize(
    ("rate", "years", "factor"),
    # interest tables of Newnan, Eschenbach & Lavelle, Engineering Economic Analysis, columns (A/P, i, n)
    [
        (0.05, 20, 0.0802),
        (0.08, 5, 0.2505),
        (0.10, 10, 0.1627),
        (0.10, 5, 0.2638),
        (0.10, 1, 1.1000),
        (0.12, 30, 0.1241),
        (0.06, 15, 0.1030),
        (0.15, 8, 0.2229),
    ],
)
def test_interest_tables(rate: float, years: float, factor: float):
    # four digits are printed, some rounded and some cut
    assert float(capital_recovery_factor(rate, years)) == pytest.approx(factor, abs=1e-4)
    assert float(present_value(rate, years)) == pytest.approx(1 / factor, rel=1e-4 / factor)


@pytest.mark.parametrize(("rate", "years", "factor"), [(0.10, 10, 0.16275), (0.05, 20, 0.08024), (0.20, 40, 0.20014)])
def test_five_digits(rate: float, years: float, factor: float):
    assert float(capital_recovery_factor(rate, years)) == pytest.approx(factor, abs=5e-6)  # printed digits


def test_loan_is_repaid(rng: np.random.Generator):
    # year after year, interest on what is owed, less the payment: nothing is left after n
    for _ in range(200):
        rate, years = rng.uniform(-0.2, 0.4), int(rng.integers(1, 41))
        payment, owed = float(capital_recovery_factor(rate, years)), 1.0
        for _ in range(years):
            owed = owed * (1 + rate) - payment
        # a rounding of the payment grows like the loan
        assert owed == pytest.approx(0.0, abs=1e-14 * years * max(1.0, (1 + rate) ** years))


def test_no_interest():
    assert np.array_equal(capital_recovery_factor(np.zeros(3), np.array([1.0, 4.0, 25.0])), [1.0, 0.25, 0.04])


def exact(i: Fraction, n: int) -> Fraction:
    return i / (1 - (1 + i) ** -n)


@pytest.mark.parametrize("rate", ["1e-12", "-1e-9", "1e-7", "3e-4", "0.00999", "0.01011", "0.02", "-0.3"])
def test_against_fractions(rate: str):
    # exact rational arithmetic, on both sides of the change to the series; derivatives by central difference in it
    i, n, h = Fraction(rate), 10, Fraction(1, 10**14)
    down, here, up = (exact(i + k * h, n) for k in (-1, 0, 1))
    assert float(capital_recovery_factor(float(i), 10.0)) == pytest.approx(float(here), rel=1e-15)
    first = jax.grad(capital_recovery_factor)
    assert float(first(float(i), 10.0)) == pytest.approx(float((up - down) / (2 * h)), rel=1e-13)
    second = float((up - 2 * here + down) / h**2)
    assert float(jax.grad(first)(float(i), 10.0)) == pytest.approx(
        second, rel=1e-12
    )  # 1e-16 / 0.1^2 at the switch, with room


@pytest.mark.parametrize("n", [1.0, 7.5, 30.0])
def test_derivatives_at_no_interest(n: float):
    # 1/n + (n + 1) / (2 n) i + (n^2 - 1) / (12 n) i^2
    first, second = jax.grad(capital_recovery_factor), jax.jacfwd(jax.grad(capital_recovery_factor))
    assert float(first(0.0, n)) == pytest.approx((n + 1) / (2 * n), rel=1e-14)
    assert float(second(0.0, n)) == pytest.approx((n**2 - 1) / (6 * n), rel=1e-14, abs=1e-15)


def test_derivatives(relative_grads: Callable[..., None]):
    relative_grads(capital_recovery_factor, 0.08, 12.0)
    relative_grads(capital_recovery_factor, 1e-4, 12.0)


def test_jit_and_vmap(rng: np.random.Generator):
    rate, years = rng.uniform(-0.1, 0.3, 50), rng.uniform(1.0, 40.0, 50)
    together = np.asarray(capital_recovery_factor(rate, years))
    np.testing.assert_allclose(jax.jit(capital_recovery_factor)(rate, years), together, rtol=1e-14)
    np.testing.assert_allclose(jax.vmap(capital_recovery_factor)(rate, years), together, rtol=1e-14)
    loop = [float(capital_recovery_factor(i, n)) for i, n in zip(rate[:5], years[:5], strict=True)]
    np.testing.assert_allclose(loop, together[:5], rtol=1e-14)  # fused multiply-adds


def test_bad_numbers():
    assert np.isnan(capital_recovery_factor(-1.5, 10.0))
    assert np.isnan(capital_recovery_factor(jnp.nan, 10.0))
    assert np.isnan(capital_recovery_factor(0.1, jnp.nan))
