"""`astro-logistics claims`: what is claimed of a future in space, and what the engine's figures make of it."""

from __future__ import annotations

from typing import Any

import click

from astro_logistics import api
from astro_logistics.cli.output import JSON_OPTION, record_json, write_json
from astro_logistics.report import claims_tables as report
from astro_logistics.report import tables


@click.command()
@click.argument("claim", required=False, metavar="[ID]")
@click.option("--scenario", default="baseline", show_default=True, help="Name or TOML file.")
@click.option("--beside", metavar="SCENARIO", help="A second scenario, whose verdicts stand beside the first one's.")
@click.option("--n", default=4096, show_default=True, type=click.IntRange(32), help="Draws.")
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0), help="Of the draws.")
@JSON_OPTION
def claims(claim: str | None, scenario: str, beside: str | None, n: int, seed: int, json_file: str | None) -> None:
    """Judge what is claimed of a future in space by the figures of a scenario.

    \b
    One row for each way to read a claim: when it holds, median and 5-95 % interval of the figure over the
    scenario's ranges, the share of the draws in which it holds, the verdict by rule (holds from 0.9,
    plausible from 0.5, unlikely from 0.1, fails below; a design that cannot work counts as false), and the
    inputs that most of the spread comes from. With an ID: the whole story, with the values at which each
    reading turns true and the sources.
    """
    loaded = api.load(scenario)
    other = api.load(beside) if beside is not None else None
    whole = claim is not None or json_file is not None
    found = api.claims(loaded, claim, n, seed, break_even=whole)
    second = api.claims(other, claim, n, seed) if other is not None else None
    if json_file is not None:
        write_json(json_file, _content(found) if second is None else [_content(found), _content(second)])
        return
    out = tables.console()
    drawn = f"{found.draws:,} draws, seed {seed}"
    drawn += f"; stopped before {found.planned:,}" if found.draws < found.planned else ""
    out.print(f"[bold]{loaded.ledger.title}[/] ({loaded.name}; USD of {found.price_year}): {drawn}\n")
    if claim is not None:
        report.story(out, found, loaded.ledger, second)
        return
    report.table(out, found)
    if second is not None:
        out.print(f"\n[bold]{found.scenario} and {second.scenario}[/]\n")
        report.comparison(out, found, second)


def _content(found: api.Claims) -> dict[str, Any]:
    return {
        "scenario": found.scenario,
        "price_year": found.price_year,
        "draws": found.draws,
        "planned": found.planned,
        "seed": found.seed,
        "claims": [_entry(each) for each in found.judged],
        "beside": {claim: [vars(figure) for figure in some] for claim, some in found.beside.items() if some},
    }


def _entry(each: api.Judged) -> dict[str, Any]:
    claim, reading, p = each.claim, each.reading, each.probability
    stated = list(reading.stated)
    return {
        "id": claim.id,
        "reading": reading.name,
        "says": claim.says,
        "reads": reading.reads,
        "source": claim.source,
        "locator": claim.locator,
        "figure": reading.figure or None,
        "reason": reading.reason or None,
        "stated": None if not stated else stated[0] if len(stated) == 1 else stated,
        "stated_unit": reading.unit or None,
        "holds_from": reading.least,
        "holds_to": reading.most,
        "at_scenario": each.at_scenario,
        "median": each.median,
        "p05": each.p05,
        "p95": each.p95,
        "unit": reading.unit or None,
        "verdict": each.verdict,
        "probability": None if p is None else p.value,
        "probability_low": None if p is None else p.low,
        "probability_high": None if p is None else p.high,
        "not_met": each.not_met,
        "no_number": each.no_number,
        "infinite": each.infinite,
        "deciding_inputs": [
            {"path": d.path, "share": d.share, "rising": d.rising} | record_json(d.record) for d in each.deciding
        ],
        "break_even": None if each.break_even is None else [vars(turn) for turn in each.break_even],
    }
