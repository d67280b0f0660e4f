"""Claims for the terminal: the table of verdicts, two scenarios side by side, and the whole story of one claim."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping

from rich.console import Console

from astro_logistics.report.claims import NOT_A_NUMBER, Beside, Claims, Judged, Turn
from astro_logistics.report.tables import make_table, record, shown_unit
from astro_logistics.scenario.claims import FORMS, Claim, Reading
from astro_logistics.scenario.records import Ledger, Source, Sourced

_VERDICT_STYLE = {"holds": "green", "plausible": "cyan", "unlikely": "yellow", "fails": "red", NOT_A_NUMBER: "dim"}


def compact(value: float) -> str:
    """Three digits, four from 1,000 to 10,000; powers of ten outside 0.001 to 100,000: 0.0125, 2034, 20100, 4.98e-14.

    Three digits are more than the ranges support, and no more than different processors agree on.
    """
    if math.isnan(value):
        return "-"
    if math.isinf(value):
        return "inf" if value > 0.0 else "-inf"
    size = abs(value)
    if size == 0.0:
        return "0"
    if 1000.0 <= size < 9999.5:
        return f"{value:.0f}"
    digits, _, power = f"{value:.2e}".partition("e")
    return (
        f"{float(f'{value:.3g}'):.10g}" if 1e-3 <= size < 99950.0 else f"{digits.rstrip('0').rstrip('.')}e{int(power)}"
    )


def condition(reading: Reading) -> str:
    """When a reading holds: ">= 100 GW/yr", "0.005 .. 0.02"."""
    if not reading.figure:
        return "-"
    least, most = compact(reading.least), compact(reading.most)
    if math.isinf(reading.most):
        bounds = f">= {least}"
    else:
        bounds = f"<= {most}" if math.isinf(reading.least) else f"{least} .. {most}"
    return f"{bounds} {shown_unit(reading.unit)}".rstrip()


def stated(reading: Reading) -> str:
    """The number said; nothing where the words have none and the bound is the catalogue's own."""
    return " to ".join(compact(x) for x in reading.stated) or "-"


def _verdict(each: Judged, width: int = 0) -> str:
    return f"[{_VERDICT_STYLE[each.verdict]}]{each.verdict:<{width}}[/]"


def _probability(each: Judged) -> str:
    return "-" if each.probability is None else f"{each.probability.value:.2f}"


def _interval(each: Judged | Beside) -> str:
    return "-" if math.isnan(each.median) else f"{compact(each.p05)} .. {compact(each.p95)}"


def decided(each: Judged) -> str:
    """The deciding inputs in a line: share of the spread, "+" where the figure rises; and designs that cannot work."""
    said = [f"{'+' if d.rising else '-'}{d.share:.0%} {d.path}" for d in each.deciding]
    return "  ".join(said + ([f"({each.not_met:.0%} cannot work)"] if each.not_met >= 0.005 else []))


def _below(each: Judged) -> list[str]:
    """What stands below a reading: what decides it, or why nothing can."""
    text = decided(each) if each.probability is not None else " ".join(each.reading.reason.split())
    return [f"      {line}" for line in textwrap.wrap(text, 150)]


READING, SAID, BOUND, MIDDLE, INTERVAL, CHANCE = 62, 13, 21, 9, 21, 5
"""Widths of the columns."""


def _reads(text: str, width: int) -> list[str]:
    return [f"  {line}" for line in textwrap.wrap(text, width - 2)]


def _groups(found: Claims) -> dict[str, tuple[Judged, ...]]:
    return {name: found.of(name) for name in dict.fromkeys(each.claim.id for each in found.judged)}


def table(out: Console, found: Claims) -> None:
    """Each claim with its readings below it: what is stated, when it holds, what the engine says, what decides."""
    heads = ("claim, and how it is read", "stated", "holds", "median", "5 .. 95 %", "P", "verdict")
    _line(out, "bold", *heads)
    for name, readings in _groups(found).items():
        out.print(f"\n[bold]{name}[/]")
        for each in readings:
            reading = each.reading
            first, *others = _reads(reading.reads, READING)
            said = stated(reading), condition(reading), compact(each.median), _interval(each), _probability(each)
            _line(out, "", first, *said, _verdict(each))
            for line in others:
                out.print(line, markup=False)
            for line in _below(each):
                out.print(line, style="dim", markup=False)


def _line(out: Console, style: str, *cells: str) -> None:
    widths = (READING, SAID, BOUND, MIDDLE, INTERVAL, CHANCE)
    text = [f"{cell:<{width}}" for cell, width in zip(cells[:3], widths[:3], strict=True)]
    text += [f"{cell:>{width}}" for cell, width in zip(cells[3:6], widths[3:6], strict=True)]
    out.print(" ".join((*text, "", cells[6])), style=style or None)


