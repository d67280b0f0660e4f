"""Electric tugs as an alternative to refilled ships: to the geostationary orbit, to the Moon's distance, to SSO."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro import edelbaum, orbits, sunlight
from astro_logistics.astro.bodies import Earth
from astro_logistics.constants import DAY
from astro_logistics.launch import tug as tugs
from astro_logistics.launch.tug import Tug
from astro_logistics.network.scenario import Scenario
from astro_logistics.numerics import gauss_legendre
from astro_logistics.pytree import Pytree, field, static

NODES = 8
"""Points along a spiral at which the shadow is taken."""


class TugFigures(Pytree):
    """A way by electric tug; `residuals` are met at `<= 0`."""

    residuals: dict[str, Array]
    name: str = static(doc="where")
    delta_v: Array = field(unit="m / s", doc="of the spiral, one way")
    sunlit_fraction: Array = field(unit="", doc="share of the burn's time in sunlight")
    payload_expended: Array = field(unit="kg", doc="per flight of a launcher that brings a new tug each time")
    payload_reused: Array = field(
        unit="kg", doc="per flight to a tug that waits in orbit, its propellant brought along"
    )
    propellant: Array = field(unit="kg", doc="per trip of the reused tug, out and back")
    transit_time: Array = field(unit="s", doc="loaded way of the reused tug")
    cycle_time: Array = field(unit="s", doc="out and back of the reused tug")
    tugs_in_service: Array = field(unit="", doc="tugs that keep up with one flight of the launcher per day")


def spiral_sunlit_fraction(earth: Earth, r1: ArrayLike, r2: ArrayLike, i1: ArrayLike, i2: ArrayLike) -> Array:
    """Share of the time in sunlight of a spiral whose node turns freely against the Sun.

    One over the mean of 1 / sunlit fraction, weighted by delta-v: the thruster is on in sunlight only, so the shadow
    of each height counts by how long it is felt.

    Args:
        earth: the Earth.
        r1, r2: first and last radius, m.
        i1, i2: first and last inclination to the equator, rad.

    Returns:
        0 to 1.

    Errors: equal delta-v takes equal sunlit time (the mass falls by some percent to tens of percent on the way);
    months of the spiral stand for many turns of the node; coasts in shadow do not change the path.
    """
    r1, r2, i1, i2 = jnp.broadcast_arrays(*(jnp.asarray(x, jnp.float64) for x in (r1, r2, i1, i2)))
    x, weights = gauss_legendre(NODES)
    x, weights = (v.reshape((1,) * r1.ndim + (NODES,)) for v in (x, weights))
    r1, r2, i1, i2 = (v[..., None] for v in (r1, r2, i1, i2))
    dv = edelbaum.edelbaum(earth.mu, r1, r2, i2 - i1)
    at = edelbaum.along_spiral(earth.mu, r1, r2, i2 - i1, x * dv)
    inclination = i1 + at.plane_change * jnp.sign(i2 - i1)
    fraction = sunlight.precessing_sunlit_fraction(earth.radius, at.r, inclination, earth.obliquity)
    return 1.0 / jnp.sum(weights / fraction, axis=-1)


def by_tug(
    earth: Earth, tug: Tug, lifted: ArrayLike, name: str, r1: Array, r2: Array, i1: Array, i2: Array
) -> TugFigures:
    """Figures of a spiral between circular orbits.

    Args:
        earth: the Earth.
        tug: the tug.
        lifted: mass that one flight of the launcher brings to the first orbit, kg.
        name: of the destination.
        r1, r2: first and last radius, m.
        i1, i2: first and last inclination to the equator, rad.
    """
    dv = edelbaum.edelbaum(earth.mu, r1, r2, i2 - i1)
    sunlit = spiral_sunlit_fraction(earth, r1, r2, i1, i2)
    new = tugs.payload_of_start_mass(tug, lifted, dv)
    payload = tugs.payload_of_refill(tug, lifted, dv)
    trip = tugs.round_trip(tug, payload, dv, sunlit)
    return TugFigures(
        name=name,
        delta_v=dv,
        sunlit_fraction=sunlit,
        payload_expended=new,
        payload_reused=payload,
        propellant=trip.propellant,
        transit_time=trip.outbound_time,
        cycle_time=trip.total_time,
        tugs_in_service=trip.total_time / DAY,
        residuals=trip.residuals | {"payload is positive": -payload / jnp.asarray(lifted)},
    )


def tug_routes(scenario: Scenario, tug: Tug, lifted: ArrayLike, lifted_polar: ArrayLike) -> dict[str, TugFigures]:
    """Tugs from the depot to the geostationary orbit and the Moon's distance, and from a low orbit of its plane to SSO.

    Args:
        scenario: the scenario.
        tug: the tug.
        lifted: mass that one flight brings to the depot orbit, kg.
        lifted_polar: mass that one flight brings to the parking altitude in the plane of the sun-synchronous orbit, kg.

    Returns:
        By name. "moon-distance" is the spiral to the Moon's circle, in its plane, Moon left out: capture into a
        near-rectilinear orbit from there takes some ten to a hundred m/s (1 %), which the Moon's pull on the last turns
        about gives back. "sso" starts at the parking altitude: drag there is not counted, and dawn-dusk planes
        have less shadow than the mean taken.
    """
    earth, moon, places, depot = scenario.bodies.earth, scenario.bodies.moon, scenario.places, scenario.depot
    start = earth.radius + depot.altitude
    geo = (earth.mu / earth.rotation_rate**2) ** (1.0 / 3.0)
    still = jnp.zeros_like(geo)
    a = earth.radius + places.sso_altitude
    plane = orbits.sun_synchronous_inclination(earth.mu, earth.radius, earth.j2, a, earth.year)
    incl = jnp.asarray(depot.inclination)
    found = (
        by_tug(earth, tug, lifted, "geo", start, geo, incl, still),
        by_tug(earth, tug, lifted, "moon-distance", start, jnp.asarray(moon.orbit_radius), incl, incl),
        by_tug(earth, tug, lifted_polar, "sso", earth.radius + places.parking_altitude, a, plane, plane),
    )
    return {each.name: each for each in found}
