"""The public functions: what goes in, what comes out, and what a wrong argument is told."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from astropy import units as u

import astro_logistics as al
from astro_logistics.network.evaluate import ROUTES
from astro_logistics.report.columns import COLUMNS


@pytest.fixture(scope="module")
def scenario() -> al.SourcedScenario:
    """The baseline."""
    return al.load("baseline")


def test_baseline_evaluates(scenario: al.SourcedScenario) -> None:
    """All routes, all columns, finite and positive; the design works."""
    result = al.evaluate(scenario)
    assert [route.name for route in result] == list(ROUTES)
    assert result.converged
    assert result.feasible
    for route in result:
        for column in COLUMNS:
            floor = 0.0 if column.name != "propellant_kg_per_kg" else -1e-300  # escape burns none
            assert getattr(route, column.name) > floor, (route.name, column.name)
        assert min(route.limits_t_per_year.values()) >= route.throughput_t_per_year


def test_claims_are_cheaper_and_say_so(scenario: al.SourcedScenario) -> None:
    """The claimed figures give a lower cost to orbit, and nothing in them is dressed as better known."""
    claims = al.load("claims_2026")
    changed = [path for path, record in claims.ledger.items() if record != scenario.ledger[path]]
    assert changed
    assert al.evaluate(claims)["earth-to-sso"].cost_usd_per_kg < al.evaluate(scenario)["earth-to-sso"].cost_usd_per_kg
    assert {claims.ledger[path].status for path in changed} <= {"claimed", "assumed", "derived"}


def test_sensitivity_rows_are_sorted_and_sourced(scenario: al.SourcedScenario) -> None:
    """Strongest over its range first; elasticity, swing and derivative agree; the record is the ledger's."""
    rows = al.sensitivity(scenario, "earth-to-moon", "cost_usd_per_kg")
    sizes = [abs(row.swing) for row in rows]
    assert sizes == sorted(sizes, reverse=True)
    cost = al.evaluate(scenario)["earth-to-moon"].cost_usd_per_kg
    for row in rows:
        assert row.record is scenario.ledger[row.path]
        # both are computed from one derivative; only the order of multiplication differs
        r = row.record
        assert row.derivative * r.value / cost == pytest.approx(row.elasticity, rel=1e-12, abs=1e-15)
        assert row.derivative * (r.high - r.low) / cost == pytest.approx(row.swing, rel=1e-9, abs=1e-15)


def test_replace_changes_one_number_and_keeps_the_rest(scenario: al.SourcedScenario) -> None:
    """An override is an assumption of the user's; the scenario it came from stays as it was."""
    changed = scenario.replace({"mass_driver.acceleration": 500 * u.m / u.s**2})
    assert changed.ledger["mass_driver.acceleration"].status == "assumed"
    assert float(changed.model.mass_driver.acceleration) == 500.0
    assert float(scenario.model.mass_driver.acceleration) != 500.0
    others = [path for path in scenario.ledger if path != "mass_driver.acceleration"]
    assert all(changed.ledger[path] == scenario.ledger[path] for path in others)


def test_a_radiator_that_takes_in_heat_is_infeasible(scenario: al.SourcedScenario) -> None:
    """A panel colder than its surroundings in low orbit: the data centers there cannot work, and say why."""
    result = al.evaluate(scenario.replace({"datacenter.radiator.temperature": 150 * u.K}))
    assert not result.feasible
    assert all(not route.violated for route in result)
    low = next(found for found in result.datacenters if found.route == "earth-to-sso")
    assert low.violated == ("radiator gives off heat",)


