"""From TOML files to `(scenario, ledger)`: everything checked, every problem of the files reported at once."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from astro_logistics.pytree import Pytree
from astro_logistics.scenario.errors import Problems
from astro_logistics.scenario.folder import DataFolder
from astro_logistics.scenario.layers import about, apply, read_layers
from astro_logistics.scenario.override import replace
from astro_logistics.scenario.paths import data_folder
from astro_logistics.scenario.reading import Surroundings, read_record
from astro_logistics.scenario.records import Ledger, Sourced
from astro_logistics.scenario.schema import BROKEN, Branch, Item, Slot, below, read_static, slots
from astro_logistics.units import show_unit

__all__ = ["load_scenario", "replace"]

T = TypeVar("T", bound=Pytree)


def load_scenario(
    name_or_path: str | Path,
    cls: type[T],
    data_dir: Path | str | None = None,
    computed: Mapping[str, Any] | None = None,
) -> tuple[T, Ledger]:
    """Build a scenario and its ledger from a scenario file and the catalogues it picks from.

    Args:
        name_or_path: name of a file in `scenarios/` of the data folder, or a path (a `Path`, or a text with a
            separator or ending in ".toml").
        cls: the Pytree class of the scenario.
        data_dir: data folder; the packaged one if None.
        computed: dotted path -> ready subtree or array, for fields that no file holds.

    Returns:
        The scenario, its leaves np.float64 in SI (money in USD of its price year), and the ledger in pytree order.

    Raises:
        ScenarioError: with every problem of the files.
        TypeError: `cls` has a field that neither a file nor `computed` can fill, or lacks a path of `computed`.
    """
    computed = dict(computed or {})
    check_class(cls, computed)
    problems = Problems()
    folder = DataFolder(Path(data_dir) if data_dir is not None else data_folder(), problems)
    layers = read_layers(name_or_path, folder)
    if not layers or not layers[0].is_base:
        problems.raise_if_any()
    root = Slot("tree", cls)
    tree: Branch = {}
    for layer in layers:
        tree = apply(layer, root, tree, folder, computed)
    said = about(layers, problems)
    around = Surroundings(folder.sources, said.get("price_year"), folder.price_factor, problems)
    builder = _Builder(layers[-1].file, said, computed, around)
    scenario = builder.build(root, tree, "")
    _check_parents(builder, around)
    problems.raise_if_any()
    ledger = Ledger(
        records=builder.records,
        sources=folder.sources,
        title=said["title"],
        description=said.get("description", ""),
        price_year=said["price_year"],
    )
    return scenario, ledger


def check_class(cls: type, computed: Mapping[str, Any]) -> None:
    """`TypeError` if a field of `cls` can be filled by nothing, or if `computed` names a path that `cls` lacks."""
    for path in computed:
        slot: Slot | None = Slot("tree", cls)
        for name in path.split("."):
            slot = below(slot, name) if slot is not None else None
        if slot is None:
            raise TypeError(f"computed: {cls.__name__} has no field {path!r}")

    def visit(inner: type, prefix: str) -> None:
        for name, slot in slots(inner).items():
            path = f"{prefix}.{name}" if prefix else name
            if path in computed or (slot.kind == "other" and slot.has_default):
                continue
            if slot.kind == "other":
                raise TypeError(f"{path}: neither field(), static() nor a Pytree; give it in computed")
            if slot.kind == "tree":
                visit(slot.hint, path)

    visit(cls, "")


class _Builder:
    """Builds objects from fitted items; keeps the records it reads, in pytree order."""

    def __init__(self, file: str, said: Mapping[str, Any], computed: Mapping[str, Any], around: Surroundings) -> None:
        self.file = file
        self.said = said
        self.computed = computed
        self.around = around
        self.records: dict[str, Sourced] = {}

    def build(self, slot: Slot, node: Any, path: str) -> Any:  # noqa: PLR0911  (one for each kind of slot)
        """The object for one slot; None where it is optional and absent, or where problems were noted."""
        if path in self.computed:
            return self.computed[path]
        if node is BROKEN or (node is None and slot.is_optional):
            return None
        if slot.kind == "leaf":
            return self._leaf(slot, node, path)
        if slot.kind == "static":
            return self._static(slot, node, path)
        if slot.kind == "tree":
            return self._tree(slot, node or {}, path)
        if node is None:
            self._missing(path, f"a {slot.kind} of tables", f"add tables [set.{path}.NAME...], or pick an entry")
            return None
        return self._members(slot, node, path)

    def _members(self, slot: Slot, node: Mapping[str, Any], path: str) -> Any:
        inner = Slot("tree", slot.hint)
        if slot.kind == "dict":
            return {name: self.build(inner, node[name], f"{path}.{name}") for name in sorted(node)}
        names = [str(i) for i in range(len(node))]
        gap = next((name for name in names if name not in node), None)
        if gap is not None:
            self._missing(f"{path}.{gap}", "0, 1, 2, ... without a gap", "add it")
            return None
        return tuple(self.build(inner, node[name], f"{path}.{name}") for name in names)

    def _tree(self, slot: Slot, node: Mapping[str, Any], path: str) -> Any:
        before = len(self.around.problems.found)
        values: dict[str, Any] = {}
        for name, inner in slots(slot.hint).items():
            if inner.kind == "static" and not path and name not in node and name in self.said:
                values[name] = self.said[name]
                continue
            if name not in node and inner.has_default and f"{path}.{name}".lstrip(".") not in self.computed:
                continue
            values[name] = self.build(inner, node.get(name), f"{path}.{name}" if path else name)
        if len(self.around.problems.found) > before:
            return None
        try:
            return slot.hint(**values)
        except ValueError as error:  # a class may check itself on construction
            self.around.problems.add(self.file, path, str(error)[:300], "what the class allows", "correct the values")
            return None

    def _leaf(self, slot: Slot, item: Item | None, path: str) -> Any:
        assert slot.info is not None
        if item is None:
            remedy = f"add a record [set.{path}], or pick an entry that has it ({slot.info.doc})"
            self._missing(path, f"a record in {show_unit(slot.info.unit)}", remedy)
            return None
        record = read_record(item.raw, slot.info, item.place, self.around)
        if record is None:
            return None
        self.records[path] = record
        return np.float64(record.si_value)

    def _static(self, slot: Slot, item: Item | None, path: str) -> Any:
        if item is None:
            parent, _, name = path.rpartition(".")
            self._missing(
                path, "a plain value", f"add {name} = ... in the entry or under [set{parent and '.'}{parent}]"
            )
            return None
        return read_static(item, slot, self.around.problems)

    def _missing(self, path: str, allowed: str, remedy: str) -> None:
        self.around.problems.add(self.file, path, "nothing", allowed, remedy)


def _check_parents(builder: _Builder, around: Surroundings) -> None:
    """Make the parents of derived records absolute, and note those that are neither a record nor a source.

    A path is looked up in the table of the record itself, then in each table around it, out to the root.
    """
    for path, record in builder.records.items():
        parents = []
        for parent in record.parents:
            name = parent.split(":")[0].strip()
            scopes = [*itertools.accumulate(path.split(".")[:-1], "{}.{}".format)][::-1]
            near_by = [full for full in (*(f"{scope}.{name}" for scope in scopes), name) if full in builder.records]
            parents.append(near_by[0] if near_by else parent)
            if not near_by and name not in around.sources:
                known = [*builder.records, *around.sources]
                around.problems.unknown(record.file, f"{record.key}.parents", name, known, "unknown parent")
        builder.records[path] = dataclasses.replace(record, parents=tuple(parents))
