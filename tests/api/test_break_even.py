"""Values at which a figure meets a target, against closed forms, brentq and re-solved scenarios; Sobol' indices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from astropy import units as u
from scipy.optimize import brentq

import astro_logistics as al
from astro_logistics.api import SourcedScenario
from astro_logistics.units import MUSD, UnitError

COST, ROOT = "earth-to-sso.cost_usd_per_kg", "moon-to-sso.cost_usd_per_kg"
PER_KG = al.USD / u.kg


def test_break_even_in_closed_form(toy: SourcedScenario):
    """Flights = price / (payload target), and its derivatives by price and payload, in the units of the records."""
    found = al.break_even(toy, COST, 125.0 * PER_KG, "rocket.flights")
    (crossing,) = found.crossings
    assert crossing.value.value == pytest.approx(16.0, rel=1e-14)
    assert crossing.figure == pytest.approx(125.0, rel=1e-14)
    assert not crossing.rising  # more flights cost less
    assert crossing.feasible
    assert found.closest_gap == pytest.approx(0.0, abs=1e-9)
    by = {moved.path: moved for moved in crossing.moved_by}
    assert set(by) == {"rocket.price", "rocket.payload"}
    assert by["rocket.price"].derivative == pytest.approx(16.0 / 20.0, rel=1e-12)  # flights per MUSD
    assert by["rocket.payload"].derivative == pytest.approx(-16.0 / 10.0, rel=1e-12)  # flights per tonne
    assert by["rocket.price"].swing == pytest.approx(0.8 * 15.0, rel=1e-12)
    assert [moved.path for moved in crossing.moved_by] == sorted(by, key=lambda path: -abs(by[path].swing))


def test_random_scenarios_against_brentq_and_central_differences(toy: SourcedScenario, rng: np.random.Generator):
    """20 scenarios: the value by brentq on the closed form; its derivative by solving again a little to either side.

    1e-7: central differences with steps of 1e-4 relative err by 1e-8 to second order.
    """
    for _ in range(20):
        payload, price, target = rng.uniform(8.0, 16.0), rng.uniform(10.0, 25.0), rng.uniform(50.0, 250.0)

        def solved(price: float, payload: float = payload, target: float = target) -> al.BreakEven:
            changed = toy.replace({"rocket.payload": payload * u.t, "rocket.price": price * MUSD})
            return al.break_even(changed, COST, target * PER_KG, "rocket.flights", low=1, high=1000)

        (crossing,) = solved(price).crossings
        independent = brentq(lambda f, p=payload, c=price, t=target: 1e3 * c / (p * f) - t, 1.0, 1000.0, xtol=1e-12)
        assert crossing.value.value == pytest.approx(independent, rel=1e-10)
        h = 1e-4 * price
        ends = [solved(price + s).crossings[0].value.value for s in (h, -h)]
        by = {moved.path: moved.derivative for moved in crossing.moved_by}
        assert by["rocket.price"] == pytest.approx((ends[0] - ends[1]) / (2.0 * h), rel=1e-7)
        assert crossing.feasible == (payload <= 12.0)


def test_another_figure_as_the_target(toy: SourcedScenario):
    """50 sqrt(bias) = 40 at bias 0.64; below zero the figure is no number, and the share of that is told."""
    found = al.break_even(toy.replace({"rocket.flights": 50.0}), ROOT, COST, "bias")
    (crossing,) = found.crossings
    assert crossing.value.to_value(u.m) == pytest.approx(0.64, rel=1e-14)
    assert crossing.rising
    assert found.target == COST
    assert found.undefined == 0.5
    by = {moved.path: moved.derivative for moved in crossing.moved_by}
    assert by["rocket.price"] == pytest.approx(0.64 * 2.0 / 20.0, rel=1e-12)


def test_no_value_in_the_range_is_an_answer(toy: SourcedScenario):
    found = al.break_even(toy, COST, 10.0 * PER_KG, "rocket.flights")
    assert found.crossings == ()
    assert found.closest.value == pytest.approx(100.0)
    assert (found.closest_figure, found.closest_gap) == pytest.approx((20.0, 10.0))
    assert (found.low.value, found.high.value) == (5.0, 100.0)


@pytest.mark.parametrize(
    ("ask", "kind", "message"),
    [
        ({"vary": "rocket.fligths"}, al.ScenarioError, "did you mean 'rocket.flights'"),
        ({"figure": "earth-to-sso.price"}, al.ScenarioError, "no figure"),
        ({"vary": "fixed"}, al.ScenarioError, "low < high"),
        ({"low": 60, "high": 50}, al.ScenarioError, "low < high"),
        ({"low": -5}, al.ScenarioError, "low < high, from 0 to inf"),
        ({"low": 5 * u.m}, UnitError, "rocket.flights"),
        ({"target": 5 * u.m}, UnitError, "target of earth-to-sso.cost_usd_per_kg"),
        ({"target": 5.0}, UnitError, "bare number"),
        ({"target": "speeds[0]"}, UnitError, "does not convert"),
    ],
)
def test_bad_questions(toy: SourcedScenario, ask: dict[str, Any], kind: type[Exception], message: str):
    with pytest.raises(kind, match=message):
        al.break_even(toy, **({"figure": COST, "target": 125.0 * PER_KG, "vary": "rocket.flights"} | ask))


def test_frontier_in_closed_form(toy: SourcedScenario):
    """Price = target payload flights: one open curve with the closed form's points and slopes."""
    found = al.frontier(toy, COST, 125.0 * PER_KG, ("rocket.payload", "rocket.flights"))
    assert found["curve"].values.tolist() == [0] * found.sizes["point"]
    np.testing.assert_allclose(found["y"], 160.0 / found["x"], rtol=1e-13)
    np.testing.assert_allclose(found["slope"], -160.0 / found["x"] ** 2, rtol=1e-11)
    np.testing.assert_array_equal(found["feasible"], found["x"] <= 12.0)
    assert np.all(np.diff(found["x"]) * np.diff(found["x"])[0] > 0.0)  # in order along the curve
    assert (found["x"].min(), found["x"].max()) == (8.0, 16.0)
    assert (found["x"].attrs["units"], found["y"].attrs["path"]) == ("t", "rocket.flights")
    nowhere = al.frontier(toy, COST, 1.0 * PER_KG, ("rocket.payload", "rocket.flights"))
    assert nowhere.sizes["point"] == 0
    assert nowhere.attrs["closest_gap"] == pytest.approx(12.5 - 1.0)
    pair = al.break_even(toy, COST, 125.0 * PER_KG, ("rocket.payload", "rocket.flights"))
    np.testing.assert_array_equal(pair["y"], found["y"])
    with pytest.raises(al.ScenarioError, match="two different inputs"):
        al.frontier(toy, COST, 125.0 * PER_KG, ("rocket.payload", "rocket.payload"))


