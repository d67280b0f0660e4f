"""The inputs of a lunar mass driver."""

from __future__ import annotations

from jax import Array

from astro_logistics.launch.mass_driver.coils import Coils
from astro_logistics.launch.mass_driver.radiator import SurfaceRadiator
from astro_logistics.launch.mass_driver.store import EnergyStore
from astro_logistics.pytree import Pytree, field


class MassDriver(Pytree):
    """A linear electromagnetic launcher on the Moon.

    One of `drive_efficiency` and `coils` must be there; where both are, the coils count.
    """

    store: EnergyStore
    radiator: SurfaceRadiator
    track_length: Array = field(unit="m", doc="length over which the sled can be driven", low=0.0)
    acceleration: Array = field(unit="m / s2", doc="rated acceleration of the loaded sled, at the start", low=0.0)
    taper: Array = field(
        unit="", doc="share of the acceleration that is gone at the muzzle, linearly with the way", low=0.0, high=1.0
    )
    acceleration_limit: Array = field(unit="m / s2", doc="largest acceleration the payload stands", low=0.0)
    shot_mass: Array = field(unit="kg", doc="mass thrown per shot, carrier included, sled not", low=0.0)
    sled_ratio: Array = field(unit="", doc="mass of the returning sled over thrown mass", low=0.0)
    sled_specific_force: Array = field(unit="N / kg", doc="force that a sled takes up per mass of its own", low=0.0)
    braking_recovery: Array = field(
        unit="", doc="electric energy recovered over the sled's kinetic energy", low=0.0, high=1.0
    )
    braking_acceleration: Array = field(unit="m / s2", doc="deceleration of the empty sled past the muzzle", low=0.0)
    shot_interval: Array = field(unit="s", doc="shortest time between shots, whatever the power", low=0.0)
    power: Array = field(unit="W", doc="average electric power while operating", low=0.0)
    peak_power_limit: Array = field(unit="W", doc="largest electric power that feeders and store may give", low=0.0)
    duty_fraction: Array = field(unit="", doc="share of the year in operation", low=0.0, high=1.0)
    guideway_mass_per_length: Array = field(
        unit="kg / m", doc="supports, guideway and alignment, windings not, of driving and braking track", low=0.0
    )
    winding_mass_per_force: Array = field(
        unit="kg / J", doc="windings per length and force; per kinetic energy given, that is", low=0.0
    )
    winding_cycle_life: Array = field(unit="", doc="shots until the windings are renewed", low=0.0)
    switch_specific_power: Array = field(unit="W / kg", doc="peak power per mass of switches and feeders", low=0.0)
    plant_specific_power: Array = field(unit="W / kg", doc="average power per mass of the power plant", low=0.0)
    store_shots: Array = field(unit="", doc="energy that the store holds over that of one shot", low=1.0)
    station_mass: Array = field(unit="kg", doc="a station that returns, checks and loads one sled at a time", low=0.0)
    station_time: Array = field(unit="s", doc="time of a sled there", low=0.0)
    coil_pitch: Array = field(unit="m", doc="way from one separately switched coil to the next", low=0.0)
    coil_energy_error: Array = field(
        unit="", doc="error of the energy given by one coil, over that energy; independent from coil to coil", low=0.0
    )
    pointing_error: Array = field(
        unit="rad", doc="standard deviation of the muzzle velocity's direction, in azimuth and in elevation", low=0.0
    )
    speed_error_limit: Array = field(unit="", doc="largest error of the muzzle speed, over that speed", low=0.0)
    drive_efficiency: Array | None = field(
        unit="", doc="kinetic energy given over electric energy drawn while driving", low=0.0, high=1.0
    )
    coils: Coils | None = None
