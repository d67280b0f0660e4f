"""All published answers beside our own in the same boundary, and what makes the difference."""

from __future__ import annotations

from dataclasses import dataclass

from astro_logistics.api.bridge import KILO, Bridge, answer, bridge
from astro_logistics.api.published import published, published_names
from astro_logistics.api.scenarios import SourcedScenario
from astro_logistics.economics.answers import Answer
from astro_logistics.network.published.printed import PRINTED


@dataclass(frozen=True)
class Reproduced:
    """A result as the authors print it, and as their equations give it here."""

    study: str
    result: str
    printed: float
    here: float


@dataclass(frozen=True)
class Beside:
    """A study's answer and ours, both in the study's boundary; sides in USD per kW and year.

    `bridge` leads from the study's answer, in its boundary, to our own in ours.
    """

    study: str
    boundary: str
    theirs: dict[str, float]
    ours: dict[str, float]
    bridge: Bridge


def reproduced() -> list[Reproduced]:
    """Every printed result beside what comes out here."""
    found = {name: published(name) for name in published_names()}
    return [
        Reproduced(study, result, printed, found[study][result])
        for study, results in PRINTED.items()
        for result, printed in results.items()
    ]


def beside(scenario: SourcedScenario, route: str = "earth-to-sso") -> list[Beside]:
    """Every published comparison of orbit and ground beside the scenario's own.

    Args:
        scenario: whose answer is ours.
        route: that brings its satellites.
    """
    own = answer(scenario, route)
    rows = []
    for name in published_names():
        study = published(name)
        if study.answer is not None:
            ours = own.within(study.answer.boundary)
            rows.append(Beside(name, study.boundary, _sides(study.answer), _sides(ours), bridge(study, own)))
    return rows


def _sides(given: Answer) -> dict[str, float]:
    orbital, terrestrial = (float(x) * KILO for x in given.levelized)
    return {"orbital": orbital, "terrestrial": terrestrial, "ratio": orbital / terrestrial}
