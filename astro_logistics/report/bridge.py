"""A bridge between two answers as a waterfall."""

from __future__ import annotations

from collections.abc import Mapping

from matplotlib.figure import Figure

COLORS = {"orbit": "C0", "ground": "C2", "boundary": "C1"}
"""Front of a bar's name -> its color."""


def plot(
    names: tuple[str, str], figure: str, start: float, end: float, bars: Mapping[str, float], least: float = 0.01
) -> Figure:
    """Waterfall from `start` to `end`: what adds, largest first, then what takes away; bars below `least` are one.

    Args:
        names: whose answers.
        figure: what is shown: "ratio", or a side in USD per kW and year.
        start, end: the two answers.
        bars: name -> what it adds.
        least: share of the sum of all bars' lengths below which a bar is put with others.
    """
    length = sum(abs(value) for value in bars.values())
    shown = {name: value for name, value in bars.items() if abs(value) >= least * length}
    rest = sum(bars.values()) - sum(shown.values())
    steps = sorted(shown.items(), key=lambda item: (item[1] < 0.0, -abs(item[1])))
    if len(shown) < len(bars):
        steps.append((f"{len(bars) - len(shown)} smaller changes", rest))
    drawn = Figure(figsize=(9.0, 0.34 * (len(steps) + 2) + 1.2), layout="constrained")
    axes = drawn.subplots()
    labels = [names[0], *(name for name, _ in steps), names[1]]
    axes.barh(0, start, color="0.35")
    axes.barh(len(labels) - 1, end, color="0.35")
    at, reached = start, [start, end]
    for row, (name, value) in enumerate(steps, start=1):
        color = COLORS.get(name.split(":", maxsplit=1)[0], "0.6")
        axes.barh(row, value, left=at, color=color)
        axes.plot([at, at], [row - 1, row], color="0.5", linewidth=0.7)
        at += value
        reached.append(at)
        axes.annotate(
            f"{value:+,.3g}", (max(at, at - value), row), textcoords="offset points", xytext=(4, 0), va="center", size=8
        )
    axes.plot([at, at], [len(labels) - 2, len(labels) - 1], color="0.5", linewidth=0.7)
    for row, value in ((0, start), (len(labels) - 1, end)):
        axes.annotate(f"{value:,.4g}", (value, row), textcoords="offset points", xytext=(4, 0), va="center", size=8)
    axes.set_yticks(range(len(labels)), labels)
    axes.invert_yaxis()
    low, high = min(0.0, *reached), max(reached)
    axes.set_xlim(low - 0.03 * (high - low) * (low < 0.0), high + 0.12 * (high - low))
    axes.grid(axis="x", alpha=0.3)
    axes.set_axisbelow(True)
    axes.set_xlabel("orbit over ground" if figure == "ratio" else f"{figure}, USD per kW and year")
    drawn.suptitle(f"From {names[0]} to {names[1]}, one bar per change")
    return drawn
