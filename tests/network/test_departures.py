"""Departures on the ephemeris: Jupiter each year by its synodic period, the way back from Mars after each way out."""

from __future__ import annotations

import numpy as np
import pytest

from astro_logistics.api.scenarios import ephemeris
from astro_logistics.astro.windows import porkchop
from astro_logistics.constants import DAY, JULIAN_YEAR
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


@pytest.mark.slow
def test_back_from_mars():
    # ways out of 2028 and 2031 as `departures` finds them
    out = Departures(*(np.asarray(x) for x in (
        AT_2028 + np.array([0.92, 3.15]) * JULIAN_YEAR, np.array([318.0, 320.0]) * DAY,
        np.array([2.99e3, 2.87e3]), np.array([3.27e3, 5.55e3]),
    )))  # fmt: skip  # pyright: ignore[reportArgumentType]
    found = round_trips(ephemeris(), out, "mars", MU_SUN)
    stay = np.asarray(found.stay)
    np.testing.assert_allclose(
        stay, np.asarray(found.back.departure) - np.asarray(out.departure) - np.asarray(out.time_of_flight)
    )
    assert np.all((stay > 300 * DAY) & (stay <= LONGEST_STAY))  # conjunction class: a year and more on the ground
    c3 = (np.asarray(found.back.v_infinity_departure) / 1e3) ** 2
    assert np.all((c3 > 5.0) & (c3 < 10.0))  # Hohmann's 7.0 (2.65 km/s), eccentric Mars
    back = np.asarray(found.back.time_of_flight)
    assert np.all((back > 150 * DAY) & (back < 400 * DAY))


def test_span_without_opportunity():
    with pytest.raises(ValueError, match="ephemeris"):
        departures(ephemeris(), "jupiter", AT_2028, AT_2028 + 40 * JULIAN_YEAR, MU_SUN)
