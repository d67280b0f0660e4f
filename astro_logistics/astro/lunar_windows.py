"""When to leave for the Moon and for home: transfers to the real Moon, and the moments a plane or a site allows them.

Patched conics about the Earth, on JPL's Moon. A transfer plane must hold the Earth's center and the Moon at its end of
the flight; a parking orbit's plane drifts, the ground turns, and the Moon moves through 18 to 29 degrees of
declination. Inclinations, nodes and latitudes refer to the mean equator and equinox of date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Literal, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro._lunar_arc import perigee_arc
from astro_logistics.astro._lunar_crossings import crossings
from astro_logistics.astro._lunar_earth import precession
from astro_logistics.astro.maneuvers import departure_burn
from astro_logistics.astro.orbits import circular_speed
from astro_logistics.astro.transfers import States
from astro_logistics.constants import DAY
from astro_logistics.numerics import norm, unit

Direction = Literal["outbound", "return"]


class ParkingOrbit(NamedTuple):
    """A circular orbit about the Earth whose node drifts evenly; each field broadcasts."""

    radius: ArrayLike
    """[m]"""
    inclination: ArrayLike
    """To the mean equator of date [rad]."""
    node: ArrayLike
    """Right ascension of the ascending node at the epoch [rad]."""
    epoch: ArrayLike
    """TDB seconds past J2000."""
    node_rate: ArrayLike
    """[rad/s]: `orbits.nodal_precession`."""


class Masses(NamedTuple):
    """Gravitational parameters [m3/s2]."""

    earth: ArrayLike
    moon: ArrayLike


class LunarTransfer(NamedTuple):
    """Flights between an Earth perigee and the Moon, each field of shape (...)."""

    departure: Array
    """TDB seconds past J2000."""
    arrival: Array
    """TDB seconds past J2000."""
    c3: Array
    """Twice the energy about the Earth [m2/s2], negative on an ellipse."""
    v_perigee: Array
    """Speed at the perigee, about the Earth [m/s]."""
    burn_earth: Array
    """Between the circular orbit at the perigee and the transfer [m/s]."""
    v_infinity_moon: Array
    """Speed relative to the Moon, its pull left out [m/s]."""
    burn_moon: Array
    """Between the circular lunar orbit and the transfer [m/s]."""
    angle: Array
    """From the perigee to the Moon, seen from the Earth [rad]."""
    distance: Array
    """Of the Moon at its end of the flight [m]."""
    declination: Array
    """Of the Moon then, from the equator of date [rad]."""
    converged: Array
    """False where there is no such arc or the ephemeris ends."""


def normal(orbit: ParkingOrbit, t: ArrayLike) -> Array:
    """Unit vector (..., 3) along the angular momentum of a parking orbit at time t (...), ICRF.

    (sin i sin node, -sin i cos node, cos i) on the equator of date, node = node_0 + rate (t - epoch).
    """
    t = jnp.asarray(t, jnp.float64)
    return to_icrf(precession(t), _normal_of_date(orbit, t))


def _normal_of_date(orbit: ParkingOrbit, t: Array) -> Array:
    _, i, node, epoch, rate = (jnp.asarray(x, jnp.float64) for x in orbit)
    node = node + rate * (t - epoch)
    x, y, z = jnp.broadcast_arrays(jnp.sin(i) * jnp.sin(node), -jnp.sin(i) * jnp.cos(node), jnp.cos(i))
    return jnp.stack([x, y, z], axis=-1)


def to_icrf(turn: Array, v: Array) -> Array:
    """`to_date` backwards."""
    return jnp.einsum("...ji,...j->...i", turn, v)


def to_date(turn: Array, v: Array) -> Array:
    """ICRF vectors on the axes that the matrices `turn` lead to."""
    return jnp.einsum("...ij,...j->...i", turn, v)


def moon(ephemeris: States, t: Array) -> tuple[Array, Array]:
    """Position [m] and velocity [m/s] of the Moon about the Earth's center, ICRF."""
    return ephemeris.state("moon", t, center="earth")


