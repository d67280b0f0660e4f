"""Load a scenario, evaluate it, ask what moves it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import equinox as eqx
import numpy as np

from astro_logistics import units
from astro_logistics.api.checks import check_name, error
from astro_logistics.astro.ephemeris import Ephemeris
from astro_logistics.astro.ephemeris import load as load_kernel
from astro_logistics.astro.ephemeris import packaged as packaged_kernel
from astro_logistics.compiling import quick_jit
from astro_logistics.network.evaluate import ROUTES
from astro_logistics.network.evaluate import evaluate as evaluate_network
from astro_logistics.network.figures import Evaluation
from astro_logistics.network.mars import mars_windows
from astro_logistics.network.scenario import MarsWindows, Scenario
from astro_logistics.pytree import leaves
from astro_logistics.report.columns import (
    BY_NAME,
    DatacenterResult,
    RouteResult,
    demand_result,
    launch_price_result,
    results,
    whole_cost,
)
from astro_logistics.report.sensitivities import Sensitivity, sensitivities
from astro_logistics.scenario import cache
from astro_logistics.scenario.loader import load_scenario, replace
from astro_logistics.scenario.records import Ledger, Sourced

VERSION = version("astro-logistics")


@dataclass(frozen=True)
class SourcedScenario:
    """A scenario with the origin of each of its numbers.

    `model` is the frozen pytree, for your own `jax.grad`; `ledger[path]` is the record behind a leaf.
    """

    name: str
    model: Scenario
    ledger: Ledger

    def replace(self, values: Mapping[str, Any]) -> SourcedScenario:
        """A copy with some inputs changed, {path: Quantity}; each change is an assumption of the user's in the ledger.

        Raises:
            ScenarioError: unknown path, wrong unit, a value without meaning; all problems at once.
        """
        model, ledger = replace(self.model, self.ledger, values)
        return SourcedScenario(self.name, model, ledger)


@dataclass(frozen=True)
class Result:
    """The labelled figures of an evaluation: `result["moon-to-escape"].cost_usd_per_kg`."""

    routes: Mapping[str, RouteResult]
    datacenters: tuple[DatacenterResult, ...]
    converged: bool
    evaluation: Evaluation

    def __getitem__(self, route: str) -> RouteResult:
        """The figures of one route."""
        check_name("route", route, tuple(self.routes))
        return self.routes[route]

    def __iter__(self) -> Iterator[RouteResult]:
        """The routes, in the order of the table."""
        return iter(self.routes.values())

    @property
    def demand(self) -> dict[str, dict[str, float]]:
        """What 100 GW/yr, 200 GW/yr and 1 TW/yr of compute in orbit ask for: goal -> name with its unit -> number."""
        return demand_result(self.evaluation.demand)

    @property
    def ground(self) -> dict[str, float]:
        """What the data center on the ground costs, everything, servers and interest too: name with unit -> number."""
        return whole_cost(self.evaluation.terrestrial.money)

    @property
    def launch_price(self) -> dict[str, float]:
        """The price of launch by the record of prices and bottom-up: name with its unit -> number."""
        return launch_price_result(self.evaluation.launch_price)

    @property
    def feasible(self) -> bool:
        """Whether every constraint of every route and data center is met."""
        return not any(design.violated for design in (*self.routes.values(), *self.datacenters))


def ephemeris(path: str | os.PathLike[str] | None = None) -> Ephemeris:
    """The packaged excerpt of JPL DE440 (2025-2060), or another SPK kernel."""
    return _kernel(os.fspath(path if path is not None else packaged_kernel()))


@lru_cache(maxsize=4)
def _kernel(path: str) -> Ephemeris:
    return load_kernel(path)


@lru_cache(maxsize=16)
def _windows(mu_sun: float, start: str, stop: str) -> MarsWindows:
    kernel = packaged_kernel()

    def compute() -> Mapping[str, np.ndarray]:
        begin, end = (float(units.to_tdb_seconds(t)) for t in (start, stop))
        return {name: np.asarray(x) for name, x in leaves(mars_windows(ephemeris(), mu_sun, begin, end)).items()}

    key = f"{VERSION} {_digest(kernel)} {mu_sun!r} {start} {stop}"
    return MarsWindows(**cache.kept("mars-windows", key, compute))  # pyright: ignore[reportArgumentType]


def _digest(file: os.PathLike[str]) -> str:
    with open(file, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read(scenario: str | os.PathLike[str] = "baseline") -> tuple[Scenario, Ledger]:
    """What the files of a scenario say: the model without its Mars opportunities, and the ledger.

    Raises:
        ScenarioError: as `load`.
    """
    given = scenario if isinstance(scenario, str) else Path(scenario)
    return load_scenario(given, Scenario, computed={"mars_windows": None})


def load(scenario: str | os.PathLike[str] = "baseline") -> SourcedScenario:
    """Load a scenario that ships with the package, by name, or from a TOML file.

    Raises:
        ScenarioError: everything that is wrong with the file, at once: what was found, what is allowed, the remedy.
    """
    model, ledger = read(scenario)
    try:
        windows = _windows(float(model.bodies.sun.mu), model.first_departure, model.last_departure)
    except ValueError as problem:
        raise error("first_departure, last_departure", str(problem), "two ISO dates in 2025-2058") from None
    model = eqx.tree_at(lambda s: s.mars_windows, model, windows, is_leaf=lambda x: x is None)
    name = os.path.splitext(os.path.basename(os.fspath(scenario)))[0]
    return SourcedScenario(name, model, ledger)


evaluate_jitted = quick_jit(evaluate_network)


def evaluate(scenario: SourcedScenario) -> Result:
    """All figures of a scenario."""
    evaluation = evaluate_jitted(scenario.model)
    routes, datacenters = results(evaluation, ROUTES)
    return Result(routes, tuple(datacenters), bool(evaluation.converged), evaluation)


def sensitivity(scenario: SourcedScenario, route: str, figure: str) -> list[Sensitivity]:
    """What moves a figure of a route, strongest over its range first, with the record, its range and its source.

    One batch of reverse passes gives the derivative with respect to every input.

    Args:
        scenario: the scenario.
        route: name of a route, as in the table ("moon-to-escape").
        figure: name of a column ("cost_usd_per_kg").

    Raises:
        ScenarioError: no such route or figure; the nearest name is offered.
    """
    check_name("route", route, ROUTES)
    check_name("figure", figure, BY_NAME)
    return sensitivities(scenario.model, scenario.ledger).rows(route, figure)


def records(ledger: Ledger, path: str) -> dict[str, Sourced]:
    """The records at a path, or below it.

    Raises:
        ScenarioError: nothing there; the nearest path is offered.
    """
    found = {name: r for name, r in ledger.items() if name == path or name.startswith(path + ".")}
    if not found:
        check_name("input", path, ledger)
    return found
