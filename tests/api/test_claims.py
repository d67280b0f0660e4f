"""Claims against a scenario whose answers have closed forms: verdicts, deciding inputs, break-even, JSON, errors."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

import astro_logistics as al
from astro_logistics import api
from astro_logistics.api import SourcedScenario, sampling
from astro_logistics.cli import main
from astro_logistics.design.uncertainty import BLOCK
from astro_logistics.report import claims as report
from astro_logistics.scenario.claims import read_claims

KEYS = {"id", "stated", "stated_unit", "median", "p05", "p95", "unit", "verdict", "probability"}
MORE_KEYS = {"deciding_inputs", "break_even"}

SOURCES = """
[film]
title = "A film"
authors = "A. Speaker"
year = 2026
url = "https://example.org"
access = "seen"
"""

CATALOGUE = """
[cheap]
says = "It costs 125 USD/kg."
source = "film"
locator = "minute 3"
[cheap.beside]
"speed" = "speeds[1] in km/s"
[cheap.readings.cost]
reads = "cost to orbit"
figure = "earth-to-sso.cost_usd_per_kg"
unit = "USD/kg"
stated = 125.0
most = 125.0
[cheap.readings.saving]
reads = "saved against 500"
figure = "earth-to-sso.cost_usd_per_kg"
unit = "1"
stated = [0.5, 0.75]
least = 0.75
as = "saving"
[cheap.readings.saving.against]
value = 500.0
unit = "USD/kg"
low = 500.0
high = 500.0
status = "claimed"
source = "film"
locator = "minute 4"
price_year = 2026

[rooted]
says = "The root is small."
source = "film"
locator = "minute 5"
[rooted.readings.one]
reads = "it is one or less"
figure = "speeds[0]"
unit = "m/min"
most = 1.0
[rooted.readings.never]
reads = "the second route"
figure = "moon-to-sso.cost_usd_per_kg"
unit = "USD/kg"
least = 0.0
[rooted.readings.beauty]
reads = "it is beautiful"
reason = "no figure answers it"
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("data")
    (path / "sources.toml").write_text(SOURCES, encoding="utf-8")
    (path / "claims.toml").write_text(CATALOGUE, encoding="utf-8")
    return path


@pytest.fixture(autouse=True, scope="module")
def in_place(toy: SourcedScenario, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules["astro_logistics.api.claims"], "read_claims", lambda: read_claims(folder))
        patch.setattr(api, "load", lambda name: toy)
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
        yield


@pytest.fixture(scope="module")
def found(toy: SourcedScenario) -> al.Claims:
    return al.claims(toy, n=2 * BLOCK, seed=1, break_even=True)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ("claims", *arguments), catch_exceptions=False)


def of(found: al.Claims, claim: str, reading: str) -> al.Judged:
    return next(each for each in found.of(claim) if each.reading.name == reading)


def test_answers_are_those_of_the_draws(toy: SourcedScenario, found: al.Claims):
    """Median, interval and probability from the cost worked out by hand at the same inputs."""
    draws = al.sample(toy, 2 * BLOCK, seed=1, figures=["earth-to-sso.cost_usd_per_kg"])
    x = {str(path): draws["inputs"].sel(input=path).values for path in draws["input"].values}
    cost = 1e6 * x["rocket.price"] / (1e3 * x["rocket.payload"] * x["rocket.flights"])
    works = x["rocket.payload"] <= 12.0
    each = of(found, "cheap", "cost")
    assert each.probability is not None
    assert each.probability.value == np.mean((cost <= 125.0) & works)
    assert (each.not_met, each.no_number, each.infinite) == (np.mean(~works), 0.0, 0.0)
    assert [each.p05, each.median, each.p95] == pytest.approx(np.quantile(cost, [0.05, 0.5, 0.95]).tolist(), rel=2e-3)
    assert each.at_scenario == pytest.approx(100.0, rel=1e-12)
    saving = of(found, "cheap", "saving")
    assert saving.probability == each.probability  # 125 of 500 is a saving of 0.75
    assert saving.median == pytest.approx(1.0 - each.median / 500.0, rel=1e-3)  # the next draw: the order is turned
    (told,) = found.beside["cheap"]
    assert (told.tells, told.unit) == ("speed", "km/s")
    assert told.p95 == pytest.approx(1e-3 / 60.0 * 2.0 * np.quantile(x["bias"], 0.95), rel=5e-3)


