"""Claims for the terminal: the table of verdicts, two scenarios side by side, and the whole story of one claim."""

from __future__ import annotations

import math

from rich.console import Console
from rich.table import Table

from astro_logistics.report.claims import NOT_A_NUMBER, Claims, Judged, Turn
from astro_logistics.report.tables import make_table, number, record, shown_unit
from astro_logistics.scenario.claims import FORMS, Claim, Reading
from astro_logistics.scenario.records import Ledger

_VERDICT_STYLE = {"holds": "green", "plausible": "cyan", "unlikely": "yellow", "fails": "red", NOT_A_NUMBER: "dim"}


def condition(reading: Reading) -> str:
    """When a reading holds: ">= 100", "0.005 .. 0.02"."""
    if not reading.figure:
        return "-"
    least, most = number(reading.least), number(reading.most)
    if math.isinf(reading.most):
        return f">= {least}"
    return f"<= {most}" if math.isinf(reading.least) else f"{least} .. {most}"


def stated(reading: Reading) -> str:
    """The number said; nothing where the words have none and the bound is the catalogue's own."""
    return " to ".join(number(x) for x in reading.stated) or "no number"


def _verdict(each: Judged) -> str:
    return f"[{_VERDICT_STYLE[each.verdict]}]{each.verdict}[/]"


def _probability(each: Judged) -> str:
    return "-" if each.probability is None else f"{each.probability.value:.2f}"


def _names(found: Claims) -> list[str]:
    """The claim's id beside its first reading, nothing beside the others."""
    ids = [each.claim.id for each in found.judged]
    return [name if i == 0 or ids[i - 1] != name else "" for i, name in enumerate(ids)]


def _decided(each: Judged) -> str:
    return "\n".join(f"{'+' if d.rising else '-'}{d.share:.0%} {d.path}" for d in each.deciding)


def table(found: Claims) -> Table:
    """One row per reading: when it holds, what the engine says, the verdict, and what decides."""
    out = make_table("claim", "read as", "stated", "holds", "unit", "median", "5 .. 95 %", "P", "verdict", "decided by")
    for i, width in ((1, 40), (9, 48)):
        out.columns[i].justify, out.columns[i].width = "left", width
    for i in (4, 8):
        out.columns[i].justify = "left"
    for name, each in zip(_names(found), found.judged, strict=True):
        reading = each.reading
        interval = "-" if each.probability is None else f"{number(each.p05)} .. {number(each.p95)}"
        median = "-" if each.probability is None else number(each.median)
        out.add_row(
            name,
            reading.reads,
            stated(reading),
            condition(reading),
            shown_unit(reading.unit),
            median,
            interval,
            _probability(each),
            _verdict(each),
            _decided(each),
        )
    return out


def comparison(first: Claims, second: Claims) -> Table:
    """Medians and verdicts under two scenarios, reading by reading; those that no figure answers are left out."""
    out = make_table(
        "claim", "read as", "holds", "unit", f"{first.scenario}\nmedian", "P", "verdict",
        f"{second.scenario}\nmedian", "P", "verdict",
    )  # fmt: skip
    out.columns[1].justify, out.columns[1].width = "left", 60
    for i in (3, 6, 9):
        out.columns[i].justify = "left"
    shown = ""
    for a, b in zip(first.judged, second.judged, strict=True):
        if a.probability is None:
            continue
        name, shown = ("" if a.claim.id == shown else a.claim.id), a.claim.id
        said = [x for each in (a, b) for x in (number(each.median), _probability(each), _verdict(each))]
        out.add_row(name, a.reading.reads, condition(a.reading), shown_unit(a.reading.unit), *said)
    return out


