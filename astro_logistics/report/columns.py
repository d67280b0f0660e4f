"""The columns of the route table: names, units, and how each comes from the SI figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from astro_logistics.constants import DAY, JULIAN_YEAR
from astro_logistics.economics.boundaries import PFLOP_DAY, BoundaryFigures
from astro_logistics.network.figures import DatacenterFigures, DemandFigures, Evaluation, PriceFigures, RouteFigures


@dataclass(frozen=True)
class Column:
    """One numeric column: its name (which carries the unit), where it comes from, and the unit in SI."""

    name: str
    header: str
    attribute: str
    unit: float


COLUMNS = (
    Column("delta_v_m_per_s", "delta-v\nm/s", "delta_v", 1.0),
    Column("transit_days", "transit\ndays", "transit_time", DAY),
    Column("departures_per_year", "departures\nper year", "departure_rate", 1.0 / JULIAN_YEAR),
    Column("mean_wait_days", "mean wait\ndays", "mean_wait", DAY),
    Column("energy_mj_per_kg", "energy\nMJ/kg", "energy", 1e6),
    Column("propellant_kg_per_kg", "propellant\nkg/kg", "propellant", 1.0),
    Column("cost_usd_per_kg", "cost\nUSD/kg", "cost", 1.0),
    Column("throughput_t_per_year", "throughput\nt/yr", "throughput", 1e3 / JULIAN_YEAR),
    Column("datacenter_gw_per_year", "data center\nGW/yr", "datacenter_rate", 1e9 / JULIAN_YEAR),
)
"""Numeric columns of a route, in the order of the table."""

BESIDES = (
    Column("price_usd_per_kg", "price\nUSD/kg", "price", 1.0),
    Column("electricity_kwh_per_kg", "electricity\nkWh/kg", "electricity", 3.6e6),
    Column("carbon_dioxide_kg_per_kg", "carbon dioxide\nkg/kg", "carbon_dioxide", 1.0),
)
"""Figures of a route that the table leaves out: in the result and in JSON."""

DEMAND = (
    Column("mass_t_per_year", "satellites\nt/yr", "mass", 1e3 / JULIAN_YEAR),
    Column("flights_per_day", "flights\nper day", "flights", 1.0 / DAY),
    Column("pads", "pads", "pads", 1.0),
    Column("boosters", "boosters", "boosters", 1.0),
    Column("ships", "ships", "ships", 1.0),
    Column("boosters_built_per_year", "boosters\nbuilt per year", "booster_production", 1.0 / JULIAN_YEAR),
    Column("ships_built_per_year", "ships\nbuilt per year", "ship_production", 1.0 / JULIAN_YEAR),
    Column("engines_built_per_year", "engines\nbuilt per year", "engine_production", 1.0 / JULIAN_YEAR),
    Column("oxygen_mt_per_year", "oxygen\nMt/yr", "oxygen", 1e9 / JULIAN_YEAR),
    Column("oxygen_share", "of the oxygen made in the country", "oxygen_share", 1.0),
    Column("fuel_mt_per_year", "fuel\nMt/yr", "fuel", 1e9 / JULIAN_YEAR),
    Column("fuel_share", "of the fuel made in the country", "fuel_share", 1.0),
    Column("electricity_gw", "electricity\nGW", "electricity", 1e9),
    Column("carbon_dioxide_mt_per_year", "CO2\nMt/yr", "carbon_dioxide", 1e9 / JULIAN_YEAR),
    Column("cost_billion_usd_per_year", "flights cost\nbillion USD/yr", "cost", 1e9 / JULIAN_YEAR),
)
"""What a goal demands, in the order of its table."""

LAUNCH_PRICE = (
    Column("learning_rate", "learning rate", "learning_rate", 1.0),
    Column("learning_rate_low", "low", "learning_rate_low", 1.0),
    Column("learning_rate_high", "high", "learning_rate_high", 1.0),
    Column("cumulative_mass_t", "mass lifted, t", "cumulative_mass", 1e3),
    Column("predicted_price_usd_per_kg", "record's price, USD/kg", "predicted_price", 1.0),
    Column("predicted_price_low_usd_per_kg", "low", "predicted_price_low", 1.0),
    Column("predicted_price_high_usd_per_kg", "high", "predicted_price_high", 1.0),
    Column("bottom_up_price_usd_per_kg", "bottom-up price, USD/kg", "bottom_up_price", 1.0),
)
"""The launch price by the record of prices and bottom-up."""

DATACENTER = (
    Column("specific_mass_kg_per_kw", "kg/kW", "specific_mass", 1e-3),
    Column("cost_usd_per_kw_year", "USD/(kW yr)", "power_cost", 1e-3),
    Column("cost_usd_per_pflop_day", "USD/PFLOP-day", "money.compute", 1.0 / PFLOP_DAY),
    Column("cost_usd_per_pflop_day_at_value", "USD/PFLOP-day at value", "money.compute_at_value", 1.0 / PFLOP_DAY),
)
"""Figures of a data center that can be made least; the last two are everything, servers and interest too."""

BY_NAME = {column.name: column for column in COLUMNS}
DATACENTER_BY_NAME = {column.name: column for column in DATACENTER}


class Constrained:
    """Something whose design must meet constraints, by name, at `<= 0`."""

    residuals: dict[str, float]

    @property
    def violated(self) -> tuple[str, ...]:
        """Names of the constraints that the design does not meet."""
        return tuple(name for name, value in self.residuals.items() if not value <= 0.0)


@dataclass(frozen=True)
class RouteResult(Constrained):
    """One route, in the units its field names carry. `limited_by`: a violated constraint, or the rate that binds."""

    name: str
    origin: str
    destination: str
    delta_v_m_per_s: float
    transit_days: float
    departures_per_year: float
    mean_wait_days: float
    energy_mj_per_kg: float
    propellant_kg_per_kg: float
    cost_usd_per_kg: float
    throughput_t_per_year: float
    datacenter_gw_per_year: float
    price_usd_per_kg: float
    electricity_kwh_per_kg: float
    carbon_dioxide_kg_per_kg: float
    limited_by: str
    carrier: str
    delta_v_counts: str
    cost_boundary: str
    limits_t_per_year: dict[str, float]
    residuals: dict[str, float]


@dataclass(frozen=True)
class DatacenterResult(Constrained):
    """The data center supplied by one route; `total` is everything, servers and interest too."""

    route: str
    specific_mass_kg_per_kw: float
    cost_usd_per_kw_year: float
    total_usd_per_kw_year: float
    total_usd_per_pflop_day: float
    total_over_ground: float
    cost_boundary: str
    residuals: dict[str, float]


def route_result(figures: RouteFigures) -> RouteResult:
    """A route's figures in the units of the table."""
    numbers = {c.name: float(np.asarray(getattr(figures, c.attribute)) / c.unit) for c in COLUMNS + BESIDES}
    limits = np.asarray(figures.limits) / BY_NAME["throughput_t_per_year"].unit
    residuals = {name: float(value) for name, value in figures.residuals.items()}
    violated = [name for name, value in residuals.items() if not value <= 0.0]
    binding = f"not met: {violated[0]}" if violated else figures.limit_names[int(np.argmin(limits))]
    return RouteResult(
        name=figures.name,
        origin=figures.origin,
        destination=figures.destination,
        **numbers,
        limited_by=binding,
        carrier=figures.carrier,
        delta_v_counts=figures.counted,
        cost_boundary=figures.boundary,
        limits_t_per_year=dict(zip(figures.limit_names, limits.tolist(), strict=True)),
        residuals=residuals,
    )


