"""`astro-logistics mass-driver`: the machine on the Moon, its bill, and from what mass it beats the rocket."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource
from rich.console import Console

from astro_logistics import api
from astro_logistics.cli.driver_throws import TARGETS, ThrowOptions, throws, tracks
from astro_logistics.cli.options import moment, quantity
from astro_logistics.cli.output import INFEASIBLE, JSON_OPTION, OutputFile, write_figure, write_json
from astro_logistics.network.driver_break_even import DESTINATIONS
from astro_logistics.report import mass_driver as report
from astro_logistics.report import tables


@click.command("mass-driver")
@click.argument("scenario", default="baseline")
@click.option("--target", default="escape", show_default=True, type=click.Choice(TARGETS), help="Where to.")
@click.option(
    "--throw",
    is_flag=True,
    help="The shots themselves, among Earth and Moon; implied but for escape, sso, mars.",
)
@click.option(
    "--longitude", metavar="'33 deg'", callback=quantity, help="East, of the muzzle; by default one that suits."
)
@click.option("--latitude", metavar="'0 deg'", callback=quantity, help="North.")
@click.option("--elevation", metavar="'0 deg'", callback=quantity, help="Of the rails; by default level.")
@click.option("--speed-error", metavar="'1 mm/s'", callback=quantity, help="At the muzzle; by default the coils'.")
@click.option("--pointing-error", metavar="'1e-6 rad'", callback=quantity, help="At the muzzle, of each angle.")
@click.option("--probability", default=0.99, show_default=True, help="Share of shots to catch or to correct.")
@click.option(
    "--date",
    metavar="DATE",
    callback=moment,
    help="Correct the first shot for the real Moon, 8 times in the month from it.",
)
@click.option("--tilted", is_flag=True, help="The rails may be raised and lowered for that.")
@click.option("--fates", metavar="N", type=click.IntRange(1, 4096), help="Follow N erring shots of the first a year.")
@click.option("--published", is_flag=True, help="Published designs from their own inputs, instead.")
@click.option("--figure", metavar="FILE.png", type=OutputFile(), help="Draw cost and a shot.")
@JSON_OPTION
@click.pass_context
def mass_driver(
    ctx: click.Context,
    scenario: str,
    target: str,
    throw: bool,
    published: bool,
    figure: str | None,
    json_file: str | None,
    **options: Any,
) -> None:
    """Describe the lunar mass driver: shot, mass, cost, and break-even with rockets from the Earth.

    SCENARIO is the name of a scenario ('baseline', 'driver_coils', 'driver_1977'), or a TOML file.

    \b
    Costs are the operator's, in USD of the scenario's price year: making the payload on the Moon is not
    in them, nor is making it on Earth in those of the rocket. For the break-even the driver is laid out
    anew for each yearly mass: shots and power in proportion, at the scenario's interval between shots.

    \b
    With --throw, and for the targets beyond escape, sso and mars: every family of shots from the site, how they
    arrive and err, what comes to stay and what it costs; --figure draws their ways, and FILE-miss.png their misses.
    """
    if published:
        found = api.published_drivers()
        if json_file is not None:
            write_json(json_file, {name: [dataclasses.asdict(c) for c in rows] for name, rows in found.items()})
        else:
            tables.console().print(report.published(found))
        return
    if figure is not None and Path(figure).suffix != ".png":
        raise click.BadParameter(f"{figure!r}: the name must end in .png", param_hint="--figure")
    throws_it = throw or target not in DESTINATIONS
    _check(ctx, options, throws_it)
    if throws_it:
        if not throws(ThrowOptions(scenario, target, figure, json_file, **options)):
            ctx.exit(INFEASIBLE)
        return
    loaded = api.load(scenario)
    result = api.mass_driver(loaded, target)
    if figure is not None:
        _draw(figure, f"{loaded.name}: mass driver to {target}", result)
    if json_file is not None:
        write_json(json_file, {"scenario": loaded.name} | dataclasses.asdict(result))
    else:
        out = tables.console()
        price_year = loaded.ledger.price_year
        out.print(f"[bold]{loaded.ledger.title}[/] ({loaded.name}; to {target}; USD of {price_year})\n")
        _print(out, result)
    if result.violated or not result.converged:
        ctx.exit(INFEASIBLE)


def _check(ctx: click.Context, options: dict[str, Any], throws_it: bool) -> None:
    """Options of shots without shots, and of the real Moon without a date, would change nothing: they are refused."""
    for name in options:
        if not throws_it and ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            raise click.UsageError(f"--{name.replace('_', '-')} is about the shots themselves: add --throw")
    if options["tilted"] and options["date"] is None:
        raise click.UsageError("--tilted is about shots at the real Moon: give their --date")


def _print(out: Console, r: api.MassDriverResult) -> None:
    rows = [
        ("muzzle speed", r.muzzle_speed_m_per_s, "m/s"),
        ("track used", r.driven_length_m, "m"),
        ("time on it", r.shot_time_s, "s"),
        ("drive efficiency", r.efficiency, ""),
        ("electricity", r.energy_mj_per_kg, "MJ per thrown kg"),
        ("peak power", r.peak_power_mw, "MW"),
        ("waste heat", r.waste_heat_mw, "MW"),
        ("radiators", r.radiator_area_m2, "m2"),
        ("error of the muzzle speed", 1e6 * r.speed_error, "ppm"),
        ("shots", r.shots_per_year, "a year"),
        ("payload", r.payload_t_per_year, f"t/yr, limited by {r.limited_by}"),
        ("cost", r.cost_usd_per_kg, "USD/kg"),
        ("a data center repays its shot in", r.energy_payback_hours, "hours of its compute power"),
    ]
    out.print(report.lines("shot and machine", rows))
    out.print(tracks(r.muzzle_speed_m_per_s))
    for name in r.violated:
        out.print(f"[bold red]not met: {name} (by {r.residuals[name]:.3g})[/]")
    out.print(report.shares(r.masses_t, r.costs_usd_per_kg))
    rows = [
        ("landing a kilogram of the driver on the Moon", r.delivery_cost_usd_per_kg, "USD/kg"),
        ("a kilogram from the Earth", r.earth_cost_usd_per_kg, "USD/kg"),
        ("the same from a driver of any size, at least", r.least_cost_usd_per_kg, "USD/kg"),
        ("that is cheaper by", r.best_ratio, "times"),
        ("break-even from", r.break_even_t_per_year, "t/yr"),
        ("which changes by", r.break_even_by_delivery, "% per % of the landing cost"),
        ("and by", r.break_even_by_local_fraction, "% per percentage point made on the Moon"),
    ]
    out.print(report.lines("against the rocket", rows))
    for title, masses in (
        ("Break-even with the rocket, t a year, by cost of landing on the Moon", r.break_even_masses_t_per_year),
        ("A hundredth of the rocket's cost, t a year", r.hundredfold_masses_t_per_year),
    ):
        out.print(report.break_evens(r.local_fractions, r.delivery_costs_usd_per_kg, masses, title))


def _draw(file: str, title: str, r: api.MassDriverResult) -> None:
    """The two panels of `report.mass_driver.plot`, as a PNG."""
    picture = report.plot(
        title,
        (r.yearly_masses_t, r.curve_usd_per_kg),
        r.earth_cost_usd_per_kg,
        (r.payload_t_per_year, r.cost_usd_per_kg),
        (r.time_s, r.power_mw, r.acceleration_m_per_s2),
    )
    write_figure(picture, file)
