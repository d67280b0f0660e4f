"""Make a scenario better."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from astropy.units import Quantity

from astro_logistics import units
from astro_logistics.api.checks import check_name, error
from astro_logistics.api.scenarios import SourcedScenario, evaluate_jitted
from astro_logistics.design.optimize import minimize as find_minimum
from astro_logistics.network.evaluate import DATACENTERS, ROUTES
from astro_logistics.network.evaluate import evaluate as evaluate_network
from astro_logistics.network.figures import Evaluation
from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import get
from astro_logistics.report.columns import BY_NAME, DATACENTER_BY_NAME
from astro_logistics.scenario.errors import Problems


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
    """Least of a figure over inputs within bounds, with the constraints of the route, or of its data center, met.

    SLSQP with exact gradients and Jacobians over scaled variables, from the scenario's own values: a local minimum.
    Works on the logarithm of the figure and of each constrained figure over its bound, so multipliers are relative: by
    how many per cent the figure would fall per per cent by which the bound is relaxed.

    Args:
        scenario: where the search starts.
        minimize: (route, figure), e.g. ("moon-to-escape", "cost_usd_per_kg"); of the data center that the route
            supplies ("earth-to-sso", "cost_usd_per_pflop_day"), "cost_usd_per_pflop_day_at_value",
            "cost_usd_per_kw_year" or "specific_mass_kg_per_kw".
        over: path -> (low, high) as a Quantity of length two, e.g. (50, 5000) * u.m / u.s**2.
        constraints: further ones on figures: (route, figure) -> (">=" or "<=", value in the figure's unit).

    Raises:
        ScenarioError: unknown route, figure or path, wrong unit, bounds out of order; all problems at once.
    """
    route, figure = minimize
    extra = [(_figure(*key), *_bound(key, bound)) for key, bound in (constraints or {}).items()]
    objective = _figure(route, figure)
    parts = [lambda evaluation: evaluation.routes[route].residuals]
    if figure in DATACENTER_BY_NAME:
        parts.append(lambda evaluation: evaluation.datacenters[route].residuals)

    def residuals_of(evaluation: Evaluation) -> dict[str, jax.Array]:
        return {name: value for part in parts for name, value in part(evaluation).items()}

    residual_names = tuple(sorted(residuals_of(evaluate_jitted(scenario.model))))
    names = residual_names + tuple(f"{r} {f} {op} {v:g}" for (r, f), (op, v) in (constraints or {}).items())

    def problem(model: Scenario) -> tuple[jax.Array, jax.Array]:
        evaluation = evaluate_network(model)
        met = residuals_of(evaluation)
        residuals = [met[name] for name in residual_names]
        residuals += [sign * jnp.log(value / get_figure(evaluation)) for get_figure, sign, value in extra]
        return jnp.log(objective(evaluation)), jnp.stack(residuals)

    if not float(objective(evaluate_jitted(scenario.model))) > 0.0:
        raise error("minimize", f"{figure} of {route} is not positive at the start", "a figure above zero")
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


def _figure(route: str, figure: str) -> Callable[[Evaluation], jax.Array]:
    check_name("figure", figure, (*BY_NAME, *DATACENTER_BY_NAME))
    check_name("route", route, ROUTES if figure in BY_NAME else DATACENTERS)
    if figure in BY_NAME:
        column = BY_NAME[figure]
        return lambda evaluation: getattr(evaluation.routes[route], column.attribute) / column.unit
    column = DATACENTER_BY_NAME[figure]
    return lambda evaluation: get(evaluation.datacenters[route], column.attribute) / column.unit


def _bound(key: tuple[str, str], bound: tuple[str, float]) -> tuple[float, float]:
    operator, value = bound
    signs = {">=": 1.0, "<=": -1.0}
    if operator not in signs:
        raise error(f"constraint on {key}", f"{operator!r}", 'write (">=", value) or ("<=", value)')
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
