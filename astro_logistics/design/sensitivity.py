"""What moves a figure: derivatives and elasticities with respect to every input at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import jax
import jax.numpy as jnp
import numpy as np

from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import leaves

Figures = Callable[[Scenario], jax.Array]
"""A function of the scenario whose value is a vector of figures, shape (m,)."""


def derivatives(figures: Figures) -> Callable[[Scenario], tuple[jax.Array, Scenario]]:
    """Values of m figures and their derivatives with respect to every leaf, from one evaluation and m reverse passes.

    Args:
        figures: scenario -> values, shape (m,).

    Returns:
        A pure function, to be jitted by the caller: scenario -> (values (m,), a scenario-shaped pytree whose leaves have a
        leading axis of length m).
    """

    def both(scenario: Scenario) -> tuple[jax.Array, Scenario]:
        values, pullback = jax.vjp(figures, scenario)
        (gradient,) = jax.vmap(pullback)(jnp.eye(values.shape[0]))
        return values, gradient

    return both


def elasticities(scenario: Scenario, value: float, gradient: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Relative change of a figure per relative change of each scalar input: (x / f) df/dx, by path.

    Inputs that are arrays (states from the ephemeris) have no single elasticity and are left out.

    Args:
        scenario: the scenario.
        value: value f of the figure.
        gradient: df/dx by path, as `pytree.leaves` of one row of `derivatives`.
    """
    return {path: float(leaf * gradient[path] / value) for path, leaf in leaves(scenario).items() if np.ndim(leaf) == 0}
