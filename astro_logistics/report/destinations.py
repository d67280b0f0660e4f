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
class CaptureResult:
    """An arrival caught by the air or by engines; fractions of the arriving mass."""

    name: str
    delta_v_km_per_s: float
    useful_by_air: float
    useful_by_engines: float
    shell: float
    break_even_shell: float


@dataclass(frozen=True)
class TankersResult:
    """A published number of tankers beside the computed one."""

    said_by: str
    mission: str
    published: float
    published_low: float
    published_high: float
    load_t: float | None
    """What one tanker brings, where the source says it; else it is what the launcher lifts."""
    tankers: float
    least: float
    most: float
    """With all that moves the count at the favourable, the unfavourable end of its range; infinite: cannot be flown."""

    @property
    def is_in_range(self) -> bool:
        """Whether a count as published, its range included, lies between the least and the most."""
        return self.least <= self.published_high and self.published_low <= self.most


@dataclass(frozen=True)
class Destinations:
    """Where a refilled ship can go from the depot, and where a tug can; published tankers beside the computed."""

    ships: tuple[DestinationResult, ...]
    tugs: tuple[TugResult, ...]
    tankers: tuple[TankersResult, ...] = ()
    captures: tuple[CaptureResult, ...] = ()

    @property
    def launches_saved_by_tug(self) -> float | None:
        """Share of launches per kilogram to the geostationary orbit that a tug saves over ships that come back."""
        ship = next((r for r in self.ships if r.name == "geo-and-return" and not r.violated), None)
        tug = next((r for r in self.tugs if r.name == "geo" and not r.violated), None)
        if ship is None or tug is None:
            return None
        return 1.0 - ship.payload_t / ship.flights / tug.payload_per_flight_t


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


def captures(results: Iterable[CaptureResult]) -> Table:
    """One row per arrival."""
    table = make_table(
        "caught into low orbit at", "by engines\nkm/s", "useful by air", "by engines", "shell", "worth it below"
    )
    for r in results:
        cells = (r.useful_by_air, r.useful_by_engines, r.shell, r.break_even_shell)
        table.add_row(r.name, f"{r.delta_v_km_per_s:.2f}", *(f"{x:.1%}" for x in cells))
    return table


def tankers(results: Iterable[TankersResult]) -> Table:
    """One row per published count."""
    table = make_table(
        "tankers as published by", "for", "published", "each brings\nt", "here", "least", "most", "in range"
    )
    for column in (1, 2, -1):
        table.columns[column].justify = "left"
    for r in results:
        verdict = "yes" if r.is_in_range else "no: fewer" if r.published_high < r.least else "no: more"
        low, high = r.published_low, r.published_high
        said = f"{r.published:.0f}" + ("" if low == high else f" ({low:.0f} to {high:.0f})")
        table.add_row(
            r.said_by, r.mission, said, "" if r.load_t is None else number(r.load_t),
            *("-" if x == float("inf") else f"{x:.1f}" for x in (r.tankers, r.least, r.most)), verdict,
        )  # fmt: skip
    return table
