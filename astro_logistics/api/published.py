"""The published answers: others' models on their own inputs, and what lies between two answers."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import jax
import numpy as np
from astropy.units import Quantity

from astro_logistics import units
from astro_logistics.api.checks import check_name
from astro_logistics.economics.answers import Answer
from astro_logistics.network.published import STUDIES
from astro_logistics.pytree import infos, replace_at
from astro_logistics.scenario.errors import Problems
from astro_logistics.scenario.loader import load_scenario
from astro_logistics.scenario.paths import data_folder
from astro_logistics.scenario.records import Ledger


@dataclass(frozen=True)
class Published(Mapping[str, float]):
    """Results of a published model by name: `published("mccalip")["orbital_total_usd"]`.

    `inputs` are the authors', under their names and in their units; `answer` holds both sides item by item with their
    boundary, None where the study does not compare compute in orbit with compute on the ground; `ledger` tells where
    each input stands.
    """

    name: str
    results: Mapping[str, float]
    inputs: Mapping[str, float]
    answer: Answer | None
    ledger: Ledger

    def __getitem__(self, result: str) -> float:
        """A result; an unknown one is named with the nearest there is."""
        check_name("result", result, tuple(self.results))
        return self.results[result]

    def __iter__(self) -> Iterator[str]:
        """Names of the results."""
        return iter(self.results)

    def __len__(self) -> int:
        """Number of results."""
        return len(self.results)

    def __contains__(self, result: object) -> bool:
        """Whether there is such a result."""
        return result in self.results

    @property
    def boundary(self) -> str:
        """What their cost counts and what it does not."""
        return self.answer.boundary.label() if self.answer is not None else ""


def published_names() -> tuple[str, ...]:
    """Names that `published` knows: a study's own, or study_case for another case of it."""
    return tuple(sorted(path.stem for path in (data_folder() / "published").glob("*.toml")))


@cache
def _read(name: str) -> tuple[Any, Any, Ledger]:
    """Module, inputs and ledger of a study."""
    study = STUDIES[name.split("_", maxsplit=1)[0]]
    inputs, ledger = load_scenario(data_folder() / "published" / f"{name}.toml", study.Inputs)
    return study, inputs, ledger


@cache
def _evaluators(study: Any) -> tuple[Any, Any]:
    """The study's functions, compiled once."""
    return jax.jit(study.model), jax.jit(study.statements) if hasattr(study, "statements") else None


def published(name: str, /, **inputs: float | Quantity) -> Published:
    """A published model on its authors' inputs, or on others.

    Args:
        name: of the study, one of `published_names()`.
        inputs: other values under the authors' names; bare numbers in the authors' units (percentages as numbers), or
            quantities.

    Raises:
        ScenarioError: no such study or input (the nearest is offered, and all are listed), a wrong unit, a number that
            is not finite or outside what the input can mean.
    """
    check_name("study", name, published_names())
    study, defaults, ledger = _read(name)
    values = {record: float(ledger[record].si_value) for record in ledger} | _checked(name, defaults, inputs)
    full = jax.tree.map(np.float64, replace_at(defaults, values))
    model, statements = _evaluators(study)
    answer = None
    if statements is not None:
        orbital, terrestrial = statements(full)
        answer = Answer(orbital=orbital, terrestrial=terrestrial, boundary=study.BOUNDARY, name=name)
    results = {key: float(value) for key, value in model(full).items()}
    return Published(name, results, values, answer, ledger)


def _checked(name: str, defaults: Any, inputs: Mapping[str, Any]) -> dict[str, float]:
    """The given inputs as numbers in the authors' units; all problems at once."""
    known, problems, found = infos(defaults), Problems(), {}
    for key, value in inputs.items():
        where = f'published("{name}")'
        if key not in known:
            near = sorted(known, key=lambda other, key=key: -_likeness(key, other))
            problems.add(where, key, f"no input {key!r}", ", ".join(near), f"did you mean {near[0]!r}?")
            continue
        info = known[key]
        try:
            number = float(units.to_si(value, info.unit if isinstance(value, Quantity) else "", key))
        except (units.UnitError, ValueError, TypeError) as problem:
            problems.add(where, key, str(problem), f"a number in {units.show_unit(info.unit)}", "correct it")
            continue
        if (info.low is not None and number < info.low) or (info.high is not None and number > info.high):
            low, high = ("-inf" if info.low is None else info.low), ("inf" if info.high is None else info.high)
            problems.add(where, key, f"{number:g}", f"{low} to {high} {units.show_unit(info.unit)}", "correct it")
        found[key] = number
    problems.raise_if_any()
    return found


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one.lower(), other.lower()).ratio()
