"""Draws of a scenario: what they hold, how they come again, go on and end early; quantiles and probabilities."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from jax import Array
from scipy import stats

import astro_logistics as al
from astro_logistics.api import SourcedScenario, sampling
from astro_logistics.design.uncertainty import BLOCK
from astro_logistics.pytree import Pytree, field
from astro_logistics.report import uncertainty

COST, ROOT = "earth-to-sso.cost_usd_per_kg", "moon-to-sso.cost_usd_per_kg"
NAMES = (COST, ROOT, "routes.earth-to-sso.cost", "speeds[1]", "sums")


@pytest.fixture(scope="module")
def draws(toy: SourcedScenario) -> xr.Dataset:
    return al.sample(toy, 5000, seed=7, figures=NAMES)


def test_figures_are_those_of_the_inputs(draws: xr.Dataset):
    """The figures worked out by hand from the inputs that stand beside them, in the units of their records.

    1e-12: the payload goes from kg to t and back, the flights through a logarithm.
    """
    x = {str(path): draws["inputs"].sel(input=path).values for path in draws["input"].values}
    assert list(x) == ["rocket.payload", "rocket.price", "rocket.flights", "bias"]
    assert draws["input_units"].values.tolist() == ["t", "MUSD", "", "m"]
    assert draws["logarithmic"].values.tolist() == [False, False, True, False]
    cost = 1e6 * x["rocket.price"] / (1e3 * x["rocket.payload"] * x["rocket.flights"])
    np.testing.assert_allclose(draws[COST], cost, rtol=1e-12)
    np.testing.assert_array_equal(draws[COST], draws["routes.earth-to-sso.cost"])
    np.testing.assert_allclose(draws["speeds[1]"], 2.0 * x["bias"] / 60.0, rtol=1e-12)
    np.testing.assert_array_equal(draws["feasible"].sel(figure=COST), x["rocket.payload"] <= 12.0)
    assert draws[COST].attrs["units"] == "USD/kg"
    assert draws["speeds[1]"].attrs["units"] == "m / s"
    assert draws[COST].attrs["boundary"] == "all of it"
    assert draws[COST].attrs["at_scenario"] == pytest.approx(100.0, rel=1e-14)


def test_inputs_follow_their_distributions(draws: xr.Dataset):
    """The one-dimensional projections of Sobol' points are even: distances well below the 0.019 of 5000 random ones."""
    flights = np.log(draws["inputs"].sel(input="rocket.flights").values)
    payload = draws["inputs"].sel(input="rocket.payload").values
    for x, (low, mode, high) in ((payload, (8.0, 10.0, 16.0)), (flights, np.log((5.0, 20.0, 100.0)))):
        law = stats.triang((mode - low) / (high - low), low, high - low)
        assert stats.ks_1samp(x, law.cdf).statistic < 2e-3


def test_draws_without_a_number_and_infeasible_ones_are_counted(draws: xr.Dataset):
    """Nothing is dropped: half of the draws have no square root, and their number is told."""
    negative = draws["inputs"].sel(input="bias").values < 0.0
    assert draws.sizes["draw"] == 5000
    np.testing.assert_array_equal(np.isnan(draws[ROOT]), negative)
    np.testing.assert_array_equal(draws["converged"], ~negative)
    assert draws[ROOT].attrs["not_finite"] == draws.attrs["not_converged"] == negative.sum()
    assert draws[ROOT].attrs["infeasible"] == 5000
    assert draws[COST].attrs["infeasible"] == (draws["inputs"].sel(input="rocket.payload") > 12.0).sum()
    assert draws["sums"].attrs["infeasible"] == 5000  # it belongs to no route: every constraint counts


def test_whole_evaluation_can_be_asked_about(toy: SourcedScenario):
    found = al.sample(toy, 1000, seed=7, figures=[COST], whole=True)
    np.testing.assert_array_equal(found["converged"], found["inputs"].sel(input="bias") >= 0.0)
    assert al.sample(toy, 1000, seed=7, figures=[COST])["converged"].all()


def test_seed_chunk_and_number_of_draws(toy: SourcedScenario, draws: xr.Dataset):
    """Bit for bit the same by seed, whatever the chunk; more draws begin with the same; another seed is another."""
    xr.testing.assert_identical(al.sample(toy, 5000, seed=7, figures=NAMES, chunk=1), draws)
    fewer = al.sample(toy, 1500, seed=7, figures=[COST], chunk=3 * BLOCK)
    np.testing.assert_array_equal(fewer[COST], draws[COST][:1500])
    assert not np.isin(al.sample(toy, 1500, seed=8, figures=[COST])[COST], draws[COST]).any()


