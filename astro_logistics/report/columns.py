"""The columns of the route table: names, units, and how each comes from the SI figures."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from astro_logistics.constants import DAY, JULIAN_YEAR
from astro_logistics.network.figures import DatacenterFigures, Evaluation, RouteFigures


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

BY_NAME = {column.name: column for column in COLUMNS}


class _Constrained:
    """Something whose design must meet constraints, by name, at `<= 0`."""

    residuals: dict[str, float]

    @property
    def violated(self) -> tuple[str, ...]:
        """Names of the constraints that the design does not meet."""
        return tuple(name for name, value in self.residuals.items() if not value <= 0.0)


@dataclass(frozen=True)
class RouteResult(_Constrained):
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
    limited_by: str
    carrier: str
    delta_v_counts: str
    cost_boundary: str
    limits_t_per_year: dict[str, float]
    residuals: dict[str, float]


@dataclass(frozen=True)
class DatacenterResult(_Constrained):
    """The data center supplied by one route."""

    route: str
    specific_mass_kg_per_kw: float
    cost_usd_per_kw_year: float
    cost_boundary: str
    residuals: dict[str, float]


def route_result(figures: RouteFigures) -> RouteResult:
    """A route's figures in the units of the table."""
    numbers = {c.name: float(np.asarray(getattr(figures, c.attribute)) / c.unit) for c in COLUMNS}
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


def datacenter_result(figures: DatacenterFigures) -> DatacenterResult:
    """A data center's figures in kW and years."""
    return DatacenterResult(
        route=figures.name,
        specific_mass_kg_per_kw=float(figures.specific_mass) * 1e3,
        cost_usd_per_kw_year=float(figures.power_cost) * 1e3,
        cost_boundary=figures.boundary,
        residuals={name: float(value) for name, value in figures.residuals.items()},
    )


def results(evaluation: Evaluation, order: tuple[str, ...]) -> tuple[dict[str, RouteResult], list[DatacenterResult]]:
    """All routes in the given order, and all data centers."""
    routes = {name: route_result(evaluation.routes[name]) for name in order}
    return routes, [datacenter_result(figures) for figures in evaluation.datacenters.values()]
