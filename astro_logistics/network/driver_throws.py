"""The scenario's mass driver throwing at any target of `astro.lunar_launch_aim`: what arrives, and what it costs."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro import maneuvers, orbits
from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.launch import capsule as capsules
from astro_logistics.launch import mass_driver as drivers
from astro_logistics.launch.mass_driver.dispersion import speed_error
from astro_logistics.network import driver_routes, rocket_routes
from astro_logistics.network.scenario import Scenario
from astro_logistics.numerics import smooth_minimum
from astro_logistics.pytree import Pytree, field, replace_at

RESIDUALS = ("track is long enough", "peak power within its limit", "payload is positive")


class Thrown(Pytree):
    """The driver working for shots at one target, fields (n,) over the shots."""

    payload_fraction: Array = field(unit="", doc="payload that has come to stay, over thrown mass")
    shot_rate: Array = field(unit="s-1", doc="shots per time, mean over the year, were the target always in reach")
    shot_limits: Array = field(unit="s-1", doc="shots per time that power and interval would allow, (2, n)")
    payload_rate: Array = field(unit="kg / s", doc="payload per time, with the time that the target is in reach")
    cost: Array = field(unit="USD / kg", doc="per payload; the driver serves other targets in the rest of the time")
    energy: Array = field(unit="J / kg", doc="electric energy per payload")
    speed_error: Array = field(unit="m / s", doc="standard error of the muzzle speed")
    residuals: Array = field(unit="", doc="of `RESIDUALS`, (3, n); met at <= 0")


def muzzle_error(scenario: Scenario, speed: ArrayLike) -> Array:
    """Standard error of the muzzle speed at `speed`, m/s (...), from the errors of single coils, untrimmed."""
    return speed_error(scenario.mass_driver, speed) * jnp.asarray(speed, jnp.float64)


def trim(scenario: Scenario, radius: ArrayLike, turn: ArrayLike) -> Array:
    """Burn that makes a circle of the ellipse left by an aerocapture, m/s: perigee raised and plane turned at once.

    Args:
        scenario: has the perigee of the aerocapture.
        radius: of the circle, and of the apogee that the air leaves, m.
        turn: of the plane, rad.
    """
    earth = scenario.bodies.earth
    perigee = earth.radius + scenario.places.aerocapture_altitude
    radius = jnp.asarray(radius, jnp.float64)
    arriving = orbits.vis_viva(earth.mu, radius, 0.5 * (radius + perigee))
    return maneuvers.combined_plane_change(arriving, orbits.circular_speed(earth.mu, radius), turn)


def throw(
    scenario: Scenario, speed: ArrayLike, correction: ArrayLike, burn: ArrayLike, shielded: ArrayLike, share: ArrayLike
) -> Thrown:
    """What the driver gives and costs with shots at a target.

    Corrections on the way and the last burn are flown by a carrier with the engines of the scenario's capsule to low
    orbit, and with its heat shield where the air brakes.

    Args:
        scenario: the scenario.
        speed: muzzle speed, m/s (n,).
        correction: delta-v of the correction on the way, m/s (n,).
        burn: delta-v to stay, m/s (n,); 0 where a catcher takes the payload, or it flies on.
        shielded: 1 where the air brakes, else 0 (n,).
        share: of the time in which the target is in reach (n,).
    """
    driver = scenario.mass_driver
    speed, share = jnp.asarray(speed, jnp.float64), jnp.asarray(share, jnp.float64)
    shield = jnp.asarray(shielded, jnp.float64) * scenario.sso_capsule.heat_shield_fraction
    carrier = replace_at(
        scenario.sso_capsule, {"correction_delta_v": jnp.asarray(correction), "heat_shield_fraction": shield}
    )
    fraction = capsules.payload_fraction(carrier, burn)
    limits = drivers.shot_limits(driver, speed)
    shots = smooth_minimum(limits)
    delivery = rocket_routes.earth_to_moon(scenario, rocket_routes.to_depot(scenario), 1.0).cost
    bills = [driver_routes.yearly_bill(scenario, shots[k], speed[k], delivery).total for k in range(speed.shape[0])]
    payload = driver.shot_mass * shots * fraction
    return Thrown(
        payload_fraction=fraction,
        shot_rate=shots,
        shot_limits=jnp.stack(limits),
        payload_rate=payload * share,
        cost=jnp.stack(bills) / (payload * JULIAN_YEAR),
        energy=drivers.wall_energy(driver, speed) / fraction,
        speed_error=muzzle_error(scenario, speed),
        residuals=jnp.stack(
            [
                speed / drivers.design_speed(driver) - 1.0,
                drivers.peak_power(driver, speed) / driver.peak_power_limit - 1.0,
                -fraction,
            ]
        ),
    )
