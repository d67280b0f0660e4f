"""Opportunities and porkchops by name and date: what can be asked for, and what cannot be used."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from astropy import units as u
from astropy.time import Time

import astro_logistics as al
from astro_logistics.units import UnitError

pytestmark = pytest.mark.optimized

SPAN = ("earth", "mars", "2028-01-01", "2031-12-31")
LEAVE, ARRIVE = ("2028-08-01", "2029-03-01"), ("2029-03-01", "2030-06-01")
C3 = u.Unit("km2/s2")
LOW_EARTH = (398600.4418 * u.Unit("km3/s2"), 6678.0 * u.km)
LOW_MARS = (42828.37 * u.Unit("km3/s2"), 3690.0 * u.km)


@pytest.fixture(scope="module")
def least_c3() -> list[al.Opportunity]:
    return al.opportunities(*SPAN, c3_margin=1.0 * C3)


def test_launch_periods_are_labelled(least_c3: list[al.Opportunity]) -> None:
    """Type I and II of 2028 and 2031; the dates are in order and the width is theirs."""
    assert [o.type for o in least_c3] == ["II", "I", "I", "II"]
    for o in least_c3:
        assert o.opens is not None
        assert o.closes is not None
        assert o.opens < o.departure < o.closes < o.arrival
        days = (np.datetime64(o.closes) - np.datetime64(o.opens)) / np.timedelta64(1, "s") / 86400.0
        assert o.launch_period_days == pytest.approx(days, abs=2e-5)  # dates are printed to the second
        assert o.objective == o.c3_km2_per_s2
    # the same in another unit of energy per mass, and none where none is asked for
    again = al.opportunities(*SPAN, c3_margin=1e6 * u.J / u.kg)
    assert [o.launch_period_days for o in again] == pytest.approx([o.launch_period_days for o in least_c3], rel=1e-9)
    assert al.opportunities(*SPAN)[0].launch_period_days is None


def test_a_period_without_an_end_is_nan() -> None:
    """Type II of 2033 meets 180 degrees within 1 km2/s2."""
    found = al.opportunities("earth", "mars", "2033-01-01", "2033-12-31", c3_margin=1.0 * C3)
    (met,) = (o for o in found if o.type == "II")
    assert met.launch_period_days is not None
    assert math.isnan(met.launch_period_days)
    assert met.opens is met.closes is met.arrival_at_opening is met.arrival_at_closing is None


def test_other_objectives(least_c3: list[al.Opportunity]) -> None:
    """Each is least by its own measure, and at no optimum of C3 less by another's."""
    speed = al.opportunities(*SPAN, objective="arrival", speed_margin=100 * u.m / u.s)
    assert all(o.objective == o.v_infinity_arrival_km_per_s for o in speed)
    total = al.opportunities(
        *SPAN, objective="delta_v", departure_orbit=LOW_EARTH, arrival_orbit=LOW_MARS, speed_margin=0.1 * u.km / u.s
    )
    bare = al.opportunities(*SPAN, objective="delta_v")
    for found in (speed, total, bare):
        assert {o.type for o in found} == {"I", "II"}
    for o in (*speed, *total):
        assert o.launch_period_days is not None
        assert math.isnan(o.launch_period_days) or 1.0 < o.launch_period_days < 200.0
    assert any(o.opens for o in speed)
    assert any(o.opens for o in total)
    assert min(o.v_infinity_arrival_km_per_s for o in speed) < min(o.v_infinity_arrival_km_per_s for o in least_c3)
    for o in bare:
        both = math.sqrt(o.c3_km2_per_s2) + o.v_infinity_arrival_km_per_s
        assert o.objective == pytest.approx(both, rel=1e-12)
    # Hohmann between low circular orbits: 3.6 + 2.1 km/s
    assert 5.3 < min(o.objective for o in total) < 5.9


@pytest.mark.slow
def test_a_whole_revolution() -> None:
    found = al.opportunities("earth", "mars", "2028-01-01", "2029-12-31", revolutions=1)
    assert found
    assert {o.type for o in found} <= {"III", "IV"}
    assert min(o.time_of_flight_days for o in found) > 365.0


def call(**changes: Any) -> Any:
    """`opportunities` with some arguments changed."""
    return al.opportunities(**(dict(zip(("origin", "destination", "start", "stop"), SPAN, strict=True)) | changes))


