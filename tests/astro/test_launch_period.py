"""Launch periods against brute force on fine grids, flown launches, and differences in the margin."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from astro_logistics.astro import ephemeris, windows
from astro_logistics.astro.launch_period import LaunchPeriod, launch_period
from astro_logistics.astro.mean_elements import MeanElements
from astro_logistics.constants import DAY

PATH = Path(__file__).parents[2] / "data" / "ephemeris" / "de440_2025_2060.bsp"
MU_SUN = 1.32712440041e20  # m3/s2, DE440 (Park et al. 2021, table 2)
MARGIN = 1e6  # m2/s2


def seconds(date: str) -> float:
    return float((np.datetime64(date) - np.datetime64("2000-01-01T12:00:00")) / np.timedelta64(1, "s"))


@pytest.fixture(scope="module")
def de440() -> ephemeris.Ephemeris:
    return ephemeris.load(PATH)


def optimum(model: windows.States, dates: list[tuple[str, str, str]]) -> windows.Opportunities:
    """Optima by their dates (to the second: `windows.opportunities` finds them, test_windows.py checks that)."""
    leave, arrive = (np.array([seconds(row[i]) for row in dates]) for i in (0, 1))
    c3 = np.array([least(model, t, a[None], row[2])[0] for t, a, row in zip(leave, arrive, dates, strict=True)])
    kind, nothing = np.array([row[2] for row in dates]), np.full(len(dates), np.nan)
    left = np.full(len(dates), "left")
    return windows.Opportunities(
        leave,
        arrive,
        arrive - leave,
        c3,
        np.sqrt(c3),
        nothing,
        c3,
        transfer_type=kind,
        branch=left,
        newton_step=nothing,
    )


def least(model: windows.States, leave: np.ndarray, arrive: np.ndarray, kind: str) -> np.ndarray:
    """Least C3 of one type over the arrivals (m up to 256), for each departure (up to 8): brute force, one shape."""
    cells = windows.porkchop(model, "emb", "mars", np.resize(leave, 8), np.resize(arrive, 256), MU_SUN)
    c3 = np.where((np.asarray(cells.short_way) == (kind == "I")) & np.asarray(cells.converged), cells.c3, np.inf)
    return c3.min(axis=1)[: np.size(leave)]


@pytest.fixture(scope="module")
def optima(de440: ephemeris.Ephemeris) -> windows.Opportunities:
    return optimum(
        de440,
        [
            ("2026-10-30T04:21:29", "2027-08-20T21:02:02", "II"),
            ("2028-12-01T22:41:58", "2029-10-16T06:09:26", "II"),
            ("2028-12-09T17:01:50", "2029-07-19T19:31:20", "I"),
            ("2031-01-28T05:00:04", "2031-08-05T15:42:49", "I"),
            ("2031-02-23T15:54:17", "2032-01-10T03:16:51", "II"),
            ("2033-04-05T13:54:40", "2033-09-30T16:58:23", "I"),
            ("2033-04-28T15:32:43", "2034-01-27T10:48:02", "II"),
            ("2035-08-15T04:16:43", "2036-10-04T22:06:23", "II"),
        ],
    )


def periods(de440: ephemeris.Ephemeris, optima: windows.Opportunities, margin: float | np.ndarray) -> LaunchPeriod:
    return launch_period(de440, "emb", "mars", optima, margin, mu_sun=MU_SUN)


@pytest.fixture(scope="module")
def found(de440: ephemeris.Ephemeris, optima: windows.Opportunities) -> LaunchPeriod:
    return periods(de440, optima, MARGIN)


def test_edges_by_brute_force(de440: ephemeris.Ephemeris, optima: windows.Opportunities, found: LaunchPeriod) -> None:
    """Half a minute inside either edge the least C3 on a fine grid of arrivals is below the limit, outside above."""
    assert found.converged.sum() == 7  # of eight; one runs into 180 degrees, see below
    for k in np.flatnonzero(found.converged):
        limit = optima.c3[k] + MARGIN
        edges = (
            (found.opens[k], found.arrival_at_opening[k], -1.0),
            (found.closes[k], found.arrival_at_closing[k], 1.0),
        )
        for edge, arrival, outwards in edges:
            leave = edge + outwards * np.array([-30.0, 0.0, 30.0])
            arrive = arrival + np.linspace(-1.0, 1.0, 201) * DAY
            inside, at, outside = least(de440, leave, arrive, optima.transfer_type[k])
            # the grid of 0.01 d misses the minimum by half the curvature (below 1e5 m2/s2/d2) times (0.005 d)^2
            assert at == pytest.approx(limit, abs=2.0)
            assert inside < limit < outside


def test_every_departure_between_is_inside(
    de440: ephemeris.Ephemeris, optima: windows.Opportunities, found: LaunchPeriod
) -> None:
    """The valley followed has no hole: all through the period some arrival costs no more than the limit."""
    for k in np.flatnonzero(found.converged):
        leave = np.linspace(found.opens[k], found.closes[k], 40).reshape(5, 8)
        arrive = np.linspace(found.arrival_at_opening[k], found.arrival_at_closing[k], 256)
        c3 = np.concatenate([least(de440, block, arrive, optima.transfer_type[k]) for block in leave])
        assert np.all(c3 < optima.c3[k] + MARGIN + 0.01e6)  # the grid of arrivals is of half a day or less
        assert c3.min() > optima.c3[k] - 1e3


def test_a_period_that_meets_180_degrees_is_told(
    de440: ephemeris.Ephemeris, optima: windows.Opportunities, found: LaunchPeriod
) -> None:
    """Type II of 2033: eleven days after the optimum the valley is cut by the ridge, 0.5 km2/s2 above the optimum."""
    (k,) = np.flatnonzero(~found.converged)
    assert optima.transfer_type[k] == "II"
    assert all(np.isnan(x[k]) for x in found[:-1])
    leave, arrive = optima.departure[k] + 11.48 * DAY, optima.arrival[k] + 4.38 * DAY
    r1, r2 = de440.state("emb", leave)[0], de440.state("mars", arrive)[0]
    assert np.degrees(np.arccos(np.dot(r1, r2) / np.linalg.norm(r1) / np.linalg.norm(r2))) > 179.9
    assert least(de440, np.array([leave]), np.array([arrive]), "II")[0] < optima.c3[k] + MARGIN
    small = periods(de440, optima, 0.3e6)  # stays this side of it
    assert small.converged.all()
    assert np.all(small.width < np.where(found.converged, found.width, np.inf))


def test_width_by_margin(de440: ephemeris.Ephemeris, optima: windows.Opportunities, found: LaunchPeriod) -> None:
    """The derivative, against a central difference; and each optimum has its own margin."""
    step = 1e3
    more, less = (periods(de440, optima, np.full(optima.c3.size, MARGIN + s)) for s in (step, -step))
    difference = (more.width - less.width) / (2.0 * step)
    good = found.converged
    # third derivative over a thousandth of the margin: 1e-6
    np.testing.assert_allclose(found.width_per_margin[good], difference[good], rtol=1e-5)
    tiny = periods(de440, optima, 1e4)
    assert tiny.converged.all()
    # for a small margin the period is that of a parabola: width ~ sqrt(margin), so d width / d margin = width / 2 m
    np.testing.assert_allclose(tiny.width_per_margin, tiny.width / 2e4, rtol=2e-2)
    assert np.all((tiny.opens < optima.departure) & (optima.departure < tiny.closes))


def test_bad_margins_and_the_end_of_the_ephemeris(de440: ephemeris.Ephemeris, optima: windows.Opportunities) -> None:
    for margin in (0.0, -1e6, np.nan, np.inf):
        bad = periods(de440, optima, margin)
        assert not bad.converged.any()
        assert np.isnan(bad.width).all()
    none = windows.Opportunities(*(x[:0] for x in optima))
    assert periods(de440, none, MARGIN).width.shape == (0,)
    early = optima._replace(departure=optima.departure - 100 * 365 * DAY)
    assert not periods(de440, early, MARGIN).converged.any()


def test_a_flown_launch_is_inside() -> None:
    """Mars 2020 left on 2020-07-30 with a C3 of 14.49 km2/s2 (press kit); its launch period had opened on 2020-07-17.

    Mean elements, as the packaged ephemeris begins in 2025: 90 000 km of Mars move the edges by hours.
    """
    best = optimum(MeanElements(), [("2020-07-19", "2021-01-28", "I")])
    assert best.c3[0] == pytest.approx(13.18e6, abs=0.02e6)
    period = launch_period(MeanElements(), "emb", "mars", best, 14.49e6 - best.c3, mu_sun=MU_SUN)
    assert period.converged.all()
    assert period.opens[0] < seconds("2020-07-17")
    # the limit was set by the last days: the least C3 over arrivals reaches it soon after the launch
    assert seconds("2020-07-30T11:50:00") < period.closes[0] < seconds("2020-08-02")