def story(out: Console, found: Claims, ledger: Ledger, second: Claims | None = None) -> None:
    """One claim: what is said and where, each reading with its answer, what decides it, where it turns, the sources."""
    claim = found.judged[0].claim
    out.print(f"[bold]{claim.id}[/]: {claim.says}")
    out.print(f"said in {found.sources[claim.source]}, {claim.locator}", style="dim")
    if claim.note:
        out.print(" ".join(claim.note.split()))
    for i, each in enumerate(found.judged):
        out.print()
        _reading(out, each, ledger)
        if second is not None and each.probability is not None:
            other = second.judged[i]
            middle = f"median {number(other.median)} ({number(other.p05)} .. {number(other.p95)})"
            out.print(f"    {second.scenario}: {middle}, P {_probability(other)}, {_verdict(other)}")
    _beside(out, claim, found)
    paths = dict.fromkeys(d.path for each in found.judged for d in each.deciding)
    if paths:
        out.print("\n[bold]The inputs that decide[/]\n")
        for path in paths:
            out.print(record(path, ledger[path], ledger), highlight=False, markup=False)


def _reading(out: Console, each: Judged, ledger: Ledger) -> None:
    reading, unit = each.reading, shown_unit(each.reading.unit)
    out.print(f"[bold]{reading.name}[/]: {reading.reads}")
    if each.probability is None:
        out.print(f"    {_verdict(each)}: {reading.reason}")
        return
    own = "" if reading.stated else " (the bound is this catalogue's own: the words have no number)"
    out.print(f"    stated {stated(reading)} {unit}; holds for {condition(reading)} {unit}{own}".rstrip())
    if reading.against is not None:
        r = reading.against
        from_where = found_in(r.source, r.locator, r.note, ledger)
        out.print(f"    {FORMS[reading.form]}, the reference {number(r.value)} {shown_unit(r.unit)}: {from_where}")
    p = each.probability
    out.print(
        f"    median {number(each.median)} {unit}, 5 .. 95 % {number(each.p05)} .. {number(each.p95)}; at the "
        f"scenario's own values {number(each.at_scenario)}"
    )
    out.print(f"    {_verdict(each)}: P {p.value:.3f} ({p.low:.3f} .. {p.high:.3f})" + _false(each))
    for d in each.deciding:
        out.print(f"    {d.share:4.0%} of the spread: {d.path} ({'rises' if d.rising else 'falls'} with it)")
        turns = [turn for turn in each.break_even or () if turn.path == d.path]
        for turn in turns:
            out.print(f"         {_turn(turn)}")
        if not turns and each.break_even is not None:
            out.print("         it does not turn at any value, all else as in the scenario")


def found_in(source: str, locator: str, note: str, ledger: Ledger) -> str:
    """Where a reference stands."""
    where = f"{ledger.sources[source]}, {locator}" if source else ""
    return "; ".join(x for x in (where, " ".join(note.split())) if x)


def _false(each: Judged) -> str:
    """Why draws count as false that never got to the bound."""
    parts = {"the design cannot work": each.not_met, "the figure is no number": each.no_number}
    said = [f"{share:.0%} {what}" for what, share in parts.items() if share > 0.0]
    return f"; of the draws counted as false: {', '.join(said)}" if said else ""


def _turn(turn: Turn) -> str:
    side = "above" if turn.true_above else "below"
    notes = [] if turn.in_range else ["outside its range"]
    notes += [] if turn.is_met else ["where the design cannot work"]
    said = f"true {side} {number(turn.value)} {shown_unit(turn.unit)}".rstrip()
    return said + (f" ({', '.join(notes)})" if notes else "")


def _beside(out: Console, claim: Claim, found: Claims) -> None:
    figures = found.beside.get(claim.id, ())
    if not figures:
        return
    out.print("\n[bold]Beside it[/]\n")
    rows = make_table("figure", "median", "5 .. 95 %", "unit")
    rows.columns[3].justify = "left"
    for figure in figures:
        rows.add_row(
            figure.figure,
            number(figure.median),
            f"{number(figure.p05)} .. {number(figure.p95)}",
            shown_unit(figure.unit),
        )
    out.print(rows)
