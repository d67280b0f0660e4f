"""The scenario: everything an evaluation depends on, as one frozen pytree of SI floats."""

from __future__ import annotations

from jax import Array

from astro_logistics.astro.bodies import Bodies
from astro_logistics.datacenter import DataCenter
from astro_logistics.economics.civilization import Civilization
from astro_logistics.economics.datacenter_cost import SatelliteCost
from astro_logistics.economics.driver_cost import DriverCost
from astro_logistics.economics.growth_inputs import Growth
from astro_logistics.economics.launch_cost import LaunchCost
from astro_logistics.economics.price_history import PriceHistory
from astro_logistics.economics.terrestrial import ComputeMarket, Terrestrial
from astro_logistics.launch.capsule import Capsule
from astro_logistics.launch.depot import Depot
from astro_logistics.launch.fleet import Fleet
from astro_logistics.launch.mass_driver import MassDriver
from astro_logistics.launch.supply import Supply
from astro_logistics.launch.vehicle import LaunchVehicle
from astro_logistics.pytree import Pytree, field, static


class Launcher(Pytree):
    """A launcher: the machine, how often it flies, what it costs."""

    vehicle: LaunchVehicle
    fleet: Fleet
    cost: LaunchCost


class Places(Pytree):
    """Orbits and landing sites the routes end at, and what arriving there takes beyond two-body mechanics."""

    parking_altitude: Array = field(unit="m", doc="perigee altitude at which an ascent ends", low=0.0)
    leo_altitude: Array = field(unit="m", doc="altitude of the low Earth orbit", low=0.0)
    leo_inclination: Array = field(unit="rad", doc="inclination of the low Earth orbit", low=0.0, high=3.1416)
    sso_altitude: Array = field(unit="m", doc="altitude of the sun-synchronous orbit", low=0.0)
    sso_local_time: Array = field(
        unit="s", doc="local time of its ascending node: 6 h or 18 h for dawn-dusk", low=0.0, high=86_400.0
    )
    disposal_perigee: Array = field(unit="m", doc="altitude to which a satellite's perigee is lowered at its end")
    low_lunar_altitude: Array = field(unit="m", doc="altitude of the low lunar orbit before descent", low=0.0)
    lunar_descent_loss: Array = field(
        unit="m / s", doc="descent delta-v above the ideal one from low lunar orbit to rest", low=0.0
    )
    mars_landing_delta_v: Array = field(unit="m / s", doc="engines' share of landing on Mars after entry", low=0.0)
    aerocapture_altitude: Array = field(unit="m", doc="perigee altitude of an aerocapture at the Earth", low=0.0)
    plane_tolerance: Array = field(
        unit="rad", doc="largest plane error on arrival from the Moon that the carrier's engines take out", low=0.0
    )
    asymptote_tolerance: Array = field(
        unit="rad", doc="largest angle between the Moon's motion and the departure to Mars at which is thrown", low=0.0
    )
    mars_launch_period: Array = field(unit="s", doc="days around each Mars opportunity in which is thrown", low=0.0)


class MarsWindows(Pytree):
    """The Earth-Mars opportunities of the scenario's years, from the ephemeris; n of them, in order of departure."""

    departure: Array = field(unit="s", doc="departure, TDB past J2000, shape (n,)")
    time_of_flight: Array = field(unit="s", doc="time of flight, shape (n,)")
    r_earth: Array = field(unit="m", doc="heliocentric position of the Earth-Moon barycenter then, shape (n, 3)")
    v_earth: Array = field(unit="m / s", doc="its velocity at departure, shape (n, 3)")
    r_mars: Array = field(unit="m", doc="heliocentric position of Mars at arrival, shape (n, 3)")


class Scenario(Pytree):
    """Everything an evaluation depends on."""

    bodies: Bodies
    places: Places
    mars_windows: MarsWindows
    launcher_today: Launcher
    launcher: Launcher
    supply_today: Supply
    supply: Supply
    price_history: PriceHistory
    depot: Depot
    mass_driver: MassDriver
    mass_driver_cost: DriverCost
    sso_capsule: Capsule
    mars_capsule: Capsule
    datacenter: DataCenter
    datacenter_cost: SatelliteCost
    compute_market: ComputeMarket
    terrestrial: Terrestrial
    growth: Growth
    civilization: Civilization
    first_departure: str = static(doc="ISO date (TDB) of the earliest departure to Mars that counts")
    last_departure: str = static(doc="ISO date (TDB) of the latest")
