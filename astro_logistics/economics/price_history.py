"""What a kilogram to low orbit was sold for, against the mass that had been lifted by then."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from astro_logistics.economics.learning import WrightFit, fit
from astro_logistics.pytree import Pytree, field, static


class PricePoint(Pytree):
    """One entry of the history: a price and the mass lifted when it held."""

    cumulative_mass: Array = field(unit="kg", doc="mass lifted to orbit by then, all vehicles of the maker", low=0.0)
    price: Array = field(unit="USD / kg", doc="list price over payload to low orbit", low=0.0)
    year: int = static(doc="calendar year in which it was sold so; the fit is over mass and does not use it")


class PriceHistory(Pytree):
    """The entries, and where the scenario's launcher joins them."""

    points: dict[str, PricePoint]
    start_mass: Array = field(unit="kg", doc="mass lifted when the launcher's unit costs hold", low=0.0)
    start_units: Array = field(
        unit="", doc="boosters and ships, each, built when the launcher's unit costs hold", low=0.0
    )


def wright(history: PriceHistory) -> WrightFit:
    """Wright's law fitted to the entries of a history."""
    points = history.points.values()
    return fit(jnp.stack([p.cumulative_mass for p in points]), jnp.stack([p.price for p in points]))
