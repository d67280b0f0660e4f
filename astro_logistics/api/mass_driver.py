"""The scenario's mass driver: what it throws, weighs and costs, and from what mass it beats the rocket."""

from __future__ import annotations

from dataclasses import dataclass

import jax
import numpy as np

from astro_logistics.api.checks import check_name
from astro_logistics.api.scenarios import SourcedScenario, evaluate_jitted
from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.launch.mass_driver.studies import Comparison, Studies, compare, recovery_needed
from astro_logistics.network import driver_machine as machine
from astro_logistics.network.driver_break_even import DESTINATIONS
from astro_logistics.pytree import leaves
from astro_logistics.report.columns import route_result
from astro_logistics.scenario import data_folder, load_scenario

_analyse = jax.jit(machine.analyse, static_argnums=1)
_TONNES_PER_YEAR = JULIAN_YEAR / 1e3


@dataclass(frozen=True)
class MassDriverResult:
    """The driver working for one destination, in the units its field names carry.

    NaN in a break-even mass: the driver never comes down to that cost. `residuals` are met at `<= 0`.
    """

    target: str
    muzzle_speed_m_per_s: float
    driven_length_m: float
    shot_time_s: float
    efficiency: float
    energy_mj_per_kg: float
    peak_power_mw: float
    waste_heat_mw: float
    radiator_area_m2: float
    speed_error: float
    shots_per_year: float
    payload_t_per_year: float
    limited_by: str
    cost_usd_per_kg: float
    energy_payback_hours: float
    masses_t: dict[str, float]
    costs_usd_per_kg: dict[str, float]
    delivery_cost_usd_per_kg: float
    earth_cost_usd_per_kg: float
    least_cost_usd_per_kg: float
    best_ratio: float
    break_even_t_per_year: float
    break_even_by_delivery: float
    break_even_by_local_fraction: float
    hundredfold_t_per_year: float
    yearly_masses_t: tuple[float, ...]
    curve_usd_per_kg: tuple[float, ...]
    delivery_costs_usd_per_kg: tuple[float, ...]
    local_fractions: tuple[float, ...]
    break_even_masses_t_per_year: tuple[tuple[float, ...], ...]
    hundredfold_masses_t_per_year: tuple[tuple[float, ...], ...]
    time_s: tuple[float, ...]
    power_mw: tuple[float, ...]
    acceleration_m_per_s2: tuple[float, ...]
    residuals: dict[str, float]
    converged: bool

    @property
    def violated(self) -> tuple[str, ...]:
        """Names of the constraints that the driver does not meet for this target."""
        return tuple(name for name, value in self.residuals.items() if not value <= 0.0)


def mass_driver(scenario: SourcedScenario, target: str = "escape") -> MassDriverResult:
    """The scenario's mass driver at work for `target`, and against the rocket from the Earth.

    Args:
        scenario: the scenario.
        target: "escape", "sso" or "mars".

    Raises:
        ScenarioError: no such target; the nearest is offered.
    """
    check_name("target", target, DESTINATIONS)
    evaluation = evaluate_jitted(scenario.model)
    route = route_result(evaluation.routes[f"moon-to-{target}"])
    throughput = float(evaluation.routes[f"moon-to-{target}"].throughput)
    specific_mass = throughput / float(evaluation.routes[f"moon-to-{target}"].datacenter_rate)
    found = _analyse(scenario.model, target, specific_mass)
    f, rocket = found.figures, found.against_rocket
    yearly = float(f.payload_rate) * JULIAN_YEAR
    return MassDriverResult(
        target=target,
        muzzle_speed_m_per_s=float(f.speed),
        driven_length_m=float(f.driven_length),
        shot_time_s=float(f.shot_time),
        efficiency=float(f.efficiency),
        energy_mj_per_kg=float(f.energy) / 1e6,
        peak_power_mw=float(f.peak_power) / 1e6,
        waste_heat_mw=float(f.waste_heat) / 1e6,
        radiator_area_m2=float(f.radiator_area),
        speed_error=float(f.speed_error),
        shots_per_year=float(f.shot_rate) * JULIAN_YEAR,
        payload_t_per_year=yearly / 1e3,
        limited_by=route.limited_by,
        cost_usd_per_kg=float(f.cost),
        energy_payback_hours=float(f.payback_time) / 3600.0,
        masses_t={name: float(x) / 1e3 for name, x in leaves(f.mass).items()},
        costs_usd_per_kg={name: float(x) / yearly for name, x in leaves(f.bill).items()},
        delivery_cost_usd_per_kg=float(found.delivery_cost),
        earth_cost_usd_per_kg=float(rocket.earth_cost),
        least_cost_usd_per_kg=float(rocket.least_cost),
        best_ratio=float(rocket.best_ratio),
        break_even_t_per_year=float(rocket.mass) * _TONNES_PER_YEAR,
        break_even_by_delivery=float(rocket.by_delivery),
        break_even_by_local_fraction=float(rocket.by_local),
        hundredfold_t_per_year=float(rocket.hundredfold_mass) * _TONNES_PER_YEAR,
        yearly_masses_t=machine.YEARLY_MASSES,
        curve_usd_per_kg=_floats(found.curve),
        delivery_costs_usd_per_kg=machine.DELIVERY_COSTS,
        local_fractions=machine.LOCAL_FRACTIONS,
        break_even_masses_t_per_year=tuple(_floats(row * _TONNES_PER_YEAR) for row in found.break_even_mass),
        hundredfold_masses_t_per_year=tuple(_floats(row * _TONNES_PER_YEAR) for row in found.hundredfold_mass),
        time_s=_floats(found.time),
        power_mw=_floats(found.power / 1e6),
        acceleration_m_per_s2=_floats(found.acceleration),
        residuals=route.residuals,
        converged=bool(np.isfinite(float(f.cost)) and np.all(np.isfinite(found.power))),
    )


def published_drivers() -> dict[str, list[Comparison]]:
    """Every published design of the catalogue: its figures beside what its own other figures give."""
    studies, _ = load_scenario(data_folder() / "collections" / "driver_studies.toml", Studies)
    found = {name: compare(study) for name, study in studies.studies.items()}
    for name, study in studies.studies.items():
        if study.sled_mass is not None and study.efficiency is not None:
            needed = recovery_needed(study, float(study.efficiency))
            rests_on = ("power", "efficiency", "sled_mass", "shot_mass", "shot_interval", "speed")
            found[name].append(Comparison("braking_recovery", float("nan"), needed, rests_on))
    return found


def _floats(x: object) -> tuple[float, ...]:
    return tuple(float(v) for v in np.asarray(x))
