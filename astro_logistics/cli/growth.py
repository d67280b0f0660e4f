"""`astro-logistics growth`: how far it can grow, and by when."""

from __future__ import annotations

from typing import Any

import click
import numpy as np
import xarray as xr

from astro_logistics import api
from astro_logistics.cli.output import JSON_OPTION, OutputFile, write_figure, write_json
from astro_logistics.report import growth as tables
from astro_logistics.report import growth_figure, launch_prices
from astro_logistics.report.tables import console

BAND = 256
"""Draws for the band of a figure, if no other number is given."""


@click.command()
@click.argument("scenario", default="baseline")
@click.option("--until", type=float, metavar="YEAR", help="Last calendar year.")
@click.option("--every", default=5, show_default=True, type=click.IntRange(1), help="Years between rows.")
@click.option("--draws", type=click.IntRange(8), help=f"Draws over the ranges of all inputs; {BAND} with --figure.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="Of the draws.")
@click.option("--figure", type=OutputFile(), metavar="FILE", help="Draw it as PNG, SVG or PDF.")
@click.option("--price-figure", type=OutputFile(), metavar="FILE", help="Draw the price of launch, past and coming.")
@JSON_OPTION
def growth(
    scenario: str,
    until: float | None,
    every: int,
    draws: int | None,
    seed: int,
    figure: str | None,
    price_figure: str | None,
    json_file: str | None,
) -> None:
    """Follow growth year by year: launched, at work, paid, and what binds it.

    \b
    From the scenario's own fleet on, capacities that are fully used grow at their fastest rate; money
    follows the rent, demand falls with it; the Moon's industry copies itself from what is landed.
    A date in brackets lies past the last year and goes on at the growth of that year.
    """
    loaded = api.load(scenario)
    found = api.growth(loaded, until)
    wanted = draws if draws is not None else BAND if figure else None
    band = api.growth_band(loaded, wanted, seed, until) if wanted else None
    record = api.price_record(loaded)
    shown = tables.rows(found, until, every)
    if json_file is not None:
        write_json(json_file, _content(loaded, found, band, record))
    else:
        out = console()
        name = f"{loaded.name}; USD of {loaded.ledger.price_year}; W of compute power delivered"
        out.print(f"[bold]{loaded.ledger.title}[/] ({name})\n")
        for table in (
            tables.by_year(found, shown),
            tables.moon_by_year(found, shown),
            tables.goals(found, band),
            tables.sums(found),
            tables.programmes(found),
            tables.swarm(found),
            launch_prices.table(found, record, shown),
        ):
            out.print(table)
        if band is not None:
            n, bad = band.attrs["draws"], band.attrs["not_finite"]
            out.print(f"{n} draws of all inputs over their ranges, seed {seed}; {bad} left out as no number")
    if figure:
        write_figure(growth_figure.plot(found, band, loaded.ledger.title, shown[-1]), figure)
    if price_figure:
        title = f"{loaded.ledger.title}: price of launch"
        write_figure(launch_prices.plot(found, record, title, shown[-1]), price_figure)


def _content(
    loaded: api.SourcedScenario, found: xr.Dataset, band: xr.Dataset | None, record: xr.Dataset
) -> dict[str, Any]:
    scalars = [str(name) for name, x in found.data_vars.items() if x.ndim == 0]
    yearly = [str(name) for name, x in found.data_vars.items() if x.dims == ("year",)]
    content: dict[str, Any] = {
        "scenario": loaded.name,
        "title": loaded.ledger.title,
        "price_year": loaded.ledger.price_year,
        "units": {name: found[name].attrs["units"] for name in (*scalars, *yearly)},
        "figures": {name: found[name].item() for name in scalars},
        "years": [
            {"year": float(found["year"][i])}
            | {name: found[name].values[i].item() for name in yearly}
            | {"earth_bound_by": tables.binding(found, "earth", i), "moon_bound_by": tables.binding(found, "moon", i)}
            for i in range(found.sizes["year"])
        ],
        "price_record": _parts(record, "entry"),
        "programmes": _parts(found, "programme"),
        "swarm": _parts(found, "distance"),
    }
    if band is not None:
        content["band"] = {
            "draws": band.attrs["draws"],
            "seed": band.attrs["seed"],
            "not_finite": band.attrs["not_finite"],
            "probabilities": band["probability"].values.tolist(),
            "figures": {name: band[name].values.tolist() for name in scalars},
            "reached": dict(zip(band["date"].values.tolist(), band["reached"].values.tolist(), strict=True)),
            "installed": band["installed"].values.tolist(),
            "rate": band["rate"].values.tolist(),
        }
    return content


def _parts(found: xr.Dataset, over: str) -> list[dict[str, Any]]:
    names = [str(name) for name, x in found.data_vars.items() if over in x.dims]
    values = found[over].values.tolist()
    each = ({name: np.asarray(found[name].isel({over: i})).tolist() for name in names} for i in range(len(values)))
    return [{over: value} | row for value, row in zip(values, each, strict=True)]
