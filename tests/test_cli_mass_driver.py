"""`astro-logistics mass-driver`: tables, JSON, the figure, bad input; one analysis serves all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from astro_logistics.cli import main
from astro_logistics.cli.output import BAD_INPUT


def run(*args: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, ["mass-driver", *args])
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict, Path]:
    """The JSON of the baseline to escape, and its figure."""
    folder = tmp_path_factory.mktemp("driver")
    run("--json", str(folder / "out.json"), "--figure", str(folder / "out.png"))
    return json.loads((folder / "out.json").read_text()), folder / "out.png"


def test_json(files):
    content = files[0]
    assert content["scenario"] == "baseline"
    assert content["muzzle_speed_m_per_s"] == pytest.approx(2412.0, abs=1.0)
    # the parts add up
    assert sum(content["costs_usd_per_kg"].values()) == pytest.approx(content["cost_usd_per_kg"], rel=1e-12)
    # the cost falls with the mass towards the least, and the driver as it stands lies above that
    assert content["curve_usd_per_kg"][-1] == pytest.approx(content["least_cost_usd_per_kg"], rel=1e-2)
    assert content["cost_usd_per_kg"] > content["least_cost_usd_per_kg"]
    assert content["curve_usd_per_kg"] == sorted(content["curve_usd_per_kg"], reverse=True)
    # break-even falls with local making, rises with the cost of landing; never is null
    table = content["break_even_masses_t_per_year"]
    assert all(row == sorted(row, reverse=True) for row in table)
    assert [row[0] for row in table] == sorted((row[0] for row in table), reverse=True)
    assert content["hundredfold_masses_t_per_year"][0][0] is None
    # power rises to its peak at constant force
    assert content["power_mw"] == sorted(content["power_mw"])
    assert content["power_mw"][-1] == pytest.approx(content["peak_power_mw"], rel=1e-12)


def test_figure_is_a_picture(files):
    assert files[1].read_bytes().startswith(b"\x89PNG")


def test_published():
    text = run("--published")
    assert "handmer_2026" in text
    assert "never" not in text
    found = json.loads(run("--published", "--json", "-"))
    assert {"sp413", "sp428", "quenchgun_1992", "wright_2011", "handmer_2026", "emals"} == set(found)


def test_bad_input(tmp_path: Path):
    assert "must end in .png" in run("--figure", "x.pdf", code=BAD_INPUT)
    assert "escape" in run("--target", "venus", code=BAD_INPUT)
