"""The public functions: load a scenario, evaluate it, ask what moves it, and make it better.

Quantities with units go in; labelled results come out.
"""

from __future__ import annotations

import hashlib
import math
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
from astropy.units import Quantity

from astro_logistics import units
from astro_logistics.astro.ephemeris import Ephemeris
from astro_logistics.astro.ephemeris import load as load_kernel
from astro_logistics.astro.windows import opportunities as find_opportunities
from astro_logistics.constants import DAY
from astro_logistics.design.optimize import minimize as find_minimum
from astro_logistics.network.evaluate import ROUTES
from astro_logistics.network.evaluate import evaluate as evaluate_network
from astro_logistics.network.figures import Evaluation
from astro_logistics.network.mars import DEPARTURE, mars_windows
from astro_logistics.network.scenario import MarsWindows, Scenario
from astro_logistics.pytree import leaves
from astro_logistics.report.columns import BY_NAME, DatacenterResult, RouteResult, results
from astro_logistics.report.sensitivities import Sensitivity, sensitivities
from astro_logistics.scenario import cache
from astro_logistics.scenario.errors import Problem, Problems, ScenarioError
from astro_logistics.scenario.loader import load_scenario, replace
from astro_logistics.scenario.paths import data_folder
from astro_logistics.scenario.records import Ledger, Sourced

__version__ = version("astro-logistics")
KERNEL = "ephemeris/de440_2025_2060.bsp"
PLANETS = {"venus": "venus", "earth": DEPARTURE, "mars": "mars", "jupiter": "jupiter"}
"""Planets of the packaged ephemeris and the body each stands for: the Earth for the Earth-Moon barycenter."""


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
        _check_name("route", route, tuple(self.routes))
        return self.routes[route]

    def __iter__(self) -> Iterator[RouteResult]:
        """The routes, in the order of the table."""
        return iter(self.routes.values())

    @property
    def feasible(self) -> bool:
        """Whether every constraint of every route is met."""
        return not any(route.violated for route in self.routes.values())


def ephemeris(path: str | os.PathLike[str] | None = None) -> Ephemeris:
    """The packaged excerpt of JPL DE440 (2025-2060), or another SPK kernel."""
    return _kernel(os.fspath(path) if path is not None else os.fspath(data_folder() / KERNEL))


@lru_cache(maxsize=4)
def _kernel(path: str) -> Ephemeris:
    return load_kernel(path)


@lru_cache(maxsize=16)
def _windows(mu_sun: float, start: str, stop: str) -> MarsWindows:
    kernel = data_folder() / KERNEL

    def compute() -> Mapping[str, np.ndarray]:
        begin, end = (float(units.to_tdb_seconds(t)) for t in (start, stop))
        return {name: np.asarray(x) for name, x in leaves(mars_windows(ephemeris(), mu_sun, begin, end)).items()}

    key = f"{__version__} {_digest(kernel)} {mu_sun!r} {start} {stop}"
    return MarsWindows(**cache.kept("mars-windows", key, compute))  # pyright: ignore[reportArgumentType]