@partial(jax.jit, static_argnames="direction")
def transfer(
    ephemeris: States,
    departure: ArrayLike,
    time_of_flight: ArrayLike,
    plane: ArrayLike,
    masses: Masses,
    r_perigee: ArrayLike,
    r_lunar: ArrayLike,
    *,
    direction: Direction = "outbound",
) -> LunarTransfer:
    """The flight between a tangential burn at an Earth perigee and the Moon where it really is.

    The conic of the given perigee radius that is at the Moon's distance the given time from perigee; its plane is the
    one nearest to `plane` that holds the Moon. v_infinity is the conic's velocity there less the Moon's; both burns
    are impulses along the path.

    Args:
        ephemeris: has the Moon and the Earth.
        departure: TDB seconds past J2000 (...): outbound from the perigee, on the return from the Moon.
        time_of_flight: between perigee and the Moon [s] (...).
        plane: vector (..., 3) along the wanted angular momentum, ICRF; `normal` of a parking orbit.
        masses: gravitational parameters.
        r_perigee: radius of the parking orbit, or of the perigee aimed at on the return [m].
        r_lunar: radius of the circular lunar orbit [m].
        direction: static; "outbound" from the Earth, or "return".

    Returns:
        LunarTransfer; NaN where `converged` is false.

    Validity: flights from 12 hours to two weeks; past about five days the arc meets the Moon on its way down.

    Errors: the Moon pulls only at its end, and the Sun not at all. Against integrated paths (Earth, Moon and Sun as
    points; 3 to 4.5 days, near and far Moon, either side of it): the burn at the Earth is right to 7 m/s (0.2 %),
    v_infinity is 35 to 75 m/s too large and the burn at the Moon 15 to 25 m/s with it, the perigee lies within 3
    degrees along the orbit, and 0.3 to 2 degrees out of the plane that is really needed.

    References: Bate, Mueller & White 1971, sec. 7.4; Battin 1999, sec. 4.5.
    """
    leave, tof = jnp.broadcast_arrays(jnp.asarray(departure, jnp.float64), jnp.asarray(time_of_flight, jnp.float64))
    arrive = leave + tof
    outward = direction == "outbound"
    at_moon = arrive if outward else leave
    r, v = moon(ephemeris, at_moon)
    distance, toward = norm(r), unit(r)
    mu = jnp.asarray(masses.earth, jnp.float64)
    q = jnp.asarray(r_perigee, jnp.float64)
    arc = perigee_arc(mu, q, distance, tof)
    wanted = jnp.asarray(plane, jnp.float64)
    n = unit(wanted - jnp.sum(wanted * toward, axis=-1, keepdims=True) * toward)
    radial = arc.v_radial if outward else -arc.v_radial
    path = radial[..., None] * toward + arc.v_transverse[..., None] * jnp.cross(n, toward)
    v_infinity = norm(path - v)
    return LunarTransfer(
        departure=leave,
        arrival=arrive,
        c3=arc.v_perigee**2 - 2.0 * mu / q,
        v_perigee=arc.v_perigee,
        burn_earth=arc.v_perigee - circular_speed(mu, q),
        v_infinity_moon=v_infinity,
        burn_moon=departure_burn(masses.moon, r_lunar, v_infinity),
        angle=arc.true_anomaly,
        distance=distance,
        declination=jnp.arcsin(to_date(precession(at_moon), toward)[..., 2]),
        converged=arc.converged & jnp.isfinite(v_infinity),
    )


def entry(mu_earth: ArrayLike, r_perigee: ArrayLike, v_perigee: ArrayLike, r_entry: ArrayLike) -> tuple[Array, Array]:
    """Speed and flight-path angle where a returning conic enters the air.

    v^2 = v_p^2 - 2 mu (1/r_p - 1/r_e);  cos gamma = r_p v_p / (r_e v), downward.

    Args:
        mu_earth: gravitational parameter [m3/s2].
        r_perigee: perigee of the conic (below the entry radius) [m].
        v_perigee: speed there [m/s].
        r_entry: radius of the entry interface [m].

    Returns:
        speed [m/s] relative to the Earth's center (the air moves with up to 465 m/s) and angle [rad], negative;
        NaN for r_entry < r_perigee.
    """
    mu, q, v, r = (jnp.asarray(x, jnp.float64) for x in (mu_earth, r_perigee, v_perigee, r_entry))
    speed = jnp.sqrt(v**2 - 2.0 * mu * (1.0 / q - 1.0 / r))
    return speed, -jnp.arccos(q * v / (r * speed))


def _lags(time_of_flight: Array, direction: Direction) -> tuple[Array, Array]:
    """From departure to the moments at which the parking plane and the Moon count."""
    zero = jnp.zeros_like(time_of_flight)
    return (zero, time_of_flight) if direction == "outbound" else (time_of_flight, zero)


