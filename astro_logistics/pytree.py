"""The frozen pytree every model object is made of, and how its leaves are named.

A leaf's dotted path (``mass_driver.track_length``) is its name everywhere: in the ledger, in an override, in a
sensitivity table. The unit and the physical bounds stand beside the field, once.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import equinox as eqx

T = TypeVar("T")


@dataclasses.dataclass(frozen=True)
class FieldInfo:
    """What a numeric field means: its SI unit, its meaning, and the bounds outside which it has none."""

    unit: str
    doc: str
    low: float | None
    high: float | None


def field(*, unit: str, doc: str, low: float | None = None, high: float | None = None) -> Any:
    """Declare a float leaf in base SI.

    Args:
        unit: SI unit in astropy's notation ("m s-1"; "" for none; "USD" is money of the scenario's price year).
        doc: what the number is.
        low: smallest value that has a meaning, inclusive (not the uncertainty range: that is in the ledger).
        high: largest value that has a meaning, inclusive.
    """
    return eqx.field(metadata={"info": FieldInfo(unit, doc, low, high)})


def static(*, doc: str, **kwargs: Any) -> Any:
    """Declare a field that is part of the structure (a name, a count), never traced."""
    return eqx.field(static=True, metadata={"doc": doc}, **kwargs)


class Pytree(eqx.Module):
    """A frozen dataclass that JAX sees as a pytree; fields made with `static` are not traced."""


def children(node: Any) -> Iterator[tuple[str, Any]]:
    """Names and values one level down: fields of a `Pytree`, keys of a dict, positions of a tuple or list."""
    if isinstance(node, Pytree):
        for f in dataclasses.fields(node):
            if not f.metadata.get("static", False):
                yield f.name, getattr(node, f.name)
    elif isinstance(node, Mapping):
        for key in sorted(node):
            yield str(key), node[key]
    elif isinstance(node, (tuple, list)):
        for i, item in enumerate(node):
            yield str(i), item


def leaves(tree: Any, prefix: str = "") -> dict[str, Any]:
    """Every leaf of `tree` by dotted path, in pytree order; None is no leaf."""
    found: dict[str, Any] = {}
    for name, child in children(tree):
        path = f"{prefix}.{name}" if prefix else name
        if isinstance(child, (Pytree, Mapping, tuple, list)):
            found |= leaves(child, path)
        elif child is not None:
            found[path] = child
    return found


def infos(tree: Any, prefix: str = "") -> dict[str, FieldInfo]:
    """The `FieldInfo` of every leaf of `tree` that was declared with `field`, by dotted path."""
    found: dict[str, FieldInfo] = {}
    if isinstance(tree, Pytree):
        for f in dataclasses.fields(tree):
            info = f.metadata.get("info")
            if info is not None and getattr(tree, f.name) is not None:
                found[f"{prefix}.{f.name}" if prefix else f.name] = info
    for name, child in children(tree):
        if isinstance(child, (Pytree, Mapping, tuple, list)):
            found |= infos(child, f"{prefix}.{name}" if prefix else name)
    return found


def get(tree: Any, path: str) -> Any:
    """The leaf or subtree at a dotted path; `KeyError` names the path if there is none."""
    node = tree
    for name in path.split("."):
        below = dict(children(node))
        if name not in below:
            raise KeyError(path)
        node = below[name]
    return node


def replace_at(tree: T, values: Mapping[str, Any]) -> T:
    """A copy of `tree` with the leaves at the given dotted paths replaced; `KeyError` if a path is not there."""
    if not values:
        return tree
    paths = list(values)
    for path in paths:
        get(tree, path)
    return eqx.tree_at(lambda t: [get(t, p) for p in paths], tree, [values[p] for p in paths])
