"""The data center of a scenario, closed on any orbit."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import xarray as xr
from jax import Array
from matplotlib.figure import Figure

from astro_logistics import units
from astro_logistics.api import datacenter_figures, orbit_names
from astro_logistics.api.checks import check_name, error
from astro_logistics.api.missions import lunar_space
from astro_logistics.api.orbit_environment import orbit_environment
from astro_logistics.api.scenarios import SourcedScenario, ephemeris, read
from astro_logistics.astro import orbits
from astro_logistics.compiling import quick_jit
from astro_logistics.constants import ASTRONOMICAL_UNIT, HOUR
from astro_logistics.datacenter import Environment, Satellite, environment, fleet, satellite, transient
from astro_logistics.economics import boundaries
from astro_logistics.economics.boundaries import BoundaryFigures
from astro_logistics.network import delivery, money, moon_surroundings, surroundings
from astro_logistics.network.delivery import Delivery
from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import replace_at
from astro_logistics.report import datacenter as rows
from astro_logistics.report import datacenter_cost_figure, datacenter_figure, datacenter_year

GIGAWATT = 1e9
SHADOW_START = "2030-01-01"
"""First day (TDB) of the years over which the shadows of Earth and Moon are followed for places near the Moon."""

_size = quick_jit(satellite.size)
_sun_synchronous = quick_jit(surroundings.sun_synchronous)
_low_orbit = quick_jit(surroundings.low_orbit)
_geostationary = quick_jit(surroundings.geostationary)
_revolution = quick_jit(transient.revolution)
_to_low_orbit = quick_jit(delivery.to_low_orbit)
_beyond_low_orbit = quick_jit(delivery.beyond_low_orbit)


@quick_jit
def _money(model: Scenario, found: Satellite, cost: Array, carbon: Array) -> tuple[BoundaryFigures, BoundaryFigures]:
    """The satellite in orbit and the servers on the ground, in every boundary."""
    return boundaries.figures(money.delivered_at(model, found, cost, carbon)), money.terrestrial(model).money


@dataclass(frozen=True)
class DatacenterClosure:
    """A data center on an orbit: `closure["specific_mass_kg_per_kw"]`; `satellite` holds the same in SI.

    `figures` are by name, with the unit in it; `meanings` says what each is; `residuals` are constraints, met at
    `<= 0`, and `violated` names those that are not. `delivery`: the least costly way there of the scenario's launcher;
    where there is none that can be flown, its constraints say why not, and payload and money are NaN.
    """

    orbit: str
    figures: Mapping[str, float]
    meanings: Mapping[str, str]
    residuals: Mapping[str, float]
    around: Environment
    satellite: Satellite
    scenario: Scenario
    delivery: Delivery

    @property
    def delivery_cost(self) -> float:
        """Of the launcher to that orbit, USD/kg."""
        return self.figures["delivery_cost_usd_per_kg"]

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

    def year(self, start: str = "2030-01-01") -> xr.Dataset:
        """Sunlight and temperatures day by day on a low or geostationary orbit, with the ephemeris' Sun.

        Raises:
            ScenarioError: an orbit that is not about the Earth, or a date outside the ephemeris.
        """
        calendar = orbit_environment(self.orbit, start=start).calendar
        return datacenter_figures.temperatures(self.scenario, self.around, self.satellite, calendar)

    def plot_year(self, start: str = "2030-01-01") -> Figure:
        """Sunlit fraction, and temperatures of cells, chips and coolant, through a year."""
        return datacenter_year.plot(self.year(start), f"data center on {self.orbit}")

    def cost(self, delivery_cost: Any = None) -> tuple[xr.Dataset, dict[str, float]]:
        """Orbit and ground over the price of transport, and the orbit's items, USD per delivered kW and year.

        Args:
            delivery_cost: Quantity, USD/kg at which the items are taken; the launcher's own by default.

        Raises:
            ScenarioError: no price, where the launcher cannot go.
        """
        return datacenter_figures.over_price(self.scenario, self.satellite, self._price(delivery_cost))

    def plot_cost(self, delivery_cost: Any = None) -> Figure:
        """What makes up the cost, and orbit against ground over the price of transport; arguments as `cost`."""
        over, items = self.cost(delivery_cost)
        title = f"data center on {self.orbit}: everything, servers and interest too"
        return datacenter_cost_figure.plot(over, items, self._price(delivery_cost), title)

    def _price(self, delivery_cost: Any) -> float:
        price = self.delivery_cost
        if delivery_cost is not None:
            price = float(units.to_si(delivery_cost, "USD/kg", "delivery_cost"))
        if not np.isfinite(price):
            why = ", ".join(name for name, x in self.delivery.residuals.items() if not float(x) <= 0.0)
            raise error("delivery_cost", f"the launcher cannot go to {self.orbit} (not met: {why})", "a price")
        return price


def datacenter(
    scenario: SourcedScenario | str | os.PathLike[str] = "baseline", orbit: str | None = None
) -> DatacenterClosure:
    """Close the data center of a scenario: powers, areas, masses, temperatures, links, compute.

    Args:
        scenario: a loaded scenario, the name of one that ships with the package, or a TOML file.
        orbit: "sso:650km" (LTAN 06:00), "sso:650km:10.5h", "leo:550km:53deg", "geo", "nrho", "eml1", "eml2"
            (with the shadows of Earth and Moon from 2030 to 2048) or "sun:1au"; by default the scenario's own
            sun-synchronous orbit. Beyond low orbits the satellites come by refilled ships (`network.delivery`).

    Raises:
        ScenarioError, UnitError: as `load`; an orbit that cannot be read.
    """
    model = scenario.model if isinstance(scenario, SourcedScenario) else read(scenario)[0]
    model = jax.tree.map(lambda x: jnp.asarray(x, jnp.float64), model)
    name, around, ways = _orbit(model, orbit)
    design = model.datacenter
    found = _size(design, around)
    way = _least_costly(ways)
    bill, ground = _money(model, found, way.cost, way.carbon_dioxide)
    many = fleet.constellation(found, design.design_life, GIGAWATT, way.payload_per_flight)
    parts = {"around": around, "satellite": found, "delivery": way, "constellation": many}
    parts |= {"money": bill, "ground": ground}
    met = found.residuals | way.residuals
    return DatacenterClosure(
        orbit=name,
        figures=rows.figures(parts),
        meanings=rows.meanings(parts),
        residuals={name: float(value) for name, value in met.items()},
        around=around,
        satellite=found,
        scenario=model,
        delivery=way,
    )


def _least_costly(ways: tuple[Delivery, ...]) -> Delivery:
    """The way of least cost among those that can be flown; of none that can, the first, with NaN for its figures."""
    flown = [way for way in ways if all(float(x) <= 0.0 for x in way.residuals.values()) and float(way.payload) > 0.0]
    if flown:
        return min(flown, key=lambda way: float(way.cost))
    names = ("payload", "flights", "payload_per_flight", "cost", "carbon_dioxide")
    return replace_at(ways[0], {name: jnp.asarray(np.nan) for name in names})


def _orbit(model: Scenario, text: str | None) -> tuple[str, Environment, tuple[Delivery, ...]]:
    """The orbit's name, its environment, the ways there."""
    earth, places = model.bodies.earth, model.places
    if text is None:
        text = f"sso:{float(places.sso_altitude) / 1e3:g}km:{float(places.sso_local_time) / HOUR:g}h"
    orbit = orbit_names.parse(text)
    if orbit.kind == "sso":
        around = _sun_synchronous(model.bodies, orbit.altitude, orbit.local_time, places.disposal_perigee)
        r = earth.radius + orbit.altitude
        inclination = orbits.sun_synchronous_inclination(earth.mu, earth.radius, earth.j2, r, earth.year)
        return text, around, (_to_low_orbit(model, jnp.asarray(orbit.altitude), inclination),)
    if orbit.kind == "leo":
        around = _low_orbit(model.bodies, orbit.altitude, orbit.inclination, places.disposal_perigee)
        return text, around, (_to_low_orbit(model, jnp.asarray(orbit.altitude), jnp.asarray(orbit.inclination)),)
    distance = orbit.distance if orbit.kind == "sun" else ASTRONOMICAL_UNIT
    ways = _beyond_low_orbit(model, lunar_space(), jnp.asarray(distance))[orbit.kind]
    if orbit.kind == "geo":
        return text, _geostationary(earth), ways
    if orbit.kind in moon_surroundings.PLACES:
        over, period = moon_surroundings.path(model.bodies, orbit.kind)
        start = float(units.to_tdb_seconds(SHADOW_START))
        return text, moon_surroundings.near_moon(ephemeris(), model.bodies, over, period, start), ways
    return text, environment.deep_space(orbit.distance), ways
