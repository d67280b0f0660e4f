"""The Moon against the Earth: driver and rocket, what engines still do, what the Moon gives and how long it lasts."""

from __future__ import annotations

from collections.abc import Mapping

import jax
import jax.numpy as jnp
from jax import Array

from astro_logistics.astro import maneuvers
from astro_logistics.constants import ASTRONOMICAL_UNIT, JULIAN_YEAR, SOLAR_LUMINOSITY
from astro_logistics.datacenter import environment, satellite
from astro_logistics.datacenter.figures import Satellite
from astro_logistics.economics import growth_moon
from astro_logistics.network import driver_break_even, driver_routes, rocket_routes
from astro_logistics.network.driver_break_even import Supply
from astro_logistics.network.figures import Evaluation
from astro_logistics.network.lift import Lift
from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import Pytree, field

GRAVITATIONAL_CONSTANT = 6.674_30e-11
"""m3/kg/s2, CODATA 2018, known to 2e-5: makes a body's mass of its gravitational parameter."""

MEGATONNE, TERAWATT = 1e9, 1e12
RATES = (1e6, MEGATONNE, 1e3 * MEGATONNE)
"""kg per year at which a driver laid out for them is held against the rocket: a thousand tonnes to a gigatonne."""

DISTANCES = (1.0, 0.5, 2.0)
"""au, of a belt around the Sun."""


class DriverFigures(Pytree):
    """Cost of a kilogram by rocket from the Earth over that by driver from the Moon, to one destination."""

    ratio: Array = field(unit="", doc="with the driver of the scenario")
    ratio_kilotonne: Array = field(unit="", doc="with a driver laid out for 1,000 t a year there")
    ratio_megatonne: Array = field(unit="", doc="with a driver laid out for 1 Mt a year there")
    ratio_gigatonne: Array = field(unit="", doc="with a driver laid out for 1 Gt a year there")


class MoonFigures(Pytree):
    """The Moon against the Earth."""

    driver: dict[str, DriverFigures]
    engines_escape: Array = field(unit="m / s", doc="engines after the muzzle, to escape from the Earth and Moon")
    engines_low_orbit: Array = field(unit="m / s", doc="engines after the muzzle, into a low orbit of the Moon")
    engines_sso: Array = field(unit="m / s", doc="engines after the muzzle, into sun-synchronous orbit of the Earth")
    engines_mars: Array = field(unit="m / s", doc="engines after the muzzle, landed on Mars; mean over opportunities")
    engines_mars_course: Array = field(unit="m / s", doc="corrections on the way to Mars alone")
    mars_delta_v_ratio: Array = field(
        unit="", doc="delta-v from the Earth to Mars over muzzle and engines from the Moon"
    )
    mars_energy_ratio: Array = field(unit="", doc="energy per mass on Mars from the Earth over that from the Moon")
    mars_mass_ratio: Array = field(unit="", doc="mass landed on Mars per year from the Moon over that from the Earth")
    mars_window: Array = field(unit="", doc="share of the time in which the driver can throw to Mars")
    panel_share: Array = field(unit="", doc="arrays, radiators and their loops over a satellite's mass, far from Earth")
    maker_share: Array = field(unit="", doc="all but servers, shields and terminals over a satellite's mass, far out")
    chips: Array = field(unit="kg / W", doc="servers, shields and terminals to land, per delivered compute power")
    goods_energy: Array = field(unit="J / kg", doc="electricity for metal, glass and cells made of the Moon")
    millionth: Array = field(unit="", doc="satellites whose compute power is 1e-6 of the Sun's output, over the Moon")
    thousandth: Array = field(unit="", doc="satellites whose compute power is 1e-3 of the Sun's output, over the Moon")
    hundredth: Array = field(unit="", doc="satellites whose compute power is 1 % of the Sun's output, over the Moon")
    largest_share: Array = field(unit="", doc="share of the Sun's output at which satellites have used up the Moon")
    belt_half: Array = field(unit="", doc="satellite mass per delivered compute power at 0.5 au over that at 1 au")
    belt_two: Array = field(unit="", doc="satellite mass per delivered compute power at 2 au over that at 1 au")
    years_terawatt: Array = field(unit="yr", doc="the Moon lasts at 1 TW of compute a year")
    years_thousand: Array = field(unit="yr", doc="the Moon lasts at 1,000 TW of compute a year")


_MARS = ("routes.earth-to-mars", "routes.moon-to-mars")
NEEDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("mars_energy_ratio", "mars_mass_ratio"), _MARS),
    **{
        f"driver.{place}.{name}": (f"routes.moon-to-{place}", f"routes.{earth}")
        for place, earth in (("escape", "earth-to-moon"), ("sso", "earth-to-sso"), ("mars", "earth-to-mars"))
        for name in ("ratio", "ratio_kilotonne", "ratio_megatonne", "ratio_gigatonne")
    },
}
"""Parts of the evaluation whose constraints a figure needs met: those of money, energy and rates.

Speeds follow from where things are, whatever the driver; and a satellite's masses stand where its chips run too hot.
"""


