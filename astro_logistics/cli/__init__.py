"""The `astro-logistics` command: one file per subject, put together here."""

from __future__ import annotations

from typing import Any

import click

from astro_logistics.cli.break_even import break_even
from astro_logistics.cli.claims import claims
from astro_logistics.cli.compare import compare
from astro_logistics.cli.datacenter import datacenter
from astro_logistics.cli.destinations import destinations
from astro_logistics.cli.growth import growth
from astro_logistics.cli.launch import launch
from astro_logistics.cli.mass_driver import mass_driver
from astro_logistics.cli.output import BAD_INPUT
from astro_logistics.cli.published import published
from astro_logistics.cli.sample import sample
from astro_logistics.cli.sources import sources, validate
from astro_logistics.cli.windows import porkchop, windows
from astro_logistics.scenario import cache
from astro_logistics.scenario.errors import ScenarioError
from astro_logistics.units import UnitError


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
        click.echo(
            f"First run: one to two minutes of compiling. The code is kept in {cache.default_folder()}.", err=True
        )


for _command in (
    compare,
    published,
    datacenter,
    launch,
    destinations,
    windows,
    porkchop,
    sources,
    validate,
    sample,
    break_even,
    mass_driver,
    growth,
    claims,
):
    main.add_command(_command)
