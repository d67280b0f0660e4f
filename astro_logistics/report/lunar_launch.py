"""Shots from the Moon, drawn: their paths in the rotating and the inertial frame, and their miss against the speed."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from astro_logistics.astro.cr3bp import lagrange_points

_COLORS = ("tab:blue", "tab:orange", "tab:green", "tab:red", "tab:purple", "tab:brown", "tab:pink", "tab:olive")


def inertial(path: np.ndarray, time: np.ndarray) -> np.ndarray:
    """Positions (n, 2) in the plane about the barycenter, against the stars, from rotating ones at times in units."""
    cos, sin = np.cos(time), np.sin(time)
    return np.stack([cos * path[:, 0] - sin * path[:, 1], sin * path[:, 0] + cos * path[:, 1]], axis=-1)


def trajectories(
    mass_ratio: float,
    paths: Mapping[str, tuple[np.ndarray, np.ndarray]],
    *,
    radii: tuple[float, float],
    length: float,
) -> Figure:
    """Paths seen from above the plane: about the Moon and whole in the rotating frame, and against the stars.

    Args:
        mass_ratio: of the Moon to both.
        paths: by label, times (n,) and states (n, 6) in units of the system.
        radii: of the Earth and the Moon, units of the system.
        length: the unit, m; scales are in thousands of km.
    """
    scale, moon = length / 1e6, 1.0 - mass_ratio
    points = np.asarray(lagrange_points(mass_ratio))[:, :2]
    figure = Figure(figsize=(15.0, 5.6), layout="constrained")
    near, whole, stars = figure.subplots(1, 3)
    for k, (name, (time, path)) in enumerate(paths.items()):
        color = _COLORS[k % len(_COLORS)]
        near.plot((path[:, 0] - moon) * scale, path[:, 1] * scale, color=color, linewidth=1.3, label=name)
        whole.plot(path[:, 0] * scale, path[:, 1] * scale, color=color, linewidth=1.2)
        stars.plot(*(inertial(path, time) * scale).T, color=color, linewidth=1.2)
        end = inertial(np.array([[moon, 0.0]]), time[-1:])[0] * scale
        stars.plot(*end, marker="o", markersize=3.5, color=color, markerfacecolor="none")
    reach = 80.0
    for panel, shift in ((near, moon), (whole, 0.0)):
        for j, (x, y) in enumerate(points):
            panel.plot((x - shift) * scale, y * scale, "+", color="black", markersize=6)
            panel.annotate(
                f"L{j + 1}",
                ((x - shift) * scale, y * scale),
                xytext=(4, 4),
                textcoords="offset points",
                fontsize=8,
                clip_on=True,
                annotation_clip=True,
            )
    _body(near, (0.0, 0.0), radii[1] * scale, "0.4", "Moon")
    near.set(xlim=(-reach, reach), ylim=(-reach, reach), title="About the Moon, rotating frame (Earth to the left)")
    for panel in (whole, stars):
        _body(panel, (-mass_ratio * scale, 0.0), radii[0] * scale, "tab:blue", "Earth")
    _body(whole, (moon * scale, 0.0), radii[1] * scale, "0.4", "Moon")
    turn = np.linspace(0.0, 2.0 * np.pi, 361)
    stars.plot(moon * scale * np.cos(turn), moon * scale * np.sin(turn), color="0.7", linewidth=0.8, linestyle="--")
    stars.plot(moon * scale, 0.0, marker="o", markersize=4, color="0.4")
    stars.annotate(
        "Moon at the shot", (moon * scale, 0.0), xytext=(0, -14), textcoords="offset points", ha="right", fontsize=8
    )
    whole.set(title="Rotating frame")
    stars.set(title="Against the stars (circles: the Moon at arrival)")
    for panel in (whole, stars):
        panel.set(xlim=(-560.0, 560.0), ylim=(-560.0, 560.0))
    for panel in (near, whole, stars):
        panel.set(aspect="equal", xlabel="thousand km")
        panel.grid(alpha=0.25)
    figure.legend(loc="outside lower center", ncols=3, fontsize=8, frameon=False)
    return figure


def _body(panel: Axes, center: tuple[float, float], radius: float, color: str, name: str) -> None:
    """A body to scale, and a dot that is seen however small it is."""
    panel.add_patch(Circle(center, radius, color=color, zorder=3))
    panel.plot(*center, marker=".", color=color, markersize=3, zorder=3)
    panel.annotate(name, center, xytext=(0, -13), textcoords="offset points", ha="center", fontsize=8)


def misses(curves: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> Figure:
    """Miss in the orbital plane against the error of the muzzle speed, on logarithmic scales.

    Args:
        curves: by label, errors (n,) in m/s, of which the positive ones are drawn, and misses (n,) in m.
    """
    figure = Figure(figsize=(7.5, 5.0), layout="constrained")
    panel = figure.subplots()
    for k, (name, (error, miss)) in enumerate(curves.items()):
        kept = (error > 0.0) & np.isfinite(miss) & (miss != 0.0)
        panel.loglog(error[kept], np.abs(miss[kept]) / 1e3, color=_COLORS[k % len(_COLORS)], label=name)
    panel.set(xlabel="error of the muzzle speed, m/s", ylabel="miss, km")
    panel.grid(which="both", alpha=0.25)
    panel.legend(frameon=False, fontsize=9)
    return figure
