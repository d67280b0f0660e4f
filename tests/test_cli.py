"""The command: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xarray as xr
from click.testing import CliRunner, Result

from astro_logistics.cli import main
from astro_logistics.launch import fleet as fleets
from astro_logistics.network.evaluate import ROUTES

ENTRY = [
    "name",
    "origin",
    "destination",
    "delta_v_m_per_s",
    "transit_days",
    "departures_per_year",
    "mean_wait_days",
    "energy_mj_per_kg",
    "propellant_kg_per_kg",
    "cost_usd_per_kg",
    "throughput_t_per_year",
    "datacenter_gw_per_year",
    "limited_by",
]


def run(*arguments: str) -> Result:
    """The command's result; an exception that is not an exit is raised."""
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def test_compare_json_has_the_columns_and_no_nan() -> None:
    """One entry per route with the promised keys, every number a number."""
    result = run("compare", "--json", "-")
    assert result.exit_code == 0
    content = json.loads(result.stdout)
    assert [entry["name"] for entry in content["routes"]] == list(ROUTES)
    for entry in content["routes"]:
        assert set(ENTRY) <= set(entry)
        assert all(entry[key] is not None for key in ENTRY)
    assert all(len(rows) == 3 for rows in content["sensitivities"].values())
    assert {record["status"] for record in content["rests_on"]} <= {"claimed", "assumed"}
    assert all(entry["price_usd_per_kg"] >= entry["cost_usd_per_kg"] for entry in content["routes"])
    assert all(entry["electricity_kwh_per_kg"] >= 0.0 for entry in content["routes"])
    for entry in content["routes"][:2]:  # rockets to orbit: the rate is the smooth minimum of what each limit allows
        limits = entry["limits_t_per_year"]
        assert set(limits) == set(fleets.LIMITS)
        assert entry["limited_by"] == min(limits, key=limits.__getitem__)
        assert 8 ** (-1 / 16) * min(limits.values()) <= entry["throughput_t_per_year"] <= min(limits.values())
        assert entry["carbon_dioxide_kg_per_kg"] > 0.0
    goals = content["demand"]
    assert set(goals) == {"100 GW/yr", "200 GW/yr", "1 TW/yr"}
    assert {"flights_per_day", "ships", "pads", "oxygen_mt_per_year", "fuel_mt_per_year"} <= set(goals["1 TW/yr"])
    assert goals["1 TW/yr"]["flights_per_day"] == pytest.approx(10.0 * goals["100 GW/yr"]["flights_per_day"], rel=1e-12)
    assert content["launch_price"]["bottom_up_price_usd_per_kg"] > 0.0


def test_compare_prints_every_route_and_what_it_rests_on() -> None:
    """The table for people."""
    result = run("compare")
    assert result.exit_code == 0
    assert all(name in result.stdout for name in ROUTES)
    assert "claimed or assumed" in result.stdout
    assert "1 TW/yr" in result.stdout


def test_json_goes_to_a_file(tmp_path: Path) -> None:
    """A file is written whole and parses."""
    file = tmp_path / "out.json"
    assert run("compare", "--json", str(file)).exit_code == 0
    assert json.loads(file.read_text(encoding="utf-8"))["scenario"] == "baseline"


def test_an_infeasible_design_is_a_result(tmp_path: Path) -> None:
    """A track too short is named, in the table and in JSON, and the exit status is 1."""
    file = tmp_path / "short.toml"
    file.write_text(
        """
        title = "A short track"
        extends = "baseline"
        [set.mass_driver.track_length]
        value = 1.0
        unit = "km"
        low = 0.9
        high = 1.1
        status = "assumed"
        note = "too short on purpose"
        """,
        encoding="utf-8",
    )
    shown = run("compare", str(file))
    assert shown.exit_code == 1
    assert "track is long enough" in shown.stdout
    told = run("compare", str(file), "--json", "-")
    assert told.exit_code == 1
    entry = next(e for e in json.loads(told.stdout)["routes"] if e["name"] == "moon-to-mars")
    assert entry["violated"] == ["track is long enough"]
    assert entry["limited_by"] == "not met: track is long enough"


