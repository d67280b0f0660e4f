"""The closure of a data center as rows: names with units, what they mean, how each comes from the SI figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from rich.box import SIMPLE_HEAD
from rich.table import Table

from astro_logistics.constants import HOUR, JULIAN_YEAR
from astro_logistics.datacenter.figures import MASSES
from astro_logistics.economics.boundaries import MEGAWATT_HOUR, PFLOP_DAY
from astro_logistics.pytree import get, infos
from astro_logistics.report.tables import number


@dataclass(frozen=True)
class Row:
    """One figure: its name (which carries the unit), the unit as printed, where it comes from, the unit in SI."""

    section: str
    name: str
    unit: str
    path: str
    size: float


def _row(section: str, name: str, unit: str, path: str, size: float = 1.0) -> Row:
    return Row(section, name, unit, path, size)


ROWS = (
    _row("orbit", "solar_flux_w_per_m2", "W/m2", "around.solar_flux"),
    _row("orbit", "sunlit_fraction", "", "around.sunlit_fraction"),
    _row("orbit", "eclipse_season_days_per_year", "d/yr", "around.eclipse_season", 1.0 / 365.25),
    _row("orbit", "longest_eclipse_min", "min", "around.longest_eclipse", 60.0),
    _row("orbit", "period_min", "min", "around.period", 60.0),
    _row("orbit", "solar_particles", "", "around.particles.solar_particles"),
    _row("orbit", "disposal_delta_v_m_per_s", "m/s", "around.disposal_delta_v"),
    _row("power", "compute_power_kw", "kW", "satellite.compute_power", 1e3),
    _row("power", "pump_power_kw", "kW", "satellite.pump_power", 1e3),
    _row("power", "link_power_kw", "kW", "satellite.link_power", 1e3),
    _row("power", "fixed_power_kw", "kW", "satellite.fixed_power", 1e3),
    _row("power", "converter_loss_kw", "kW", "satellite.converter_loss", 1e3),
    _row("power", "load_kw", "kW", "satellite.load", 1e3),
    _row("power", "charging_power_kw", "kW", "satellite.charging_power", 1e3),
    _row("power", "array_power_kw", "kW", "satellite.array_power", 1e3),
    _row("power", "array_power_new_kw", "kW", "satellite.array_power_new", 1e3),
    _row("power", "array_retention", "", "satellite.array_retention"),
    _row("power", "array_area_m2", "m2", "satellite.array_area"),
    _row("power", "battery_energy_kwh", "kWh", "satellite.battery_energy", 3.6e6),
    _row("power", "battery_depth", "", "satellite.battery_depth"),
    _row("heat", "heat_kw", "kW", "satellite.heat", 1e3),
    _row("heat", "radiator_area_m2", "m2", "satellite.radiator_area"),
    _row("heat", "radiator_flux_w_per_m2", "W/m2", "satellite.radiator_flux"),
    _row("heat", "fin_efficiency", "", "satellite.fin_efficiency"),
    _row("heat", "junction_temperature_k", "K", "satellite.junction_temperature"),
    _row("heat", "coolant_inlet_k", "K", "satellite.coolant_inlet"),
    _row("heat", "coolant_outlet_k", "K", "satellite.coolant_outlet"),
    _row("heat", "array_temperature_k", "K", "satellite.array_temperature"),
    _row("compute", "delivered_power_kw", "kW", "satellite.delivered_power", 1e3),
    _row("compute", "lit_fraction", "", "satellite.lit_fraction"),
    _row("compute", "working_fraction", "", "satellite.working_fraction"),
    _row("compute", "availability", "", "satellite.availability"),
    _row("compute", "failures_percent_per_year", "%/yr", "satellite.failure_rate", 0.01 / JULIAN_YEAR),
    _row("compute", "dose_krad", "krad", "satellite.dose", 10.0),
    _row("compute", "operations_pflop_per_s", "PFLOP/s", "satellite.operations", 1e15),
    _row("links", "mesh_rate_gbit_per_s", "Gbit/s", "satellite.links.mesh_rate", 1e9),
    _row("links", "mesh_links", "", "satellite.links.mesh_links"),
    _row("links", "egress_gbit_per_s", "Gbit/s", "satellite.links.egress", 1e9),
    _row("links", "sustained_rate_gbit_per_s", "Gbit/s", "satellite.links.sustained_rate", 1e9),
    _row("links", "ground_links", "", "satellite.links.ground_links"),
    _row("mass", "drag_mn", "mN", "satellite.drag", 1e-3),
    _row("mass", "delta_v_m_per_s", "m/s", "satellite.delta_v"),
    *(_row("mass", f"{name}_kg", "kg", f"satellite.{name}") for name in (*MASSES, "mass")),
    _row("result", "specific_mass_kg_per_kw", "kg/kW", "satellite.specific_mass", 1e-3),
    _row("result", "delivered_specific_mass_kg_per_kw", "kg/kW", "satellite.delivered_specific_mass", 1e-3),
    _row("result", "specific_power_w_per_kg", "W/kg", "satellite.specific_power"),
    _row("result", "resupply_t_per_mw_year", "t/(MW yr)", "satellite.resupply", 1e-3 / JULIAN_YEAR),
    _row("transport", "payload_per_mission_t", "t", "delivery.payload", 1e3),
    _row("transport", "flights_per_mission", "", "delivery.flights"),
    _row("transport", "delivery_cost_usd_per_kg", "USD/kg", "delivery.cost"),
    _row("money", "capital_usd_per_w", "USD/W", "money.capital"),
    _row("money", "electricity_usd_per_mwh", "USD/MWh", "money.electricity", 1.0 / MEGAWATT_HOUR),
    _row("money", "cash_usd_per_kw_year", "USD/(kW yr)", "money.cash", 1e-3),
    _row("money", "depreciated_usd_per_kw_year", "USD/(kW yr)", "money.depreciated", 1e-3),
    _row("money", "total_usd_per_kw_year", "USD/(kW yr)", "money.total", 1e-3),
    _row("money", "total_usd_per_accelerator_hour", "USD/h", "money.chip_hour", 1.0 / HOUR),
    _row("money", "total_usd_per_pflop_day", "USD/PFLOP-day", "money.compute", 1.0 / PFLOP_DAY),
    _row("money", "total_usd_per_pflop_day_at_value", "USD/PFLOP-day", "money.compute_at_value", 1.0 / PFLOP_DAY),
    _row("money", "carbon_kg_per_kw_year", "kg/(kW yr)", "money.carbon", 1e-3),
    _row("on the ground", "ground_total_usd_per_kw_year", "USD/(kW yr)", "ground.total", 1e-3),
    _row("on the ground", "ground_total_usd_per_pflop_day", "USD/PFLOP-day", "ground.compute", 1.0 / PFLOP_DAY),
    _row(
        "on the ground",
        "ground_total_usd_per_pflop_day_at_value",
        "USD/PFLOP-day",
        "ground.compute_at_value",
        1.0 / PFLOP_DAY,
    ),
    _row("on the ground", "ground_carbon_kg_per_kw_year", "kg/(kW yr)", "ground.carbon", 1e-3),
    _row("per GW delivered", "satellites", "", "constellation.satellites"),
    _row("per GW delivered", "constellation_mass_t", "t", "constellation.mass", 1e3),
    _row("per GW delivered", "launches", "", "constellation.launches"),
    _row("per GW delivered", "launches_per_year", "1/yr", "constellation.launch_rate", 1.0 / JULIAN_YEAR),
)
"""Figures of a closure, in the order of the table."""


def figures(parts: Mapping[str, Any]) -> dict[str, float]:
    """The figures by name, in the units of their names.

    Args:
        parts: "around", "satellite", "delivery", "money", "ground" and "constellation": the pytrees they come from.
    """
    return {row.name: float(np.asarray(get(parts, row.path))) / row.size for row in ROWS}


def meanings(parts: Mapping[str, Any]) -> dict[str, str]:
    """What each figure is, as its field says it."""
    known = {f"{name}.{path}": info.doc for name, part in parts.items() for path, info in infos(part).items()}
    return {row.name: known[row.path] for row in ROWS}


def table(found: Mapping[str, float], means: Mapping[str, str]) -> Table:
    """One row per figure, by section; figures without a value (money where no launcher goes) are left out."""
    drawn = Table(box=SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    for header, side in (("", "left"), ("figure", "left"), ("value", "right"), ("unit", "left"), ("", "left")):
        drawn.add_column(header, justify=side)  # pyright: ignore[reportArgumentType]
    section = ""
    for row in ROWS:
        value = found[row.name]
        if not np.isfinite(value):
            continue
        label = row.path.rpartition(".")[2].replace("_", " ")
        drawn.add_row(row.section if row.section != section else "", label, number(value), row.unit, means[row.name])
        section = row.section
    return drawn
