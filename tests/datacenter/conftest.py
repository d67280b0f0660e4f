"""The data center of the baseline scenario, and a dawn-dusk orbit for it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import pytest

from astro_logistics.api import read
from astro_logistics.constants import ASTRONOMICAL_UNIT
from astro_logistics.datacenter import Air, DataCenter, Environment, Particles, dose, environment


@pytest.fixture(scope="session")
def surroundings() -> Callable[..., Environment]:
    """Deep space at 1 au, but for what is given."""

    def build(**changes: Any) -> Environment:
        values = {name: jax.tree.map(lambda x: jnp.asarray(x, jnp.float64), x) for name, x in changes.items()}
        return dataclasses.replace(environment.deep_space(ASTRONOMICAL_UNIT), **values)

    return build


@pytest.fixture(scope="session")
def plausible() -> DataCenter:
    """The satellite of the baseline scenario."""
    return jax.tree.map(lambda x: jnp.asarray(x, jnp.float64), read("baseline")[0].datacenter)


@pytest.fixture(scope="session")
def sso_650(surroundings: Callable[..., Environment]) -> Environment:
    """650 km dawn-dusk: 0.9608 sunlit, 1184 s, 5863 s; the Earth's light and heat on an edge-on plate; air, belts."""
    return surroundings(
        particles=Particles(
            dose.dose_curve(650e3, 1.71), dose.cell_fluence_rate(650e3, 1.71), dose.open_sky(650e3, 1.71)
        ),
        air=Air(2e-6, 0.18, 0.95),
        disposal_delta_v=160.0,
        sunlit_fraction=0.9608,
        eclipse_season=0.25,
        longest_eclipse=1184.0,
        period=5863.0,
        albedo_flux=15.0,
        infrared_flux=60.0,
        array_front_albedo_flux=10.0,
        array_back_albedo_flux=30.0,
        array_infrared_flux=65.0,
    )
