"""`astro-logistics sample`: the figures over the ranges of the inputs."""

from __future__ import annotations

from typing import Any

import click
import xarray as xr

from astro_logistics import api
from astro_logistics.cli.output import INFEASIBLE, JSON_OPTION, UnwritableError, write_json
from astro_logistics.report import tables, uncertainty_tables

PROBABILITIES = (0.05, 0.5, 0.95)


@click.command()
@click.argument("scenario", default="baseline")
@click.option("--n", default=10_000, show_default=True, type=click.IntRange(1), help="Draws.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="Of the draws.")
@click.option("--figure", "names", multiple=True, metavar="NAME", help="moon-to-sso.cost_usd_per_kg; repeatable.")
@click.option(
    "--correlate", nargs=3, multiple=True, type=(str, str, float), metavar="PATH PATH R",
    help="Draw two inputs together; repeatable.",
)  # fmt: skip
@click.option("--folder", type=click.Path(file_okay=False), help="Keep finished draws here, and go on from them.")
@JSON_OPTION
@click.pass_context
def sample(
    ctx: click.Context,
    scenario: str,
    n: int,
    seed: int,
    names: tuple[str, ...],
    correlate: tuple[tuple[str, str, float], ...],
    folder: str | None,
    json_file: str | None,
) -> None:
    """Draw every input over its range, and tell quantiles of the figures.

    \b
    Each input follows a triangular distribution over its range with the scenario's value as the most likely
    one; of the logarithm where the range spans a factor of ten. The figures at the scenario's own values are
    therefore neither the median nor the mean. "not met": draws whose design does not meet its constraints;
    "no number": draws without the figure. Quantiles are over all draws that have a number. Ctrl-C ends it
    early with the draws that are done, exit status 1.
    """
    loaded = api.load(scenario)
    correlations = {(a, b): r for a, b, r in correlate}
    try:
        draws = api.sample(loaded, n, seed, correlations, names or None, inputs=False, folder=folder)
    except OSError as problem:
        raise UnwritableError(folder or "", problem.strerror or str(problem)) from None
    found = api.quantiles(draws, PROBABILITIES)
    if json_file is not None:
        write_json(json_file, _content(loaded, draws, found))
    else:
        out = tables.console()
        done = f"{draws.sizes['draw']:,} draws of {draws.attrs['inputs_drawn']} inputs, seed {seed}"
        out.print(f"[bold]{loaded.ledger.title}[/] ({loaded.name}; USD of {loaded.ledger.price_year}): {done}\n")
        out.print(uncertainty_tables.quantiles(draws, found))
    if draws.attrs["interrupted"]:
        click.echo(f"stopped after {draws.sizes['draw']} of {n} draws", err=True)
        ctx.exit(INFEASIBLE)


def _content(loaded: api.SourcedScenario, draws: xr.Dataset, found: xr.Dataset) -> dict[str, Any]:
    names = ("value", "low", "high")
    return {
        "scenario": loaded.name,
        "title": loaded.ledger.title,
        "draws": draws.sizes["draw"],
        "confidence": found.attrs["confidence"],
        "figures": [
            {"name": str(name)}
            | dict(draws[name].attrs)
            | {
                "quantiles": [
                    {"probability": float(p)} | {x: found[x].sel(figure=name, probability=p).item() for x in names}
                    for p in found["probability"].values
                ]
            }
            for name in found["figure"].values
        ],
    } | {k: draws.attrs[k] for k in ("price_year", "seed", "planned", "interrupted", "not_converged", "convention")}
