"""Checking a whole data folder by itself: every entry of every catalogue, used or not, and every source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from astro_logistics.scenario.claims import cited as cited_by
from astro_logistics.scenario.claims import claims_of
from astro_logistics.scenario.errors import Problem, Problems, show
from astro_logistics.scenario.folder import DataFolder
from astro_logistics.scenario.layers import read_layers
from astro_logistics.scenario.paths import catalogue_names, collection_files, scenario_names
from astro_logistics.scenario.reading import Place, Surroundings, read_record


def check_folder(data_dir: Path) -> list[Problem]:
    """Everything wrong in a data folder that shows without the scenario class.

    Every record of every catalogue and scenario is checked (unit, range, status, source, money), every `extends` and
    pick followed, and a source, an index or an entry that nothing uses is named.

    Args:
        data_dir: the folder.
    """
    problems = Problems()
    folder = DataFolder(data_dir, problems)
    picked: set[str] = set()
    cited = {folder.index_source} if folder.price_index() else set()
    cited |= set(cited_by(claims_of(folder)))
    own_sources = set(folder.sources)
    tables: list[tuple[str, str, Any]] = []
    for name in catalogue_names(data_dir):
        tables += [(f"{name}.toml", key, raw) for key, raw in (folder.catalogue(name) or {}).items()]
    for name in (*scenario_names(data_dir), *collection_files(data_dir)):
        inner = DataFolder(data_dir, Problems())
        for layer in read_layers(name, inner)[-1:]:
            tables.append((layer.file, "set", layer.own))
            picked |= set(_texts(layer.picks))
        problems.found += [p for p in inner.problems.found if p not in problems.found]
        folder.sources.update(inner.sources)
        own_sources |= set(inner.sources)
    around = Surroundings(folder.sources, None, folder.price_factor, problems)
    for file, key, raw in tables:
        if key == "set":
            pass
        elif not isinstance(raw, dict):
            problems.add(file, key, show(raw), "a table", f"write [{key}]")
        elif f"{file.removesuffix('.toml')}:{key}" not in picked:
            problems.add(file, key, "an entry that nothing picks", "entries in use", "pick it, or remove it")
        for place, record in _records(raw, Place(file, key)):
            sourced = read_record(record, None, place, around)
            cited |= {str(record.get("source"))}
            cited |= {parent.split(":")[0].strip() for parent in (sourced.parents if sourced else ())}
    for key in sorted(own_sources - cited):
        problems.add("sources.toml", key, "a source that no record cites", "sources in use", "cite it, or remove it")
    return problems.found


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for inner in node.values():
            yield from _texts(inner)


def _records(node: Any, place: Place) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Every table that has a `value` which is no table itself: that is what a record looks like."""
    if not isinstance(node, dict):
        return
    if "value" in node and not isinstance(node["value"], dict):
        yield place, node
        return
    for name, inner in node.items():
        yield from _records(inner, Place(place.file, f"{place.key}.{name}"))
