"""Figures that answer claims: arithmetic by hand, what must move them and which way, cheaper launch never dearer."""

from __future__ import annotations

import math
from dataclasses import dataclass

import equinox as eqx
import numpy as np
import pytest

from astro_logistics.api import SourcedScenario, read
from astro_logistics.api.sampling import spread
from astro_logistics.design.uncertainty import outcomes, sobol_points
from astro_logistics.network.scenario import MarsWindows
from astro_logistics.report import claims as report
from astro_logistics.report.uncertainty import Outcome, figures
from astro_logistics.scenario.claims import read_claims

LEFT_OUT = ("mars-", "moon-mars-", "driver-100x", "scorecard", "growth.")
"""Claims that need the ephemeris or half a minute of compiling more: the whole table stands in docs/claims.md."""

TOTAL, LATE = "datacenters.earth-to-sso.money.total", "terrestrial.money.total"
RANDOM = 8
"""Random scenarios."""

YEAR, SUN = 365.25 * 86400.0, 3.828e26
"""s; W, the nominal solar luminosity (IAU 2015 B3)."""

MOVES = {
    "energy-use-share.intercepted": {"civilization.power": 1},
    "energy-use-share.absorbed": {"civilization.power": 1, "bodies.earth.albedo": 1},
    "millionth-of-sun.primary": {"civilization.power": -1},
    "k2-trillionth.electricity": {"civilization.electricity": 1},
    "k2-1-to-100.doublings": {"civilization.power": 1},
    "launch-100-200-gw.fleet": {"launcher.vehicle.stages.1.dry_mass": -1, "datacenter.array.areal_mass": -1},
    "launch-100-200-gw.oxygen": {"supply.oxygen_production": -1},
    "launch-1-tw-earth.oxygen": {"supply.oxygen_production": -1},
    "starship-200.cost": {"launcher.cost.fixed_cost_per_year": 1, "launcher.vehicle.stages.1.dry_mass": 1},
    "starship-200.price": {"launcher.cost.margin_fraction": 1},
    "starship-200.record": {"price_history.points.falcon_1_2008.price": -1},
    "starship-95.cost": {"launcher.cost.fixed_cost_per_year": -1},
    "falcon-5x.own-record": {"price_history.points.falcon_1_2008.price": 1},
    "falcon-5x.others-price": {"launcher_today.cost.margin_fraction": -1},
    "starship-10-20x.cost": {"launcher.cost.operations_cost": -1, "launcher_today.cost.fixed_cost_per_year": 1},
    "in-12-months.learning": {"launcher.fleet.pad_turnaround": 1},
    "megatonnes.orbit-yearly": {"launcher.vehicle.stages.1.dry_mass": -1},
    "megatonnes.moon-decade": {"launcher.fleet.ship_production": -1},
    "opex-60.cash": {"datacenter_cost.loss_rate": -1, "terrestrial.grid_price": 1},
    "opex-60.total": {"datacenter_cost.build_cost": -1, "launcher.cost.operations_cost": -1},
    "opex-60.total-today": {"launcher_today.cost.margin_fraction": -1},
    "energy-bottleneck.cost": {"terrestrial.grid_price": 1, "compute_market.chips": -1},
    "energy-bottleneck.time": {"terrestrial.power_wait": 1, "terrestrial.build_time": -1},
    "revenue-3-years.first": {"datacenter_cost.lead_time": 1},
    "revenue-3-years.payback": {"datacenter_cost.build_cost": 1, "compute_market.chip_price": -1},
    "moon-1000-gw.driver": {"mass_driver.power": 1},
    "no-rockets.low-orbit": {"places.low_lunar_altitude": 1},
    "no-rockets.sso": {"places.plane_tolerance": 1},
    "lunar-supply.panels": {"datacenter.server.specific_power": 1},
    "moon-lasts.terawatt": {"datacenter.design_life": -1},
    "sun-fractions.thousandth": {"datacenter.design_life": 1},
    "belt-incremental.outer": {"datacenter.array.areal_mass": 1},
}
"""Reading -> inputs that must move its figure, and whether it rises with them, by physics or by the books.

A dearer first launch makes the line of learning steeper, and so cheaper today.
"""


@dataclass(frozen=True)
class Found:
    """Values of figures, by name, over rows of inputs."""

    own: dict[str, float]
    moved: dict[str, dict[str, float]]
    as_drawn: dict[str, np.ndarray]
    cheaper: dict[str, np.ndarray]
    needs: dict[str, tuple[str, ...] | None]


