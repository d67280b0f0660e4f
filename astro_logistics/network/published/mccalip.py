"""A. McCalip's calculator of orbital and terrestrial data centers (2026), equation by equation.

Theirs and kept: the number of satellites is rounded up (its derivative is that of the number before rounding); orbital
output is what was asked for, terrestrial output is 85 % of it; failed servers are replaced at the price of a satellite
without servers; no interest; the break-even leaves out operations, replacement and development that the total has. The
heat balance sees the Earth from an edge-on panel with a fixed 5 % of the view from above.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array

from astro_logistics.economics.boundaries import ComputeCost, boundary, statement
from astro_logistics.numerics import mean_decay
from astro_logistics.pytree import Pytree, field

BOUNDARY = boundary(
    "mccalip", 2026, "capital", "delivery", "development", "replacement", "operations", "energy", "delivered"
)
HOURS = 8760.0  # of a year, theirs
OPERATIONS = 0.01  # of the hardware in a year
STARSHIP = 100e3  # kg
ARRAY = 116.0 / 27.0  # m2 per kW, Starlink V2 Mini
SUNLIGHT, EARTH, ALBEDO, SPACE, SIGMA, RADIUS = 1361.0, 237.0, 0.30, 3.0, 5.67e-8, 6371.0  # W/m2, K, km; theirs
ANOMALIES = 72
EDGE_ON = 0.05  # of the view from above, for a face that looks past the Earth


class Inputs(Pytree):
    """McCalip's sliders under his names; percentages as numbers."""

    years: Array = field(unit="yr", doc="period that is counted", low=0.0)
    targetGW: Array = field(unit="GW", doc="average power wanted", low=0.0)
    solarAbsorptivity: Array = field(unit="", doc="of the face with cells", low=0.0, high=1.0)
    emissivityPV: Array = field(unit="", doc="of the face with cells", low=0.0, high=1.0)
    emissivityRad: Array = field(unit="", doc="of the back", low=0.0, high=1.0)
    pvEfficiency: Array = field(unit="", doc="of the cells", low=0.0, high=1.0)
    betaAngle: Array = field(unit="deg", doc="between the Sun and the plane of the orbit", low=0.0, high=90.0)
    orbitalAltitudeKm: Array = field(unit="km", doc="altitude", low=0.0)
    maxDieTempC: Array = field(unit="", doc="highest temperature of a chip, degrees Celsius")
    tempDropC: Array = field(unit="K", doc="from chip to radiator", low=0.0)
    launchCostPerKg: Array = field(unit="USD / kg", doc="launch", low=0.0)
    satelliteCostPerW: Array = field(unit="USD / W", doc="satellite without servers, per new power", low=0.0)
    specificPowerWPerKg: Array = field(unit="W / kg", doc="new power per mass of the satellite", low=0.0)
    satellitePowerKW: Array = field(unit="kW", doc="new power of one satellite", low=0.0)
    sunFraction: Array = field(unit="", doc="of the time in sunlight", low=0.0, high=1.0)
    cellDegradation: Array = field(unit="% / yr", doc="power lost by the cells", low=0.0, high=99.0)
    gpuFailureRate: Array = field(unit="% / yr", doc="hardware replaced", low=0.0)
    nreCost: Array = field(unit="MUSD", doc="development", low=0.0)
    gasTurbineCapexPerKW: Array = field(unit="USD / kW", doc="gas plant, per electric power", low=0.0)
    electricalCostPerW: Array = field(unit="USD / W", doc="distribution", low=0.0)
    mechanicalCostPerW: Array = field(unit="USD / W", doc="cooling", low=0.0)
    civilCostPerW: Array = field(unit="USD / W", doc="land and shell", low=0.0)
    networkCostPerW: Array = field(unit="USD / W", doc="network and fit-out", low=0.0)
    pue: Array = field(unit="", doc="power generated over that of the servers", low=0.0)
    gasPricePerMMBtu: Array = field(unit="USD", doc="of a million British thermal units of gas", low=0.0)
    heatRateBtuKwh: Array = field(unit="", doc="British thermal units per kWh", low=0.0)
    capacityFactor: Array = field(unit="", doc="of the time the data center runs", low=0.0, high=1.0)


def _retained(x: Inputs) -> Array:
    """Mean of (1 - d)^y over y = 0 .. N - 1: a geometric series in closed form, for any N."""
    force = -jnp.log1p(-x.cellDegradation / 100.0)
    return mean_decay(x.years * force) / mean_decay(force)


def view_factors(x: Inputs) -> tuple[Array, Array]:
    """Mean view of the Earth from the face to the Sun and from the back, over 72 places on the orbit, theirs."""
    above = (RADIUS / (RADIUS + x.orbitalAltitudeKm)) ** 2
    anomaly = 2.0 * jnp.pi * jnp.arange(ANOMALIES, dtype=jnp.float64) / ANOMALIES
    cosine = jnp.cos(jnp.deg2rad(x.betaAngle)) * jnp.cos(anomaly)
    front, back = (jnp.mean(jnp.where(c > 0.0, c, EDGE_ON)) for c in (cosine, -cosine))
    return above * front, above * back


