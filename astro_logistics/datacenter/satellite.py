"""The satellite closes: from a compute power to areas, powers and masses."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from astro_logistics.constants import STANDARD_GRAVITY
from astro_logistics.datacenter import battery, compute, solar, thermal
from astro_logistics.datacenter.battery import Battery
from astro_logistics.datacenter.compute import Server
from astro_logistics.datacenter.environment import Environment
from astro_logistics.datacenter.solar import SolarArray
from astro_logistics.datacenter.thermal import Radiator
from astro_logistics.pytree import Pytree, field


class Bus(Pytree):
    """Everything that is neither power, heat nor compute."""

    fixed_mass: Array = field(
        unit="kg", doc="avionics, attitude control, links and thruster hardware of one satellite", low=0.0
    )
    structure_fraction: Array = field(unit="", doc="structure and mechanisms over the mass they hold", low=0.0)
    margin_fraction: Array = field(unit="", doc="growth allowance over the dry mass known so far", low=0.0)
    delta_v: Array = field(unit="m / s", doc="station-keeping, avoidance and disposal over the life", low=0.0)
    specific_impulse: Array = field(unit="s", doc="of the thrusters (weight of propellant at g0)", low=0.0)


class DataCenter(Pytree):
    """The design of one orbital data-center satellite."""

    array: SolarArray
    battery: Battery
    radiator: Radiator
    server: Server
    bus: Bus
    compute_power: Array = field(unit="W", doc="electric power of the servers of one satellite", low=0.0)
    overhead_fraction: Array = field(
        unit="", doc="pumps, converters, links and avionics, as a part of the compute power", low=0.0
    )
    eclipse_load_fraction: Array = field(
        unit="", doc="part of the load that is carried through shadow (0: computing stops)", low=0.0, high=1.0
    )
    design_life: Array = field(unit="s", doc="life at whose end the array still carries the load", low=0.0)


class Satellite(Pytree):
    """Figures of one satellite."""

    compute_power: Array = field(unit="W", doc="electric power of the servers, new and in sunlight")
    delivered_power: Array = field(unit="W", doc="the same, mean over eclipses and failures of the whole life")
    load: Array = field(unit="W", doc="power of everything on board in sunlight, battery charging apart")
    charging_power: Array = field(unit="W", doc="power into the battery on the revolution of the longest eclipse")
    array_power: Array = field(unit="W", doc="power of the array at the end of life")
    array_power_new: Array = field(unit="W", doc="power of the array at the start of life")
    array_area: Array = field(unit="m2", doc="area of the array")
    battery_energy: Array = field(unit="J", doc="rated energy of the battery")
    heat: Array = field(unit="W", doc="heat to be rejected in sunlight: the load and the losses of charging")
    radiator_flux: Array = field(unit="W / m2", doc="net heat per plan area of radiator")
    radiator_area: Array = field(unit="m2", doc="plan area of the radiator (it radiates from both faces)")
    array_mass: Array = field(unit="kg", doc="solar array")
    battery_mass: Array = field(unit="kg", doc="battery")
    radiator_mass: Array = field(unit="kg", doc="radiator panels")
    loop_mass: Array = field(unit="kg", doc="coolant loop")
    server_mass: Array = field(unit="kg", doc="servers")
    fixed_mass: Array = field(unit="kg", doc="avionics, links, thrusters")
    structure_mass: Array = field(unit="kg", doc="structure and mechanisms")
    margin_mass: Array = field(unit="kg", doc="growth allowance")
    propellant_mass: Array = field(unit="kg", doc="propellant for the life")
    mass: Array = field(unit="kg", doc="everything, at launch")
    specific_mass: Array = field(unit="kg / W", doc="mass over compute power")
    delivered_specific_mass: Array = field(unit="kg / W", doc="mass over delivered power")


def size(datacenter: DataCenter, around: Environment) -> Satellite:
    """Size a satellite for its compute power in given surroundings.

    load = P (1 + overhead); the array carries, at the end of life and on the revolution of the longest eclipse, the
    load and the charging of what the battery gave to the part of the load carried through shadow; the radiator
    rejects the load and the losses of charging, in sunlight. Electricity in = heat out + energy stored, and over a
    revolution electricity in = heat out.
    mass = (array + battery + radiator + loop + servers + fixed) (1 + structure) (1 + margin) exp(dv / (isp g0)).

    Args:
        datacenter: the design; leaves are scalars, or arrays of one shape.
        around: the surroundings, of the same shape or scalars.

    Returns:
        The figures. Areas and masses come out negative or infinite where no design closes (a radiator that takes in
        more than it gives): `radiator_flux > 0` is the condition.

    Errors: one steady worst case; the radiator's heat capacity and the lower heat load in shadow are not used.

    References: Wertz & Larson 1999, ch. 11 (power and thermal sizing).
    """
    d, bus = datacenter, datacenter.bus
    compute_power = jnp.asarray(d.compute_power, jnp.float64)
    load = compute_power * (1.0 + d.overhead_fraction)
    carried = load * d.eclipse_load_fraction
    charging = battery.charging_power(d.battery, carried, around.longest_eclipse, around.period)
    array_power = load + charging
    array_area = array_power / solar.power_per_area(d.array, around.solar_flux, d.design_life)
    array_power_new = array_area * solar.power_per_area(d.array, around.solar_flux, 0.0)
    battery_energy = battery.capacity(d.battery, carried, around.longest_eclipse)
    heat = load + (1.0 - d.battery.efficiency) * charging
    radiator_flux = thermal.net_flux(d.radiator, around)
    radiator_area = heat / radiator_flux

    array_mass = array_area * d.array.areal_mass
    battery_mass = battery_energy / d.battery.specific_energy
    radiator_mass = radiator_area * d.radiator.areal_mass
    loop_mass = heat * d.radiator.loop_mass
    server_mass = compute_power / d.server.specific_power
    held = array_mass + battery_mass + radiator_mass + loop_mass + server_mass + bus.fixed_mass
    structure_mass = held * bus.structure_fraction
    margin_mass = (held + structure_mass) * bus.margin_fraction
    dry_mass = held + structure_mass + margin_mass
    propellant_mass = dry_mass * jnp.expm1(bus.delta_v / (bus.specific_impulse * STANDARD_GRAVITY))
    mass = dry_mass + propellant_mass

    working = around.sunlit_fraction + d.eclipse_load_fraction * (1.0 - around.sunlit_fraction)
    delivered = compute_power * working * compute.mean_survival(d.server.failure_rate, d.design_life)
    return Satellite(
        compute_power=compute_power,
        delivered_power=delivered,
        load=load,
        charging_power=charging,
        array_power=array_power,
        array_power_new=array_power_new,
        array_area=array_area,
        battery_energy=battery_energy,
        heat=heat,
        radiator_flux=radiator_flux,
        radiator_area=radiator_area,
        array_mass=array_mass,
        battery_mass=battery_mass,
        radiator_mass=radiator_mass,
        loop_mass=loop_mass,
        server_mass=server_mass,
        fixed_mass=jnp.asarray(bus.fixed_mass, jnp.float64),
        structure_mass=structure_mass,
        margin_mass=margin_mass,
        propellant_mass=propellant_mass,
        mass=mass,
        specific_mass=mass / compute_power,
        delivered_specific_mass=mass / delivered,
    )