def whole_cost(money: BoundaryFigures) -> dict[str, float]:
    """Everything that compute costs, per delivered kilowatt and year and per PFLOP-day sold."""
    return {
        "total_usd_per_kw_year": float(money.total) * 1e3,
        "total_usd_per_pflop_day": float(money.compute) * PFLOP_DAY,
    }


def datacenter_result(figures: DatacenterFigures) -> DatacenterResult:
    """A data center's figures in kW and years."""
    return DatacenterResult(
        route=figures.name,
        specific_mass_kg_per_kw=float(figures.specific_mass) * 1e3,
        cost_usd_per_kw_year=float(figures.power_cost) * 1e3,
        **whole_cost(figures.money),
        total_over_ground=float(figures.ratio),
        cost_boundary=figures.boundary,
        residuals={name: float(value) for name, value in figures.residuals.items()},
    )


def demand_result(figures: DemandFigures) -> dict[str, dict[str, float]]:
    """What each goal demands, in the units of `DEMAND`: goal -> name -> number."""
    return {
        goal: {c.name: float(np.asarray(getattr(figures, c.attribute))[i] / c.unit) for c in DEMAND}
        for i, goal in enumerate(figures.names)
    }


def launch_price_result(figures: PriceFigures) -> dict[str, float]:
    """The launch price by its record and bottom-up, in the units of `LAUNCH_PRICE`."""
    return {c.name: float(np.asarray(getattr(figures, c.attribute)) / c.unit) for c in LAUNCH_PRICE}


def results(evaluation: Evaluation, order: tuple[str, ...]) -> tuple[dict[str, RouteResult], list[DatacenterResult]]:
    """All routes in the given order, and all data centers."""
    routes = {name: route_result(evaluation.routes[name]) for name in order}
    return routes, [datacenter_result(figures) for figures in evaluation.datacenters.values()]
