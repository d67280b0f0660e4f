"""Where a figure meets a target as two inputs vary: the frontier, as curves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from astro_logistics.design.break_even import refine

Gap2 = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]
"""Inputs x and y (k,) -> figure minus target, its derivatives by x and by y, and the size of the figure, each (k,)."""


@dataclass(frozen=True)
class Curve:
    """Points of one connected piece of the frontier, in order, each (k,); `slope` is dy/dx along it.

    `closed`: the last point is joined to the first.
    """

    x: np.ndarray
    y: np.ndarray
    slope: np.ndarray
    closed: bool


def curves(gap: Gap2, xs: np.ndarray, ys: np.ndarray) -> list[Curve]:
    """The frontier in the rectangle of a grid, longest piece first.

    Marching squares over the signs of the figure minus the target; every point is then brought onto the frontier along
    the edge of the grid on which it lies, by Newton's method with the exact derivative, so that the points are as exact
    as those of one input alone; dy/dx = -f_x / f_y by the implicit function theorem. A piece smaller than a cell of the
    grid can be missed. Edges on which the figure jumps over the target carry no point.

    Args:
        gap: the function.
        xs, ys: coordinates of the grid's lines, increasing, shapes (m,) and (n,).
    """
    grid_x, grid_y = (g.ravel() for g in np.meshgrid(xs, ys, indexing="ij"))
    f = gap(grid_x, grid_y)[0].reshape(len(xs), len(ys))
    starts, ends = _crossed(f)
    if len(starts) == 0:
        return []
    x0, y0, x1, y1 = xs[starts[:, 0]], ys[starts[:, 1]], xs[ends[:, 0]], ys[ends[:, 1]]

    def along(s: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        value, f_x, f_y, size = gap(x0 + s * (x1 - x0), y0 + s * (y1 - y0))
        return value, f_x * (x1 - x0) + f_y * (y1 - y0), size

    s, good, _ = refine(along, np.zeros(len(starts)), np.ones(len(starts)))
    x, y = x0 + s * (x1 - x0), y0 + s * (y1 - y0)
    _, f_x, f_y, _ = gap(x, y)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = -f_x / f_y
    corners = np.concatenate([starts, ends], axis=1).tolist()
    edges = {(i, j, i1, j1): k for k, (i, j, i1, j1) in enumerate(corners)}
    chains = _chains(_links(f, edges, good), [k for k in range(len(starts)) if good[k]])
    found = [Curve(x[chain], y[chain], slope[chain], closed) for chain, closed in chains]
    return sorted(found, key=lambda curve: -curve.x.size)


def _crossed(f: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Grid indices of both ends of every edge over which f changes sign, each (e, 2)."""
    starts, ends = [], []
    for step in (np.array([1, 0]), np.array([0, 1])):
        a, b = f[: f.shape[0] - step[0], : f.shape[1] - step[1]], f[step[0] :, step[1] :]
        where = np.argwhere(np.isfinite(a) & np.isfinite(b) & ((a >= 0.0) != (b >= 0.0)))
        starts.append(where)
        ends.append(where + step)
    return np.concatenate(starts), np.concatenate(ends)


def _links(f: np.ndarray, edges: dict[tuple[int, int, int, int], int], good: np.ndarray) -> dict[int, list[int]]:
    """The neighbours of each crossed edge: those that it shares a piece of the frontier with, inside one cell."""
    links: dict[int, list[int]] = {}

    def join(a: int, b: int) -> None:
        links.setdefault(a, []).append(b)
        links.setdefault(b, []).append(a)

    cells = {cell for i, j, i1, _ in edges for cell in ((i, j), (i, j - 1) if i1 > i else (i - 1, j))}
    for i, j in sorted(cells):
        around = [(i, j, i + 1, j), (i + 1, j, i + 1, j + 1), (i, j + 1, i + 1, j + 1), (i, j, i, j + 1)]
        bottom, right, top, left = (edges.get(edge) for edge in around)
        here = [k for k in (bottom, right, top, left) if k is not None and good[k]]
        if len(here) == 2:
            join(*here)
        elif len(here) == 4:  # a saddle: the middle says which corners belong together
            same = (f[i : i + 2, j : j + 2].mean() >= 0.0) == (f[i, j] >= 0.0)
            join(here[0], here[1] if same else here[3])
            join(here[2], here[3] if same else here[1])
    return links


def _chains(links: dict[int, list[int]], points: list[int]) -> list[tuple[list[int], bool]]:
    """Points joined into chains, and whether each closes on itself."""
    left = set(points)
    chains = []
    for start in [k for k in points if len(links.get(k, [])) < 2] + points:
        if start not in left:
            continue
        chain = [start]
        left.discard(start)
        while following := [k for k in links.get(chain[-1], []) if k in left]:
            chain.append(following[0])
            left.discard(following[0])
        chains.append((chain, len(chain) > 2 and start in links.get(chain[-1], [])))
    return chains
