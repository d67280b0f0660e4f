"""Motion along the track: constant acceleration, or one that falls in proportion to the way gone."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.launch.mass_driver.machine import MassDriver

_SERIES = 22
"""Terms of arcsin's series: below 1e-16 of the sum where it is used."""


def drive_length(acceleration: ArrayLike, speed: ArrayLike) -> Array:
    """Length of constant acceleration to `speed`: v^2 / (2 a), m."""
    return jnp.asarray(speed) ** 2 / (2.0 * jnp.asarray(acceleration))


def drive_time(acceleration: ArrayLike, speed: ArrayLike) -> Array:
    """Time of constant acceleration to `speed`: v / a, s."""
    return jnp.asarray(speed) / jnp.asarray(acceleration)


def design_speed(driver: MassDriver) -> Array:
    """Fastest muzzle speed, at the rated acceleration over the whole track: sqrt((2 - taper) a L), m/s.

    The acceleration falls from a at the start to (1 - taper) a at the muzzle, linearly with the way.
    """
    return jnp.sqrt((2.0 - driver.taper) * driver.acceleration * driver.track_length)


def softening(driver: MassDriver, speed: ArrayLike) -> Array:
    """q = taper v^2 / (a L): by a speed v the acceleration has fallen to a sqrt(1 - q).

    An acceleration that falls linearly with the way is that of a released spring: harmonic motion, in which
    (acceleration / a)^2 + q = 1.
    """
    return driver.taper * jnp.asarray(speed) ** 2 / (driver.acceleration * driver.track_length)


def acceleration_at(driver: MassDriver, speed: ArrayLike) -> Array:
    """Acceleration when the sled has reached `speed`: a sqrt(1 - q), m/s2; NaN where the track never gives it."""
    return driver.acceleration * jnp.sqrt(1.0 - softening(driver, speed))


def driven_length(driver: MassDriver, speed: ArrayLike) -> Array:
    """Way to `speed`: v^2 / (a (1 + sqrt(1 - q))), m."""
    v = jnp.asarray(speed)
    return v**2 / (driver.acceleration * (1.0 + jnp.sqrt(1.0 - softening(driver, v))))


def driven_time(driver: MassDriver, speed: ArrayLike) -> Array:
    """Time to `speed`: (v / a) arcsin(sqrt q) / sqrt q, s."""
    v = jnp.asarray(speed)
    return v / driver.acceleration * arcsin_ratio(softening(driver, v))


def squared_acceleration_time(driver: MassDriver, speed: ArrayLike) -> Array:
    """Integral of acceleration squared over the time to `speed`: (a v / 2) (sqrt(1 - q) + arcsin(sqrt q) / sqrt q)."""
    q = softening(driver, speed)
    return 0.5 * driver.acceleration * jnp.asarray(speed) * (jnp.sqrt(1.0 - q) + arcsin_ratio(q))


def squared_acceleration_length(driver: MassDriver, speed: ArrayLike) -> Array:
    """Integral of acceleration squared over the way to `speed`, m3/s4.

    a v^2 (1 - s^3) / (3 q) with s = sqrt(1 - q), written as a v^2 (1 + s + s^2) / (3 (1 + s)): that holds at q = 0 too.
    """
    s = jnp.sqrt(1.0 - softening(driver, speed))
    return driver.acceleration * jnp.asarray(speed) ** 2 * (1.0 + s + s**2) / (3.0 * (1.0 + s))


def peak_share(driver: MassDriver, speed: ArrayLike) -> Array:
    """Largest force times speed on the way to `speed`, over m a v: sqrt(1 - q), or 1 / (2 sqrt q) from q = 1/2 on.

    Where the force has fallen by more than 1 / sqrt 2 the peak lies before the muzzle. Value and slope of both branches
    agree at q = 1/2; the curvature jumps.
    """
    q = softening(driver, speed)
    before = q > 0.5
    return jnp.where(before, 0.5 / jnp.sqrt(jnp.where(before, q, 1.0)), jnp.sqrt(1.0 - jnp.where(before, 0.0, q)))


def arcsin_ratio(q: ArrayLike) -> Array:
    """arcsin(sqrt q) / sqrt q, and its smooth continuation through q = 0, where it is 1, down to q = -0.15."""
    q = jnp.asarray(q)
    small = jnp.abs(q) < 0.15
    near, far = jnp.where(small, q, 0.0), jnp.where(small, 0.5, q)
    term, total = jnp.ones_like(near), jnp.ones_like(near)
    for n in range(1, _SERIES):
        term = term * near * (2 * n - 1) / (2 * n)
        total = total + term / (2 * n + 1)
    root = jnp.sqrt(far)
    return jnp.where(small, total, jnp.arctan2(root, jnp.sqrt(1.0 - far)) / root)