def chop(**changes: Any) -> Any:
    """`porkchop` with some arguments changed."""
    given = {"origin": "earth", "destination": "mars", "departures": LEAVE, "arrivals": ARRIVE, "points": (4, 4)}
    return al.porkchop(**(given | changes))


@pytest.mark.parametrize("ask", [call, chop])
@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"origin": "eart"}, "did you mean 'earth'"),
        ({"destination": "mras"}, "did you mean 'mars'"),
        ({"destination": "earth"}, "two different planets"),
        ({"revolutions": -1}, "a whole number from 0 to 5"),
        ({"revolutions": 6}, "a whole number from 0 to 5"),
        ({"revolutions": 1.0}, "a whole number from 0 to 5"),
        ({"departure_orbit": LOW_EARTH[0]}, "a pair"),
        ({"departure_orbit": (LOW_EARTH[0], -1.0 * u.km)}, "one positive number"),
    ],
)
def test_a_wrong_request_is_told_the_remedy(ask: Any, changes: dict[str, Any], told: str) -> None:
    with pytest.raises(al.ScenarioError, match=told):
        ask(**changes)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"start": "2032-01-01"}, "a start before the stop"),
        ({"start": "2024-12-31"}, "dates from 2025-01-01 to 2060-01-01"),
        ({"stop": "2060-01-02"}, "dates from 2025-01-01 to 2060-01-01"),
        ({"stop": "2059-12-01"}, "arrive before 2060-01-01"),
        ({"start": Time(["2028-01-01", "2028-01-02"], scale="tdb")}, "a single start"),
        ({"objective": "c4"}, "c3, arrival, delta_v"),
        ({"objective": "arival"}, "did you mean 'arrival'"),
        ({"objective": "arrival", "c3_margin": 1.0 * C3}, "speed_margin with this objective"),
        ({"speed_margin": 1.0 * u.km / u.s}, "c3_margin with this objective"),
        ({"c3_margin": 0.0 * C3}, "one positive number"),
        ({"c3_margin": -1.0 * C3}, "one positive number"),
        ({"c3_margin": [1.0, 2.0] * C3}, "one positive number"),
    ],
)
def test_opportunities_that_cannot_be_found(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(al.ScenarioError, match=told):
        call(**changes)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"start": "soon"}, "ISO"),
        ({"start": 2028.0}, "ISO"),
        ({"start": math.nan}, "ISO"),
        ({"c3_margin": 1.0}, "expected a unit like 'm2/s2'"),
        ({"c3_margin": 1.0 * u.km / u.s}, "does not convert"),
        ({"c3_margin": math.nan * C3}, "finite"),
        ({"c3_margin": math.inf * C3}, "finite"),
        ({"objective": "arrival", "speed_margin": 0.1}, "expected a unit like 'm/s'"),
        ({"objective": "delta_v", "speed_margin": 1.0 * C3}, "does not convert"),
        ({"departure_orbit": (398600.0, 6678.0)}, "expected a unit like 'm3/s2'"),
        ({"arrival_orbit": (LOW_MARS[0], 3690.0 * u.s)}, "does not convert"),
    ],
)
def test_numbers_without_their_unit(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(UnitError, match=told):
        call(**changes)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"departures": LEAVE[::-1]}, "departures"),
        ({"arrivals": ARRIVE[::-1]}, "arrivals"),
        ({"arrivals": ("2027-03-01", "2028-08-01")}, "a last arrival after the first departure"),
        ({"arrivals": ("2029-03-01", "2061-06-01")}, "dates from 2025-01-01 to 2060-01-01"),
        ({"points": (0, 4)}, "two dates or more"),
        ({"points": (4, 1)}, "two dates or more"),
        ({"points": (-3, 4)}, "two dates or more"),
        ({"points": (4.5, 4)}, "two dates or more"),
        ({"points": (math.nan, 4)}, "two dates or more"),
        ({"points": (True, 4)}, "two dates or more"),
        ({"points": (4,)}, "two dates or more"),
        ({"points": (10_000, 10_000)}, "with `path`, any number"),
        ({"branch": "lft"}, "did you mean 'left'"),
    ],
)
def test_porkchops_that_cannot_be_made(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(al.ScenarioError, match=told):
        chop(**changes)
