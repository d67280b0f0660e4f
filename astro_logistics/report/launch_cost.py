"""Cost per kilogram against the flights of a unit, one curve for each rate of flights."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter


def plot(flights: np.ndarray, rates: np.ndarray, cost: np.ndarray, title: str) -> Figure:
    """A log-log chart.

    Args:
        flights: for which a unit is made, shape (n,).
        rates: flights per year, shape (m,).
        cost: operator's cost, USD/kg, shape (m, n).
        title: printed above.
    """
    figure = Figure(figsize=(7.5, 5.0), layout="constrained")
    axes = figure.subplots()
    for rate, line in zip(rates, cost, strict=True):
        axes.loglog(flights, line, label=f"{rate:,.0f} flights a year")
    axes.set_xlabel("flights for which a unit is made")
    axes.set_ylabel("cost, USD/kg")
    axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.yaxis.set_minor_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.set_title(title)
    axes.grid(alpha=0.3, which="both")
    axes.legend(frameon=False)
    return figure
