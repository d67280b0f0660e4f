"""`astro-logistics published`: the published answers, from their own inputs, beside our own in the same boundary."""

from __future__ import annotations

import dataclasses

import click

from astro_logistics import api
from astro_logistics.cli.output import JSON_OPTION, write_figure, write_json
from astro_logistics.report import bridge as bridges
from astro_logistics.report import published as report
from astro_logistics.report import tables

STEPS = 4


@click.command()
@click.argument("scenario", default="baseline")
@click.option("--route", default="earth-to-sso", show_default=True, help="Route that brings our satellites.")
@click.option("--figure", metavar="STUDY FILE", nargs=2, help="Draw the bridge from a study to ours as FILE.png.")
@JSON_OPTION
def published(scenario: str, route: str, figure: tuple[str, str] | None, json_file: str | None) -> None:
    """Print what others have published of compute in orbit against compute on the ground, beside our own.

    \b
    First each printed result and what the authors' equations give here, on their inputs. Then both
    sides of each comparison, in USD per kW and year, and ours in the same boundary: what a study
    leaves out is left out of ours. Last the largest steps that lead from their ratio to ours.
    """
    loaded = api.load(scenario)
    results, rows = api.reproduced(), api.beside(loaded, route)
    if json_file is not None:
        content = {
            "scenario": loaded.name,
            "route": route,
            "price_year": loaded.ledger.price_year,
            "reproduced": [dataclasses.asdict(row) for row in results],
            "beside": [dataclasses.asdict(row) for row in rows],
            "studies": {name: dict(api.published(name)) for name in api.published_names()},
        }
        write_json(json_file, content)
        return
    if figure is not None:
        study, file = figure
        found = api.bridge(api.published(study), api.answer(loaded, route))
        write_figure(bridges.plot(found.names, found.figure, found.start, found.end, found.bars), file)
        click.echo(file)
        return
    out = tables.console()
    out.print("[bold]Results as printed, and from the authors' equations on their inputs[/]\n")
    out.print(report.reproduced((r.study, r.result, r.printed, r.here) for r in results))
    out.print(
        f"[bold]Orbit and ground in each study's boundary[/], USD per kW and year; ours: {loaded.name}, {route}\n"
    )
    out.print(report.beside((r.study, r.theirs, r.ours) for r in rows))
    for label in dict.fromkeys(row.boundary for row in rows):
        out.print(f"{', '.join(r.study for r in rows if r.boundary == label)}: {label}.", style="dim")
    out.print("\n[bold]From each study's ratio in its boundary to ours with everything in[/]\n")
    out.print(
        report.steps(
            (r.study, r.bridge.start, r.bridge.end, sorted(r.bridge.bars.items(), key=lambda b: -abs(b[1]))[:STEPS])
            for r in rows
        )
    )
