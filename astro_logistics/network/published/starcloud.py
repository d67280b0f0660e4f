"""Starcloud's white paper (2024): 40 MW for ten years, and what a radiator of two faces gives off.

Their table of costs leaves out the satellite apart from its cells and shield, all servers on both sides, interest, and
failures. Their 633 W/m2 counts heat from the Earth as fixed 9.22 and 5.24 W/m2; a grey panel would take in more.
"""

from __future__ import annotations

from jax import Array

from astro_logistics.constants import STEFAN_BOLTZMANN
from astro_logistics.economics.boundaries import ComputeCost, boundary, statement
from astro_logistics.pytree import Pytree, field

BOUNDARY = boundary("starcloud", 2024, "capital", "delivery", "energy")
HOURS = 8760.0


class Inputs(Pytree):
    """Inputs of table 1 and of the cooling example."""

    powerMW: Array = field(unit="MW", doc="of the cluster", low=0.0)
    years: Array = field(unit="yr", doc="period", low=0.0)
    electricityPrice: Array = field(unit="USD/kWh", doc="on the ground", low=0.0)
    chillers: Array = field(unit="MUSD", doc="energy of chillers on the ground", low=0.0)
    backup: Array = field(unit="MUSD", doc="backup power supply on the ground", low=0.0)
    solarArray: Array = field(unit="MUSD", doc="cells", low=0.0)
    launch: Array = field(unit="MUSD", doc="one launch", low=0.0)
    shielding: Array = field(unit="MUSD", doc="radiation shield", low=0.0)
    panelTemperature: Array = field(unit="K", doc="of the radiator", low=0.0)
    emissivity: Array = field(unit="", doc="of both its faces", low=0.0, high=1.0)
    absorptivity: Array = field(unit="", doc="of sunlight", low=0.0, high=1.0)
    sunlight: Array = field(unit="W/m2", doc="on the panel", low=0.0)
    earthHeat: Array = field(unit="W/m2", doc="taken in from the Earth's own heat", low=0.0)
    albedoHeat: Array = field(unit="W/m2", doc="taken in from reflected sunlight", low=0.0)


def model(x: Inputs) -> dict[str, Array]:
    """Their results."""
    energy = x.powerMW * 1e3 * HOURS * x.years * x.electricityPrice
    ground = energy + (x.chillers + x.backup) * 1e6
    orbital = (x.solarArray + x.launch + x.shielding) * 1e6
    emitted = 2.0 * x.emissivity * STEFAN_BOLTZMANN * x.panelTemperature**4
    return {
        "orbital_total_usd": orbital,
        "terrestrial_total_usd": ground,
        "orbital_cost_per_w": orbital / (x.powerMW * 1e6),
        "terrestrial_cost_per_w": ground / (x.powerMW * 1e6),
        "cost_ratio": orbital / ground,
        "energy_usd": energy,
        "radiator_emitted_w_per_m2": emitted,
        "radiator_net_w_per_m2": emitted - x.absorptivity * x.sunlight - x.earthHeat - x.albedoHeat,
    }


def statements(x: Inputs) -> tuple[ComputeCost, ComputeCost]:
    """Both sides per watt."""
    watts = x.powerMW * 1e6
    common = {"life": x.years, "chip_life": x.years, "payments_per_year": 1.0}
    orbital = statement(
        power_capital=x.solarArray * 1e6 / watts,
        other_capital=x.shielding * 1e6 / watts,
        delivery=x.launch * 1e6 / watts,
        energy=0.0,
        **common,
    )
    ground = statement(
        power_capital=x.backup * 1e6 / watts,
        other_capital=0.0,
        delivery=0.0,
        energy=x.electricityPrice * 1e-3 * HOURS + x.chillers * 1e6 / (watts * x.years),
        **common,
    )
    return orbital, ground
