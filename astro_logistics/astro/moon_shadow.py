"""Shadow of the Earth and of the Moon on orbits that go with the Moon: libration points, halo and near-rectilinear."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro.bodies import Bodies
from astro_logistics.astro.ephemeris import Ephemeris
from astro_logistics.astro.shadow import covered_fraction
from astro_logistics.numerics import norm, unit
from astro_logistics.pytree import Pytree, field


class MoonShadow(Pytree):
    """What the Earth and the Moon leave of the Sun, at n times."""

    by_earth: Array = field(unit="", doc="part of the Sun's disc that the Earth covers, (n,)")
    by_moon: Array = field(unit="", doc="part of the Sun's disc that the Moon covers, (n,)")
    sunlit: Array = field(unit="", doc="part of the sunlight that is left, (n,)")
    solar_distance: Array = field(unit="m", doc="distance of the Sun, (n,)")


def moon_shadow(kernel: Ephemeris, bodies: Bodies, place: ArrayLike, t: ArrayLike) -> MoonShadow:
    """Shadow at places of the rotating frame of Earth and Moon, carried along by the true Moon.

    Args:
        kernel: the ephemeris.
        bodies: the Earth and the Moon, for their masses and sizes.
        place: positions in the frame of `cr3bp` (barycenter, x to the Moon, unit the true distance of the Moon),
            (n, 3) or (3,).
        t: times (n,) [TDB seconds past J2000].

    Returns:
        The shadow, (n,).

    Errors: an orbit of the circular problem stands for the true one: its place is right to some percent of its size.
    Which eclipses are met hangs on the phase with the Moon; the mean over months on little more than size and tilt.

    References: as `shadow.covered_fraction`.
    """
    t = jnp.asarray(t, jnp.float64)
    place = jnp.broadcast_to(jnp.asarray(place, jnp.float64), (*t.shape, 3))
    moon, velocity = kernel.state("moon", t, "earth")
    sun, _ = kernel.state("sun", t, "earth")
    ratio = bodies.moon.mu / (bodies.earth.mu + bodies.moon.mu)
    x, z = unit(moon), unit(jnp.cross(moon, velocity))
    axes = jnp.stack([x, jnp.cross(z, x), z], axis=-2)
    shift = jnp.stack([ratio, jnp.zeros(()), jnp.zeros(())]).reshape((1,) * t.ndim + (3,))
    r = norm(moon)[..., None] * jnp.einsum("...k,...kj->...j", place + shift, axes)
    by_earth = covered_fraction(sun - r, -r, bodies.earth.radius)
    by_moon = covered_fraction(sun - r, moon - r, bodies.moon.radius)
    return MoonShadow(by_earth, by_moon, (1.0 - by_earth) * (1.0 - by_moon), norm(sun - r))
