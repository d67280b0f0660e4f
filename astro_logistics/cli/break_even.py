"""`astro-logistics break-even`: the value of an input at which a claim turns true."""

from __future__ import annotations

from typing import Any

import click
from astropy.units import Quantity

from astro_logistics import api
from astro_logistics.cli.output import JSON_OPTION, record_json, write_json
from astro_logistics.report import tables, uncertainty_tables
from astro_logistics.units import parse_unit

TOP = 5


@click.command("break-even")
@click.argument("figure")
@click.argument("target")
@click.option("--vary", required=True, metavar="PATH", help="The input, such as launcher.fleet.ship_flights.")
@click.option(
    "--range", "ends", nargs=2, type=float, metavar="LOW HIGH",
    help="Of the input, in the unit of its record; its own range by default.",
)  # fmt: skip
@click.option("--scenario", default="baseline", show_default=True, help="Name or TOML file.")
@JSON_OPTION
def break_even(
    figure: str, target: str, vary: str, ends: tuple[float, float] | None, scenario: str, json_file: str | None
) -> None:
    """Find the value of an input at which a figure meets a target.

    FIGURE is a route and a column, such as earth-to-sso.cost_usd_per_kg. TARGET is a number with its unit, '500
    USD/kg', or another figure. All other inputs stay as the scenario has them. That there is no value in the range is
    an answer: then the closest approach is told.
    """
    loaded = api.load(scenario)
    unit = loaded.ledger[vary].unit if vary in loaded.ledger else ""
    low, high = (Quantity(end, parse_unit(unit)) for end in ends) if ends is not None else (None, None)
    found = api.break_even(loaded, figure, _target(target), vary, low, high)
    if json_file is not None:
        write_json(json_file, _content(loaded, found))
        return
    out = tables.console()
    between = f"{tables.number(found.low.value)} .. {uncertainty_tables.shown(found.high.value, unit)}"
    out.print(f"[bold]{figure} = {found.target}[/] ({loaded.name}), {vary} over {between}\n")
    for crossing in found.crossings:
        change = "above" if crossing.rising else "below"
        note = "" if crossing.feasible else "; the design does not meet its constraints there"
        out.print(
            f"{vary} = [bold]{uncertainty_tables.shown(crossing.value.value, unit)}[/]; the figure is {change} the "
            f"target beyond it{note}\n"
        )
        rows = [(m.path, m.derivative, m.swing, m.record) for m in crossing.moved_by[:TOP]]
        out.print(uncertainty_tables.moved(rows, unit))
    if not found.crossings:
        nearest = uncertainty_tables.shown(found.closest_figure, found.unit)
        gap = uncertainty_tables.shown(abs(found.closest_gap), found.unit)
        side = "above" if found.closest_gap > 0.0 else "below"
        at = uncertainty_tables.shown(found.closest.value, unit)
        out.print(f"no value in the range: closest is {nearest}, {gap} {side} the target, at {at}")
    for jump in found.jumps.value:
        out.print(f"the figure jumps over the target at {uncertainty_tables.shown(jump, unit)}")
    if found.undefined:
        out.print(f"over {found.undefined:.0%} of the range the figure is no number")


def _target(text: str) -> Any:
    """A number with its unit, or the name of a figure."""
    number, _, unit = text.strip().partition(" ")
    try:
        return Quantity(float(number), parse_unit(unit))
    except ValueError as problem:
        if any(character.isalpha() for character in number):
            return text
        raise click.BadParameter(f"{text!r}: give '500 USD/kg', or a figure ({problem})", param_hint="TARGET") from None


def _content(loaded: api.SourcedScenario, found: api.BreakEven) -> dict[str, Any]:
    unit = loaded.ledger[found.vary].unit
    crossings = [
        {
            "value": float(c.value.value),
            "rising": c.rising,
            "figure": c.figure,
            "feasible": c.feasible,
            "moved_by": [
                {"path": m.path, "derivative": m.derivative, "swing": m.swing} | record_json(m.record)
                for m in c.moved_by[:TOP]
            ],
        }
        for c in found.crossings
    ]
    plain = {name: getattr(found, name) for name in ("figure", "unit", "target", "vary")}
    numbers = {name: float(getattr(found, name).value) for name in ("low", "high", "closest")}
    rest = {name: getattr(found, name) for name in ("closest_figure", "closest_gap", "undefined")}
    return (
        {"scenario": loaded.name, "vary_unit": unit}
        | plain
        | numbers
        | rest
        | {"crossings": crossings, "jumps": found.jumps.value.tolist()}
    )
