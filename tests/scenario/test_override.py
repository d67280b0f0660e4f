"""Numbers changed through the API: converted, checked, and told in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from astropy import units as u

from astro_logistics.pytree import Pytree, field, get, leaves
from astro_logistics.scenario import Ledger, ScenarioError, replace
from astro_logistics.units import USD, parse_unit

Load = Callable[[str | Path], tuple[Any, Any]]


def test_a_value_inside_the_range_keeps_it(load: Load) -> None:
    scenario, ledger = load("baseline")
    changed, told = replace(scenario, ledger, {"driver.acceleration": 1 * u.km / u.s**2})
    assert changed.driver.acceleration == 1000.0
    assert isinstance(changed.driver.acceleration, np.float64)
    record = told["driver.acceleration"]
    assert (record.value, record.status, record.source) == (1.0, "assumed", "user")
    assert parse_unit(record.unit) == u.km / u.s**2
    before = ledger["driver.acceleration"]
    assert (record.si_low, record.si_high) == (before.si_low, before.si_high)
    assert record.low == pytest.approx(0.4903325, rel=1e-15)  # 50 g0 in km/s2, one rounding
    assert "outside" not in record.note
    assert record.source in told.sources
    assert str(told.sources["user"]) == "the user: a number set through the API"


def test_the_rest_stays_as_it_was(load: Load) -> None:
    scenario, ledger = load("claims")
    changed, told = replace(scenario, ledger, {"vehicles.today.stages.1.dry_mass": 30 * u.t, "discount": 0.1 / u.yr})
    assert list(told) == list(ledger) == list(leaves(changed))
    for path in ledger:
        if path not in ("vehicles.today.stages.1.dry_mass", "discount"):
            assert told[path] is ledger[path]
            assert get(changed, path) == get(scenario, path)
    assert (get(changed, "vehicles.today.stages.1.dry_mass"), changed.discount) == (30_000.0, 0.1)
    assert scenario.discount == 0.07  # the old one is untouched
    assert ledger["discount"].status == "published"
    assert replace(scenario, ledger, {})[1] == ledger


def test_a_value_outside_the_range_widens_it(load: Load) -> None:
    scenario, ledger = load("baseline")
    for value, low, high in ((1e4, 490.3325, 1e4), (10.0, 10.0, 1961.33)):
        _, told = replace(scenario, ledger, {"driver.acceleration": value * u.m / u.s**2})
        record = told["driver.acceleration"]
        assert (record.si_low, record.si_high) == pytest.approx((low, high), rel=1e-15)
        assert record.low <= record.value <= record.high
        assert "outside the earlier range 490.332 to 1961.33 m s-2, widened" in record.note


def test_pure_numbers_and_money(load: Load) -> None:
    scenario, ledger = load("baseline")
    changed, told = replace(scenario, ledger, {"driver.efficiency": 0.75, "driver.cost": 2 * u.Unit("GUSD")})
    assert (changed.driver.efficiency, changed.driver.cost) == (0.75, 2e9)
    assert (told["driver.efficiency"].unit, told["driver.efficiency"].price_year) == ("1", None)
    assert (told["driver.cost"].value, told["driver.cost"].price_year) == (2.0, 2026)  # dollars of the scenario's year
    assert replace(scenario, ledger, {"driver.efficiency": 75 * u.percent})[0].driver.efficiency == 0.75


def test_a_unit_only_astropy_knows_is_told_in_si(load: Load) -> None:
    scenario, ledger = load("baseline")
    path = "vehicles.today.stages.0.dry_mass"
    record = replace(scenario, ledger, {path: 200_000 * u.imperial.lb})[1][path]
    assert record.unit == "kg"
    assert (
        record.value == record.si_value == pytest.approx(200_000 * 0.45359237, rel=1e-15)
    )  # the pound, exact by definition


def test_every_mistake_is_named_at_once(load: Load) -> None:
    scenario, ledger = load("baseline")
    with pytest.raises(ScenarioError) as caught:
        replace(
            scenario,
            ledger,
            {
                "driver.acceleratoin": 5 * u.m / u.s**2,
                "driver": 5,
                "driver.name": "x",
                "discount": 5,
                "driver.efficiency": 120 * u.percent,
                "driver.cost": 5 * USD / u.kg,
                "vehicles.today.price": np.nan * USD / u.kg,
                "vehicles.today.stages.0.dry_mass": [1, 2] * u.kg,
                "": 1,
            },
        )
    remedies = {problem.path: (problem.found, problem.remedy) for problem in caught.value.problems}
    assert remedies["driver.acceleratoin"][1] == "did you mean 'driver.acceleration'?"
    assert remedies["driver"][1] == "such as 'driver.acceleration'"
    assert "unknown path 'driver.name'" in remedies["driver.name"][0]
    assert "bare number" in remedies["discount"][0]
    assert "1.2" in remedies["driver.efficiency"][0]
    assert "'USD / kg'" in remedies["driver.cost"][0]
    assert "finite" in remedies["vehicles.today.price"][0]
    assert "shape (2,)" in remedies["vehicles.today.stages.0.dry_mass"][0]
    assert len(caught.value.problems) == 9


class Sky(Pytree):
    angle: Any = field(unit="rad", doc="an angle", low=0.0)
    table: Any


def test_leaves_without_a_record() -> None:
    sky = Sky(np.float64(1.0), np.zeros(3))
    empty = Ledger({}, {})
    changed, told = replace(sky, empty, {"angle": 90 * u.deg})
    assert changed.angle == pytest.approx(np.pi / 2, rel=1e-15)
    assert (told["angle"].low, told["angle"].high) == (90.0, 90.0)
    assert "no earlier range" in told["angle"].note
    with pytest.raises(ScenarioError, match="computed"):
        replace(sky, empty, {"table": 1})