def against_driver(scenario: Scenario, evaluation: Evaluation, to: Supply) -> DriverFigures:
    """Rocket over driver, with the scenario's driver and with drivers laid out for `RATES`."""
    delivery = evaluation.routes["earth-to-moon"].cost
    rates = jnp.asarray(RATES) / JULIAN_YEAR
    costs = jax.vmap(lambda rate: driver_break_even.cost_at(scenario, to, rate, delivery))(rates)
    return DriverFigures(to.earth_cost / evaluation.routes[f"moon-to-{to.name}"].cost, *(to.earth_cost / costs))


def supplies(scenario: Scenario, evaluation: Evaluation, up: Lift) -> dict[str, Supply]:
    """Cost from the Earth, muzzle speed and payload share to escape, sun-synchronous orbit and Mars."""
    earth, always = scenario.bodies.earth, jnp.asarray(1.0)
    v_infinity, _ = rocket_routes.mars_v_infinity(scenario)
    burn = maneuvers.departure_burn(earth.mu, earth.radius + scenario.depot.altitude, 0.0)
    leaving = rocket_routes.refilled(
        scenario, up, "earth-to-escape", "escape", burn, always, always, always, specific_mass=1.0
    )
    found = {
        "escape": (leaving.cost, driver_routes.escape_shot(scenario)),
        "sso": (evaluation.routes["earth-to-sso"].cost, driver_routes.sso_shot(scenario)),
        "mars": (evaluation.routes["earth-to-mars"].cost, driver_routes.mars_shot(scenario, v_infinity)),
    }
    return {name: Supply(name, cost, shot.speed, shot.payload_fraction) for name, (cost, shot) in found.items()}


def belt_of(scenario: Scenario) -> Satellite:
    """The scenario's satellite sized at each of `DISTANCES` from the Sun, leaves of shape (3,)."""
    around = jax.vmap(environment.deep_space)(jnp.asarray(DISTANCES) * ASTRONOMICAL_UNIT)
    return jax.vmap(satellite.size, in_axes=(None, 0))(scenario.datacenter, around)


def _closed(belt: Satellite, i: int) -> Array:
    """Mass per delivered power at one of the distances; NaN where the design does not close there."""
    residuals = jnp.stack([residual[i] for residual in belt.residuals.values()])
    return jnp.where(jnp.all(residuals <= 0.0), belt.delivered_specific_mass[i], jnp.nan)


def figures(scenario: Scenario, evaluation: Evaluation, up: Lift) -> MoonFigures:
    """The Moon against the Earth; `up` is a flight of the launcher to the depot orbit.

    Masses are those of the satellite far from the Earth; a share of the Sun is counted in delivered compute power,
    which is some tenth of the sunlight that its arrays take.
    """
    routes, moon = evaluation.routes, scenario.bodies.moon
    low = moon.radius + scenario.places.low_lunar_altitude
    _, circularization, _ = maneuvers.hohmann(moon.mu, moon.radius, low)
    belt = belt_of(scenario)
    found = jax.tree.map(lambda x: x[0], belt)
    landed = found.server_mass + found.shield_mass + found.link_mass
    lunar_mass = moon.mu / GRAVITATIONAL_CONSTANT
    per_share = SOLAR_LUMINOSITY * found.delivered_specific_mass / lunar_mass
    years = lunar_mass / (TERAWATT * found.delivered_specific_mass)
    from_earth, from_moon = routes["earth-to-mars"], routes["moon-to-mars"]
    to = supplies(scenario, evaluation, up)
    places, capsule = scenario.places, scenario.mars_capsule
    return MoonFigures(
        driver={name: against_driver(scenario, evaluation, each) for name, each in to.items()},
        engines_escape=driver_routes.escape_shot(scenario).engines,
        engines_low_orbit=circularization,
        engines_sso=driver_routes.sso_shot(scenario).engines,
        engines_mars=capsule.correction_delta_v + places.mars_landing_delta_v,
        engines_mars_course=jnp.asarray(capsule.correction_delta_v),
        mars_delta_v_ratio=from_earth.delta_v / from_moon.delta_v,
        mars_energy_ratio=from_earth.energy / from_moon.energy,
        mars_mass_ratio=from_moon.throughput / from_earth.throughput,
        mars_window=places.mars_launch_period * from_moon.departure_rate * places.asymptote_tolerance / jnp.pi,
        panel_share=(found.array_mass + found.radiator_mass + found.loop_mass) / found.mass,
        maker_share=1.0 - landed / found.mass,
        chips=landed / found.delivered_power,
        goods_energy=growth_moon.goods_energy(scenario.growth.moon),
        millionth=1e-6 * per_share,
        thousandth=1e-3 * per_share,
        hundredth=1e-2 * per_share,
        largest_share=1.0 / per_share,
        belt_half=_closed(belt, 1) / found.delivered_specific_mass,
        belt_two=_closed(belt, 2) / found.delivered_specific_mass,
        years_terawatt=years,
        years_thousand=1e-3 * years,
    )
