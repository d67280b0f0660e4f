"""Two-stage rockets by the rocket equation: payload to a speed, propellant to a delta-v."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.constants import STANDARD_GRAVITY
from astro_logistics.numerics import root
from astro_logistics.pytree import Pytree, field


class Stage(Pytree):
    """One stage of a rocket."""

    dry_mass: Array = field(unit="kg", doc="mass without propellant", low=0.0)
    propellant_mass: Array = field(unit="kg", doc="usable propellant when full", low=0.0)
    reserve_mass: Array = field(
        unit="kg", doc="propellant kept for the stage's own return (boost-back, deorbit, landing)", low=0.0
    )
    specific_impulse: Array = field(
        unit="s", doc="specific impulse averaged over the burn (weight of propellant at g0)", low=0.0
    )


class Vehicle(Pytree):
    """A booster and a ship (upper stage), its propellants and the site it flies from."""

    booster: Stage
    ship: Stage
    fairing_mass: Array = field(unit="kg", doc="mass dropped with the booster besides it", low=0.0)
    ascent_loss: Array = field(
        unit="m / s", doc="gravity, drag, steering and back-pressure losses to the parking orbit", low=0.0
    )
    mixture_ratio: Array = field(unit="", doc="oxidizer mass over fuel mass", low=0.0)
    fuel_heating_value: Array = field(unit="J / kg", doc="lower heating value of the fuel", low=0.0)
    site_latitude: Array = field(unit="rad", doc="geocentric latitude of the launch site", low=-1.5708, high=1.5708)

    @property
    def propellant_mass(self) -> Array:
        """Propellant loaded for one flight, both stages, kg."""
        return self.booster.propellant_mass + self.ship.propellant_mass


def exhaust_speed(specific_impulse: ArrayLike) -> Array:
    """Effective exhaust speed isp g0, m/s."""
    return jnp.asarray(specific_impulse) * STANDARD_GRAVITY


def delta_v(specific_impulse: ArrayLike, mass_start: ArrayLike, mass_end: ArrayLike) -> Array:
    """Tsiolkovsky's equation: isp g0 ln(m_start / m_end), m/s (Curtis 2014, section 11.3)."""
    return exhaust_speed(specific_impulse) * jnp.log(jnp.asarray(mass_start) / jnp.asarray(mass_end))


def propellant_for(specific_impulse: ArrayLike, mass_end: ArrayLike, dv: ArrayLike) -> Array:
    """Propellant that gives `dv` and leaves `mass_end`: m_end (exp(dv / (isp g0)) - 1), kg."""
    return jnp.asarray(mass_end) * jnp.expm1(jnp.asarray(dv) / exhaust_speed(specific_impulse))


def stack_delta_v(vehicle: Vehicle, payload: ArrayLike) -> Array:
    """Ideal delta-v of both stages with `payload`, reserves unburnt, m/s.

    The fairing rides to staging and drops with the booster (it is dropped some tens of seconds later in flight: about
    1 % of payload on a Falcon 9, inside the calibrated ascent loss).
    """
    booster, ship = vehicle.booster, vehicle.ship
    upper = jnp.asarray(ship.dry_mass + ship.propellant_mass) + jnp.asarray(payload)
    liftoff = upper + vehicle.fairing_mass + booster.dry_mass + booster.propellant_mass
    staging = liftoff - booster.propellant_mass + booster.reserve_mass
    burnout = upper - ship.propellant_mass + ship.reserve_mass
    return delta_v(booster.specific_impulse, liftoff, staging) + delta_v(ship.specific_impulse, upper, burnout)


def payload(vehicle: Vehicle, dv: ArrayLike) -> Array:
    """Payload for which the stack gives just `dv`, kg; implicit root, differentiable to any order.

    Args:
        vehicle: scalar leaves, or leaves broadcastable with `dv`.
        dv: ideal delta-v to be given, losses included, m/s.

    Returns:
        Payload, kg. A vehicle that cannot reach `dv` empty gets a negative payload: the dry mass it would have to
        lose. It lies above minus the ship's burnout mass.
    """
    burnout = jnp.asarray(vehicle.ship.dry_mass) + vehicle.ship.reserve_mass
    everything = jnp.asarray(vehicle.propellant_mass) + burnout
    dv, burnout, everything = jnp.broadcast_arrays(jnp.asarray(dv, jnp.float64), burnout, everything)
    return root(lambda m: stack_delta_v(vehicle, m) - dv, -burnout * (1.0 - 1e-9), 10.0 * everything)


def propellant_energy(vehicle: Vehicle, propellant_mass: ArrayLike) -> Array:
    """Heat of combustion of a propellant mass at the vehicle's mixture ratio, J (lower heating value)."""
    return jnp.asarray(propellant_mass) / (1.0 + vehicle.mixture_ratio) * vehicle.fuel_heating_value