def _digest(file: os.PathLike[str]) -> str:
    with open(file, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def load(scenario: str | os.PathLike[str] = "baseline") -> SourcedScenario:
    """Load a scenario that ships with the package, by name, or from a TOML file.

    Raises:
        ScenarioError: everything that is wrong with the file, at once: what was found, what is allowed, the remedy.
    """
    given = scenario if isinstance(scenario, str) else Path(scenario)
    model, ledger = load_scenario(given, Scenario, computed={"mars_windows": None})
    try:
        windows = _windows(float(model.bodies.sun.mu), model.first_departure, model.last_departure)
    except ValueError as problem:
        raise _error("first_departure, last_departure", str(problem), "two ISO dates in 2025-2058") from None
    model = eqx.tree_at(lambda s: s.mars_windows, model, windows, is_leaf=lambda x: x is None)
    name = os.path.splitext(os.path.basename(os.fspath(scenario)))[0]
    return SourcedScenario(name, model, ledger)


_evaluate = jax.jit(evaluate_network)


def evaluate(scenario: SourcedScenario) -> Result:
    """All figures of a scenario."""
    evaluation = _evaluate(scenario.model)
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
    _check_name("route", route, ROUTES)
    _check_name("figure", figure, BY_NAME)
    return sensitivities(scenario.model, scenario.ledger).rows(route, figure)


@dataclass(frozen=True)
class Optimum:
    """The outcome of `optimize`; `multipliers` as in `astro_logistics.design.optimize.Minimum`."""

    scenario: SourcedScenario
    value: float
    variables: dict[str, Quantity]
    active_bounds: dict[str, str]
    active_constraints: tuple[str, ...]
    multipliers: dict[str, float]
    converged: bool
    message: str
    evaluations: int


def optimize(
    scenario: SourcedScenario,
    minimize: tuple[str, str],
    over: Mapping[str, Any],
    constraints: Mapping[tuple[str, str], tuple[str, float]] | None = None,
) -> Optimum:
    """Least of a figure over inputs within bounds, with the route's own constraints met.

    SLSQP with exact gradients and Jacobians over scaled variables, from the scenario's own values: a local minimum.
    Works on the logarithm of the figure and of each constrained figure over its bound, so multipliers are relative: by
    how many per cent the figure would fall per per cent by which the bound is relaxed.

    Args:
        scenario: where the search starts.
        minimize: (route, figure), e.g. ("moon-to-escape", "cost_usd_per_kg").
        over: path -> (low, high) as a Quantity of length two, e.g. (50, 5000) * u.m / u.s**2.
        constraints: further ones on figures: (route, figure) -> (">=" or "<=", value in the figure's unit).

    Raises:
        ScenarioError: unknown route, figure or path, wrong unit, bounds out of order; all problems at once.
    """
    route, figure = minimize
    _check_name("route", route, ROUTES)
    _check_name("figure", figure, BY_NAME)
    extra = [(_figure(*key), *_bound(key, bound)) for key, bound in (constraints or {}).items()]
    residual_names = tuple(sorted(_evaluate(scenario.model).routes[route].residuals))
    names = residual_names + tuple(f"{r} {f} {op} {v:g}" for (r, f), (op, v) in (constraints or {}).items())
    objective = _figure(route, figure)

    def problem(model: Scenario) -> tuple[jax.Array, jax.Array]:
        evaluation = evaluate_network(model)
        residuals = [evaluation.routes[route].residuals[name] for name in residual_names]
        residuals += [sign * jnp.log(value / get_figure(evaluation)) for get_figure, sign, value in extra]
        return jnp.log(objective(evaluation)), jnp.stack(residuals)

    if not float(objective(_evaluate(scenario.model))) > 0.0:
        raise _error("minimize", f"{figure} of {route} is not positive at the start", "a figure above zero")
    found = find_minimum(scenario.model, problem, names, _bounds(scenario, over))
    variables = {path: units.from_si(value, scenario.ledger[path].si_unit) for path, value in found.variables.items()}
    return Optimum(
        scenario=scenario.replace(variables),
        value=math.exp(found.objective),
        variables=variables,
        active_bounds=found.active_bounds,
        active_constraints=found.active_constraints,
        multipliers=found.multipliers,
        converged=found.converged,
        message=found.message,
        evaluations=found.evaluations,
    )


@dataclass(frozen=True)
class Opportunity:
    """A departure opportunity: a local minimum of C3. Times are ISO, TDB."""

    departure: str
    arrival: str
    c3_km2_per_s2: float
    v_infinity_arrival_km_per_s: float
    time_of_flight_days: float
    type: str


def opportunities(origin: str, destination: str, start: str, stop: str) -> list[Opportunity]:
    """Departure opportunities between two planets in a span of dates, in order of departure.

    Args:
        origin, destination: names of planets in the packaged ephemeris.
        start, stop: earliest and latest departure, ISO dates (TDB) or astropy Time.

    Raises:
        ScenarioError: unknown planet, dates that cannot be read, out of order, or outside the ephemeris.
    """
    kernel = ephemeris()
    begin, end = (float(units.to_tdb_seconds(t)) for t in (start, stop))
    for name in (origin, destination):
        _check_name("planet", name, PLANETS)
    if origin == destination:
        raise _error("destination", f"{destination!r}, which is also the origin", "two different planets")
    first, last = kernel.span
    if not begin < end:
        raise _error("start, stop", f"{start} to {stop}", "a start before the stop")
    if begin < first or end > last:
        covered = f"dates from {units.iso_tdb(first)[:10]} to {units.iso_tdb(last)[:10]}"
        raise _error("start, stop", f"{start} to {stop}", f"{covered}, which the packaged ephemeris covers")
    mu_sun = float(load("baseline").model.bodies.sun.mu)
    found = find_opportunities(kernel, PLANETS[origin], PLANETS[destination], begin, end, mu_sun=mu_sun)
    rows = zip(found.departure, found.arrival, found.c3, found.v_infinity_arrival, found.transfer_type, strict=True)
    return [
        Opportunity(
            departure=units.iso_tdb(float(leave)),
            arrival=units.iso_tdb(float(arrive)),
            c3_km2_per_s2=float(c3) / 1e6,
            v_infinity_arrival_km_per_s=float(v) / 1e3,
            time_of_flight_days=float(arrive - leave) / DAY,
            type=str(kind),
        )
        for leave, arrive, c3, v, kind in rows
    ]


def records(ledger: Ledger, path: str) -> dict[str, Sourced]:
    """The records at a path, or below it.

    Raises:
        ScenarioError: nothing there; the nearest path is offered.
    """
    found = {name: r for name, r in ledger.items() if name == path or name.startswith(path + ".")}
    if not found:
        _check_name("input", path, ledger)
    return found


def _figure(route: str, figure: str) -> Callable[[Evaluation], jax.Array]:
    _check_name("route", route, ROUTES)
    _check_name("figure", figure, BY_NAME)
    column = BY_NAME[figure]
    return lambda evaluation: getattr(evaluation.routes[route], column.attribute) / column.unit


def _bound(key: tuple[str, str], bound: tuple[str, float]) -> tuple[float, float]:
    operator, value = bound
    signs = {">=": 1.0, "<=": -1.0}
    if operator not in signs:
        raise _error(f"constraint on {key}", f"{operator!r}", 'write (">=", value) or ("<=", value)')
    return signs[operator], float(value)


def _bounds(scenario: SourcedScenario, over: Mapping[str, Any]) -> dict[str, tuple[float, float]]:
    """The bounds of `over` in SI, checked."""
    problems = Problems()
    found: dict[str, tuple[float, float]] = {}
    for path, bounds in over.items():
        if path not in scenario.ledger:
            problems.unknown("optimize", path, path, scenario.ledger, "no input")
            continue
        record = scenario.ledger[path]
        try:
            low, high = units.to_si(
                bounds if isinstance(bounds, Quantity) else np.asarray(bounds), record.si_unit, path
            )
        except (units.UnitError, ValueError, TypeError) as problem:
            example = f"(low, high) in a unit like {record.si_unit or '1'!r}"
            problems.add("optimize", path, str(problem), example, "give both bounds with one unit")
            continue
        if not low < high:
            problems.add("optimize", path, f"bounds ({low:g}, {high:g})", "low < high", "put the smaller bound first")
        found[path] = (float(low), float(high))
    if not over:
        problems.add("optimize", "over", "no inputs", "{path: (low, high)}", "name at least one input to vary")
    problems.raise_if_any()
    return found


def _check_name(kind: str, name: str, known: Iterable[str]) -> None:
    if name not in known:
        problems = Problems()
        problems.unknown("api", kind, name, known, f"no {kind}")
        problems.raise_if_any()


def _error(path: str, found: str, allowed: str) -> ScenarioError:
    return ScenarioError([Problem("api", path, found, allowed, "correct it")])
