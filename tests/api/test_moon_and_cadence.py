"""Lunar windows and cadence by name and date: labels, figures against the floors below, and wrong arguments."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from astropy import units as u

import astro_logistics as al
from astro_logistics.api import programme
from astro_logistics.constants import DAY
from astro_logistics.units import iso_tdb, to_tdb_seconds

CAPE: dict[str, Any] = {"latitude": 28.608 * u.deg, "longitude": -80.604 * u.deg}
STATION: dict[str, Any] = {"altitude": 407 * u.km, "inclination": 28.5 * u.deg}
YEAR = ("2026-01-01", "2027-01-01")


def days(iso: str) -> float:
    return float(to_tdb_seconds(iso)) / DAY


def test_lunar_windows_there_and_back() -> None:
    there = al.lunar_windows(*YEAR, **STATION)
    back = al.lunar_windows(*YEAR, direction="return", **STATION)
    for rows in (there, back):
        # NTRS 19900065954: every nine days on average
        assert len(rows) == pytest.approx(365 / 9.0, abs=3)
        leaves = [days(row.departure) for row in rows]
        assert leaves == sorted(leaves)
        for row in rows:
            assert days(row.arrival) - days(row.departure) == pytest.approx(4.0, abs=2e-5)  # whole seconds
            assert 3.05 < row.burn_earth_km_per_s < 3.2
            assert 0.75 < row.burn_moon_km_per_s < 1.0
            assert -2.3 < row.c3_km2_per_s2 < -1.4
            assert 356_400 < row.moon_distance_km < 406_720
            assert abs(row.moon_declination_deg) < 28.8
    faster = al.lunar_windows(*YEAR, time_of_flight=60 * u.h, **STATION)
    assert min(r.burn_moon_km_per_s for r in faster) > max(r.burn_moon_km_per_s for r in there)


def test_launches_and_landings() -> None:
    span = ("2026-01-01", "2026-03-01")
    found = al.lunar_launches(*span, **CAPE, inclination=33 * u.deg)
    assert len(found) == pytest.approx(2 * 59 / 1.035, abs=2)  # two each lunar day of 24.84 h
    # sin A = cos 33 / cos 28.447 at the geocentric latitude
    azimuth = np.rad2deg(np.arcsin(np.cos(np.deg2rad(33)) / np.cos(np.deg2rad(28.4466))))
    inner = found[1:-1]
    np.testing.assert_allclose([r.azimuth_opens_deg for r in inner], azimuth, atol=0.01)
    np.testing.assert_allclose([r.azimuth_closes_deg for r in inner], 180 - azimuth, atol=0.01)
    same = al.lunar_launches(*span, **CAPE, azimuths=(azimuth, 180 - azimuth) * u.deg)
    assert len(same) == len(found)
    assert same[3].opens[:16] == found[3].opens[:16]
    for row in inner:
        assert (days(row.closes) - days(row.opens)) * 24 == pytest.approx(row.hours, abs=1e-3)
    home = al.lunar_landings(*YEAR, **CAPE)
    # three days of flight end 8 to 10 degrees from the antipode: the Moon must be that far south
    assert home
    assert all(abs(row.moon_declination_deg + 28.45) < 11 for row in home)
    assert sum(row.inclination_deg < 90 for row in home) == len(home) / 2
    assert al.lunar_landings(*YEAR, latitude=80 * u.deg, longitude=0 * u.deg) == []  # never under the antipode
    for row in home:
        assert 10.9 < row.entry_speed_km_per_s < 11.2  # Apollo: 11.0 to 11.1 (Orloff 2000)
        assert -7.5 < row.entry_angle_deg < -5.5
        # an orbit flown against the Moon's motion costs more to leave than one flown with it
        assert 0.8 < row.burn_moon_km_per_s < 1.8


def test_cadence_of_the_moon() -> None:
    found = al.cadence("moon", *YEAR, iterations=30, **STATION)
    rows = al.lunar_windows(*YEAR, **STATION)
    leaves = np.array([days(row.departure) for row in rows])
    gaps = np.diff(leaves)
    assert found.windows == len(rows)
    assert found.windows_per_year == pytest.approx(365.25 / gaps.mean(), rel=1e-4)  # whole seconds
    assert found.mean_wait_days == pytest.approx((gaps**2).sum() / gaps.sum() / 2, rel=1e-4)
    assert found.longest_wait_days == pytest.approx(gaps.max(), rel=1e-4)
    first = found.iterations[0]
    assert first.departure == rows[0].departure
    assert days(first.complete or "") == pytest.approx(days(rows[0].arrival) + 30, abs=1e-4)
    for one, two in zip(found.iterations[:-1], found.iterations[1:], strict=True):
        if one.complete and two.departure:
            assert days(two.ready) == pytest.approx(days(one.complete) + 30, abs=1e-4)
            ready = leaves[leaves >= days(two.ready) - 1e-5]
            assert days(two.departure) == pytest.approx(ready[0], abs=1e-4)
    assert found.iterations[-1].complete is None  # a year does not hold thirty
    assert len(found.years_to_iteration) < 30
    both = al.cadence("moon", *YEAR, round_trip=True, iterations=3, **STATION)
    assert min(both.years_to_iteration) >= min(found.years_to_iteration) + 4 / 365.25
    # over a year the phases scatter: expected and real agree to half a gap an iteration
    n = np.arange(1, 4)
    off = np.abs(np.array(both.years_to_iteration) - np.array(both.expected_years_to_iteration))
    assert np.all(off < n * 2 * gaps.max() / 2 / 365.25)


def test_cadence_of_mars_counts_both_types_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """On made-up flights: two types an opportunity, of which the later to leave arrives first."""

    def made_up(origin: str, destination: str, start: str, stop: str) -> list[al.Opportunity]:
        shift = 0.0 if origin == "earth" else 400.0
        rows = []
        for k in range(8):
            for wait, flight, c3 in ((0.0, 320.0, 9.0), (20.0, 210.0, 11.0)):
                leave = float(to_tdb_seconds("2026-06-01")) + (shift + 780.0 * k + wait) * DAY
                rows.append(al.Opportunity(iso_tdb(leave), iso_tdb(leave + flight * DAY), c3, 3.0, flight, "I", c3))
        return rows

    monkeypatch.setattr(programme, "opportunities", made_up)
    found = al.cadence("mars", "2026-01-01", "2043-01-01", round_trip=True, iterations=4)
    assert found.windows == 8
    assert found.mean_gap_days == pytest.approx(780.0)
    assert found.mean_wait_days == pytest.approx(390.0)
    first = found.iterations[0]
    assert first.departure == "2026-06-21T00:00:00"  # the faster type, three weeks later
    # arrival at day 230, a month there, the way home opens at day 400 and 420
    assert days(first.return_departure or "") - days("2026-06-01") == pytest.approx(420.0)
    np.testing.assert_allclose(np.diff(found.years_to_iteration), 780.0 / 365.25)  # 630 + 30 days fit into a gap


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: al.lunar_windows("2027-01-01", "2026-01-01", **STATION), "start before the stop"),
        (lambda: al.lunar_windows("2026-01-01", "2070-01-01", **STATION), "2060"),
        (lambda: al.lunar_windows(*YEAR, altitude=400 * u.km, inclination=200 * u.deg), "0 to 180 deg"),
        (lambda: al.lunar_windows(*YEAR, altitude=-1 * u.km, inclination=20 * u.deg), "positive"),
        (lambda: al.lunar_windows(*YEAR, altitude=400, inclination=20 * u.deg), "altitude"),
        (lambda: al.lunar_windows(*YEAR, **STATION, time_of_flight=40 * u.d), "0.5 to 14 days"),
        (lambda: al.lunar_windows(*YEAR, **STATION, direction="outward"), "outbound"),  # pyright: ignore
        (lambda: al.lunar_launches(*YEAR, **CAPE, inclination=20 * u.deg), "latitude"),
        (lambda: al.lunar_launches(*YEAR, **CAPE), "one of the two"),
        (lambda: al.lunar_launches(*YEAR, **CAPE, azimuths=(108, 72) * u.deg), "least, largest"),
        (lambda: al.lunar_landings(*YEAR, latitude=95 * u.deg, longitude=0 * u.deg), "between -90 and 90"),
        (lambda: al.lunar_landings(*YEAR, **CAPE, perigee_altitude=130 * u.km), "120 km"),
        (lambda: al.cadence("moom", *YEAR), "moon"),
        (lambda: al.cadence("moon", "2026-01-01", "2026-01-03"), "two windows or more"),
        (lambda: al.cadence("moon", *YEAR, iterations=0), "one or more"),
        (lambda: al.cadence("moon", *YEAR, stay=3 * u.m), "stay"),
    ],
)
def test_wrong_arguments_are_told_what_is_right(call: Any, told: str) -> None:
    with pytest.raises(ValueError, match=f"(?s){told}"):
        call()
