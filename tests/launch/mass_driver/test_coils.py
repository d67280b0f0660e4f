"""Coils: force and loss against a simulation coil by coil, published analogues, derivatives of the efficiency."""

from __future__ import annotations

from collections.abc import Callable

import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.launch import mass_driver as drivers
from astro_logistics.launch.mass_driver import coils as windings
from astro_logistics.launch.mass_driver.inductance import inductance_gradient, mutual_inductance
from astro_logistics.pytree import leaves, replace_at

Make = Callable[..., drivers.MassDriver]


def test_passing_the_coils_one_by_one(make_with_coils: Make):
    # a sled of steady current past fifty coils at a rising speed: force, heat and field energy summed over time
    case = make_with_coils(drive_width=1e-3, drive_length=1e-3, sled_width=1e-3, sled_length=1e-3)
    coils, pitch, reach = case.coils, 0.5, 0.8
    force = 200e3
    current = float(windings.drive_current(coils, jnp.asarray(pitch), jnp.asarray(force)))
    assert current == pytest.approx(force * pitch / (2e6 * float(windings.coupling(coils))), rel=1e-15)
    step = pitch / 400
    near = step * np.arange(-640, 640) + step / 2  # places of the sled about a coil, within the reach
    pulse = -current * np.sin(np.pi * near / reach)
    push = pulse * 2e6 * np.asarray(inductance_gradient(0.5, 0.35, near))
    resistance = float(windings.ring_resistance(coils, case.radiator.temperature))
    work, heat = np.zeros(400 * 60), 0.0
    for k in range(2, 52):  # coils at k pitches from where the sled starts
        at = 400 * k + np.arange(-640, 640)
        work[at] += push
        heat += np.sum(pulse**2 * resistance * step / np.sqrt(2.0 * 1000.0 * (5.0 + (at + 0.5) * step)))  # dt = dx / v
    inside = work[400 * 4 : 400 * 49]  # a whole number of pitches, where all coils in reach are there
    assert np.mean(inside) == pytest.approx(force, rel=1e-5)  # the steps against Gauss points
    assert np.min(inside) > 0.5 * force  # ripple
    by_time, _ = windings.costs_per_squared_force(coils, jnp.asarray(pitch), case.radiator.temperature)
    time = (np.sqrt(5.0 + 51.5 * pitch) - np.sqrt(5.0 + 1.5 * pitch)) * np.sqrt(2.0 / 1000.0)
    assert heat == pytest.approx(float(by_time) * force**2 * time, rel=2e-3)  # the speed changes during a pulse


def test_sections_and_quadrature(make_with_coils: Make):
    # four filaments and sixteen points against nine times nine filaments and sixty-four points
    coils = make_with_coils().coils
    u, w = np.polynomial.legendre.leggauss(64)
    u, w = 0.4 * (u + 1), 0.4 * w
    t, q = np.polynomial.legendre.leggauss(9)
    r1, x1 = (v.ravel() for v in np.meshgrid(0.5 + 0.05 * t, 0.1 * t, indexing="ij"))
    r2, x2 = (v.ravel() for v in np.meshgrid(0.35 + 0.025 * t, 0.1 * t, indexing="ij"))
    weight = np.outer(q / 2, q / 2).ravel()
    away = u[:, None, None] + x2[None, None, :] - x1[None, :, None]
    gradient = np.asarray(inductance_gradient(r1[None, :, None], r2[None, None, :], away))
    mean = np.einsum("i,j,k,ijk->", w * np.sin(np.pi * u / 0.8), weight, weight, gradient)
    assert float(windings.coupling(coils)) == pytest.approx(-2 * mean, rel=3e-4)  # as the docstring says


def test_work_is_the_change_of_flux():
    # at constant currents the work from a to b is i1 i2 (M(b) - M(a)), however the gradient is made
    x = np.linspace(0.1, 0.9, 20_001)
    slope = np.asarray(inductance_gradient(0.5, 0.4, x))
    work = np.sum((slope[1:] + slope[:-1]) / 2) * (x[1] - x[0])
    change = mutual_inductance(0.5, 0.4, np.array([0.1, 0.9]))
    assert work == pytest.approx(float(change[1] - change[0]), rel=1e-7)  # of the trapezia


def test_efficiency_by_hand(make_with_coils: Make):
    case, v = make_with_coils(), 2400.0
    heating, building = windings.costs_per_squared_force(case.coils, case.coil_pitch, case.radiator.temperature)
    force, kinetic = 200.0 * 1000.0, 100.0 * v**2
    heat, built = float(heating) * force**2 * v / 1000.0, float(building) * force**2 * v**2 / 2000.0
    terminals = kinetic / 0.98 + heat
    expected = 0.95 * kinetic / (terminals + 0.01 * (terminals + built))
    assert float(drivers.drive_efficiency(case, v)) == pytest.approx(expected, rel=1e-13)
    # with neither resistance, switching loss nor slip only the supply loses
    ideal = make_with_coils(resistivity=0.0, switch_loss=0.0, slip=0.0)
    assert float(drivers.drive_efficiency(ideal, v)) == pytest.approx(0.95, rel=1e-14)


def test_what_efficiency_goes_with(make_with_coils: Make):
    v = 2400.0
    loss = lambda case: 1.0 / float(drivers.drive_efficiency(case, v)) - 1.0  # noqa: E731
    pure = {"switch_loss": 0.0, "slip": 0.0, "supply_efficiency": 1.0}
    reference = loss(make_with_coils(**pure))
    # half the acceleration on twice the track: half the heat; twice the sled's current: a quarter
    slower = make_with_coils({"acceleration": 500.0, "track_length": 6000.0}, **pure)
    assert loss(slower) == pytest.approx(reference / 2, rel=1e-12)
    assert loss(make_with_coils(sled_current=4e6, **pure)) == pytest.approx(reference / 4, rel=1e-12)
    # hotter radiators, warmer coils
    hot = make_with_coils({"radiator.temperature": 450.0}, **pure)
    warmer = (1 + 4e-3 * (450 + 20 - 293.15)) / (1 + 4e-3 * (350 + 20 - 293.15))
    assert loss(hot) == pytest.approx(reference * warmer, rel=1e-12)
    # slower shots from the same coils are less efficient: the same heat per second, for less
    assert float(drivers.drive_efficiency(make_with_coils(), 1700.0)) < float(
        drivers.drive_efficiency(make_with_coils(), v)
    )


def test_windings_weigh_what_their_copper_weighs(make_with_coils: Make):
    case = make_with_coils()
    ring = 2700.0 * 0.6 * 0.1 * 0.2 * 2 * np.pi * 0.5
    brake = 2400.0**2 / 6000.0
    assert float(drivers.system_mass(case, 2400.0).windings) == pytest.approx(ring / 0.5 * (3000.0 + brake), rel=1e-14)


def test_derivatives(make_with_coils: Make, jacobians: Callable[..., None]):
    case = make_with_coils({"taper": 0.3})
    names = ("coil_pitch", "shot_mass", "acceleration", "taper", "radiator.temperature")
    picked = {name: leaves(case)[name] for name in names}

    def figures(coils: drivers.Coils, values: dict) -> jnp.ndarray:
        at = replace_at(case, values | {f"coils.{k}": v for k, v in leaves(coils).items()})
        return jnp.stack([drivers.drive_efficiency(at, 2200.0)])

    jacobians(figures, case.coils, picked)
