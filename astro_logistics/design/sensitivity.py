"""What moves a figure: derivatives with respect to every input at once."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp

from astro_logistics.network.scenario import Scenario

Figures = Callable[[Scenario], jax.Array]
"""A function of the scenario whose value is a vector of figures, shape (m,)."""


def derivatives(figures: Figures) -> Callable[[Scenario], tuple[jax.Array, Scenario]]:
    """Values of m figures and their derivatives with respect to every leaf, from one evaluation and m reverse passes.

    Args:
        figures: scenario -> values, shape (m,).

    Returns:
        A pure function, to be jitted by the caller: scenario -> (values (m,), a scenario-shaped pytree whose leaves
        have a leading axis of length m).
    """

    def both(scenario: Scenario) -> tuple[jax.Array, Scenario]:
        values, pullback = jax.vjp(figures, scenario)
        (gradient,) = jax.vmap(pullback)(jnp.eye(values.shape[0]))
        return values, gradient

    return both
