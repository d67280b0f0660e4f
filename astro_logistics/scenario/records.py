"""A number with its unit, its range and where it comes from; the ledger of a scenario; its sources."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping

from astropy import units as u

from astro_logistics.units import parse_unit

STATUSES: Mapping[str, str] = {
    "measured": "observed, with an uncertainty",
    "specified": "fixed by definition, standard or the maker's specification of a thing that exists",
    "published": "stated in a document by someone without a stake in it, or a price list",
    "derived": "computed from its parents by the formula given",
    "estimated": "someone's estimate, its reasoning published",
    "assumed": "set by the authors or by the user; the note says why",
    "claimed": "a promise by an interested party",
}
"""What each status means."""


@dataclasses.dataclass(frozen=True)
class Source:
    """Where numbers come from: a document, and how it was read."""

    title: str
    authors: str
    year: int
    access: str
    url: str = ""
    doi: str = ""
    isbn: str = ""
    note: str = ""

    def __str__(self) -> str:
        """Authors (year), title, where to get it."""
        where = f"https://doi.org/{self.doi}" if self.doi else self.url or (f"ISBN {self.isbn}" if self.isbn else "")
        return f"{self.authors} ({self.year}). {self.title}. {where}" if where else f"{self.authors}: {self.title}"


@dataclasses.dataclass(frozen=True)
class Sourced:
    """One number of a scenario: as the record gives it, in SI as the model uses it, and where it comes from.

    `value`, `low` and `high` are in `unit`; the `si_` figures are in `si_unit`, money in USD of the scenario's price
    year. `low` and `high` are the range of uncertainty. `file` and `key` tell where the record stands.
    """

    value: float
    unit: str
    low: float
    high: float
    status: str
    source: str
    locator: str
    note: str
    formula: str
    parents: tuple[str, ...]
    price_year: int | None
    si_unit: str
    si_value: float
    si_low: float
    si_high: float
    file: str
    key: str

    @property
    def quantity(self) -> u.Quantity:
        """The value with its unit, as the record gives it."""
        return u.Quantity(self.value, parse_unit(self.unit))

    @property
    def is_promise(self) -> bool:
        """Whether the number is claimed or assumed, so that an answer resting on it must say so."""
        return self.status in ("claimed", "assumed")


@dataclasses.dataclass(frozen=True)
class Ledger(Mapping[str, Sourced]):
    """Dotted path of a leaf -> its record, in pytree order; with the sources and the title of the scenario."""

    records: Mapping[str, Sourced]
    sources: Mapping[str, Source]
    title: str = ""
    description: str = ""
    price_year: int | None = None

    def __getitem__(self, path: str) -> Sourced:
        """The record at a dotted path."""
        return self.records[path]

    def __iter__(self) -> Iterator[str]:
        """The paths, in pytree order."""
        return iter(self.records)

    def __len__(self) -> int:
        """The number of records."""
        return len(self.records)
