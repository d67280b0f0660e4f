"""The servers: their mass, their heat, and how many of them still work."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.numerics import mean_decay
from astro_logistics.pytree import Pytree, field

GAS_CONSTANT = 8.314_462_618_153_24
"""J/mol/K, exact (SI, 2019)."""


class Server(Pytree):
    """The computers; no repair in orbit."""

    specific_power: Array = field(unit="W / kg", doc="compute power per mass of servers, without shielding", low=0.0)
    performance: Array = field(unit="J-1", doc="arithmetic operations at peak per energy of the servers", low=0.0)
    utilization_fraction: Array = field(unit="", doc="useful operations over those at peak", low=0.0, high=1.0)
    accelerator_power: Array = field(
        unit="W", doc="compute power over number of accelerators: each with its share of host and network", low=0.0
    )
    chip_power: Array = field(unit="W", doc="heat of one accelerator's own chip", low=0.0)
    chip_resistance: Array = field(unit="K / W", doc="thermal resistance from junction to coolant", low=0.0)
    chip_limit: Array = field(unit="K", doc="highest junction temperature", low=0.0)
    failure_rate: Array = field(
        unit="s-1",
        doc="part of the working accelerators lost per time on the ground, at the reference temperature",
        low=0.0,
    )
    reference_temperature: Array = field(unit="K", doc="junction temperature of failure_rate", low=0.0)
    activation_energy: Array = field(
        unit="J / mol", doc="of the failures: how fast they grow with temperature", low=0.0
    )
    spares_fraction: Array = field(unit="", doc="accelerators launched beyond those that the power feeds", low=0.0)
    shield: Array = field(unit="kg / m2", doc="areal mass of shielding around the servers", low=0.0)
    shielded_area: Array = field(unit="m2 / W", doc="surface to be shielded per compute power", low=0.0)


def junction_temperature(server: Server, coolant: ArrayLike) -> Array:
    """Temperature of a chip's junction above coolant of a given temperature: T_c + R P, K."""
    return jnp.asarray(coolant) + server.chip_resistance * server.chip_power


def failure_rate(server: Server, junction: ArrayLike) -> Array:
    """Hazard on the ground at a junction temperature: rate exp(E / R (1 / T_ref - 1 / T)), 1/s.

    References: Arrhenius' law as used for electronics (JEDEC JEP122, sec. 5).
    """
    hotter = 1.0 / server.reference_temperature - 1.0 / jnp.asarray(junction)
    return server.failure_rate * jnp.exp(server.activation_energy / GAS_CONSTANT * hotter)


def mean_survival(failure_rate: ArrayLike, life: ArrayLike) -> Array:
    """Mean over a life of the part that still works: (1 - exp(-x)) / x, x = rate life; through x = 0 by its series.

    Args:
        failure_rate: constant hazard [1/s].
        life: design life [s].

    Returns:
        Fraction [-].
    """
    return mean_decay(jnp.asarray(failure_rate, jnp.float64) * life)


def working_fraction(survival: ArrayLike, spares: ArrayLike, accelerators: ArrayLike, powered: ArrayLike) -> Array:
    """Expected number of accelerators at work, over the number n that the new array feeds.

    E[min(c n, X)] / n, X binomial of n (1 + spares) trials, each alive with probability `survival`; in the normal
    approximation c - [(c - m) Phi(z) + s phi(z)] with z = (c - m) / s, m = (1 + spares) survival,
    s^2 = m (1 - survival) / n. Chance itself makes the step between "enough spares" and "too few" smooth.

    Args:
        survival: part of those launched that still works, below 1 [-].
        spares: hot spares launched over n [-]; they age like the rest and draw no power until they are needed.
        accelerators: n.
        powered: part of n that the power feeds at the time, c [-].

    Returns:
        Fraction [-].

    Errors: of the normal approximation, 2e-3 for n = 60 and 1e-2 for n = 10 at worst (against the exact sum).

    References: the binomial distribution's normal limit (de Moivre-Laplace); the loss function of inventory theory.
    """
    alive, c = jnp.asarray(survival, jnp.float64), jnp.asarray(powered, jnp.float64)
    mean = (1.0 + jnp.asarray(spares)) * alive
    deviation = jnp.sqrt(mean * (1.0 - alive) / jnp.asarray(accelerators) + 1e-14)  # 1e-7: nobody has failed yet
    z = (c - mean) / deviation
    density = jnp.exp(-0.5 * z * z) / jnp.sqrt(2.0 * jnp.pi)
    below = 0.5 * (1.0 + jax.lax.erf(z * np.sqrt(0.5)))
    return c - ((c - mean) * below + deviation * density)
