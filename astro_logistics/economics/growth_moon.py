"""Industry on the Moon in rates: what its goods take of energy and regolith, what it makes of itself, what it costs."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.economics.finance import capital_recovery_factor
from astro_logistics.economics.growth_inputs import LunarIndustry


def goods_energy(industry: LunarIndustry) -> Array:
    """Electricity for a kilogram of goods, J/kg.

    metal (o_m e_O + e_m) + silicon (o_s e_O + e_s + e_c) + glass e_g: rock is parted into oxygen and metal at e_O per
    oxygen, o of which come with each kilogram; then the product is refined and formed.

    Errors: haulage and digging are left out (some 0.1 MJ/kg of regolith, 0.5 % of the sum at the packaged numbers).
    """
    metal, silicon = industry.metal_fraction, industry.silicon_fraction
    parted = metal * industry.oxygen_per_metal + silicon * industry.oxygen_per_silicon
    made = metal * industry.metal_energy + silicon * (industry.silicon_energy + industry.cell_energy)
    return parted * industry.oxygen_energy + made + (1.0 - metal - silicon) * industry.glass_energy


def goods_oxygen(industry: LunarIndustry) -> Array:
    """Oxygen won with a kilogram of goods."""
    metal, silicon = industry.metal_fraction, industry.silicon_fraction
    return metal * industry.oxygen_per_metal + silicon * industry.oxygen_per_silicon


def productivity(industry: LunarIndustry) -> Array:
    """Goods made in a year over the mass of the industry that makes them, 1/yr.

    duty / (1 / a + e / w + e / r): a kilogram of goods a year takes 1 / a of machines, e / w of power plant and e / r
    of radiators, all of them working for the same share of the year. All of the energy ends as heat (what stays in the
    goods as chemical energy is a tenth of it).
    """
    energy = goods_energy(industry) / JULIAN_YEAR  # W per kg/yr
    mass = 1.0 / industry.machine_productivity + energy / industry.plant_specific_power
    return industry.duty_fraction / (mass + energy / industry.radiator_specific_power)


def radiator_share(industry: LunarIndustry) -> Array:
    """Mass of the radiators over that of the industry."""
    energy = goods_energy(industry) / JULIAN_YEAR
    return productivity(industry) / industry.duty_fraction * energy / industry.radiator_specific_power


def closure(industry: LunarIndustry, years: ArrayLike) -> Array:
    """Share of its own mass that the industry can make, `years` after its start.

    q_last - (q_last - q_first) g^(years / generation), g the share of the gap that a generation leaves: the steps of
    Metzger and others (2013, Table 4), in which electronics go from none to nearly all over six generations of two
    years, as a smooth curve.
    """
    gap = industry.last_closure - industry.closure
    left = jnp.log(industry.gap_per_generation) * jnp.asarray(years) / industry.generation_time
    return industry.last_closure - gap * jnp.exp(left)


def goods_cost(industry: LunarIndustry, landed_share: ArrayLike, landed_cost: ArrayLike, discount: ArrayLike) -> Array:
    """What a kilogram of goods costs in money, USD/kg.

    Money is paid for what is landed and for running it: CRF (1 - q) (hardware + landing) / productivity + running cost.
    What the industry makes of itself is paid for in goods, which the share that becomes industry takes.

    Args:
        industry: what it is.
        landed_share: 1 - q, of its mass.
        landed_cost: landing a kilogram on the Moon, USD/kg.
        discount: rate per year.
    """
    bought = jnp.asarray(landed_share) * (industry.hardware_cost + jnp.asarray(landed_cost))
    share = capital_recovery_factor(discount, industry.life)
    return share * bought / productivity(industry) + industry.running_cost


def accessible_mass(industry: LunarIndustry, radius: ArrayLike) -> Array:
    """Ground of a whole sphere of `radius` (m) down to the depth that is taken: 4 pi R^2 d rho, kg."""
    return 4.0 * jnp.pi * jnp.asarray(radius) ** 2 * industry.reach * industry.ground_density


def supply_years(mass: ArrayLike, yearly: ArrayLike, growth: ArrayLike) -> Array:
    """Years for which a mass lasts whose use grows steadily: ln(1 + g m / u) / g, m / u without growth.

    Args:
        mass: left, kg.
        yearly: used now, kg/yr.
        growth: g, per year; where it is negative and the mass is never used up, infinite.
    """
    steady = jnp.asarray(mass) / jnp.asarray(yearly)
    x = jnp.asarray(growth) * steady
    small = jnp.abs(x) < 1e-6
    lasts = x <= -1.0
    safe = jnp.where(small | lasts, 1.0, x)
    return jnp.where(lasts, jnp.inf, steady * jnp.where(small, 1.0 - 0.5 * x, jnp.log1p(safe) / safe))
