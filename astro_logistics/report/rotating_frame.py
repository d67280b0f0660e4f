"""The rotating frame of two bodies, drawn: where an energy lets a spacecraft go, and where it goes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike

from astro_logistics.astro.cr3bp import jacobi, lagrange_points

_POINTS = 801
"""Across each axis. Straight lines between them leave a curve by a few 1e-6 of a width, away from the bodies."""

_COLORS = ("tab:red", "tab:green", "tab:orange", "tab:purple", "tab:brown", "tab:pink", "tab:olive", "tab:cyan")
_NO_PATH = "0.35"

# inches: panels of one scale are placed by hand, the layout engines of matplotlib cut the labels of some shapes off
_WIDTH, _LEFT, _RIGHT, _TOP, _GAP, _BOTTOM, _ROW = 7.2, 0.9, 0.9, 0.6, 0.4, 0.6, 0.18
_SHORT = 2.0  # height of a panel beside which there is no room for a whole label


def zero_velocity(mass_ratio: float, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The Jacobi constant of a spacecraft at rest in the plane of the bodies.

        2 Omega = x^2 + y^2 + 2 (1 - m) / r1 + 2 m / r2

    Args:
        mass_ratio: of the smaller body to both.
        x: (n,), in units of the distance of the bodies.
        y: (m,).

    Returns:
        (m, n). A spacecraft with the Jacobi constant C cannot be where this is below C.
    """
    grid = np.zeros((y.size, x.size, 6))
    grid[..., 0], grid[..., 1] = x[None, :], y[:, None]
    return np.asarray(jacobi(mass_ratio, grid))


