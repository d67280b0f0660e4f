"""Where a figure meets a target as one input varies: all crossings in a range, or how near it comes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Gap = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]]
"""Inputs (k,) -> figure minus target, its derivative, and the size of the figure, each (k,)."""

POINTS = 128
"""Points of one scan."""
ZOOMS = 4
"""Scans within one cell, each (POINTS - 1) times as fine: to 1e-8 of the cell."""
RELATIVE_GAP = 1e-9
"""A crossing is accepted where figure and target agree to this share of the figure; a jump over the target is none."""


@dataclass(frozen=True)
class Crossings:
    """Where a figure meets its target in a range, in increasing order, shape (r,).

    `rising`: whether the figure rises through the target. `jumps`: where it passes the target without taking its value
    (a pole). `closest` is where the figure came nearest, with `closest_gap`; NaN where the figure is nowhere a number.
    `undefined` is the share of the scanned points at which it is none.
    """

    x: np.ndarray
    rising: np.ndarray
    jumps: np.ndarray
    closest: float
    closest_gap: float
    undefined: float


def grid(low: float, high: float, points: int = POINTS) -> np.ndarray:
    """Points from `low` to `high`, at equal ratios where the range is positive and spans a factor of ten or more."""
    if low > 0.0 and high >= 10.0 * low:
        x = np.geomspace(low, high, points)
        x[0], x[-1] = low, high
        return x
    return np.linspace(low, high, points)


def crossings(gap: Gap, low: float, high: float) -> Crossings:
    """All crossings of a smooth figure with its target in [low, high].

    A scan of POINTS values finds the changes of sign. Where both ends of a cell lie on the same side, and the slopes
    show an extremum towards the target inside, the cell is scanned again, up to ZOOMS times, so that a pair of
    crossings closer than a cell is found. What a scan can miss is a feature narrower than a cell whose slopes at both
    ends do not show it. Each change of sign is then refined by Newton's method with the exact derivative, replaced
    by bisection where it would leave the bracket or converge slowly (Press et al. 2007, Numerical Recipes, 9.4).
    """
    x = grid(low, high)
    f, slope, _ = gap(x)
    left, right, extrema = _brackets(x, f, slope)
    best, best_gap = _closest(x, f)
    for cell in extrema:
        ends = cell
        for _ in range(ZOOMS):
            fine = np.linspace(*ends, POINTS)
            f_fine, slope_fine, _ = gap(fine)
            best, best_gap = _nearer(best, best_gap, *_closest(fine, f_fine))
            more_left, more_right, deeper = _brackets(fine, f_fine, slope_fine)
            if more_left.size or not deeper:
                left, right = np.append(left, more_left), np.append(right, more_right)
                break
            ends = deeper[0]
    order = np.argsort(left)
    root, good, rising = refine(gap, left[order], right[order])
    apart = np.append(True, np.diff(root) > 4.0 * np.spacing(np.abs(root[1:])))[: root.size]
    root, good, rising = root[apart], good[apart], rising[apart]
    if good.any():
        best, best_gap = float(root[good][0]), 0.0
    return Crossings(root[good], rising[good], root[~good], best, best_gap, float(np.mean(~np.isfinite(f))))


def _brackets(
    x: np.ndarray, f: np.ndarray, slope: np.ndarray
) -> tuple[np.ndarray, np.ndarray, list[tuple[float, float]]]:
    """Ends of the cells over which f changes sign, and the cells with an extremum towards zero inside.

    A value of exactly zero counts as positive; where f only touches zero at a point, that is a cell of no width.
    """
    positive = f >= 0.0
    both = np.isfinite(f[:-1]) & np.isfinite(f[1:])
    change = both & (positive[:-1] != positive[1:])
    sign = np.where(positive, 1.0, -1.0)
    toward = both & ~change & (sign[:-1] * slope[:-1] < 0.0) & (sign[1:] * slope[1:] > 0.0)
    touch = (f == 0.0) & ~np.append(change, False) & ~np.append(False, change)
    left, right = np.append(x[:-1][change], x[touch]), np.append(x[1:][change], x[touch])
    return left, right, list(zip(x[:-1][toward].tolist(), x[1:][toward].tolist(), strict=True))


def _closest(x: np.ndarray, f: np.ndarray) -> tuple[float, float]:
    if not np.isfinite(f).any():
        return np.nan, np.nan
    i = int(np.nanargmin(np.where(np.isfinite(f), np.abs(f), np.nan)))
    return float(x[i]), float(f[i])


def _nearer(x: float, f: float, x_new: float, f_new: float) -> tuple[float, float]:
    return (x_new, f_new) if abs(f_new) < abs(f) else (x, f)


def refine(
    gap: Gap, left: np.ndarray, right: np.ndarray, iterations: int = 100
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Zeros inside brackets, all at once.

    Args:
        gap: the function.
        left, right: ends of the brackets, shape (r,), with a change of sign between them, or equal.
        iterations: most steps; bisection alone ends at neighbouring floats in about 60.

    Returns:
        The zeros, whether the function is zero there to RELATIVE_GAP (else it jumps), and whether it rises; (r,).
    """
    a, b = left.astype(float).copy(), right.astype(float).copy()
    if a.size == 0:
        return a, np.zeros(0, bool), np.zeros(0, bool)
    rising = gap(b)[0] >= gap(a)[0]
    x, last = 0.5 * (a + b), b - a
    f, slope, size = gap(x)
    for _ in range(iterations):
        below = (f < 0.0) == rising
        a, b = np.where(below, x, a), np.where(below, b, x)
        with np.errstate(divide="ignore", invalid="ignore"):
            step = -f / slope
            newton = (x + step >= a) & (x + step <= b) & (np.abs(2.0 * step) < np.abs(last))
        following = np.where(f == 0.0, x, np.where(newton, x + step, 0.5 * (a + b)))
        last, done = following - x, np.abs(following - x) <= 2.0 * np.spacing(np.abs(x))
        x = following
        f, slope, size = gap(x)
        if done.all():
            break
    good = np.isfinite(f) & (np.abs(f) <= RELATIVE_GAP * size)
    return x, good, np.where(left == right, slope >= 0.0, rising)
