"""Sunlight through the year: the Sun's angle to the orbit, the part of it in sunlight, the length of the eclipses."""

from __future__ import annotations

import matplotlib.dates as mdates
import numpy as np
import xarray as xr
from matplotlib.figure import Figure


def plot(calendar: xr.Dataset, title: str = "") -> Figure:
    """Three panels over the dates: beta angle, sunlit fraction, eclipse duration; days with eclipses shaded.

    Args:
        calendar: `beta` [deg], `sunlit_fraction`, `eclipse_duration` [min] over `date`.
        title: the orbit, printed above with the year's sunlit fraction and longest eclipse.
    """
    figure = Figure(figsize=(9.0, 7.0), layout="constrained")
    panels = figure.subplots(3, 1, sharex=True)
    date = calendar["date"].values
    dark = calendar["eclipse_duration"].values > 0.0
    rows = (
        ("beta", "beta angle, deg", 1.0, "C1"),
        ("sunlit_fraction", "sunlit, % of the revolution", 100.0, "C2"),
        ("eclipse_duration", "eclipse, min per revolution", 1.0, "C0"),
    )
    for axes, (name, label, scale, color) in zip(panels, rows, strict=True):
        axes.plot(date, scale * calendar[name].values, color=color, linewidth=1.6)
        axes.fill_between(date, 0, 1, where=dark, transform=axes.get_xaxis_transform(), color="0.85", linewidth=0)
        axes.set_ylabel(label)
        axes.grid(alpha=0.3)
        axes.margins(x=0.0)
    panels[1].set_ylim(top=101.0)
    panels[2].set_ylim(bottom=0.0)
    locator = mdates.AutoDateLocator()
    panels[2].xaxis.set_major_locator(locator)
    panels[2].xaxis.set_major_formatter(mdates.ConciseDateFormatter(locator))
    panels[2].set_xlabel("date (TDB); shaded: days with eclipses")
    sunlit, longest = float(calendar["sunlit_fraction"].mean()), float(np.max(calendar["eclipse_duration"].values))
    state = f"sunlit {100.0 * sunlit:.1f} % of the year, longest eclipse {longest:.1f} min"
    figure.suptitle(f"{title}: {state}" if title else state)
    return figure
