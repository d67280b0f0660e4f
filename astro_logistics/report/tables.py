"""Tables for the terminal: routes, what moves them, what they rest on, opportunities, records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from astro_logistics.report.columns import COLUMNS, DEMAND, DatacenterResult, RouteResult
from astro_logistics.report.sensitivities import Sensitivity
from astro_logistics.scenario.records import Ledger, Sourced


def number(value: float) -> str:
    """A figure with three to five significant digits, thousands separated, plain where plain is short."""
    if not np.isfinite(value):
        return str(value)
    size = abs(value)
    if size >= 1e9 or 0.0 < size < 1e-4:
        return f"{value:.3g}"
    decimals = 0 if size >= 1000 else 1 if size >= 100 else 2 if size >= 1 else 4
    return f"{value:,.{decimals}f}"


def make_table(*headers: str, title: str | None = None) -> Table:
    """An empty table: the first column to the left, the others to the right."""
    table = Table(box=SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False, padding=(0, 1, 0, 0))
    for i, header in enumerate(headers):
        table.add_column(header, justify="left" if i == 0 else "right", overflow="fold")
    return table


def routes(results: Iterable[RouteResult]) -> Table:
    """One row per route, numbers in the units of the headers."""
    table = make_table("route", *(column.header for column in COLUMNS), "limited by")
    table.columns[-1].justify = "left"
    for route in results:
        cells = [number(getattr(route, column.name)) for column in COLUMNS]
        table.add_row(route.name, *cells, route.limited_by)
    return table


def datacenters(results: Iterable[DatacenterResult], ground: Mapping[str, float]) -> Table:
    """Mass and yearly cost of a kilowatt of compute power, by the route that supplies it, and on the ground."""
    table = make_table(
        "data center supplied by",
        "satellite\nkg/kW",
        "build + transport + operations\nUSD per kW and year",
        "everything, servers too\nUSD per kW and year",
        "the same per work\nUSD/PFLOP-day",
        "over the ground\nper kW",
    )
    for found in results:
        figures = (found.specific_mass_kg_per_kw, found.cost_usd_per_kw_year, found.total_usd_per_kw_year)
        figures += (found.total_usd_per_pflop_day, found.total_over_ground)
        table.add_row(found.route, *map(number, figures))
    table.add_row("on the ground", "-", "-", *map(number, ground.values()), number(1.0))
    return table


def demand(goals: Mapping[str, Mapping[str, float]]) -> Table:
    """One column per goal, one row per figure."""
    table = make_table("compute added", *goals)
    for column in DEMAND:
        table.add_row(column.header.replace("\n", " "), *(number(found[column.name]) for found in goals.values()))
    return table


def sensitivities(rows: Mapping[str, Sequence[Sensitivity]]) -> Table:
    """The inputs that move each route's cost most, with range and source."""
    table = make_table("cost of", "input", "elasticity", "swing over\nrange", "value", "range", "status", "source")
    for i in (1, 6, 7):
        table.columns[i].justify = "left"
    for route, moved in rows.items():
        for i, row in enumerate(moved):
            r = row.record
            table.add_row(
                route if i == 0 else "",
                row.path,
                f"{row.elasticity:+.2f}",
                f"{row.swing:+.0%}",
                f"{number(r.value)} {shown_unit(r.unit)}",
                f"{number(r.low)} .. {number(r.high)}",
                r.status,
                r.source or "-",
            )
    return table


def promises(records: Mapping[str, Sourced]) -> Table:
    """Claimed and assumed numbers that an answer rests on."""
    table = make_table("rests on", "value", "range", "status")
    table.columns[3].justify = "left"
    for path, r in records.items():
        table.add_row(path, f"{number(r.value)} {shown_unit(r.unit)}", f"{number(r.low)} .. {number(r.high)}", r.status)
    return table


def opportunities(rows: Iterable[Mapping[str, Any]]) -> Table:
    """One row per opportunity; with its launch period where one was asked for."""
    rows = list(rows)
    table = make_table(
        "departure (TDB)", "arrival (TDB)", "C3\nkm2/s2", "v-infinity arrival\nkm/s", "time of flight\ndays", "type"
    )
    periods = any(row["launch_period_days"] is not None for row in rows)
    for header in ("launch period", "days") if periods else ():
        table.add_column(header, justify="right")
    for row in rows:
        period = (
            (f"{row['opens'][:10]} to {row['closes'][:10]}", f"{row['launch_period_days']:.1f}")
            if row["opens"]
            else ("meets 180 degrees or the end", "-")
        )
        table.add_row(
            row["departure"][:10],
            row["arrival"][:10],
            f"{row['c3_km2_per_s2']:.3f}",
            f"{row['v_infinity_arrival_km_per_s']:.3f}",
            f"{row['time_of_flight_days']:.1f}",
            row["type"],
            *(period if periods else ()),
        )
    return table


def record(path: str, r: Sourced, ledger: Ledger) -> str:
    """Everything known of one number, in a few lines."""
    unit = shown_unit(r.unit)
    lines = [f"{path} = {r.value:g} {unit}".rstrip(), f"    range   {r.low:g} .. {r.high:g} {unit}".rstrip()]
    lines.append(f"    status  {r.status}" + (f", price year {r.price_year}" if r.price_year else ""))
    if r.source:
        lines.append(f"    source  {ledger.sources[r.source]}")
        lines.append(f"    where   {r.locator}")
    if r.formula:
        lines.append(f"    formula {r.formula}; from {', '.join(r.parents)}")
    if r.note:
        lines.append(f"    note    {' '.join(r.note.split())}")
    lines.append(f"    record  {r.file}: {r.key}")
    return "\n".join(lines)


def shown_unit(unit: str) -> str:
    """A unit as printed behind a number: nothing for a pure number."""
    return "" if unit in ("", "1") else unit


def console(width: int | None = None) -> Console:
    """A console that does not cut tables: as wide as the terminal, at least 150 columns when output is not one."""
    plain = Console(highlight=False)
    if width is None and not plain.is_terminal:
        width = max(plain.width, 170)
    return Console(highlight=False, width=width)
