"""Tables of draws and of break-even values."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import xarray as xr
from rich.box import SIMPLE_HEAD
from rich.table import Table

from astro_logistics.report.tables import number, shown_unit
from astro_logistics.scenario.records import Sourced


def _table(*headers: str) -> Table:
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for i, header in enumerate(headers):
        table.add_column(header, justify="left" if i == 0 else "right", overflow="fold")
    return table


def quantiles(draws: xr.Dataset, found: xr.Dataset) -> Table:
    """One row per figure: its value at the scenario's inputs, its quantiles, and the draws that have none."""
    shares = [f"{100.0 * p:g} %" for p in found["probability"].values]
    confidence = f"{100.0 * found.attrs['confidence']:g} %"
    table = _table("figure", "unit", "scenario", *shares, f"median's {confidence}\ninterval", "not met", "no number")
    middle = int(np.argmin(np.abs(found["probability"].values - 0.5)))
    for name in found["figure"].values:
        row, about = found.sel(figure=name), draws[name].attrs
        median = row.isel(probability=middle)
        table.add_row(
            name,
            about["units"],
            number(about["at_scenario"]),
            *(number(x) for x in row["value"].values),
            f"{number(median['low'].item())} .. {number(median['high'].item())}",
            f"{about['infeasible'] / draws.sizes['draw']:.2%}",
            f"{about['not_finite'] / draws.sizes['draw']:.2%}",
        )
    return table


def moved(rows: Iterable[tuple[str, float, float, Sourced]], unit: str) -> Table:
    """How other inputs move a break-even value: path, derivative, swing and record of each."""
    table = _table("moved by", f"over its range\n{shown_unit(unit) or '1'}", "value", "range", "status", "source")
    for i in (4, 5):
        table.columns[i].justify = "left"
    for path, _, swing, r in rows:
        sign = "+" if swing >= 0.0 else "-"
        table.add_row(
            path,
            f"{sign}{number(abs(swing))}",
            f"{number(r.value)} {shown_unit(r.unit)}",
            f"{number(r.low)} .. {number(r.high)}",
            r.status,
            r.source or "-",
        )
    return table


def shown(value: Any, unit: str) -> str:
    """A number with its unit."""
    return f"{number(float(value))} {shown_unit(unit)}".rstrip()
