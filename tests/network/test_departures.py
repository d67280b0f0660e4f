"""Departures on the ephemeris: Jupiter's are optima; the cheapest of each opportunity, and the way back after it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from astro_logistics.api.scenarios import ephemeris
from astro_logistics.astro.windows import Opportunities, porkchop
from astro_logistics.constants import DAY, JULIAN_YEAR
from astro_logistics.network import departures as module
from astro_logistics.network.departures import LONGEST_STAY, Departures, departures, round_trips

MU_SUN = 1.32712440041279419e20
AT_2028 = 28.0 * JULIAN_YEAR


def test_jupiter_of_the_other_tests_is_an_optimum():
    # The departures to Jupiter that `departures` finds from 2026 to 2046 (18 of them; found again here would take
    # 17 s): days past J2000, days of flight, C3 in km2/s2 and km/s on arrival of the three in test_destinations.
    leave = np.array([10587.3001, 10977.4764, 11376.2683]) * DAY
    arrive = leave + np.array([1098.8015, 841.3361, 757.1476]) * DAY
    shift = np.array([-25.0, 0.0, 25.0]) * DAY
    grid = porkchop(
        ephemeris(), "emb", "jupiter", (leave[:, None] + shift).ravel(), (arrive[:, None] + shift).ravel(), MU_SUN
    )
    c3 = np.asarray(grid.c3).reshape(3, 3, 3, 3)
    speed = np.asarray(grid.v_infinity_arrival).reshape(3, 3, 3, 3)
    for i in range(3):
        own = c3[i, :, i, :]
        assert np.argmin(own) == 4  # the middle one, in both dates
        assert own[1, 1] / 1e6 == pytest.approx([75.6158, 76.7023, 80.1230][i], abs=1e-3)  # digits written
        assert speed[i, 1, i, 1] / 1e3 == pytest.approx([5.7095, 6.3620, 6.9944][i], abs=1e-3)
    # synodic period of Earth and Jupiter: 398.9 d; opportunities of an eccentric orbit scatter by weeks
    np.testing.assert_allclose(np.diff(leave) / DAY, 398.9, atol=25.0)


def some(**columns: list[float]) -> Opportunities:
    """Opportunities with the fields that matter here."""
    n = len(columns["departure"])
    filled = {name: np.asarray(columns.get(name, [0.0] * n), dtype=float) for name in Opportunities._fields}
    return Opportunities(**filled)


def test_the_cheapest_of_each_opportunity(monkeypatch: pytest.MonkeyPatch):
    # two types within weeks of each other are one opportunity; 400 days on is another
    found = some(
        departure=[900 * DAY, 480 * DAY, 500 * DAY], c3=[9e6, 12e6, 8e6], v_infinity_departure=[3e3, 3.5e3, 2.8e3]
    )
    monkeypatch.setattr(module, "opportunities", lambda *_, **__: found)
    best = departures(ephemeris(), "mars", 0.0, 1.0, MU_SUN)
    np.testing.assert_array_equal(best.departure, np.array([500.0, 900.0]) * DAY)
    np.testing.assert_array_equal(best.v_infinity_departure, [2.8e3, 3e3])
    monkeypatch.setattr(module, "opportunities", lambda *_, **__: some(departure=[]))
    with pytest.raises(ValueError, match="no departure"):
        departures(ephemeris(), "mars", 0.0, 1.0, MU_SUN)


def test_the_cheapest_way_back_within_a_synodic_period(monkeypatch: pytest.MonkeyPatch):
    asked = {}

    def back(*args: Any, **_: Any) -> Opportunities:
        asked["from"], asked["span"] = args[1:3], args[3:5]
        return some(
            departure=[x * DAY for x in (290, 700, 1100, 2500)],
            time_of_flight=[300 * DAY] * 4,
            c3=[1e6, 36e6, 8e6, 4e6],
            v_infinity_departure=[1e3, 6e3, 2.8e3, 2e3],
        )

    monkeypatch.setattr(module, "opportunities", back)
    times = [np.array([0.0, 800.0, 9000.0]) * DAY, np.full(3, 300.0) * DAY]
    out = Departures(*times, *[np.full(3, 3e3)] * 2)  # pyright: ignore[reportArgumentType]
    found = round_trips(ephemeris(), out, "mars", MU_SUN)
    # Arrivals at 300, 1100 and 9300 d. 290 is gone; 700 is the first way back but dear, 1100 is cheapest in 800 d and
    # may be taken on the day of arrival; the third arrival has none.
    np.testing.assert_array_equal(found.out.departure, np.array([0.0, 800.0]) * DAY)
    np.testing.assert_array_equal(found.back.departure, np.array([1100.0, 1100.0]) * DAY)
    np.testing.assert_array_equal(found.stay, np.array([800.0, 0.0]) * DAY)
    assert asked["from"] == ("mars", "emb")
    assert asked["span"] == (300 * DAY, 9300 * DAY + LONGEST_STAY)
    far = Departures(np.array([9000.0 * DAY]), *(np.array([x]) for x in (300 * DAY, 3e3, 3e3)))  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="no way back"):
        round_trips(ephemeris(), far, "mars", MU_SUN)


def test_span_without_opportunity():
    with pytest.raises(ValueError, match="ephemeris"):
        departures(ephemeris(), "jupiter", AT_2028, AT_2028 + 40 * JULIAN_YEAR, MU_SUN)
