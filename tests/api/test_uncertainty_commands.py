"""The commands sample and break-even: what they print, what they write, and how they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from astro_logistics import api
from astro_logistics.api import SourcedScenario
from astro_logistics.cli import main

COST, ROOT = "earth-to-sso.cost_usd_per_kg", "moon-to-sso.cost_usd_per_kg"


@pytest.fixture(autouse=True)
def toy_in_place(toy: SourcedScenario, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api, "load", lambda name: toy)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def test_sample_table_and_json(toy: SourcedScenario, tmp_path: Path):
    table = run("sample", "--n", "3000", "--figure", COST, "--figure", ROOT)
    assert table.exit_code == 0
    assert all(word in table.stdout for word in (COST, ROOT, "3,000 draws of 4 inputs", "not met", "100.00%"))
    ask = ("--figure", ROOT, "--correlate", "rocket.price", "bias", "0.5", "--folder", str(tmp_path / "d"))
    content = json.loads(run("sample", "--n", "3000", "--seed", "2", *ask, "--json", "-").stdout)
    draws = api.sample(toy, 3000, 2, {("rocket.price", "bias"): 0.5}, [ROOT])
    found = api.quantiles(draws)
    (figure,) = content["figures"]
    assert (content["draws"], content["seed"], figure["units"]) == (3000, 2, "USD/kg")
    assert figure["not_finite"] == draws.attrs["not_converged"] > 1000
    for row in figure["quantiles"]:
        assert row["value"] == found["value"].sel(figure=ROOT, probability=row["probability"]).item()
        assert row["low"] < row["value"] < row["high"]
    assert list((tmp_path / "d").glob("draws-*.npz"))


def test_break_even_found(toy: SourcedScenario):
    table = run("break-even", COST, "125 USD/kg", "--vary", "rocket.flights")
    assert table.exit_code == 0
    assert "rocket.flights = 16.00; the figure is below the target beyond it" in table.stdout
    assert "rocket.price" in table.stdout
    content = json.loads(run("break-even", COST, "125 USD/kg", "--vary", "rocket.price", "--json", "-").stdout)
    (crossing,) = content["crossings"]
    assert crossing["value"] == pytest.approx(25.0, rel=1e-12)
    assert content["vary_unit"] == "MUSD"
    other = run("break-even", ROOT, COST, "--vary", "bias", "--range", "0", "9")
    assert "bias = 4.00 m; the figure is above the target beyond it; the design does not meet" in other.stdout


def test_no_value_is_an_answer():
    table = run("break-even", COST, "1 USD/kg", "--vary", "rocket.flights")
    assert table.exit_code == 0
    assert "no value in the range: closest is 20.00 USD/kg, 19.00 USD/kg above the target, at 100.0" in table.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("sample", "--figure", "earth-to-sso.cots_usd_per_kg"), "did you mean"),
        (("sample", "--correlate", "rocket.price", "fixed", "0.5", "--figure", COST), "single number"),
        (("break-even", COST, "125 m", "--vary", "rocket.flights"), "does not convert"),
        (("break-even", COST, "125 pound", "--vary", "rocket.flights"), "give '500 USD/kg'"),
        (("break-even", COST, "moon-to-sso.cots", "--vary", "rocket.flights"), "no figure"),
        (("break-even", COST, "5 USD/kg", "--vary", "rocket", "--range", "1", "2"), "no input"),
    ],
)
def test_bad_input_ends_with_two_and_a_message(arguments: tuple[str, ...], message: str):
    result = run(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr
