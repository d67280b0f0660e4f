"""A porkchop in a file: the same as in memory, whatever interrupts it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

import astro_logistics as al
from astro_logistics.report import porkchop_cells
from astro_logistics.report.porkchop_cells import VARIABLES

WINDOW = ("earth", "mars", ("2028-08-01", "2029-03-01"), ("2028-12-01", "2030-06-01"))
POINTS = (41, 30)


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Four rows at a time: eleven blocks, the last of one row."""
    monkeypatch.setitem(porkchop_cells.CELLS, "cpu", 4 * POINTS[1])


@pytest.fixture(scope="module")
def whole() -> xr.Dataset:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(porkchop_cells.CELLS, "cpu", 4 * POINTS[1])
        return al.porkchop(*WINDOW, points=POINTS)


def same(data: xr.Dataset, whole: xr.Dataset) -> None:
    """Every cell to single precision, every date to the nanosecond."""
    assert set(data.data_vars) == set(whole.data_vars) == set(VARIABLES)
    for name in VARIABLES:
        np.testing.assert_allclose(data[name].values, whole[name].values, rtol=6e-8)  # 2**-24
        assert data[name].attrs["units"] == whole[name].attrs["units"]
    for name in ("departure", "arrival"):
        np.testing.assert_array_equal(data[name].values, whole[name].values)
        assert data[name].attrs["scale"] == "TDB"


def test_the_file_holds_what_memory_would(tmp_path: Path, whole: xr.Dataset) -> None:
    assert np.isnan(whole["c3"].values).any()  # arrivals before departures are among them
    assert np.isfinite(whole["c3"].values).sum() > 800
    both = whole["v_infinity_departure"] + whole["v_infinity_arrival"]
    np.testing.assert_allclose(whole["delta_v"], both, rtol=1e-14)
    np.testing.assert_allclose(whole["v_infinity_departure"] ** 2, whole["c3"], rtol=1e-14)
    seen: list[float] = []
    with al.porkchop(*WINDOW, POINTS, seen.append, path=tmp_path / "p.nc") as data:
        same(data, whole)
    assert seen[0] == 0.0
    assert seen[-1] == 1.0
    assert seen == sorted(seen)
    assert len(seen) == 12
    with xr.open_dataset(tmp_path / "p.nc") as data:  # as anyone would read it
        same(data, whole)
        assert data.attrs["departures_planned"] == data.sizes["departure"] == POINTS[0]


class StoppedError(Exception):
    """Stands for a key pressed."""


@pytest.mark.parametrize("when", [0.0, 0.3, 0.99])
def test_an_interrupted_run_is_finished_by_the_next(tmp_path: Path, whole: xr.Dataset, when: float) -> None:
    file = tmp_path / "p.nc"

    def stop(fraction: float) -> None:
        if fraction >= when:
            raise StoppedError

    with pytest.raises(StoppedError):
        al.porkchop(*WINDOW, POINTS, stop, path=file)
    with xr.open_dataset(file) as part:  # a partial file reads, and says so
        rows = part.sizes["departure"]
        assert (rows < part.attrs["departures_planned"]) == (when < 0.9)
        np.testing.assert_allclose(part["c3"].values, whole["c3"].values[:rows], rtol=6e-8)
    with open(file, "ab") as tail:
        tail.write(b"torn")  # a row half written
    seen: list[float] = []
    with al.porkchop(*WINDOW, POINTS, seen.append, path=file) as data:
        same(data, whole)
    assert seen[0] == rows / POINTS[0]  # nothing is computed twice
    before = file.read_bytes()
    al.porkchop(*WINDOW, POINTS, path=file).close()
    assert file.read_bytes() == before


def test_a_file_cut_short_is_finished(tmp_path: Path, whole: xr.Dataset) -> None:
    """Whatever length a copy that broke off has left."""
    file = tmp_path / "p.nc"
    al.porkchop(*WINDOW, POINTS, path=file).close()
    complete = file.read_bytes()
    for length in (0, 1, 100, len(complete) // 2, len(complete) - 1):
        file.write_bytes(complete[:length])
        with al.porkchop(*WINDOW, POINTS, path=file) as data:
            same(data, whole)
        assert file.read_bytes() == complete


def test_a_file_of_another_request_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "p.nc"
    al.porkchop(*WINDOW, POINTS, path=file).close()
    kept = file.read_bytes()
    others = [
        {"points": (41, 31)},
        {"points": (42, 30)},
        {"departures": ("2028-08-02", "2029-03-01")},
        {"arrivals": ("2028-12-01", "2030-06-02")},
        {"origin": "mars", "destination": "earth"},
        {"revolutions": 1},
        {"branch": "right"},
    ]
    given = dict(zip(("origin", "destination", "departures", "arrivals"), WINDOW, strict=True)) | {"points": POINTS}
    for other in others:
        with pytest.raises(al.ScenarioError, match="does not belong"):
            al.porkchop(**(given | other), path=file)
        assert file.read_bytes() == kept
    file.write_text("a letter")
    with pytest.raises(al.ScenarioError, match="does not belong"):
        al.porkchop(*WINDOW, POINTS, path=file)
    assert file.read_text() == "a letter"
    al.porkchop(*WINDOW, POINTS, path=file, overwrite=True).close()
    assert file.read_bytes() == kept
    with pytest.raises(OSError, match="No such file"):
        al.porkchop(*WINDOW, POINTS, path=tmp_path / "no" / "such" / "p.nc")
