"""What a thrown or entering mass must carry besides its payload: heat shield, tanks, engines, propellant."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.launch.rocket import exhaust_speed
from astro_logistics.pytree import Pytree, field


class Capsule(Pytree):
    """A carrier for payload shot from the Moon that brakes in an atmosphere and corrects by rocket."""

    heat_shield_fraction: Array = field(
        unit="", doc="heat shield and aeroshell over the mass that enters the atmosphere", low=0.0, high=1.0
    )
    specific_impulse: Array = field(unit="s", doc="specific impulse of the correction engines", low=0.0)
    inert_ratio: Array = field(unit="", doc="tanks, engines and guidance over propellant", low=0.0)
    correction_delta_v: Array = field(unit="m / s", doc="midcourse correction of the launch dispersion", low=0.0)


def payload_fraction(capsule: Capsule, dv_after_entry: ArrayLike) -> Array:
    """Payload over thrown mass: corrections before entry, shield dropped after it, trim or landing burn last.

    With R = exp(dv / (isp g0)) for each burn and s the inert ratio, the entering mass is 1/R_1 of the thrown mass, the
    shield takes its fraction of that, and the last burn leaves 1/R_2; tanks and engines take s times all propellant.

    Args:
        capsule: the carrier.
        dv_after_entry: delta-v of the engines after the atmosphere, m/s.

    Returns:
        Payload over thrown mass, at most 1; negative where the carrier outweighs it.
    """
    speed = exhaust_speed(capsule.specific_impulse)
    entering = jnp.exp(-capsule.correction_delta_v / speed)
    unshielded = entering * (1.0 - capsule.heat_shield_fraction)
    final = unshielded * jnp.exp(-jnp.asarray(dv_after_entry) / speed)
    propellant = (1.0 - entering) + (unshielded - final)
    return final - capsule.inert_ratio * propellant


def propellant_fraction(capsule: Capsule, dv_after_entry: ArrayLike) -> Array:
    """Propellant burnt by the capsule over thrown mass."""
    speed = exhaust_speed(capsule.specific_impulse)
    entering = jnp.exp(-capsule.correction_delta_v / speed)
    unshielded = entering * (1.0 - capsule.heat_shield_fraction)
    return (1.0 - entering) - unshielded * jnp.expm1(-jnp.asarray(dv_after_entry) / speed)