def test_windows_json() -> None:
    """Each opportunity has the promised keys; a window of 2028 has both types."""
    result = run("windows", "earth", "mars", "--from", "2028-01-01", "--to", "2029-12-31", "--json", "-")
    assert result.exit_code == 0
    found = json.loads(result.stdout)["opportunities"]
    keys = {"departure", "arrival", "c3_km2_per_s2", "v_infinity_arrival_km_per_s", "time_of_flight_days", "type"}
    assert all(keys <= set(entry) for entry in found)
    assert {entry["type"] for entry in found} == {"I", "II"}


def test_windows_table() -> None:
    """The table for people."""
    result = run("windows", "earth", "mars", "--from", "2028-01-01", "--to", "2029-12-31")
    assert result.exit_code == 0
    assert "2028-1" in result.stdout


def test_sources_tells_where_a_number_comes_from() -> None:
    """One record, a group of records, all sources, and JSON."""
    assert "status" in run("sources", "mass_driver.track_length").stdout
    assert run("sources", "launcher.vehicle").stdout.count("status") > 5
    assert "read:" in run("sources").stdout
    content = json.loads(run("sources", "mass_driver.track_length", "--json", "-").stdout)
    assert content["records"][0]["path"] == "mass_driver.track_length"


def test_validate_counts_the_numbers(tmp_path: Path) -> None:
    """A good file is said to be good."""
    file = tmp_path / "plain.toml"
    file.write_text('title = "As it is"\nextends = "baseline"\n', encoding="utf-8")
    result = run("validate", str(file))
    assert result.exit_code == 0
    assert "good" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("compare", "basline"), "baseline"),
        (("compare", "no/such/file.toml"), "no/such/file.toml"),
        (("windows", "earth", "mras", "--from", "2026-01-01", "--to", "2030-01-01"), "mars"),
        (("windows", "earth", "mars", "--from", "2026-13-01", "--to", "2030-01-01"), "ISO"),
        (("windows", "earth", "mars", "--from", "2026-01-01", "--to", "2099-01-01"), "2060-01-01"),
        (("sources", "mass_driver.trak_length"), "mass_driver.track_length"),
        (("validate", "/no/such/file.toml"), "no such file"),
        (("growth", "--figure", "/no/such/folder/figure.png"), "no folder '/no/such/folder'"),
        (("compare", "--json", "/no/such/folder/answer.json"), "no folder '/no/such/folder'"),
    ],
)
def test_bad_input_exits_with_2_and_names_the_remedy(arguments: tuple[str, ...], told: str) -> None:
    """No traceback: what was found and what is right, on standard error."""
    result = run(*arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("command", [(), ("compare",), ("windows",), ("sources",), ("validate",)])
def test_help_reads_like_a_manual(command: tuple[str, ...]) -> None:
    """Usage, a description, options."""
    result = run(*command, "--help")
    assert result.exit_code == 0
    assert "Usage:" in result.stdout
    assert len(result.stdout.splitlines()) > 6


def test_porkchop_draws_and_writes(tmp_path: Path) -> None:
    """A picture, and data that xarray reads back with the least C3 of the window in it."""
    window = ("porkchop", "earth", "mars", "--from", "2028-08-01", "--to", "2029-03-01", "--points", "60")
    assert run(*window, "-o", str(tmp_path / "p.png")).exit_code == 0
    assert (tmp_path / "p.png").read_bytes().startswith(b"\x89PNG")
    assert run(*window, "-o", str(tmp_path / "p.nc")).exit_code == 0
    with xr.open_dataset(tmp_path / "p.nc", engine="scipy") as data:
        # NASA/TM-2010-216764: 8.928 km2/s2; the grid of 3.5 by 8 days misses the minimum by at most 0.1
        assert 8.9 < float(data["c3"].min()) < 9.05
        assert data["c3"].attrs["units"] == "km2/s2"
    assert run(*window, "-o", str(tmp_path / "p.txt")).exit_code == 2
