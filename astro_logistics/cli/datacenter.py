"""`astro-logistics datacenter`: the satellite closed on an orbit."""

from __future__ import annotations

import click

from astro_logistics import api
from astro_logistics.cli.output import INFEASIBLE, JSON_OPTION, OutputFile, write_figure, write_json
from astro_logistics.report import datacenter as rows
from astro_logistics.report import tables


@click.command()
@click.argument("scenario", default="baseline")
@click.option("--orbit", metavar="ORBIT", help="sso:650km[:10.5h], leo:550km:53deg, geo, nrho, eml1, eml2, sun:1au.")
@JSON_OPTION
@click.option("--figure", metavar="FILE.png", type=OutputFile(), help="Draw masses, power and heat.")
@click.option("--year-figure", metavar="FILE.png", type=OutputFile(), help="Draw sunlight and temperatures by day.")
@click.option("--cost-figure", metavar="FILE.png", type=OutputFile(), help="Draw cost, and orbit against ground.")
@click.pass_context
def datacenter(
    ctx: click.Context,
    scenario: str,
    orbit: str | None,
    json_file: str | None,
    figure: str | None,
    year_figure: str | None,
    cost_figure: str | None,
) -> None:
    """Close the orbital data center: powers, areas, masses, temperatures, links, compute, money.

    \b
    One satellite of the scenario's design on an orbit: by default its dawn-dusk sun-synchronous one.
    The array carries the load at the end of life on the darkest day, the radiator rejects the heat at
    the end of life in sunlight, the battery lasts as long as the satellite; delivered power is the mean
    over shadow, aging, failures and losses. It is brought up by the scenario's launcher, refilled at the
    depot for orbits beyond; where that cannot be flown, what is not met is named and there is no money.
    SCENARIO is the name of one that ships with the package
    ('baseline', 'claims_2026'), or a TOML file.
    """
    figures = {"--figure": figure, "--year-figure": year_figure, "--cost-figure": cost_figure}
    for option, file in figures.items():
        if file is not None and not file.endswith(".png"):
            raise click.BadParameter(f"{file!r}: the name must end in .png", param_hint=option)
    found = api.datacenter(scenario, orbit)
    if json_file is not None:
        content = {"scenario": scenario, "orbit": found.orbit, "brought_by": found.delivery.name, **found.figures}
        write_json(json_file, content | {"residuals": found.residuals, "violated": found.violated})
    else:
        out = tables.console()
        out.print(f"[bold]Data center of {scenario} on {found.orbit}[/]\n")
        out.print(rows.table(found.figures, found.meanings))
        out.print(f"Brought there by {found.delivery.name}. Money in USD of the scenario's price year.")
        for name in found.violated:
            out.print(f"[bold red]not met: {name} (by {found.residuals[name]:.3g})[/]")
    draw = {"--figure": found.plot, "--year-figure": found.plot_year, "--cost-figure": found.plot_cost}
    for option, file in figures.items():
        if file is not None:
            write_figure(draw[option](), file, dpi=120)
    if found.violated:
        ctx.exit(INFEASIBLE)
