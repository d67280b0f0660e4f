"""The baseline scenario as one vector of inputs, its figures as one vector of outputs, and a cloud of scenarios."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import Array
from jax.flatten_util import ravel_pytree

import astro_logistics as al
from astro_logistics.network.evaluate import ROUTES, evaluate
from astro_logistics.network.figures import Evaluation
from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import leaves
from astro_logistics.scenario.records import Sourced

ROUTE_FIGURES = (
    "delta_v",
    "transit_time",
    "departure_rate",
    "mean_wait",
    "energy",
    "propellant",
    "electricity",
    "carbon_dioxide",
    "cost",
    "price",
    "throughput",
    "datacenter_rate",
)
DATACENTER_FIGURES = ("specific_mass", "performance", "resupply", "power_cost", "ratio", "time_to_power")
MONEY_FIGURES = ("total", "compute_at_value")
DEMAND_FIGURES = (
    "mass",
    "flights",
    "pads",
    "boosters",
    "ships",
    "booster_production",
    "ship_production",
    "engine_production",
    "oxygen",
    "fuel",
    "oxygen_share",
    "fuel_share",
    "electricity",
    "carbon_dioxide",
    "cost",
)
PRICE_FIGURES = (
    "learning_rate",
    "learning_rate_low",
    "learning_rate_high",
    "cumulative_mass",
    "predicted_price",
    "predicted_price_low",
    "predicted_price_high",
    "bottom_up_price",
)
DATACENTERS = ("earth-to-sso", "moon-to-sso", "moon-to-escape")

FIGURES = (
    tuple(f"{r}.{f}" for r in ROUTES for f in ROUTE_FIGURES)
    + tuple(f"datacenter {d}.{f}" for d in DATACENTERS for f in DATACENTER_FIGURES)
    + tuple(f"datacenter {d}.{f}" for f in MONEY_FIGURES for d in DATACENTERS)
    + tuple(f"terrestrial.{f}" for f in (*MONEY_FIGURES, "year_earlier"))
    + tuple(f"demand.{f}" for f in DEMAND_FIGURES)
    + tuple(f"launch price.{f}" for f in PRICE_FIGURES)
)
"""Names of all figures, in the order of `figures`."""


def figures(evaluation: Evaluation) -> Array:
    """All figures of an evaluation in one vector."""
    routes = [getattr(evaluation.routes[r], f) for r in ROUTES for f in ROUTE_FIGURES]
    centers = [getattr(evaluation.datacenters[d], f) for d in DATACENTERS for f in DATACENTER_FIGURES]
    centers += [getattr(evaluation.datacenters[d].money, f) for f in MONEY_FIGURES for d in DATACENTERS]
    centers += [getattr(evaluation.terrestrial.money, f) for f in MONEY_FIGURES] + [evaluation.terrestrial.year_earlier]
    demand = [getattr(evaluation.demand, f)[0] for f in DEMAND_FIGURES]  # the others are proportional: test_demand.py
    price = [getattr(evaluation.launch_price, f) for f in PRICE_FIGURES]
    return jnp.stack([*routes, *centers, *demand, *price])


class Baseline(NamedTuple):
    """The baseline scenario, its ledger, and its leaves as a vector."""

    model: Scenario
    ledger: Mapping[str, Sourced]
    inputs: np.ndarray
    names: tuple[str, ...]
    scales: np.ndarray
    unravel: Callable[[Array], Scenario]
    figure_names: tuple[str, ...]

    def figures(self, inputs: Array) -> Array:
        """All figures as a function of all inputs."""
        return figures(evaluate(self.unravel(inputs)))


def entries(path: str, shape: tuple[int, ...]) -> list[str]:
    """Names of the elements of a leaf: "path", or "path[i]", "path[i,j]"."""
    if not shape:
        return [path]
    return [f"{path}[{','.join(map(str, index))}]" for index in np.ndindex(shape)]


def scale(path: str, value: np.ndarray, ledger: Mapping[str, Sourced]) -> np.ndarray:
    """Natural size of a leaf: its value; of a vector its length; of a zero the far end of its range, or one."""
    if value.ndim == 2:  # rows are vectors
        return np.broadcast_to(np.linalg.norm(value, axis=-1, keepdims=True), value.shape)
    if value.ndim == 0 and value == 0.0 and path in ledger:
        return np.asarray(max(abs(ledger[path].si_low), abs(ledger[path].si_high)) or 1.0)
    return np.where(value == 0.0, 1.0, np.abs(value))


@pytest.fixture(scope="session")
def baseline() -> Baseline:
    loaded = al.load("baseline")
    table = {path: np.asarray(x, np.float64) for path, x in leaves(loaded.model).items()}
    inputs, unravel = ravel_pytree(jax.tree.map(lambda x: jnp.asarray(x, jnp.float64), loaded.model))
    names = [name for path, value in table.items() for name in entries(path, value.shape)]
    scales = np.concatenate([scale(path, value, loaded.ledger).ravel() for path, value in table.items()])
    assert inputs.shape == (len(names),) == scales.shape
    return Baseline(loaded.model, loaded.ledger, np.asarray(inputs), tuple(names), scales, unravel, FIGURES)


@pytest.fixture(scope="session")
def evaluate_one() -> Callable[[Scenario], Evaluation]:
    return jax.jit(evaluate)


@pytest.fixture(scope="session")
def evaluation(baseline: Baseline, evaluate_one: Callable[[Scenario], Evaluation]) -> Evaluation:
    return evaluate_one(baseline.unravel(jnp.asarray(baseline.inputs)))


@pytest.fixture(scope="session")
def values(evaluation: Evaluation) -> np.ndarray:
    """The figures of the baseline."""
    return np.asarray(figures(evaluation))


@pytest.fixture(scope="session")
def evaluate_many(baseline: Baseline) -> Callable[[np.ndarray], Evaluation]:
    """Evaluations of many input vectors, (n, inputs), as one vmapped, jitted call."""
    compiled = jax.jit(jax.vmap(lambda x: evaluate(baseline.unravel(x))))
    return lambda x: jax.tree.map(np.asarray, compiled(jnp.asarray(x)))


N_RANDOM = 20_000
STEP = 1e-3
FINE = 2e-6
MOVES = np.array([FINE, 2 * FINE, STEP / 4, STEP / 2, STEP, 0.1])
STEPS = np.concatenate([-MOVES[::-1], MOVES])
"""Relative moves: six for a central difference, extrapolated twice; four where only fine ones will do; two far ones."""


class Cloud(NamedTuple):
    """Random scenarios, inputs (n, inputs) and evaluations; figures of the moved ones, (inputs, steps, figures)."""

    inputs: np.ndarray
    evaluation: Evaluation
    steps: np.ndarray
    moved: np.ndarray


@pytest.fixture(scope="session")
def cloud(baseline: Baseline, evaluate_many: Callable[[np.ndarray], Evaluation]) -> Cloud:
    """20,000 scenarios drawn from the ranges of the ledger, and the moved baselines, in one call: one compilation."""
    rng = np.random.default_rng(20260101)
    n = len(baseline.names)
    drawn = np.tile(baseline.inputs, (N_RANDOM, 1))
    for i, name in enumerate(baseline.names):
        if name in baseline.ledger:
            record = baseline.ledger[name]
            drawn[:, i] = rng.uniform(record.si_low, record.si_high, N_RANDOM)
    moved = np.tile(baseline.inputs, (n, STEPS.size, 1))
    moved[np.arange(n), :, np.arange(n)] += STEPS * baseline.scales[:, None]
    found = evaluate_many(np.concatenate([drawn, moved.reshape(-1, n)]))
    random = jax.tree.map(lambda x: x[:N_RANDOM], found)
    shifted = jax.vmap(figures)(jax.tree.map(lambda x: x[N_RANDOM:], found))
    return Cloud(drawn, random, STEPS, np.asarray(shifted).reshape(n, STEPS.size, len(FIGURES)))
