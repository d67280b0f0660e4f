"""A spacecraft among the Sun, the Earth and the Moon where the ephemeris has them: the check on the circular problem.

Forces: the Newtonian pull of the three as points. What is left out, at the Moon's distance, as an acceleration: the
planets' tide (below 1e-11 m/s2), sunlight on the craft (1e-7 m/s2 at 10 m2 per tonne), relativity (1e-10), the
flattening of the Earth (1e-8, growing with the inverse fourth power of the distance) and, near the Moon, its gravity
field (1e-4 of its pull at the surface). States are positions in m and velocities in m/s on ICRF axes, from the center
of the Earth, of the Moon, or their barycenter ("emb"); times are TDB seconds past J2000.
"""

from __future__ import annotations

from functools import partial

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro import _point_mass_contact, _point_mass_flow, cr3bp
from astro_logistics.astro.ephemeris import Ephemeris
from astro_logistics.numerics import norm, unit
from astro_logistics.pytree import Pytree, field


def _lanes(
    mu: ArrayLike, r: ArrayLike, v: ArrayLike, t0: ArrayLike, dt: ArrayLike
) -> tuple[tuple[Array, ...], tuple[int, ...]]:
    """The arguments broadcast and flattened to (3, N), (6, N), (N,), (N,), and the broadcast shape."""
    mu, r, v, t0, dt = (jnp.asarray(a, jnp.float64) for a in (mu, r, v, t0, dt))
    for name, a in (("mu", mu), ("r", r), ("v", v)):
        if a.ndim == 0 or a.shape[-1] != 3:
            raise ValueError(f"{name} has 3 numbers on its last axis; this one has shape {a.shape}")
    shape = jnp.broadcast_shapes(mu.shape[:-1], r.shape[:-1], v.shape[:-1], t0.shape, dt.shape)
    mu, r, v = (jnp.broadcast_to(a, (*shape, 3)).reshape(-1, 3).T for a in (mu, r, v))
    t0, dt = (jnp.broadcast_to(a, shape).reshape(-1) for a in (t0, dt))
    return (mu, jnp.concatenate([r, v]), t0, dt), shape


def propagate(
    ephemeris: Ephemeris,
    mu: ArrayLike,
    r: ArrayLike,
    v: ArrayLike,
    t0: ArrayLike,
    dt: ArrayLike,
    *,
    center: str = "earth",
) -> tuple[Array, Array]:
    """Position and velocity after `dt`, forward or backward.

        a = sum_k mu_k (s_k - r) / |s_k - r|^3 - (the same sum, without the center itself, at the center)

    Taylor series of degree 20 with adaptive steps (Jorba and Zou 2005) that end where the ephemeris changes its
    polynomial. First derivatives by state, epoch, duration and gravitational parameters come from the variational
    equations, in forward and reverse mode; the rule for second ones is there but slow to compile and not under test.
    The ephemeris itself is held fixed.

    Args:
        ephemeris: holds the Sun, the Earth and the Moon.
        mu: (..., 3), gravitational parameters of the Sun, the Earth and the Moon, m3/s2.
        r: (..., 3), m from the center.
        v: (..., 3), m/s.
        t0: (...), TDB seconds past J2000.
        dt: (...), s.
        center: static; "earth", "moon" or "emb".

    Returns:
        r (..., 3) and v (..., 3). Errors: rounding, of the state and of the epoch (1e-7 s, so 1e-4 m in the place of
        the Moon), grown by the dynamics. NaN where the flight leaves the ephemeris, comes within some 10 km of the
        Earth's or 3 km of the Moon's center, or needs more than 20,000 steps.

    Raises:
        ValueError: unknown center, a kernel without these bodies, or one that splits a body over several segments.
    """
    lanes, shape = _lanes(mu, r, v, t0, dt)
    end = _point_mass_flow.flow(center, ephemeris, *lanes).T.reshape(*shape, 6)
    return end[..., :3], end[..., 3:]


