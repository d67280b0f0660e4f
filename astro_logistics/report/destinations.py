"""Missions beyond low orbit as people read them: tankers, flights, payload, cost, and tugs as an alternative."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.table import Table

from astro_logistics.report.columns import Constrained
from astro_logistics.report.tables import make_table, number


@dataclass(frozen=True)
class DestinationResult(Constrained):
    """One mission of a refilled ship; means over the opportunities."""

    name: str
    is_returning: bool
    delta_v_km_per_s: float
    delta_v_back_km_per_s: float
    transit_days: float
    mission_days: float
    campaign_days: float
    payload_t: float
    tankers: float
    flights: float
    cost_usd_per_kg: float
    residuals: dict[str, float]


@dataclass(frozen=True)
class TugResult(Constrained):
    """A way by electric tug."""

    name: str
    delta_v_km_per_s: float
    sunlit_fraction: float
    payload_per_flight_t: float
    payload_per_flight_new_tug_t: float
    transit_days: float
    cycle_days: float
    launch_cost_usd_per_kg: float
    residuals: dict[str, float]


@dataclass(frozen=True)
class Destinations:
    """Where a refilled ship can go from the depot, and where a tug can."""

    ships: tuple[DestinationResult, ...]
    tugs: tuple[TugResult, ...]


def ships(results: Iterable[DestinationResult]) -> Table:
    """One row per mission."""
    table = make_table(
        "mission from the depot", "delta-v out\nkm/s", "back\nkm/s", "transit\ndays", "payload\nt", "tankers",
        "flights", "cost\nUSD/kg", "not met",
    )  # fmt: skip
    table.columns[-1].justify = "left"
    for r in results:
        bad = bool(r.violated)
        cells = (r.payload_t, r.tankers, r.flights, r.cost_usd_per_kg)
        table.add_row(
            r.name, f"{r.delta_v_km_per_s:.2f}", f"{r.delta_v_back_km_per_s:.2f}", number(r.transit_days),
            *("-" if bad else number(cell) for cell in cells), r.violated[0] if bad else "",
        )  # fmt: skip
    return table


def tugs(results: Iterable[TugResult]) -> Table:
    """One row per way."""
    table = make_table(
        "by electric tug to", "delta-v\nkm/s", "sunlit", "payload of a flight\nt", "with a new tug\nt",
        "loaded way\ndays", "cycle\ndays", "launch alone\nUSD/kg", "not met",
    )  # fmt: skip
    table.columns[-1].justify = "left"
    for r in results:
        bad = bool(r.violated)
        table.add_row(
            r.name, f"{r.delta_v_km_per_s:.2f}", f"{r.sunlit_fraction:.2f}",
            *("-" if bad else number(x) for x in (r.payload_per_flight_t, r.payload_per_flight_new_tug_t)),
            number(r.transit_days), number(r.cycle_days), "-" if bad else number(r.launch_cost_usd_per_kg),
            r.violated[0] if bad else "",
        )  # fmt: skip
    return table
