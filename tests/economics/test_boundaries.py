"""One statement in every boundary: by hand, against a plain ledger of years, and its derivatives."""

from __future__ import annotations

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.economics.boundaries import (
    EVERYTHING,
    ITEMS,
    LABELS,
    SWITCHES,
    BoundaryFigures,
    ComputeCost,
    boundary,
    figures,
    levelized,
    statement,
    value_left,
)

YEAR = 365.25 * 86400.0


def make(**changes: float) -> ComputeCost:
    base = {
        "power_capital": 7.0, "other_capital": 9.0, "delivery": 20.0, "power_delivery_fraction": 0.4,
        "development": 2.0, "chips": 30.0, "replacement": 1.0, "chip_replacement": 0.5, "operations": 0.6,
        "energy": 0.5, "life": 10.0, "chip_life": 5.0, "discount_rate": 0.1, "payments_per_year": 1.0,
        "availability": 0.9, "utilization": 0.8, "chip_power": 1500.0, "chip_rate": 1e15, "price_fall": 0.3,
        "output_decline": 0.15, "carbon_capital": 12.0, "carbon_yearly": 0.3,
    }  # fmt: skip
    return statement(**(base | changes))


def test_by_hand():
    # printed interest tables: 10 % over 10 and 5 years, 0.16275 and 0.26380
    whole = 38 * 0.16275 + 30 * 0.26380 + 1.5 + 0.6 + 0.5
    found = figures(make())
    assert float(found.total) == pytest.approx(whole / 0.9, rel=3e-5)
    assert float(found.capital) == 38.0
    assert float(found.cash) == pytest.approx(2.6 / 0.9)
    assert float(found.depreciated) == pytest.approx((38 / 10 + 30 / 5 + 2.6) / 0.9)
    assert float(found.chip_hour) * 3600 == pytest.approx(whole / 0.9 * 1500 / 8766, rel=3e-5)
    assert float(found.compute) * 1e15 * 86400 == pytest.approx(whole / 0.9 * 1500 / 365.25 / 0.8, rel=3e-5)
    assert float(found.electricity) * 3.6e9 == pytest.approx((15 * 0.16275 + 0.5) / 0.9 / 8766 * 1e6, rel=3e-5)
    assert float(found.carbon) == pytest.approx((12 / 10 + 0.3) / 0.9)
    assert set(LABELS) == {f.name for f in dataclasses.fields(BoundaryFigures)}


def ledger(x: dict[str, float], on: set[str]) -> float:
    """The income per unit of output and year that just pays a loan for every counted item, kept payment by payment."""
    yearly = sum(x[i] for i in ("replacement", "operations", "energy") if i in on)
    yearly += x["chip_replacement"] if {"replacement", "chips"} <= on else 0.0
    groups = [(x["life"], [("capital", x["power_capital"] + x["other_capital"])])]
    groups[0][1].extend((item, x[item]) for item in ("delivery", "development"))
    groups.append((x["chip_life"], [("chips", x["chips"])]))
    m = x["payments_per_year"]
    for life, items in groups:
        loan = sum(amount for item, amount in items if item in on)
        if "financing" not in on:
            yearly += loan / life
            continue
        i, n = x["discount_rate"] / m, round(life * m)
        worth = sum((1.0 + i) ** -k for k in range(1, n + 1))  # of one paid each period
        yearly += m * loan / worth
    output = (x["availability"] if "delivered" in on else 1.0) * (x["utilization"] if "used" in on else 1.0)
    return yearly / output


def test_against_a_ledger_of_payments(rng: np.random.Generator):
    compiled = jax.jit(levelized)
    names = [f.name for f in dataclasses.fields(ComputeCost)]
    for trial in range(200):
        x = {name: float(rng.uniform(0.1, 2.0)) for name in names}
        x |= {"life": float(rng.integers(2, 20)), "chip_life": float(rng.integers(2, 8)), "availability": 0.5}
        x |= {"discount_rate": float(rng.uniform(0.01, 0.2)), "payments_per_year": float(rng.choice([1.0, 12.0]))}
        on = {s for s in SWITCHES if rng.uniform() < 0.6}
        within = dataclasses.replace(boundary("trial", 2026, *on), name="trial")
        assert float(compiled(statement(**x), within)) == pytest.approx(ledger(x, on), rel=1e-12), (trial, on)


