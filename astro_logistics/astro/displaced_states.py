"""States of which one body's are displaced: what a transfer owes to where its target is."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro.transfers import States
from astro_logistics.pytree import Pytree, field, static


class DisplacedStates(Pytree):
    """An ephemeris with constant offsets added to the states of one body; used wherever an ephemeris is.

    With offsets of zero it is the ephemeris, and derivatives by the offsets tell what an error of the body's place, or
    a target beside it, does to dates and energies.
    """

    ephemeris: States
    position: Array = field(unit="m", doc="added to the position of `body`, (3,)")
    velocity: Array = field(unit="m s-1", doc="added to its velocity, (3,)")
    body: str = static(doc="name of the displaced body")

    @property
    def span(self) -> tuple[float, float]:
        """First and last time, TDB seconds past J2000."""
        return self.ephemeris.span

    def state(self, body: str, t: ArrayLike, center: str = "sun") -> tuple[Array, Array]:
        """Position [m] and velocity [m/s] of `body` relative to `center` at `t`; center is not `self.body`.

        Raises:
            ValueError: the center is the displaced body, or the ephemeris knows no such body.
        """
        if center == self.body:
            raise ValueError(f"the displaced body {center!r} cannot be the center")
        r, v = self.ephemeris.state(body, t, center)
        if body != self.body:
            return r, v
        return r + jnp.broadcast_to(self.position, r.shape), v + jnp.broadcast_to(self.velocity, v.shape)
