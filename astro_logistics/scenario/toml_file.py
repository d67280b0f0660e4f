"""Reading one TOML file that may be anything at all: plain data comes out, or a problem.

TOML has no way to run anything. What it can do is be wrong, or be built to take forever; the limits below keep the
reading of the worst 10 MB file to a few seconds.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from astro_logistics.scenario.errors import Problems

LARGEST_FILE = 10_000_000
"""Bytes."""

MOST_ITEMS = 200_000
"""Lines, keys, list items and dots in a file: the reader's time grows with them."""

MOST_DOTS = 64
"""Dots on one line: the reader's time grows with the square of a key's depth."""


def read_toml(path: Path, shown: str, problems: Problems) -> dict[str, Any] | None:
    """The tables of a TOML file, or None with a problem noted.

    Args:
        path: the file.
        shown: how messages name it.
        problems: where a problem goes.
    """
    text = _read_text(path, shown, problems)
    if text is None or not _is_bounded(text, shown, problems):
        return None
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        problems.add(shown, "", str(error)[:200], "TOML 1.0, each key once", "mend the file at the place named")
    except RecursionError:
        problems.add(shown, "", "lists or tables nested too deeply", "plain tables of records", "flatten it")
    except ValueError as error:  # whole numbers of more than 4300 digits
        problems.add(shown, "", str(error)[:200], "numbers that fit a float64", "shorten the number")
    return None


def _read_text(path: Path, shown: str, problems: Problems) -> str | None:
    try:
        if not path.is_file():
            found = "a folder or special file" if path.exists() else "no such file"
            problems.add(shown, "", found, "a TOML file", "give the path of a scenario file")
            return None
        with path.open("rb") as stream:
            raw = stream.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "not a usable path"
        problems.add(shown, "", f"the file cannot be read: {reason}", "a readable file", "check path and permissions")
        return None
    if len(raw) > LARGEST_FILE:
        problems.add(shown, "", "more than 10 MB", f"at most {LARGEST_FILE} bytes", "split or shorten the file")
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        problems.add(shown, "", f"bytes on line {line} that are not UTF-8", "text in UTF-8", "save the file in UTF-8")
        return None


def _is_bounded(text: str, shown: str, problems: Problems) -> bool:
    n_items = sum(text.count(mark) for mark in "\n=,.\\[")
    if n_items > MOST_ITEMS:
        problems.add(
            shown, "", f"{n_items} lines, keys, list items and dots", f"at most {MOST_ITEMS}", "shorten the file"
        )
        return False
    lines = text.split("\n") if text.count(".") > MOST_DOTS else []
    for number, line in enumerate(lines, start=1):
        if line.count(".") > MOST_DOTS:
            problems.add(
                shown,
                "",
                f"{line.count('.')} dots on line {number}",
                f"at most {MOST_DOTS} on a line",
                'split a long text over several lines between """, and a deep key into tables',
            )
            return False
    return True
