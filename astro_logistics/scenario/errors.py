"""What is wrong with a file or an override: what was found, where, what is allowed, how to mend it."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Iterable
from typing import Any

_SHOWN_PROBLEMS = 50
_SHOWN_CHARACTERS = 60
_SHOWN_NAMES = 12
_NEAREST_SEARCHES = 100


@dataclasses.dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and how to mend it."""

    file: str
    path: str
    found: str
    allowed: str
    remedy: str

    def __str__(self) -> str:
        """Four lines: where, found, allowed, remedy."""
        where = f"{self.file}: {self.path}" if self.path else self.file
        return f"{where}\n    found:   {self.found}\n    allowed: {self.allowed}\n    remedy:  {self.remedy}"


class ScenarioError(ValueError):
    """A file or an override that cannot be used; `problems` holds everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(self.problems)

    def __str__(self) -> str:
        """Every problem in readable form; past the first fifty only their number."""
        n = len(self.problems)
        lines = [f"{n} problem{'s' if n != 1 else ''}"]
        lines += [f"{i}. {problem}" for i, problem in enumerate(self.problems[:_SHOWN_PROBLEMS], start=1)]
        if n > _SHOWN_PROBLEMS:
            lines.append(f"... and {n - _SHOWN_PROBLEMS} more")
        return "\n".join(lines)


class Problems:
    """Collects problems while reading goes on, so that all of them are reported at once."""

    def __init__(self) -> None:
        self.found: list[Problem] = []
        self._searches = 0

    def add(self, file: str, path: str, found: str, allowed: str, remedy: str) -> None:
        """Note one problem; a problem noted twice counts once."""
        problem = Problem(file, shorten(path, 200), found, allowed, remedy)
        if not self.found or problem != self.found[-1]:
            self.found.append(problem)

    def unknown(self, file: str, path: str, name: str, known: Iterable[str], what: str) -> None:
        """Note a name that is not among `known`, with the nearest right one."""
        known = list(known)
        near = None
        if self._searches < _NEAREST_SEARCHES:  # a hostile file may hold a hundred thousand unknown keys
            self._searches += 1
            near = nearest(name, known)
        remedy = f"did you mean {near!r}?" if near else "remove it, or correct its name"
        self.add(file, path, f"{what} {show(name)}", list_names(known), remedy)

    def raise_if_any(self) -> None:
        """End in a `ScenarioError` if anything was noted."""
        if self.found:
            raise ScenarioError(self.found)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name most like `name`, or None if none is near."""
    if len(name) > 2 * _SHOWN_CHARACTERS:
        return None
    matches = difflib.get_close_matches(name.lower(), list(known), n=1, cutoff=0.6)
    return matches[0] if matches else None


def list_names(names: Iterable[str]) -> str:
    """Names with commas between them, the first dozen; "nothing" if there are none."""
    names = list(names)
    shown = ", ".join(shorten(name, _SHOWN_CHARACTERS) for name in names[:_SHOWN_NAMES])
    more = f" and {len(names) - _SHOWN_NAMES} more" if len(names) > _SHOWN_NAMES else ""
    return (shown + more) or "nothing"


def shorten(text: str, length: int) -> str:
    """`text`, cut to `length` characters, with nothing in it that could drive a terminal."""
    cut = text if len(text) <= length else text[:length] + "..."
    return cut if cut.isprintable() else ascii(cut)[1:-1]


def show(value: Any) -> str:  # noqa: PLR0911  (one line for each kind of value)
    """A value from a file as a short and harmless text, whatever it is."""
    if isinstance(value, str):
        return repr(shorten(value, _SHOWN_CHARACTERS))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return str(value) if value.bit_length() < 200 else f"an integer of {value.bit_length()} bits"
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return f"a table with the keys {list_names(value)}"
    if isinstance(value, (list, tuple)):
        return f"a list of {len(value)}"
    return f"a {type(value).__name__}"
