"""A data center's year: sunlight and temperatures, day by day."""

from __future__ import annotations

import matplotlib.dates as mdates
import xarray as xr
from matplotlib.figure import Figure

ROWS = (
    ("sunlit, % of the revolution", (("sunlit_fraction", "", 100.0, "C2"),)),
    ("cells, C", (("array", "", 1.0, "C1"),)),
    ("chips and coolant, C", (("junction", "hottest chip", 1.0, "C3"), ("coolant", "coolant", 1.0, "C0"))),
)


def plot(calendar: xr.Dataset, title: str = "") -> Figure:
    """Three panels over the dates: sunlit fraction, temperature of the cells, of chips and coolant.

    Args:
        calendar: `sunlit_fraction`, `eclipse_duration` [min], `array`, `coolant`, `junction` [C] over `date`.
        title: printed above.
    """
    figure = Figure(figsize=(9.0, 7.0), layout="constrained")
    panels = figure.subplots(len(ROWS), 1, sharex=True)
    date, dark = calendar["date"].values, calendar["eclipse_duration"].values > 0.0
    for axes, (label, lines) in zip(panels, ROWS, strict=True):
        for name, legend, scale, color in lines:
            axes.plot(date, scale * calendar[name].values, color=color, linewidth=1.6, label=legend)
        axes.fill_between(date, 0, 1, where=dark, transform=axes.get_xaxis_transform(), color="0.85", linewidth=0)
        axes.set_ylabel(label)
        axes.grid(alpha=0.3)
        axes.margins(x=0.0)
    panels[0].set_ylim(top=101.0)
    panels[2].legend(frameon=False, fontsize=8)
    locator = mdates.AutoDateLocator()
    panels[2].xaxis.set_major_locator(locator)
    panels[2].xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))
    panels[2].set_xlabel("date (TDB); in sunlight, at the end of life; shaded: days with eclipses")
    if title:
        figure.suptitle(title)
    return figure
