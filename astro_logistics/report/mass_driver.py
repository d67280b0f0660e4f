"""Tables and figures of a mass driver: the machine, its bill, break-even with rockets, published designs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from rich.box import SIMPLE_HEAD
from rich.table import Table

from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.launch.mass_driver.studies import Comparison
from astro_logistics.report.tables import number

UNITS = {
    "length": ("m", 1.0),
    "time": ("s", 1.0),
    "shot_energy": ("MJ", 1e6),
    "throughput": ("t/yr", 1e3 / JULIAN_YEAR),
    "efficiency": ("", 1.0),
    "power": ("MW", 1e6),
    "peak_power": ("MW", 1e6),
    "duty_fraction": ("", 1.0),
    "braking_recovery": ("", 1.0),
}
"""Unit in which a figure of a study is shown, and its size in SI."""


def empty_table(*headers: str, title: str | None = None) -> Table:
    """A table without rows: the first column to the left, the others to the right."""
    table = Table(box=SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False, padding=(0, 1, 0, 0))
    for i, header in enumerate(headers):
        table.add_column(header, justify="left" if i == 0 else "right", overflow="fold")
    return table


def lines(title: str, rows: Iterable[tuple[str, float, str]]) -> Table:
    """Names, numbers and units, one a row."""
    table = empty_table(title, "", "")
    table.columns[2].justify = "left"
    for name, value, unit in rows:
        table.add_row(name, number(value), unit)
    return table


def side_by_side(names: Sequence[str], rows: Iterable[tuple[str, str, Sequence[float]]]) -> Table:
    """Figures by row (name, unit, values), a column for each name; rows without any number are left out."""
    table = empty_table("", "", *names)
    table.columns[1].justify = "left"
    for name, unit, values in rows:
        if not np.all(np.isnan(values)):
            table.add_row(name, unit, *(number(v) if np.isfinite(v) else "-" for v in values))
    return table


def shares(masses: Mapping[str, float], costs: Mapping[str, float]) -> Table:
    """Mass by part and cost by what is paid for, side by side, with their sums."""
    table = empty_table("mass", "t", "share", "cost", "USD/kg", "share")
    table.columns[3].justify = "left"
    by_mass, by_cost = (sorted(x.items(), key=lambda item: -item[1]) for x in (masses, costs))
    totals = sum(masses.values()), sum(costs.values())
    for i in range(max(len(by_mass), len(by_cost))):
        row: list[str] = []
        for column, total in zip((by_mass, by_cost), totals, strict=True):
            if i < len(column):
                name, value = column[i]
                row += [name, number(value), f"{value / total:.1%}"]
            else:
                row += ["", "", ""]
        table.add_row(*row)
    table.add_row("total", number(totals[0]), "", "total", number(totals[1]), "")
    return table


def break_evens(
    local: Sequence[float], delivery: Sequence[float], masses: Sequence[Sequence[float]], title: str
) -> Table:
    """Yearly masses over the locally made fraction (rows) and the cost of delivery (columns)."""
    table = empty_table("made on the Moon", *(f"{number(d)} USD/kg" for d in delivery), title=title)
    for fraction, row in zip(local, masses, strict=True):
        table.add_row(f"{fraction:.0%}", *(number(m) if np.isfinite(m) else "never" for m in row))
    return table


def published(found: Mapping[str, Sequence[Comparison]]) -> Table:
    """Each published figure that follows from others of the same study, beside what follows."""
    table = empty_table("study", "figure", "published", "ours", "difference", "unit", "from")
    for i in (1, 5, 6):
        table.columns[i].justify = "left"
    for name, comparisons in found.items():
        for i, c in enumerate(comparisons):
            unit, size = UNITS[c.figure]
            stated = np.isfinite(c.published)
            table.add_row(
                name if i == 0 else "",
                c.figure.replace("_", " "),
                number(c.published / size) if stated else "-",
                number(c.ours / size),
                f"{c.difference:+.1%}" if stated else "-",
                unit,
                ", ".join(c.rests_on).replace("_", " "),
            )
    return table


def plot(
    title: str,
    curve: tuple[Sequence[float], Sequence[float]],
    earth_cost: float,
    point: tuple[float, float],
    shot: tuple[Sequence[float], Sequence[float], Sequence[float]],
) -> Figure:
    """Cost per kilogram against yearly mass, and power and acceleration over a shot.

    Args:
        title: printed above.
        curve: yearly masses in t, and costs in USD/kg of drivers laid out for them.
        earth_cost: from the Earth, USD/kg.
        point: yearly mass and cost of the driver as it stands.
        shot: time in s, power in MW, acceleration in m/s2.
    """
    figure = Figure(figsize=(10.0, 4.2), layout="constrained")
    left, right = figure.subplots(1, 2)
    left.loglog(*curve, label="driver laid out for it")
    left.axhline(earth_cost, color="C3", linestyle="--", label="from the Earth")
    left.axhline(earth_cost / 100.0, color="C3", linestyle=":", label="a hundredth of it")
    left.plot(*point, "ko", label="driver of the scenario")
    left.set_xlabel("payload, t a year")
    left.set_ylabel("cost, USD/kg")
    left.grid(alpha=0.3, which="both")
    left.legend(frameon=False, fontsize="small")
    time, power, acceleration = (np.asarray(x) for x in shot)
    (drawn,) = right.plot(time, power, color="C0", label="electric power")
    right.set_xlabel("time since start, s")
    right.set_ylabel("power, MW")
    right.set_ylim(bottom=0.0)
    right.margins(x=0.0)
    right.grid(alpha=0.3)
    felt = right.twinx()
    (pushed,) = felt.plot(time, acceleration, color="C1", label="acceleration")
    felt.set_ylabel("acceleration, m/s2")
    felt.margins(x=0.0)
    felt.set_ylim(bottom=0.0, top=1.15 * float(np.max(acceleration)))
    right.legend(handles=[drawn, pushed], frameon=False, fontsize="small", loc="lower right")
    figure.suptitle(title)
    return figure
