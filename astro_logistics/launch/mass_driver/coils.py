"""Drive coils and the sled's coil: force, loss per force squared, energy stored in the field, mass."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from astro_logistics.launch.mass_driver.inductance import inductance_gradient, ring_inductance, section
from astro_logistics.numerics import gauss_legendre
from astro_logistics.pytree import Pytree, field

REFERENCE_TEMPERATURE = 293.15
"""K, of the resistivity."""


class Coils(Pytree):
    """Coaxial coils: a row of pulsed ones along the track, one of steady current on the sled.

    Each drive coil carries one period of a sine while the sled passes from `pulse_reach` before it to as far behind
    it: it pulls, then pushes.
    """

    drive_radius: Array = field(unit="m", doc="mean radius of the drive coils", low=0.0)
    drive_width: Array = field(unit="m", doc="radial thickness of their section", low=0.0)
    drive_length: Array = field(unit="m", doc="axial length of their section", low=0.0)
    sled_radius: Array = field(unit="m", doc="mean radius of the sled's coil", low=0.0)
    sled_width: Array = field(unit="m", doc="radial thickness of its section", low=0.0)
    sled_length: Array = field(unit="m", doc="axial length of its section", low=0.0)
    sled_current: Array = field(unit="A", doc="current of the sled's coil times its turns", low=0.0)
    pulse_reach: Array = field(unit="m", doc="distance of the sled from a coil at which its pulse begins", low=0.0)
    packing_fraction: Array = field(unit="", doc="conductor in the drive coils' section", low=0.0, high=1.0)
    resistivity: Array = field(unit="ohm m", doc="of the drive coils' conductor at 293 K", low=0.0)
    resistivity_slope: Array = field(unit="1 / K", doc="relative rise of the resistivity per kelvin", low=0.0)
    warmth: Array = field(unit="K", doc="drive coils above the radiator", low=0.0)
    density: Array = field(unit="kg / m3", doc="of the conductor", low=0.0)
    switch_loss: Array = field(unit="", doc="energy lost per energy that passes the switches", low=0.0, high=1.0)
    slip: Array = field(
        unit="", doc="speed lost to the field's, of a sled with induced current; 0 if it keeps step", low=0.0, high=1.0
    )
    supply_efficiency: Array = field(
        unit="", doc="energy at the coils' switches over energy from the plant: store and feeders", low=0.0, high=1.0
    )


def section_gradient(coils: Coils, distance: Array) -> Array:
    """Gradient of the mutual inductance per turn of each at a `distance` (n,), means over both sections, H/m."""
    r1, x1, w1 = section(coils.drive_radius, coils.drive_width, coils.drive_length)
    r2, x2, w2 = section(coils.sled_radius, coils.sled_width, coils.sled_length)
    away = distance[:, None, None] + (x2[None, None, :] - x1[None, :, None])
    gradient = inductance_gradient(r1[None, :, None], r2[None, None, :], away)
    return jnp.einsum("j,k,ijk->i", w1, w2, gradient)


def coupling(coils: Coils, nodes: int = 16) -> Array:
    """Work of one passage over both ampere-turns: G = integral of |sin(pi x / s)| |dM/dx| over -s..s, H."""
    u, w = gauss_legendre(nodes)
    gradient = section_gradient(coils, coils.pulse_reach * u)
    return -2.0 * coils.pulse_reach * jnp.sum(w * jnp.sin(jnp.pi * u) * gradient)


def ring_resistance(coils: Coils, radiator_temperature: Array) -> Array:
    """Resistance of one drive coil per turn squared: rho(T) 2 pi R / (packing x section), ohm."""
    warmer = radiator_temperature + coils.warmth - REFERENCE_TEMPERATURE
    resistivity = coils.resistivity * (1.0 + coils.resistivity_slope * warmer)
    conductor = coils.packing_fraction * coils.drive_width * coils.drive_length
    return resistivity * 2.0 * jnp.pi * coils.drive_radius / conductor


def drive_current(coils: Coils, pitch: Array, force: Array) -> Array:
    """Peak ampere-turns of the drive coils for a mean force (N): F pitch / (I_sled G), A."""
    return force * pitch / (coils.sled_current * coupling(coils))


def costs_per_squared_force(coils: Coils, pitch: Array, radiator_temperature: Array) -> tuple[Array, Array]:
    """Ohmic power, W/N2, and field energy built up per way, J/(m N2), each over the force squared.

    A coil's pulse lasts 2 s / v and heats I^2 R s / v; the sled passes v / pitch coils per second: the heat per time is
    pitch R s F^2 / (I_sled G)^2 at any speed. Two half waves build up L I^2 / 2 each in every coil. Eddy currents, the
    skin of the conductor and the pull of one drive coil on the next are left out.
    """
    squared_current = (pitch / (coils.sled_current * coupling(coils))) ** 2
    heat = squared_current * ring_resistance(coils, radiator_temperature) * coils.pulse_reach / pitch
    inductance = ring_inductance(coils.drive_radius, coils.drive_width, coils.drive_length)
    return heat, squared_current * inductance / pitch


def winding_mass_per_length(coils: Coils, pitch: Array) -> Array:
    """Mass of the drive coils' conductor per length of track, kg/m."""
    conductor = coils.packing_fraction * coils.drive_width * coils.drive_length
    return coils.density * conductor * 2.0 * jnp.pi * coils.drive_radius / pitch
