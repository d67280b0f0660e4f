"""The real scenario: draws, break-even values and indices against independent evaluations, generic over its inputs."""

from __future__ import annotations

from collections.abc import Callable

import equinox as eqx
import jax
import numpy as np
import pytest
from scipy.optimize import brentq

import astro_logistics as al
from astro_logistics.api import SourcedScenario, read
from astro_logistics.network.evaluate import evaluate
from astro_logistics.network.scenario import MarsWindows, Scenario
from astro_logistics.pytree import replace_at
from astro_logistics.report import uncertainty
from astro_logistics.report.columns import BY_NAME
from astro_logistics.units import conversion_factor, from_si, parse_unit

FIGURE = "earth-to-sso.propellant_kg_per_kg"
"""It has the ascent, the stages and the orbit behind it, and less to compile than the cost."""
VARY = "places.sso_altitude"


@pytest.fixture(scope="module")
def baseline() -> SourcedScenario:
    """The baseline with made-up opportunities to Mars, which no figure here depends on: no ephemeris is searched."""
    model, ledger = read("baseline")
    nine, vectors = np.ones(9), np.ones((9, 3))
    windows = MarsWindows(nine, nine, vectors, vectors, vectors)  # pyright: ignore[reportArgumentType]
    model = eqx.tree_at(lambda s: s.mars_windows, model, windows, is_leaf=lambda x: x is None)
    return SourcedScenario("baseline", model, ledger)


@pytest.fixture(scope="module")
def figure_of() -> Callable[[Scenario], float]:
    """The figure of one scenario, by a compiled function of its own."""
    compiled = jax.jit(lambda model: evaluate(model).routes["earth-to-sso"].propellant)
    return lambda model: float(compiled(model))


def test_every_column_of_every_route_is_a_figure_in_its_unit(baseline: SourcedScenario):
    """The unit's name says what the column's number says."""
    names = [f"earth-to-sso.{name}" for name in BY_NAME]
    for figure, column in zip(uncertainty.figures(names, baseline.model), BY_NAME.values(), strict=True):
        si = uncertainty.figures([f"routes.earth-to-sso.{column.attribute}"], baseline.model)[0].unit
        assert parse_unit(figure.unit).to(parse_unit(si)) == pytest.approx(column.unit, rel=1e-12)


def test_draws_are_scenarios(baseline: SourcedScenario, figure_of: Callable[[Scenario], float]):
    """Setting the inputs of a draw by hand, in the units of the records, gives its figure; every range is drawn.

    1e-9: two compilations round differently, and the units go there and back.
    """
    draws = al.sample(baseline, 1024, figures=[FIGURE])
    moving = [path for path, r in baseline.ledger.items() if r.si_low < r.si_high]
    assert draws["input"].values.tolist() == moving
    for i in (0, 511):
        inputs = {
            path: x * parse_unit(baseline.ledger[path].unit)
            for path, x in zip(moving, draws["inputs"].values[:, i].tolist(), strict=True)
        }
        assert draws[FIGURE][i].item() == pytest.approx(figure_of(baseline.replace(inputs).model), rel=1e-9)
    assert draws[FIGURE].attrs["at_scenario"] == pytest.approx(figure_of(baseline.model), rel=1e-9)
    low, high = (np.asarray([getattr(baseline.ledger[path], name) for path in moving]) for name in ("low", "high"))
    width = (high - low)[:, None]
    assert np.all((draws["inputs"] >= low[:, None] - 1e-9 * width) & (draws["inputs"] <= high[:, None] + 1e-9 * width))


def test_break_even_over_random_scenarios(
    baseline: SourcedScenario, figure_of: Callable[[Scenario], float], rng: np.random.Generator
):
    """Random scenarios and targets: the root by brentq, its derivatives by solving again beside it.

    1e-9: brentq's tolerance. 1e-5: central differences with steps of 1e-5 relative.
    """
    moved = ["bodies.earth.mu", "bodies.earth.radius"]
    record, own = baseline.ledger[VARY], {path: baseline.ledger[path].si_value for path in moved}
    for path in moved:
        values = {p: rng.uniform(0.999, 1.001) * x for p, x in own.items()}

        def at(x: float, values: dict[str, float] = values) -> float:
            return figure_of(replace_at(baseline.model, {**values, VARY: x}))

        def solved(target: float, values: dict[str, float]) -> float:
            ends = (0.5 * record.si_low, 1.5 * record.si_high)
            return brentq(lambda height: at(height, values) - target, *ends, xtol=1e-9, rtol=1e-14)  # pyright: ignore

        target = at(rng.uniform(record.si_low, record.si_high))
        scenario = baseline.replace({p: from_si(x, baseline.ledger[p].si_unit) for p, x in values.items()})
        (crossing,) = al.break_even(scenario, FIGURE, target, VARY).crossings
        factor = conversion_factor(record.unit, record.si_unit)
        assert crossing.value.value * factor == pytest.approx(solved(target, values), rel=1e-9)
        assert crossing.rising
        h = 1e-5 * values[path]
        beside = [solved(target, values | {path: values[path] + d}) for d in (h, -h)]
        moving = {m.path: m.derivative for m in crossing.moved_by}[path] * factor
        per_own = conversion_factor(scenario.ledger[path].unit, scenario.ledger[path].si_unit)
        assert moving / per_own == pytest.approx((beside[0] - beside[1]) / (2.0 * h), rel=1e-5)
