"""Tables of growth: by year, goals, programmes, the swarm."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr
from rich.table import Table

from astro_logistics.constants import ASTRONOMICAL_UNIT
from astro_logistics.report.tables import make_table, number

GOALS = {
    "date_paying": "rent covers the cost of orbital compute",
    "date_orbit_200": "200 USD/kg to sun-synchronous orbit",
    "date_orbit_100": "100 USD/kg to sun-synchronous orbit",
    "date_100_gw": "100 GW launched a year",
    "date_200_gw": "200 GW launched a year",
    "date_1_tw": "1 TW launched a year",
    "date_1_tw_earth": "1 TW launched a year from the Earth",
    "date_1_tw_moon": "1 TW launched a year from the Moon",
    "date_installed_1_tw": "1 TW at work in orbit",
    "date_megatonne_orbit": "a million tonnes brought to orbit",
    "date_megatonne_moon": "a million tonnes landed on the Moon",
    "date_payback": "all money back, without interest",
    "date_world": "as much at work as the world uses",
    "date_millionth_sun": "a millionth of the Sun at work",
    "date_thousandth_sun": "a thousandth of the Sun",
    "date_hundredth_sun": "a hundredth of the Sun",
}
"""Dates in the order of the table, in words."""

SUMS = {
    "last_installed": ("at work in orbit in the last year", "GW", 1e9),
    "last_growth": ("its growth then", "%/yr", 0.01),
    "peak_rate": ("most launched in a year", "GW/yr", 1e9),
    "last_kardashev": ("Kardashev number then, with the world's own use", "", 1.0),
    "invested": ("invested in all", "billion USD", 1e9),
    "peak_investment": ("most invested in a year", "billion USD/yr", 1e9),
    "peak_exposure": ("most paid beyond what had been earned", "billion USD", 1e9),
    "net_present_value": ("net present value at the start", "billion USD", 1e9),
    "lunar_mass": ("goods made of the Moon", "Mt", 1e9),
    "lunar_years_left": ("accessible ground is used up at the growth then", "yr after", 1.0),
    "from_1_to_100_percent": ("from 1 % to all of the Sun at that growth", "yr", 1.0),
}
"""Sums in words, with their unit and its size."""

MOON_COLUMNS = {
    "industry": 1e3,
    "industry_power": 1e6,
    "radiators": 1e3,
    "parts": 1e3,
    "landed": 1e3,
    "goods": 1e3,
    "oxygen": 1e3,
    "regolith": 1e3,
    "driver_lines": 1.0,
}
"""Figures of the Moon's table and the size of their units."""
LEAST = 1e-4
"""Below this an amount is shown as a dash."""
FAR = 25.0
"""Years past the last one for which growth may be thought to go on; later dates are not given."""


def date(value: float, start: float, last: float) -> str:
    """A date as it can be said: a year; in brackets shortly after the years that were followed; else only that."""
    if value <= start:
        return f"{start:.0f} or before"
    if value > last + FAR:
        return f"after {last + FAR:.0f}, if ever"
    return f"{value:.0f}" if value <= last else f"({value:.0f})"


def rows(found: xr.Dataset, until: float | None, every: int) -> list[int]:
    """Indices of the years that are shown: each `every`-th, and the last."""
    years = found["year"].values
    last = len(years) - 1 if until is None else int(np.searchsorted(years, until - 0.5))
    last = min(last, len(years) - 1)
    return sorted({*range(0, last + 1, every), last})


def binding(found: xr.Dataset, origin: str, i: int) -> str:
    """What binds most in a year."""
    shares = found[f"{origin}_binding"].values[i]
    return str(found[f"{origin}_limit"].values[int(np.argmax(shares))])


def by_year(found: xr.Dataset, shown: Sequence[int]) -> Table:
    """One row per year."""
    table = make_table(
        "year",
        "from Earth\nGW/yr",
        "from Moon\nGW/yr",
        "at work\nGW",
        "flights\nper year",
        "to orbit\nUSD/kg",
        "rent\nUSD/W yr",
        "Earth's cost\nUSD/W yr",
        "Moon's cost\nUSD/W yr",
        "invested\nbn USD/yr",
        "Kardashev\nnumber",
        "Earth\nbound by",
    )
    _words(table)
    for i in shown:
        y = found.isel(year=i)
        cells = [
            f"{float(y['year']):.0f}",
            *(amount(float(y[name]) / 1e9) for name in ("earth_rate", "moon_rate", "installed")),
            *(number(float(y[name])) for name in ("flights", "orbit_cost", "rent")),
            *(number(float(y[name])) for name in ("earth_cost", "moon_cost")),
            number(float(y["investment"]) / 1e9),
            f"{float(y['kardashev']):.4f}",
            binding(found, "earth", i),
        ]
        table.add_row(*cells)
    return table


