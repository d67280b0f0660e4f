"""McCalip's calculator: his printed totals, his equations in a plain loop, derivatives."""

from __future__ import annotations

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.economics.boundaries import levelized
from astro_logistics.network.published import mccalip
from astro_logistics.pytree import leaves
from astro_logistics.scenario import data_folder, load_scenario

RANGES = {
    "years": (3, 11), "targetGW": (0.1, 100), "solarAbsorptivity": (0.8, 0.98), "emissivityPV": (0.7, 0.95),
    "emissivityRad": (0.7, 0.95), "pvEfficiency": (0.15, 0.3), "betaAngle": (60, 90), "orbitalAltitudeKm": (400, 1200),
    "maxDieTempC": (60, 100), "tempDropC": (2, 20), "launchCostPerKg": (20, 2940), "satelliteCostPerW": (5, 40),
    "specificPowerWPerKg": (3, 75), "satellitePowerKW": (5, 130), "sunFraction": (0.55, 1), "cellDegradation": (0, 12),
    "gpuFailureRate": (0, 15), "nreCost": (0, 10000), "gasTurbineCapexPerKW": (1450, 2300),
    "electricalCostPerW": (3, 7), "mechanicalCostPerW": (1, 5), "civilCostPerW": (1, 4), "networkCostPerW": (1, 3),
    "pue": (1.05, 1.6), "gasPricePerMMBtu": (2, 15), "heatRateBtuKwh": (5500, 9000), "capacityFactor": (0.5, 1),
}  # fmt: skip


@pytest.fixture(scope="module")
def inputs() -> mccalip.Inputs:
    return load_scenario(data_folder() / "published" / "mccalip.toml", mccalip.Inputs)[0]


@pytest.fixture(scope="module")
def model() -> Callable[[mccalip.Inputs], dict]:
    return jax.jit(mccalip.model)


def by_the_loop(s: dict[str, float]) -> dict[str, float]:
    """His program in plain Python: year by year, satellite by satellite."""
    retained = sum((1.0 - s["cellDegradation"] / 100.0) ** y for y in range(int(s["years"]))) / s["years"]
    needed = s["targetGW"] * 1e9 / (retained * s["sunFraction"])
    count = math.ceil(needed / (s["satellitePowerKW"] * 1000.0))
    mass = count * s["satellitePowerKW"] * 1000.0 / s["specificPowerWPerKg"]
    hardware = s["satelliteCostPerW"] * count * s["satellitePowerKW"] * 1000.0
    yearly = hardware * 0.01 + hardware * s["gpuFailureRate"] / 100.0
    orbital = hardware + s["launchCostPerKg"] * mass + sum(yearly for _ in range(int(s["years"]))) + s["nreCost"] * 1e6
    energy = s["targetGW"] * 1e3 * s["years"] * 8760.0
    per_watt = s["gasTurbineCapexPerKW"] * s["pue"] / 1e3 + s["electricalCostPerW"] + s["mechanicalCostPerW"]
    per_watt += s["civilCostPerW"] + s["networkCostPerW"]
    fuel = s["heatRateBtuKwh"] * s["gasPricePerMMBtu"] / 1e3 * energy * s["capacityFactor"] * s["pue"]
    ground = per_watt * s["targetGW"] * 1e9 + fuel
    above, faces = (6371.0 / (6371.0 + s["orbitalAltitudeKm"])) ** 2, [0.0, 0.0]
    for i in range(72):
        c = math.cos(math.radians(s["betaAngle"])) * math.cos(2 * math.pi * i / 72)
        faces[0] += above * (c if c > 0 else 0.05) / 72
        faces[1] += above * (-c if -c > 0 else 0.05) / 72
    heat = 1361 * s["solarAbsorptivity"] + 237 * (faces[0] * s["emissivityPV"] + faces[1] * s["emissivityRad"])
    heat += 1361 * 0.3 * faces[0] * math.cos(math.radians(s["betaAngle"])) * s["solarAbsorptivity"]
    panel = (heat / (5.67e-8 * (s["emissivityPV"] + s["emissivityRad"])) + 3**4) ** 0.25 - 273.15
    return {
        "orbital_total_usd": orbital,
        "terrestrial_total_usd": ground,
        "orbital_cost_per_w": orbital / (s["targetGW"] * 1e9),
        "terrestrial_cost_per_w": ground / (s["targetGW"] * 1e9),
        "orbital_lcoe_usd_per_mwh": orbital / energy,
        "terrestrial_lcoe_usd_per_mwh": ground / (energy * s["capacityFactor"]),
        "mass_kg": mass,
        "satellite_count": count,
        "break_even_launch_usd_per_kg": (ground - s["satelliteCostPerW"] * needed)
        / (needed / s["specificPowerWPerKg"]),
        "panel_temperature_c": panel,
    }


