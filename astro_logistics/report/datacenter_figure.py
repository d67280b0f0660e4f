"""A data center in four panels: masses, sunlight to electricity, electricity to heat, temperatures in an eclipse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from astro_logistics.datacenter.figures import MASSES
from astro_logistics.datacenter.transient import Revolution

GAIN, LOSS, TOTAL = "#4c78a8", "#e45756", "#54a24b"


def plot(found: Mapping[str, float], over: Revolution, absorptivity: float, title: str = "") -> Figure:
    """Four panels.

    Args:
        found: the figures of `report.datacenter.figures`.
        over: temperatures over the revolution of the longest eclipse.
        absorptivity: of the array for sunlight.
        title: printed above.
    """
    figure = Figure(figsize=(13.0, 9.0), layout="constrained")
    masses, light, power, warmth = figure.subplots(2, 2).flat
    _masses(masses, found)
    _light(light, found, absorptivity)
    _power(power, found)
    _temperatures(warmth, over)
    if title:
        figure.suptitle(title)
    return figure


def _masses(axes: Axes, found: Mapping[str, float]) -> None:
    per_kw = {name: found[f"{name}_kg"] / found["compute_power_kw"] for name in MASSES}
    names = sorted(per_kw, key=lambda name: per_kw[name])
    axes.barh([name.removesuffix("_mass") for name in names], [per_kw[name] for name in names], color=GAIN)
    for y, name in enumerate(names):
        axes.annotate(f"{per_kw[name]:.3g}", (per_kw[name], y), textcoords="offset points", xytext=(4, 0), va="center")
    axes.set_xlabel("kg per kW of compute")
    axes.set_title(f"mass: {found['specific_mass_kg_per_kw']:.1f} kg/kW, {found['mass_kg'] / 1e3:.2f} t")
    axes.margins(x=0.12)
    axes.spines[["top", "right"]].set_visible(False)


def waterfall(axes: Axes, steps: Sequence[tuple[str, float, bool]]) -> None:
    """Bars that start where the last one ended; those marked as totals start at zero.

    Args:
        axes: where to draw.
        steps: (name, change or total, whether it is a total).
    """
    level = 0.0
    for x, (_, value, is_total) in enumerate(steps):
        bottom, top = (0.0, value) if is_total else (level, level + value)
        color = TOTAL if is_total else GAIN if value > 0.0 else LOSS
        axes.bar(x, top - bottom, bottom=bottom, color=color, width=0.7)
        axes.annotate(
            f"{value:,.1f}", (x, max(bottom, top)), textcoords="offset points", xytext=(0, 3), ha="center", fontsize=7
        )
        if x + 1 < len(steps):
            axes.plot([x + 0.35, x + 0.65], [top, top], color="0.5", linewidth=0.8)
        level = top
    axes.set_xticks(range(len(steps)), [name for name, _, _ in steps], fontsize=8)
    axes.set_ylabel("kW")
    axes.set_ylim(0.0, 1.12 * max(abs(value) for _, value, _ in steps))
    axes.spines[["top", "right"]].set_visible(False)


def _light(axes: Axes, found: Mapping[str, float], absorptivity: float) -> None:
    absorbed = found["array_heat_kw"] + found["array_power_kw"]
    steps = [
        ("sunlight\non the array", absorbed / absorptivity, True),
        ("reflected", absorbed - absorbed / absorptivity, False),
        ("radiated by\nthe array", -found["array_heat_kw"], False),
        ("electricity", found["array_power_kw"], True),
    ]
    waterfall(axes, steps)
    axes.set_title(f"sunlight to electricity, at the end of life; cells at {found['array_temperature_k']:.0f} K")


def _power(axes: Axes, found: Mapping[str, float]) -> None:
    stored = found["charging_power_kw"] - found["charging_loss_kw"]
    spare = found["array_power_kw"] - found["load_kw"] - found["charging_power_kw"]
    steps = [
        ("array", found["array_power_kw"], True),
        ("stored", -stored, False),
        ("spare" if spare >= 0.0 else "throttled", -spare, False),
        ("heat at the\nradiator", found["heat_kw"], True),
        ("servers", -found["compute_power_kw"], False),
        ("avionics", -found["fixed_power_kw"], False),
        ("conversion", -found["converter_loss_kw"], False),
        ("pumps", -found["pump_power_kw"], False),
        ("links", -found["link_power_kw"], False),
        ("charging", -found["charging_loss_kw"], False),
    ]
    waterfall(axes, [step for step in steps if abs(step[1]) > 1e-9])
    area = f"{found['radiator_area_m2']:.0f} m2 at {found['radiator_flux_w_per_m2']:.0f} W/m2"
    axes.set_title(f"electricity to heat, in sunlight; radiator {area}")


def _temperatures(axes: Axes, over: Revolution) -> None:
    minutes = np.asarray(over.time) / 60.0
    for label in ("junction", "coolant", "radiator", "array"):
        axes.plot(minutes, np.asarray(getattr(over, label)), label=label)
    dark = np.asarray(over.sunlight) < 0.5
    if dark.any():
        axes.axvspan(minutes[dark][0], minutes[dark][-1], color="0.9", zorder=0)
    axes.set_xlabel("minutes since the middle of the sunlit part, or three hours before the eclipse")
    axes.set_ylabel("K")
    coldest = float(np.min(np.asarray(over.coolant)))
    axes.set_title(f"temperatures through the longest eclipse; coolant down to {coldest:.0f} K")
    axes.legend(frameon=False, fontsize=8)
    axes.margins(x=0.0)
    axes.grid(alpha=0.3)