def test_optimize_reaches_a_stationary_point(scenario: al.SourcedScenario) -> None:
    """The optimum satisfies the optimality conditions, beats 40 random feasible designs, and improves the start."""
    over = {
        "mass_driver.acceleration": (50, 5000) * u.m / u.s**2,
        "mass_driver.track_length": (0.5, 30) * u.km,
    }
    best = al.optimize(scenario, ("moon-to-escape", "cost_usd_per_kg"), over)
    assert best.converged
    assert best.value <= al.evaluate(scenario)["moon-to-escape"].cost_usd_per_kg
    assert all(multiplier >= 0.0 for multiplier in best.multipliers.values())
    rng = np.random.default_rng(0)
    for _ in range(40):
        trial = {path: rng.uniform(*bounds.value) * bounds.unit for path, bounds in over.items()}
        route = al.evaluate(scenario.replace(trial))["moon-to-escape"]
        assert route.violated or route.cost_usd_per_kg >= best.value * (1.0 - 1e-6)


def test_optimize_meets_a_constraint_and_prices_it(scenario: al.SourcedScenario) -> None:
    """A cap on throughput binds, and its multiplier is the cost's slope: solving again with a looser cap agrees."""
    over = {"mass_driver.power": (1, 5000) * u.MW}
    cap = 0.5 * al.evaluate(scenario)["moon-to-escape"].throughput_t_per_year

    def solved(throughput: float) -> al.Optimum:
        constraint = {("moon-to-escape", "throughput_t_per_year"): ("<=", throughput)}
        return al.optimize(scenario, ("moon-to-escape", "cost_usd_per_kg"), over, constraint)

    best, looser = solved(cap), solved(1.001 * cap)
    assert best.converged
    reached = al.evaluate(best.scenario)["moon-to-escape"].throughput_t_per_year
    assert reached == pytest.approx(cap, rel=1e-6)  # SLSQP meets constraints to its tolerance
    (price,) = (best.multipliers[name] for name in best.active_constraints)
    # one-sided difference over 0.1 %: good to 0.1 % of curvature
    assert np.log(best.value / looser.value) / 1e-3 == pytest.approx(price, rel=5e-3)


def test_opportunities_are_labelled() -> None:
    """ISO dates, units in the names, in order of departure."""
    found = al.opportunities("earth", "mars", "2026-01-01", "2031-06-01")
    assert [o.departure for o in found] == sorted(o.departure for o in found)
    assert {o.type for o in found} == {"I", "II"}
    assert {
        "departure",
        "arrival",
        "c3_km2_per_s2",
        "v_infinity_arrival_km_per_s",
        "time_of_flight_days",
        "type",
    } <= set(dataclasses.asdict(found[0]))


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda s: al.load("basline"), "baseline"),
        (lambda s: al.evaluate(s)["moon-to-scape"], "moon-to-escape"),
        (lambda s: al.sensitivity(s, "moon-to-escape", "cost"), "cost_usd_per_kg"),
        (lambda s: s.replace({"mass_driver.trak_length": 3 * u.km}), "mass_driver.track_length"),
        (lambda s: s.replace({"mass_driver.track_length": 3.0}), "m"),
        (lambda s: s.replace({"mass_driver.track_length": 3 * u.s}), "m"),
        (lambda s: al.optimize(s, ("moon-to-escape", "cost_usd_per_kg"), {}), "at least one"),
        (lambda s: al.optimize(s, ("moon-to-escape", "cost_usd_per_kg"), {"depot.altitude": (2, 1) * u.km}), "smaller"),
        (lambda s: al.opportunities("earth", "mras", "2026-01-01", "2030-01-01"), "mars"),
        (lambda s: al.opportunities("earth", "mars", "2026-01-01", "2090-01-01"), "2060"),
        (lambda s: al.opportunities("earth", "mars", "2030-01-01", "2026-01-01"), "start before"),
        (lambda s: al.opportunities("earth", "mars", "2050-01-01", "2059-06-01"), "arrive before 2060-01-01"),
        (lambda s: al.opportunities("earth", "earth", "2026-01-01", "2030-01-01"), "two different"),
        (lambda s: al.opportunities("earth", "mars", "soon", "2030-01-01"), "ISO"),
    ],
)
def test_a_wrong_argument_is_told_the_remedy(scenario: al.SourcedScenario, call, told: str) -> None:
    """A named error that contains what is right."""
    with pytest.raises(ValueError, match="(?s)" + told):
        call(scenario)
