"""Claims against draws of figures: how likely each is under the ranges, the verdict by rule, and what decides."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import jax
import numpy as np
import xarray as xr

from astro_logistics import units
from astro_logistics.network.scenario import Scenario
from astro_logistics.report.deciding import Deciding
from astro_logistics.report.uncertainty import Figure, Probability, figures, share_of
from astro_logistics.scenario.claims import Claim, Reading
from astro_logistics.scenario.records import Source

NOT_A_NUMBER = "not a number"
RULE = {"holds": 0.9, "plausible": 0.5, "unlikely": 0.1, "fails": 0.0}
"""Verdict -> least probability of it."""


def verdict(p: float) -> str:
    """`holds` from 0.9, `plausible` from 0.5, `unlikely` from 0.1, `fails` below."""
    return next(name for name, least in RULE.items() if p >= least)


@dataclass(frozen=True)
class Answer:
    """A figure in the unit of a reading, with the reference that it is held against."""

    figure: Figure
    factor: float
    form: str
    reference: float

    def __call__(self, scenario: Scenario, found: object) -> jax.Array:
        """The number that the reading is about."""
        x = self.figure.of(scenario, found) * self.factor
        if self.form == "ratio":
            return self.reference / x
        if self.form == "saving":
            return 1.0 - x / self.reference
        return x / (x + self.reference) if self.form == "share" else x


def answers(claims: Mapping[str, Claim], scenario: Scenario) -> dict[tuple[str, str], Figure]:
    """(claim, reading) -> the figure that answers it, named "claim.reading", in the unit of the reading.

    Raises:
        ScenarioError: a claim names a figure that there is not; the nearest is offered.
        UnitError: the figure is of another kind than the reading's unit.
    """
    asked = {(c.id, r.name): r for c in claims.values() for r in c.readings if r.figure}
    found = figures([r.figure for r in asked.values()], scenario)
    return {key: _answer(".".join(key), r, f) for (key, r), f in zip(asked.items(), found, strict=True)}


def _answer(name: str, reading: Reading, figure: Figure) -> Figure:
    against, factor, reference = reading.against, 1.0, math.nan
    if against is None:
        factor = units.conversion_factor(figure.unit, reading.unit)
    elif reading.form == "ratio":
        quotient = f"({against.unit or 1}) / ({figure.unit or 1})"
        reference = against.value * units.conversion_factor(quotient, reading.unit)
    else:
        factor, reference = units.conversion_factor(figure.unit, against.unit), against.value
    of = Answer(figure, factor, reading.form, reference)
    return Figure(name, reading.unit, figure.boundary or figure.name, figure.needs, of, figure.source)


def is_met(reading: Reading, x: np.ndarray) -> np.ndarray:
    """Whether the reading holds at values of its figure, in its unit."""
    return (x >= reading.least) & (x <= reading.most)


def judged(draws: xr.Dataset, reading: Reading, name: str) -> tuple[str, Probability]:
    """Verdict on a reading and its probability, from draws of the figure `name`.

    False in a draw whose design does not meet its constraints, or whose figure is no number. An infinite figure is one:
    a date that is never reached, a supply that never ends.
    """
    true = is_met(reading, draws[name].values) & draws["feasible"].sel(figure=name).values
    p = share_of(int(np.sum(true)), true.size)
    return verdict(p.value), p


def middle(draws: xr.Dataset, name: str) -> tuple[float, float, float]:
    """Median, 5 % and 95 % quantile of a figure, infinite ones among them; NaN if it is a number in no draw.

    The draw of the rank, not a mean of two: half-way to infinity is no date.
    """
    x = draws[name].values
    x = x[~np.isnan(x)]
    if x.size == 0:
        return math.nan, math.nan, math.nan
    median, p05, p95 = np.quantile(x, (0.5, 0.05, 0.95), method="inverted_cdf").tolist()
    return median, p05, p95


@dataclass(frozen=True)
class Turn:
    """Where a claim turns true as one input varies and all others stay: `value` in the unit of its record.

    `true_above`: whether it holds above the value or below. `in_range`: whether the value lies in the record's range.
    `is_met`: whether the constraints of the figure's design are met there.
    """

    path: str
    value: float
    unit: str
    true_above: bool
    in_range: bool
    is_met: bool


@dataclass(frozen=True)
class Beside:
    """A figure told with a claim, which decides nothing; `tells` is what it is, in words."""

    tells: str
    figure: str
    unit: str
    median: float
    p05: float
    p95: float


@dataclass(frozen=True)
class Judged:
    """One reading of a claim, and what the scenario's ranges make of it; numbers in the reading's unit.

    `probability` is None, and all numbers NaN, where no figure can answer. `not_met` and `no_number` are shares of the
    draws whose design does not meet its constraints, or whose figure is none: the claim counts as false in them.
    `infinite` is the share in which it is infinite: never, or for ever.
    """

    claim: Claim
    reading: Reading
    verdict: str
    probability: Probability | None
    at_scenario: float
    median: float
    p05: float
    p95: float
    not_met: float
    no_number: float
    infinite: float
    deciding: tuple[Deciding, ...]
    break_even: tuple[Turn, ...] | None


@dataclass(frozen=True)
class Claims:
    """The readings of claims under one scenario, in the order of the catalogue, and the figures told beside them.

    `draws`: as many as were made; fewer than `planned` where the user stopped it.
    """

    scenario: str
    price_year: int | None
    draws: int
    planned: int
    seed: int
    judged: tuple[Judged, ...]
    beside: Mapping[str, tuple[Beside, ...]]
    sources: Mapping[str, Source]

    def of(self, claim: str) -> tuple[Judged, ...]:
        """The readings of one claim."""
        return tuple(each for each in self.judged if each.claim.id == claim)
