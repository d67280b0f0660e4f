"""Electric tugs: what slow transfer costs in propellant and in time, one way or there and back."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.launch.rocket import exhaust_speed
from astro_logistics.pytree import Pytree, field


class Tug(Pytree):
    """A solar electric tug; its delta-v is an argument, since the way sets it (Edelbaum's, for a spiral)."""

    power: Array = field(unit="W", doc="electric power into the thrusters when new, in sunlight", low=0.0)
    specific_impulse: Array = field(unit="s", doc="specific impulse of the thrusters", low=0.0)
    efficiency: Array = field(unit="", doc="power of the jet over electric power into the thrusters", low=0.0, high=1.0)
    dry_mass: Array = field(unit="kg", doc="arrays, thrusters, structure; without propellant and its tanks", low=0.0)
    tank_ratio: Array = field(unit="", doc="mass of tanks and feed over mass of propellant", low=0.0)
    belt_loss_fraction: Array = field(
        unit="",
        doc="share of the power that a spiral through the radiation belts takes away for good",
        low=0.0,
        high=1.0,
    )


class Trip(Pytree):
    """What one trip of a tug takes; `residuals` are constraints by name, met at `<= 0`."""

    residuals: dict[str, Array]
    propellant: Array = field(unit="kg", doc="propellant burnt, return included")
    start_mass: Array = field(unit="kg", doc="mass at the start: tug, tanks, propellant, payload")
    payload_fraction: Array = field(unit="", doc="payload over mass at the start")
    outbound_time: Array = field(unit="s", doc="time of the loaded way")
    total_time: Array = field(unit="s", doc="time of all ways")


TANKS = "tug carries its tanks"
"""Name of the residual: the way is so long that tanks grow faster than the propellant they hold."""


def thrust(tug: Tug) -> Array:
    """Thrust when new and in sunlight: 2 efficiency power / exhaust speed, N (Sutton & Biblarz 2017, section 17.1)."""
    return 2.0 * tug.efficiency * tug.power / exhaust_speed(tug.specific_impulse)


def mass_flow(tug: Tug) -> Array:
    """Propellant burnt per time when new and in sunlight: 2 efficiency power / (exhaust speed)^2, kg/s."""
    return thrust(tug) / exhaust_speed(tug.specific_impulse)


def degradation_stretch(loss_fraction: ArrayLike) -> Array:
    """How much longer a burn takes when the power falls linearly, burn by burn, by `loss_fraction`: -ln(1 - d) / d.

    The mean of 1 / (1 - d x) over x from 0 to 1. Where the loss comes early, as in a spiral that starts below the
    belts, the burn takes up to 1 / (1 - d): for d = 0.15, 18 % instead of 8 % longer.
    """
    d = jnp.asarray(loss_fraction, jnp.float64)
    small = d < 1e-5
    safe = jnp.where(small, 0.5, d)
    return jnp.where(small, 1.0 + d / 2.0 + d * d / 3.0, -jnp.log1p(-safe) / safe)


def _trip(tug: Tug, payload: Array, propellant: Array, outbound: Array, growth: Array, sunlit: ArrayLike) -> Trip:
    """The trip whose propellant is known; `growth` is the propellant that one unit of dry mass needs."""
    start = tug.dry_mass + tug.tank_ratio * propellant + propellant + payload
    new = mass_flow(tug) * jnp.asarray(sunlit)
    worn = new * (1.0 - tug.belt_loss_fraction)
    out = outbound / new * degradation_stretch(tug.belt_loss_fraction)
    # the power lost on the first way is gone on the second: a further loss is counted against it
    back = (propellant - outbound) / worn * degradation_stretch(tug.belt_loss_fraction)
    return Trip(
        propellant=propellant,
        start_mass=start,
        payload_fraction=payload / start,
        outbound_time=out,
        total_time=out + back,
        residuals={TANKS: tug.tank_ratio * growth - 1.0},
    )


def one_way(tug: Tug, payload: ArrayLike, dv: ArrayLike, sunlit_fraction: ArrayLike = 1.0) -> Trip:
    """A tug that takes a payload up and stays.

    With R = exp(dv / (isp g0)) and t the tank ratio, p = (dry + payload)(R - 1) / (1 - t (R - 1)); the time is the
    propellant over the flow, divided by the sunlit fraction, times `degradation_stretch`.

    Args:
        tug: the tug.
        payload: kg.
        dv: delta-v of the way, m/s (`astro.edelbaum`).
        sunlit_fraction: mean share of the time in which it thrusts.

    Returns:
        `Trip`. Where the tanks outgrow what they hold the residual is positive and the propellant has no meaning.

    Validity: thrust only in sunlight, power as at one astronomical unit.

    Errors: coasting in shadow turns a circle into an ellipse, which costs some percent of delta-v to take out; the
    propellant is counted without it.
    """
    payload = jnp.asarray(payload, jnp.float64)
    growth = jnp.expm1(jnp.asarray(dv) / exhaust_speed(tug.specific_impulse))
    propellant = (tug.dry_mass + payload) * growth / (1.0 - tug.tank_ratio * growth)
    return _trip(tug, payload, propellant, propellant, growth, sunlit_fraction)


def round_trip(tug: Tug, payload: ArrayLike, dv: ArrayLike, sunlit_fraction: ArrayLike = 1.0) -> Trip:
    """A tug that takes a payload up, leaves it, and comes back empty by the same delta-v.

    p = (dry (R^2 - 1) + payload (R - 1)) / (1 - t (R^2 - 1)), of which (dry + t p)(R - 1) on the way back. The belts
    take `belt_loss_fraction` of the power that is left on each way.

    Args and Returns: as `one_way`; `outbound_time` is that of the loaded way. Errors: as `one_way`.
    """
    payload = jnp.asarray(payload, jnp.float64)
    ratio = jnp.asarray(dv) / exhaust_speed(tug.specific_impulse)
    single, double = jnp.expm1(ratio), jnp.expm1(2.0 * ratio)
    propellant = (tug.dry_mass * double + payload * single) / (1.0 - tug.tank_ratio * double)
    back = (tug.dry_mass + tug.tank_ratio * propellant) * single
    return _trip(tug, payload, propellant, propellant - back, double, sunlit_fraction)


def payload_of_start_mass(tug: Tug, start_mass: ArrayLike, dv: ArrayLike) -> Array:
    """Payload of `one_way` when tug, tanks, propellant and payload together have a given mass at the start, kg.

    start (1 - t (R - 1)) / R - dry: what one launcher flight brings when it carries a new tug each time. Negative where
    the tug outweighs what is left.
    """
    growth = jnp.expm1(jnp.asarray(dv) / exhaust_speed(tug.specific_impulse))
    return jnp.asarray(start_mass) * (1.0 - tug.tank_ratio * growth) / (1.0 + growth) - tug.dry_mass


def payload_of_refill(tug: Tug, lifted: ArrayLike, dv: ArrayLike) -> Array:
    """Payload of `round_trip` when a flight brings payload, propellant and its tanks to a tug that waits in orbit, kg.

    lifted = payload + (1 + t) p with p of `round_trip`, solved for the payload (it is linear in p).
    """
    ratio = jnp.asarray(dv) / exhaust_speed(tug.specific_impulse)
    single, double = jnp.expm1(ratio), jnp.expm1(2.0 * ratio)
    share = (1.0 + tug.tank_ratio) / (1.0 - tug.tank_ratio * double)
    return (jnp.asarray(lifted) - share * tug.dry_mass * double) / (1.0 + share * single)
