"""Published designs of electromagnetic launchers, and what their own inputs make of their other figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import jax.numpy as jnp
import numpy as np
from jax import Array

from astro_logistics.launch.mass_driver.track import drive_length, drive_time
from astro_logistics.pytree import Pytree, field


class Study(Pytree):
    """Figures of a design as published; None where it does not say."""

    speed: Array = field(unit="m / s", doc="at the muzzle", low=0.0)
    shot_mass: Array = field(unit="kg", doc="thrown per shot", low=0.0)
    acceleration: Array | None = field(unit="m / s2", doc="of the loaded sled", low=0.0)
    sled_mass: Array | None = field(unit="kg", doc="of the sled, empty", low=0.0)
    length: Array | None = field(unit="m", doc="over which it accelerates", low=0.0)
    time: Array | None = field(unit="s", doc="of acceleration", low=0.0)
    shot_interval: Array | None = field(unit="s", doc="between shots", low=0.0)
    shot_energy: Array | None = field(unit="J", doc="kinetic energy given to what is thrown", low=0.0)
    efficiency: Array | None = field(unit="", doc="payload's kinetic energy over electric energy", low=0.0, high=1.0)
    power: Array | None = field(unit="W", doc="average electric power", low=0.0)
    peak_power: Array | None = field(unit="W", doc="at the muzzle", low=0.0)
    throughput: Array | None = field(unit="kg / s", doc="thrown per time, mean over the year", low=0.0)
    duty_fraction: Array | None = field(unit="", doc="share of the year in operation", low=0.0, high=1.0)


class Studies(Pytree):
    """Published designs by name."""

    studies: Mapping[str, Study]


@dataclass(frozen=True)
class Comparison:
    """One published figure beside what the study's other figures give; SI. `rests_on` names those."""

    figure: str
    published: float
    ours: float
    rests_on: tuple[str, ...]

    @property
    def difference(self) -> float:
        """Ours over published, less one."""
        return self.ours / self.published - 1.0


def _kinetic(s: Study) -> Array:
    return 0.5 * s.shot_mass * s.speed**2


_RELATIONS: dict[str, tuple[tuple[str, ...], Callable[[Study], Array]]] = {
    "length": (("speed", "acceleration"), lambda s: drive_length(_known(s.acceleration), s.speed)),
    "time": (("length", "speed"), lambda s: 2.0 * _known(s.length) / s.speed),
    "shot_energy": (("shot_mass", "speed"), _kinetic),
    "throughput": (
        ("shot_mass", "shot_interval", "duty_fraction"),
        lambda s: s.shot_mass * _known(s.duty_fraction) / _known(s.shot_interval),
    ),
    "efficiency": (
        ("shot_mass", "speed", "shot_interval", "power"),
        lambda s: _kinetic(s) / (_known(s.shot_interval) * _known(s.power)),
    ),
    "power": (
        ("shot_mass", "speed", "shot_interval", "efficiency"),
        lambda s: _kinetic(s) / (_known(s.shot_interval) * _known(s.efficiency)),
    ),
    "peak_power": (
        ("shot_mass", "sled_mass", "acceleration", "speed"),
        lambda s: (s.shot_mass + _known(s.sled_mass)) * _known(s.acceleration) * s.speed,
    ),
    "duty_fraction": (
        ("throughput", "shot_interval", "shot_mass"),
        lambda s: _known(s.throughput) * _known(s.shot_interval) / s.shot_mass,
    ),
}
"""Figure -> what it follows from, and how: constant acceleration from rest, energy and mass balance."""


def _known(value: Array | None) -> Array:
    return jnp.asarray(jnp.nan if value is None else value)


def compare(study: Study) -> list[Comparison]:
    """Every published figure that follows from other published figures of the same study, beside what follows.

    length = v^2 / 2a, time = 2 L / v, energy = m v^2 / 2, throughput = m x duty / interval, power = energy /
    (efficiency x interval), mechanical peak power = (m + sled) a v.
    """
    found = []
    for figure, (needs, relation) in _RELATIONS.items():
        if getattr(study, figure) is not None and all(getattr(study, name) is not None for name in needs):
            found.append(Comparison(figure, float(getattr(study, figure)), float(relation(study)), needs))
    return found


def recovery_needed(study: Study, drive_efficiency: float) -> float:
    """Share of the sled's energy that must come back for the published power; above 1 nothing can give it.

    From power x interval = m v^2 / 2 [(1 + r) / eta_d - eta_r r], r = sled over shot mass.
    """
    ratio = _known(study.sled_mass) / study.shot_mass
    drawn = (1.0 + ratio) / drive_efficiency
    given = _known(study.power) * _known(study.shot_interval) / _kinetic(study)
    return float(np.asarray((drawn - given) / ratio))


def shot_time(study: Study) -> float:
    """Time of acceleration, v / a, or 2 L / v where only the length is known; s."""
    if study.acceleration is not None:
        return float(drive_time(study.acceleration, study.speed))
    return float(2.0 * _known(study.length) / study.speed)