@partial(jax.jit, static_argnames="direction")
def out_of_plane(
    ephemeris: States,
    orbit: ParkingOrbit,
    departure: ArrayLike,
    time_of_flight: ArrayLike,
    *,
    direction: Direction = "outbound",
) -> Array:
    """Sine of the angle [-] (...) by which the Moon stands above the plane of the parking orbit.

    Args:
        ephemeris, orbit: the Moon and the orbit.
        departure: TDB seconds past J2000.
        time_of_flight: [s].
        direction: static; "outbound": the orbit at departure, the Moon at arrival; "return": the other way round.
    """
    t, tof = jnp.asarray(departure, jnp.float64), jnp.asarray(time_of_flight, jnp.float64)
    plane_lag, moon_lag = _lags(tof, direction)
    toward = to_date(precession(t + plane_lag), unit(moon(ephemeris, t + moon_lag)[0]))
    return jnp.sum(_normal_of_date(orbit, t + plane_lag) * toward, axis=-1)


def _outbound_offset(t: Array, inputs: tuple[States, ParkingOrbit, Array]) -> Array:
    return out_of_plane(*inputs[:2], t, inputs[2])


def _return_offset(t: Array, inputs: tuple[States, ParkingOrbit, Array]) -> Array:
    return out_of_plane(*inputs[:2], t, inputs[2], direction="return")


def orbit_windows(
    ephemeris: States,
    orbit: ParkingOrbit,
    start: float,
    stop: float,
    *,
    masses: Masses,
    r_lunar: float,
    time_of_flight: float,
    direction: Direction = "outbound",
) -> LunarTransfer:
    """Every departure in a span at which the plane of an existing parking orbit holds the Moon at its end.

    Roots of n(t) . r_moon(t + tof) = 0 (on the return, n(t + tof) . r_moon(t)): two each time the Moon goes round
    against the drifting node. Nearly coplanar orbits may have more or none; both are found.

    Args:
        ephemeris: has the Moon and the Earth from `start` to `stop` and a flight later.
        orbit: the parking orbit, its fields scalar.
        start: earliest departure, TDB seconds past J2000.
        stop: latest departure, likewise.
        masses: gravitational parameters.
        r_lunar: radius of the circular lunar orbit [m].
        time_of_flight: [s].
        direction: "outbound" to the Moon, or "return" to the parking orbit.

    Returns:
        LunarTransfer, NumPy arrays of shape (n,), in order of departure.

    Raises:
        ValueError: start not before stop, a flight time that is not positive, or dates outside the ephemeris.

    Errors: dates to a microsecond for the model. The pull of Moon and Sun turns the plane that is needed by 0.3 to 2
    degrees (see `transfer`), which shifts most dates by half an hour to eight hours; where the orbit nearly lies in the
    Moon's plane, by a day, and a close pair may be none. A craft passes the injection point once per revolution, so
    it burns up to 45 minutes (low orbit) beside the date.
    """
    check_span(ephemeris, start, stop, time_of_flight)
    tof = jnp.asarray(time_of_flight, jnp.float64)
    fields = ParkingOrbit(*(jnp.asarray(x, jnp.float64) for x in orbit))
    masses = Masses(*(jnp.asarray(x, jnp.float64) for x in masses))
    f = _outbound_offset if direction == "outbound" else _return_offset
    dates = crossings(f, (ephemeris, fields, tof), start, stop, 0.5 * DAY)
    lag, r_low = float(_lags(tof, direction)[0]), jnp.asarray(r_lunar, jnp.float64)

    def flights(t: np.ndarray) -> LunarTransfer:
        plane = _normals(fields, t + lag)
        return transfer(ephemeris, t, np.full(t.shape, tof), plane, masses, fields.radius, r_low, direction=direction)

    return LunarTransfer(*in_blocks(flights, dates, start))  # pyright: ignore[reportArgumentType]


_normals = jax.jit(normal)
_BLOCK = 256


def in_blocks(f: Callable[[np.ndarray], Iterable[Array]], t: np.ndarray, filler: float) -> list[np.ndarray]:
    """The columns of f over any number of times, in blocks of one size: one compilation."""
    count = max(1, -(-t.size // _BLOCK))
    blocks = np.concatenate([t, np.full(count * _BLOCK - t.size, filler)]).reshape(count, _BLOCK)
    columns = zip(*(f(block) for block in blocks), strict=True)
    return [np.concatenate([np.asarray(x) for x in column])[: t.size] for column in columns]


def check_span(ephemeris: States, start: float, stop: float, longest: float) -> None:
    """`ValueError` where departures and flights do not fit the ephemeris."""
    if not start < stop:
        raise ValueError(f"start ({start}) must be before stop ({stop})")
    if not longest > 0.0:
        raise ValueError(f"the time of flight must be positive, not {longest}")
    first, last = ephemeris.span
    if start < first or stop + longest > last:
        raise ValueError(
            f"departures from {start:.0f} to {stop:.0f} s past J2000 and {longest / DAY:.1f} days of flight need an "
            f"ephemeris of that span; this one has {first:.0f} to {last:.0f}"
        )
