"""Which keys a scenario class has: its fields read as slots, and raw tables fitted into them."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any

from astro_logistics.pytree import FieldInfo, Pytree
from astro_logistics.scenario.errors import Problems, list_names, show
from astro_logistics.scenario.reading import Place, check_text
from astro_logistics.units import show_unit

_NAME = re.compile(r"[A-Za-z0-9_]+")
_MOST_MEMBERS = 1000


@dataclasses.dataclass(frozen=True)
class Slot:
    """One field of a class, or one member of a tuple or dict: what may stand there.

    `kind` is "leaf" (a record), "static" (a plain value of type `hint`), "tree" (a Pytree class `hint`), "tuple" or
    "dict" (of trees `hint`), or "other" (nothing that a file can hold).
    """

    kind: str
    hint: Any
    info: FieldInfo | None = None
    is_optional: bool = False
    has_default: bool = False


@dataclasses.dataclass(frozen=True)
class Item:
    """A raw value that found its slot, and where it stands."""

    raw: Any
    place: Place


BROKEN = Item(None, Place("", ""))
"""Stands where a value was found wanting, so that it is not called missing as well."""

Branch = dict[str, Any]
"""Name -> Item or Branch: raw values arranged as the class is."""


@cache
def slots(cls: type) -> Mapping[str, Slot]:
    """Field name -> slot of a Pytree class, in field order."""
    hints = typing.get_type_hints(cls)
    found: dict[str, Slot] = {}
    for f in dataclasses.fields(cls):
        hint, is_optional = _without_none(hints[f.name])
        has_default = f.default is not dataclasses.MISSING or f.default_factory is not dataclasses.MISSING
        info = f.metadata.get("info")
        if not f.init:
            continue
        if info is not None:
            found[f.name] = Slot("leaf", float, info, is_optional, has_default)
        elif f.metadata.get("static", False):
            found[f.name] = Slot("static", hint, None, is_optional, has_default)
        else:
            kind, inner = _container(hint)
            found[f.name] = Slot(kind, inner, None, is_optional, has_default)
    return found


def _without_none(hint: Any) -> tuple[Any, bool]:
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        inner = [arg for arg in typing.get_args(hint) if arg is not type(None)]
        return (inner[0] if len(inner) == 1 else hint), len(inner) < len(typing.get_args(hint))
    return hint, False


def _container(hint: Any) -> tuple[str, Any]:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if isinstance(hint, type) and issubclass(hint, Pytree):
        return "tree", hint
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis and _container(args[0])[0] == "tree":
        return "tuple", args[0]
    if isinstance(origin, type) and issubclass(origin, Mapping) and _container(args[1])[0] == "tree":
        return "dict", args[1]
    return "other", hint


def members(slot: Slot) -> Mapping[str, Slot] | None:
    """The slots below a tree by name; None for a tuple or dict, whose members are open."""
    return slots(slot.hint) if slot.kind == "tree" else None


def below(slot: Slot, name: str) -> Slot | None:
    """The slot under `name`, or None if there is none."""
    if slot.kind == "tree":
        return slots(slot.hint).get(name)
    if slot.kind == "dict" or (slot.kind == "tuple" and name.isdecimal()):
        return Slot("tree", slot.hint)
    return None


def fit(slot: Slot, raw: Any, place: Place, path: str, computed: Mapping[str, Any], problems: Problems) -> Any:
    """Arrange a raw value as its slot demands: an `Item` or a `Branch`, or `BROKEN` with problems noted.

    Args:
        slot: what may stand here.
        raw: the value from the file.
        place: where it stands.
        path: the scenario path it is for.
        computed: paths that are not read from files.
        problems: where a problem goes.
    """
    if path in computed:
        found = f"{path or 'the root'}, which is computed"
        problems.add(place.file, place.key, found, "what is not computed by the program", "remove it")
        return BROKEN
    if slot.kind == "static":
        return Item(raw, place)
    if not isinstance(raw, dict) or slot.kind == "other":
        problems.add(place.file, place.key, show(raw), _expected(slot), _remedy(slot, place.key))
        return BROKEN
    if slot.kind == "leaf":
        return Item(raw, place)
    branch: Branch = {}
    for name, value in raw.items():
        inside = dataclasses.replace(place, key=f"{place.key}.{name}" if place.key else name)
        member = below(slot, name)
        if member is None or not _NAME.fullmatch(name):
            known = members(slot)
            if known is None:
                allowed = "the numbers 0, 1, 2, ..." if slot.kind == "tuple" else "names of letters, digits and _"
                problems.add(place.file, inside.key, show(name), allowed, "rename the table")
            else:
                problems.unknown(place.file, inside.key, name, known, "unknown key")
            continue
        branch[name] = fit(member, value, inside, f"{path}.{name}" if path else name, computed, problems)
    if len(branch) > _MOST_MEMBERS:
        problems.add(place.file, place.key, f"{len(branch)} members", f"at most {_MOST_MEMBERS}", "remove some")
    return branch


def _expected(slot: Slot) -> str:
    if slot.kind == "leaf" and slot.info is not None:
        return f"a record (value, unit, low, high, status, source, locator) in {show_unit(slot.info.unit)}"
    if slot.kind == "tree":
        return f"a table with {list_names(slots(slot.hint))}"
    return "nothing: no file can hold it" if slot.kind == "other" else "a table"


def _remedy(slot: Slot, key: str) -> str:
    if slot.kind == "leaf":
        return f"write it as a record under [{key}]; a bare number has no unit and no source"
    return "remove it" if slot.kind == "other" else f"write a table [{key}]"


def read_static(item: Item, slot: Slot, problems: Problems) -> Any:
    """A plain value of the slot's type; None with a problem noted if it is another."""
    raw, place = item.raw, item.place
    origin, args = typing.get_origin(slot.hint), typing.get_args(slot.hint)
    if slot.hint is str:
        return check_text(raw, place, problems) or None
    if slot.hint in (int, bool) and type(raw) is slot.hint and int(raw).bit_length() < 63:
        return raw
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis and isinstance(raw, list):
        member = Slot("static", args[0])
        values = tuple(read_static(Item(value, place), member, problems) for value in raw[:_MOST_MEMBERS])
        return None if None in values else values
    name = getattr(slot.hint, "__name__", str(slot.hint))
    allowed = {"str": "a text", "int": "a whole number", "bool": "true or false", "tuple": "a list"}.get(name, name)
    problems.add(place.file, place.key, show(raw), allowed, f"write {place.key.split('.')[-1]} = ... as {allowed}")
    return None


def lay_over(under: Branch, over: Branch) -> Branch:
    """`over` laid over `under`: its items win, branches on both sides are merged."""
    merged = dict(under)
    for name, node in over.items():
        old = merged.get(name)
        if isinstance(node, dict) and isinstance(old, dict):
            merged[name] = lay_over(old, node)
        elif not (isinstance(node, dict) and old is BROKEN):
            merged[name] = node
    return merged


def put(tree: Branch, path: list[str], node: Any) -> Branch:
    """A copy of `tree` with whatever stands at `path` replaced by `node`."""
    if not path:
        return node
    copy = dict(tree)
    old = copy.get(path[0])
    if len(path) == 1 or old is not BROKEN:
        copy[path[0]] = put(old if isinstance(old, dict) else {}, path[1:], node)
    return copy
