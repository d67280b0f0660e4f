"""Least of a figure over chosen inputs, under constraints, by SLSQP with exact gradients and Jacobians."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from scipy import optimize as scipy_optimize

from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import get, replace_at

Problem = Callable[[Scenario], tuple[jax.Array, jax.Array]]
"""scenario -> (objective, constraint values (k,), met at <= 0), both of order one, best as logarithms of ratios."""

ACTIVE = 1e-6
"""A bound or a scaled constraint closer than this is active."""
STATIONARY = 1e-4
"""Largest scaled Karush-Kuhn-Tucker residual of a point that counts as converged."""


@dataclass(frozen=True)
class Minimum:
    """Where a search ended.

    `multipliers` say how much the objective would fall per unit by which an active constraint, or an active bound in
    units of its (logarithmic) range, is relaxed.
    """

    scenario: Scenario
    objective: float
    variables: dict[str, float]
    constraints: dict[str, float]
    active_bounds: dict[str, str]
    active_constraints: tuple[str, ...]
    multipliers: dict[str, float]
    kkt_residual: float
    converged: bool
    message: str
    evaluations: int


_MOST_DRAWS = 10


class _Scale:
    """Variables as numbers in [0, 1]: logarithmic where the bounds are positive and span a factor of 10 or more."""

    def __init__(self, low: np.ndarray, high: np.ndarray) -> None:
        self.log = (low > 0.0) & (high >= 10.0 * low)
        self.low = np.where(self.log, np.log(np.where(self.log, low, 1.0)), low)
        self.high = np.where(self.log, np.log(np.where(self.log, high, 1.0)), high)

    def to_unit(self, x: np.ndarray) -> np.ndarray:
        y = np.where(self.log, np.log(np.where(self.log, x, 1.0)), x)
        return (y - self.low) / (self.high - self.low)

    def from_unit(self, z: jax.Array) -> jax.Array:
        y = self.low + z * (self.high - self.low)
        return jnp.where(self.log, jnp.exp(jnp.where(self.log, y, 0.0)), y)


class Search:
    """A problem over inputs within bounds, compiled once, to be searched from any number of starts.

    One jitted function gives objective, constraints and their derivatives together; each is computed once per point.
    Costs of machines are near power laws of their inputs: as logarithms over logarithmic variables they are nearly
    linear, and SLSQP takes few steps where on the plain figures it zigzags between constraints.
    """

    def __init__(
        self,
        scenario: Scenario,
        problem: Problem,
        constraint_names: Sequence[str],
        over: Mapping[str, tuple[float, float]],
    ) -> None:
        if not over:
            raise ValueError("nothing to optimize over: give at least one {path: (low, high)}")
        self.scenario, self.names, self.paths = scenario, list(constraint_names), list(over)
        self.low, self.high = (np.array([float(over[p][k]) for p in self.paths]) for k in (0, 1))
        for path, a, b in zip(self.paths, self.low, self.high, strict=True):
            if not (np.isfinite(a) and np.isfinite(b) and a < b):
                raise ValueError(f"bounds of {path} are ({a}, {b}): they must be finite and low < high")
        self.scale = _Scale(self.low, self.high)

        def stacked(z: jax.Array) -> jax.Array:
            x = self.scale.from_unit(z)
            objective, constraints = problem(replace_at(scenario, {p: x[i] for i, p in enumerate(self.paths)}))
            return jnp.concatenate([jnp.reshape(objective, (1,)), jnp.reshape(constraints, (-1,))])

        self.values = jax.jit(stacked)
        self.both = jax.jit(lambda z: (stacked(z), jax.jacrev(stacked)(z)))

    def start(self) -> np.ndarray:
        """The scenario's own values, in units of the bounds; values outside them are put on the nearer one."""
        values = np.array([float(get(self.scenario, p)) for p in self.paths])
        return self.scale.to_unit(np.clip(values, self.low, self.high))

    def run(self, z0: np.ndarray, *, max_iterations: int = 200, tolerance: float = 1e-10) -> Minimum:
        """Local minimum by SLSQP from `z0`, (n,) in units of the bounds."""
        seen: dict[bytes, tuple[np.ndarray, np.ndarray]] = {}

        def both(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            key = np.asarray(z, float).tobytes()
            if key not in seen:
                values, jacobian = self.both(jnp.asarray(z))
                seen[key] = (np.array(values), np.array(jacobian))
            return seen[key]

        found = scipy_optimize.minimize(
            lambda z: both(z)[0][0],
            z0,
            jac=lambda z: both(z)[1][0].copy(),  # SLSQP writes into what it is given
            bounds=[(0.0, 1.0)] * len(self.paths),
            constraints=[{"type": "ineq", "fun": lambda z: -both(z)[0][1:], "jac": lambda z: -both(z)[1][1:]}],
            method="SLSQP",
            options={"maxiter": max_iterations, "ftol": tolerance},
        )
        z = np.asarray(found.x)
        values, jacobian = both(z)
        residuals = dict(zip(self.names, values[1:].tolist(), strict=True))
        bounds = {p: side for p, v in zip(self.paths, z, strict=True) if (side := _side(v))}
        active = tuple(name for name, value in residuals.items() if value > -ACTIVE)
        multipliers, kkt = _multipliers(self.paths, jacobian, bounds, active, list(residuals))
        feasible = bool(np.all(values[1:] <= ACTIVE))
        x = np.asarray(self.scale.from_unit(jnp.asarray(z)))
        return Minimum(
            scenario=replace_at(self.scenario, {p: np.float64(v) for p, v in zip(self.paths, x, strict=True)}),
            objective=float(values[0]),
            variables=dict(zip(self.paths, x.tolist(), strict=True)),
            constraints=residuals,
            active_bounds=bounds,
            active_constraints=active,
            multipliers=multipliers,
            kkt_residual=kkt,
            converged=bool(np.isfinite(values).all()) and feasible and kkt < STATIONARY,
            message=str(found.message),
            evaluations=len(seen),
        )

    def run_from_random_starts(self, n: int, seed: int, restarts: int = 3) -> list[Minimum]:
        """Local minima from `n` starts drawn evenly in units of the bounds, the least objective first.

        Starts at which a figure is not a number are drawn again. A search that stops short is begun anew where it
        stopped, slightly inside the bounds, up to `restarts` times: far from feasible, SLSQP's model of the curvature
        can lead it astray. Those that still did not converge come last; `evaluations` counts all of a start's.
        """
        rng = np.random.default_rng(seed)
        starts: list[np.ndarray] = []
        for z in rng.uniform(size=(_MOST_DRAWS * n, len(self.paths))):
            if len(starts) == n:
                break
            if np.isfinite(self.values(jnp.asarray(z))).all():
                starts.append(z)
        return sorted((self._persist(z, restarts) for z in starts), key=lambda m: (not m.converged, m.objective))

    def _persist(self, z: np.ndarray, restarts: int) -> Minimum:
        found = self.run(z)
        spent = found.evaluations
        for _ in range(restarts):
            if found.converged:
                break
            z = self.scale.to_unit(np.array(list(found.variables.values())))
            found = self.run(np.clip(np.nan_to_num(z, nan=0.5), 0.02, 0.98))
            spent += found.evaluations
        return dataclasses.replace(found, evaluations=spent)


def distinct(minima: Sequence[Minimum], tolerance: float = 0.005) -> list[Minimum]:
    """Of converged minima in order, the first of each group whose objectives agree to `tolerance`."""
    found: list[Minimum] = []
    for minimum in minima:
        if minimum.converged and all(abs(minimum.objective - other.objective) > tolerance for other in found):
            found.append(minimum)
    return found


def minimize(
    scenario: Scenario,
    problem: Problem,
    constraint_names: Sequence[str],
    over: Mapping[str, tuple[float, float]],
    *,
    max_iterations: int = 200,
    tolerance: float = 1e-10,
) -> Minimum:
    """Local minimum of a figure over inputs within bounds, from the scenario's own values.

    Args:
        scenario: where the search starts; values outside their bounds start on the nearer one.
        problem: objective and constraints.
        constraint_names: names of the constraint values, in order.
        over: path -> (low, high), SI.
        max_iterations: of SLSQP.
        tolerance: change of the objective at which it stops.

    Returns:
        Where it ended; `converged` needs constraints and Karush-Kuhn-Tucker conditions met, not just SLSQP's word.

    Raises:
        ValueError: no variables, a bound that is not finite, or low >= high.
        KeyError: a path that is not in the scenario.
    """
    search = Search(scenario, problem, constraint_names, over)
    return search.run(search.start(), max_iterations=max_iterations, tolerance=tolerance)


def _side(z: float) -> str:
    """The bound at which a scaled variable stands, or ""."""
    return "low" if z < ACTIVE else "high" if z > 1.0 - ACTIVE else ""


def _multipliers(
    paths: Sequence[str],
    jacobian: np.ndarray,
    bounds: Mapping[str, str],
    active: Sequence[str],
    names: Sequence[str],
) -> tuple[dict[str, float], float]:
    """Non-negative multipliers of the active set by least squares, and the residual of stationarity."""
    gradient = jacobian[0]
    columns, labels = [], []
    for path, side in bounds.items():
        column = np.zeros(len(paths))
        column[paths.index(path)] = -1.0 if side == "low" else 1.0
        columns.append(column)
        labels.append(path)
    for name in active:
        columns.append(jacobian[1 + names.index(name)])
        labels.append(name)
    if not np.isfinite(jacobian).all():
        return {}, float("inf")
    if not columns:
        return {}, float(np.max(np.abs(gradient)))
    weights, _ = scipy_optimize.nnls(np.stack(columns, axis=1), -gradient)
    rest = gradient + np.stack(columns, axis=1) @ weights
    return dict(zip(labels, weights.tolist(), strict=True)), float(np.max(np.abs(rest)))