@pytest.fixture(scope="module")
def found() -> Found:
    """One compiled program, one call: the scenario, each input moved, random scenarios with dear and cheap launch."""
    model, ledger = read("baseline")
    nine, vectors = np.ones(9), np.ones((9, 3))
    windows = MarsWindows(nine, nine, vectors, vectors, vectors)  # pyright: ignore[reportArgumentType]
    model = eqx.tree_at(lambda s: s.mars_windows, model, windows, is_leaf=lambda x: x is None)
    scenario = SourcedScenario("baseline", model, ledger)
    known, _ = read_claims()
    answers = {f.name: f for f in report.answers(known, model).values()}
    kept = {n: f for n, f in answers.items() if not n.startswith(LEFT_OUT) and f.source != "growth"}
    asked = (*kept.values(), *figures([TOTAL, LATE], model))

    drawn = spread(scenario.ledger)
    own = np.asarray([ledger[path].si_value for path in drawn.paths])
    column = {path: i for i, path in enumerate(drawn.paths)}
    paths = sorted({path for moves in MOVES.values() for path in moves})
    rows = np.tile(own, (1 + len(paths) + 2 * RANDOM, 1))
    for row, path in zip(rows[1:], paths, strict=False):
        r = ledger[path]
        row[column[path]] += 0.05 * (r.si_high - r.si_value if r.si_high > r.si_value else r.si_low - r.si_value)
    dear, cheap = rows[1 + len(paths) : -RANDOM], rows[-RANDOM:]
    dear[:] = np.asarray(drawn.inputs(next(iter(sobol_points(len(own), 9, 0, 1)))))[:RANDOM]
    cheap[:] = dear
    money = [column[p] for p in paths_of_money(drawn.paths, ledger)]
    cheap[:, money] *= np.random.default_rng(9).uniform(0.2, 0.9, size=(RANDOM, 1))
    values = np.asarray(outcomes(Outcome(asked), drawn.paths)(model, rows)["values"])
    names = [f.name for f in asked]
    by_row = [dict(zip(names, row.tolist(), strict=True)) for row in values]
    table = dict(zip(names, values.T, strict=True))
    signs = {p: math.copysign(1.0, rows[1 + i, column[p]] - own[column[p]]) for i, p in enumerate(paths)}
    return Found(
        by_row[0],
        {p: {n: signs[p] * (by_row[1 + i][n] - by_row[0][n]) for n in names} for i, p in enumerate(paths)},
        {name: x[1 + len(paths) : -RANDOM] for name, x in table.items()},
        {name: x[-RANDOM:] for name, x in table.items()},
        {f.name: f.needs for f in asked},
    )


def paths_of_money(paths: tuple[str, ...], ledger: object) -> list[str]:
    """What the launcher of the scenario costs."""
    return [p for p in paths if p.startswith("launcher.cost.") and "USD" in ledger[p].unit]  # pyright: ignore


def test_energy_by_hand(found: Found):
    """592 EJ and 31,256 TWh a year (Energy Institute 2025) over the Earth's disk, Sagan's 1e16 W and the Sun.

    592e18 J / 3.15576e7 s = 1.8759e13 W; 31256e12 W h x 3600 s/h / 3.15576e7 s = 3.5656e12 W;
    the disk: pi (6378.137 km)^2 1361 W/m2 = 1.7394e17 W, of which 1 - 0.294 is absorbed.
    """
    power, electricity = 592e18 / YEAR, 31256e12 * 3600.0 / YEAR
    assert power == pytest.approx(1.8759e13, rel=1e-4)
    disk = math.pi * 6.378137e6**2 * 1361.0
    by_hand = {
        "energy-use-share.intercepted": power / disk,
        "energy-use-share.absorbed": power / (disk * 0.706),
        "energy-use-share.type-one": power / 1e16,
        "millionth-of-sun.primary": 3.828e20 / power,
        "millionth-of-sun.electricity": 3.828e20 / electricity,
        "k2-trillionth.primary": power / SUN,
        "k2-trillionth.electricity": electricity / SUN,
        "k2-1-to-100.doublings": math.log(100.0) / math.log(SUN / power),
    }
    for name, value in by_hand.items():
        assert found.own[name] == pytest.approx(value, rel=1e-6), name
    assert found.own["energy-use-share.intercepted"] == pytest.approx(1.08e-4, rel=2e-3)  # a hundredth of what is said
    assert found.own["millionth-of-sun.primary"] == pytest.approx(2.04e7, rel=1e-3)  # twenty times what is said
    assert found.own["k2-trillionth.primary"] == pytest.approx(4.90e-14, rel=1e-3)  # a twentieth of what is said