def test_what_is_out_need_not_be_known():
    unknown = ("chips", "discount_rate", "replacement", "chip_replacement", "utilization")
    silent = make(**dict.fromkeys(unknown, np.nan))
    inside = boundary("theirs", 2026, "capital", "delivery", "development", "operations", "energy", "delivered")
    assert float(levelized(silent, inside)) == pytest.approx((38 / 10 + 1.1) / 0.9)
    assert np.isnan(levelized(silent, boundary("all", 2026, *EVERYTHING)))
    slope = jax.grad(lambda chips: levelized(dataclasses.replace(silent, chips=chips), inside))(jnp.nan)
    assert float(slope) == 0.0


def test_value_left_against_a_ledger_of_months():
    # output and price fall month by month; income is paid at the year's end and discounted: by plain sums
    for d, i, h, n in ((0.3255, 0.1, 0.0, 5), (0.57, 0.04, 0.15, 12), (0.05, 0.0, 0.3, 3)):
        years = (np.arange(12 * n) + 0.5) / 12.0
        output = np.exp(-h * years)
        income = (output / output.mean() * (1.0 + d) ** -years).reshape(n, 12).mean(axis=1)
        worth = (1.0 + i) ** -np.arange(1.0, n + 1.0)
        found = float(value_left(make(price_fall=d, discount_rate=i, output_decline=h, chip_life=float(n))))
        assert found == pytest.approx(income @ worth / worth.sum(), rel=1e-4)  # a month's middle for its mean
    still = figures(make(price_fall=0.0, output_decline=0.0))
    assert float(still.compute_at_value) == pytest.approx(float(still.compute), rel=1e-14)
    unsaid = figures(make(price_fall=np.nan))
    assert np.isnan(unsaid.compute_at_value)
    assert float(unsaid.compute) == float(still.compute)


def test_a_life_of_least_cost_exists_only_where_prices_fall():
    def least(d: float) -> float:
        lives = np.linspace(1.0, 30.0, 117)
        found = jax.vmap(lambda n: figures(make(price_fall=d, life=n, chip_life=n, output_decline=0.0)))(lives)
        return float(lives[int(np.argmin(found.compute_at_value))])

    assert least(0.0) == 30.0
    assert 3.0 < least(0.3) < 15.0
    assert least(0.6) < least(0.3)


def test_label_says_what_is_in_and_out():
    told = boundary("some", 2024, "capital", "energy", "delivered").label()
    assert told.startswith("in: build, energy; out: servers, transport, development, replacement, operations;")
    assert "per delivered power" in told
    assert "USD of 2024" in told
    with pytest.raises(ValueError, match="no switch"):
        boundary("some", 2024, "capitol")
    with pytest.raises(ValueError, match="no item"):
        statement(capital=3.0)
    assert set(ITEMS) < set(SWITCHES)


def test_derivatives():
    # central differences of 1e-3 extrapolated once: 1e-9 of figures of order one
    names = [f.name for f in dataclasses.fields(ComputeCost)]
    base = np.array([float(getattr(make(), name)) for name in names])

    def f(s: jax.Array) -> jax.Array:
        found = figures(ComputeCost(**dict(zip(names, base * (1.0 + s), strict=True))))
        return jnp.log(jnp.stack([getattr(found, g.name) for g in dataclasses.fields(found)]))

    h, eye, n = 1e-3, np.eye(len(names)), len(names)
    points = np.concatenate([h * eye, -h * eye, 0.5 * h * eye, -0.5 * h * eye, 0.0 * eye])
    values, slopes = jax.jit(jax.vmap(lambda p, t: jax.jvp(f, (p,), (t,))))(points, np.tile(eye, (5, 1)))
    values, exact = np.asarray(values), np.asarray(slopes)[4 * n :]
    two, one = (values[:n] - values[n : 2 * n]) / (2 * h), (values[2 * n : 3 * n] - values[3 * n : 4 * n]) / h
    np.testing.assert_allclose((4.0 * one - two) / 3.0, exact, atol=1e-8)