def comparison(out: Console, first: Claims, second: Claims) -> None:
    """Medians and verdicts under two scenarios, reading by reading; those that no figure answers are left out."""
    width = MIDDLE + CHANCE + 13
    blank = " " * (READING + BOUND + 2)
    out.print(f"{blank}{first.scenario:<{width}} {second.scenario}", style="bold")
    heads = f"{'median':>{MIDDLE}} {'P':>{CHANCE}} {'verdict':<11}"
    out.print(f"{'claim, and how it is read':<{READING}} {'holds':<{BOUND}} {heads} {heads}", style="bold")
    others = _groups(second)
    for name, readings in _groups(first).items():
        pairs = [(a, b) for a, b in zip(readings, others[name], strict=True) if a.probability is not None]
        if pairs:
            out.print(f"\n[bold]{name}[/]")
        for a, b in pairs:
            top, *more = _reads(a.reading.reads, READING)
            said = [f"{compact(x.median):>{MIDDLE}} {_probability(x):>{CHANCE}} {_verdict(x, 11)}" for x in (a, b)]
            out.print(" ".join((f"{top:<{READING}}", f"{condition(a.reading):<{BOUND}}", *said)))
            for line in more:
                out.print(line, markup=False)


def story(out: Console, found: Claims, ledger: Ledger, second: Claims | None = None) -> None:
    """One claim: what is said and where, each reading with its answer, what decides it, where it turns, the sources."""
    claim = found.judged[0].claim
    out.print(f"[bold]{claim.id}[/]: {claim.says}")
    out.print(f"said in {found.sources[claim.source]}, {claim.locator}", style="dim")
    if claim.note:
        out.print(" ".join(claim.note.split()))
    for i, each in enumerate(found.judged):
        out.print()
        _reading(out, each, found.sources)
        if second is not None and each.probability is not None:
            other = second.judged[i]
            middle = f"median {compact(other.median)} ({compact(other.p05)} .. {compact(other.p95)})"
            out.print(f"    {second.scenario}: {middle}, P {_probability(other)}, {_verdict(other)}")
    _beside(out, claim, found)
    paths = dict.fromkeys(d.path for each in found.judged for d in each.deciding)
    if paths:
        out.print("\n[bold]The inputs that decide[/]\n")
        for path in paths:
            out.print(record(path, ledger[path], ledger), highlight=False, markup=False)


def _reading(out: Console, each: Judged, sources: Mapping[str, Source]) -> None:
    reading, unit = each.reading, shown_unit(each.reading.unit)
    out.print(f"[bold]{reading.name}[/]: {reading.reads}")
    if each.probability is None:
        out.print(f"    {_verdict(each)}: {reading.reason}")
        return
    own = "" if reading.stated else " (the bound is this catalogue's own: the words have no number)"
    out.print(f"    stated {stated(reading)} {unit}".rstrip() + f"; holds for {condition(reading)}{own}")
    if reading.against is not None:
        r = reading.against
        from_where = found_in(r, sources)
        out.print(f"    {FORMS[reading.form]}, the reference {compact(r.value)} {shown_unit(r.unit)}: {from_where}")
    p = each.probability
    out.print(
        f"    median {compact(each.median)} {unit}, 5 .. 95 % {compact(each.p05)} .. {compact(each.p95)}; at the "
        f"scenario's own values {compact(each.at_scenario)}"
    )
    out.print(f"    {_verdict(each)}: P {p.value:.3f} ({p.low:.3f} .. {p.high:.3f})" + _false(each))
    if each.infinite > 0.0:
        out.print(f"    infinite in {each.infinite:.0%} of the draws: never, or without end")
    for d in each.deciding:
        out.print(f"    {d.share:4.0%} of the spread: {d.path} ({'rises' if d.rising else 'falls'} with it)")
        turns = [turn for turn in each.break_even or () if turn.path == d.path]
        for turn in turns:
            out.print(f"         {_turn(turn)}")
        if not turns and each.break_even is not None:
            out.print("         it does not turn at any value, all else as in the scenario")


def found_in(r: Sourced, sources: Mapping[str, Source]) -> str:
    """Where a reference stands, or what it is made of."""
    where = f"{sources[r.source]}, {r.locator}" if r.source else ""
    made = f"{r.formula}; from {', '.join(r.parents)}" if r.formula else ""
    return "; ".join(x for x in (where, made, " ".join(r.note.split())) if x)


def _false(each: Judged) -> str:
    """Why draws count as false that never got to the bound."""
    parts = {"the design cannot work": each.not_met, "the figure is no number": each.no_number}
    said = [f"{share:.0%} {what}" for what, share in parts.items() if share > 0.0]
    return f"; of the draws counted as false: {', '.join(said)}" if said else ""


def _turn(turn: Turn) -> str:
    side = "above" if turn.true_above else "below"
    notes = [] if turn.in_range else ["outside its range"]
    notes += [] if turn.is_met else ["where the design cannot work"]
    said = f"true {side} {compact(turn.value)} {shown_unit(turn.unit)}".rstrip()
    return said + (f" ({', '.join(notes)})" if notes else "")


def _beside(out: Console, claim: Claim, found: Claims) -> None:
    figures = found.beside.get(claim.id, ())
    if not figures:
        return
    out.print("\n[bold]Beside it[/]\n")
    rows = make_table("what", "median", "5 .. 95 %", "unit", "figure")
    rows.columns[3].justify = rows.columns[4].justify = "left"
    for figure in figures:
        cells = compact(figure.median), _interval(figure), shown_unit(figure.unit), figure.figure
        rows.add_row(figure.tells, *cells)
    out.print(rows)
