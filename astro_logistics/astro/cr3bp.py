"""The circular restricted three-body problem: Lagrange points, Jacobi constant, trajectories, impacts.

Units: the distance between the two bodies is 1, their mean motion is 1, their masses are 1 - `mass_ratio` and
`mass_ratio`. Frame: rotating with the bodies about their barycenter; the first body stands at (-mass_ratio, 0, 0), the
second at (1 - mass_ratio, 0, 0). States are (x, y, z, vx, vy, vz) in that frame. `System` holds the sizes in SI.

What the model leaves out, for Earth and Moon: the eccentricity of the Moon's orbit (5.5 %) and the Sun. From the same
state, halo and distant retrograde orbits depart from the Sun, Earth and Moon of DE440 (`point_masses`) by 100 to 700 km
in a day, 2e3 to 3e4 km in a week and 4e3 to 1.4e5 km in two, depending on the orbit and the epoch: use the model to
find orbits and costs, and an ephemeris to fly them.
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro import cr3bp_flow
from astro_logistics.named_checks import FINITE, NOT_NEGATIVE, named_checks, within
from astro_logistics.numerics import norm, root
from astro_logistics.pytree import Pytree, field

MASS_RATIO = within(0.0, 0.5)
MOTION = {"mass_ratio": MASS_RATIO, "state": FINITE, "t": FINITE}


class System(Pytree):
    """Two bodies on circular orbits about each other, and the SI sizes of the unit of length and of time."""

    mass_ratio: Array = field(unit="", doc="mass of the smaller body over the sum", low=0.0, high=0.5)
    length: Array = field(unit="m", doc="distance between the bodies", low=0.0)
    time: Array = field(unit="s", doc="period over 2 pi", low=0.0)

    def to_si(self, state: ArrayLike) -> Array:
        """State (..., 6) in m and m/s, still in the rotating frame."""
        return jnp.asarray(state) * self._scale()

    def from_si(self, state: ArrayLike) -> Array:
        """Non-dimensional state (..., 6) from m and m/s in the rotating frame."""
        return jnp.asarray(state) / self._scale()

    def _scale(self) -> Array:
        speed = self.length / self.time
        return jnp.concatenate([jnp.full(3, 1.0) * self.length, jnp.full(3, 1.0) * speed])


def system(mu_first: ArrayLike, mu_second: ArrayLike, distance: ArrayLike) -> System:
    """The system of two bodies with gravitational parameters in m3/s2 at a distance in m: T = sqrt(d^3 / sum mu)."""
    first, second, length = (jnp.asarray(a, jnp.float64) for a in (mu_first, mu_second, distance))
    total = first + second
    return System(mass_ratio=second / total, length=length, time=length * jnp.sqrt(length / total))


@named_checks({"mass_ratio": MASS_RATIO})
def lagrange_points(mass_ratio: ArrayLike) -> Array:
    """Positions of L1 to L5 in the rotating frame.

    L1, L2 and L3 from the quintics in the distance to the nearer body (Szebehely 1967, section 4.4); L4 leads the
    second body by 60 degrees, L5 trails it.

    Args:
        mass_ratio: (...), from 0 to 0.5.

    Returns:
        (..., 5, 3). Rounding only; any derivative is exact for a ratio above zero.
    """
    mu = jnp.asarray(mass_ratio, jnp.float64)

    def first(g: Array) -> Array:
        return ((((g - (3.0 - mu)) * g + (3.0 - 2.0 * mu)) * g - mu) * g + 2.0 * mu) * g - mu

    def second(g: Array) -> Array:
        return ((((g + (3.0 - mu)) * g + (3.0 - 2.0 * mu)) * g - mu) * g - 2.0 * mu) * g - mu

    def third(g: Array) -> Array:
        large = 1.0 - mu
        return ((((g + (2.0 + mu)) * g + (1.0 + 2.0 * mu)) * g - large) * g - 2.0 * large) * g - large

    low, high = jnp.zeros_like(mu), jnp.ones_like(mu)
    x = [1.0 - mu - root(first, low, high), 1.0 - mu + root(second, low, high), -mu - root(third, low, high)]
    zero, height = jnp.zeros_like(mu), jnp.full_like(mu, 0.75**0.5)
    points = [(value, zero, zero) for value in x] + [(0.5 - mu, height, zero), (0.5 - mu, -height, zero)]
    return jnp.stack([jnp.stack(p, axis=-1) for p in points], axis=-2)


@named_checks({"mass_ratio": MASS_RATIO, "state": FINITE})
def jacobi(mass_ratio: ArrayLike, state: ArrayLike) -> Array:
    """The integral C = x^2 + y^2 + 2 (1 - m) / r1 + 2 m / r2 - v^2 (Szebehely 1967, section 1.6, without m (1 - m)).

    Args:
        mass_ratio: (...).
        state: (..., 6).

    Returns:
        (...). At L4 and L5 it is 3 - m (1 - m).
    """
    mu, state = jnp.asarray(mass_ratio, jnp.float64), jnp.asarray(state, jnp.float64)
    x, y, z, vx, vy, vz = (state[..., i] for i in range(6))
    r1 = norm(jnp.stack(jnp.broadcast_arrays(x + mu, y, z), axis=-1))
    r2 = norm(jnp.stack(jnp.broadcast_arrays(x + mu - 1.0, y, z), axis=-1))
    return x * x + y * y + 2.0 * (1.0 - mu) / r1 + 2.0 * mu / r2 - (vx * vx + vy * vy + vz * vz)


def _lanes(mass_ratio: ArrayLike, state: ArrayLike, t: ArrayLike) -> tuple[Array, Array, Array, tuple[int, ...]]:
    """The arguments broadcast and flattened to (N,), (6, N), (N,), and the broadcast shape."""
    mu, state, t = (jnp.asarray(a, jnp.float64) for a in (mass_ratio, state, t))
    if state.ndim == 0 or state.shape[-1] != 6:
        raise ValueError(f"a state has 6 numbers on its last axis; this one has shape {state.shape}")
    shape = jnp.broadcast_shapes(mu.shape, state.shape[:-1], t.shape)
    flat = jnp.broadcast_to(state, (*shape, 6)).reshape(-1, 6).T
    return jnp.broadcast_to(mu, shape).reshape(-1), flat, jnp.broadcast_to(t, shape).reshape(-1), shape


@named_checks(MOTION)
def propagate(mass_ratio: ArrayLike, state: ArrayLike, t: ArrayLike) -> Array:
    """State after the time `t`, forward or backward.

    Taylor series of degree 20 with adaptive steps (Jorba and Zou 2005). First derivatives by all three arguments come
    from the variational equations, second ones from theirs; both in forward and reverse mode. Third ones are there in
    forward mode only.

    Args:
        mass_ratio: (...).
        state: (..., 6).
        t: (...), 2 pi is one revolution of the bodies.

    Returns:
        (..., 6). Error: rounding, a few 1e-16 a step, grown by the dynamics (the state transition matrix); the Jacobi
        constant drifts below 1e-12 over a month on halo and distant retrograde orbits. NaN where a trajectory comes
        within 1e-9 of a body's center, or needs more than 20,000 steps.
    """
    mu, flat, t, shape = _lanes(mass_ratio, state, t)
    return cr3bp_flow.flow(mu, flat, t).T.reshape(*shape, 6)


@named_checks(MOTION)
def propagate_with_stm(mass_ratio: ArrayLike, state: ArrayLike, t: ArrayLike) -> tuple[Array, Array]:
    """State after the time `t`, and its derivatives by the initial state (the state transition matrix).

    Arguments, accuracy and NaN as in `propagate`; differentiable once more, in forward and reverse mode.

    Returns:
        (..., 6) and (..., 6, 6): entry [i, j] is the derivative of the final component i by the initial component j.
    """
    mu, flat, t, shape = _lanes(mass_ratio, state, t)
    end, stm = cr3bp_flow.flow_sensitivity(mu, flat, t, 6)
    return end.T.reshape(*shape, 6), jnp.moveaxis(stm, -1, 0).reshape(*shape, 6, 6)


class Impact(Pytree):
    """Where a trajectory ends: at the surface of a body, or at the end of the given time."""

    time: Array = field(unit="", doc="when, in units of the system; NaN for a start inside a body")
    state: Array = field(unit="", doc="state there, (..., 6)")
    body: Array = field(unit="", doc="1 or 2 for an impact on that body, 0 for none", low=0.0, high=2.0)


@named_checks(MOTION | {"radii": NOT_NEGATIVE})
def impact(mass_ratio: ArrayLike, state: ArrayLike, t: ArrayLike, radii: ArrayLike) -> Impact:
    """Follow a trajectory until it meets the surface of one of the bodies, for at most the time `t`.

    The squared distance to a body is a polynomial in each Taylor step; its first fall to the squared radius is
    bracketed and bisected, so that a graze within a step is not missed. Time and state carry derivatives (implicit
    function theorem: the event moves with the trajectory); `body` has none.

    Args:
        mass_ratio: (...).
        state: (..., 6).
        t: (...), may be negative.
        radii: (..., 2), of the first and the second body; 0 is a point that is never met.

    Returns:
        An `Impact` with leading shape (...).
    """
    t, radii = jnp.asarray(t, jnp.float64), jnp.asarray(radii, jnp.float64)
    mu, flat, t, shape = _lanes(mass_ratio, state, jnp.broadcast_to(t, jnp.broadcast_shapes(t.shape, radii.shape[:-1])))
    radii = jnp.broadcast_to(radii, (*shape, 2)).reshape(-1, 2).T
    held = jax.lax.stop_gradient((mu, flat, t, radii))
    found, body, _ = cr3bp_flow.time_to_contact(*held)

    def height(at: Array) -> Array:
        """Squared distance above the surface that is met; for no impact, the time past the end."""
        x, y, z = cr3bp_flow.flow(mu, flat, at)[:3]
        first = body == 1
        along = x + mu - jnp.where(first, 0.0, 1.0)
        radius = jnp.where(first, radii[0], radii[1])
        return jnp.where(body > 0, along * along + y * y + z * z - radius * radius, at - t)

    when = jax.lax.custom_root(height, found, lambda f, x: x, lambda g, y: y / g(jnp.ones_like(y)))
    end = cr3bp_flow.flow(mu, flat, when)
    return Impact(time=when.reshape(shape), state=end.T.reshape(*shape, 6), body=body.reshape(shape))
