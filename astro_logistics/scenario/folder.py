"""A data folder: its sources, its catalogues, its index of prices and its scenario files, read when first asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from astro_logistics.scenario.errors import Problems, show
from astro_logistics.scenario.paths import catalogue_names, scenario_names
from astro_logistics.scenario.reading import Place, check_text, read_source
from astro_logistics.scenario.records import Source
from astro_logistics.scenario.toml_file import read_toml

_SOURCE_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,99}")


class DataFolder:
    """Reads the files of one data folder at most once each; problems go to the collector."""

    def __init__(self, path: Path, problems: Problems) -> None:
        self.path = path
        self.problems = problems
        self.sources: dict[str, Source] = {}
        self.index_source = ""
        self._names = catalogue_names(path)
        self._catalogues: dict[str, Mapping[str, Any] | None] = {}
        self._index: Mapping[int, float] | None = None
        self.read_sources(read_toml(path / "sources.toml", "sources.toml", problems) or {}, "sources.toml", "")

    def read_sources(self, tables: Any, file: str, prefix: str) -> None:
        """Add the sources of one file, each key once over all files."""
        if not isinstance(tables, dict):
            self.problems.add(file, prefix, show(tables), "tables of sources", "write [sources.KEY] tables")
            return
        for key, raw in tables.items():
            place = Place(file, f"{prefix}.{key}" if prefix else key)
            if not _SOURCE_KEY.fullmatch(key):
                allowed = "letters, digits, - and _, at most 100"
                self.problems.add(file, place.key, show(key), allowed, "rename the source")
            elif key in self.sources:
                self.problems.add(file, place.key, "a source that is there already", "each key once", "rename it")
            else:
                source = read_source(key, raw, place, self.problems)
                if source is not None:
                    self.sources[key] = source
                else:  # its problems are noted; do not call it unknown as well
                    self.sources[key] = Source(title="", authors="", year=0, access="")

    def entry(self, reference: Any, file: str, key: str) -> tuple[Any, str, str] | None:
        """The table that "catalogue:entry" names, with its file and key; None with a problem noted."""
        catalogue, colon, entry = reference.partition(":") if isinstance(reference, str) else ("", "", "")
        if not colon:
            allowed = 'a text "catalogue:entry"'
            self.problems.add(file, key, show(reference), allowed, f"the catalogues are {', '.join(self._names)}")
            return None
        if catalogue not in self._names:
            self.problems.unknown(file, key, catalogue, self._names, "unknown catalogue")
            return None
        tables = self.catalogue(catalogue)
        if tables is None:
            return None
        if entry not in tables:
            self.problems.unknown(file, key, entry, tables, f"unknown entry of {catalogue}.toml")
            return None
        return tables[entry], f"{catalogue}.toml", entry

    def catalogue(self, name: str) -> Mapping[str, Any] | None:
        """The entries of a catalogue; None with a problem noted if its file cannot be read."""
        if name not in self._catalogues:
            file = f"{name}.toml"
            self._catalogues[name] = read_toml(self.path / file, file, self.problems)
        return self._catalogues[name]

    def price_factor(self, year: int, to_year: int) -> float | None:
        """What a dollar of `year` is in dollars of `to_year` by the index; None if the index lacks a year."""
        index = self.price_index()
        return index[to_year] / index[year] if year in index and to_year in index else None

    def price_index(self) -> Mapping[int, float]:
        """Year -> index of `price_index.toml`; empty if there is no such file or it has problems."""
        if self._index is None:
            path = self.path / "price_index.toml"
            raw = (read_toml(path, path.name, self.problems) or {}) if path.exists() else None
            self._index = {} if raw is None else self._read_index(raw, path.name)
        return self._index

    def _read_index(self, raw: Mapping[str, Any], file: str) -> Mapping[int, float]:
        allowed = ("source", "locator", "note", "index")
        for key in raw:
            if key not in allowed:
                self.problems.unknown(file, key, key, allowed, "unknown key")
        for key in ("source", "locator"):
            check_text(raw.get(key), Place(file, key), self.problems, allowed="a text, required")
        source = raw.get("source")
        self.index_source = source if isinstance(source, str) else ""
        if self.index_source not in self.sources:
            self.problems.unknown(file, "source", self.index_source, self.sources, "unknown source")
        years = raw.get("index")
        index: dict[int, float] = {}
        for year, value in (years if isinstance(years, dict) else {}).items():
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            if re.fullmatch("[12][0-9]{3}", year) and is_number and 0.0 < value < 1e9:
                index[int(year)] = float(value)
            else:
                what = f"{show(year)} = {show(value)}"
                self.problems.add(file, f"index.{year}", what, "year = positive number", "write 2026 = 129.0")
        if not index:
            self.problems.add(file, "index", show(years), "a table year = number", "write [index] and 2026 = 129.0")
        return index

    def scenario_file(self, name_or_path: str | Path) -> tuple[Path, str] | None:
        """The file of a scenario given by name or by path, and how messages name it; None with a problem noted.

        A text without a separator and without the ending ".toml" is a name.
        """
        text = str(name_or_path)
        is_name = isinstance(name_or_path, str) and not text.endswith(".toml") and not set(text) & set("/\\")
        if not is_name:
            return Path(name_or_path), text
        names = scenario_names(self.path)
        if text not in names:
            self.problems.unknown("scenarios", "", text, names, "no scenario")
            return None
        return self.path / "scenarios" / f"{text}.toml", f"scenarios/{text}.toml"
