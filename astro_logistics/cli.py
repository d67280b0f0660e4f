"""The `astro-logistics` command."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click
import numpy as np
from rich.console import Console
from rich.progress import Progress

from astro_logistics import api
from astro_logistics.astro.windows import MOST_REVOLUTIONS
from astro_logistics.network.evaluate import ROUTES
from astro_logistics.report import porkchop as porkchops
from astro_logistics.report import tables
from astro_logistics.report.sensitivities import Sensitivities, Sensitivity, sensitivities
from astro_logistics.scenario import cache
from astro_logistics.scenario.errors import ScenarioError
from astro_logistics.scenario.records import Sourced
from astro_logistics.units import UnitError, parse_unit

INFEASIBLE, BAD_INPUT = 1, 2
TOP = 3
MOST_DRAWN = 2000


class _UnwritableError(click.FileError):
    """A file that cannot be written is input that cannot be used."""

    exit_code = BAD_INPUT


class _Group(click.Group):
    """Prints errors in the user's input without a traceback and exits with 2."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (ScenarioError, UnitError) as problem:
            click.echo(f"error: {problem}", err=True)
            ctx.exit(BAD_INPUT)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="astro-logistics")
def main() -> None:
    """What a kilogram costs, and how many arrive per year, anywhere in the Solar System; from physics.

    \b
    Exit status: 0 if all is well; 1 if a design cannot work as given (a constraint is not met,
    and the table names it); 2 for input that cannot be used.
    """
    if cache.use() and cache.is_fresh():
        click.echo(f"First run: compiling for up to a minute. The code is kept in {cache.default_folder()}.", err=True)


JSON_OPTION = click.option(
    "--json", "json_file", metavar="FILE", type=click.Path(dir_okay=False, allow_dash=True),
    help="Write JSON to FILE, or to standard output for '-', instead of tables.",
)  # fmt: skip


@main.command()
@click.argument("scenario", default="baseline")
@JSON_OPTION
@click.pass_context
def compare(ctx: click.Context, scenario: str, json_file: str | None) -> None:
    """Compare the routes by which mass moves: delta-v, time, energy, cost, throughput.

    SCENARIO is the name of a scenario that ships with the package ('baseline', 'claims_2026'), or a TOML file.

    \b
    delta-v counts what engines must give from the pad on, losses included, or what the mass driver's
    muzzle gives plus the carrier's engines. Costs are the operator's costs in USD of the scenario's
    price year; "payload" is what is left to use at the destination. GW/yr is the compute power of the
    data centers that the throughput would make there.
    """
    loaded = api.load(scenario)
    if json_file is not None:
        result = api.evaluate(loaded)
        _write_json(json_file, _comparison(loaded, result))
    else:
        out = tables.console()
        out.print(f"[bold]{loaded.ledger.title}[/] ({loaded.name}; USD of {loaded.ledger.price_year})\n")
        result = api.evaluate(loaded)
        _print_routes(out, result)
        _print_inputs(out, loaded)
    if not (result.converged and result.feasible):
        ctx.exit(INFEASIBLE)


def _top(moved: Sensitivities) -> dict[str, list[Sensitivity]]:
    """The inputs that move each route's cost most."""
    return {name: moved.rows(name, "cost_usd_per_kg")[:TOP] for name in ROUTES}


def _print_routes(out: Console, result: api.Result) -> None:
    out.print(tables.routes(result))
    for counted in dict.fromkeys(route.delta_v_counts for route in result):
        which = ", ".join(route.name for route in result if route.delta_v_counts == counted)
        out.print(f"delta-v of {which}: {counted}.", style="dim")
    designs = [(route.name, route) for route in result]
    designs += [(f"data center supplied by {found.route}", found) for found in result.datacenters]
    for who, design in designs:
        for name in design.violated:
            out.print(f"[bold red]{who}: not met: {name} (by {design.residuals[name]:.3g})[/]")
    if not result.converged:
        out.print("[bold red]not converged: some figures are not numbers[/]")
    out.print()
    out.print(tables.datacenters(result.datacenters))


def _print_inputs(out: Console, loaded: api.SourcedScenario) -> None:
    moved = sensitivities(loaded.model, loaded.ledger)
    out.print("[bold]What moves each cost most[/] over its range, to first order")
    out.print("(elasticity: % of cost per % of input)\n")
    out.print(tables.sensitivities(_top(moved)))
    promises = moved.rests_on()
    out.print(f"[bold]{len(promises)} claimed or assumed numbers these answers rest on[/], the most telling first\n")
    out.print(tables.promises(promises))


def _comparison(loaded: api.SourcedScenario, result: api.Result) -> dict[str, Any]:
    moved = sensitivities(loaded.model, loaded.ledger)
    return {
        "scenario": loaded.name,
        "title": loaded.ledger.title,
        "price_year": loaded.ledger.price_year,
        "converged": result.converged,
        "feasible": result.feasible,
        "routes": [dataclasses.asdict(route) | {"violated": list(route.violated)} for route in result],
        "datacenters": [dataclasses.asdict(d) | {"violated": list(d.violated)} for d in result.datacenters],
        "sensitivities": {name: [_moved_json(row) for row in rows] for name, rows in _top(moved).items()},
        "rests_on": [{"path": path} | _record_json(r) for path, r in moved.rests_on().items()],
    }


