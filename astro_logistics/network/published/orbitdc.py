"""orbitdc 0.4 (2026, published as spacedc-mdao): orbital and terrestrial clusters of H100 accelerators, theirs and all.

Theirs and kept: a dawn-dusk orbit is run with the Sun in the plane of the orbit (`betaAngle` 0, sunlit 0.638); give
`betaAngle=90` for the answer without that defect. Smaller-of limits have kinks and stay as they are: power, heat and
spares never bind in their cases, the link does for rich output. Failed accelerators are replaced with their launch, and
their absence counted as well.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from astro_logistics.constants import JULIAN_YEAR, STANDARD_GRAVITY
from astro_logistics.economics.boundaries import ITEMS, ComputeCost, boundary, statement
from astro_logistics.economics.finance import capital_recovery_factor
from astro_logistics.numerics import mean_decay, safe_sqrt
from astro_logistics.pytree import Pytree, field

BOUNDARY = boundary("orbitdc", 2026, *ITEMS, "financing", "delivered", "used")
HOURS, YEAR_DAYS = 8760.0, 365.25
SUNLIGHT, SIGMA, SPACE = 1361.0, 5.670374419e-8, 3.0
MU, RADIUS = 3.986004418e14, 6_378_137.0
ALBEDO, INFRARED = 0.3, 238.0


class Inputs(Pytree):
    """Their scenario, catalogue and default values, in their units."""

    years: Array = field(unit="yr", doc="mission life", low=0.0)
    discountRate: Array = field(unit="", doc="per year, of cost and of output")
    utilization: Array = field(unit="", doc="of what is available", low=0.0, high=1.0)
    sustainedFraction: Array = field(unit="", doc="of the peak rate", low=0.0, high=1.0)
    satellites: Array = field(unit="", doc="in the cluster", low=0.0)
    acceleratorsPerSatellite: Array = field(unit="", doc="on each", low=0.0)
    tdp: Array = field(unit="W", doc="of an accelerator", low=0.0)
    peakTflops: Array = field(unit="", doc="10^12 dense operations per second", low=0.0)
    acceleratorMass: Array = field(unit="kg", doc="of one", low=0.0)
    acceleratorCost: Array = field(unit="USD", doc="of one", low=0.0)
    itOverhead: Array = field(unit="", doc="of the servers over accelerators", low=0.0)
    nonItOverhead: Array = field(unit="", doc="of the satellite over its servers", low=0.0)
    pumpFraction: Array = field(unit="", doc="of the heat, for pumps", low=0.0, high=0.9)
    altitudeKm: Array = field(unit="km", doc="of the orbit", low=0.0)
    betaAngle: Array = field(unit="deg", doc="at which it is run", low=0.0, high=90.0)
    cellEfficiency: Array = field(unit="", doc="of the cells", low=0.0, high=1.0)
    packing: Array = field(unit="", doc="of cells on the array", low=0.0, high=1.0)
    pointing: Array = field(unit="", doc="of the array", low=0.0, high=1.0)
    arraySpecificPower: Array = field(unit="W/kg", doc="new", low=0.0)
    arrayDegradation: Array = field(unit="", doc="per year", low=0.0, high=0.9)
    arrayCost: Array = field(unit="USD/W", doc="new", low=0.0)
    arrayAreaAvailable: Array = field(unit="m2", doc="per satellite", low=0.0)
    batteryEfficiency: Array = field(unit="", doc="of the battery", low=0.0, high=1.0)
    depthOfDischarge: Array = field(unit="", doc="of the battery", low=0.0, high=1.0)
    batterySpecificEnergy: Array = field(unit="Wh/kg", doc="of the battery", low=0.0)
    batteryCost: Array = field(unit="USD/Wh", doc="of the battery", low=0.0)
    memoryLimit: Array = field(unit="K", doc="highest temperature of the memory", low=0.0)
    thermalResistance: Array = field(unit="K/W", doc="from chip to radiator", low=0.0)
    coatingAbsorptivity: Array = field(unit="", doc="aged", low=0.0, high=1.0)
    coatingEmissivity: Array = field(unit="", doc="aged", low=0.0, high=1.0)
    sunIncidence: Array = field(unit="", doc="cosine between Sun and radiator", low=0.0, high=1.0)
    earthView: Array = field(unit="", doc="view of the Earth from the radiator", low=0.0, high=1.0)
    radiatorArealMass: Array = field(unit="kg/m2", doc="of the panel", low=0.0)
    radiatorCost: Array = field(unit="USD/m2", doc="of the panel", low=0.0)
    radiatorAreaAvailable: Array = field(unit="m2", doc="per satellite", low=0.0)
    coolantMass: Array = field(unit="kg/kW", doc="fluid and hardware", low=0.0)
    payloadFactor: Array = field(unit="", doc="server over accelerator mass", low=0.0)
    commsMass: Array = field(unit="kg", doc="per satellite", low=0.0)
    avionicsMass: Array = field(unit="kg", doc="per satellite, with propulsion", low=0.0)
    structureFraction: Array = field(unit="", doc="over what it holds", low=0.0)
    marginFraction: Array = field(unit="", doc="over dry mass", low=0.0)
    airDensity: Array = field(unit="kg/m3", doc="at the altitude", low=0.0)
    dragCoefficient: Array = field(unit="", doc="of a satellite", low=0.0)
    dragArea: Array = field(unit="m2", doc="per satellite", low=0.0)
    formationFraction: Array = field(unit="", doc="of drag, to keep the formation", low=0.0)
    specificImpulse: Array = field(unit="s", doc="of the thrusters", low=0.0)
    failureRate: Array = field(unit="1/yr", doc="without radiation", low=0.0)
    radiationFailureRate: Array = field(unit="1/yr", doc="by dose and upsets at the altitude", low=0.0)
    spareFraction: Array = field(unit="", doc="spare accelerators", low=0.0)
    resetAvailability: Array = field(unit="", doc="after resets", low=0.0, high=1.0)
    bitsPerOperation: Array = field(unit="", doc="sent to the ground", low=0.0)
    downlink: Array = field(unit="Gbit/s", doc="to the ground", low=0.0)
    downlinkAvailability: Array = field(unit="", doc="of the link through weather", low=0.0, high=1.0)
    busCost: Array = field(unit="MUSD", doc="per satellite", low=0.0)
    commsCost: Array = field(unit="MUSD", doc="per satellite", low=0.0)
    launchCost: Array = field(unit="USD/kg", doc="launch", low=0.0)
    groundSegment: Array = field(unit="MUSD", doc="stations and control", low=0.0)
    operations: Array = field(unit="MUSD/yr", doc="in orbit", low=0.0)
    pue: Array = field(unit="", doc="on the ground", low=1.0)
    energyPrice: Array = field(unit="USD/kWh", doc="on the ground", low=0.0)
    facilityCapital: Array = field(unit="MUSD/MW", doc="on the ground, servers apart", low=0.0)
    groundAvailability: Array = field(unit="", doc="on the ground", low=0.0, high=1.0)
    maintenanceFraction: Array = field(unit="1/yr", doc="of capital with servers, on the ground", low=0.0)
    gridCarbon: Array = field(unit="kg/kWh", doc="carbon dioxide of electricity on the ground", low=0.0)
    spacecraftCarbon: Array = field(unit="", doc="carbon dioxide of making a spacecraft, over its mass", low=0.0)
    serverCarbon: Array = field(unit="", doc="the same of servers", low=0.0)


class Satellites(Pytree):
    """The cluster in orbit: masses, powers, costs in base SI and USD."""

    it_power: Array = field(unit="W", doc="of servers")
    array_power: Array = field(unit="W", doc="new")
    array_mass: Array = field(unit="kg", doc="array")
    battery_mass: Array = field(unit="kg", doc="battery")
    dry_mass: Array = field(unit="kg", doc="all but propellant")
    launch_mass: Array = field(unit="kg", doc="all")
    radiator_flux: Array = field(unit="W/m2", doc="net, both faces")
    sunlit_fraction: Array = field(unit="", doc="of a revolution")
    power_capital: Array = field(unit="USD", doc="array and battery")
    other_capital: Array = field(unit="USD", doc="radiator, bus, links")
    availability: Array = field(unit="", doc="delivered over nominal: limits, failures, link")
    replacement: Array = field(unit="USD/yr", doc="failed accelerators with their launch")


def shadow_fraction(beta: Array, r: Array) -> Array:
    """Share of a circular orbit in a cylindrical shadow: acos(sqrt(r^2 - R^2) / (r cos beta)) / pi; 0 beside it."""
    edge = safe_sqrt(r * r - RADIUS**2)
    side = r * jnp.cos(beta)
    is_in = side > edge
    return jnp.where(is_in, jnp.arccos(edge / jnp.where(is_in, side, 2.0 * edge)) / jnp.pi, 0.0)


def satellites(x: Inputs) -> Satellites:
    """The cluster sized as they do."""
    n = x.satellites * x.acceleratorsPerSatellite
    it_power = n * x.tdp * (1.0 + x.itOverhead)
    load = it_power * (1.0 + x.nonItOverhead) / (1.0 - x.pumpFraction)
    r = RADIUS + x.altitudeKm * 1e3
    period = 2.0 * jnp.pi * safe_sqrt(r**3 / MU)
    dark = shadow_fraction(jnp.deg2rad(x.betaAngle), r)
    array_end = load * (1.0 + dark / ((1.0 - dark) * x.batteryEfficiency))
    array_power = array_end / (1.0 - x.arrayDegradation) ** x.years
    area = array_power / (SUNLIGHT * x.cellEfficiency * x.packing * x.pointing)
    enough_array = jnp.minimum(1.0, x.arrayAreaAvailable * x.satellites / area)
    stored = load * dark * period / x.depthOfDischarge
    temperature = x.memoryLimit - x.tdp * x.thermalResistance
    flux = 2.0 * x.coatingEmissivity * SIGMA * (temperature**4 - SPACE**4)
    flux = flux - x.coatingAbsorptivity * SUNLIGHT * (x.sunIncidence + ALBEDO * x.earthView)
    flux = flux - x.coatingEmissivity * INFRARED * x.earthView
    radiator = jnp.minimum(load / flux, x.radiatorAreaAvailable * x.satellites)
    enough_radiator = jnp.minimum(1.0, x.radiatorAreaAvailable * x.satellites * flux / load)

    array_mass = array_power / x.arraySpecificPower * enough_array
    battery_mass = stored / (x.batterySpecificEnergy * 3600.0) * enough_array
    held = n * x.acceleratorMass * x.payloadFactor + array_mass + battery_mass
    held = held + radiator * x.radiatorArealMass + load / 1e3 * x.coolantMass
    held = held + x.satellites * (x.commsMass + x.avionicsMass)
    dry = held * (1.0 + x.structureFraction) * (1.0 + x.marginFraction)
    drag = 0.5 * x.airDensity * MU / r * x.dragCoefficient * x.dragArea * x.satellites / dry * JULIAN_YEAR
    speed_lost = drag * x.years * (1.0 + x.formationFraction)
    launch = dry * jnp.exp(speed_lost / (x.specificImpulse * STANDARD_GRAVITY))

    rate = x.failureRate + x.radiationFailureRate
    working = x.resetAvailability * jnp.minimum(1.0, mean_decay(rate * x.years) + x.spareFraction)
    peak = n * x.peakTflops * x.sustainedFraction
    asked = peak * enough_array * enough_radiator * working * x.utilization * 1e3 * x.bitsPerOperation
    link = jnp.minimum(1.0, x.downlink / asked) * x.downlinkAvailability
    failures = n * -jnp.expm1(-rate * x.years)
    price = x.acceleratorCost + x.acceleratorMass * x.payloadFactor * x.launchCost
    return Satellites(
        it_power=it_power,
        array_power=array_power,
        array_mass=array_mass,
        battery_mass=battery_mass,
        dry_mass=dry,
        launch_mass=launch,
        radiator_flux=flux,
        sunlit_fraction=1.0 - dark,
        power_capital=enough_array * (array_power * x.arrayCost + stored / 3600.0 * x.batteryCost),
        other_capital=radiator * x.radiatorCost + x.satellites * (x.busCost + x.commsCost) * 1e6,
        availability=enough_array * enough_radiator * working * link,
        replacement=failures * price / x.years,
    )


def model(x: Inputs) -> dict[str, Array]:
    """Their results."""
    found = satellites(x)
    n = x.satellites * x.acceleratorsPerSatellite
    chips = n * x.acceleratorCost
    build = found.power_capital + found.other_capital + found.launch_mass * x.launchCost + x.groundSegment * 1e6
    share = capital_recovery_factor(x.discountRate, x.years)
    peak = n * x.peakTflops * x.sustainedFraction * x.utilization * 1e-3
    yearly = (chips + build) * share + x.operations * 1e6 + found.replacement
    orbital = yearly / (peak * found.availability * YEAR_DAYS)

    facility = x.facilityCapital * found.it_power
    energy = found.it_power * 1e-3 * x.pue * HOURS * x.utilization * x.energyPrice
    ground_yearly = (chips + facility) * (share + x.maintenanceFraction) + energy
    ground = ground_yearly / (peak * x.groundAvailability * YEAR_DAYS)
    return {
        "orbital_usd_per_pflop_day": orbital,
        "terrestrial_usd_per_pflop_day": ground,
        "cost_ratio": orbital / ground,
        "orbital_total_usd": yearly / share,
        "terrestrial_total_usd": ground_yearly / share,
        "orbital_cost_per_w": build / found.it_power,
        "terrestrial_cost_per_w": facility / found.it_power,
        "kg_per_kw": found.dry_mass / found.it_power * 1e3,
        "mass_kg": found.launch_mass,
        "satellite_count": x.satellites,
        "delivered_fraction": found.availability * x.sustainedFraction * x.utilization,
        "sunlit_fraction": found.sunlit_fraction,
        "radiator_net_w_per_m2": found.radiator_flux,
    }


def statements(x: Inputs) -> tuple[ComputeCost, ComputeCost]:
    """Both sides per watt of servers. The facility on the ground is one sum: all under `other_capital`."""
    found = satellites(x)
    watts = found.it_power
    n = x.satellites * x.acceleratorsPerSatellite
    servers = n * x.acceleratorMass * x.payloadFactor
    chips = n * x.acceleratorCost / watts
    common = {
        "chips": chips,
        "life": x.years,
        "chip_life": x.years,
        "discount_rate": x.discountRate,
        "payments_per_year": 1.0,
        "utilization": x.utilization,
        "chip_power": watts / n,
        "chip_rate": x.peakTflops * 1e12 * x.sustainedFraction,
    }
    grown = (1.0 + x.structureFraction) * (1.0 + x.marginFraction)
    orbital = statement(
        power_capital=found.power_capital / watts,
        other_capital=found.other_capital / watts,
        delivery=found.launch_mass * x.launchCost / watts,
        power_delivery_fraction=(found.array_mass + found.battery_mass) * grown / found.dry_mass,
        development=x.groundSegment * 1e6 / watts,
        replacement=0.0,
        chip_replacement=found.replacement / watts,
        operations=x.operations * 1e6 / watts,
        energy=0.0,
        availability=found.availability,
        carbon_capital=found.dry_mass * x.spacecraftCarbon / watts,
        carbon_yearly=0.0,
        **common,
    )
    ground = statement(
        power_capital=0.0,
        other_capital=x.facilityCapital,
        delivery=0.0,
        power_delivery_fraction=0.0,
        development=0.0,
        replacement=0.0,
        chip_replacement=0.0,
        operations=(chips + x.facilityCapital) * x.maintenanceFraction,
        energy=1e-3 * x.pue * HOURS * x.utilization * x.energyPrice,
        availability=x.groundAvailability,
        carbon_capital=servers * x.serverCarbon / watts,
        carbon_yearly=1e-3 * x.pue * HOURS * x.utilization * x.gridCarbon,
        **common,
    )
    return orbital, ground
