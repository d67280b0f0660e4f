"""The catalogue of statements to be judged, `claims.toml`: what is said, where, and every sensible way to read it.

One table per claim, one below it per reading. ::

    [mars-two-years]
    says = "Mars comes into reach every two years."     # a paraphrase
    source = "infinite-growth-2026"                     # key of sources.toml
    locator = "section on why it is revolutionary"
    note = "..."                                        # optional

    [mars-two-years.beside]                             # optional: figures told with it, which decide nothing
    "mean flight" = "routes.earth-to-mars.transit_time in d"   # what it is = figure, and the unit in which it is told

    [mars-two-years.readings.gap]
    reads = "mean time between departures"              # how the words are taken
    figure = "vision.mars.gap"                          # the figure that answers
    unit = "yr"                                         # in which both are told
    stated = 2.0                                        # a number or [low, high]; absent where the words give none
    least = 1.5                                         # the reading holds from here
    most = 2.5                                          # to here; one of both is enough
    as = "ratio"                                        # optional, with `against`, see `FORMS`
    [mars-two-years.readings.gap.against]               # a record as in any catalogue, with its source

A reading without a figure gives the `reason` instead: what no figure can answer is said so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from astro_logistics.scenario.errors import Problems, show
from astro_logistics.scenario.folder import DataFolder
from astro_logistics.scenario.paths import data_folder
from astro_logistics.scenario.reading import Place, Surroundings, check_text, read_record
from astro_logistics.scenario.records import Source, Sourced
from astro_logistics.scenario.toml_file import read_toml

FILE = "claims.toml"

FORMS: Mapping[str, str] = {
    "ratio": "reference over figure",
    "saving": "one less figure over reference",
    "share": "figure over the sum of figure and reference",
}
"""What a figure and the record it is held against make together."""

_CLAIM = ("says", "source", "locator", "note", "beside", "readings")
_READING = ("reads", "figure", "unit", "stated", "least", "most", "as", "against", "reason")


@dataclass(frozen=True)
class Reading:
    """One way to take the words of a claim; it holds where the figure lies from `least` to `most`, in `unit`.

    `stated` are the numbers said, one or two; none where the words have none and the bounds are this catalogue's own.
    """

    name: str
    reads: str
    figure: str = ""
    unit: str = ""
    stated: tuple[float, ...] = ()
    least: float = -math.inf
    most: float = math.inf
    form: str = ""
    against: Sourced | None = None
    reason: str = ""


@dataclass(frozen=True)
class Told:
    """A figure told with a claim: what it is in words, its name, the unit it is told in (its own if empty)."""

    tells: str
    figure: str
    unit: str


@dataclass(frozen=True)
class Claim:
    """A statement, where it was made, and its readings."""

    id: str
    says: str
    source: str
    locator: str
    note: str
    beside: tuple[Told, ...]
    readings: tuple[Reading, ...]


def read_claims(data_dir: Path | None = None) -> tuple[dict[str, Claim], Mapping[str, Source]]:
    """All claims by id, in the order of the file, and the sources.

    Args:
        data_dir: data folder; the packaged one if None.

    Raises:
        ScenarioError: with every problem of the file.
    """
    problems = Problems()
    folder = DataFolder(data_dir or data_folder(), problems)
    claims = claims_of(folder)
    problems.raise_if_any()
    return claims, folder.sources


def claims_of(folder: DataFolder) -> dict[str, Claim]:
    """The claims of a data folder, none if it has no such file; problems go to the folder's collector."""
    if not (folder.path / FILE).exists():
        return {}
    tables = read_toml(folder.path / FILE, FILE, folder.problems) or {}
    return {key: claim for key, raw in tables.items() if (claim := _claim(key, raw, folder)) is not None}


def cited(claims: Mapping[str, Claim]) -> Iterator[str]:
    """Sources that claims and their references name, and the parents of derived references."""
    for claim in claims.values():
        yield claim.source
        for reading in claim.readings:
            if reading.against is not None:
                yield reading.against.source
                yield from (parent.split(":")[0].strip() for parent in reading.against.parents)


