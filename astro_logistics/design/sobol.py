"""Which inputs the variance of a figure comes from: Sobol' indices with intervals, and bounds from derivatives.

For f of independent inputs, the first-order index of a group g of inputs is Var E[f | x_g] / Var f, what knowing them
would take away on average; its total index is E Var[f | all but x_g] / Var f, what stays if all others are known.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

Function = Callable[[np.ndarray], np.ndarray]
"""Points in the unit cube (k, d) -> figures (k, m)."""


@dataclass(frozen=True)
class Indices:
    """Indices of g groups for m figures, shape (g, m), each with the ends of its bootstrap interval.

    `variance` has shape (m,); `left_out` counts the rows, not used, without a number in some figure.
    """

    first: np.ndarray
    first_low: np.ndarray
    first_high: np.ndarray
    total: np.ndarray
    total_low: np.ndarray
    total_high: np.ndarray
    variance: np.ndarray
    left_out: int


def indices(
    function: Function,
    points: np.ndarray,
    groups: Sequence[Sequence[int]],
    *,
    resamples: int = 400,
    confidence: float = 0.95,
    seed: int = 0,
) -> Indices:
    """First-order and total indices by the estimators of Saltelli et al. (2010) and Jansen (1999).

    From two independent samples A and B, and A with the columns of group g taken from B, called A_g:
    first = mean(f(B) (f(A_g) - f(A))) / Var f, total = mean((f(A) - f(A_g))^2) / (2 Var f), with f measured from its
    mean and Var f from A and B together. n (g + 2) evaluations.

    The intervals come from resampling the n rows (percentiles). The rows of a Sobol' sequence are more even than
    independent ones, so the true error is usually smaller than the interval says.

    Args:
        function: to be judged.
        points: shape (n, 2 d): A in the first d columns, B in the others; n a power of two of a Sobol' sequence.
        groups: columns of each group, disjoint.
        resamples: of the bootstrap.
        confidence: of the intervals.
        seed: of the bootstrap.

    Reference: Saltelli et al. (2010), Variance based sensitivity analysis of model output, Table 2 (b) and (f).
    """
    d = points.shape[1] // 2
    a, b = points[:, :d], points[:, d:]
    f_a, f_b = function(a), function(b)
    f_mixed = []
    for columns in groups:
        mixed = a.copy()
        mixed[:, list(columns)] = b[:, list(columns)]
        f_mixed.append(function(mixed))
    f_g = np.stack(f_mixed)
    good = np.isfinite(f_a).all(axis=1) & np.isfinite(f_b).all(axis=1) & np.isfinite(f_g).all(axis=(0, 2))
    f_a, f_b, f_g = f_a[good], f_b[good], f_g[:, good]
    if len(f_a) == 0:
        nothing = np.full((len(groups), f_g.shape[2]), np.nan)
        return Indices(*[nothing] * 6, variance=np.full(f_g.shape[2], np.nan), left_out=len(points))
    center = 0.5 * (f_a.mean(axis=0) + f_b.mean(axis=0))
    f_a, f_b, f_g = f_a - center, f_b - center, f_g - center
    # weights of the rows: all the same, then one row of counts for each resampling
    n = len(f_a)
    counts = np.random.default_rng(seed).multinomial(n, np.full(n, 1.0 / n), size=resamples)
    weights = np.concatenate([np.full((1, n), 1.0 / n), counts / n])
    mean = weights @ (0.5 * (f_a + f_b))
    variance = weights @ (0.5 * (f_a**2 + f_b**2)) - mean**2  # (resamples + 1, m)
    first = np.stack([weights @ (f_b * (f - f_a)) for f in f_g]) / variance
    total = np.stack([weights @ (0.5 * (f - f_a) ** 2) for f in f_g]) / variance
    tail = 100.0 * 0.5 * (1.0 - confidence)
    ends = [np.percentile(x[:, 1:], (tail, 100.0 - tail), axis=1) for x in (first, total)]
    return Indices(
        first=first[:, 0],
        first_low=ends[0][0],
        first_high=ends[0][1],
        total=total[:, 0],
        total_low=ends[1][0],
        total_high=ends[1][1],
        variance=variance[0],
        left_out=int(np.sum(~good)),
    )


def derivative_bounds(
    gradients: np.ndarray, poincare: np.ndarray, variance: np.ndarray, confidence: float = 0.95
) -> tuple[np.ndarray, np.ndarray]:
    """Upper bounds on total indices from derivatives: C_i E[(df/dy_i)^2] / Var f, with C_i the Poincare constant.

    That of a group is at most the sum of its members'. A bound far above the index tells that the figure is steep
    somewhere in the range; one near zero proves that an input does not matter.

    Args:
        gradients: df/dy at independent draws, shape (n, m, d), y the coordinate of the Poincare constant; draws without
            a number are left out.
        poincare: shape (d,).
        variance: of the figures, shape (m,).
        confidence: of the upper end of the estimate.

    Returns:
        The bounds (d, m), and the upper ends of their one-sided sampling intervals (normal approximation).

    Reference: Lamboni, Iooss, Popelin & Gamboa (2013); Kucherenko & Iooss (2016), Derivative-based global sensitivity
    measures, Theorem 3.
    """
    good = np.isfinite(gradients).all(axis=(1, 2))
    squares = gradients[good] ** 2 * poincare / variance[:, None]  # (n, m, d)
    error = squares.std(axis=0) / np.sqrt(max(len(squares), 1))
    bound = squares.mean(axis=0)
    return bound.T, (bound + ndtri(confidence) * error).T
