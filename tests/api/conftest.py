"""A scenario small enough that every answer has a closed form, and an evaluation of it, in place of the package's."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import jax.numpy as jnp
import numpy as np
import pytest
from jax import Array

from astro_logistics.api import SourcedScenario
from astro_logistics.pytree import Pytree, field, static
from astro_logistics.report import uncertainty
from astro_logistics.scenario.records import Ledger, Sourced
from astro_logistics.units import conversion_factor


class Rocket(Pytree):
    payload: Array = field(unit="kg", doc="payload of a flight", low=0.0)
    price: Array = field(unit="USD", doc="price of the rocket", low=0.0)
    flights: Array = field(unit="", doc="flights of a rocket", low=0.0)


class Toy(Pytree):
    rocket: Rocket
    bias: Array = field(unit="m", doc="half of its range has no square root")
    fixed: Array = field(unit="s", doc="known exactly")


class ToyRoute(Pytree):
    residuals: dict[str, Array]
    boundary: str = static(doc="what the cost contains")
    cost: Array = field(unit="USD / kg", doc="cost per payload")


class ToyEvaluation(Pytree):
    routes: dict[str, ToyRoute]
    speeds: Array = field(unit="m / s", doc="two numbers")
    sums: Array = field(unit="", doc="linear in the inputs")
    converged: Array


def evaluate(toy: Toy) -> ToyEvaluation:
    """Cost = price / (payload flights); a second route whose cost is the square root of the bias."""
    r = toy.rocket
    cost = r.price / (r.payload * r.flights)
    root = jnp.sqrt(toy.bias)
    return ToyEvaluation(
        routes={
            "earth-to-sso": ToyRoute({"light enough": r.payload / 12e3 - 1.0}, "all of it", cost),
            "moon-to-sso": ToyRoute({"never met": 1.0 + 0.0 * toy.bias}, "nothing", 50.0 * root),
        },
        speeds=jnp.stack([toy.bias / toy.fixed, 2.0 * toy.bias / toy.fixed]),
        sums=r.payload / 1e4 + 2.0 * toy.bias,
        converged=jnp.isfinite(cost) & jnp.isfinite(root),
    )


def record(value: float, unit: str, low: float, high: float, si_unit: str) -> Sourced:
    factor = conversion_factor(unit, si_unit)
    return Sourced(
        value=value,
        unit=unit,
        low=low,
        high=high,
        status="assumed",
        source="",
        locator="",
        note="",
        formula="",
        parents=(),
        price_year=None,
        si_unit=si_unit,
        si_value=value * factor,
        si_low=low * factor,
        si_high=high * factor,
        file="",
        key="",
    )


@pytest.fixture(scope="module")
def toy() -> Iterator[SourcedScenario]:
    """The toy scenario, while the figures come from the toy's evaluation."""
    records = {
        "rocket.payload": record(10.0, "t", 8.0, 16.0, "kg"),
        "rocket.price": record(20.0, "MUSD", 10.0, 25.0, "USD"),
        "rocket.flights": record(20.0, "", 5.0, 100.0, ""),
        "bias": record(0.0, "m", -1.0, 1.0, "m"),
        "fixed": record(1.0, "min", 1.0, 1.0, "s"),
    }
    payload, price, flights, bias, fixed = (np.float64(r.si_value) for r in records.values())
    model = Toy(Rocket(payload, price, flights), bias, fixed)  # pyright: ignore[reportArgumentType]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys.modules[uncertainty.__name__], "evaluate", evaluate)
        yield SourcedScenario("toy", model, Ledger(records, {}, price_year=2026))  # pyright: ignore[reportArgumentType]