def _record_json(record: Sourced) -> dict[str, Any]:
    names = ("value", "unit", "low", "high", "status", "source", "locator", "note", "price_year")
    return {name: getattr(record, name) for name in names}


def _moved_json(row: Sensitivity) -> dict[str, Any]:
    return {
        "path": row.path,
        "elasticity": row.elasticity,
        "derivative": row.derivative,
        "swing": row.swing,
    } | _record_json(row.record)


def _quantity(context: click.Context, option: click.Parameter, text: str | None) -> Any:
    """A number and its unit, "1 km2/s2", as a Quantity."""
    if text is None:
        return None
    number, _, unit = text.strip().partition(" ")
    try:
        return float(number) * parse_unit(unit)
    except ValueError as problem:
        raise click.BadParameter(f"{text!r}: give a number and its unit, such as '1 km2/s2' ({problem})") from None


def _window(command: Callable[..., None]) -> Callable[..., None]:
    """The arguments of a command about two planets and a span of departures."""
    options = [
        click.argument("origin"),
        click.argument("destination"),
        click.option("--from", "start", required=True, metavar="DATE", help="Earliest departure (2026-01-01), TDB."),
        click.option("--to", "stop", required=True, metavar="DATE", help="Latest departure."),
    ]
    for option in reversed(options):
        command = option(command)
    return command


REVOLUTIONS = click.option(
    "--revolutions", default=0, show_default=True, type=click.IntRange(0, MOST_REVOLUTIONS),
    help="Whole turns about the Sun on the way.",
)  # fmt: skip


@main.command()
@_window
@click.option(
    "--objective", default="c3", show_default=True, metavar="NAME", help="What is least: c3, arrival, delta_v."
)
@REVOLUTIONS
@click.option("--c3-margin", callback=_quantity, metavar="TEXT", help="Add launch periods: least C3 plus '1 km2/s2'.")
@click.option(
    "--speed-margin", callback=_quantity, metavar="TEXT", help="Likewise for the other objectives: '100 m/s'."
)
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
        _write_json(json_file, {"origin": origin, "destination": destination, "opportunities": rows})
        return
    out = tables.console()
    out.print(f"[bold]{origin} to {destination}[/], departures from {start} to {stop}, least {options['objective']}\n")
    out.print(tables.opportunities(rows))


@main.command()
@_window
@click.option("--arrive-from", metavar="DATE", help="Earliest arrival; by default 150 days before the optima's.")
@click.option("--arrive-to", metavar="DATE", help="Latest arrival; by default 150 days after the optima's.")
@click.option("--points", default=300, show_default=True, type=click.IntRange(2, 100_000), help="Dates on each side.")
@REVOLUTIONS
@click.option("--overwrite", is_flag=True, help="Replace a FILE.nc of another request.")
@click.option("-o", "--output", required=True, type=click.Path(dir_okay=False), help="FILE.png or FILE.nc.")
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
        raise _UnwritableError(output, problem.strerror or str(problem)) from None
    click.echo(output)


@main.command()
@click.argument("path", required=False)
@click.option("--scenario", default="baseline", show_default=True, help="Name or TOML file.")
@JSON_OPTION
def sources(path: str | None, scenario: str, json_file: str | None) -> None:
    """Tell where a number comes from.

    PATH is an input such as mass_driver.track_length, or the front of several such as launcher.vehicle. Without it, all
    sources of the scenario are listed.
    """
    _, ledger = api.read(scenario)
    if path is None:
        used = {record.source for record in ledger.values() if record.source}
        found = {
            key: dataclasses.asdict(ledger.sources[key]) | {"cited": str(ledger.sources[key])} for key in sorted(used)
        }
        if json_file is not None:
            _write_json(json_file, {"scenario": scenario, "sources": found})
            return
        for key, source in found.items():
            click.echo(f"{key}\n    {source['cited']}\n    read: {source['access']}")
        return
    records = api.records(ledger, path)
    if json_file is not None:
        _write_json(
            json_file, {"scenario": scenario, "records": [{"path": p} | _record_json(r) for p, r in records.items()]}
        )
        return
    for name, record in records.items():
        click.echo(tables.record(name, record, ledger))


@main.command()
@click.argument("file", type=click.Path())
def validate(file: str) -> None:
    """Check a scenario file and report everything that is wrong with it at once.

    Each problem is named with its place, what was found, what is allowed and the remedy.
    """
    loaded = api.load(file)
    by_status = Counter(record.status for record in loaded.ledger.values())
    told = ", ".join(f"{n} {status}" for status, n in by_status.most_common())
    click.echo(f"{file}: good. {len(loaded.ledger)} numbers: {told}.")


def _write_json(file: str, content: Any) -> None:
    """JSON without NaN or infinity: those become null, which no reader can mistake for a number."""
    text = json.dumps(_plain(content), indent=2, allow_nan=False)
    try:
        with click.open_file(file, "w", encoding="utf-8") as stream:
            stream.write(text + "\n")
    except OSError as problem:
        raise _UnwritableError(file, problem.strerror or str(problem)) from None


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if value - value == 0.0 else None
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value
