"""Launches as people read them: payload by vehicle, published beside computed, what moves it, cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rich.table import Table

from astro_logistics.report.tables import make_table, number
from astro_logistics.scenario.records import Sourced


@dataclass(frozen=True)
class PublishedResult:
    """A published payload and the computed one; `miss` is computed over published, less 1."""

    vehicle: str
    orbit: str
    published_kg: float
    computed_kg: float
    miss: float
    integrated_kg: float | None
    """By the integrated ascent, from data/reference; None where it finds none."""
    explanation: str


@dataclass(frozen=True)
class StageSlopes:
    """How payload moves with one stage (masses and thrust of one unit)."""

    stage: str
    dry_mass_t: float
    payload_kg_per_kg_dry: float
    specific_impulse_s: float
    payload_kg_per_s: float
    thrust_kn: float
    payload_kg_per_percent_thrust: float


@dataclass(frozen=True)
class LaunchResult:
    """One vehicle to one orbit. `residuals` are constraints by name, met at `<= 0`; costs are None where unknown."""

    vehicle: str
    orbit: str
    altitude_km: float
    inclination_deg: float
    payload_kg: float
    payload_nothing_kept_kg: float
    delta_v_m_per_s: float
    ascent_loss_m_per_s: float
    flights_per_year: float | None
    cost_usd_per_flight: float | None
    price_usd_per_flight: float | None
    cost_usd_per_kg: float | None
    price_usd_per_kg: float | None
    published_price_usd: float | None
    """What a flight is sold for; its cost to the state where none was sold."""
    published_price_status: str | None
    no_published_price: str
    """Why there is none; empty where there is one."""
    published: tuple[PublishedResult, ...]
    slopes: tuple[StageSlopes, ...]
    rests_on: Mapping[str, Sourced]
    residuals: Mapping[str, float]

    @property
    def violated(self) -> tuple[str, ...]:
        """Names of the constraints that are not met."""
        return tuple(name for name, value in self.residuals.items() if not value <= 0.0)


def payloads(results: Iterable[LaunchResult]) -> Table:
    """One row per vehicle."""
    table = make_table(
        "vehicle", "payload\nt", "nothing kept\nt", "delta-v\nm/s", "ascent loss\nm/s", "flights\nper year",
        "cost of a flight\nMUSD", "cost\nUSD/kg", "price\nUSD/kg", "not met",
    )  # fmt: skip
    table.columns[-1].justify = "left"
    for r in results:
        bad = bool(r.violated)
        table.add_row(
            r.vehicle,
            "-" if bad else number(r.payload_kg / 1e3),
            "-" if bad else number(r.payload_nothing_kept_kg / 1e3),
            number(r.delta_v_m_per_s),
            number(r.ascent_loss_m_per_s),
            _known(r.flights_per_year),
            _known(r.cost_usd_per_flight, 1e6),
            "-" if bad else _known(r.cost_usd_per_kg),
            "-" if bad else _known(r.price_usd_per_kg),
            r.violated[0] if bad else "",
        )
    return table


def published(results: Iterable[LaunchResult]) -> Table:
    """One row per published payload: quick form and integrated ascent beside it."""
    table = make_table("published payload of", "orbit", "published\nt", "computed\nt", "miss", "integrated\nt", "miss")
    table.columns[1].justify = "left"
    for row in (row for r in results for row in r.published):
        table.add_row(
            row.vehicle, row.orbit, number(row.published_kg / 1e3), number(row.computed_kg / 1e3), f"{row.miss:+.1%}",
            _known(row.integrated_kg, 1e3),
            "-" if row.integrated_kg is None else f"{row.integrated_kg / row.published_kg - 1.0:+.1%}",
        )  # fmt: skip
    return table


PRICED_ORBITS = ("leo", "iss", "sso", "gto")
"""Orbits that a kilogram's price is given for: the first with a published payload."""


def prices(results: Iterable[LaunchResult]) -> Table:
    """Published price of a flight over published and computed payload (integrated where known); the cost by parts."""
    table = make_table(
        "published price of", "MUSD", "status", "to", "published\nt", "price\nUSD/kg", "computed\nt", "price\nUSD/kg",
        "cost by parts\nUSD/kg",
    )  # fmt: skip
    table.columns[2].justify = table.columns[3].justify = "left"
    for r in results:
        price, rows = r.published_price_usd, {row.orbit: row for row in r.published}
        orbit = next(name for name in (*PRICED_ORBITS, *rows) if name in rows)
        lifted, computed = rows[orbit].published_kg, rows[orbit].integrated_kg or rows[orbit].computed_kg
        cost = r.cost_usd_per_flight
        table.add_row(
            r.vehicle, _known(price, 1e6), r.published_price_status or "none", orbit, number(lifted / 1e3),
            "-" if price is None else number(price / lifted),
            number(computed / 1e3),
            "-" if price is None else number(price / computed),
            "-" if cost is None else number(cost / computed),
        )  # fmt: skip
    return table


def explanations(results: Iterable[LaunchResult]) -> dict[str, str]:
    """Why computed payloads are others than published ones: the cases with one explanation, and it."""
    cases: dict[str, list[str]] = {}
    for row in (row for r in results for row in r.published if row.explanation):
        cases.setdefault(" ".join(row.explanation.split()), []).append(f"{row.vehicle} {row.orbit}")
    return {", ".join(where): why for why, where in cases.items()}


def unpriced(results: Iterable[LaunchResult]) -> dict[str, str]:
    """Vehicles without a published price, and why."""
    return {r.vehicle: " ".join(r.no_published_price.split()) for r in results if r.published_price_usd is None}


def slopes(results: Iterable[LaunchResult]) -> Table:
    """How payload moves with each stage."""
    table = make_table(
        "payload moves with", "stage", "dry mass\nt", "kg per kg\nof it", "impulse\ns", "kg per s\nof it", "thrust\nkN",
        "kg per 1 %\nof it",
    )  # fmt: skip
    table.columns[1].justify = "left"
    for r in results:
        for row in r.slopes:
            table.add_row(
                r.vehicle, row.stage, number(row.dry_mass_t), f"{row.payload_kg_per_kg_dry:+.3f}",
                number(row.specific_impulse_s), f"{row.payload_kg_per_s:+.1f}", number(row.thrust_kn),
                f"{row.payload_kg_per_percent_thrust:+.1f}",
            )  # fmt: skip
    return table


def _known(value: float | None, unit: float = 1.0) -> str:
    return "-" if value is None else number(value / unit)
