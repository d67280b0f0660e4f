"""`al.datacenter` and `astro-logistics datacenter`: the closure, its names, its figure, its errors."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

import astro_logistics as al
from astro_logistics.api.datacenter import DatacenterClosure
from astro_logistics.cli import main


@pytest.fixture(scope="module")
def closure() -> DatacenterClosure:
    return al.datacenter("baseline", "sso:650km")


def test_closure(closure: DatacenterClosure):
    # 650 km, LTAN 06:00: shadow for about three months a year, of at most some 20 minutes
    assert 0.955 < closure["sunlit_fraction"] < 0.970
    assert 80.0 < closure["eclipse_season_days_per_year"] < 100.0
    assert 18.0 < closure["longest_eclipse_min"] < 21.0
    # Turyshev 2026: 34 to 59 kg/kW
    assert 34.0 < closure["specific_mass_kg_per_kw"] < 59.0
    masses = sum(v for k, v in closure.figures.items() if k.endswith("_mass_kg"))
    assert masses == pytest.approx(closure["mass_kg"], rel=1e-12)
    # 1 GW delivered: satellites of so much each, launched 20 to 200 t at a time
    assert closure["satellites"] * closure["delivered_power_kw"] == pytest.approx(1e6, rel=1e-12)
    assert 20.0 < closure["constellation_mass_t"] / closure["launches"] < 200.0
    assert not closure.violated
    with pytest.raises(al.ScenarioError, match="mass_kg"):
        closure["masss_kg"]


def test_command(tmp_path: Path, closure: DatacenterClosure):
    data = tmp_path / "dc.json"
    pictures = {f"--{name}figure": tmp_path / f"{name}dc.png" for name in ("", "year-", "cost-")}
    drawn = [str(word) for pair in pictures.items() for word in pair]
    done = CliRunner().invoke(main, ["datacenter", "--orbit", "sso:650km", "--json", str(data), *drawn])
    assert done.exit_code == 0, done.output
    read = json.loads(data.read_text())
    assert read["specific_mass_kg_per_kw"] == pytest.approx(closure["specific_mass_kg_per_kw"], rel=1e-12)
    assert read["violated"] == []
    for picture in pictures.values():
        assert picture.read_bytes().startswith(b"\x89PNG")
        assert picture.stat().st_size > 30_000
    done = CliRunner().invoke(main, ["datacenter", "--orbit", "sun:1au", "--cost-figure", "cost.svg"])
    assert done.exit_code == 2
    assert "--cost-figure" in done.output
    # too hot for cells, and too far for the tanks: both are named, and there is no money
    done = CliRunner().invoke(main, ["datacenter", "--orbit", "sun:0.2au"])
    assert done.exit_code == 1
    assert "not met: array gives power" in done.output
    assert "not met: full tanks carry a payload" in done.output
    done = CliRunner().invoke(main, ["datacenter", "--orbit", "sun:0.5au", "--json", "-"])
    read = json.loads(done.output)
    assert (done.exit_code, read["violated"]) == (1, ["full tanks carry a payload"])
    assert (read["launches"], read["delivery_cost_usd_per_kg"], read["total_usd_per_kw_year"]) == (None, None, None)
    assert (read["sunlit_fraction"], read["battery_mass_kg"]) == (1.0, 0.0)
    table = CliRunner().invoke(main, ["datacenter", "--orbit", "sso:650km"]).output
    for shown in ("kg/kW", "launches", "USD/PFLOP-day", "straight to the orbit"):
        assert shown in table


@pytest.mark.parametrize(
    "orbit", ["sso", "sso:650", "sso:650kg", "sso:9km", "leo:550km", "moon", "sun:0au", "sso:650km:25h"]
)
def test_bad_orbits(orbit: str):
    done = CliRunner().invoke(main, ["datacenter", "--orbit", orbit])
    assert done.exit_code == 2
    assert "Traceback" not in done.output
    assert "orbit" in done.output + done.stderr


def test_local_time_matters():
    noon, dawn = (al.datacenter("baseline", f"sso:650km:{h}h") for h in (12, 18))
    assert noon["sunlit_fraction"] < 0.68
    assert dawn["sunlit_fraction"] > 0.95
    assert np.isfinite(list(noon.residuals.values())).all()


def test_far_orbits():
    # the Moon, 1.5 deg in radius on EML2's sky, covers the Sun at two or three full moons a year, for up to 6.5 hours
    far, geo = (al.datacenter("baseline", orbit) for orbit in ("eml2", "geo"))
    assert 0.998 < far["sunlit_fraction"] < 0.9993
    assert 5.5 * 60.0 < far["longest_eclipse_min"] < 7.0 * 60.0
    assert far["period_min"] == pytest.approx(27.32 * 1440.0, rel=1e-2)
    assert 0.1 < far["eclipse_season_days_per_year"] / 365.25 < 0.4
    assert far["drag_mn"] == 0.0
    # 71 min about the equinoxes, 88 to 90 days a year; belts of electrons, no air, up and out at the end
    assert geo["longest_eclipse_min"] == pytest.approx(70.0, abs=2.0)
    assert 80.0 < geo["eclipse_season_days_per_year"] < 95.0
    assert geo["disposal_delta_v_m_per_s"] == pytest.approx(14.0, abs=1.0)
    assert geo["dose_krad"] > far["dose_krad"]
    # refilled ships bring them; the money is that of the statement at the cost of the way
    home = al.datacenter("baseline", "sun:1au")
    for there in (far, geo, home):
        assert there["flights_per_mission"] > 5.0
        launches = 1e3 * there["constellation_mass_t"] / (1e3 * there["payload_per_mission_t"])
        assert there["launches"] == pytest.approx(launches * there["flights_per_mission"], rel=1e-12)
        over, items = there.cost()
        assert sum(items.values()) == pytest.approx(there["total_usd_per_kw_year"], rel=1e-9)
        assert float(over["terrestrial"]) == pytest.approx(there["ground_total_usd_per_kw_year"], rel=1e-12)
        assert not there.violated
    # the longest of all eclipses with hours about it: chips at the radiator's 330 K and their own 30 K before it, and
    # nearly so at the end
    through = far.revolution()
    assert float(np.max(through.junction)) == pytest.approx(360.0, abs=0.3)
    assert float(through.junction[-1]) == pytest.approx(360.0, abs=1.5)
    assert float(np.min(through.array)) < 100.0
    # nothing holds the heat: docs/datacenter.md says how cold the coolant gets
    assert float(np.min(geo.revolution().coolant)) == pytest.approx(242.0, abs=0.5)
    costs = [there["delivery_cost_usd_per_kg"] for there in (home, far, geo)]
    assert costs == sorted(costs)  # 3.2, 3.5, 4.3 km/s from the depot


def test_year_and_money(closure: DatacenterClosure):
    year = closure.year()
    # warmest where the Earth is nearest the Sun; cells swing as the fourth root of the light: 1.7 % of 320 K
    assert 3.0 < float(year["array"].max() - year["array"].min()) < 12.0
    assert str(year["array"].idxmax().values)[5:7] in ("12", "01", "02")
    # the radiator is sized for the warmest revolution, so the chips are never warmer than sized
    assert float(year["junction"].max()) + 273.15 == pytest.approx(closure["junction_temperature_k"], abs=0.6)
    assert float((year["junction"] - year["coolant"]).std()) < 1e-9
    over, items = closure.cost()
    total = float(over["orbital"].interp(price=closure.delivery_cost))
    assert sum(items.values()) == pytest.approx(total, rel=1e-9)  # a straight line in the price
    slope = np.diff(over["orbital"]) / np.diff(over["price"])
    assert slope == pytest.approx(slope[0], rel=1e-9)
    assert slope[0] * closure.delivery_cost > items["delivery"]  # what is replaced is brought up too
    assert [len(f.axes) for f in (closure.plot_year(), closure.plot_cost())] == [3, 2]
    with pytest.raises(al.ScenarioError, match="full tanks"):
        al.datacenter("baseline", "sun:0.5au").cost()
    equatorial = al.datacenter("baseline", "leo:550km:5deg")  # no site of the launcher lies so far south
    assert "the orbit passes over the site" in equatorial.violated
    assert np.isnan(equatorial.delivery_cost)