def test_as_published(inputs, model):
    found = {name: float(x) for name, x in model(inputs).items()}
    assert found["orbital_total_usd"] / 1e9 == pytest.approx(51.095, abs=5e-4)  # printed digits
    assert found["terrestrial_total_usd"] / 1e9 == pytest.approx(15.851, abs=5e-4)
    assert found["satellite_count"] == 39_731
    assert found["starship_launches"] == 294
    assert found["mass_kg"] / 1e6 == pytest.approx(29.39, abs=5e-3)
    assert found["break_even_launch_usd_per_kg"] == pytest.approx(-263.7, abs=0.05)
    assert found["orbital_lcoe_usd_per_mwh"] == pytest.approx(1166.6, abs=0.05)
    assert found["terrestrial_lcoe_usd_per_mwh"] == pytest.approx(425.8, abs=0.05)
    assert found["panel_temperature_c"] == pytest.approx(62.6, abs=0.05)


def test_any_inputs_of_his(inputs, model, rng: np.random.Generator):
    for _ in range(300):
        drawn = {name: float(rng.uniform(*ends)) for name, ends in RANGES.items()}
        drawn["years"] = float(rng.integers(3, 11))
        found = model(mccalip.Inputs(**{name: np.float64(x) for name, x in drawn.items()}))
        for name, expected in by_the_loop(drawn).items():
            assert float(found[name]) == pytest.approx(expected, rel=1e-11), name  # rounding


def test_statements_say_the_same(inputs, model):
    found = model(inputs)
    orbital, ground = mccalip.statements(inputs)
    years = float(inputs.years)
    assert float(levelized(orbital, mccalip.BOUNDARY)) * years == pytest.approx(
        float(found["orbital_cost_per_w"]), rel=1e-13
    )
    assert float(levelized(ground, mccalip.BOUNDARY)) * years == pytest.approx(
        float(found["terrestrial_cost_per_w"]), rel=1e-13
    )


def test_derivatives(inputs):
    # without rounding, against central differences extrapolated once: 1e-8 of a figure of order one
    scale = {name: float(x) for name, x in leaves(inputs).items()}
    names = tuple(scale)

    def ratio(s: jax.Array) -> jax.Array:
        moved = mccalip.Inputs(**{n: scale[n] * (1.0 + s[i]) for i, n in enumerate(names)})
        out = mccalip.model(moved, whole=False)
        return jnp.log(jnp.stack([out["orbital_total_usd"], out["terrestrial_total_usd"], out["mass_kg"]]))

    compiled, at = jax.jit(jax.vmap(ratio)), np.eye(len(names))
    h = 1e-3
    one, two = ((compiled(k * h * at) - compiled(-k * h * at)) / (2 * k * h) for k in (0.5, 1.0))
    exact = np.asarray(jax.jit(jax.jacfwd(ratio))(jnp.zeros(len(names)))).T
    np.testing.assert_allclose((4 * np.asarray(one) - np.asarray(two)) / 3, exact, atol=1e-8)


def test_derivative_of_the_rounded_count_is_that_before_rounding(inputs):
    def total(price: float, whole: bool) -> jax.Array:
        x = mccalip.Inputs(**{**dict(leaves(inputs)), "satelliteCostPerW": price})
        return mccalip.model(x, whole)["orbital_total_usd"]

    rounded, smooth = (float(jax.jit(jax.grad(total), static_argnums=1)(22.0, whole)) for whole in (True, False))
    assert rounded == pytest.approx(smooth, rel=3e-5)  # one satellite of 39,731
