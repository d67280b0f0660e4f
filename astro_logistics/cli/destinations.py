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
    real number: what the depot's balance asks for with boil-off and transfer losses. Costs are the operator's;
    of a tug only the launches are counted, not the tug.
    """
    found = api.destinations(scenario)
    if json_file is not None:
        write_json(json_file, {"scenario": scenario} | plain(found))
        return
    out = tables.console()
    out.print(missions.ships(found.ships))
    out.print(missions.tugs(found.tugs))
    out.print(
        "Tankers of a lunar landing as published: 8 (SpaceX 2021, 1,200 t by 150 t), 10 (2024), 14 (GAO 2021),\n"
        "high teens (NASA 2023); to the geostationary orbit and back 12 (NASA OTPS 2024, 100 t a tanker)."
    )