def moon_by_year(found: xr.Dataset, shown: Sequence[int]) -> Table:
    """The Moon's industry, one row per year."""
    table = make_table(
        "year",
        "industry\nt",
        "its power\nMW",
        "radiators\nt",
        "parts landed\nt/yr",
        "ever landed\nt",
        "goods ever\nt",
        "oxygen ever\nt",
        "regolith ever\nt",
        "driver\nlines",
        "Moon\nbound by",
    )
    _words(table)
    for i in shown:
        y = found.isel(year=i)
        cells = [amount(float(y[name]) / size) for name, size in MOON_COLUMNS.items()]
        table.add_row(f"{float(y['year']):.0f}", *cells, binding(found, "moon", i))
    return table


def amount(value: float) -> str:
    """A number, or a dash where there is hardly any."""
    return number(value) if value >= LEAST else "-"


def _words(table: Table) -> None:
    """The last column holds words."""
    table.columns[-1].justify, table.columns[-1].no_wrap = "left", True


def goals(found: xr.Dataset, band: xr.Dataset | None) -> Table:
    """Dates of the goals; with draws, the middle half of them and how many get there."""
    start, last = (float(found["year"][i]) for i in (0, -1))
    headers = [] if band is None else ["a quarter of draws by", "half by", "three quarters by", f"by {last:.0f}"]
    table = make_table("goal", "year", *headers)
    for name, words in GOALS.items():
        values = [float(found[name])]
        if band is not None:
            values += [float(band[name].sel(probability=p)) for p in (0.25, 0.5, 0.75)]
        cells = [date(x, start, last) for x in values]
        if band is not None:
            cells.append(f"{float(band['reached'].sel(date=name)):.0%}")
        table.add_row(words, *cells)
    return table


def sums(found: xr.Dataset) -> Table:
    """Money, the last year, the Moon."""
    table = make_table("in all", "", "")
    table.columns[2].justify = "left"
    for name, (words, unit, size) in SUMS.items():
        value = float(found[name]) / size
        table.add_row(words, number(value) if np.isfinite(value) else "never", unit if np.isfinite(value) else "")
    return table


def programmes(found: xr.Dataset) -> Table:
    """Orbit, Moon and Mars as programmes that iterate."""
    table = make_table(
        "programme", "windows\nper year", "one way\ndays", "cycle\nyears", "with return\nyears", "fifth\niteration",
        "tenth", "done\nby 2050", "cost then\nover first",
    )  # fmt: skip
    for name in ("orbit", "moon", "mars"):
        p = found.sel(programme=name)
        table.add_row(
            name,
            number(float(p["programme_windows"])),
            number(float(p["programme_transit"]) * 365.25),
            *(f"{float(p[f'programme_{x}']):.2f}" for x in ("cycle", "round_cycle")),
            *(f"{float(p[f'programme_{x}']):.1f}" for x in ("fifth", "tenth", "by_2050")),
            f"{float(p['programme_cost_2050']):.2f}",
        )
    return table


def swarm(found: xr.Dataset) -> Table:
    """The satellite at other distances from the Sun, and what a thousandth of the Sun takes of it."""
    table = make_table(
        "au from the Sun", "cells\nK", "compute\nW/kg", "array\nm2/kW", "light and back\nto Earth, min",
        "satellites for 1e-3\nof the Sun, Gt", "arrays\n1e9 km2", "share of\nthe Moon", "closes",
    )  # fmt: skip
    for i in range(found.sizes["distance"]):
        d = found.isel(distance=i)
        closes = float(d["swarm_array_gives"]) <= 0.0 and float(d["swarm_radiator_gives"]) <= 0.0
        cells = [
            number(float(d["swarm_specific_power"])),
            number(float(d["swarm_array_area"]) * 1e3),
            f"{float(d['swarm_light_time']) / 60.0:.0f}",
            number(float(d["swarm_mass"].sel(sun_share=1e-3)) / 1e12),
            number(float(d["swarm_area"].sel(sun_share=1e-3)) / 1e15),
            f"{float(d['swarm_moon_share'].sel(sun_share=1e-3)):.1%}",
        ]
        words = "yes" if closes else "no: cells too hot" if float(d["swarm_array_gives"]) > 0.0 else "no: radiator"
        table.add_row(
            f"{float(d['distance']) / ASTRONOMICAL_UNIT:g}",
            f"{float(d['swarm_array_temperature']):.0f}",
            *(cells if closes else ["-"] * 2 + [cells[2]] + ["-"] * 3),
            words,
        )
    return table