def _claim(key: str, raw: Any, folder: DataFolder) -> Claim | None:
    problems = folder.problems
    if not _is_table(raw, key, problems) or not _known(raw, _CLAIM, key, problems):
        return None
    says, source, locator = (check_text(raw.get(name), Place(FILE, f"{key}.{name}"), problems) for name in _CLAIM[:3])
    note = check_text(raw["note"], Place(FILE, f"{key}.note"), problems) if "note" in raw else ""
    if source and source not in folder.sources:
        problems.unknown(FILE, f"{key}.source", source, folder.sources, "unknown source")
    beside = raw.get("beside", {})
    if not (isinstance(beside, dict) and all(isinstance(name, str) for name in beside.values())):
        problems.add(
            FILE, f"{key}.beside", show(beside), "figures by what they tell", 'write "words" = "figure in unit"'
        )
        beside = {}
    tables = raw.get("readings")
    if not isinstance(tables, dict) or not tables:
        problems.add(FILE, f"{key}.readings", show(tables), "one table per reading", f"add [{key}.readings.NAME]")
        return None
    readings = [_reading(f"{key}.readings.{name}", name, table, folder) for name, table in tables.items()]
    told = tuple(Told(tells, *(name.partition(" in ")[i] for i in (0, 2))) for tells, name in beside.items())
    return Claim(key, says, source, locator, note, told, tuple(r for r in readings if r is not None))


def _reading(key: str, name: str, raw: Any, folder: DataFolder) -> Reading | None:
    problems = folder.problems
    if not _is_table(raw, key, problems) or not _known(raw, _READING, key, problems):
        return None
    reads = check_text(raw.get("reads"), Place(FILE, f"{key}.reads"), problems)
    if "figure" not in raw:
        return Reading(name, reads, reason=check_text(raw.get("reason"), Place(FILE, f"{key}.reason"), problems))
    figure, unit = (check_text(raw.get(x), Place(FILE, f"{key}.{x}"), problems) for x in ("figure", "unit"))
    given = raw.get("stated", [])
    stated = tuple(_number(x, f"{key}.stated", problems) for x in (given if isinstance(given, list) else [given]))
    bounds = [_number(raw[x], f"{key}.{x}", problems) if x in raw else None for x in ("least", "most")]
    if bounds == [None, None]:
        problems.add(FILE, key, "neither least nor most", "one or both", "say from where to where the reading holds")
    against, form = None, ""
    if "against" in raw or "as" in raw:
        form = raw.get("as")
        if form not in FORMS:
            problems.unknown(FILE, f"{key}.as", str(form), FORMS, "unknown form")
        around = Surroundings(folder.sources, None, folder.price_factor, problems)
        if _is_table(raw.get("against"), f"{key}.against", problems):
            against = read_record(raw["against"], None, Place(FILE, f"{key}.against"), around)
    low, high = (-math.inf if bounds[0] is None else bounds[0]), (math.inf if bounds[1] is None else bounds[1])
    return Reading(name, reads, figure, unit, stated, low, high, str(form or ""), against)


def _is_table(raw: Any, key: str, problems: Problems) -> bool:
    if not isinstance(raw, dict):
        problems.add(FILE, key, show(raw), "a table", f"write [{key}]")
    return isinstance(raw, dict)


def _known(raw: Mapping[str, Any], keys: tuple[str, ...], key: str, problems: Problems) -> bool:
    for name in raw:
        if name not in keys:
            problems.unknown(FILE, f"{key}.{name}", name, keys, "unknown key")
    return all(name in keys for name in raw)


def _number(value: Any, key: str, problems: Problems) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        problems.add(FILE, key, show(value), "a finite number", "write a plain number; leave out an open end")
        return math.nan
    return float(value)
