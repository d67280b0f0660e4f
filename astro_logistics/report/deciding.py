"""Which inputs the spread of a figure comes from, told by the draws alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from scipy.stats import chi2, rankdata

from astro_logistics.scenario.records import Sourced

CLASSES = 16
"""Classes of equal probability into which the draws of an input are parted."""
LEAST_SHARE = 0.01
"""Smallest share of the variance that is told, and larger where there are few draws: see `told_from`."""
LEAST_SPREAD = 1e-9
"""Of a figure, over its size, that anything is said to decide."""
SPURIOUS = 1e-3
"""Of a thousand figures of inputs without effect, one names an input."""


@dataclass(frozen=True)
class Deciding:
    """An input that a figure's spread comes from.

    `share`: of the variance of the figure's rank among the draws, what knowing this input would take away. `rising`:
    whether the figure rises with the input, on the whole.
    """

    path: str
    share: float
    rising: bool
    record: Sourced


def shares(inputs: np.ndarray, values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """First-order shares of variance of the ranks of figures, from draws alone, and the signs of the trends.

    The draws are sorted by an input and parted into 16 classes; the variance between the means of the classes over the
    whole, less what chance makes: 1 - (1 - eta^2) (n - 1) / (n - 16). It is the first-order Sobol' index of the rank,
    which an outlier cannot carry away; where many inputs act together by products, the shares do not add up to one.

    Args:
        inputs: shape (d, n), n a multiple of 16.
        values: of the figures, shape (m, n); draws without a number are left out, infinite ones are the last. A figure
            that varies by less than 1e-9 of itself has no shares: nothing decides it.

    Returns:
        Shares and slopes of the rank, both (m, d).

    Errors: where an input has no effect, the share times n - 16 is what a chi-squared number of 15 degrees of freedom
    exceeds them by: standard error sqrt(30) / n, 0.0013 for n = 4096. The largest of 450 such inputs then stays below
    0.0067 nine times in ten, and below 0.01 but once in a thousand. That asks for inputs that are drawn without running
    together (`design.uncertainty.sobol_points`).

    References: Plischke, Borgonovo & Smith 2013, Eur. J. Oper. Res. 226:536 (given-data estimators).
    """
    d, n = inputs.shape
    good = ~np.isnan(values)
    centered = np.zeros(values.shape)
    for y, ok, x in zip(centered, good, values, strict=True):
        if _varies(x[ok]):
            y[ok] = rankdata(x[ok]) - (ok.sum() + 1) / 2.0
    total, count = np.sum(centered**2, axis=1), good.sum(axis=1)
    explained, slope = np.zeros((2, len(values), d))
    position = np.arange(n) - (n - 1) / 2.0
    for j in range(d):
        order = np.argsort(inputs[j], kind="stable")
        y, ok = centered[:, order], good[:, order]
        sums = y.reshape(-1, CLASSES, n // CLASSES).sum(axis=2)
        each = ok.reshape(-1, CLASSES, n // CLASSES).sum(axis=2)
        explained[:, j] = np.sum(sums**2 / np.maximum(each, 1), axis=1)
        slope[:, j] = y @ position
    with np.errstate(divide="ignore", invalid="ignore"):  # a figure that does not vary has no shares
        eta = explained / total[:, None]
        found = 1.0 - (1.0 - eta) * ((count - 1.0) / (count - CLASSES))[:, None]
    return np.where(np.isfinite(found), found, 0.0), slope


def told_from(draws: int, inputs: int) -> float:
    """Smallest share that is told: 1 %, or what the largest of inputs without effect exceeds once in a thousand.

    (chi2 - 15) / (n - 16) at the tail 1e-3 / inputs: 0.0097 for 4096 draws of 450 inputs, 0.039 for 1024. Infinite for
    16 draws or fewer, which tell nothing.
    """
    if draws <= CLASSES:
        return np.inf
    return max(LEAST_SHARE, float(chi2.isf(SPURIOUS / inputs, CLASSES - 1) - CLASSES + 1) / (draws - CLASSES))


def _varies(x: np.ndarray) -> bool:
    finite = x[np.isfinite(x)]
    return finite.size > 0 and (finite.size < x.size or np.ptp(finite) > LEAST_SPREAD * np.abs(finite).max())


def deciding_inputs(
    draws: xr.Dataset, names: Sequence[str], ledger: Mapping[str, Sourced], most: int = 3
) -> dict[str, tuple[Deciding, ...]]:
    """The inputs that each figure's spread comes from, strongest first, those with a share of `told_from` or more.

    So an input without any effect on a figure is named by one figure in a thousand at most.
    """
    paths = [str(path) for path in draws["input"].values]
    whole = draws.sizes["draw"] // CLASSES * CLASSES
    least = told_from(whole, len(paths))
    values = np.stack([draws[name].values[:whole] for name in names])
    share, slope = shares(draws["inputs"].values[:, :whole], values)
    found = {}
    for name, row, trend in zip(names, share, slope, strict=True):
        order = np.argsort(-row, kind="stable")[:most]
        found[name] = tuple(
            Deciding(paths[i], float(row[i]), bool(trend[i] > 0.0), ledger[paths[i]]) for i in order if row[i] >= least
        )
    return found
