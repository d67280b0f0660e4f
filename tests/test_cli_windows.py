"""The commands `windows` and `porkchop`: their options, and input that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xarray as xr
from click.testing import CliRunner, Result

from astro_logistics.cli import main

SPAN = ("earth", "mars", "--from", "2028-08-01", "--to", "2029-03-01")
SMALL = ("porkchop", *SPAN, "--points", "20", "--arrive-from", "2029-05-01", "--arrive-to", "2030-05-01")


def run(*arguments: str) -> Result:
    """The command's result; an exception that is not an exit is raised."""
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def test_launch_periods() -> None:
    """In the table and in JSON: type I of 2028 lasts three weeks within 1 km2/s2."""
    shown = run("windows", *SPAN, "--c3-margin", "1 km2/s2")
    assert shown.exit_code == 0
    assert "2028-11-29 to 2028-12-19" in shown.stdout
    told = run("windows", *SPAN, "--c3-margin", "1e6 m2/s2", "--json", "-")
    found = json.loads(told.stdout)["opportunities"]
    (first,) = (entry for entry in found if entry["type"] == "I")
    assert first["launch_period_days"] == pytest.approx(20.68, abs=0.01)
    plain = json.loads(run("windows", *SPAN, "--json", "-").stdout)["opportunities"]
    assert all(entry["launch_period_days"] is None for entry in plain)


def test_objective() -> None:
    told = run("windows", *SPAN, "--objective", "arrival", "--speed-margin", "100 m/s", "--json", "-")
    assert told.exit_code == 0
    found = json.loads(told.stdout)["opportunities"]
    assert found
    assert all(entry["objective"] == entry["v_infinity_arrival_km_per_s"] for entry in found)


def test_a_file_is_finished_or_left_alone(tmp_path: Path) -> None:
    """The same command again changes nothing; another one is refused, unless told to replace."""
    file = tmp_path / "p.nc"
    assert run(*SMALL, "-o", str(file)).exit_code == 0
    kept = file.read_bytes()
    assert run(*SMALL, "-o", str(file)).exit_code == 0
    assert file.read_bytes() == kept
    other = (*SMALL[:7], "--points", "21", *SMALL[9:])
    refused = run(*other, "-o", str(file))
    assert refused.exit_code == 2
    assert "does not belong to this porkchop plot" in refused.stderr
    assert file.read_bytes() == kept
    assert run(*other, "--overwrite", "-o", str(file)).exit_code == 0
    with xr.open_dataset(file) as data:
        assert dict(data.sizes) == {"departure": 21, "arrival": 21}


PORKCHOP = ("porkchop", *SPAN, "-o", "p.nc")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("windows", *SPAN, "--c3-margin", "1"), "expected a unit like 'm2/s2'"),
        (("windows", *SPAN, "--c3-margin", "1 km/s"), "does not convert"),
        (("windows", *SPAN, "--c3-margin", "1 kms"), "no unit known here"),
        (("windows", *SPAN, "--c3-margin", "nan km2/s2"), "finite"),
        (("windows", *SPAN, "--c3-margin", "-1 km2/s2"), "positive"),
        (("windows", *SPAN, "--c3-margin", "much"), "a number and its unit"),
        (("windows", *SPAN, "--speed-margin", "1 km/s"), "c3_margin with this objective"),
        (("windows", *SPAN, "--objective", "arival"), "did you mean 'arrival'"),
        (("windows", *SPAN, "--revolutions", "6"), "0<=x<=5"),
        (("windows", "eart", *SPAN[1:]), "did you mean 'earth'"),
        (("porkchop", "earth", "mras", *SPAN[2:], "-o", "p.nc"), "did you mean 'mars'"),
        (("porkchop", "earth", "mars", "--from", "2029-01-01", "--to", "2028-01-01", "-o", "p.nc"), "before the stop"),
        (("porkchop", "earth", "mars", "--from", "2020-01-01", "--to", "2020-06-01", "-o", "p.nc"), "2025-01-01"),
        (("porkchop", "earth", "mars", "--from", "soon", "--to", "2028-01-01", "-o", "p.nc"), "ISO"),
        ((*PORKCHOP, "--arrive-from", "2027-01-01", "--arrive-to", "2028-01-01"), "after the first departure"),
        ((*PORKCHOP, "--points", "0"), "2<=x<=100000"),
        ((*SMALL, "-o", "no/such/folder/p.nc"), "make it, or name another"),
        (("porkchop", *SPAN, "--points", "5000", "-o", "p.png"), "a picture shows up to 2000"),
    ],
)
def test_bad_input_exits_with_2(
    arguments: tuple[str, ...], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No traceback and no file: what was found and what is right, on standard error."""
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "Traceback" not in result.stderr
    assert not list(tmp_path.iterdir())
