"""One direct transfer between two bodies about the Sun: Lambert's arc between where they are on two dates."""

from __future__ import annotations

from typing import Literal, NamedTuple, Protocol

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro.lambert import lambert
from astro_logistics.numerics import norm

Branch = Literal["left", "right"]


class States(Protocol):
    """What `Ephemeris` and `MeanElements` have in common; a pytree."""

    @property
    def span(self) -> tuple[float, float]:
        """First and last time, TDB seconds past J2000."""
        ...

    def state(self, body: str, t: ArrayLike, center: str = "sun") -> tuple[Array, Array]:
        """Position [m] and velocity [m/s] of `body` relative to `center` at `t`."""
        ...


class Transfer(NamedTuple):
    """A direct transfer, each field of shape (...)."""

    c3: Array
    """Departure energy v_infinity_departure^2 [m2/s2]."""
    v_infinity_departure: Array
    """Speed relative to the origin [m/s]."""
    v_infinity_arrival: Array
    """Speed relative to the destination [m/s]."""
    time_of_flight: Array
    """Arrival less departure [s]."""
    short_way: Array
    """Whether the arc, less its whole revolutions, turns through less than 180 degrees."""
    converged: Array
    """False where there is no such arc, or a date is outside the ephemeris."""


def transfer(
    mu: ArrayLike,
    origin: tuple[Array, Array],
    destination: tuple[Array, Array],
    time_of_flight: ArrayLike,
    *,
    revolutions: int = 0,
    branch: Branch = "left",
) -> Transfer:
    """The arc that leaves one state's position and meets another's after a time, and its speeds relative to them.

    The massless-planet patched conic: v_infinity is the difference of the heliocentric velocities at the planets'
    centers.

    Args:
        mu: gravitational parameter of the Sun [m3/s2].
        origin: heliocentric r, v (..., 3) of the origin at departure [m, m/s].
        destination: heliocentric r, v (..., 3) of the destination at arrival [m, m/s].
        time_of_flight: arrival less departure [s], shape (...).
        revolutions: static; whole turns on the way.
        branch: static; which of the two arcs, with one revolution or more.

    Returns:
        Transfer of shape (...); NaN where `converged` is false. The arc goes the way the planets go (its angular
        momentum has a positive component along the Earth's axis).

    Errors: leaves out the pull of the planets on the arc and the size of their spheres of influence. The handbook
    NASA/TM-2010-216764, same model, is met within 0.02 km2/s2.
    """
    (r1, v1), (r2, v2) = origin, destination
    tof = jnp.asarray(time_of_flight, jnp.float64)
    arc = lambert(mu, r1, r2, tof, revolutions=revolutions, branch=branch)
    leave, arrive = arc.v1 - v1, arc.v2 - v2
    return Transfer(
        c3=jnp.sum(leave * leave, axis=-1),
        v_infinity_departure=norm(leave),
        v_infinity_arrival=norm(arrive),
        time_of_flight=jnp.where(arc.converged, tof, jnp.nan),
        short_way=(r1[..., 0] * r2[..., 1] - r1[..., 1] * r2[..., 0]) >= 0.0,
        converged=arc.converged,
    )
