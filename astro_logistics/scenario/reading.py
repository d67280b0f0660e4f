"""Checking one record or one source of a file, and converting a record to SI."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from astro_logistics.pytree import FieldInfo
from astro_logistics.scenario.errors import Problems, list_names, show
from astro_logistics.scenario.records import STATUSES, Source, Sourced
from astro_logistics.units import UnitError, conversion_factor, money_power, parse_unit, show_unit

_KEYS = (
    *("value", "unit", "low", "high", "status", "source", "locator", "note"),
    *("formula", "parents", "price_year"),
)
_WITHOUT_SOURCE = ("derived", "assumed")
_YEARS = range(1900, 2201)
_LONGEST_TEXT = 4000


@dataclasses.dataclass(frozen=True)
class Place:
    """Where a raw value stands: the file, and its dotted key there."""

    file: str
    key: str


@dataclasses.dataclass(frozen=True)
class Surroundings:
    """What a record is checked against."""

    sources: Mapping[str, Source]
    price_year: int | None
    price_factor: Callable[[int, int], float | None]
    problems: Problems


def read_record(raw: Mapping[str, Any], info: FieldInfo | None, place: Place, around: Surroundings) -> Sourced | None:
    """Check one record and convert it to SI; None with problems noted if it cannot be used.

    Args:
        raw: the table from the file.
        info: unit and physical bounds of the field it is for; None to check the record by itself.
        place: where it stands.
        around: the sources, the price year and the collector of problems.
    """
    problems = around.problems
    before = len(problems.found)
    for key in raw:
        if key not in _KEYS:
            problems.unknown(place.file, f"{place.key}.{key}", key, _KEYS, "unknown key")
    numbers = [_number(raw, name, place, info, problems) for name in ("value", "low", "high")]
    unit = _unit(raw, place, info, problems)
    status = _text(raw, "status", place, problems, required=True)
    texts = {name: _text(raw, name, place, problems) for name in ("source", "locator", "note", "formula")}
    if status and status not in STATUSES:
        problems.unknown(place.file, f"{place.key}.status", status, STATUSES, "unknown status")
    _check_origin(raw, status, texts, place, around)
    price_year = _price_year(raw, unit, place, problems)
    parents = raw.get("parents", [])
    if len(problems.found) > before or unit is None:
        return None
    value, low, high = (float(number) for number in numbers if number is not None)
    if not low <= value <= high:
        problems.add(
            place.file,
            place.key,
            f"low = {low!r}, value = {value!r}, high = {high!r}",
            "low <= value <= high",
            "correct the range, or the value (an exact number has low = value = high)",
        )
    factor = _price_ratio(unit, price_year, place, around)
    if len(problems.found) > before or factor is None:
        return None
    si_unit = info.unit if info else unit
    with np.errstate(over="ignore"):
        factor *= conversion_factor(unit, si_unit)
        si = [float(np.float64(number) * factor) for number in (value, low, high)]
    _check_bounds((value, low, high), si, unit, info, place, problems)
    if len(problems.found) > before:
        return None
    return Sourced(
        value=value,
        unit=unit,
        low=low,
        high=high,
        status=status,
        parents=tuple(parents),
        price_year=price_year,
        si_unit=si_unit,
        si_value=si[0],
        si_low=si[1],
        si_high=si[2],
        file=place.file,
        key=place.key,
        **texts,
    )


def _number(
    raw: Mapping[str, Any], name: str, place: Place, info: FieldInfo | None, problems: Problems
) -> float | None:
    key = f"{place.key}.{name}"
    expected = f"a finite number, in {show_unit(info.unit)}" if info else "a finite number"
    if name not in raw:
        remedy = f"add {name} = ..." + (" (an exact number has low = value = high)" if name != "value" else "")
        problems.add(place.file, key, "nothing", expected, remedy)
        return None
    value = raw[name]
    try:
        number = float("nan") if isinstance(value, bool) or not isinstance(value, (int, float)) else float(value)
    except OverflowError:
        number = float("inf")
    if not np.isfinite(number):
        problems.add(place.file, key, show(value), expected, "write a plain number, its unit under `unit`")
        return None
    return number


def _unit(raw: Mapping[str, Any], place: Place, info: FieldInfo | None, problems: Problems) -> str | None:
    key = f"{place.key}.unit"
    expected = show_unit(info.unit) if info else "a unit"
    unit = raw.get("unit")
    if not isinstance(unit, str) or not unit.strip():
        found = "nothing" if unit is None else show(unit)
        problems.add(place.file, key, found, expected, 'add unit = "..." ("1" for a pure number)')
        return None
    try:
        parse_unit(unit)
        if info:
            conversion_factor(unit, info.unit)
    except UnitError as error:
        problems.add(place.file, key, show(unit), expected, str(error))
        return None
    return unit


def _text(raw: Mapping[str, Any], name: str, place: Place, problems: Problems, *, required: bool = False) -> str:
    if name not in raw:
        if required:
            problems.add(place.file, f"{place.key}.{name}", "nothing", _allowed(name), f'add {name} = "..."')
        return ""
    return check_text(raw[name], Place(place.file, f"{place.key}.{name}"), problems, allowed=_allowed(name))


def _allowed(name: str) -> str:
    return f"one of {list_names(STATUSES)}" if name == "status" else "a text"


def check_text(value: Any, place: Place, problems: Problems, *, allowed: str = "a text") -> str:
    """A text with no control characters; "" with a problem noted if it is none."""
    if not isinstance(value, str) or not value.strip():
        problems.add(place.file, place.key, show(value), allowed, "write a text between quotes, not empty")
        return ""
    if len(value) > _LONGEST_TEXT:
        found = f"a text of {len(value)} characters"
        problems.add(place.file, place.key, found, f"at most {_LONGEST_TEXT} characters", "shorten it")
        return ""
    if not all(c.isprintable() or c == "\n" for c in value):
        problems.add(place.file, place.key, show(value), "printable text", "remove control characters and tabs")
        return ""
    return value.strip()


def _check_origin(
    raw: Mapping[str, Any], status: str, texts: Mapping[str, str], place: Place, around: Surroundings
) -> None:
    problems, key = around.problems, place.key
    if "source" not in raw and status not in _WITHOUT_SOURCE:
        problems.add(place.file, f"{key}.source", "nothing", "a key of sources.toml", 'add source = "..."')
    if texts["source"] and texts["source"] not in around.sources:
        problems.unknown(place.file, f"{key}.source", texts["source"], around.sources, "unknown source")
    if texts["source"] and "locator" not in raw:
        remedy = "add locator: the table, page, section or line of the source"
        problems.add(place.file, f"{key}.locator", "nothing", "a text", remedy)
    if status == "assumed" and "note" not in raw:
        remedy = "add note: the reason for the number and for its range"
        problems.add(place.file, f"{key}.note", "nothing", "a text, required for an assumed number", remedy)
    for name in ("formula", "parents"):
        if (name in raw) == (status == "derived"):
            continue
        if status == "derived":
            allowed = "a text" if name == "formula" else "a list of texts"
            remedy = f"add {name}: what a derived number was computed " + ("by" if name == "formula" else "from")
            problems.add(place.file, f"{key}.{name}", "nothing", allowed, remedy)
        elif status in STATUSES:
            remedy = f'remove it, or write status = "derived" if it was computed so (found {status})'
            problems.add(place.file, f"{key}.{name}", show(raw[name]), "only with a derived number", remedy)
    parents = raw.get("parents", ["-"])
    if not (isinstance(parents, list) and parents and all(isinstance(p, str) and p.strip() for p in parents)):
        allowed = 'paths of other records, or "source-key: what"'
        problems.add(place.file, f"{key}.parents", show(parents), allowed, "write a list of texts, not empty")


def _price_year(raw: Mapping[str, Any], unit: str | None, place: Place, problems: Problems) -> int | None:
    key = f"{place.key}.price_year"
    if unit is None:
        return None
    is_money = money_power(parse_unit(unit)) != 0.0
    if not is_money:
        if "price_year" in raw:
            problems.add(place.file, key, show(raw["price_year"]), f"only with money, not with {unit!r}", "remove it")
        return None
    year = raw.get("price_year")
    if not is_year(year):
        found = "nothing" if year is None else show(year)
        problems.add(place.file, key, found, "the year of the dollars", "add price_year = 2026, or the right year")
        return None
    return year


def is_year(value: Any) -> bool:
    """Whether a value from a file can be a year of prices or of a publication."""
    return isinstance(value, int) and not isinstance(value, bool) and value in _YEARS


def _price_ratio(unit: str, price_year: int | None, place: Place, around: Surroundings) -> float | None:
    if price_year is None or around.price_year is None or price_year == around.price_year:
        return 1.0
    ratio = around.price_factor(price_year, around.price_year)
    if ratio is None:
        around.problems.add(
            place.file,
            f"{place.key}.price_year",
            f"{price_year}, while the scenario's price year is {around.price_year}",
            "a year that price_index.toml has",
            f"give the price in USD of {around.price_year}, or add {price_year} and {around.price_year} to the index",
        )
        return None
    return ratio ** money_power(parse_unit(unit))


def _check_bounds(
    own: tuple[float, float, float],
    si: list[float],
    unit: str,
    info: FieldInfo | None,
    place: Place,
    problems: Problems,
) -> None:
    low = -np.inf if info is None or info.low is None else info.low
    high = np.inf if info is None or info.high is None else info.high
    for name, number, in_si in zip(("value", "low", "high"), own, si, strict=True):
        if not np.isfinite(in_si):
            found, allowed = f"{number!r} {unit}", "a number that is finite in the SI unit as well"
            problems.add(place.file, f"{place.key}.{name}", found, allowed, "correct the number or its unit")
        elif not low <= in_si <= high:
            assert info is not None
            found = f"{number!r} {unit}" + (f" = {in_si!r} {info.unit}" if unit != info.unit else "")
            bounds = f"from {low!r} to {high!r} {info.unit}".rstrip()
            remedy = f"correct the number or its unit ({info.doc})"
            problems.add(place.file, f"{place.key}.{name}", found, f"{bounds} (physical bounds)", remedy)


def read_source(key: str, raw: Any, place: Place, problems: Problems) -> Source | None:
    """Check one table of `sources.toml`; None with problems noted if it cannot be used."""
    before = len(problems.found)
    names = [field.name for field in dataclasses.fields(Source)]
    if not isinstance(raw, dict):
        problems.add(place.file, place.key, show(raw), f"a table with {list_names(names)}", f"write [{key}] above it")
        return None
    texts: dict[str, str] = {}
    for name, value in raw.items():
        inside = Place(place.file, f"{place.key}.{name}")
        if name not in names:
            problems.unknown(place.file, inside.key, name, names, "unknown key")
        elif name == "year":
            if not is_year(value):
                problems.add(place.file, inside.key, show(value), "a year", "write year = 2026, or the right one")
        else:
            texts[name] = check_text(value, inside, problems)
    for name in ("title", "authors", "year", "access"):
        if name not in raw:
            remedy = f"add {name}" + (": how the source was read" if name == "access" else "")
            problems.add(place.file, f"{place.key}.{name}", "nothing", "required", remedy)
    if not any(name in raw for name in ("url", "doi", "isbn")):
        problems.add(place.file, place.key, "neither url, doi nor isbn", "at least one", "say where it is found")
    return Source(year=raw["year"], **texts) if len(problems.found) == before else None
