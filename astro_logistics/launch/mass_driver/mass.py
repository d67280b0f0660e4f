"""What a mass driver weighs, part by part, and what wears out with every shot."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.launch.mass_driver import coils as windings
from astro_logistics.launch.mass_driver.drive import drawn_energy, moving_mass, peak_power, waste_heat
from astro_logistics.launch.mass_driver.machine import MassDriver
from astro_logistics.launch.mass_driver.radiator import radiator_area
from astro_logistics.launch.mass_driver.store import shot_life, store_mass
from astro_logistics.launch.mass_driver.track import drive_length, drive_time, driven_time
from astro_logistics.pytree import Pytree, field


class DriverMass(Pytree):
    """Mass of a mass driver by part."""

    guideway: Array = field(unit="kg", doc="guideway and supports, driving and braking length")
    windings: Array = field(unit="kg", doc="drive coils, driving and braking")
    store: Array = field(unit="kg", doc="energy store")
    switches: Array = field(unit="kg", doc="switches and feeders at peak power")
    plant: Array = field(unit="kg", doc="power plant")
    radiator: Array = field(unit="kg", doc="radiators")
    sleds: Array = field(unit="kg", doc="sleds in circulation")
    stations: Array = field(unit="kg", doc="stations that return and load them")

    @property
    def total(self) -> Array:
        """Sum of the parts, kg."""
        parts = (self.guideway, self.windings, self.store, self.switches, self.plant, self.radiator)
        return sum(parts, self.sleds + self.stations)


class DriverWear(Pytree):
    """Mass to be renewed per shot."""

    windings: Array = field(unit="kg", doc="drive coils")
    store: Array = field(unit="kg", doc="energy store")


def system_mass(driver: MassDriver, speed: ArrayLike) -> DriverMass:
    """Mass of the driver built for shots at `speed`.

    The guideway runs along the built `track_length` and the braking length v^2 / (2 a_b) of the empty sled. Windings
    go with the force and their length, so with the kinetic energy given to the loaded and taken from the empty sled;
    with coils, they run along both lengths. Stations and sleds serve one shot per `shot_interval`.
    """
    v = jnp.asarray(speed)
    brake = drive_length(driver.braking_acceleration, v)
    length = driver.track_length + brake
    drawn, peak = drawn_energy(driver, v), peak_power(driver, v)
    if driver.coils is None:
        kinetic = 0.5 * driver.shot_mass * (1.0 + 2.0 * driver.sled_ratio) * v**2
        copper = driver.winding_mass_per_force * kinetic
    else:
        copper = windings.winding_mass_per_length(driver.coils, driver.coil_pitch) * length
    round_trip = driven_time(driver, v) + drive_time(driver.braking_acceleration, v) + driver.station_time
    return DriverMass(
        guideway=driver.guideway_mass_per_length * length,
        windings=copper,
        store=store_mass(driver.store, driver.store_shots * drawn, peak),
        switches=peak / driver.switch_specific_power,
        plant=jnp.asarray(driver.power / driver.plant_specific_power),
        radiator=radiator_area(driver.radiator, waste_heat(driver, v)) * driver.radiator.areal_mass,
        sleds=driver.shot_mass * driver.sled_ratio * round_trip / driver.shot_interval,
        stations=driver.station_mass * driver.station_time / driver.shot_interval,
    )


def wear_per_shot(driver: MassDriver, mass: DriverMass, speed: ArrayLike) -> DriverWear:
    """Mass of windings and store that one shot at `speed` uses up: the part's mass over its life in shots, kg."""
    life = shot_life(driver.store, mass.store, drawn_energy(driver, speed))
    return DriverWear(windings=mass.windings / driver.winding_cycle_life, store=mass.store / life)


def sled_load(driver: MassDriver) -> Array:
    """Force on the loaded sled over what the sled takes up; above 1 the sled is too light."""
    force = moving_mass(driver) * driver.acceleration
    return force / (driver.shot_mass * driver.sled_ratio * driver.sled_specific_force)
