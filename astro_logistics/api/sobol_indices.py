"""Which inputs the spread of a figure comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import xarray as xr

from astro_logistics.api.checks import error
from astro_logistics.api.sampling import Spread, progress_bar, spread
from astro_logistics.api.scenarios import SourcedScenario
from astro_logistics.design.sobol import derivative_bounds, indices
from astro_logistics.design.uncertainty import BLOCK, SLOPES_BLOCK, in_blocks, outcomes, slopes, sobol_points
from astro_logistics.report.uncertainty import Figure, Outcome, figures

SCRAMBLINGS = 16
"""Independent parts of a sample, whose spread gives the intervals."""
REST = "the rest"
"""The name of the group of all inputs that are in no other."""


def sobol(
    scenario: SourcedScenario,
    figure: str | Figure | Iterable[str | Figure],
    n: int = 4096,
    seed: int = 0,
    groups: Sequence[str] | Mapping[str, Sequence[str]] | None = None,
    *,
    screen: float = 1e-3,
    n_bounds: int = 1024,
) -> xr.Dataset:
    """First-order and total Sobol' indices of figures over the ranges of the ledger, with confidence intervals.

    The first-order index of an input is the share of the figure's variance that knowing it would take away; its total
    index is the share that would stay if everything else were known. Inputs are drawn independently, each as in
    `sample`: with correlated inputs the indices do not add up to a whole.

    Beside them stands an upper bound of each total index from exact derivatives at n_bounds draws, which also screens:
    without `groups`, inputs whose bound lies below `screen` for every figure, sampling error included, form one group,
    "the rest", that has indices of its own; every other input stands for itself.

    Args:
        scenario: whose ranges are drawn.
        figure: one or more, as in `sample`.
        n: rows of the estimate, made up to a power of two from 1024 on; n (groups + 2) evaluations.
        seed: of the draws.
        groups: prefixes of paths, each a group ("launcher.cost", "mass_driver"; the longest prefix that fits counts);
            or group name -> prefixes. Inputs under none of them form "the rest".
        screen: largest bound of an input that is not looked at on its own.
        n_bounds: draws for the bounds.

    Returns:
        Over (figure, group): `first`, `total`, each with `_low` and `_high` (95 %), `bound` and `bound_high` (its 95 %
        upper end); `variance` over figure; `group_of` over input. The groups stand in the order of their largest total
        index. Attribute `left_out`: rows without a number, which the estimates leave out.

    Raises:
        ScenarioError: unknown figure, a prefix that fits no input with a range.
    """
    chosen = figures([figure] if isinstance(figure, (str, Figure)) else figure, scenario.model)
    drawn = spread(scenario.ledger)
    d, rows = len(drawn.paths), max(BLOCK, 1 << (n - 1).bit_length())
    each = rows // SCRAMBLINGS
    outcome = Outcome(chosen)
    function = outcomes(outcome, drawn.paths)

    def values(u: np.ndarray) -> np.ndarray:
        return in_blocks(lambda rows: function(scenario.model, drawn.inputs(rows))["values"], u, BLOCK)

    points = np.stack(
        [np.concatenate(list(sobol_points(2 * d, (seed, r), 0, each)))[:each] for r in range(SCRAMBLINGS)]
    )
    variance = np.nanvar(values(points[..., :d].reshape(rows, d)), axis=0)
    independent = np.random.default_rng((seed, SCRAMBLINGS)).uniform(size=(n_bounds, d))
    bound, bound_high = _bounds(scenario, outcome, drawn, independent, variance)
    of_group = _members(drawn.paths, groups) if groups is not None else _screened(drawn.paths, bound_high, screen)
    with progress_bar("evaluating") as progress:
        done = [0]

        def counted(u: np.ndarray) -> np.ndarray:
            done[0] += 1
            progress(done[0] / (len(of_group) + 2))
            return values(u)

        found = indices(counted, points, list(of_group.values()))
    order = np.argsort(-found.total.max(axis=1), kind="stable")
    names = [list(of_group)[i] for i in order]
    tables = {name: getattr(found, name) for name in ("first", "first_low", "first_high")}
    tables |= {name: getattr(found, name) for name in ("total", "total_low", "total_high")}
    tables |= {
        name: np.stack([table[columns].sum(axis=0) for columns in of_group.values()])
        for name, table in (("bound", bound), ("bound_high", bound_high))
    }
    group_of = {drawn.paths[i]: name for name, columns in of_group.items() for i in columns}
    return xr.Dataset(
        {name: (("figure", "group"), table[order].T) for name, table in tables.items()}
        | {"variance": ("figure", found.variance)},
        {
            "figure": [f.name for f in chosen],
            "group": names,
            "units": ("figure", [f.unit for f in chosen]),
            "input": list(drawn.paths),
            "group_of": ("input", [group_of[path] for path in drawn.paths]),
        },
        {
            "scenario": scenario.name,
            "n": rows,
            "seed": seed,
            "evaluations": rows * (len(of_group) + 2),
            "left_out": found.left_out,
            "confidence": 0.95,
        },
    )


def _bounds(
    scenario: SourcedScenario, outcome: Outcome, drawn: Spread, u: np.ndarray, variance: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Upper bounds of the total indices of each input, (d, m), and the upper ends of their intervals."""
    paths = tuple(scenario.ledger)
    columns = [paths.index(path) for path in drawn.paths]
    own = np.asarray([record.si_value for record in scenario.ledger.values()])
    moving = np.asarray(drawn.inputs(u))
    x = np.tile(own, (len(u), 1))
    x[:, columns] = moving
    function = slopes(outcome, paths)
    _, gradient = in_blocks(lambda rows: function(scenario.model, rows), x, SLOPES_BLOCK)
    scale = np.where(np.asarray(drawn.distribution.is_log), moving, 1.0)  # dx/dy
    return derivative_bounds(
        gradient[:, :, columns] * scale[:, None, :], drawn.distribution.poincare_constants(), variance
    )


def _screened(paths: tuple[str, ...], bound_high: np.ndarray, screen: float) -> dict[str, list[int]]:
    """Each input that may matter on its own, the others together."""
    small = bound_high.max(axis=1) < screen
    found = {path: [i] for i, path in enumerate(paths) if not small[i]}
    return found | ({REST: np.flatnonzero(small).tolist()} if small.any() else {})


def _members(paths: tuple[str, ...], groups: Sequence[str] | Mapping[str, Sequence[str]]) -> dict[str, list[int]]:
    """Columns of each group, by the longest prefix that fits."""
    named = groups if isinstance(groups, Mapping) else {prefix: (prefix,) for prefix in groups}
    by_prefix = {prefix: name for name, prefixes in named.items() for prefix in prefixes}
    found: dict[str, list[int]] = {name: [] for name in named}
    for i, path in enumerate(paths):
        fitting = [prefix for prefix in by_prefix if path == prefix or path.startswith(f"{prefix}.")]
        name = by_prefix[max(fitting, key=len)] if fitting else REST
        found.setdefault(name, []).append(i)
    for name, columns in found.items():
        if not columns:
            raise error(f"group {name}", "no input with a range below it", "prefixes of paths such as 'launcher.cost'")
    return found
