"""Filling a ship in orbit: tanker flights against boil-off."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.pytree import Pytree, field


class Depot(Pytree):
    """A propellant depot in Earth orbit, or the ship itself filled by tankers."""

    altitude: Array = field(unit="m", doc="altitude of the circular depot orbit", low=0.0)
    inclination: Array = field(unit="rad", doc="inclination of the depot orbit to the equator", low=0.0, high=3.1416)
    boil_off_rate: Array = field(unit="s-1", doc="share of the stored propellant lost per time", low=0.0)
    transfer_loss_fraction: Array = field(
        unit="", doc="share of a tanker's load that does not reach the depot", low=0.0, high=1.0
    )
    tanker_interval: Array = field(unit="s", doc="time between two tanker flights of a campaign", low=0.0)


def boil_off_ratio(depot: Depot, propellant: ArrayLike, tanker_load: ArrayLike) -> Array:
    """Boil-off of the full load over the rate of filling; the load can never be reached at 1 or more."""
    delivered = jnp.asarray(tanker_load) * (1.0 - depot.transfer_loss_fraction)
    return depot.boil_off_rate * jnp.asarray(propellant) * depot.tanker_interval / delivered


def tanker_flights(depot: Depot, propellant: ArrayLike, tanker_load: ArrayLike) -> Array:
    """Tanker flights that bring the depot to `propellant`, a real number.

    The depot's balance dM/dt = p - b M, with p the delivered load per interval and b the boil-off rate, gives
    M(T) = p/b (1 - exp(-b T)), so n = M / (p dt) [-ln(1 - x) / x] with x = b M / p. Tankers are spread evenly over
    the campaign (filling is continuous, not in steps: where the ship leaves with the last tanker, half an interval's
    boil-off is counted too much, 0.5 % of the flights at 0.1 %/day and ten days).

    Args:
        depot: the depot.
        propellant: load at the end of the campaign, kg.
        tanker_load: propellant one tanker brings to the depot orbit, kg.

    Returns:
        Flights; NaN where boil-off outruns filling (x >= 1).
    """
    x = boil_off_ratio(depot, propellant, tanker_load)
    small = x < 1e-6
    exact = jnp.where(small, 0.5, x)
    growth = jnp.where(small, 1.0 + x / 2.0 + x * x / 3.0, -jnp.log1p(-exact) / exact)
    return jnp.asarray(propellant) / (tanker_load * (1.0 - depot.transfer_loss_fraction)) * growth
