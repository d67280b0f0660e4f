"""The lunar mass driver: length, time, energy, power, throughput and mass of an electromagnetic launcher.

Lumped: one drive efficiency, one braking recovery, constant acceleration; coils and stores are not resolved here.
"""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.pytree import Pytree, field


class MassDriver(Pytree):
    """A linear electromagnetic launcher on the Moon."""

    track_length: Array = field(unit="m", doc="length over which the sled can be driven", low=0.0)
    acceleration: Array = field(unit="m / s2", doc="rated acceleration of the loaded sled", low=0.0)
    acceleration_limit: Array = field(unit="m / s2", doc="largest acceleration the payload stands", low=0.0)
    shot_mass: Array = field(unit="kg", doc="mass thrown per shot, carrier included, sled not", low=0.0)
    sled_ratio: Array = field(unit="", doc="mass of the returning sled over thrown mass", low=0.0)
    drive_efficiency: Array = field(
        unit="", doc="kinetic energy given over electric energy drawn while driving", low=0.0, high=1.0
    )
    braking_recovery: Array = field(
        unit="", doc="electric energy recovered over the sled's kinetic energy", low=0.0, high=1.0
    )
    shot_interval: Array = field(unit="s", doc="shortest time between shots, whatever the power", low=0.0)
    power: Array = field(unit="W", doc="average electric power while operating", low=0.0)
    duty_fraction: Array = field(unit="", doc="share of the year in operation", low=0.0, high=1.0)
    track_mass_per_length: Array = field(unit="kg / m", doc="guideway, magnets and structure at rated force", low=0.0)
    braking_acceleration: Array = field(unit="m / s2", doc="deceleration of the empty sled past the muzzle", low=0.0)
    store_specific_energy: Array = field(unit="J / kg", doc="energy per mass of the store that feeds one shot", low=0.0)
    switch_specific_power: Array = field(unit="W / kg", doc="peak power per mass of switches and feeders", low=0.0)
    plant_specific_power: Array = field(unit="W / kg", doc="average power per mass of the power plant", low=0.0)


def drive_length(acceleration: ArrayLike, speed: ArrayLike) -> Array:
    """Length of constant acceleration to `speed`: v^2 / (2 a), m."""
    return jnp.asarray(speed) ** 2 / (2.0 * jnp.asarray(acceleration))


def drive_time(acceleration: ArrayLike, speed: ArrayLike) -> Array:
    """Time of constant acceleration to `speed`: v / a, s."""
    return jnp.asarray(speed) / jnp.asarray(acceleration)


def design_speed(driver: MassDriver) -> Array:
    """Fastest muzzle speed, at the rated acceleration over the whole track: sqrt(2 a L), m/s."""
    return jnp.sqrt(2.0 * driver.acceleration * driver.track_length)


def wall_energy(driver: MassDriver, speed: ArrayLike) -> Array:
    """Electric energy per thrown kilogram: v^2/2 [(1 + r)/eta_d - eta_r r], J/kg.

    r is the sled's mass over the thrown mass, eta_d the drive efficiency, eta_r the braking recovery. Energy balance:
    kinetic energy of the payload + drive loss + braking loss = energy drawn - energy recovered.
    """
    kinetic = 0.5 * jnp.asarray(speed) ** 2
    drawn = (1.0 + driver.sled_ratio) / driver.drive_efficiency
    return kinetic * (drawn - driver.braking_recovery * driver.sled_ratio)


def peak_power(driver: MassDriver, speed: ArrayLike) -> Array:
    """Electric power at the muzzle: m (1 + r) a v / eta_d, W."""
    moving = driver.shot_mass * (1.0 + driver.sled_ratio)
    return moving * driver.acceleration * jnp.asarray(speed) / driver.drive_efficiency


SHOT_LIMITS = ("driver power", "shot interval")
"""Names of the rates that `shot_limits` returns, in order."""


def shot_limits(driver: MassDriver, speed: ArrayLike) -> tuple[Array, Array]:
    """Shots per second, averaged over the year, that the power and the shot interval would each allow, 1/s."""
    by_power = driver.power / (driver.shot_mass * wall_energy(driver, speed))
    by_interval = jnp.broadcast_to(1.0 / jnp.asarray(driver.shot_interval), jnp.shape(by_power))
    return driver.duty_fraction * by_power, driver.duty_fraction * by_interval


class DriverMass(Pytree):
    """Mass of a mass driver by part."""

    track: Array = field(unit="kg", doc="guideway, drive and braking length")
    store: Array = field(unit="kg", doc="energy store for one shot")
    switches: Array = field(unit="kg", doc="switches and feeders at peak power")
    plant: Array = field(unit="kg", doc="power plant")

    @property
    def total(self) -> Array:
        """Sum of the parts, kg."""
        return self.track + self.store + self.switches + self.plant


def system_mass(driver: MassDriver, speed: ArrayLike) -> DriverMass:
    """Mass of the driver built for shots at `speed`.

    The track counts the built `track_length` and the braking length v^2 / (2 a_b) of the empty sled; the store
    holds the energy drawn by one shot; switches carry the peak power.
    """
    moving = driver.shot_mass * (1.0 + driver.sled_ratio)
    drawn = 0.5 * moving * jnp.asarray(speed) ** 2 / driver.drive_efficiency
    brake = drive_length(driver.braking_acceleration, speed)
    return DriverMass(
        track=driver.track_mass_per_length * (driver.track_length + brake),
        store=drawn / driver.store_specific_energy,
        switches=peak_power(driver, speed) / driver.switch_specific_power,
        plant=jnp.asarray(driver.power / driver.plant_specific_power),
    )
