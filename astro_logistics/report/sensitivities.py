"""What moves each figure of the table, with the record behind every input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from astro_logistics import units
from astro_logistics.design.sensitivity import derivatives
from astro_logistics.network.evaluate import ROUTES, evaluate
from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import leaves
from astro_logistics.report.columns import BY_NAME, COLUMNS
from astro_logistics.scenario.records import Ledger, Sourced


@dataclass(frozen=True)
class Sensitivity:
    """How one input moves a figure: `derivative` in the figure's unit per unit of the record, `elasticity` relative."""

    path: str
    elasticity: float
    derivative: float
    record: Sourced


@dataclass(frozen=True)
class Sensitivities:
    """Derivatives of every column of every route with respect to every recorded input."""

    ledger: Ledger
    values: np.ndarray
    gradient: Mapping[str, np.ndarray]

    def rows(self, route: str, figure: str) -> list[Sensitivity]:
        """What moves one figure, strongest first."""
        index = ROUTES.index(route) * len(COLUMNS) + list(BY_NAME).index(figure)
        found = []
        for path, record in self.ledger.items():
            slope = float(self.gradient[path][index])
            elasticity = slope * record.si_value / float(self.values[index])
            found.append(Sensitivity(path, elasticity, slope * _unit_factor(record), record))
        return sorted(found, key=lambda row: -abs(row.elasticity))

    def rests_on(self) -> dict[str, Sourced]:
        """Every claimed or assumed number that any figure depends on, the most telling first."""
        weight = {
            path: float(np.max(np.abs(self.gradient[path] * record.si_value / self.values)))
            for path, record in self.ledger.items()
            if record.is_promise
        }
        paths = sorted((path for path in weight if weight[path] > 0.0), key=lambda path: -weight[path])
        return {path: self.ledger[path] for path in paths}


def _unit_factor(record: Sourced) -> float:
    """SI units per unit of the record."""
    return units.conversion_factor(record.unit, record.si_unit)


def all_figures(model: Scenario) -> jax.Array:
    """Every column of every route in the units of the table, shape (routes x columns,)."""
    routes = evaluate(model).routes
    return jnp.stack([getattr(routes[name], c.attribute) / c.unit for name in ROUTES for c in COLUMNS])


_derivatives = jax.jit(derivatives(all_figures))


def sensitivities(model: Scenario, ledger: Ledger) -> Sensitivities:
    """Derivatives of all figures of a model; one evaluation, one batch of reverse passes."""
    values, gradient = _derivatives(model)
    return Sensitivities(ledger, np.asarray(values), {path: np.asarray(g) for path, g in leaves(gradient).items()})
