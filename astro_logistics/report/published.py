"""Tables of the published answers: what their equations give here, and where our own stands in their boundary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table

from astro_logistics.report.tables import number


def _table(left: int, *headers: str) -> Table:
    """A table whose first `left` columns are words."""
    table = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for i, header in enumerate(headers):
        table.add_column(header, justify="left" if i < left else "right", overflow="fold")
    return table


def reproduced(rows: Iterable[tuple[str, str, float, float]]) -> Table:
    """Study, result, as printed, as it comes out here."""
    table = _table(2, "study", "result", "printed", "here", "here / printed")
    last = ""
    for study, result, printed, here in rows:
        table.add_row(study if study != last else "", result, number(printed), number(here), f"{here / printed:.4f}")
        last = study
    return table


def beside(rows: Iterable[tuple[str, Mapping[str, float], Mapping[str, float]]]) -> Table:
    """Both sides of each study and of ours, in the study's boundary."""
    table = _table(1, "study", "orbit", "ground", "ratio", "our orbit", "our ground", "our ratio")
    for study, theirs, ours in rows:
        cells = [number(side[name]) for side in (theirs, ours) for name in ("orbital", "terrestrial", "ratio")]
        table.add_row(study, *cells)
    return table


def steps(rows: Iterable[tuple[str, float, float, Sequence[tuple[str, float]]]]) -> Table:
    """The largest bars between each study's ratio and ours."""
    table = _table(1, "from", "ratio", "to ours", "the largest steps on the way")
    table.columns[-1].justify = "left"
    for study, start, end, bars in rows:
        told = "; ".join(f"{name} {value:+.2f}" for name, value in bars)
        table.add_row(study, number(start), number(end), told)
    return table
