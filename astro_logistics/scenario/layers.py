"""The files of a scenario, and how they are laid over one another."""

from __future__ import annotations

import dataclasses
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from astro_logistics.scenario.errors import Problems, show
from astro_logistics.scenario.folder import DataFolder
from astro_logistics.scenario.reading import Place, check_text, is_year
from astro_logistics.scenario.schema import BROKEN, Branch, Slot, below, fit, lay_over, members, put
from astro_logistics.scenario.toml_file import read_toml

_KEYS = ("title", "description", "price_year", "extends", "pick", "set", "sources")
_LONGEST_CHAIN = 8


@dataclasses.dataclass(frozen=True)
class Layer:
    """One scenario file: what it says of itself, its picks and its own records."""

    file: str
    name: str
    about: Mapping[str, Any]
    picks: Mapping[str, Any]
    own: Mapping[str, Any]
    is_base: bool


def read_layers(name_or_path: str | Path, folder: DataFolder) -> list[Layer]:
    """The files of a scenario, the one it extends first; empty or shortened with problems noted."""
    layers: list[Layer] = []
    seen: list[str] = []
    found = folder.scenario_file(name_or_path)
    while found is not None:
        path, shown = found
        absolute = os.path.abspath(path)  # not resolve(): a circle of links is no file, and is called so below
        if absolute in seen or len(seen) == _LONGEST_CHAIN:
            allowed = f"a chain of at most {_LONGEST_CHAIN} files without a circle"
            folder.problems.add(shown, "extends", "a file that extends itself", allowed, "break the circle")
            break
        seen.append(absolute)
        raw = read_toml(path, shown, folder.problems)
        if raw is None:
            break
        for key in raw:
            if key not in _KEYS:
                folder.problems.unknown(shown, key, key, _KEYS, "unknown key")
        folder.read_sources(raw.get("sources", {}), shown, "sources")
        tables: dict[str, Mapping[str, Any]] = {}
        for key in ("pick", "set"):
            table = raw.get(key, {})
            if not isinstance(table, dict):
                folder.problems.add(shown, key, show(table), "a table", f"write [{key}] as a table")
                table = {}
            tables[key] = table
        about = {key: raw[key] for key in ("title", "description", "price_year") if key in raw}
        layers.insert(0, Layer(shown, path.stem, about, tables["pick"], tables["set"], "extends" not in raw))
        found = _extended(raw.get("extends"), path, shown, folder) if "extends" in raw else None
    return layers


def _extended(reference: Any, path: Path, shown: str, folder: DataFolder) -> tuple[Path, str] | None:
    text = check_text(reference, Place(shown, "extends"), folder.problems, allowed="the name of a scenario")
    if not text:
        return None
    if set(text) & set("/\\"):
        allowed = "the name of a scenario, or of a .toml file in the same folder"
        folder.problems.add(shown, "extends", show(text), allowed, "write a name without a folder")
        return None
    return (path.parent / text, text) if text.endswith(".toml") else folder.scenario_file(text)


def about(layers: list[Layer], problems: Problems) -> dict[str, Any]:
    """Title, description and price year: the last file that states each; the title is the last file's own."""
    said: dict[str, Any] = {"name": layers[-1].name}
    for layer in layers:
        for key in ("title", "description"):
            if key in layer.about:
                said[key] = check_text(layer.about[key], Place(layer.file, key), problems)
        if "price_year" in layer.about:
            year = layer.about["price_year"]
            said["price_year"] = year if is_year(year) else None
            if not is_year(year):
                problems.add(layer.file, "price_year", show(year), "a year", "write price_year = 2026")
    for key, remedy in (("title", 'add title = "..."'), ("price_year", "add price_year = 2026, or the right year")):
        if key not in said or (key == "title" and key not in layers[-1].about):
            problems.add(layers[-1].file, key, "nothing", "required", remedy)
            said.setdefault(key, None)
    return said


def apply(layer: Layer, root: Slot, tree: Branch, folder: DataFolder, computed: Mapping[str, Any]) -> Branch:
    """`tree` with one layer over it: its picks, shorter paths first, then its own records."""
    picks = _flatten(layer, folder.problems)
    for path in sorted(picks, key=lambda p: p.count(".")):
        key, reference = picks[path]
        slot = _find(root, path, layer.file, key, folder.problems)
        entry = folder.entry(reference, layer.file, key)
        if slot is None:
            continue
        fitted: Any = BROKEN
        if entry is not None:
            raw, file, name = entry
            fitted = fit(slot, raw, Place(file, name), path, computed, folder.problems)
        tree = put(tree, path.split("."), fitted)
    return lay_over(tree, fit(root, layer.own, Place(layer.file, "set"), "", computed, folder.problems))


def _flatten(layer: Layer, problems: Problems) -> dict[str, tuple[str, Any]]:
    """Dotted scenario path -> (key in the file, reference), of nested and quoted keys alike."""
    found: dict[str, tuple[str, Any]] = {}
    waiting: list[tuple[str, str, Any]] = [("", "pick", layer.picks)]
    while waiting:
        path, key, node = waiting.pop()
        if not isinstance(node, dict):
            if path in found:
                problems.add(layer.file, key, f"{path} a second time", "each path once", "remove one of the two")
            found[path] = (key, node)
            continue
        for name, inner in node.items():
            waiting.append((f"{path}.{name}" if path else name, f"{key}.{name}", inner))
    return found


def _find(root: Slot, path: str, file: str, key: str, problems: Problems) -> Slot | None:
    slot = root
    for name in path.split("."):
        inner = below(slot, name)
        if inner is None:
            problems.unknown(file, key, name, members(slot) or {}, "unknown field")
            return None
        slot = inner
    if slot.kind in ("leaf", "static", "other"):
        allowed = "a path to a table of fields"
        problems.add(file, key, f"a pick for the {slot.kind} {path}", allowed, f"give it under [set.{path}]")
        return None
    return slot
