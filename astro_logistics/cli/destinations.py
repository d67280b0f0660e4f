"""`astro-logistics destinations`: where refilled ships and tugs can go from the depot."""

from __future__ import annotations

import click

from astro_logistics import api
from astro_logistics.api.missions import plain
from astro_logistics.cli.output import JSON_OPTION, write_json
from astro_logistics.report import destinations as missions
from astro_logistics.report import tables


@click.command()
@click.argument("scenario", default="baseline")
@JSON_OPTION
def destinations(scenario: str, json_file: str | None) -> None:
    """Missions beyond low orbit: tankers, flights, payload and cost, by refilled ships and by electric tugs.

    \b
    SCENARIO is the name of a scenario that ships with the package, or a TOML file. A mission's tankers are a
    real number: what the depot's balance asks for with boil-off and transfer losses. Published counts stand
    beside those of the scenario, and beside the least and the most for the ranges of boil-off, transfer losses,
    cadence and the tanker's dry mass. Costs are the operator's; of a tug only the launches are counted, not the
    tug.
    """
    found = api.destinations(scenario)
    if json_file is not None:
        write_json(json_file, {"scenario": scenario} | plain(found))
        return
    out = tables.console()
    out.print(missions.ships(found.ships))
    out.print(missions.tugs(found.tugs))
    out.print(missions.captures(found.captures))
    out.print(missions.tankers(found.tankers))
    saved = found.launches_saved_by_tug
    if saved is not None:
        out.print(
            f"By tug to the geostationary orbit {saved:.0%} fewer launches per kilogram than by ships that come back;\n"
            "NASA OTPS 2024: 91 % (12 of 13 launches only refuel). Its 63 and 69 % are the fall of the levelized cost."
        )