def propagate_with_stm(
    ephemeris: Ephemeris,
    mu: ArrayLike,
    r: ArrayLike,
    v: ArrayLike,
    t0: ArrayLike,
    dt: ArrayLike,
    *,
    center: str = "earth",
) -> tuple[Array, Array, Array]:
    """Position and velocity after `dt`, and their derivatives by the initial ones (the state transition matrix).

    Arguments, accuracy and NaN as in `propagate`; differentiable once more, in forward and reverse mode.

    Returns:
        r (..., 3), v (..., 3), and (..., 6, 6): entry [i, j] is the derivative of the final component i of (r, v) by
        the initial component j.
    """
    lanes, shape = _lanes(mu, r, v, t0, dt)
    end, sens = _point_mass_flow.flow_sensitivity(center, ephemeris, *lanes)
    end = end.T.reshape(*shape, 6)
    return end[..., :3], end[..., 3:], jnp.moveaxis(sens[:, :6], -1, 0).reshape(*shape, 6, 6)


class Impact(Pytree):
    """Where a flight ends: at the surface of the Earth or the Moon, or at the end of the given time."""

    time: Array = field(unit="s", doc="when, after the start; NaN for a start inside a body")
    r: Array = field(unit="m", doc="position there from the center, (..., 3)")
    v: Array = field(unit="m / s", doc="velocity there, (..., 3)")
    body: Array = field(unit="", doc="1 for the Earth, 2 for the Moon, 0 for neither", low=0.0, high=2.0)


def impact(
    ephemeris: Ephemeris,
    mu: ArrayLike,
    r: ArrayLike,
    v: ArrayLike,
    t0: ArrayLike,
    dt: ArrayLike,
    radii: ArrayLike,
    *,
    center: str = "earth",
) -> Impact:
    """Follow a flight until it meets the surface of the Earth or the Moon, for at most the time `dt`.

    The event as in `cr3bp.impact`: the squared distance to a body is a polynomial in each Taylor step, and its first
    fall to the squared radius is bracketed and bisected. Time and state carry first derivatives, in forward and reverse
    mode (implicit function theorem); second ones are not those of the event; `body` has none.

    Args:
        ephemeris, mu, r, v, t0, dt, center: as in `propagate`.
        radii: (..., 2), of the Earth and of the Moon, m; 0 is a point that is never met.

    Returns:
        An `Impact` with leading shape (...).
    """
    radii, dt = jnp.asarray(radii, jnp.float64), jnp.asarray(dt, jnp.float64)
    dt = jnp.broadcast_to(dt, jnp.broadcast_shapes(dt.shape, radii.shape[:-1]))
    lanes, shape = _lanes(mu, r, v, t0, dt)
    mu, state, t0, dt = lanes
    radii = jnp.broadcast_to(radii, (*shape, 2)).reshape(-1, 2).T
    held = jax.lax.stop_gradient((mu, state, t0, dt, radii))
    found, body = _point_mass_contact.time_to_contact(center, ephemeris, *held)

    place = _point_mass_flow.flow(center, ephemeris, mu, state, t0, found).T
    earth, moon = (ephemeris.state(name, t0 + found, center) for name in ("earth", "moon"))
    away, closing = (place[:, 3 * k : 3 * k + 3] - jnp.where((body == 1)[:, None], earth[k], moon[k]) for k in (0, 1))
    radius = jnp.where(body == 1, radii[0], radii[1])
    height = 0.5 * (jnp.sum(away * away, axis=-1) - radius * radius)
    # Newton's step from the root: no change of the value, and the derivative of the implicit function
    moved = found - height / jnp.sum(away * closing, axis=-1)
    when = jnp.where(body > 0, moved, jnp.where(jnp.isnan(found), jnp.nan, dt))
    end = _point_mass_flow.flow(center, ephemeris, mu, state, t0, when).T.reshape(*shape, 6)
    return Impact(time=when.reshape(shape), r=end[..., :3], v=end[..., 3:], body=body.reshape(shape))


