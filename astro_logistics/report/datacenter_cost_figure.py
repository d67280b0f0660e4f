"""A data center's money: what makes up its cost, and orbit against ground over the price of transport."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from astro_logistics.economics.boundaries import ITEMS


def plot(over: xr.Dataset, items: Mapping[str, float], price: float, title: str = "") -> Figure:
    """Two panels.

    Args:
        over: `orbital` over `price` [USD/kg] and `terrestrial`, USD per delivered kW and year.
        items: what makes up the orbital cost at `price`, by name.
        price: of transport, marked [USD/kg].
        title: printed above.
    """
    figure = Figure(figsize=(12.0, 5.0), layout="constrained")
    parts, curve = figure.subplots(1, 2)
    shown = {ITEMS.get(name, name): x for name, x in items.items() if x != 0.0}
    names = sorted(shown, key=lambda name: shown[name])
    parts.barh(names, [shown[name] for name in names], color="#4c78a8")
    for y, name in enumerate(names):
        parts.annotate(f"{shown[name]:,.0f}", (shown[name], y), textcoords="offset points", xytext=(4, 0), va="center")
    parts.set_xlabel("USD per delivered kW and year")
    parts.set_title(f"{sum(shown.values()):,.0f} USD per kW and year at {price:,.0f} USD/kg")
    parts.margins(x=0.15)
    ground, total = float(over["terrestrial"]), np.asarray(over["orbital"].values)
    curve.plot(over["price"].values, total, color="#4c78a8", label="in orbit")
    curve.axhline(ground, color="#54a24b", label=f"on the ground, {ground:,.0f}")
    curve.plot([price], [sum(shown.values())], "o", color="#4c78a8")
    curve.set_xscale("log")
    curve.set_yscale("log")
    curve.set_ylim(bottom=0.5 * min(ground, total.min()))
    curve.set_xlabel("transport to the orbit, USD/kg")
    curve.set_ylabel("everything, USD per delivered kW and year")
    curve.legend(frameon=False)
    curve.grid(alpha=0.3)
    for axes in (parts, curve):
        axes.spines[["top", "right"]].set_visible(False)
    if title:
        figure.suptitle(title)
    return figure
