"""What the sizing of a satellite says."""

from __future__ import annotations

from jax import Array

from astro_logistics.datacenter.links import LinkFigures
from astro_logistics.pytree import Pytree, field

MASSES = (
    "array_mass",
    "battery_mass",
    "radiator_mass",
    "loop_mass",
    "server_mass",
    "shield_mass",
    "link_mass",
    "converter_mass",
    "fixed_mass",
    "structure_mass",
    "margin_mass",
    "tank_mass",
    "propellant_mass",
)
"""The parts whose sum is the mass at launch."""


class Satellite(Pytree):
    """Figures of one satellite. `residuals` are constraints by name, met at `<= 0`."""

    residuals: dict[str, Array]
    links: LinkFigures

    compute_power: Array = field(unit="W", doc="electric power of the servers, new and in sunlight")
    delivered_power: Array = field(unit="W", doc="the same, mean over shadow, aging, failures and losses of the life")
    performance: Array = field(unit="J-1", doc="useful operations per delivered energy of the servers")
    operations: Array = field(unit="s-1", doc="useful operations per time, mean over the life")
    pump_power: Array = field(unit="W", doc="of the coolant pumps")
    link_power: Array = field(unit="W", doc="of the optical terminals")
    fixed_power: Array = field(unit="W", doc="of avionics, attitude control and thrusters")
    converter_loss: Array = field(unit="W", doc="of power electronics and cables, in sunlight, charging apart")
    load: Array = field(unit="W", doc="power of everything on board in sunlight, battery charging apart")
    overhead: Array = field(unit="", doc="load over compute power")
    charging_power: Array = field(unit="W", doc="power into the battery on the revolution of the longest eclipse")
    charging_loss: Array = field(unit="W", doc="of it, lost as heat")

    array_temperature: Array = field(unit="K", doc="of the cells at the end of life")
    array_power: Array = field(unit="W", doc="power of the array at the end of life")
    array_power_new: Array = field(unit="W", doc="power of the array at the start of life")
    array_area: Array = field(unit="m2", doc="area of the array")
    array_heat: Array = field(
        unit="W", doc="sunlight that the array absorbs and does not turn into electricity, at the end"
    )
    battery_depth: Array = field(unit="", doc="depth of discharge in the longest eclipse at the end of life")
    battery_energy: Array = field(unit="J", doc="rated energy of the battery, new")

    heat: Array = field(unit="W", doc="heat to be rejected in sunlight: the load and the losses of charging")
    junction_temperature: Array = field(unit="K", doc="of the hottest chip")
    coolant_inlet: Array = field(unit="K", doc="temperature at which the coolant enters the radiator")
    coolant_outlet: Array = field(unit="K", doc="temperature at which it leaves")
    fin_efficiency: Array = field(unit="", doc="of the radiator's fins at the mean temperature of the coolant")
    radiator_flux: Array = field(unit="W / m2", doc="net heat per plan area of radiator, at the end of life")
    radiator_area: Array = field(unit="m2", doc="plan area of the radiator (it radiates from both faces)")

    failure_rate: Array = field(unit="s-1", doc="hazard of an accelerator: ground, temperature, radiation")
    dose: Array = field(unit="J / kg", doc="behind the shield, over the life")
    array_retention: Array = field(unit="", doc="power of the array at the end of life over that of the new one, cold")
    availability: Array = field(unit="", doc="part of the time in which a job on the whole satellite makes progress")
    lit_fraction: Array = field(unit="", doc="compute power over that of sunlight, for shadow alone")
    working_fraction: Array = field(unit="", doc="accelerators at work over those powered when new, mean over the life")

    drag: Array = field(unit="N", doc="of the air on array and radiator, mean of the year")
    delta_v: Array = field(unit="m / s", doc="over the life: against the air, disposal, avoidance")
    array_mass: Array = field(unit="kg", doc="solar array")
    battery_mass: Array = field(unit="kg", doc="battery")
    radiator_mass: Array = field(unit="kg", doc="radiator panels")
    loop_mass: Array = field(unit="kg", doc="coolant loop")
    server_mass: Array = field(unit="kg", doc="servers, spares included")
    shield_mass: Array = field(unit="kg", doc="shielding")
    link_mass: Array = field(unit="kg", doc="optical terminals")
    converter_mass: Array = field(unit="kg", doc="power electronics and cables")
    fixed_mass: Array = field(unit="kg", doc="avionics, attitude control, thrusters")
    structure_mass: Array = field(unit="kg", doc="structure and mechanisms")
    margin_mass: Array = field(unit="kg", doc="growth allowance")
    tank_mass: Array = field(unit="kg", doc="tanks")
    propellant_mass: Array = field(unit="kg", doc="propellant for the life")
    mass: Array = field(unit="kg", doc="everything, at launch")
    specific_mass: Array = field(unit="kg / W", doc="mass over compute power")
    specific_power: Array = field(unit="W / kg", doc="compute power over mass")
    delivered_specific_mass: Array = field(unit="kg / W", doc="mass over delivered power")
    resupply: Array = field(unit="kg / (W s)", doc="mass launched per time to keep up a delivered power, for ever")
