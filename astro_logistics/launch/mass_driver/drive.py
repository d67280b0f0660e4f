"""Energy and power of a shot: what is drawn, what comes back, how often it can be done."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.launch.mass_driver import coils as windings
from astro_logistics.launch.mass_driver.machine import MassDriver
from astro_logistics.launch.mass_driver.track import (
    acceleration_at,
    peak_share,
    squared_acceleration_length,
    squared_acceleration_time,
)

SHOT_LIMITS = ("driver power", "shot interval")
"""Names of the rates that `shot_limits` returns, in order."""


def moving_mass(driver: MassDriver) -> Array:
    """Payload and sled, kg."""
    return driver.shot_mass * (1.0 + driver.sled_ratio)


def drive_efficiency(driver: MassDriver, speed: ArrayLike) -> Array:
    """Kinetic energy given over electric energy drawn while driving to `speed`.

    The input of that name, or with coils: eta_s K / (K / (1 - slip) + Q + phi (K / (1 - slip) + Q + W)), with K the
    kinetic energy, Q the heat of the coils, W the field energy built up on the way, phi the loss per energy switched
    and eta_s the efficiency of store and feeders.
    """
    if driver.coils is None:
        assert driver.drive_efficiency is not None, "a driver needs drive_efficiency or coils"
        return jnp.broadcast_to(driver.drive_efficiency, jnp.shape(speed))
    coils, mass = driver.coils, moving_mass(driver)
    kinetic = 0.5 * mass * jnp.asarray(speed) ** 2
    heating, building = windings.costs_per_squared_force(coils, driver.coil_pitch, driver.radiator.temperature)
    heat = heating * mass**2 * squared_acceleration_time(driver, speed)
    built = building * mass**2 * squared_acceleration_length(driver, speed)
    work = kinetic / (1.0 - coils.slip) + heat
    return coils.supply_efficiency * kinetic / (work + coils.switch_loss * (work + built))


def drawn_energy(driver: MassDriver, speed: ArrayLike) -> Array:
    """Electric energy drawn by one shot before the sled gives any back, J."""
    return 0.5 * moving_mass(driver) * jnp.asarray(speed) ** 2 / drive_efficiency(driver, speed)


def wall_energy(driver: MassDriver, speed: ArrayLike) -> Array:
    """Electric energy per thrown kilogram: v^2/2 [(1 + r)/eta_d - eta_r r], J/kg.

    r is the sled's mass over the thrown mass, eta_d the drive efficiency, eta_r the braking recovery. Energy balance:
    kinetic energy of the payload + drive loss + braking loss = energy drawn - energy recovered.
    """
    kinetic = 0.5 * jnp.asarray(speed) ** 2
    drawn = (1.0 + driver.sled_ratio) / drive_efficiency(driver, speed)
    return kinetic * (drawn - driver.braking_recovery * driver.sled_ratio)


def peak_power(driver: MassDriver, speed: ArrayLike) -> Array:
    """Largest electric power of a shot to `speed`: m (1 + r) a v peak_share / eta_d, W.

    With the efficiency of the whole shot. At constant force the coils' heat per way is the same at any speed over v,
    so the efficiency at the muzzle is higher than the mean: this overstates by less than the ohmic share.
    """
    force = moving_mass(driver) * driver.acceleration
    return force * jnp.asarray(speed) * peak_share(driver, speed) / drive_efficiency(driver, speed)


def power_at(driver: MassDriver, speed: ArrayLike, muzzle: ArrayLike) -> Array:
    """Electric power when the sled has reached `speed` on a shot to `muzzle`, W."""
    force = moving_mass(driver) * acceleration_at(driver, speed)
    return force * jnp.asarray(speed) / drive_efficiency(driver, muzzle)


def shot_limits(driver: MassDriver, speed: ArrayLike) -> tuple[Array, Array]:
    """Shots per second, averaged over the year, that the power and the shot interval would each allow, 1/s."""
    by_power = driver.power / (driver.shot_mass * wall_energy(driver, speed))
    by_interval = jnp.broadcast_to(1.0 / jnp.asarray(driver.shot_interval), jnp.shape(by_power))
    return driver.duty_fraction * by_power, driver.duty_fraction * by_interval


def waste_heat(driver: MassDriver, speed: ArrayLike) -> Array:
    """Heat to be rejected at full power: power (1 - payload's kinetic energy / electric energy), W."""
    return driver.power * (1.0 - 0.5 * jnp.asarray(speed) ** 2 / wall_energy(driver, speed))
