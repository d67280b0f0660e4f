"""Google's Suncatcher paper (2025): the price of power launched, over a satellite's life, and what would make it cheap.

Launch alone against bought electricity alone: the satellite itself, its radiators and its servers are on neither side.
The learning curve counts mass from 400 t at 1,800 USD/kg. Bottom-up, a rocket that costs so much per kg of payload new
is spread over its flights and fuel added; with the stated 460 and 8 USD/kg this gives 53 USD/kg at ten flights and 12.5
at a hundred, where the paper prints about 60 and 15: parts that fly less often than others are not told apart in what
was read.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from astro_logistics.economics.boundaries import ComputeCost, boundary, statement
from astro_logistics.economics.learning import wright_exponent
from astro_logistics.pytree import Pytree, field

BOUNDARY = boundary("suncatcher", 2025, "delivery", "energy")
HOURS = 8760.0


class Inputs(Pytree):
    """Inputs of table 1 and of the text."""

    massKg: Array = field(unit="kg", doc="of the satellite, Starlink v2 mini optimised", low=0.0)
    powerKW: Array = field(unit="kW", doc="of its array", low=0.0)
    lifeYears: Array = field(unit="yr", doc="of it", low=0.0)
    launchPrice: Array = field(unit="USD/kg", doc="launch price hoped for", low=0.0)
    launchPriceToday: Array = field(unit="USD/kg", doc="launch price now", low=0.0)
    learningMass: Array = field(unit="t", doc="mass lifted when the learning price held", low=0.0)
    learningPrice: Array = field(unit="USD/kg", doc="price at that mass", low=0.0)
    learningRate: Array = field(unit="", doc="share of the price saved per doubling of mass", low=0.0, high=0.9)
    electricityPrice: Array = field(unit="USD/kWh", doc="on the ground, low end", low=0.0)
    electricityPriceHigh: Array = field(unit="USD/kWh", doc="high end", low=0.0)
    pue: Array = field(unit="", doc="low end", low=1.0)
    pueHigh: Array = field(unit="", doc="high end", low=1.0)
    expendedPrice: Array = field(unit="USD/kg", doc="cost of a new rocket flown once, with fuel", low=0.0)
    fuelPrice: Array = field(unit="USD/kg", doc="fuel per payload", low=0.0)
    flights: Array = field(unit="", doc="flights of each part", low=1.0)


def launched_power_price(mass: Array, price: Array, power: Array, life: Array) -> Array:
    """Launch per power and year of life: M L / (P T)."""
    return mass * price / (power * life)


def model(x: Inputs) -> dict[str, Array]:
    """Their results."""
    exponent = wright_exponent(x.learningRate)

    def needed(price: Array | float) -> Array:
        return x.learningMass * (x.learningPrice / jnp.asarray(price)) ** (1.0 / exponent)

    ground = x.electricityPrice * HOURS * x.pue
    hardware = x.expendedPrice - x.fuelPrice
    orbital = launched_power_price(x.massKg, x.launchPrice, x.powerKW, x.lifeYears)
    return {
        "orbital_usd_per_kw_year": orbital,
        "orbital_today_usd_per_kw_year": launched_power_price(x.massKg, x.launchPriceToday, x.powerKW, x.lifeYears),
        "terrestrial_usd_per_kw_year": ground,
        "terrestrial_high_usd_per_kw_year": x.electricityPriceHigh * HOURS * x.pueHigh,
        "cost_ratio": orbital / ground,
        "mass_to_launch_price_t": needed(x.launchPrice),
        "mass_to_300_usd_per_kg_t": needed(300.0),
        "bottom_up_launch_usd_per_kg": hardware / x.flights + x.fuelPrice,
        "mass_kg": x.massKg,
        "orbital_cost_per_w": x.massKg * x.launchPrice / (x.powerKW * 1e3),
    }


def statements(x: Inputs) -> tuple[ComputeCost, ComputeCost]:
    """Launch of a watt of array, and a year's electricity of a watt of servers."""
    common = {"life": x.lifeYears, "chip_life": x.lifeYears, "payments_per_year": 1.0}
    orbital = statement(delivery=x.launchPrice * x.massKg / (x.powerKW * 1e3), energy=0.0, **common)
    ground = statement(delivery=0.0, energy=x.electricityPrice * 1e-3 * HOURS * x.pue, **common)
    return orbital, ground