def plot(
    mass_ratio: float,
    trajectories: Mapping[str, np.ndarray] | None = None,
    constants: Mapping[str, float] | None = None,
    *,
    radii: tuple[float, float] = (0.0, 0.0),
    length: float | None = None,
    names: tuple[str, str] = ("Earth", "Moon"),
    limits: tuple[tuple[float, float], tuple[float, float]] = ((-1.3, 1.3), (-1.2, 1.2)),
    side: bool = False,
) -> Figure:
    """Zero-velocity curves, Lagrange points, both bodies to scale, and trajectories, seen from above their plane.

    Within the filled region of a Jacobi constant C the speed would be imaginary: v^2 = 2 Omega - C. Its edge is dashed.

    Args:
        mass_ratio: of the smaller body to both.
        trajectories: by label, each (n, 3) or (n, 6) in units of the system, in the rotating frame.
        constants: Jacobi constants as of `cr3bp.jacobi`, by label; one with the label of a trajectory has its color.
        radii: of the two bodies, in units of their distance.
        length: distance of the bodies in m, for a second pair of scales in thousands of km; None leaves them out.
        names: of the two bodies.
        limits: of x and of y, in units of the distance of the bodies.
        side: adds the view along the y-axis, for trajectories that leave the plane.
    """
    paths = {name: np.asarray(path) for name, path in (trajectories or {}).items()}
    colors = {name: _COLORS[i % len(_COLORS)] for i, name in enumerate(paths)}
    (left, right), (low, high) = limits
    floors = [(low, high)]
    if side:
        reach = max([0.05 * (right - left), *(1.1 * float(np.max(np.abs(p[:, 2]))) for p in paths.values())])
        floors.append((-reach, reach))
    heights = [_WIDTH * (b - a) / (right - left) for a, b in floors]
    rows = -(-(len(paths) + len(constants or {})) // 2)
    figure, panels = _panels(heights, rows, scales=length is not None)
    handles = _forbid(panels[0], mass_ratio, constants or {}, colors, limits)
    for panel, floor, height, axis in zip(panels, floors, heights, (1, 2), strict=False):
        for name, path in paths.items():
            panel.plot(path[:, 0], path[:, axis], linewidth=1.3, color=colors[name], label=name, zorder=3)
        _places(panel, mass_ratio, radii, names, axis)
        panel.set(aspect="equal", xlim=(left, right), ylim=floor)
        panel.set_ylabel("xyz"[axis] + (f", {names[0]}-{names[1]} distances" if height > _SHORT else ""))
        if length is not None:
            _kilometers(panel, length, "xyz"[axis], whole=height > _SHORT)
    panels[-1].set_xlabel(f"x, {names[0]}-{names[1]} distances")
    handles = [*panels[0].get_lines()[: len(paths)], *handles]
    if handles:
        figure.legend(handles=handles, loc="lower center", ncols=2, fontsize=8, frameon=False)
    return figure


def _panels(heights: list[float], rows: int, *, scales: bool) -> tuple[Figure, list[Axes]]:
    """A figure with panels of these heights in inches, one below the other, and room for labels and a legend."""
    below = _BOTTOM + (_ROW * rows + 0.1 if rows else 0.0)
    whole = _LEFT + _WIDTH + (_RIGHT if scales else 0.3)
    tall = below + sum(heights) + _GAP * (len(heights) - 1) + (_TOP if scales else 0.2)
    figure, panels = Figure(figsize=(whole, tall)), []
    floor = below + sum(heights) + _GAP * (len(heights) - 1)
    for height in heights:
        floor -= height
        panels.append(figure.add_axes((_LEFT / whole, floor / tall, _WIDTH / whole, height / tall)))
        floor -= _GAP
    return figure, panels


def _forbid(
    panel: Axes,
    mass_ratio: float,
    constants: Mapping[str, float],
    colors: Mapping[str, str],
    limits: tuple[tuple[float, float], tuple[float, float]],
) -> list[Line2D]:
    """Fill and outline what each constant forbids; entries for the legend."""
    x, y = (np.linspace(*span, _POINTS) for span in limits)
    energy = zero_velocity(mass_ratio, x, y)
    handles = []
    for name, constant in constants.items():
        color, text = colors.get(name, _NO_PATH), f"{name}: C = {constant:.4f}"
        if np.min(energy) < constant:
            panel.contourf(x, y, energy, levels=[-np.inf, constant], colors=[color], alpha=0.12, zorder=0)
            panel.contour(x, y, energy, levels=[constant], colors=[color], linewidths=0.9, linestyles="--", zorder=1)
        else:
            text += ", nothing forbidden here"
        handles.append(Line2D([], [], color=color, linewidth=0.9, linestyle="--", label=text))
    return handles


def _places(panel: Axes, mass_ratio: float, radii: tuple[float, float], names: tuple[str, str], axis: int) -> None:
    """The bodies and the Lagrange points on a panel whose second axis is y (1) or z (2)."""
    halo = [withStroke(linewidth=2.5, foreground="white")]  # read across the lines of paths and curves
    style = {"textcoords": "offset points", "fontsize": 8, "annotation_clip": True, "zorder": 6, "path_effects": halo}
    for k, point in enumerate(np.asarray(lagrange_points(mass_ratio))):
        if k < 3 or axis == 1:  # from the side L4 and L5 lie behind each other, and mean nothing
            panel.plot(point[0], point[axis], marker="+", color="black", markersize=7, linestyle="none", zorder=4)
            panel.annotate(f"L{k + 1}", (point[0], point[axis]), xytext=(4, 5), **style)
    centers = (-mass_ratio, 1.0 - mass_ratio)
    for center, radius, name, color in zip(centers, radii, names, ("tab:blue", "0.25"), strict=True):
        panel.add_patch(Circle((center, 0.0), radius, color=color, zorder=5))
        panel.plot(center, 0.0, marker=".", color=color, markersize=2, zorder=5)  # seen however small
        panel.annotate(name, (center, 0.0), xytext=(0, -15), ha="center", **style)


def _kilometers(panel: Axes, length: float, vertical: str, *, whole: bool) -> None:
    """A second pair of scales; `length` in m; the unit is on the vertical one if there is room for it."""
    scale = length / 1e6

    def forth(a: ArrayLike) -> np.ndarray:
        return np.asarray(a) * scale

    def back(a: ArrayLike) -> np.ndarray:
        return np.asarray(a) / scale

    if vertical == "y":
        panel.secondary_xaxis("top", functions=(forth, back)).set_xlabel("x, thousand km")
    label = f"{vertical}, thousand km" if whole else vertical
    panel.secondary_yaxis("right", functions=(forth, back)).set_ylabel(label)
