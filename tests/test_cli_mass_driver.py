"""`astro-logistics mass-driver`: tables, JSON, the figure, bad input; one analysis serves all."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy import units as u
from click.testing import CliRunner

import astro_logistics as al
from astro_logistics.cli import main
from astro_logistics.cli.output import BAD_INPUT, INFEASIBLE
from astro_logistics.constants import JULIAN_YEAR


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


@pytest.fixture
def canned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two shots to L2 as `lunar_throws` finds them, without the search: the command's own work is under test."""

    def throws(target: str, errors: Any, **rest: Any) -> list[al.LunarThrow]:
        usual: dict[str, Any] = dict.fromkeys((f.name for f in dataclasses.fields(al.LunarThrow)), float("nan"))
        both: dict[str, Any] = {"longitude_deg": 33.1, "latitude_deg": 0.0, "elevation_deg": 0.0, "kick_m_per_s": 270.0}
        both |= {
            "target": target,
            "availability_fraction": 1.0,
            "availability": "always",
            "miss_ellipse_km": (1.0, 0.5),
        }
        ways = (("slow (2)", 2.330, 0.05), ("direct", 2.342, 0.01))
        return [
            al.LunarThrow(
                **usual | both | {"family": family, "muzzle_speed_km_per_s": speed, "correction_m_per_s": correction}
                | {"speed_error_m_per_s": float(errors(1e3 * speed)[0])}
            )
            for family, speed, correction in ways
        ]  # fmt: skip

    monkeypatch.setattr(sys.modules["astro_logistics.api.driver_throws"], "found_throws", throws)


def test_throws(canned: None):
    found = json.loads(run("--target", "eml2", "--json", "-"))
    direct, slow = found["throws"]  # direct ones first, though dearer
    assert (direct["throw"]["family"], slow["throw"]["family"]) == ("direct", "slow (2)")
    assert direct["cost_usd_per_kg"] > slow["cost_usd_per_kg"]
    # coils of 1 % every 0.5 m at 981 m/s2: e v / (2 sqrt n) with n = v^2 / (2 a pitch), whatever the speed
    assert direct["throw"]["speed_error_m_per_s"] == pytest.approx(0.5 * 0.01 * np.sqrt(2.0 * 981.0 * 0.5), rel=1e-9)
    # the kick by the rocket equation, at 314.5 s with a fifth of the propellant as tanks
    burnt = 1.0 - np.exp(-270.01 / (314.5 * 9.80665))
    assert direct["payload_fraction"] == pytest.approx(1.0 - 1.2 * burnt, rel=1e-9)
    assert direct["limited_by"] == "driver power"
    assert direct["lost_shots_per_year"] == pytest.approx(0.01 * direct["shots_per_year"])
    # electricity: power through the duty is what all shots take
    spent = direct["energy_mj_per_kg"] * direct["throughput_t_per_year"] * 1e9
    assert spent == pytest.approx(125e6 * 0.45 * JULIAN_YEAR, rel=0.02)  # the two limits meet smoothly
    caught = json.loads(run("--target", "catcher", "--speed-error", "1 mm/s", "--json", "-"))["throws"][0]
    assert (caught["stopped_by"], caught["throw"]["speed_error_m_per_s"]) == ("a catcher", 1e-3)
    assert caught["payload_fraction"] > 0.999
    text = run("--target", "l5")
    assert "payload of what is thrown" in text
    assert "whole satellites" in text
    # a muzzle that the track cannot give
    assert "track is long enough" in run("driver_handmer_2026", "--target", "eml2", code=INFEASIBLE)


def test_payload_sets_the_track():
    found = {row.name: row for row in al.payload_tracks(2.4 * u.km / u.s)}
    assert found["bulk_solids"].track_m == pytest.approx(288.0)  # NASA SP-428
    assert found["whole_satellites"].track_m == pytest.approx(9_789.0, rel=1e-3)  # v^2 / 2a at 30 g
    for row in found.values():
        assert row.shortest_m <= row.track_m <= row.longest_m


def test_bad_input(tmp_path: Path):
    assert "must end in .png" in run("--figure", "x.pdf", code=BAD_INPUT)
    assert "escape" in run("--target", "venus", code=BAD_INPUT)
    assert "expected a unit" in run("--target", "eml2", "--longitude", "33", code=BAD_INPUT)
    # of the shots, and no shots are asked for
    assert "--longitude is about the shots themselves: add --throw" in run("--longitude", "33 deg", code=BAD_INPUT)
    assert "give their --date" in run("--target", "eml2", "--tilted", code=BAD_INPUT)
    # before the search for shots, not after it
    assert "Invalid value for '--date'" in run("--target", "eml2", "--date", "someday", code=BAD_INPUT)
    assert "the ephemeris goes from 2025" in run("--target", "eml2", "--date", "2070-01-01", code=BAD_INPUT)
    assert "1<=x<=4096" in run("--target", "eml2", "--fates", "0", code=BAD_INPUT)
