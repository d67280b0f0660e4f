"""Drivers to test with: lumped, or with coils."""

from __future__ import annotations

from collections.abc import Callable

import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.launch import mass_driver as drivers

LUMPED = {
    "track_length": 3000.0,
    "acceleration": 1000.0,
    "taper": 0.3,
    "acceleration_limit": 2000.0,
    "shot_mass": 100.0,
    "sled_ratio": 1.0,
    "sled_specific_force": 20e3,
    "drive_efficiency": 0.9,
    "braking_recovery": 0.8,
    "shot_interval": 10.0,
    "power": 50e6,
    "peak_power_limit": 1e9,
    "duty_fraction": 0.8,
    "guideway_mass_per_length": 100.0,
    "winding_mass_per_force": 1e-3,
    "winding_cycle_life": 1e8,
    "braking_acceleration": 3000.0,
    "switch_specific_power": 500e3,
    "plant_specific_power": 20.0,
    "store_shots": 1.5,
    "station_mass": 10e3,
    "station_time": 60.0,
    "coil_pitch": 0.5,
    "coil_energy_error": 0.01,
    "pointing_error": 1e-6,
    "speed_error_limit": 1e-4,
    "store.specific_energy": 14e3,
    "store.specific_power": 9e3,
    "store.cycle_life": 1e6,
    "store.life_exponent": 4.0,
    "radiator.temperature": 350.0,
    "radiator.emissivity": 0.85,
    "radiator.absorptivity": 0.3,
    "radiator.ground_view": 0.5,
    "radiator.ground_temperature": 340.0,
    "radiator.sun_exposure": 0.15,
    "radiator.areal_mass": 8.0,
}
COILS = {
    "drive_radius": 0.5,
    "drive_width": 0.1,
    "drive_length": 0.2,
    "sled_radius": 0.35,
    "sled_width": 0.05,
    "sled_length": 0.2,
    "sled_current": 2e6,
    "pulse_reach": 0.8,
    "packing_fraction": 0.6,
    "resistivity": 2.8e-8,
    "resistivity_slope": 4e-3,
    "warmth": 20.0,
    "density": 2700.0,
    "switch_loss": 0.01,
    "slip": 0.02,
    "supply_efficiency": 0.95,
}


def build(values: dict[str, float | np.ndarray], coils: dict[str, float] | None = None) -> drivers.MassDriver:
    """A driver from a flat table; names with a dot are of the store or the radiator."""

    def part(name: str) -> dict:
        return {k.removeprefix(name + "."): jnp.asarray(v) for k, v in values.items() if k.startswith(name + ".")}

    own = {k: jnp.asarray(v) for k, v in values.items() if "." not in k}
    return drivers.MassDriver(
        **own,
        store=drivers.EnergyStore(**part("store")),
        radiator=drivers.SurfaceRadiator(**part("radiator")),
        coils=None if coils is None else drivers.Coils(**{k: jnp.asarray(v) for k, v in coils.items()}),
    )


@pytest.fixture(scope="session")
def base() -> dict[str, float]:
    """Values of the lumped driver."""
    return dict(LUMPED)


@pytest.fixture(scope="session")
def make() -> Callable[..., drivers.MassDriver]:
    """A lumped driver at constant force, with some values changed."""
    return lambda **changes: build(LUMPED | {"taper": 0.0} | changes)


@pytest.fixture(scope="session")
def make_with_coils() -> Callable[..., drivers.MassDriver]:
    """The same with coils, some of whose values may be changed."""
    return lambda changes=None, **coils: build(LUMPED | {"taper": 0.0} | (changes or {}), COILS | coils)


@pytest.fixture
def random_drivers(rng: np.random.Generator) -> Callable[[int], tuple[drivers.MassDriver, np.ndarray]]:
    """Many drivers at constant force, and speeds."""
    ranges = {"sled_ratio": (0.0, 5.0), "drive_efficiency": (0.2, 1.0), "braking_recovery": (0.0, 1.0)}

    def draw(n: int) -> tuple[drivers.MassDriver, np.ndarray]:
        values = {
            k: rng.uniform(*ranges[k], n) if k in ranges else v * rng.uniform(0.2, 5.0, n) for k, v in LUMPED.items()
        }
        return build(values | {"taper": np.zeros(n)}), rng.uniform(1000.0, 8000.0, n)

    return draw
