"""The value of an input at which a claim turns true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, overload

import numpy as np
import xarray as xr
from astropy.units import Quantity

from astro_logistics import units
from astro_logistics.api.checks import check_name, error
from astro_logistics.api.scenarios import SourcedScenario
from astro_logistics.design import break_even as one_input
from astro_logistics.design import frontier as two_inputs
from astro_logistics.design.uncertainty import SLOPES_BLOCK, in_blocks, slopes
from astro_logistics.pytree import infos
from astro_logistics.report.uncertainty import Figure, Outcome, figures, in_unit_of
from astro_logistics.scenario.records import Sourced

Target = str | Figure | Quantity | float


@dataclass(frozen=True)
class Moved:
    """How another input moves a break-even value.

    `derivative` is in the unit of the varied input per unit of this record; `swing` is the change of the break-even
    value, to first order, from the low to the high end of this input's range.
    """

    path: str
    derivative: float
    swing: float
    record: Sourced


@dataclass(frozen=True)
class Crossing:
    """Where the figure meets the target: `value` of the varied input in the unit of its record.

    `rising`: whether the figure rises through the target as the input does. `figure` is the figure there, in its unit.
    `feasible`: whether the constraints of the figure's route (and the target's) are met there. `moved_by` holds the
    derivatives of the value with respect to every other input, strongest over its range first.
    """

    value: Quantity
    rising: bool
    figure: float
    feasible: bool
    moved_by: tuple[Moved, ...]


@dataclass(frozen=True)
class BreakEven:
    """Where a figure meets a target as one input varies from `low` to `high`.

    `crossings` may be empty: then no value in the range does, and `closest` is where the figure, `closest_figure`,
    comes nearest, short of the target by `closest_gap` (figure minus target, in the figure's unit). `jumps` are the
    values at which the figure passes the target without taking its value. `undefined` is the share of the range where
    the figure is no number.
    """

    figure: str
    unit: str
    target: str
    vary: str
    low: Quantity
    high: Quantity
    crossings: tuple[Crossing, ...]
    jumps: Quantity
    closest: Quantity
    closest_figure: float
    closest_gap: float
    undefined: float


class _Question:
    """Figure minus target, and its derivatives, over changes of some inputs of a scenario."""

    def __init__(self, scenario: SourcedScenario, figure: str | Figure, target: Target) -> None:
        self.scenario = scenario
        self.paths = tuple(scenario.ledger)
        (self.figure,) = figures([figure], scenario.model)
        if isinstance(target, (str, Figure)):
            (other,) = figures([target], scenario.model)
            self.outcome = Outcome((self.figure, other))
            self.factor = units.conversion_factor(other.unit, self.figure.unit)
            self.said, self.level = other.name, 0.0
        else:
            self.outcome, self.factor = Outcome((self.figure,)), 0.0
            self.level = in_unit_of(self.figure, target)
            self.said = f"{self.level:.10g} {self.figure.unit}"
        self.own = np.asarray([scenario.ledger[path].si_value for path in self.paths])

    def at(self, changes: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
        """What is known at k points: figure, gap, size, feasible, each (k,), and the gap's derivatives (k, inputs)."""
        x = np.tile(self.own, (len(next(iter(changes.values()))), 1))
        for path, values in changes.items():
            x[:, self.paths.index(path)] = values
        function = slopes(self.outcome, self.paths)
        found, gradient = in_blocks(lambda rows: function(self.scenario.model, rows), x, SLOPES_BLOCK)
        figure, target, slope = found["values"][:, 0], self.level, gradient[:, 0]
        if self.factor:
            target, slope = self.factor * found["values"][:, 1], slope - self.factor * gradient[:, 1]
        return {
            "figure": figure,
            "gap": figure - target,
            "size": np.abs(figure) + np.abs(target),
            "slope": slope,
            "feasible": found["feasible"].all(axis=1),
        }

    def range(self, path: str, low: Any, high: Any) -> tuple[float, float]:
        """The range of an input in SI, its own where none is given."""
        check_name("input", path, self.scenario.ledger)
        record, info = self.scenario.ledger[path], infos(self.scenario.model)[path]
        a, b = (
            own if given is None else float(units.to_si(given, record.si_unit, path))
            for given, own in ((low, record.si_low), (high, record.si_high))
        )
        least = -np.inf if info.low is None else info.low
        most = np.inf if info.high is None else info.high
        if not least <= a < b <= most:
            raise error(path, f"the range {a:g} to {b:g} {info.unit}", f"low < high, from {least:g} to {most:g}")
        return a, b

    def shown(self, path: str, x: Any) -> Quantity:
        """SI numbers of an input in the unit of its record."""
        record = self.scenario.ledger[path]
        return units.from_si(x, record.si_unit, record.unit)


@overload
def break_even(
    scenario: SourcedScenario, figure: str | Figure, target: Target, vary: str, low: Any = None, high: Any = None
) -> BreakEven: ...


@overload
def break_even(
    scenario: SourcedScenario,
    figure: str | Figure,
    target: Target,
    vary: tuple[str, str],
    low: Any = None,
    high: Any = None,
) -> xr.Dataset: ...


def break_even(
    scenario: SourcedScenario,
    figure: str | Figure,
    target: Target,
    vary: str | tuple[str, str],
    low: Any = None,
    high: Any = None,
) -> BreakEven | xr.Dataset:
    """The values of an input at which a figure meets a target, all other inputs as they are.

    All crossings in the range: a scan of 128 points with slopes, finer where these show an extremum towards the
    target, then Newton's method with the exact derivative inside each bracket. How other inputs move a crossing follows
    from the implicit function theorem, dx / dtheta = -(dg / dtheta) / (dg / dx) for the gap g.

    Args:
        scenario: the other inputs.
        figure: name, such as "earth-to-sso.cost_usd_per_kg", or a path of the evaluation in SI, or a `Figure`.
        target: a Quantity; or another figure (name or `Figure`) of the same kind, such as
            "earth-to-sso.cost_usd_per_kg" for "moon-to-sso.cost_usd_per_kg".
        vary: path of the input; with two paths the answer is that of `frontier`.
        low, high: range of the input, Quantities; by default that of its record.

    Raises:
        ScenarioError: unknown figure or input, a range that is empty or outside the input's physical bounds.
        UnitError: a target or a range of another kind.
    """
    if not isinstance(vary, str):
        return frontier(scenario, figure, target, vary, low or (None, None), high or (None, None))
    question = _Question(scenario, figure, target)
    a, b = question.range(vary, low, high)
    column = question.paths.index(vary)

    def gap(x: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        found = question.at({vary: x})
        return found["gap"], found["slope"][:, column], found["size"]

    found = one_input.crossings(gap, a, b)
    there = question.at({vary: np.append(found.x, found.closest)})
    return BreakEven(
        figure=question.figure.name,
        unit=question.figure.unit,
        target=question.said,
        vary=vary,
        low=question.shown(vary, a),
        high=question.shown(vary, b),
        crossings=tuple(
            Crossing(
                value=question.shown(vary, x),
                rising=bool(found.rising[i]),
                figure=float(there["figure"][i]),
                feasible=bool(there["feasible"][i]),
                moved_by=_moved(question, vary, there["slope"][i]),
            )
            for i, x in enumerate(found.x)
        ),
        jumps=question.shown(vary, found.jumps),
        closest=question.shown(vary, found.closest),
        closest_figure=float(there["figure"][-1]),
        closest_gap=float(there["gap"][-1]),
        undefined=found.undefined,
    )


def _moved(question: _Question, vary: str, slope: np.ndarray) -> tuple[Moved, ...]:
    ledger = question.scenario.ledger
    at = dict(zip(question.paths, slope, strict=True))
    own = units.conversion_factor(ledger[vary].unit, ledger[vary].si_unit)
    found = []
    for path, record in ledger.items():
        if path == vary or at[path] == 0.0:
            continue
        derivative = -at[path] / at[vary] / own  # of the value in its own unit, per SI unit of the input
        factor = units.conversion_factor(record.unit, record.si_unit)
        found.append(Moved(path, derivative * factor, derivative * (record.si_high - record.si_low), record))
    return tuple(sorted(found, key=lambda moved: -abs(moved.swing)))


def frontier(
    scenario: SourcedScenario,
    figure: str | Figure,
    target: Target,
    vary: tuple[str, str],
    low: Sequence[Any] = (None, None),
    high: Sequence[Any] = (None, None),
    points: int = 33,
) -> xr.Dataset:
    """The pairs of two inputs at which a figure meets a target, as curves, all other inputs as they are.

    Args:
        scenario, figure, target: as in `break_even`.
        vary: paths of the two inputs, x and y.
        low, high: their ranges, two Quantities each; by default those of the records.
        points: lines of the grid on each side, whose edges carry the points of the curves.

    Returns:
        Over `point`: `x` and `y` in the units of their records, `slope` dy/dx along the curve, `feasible`, and `curve`,
        the number of the connected piece; the points of a piece stand in order, a closed piece ends with its first
        point. No points: the target is met nowhere on the grid, and the attribute `closest_gap` says by how much.

    Raises:
        As `break_even`.
    """
    question = _Question(scenario, figure, target)
    if len(vary) != 2 or vary[0] == vary[1]:
        raise error("vary", ", ".join(vary), "two different inputs")
    xs, ys = (one_input.grid(*question.range(vary[i], low[i], high[i]), points) for i in (0, 1))
    columns = [question.paths.index(path) for path in vary]
    least = [np.inf]

    def gap(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        found = question.at({vary[0]: x, vary[1]: y})
        least[0] = min(least[0], float(np.min(np.abs(found["gap"]), initial=np.inf, where=np.isfinite(found["gap"]))))
        return found["gap"], found["slope"][:, columns[0]], found["slope"][:, columns[1]], found["size"]

    pieces = two_inputs.curves(gap, xs, ys)
    closed = [np.append(np.arange(p.x.size), [0] * p.closed).astype(int) for p in pieces]
    x, y, slope = (
        np.concatenate([np.zeros(0), *(getattr(p, name)[k] for p, k in zip(pieces, closed, strict=True))])
        for name in ("x", "y", "slope")
    )
    feasible = question.at({vary[0]: x, vary[1]: y})["feasible"] if x.size else np.zeros(0, bool)
    factors = [
        units.conversion_factor(question.scenario.ledger[p].unit, question.scenario.ledger[p].si_unit) for p in vary
    ]
    return xr.Dataset(
        {
            "x": ("point", x / factors[0], {"path": vary[0], "units": question.scenario.ledger[vary[0]].unit}),
            "y": ("point", y / factors[1], {"path": vary[1], "units": question.scenario.ledger[vary[1]].unit}),
            "slope": ("point", slope * factors[0] / factors[1]),
            "feasible": ("point", feasible),
            "curve": ("point", np.repeat(np.arange(len(pieces)), [k.size for k in closed])),
        },
        attrs={
            "figure": question.figure.name,
            "target": question.said,
            "scenario": scenario.name,
            "closest_gap": 0.0 if x.size else least[0],
        },
    )