def _frame(
    ephemeris: Ephemeris, mu: Array, t: Array, center: str
) -> tuple[tuple[Array, Array, Array], tuple[Array, Array, Array], cr3bp.System]:
    """Axes as columns (..., 3, 3), origin (..., 3) and size (...) of the rotating frame; their rates; its units."""

    def place(t: Array) -> tuple[Array, Array, Array]:
        (r_earth, v_earth), (r_moon, v_moon) = (ephemeris.state(body, t, center) for body in ("earth", "moon"))
        d = r_moon - r_earth
        x, z = unit(d), unit(jnp.cross(d, v_moon - v_earth))
        share = (mu[..., 2] / (mu[..., 1] + mu[..., 2]))[..., None]
        return jnp.stack([x, jnp.cross(z, x), z], axis=-1), r_earth + share * d, norm(d)

    now, rates = jax.jvp(place, (t,), (jnp.ones_like(t),))
    return now, rates, cr3bp.system(mu[..., 1], mu[..., 2], now[2])


def _times(mu: ArrayLike, t: ArrayLike, shape: tuple[int, ...]) -> tuple[Array, Array]:
    mu, t = jnp.asarray(mu, jnp.float64), jnp.asarray(t, jnp.float64)
    shape = jnp.broadcast_shapes(mu.shape[:-1], t.shape, shape)
    return jnp.broadcast_to(mu, (*shape, 3)), jnp.broadcast_to(t, shape)


@partial(jax.jit, static_argnames="center")
def to_inertial(
    ephemeris: Ephemeris, mu: ArrayLike, t: ArrayLike, state: ArrayLike, *, center: str = "earth"
) -> tuple[Array, Array]:
    """Position and velocity of a state of the circular problem, where the Earth and the Moon are at the time `t`.

    The frame pulsates: its unit of length is the distance of the Moon at `t`, its unit of time that of the circular
    problem at this distance, and the bodies stand still in it. With axes Q, origin b and length l,

        r = b + l Q x,  v = db/dt + d(l Q)/dt x + l Q x' / T,  T = sqrt(l^3 / (mu_earth + mu_moon))

    The rates are the ephemeris's own, the change of distance and the turn of the orbit's plane included.

    Args:
        ephemeris: holds the Earth and the Moon.
        mu: (..., 3), gravitational parameters of the Sun (not used), the Earth and the Moon, m3/s2.
        t: (...), TDB seconds past J2000.
        state: (..., 6), as in `cr3bp`.
        center: static; "earth", "moon" or "emb".

    Returns:
        r (..., 3) m and v (..., 3) m/s from the center, ICRF. Rounding only.
    """
    state = jnp.asarray(state, jnp.float64)
    mu, t = _times(mu, t, state.shape[:-1])
    (q, b, size), (dq, db, d_size), units = _frame(ephemeris, mu, t, center)
    x, u = state[..., :3], state[..., 3:]
    size, d_size, time = size[..., None], d_size[..., None], units.time[..., None]
    turned = jnp.einsum("...ij,...j->...i", q, x)
    speed = jnp.einsum("...ij,...j->...i", dq, x) * size + turned * d_size
    return b + size * turned, db + speed + size / time * jnp.einsum("...ij,...j->...i", q, u)


@partial(jax.jit, static_argnames="center")
def to_rotating(
    ephemeris: Ephemeris, mu: ArrayLike, t: ArrayLike, r: ArrayLike, v: ArrayLike, *, center: str = "earth"
) -> Array:
    """State of the circular problem from position and velocity: the inverse of `to_inertial`.

    Args:
        ephemeris, mu, t, center: as in `to_inertial`.
        r: (..., 3), m from the center.
        v: (..., 3), m/s.

    Returns:
        (..., 6), as in `cr3bp`. Rounding only.
    """
    r, v = jnp.asarray(r, jnp.float64), jnp.asarray(v, jnp.float64)
    mu, t = _times(mu, t, jnp.broadcast_shapes(r.shape[:-1], v.shape[:-1]))
    (q, b, size), (dq, db, d_size), units = _frame(ephemeris, mu, t, center)
    size, d_size, time = size[..., None], d_size[..., None], units.time[..., None]
    x = jnp.einsum("...ji,...j->...i", q, r - b) / size
    turned = jnp.einsum("...ij,...j->...i", q, x)
    speed = jnp.einsum("...ij,...j->...i", dq, x) * size + turned * d_size
    u = time / size * jnp.einsum("...ji,...j->...i", q, v - db - speed)
    return jnp.concatenate([x, u], axis=-1)
