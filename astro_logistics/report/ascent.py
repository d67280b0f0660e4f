"""An ascent over time: altitude, speed, acceleration and dynamic pressure, stage by stage."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from astro_logistics.constants import STANDARD_GRAVITY
from astro_logistics.launch.ascent import AscentResult


def plot(result: AscentResult, title: str = "") -> Figure:
    """Four panels over time since liftoff; a dashed line wherever something burns out, the phases in two shades.

    Args:
        result: of one vehicle, converged or not (a trajectory of NaN gives empty panels that say so).
        title: printed above, with the payload.
    """
    t = result.trajectory
    figure = Figure(figsize=(9.0, 6.5), layout="constrained")
    panels = figure.subplots(2, 2, sharex=True)
    curves = (
        ("altitude, km", [(np.asarray(t.altitude) / 1e3, "")]),
        ("speed, km/s", [(np.asarray(t.inertial_speed) / 1e3, "inertial"), (np.asarray(t.speed) / 1e3, "over ground")]),
        ("acceleration felt, g", [(np.asarray(t.acceleration) / STANDARD_GRAVITY, "")]),
        ("dynamic pressure, kPa", [(np.asarray(t.dynamic_pressure) / 1e3, "")]),
    )
    time = np.asarray(t.time)
    flown = time[:, -1] > time[:, 0]  # a phase of no length only fills the list
    burnouts = time[flown, -1]
    for axes, (label, lines) in zip(panels.flat, curves, strict=True):
        for k, (values, name) in enumerate(lines):
            axes.plot(time[flown].ravel(), values[flown].ravel(), color=f"C{k}", label=name or None)
        for burnout in burnouts[1:]:  # the first is the end of the pitch kick
            axes.axvline(burnout, color="0.5", linewidth=0.8, linestyle="--")
        axes.set_ylabel(label)
        axes.grid(alpha=0.3)
        axes.set_ylim(bottom=0.0)
        axes.margins(x=0.0)
    panels[0, 1].legend(frameon=False)
    for axes in panels[1]:
        axes.set_xlabel("time since liftoff, s")
    if burnouts.size:
        peak = int(np.argmax(np.asarray(t.dynamic_pressure)[flown].ravel()))
        top = float(np.asarray(t.dynamic_pressure)[flown].ravel()[peak]) / 1e3
        panels[1, 1].annotate(
            f"{top:.1f} kPa", (float(time[flown].ravel()[peak]), top), textcoords="offset points", xytext=(8, -4)
        )
        state = f"payload {float(result.payload) / 1e3:,.2f} t"
    else:
        state = "no ascent found"
    figure.suptitle(f"{title}: {state}" if title else state)
    return figure
