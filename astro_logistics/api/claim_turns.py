"""Where a claim turns true as one input varies, all else as in the scenario."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from astro_logistics.api.sampling import spread
from astro_logistics.api.scenarios import SourcedScenario
from astro_logistics.design.uncertainty import BLOCK, in_blocks, outcomes
from astro_logistics.pytree import infos
from astro_logistics.report import claims as report
from astro_logistics.report.claims import Turn
from astro_logistics.report.deciding import Deciding
from astro_logistics.report.uncertainty import Figure, Outcome
from astro_logistics.scenario.claims import Claim, Reading
from astro_logistics.units import conversion_factor

BEYOND = 100.0
"""A positive input is varied this factor beyond its range on both sides, within its physical bounds."""
COARSE, FINE = 128, 16
"""Values over the whole of an input, and more of them inside each step on which a reading turns."""

Scan = tuple[np.ndarray, np.ndarray, np.ndarray]
"""Values of an input (n,), of the figures there (n, m), and whether each figure's design works (n, m)."""


def claim_turns(
    scenario: SourcedScenario,
    asked: Mapping[str, Claim],
    answers: Mapping[tuple[str, str], Figure],
    chosen: tuple[Figure, ...],
    deciding: Mapping[str, tuple[Deciding, ...]],
) -> dict[str, tuple[Turn, ...]]:
    """For each figure, where its reading turns true as each of its deciding inputs varies.

    Args:
        scenario: where the other inputs stand.
        asked: the claims.
        answers: the figure of each reading, by claim and reading.
        chosen: all figures of the draws, whose compiled program is used again.
        deciding: the inputs to vary, by figure.

    Errors: 1e-5 of the value, by interpolation between 128 values over the range and a factor of 100 beyond it, and 16
    more inside each step on which a reading turns. Two turns inside one step (8 % of the value) are not seen.
    """
    paths = spread(scenario.ledger).paths
    function = outcomes(Outcome(chosen), paths)
    own = np.asarray([scenario.ledger[path].si_value for path in paths])

    def scans(values: Mapping[str, np.ndarray]) -> dict[str, Scan]:
        """The figures at values of each input, all inputs' rows together."""
        rows = np.repeat(own[None], sum(map(len, values.values())), axis=0)
        ends = np.cumsum([len(x) for x in values.values()])
        for (path, x), end in zip(values.items(), ends, strict=True):
            rows[end - len(x) : end, paths.index(path)] = x
        found = in_blocks(lambda x: function(scenario.model, x), rows, BLOCK)
        parts = (np.split(found[name], ends[:-1]) for name in ("values", "feasible"))
        return {path: (x, y, met) for (path, x), y, met in zip(values.items(), *parts, strict=True)}

    column = {figure.name: i for i, figure in enumerate(chosen)}
    varied = [
        (each.path, figure.name, column[figure.name], next(r for r in asked[claim].readings if r.name == name))
        for (claim, name), figure in answers.items()
        for each in deciding[figure.name]
    ]
    if not varied:
        return {}
    found = scans({path: _coarse(scenario, path) for path in sorted({path for path, *_ in varied})})
    steps: dict[str, set[int]] = {path: set() for path in found}
    for path, _, i, reading in varied:
        steps[path].update(_turning(reading, found[path][1][:, i]).tolist())
    inside = {path: _between(found[path][0], sorted(some)) for path, some in steps.items() if some}
    if inside:
        for path, finer in scans(inside).items():
            both = [np.concatenate(parts) for parts in zip(found[path], finer, strict=True)]
            order = np.argsort(both[0], kind="stable")
            found[path] = (both[0][order], both[1][order], both[2][order])
    turns: dict[str, tuple[Turn, ...]] = {figure.name: () for figure in answers.values()}
    for path, name, i, reading in varied:
        x, y, met = found[path]
        turns[name] += tuple(_crossings(scenario, path, reading, x, y[:, i], met[:, i]))
    return turns


def _coarse(scenario: SourcedScenario, path: str) -> np.ndarray:
    """Values of an input in SI: its range and, where that is positive, a factor of 100 beyond it."""
    record, info = scenario.ledger[path], infos(scenario.model)[path]
    low, high = record.si_low, record.si_high
    if low <= 0.0:
        return np.linspace(low, high, COARSE)
    low, high = low / BEYOND, high * BEYOND
    return np.geomspace(max(low, info.low or low), min(high, info.high or high), COARSE)


def _between(x: np.ndarray, steps: list[int]) -> np.ndarray:
    """Values evenly inside each of some steps."""
    part = np.arange(1, FINE + 1) / (FINE + 1)
    return np.concatenate([x[k] + (x[k + 1] - x[k]) * part for k in steps])


def _turning(reading: Reading, y: np.ndarray) -> np.ndarray:
    """Steps on which the reading turns true or false; ends where the figure is no number do not count."""
    true = report.is_met(reading, y) & np.isfinite(y)
    both = np.isfinite(y[:-1]) & np.isfinite(y[1:])
    return np.flatnonzero(both & (true[:-1] != true[1:]))


def _crossings(
    scenario: SourcedScenario, path: str, reading: Reading, x: np.ndarray, y: np.ndarray, met: np.ndarray
) -> list[Turn]:
    """Where the reading turns along a scan."""
    record = scenario.ledger[path]
    factor = conversion_factor(record.unit, record.si_unit)
    true = report.is_met(reading, y)
    turns = []
    for k in _turning(reading, y):
        inside, outside = (k + 1, k) if true[k + 1] else (k, k + 1)
        bound = reading.least if y[outside] < reading.least else reading.most
        value = float(x[outside] + (x[inside] - x[outside]) * (bound - y[outside]) / (y[inside] - y[outside]))
        in_range = record.si_low <= value <= record.si_high
        turns.append(Turn(path, value / factor, record.unit, bool(inside > outside), in_range, bool(met[inside])))
    return turns