def test_deciding_inputs_and_where_the_claim_turns(found: al.Claims):
    """cost = price / (payload flights) = 125 at flights 16, price 25, payload 8; of flights comes most of the spread.

    1e-4: linear between values 0.5 % apart. The bias moves no cost and is not named.
    """
    each = of(found, "cheap", "cost")
    assert [d.path for d in each.deciding] == ["rocket.flights", "rocket.price", "rocket.payload"]
    assert [d.rising for d in each.deciding] == [False, True, False]
    assert each.break_even is not None
    turns = {turn.path: turn for turn in each.break_even}
    for path, value, above in (
        ("rocket.flights", 16.0, True),
        ("rocket.payload", 8.0, True),
        ("rocket.price", 25.0, False),
    ):
        turn = turns[path]
        assert turn.value == pytest.approx(value, rel=1e-4)
        assert (turn.true_above, turn.is_met) == (above, True)
    assert turns["rocket.flights"].in_range
    assert [d.path for d in of(found, "rooted", "one").deciding] == ["bias"]


def test_verdicts_by_rule(found: al.Claims):
    """0.9, 0.5 and 0.1 belong to the better verdict; a design that never works fails whatever its figure."""
    said = [report.verdict(p) for p in (1.0, 0.9, np.nextafter(0.9, 0.0), 0.5, 0.4999, 0.1, 0.0999, 0.0)]
    assert said == ["holds", "holds", "plausible", "plausible", "unlikely", "unlikely", "fails", "fails"]
    for each in found.judged:
        if each.probability is not None:
            assert each.verdict == report.verdict(each.probability.value)
    assert of(found, "rooted", "one").verdict == "fails"  # it belongs to no route: all must work, and one never does
    never = of(found, "rooted", "never")
    assert (never.verdict, never.not_met) == ("fails", 1.0)
    assert 0.45 < never.no_number < 0.55
    beauty = of(found, "rooted", "beauty")
    assert (beauty.verdict, beauty.probability, beauty.deciding) == ("not a number", None, ())


def test_infinite_figures_are_counted(toy: SourcedScenario):
    """A date that is never reached is late, not missing; a supply without end lasts long."""
    reading = read_claims_of("x", least=3.0)
    draws = al.sample(toy, BLOCK, figures=["speeds[0]"])
    draws["feasible"].values[:] = True
    draws["speeds[0]"].values[:] = np.where(np.arange(BLOCK) < 300, np.inf, np.arange(BLOCK) / BLOCK)
    assert report.judged(draws, reading, "speeds[0]")[1].value == 300 / BLOCK
    median, low, high = report.middle(draws, "speeds[0]")
    assert high == np.inf
    assert low < median < 1.0
    draws["speeds[0]"].values[:] = np.nan
    assert np.isnan(report.middle(draws, "speeds[0]")).all()


def read_claims_of(name: str, *, least: float) -> report.Reading:
    return report.Reading(name, "", figure="speeds[0]", unit="m/s", least=least)


def test_table_and_story():
    table = run("--n", "1024").stdout
    for words in ("cheap", "cost to orbit", "<= 125 USD/kg", "0.5 to 0.75", "rocket.flights", "no figure answers it"):
        assert words in table
    assert "% cannot work)" in table
    assert max(len(line.rstrip()) for line in table.splitlines()) <= 160
    both = run("--n", "1024", "--beside", "other").stdout
    assert both.startswith(table.rstrip()[:200])
    assert both.count("toy") >= 3
    story = run("cheap", "--n", "1024").stdout
    for words in ("A. Speaker", "minute 3", "true above 16\n", "saved against 500", "minute 4", "speed", "record"):
        assert words in story
    assert "rooted" not in story


