"""SemiAnalysis (June 2026): a cluster of 16 accelerators in orbit and on the ground, per accelerator and hour.

Capital is paid back monthly over its life at each side's own cost of capital; the cost of ownership is then divided by
what radiation leaves available and multiplied by the accelerators kept as spares. Capital sums are printed to two
digits; they are taken back from the printed monthly and hourly costs, which agree with them. The printed costs per
PFLOP-hour belong to 15 PFLOPS per accelerator, not to the 4.5 that the text names beside them.
"""

from __future__ import annotations

from jax import Array

from astro_logistics.constants import HOUR, JULIAN_YEAR
from astro_logistics.economics.boundaries import ITEMS, ComputeCost, boundary, statement
from astro_logistics.economics.finance import capital_recovery_factor
from astro_logistics.pytree import Pytree, field

BOUNDARY = boundary("semianalysis", 2026, *ITEMS, "financing", "delivered")
MONTHS = 12.0
HOURS = 730.0  # of a month, theirs


class Inputs(Pytree):
    """What the article states; the paid model behind it was not seen."""

    accelerators: Array = field(unit="", doc="in the cluster", low=0.0)
    clusterPowerKW: Array = field(unit="kW", doc="power of the servers", low=0.0)
    chipPetaflops: Array = field(unit="", doc="10^15 dense operations per second of one accelerator", low=0.0)
    spaceItCapital: Array = field(unit="MUSD", doc="servers and network, in orbit", low=0.0)
    earthItCapital: Array = field(unit="MUSD", doc="servers and network, on the ground", low=0.0)
    spaceDatacenterCapital: Array = field(unit="MUSD", doc="satellite and launch", low=0.0)
    spaceLaunch: Array = field(unit="MUSD", doc="launch, in the above", low=0.0)
    earthDatacenterCapital: Array = field(unit="MUSD", doc="building and plant", low=0.0)
    itLife: Array = field(unit="yr", doc="of servers", low=0.0)
    spaceLife: Array = field(unit="yr", doc="of the satellite", low=0.0)
    earthLife: Array = field(unit="yr", doc="of the building", low=0.0)
    spaceWacc: Array = field(unit="%/yr", doc="cost of capital, in orbit")
    earthWacc: Array = field(unit="%/yr", doc="cost of capital, on the ground")
    spaceOperations: Array = field(unit="USD/h", doc="per accelerator, in orbit", low=0.0)
    earthOperations: Array = field(unit="USD/h", doc="per accelerator, on the ground, electricity included", low=0.0)
    electricityPrice: Array = field(unit="USD / kWh", doc="paid on the ground", low=0.0)
    powerUtilization: Array = field(unit="", doc="of the servers' power on the ground", low=0.0, high=1.0)
    pue: Array = field(unit="", doc="of the data center on the ground", low=1.0)
    spaceAvailability: Array = field(unit="", doc="left by radiation", low=0.0, high=1.0)
    earthAvailability: Array = field(unit="", doc="the same on the ground", low=0.0, high=1.0)
    spaceSpares: Array = field(unit="", doc="accelerators more, in orbit", low=0.0)
    earthSpares: Array = field(unit="", doc="accelerators more, on the ground", low=0.0)


def _hourly(capital: Array, rate: Array, life: Array, accelerators: Array) -> Array:
    """Capital in MUSD paid back monthly, USD per accelerator and hour."""
    monthly = capital * 1e6 * capital_recovery_factor(rate / 100.0 / MONTHS, life * MONTHS)
    return monthly / (accelerators * HOURS)


def model(x: Inputs) -> dict[str, Array]:
    """Their results, USD per accelerator and hour."""
    n = x.accelerators
    space_it = _hourly(x.spaceItCapital, x.spaceWacc, x.itLife, n)
    space_dc = _hourly(x.spaceDatacenterCapital, x.spaceWacc, x.spaceLife, n)
    earth_it = _hourly(x.earthItCapital, x.earthWacc, x.itLife, n)
    earth_dc = _hourly(x.earthDatacenterCapital, x.earthWacc, x.earthLife, n)
    space = space_it + space_dc + x.spaceOperations
    earth = earth_it + earth_dc + x.earthOperations
    space_lcoc = space * (1.0 + x.spaceSpares) / x.spaceAvailability
    earth_lcoc = earth * (1.0 + x.earthSpares) / x.earthAvailability
    return {
        "orbital_tco_usd_per_gpu_hour": space,
        "terrestrial_tco_usd_per_gpu_hour": earth,
        "orbital_lcoc_usd_per_gpu_hour": space_lcoc,
        "terrestrial_lcoc_usd_per_gpu_hour": earth_lcoc,
        "cost_ratio": space_lcoc / earth_lcoc,
        "orbital_lcoc_usd_per_pflop_hour": space_lcoc / x.chipPetaflops,
        "terrestrial_lcoc_usd_per_pflop_hour": earth_lcoc / x.chipPetaflops,
        "orbital_month_usd": space * n * HOURS,
        "terrestrial_month_usd": earth * n * HOURS,
        "orbital_datacenter_usd_per_gpu_hour": space_dc,
        "terrestrial_datacenter_usd_per_gpu_hour": earth_dc,
        "orbital_total_usd": (x.spaceItCapital + x.spaceDatacenterCapital) * 1e6,
        "terrestrial_total_usd": (x.earthItCapital + x.earthDatacenterCapital) * 1e6,
        "orbital_cost_per_w": x.spaceDatacenterCapital * 1e3 / x.clusterPowerKW,
        "terrestrial_cost_per_w": x.earthDatacenterCapital * 1e3 / x.clusterPowerKW,
    }


def statements(x: Inputs) -> tuple[ComputeCost, ComputeCost]:
    """Both sides per watt of servers.

    The split of satellite and building into power supply and the rest is not stated: all is under `other_capital`.
    """
    watts, year = x.clusterPowerKW * 1e3, MONTHS * HOURS
    common = {
        "power_capital": 0.0,
        "development": 0.0,
        "replacement": 0.0,
        "chip_replacement": 0.0,
        "chip_life": x.itLife,
        "payments_per_year": MONTHS,
        "utilization": 1.0,
        "chip_power": watts / x.accelerators * JULIAN_YEAR / (year * HOUR),
        "chip_rate": x.chipPetaflops * 1e15,
    }
    orbital = statement(
        other_capital=(x.spaceDatacenterCapital - x.spaceLaunch) * 1e6 / watts,
        delivery=x.spaceLaunch * 1e6 / watts,
        chips=x.spaceItCapital * 1e6 / watts,
        operations=x.spaceOperations * x.accelerators * year / watts,
        energy=0.0,
        life=x.spaceLife,
        discount_rate=x.spaceWacc / 100.0,
        availability=x.spaceAvailability / (1.0 + x.spaceSpares),
        **common,
    )
    electricity = x.electricityPrice * 1e-3 * x.powerUtilization * x.pue * year
    ground = statement(
        other_capital=x.earthDatacenterCapital * 1e6 / watts,
        delivery=0.0,
        power_delivery_fraction=0.0,
        chips=x.earthItCapital * 1e6 / watts,
        operations=x.earthOperations * x.accelerators * year / watts - electricity,
        energy=electricity,
        life=x.earthLife,
        discount_rate=x.earthWacc / 100.0,
        availability=x.earthAvailability / (1.0 + x.earthSpares),
        **common,
    )
    return orbital, ground
