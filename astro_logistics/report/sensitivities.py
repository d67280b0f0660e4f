"""What moves each figure of the table, with the record behind every input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np

from astro_logistics import units
from astro_logistics.compiling import quick_jit
from astro_logistics.design.sensitivity import derivatives
from astro_logistics.network.evaluate import ROUTES, evaluate
from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import leaves
from astro_logistics.report.columns import BY_NAME, COLUMNS
from astro_logistics.scenario.records import Ledger, Sourced


@dataclass(frozen=True)
class Sensitivity:
    """How one input moves a figure.

    `derivative` is in the figure's unit per unit of the record; `elasticity` is relative change per relative change;
    `swing` is the relative change, to first order, from the low to the high end of the input's range.
    """

    path: str
    elasticity: float
    derivative: float
    swing: float
    record: Sourced


@dataclass(frozen=True)
class Sensitivities:
    """Derivatives of every column of every route with respect to every recorded input."""

    ledger: Ledger
    values: np.ndarray
    gradient: Mapping[str, np.ndarray]

    def rows(self, route: str, figure: str) -> list[Sensitivity]:
        """What moves one figure, strongest first: by `swing`, for what is known exactly moves nothing."""
        index = ROUTES.index(route) * len(COLUMNS) + list(BY_NAME).index(figure)
        value = float(self.values[index])
        found = []
        for path, record in self.ledger.items():
            slope = float(self.gradient[path][index])
            found.append(
                Sensitivity(
                    path=path,
                    elasticity=slope * record.si_value / value,
                    derivative=slope * units.conversion_factor(record.unit, record.si_unit),
                    swing=slope * (record.si_high - record.si_low) / value,
                    record=record,
                )
            )
        return sorted(found, key=lambda row: -abs(row.swing))

    def rests_on(self) -> dict[str, Sourced]:
        """Every claimed or assumed number that any figure depends on, the most telling over its range first."""
        size = np.where(self.values == 0.0, np.inf, np.abs(self.values))  # a figure that is zero has no relative change
        promised = {path: record for path, record in self.ledger.items() if record.is_promise}
        weight = {
            path: float(np.max(np.abs(self.gradient[path]) * (record.si_high - record.si_low) / size))
            for path, record in promised.items()
        }
        moving = [path for path in promised if np.any(self.gradient[path] != 0.0)]
        return {path: promised[path] for path in sorted(moving, key=lambda path: -weight[path])}


def all_figures(model: Scenario) -> jax.Array:
    """Every column of every route in the units of the table, shape (routes x columns,)."""
    routes = evaluate(model).routes
    return jnp.stack([getattr(routes[name], c.attribute) / c.unit for name in ROUTES for c in COLUMNS])


_derivatives = quick_jit(derivatives(all_figures))


def sensitivities(model: Scenario, ledger: Ledger) -> Sensitivities:
    """Derivatives of all figures of a model; one evaluation and its linear map, applied to every input at once."""
    values, gradient = _derivatives(model)
    return Sensitivities(ledger, np.asarray(values), {path: np.asarray(g) for path, g in leaves(gradient).items()})
