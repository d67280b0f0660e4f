"""Temperatures through an eclipse: the steady limit, an independent integration, the balance of heat."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads
from scipy.integrate import solve_ivp

from astro_logistics.datacenter import DataCenter, Environment, Satellite, satellite, transient
from astro_logistics.datacenter.transient import Revolution
from astro_logistics.pytree import replace_at

revolution = jax.jit(transient.revolution)


@pytest.fixture(scope="module")
def sized(plausible: DataCenter, sso_650: Environment) -> Satellite:
    return jax.jit(satellite.size)(plausible, sso_650)


@pytest.fixture(scope="module")
def found(plausible: DataCenter, sso_650: Environment, sized: Satellite) -> Revolution:
    return revolution(plausible, sso_650, sized)


def test_against_scipy(plausible: DataCenter, sso_650: Environment, sized: Satellite, found: Revolution):
    # the balances written out once more in numpy, from the parts' numbers, and integrated by an implicit method
    d = jax.tree.map(float, plausible)
    e, s = jax.tree.map(lambda x: np.asarray(x).tolist(), sso_650), jax.tree.map(float, sized)
    r, a, sigma = d.radiator, d.array, 5.670374419184431e-8
    white = r.aged_absorptivity + (r.absorptivity - r.aged_absorptivity) * np.exp(-d.design_life / r.aging_time)
    met = e.particles.cell_fluence_rate + a.fluence_rate * e.particles.solar_particles
    fluence = met * d.design_life / a.damage_fluence
    aged = np.exp(-a.degradation_rate * d.design_life) * (1 - a.damage_coefficient * np.log10(1 + fluence))

    def rates(t: float, y: np.ndarray) -> list[float]:
        junction, coolant, tubes, cells = y
        off = abs(t % e.period - e.period / 2)
        lit = 0.5 * (1 - np.tanh((e.longest_eclipse / 2 - off) / 5.0))
        carried = lit + d.eclipse_load_fraction * (1 - lit)
        chips = s.compute_power * (junction - coolant) / (d.server.chip_resistance * d.server.chip_power)
        film = r.film_conductance * s.radiator_area * (coolant - tubes)
        m = np.sqrt(8 * r.open_fraction * r.emissivity * sigma * tubes**3 / (r.fin_conductivity * r.fin_thickness))
        fin = np.tanh(m * r.tube_spacing / 2) / (m * r.tube_spacing / 2)
        out = 2 * r.emissivity * sigma * (tubes**4 - (1 - r.open_fraction) * cells**4)
        out -= 2 * r.open_fraction * (r.emissivity * e.infrared_flux + white * e.albedo_flux)
        out -= white * r.sun_exposure * e.solar_flux * lit
        power = e.solar_flux * lit * a.cell_efficiency * a.packing_fraction * a.pointing_factor * aged
        power *= 1 - a.temperature_coefficient * (cells - 301.15)
        gain = a.absorptivity * (e.solar_flux * a.pointing_factor * lit + e.array_front_albedo_flux) - power
        gain += a.back_emissivity * e.array_back_albedo_flux
        gain += (a.front_emissivity + a.back_emissivity) * (e.array_infrared_flux - sigma * cells**4)
        loop = 0.5 * s.loop_mass * (d.loop.specific_heat + 900.0)
        rest = (s.load - s.compute_power) * carried + s.charging_loss * lit
        return [
            (s.compute_power * carried - chips) / (700.0 * (s.server_mass + s.shield_mass)),
            (chips + rest - film) / loop,
            (film - s.radiator_area * fin * out) / (900.0 * s.radiator_mass),
            gain * s.array_area / (800.0 * s.array_mass),
        ]

    start = [float(x[0]) for x in (found.junction, found.coolant, found.radiator, found.array)]
    solved = solve_ivp(
        rates,
        (0.0, e.period),
        start,
        method="LSODA",
        rtol=1e-8,
        atol=1e-8,
        max_step=20.0,
        t_eval=np.asarray(found.time),
    )
    ours = np.stack([found.junction, found.coolant, found.radiator, found.array])
    np.testing.assert_allclose(ours, solved.y, atol=2e-4)  # tolerances of both, 1e-7 of 300 K over a revolution


def test_periodic(found: Revolution):
    for temperature in (found.junction, found.coolant, found.radiator, found.array):
        assert float(temperature[0]) == pytest.approx(float(temperature[-1]), abs=0.05)  # three revolutions forget
    # in the middle of the sunlit part the chips are where the steady closure has them
    assert float(jnp.max(found.sunlight)) == pytest.approx(1.0, abs=1e-6)
    assert float(jnp.min(found.sunlight)) == pytest.approx(0.0, abs=1e-6)
    # a bare array cools within minutes, the servers within a quarter of an hour
    assert float(jnp.min(found.array)) < 220.0
    assert 15.0 < float(jnp.max(found.junction) - jnp.min(found.junction)) < 80.0


def test_steady_limit(plausible: DataCenter, surroundings: Callable[..., Environment]):
    # without shadow everything stays where the steady closure has it; the coolant's mean replaces its run along the
    # panel, which is worth 0.1 K
    free = surroundings(period=5863.0)
    s = jax.jit(satellite.size)(plausible, free)
    r = revolution(plausible, free, s)
    assert float(r.array[-1]) == pytest.approx(float(s.array_temperature), abs=1e-4)
    assert float(r.coolant[-1]) == pytest.approx(float(plausible.radiator.temperature), abs=0.15)
    mean = float(s.junction_temperature) - 0.5 * float(plausible.loop.temperature_rise)
    assert float(r.junction[-1]) == pytest.approx(mean, abs=0.15)


def test_derivatives(plausible: DataCenter, sso_650: Environment, sized: Satellite):
    # of the balances that are integrated, by the temperatures, the light and the panel's emissivity
    held = transient.capacities(plausible, sized)
    sizes = jnp.asarray([365.0, 330.0, 328.0, 320.0, 1.0, 0.9])

    @jax.jit
    def f(s):
        x = sizes * s
        design = replace_at(plausible, {"radiator.emissivity": x[5]})
        return 100.0 * transient.rates(design, sso_650, sized, held, x[4], x[:4])

    # central differences of 1e-4: the fourth power of 330 K bends by 1e-7 of it
    check_grads(f, (jnp.ones(6),), 1, modes=("fwd", "rev"), eps=1e-4, atol=1e-4, rtol=1e-6)
