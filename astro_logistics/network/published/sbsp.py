"""NASA OTPS (2024): power satellites in geostationary orbit for electricity on the ground; for its launches and masses.

Launches are those of the hardware and its two renewals, each refuelled twelve times on the way; the lifecycle cost is
that of launch over its printed share. Printed per kWh are 0.61 (RD1) and 1.59 USD (RD2). Spread evenly, without
interest, the same money gives 0.52 and 1.37 if the delivered power, itself a mean over the year, is multiplied by the
capacity factor once more: both 14 % low, which an interest on the initial capital explains. Multiplied once, RD2 would
cost 0.82: the capacity factor of 0.6 appears to be counted twice.
"""

from __future__ import annotations

from jax import Array

from astro_logistics.pytree import Pytree, field

HOURS = 8760.0


class Inputs(Pytree):
    """Key parameters of tables 2, 4 and 7."""

    upmass: Array = field(unit="kt", doc="in-space mass of one build-up", low=0.0)
    serviceMass: Array = field(unit="t", doc="servicers and removal vehicles of one build-up", low=0.0)
    payload: Array = field(unit="t", doc="of one launch to low orbit", low=0.0)
    refuelFlights: Array = field(unit="", doc="to bring one payload on to geostationary orbit", low=0.0)
    hardwareLife: Array = field(unit="yr", doc="of a module", low=0.0)
    systemLife: Array = field(unit="yr", doc="of the system", low=0.0)
    launchPrice: Array = field(unit="MUSD", doc="of a launch", low=0.0)
    blockDiscount: Array = field(unit="", doc="for buying many", low=0.0, high=1.0)
    launchShare: Array = field(unit="", doc="of launch in the lifecycle cost, as printed", low=0.0, high=1.0)
    arrayArea: Array = field(unit="km2", doc="of the solar array", low=0.0)
    sunlight: Array = field(unit="W/m2", doc="on it", low=0.0)
    cellEfficiency: Array = field(unit="", doc="of the cells", low=0.0, high=1.0)
    transmission: Array = field(unit="", doc="from cells to the grid: converters, beam, rectenna", low=0.0, high=1.0)
    capacityFactor: Array = field(unit="", doc="share of the year that it delivers", low=0.0, high=1.0)


def model(x: Inputs) -> dict[str, Array]:
    """Their results."""
    times = x.systemLife / x.hardwareLife
    launches = (x.upmass * 1e3 + x.serviceMass) / x.payload * (1.0 + x.refuelFlights) * times
    launch = launches * x.launchPrice * 1e6 * (1.0 - x.blockDiscount)
    total = launch / x.launchShare
    power = x.arrayArea * 1e6 * x.sunlight * x.cellEfficiency * x.transmission * x.capacityFactor
    energy = power * 1e-3 * HOURS * x.systemLife
    return {
        "launches": launches,
        "launch_usd": launch,
        "orbital_total_usd": total,
        "delivered_power_mw": power * 1e-6,
        "lcoe_no_interest_usd_per_kwh": total / (energy * x.capacityFactor),
        "lcoe_capacity_counted_once_usd_per_kwh": total / energy,
        "orbital_cost_per_w": total / power,
        "orbital_lcoe_usd_per_mwh": total / (energy * x.capacityFactor) * 1e3,
        "mass_kg": x.upmass * 1e6,
    }
