"""An answer: orbital and terrestrial compute in one boundary; and what lies between two answers, bar by bar."""

from __future__ import annotations

import dataclasses
from functools import partial

import jax
import jax.numpy as jnp
from jax import Array
from jax.flatten_util import ravel_pytree

from astro_logistics.economics import bridge
from astro_logistics.economics.boundaries import SWITCHES, Boundary, ComputeCost, levelized
from astro_logistics.pytree import Pytree, static

FIGURES = ("ratio", "orbital", "terrestrial")
"""What a bridge can be built for: orbit over ground, or either side in USD per W and year."""


class Answer(Pytree):
    """What a study says of both sides, and the boundary it says it in."""

    orbital: ComputeCost
    terrestrial: ComputeCost
    boundary: Boundary
    name: str = static(doc="whose answer")

    @property
    def levelized(self) -> tuple[Array, Array]:
        """Both sides in the study's own boundary, USD per W and year."""
        return levelized(self.orbital, self.boundary), levelized(self.terrestrial, self.boundary)

    @property
    def ratio(self) -> Array:
        """Orbit over ground in the study's own boundary."""
        orbital, terrestrial = self.levelized
        return orbital / terrestrial

    def within(self, boundary: Boundary) -> Answer:
        """The same numbers read in another boundary; NaN comes out where it asks for what the study does not say."""
        return dataclasses.replace(self, boundary=boundary)


def figure(orbital: ComputeCost, terrestrial: ComputeCost, boundary: Boundary, which: str) -> Array:
    """One of `FIGURES`."""
    above, below = levelized(orbital, boundary), levelized(terrestrial, boundary)
    return {"ratio": above / below, "orbital": above, "terrestrial": below}[which]


def shared(a: Answer, b: Answer) -> tuple[Answer, Answer]:
    """Both answers with what one does not say taken from the other, and 0 (rates, prices) where neither says it.

    A number that a study leaves out has its switch off there, so the study's own answer does not change; and a number
    that is then equal on both sides gets no bar.
    """

    def fill(x: Array, other: Array) -> Array:
        return jnp.where(jnp.isnan(x), jnp.where(jnp.isnan(other), 0.0, other), x)

    full = jax.tree.map(fill, (a.orbital, a.terrestrial), (b.orbital, b.terrestrial))
    other = jax.tree.map(fill, (b.orbital, b.terrestrial), (a.orbital, a.terrestrial))
    return (
        dataclasses.replace(a, orbital=full[0], terrestrial=full[1]),
        dataclasses.replace(b, orbital=other[0], terrestrial=other[1]),
    )


def bars(a: Answer, b: Answer, which: str = "ratio") -> tuple[ComputeCost, ComputeCost, dict[str, Array]]:
    """What each change between two answers adds to a figure.

    Args:
        a, b: from one to the other.
        which: one of `FIGURES`.

    Returns:
        (bars of the orbital numbers, bars of the terrestrial ones, bars of the boundary's switches). All together they
        are the difference between the two figures: to 1e-12 of it where numbers differ by up to a factor of a hundred.
    """
    if which not in FIGURES:
        raise ValueError(f"no figure {which!r}; there are {', '.join(FIGURES)}")
    a, b = shared(a, b)
    ends = [((x.orbital, x.terrestrial), jnp.stack([getattr(x.boundary, s) for s in SWITCHES])) for x in (a, b)]
    (orbital, terrestrial), switches = _shares(*ends[0], *ends[1], which)
    return orbital, terrestrial, dict(zip(SWITCHES, switches, strict=True))


Sides = tuple[ComputeCost, ComputeCost]


@partial(jax.jit, static_argnames="which")
def _shares(from_a: Sides, own: Array, from_b: Sides, others: Array, which: str) -> tuple[Sides, Array]:
    """Shares of numbers and switches; compiled once for each of `FIGURES`."""
    start, unravel = ravel_pytree(from_a)
    end, _ = ravel_pytree(from_b)

    def value(numbers: Array, switches: Array) -> Array:
        orbital, terrestrial = unravel(numbers)
        within = Boundary(**dict(zip(SWITCHES, switches, strict=True)), name="on the way", price_year=0)
        return figure(orbital, terrestrial, within, which)

    numbers, switches = bridge.shares(value, start, end, own, others)
    return unravel(numbers), switches
