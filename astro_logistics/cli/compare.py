"""`astro-logistics compare`: the routes, the data centers, and what they rest on."""

from __future__ import annotations

import dataclasses
from typing import Any

import click
from rich.console import Console

from astro_logistics import api
from astro_logistics.cli.output import INFEASIBLE, JSON_OPTION, record_json, write_json
from astro_logistics.network.evaluate import ROUTES
from astro_logistics.report import tables
from astro_logistics.report.sensitivities import Sensitivities, Sensitivity, sensitivities

TOP = 3


@click.command()
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
        write_json(json_file, _comparison(loaded, result))
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
    out.print(tables.datacenters(result.datacenters, result.ground))
    out.print("[bold]What it takes[/] to add so much compute in the sun-synchronous orbit a year, by the launcher\n")
    out.print(tables.demand(result.demand))


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
        "ground": result.ground,
        "demand": result.demand,
        "launch_price": result.launch_price,
        "sensitivities": {name: [_moved_json(row) for row in rows] for name, rows in _top(moved).items()},
        "rests_on": [{"path": path} | record_json(r) for path, r in moved.rests_on().items()],
    }


def _moved_json(row: Sensitivity) -> dict[str, Any]:
    return {
        "path": row.path,
        "elasticity": row.elasticity,
        "derivative": row.derivative,
        "swing": row.swing,
    } | record_json(row.record)