def test_mass_of_the_sun_by_hand(found: Found):
    """In masses of the Earth: the Sun 332,946; the systems of Mercury to Neptune add up to 446.76."""
    systems = 0.0553 + 0.8150 + 1.0123 + 0.1074 + 317.894 + 95.185 + 14.537 + 17.151
    share = 332946.05 / (332946.05 + systems)
    assert found.own["sun-mass-share.at-least"] == pytest.approx(share, abs=1e-7)
    assert found.own["sun-mass-share.rounded"] == pytest.approx(0.99866, abs=5e-6)
    assert found.own["sun-mass-share.heavy-cloud"] == pytest.approx(332946.05 / (332946.05 + 642.0), abs=1e-6)


def test_stated_numbers_are_held_against_the_figures(found: Found):
    """Ratios, savings and shares by hand from the figures that they are made of."""
    own = found.own
    assert own["starship-95.cost"] == pytest.approx(1.0 - own["starship-200.cost"] / 2500.0, rel=1e-12)
    assert own["starship-95.hundred"] == own["starship-200.cost"]
    assert own["megatonnes.orbit-decade"] == pytest.approx(1e6 / own["megatonnes.orbit-yearly"], rel=1e-12)
    assert own["moon-1000-gw.lines"] == pytest.approx(1000.0 / own["moon-1000-gw.driver"], rel=1e-12)
    assert own["opex-60.total"] == pytest.approx(1.0 - own[TOTAL] / own[LATE], rel=1e-12)
    assert own["falcon-5x.shuttle"] / own["falcon-5x.others-price"] == pytest.approx(70100.0 / 16000.0, rel=1e-12)
    assert own["sun-fractions.percent"] == pytest.approx(1e4 * own["sun-fractions.millionth"], rel=1e-12)
    assert own["moon-lasts.terawatt"] == pytest.approx(1e3 * own["moon-lasts.thousand"], rel=1e-12)
    terawatts = 1e-2 * SUN / 1e12  # a hundredth of the Sun
    assert own["sun-fractions.percent"] == pytest.approx(terawatts / own["moon-lasts.terawatt"], rel=1e-12)


def test_a_figure_needs_its_own_design_only(found: Found):
    """A record of prices needs none; what a launch rate asks for needs the satellites and the way up."""
    assert found.needs["starship-200.record"] == ()
    assert found.needs["launch-100-200-gw.oxygen"] == ("routes.earth-to-sso", "datacenters.earth-to-sso")
    assert found.needs["k2-trillionth.primary"] == ()


@pytest.mark.parametrize("reading", MOVES)
def test_what_must_move_a_figure_does(found: Found, reading: str):
    """Each input moved by a twentieth of its range: the change has the sign that physics or the books give it."""
    for path, sign in MOVES[reading].items():
        change = found.moved[path][reading]
        assert change * sign > 1e-9 * abs(found.own[reading]), path


def test_cheaper_launch_never_makes_orbital_compute_dearer(found: Found):
    """In random scenarios, all that the launcher costs cut to 0.2 to 0.9 of itself: cost falls, every saving rises."""
    assert np.all(np.isfinite(found.as_drawn[TOTAL]))
    assert np.all(found.cheaper[TOTAL] < found.as_drawn[TOTAL])
    np.testing.assert_allclose(found.cheaper[LATE], found.as_drawn[LATE], rtol=1e-12)
    for name in (n for n in found.own if n.startswith("opex-60.") and not n.endswith("-today")):
        assert np.all(found.cheaper[name] > found.as_drawn[name]), name
    assert np.all(found.cheaper["starship-200.cost"] < found.as_drawn["starship-200.cost"])


def test_every_reading_has_a_figure_or_a_reason():
    """28 claims; those without a figure say why; every bound that is met at both ends is a range."""
    known, sources = read_claims()
    assert len(known) == 28
    for claim in known.values():
        assert claim.source in sources
        for r in claim.readings:
            assert r.figure or r.reason
            assert not r.figure or r.least < r.most
