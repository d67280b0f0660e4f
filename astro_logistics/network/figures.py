"""What an evaluation says: figures of each route, limits, residuals."""

from __future__ import annotations

from jax import Array

from astro_logistics.economics.boundaries import BoundaryFigures, ComputeCost
from astro_logistics.pytree import Pytree, field, static


class RouteFigures(Pytree):
    """Figures of one route, base SI and USD of the price year; "payload" is what is left to use at the destination.

    `residuals` are constraints by name, met at `<= 0`.
    """

    residuals: dict[str, Array]
    name: str = static(doc="name of the route")
    origin: str = static(doc="place it starts at")
    destination: str = static(doc="place it ends at")
    carrier: str = static(doc="the machine that moves the payload")
    counted: str = static(doc="what delta_v counts")
    boundary: str = static(doc="what the cost contains and what it does not")
    limit_names: tuple[str, ...] = static(doc="names of `limits`, in order")

    delta_v: Array = field(unit="m / s", doc="speed that engines or muzzle must give, losses included")
    transit_time: Array = field(unit="s", doc="from departure to arrival")
    departure_rate: Array = field(unit="s-1", doc="departure opportunities per time")
    mean_wait: Array = field(unit="s", doc="expected wait for the next departure from a random moment")
    energy: Array = field(unit="J / kg", doc="propellant's heat of combustion or driver's electricity, per payload")
    propellant: Array = field(unit="", doc="propellant burnt over payload")
    electricity: Array = field(unit="J / kg", doc="electricity that makes the propellant on Earth, per payload")
    carbon_dioxide: Array = field(unit="", doc="carbon dioxide of burning and making the propellant, over payload")
    cost: Array = field(unit="USD / kg", doc="operator's cost per payload mass")
    price: Array = field(unit="USD / kg", doc="cost with the launcher's margin; of a driver, which has none, the cost")
    throughput: Array = field(unit="kg / s", doc="payload delivered per time, averaged over years")
    datacenter_rate: Array = field(
        unit="W / s", doc="delivered compute power of data centers that the throughput makes there, per time"
    )
    limits: Array = field(unit="kg / s", doc="throughput that each of `limit_names` alone would allow")


class DatacenterFigures(Pytree):
    """Figures of the data center at one place, supplied by one route."""

    statement: ComputeCost
    money: BoundaryFigures
    residuals: dict[str, Array]
    name: str = static(doc="place and route")
    boundary: str = static(doc="what the cost contains and what it does not")
    specific_mass: Array = field(unit="kg / W", doc="satellite mass per delivered compute power")
    performance: Array = field(unit="J-1", doc="useful operations per delivered energy of the servers")
    resupply: Array = field(unit="kg / (W s)", doc="mass launched per time to keep up a delivered power, for ever")
    power_cost: Array = field(unit="USD / (W yr)", doc="cost per delivered compute power and year")
    ratio: Array = field(unit="", doc="everything, per delivered power and year, over the same on the ground")
    year_earlier: Array = field(unit="USD / W", doc="what a year's earlier start earns, per nominal power")
    time_to_power: Array = field(unit="USD / W", doc="what the lead over a data center on the ground earns")


class TerrestrialFigures(Pytree):
    """Figures of the data center on the ground that the others are held against."""

    statement: ComputeCost
    money: BoundaryFigures
    year_earlier: Array = field(unit="USD / W", doc="what a year's earlier start earns, per nominal power")


class DemandFigures(Pytree):
    """What adding so much compute power in orbit each year takes, in steady state; one entry for each of `names`."""

    names: tuple[str, ...] = static(doc="compute power added per year, as text, in order of the entries")
    mass: Array = field(unit="kg / s", doc="satellites to their orbit, per time")
    flights: Array = field(unit="s-1", doc="flights per time")
    pads: Array = field(unit="", doc="launch pads")
    boosters: Array = field(unit="", doc="boosters in circulation")
    ships: Array = field(unit="", doc="ships in circulation")
    booster_production: Array = field(unit="s-1", doc="boosters built per time")
    ship_production: Array = field(unit="s-1", doc="ships built per time")
    engine_production: Array = field(unit="s-1", doc="engines built per time")
    oxygen: Array = field(unit="kg / s", doc="oxygen")
    fuel: Array = field(unit="kg / s", doc="fuel")
    oxygen_share: Array = field(unit="", doc="of the oxygen made in the country")
    fuel_share: Array = field(unit="", doc="of the fuel made in the country")
    electricity: Array = field(unit="W", doc="electricity that makes the propellant liquid")
    carbon_dioxide: Array = field(unit="kg / s", doc="carbon dioxide of propellant and electricity")
    cost: Array = field(unit="USD / s", doc="operator's cost of the flights, at the scenario's cost of one")


class PriceFigures(Pytree):
    """Wright's law fitted to the price history, and the bottom-up price of the scenario's launcher to low orbit."""

    learning_rate: Array = field(unit="", doc="share of the price saved per doubling of mass lifted")
    learning_rate_low: Array = field(unit="", doc="low end of its 95 % confidence interval")
    learning_rate_high: Array = field(unit="", doc="high end of it")
    cumulative_mass: Array = field(unit="kg", doc="mass lifted when the launcher's units are those of the scenario")
    predicted_price: Array = field(unit="USD / kg", doc="the fitted line at that mass")
    predicted_price_low: Array = field(unit="USD / kg", doc="low end of the line's 95 % confidence band")
    predicted_price_high: Array = field(unit="USD / kg", doc="high end of it")
    bottom_up_price: Array = field(unit="USD / kg", doc="price of the launcher's flight to the depot orbit")


class Evaluation(Pytree):
    """All figures of a scenario. Constraint residuals are met at `<= 0`."""

    routes: dict[str, RouteFigures]
    datacenters: dict[str, DatacenterFigures]
    terrestrial: TerrestrialFigures
    demand: DemandFigures
    launch_price: PriceFigures
    converged: Array
