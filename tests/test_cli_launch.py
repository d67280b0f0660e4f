"""The command `launch`: tables, JSON, a figure, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from click.testing import CliRunner, Result
from matplotlib.figure import Figure

from astro_logistics import api
from astro_logistics.api.launch import reuse_costs
from astro_logistics.cli import main
from astro_logistics.report import ascent as ascents


def run(*arguments: str) -> Result:
    """The command's result; an exception that is not an exit is raised."""
    return CliRunner().invoke(main, ["launch", *arguments], catch_exceptions=False)


def test_recovery_modes_and_what_they_rest_on() -> None:
    result = run("falcon_9", "--orbit", "leo:300km@28.5deg")
    assert result.exit_code == 0
    for told in (
        "falcon_9_expended",
        "nothing kept",
        "published",
        "+9.1%",
        "kg per s",
        "reserve_mass",
        "at 28.5 degrees",
    ):
        assert told in result.stdout


def test_json(tmp_path: Path) -> None:
    file = tmp_path / "out.json"
    assert run("falcon_9_downrange", "--orbit", "sso:650km", "--json", str(file)).exit_code == 0
    (found,) = json.loads(file.read_text(encoding="utf-8"))["launches"]
    assert found["payload_kg"] > 10e3
    assert {row["stage"] for row in found["slopes"]} == {"stage 1", "stage 2"}
    assert {row["orbit"] for row in found["published"]} == {"gto", "leo"}
    assert {r["status"] for r in found["rests_on"]} <= {"claimed", "assumed"}
    assert found["violated"] == []


def test_what_cannot_fly_ends_with_1() -> None:
    result = run("falcon_9_downrange", "--orbit", "leo@5deg")
    assert result.exit_code == 1
    assert "not met: the orbit passes over the site" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("falcon9_expended",), "falcon_9_expended"),
        (("falkon_9",), "did you mean 'falcon_9'"),
        (("electron", "--orbit", "sso:650kg"), "leo:300km"),
        (("electron", "--orbit", "tli:300km"), "escape:10km2/s2"),
        (("electron", "--orbit", "leo:1e400km"), "leo:300km"),
        (("electron", "--orbit", "leo:300"), "leo:300km"),
        (("electron", "--orbit", "leo:300parsecs"), "leo:300km"),
        (("electron", "--orbit", "sos"), "sso"),
        (("electron", "--orbit", ""), "leo"),
        (("electron", "--orbit", "leo:20km"), "200 to 2000 km"),
        (("falcon_9", "--figure", "x.png"), "one vehicle"),
        (("electron", "--figure", "x.pdf"), ".png"),
    ],
)
def test_bad_input_exits_with_2(arguments: tuple[str, ...], told: str) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "Traceback" not in result.stderr


def test_figure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # what is flown and how it is drawn have tests of their own (examples/10, tests/report/test_ascent.py)
    flown = []
    result = SimpleNamespace(violated=(), residuals={"orbit": 0.25, "payload": np.inf})
    monkeypatch.setattr(api, "fly", lambda name, **target: flown.append((name, target["orbit"])) or result)
    titles = []
    monkeypatch.setattr(ascents, "plot", lambda result, title: titles.append(title) or Figure())
    file = tmp_path / "ascent.png"
    assert run("falcon_9_downrange", "--figure", str(file)).exit_code == 0
    assert file.read_bytes().startswith(b"\x89PNG")
    assert flown == [("falcon_9_downrange", "leo")]
    assert titles == ["falcon_9_downrange to leo, 300 km"]
    result.violated = ("orbit", "payload")
    ended = run("falcon_9_downrange", "--figure", str(file))
    assert ended.exit_code == 1
    assert "not met: orbit (by 0.25), payload (by inf)" in ended.stderr


def test_cost_figure_falls_with_reuse_and_rate(tmp_path: Path) -> None:
    file = tmp_path / "cost.png"
    assert run("starship_v3", "--cost-figure", str(file)).exit_code == 0
    assert file.read_bytes().startswith(b"\x89PNG")
    found = api.lift("starship_v3")
    flights, rates, cost = reuse_costs(found)
    assert cost.shape == (rates.size, flights.size)
    assert (np.diff(cost, axis=0) < 0.0).all()  # fixed costs over more flights
    assert (cost[:, -1] < cost[:, 0]).all()  # what the unit costs over more flights
    # expended and rare: the whole stack and the year's fixed cost in every flight, at least
    made = 90e6 * 8.0 ** np.log2(0.85)
    assert cost[0, 0] * found.payload_kg > made + 600e6 / 10.0
    refused = run("falcon_heavy_expended", "--cost-figure", str(file))
    assert refused.exit_code == 2
    assert "known costs" in refused.stderr
