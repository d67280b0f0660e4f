"""What is thrown, by the acceleration that it stands, and the track that this asks for."""

from __future__ import annotations

from collections.abc import Mapping

from jax import Array
from jax.typing import ArrayLike

from astro_logistics.launch.mass_driver.track import drive_length, drive_time
from astro_logistics.pytree import Pytree, field


class PayloadClass(Pytree):
    """One kind of payload."""

    acceleration: Array = field(unit="m / s2", doc="that it stands along its axis for seconds", low=0.0)


class PayloadClasses(Pytree):
    """Kinds of payload by name."""

    classes: Mapping[str, PayloadClass]


def track_for(payload: PayloadClass, speed: ArrayLike) -> tuple[Array, Array]:
    """Shortest track to a muzzle speed, v^2 / (2 a), m, and the time on it, v / a, s: constant acceleration, (...)."""
    return drive_length(payload.acceleration, speed), drive_time(payload.acceleration, speed)
