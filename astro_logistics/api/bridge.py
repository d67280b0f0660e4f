"""From one answer to another: our own answer in any boundary, and what each change between two answers adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from astro_logistics.api.checks import check_name, error
from astro_logistics.api.published import Published
from astro_logistics.api.scenarios import SourcedScenario, evaluate
from astro_logistics.economics import answers
from astro_logistics.economics.answers import Answer
from astro_logistics.economics.boundaries import EVERYTHING, ITEMS, boundary
from astro_logistics.pytree import leaves

GROUPS = {
    "power_capital": "build",
    "other_capital": "build",
    "delivery": "transport",
    "development": "development",
    "chips": "servers",
    "replacement": "replacement",
    "chip_replacement": "replacement",
    "operations": "operations",
    "energy": "energy",
    "life": "lives",
    "chip_life": "lives",
    "discount_rate": "cost of capital",
    "payments_per_year": "cost of capital",
    "availability": "availability",
    "utilization": "utilization",
}
"""Item of a statement -> the bar it belongs to. Build has the power supply in it: not every study parts them."""

SWITCHED = {
    **{switch: f"{item} in or out" for switch, item in ITEMS.items()},
    "financing": "interest",
    "delivered": "per delivered power",
    "used": "per power sold",
}
KILO = 1e3


@dataclass(frozen=True)
class Bridge:
    """What lies between two answers: `start` + sum of `bars` = `end`.

    A bar is named "orbit: ...", "ground: ..." for a number that changes and "boundary: ..." for what counts. `figure`
    is "ratio" (orbit over ground) or a side in USD per kW and year; `gap` is what the bars leave open, by rounding.
    """

    names: tuple[str, str]
    figure: str
    start: float
    end: float
    bars: Mapping[str, float]

    @property
    def gap(self) -> float:
        """End less start less all bars."""
        return self.end - self.start - sum(self.bars.values())


def answer(scenario: SourcedScenario, route: str = "earth-to-sso") -> Answer:
    """The scenario's own answer: its satellites brought by a route, against its data center on the ground.

    Args:
        scenario: the scenario.
        route: of the satellites, one that supplies a data center.

    Raises:
        ScenarioError: no data center is supplied by that route.
    """
    evaluation = evaluate(scenario).evaluation
    check_name("data center supplied by", route, tuple(evaluation.datacenters))
    whole = boundary("everything", scenario.ledger.price_year or 0, *EVERYTHING)
    return Answer(
        orbital=evaluation.datacenters[route].statement,
        terrestrial=evaluation.terrestrial.statement,
        boundary=whole,
        name=f"{scenario.name}, {route}",
    )


def bridge(a: Answer | Published, b: Answer | Published, figure: str = "ratio") -> Bridge:
    """What makes the difference between two answers, one bar per change; closes exactly, whatever the order.

    Numbers share along the straight line between the answers, switches of the boundary as players of a game (see
    `economics.bridge`). What one study does not say is taken from the other, and gets no bar.

    Args:
        a, b: answers of `published` or of `answer`.
        figure: "ratio", "orbital" or "terrestrial".

    Raises:
        ScenarioError: a study that compares no compute in orbit with compute on the ground; no such figure.
    """
    check_name("figure", figure, answers.FIGURES)
    one, other = _answer(a), _answer(b)
    unit = 1.0 if figure == "ratio" else KILO
    orbital, terrestrial, switches = answers.bars(one, other, figure)
    found: dict[str, float] = {}
    for side, statement in (("orbit", orbital), ("ground", terrestrial)):
        for item, value in leaves(statement).items():
            if item in GROUPS:
                name = f"{side}: {GROUPS[item]}"
                found[name] = found.get(name, 0.0) + float(value) * unit
    for switch, value in switches.items():
        found[f"boundary: {SWITCHED[switch]}"] = float(value) * unit
    found = {name: value for name, value in found.items() if value != 0.0}
    ends = [
        float(np.asarray(answers.figure(x.orbital, x.terrestrial, x.boundary, figure))) * unit
        for x in answers.shared(one, other)
    ]
    return Bridge((one.name, other.name), figure, ends[0], ends[1], found)


def _answer(given: Answer | Published) -> Answer:
    if isinstance(given, Answer):
        return given
    if given.answer is None:
        raise error(
            "bridge", f"{given.name}, which compares no compute in orbit with compute on the ground", "one that"
        )
    return given.answer
