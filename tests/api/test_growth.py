"""`al.growth`, its band and its command on the baseline: three compiled programs for all of it."""

from __future__ import annotations

import json
from pathlib import Path

import jax
import numpy as np
import pytest
import xarray as xr
from astropy import units as u
from click.testing import CliRunner, Result

import astro_logistics as al
from astro_logistics.api import SourcedScenario
from astro_logistics.astro.cadence import Flights, iterate
from astro_logistics.cli import main
from astro_logistics.constants import STEFAN_BOLTZMANN
from astro_logistics.network.growth_figures import GrowthFigures, GrowthYears, Programme, Swarm
from astro_logistics.pytree import replace_at
from astro_logistics.report.growth import GOALS, MOON_COLUMNS, SUMS, date

YEAR = 365.25 * 86400.0


@pytest.fixture(scope="module")
def baseline() -> SourcedScenario:
    return al.load("baseline")


@pytest.fixture(scope="module")
def found(baseline: SourcedScenario) -> xr.Dataset:
    return al.growth(baseline)


@pytest.fixture(autouse=True)
def cache_of_its_own(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """The compilation cache of the tests is not the user's."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments, catch_exceptions=False)


def test_every_figure_has_its_name_and_unit(found: xr.Dataset):
    """No two figures share a name: years, sums, programmes and swarm are all there."""
    own = [f for f in GrowthFigures.__dataclass_fields__.values() if "info" in f.metadata]
    parts = (GrowthYears, Swarm, Programme)
    count = len(own) + sum(len(part.__dataclass_fields__) for part in parts) - 2  # year and distance are coordinates
    assert len(found.data_vars) == count
    assert all("units" in x.attrs and x.attrs["long_name"] for x in found.data_vars.values())
    assert found.sizes["year"] == 76
    assert float(found["year"][0]) == 2030.0
    for name, x in found.data_vars.items():
        assert not np.any(np.isnan(x.values)), name


def test_balances_of_each_year(found: xr.Dataset):
    """Launched less failed less retired is at work; regolith is goods over their yield; all are sums that only grow."""
    gone = found.failed + found.retired
    np.testing.assert_allclose(found.launched - gone, found.installed, rtol=1e-11, atol=1e-2)
    np.testing.assert_allclose(found.regolith, found.goods / 0.2, rtol=1e-12)
    np.testing.assert_allclose(found.oxygen, found.goods * (0.5 * 0.6 + 0.08 * 1.139), rtol=1e-12)
    assert float(found.lunar_mass) == float(found.goods[-1])
    assert float(found.invested) == float(found.invested_so_far[-1])
    for name in ("launched", "failed", "retired", "lifted", "landed", "goods", "invested_so_far"):
        assert np.all(np.diff(found[name].values) > 0.0), name
    assert 0.1 < float((found.expansion / found.investment).max()) < 0.13
    assert float(-found.balance.min()) <= float(found.peak_exposure) * (1 + 1e-12)
    k = (np.log10(found.installed.values[1:] + world(found)[1:]) - 6.0) / 10.0
    np.testing.assert_allclose(found.kardashev.values[1:], k, rtol=1e-12)


def world(found: xr.Dataset) -> np.ndarray:
    """The world's own power, W, from Sagan's number of the first year, when nothing works in orbit, on."""
    first = 10.0 ** (10.0 * float(found.kardashev[0]) + 6.0)
    later = (10.0 ** (10.0 * found.kardashev.values + 6.0) - found.installed.values) / first
    rate = np.log(later[-1]) / 75.0
    np.testing.assert_allclose(later, np.exp(rate * np.arange(76)), rtol=1e-9)  # it grows steadily
    return first * np.exp(rate * np.arange(76))


def test_dates_are_in_order(found: xr.Dataset):
    """More comes later; a sum is never later than its parts; a date inside the years is where its figure crosses."""
    d = {name: float(found[name]) for name in GOALS}
    assert d["date_100_gw"] <= d["date_200_gw"] <= d["date_1_tw"] <= min(d["date_1_tw_earth"], d["date_1_tw_moon"])
    sun = ("date_millionth_sun", "date_thousandth_sun", "date_hundredth_sun")
    assert d["date_installed_1_tw"] <= d["date_world"] <= d[sun[0]] <= d[sun[1]] <= d[sun[2]]
    assert d["date_orbit_200"] <= d["date_orbit_100"]
    assert float(np.interp(d["date_paying"], found.year, found.rent / found.earth_cost)) == pytest.approx(1.0, abs=1e-3)
    assert float(np.interp(d["date_payback"], found.year, found.balance)) == pytest.approx(0.0, abs=2e10)
    assert float(found.payback_time) == pytest.approx(d["date_payback"] - 2030.0, abs=1e-9)
    lifted = np.interp(d["date_megatonne_orbit"], found.year, np.log(np.maximum(found.lifted, 1.0)))
    assert float(lifted) == pytest.approx(np.log(1e9), abs=0.01)


def test_the_scenario_can_be_differentiated(baseline: SourcedScenario):
    """A derivative through the evaluation is not needed to see it: a figure moves when an input does, the right way."""
    assert np.all([np.all(np.isfinite(x)) for x in jax.tree.leaves(baseline.model.growth)])
    cheap = al.growth(baseline.replace({"growth.launch.propellant_rate": 0.3 / u.yr}))
    base = al.growth(baseline)
    assert float(cheap.installed[60]) > float(base.installed[60])
    assert float(cheap.installed[20]) == pytest.approx(float(base.installed[20]), rel=0.05)  # oxygen does not bind yet


def test_price_of_launch_over_years(baseline: SourcedScenario, found: xr.Dataset):
    """The record in order of years, then growth from where it stands, line and bottom-up price ever lower."""
    record, now = al.price_record(baseline), al.evaluate(baseline).launch_price
    assert record["year"].values.tolist() == [2008, 2016, 2018, 2022, 2026]
    assert np.all(np.diff(record["cumulative_mass"].values) > 0.0)
    away = np.log(record["price"].values / record["record_price"].values)
    assert abs(np.sum(away)) < 1e-9  # least squares: no residue in all
    assert float(found.launch_price[0]) == pytest.approx(now["bottom_up_price_usd_per_kg"], rel=1e-12)
    assert float(found.cumulative_mass[0]) == pytest.approx(1e3 * now["cumulative_mass_t"], rel=1e-12)
    assert float(found.record_price[0]) == pytest.approx(now["predicted_price_usd_per_kg"], rel=1e-12)
    for name in ("launch_price", "record_price"):
        assert np.all(np.diff(found[name].values) < 0.0), name
    assert np.all(found.record_price_low < found.record_price)
    assert np.all(found.record_price < found.record_price_high)
    np.testing.assert_allclose(found.launch_price / found.orbit_cost, found.launch_price[0] / found.orbit_cost[0])


def test_swarm_by_hand(baseline: SourcedScenario, found: xr.Dataset):
    """Cells: what they absorb and do not make into power is given off by both sides; masses and areas by the Sun's."""
    array = baseline.model.datacenter.array
    emissivity = float(array.front_emissivity + array.back_emissivity)
    for i, au in enumerate((0.3, 0.5, 0.7, 1.0, 1.5, 2.0)):
        light = float(array.absorptivity * array.pointing_factor) * 1361.0 / au**2
        idle = (light / (emissivity * STEFAN_BOLTZMANN)) ** 0.25
        t = float(found.swarm_array_temperature[i])
        assert 0.88 * idle < t < idle * (1.0 if au > 0.3 else 1.01)  # at 0.3 au the line of the cells is below zero
        if float(found.swarm_array_gives[i]) <= 0.0:
            compute = 1.0 / float(found.swarm_array_area[i])  # W/m2, a part of what the cells take from the light
            assert emissivity * STEFAN_BOLTZMANN * t**4 < light - compute
            assert emissivity * STEFAN_BOLTZMANN * t**4 > light - 1361.0 / au**2 * float(array.cell_efficiency) * 1.2
    one = found.isel(distance=3)
    assert float(one.swarm_mass.sel(sun_share=1e-3)) == pytest.approx(
        3.828e23 / float(one.swarm_specific_power), rel=1e-12
    )
    assert float(one.swarm_area.sel(sun_share=1e-3)) == pytest.approx(3.828e23 * float(one.swarm_array_area), rel=1e-12)
    assert float(one.swarm_light_time) == pytest.approx(2 * 499.0, abs=0.1)
    share = one.swarm_moon_share / one.swarm_mass * 7.346e22
    assert float(share.max()) < 0.8  # of what is a satellite, at most what the Moon can make of arrays and radiators
    assert float(share.max() - share.min()) < 1e-12


def test_programmes_against_the_windows_themselves(baseline: SourcedScenario, found: xr.Dataset):
    """Mars: the fifth iteration, flown through the real opportunities, within half a window for each."""
    windows = baseline.model.mars_windows
    leave, flight = np.asarray(windows.departure), np.asarray(windows.time_of_flight)
    start = leave[0] + (2030.0 - 2026.0) * YEAR if leave[0] < 8.5e8 else leave[0]
    dates = iterate(Flights(leave, leave + flight), start, 5, stay=0.25 * YEAR, turnaround=0.5 * YEAR)
    years = (dates.complete - start) / YEAR
    mars = found.sel(programme="mars")
    for n, expected in ((1, None), (5, float(mars.programme_fifth) - 2030.0)):
        if expected is not None and np.isfinite(years[n - 1]):
            assert years[n - 1] == pytest.approx(expected, abs=n * 2.135 / 2)
    cycle = float(mars.programme_cycle)
    assert float(mars.programme_tenth - mars.programme_fifth) == pytest.approx(5 * cycle, rel=1e-12)
    assert float(mars.programme_round_cycle) - cycle == pytest.approx(cycle - 0.75, rel=1e-12)  # waits and flies again
    done = float(mars.programme_by_2050)
    assert 2030.0 + done * (cycle - 0.5) + (done - 1) * 0.5 == pytest.approx(2050.0, abs=1e-9)
    assert float(mars.programme_cost_2050) == pytest.approx(done ** -np.log2(1 / 0.85), rel=1e-12)
    moon = found.sel(programme="moon")
    assert float(moon.programme_by_2050) > 3 * done


def test_bad_input(baseline: SourcedScenario):
    with pytest.raises(al.ScenarioError, match="up to 2530"):
        al.growth(baseline, until=2531)
    with pytest.raises(al.ScenarioError, match="2030"):
        al.growth(baseline, until=2030)
    with pytest.raises(al.ScenarioError, match="8 or more"):
        al.growth_band(baseline, draws=7)
    assert run("growth", "nowhere").exit_code == 2
    assert run("growth", "--until", "9999").exit_code == 2
    bad = replace_at(baseline.model, {"growth.demand.power": np.float64(np.nan)})
    broken = al.growth(SourcedScenario("broken", bad, baseline.ledger))
    assert np.all(np.isnan(broken.rent.values))


def test_words_for_dates():
    assert date(2040.4, 2030.0, 2105.0) == "2040"
    assert date(2030.0, 2030.0, 2105.0) == "2030 or before"
    assert date(2110.0, 2030.0, 2105.0) == "(2110)"
    assert date(2131.0, 2030.0, 2105.0) == date(np.inf, 2030.0, 2105.0) == "after 2130, if ever"


def test_band_table_figure_and_json(baseline: SourcedScenario, tmp_path: Path):
    """The same draws for the same seed, in the table, the figure and JSON."""
    band = al.growth_band(baseline, draws=8, seed=3)
    again = al.growth_band(baseline, draws=8, seed=3)
    other = al.growth_band(baseline, draws=8, seed=4)
    xr.testing.assert_identical(band, again)
    assert not band.installed.equals(other.installed)
    assert band.attrs["not_finite"] == 0
    assert np.all(np.diff(band.installed.values, axis=0) >= 0.0)
    assert set(band.date.values) == set(GOALS)

    file, picture, prices = (tmp_path / name for name in ("growth.json", "growth.png", "prices.png"))
    drawn = ("--figure", str(picture), "--price-figure", str(prices))
    assert run("growth", "--draws", "8", "--seed", "3", "--json", str(file), *drawn).exit_code == 0
    content = json.loads(file.read_text(encoding="utf-8"))
    assert set(content) == {
        "scenario", "title", "price_year", "units", "figures", "years", "programmes", "price_record", "swarm", "band"
    }  # fmt: skip
    assert set(SUMS) | set(GOALS) <= set(content["figures"])
    assert [row["year"] for row in content["years"]] == [2030.0 + i for i in range(76)]
    assert {"earth_bound_by", "moon_bound_by", *MOON_COLUMNS} <= set(content["years"][0])
    assert content["band"]["installed"] == band.installed.values.tolist()
    assert content["price_record"][-1]["price"] == pytest.approx(74e6 / 22.8e3, rel=1e-3)
    assert picture.stat().st_size > 20_000
    assert prices.stat().st_size > 20_000
    printed = run("growth", "--every", "25", "--draws", "8", "--seed", "3")
    assert printed.exit_code == 0
    for words in (
        "flight ceiling",
        "Kardashev",
        "half by",
        "8 draws",
        "mars",
        "no: cells too hot",
        "falcon heavy",
        "by the record",
    ):
        assert words in printed.stdout
    nowhere = run("growth", "--draws", "8", "--figure", str(tmp_path / "no" / "x.png"))
    assert nowhere.exit_code == 2
