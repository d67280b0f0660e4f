"""`astro-logistics windows` and `porkchop`: when to leave, and what it takes."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import click
import numpy as np
from rich.console import Console
from rich.progress import Progress

from astro_logistics import api
from astro_logistics.cli.options import REVOLUTIONS, quantity, window
from astro_logistics.cli.output import JSON_OPTION, OutputFile, UnwritableError, write_json
from astro_logistics.report import porkchop as porkchops
from astro_logistics.report import tables

MOST_DRAWN = 2000


@click.command()
@window
@click.option(
    "--objective", default="c3", show_default=True, metavar="NAME", help="What is least: c3, arrival, delta_v."
)
@REVOLUTIONS
@click.option("--c3-margin", callback=quantity, metavar="TEXT", help="Add launch periods: least C3 plus '1 km2/s2'.")
@click.option("--speed-margin", callback=quantity, metavar="TEXT", help="Likewise for the other objectives: '100 m/s'.")
@JSON_OPTION
def windows(origin: str, destination: str, start: str, stop: str, json_file: str | None, **options: Any) -> None:
    """List the departure opportunities between two planets, on the JPL ephemeris.

    \b
    Each row is a local minimum of the departure energy C3 (or of the arrival v-infinity, or of the sum of
    both v-infinities) over departure and arrival date: Lambert arcs between the true positions (JPL DE440),
    refined to the minimum. Type I goes less than half way round the Sun, type II more, III and IV once
    round more. A launch period holds the departures that cost no more than the margin above the minimum,
    each with its best arrival. ORIGIN and DESTINATION: earth, mars, venus, jupiter.
    """
    rows = [dataclasses.asdict(found) for found in api.opportunities(origin, destination, start, stop, **options)]
    if json_file is not None:
        write_json(json_file, {"origin": origin, "destination": destination, "opportunities": rows})
        return
    out = tables.console()
    out.print(f"[bold]{origin} to {destination}[/], departures from {start} to {stop}, least {options['objective']}\n")
    out.print(tables.opportunities(rows))


@click.command()
@window
@click.option("--arrive-from", metavar="DATE", help="Earliest arrival; by default 150 days before the optima's.")
@click.option("--arrive-to", metavar="DATE", help="Latest arrival; by default 150 days after the optima's.")
@click.option("--points", default=300, show_default=True, type=click.IntRange(2, 100_000), help="Dates on each side.")
@REVOLUTIONS
@click.option("--overwrite", is_flag=True, help="Replace a FILE.nc of another request.")
@click.option("-o", "--output", required=True, type=OutputFile(), help="FILE.png or FILE.nc.")
def porkchop(
    origin: str,
    destination: str,
    start: str,
    stop: str,
    arrive_from: str | None,
    arrive_to: str | None,
    points: int,
    revolutions: int,
    overwrite: bool,
    output: str,
) -> None:
    """Draw the porkchop plot of two planets, or write its data.

    \b
    C3 at departure, v-infinity at arrival and time of flight of every direct transfer between the dates,
    with the local minima of C3 marked. A file that ends in .png is a picture, .nc is NetCDF (20 bytes for
    each pair of dates); 10,000 points on each side and more are written in bounded memory, and the same
    command finishes a file that was interrupted.
    """
    if Path(output).suffix not in (".png", ".nc"):
        raise click.BadParameter(f"{output!r}: the name must end in .png or .nc", param_hint="--output")
    if output.endswith(".png") and points > MOST_DRAWN:
        raise click.BadParameter(f"{points}: a picture shows up to {MOST_DRAWN}", param_hint="--points")
    optima = api.opportunities(origin, destination, start, stop, revolutions=revolutions)
    if not optima and not (arrive_from and arrive_to):
        raise click.UsageError("no optimum departs between these dates: say --arrive-from and --arrive-to")
    margin = np.timedelta64(150, "D")
    dates = [np.datetime64(o.arrival) for o in optima]
    arrivals = (arrive_from or str(min(dates) - margin), arrive_to or str(max(dates) + margin))
    pairs = (origin, destination, (start, stop), arrivals, (points, points))
    try:
        with Progress(console=Console(stderr=True)) as bar:
            task = bar.add_task("computing", total=1.0)

            def progress(fraction: float) -> None:
                bar.update(task, completed=fraction)

            if output.endswith(".nc"):
                api.porkchop(*pairs, progress, revolutions=revolutions, path=output, overwrite=overwrite).close()
            else:
                data = api.porkchop(*pairs, progress, revolutions=revolutions)
                marks = [(o.departure, o.arrival, f"{o.type}: {o.c3_km2_per_s2:.2f}") for o in optima]
                porkchops.plot(data, marks).savefig(output, dpi=150)
    except OSError as problem:
        raise UnwritableError(output, problem.strerror or str(problem)) from None
    click.echo(output)
