"""The design of one orbital data-center satellite: what a scenario says of it."""

from __future__ import annotations

from jax import Array

from astro_logistics.datacenter.battery import Battery
from astro_logistics.datacenter.compute import Server
from astro_logistics.datacenter.cooling import CoolantLoop
from astro_logistics.datacenter.links import Links
from astro_logistics.datacenter.radiation import Hardness
from astro_logistics.datacenter.solar import SolarArray
from astro_logistics.datacenter.thermal import Radiator
from astro_logistics.pytree import Pytree, field


class Bus(Pytree):
    """Everything that is neither power, heat, compute nor links."""

    fixed_mass: Array = field(unit="kg", doc="avionics, attitude control and thrusters of one satellite", low=0.0)
    fixed_power: Array = field(unit="W", doc="that the same draw", low=0.0)
    converter_mass: Array = field(unit="kg / W", doc="power electronics and cables per power of the array", low=0.0)
    converter_efficiency: Array = field(
        unit="", doc="power at the servers over power of the array or battery", low=0.0, high=1.0
    )
    structure_fraction: Array = field(unit="", doc="structure and mechanisms over the mass they hold", low=0.0)
    margin_fraction: Array = field(unit="", doc="growth allowance over the dry mass known so far", low=0.0)
    delta_v: Array = field(
        unit="m / s", doc="over the life: avoidance, phasing, errors of the insertion; air and disposal apart", low=0.0
    )
    drag_coefficient: Array = field(unit="", doc="drag over dynamic pressure and area across the flight", low=0.0)
    specific_impulse: Array = field(unit="s", doc="of the thrusters (weight of propellant at g0)", low=0.0)
    tank_fraction: Array = field(unit="", doc="tank and feed over the propellant they hold", low=0.0)
    loss_rate: Array = field(unit="s-1", doc="part of the satellites lost whole per time", low=0.0)


class DataCenter(Pytree):
    """The design of one orbital data-center satellite."""

    array: SolarArray
    battery: Battery
    radiator: Radiator
    loop: CoolantLoop
    server: Server
    hardness: Hardness
    links: Links
    bus: Bus
    compute_power: Array = field(unit="W", doc="electric power of the servers of one satellite", low=0.0)
    eclipse_load_fraction: Array = field(
        unit="", doc="part of the load that is carried through shadow (0: computing stops)", low=0.0, high=1.0
    )
    design_life: Array = field(unit="s", doc="life at whose end the array still carries the load", low=0.0)
