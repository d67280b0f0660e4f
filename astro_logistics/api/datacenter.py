"""The data center of a scenario, closed on any orbit."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from matplotlib.figure import Figure

from astro_logistics import units
from astro_logistics.api.checks import check_name, error
from astro_logistics.api.scenarios import SourcedScenario, read
from astro_logistics.astro import orbits
from astro_logistics.constants import ASTRONOMICAL_UNIT
from astro_logistics.datacenter import Environment, Satellite, environment, fleet, satellite, transient
from astro_logistics.network import surroundings
from astro_logistics.network.lift import lift
from astro_logistics.network.scenario import Scenario
from astro_logistics.report import datacenter as rows
from astro_logistics.report import datacenter_figure

ORBITS = "sso:ALTITUDE[:LTAN], leo:ALTITUDE:INCLINATION, geo, sun:DISTANCE"
GEOSTATIONARY_ALTITUDE, NOON = 35_786e3, 12.0
GIGAWATT = 1e9

_size = jax.jit(satellite.size)
_sun_synchronous = jax.jit(surroundings.sun_synchronous)
_low_orbit = jax.jit(surroundings.low_orbit)
_revolution = jax.jit(transient.revolution)


@jax.jit
def _payload(scenario: Scenario, altitude: Array, inclination: Array) -> Array:
    earth, places = scenario.bodies.earth, scenario.places
    return lift(earth, places, scenario.launcher, scenario.supply, altitude, inclination).payload


@dataclass(frozen=True)
class DatacenterClosure:
    """A data center on an orbit: `closure["specific_mass_kg_per_kw"]`; `satellite` holds the same in SI.

    `figures` are by name, with the unit in it; `meanings` says what each is; `residuals` are constraints, met at
    `<= 0`, and `violated` names those that are not.
    """

    orbit: str
    figures: Mapping[str, float]
    meanings: Mapping[str, str]
    residuals: Mapping[str, float]
    around: Environment
    satellite: Satellite
    scenario: Scenario

    def __getitem__(self, name: str) -> float:
        """A figure by its name."""
        check_name("figure", name, self.figures)
        return self.figures[name]

    @property
    def violated(self) -> tuple[str, ...]:
        """Names of the constraints that the design does not meet."""
        return tuple(name for name, value in self.residuals.items() if not value <= 0.0)

    def revolution(self) -> transient.Revolution:
        """Temperatures over the revolution of the longest eclipse."""
        return _revolution(self.scenario.datacenter, self.around, self.satellite)

    def plot(self) -> Figure:
        """Masses, power, heat, and temperatures through the longest eclipse, in four panels."""
        s = self.satellite
        extra = {"array_heat_kw": float(s.array_heat) / 1e3, "charging_loss_kw": float(s.charging_loss) / 1e3}
        absorptivity = float(self.scenario.datacenter.array.absorptivity)
        title = f"data center on {self.orbit}"
        return datacenter_figure.plot({**self.figures, **extra}, self.revolution(), absorptivity, title)


def datacenter(
    scenario: SourcedScenario | str | os.PathLike[str] = "baseline", orbit: str | None = None
) -> DatacenterClosure:
    """Close the data center of a scenario: powers, areas, masses, temperatures, links, compute.

    Args:
        scenario: a loaded scenario, the name of one that ships with the package, or a TOML file.
        orbit: "sso:650km" (LTAN 06:00), "sso:650km:10.5h", "leo:550km:53deg", "geo" or "sun:1au"; by default the
            scenario's own dawn-dusk orbit.

    Raises:
        ScenarioError, UnitError: as `load`; an orbit that cannot be read.
    """
    model = scenario.model if isinstance(scenario, SourcedScenario) else read(scenario)[0]
    model = jax.tree.map(lambda x: jnp.asarray(x, jnp.float64), model)
    name, around, payload = _orbit(model, orbit)
    design = model.datacenter
    found = _size(design, around)
    many = fleet.constellation(found, design.design_life, GIGAWATT, payload)
    parts = {"around": around, "satellite": found, "constellation": many}
    return DatacenterClosure(
        orbit=name,
        figures=rows.figures(parts),
        meanings=rows.meanings(parts),
        residuals={name: float(value) for name, value in found.residuals.items()},
        around=around,
        satellite=found,
        scenario=model,
    )


def _orbit(model: Scenario, text: str | None) -> tuple[str, Environment, Any]:
    """The orbit's name, its environment, and the payload of the scenario's launcher to it (NaN where none flies)."""
    earth = model.bodies.earth
    if text is None:
        text = f"sso:{float(model.places.sso_altitude) / 1e3:g}km"
    kind, *given = text.split(":")
    if kind == "sso" and len(given) in (1, 2):
        altitude = _altitude(text, given[0])
        hours = _quantity(text, given[1], "s") / 3600.0 if len(given) == 2 else 6.0
        if not 0.0 <= hours <= 24.0:
            raise error("orbit", repr(text), "a local time of the ascending node between 0 h and 24 h")
        around = _sun_synchronous(earth, altitude, np.deg2rad(15.0 * (hours - NOON)))
        inclination = _sun_synchronous_inclination(model, altitude)
        return text, around, _payload(model, jnp.asarray(altitude), inclination)
    if kind == "leo" and len(given) == 2:
        altitude, inclination = _altitude(text, given[0]), _quantity(text, given[1], "rad")
        around = _low_orbit(earth, altitude, inclination)
        return text, around, _payload(model, jnp.asarray(altitude), jnp.asarray(inclination))
    if kind == "geo" and not given:
        return text, _low_orbit(earth, GEOSTATIONARY_ALTITUDE, 0.0), np.nan
    if kind == "sun" and len(given) == 1:
        distance = _quantity(text, given[0], "m")
        if not 0.1 * ASTRONOMICAL_UNIT <= distance <= 50.0 * ASTRONOMICAL_UNIT:
            raise error("orbit", repr(text), "a distance from the Sun between 0.1 au and 50 au")
        return text, environment.deep_space(distance), np.nan
    raise error("orbit", repr(text), f"one of {ORBITS}; such as sso:650km or leo:550km:53deg")


def _sun_synchronous_inclination(model: Scenario, altitude: float) -> Array:
    earth = model.bodies.earth
    return orbits.sun_synchronous_inclination(earth.mu, earth.radius, earth.j2, earth.radius + altitude, earth.year)


def _quantity(orbit: str, text: str, unit: str) -> float:
    """A number with its unit, "650km", in SI."""
    digits = len(text.rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"))
    try:
        value = float(text[:digits])
        return float(units.to_si(value * units.parse_unit(text[digits:]), unit, "orbit"))
    except (ValueError, TypeError) as problem:
        raise error("orbit", f"{text!r} in {orbit!r}", f"a number and its unit, such as 650km ({problem})") from None


def _altitude(orbit: str, text: str) -> float:
    altitude = _quantity(orbit, text, "m")
    if not 150e3 <= altitude <= 5000e3:
        raise error("orbit", repr(orbit), "an altitude between 150 km and 5,000 km")
    return altitude
