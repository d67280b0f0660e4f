"""S. Turyshev (JPL, 2026): mass per kilowatt of orbital compute, and what launch and build may cost together.

Aging of array and radiator is inferred from the published areas (5,640 and 2,500 m2 per MW); the battery of the base
case comes out as nothing. The rate that a link carries per energy computed is checked at 26.3 Gb/s, which table VIII
needs; elsewhere the same work has 7 to 13.9 Gb/s.
"""

from __future__ import annotations

from jax import Array

from astro_logistics.constants import STEFAN_BOLTZMANN
from astro_logistics.numerics import mean_decay
from astro_logistics.pytree import Pytree, field


class Inputs(Pytree):
    """Parameters of the 1 MW node and of the break-even."""

    overhead: Array = field(unit="", doc="power on board over that of the servers", low=0.0)
    sunFraction: Array = field(unit="", doc="of the time in sunlight", low=0.0, high=1.0)
    arraySpecificPower: Array = field(unit="W/kg", doc="of the array", low=0.0)
    radiatorTemperature: Array = field(unit="K", doc="of the radiator", low=0.0)
    emissivityView: Array = field(unit="", doc="emissivity times view of space, heat of the surroundings taken off")
    radiatorArealMass: Array = field(unit="kg/m2", doc="per emitting area", low=0.0)
    agingArray: Array = field(unit="", doc="new over old power of the array", low=0.0)
    agingRadiator: Array = field(unit="", doc="area at the end over area at the start", low=0.0)
    specificMass: Array = field(unit="kg/kW", doc="whole satellite with fixed parts, for the break-even", low=0.0)
    groundCost: Array = field(unit="USD/kW", doc="of a data center on the ground", low=0.0)
    launchPrice: Array = field(unit="USD/kg", doc="of a launcher to hold against the allowance", low=0.0)
    lossRate: Array = field(unit="1/yr", doc="of capacity, losses and degradation together", low=0.0)
    years: Array = field(unit="yr", doc="life", low=0.0)
    linkRate: Array = field(unit="Gbit/s", doc="sustained to the ground", low=0.0)
    computePowerMW: Array = field(unit="MW", doc="of the node", low=0.0)
    utilization: Array = field(unit="", doc="of its servers", low=0.0, high=1.0)


def model(x: Inputs) -> dict[str, Array]:
    """Their results; masses in kg per kW of servers."""
    array = x.overhead / x.sunFraction / x.arraySpecificPower * 1e3
    flux = x.emissivityView * STEFAN_BOLTZMANN * x.radiatorTemperature**4
    radiator = x.overhead * 1e3 / flux * x.radiatorArealMass
    allowed = x.groundCost / x.specificMass
    return {
        "floor_kg_per_kw": array + radiator,
        "base_kg_per_kw": array * x.agingArray + radiator * x.agingRadiator,
        "array_kg_per_kw": array,
        "radiator_kg_per_kw": radiator,
        "radiator_m2_per_mw": x.overhead * 1e6 / flux * x.agingRadiator,
        "pi_life": 1.0 / mean_decay(x.lossRate * x.years),
        "allowed_usd_per_kg": allowed,
        "launch_over_allowed": x.launchPrice / allowed,
        "link_gbyte_per_kwh": x.linkRate / 8.0 * 3600.0 / (x.utilization * x.computePowerMW * 1e3),
        "mass_kg": (array * x.agingArray + radiator * x.agingRadiator) * x.computePowerMW * 1e3,
    }
