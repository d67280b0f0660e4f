"""Figures that answer statements about a future in space and are in no evaluation: ratios, shares, times."""

from __future__ import annotations

from collections.abc import Mapping

from astro_logistics.network import vision_money
from astro_logistics.network.figures import Evaluation
from astro_logistics.network.scenario import Scenario
from astro_logistics.network.vision_money import MoneyFigures
from astro_logistics.pytree import Pytree


class VisionFigures(Pytree):
    """All of them, by subject."""

    money: MoneyFigures


NEEDS: Mapping[str, tuple[str, ...]] = {
    f"{subject}.{name}": parts for subject, needs in (("money", vision_money.NEEDS),) for name, parts in needs.items()
}
"""Path of a figure -> parts of the evaluation whose constraints it needs met."""


def vision(scenario: Scenario, evaluation: Evaluation) -> VisionFigures:
    """All figures of the vision; pure.

    Args:
        scenario: the scenario.
        evaluation: what `evaluate` makes of it.
    """
    return VisionFigures(money=vision_money.figures(scenario, evaluation))
