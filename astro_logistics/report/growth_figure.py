"""Growth as a figure: power at work against the Kardashev marks, with its band, and what binds it as strips."""

from __future__ import annotations

import numpy as np
import xarray as xr
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from astro_logistics.constants import SOLAR_LUMINOSITY

MARKS = {
    "1 GW": 1e9,
    "1 TW": 1e12,
    "the world's use, 2024": 1.876e13,
    "Kardashev I (Sagan)": 1e16,
    "a millionth of the Sun": 1e-6 * SOLAR_LUMINOSITY,
    "a thousandth of the Sun": 1e-3 * SOLAR_LUMINOSITY,
    "the Sun": SOLAR_LUMINOSITY,
}
"""Lines across the figure, W."""
LEAST = 1e6
"""W at the lower edge."""
COLOURS = {
    "pads": "C0",
    "boosters": "#9467bd",
    "ships": "#c5b0d5",
    "booster production": "#8c564b",
    "ship production": "#c49c94",
    "engine production": "#e377c2",
    "oxygen": "C3",
    "fuel": "C1",
    "flight ceiling": "#393b79",
    "satellite works": "#17becf",
    "chips": "C2",
    "money": "#d6c27a",
    "goods": "#98df8a",
    "landing": "#ff9896",
}
"""One colour for each limit, in both strips."""
SHOWN_LIMITS = 0.1
"""A limit that never has a larger share than this of what binds has no colour of its own."""
REST_LIMITS = 0.02
"""Below this the others together are not drawn either."""


def plot(found: xr.Dataset, band: xr.Dataset | None, title: str, last: int) -> Figure:
    """The figure.

    Args:
        found: from `growth`.
        band: from `growth_band`, or none.
        title: printed above.
        last: index of the last year shown.
    """
    figure = Figure(figsize=(9.5, 7.2), layout="constrained")
    grid = figure.add_gridspec(3, 1, height_ratios=(7.0, 0.9, 0.9))
    top = figure.add_subplot(grid[0])
    strips = [figure.add_subplot(grid[i], sharex=top) for i in (1, 2)]
    years = found["year"].values[: last + 1]
    _power(top, found, band, years)
    top.set_title(f"{title}: power at work in orbit")
    for axes, origin in zip(strips, ("earth", "moon"), strict=True):
        _strip(axes, found, origin, years)
    strips[-1].set_xlabel("year")
    for axes in (top, strips[0]):
        axes.tick_params(labelbottom=False)
    top.set_xlim(years[0], years[-1])
    return figure


def _power(axes: Axes, found: xr.Dataset, band: xr.Dataset | None, years: np.ndarray) -> None:
    n = len(years)
    installed, lunar = (_shown(found[name].values[:n]) for name in ("installed", "installed_moon"))
    highest = float(np.nanmax(installed))
    if band is not None:
        at = band.sel(probability=[0.05, 0.25, 0.5, 0.75, 0.95])["installed"].values[:, :n]
        low = np.maximum(at, 1e-3 * LEAST)  # so that the band closes where a draw has not begun
        axes.fill_between(years, low[0], low[4], color="C0", alpha=0.15, linewidth=0, label="5 to 95 % of draws")
        axes.fill_between(years, low[1], low[3], color="C0", alpha=0.3, linewidth=0, label="25 to 75 %")
        axes.plot(years, _shown(at[2]), color="C0", linestyle="--", linewidth=1.0, label="median")
        highest = max(highest, float(np.max(at)))
    axes.plot(years, installed, color="black", linewidth=1.8, label="the scenario's own numbers")
    axes.plot(years, lunar, color="C1", linewidth=1.4, label="of it, from the Moon")
    axes.set_yscale("log")
    axes.set_ylim(LEAST, min(max(1e3 * highest, 1e17), 10.0 * SOLAR_LUMINOSITY))
    for words, value in MARKS.items():
        if LEAST < value < axes.get_ylim()[1]:
            axes.axhline(value, color="0.6", linewidth=0.7, zorder=0)
            axes.annotate(
                words, (0.995, value), xycoords=("axes fraction", "data"), ha="right", va="bottom", fontsize=8,
                color="0.3", xytext=(0, 1), textcoords="offset points",
                bbox={"facecolor": "white", "alpha": 0.75, "edgecolor": "none", "pad": 0.5},
            )  # fmt: skip
    axes.set_ylabel("compute power at work in orbit, W")
    axes.legend(loc="upper left", frameon=True, framealpha=1.0, edgecolor="none", fontsize=8.5)
    axes.grid(axis="x", alpha=0.25)
    right = axes.secondary_yaxis("right", functions=(_kardashev, _power_of))
    right.set_yscale("linear")
    right.set_ylabel("Kardashev number of it alone (Sagan)")


def _shown(power: np.ndarray) -> np.ndarray:
    """Power that a logarithmic axis can show; nothing where there is hardly any."""
    return np.where(power > 1e-3 * LEAST, power, np.nan)


def _kardashev(power: ArrayLike) -> np.ndarray:
    return (np.log10(np.maximum(power, 1e-300)) - 6.0) / 10.0


def _power_of(number: ArrayLike) -> np.ndarray:
    return 10.0 ** (10.0 * np.asarray(number) + 6.0)


def _strip(axes: Axes, found: xr.Dataset, origin: str, years: np.ndarray) -> None:
    """What binds, as shares that fill a strip; empty while hardly anything is launched."""
    going = found[f"{origin}_rate"].values[: len(years)] > LEAST
    shares = found[f"{origin}_binding"].values[: len(years)]
    names = [str(name) for name in found[f"{origin}_limit"].values]
    floor = np.zeros(len(years))
    rest = np.zeros(len(years))
    for i, name in enumerate(names):
        if np.max(shares[going, i], initial=0.0) < SHOWN_LIMITS:
            rest = rest + shares[:, i]
            continue
        axes.fill_between(years, floor, floor + shares[:, i], where=going, color=COLOURS[name], linewidth=0, label=name)
        floor = floor + shares[:, i]
    if np.max(rest) > REST_LIMITS:
        axes.fill_between(years, floor, floor + rest, where=going, color="0.85", linewidth=0, label="others")
    axes.set_ylim(0.0, 1.0)
    axes.set_yticks([])
    axes.set_ylabel(f"{origin.title()}\nbound by", rotation=0, ha="right", va="center", fontsize=9)
    axes.legend(loc="center left", bbox_to_anchor=(1.005, 0.5), frameon=False, fontsize=8, ncols=1)
