"""Porkchop plots: departure energy and arrival speed over the dates of departure and arrival."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import jax
import matplotlib.dates as mdates
import numpy as np
import xarray as xr
from matplotlib.figure import Figure

from astro_logistics.astro.ephemeris import Ephemeris
from astro_logistics.astro.windows import porkchop
from astro_logistics.constants import DAY

CELLS = 1 << 16
"""Cells computed at a time: bounds the memory beside the result."""


def grid(
    ephemeris: Ephemeris,
    origin: str,
    destination: str,
    departures: np.ndarray,
    arrivals: np.ndarray,
    mu_sun: float,
    progress: Callable[[float], None] = lambda fraction: None,
) -> xr.Dataset:
    """Every direct transfer between two lists of dates, in blocks of rows.

    Args:
        ephemeris: covers the dates.
        origin, destination: bodies of it.
        departures: TDB seconds past J2000, shape (n,).
        arrivals: TDB seconds past J2000, shape (m,).
        mu_sun: gravitational parameter of the Sun, m3/s2.
        progress: called with the fraction done after each block.

    Returns:
        `c3` (km2/s2), `v_infinity_departure`, `v_infinity_arrival` (km/s), `time_of_flight` (days), each (n, m) over
        the dates (TDB); NaN where arrival is not after departure.
    """
    n, m = departures.size, arrivals.size
    rows = max(1, min(n, CELLS // max(m, 1)))
    names = ("c3", "v_infinity_departure", "v_infinity_arrival", "time_of_flight")
    scale, unit = (1e6, 1e3, 1e3, DAY), ("km2/s2", "km/s", "km/s", "days")
    arrays = {name: np.full((n, m), np.nan) for name in names}
    for start in range(0, n, rows):
        block = np.minimum(
            np.arange(start, start + rows), n - 1
        )  # the last block repeats a row: one shape, one program
        found = jax.device_get(porkchop(ephemeris, origin, destination, departures[block], arrivals, mu_sun))
        stop = min(start + rows, n)
        after = found.time_of_flight > 0.0
        for name, factor in zip(names, scale, strict=True):
            arrays[name][start:stop] = np.where(after, getattr(found, name) / factor, np.nan)[: stop - start]
        progress(stop / n)
    coordinates = {
        "departure": ("departure", _dates(departures), {"scale": "TDB"}),
        "arrival": ("arrival", _dates(arrivals), {"scale": "TDB"}),
    }
    variables = {
        name: (("departure", "arrival"), arrays[name], {"units": u}) for name, u in zip(names, unit, strict=True)
    }
    return xr.Dataset(variables, coordinates, {"origin": origin, "destination": destination})


def _dates(seconds: np.ndarray) -> np.ndarray:
    """TDB seconds past J2000 as datetime64 that reads as TDB."""
    return np.datetime64("2000-01-01T12:00:00", "ns") + np.round(seconds * 1e9).astype("timedelta64[ns]")


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
