"""How exact the muzzle is: errors of the coils along the track, and of the guideway's line."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.launch.mass_driver.machine import MassDriver
from astro_logistics.launch.mass_driver.track import driven_length


def speed_error(driver: MassDriver, speed: ArrayLike) -> Array:
    """Standard error of the muzzle speed over the speed: e / (2 sqrt n), without correction on the way.

    n = driven length / coil pitch coils each err in the energy they give by the share e, independently: the sum errs
    by e / sqrt n, and the speed by half of that. An error that all coils share does not average out and must be
    regulated away.
    """
    coils = driven_length(driver, speed) / driver.coil_pitch
    return driver.coil_energy_error / (2.0 * jnp.sqrt(coils))


def lateral_speed(
    misalignment: ArrayLike, wavelength: ArrayLike, speed: ArrayLike, natural_frequency: ArrayLike, damping: ArrayLike
) -> Array:
    """Sideways speed at the muzzle from a guideway that waves by `misalignment`: 2 pi A f T, m/s, amplitude.

    f = v / wavelength; T = sqrt((1 + (2 z u)^2) / ((1 - u^2)^2 + (2 z u)^2)) with u = f / natural frequency is what a
    damped magnetic suspension passes on. A rigid guide (u to 0) passes on all: T = 1.

    Args:
        misalignment: amplitude A of the wave, m.
        wavelength: of the wave, m.
        speed: at the muzzle, m/s.
        natural_frequency: of the sled sideways in its suspension, Hz.
        damping: z, share of the critical.

    Reference: Den Hartog, Mechanical Vibrations, sect. 2.12 (transmissibility).
    """
    frequency = jnp.asarray(speed) / jnp.asarray(wavelength)
    u = frequency / jnp.asarray(natural_frequency)
    passed = (2.0 * jnp.asarray(damping) * u) ** 2
    transmissibility = jnp.sqrt((1.0 + passed) / ((1.0 - u**2) ** 2 + passed))
    return 2.0 * jnp.pi * jnp.asarray(misalignment) * frequency * transmissibility
