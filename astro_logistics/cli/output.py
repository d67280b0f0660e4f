"""What every command shares on its way out: files to write, JSON, and the errors of a file that cannot be written."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
from matplotlib.figure import Figure

from astro_logistics.scenario.records import Sourced

INFEASIBLE, BAD_INPUT = 1, 2
"""Exit codes: a design that cannot work as given; input that cannot be used."""


class UnwritableError(click.FileError):
    """A file that cannot be written is input that cannot be used."""

    exit_code = BAD_INPUT


class OutputFile(click.Path):
    """A file to be written: refused before any work is done if its folder does not exist or may not be written to."""

    def __init__(self, allow_dash: bool = False) -> None:
        super().__init__(dir_okay=False, writable=True, allow_dash=allow_dash)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The name, checked."""
        name = os.fsdecode(super().convert(value, param, ctx))
        if not (self.allow_dash and name == "-"):
            folder = Path(name).absolute().parent
            if not folder.is_dir():
                self.fail(f"{name!r}: no folder {str(folder)!r}; make it, or name another", param, ctx)
            if not os.access(folder, os.W_OK):
                self.fail(f"{name!r}: the folder {str(folder)!r} may not be written to; name another", param, ctx)
        return name


JSON_OPTION = click.option(
    "--json", "json_file", metavar="FILE", type=OutputFile(allow_dash=True),
    help="Write JSON to FILE, or to standard output for '-', instead of tables.",
)  # fmt: skip


def write_json(file: str, content: Any) -> None:
    """JSON without NaN or infinity: those become null, which no reader can mistake for a number."""
    text = json.dumps(_plain(content), indent=2, allow_nan=False)
    try:
        with click.open_file(file, "w", encoding="utf-8") as stream:
            stream.write(text + "\n")
    except OSError as problem:
        raise UnwritableError(file, problem.strerror or str(problem)) from None


def write_figure(picture: Figure, file: str, dpi: int = 150) -> None:
    """A picture, in the format that the name of its file says."""
    try:
        picture.savefig(file, dpi=dpi)
    except OSError as problem:
        raise UnwritableError(file, problem.strerror or str(problem)) from None


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        return value if value - value == 0.0 else None
    if isinstance(value, Mapping):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value


def record_json(record: Sourced) -> dict[str, Any]:
    """A sourced number as JSON shows it."""
    names = ("value", "unit", "low", "high", "status", "source", "locator", "note", "price_year")
    return {name: getattr(record, name) for name in names}
