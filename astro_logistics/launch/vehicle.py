"""Launch vehicles as their ascent needs them: stages with thrust and back-pressure, strap-ons, fairing, limits."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array

from astro_logistics.pytree import Pytree, field


class Stage(Pytree):
    """One stage, or one group of identical strap-ons; masses and thrust are those of one unit."""

    count: Array = field(unit="", doc="identical units that burn together (strap-ons: their number; else 1)", low=0.0)
    dry_mass: Array = field(unit="kg", doc="mass of one unit without propellant", low=0.0)
    propellant_mass: Array = field(unit="kg", doc="usable propellant of one unit when full", low=0.0)
    reserve_mass: Array = field(unit="kg", doc="propellant of one unit kept for its own return, or unusable", low=0.0)
    thrust: Array = field(
        unit="N", doc="vacuum thrust of one unit at full throttle (mean over the burn for solids)", low=0.0
    )
    specific_impulse: Array = field(unit="s", doc="specific impulse in vacuum (weight of propellant at g0)", low=0.0)
    specific_impulse_sea_level: Array = field(
        unit="s", doc="specific impulse at sea level; that in vacuum for stages that never burn low", low=0.0
    )
    throttle_min: Array = field(unit="", doc="lowest throttle fraction (1 = cannot throttle)", low=0.0, high=1.0)

    @property
    def burnt_mass(self) -> Array:
        """Propellant burnt on the way up by all units, kg: what is loaded less the reserve."""
        return self.count * (self.propellant_mass - self.reserve_mass)

    @property
    def dropped_mass(self) -> Array:
        """Mass of all units at burnout, reserve included, kg."""
        return self.count * (self.dry_mass + self.reserve_mass)

    @property
    def mass(self) -> Array:
        """Mass of all units when full, kg."""
        return self.count * (self.dry_mass + self.propellant_mass)


class LaunchVehicle(Pytree):
    """A launch vehicle of any number of stages, with none or one group of strap-ons lit on the pad."""

    stages: tuple[Stage, ...]
    core_throttle: Array = field(
        unit="", doc="throttle of the first stage while the strap-ons burn (1 = full)", low=0.0, high=1.0
    )
    fairing_mass: Array = field(unit="kg", doc="payload fairing, dropped at fairing_altitude", low=0.0)
    fairing_altitude: Array = field(unit="m", doc="altitude at which the fairing is dropped", low=0.0)
    diameter: Array = field(unit="m", doc="diameter of the drag reference area", low=0.0)
    drag_coefficient_peak: Array = field(unit="", doc="drag coefficient at its transonic peak", low=0.0)
    max_dynamic_pressure: Array = field(unit="Pa", doc="dynamic pressure above which the engines throttle", low=0.0)
    max_acceleration: Array = field(unit="m / s2", doc="acceleration at which the engines throttle", low=0.0)
    mixture_ratio: Array = field(unit="", doc="oxidizer mass over fuel mass", low=0.0)
    fuel_heating_value: Array = field(unit="J / kg", doc="lower heating value of the fuel", low=0.0)
    site_latitude: Array = field(unit="rad", doc="geocentric latitude of the launch site", low=-1.5708, high=1.5708)
    strap_ons: tuple[Stage, ...] = ()

    def __check_init__(self) -> None:
        if len(self.strap_ons) > 1 or not self.stages:
            raise ValueError("a launch vehicle has one stage or more, and at most one group of strap-ons")

    @property
    def propellant_mass(self) -> Array:
        """Propellant loaded for one flight, all stages and strap-ons, kg."""
        return sum((s.count * s.propellant_mass for s in self.strap_ons + self.stages), jnp.zeros(()))

    @property
    def ship(self) -> Stage:
        """The last stage: what goes on from the orbit, and is refilled there."""
        return self.stages[-1]

    @property
    def heat(self) -> Array:
        """Heat of combustion of the propellant loaded for one flight, J (lower heating value)."""
        return self.propellant_mass / (1.0 + self.mixture_ratio) * self.fuel_heating_value
