"""What radiation does to the computers: dose behind the shield, wear, interruptions. A gray is a joule per kilogram."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.pytree import Pytree, field


class Hardness(Pytree):
    """How much radiation reaches the computers, and what they take."""

    dose_rate: Array = field(unit="W / kg", doc="ionizing dose per time behind the reference shield", low=0.0)
    reference_shield: Array = field(unit="kg / m2", doc="areal mass of the shield that dose_rate is for", low=0.0)
    attenuation: Array = field(unit="kg / m2", doc="areal mass that takes the dose down by a factor e", low=0.0)
    lethal_dose: Array = field(unit="J / kg", doc="mean dose at which a computer fails for good", low=0.0)
    dose_per_interruption: Array = field(
        unit="J / kg", doc="mean dose of one accelerator between events that stop the job", low=0.0
    )
    recovery_time: Array = field(unit="s", doc="work lost at an interruption: back to the last checkpoint", low=0.0)


def dose_rate(hardness: Hardness, shield: ArrayLike) -> Array:
    """Dose per time behind a shield: rate exp(-(shield - reference) / attenuation), Gy/s.

    Args:
        hardness: the dose behind the reference shield.
        shield: areal mass of the shield [kg/m2].

    Validity: 10 to 60 kg/m2 of aluminium, where trapped protons make the dose and it falls slowly; below 10 kg/m2 of it
    electrons add a steep part which is not in it.
    """
    return hardness.dose_rate * jnp.exp((hardness.reference_shield - jnp.asarray(shield)) / hardness.attenuation)


def failure_rate(hardness: Hardness, shield: ArrayLike) -> Array:
    """Hazard from accumulated dose: dose rate / lethal dose, 1/s.

    Errors: a constant hazard of the same mean life; true wear-out comes late and steeply, so that a life much shorter
    than the mean one is shown too dark.
    """
    return dose_rate(hardness, shield) / hardness.lethal_dose


def availability(hardness: Hardness, shield: ArrayLike, accelerators: ArrayLike) -> Array:
    """Part of the time in which a job on so many accelerators makes progress: 1 / (1 + n rate recovery).

    Args:
        hardness: dose and recovery.
        shield: areal mass of the shield [kg/m2].
        accelerators: number of accelerators in one job, each of which stops it.

    References: renewal theory: mean up time over mean up and down time.
    """
    rate = dose_rate(hardness, shield) / hardness.dose_per_interruption
    return 1.0 / (1.0 + jnp.asarray(accelerators) * rate * hardness.recovery_time)