def test_sobol_indices_of_a_linear_figure(toy: SourcedScenario):
    """sums = payload / 10 t + 2 bias: the shares of the variances of the two triangular distributions.

    0.03: more than the width of the widest interval at 4096 rows. The bound of a linear figure is the index times the
    Poincare constant over the variance of its distribution.
    """
    found = al.sobol(toy, ["sums", COST], screen=1e-6)

    def variance(low: float, mode: float, high: float) -> float:
        return (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18.0

    parts = {"rocket.payload": variance(0.8, 1.0, 1.6), "bias": 4.0 * variance(-1.0, 0.0, 1.0)}
    sums = found.sel(figure="sums")
    for path, part in parts.items():
        share = part / sum(parts.values())
        assert sums["first_high"].sel(group=path).item() - sums["first_low"].sel(group=path).item() < 0.03
        assert sums["first"].sel(group=path).item() == pytest.approx(share, abs=0.03)
        assert sums["total"].sel(group=path).item() == pytest.approx(share, abs=0.03)
    bound = parts["bias"] / sum(parts.values()) * 6.0 / 2.404825557695773**2  # variance 1 / 6, constant 1 / 2.405^2
    assert sums["bound"].sel(group="bias").item() == pytest.approx(bound, rel=0.01)
    cost = found.sel(figure=COST)
    assert np.all(cost["bound_high"] > cost["total"] - 1e-3)
    assert cost["total"].sel(group="bias").item() == 0.0
    assert found.attrs["evaluations"] == 4096 * 6


def test_sobol_groups_and_screening(toy: SourcedScenario):
    found = al.sobol(toy, "sums", n=1024, groups=("rocket", "rocket.payload"))
    assert found["group"].values.tolist() == ["the rest", "rocket.payload", "rocket"]
    assert found["group_of"].sel(input="rocket.price").item() == "rocket"
    assert found["total"].sel(group="rocket").item() == 0.0
    screened = al.sobol(toy, "sums", n=1024)
    assert set(screened["group"].values) == {"bias", "rocket.payload", "the rest"}
    named = al.sobol(toy, "sums", n=1024, groups={"a": ("rocket", "bias")})
    assert named["total"].values == pytest.approx(np.array([[1.0]]), abs=0.04)
    with pytest.raises(al.ScenarioError, match="no input with a range"):
        al.sobol(toy, "sums", groups=("fixed",))


def test_sobol_counts_rows_without_a_number(toy: SourcedScenario):
    """Half of the values of A or B are no number: three quarters of the rows go."""
    found = al.sobol(toy, ROOT, n=1024)
    assert found.attrs["left_out"] == pytest.approx(768, abs=32)