def panel_temperature(x: Inputs) -> Array:
    """Temperature of the panel that takes in sunlight and the Earth's heat and radiates from both faces, K."""
    front, back = view_factors(x)
    heat = SUNLIGHT * x.solarAbsorptivity + EARTH * (front * x.emissivityPV + back * x.emissivityRad)
    heat = heat + SUNLIGHT * ALBEDO * front * jnp.cos(jnp.deg2rad(x.betaAngle)) * x.solarAbsorptivity
    return (heat / (SIGMA * (x.emissivityPV + x.emissivityRad)) + SPACE**4) ** 0.25


def satellites(x: Inputs, whole: bool) -> Array:
    """Satellites needed; rounded up if `whole`, with the derivative of the number before rounding."""
    count = x.targetGW * 1e6 / (_retained(x) * x.sunFraction * x.satellitePowerKW)
    return count + jax.lax.stop_gradient(jnp.ceil(count) - count) if whole else count


def model(x: Inputs, whole: bool = True) -> dict[str, Array]:
    """Their results.

    Args:
        x: inputs.
        whole: round the number of satellites up, as they do.
    """
    target = x.targetGW * 1e9
    count = satellites(x, whole)
    power = count * x.satellitePowerKW * 1e3
    mass = power / x.specificPowerWPerKg
    hardware, launch = x.satelliteCostPerW * power, x.launchCostPerKg * mass
    operations = hardware * OPERATIONS * x.years
    replacement = hardware * x.gpuFailureRate / 100.0 * x.years
    development = x.nreCost * 1e6
    orbital = hardware + launch + operations + replacement + development

    capital = _ground_capital(x) * target
    hours = x.years * HOURS
    megawatt_hours = x.targetGW * 1e3 * hours * x.capacityFactor
    fuel = _fuel_price(x) * megawatt_hours * x.pue
    ground = capital + fuel

    needed = target / (_retained(x) * x.sunFraction)
    return {
        "orbital_total_usd": orbital,
        "terrestrial_total_usd": ground,
        "orbital_cost_per_w": orbital / target,
        "terrestrial_cost_per_w": ground / target,
        "orbital_lcoe_usd_per_mwh": orbital / (x.targetGW * 1e3 * hours),
        "terrestrial_lcoe_usd_per_mwh": ground / megawatt_hours,
        "mass_kg": mass,
        "satellite_count": count,
        "cost_ratio": orbital / ground,
        "hardware_usd": hardware,
        "launch_usd": launch,
        "operations_usd": operations,
        "replacement_usd": replacement,
        "development_usd": development,
        "terrestrial_capital_usd": capital,
        "fuel_usd": fuel,
        "starship_launches": mass / STARSHIP + jax.lax.stop_gradient(jnp.ceil(mass / STARSHIP) - mass / STARSHIP)
        if whole
        else mass / STARSHIP,
        "array_area_m2": count * ARRAY * x.satellitePowerKW,
        "break_even_launch_usd_per_kg": (ground - x.satelliteCostPerW * needed) / (needed / x.specificPowerWPerKg),
        "panel_temperature_c": panel_temperature(x) - 273.15,
        "chip_temperature_margin_k": x.maxDieTempC - x.tempDropC - (panel_temperature(x) - 273.15),
    }


def _ground_capital(x: Inputs) -> Array:
    plant = x.gasTurbineCapexPerKW * x.pue / 1000.0
    return plant + x.electricalCostPerW + x.mechanicalCostPerW + x.civilCostPerW + x.networkCostPerW


def _fuel_price(x: Inputs) -> Array:
    """Fuel, USD per MWh of electricity."""
    return x.heatRateBtuKwh * x.gasPricePerMMBtu / 1000.0


def statements(x: Inputs, whole: bool = True) -> tuple[ComputeCost, ComputeCost]:
    """The orbital and the terrestrial side, per nominal watt: in orbit of new array power, on the ground of servers.

    In orbit everything they count as satellite is put under `power_capital`: servers are out, and they have no radiator
    apart from the array.
    """
    power = satellites(x, whole) * x.satellitePowerKW * 1e3
    common = {"life": x.years, "chip_life": x.years, "payments_per_year": 1.0}
    orbital = statement(
        power_capital=x.satelliteCostPerW,
        other_capital=0.0,
        delivery=x.launchCostPerKg / x.specificPowerWPerKg,
        power_delivery_fraction=1.0,
        development=x.nreCost * 1e6 / power,
        replacement=x.satelliteCostPerW * x.gpuFailureRate / 100.0,
        operations=x.satelliteCostPerW * OPERATIONS,
        energy=0.0,
        availability=x.targetGW * 1e9 / power,
        utilization=1.0,
        **common,
    )
    ground = statement(
        power_capital=x.gasTurbineCapexPerKW * x.pue / 1000.0 + x.electricalCostPerW,
        other_capital=x.mechanicalCostPerW + x.civilCostPerW + x.networkCostPerW,
        delivery=0.0,
        power_delivery_fraction=0.0,
        development=0.0,
        replacement=0.0,
        operations=0.0,
        energy=_fuel_price(x) * x.pue * x.capacityFactor * HOURS * 1e-6,
        availability=1.0,
        utilization=x.capacityFactor,
        **common,
    )
    return orbital, ground