def test_json_has_the_promised_keys():
    """No NaN and no infinity; one entry per reading."""
    content = json.loads(run("--n", "1024", "--json", "-").stdout)
    assert (content["draws"], content["planned"], content["scenario"]) == (1024, 1024, "toy")
    assert len(content["claims"]) == 5
    for entry in content["claims"]:
        assert set(entry) >= KEYS | MORE_KEYS
    cost, saving, *_, beauty = content["claims"]
    assert (cost["id"], cost["stated"], cost["stated_unit"], saving["stated"]) == (
        "cheap",
        125.0,
        "USD/kg",
        [0.5, 0.75],
    )
    assert {turn["path"] for turn in cost["break_even"]} >= {"rocket.flights"}
    assert {"path", "share", "rising", "source", "low", "high"} <= set(cost["deciding_inputs"][0])
    assert (beauty["median"], beauty["probability"], beauty["verdict"]) == (None, None, "not a number")
    assert beauty["reason"] == "no figure answers it"


def test_a_wrong_name_is_answered_with_the_nearest():
    result = run("cheep")
    assert result.exit_code == 2
    assert "did you mean 'cheap'" in result.stderr
    with pytest.raises(al.ScenarioError, match="32 or more"):
        al.claims(api.load("toy"), n=31)


def test_interrupting_keeps_what_is_done(monkeypatch: pytest.MonkeyPatch, toy: SourcedScenario):
    """Ctrl-C in the third block: the answer of the first two, and it says so; before the first one there is none."""
    sound, stop = sampling.sobol_points, 2 * BLOCK

    def stopped(dimensions: int, seed: int, start: int, count: int) -> Iterator[np.ndarray]:
        if start == stop:
            raise KeyboardInterrupt
        return sound(dimensions, seed, start, count)

    monkeypatch.setattr(sampling, "sobol_points", stopped)
    found = al.claims(toy, n=4 * BLOCK)
    assert (found.draws, found.planned) == (2 * BLOCK, 4 * BLOCK)
    assert "2,048 draws, seed 0; stopped before 4,096" in run().stdout
    stop = 0
    with pytest.raises(KeyboardInterrupt):
        al.claims(toy)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('unit = "USD/kg"\nstated = 125.0', 'unit = "m"\nstated = 125.0', "USD/kg"),
        ("earth-to-sso.cost_usd_per_kg", "earth-to-sso.cots_usd_per_kg", "did you mean"),
        ("most = 125.0\n", "", "neither least nor most"),
        ('reads = "cost to orbit"', 'raeds = "cost to orbit"', "did you mean 'reads'"),
        ('as = "saving"', 'as = "savings"', "did you mean 'saving'"),
        ('source = "film"\nlocator = "minute 3"', 'source = "flim"\nlocator = "minute 3"', "did you mean 'film'"),
        ("stated = 125.0", "stated = nan", "a finite number"),
        ('"speed" = "speeds[1] in km/s"', '"speed" = 3', "figure in unit"),
    ],
)
def test_a_faulty_catalogue_is_named(
    toy: SourcedScenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str, message: str
):
    assert old in CATALOGUE
    (tmp_path / "sources.toml").write_text(SOURCES, encoding="utf-8")
    (tmp_path / "claims.toml").write_text(CATALOGUE.replace(old, new, 1), encoding="utf-8")
    monkeypatch.setattr(sys.modules["astro_logistics.api.claims"], "read_claims", lambda: read_claims(tmp_path))
    with pytest.raises(ValueError, match=message.replace("(", r"\(")):
        al.claims(toy, n=BLOCK)
