"""Changing numbers of a scenario by hand: the ledger says that the user set them."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, TypeVar

import numpy as np
from astropy import units as u

from astro_logistics.pytree import FieldInfo, Pytree, infos, leaves, replace_at
from astro_logistics.scenario.errors import Problems
from astro_logistics.scenario.records import Ledger, Source, Sourced
from astro_logistics.units import UnitError, conversion_factor, parse_unit, show_unit, to_si

T = TypeVar("T", bound=Pytree)

USER = "user"
"""The source of a number that was set through the API."""

_USER_SOURCE = Source(title="a number set through the API", authors="the user", year=0, access="none")
_FILE = "replace"


def replace(scenario: T, ledger: Ledger, values: Mapping[str, Any]) -> tuple[T, Ledger]:
    """A copy of a scenario with some leaves changed, and its ledger with a record of each change.

    Args:
        scenario: a Pytree whose leaves were declared with `field`.
        ledger: its ledger.
        values: dotted path -> Quantity (or a bare number where the leaf has no unit). Money is in USD of the
            scenario's price year.

    Returns:
        The changed scenario and ledger. A new record has status "assumed" and source "user"; it keeps the range of the
        record before it, widened to hold the value, with a note, where it lies outside.

    Raises:
        ScenarioError: for every unknown path (with the nearest right one), wrong unit, value outside physical bounds.
    """
    problems = Problems()
    known = infos(scenario)
    old = leaves(scenario)
    changed: dict[str, Any] = {}
    records = dict(ledger.records)
    for path, value in values.items():
        info = known.get(path)
        if info is None:
            _explain_unknown(path, known, old, problems)
            continue
        number = _read(path, value, info, np.shape(old[path]), problems)
        if number is None:
            continue
        changed[path] = number
        records[path] = _record(path, value, number, info, ledger)
    problems.raise_if_any()
    in_order = {path: records[path] for path in old if path in records}
    sources = {**ledger.sources, USER: _USER_SOURCE} if changed else ledger.sources
    return replace_at(scenario, changed), dataclasses.replace(ledger, records=in_order, sources=sources)


def _explain_unknown(path: Any, known: Mapping[str, FieldInfo], old: Mapping[str, Any], problems: Problems) -> None:
    name = str(path)
    below = [leaf for leaf in known if leaf.startswith(f"{name}.")]
    if below:
        found = f"{name}, a group of {len(below)} numbers"
        problems.add(_FILE, name, found, "the path of one number", f"such as {below[0]!r}")
    elif name in old:
        problems.add(_FILE, name, f"{name}, which is computed", "a number that was read", "change what it depends on")
    else:
        problems.unknown(_FILE, name, name, known, "unknown path")


def _read(path: str, value: Any, info: FieldInfo, shape: tuple[int, ...], problems: Problems) -> Any:
    try:
        number = to_si(value, info.unit, path)
    except UnitError as error:
        problems.add(_FILE, path, str(error).removeprefix(f"{path}: "), show_unit(info.unit), f"give {info.doc} so")
        return None
    if np.shape(number) != () or shape != ():
        problems.add(_FILE, path, f"values of shape {np.shape(number)}", "a single number", "replace one at a time")
        return None
    low = -np.inf if info.low is None else info.low
    high = np.inf if info.high is None else info.high
    if not low <= number <= high:
        bounds = f"from {low!r} to {high!r} {info.unit}".rstrip()
        remedy = f"correct the number or its unit ({info.doc})"
        problems.add(_FILE, path, f"{number!r} {info.unit}".rstrip(), f"{bounds} (physical bounds)", remedy)
        return None
    return number


def _own_unit(value: Any, info: FieldInfo) -> str:
    """The unit the user gave, if `parse_unit` knows it, else the SI unit."""
    unit = str(value.unit) if isinstance(value, u.Quantity) else "1"
    try:
        return unit if conversion_factor(unit, info.unit) and parse_unit(unit) == value.unit else info.unit
    except (UnitError, AttributeError):
        return info.unit or "1"


def _record(path: str, value: Any, number: Any, info: FieldInfo, ledger: Ledger) -> Sourced:
    """The record of a value set by the user: its range is that of the record before it, if there was one."""
    si_value = float(number)
    before = ledger.records.get(path)
    si_low, si_high = (before.si_low, before.si_high) if before else (si_value, si_value)
    note = "set through the API" + ("" if before else "; no earlier range")
    if not si_low <= si_value <= si_high:
        note += (
            f"; outside the earlier range {si_low:.6g} to {si_high:.6g} {info.unit}".rstrip() + ", widened to hold it"
        )
        si_low, si_high = min(si_low, si_value), max(si_high, si_value)
    unit = _own_unit(value, info)
    factor = conversion_factor(unit, info.unit)
    own = float(value.value) if isinstance(value, u.Quantity) and unit != info.unit else si_value / factor
    return Sourced(
        value=own,
        unit=unit,
        low=min(si_low / factor, own),
        high=max(si_high / factor, own),
        status="assumed",
        source=USER,
        locator="",
        note=note,
        formula="",
        parents=(),
        price_year=ledger.price_year if "USD" in info.unit else None,
        si_unit=info.unit,
        si_value=si_value,
        si_low=si_low,
        si_high=si_high,
        file="",
        key=path,
    )
