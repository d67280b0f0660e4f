"""Figures that answer statements about a future in space and are in no evaluation: ratios, shares, times."""

from __future__ import annotations

from collections.abc import Mapping

from astro_logistics.network import rocket_routes, vision_energy, vision_launch, vision_mars, vision_money, vision_moon
from astro_logistics.network.figures import Evaluation
from astro_logistics.network.scenario import Scenario
from astro_logistics.network.vision_energy import EnergyFigures
from astro_logistics.network.vision_launch import LaunchFigures
from astro_logistics.network.vision_mars import MarsFigures
from astro_logistics.network.vision_money import MoneyFigures
from astro_logistics.network.vision_moon import MoonFigures
from astro_logistics.pytree import Pytree


class VisionFigures(Pytree):
    """All of them, by subject."""

    energy: EnergyFigures
    launch: LaunchFigures
    mars: MarsFigures
    money: MoneyFigures
    moon: MoonFigures


_SUBJECTS = {
    "energy": vision_energy,
    "launch": vision_launch,
    "mars": vision_mars,
    "money": vision_money,
    "moon": vision_moon,
}
NEEDS: Mapping[str, tuple[str, ...]] = {
    f"{subject}.{name}": parts for subject, module in _SUBJECTS.items() for name, parts in module.NEEDS.items()
}
"""Path of a figure -> parts of the evaluation whose constraints it needs met."""


def vision(scenario: Scenario, evaluation: Evaluation) -> VisionFigures:
    """All figures of the vision; pure.

    Args:
        scenario: the scenario.
        evaluation: what `evaluate` makes of it.
    """
    up = rocket_routes.to_depot(scenario)
    return VisionFigures(
        energy=vision_energy.figures(scenario.civilization, scenario.bodies),
        launch=vision_launch.figures(scenario, evaluation, up),
        mars=vision_mars.figures(scenario, evaluation, up),
        money=vision_money.figures(scenario, evaluation),
        moon=vision_moon.figures(scenario, evaluation, up),
    )
