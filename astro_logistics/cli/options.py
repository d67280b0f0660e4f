"""Options that several commands take."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from astro_logistics.api.scenarios import ephemeris
from astro_logistics.astro.windows import MOST_REVOLUTIONS
from astro_logistics.units import UnitError, iso_tdb, parse_quantity, to_tdb_seconds


def quantity(context: click.Context, option: click.Parameter, text: str | None) -> Any:
    """A number and its unit, "1 km2/s2", as a Quantity."""
    if text is None:
        return None
    try:
        return parse_quantity(text)
    except UnitError as problem:
        raise click.BadParameter(f"give a number and its unit: {problem}") from None


def moment(context: click.Context, option: click.Parameter, text: str | None) -> str | None:
    """A date that can be read and that the ephemeris knows; looked at before any work is done."""
    if text is not None:
        try:
            seconds = float(to_tdb_seconds(text))
        except UnitError as problem:
            raise click.BadParameter(str(problem)) from None
        first, last = ephemeris().span
        if not first <= seconds <= last:
            raise click.BadParameter(f"{text!r}: the ephemeris goes from {iso_tdb(first)} to {iso_tdb(last)}")
    return text


def window(command: Callable[..., None]) -> Callable[..., None]:
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
