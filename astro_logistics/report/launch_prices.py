"""The price of launch over years: what was sold, Wright's law through it, and the price bottom-up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from matplotlib.figure import Figure
from matplotlib.ticker import StrMethodFormatter
from rich.table import Table

from astro_logistics.report.tables import make_table, number


def table(found: xr.Dataset, record: xr.Dataset, shown: Sequence[int]) -> Table:
    """One row per entry of the record, then one per year of growth.

    Args:
        found: from `growth`.
        record: from `price_record`.
        shown: indices of the years of growth.
    """
    made = make_table(
        "year", "launch to low orbit", "lifted by then\nt", "sold at\nUSD/kg", "by the record\nUSD/kg", "95 % band",
        "bottom-up\nUSD/kg", "over the\nrecord's",
    )  # fmt: skip
    made.columns[1].justify = "left"
    last = record.sizes["entry"] - 1
    for i in range(last + 1):
        row = record.isel(entry=i)
        name = str(row["entry"].item()).removesuffix(f"_{int(row['year'])}").replace("_", " ")
        known = float(found["launch_price_today"]) if i == last else None
        made.add_row(f"{int(row['year'])}", name, *_cells(row, float(row["price"]), known))
    for i in shown:
        row = found.isel(year=i)
        made.add_row(f"{float(row['year']):.0f}", "growth", *_cells(row, None, float(row["launch_price"])))
    return made


def _cells(row: xr.Dataset, sold: float | None, made: float | None) -> list[str]:
    line, low, high = (float(row[f"record_price{end}"]) for end in ("", "_low", "_high"))
    return [
        number(float(row["cumulative_mass"]) / 1e3),
        "-" if sold is None else number(sold),
        number(line),
        f"{number(low)} to {number(high)}",
        "-" if made is None else number(made),
        "-" if made is None else f"{made / line:.2f}",
    ]


def plot(found: xr.Dataset, record: xr.Dataset, title: str, last: int) -> Figure:
    """Price over years on a logarithmic axis.

    Args:
        found, record: as for `table`.
        title: printed above.
        last: index of the last year shown.
    """
    figure = Figure(figsize=(8.5, 5.0), layout="constrained")
    axes = figure.subplots()
    coming = found.isel(year=slice(0, last + 1))
    for part, years, label in ((record, record["year"], True), (coming, coming["year"], False)):
        low, high = part["record_price_low"].values, part["record_price_high"].values
        axes.fill_between(years.values, low, high, color="C0", alpha=0.2, linewidth=0, label="95 % band" * label)
        axes.plot(years.values, part["record_price"].values, color="C0", label="Wright's law by the record" * label)
    axes.plot(record["year"].values, record["price"].values, "o", color="black", label="sold at")
    axes.plot(
        coming["year"].values, coming["launch_price"].values, color="C3", label="bottom-up, the scenario's launcher"
    )
    today = float(found["launch_price_today"])
    axes.plot(record["year"].values[-1], today, "D", color="C3", label="bottom-up, the launcher of today")
    axes.set_yscale("log")
    axes.set_xlim(float(record["year"][0]) - 2.0, float(coming["year"][-1]))
    lowest = min(float(np.min(x)) for x in (coming["launch_price"], coming["record_price_low"], record["price"]))
    axes.set_ylim(0.5 * min(lowest, today), 2.0 * float(np.max(record["price"])))
    axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.set_xlabel("year")
    axes.set_ylabel("price to low orbit, USD/kg")
    axes.set_title(title)
    axes.grid(alpha=0.3)
    axes.legend(frameon=False)
    return figure
