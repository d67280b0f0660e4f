"""The figure of an ascent, drawn from a made-up trajectory: what it shows, and what it says when there is none."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from astro_logistics.launch.ascent import AscentResult, Losses, Trajectory
from astro_logistics.report import ascent


def result() -> AscentResult:
    """Three phases, the second of no length: time 0 to 10, 10, 10 to 40 s."""
    ramp = jnp.linspace(0.0, 1.0, 5)
    time = jnp.stack([10.0 * ramp, 10.0 + 0.0 * ramp, 10.0 + 30.0 * ramp])
    q = 30e3 * jnp.exp(-(((time - 20.0) / 8.0) ** 2))
    others = [time * k for k in (1e3, 2e3, 100.0, 110.0, 0.0, 1.0)]
    trajectory = Trajectory(time, *others, q, time / 10.0, 1e5 - time)
    losses = Losses(*jnp.zeros(6))
    numbers = jnp.asarray([1234.0, 9e3, 30e3, 40.0])
    return AscentResult({}, trajectory, losses, jnp.zeros(4), *numbers, converged=jnp.asarray(True))


def test_panels():
    one = result()
    figure = ascent.plot(one, "Test")
    assert figure.get_suptitle() == "Test: payload 1.23 t"
    altitude, speed, acceleration, pressure = figure.axes
    np.testing.assert_allclose(altitude.lines[0].get_ydata()[-1], 40.0)  # 40 s at 1 km/s
    np.testing.assert_allclose(
        np.max(pressure.lines[0].get_ydata()), float(jnp.max(one.trajectory.dynamic_pressure)) / 1e3
    )
    np.testing.assert_allclose(acceleration.lines[0].get_ydata()[-1], 40.0 / 9.80665)
    assert [t.get_text() for t in speed.get_legend().get_texts()] == ["inertial", "over ground"]
    assert len(altitude.lines) == 2  # the curve and the mark of one burnout: an empty phase leaves none
    figure.canvas.draw()


def test_no_ascent():
    nothing = jax.tree.map(lambda x: x * jnp.nan if x.dtype == jnp.float64 else x, result())
    figure = ascent.plot(nothing)
    assert figure.get_suptitle() == "no ascent found"
    figure.canvas.draw()
