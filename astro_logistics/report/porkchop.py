"""Porkchop plots: departure energy and arrival speed over the dates of departure and arrival."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import matplotlib.dates as mdates
import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from astro_logistics.report.porkchop_cells import VARIABLES, Request, blocks


def grid(request: Request, progress: Callable[[float], None] = lambda fraction: None) -> xr.Dataset:
    """Every direct transfer between two lists of dates, in memory: 40 bytes a cell.

    Args:
        request: the plot.
        progress: called with the fraction done after each block of rows.

    Returns:
        The variables of `porkchop_cells.VARIABLES`, each (n, m) over the dates (TDB); NaN where there is no transfer.
    """
    n, m = request.departures.size, request.arrivals.size
    arrays = {name: np.empty((n, m)) for name in VARIABLES}
    for block in blocks(request, tuple(VARIABLES), "float64"):
        for array, values in zip(arrays.values(), block.columns, strict=True):
            array[block.start : block.stop] = values
        progress(block.stop / n)
    coordinates = {
        "departure": dates("departure", request.departures),
        "arrival": dates("arrival", request.arrivals),
    }
    variables = {
        name: (("departure", "arrival"), arrays[name], {"units": unit, "long_name": meaning})
        for name, (unit, meaning) in VARIABLES.items()
    }
    return xr.Dataset(variables, coordinates, {"origin": request.origin, "destination": request.destination})


def dates(name: str, seconds: np.ndarray) -> xr.Variable:
    """TDB seconds past J2000 as a coordinate of datetime64 that reads as TDB."""
    moments = np.datetime64("2000-01-01T12:00:00", "ns") + np.round(seconds * 1e9).astype("timedelta64[ns]")
    return xr.Variable(name, moments, {"scale": "TDB"})


def plot(data: xr.Dataset, optima: Sequence[tuple[str, str, str]] = ()) -> Figure:
    """C3 as filled contours, arrival speed and time of flight as lines, optima as marks.

    Args:
        data: as from `grid`.
        optima: (departure, arrival, label), the dates ISO (TDB).
    """
    figure = Figure(figsize=(9.0, 7.5), layout="constrained")
    axes = figure.add_subplot()
    x, y = data["departure"].values, data["arrival"].values
    c3, speed = data["c3"].values.T, data["v_infinity_arrival"].values.T
    days = data["time_of_flight"].values.T
    least = float(np.nanmin(c3))
    levels = least + np.array([0.0, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 18.0, 26.0, 36.0])
    filled = axes.contourf(x, y, c3, levels=levels, cmap="viridis_r", extend="neither")
    figure.colorbar(filled, ax=axes, label="C3 at departure, km2/s2", format="%.1f")
    low = float(np.nanmin(speed[c3 <= levels[-1]]))
    near = np.where(c3 <= 2.0 * levels[-1], speed, np.nan)
    lines = axes.contour(x, y, near, levels=np.ceil(low) + np.arange(8), colors="tab:red", linewidths=0.8)
    axes.clabel(lines, fmt="%g km/s", fontsize=7)
    times = axes.contour(x, y, days, levels=np.arange(100, 1000, 50), colors="0.6", linewidths=0.5, linestyles="--")
    axes.clabel(times, fmt="%g d", fontsize=7)
    for departure, arrival, label in optima:
        at = (np.datetime64(departure), np.datetime64(arrival))
        axes.plot([at[0]], [at[1]], marker="*", color="black", markersize=10)
        axes.annotate(label, at, textcoords="offset points", xytext=(7, 5), fontsize=8)
    for axis in (axes.xaxis, axes.yaxis):
        locator = mdates.AutoDateLocator()
        axis.set_major_locator(locator)
        axis.set_major_formatter(mdates.ConciseDateFormatter(locator))
    axes.set_xlabel(f"departure from {data.attrs['origin']} (TDB)")
    axes.set_ylabel(f"arrival at {data.attrs['destination']} (TDB)")
    axes.set_title("C3 at departure (filled), v-infinity at arrival (red), time of flight (dashed)", fontsize=10)
    return figure
