"""`astro-logistics sources` and `validate`: where the numbers come from, and whether a file is good."""

from __future__ import annotations

import dataclasses
from collections import Counter

import click

from astro_logistics import api
from astro_logistics.cli.output import JSON_OPTION, record_json, write_json
from astro_logistics.report import tables


@click.command()
@click.argument("path", required=False)
@click.option("--scenario", default="baseline", show_default=True, help="Name or TOML file.")
@JSON_OPTION
def sources(path: str | None, scenario: str, json_file: str | None) -> None:
    """Tell where a number comes from.

    PATH is an input such as mass_driver.track_length, or the front of several such as launcher.vehicle. Without it, all
    sources of the scenario are listed.
    """
    _, ledger = api.read(scenario)
    if path is None:
        used = {record.source for record in ledger.values() if record.source}
        found = {
            key: dataclasses.asdict(ledger.sources[key]) | {"cited": str(ledger.sources[key])} for key in sorted(used)
        }
        if json_file is not None:
            write_json(json_file, {"scenario": scenario, "sources": found})
            return
        for key, source in found.items():
            click.echo(f"{key}\n    {source['cited']}\n    read: {source['access']}")
        return
    records = api.records(ledger, path)
    if json_file is not None:
        write_json(
            json_file, {"scenario": scenario, "records": [{"path": p} | record_json(r) for p, r in records.items()]}
        )
        return
    for name, record in records.items():
        click.echo(tables.record(name, record, ledger))


@click.command()
@click.argument("file", type=click.Path())
def validate(file: str) -> None:
    """Check a scenario file and report everything that is wrong with it at once.

    Each problem is named with its place, what was found, what is allowed and the remedy.
    """
    loaded = api.load(file)
    by_status = Counter(record.status for record in loaded.ledger.values())
    told = ", ".join(f"{n} {status}" for status, n in by_status.most_common())
    click.echo(f"{file}: good. {len(loaded.ledger)} numbers: {told}.")
