"""Named errors for wrong arguments."""

from __future__ import annotations

from collections.abc import Iterable

from astro_logistics.scenario.errors import Problem, Problems, ScenarioError


def check_name(kind: str, name: str, known: Iterable[str]) -> None:
    """Refuse a name that is not known, with the nearest that is."""
    if name not in known:
        problems = Problems()
        problems.unknown("api", kind, name, known, f"no {kind}")
        problems.raise_if_any()


def error(path: str, found: str, allowed: str) -> ScenarioError:
    """An argument that cannot be used: which, what was found, what is allowed."""
    return ScenarioError([Problem("api", path, found, allowed, "correct it")])
