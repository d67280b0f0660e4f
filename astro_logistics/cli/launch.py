"""`astro-logistics launch`: what a vehicle brings to an orbit, and what that costs."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, TypeVar

import click
from rich.console import Console

from astro_logistics import api
from astro_logistics.api.checks import error
from astro_logistics.api.launch import reuse_costs
from astro_logistics.cli.output import INFEASIBLE, JSON_OPTION, OutputFile, record_json, write_figure, write_json
from astro_logistics.report import ascent as ascents
from astro_logistics.report import launch_cost, launches, tables
from astro_logistics.units import parse_quantity, to_si

FORMS = "'leo:300km', 'leo:300km@51.6deg', 'sso:650km', 'gto', 'tli', 'escape:10km2/s2'; numbers may be left out"
MOST_PROMISES = 8
ENERGIES = ("tli", "escape")

T = TypeVar("T")


def orbit_option(context: click.Context, option: click.Parameter, text: str) -> dict[str, Any]:
    """The arguments of `api.lift` that a text such as "leo:300km@51.6deg" names."""
    front, at, tilt = text.partition("@")
    kind, colon, size = front.partition(":")
    found: dict[str, Any] = {"orbit": kind}
    try:
        if colon:
            name, unit = ("c3", "m2 / s2") if kind in ENERGIES else ("altitude", "m")
            found[name] = parse_quantity(size)
            to_si(found[name], unit, name)
        if at:
            found["inclination"] = parse_quantity(tilt)
            to_si(found["inclination"], "rad", "inclination")
    except ValueError as problem:
        raise error("orbit", f"{text!r} ({problem})", FORMS) from None
    return found


@click.command()
@click.argument("vehicle", default="")
@click.option("--orbit", "target", default="leo", show_default=True, callback=orbit_option, metavar="TEXT", help=FORMS)
@click.option("--figure", type=OutputFile(), help="Draw the integrated ascent to FILE.png.")
@click.option("--cost-figure", type=OutputFile(), help="Draw cost against reuses and rate to FILE.png.")
@click.option("--published", is_flag=True, help="Only published payloads and prices beside the computed ones.")
@JSON_OPTION
@click.pass_context
def launch(
    ctx: click.Context,
    vehicle: str,
    target: dict[str, Any],
    figure: str | None,
    cost_figure: str | None,
    published: bool,
    json_file: str | None,
) -> None:
    """Payload of a launch vehicle to an orbit: what moves it, what is published, what it costs.

    \b
    VEHICLE is a name of the catalogue, or the front of several: falcon_9 is flown expended, with the booster
    landing downrange, and back at the site. Without it, all vehicles. The payload is that of the closed form
    fitted to integrated ascents; "nothing kept" is what it would be if no stage kept propellant for its return.
    Costs are the operator's, in USD of 2026, where the data has them.
    """
    names = api.launch_vehicles(vehicle)
    if figure is not None:
        name = _one(names)
        _check_png(figure)
        flown = api.fly(name, **target)
        write_figure(ascents.plot(flown, _where(api.lift(name, **target))), figure)
        if flown.violated:
            told = ", ".join(f"{reason} (by {float(flown.residuals[reason]):.3g})" for reason in flown.violated)
            click.echo(f"{name}: no ascent to be integrated; not met: {told}", err=True)
            ctx.exit(INFEASIBLE)
    found = [api.lift(name, **target) for name in names]
    if cost_figure is not None:
        first = _one(found)
        _check_png(cost_figure)
        title = f"{_where(first)}: {first.payload_kg / 1e3:,.1f} t"
        write_figure(launch_cost.plot(*reuse_costs(first), title), cost_figure)
    if json_file is not None:
        write_json(json_file, {"launches": [_json(result) for result in found]})
    elif published:
        _print_published(tables.console(), found)
    else:
        _print(found, bool(vehicle), "inclination" in target)
    if vehicle and all(result.violated for result in found):
        ctx.exit(INFEASIBLE)


def _print(found: list[api.LaunchResult], whole: bool, is_tilt_given: bool) -> None:
    out = tables.console()
    first = found[0]
    is_one = is_tilt_given or first.orbit == "sso"
    how = f"at {first.inclination_deg:.1f} degrees" if is_one else "due east from each site"
    out.print(f"[bold]Payload to {first.orbit}, {first.altitude_km:,.0f} km[/], {how}\n")
    out.print(launches.payloads(found))
    if not whole:
        return
    for result in found:
        for name in result.violated:
            out.print(f"[bold red]{result.vehicle}: not met: {name} (by {result.residuals[name]:.3g})[/]")
    out.print(launches.slopes(found))
    _print_published(out, found)
    for result in found:
        out.print(
            f"[bold]{result.vehicle}: {len(result.rests_on)} claimed or assumed numbers[/], the most telling first\n"
        )
        out.print(tables.promises(dict(list(result.rests_on.items())[:MOST_PROMISES])))


def _print_published(out: Console, found: list[api.LaunchResult]) -> None:
    out.print(launches.published(found))
    for where, why in launches.explanations(found).items():
        out.print(f"{where}: {why}")
    out.print()
    out.print(launches.prices(found))
    for name, why in launches.unpriced(found).items():
        out.print(f"{name}: no published price: {why}")


def _where(result: api.LaunchResult) -> str:
    return f"{result.vehicle} to {result.orbit}, {result.altitude_km:,.0f} km"


def _one(found: Sequence[T]) -> T:
    """The only one of several."""
    if len(found) != 1:
        raise error("vehicle", f"{len(found)} vehicles", "one vehicle for a figure")
    return found[0]


def _check_png(file: str) -> None:
    if not file.endswith(".png"):
        raise error("figure", file, "a name that ends in .png")


def _json(result: api.LaunchResult) -> dict[str, Any]:
    rests_on = [{"path": path} | record_json(r) for path, r in result.rests_on.items()]
    fields = {f.name: getattr(result, f.name) for f in dataclasses.fields(result) if f.name != "rests_on"}
    fields["published"] = [dataclasses.asdict(row) for row in result.published]
    fields["slopes"] = [dataclasses.asdict(row) for row in result.slopes]
    return fields | {"violated": list(result.violated), "rests_on": rests_on}
