"""What radiation does to the computers: dose behind the shield, wear, interruptions; a gray is a joule per kilogram."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.datacenter import dose
from astro_logistics.datacenter.environment import Particles
from astro_logistics.pytree import Pytree, field


class Hardness(Pytree):
    """What solar particles bring to the computers beside the belts, and what they take."""

    dose_rate: Array = field(
        unit="W / kg",
        doc="ionizing dose per time of solar protons and cosmic rays, open space at 1 au, behind the reference shield",
        low=0.0,
    )
    reference_shield: Array = field(unit="kg / m2", doc="areal mass of the shield that dose_rate is for", low=0.0)
    attenuation: Array = field(unit="kg / m2", doc="areal mass that takes that dose down by a factor e", low=0.0)
    lethal_dose: Array = field(unit="J / kg", doc="mean dose at which a computer fails for good", low=0.0)
    dose_per_interruption: Array = field(
        unit="J / kg", doc="mean dose of one accelerator between events that stop the job", low=0.0
    )
    recovery_time: Array = field(unit="s", doc="work lost at an interruption: back to the last checkpoint", low=0.0)


def dose_rate(hardness: Hardness, particles: Particles, shield: ArrayLike) -> Array:
    """Dose per time behind a shield: that of the belts, and rate met exp(-(shield - reference) / attenuation), Gy/s.

    Args:
        hardness: the dose of solar particles behind the reference shield.
        particles: the belts' dose over depth, and what of solar particles is met.
        shield: areal mass of the shield [kg/m2], as aluminium.

    Returns:
        Dose rate [Gy/s].

    Validity: 3 to 54 kg/m2.

    Errors: solar protons come in a few events of a cycle: a year without any and one with ten times the mean are
    common. The rest as `dose.dose_rate`.
    """
    shield = jnp.asarray(shield, jnp.float64)
    solar = hardness.dose_rate * jnp.exp((hardness.reference_shield - shield) / hardness.attenuation)
    return dose.dose_rate(particles.dose_curve, shield / dose.ALUMINIUM) + particles.solar_particles * solar


def failure_rate(hardness: Hardness, rate: ArrayLike) -> Array:
    """Hazard from accumulated dose: dose rate [Gy/s] / lethal dose, 1/s.

    Errors: a constant hazard of the same mean life; true wear-out comes late and steeply, so that a life much shorter
    than the mean one is shown too dark.
    """
    return jnp.asarray(rate) / hardness.lethal_dose


def availability(hardness: Hardness, rate: ArrayLike, accelerators: ArrayLike) -> Array:
    """Part of the time in which a job on so many accelerators makes progress: 1 / (1 + n rate recovery).

    Args:
        hardness: dose per interruption and recovery.
        rate: dose rate behind the shield [Gy/s].
        accelerators: number of accelerators in one job, each of which stops it.

    References: renewal theory: mean up time over mean up and down time.
    """
    interrupted = dose.upset_rate(rate, hardness.dose_per_interruption)
    return 1.0 / (1.0 + jnp.asarray(accelerators) * interrupted * hardness.recovery_time)
