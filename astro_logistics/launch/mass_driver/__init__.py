"""The lunar mass driver: track, coils, stores, radiators, mass, dispersion, and the published studies of it.

`MassDriver` is the whole machine. Its drive efficiency is a ranged input, or, where `coils` are given, the result of
their resistance, switching loss and slip.
"""

from astro_logistics.launch.mass_driver.coils import Coils
from astro_logistics.launch.mass_driver.drive import (
    SHOT_LIMITS,
    drawn_energy,
    drive_efficiency,
    peak_power,
    shot_limits,
    wall_energy,
    waste_heat,
)
from astro_logistics.launch.mass_driver.machine import MassDriver
from astro_logistics.launch.mass_driver.mass import DriverMass, DriverWear, system_mass, wear_per_shot
from astro_logistics.launch.mass_driver.radiator import SurfaceRadiator
from astro_logistics.launch.mass_driver.store import EnergyStore
from astro_logistics.launch.mass_driver.track import design_speed, drive_length, drive_time, driven_time

__all__ = [
    "SHOT_LIMITS",
    "Coils",
    "DriverMass",
    "DriverWear",
    "EnergyStore",
    "MassDriver",
    "SurfaceRadiator",
    "design_speed",
    "drawn_energy",
    "drive_efficiency",
    "drive_length",
    "drive_time",
    "driven_time",
    "peak_power",
    "shot_limits",
    "system_mass",
    "wall_energy",
    "waste_heat",
    "wear_per_shot",
]