def test_resumes_and_extends(toy: SourcedScenario, tmp_path: Path):
    """Parts on disk, with another chunk in between, make the same as one run in memory."""
    ask: dict[str, Any] = {"seed": 3, "figures": [COST, ROOT]}
    al.sample(toy, 2000, **ask, folder=tmp_path, chunk=BLOCK)
    files = sorted(tmp_path.glob("draws-*.npz"))
    assert len(files) == 2
    before = [file.stat().st_mtime_ns for file in files]
    found = al.sample(toy, 6000, **ask, folder=tmp_path, chunk=2 * BLOCK)
    assert [file.stat().st_mtime_ns for file in files] == before
    xr.testing.assert_identical(found, al.sample(toy, 6000, **ask))
    with pytest.raises(al.ScenarioError, match="another request"):
        al.sample(toy, 2000, seed=4, figures=[COST, ROOT], folder=tmp_path)
    anew = al.sample(toy, 2000, seed=4, figures=[COST, ROOT], folder=tmp_path, overwrite=True)
    xr.testing.assert_identical(anew, al.sample(toy, 2000, seed=4, figures=[COST, ROOT]))


def test_interrupting_keeps_what_is_done(toy: SourcedScenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Ctrl-C in the third chunk: two are returned and kept, and a later run finishes the rest."""
    sound = sampling.sobol_points

    def stopped(dimensions: int, seed: int, start: int, count: int) -> Iterator[np.ndarray]:
        if start == 2 * BLOCK:
            raise KeyboardInterrupt
        return sound(dimensions, seed, start, count)

    monkeypatch.setattr(sampling, "sobol_points", stopped)
    part = al.sample(toy, 4000, figures=[COST], chunk=BLOCK, folder=tmp_path)
    assert part.sizes["draw"] == 2 * BLOCK
    assert (part.attrs["interrupted"], part.attrs["planned"]) == (1, 4000)
    monkeypatch.undo()
    whole = al.sample(toy, 4000, figures=[COST])
    np.testing.assert_array_equal(part[COST], whole[COST][: 2 * BLOCK])
    xr.testing.assert_identical(al.sample(toy, 4000, figures=[COST], folder=tmp_path), whole)


def test_dataset_goes_through_netcdf(draws: xr.Dataset, tmp_path: Path):
    draws.to_netcdf(tmp_path / "draws.nc")
    with xr.open_dataset(tmp_path / "draws.nc") as back:
        xr.testing.assert_identical(back.load(), draws)


def test_correlated_inputs(toy: SourcedScenario, draws: xr.Dataset):
    pair = ("rocket.price", "rocket.flights")
    found = al.sample(toy, 5000, seed=7, correlations={pair: 0.7}, figures=[COST])
    ranks = stats.spearmanr(*(found["inputs"].sel(input=path) for path in pair)).statistic
    assert ranks == pytest.approx(6.0 / np.pi * np.arcsin(0.35), abs=0.01)
    alone = found["inputs"].sel(input=["rocket.payload", "bias"])
    np.testing.assert_array_equal(alone, draws["inputs"].sel(input=["rocket.payload", "bias"]))
    assert found[COST].std() < draws[COST].std()  # dear rockets now fly more often


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        ({"figures": ["earth-to-sso.cots_usd_per_kg"]}, "did you mean 'earth-to-sso.cost_usd_per_kg'"),
        ({"figures": []}, "one or more"),
        ({"figures": [COST, COST]}, "each once"),
        ({"figures": [COST], "n": 0}, "at least 1"),
        ({"figures": [COST], "correlations": {("rocket.price", "fixed"): 0.5}}, "single number"),
        ({"figures": [COST], "correlations": {("rocket.prize", "bias"): 0.5}}, "did you mean 'rocket.price'"),
        (
            {
                "figures": [COST],
                "correlations": {
                    ("rocket.price", "bias"): 0.9,
                    ("rocket.price", "rocket.flights"): 0.9,
                    ("bias", "rocket.flights"): -0.9,
                },
            },
            "not positive definite",
        ),
    ],
)
def test_bad_requests(toy: SourcedScenario, ask: dict[str, Any], message: str):
    with pytest.raises(al.ScenarioError, match=message):
        al.sample(toy, **({"n": 100} | ask))


def test_a_figure_of_ones_own(toy: SourcedScenario):
    """Any function of the scenario and its evaluation."""

    def ratio(scenario: Any, evaluation: Any) -> Array:
        return evaluation.routes["earth-to-sso"].cost * scenario.rocket.flights / scenario.rocket.price

    own = al.Figure("share of a kilogram", "1/kg", "", ("routes.earth-to-sso",), ratio)
    found = al.sample(toy, 1000, figures=[own])
    payload = 1e3 * found["inputs"].sel(input="rocket.payload")
    np.testing.assert_allclose(found[own.name], 1.0 / payload, rtol=1e-12)


def test_figures_of_another_source(toy: SourcedScenario, monkeypatch: pytest.MonkeyPatch):
    """A pytree made of the evaluation: each figure by its path, with its unit, meaning and constraints; made once."""
    traced = []

    class Doubled(Pytree):
        cost: Array = field(unit="USD / kg", doc="twice the cost")
        speeds: Array = field(unit="m / s", doc="twice the speeds")

    def doubled(scenario: Any, evaluation: Any) -> Doubled:
        traced.append(evaluation)
        return Doubled(cost=2.0 * evaluation.routes["earth-to-sso"].cost, speeds=2.0 * evaluation.speeds)

    further = uncertainty.Further(doubled, {"cost": ("routes.earth-to-sso",)})
    monkeypatch.setitem(uncertainty.FURTHER, "twice", further)  # pyright: ignore[reportArgumentType]
    found = al.sample(
        toy, 1000, seed=7, figures=[COST, "speeds[1]", "twice.cost", "twice.speeds[0]", "twice.speeds[1]"]
    )
    assert len(traced) == 2  # for the names, and in the program
    np.testing.assert_array_equal(found["twice.cost"], 2.0 * found[COST])
    np.testing.assert_array_equal(found["twice.speeds[1]"], 2.0 * found["speeds[1]"])
    assert (found["twice.cost"].attrs["units"], found["twice.cost"].attrs["boundary"]) == ("USD / kg", "twice the cost")
    feasible = found["feasible"]
    np.testing.assert_array_equal(feasible.sel(figure="twice.cost"), feasible.sel(figure=COST))
    assert found["twice.speeds[0]"].attrs["infeasible"] == 0  # it needs no constraint met
    with pytest.raises(al.ScenarioError, match=r"did you mean 'twice.cost'"):
        al.sample(toy, 10, figures=["twice.cots"])


def by_hand(values: np.ndarray, feasible: np.ndarray | None = None) -> xr.Dataset:
    feasible = np.ones(values.shape, bool) if feasible is None else feasible
    return xr.Dataset(
        {"f": ("draw", values, {"units": "m"}), "feasible": (("figure", "draw"), feasible[None])}, {"figure": ["f"]}
    )


def test_intervals_of_quantiles_hold(rng: np.random.Generator):
    """400 samples of 500 normal numbers: 95 % intervals hold the true quantile in 92 to 99 % (binomial, discrete)."""
    p = [0.05, 0.5, 0.95]
    found = [al.quantiles(by_hand(rng.normal(size=500)), p) for _ in range(400)]
    truth = stats.norm.ppf(p)
    held = np.mean([((q["low"].values[0] <= truth) & (truth <= q["high"].values[0])) for q in found], axis=0)
    assert np.all((held > 0.92) & (held < 0.99))


def test_quantiles_count_what_they_leave_out():
    values = np.concatenate([np.arange(101.0), np.full(9, np.nan), [np.inf]])
    feasible = values < 50.5
    q = al.quantiles(by_hand(values, feasible), [0.5])
    assert q["value"].item() == 50.0
    assert (q["used"].item(), q["left_out"].item()) == (101, 10)
    assert q["units"].values.tolist() == ["m"]
    q = al.quantiles(by_hand(values, feasible), [0.0, 0.5], only_feasible=True)
    assert q["value"].values.tolist() == [[0.0, 25.0]]
    assert np.isnan(q["low"].values[0, 0])  # below the least draw there is no order statistic
    nothing = al.quantiles(by_hand(np.full(5, np.nan)), [0.5])
    assert np.isnan(nothing["value"]).all()
    assert nothing["left_out"].item() == 5


def test_probability_is_that_of_a_design_that_works():
    """No number and no feasible design: the statement is false. Clopper-Pearson for 25 of 100: 0.169 to 0.347."""
    values = np.concatenate([np.zeros(50), np.ones(40), np.full(10, np.nan)])
    feasible = np.arange(100) >= 25
    found = al.probability(by_hand(values, feasible), "f", lambda x: x < 0.5)
    assert found.value == 0.25
    assert (found.low, found.high) == pytest.approx((0.169, 0.347), abs=5e-4)
    never = al.probability(by_hand(values), "f", lambda x: x > 2.0)
    assert (never.value, never.low) == (0.0, 0.0)
    assert never.high == pytest.approx(0.0362, abs=1e-4)
