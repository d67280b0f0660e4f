"""Electric tugs on their spirals: shadow by brute force, NASA's cargo tug, tugs against refilled ships."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.api.scenarios import read
from astro_logistics.astro import edelbaum, sunlight
from astro_logistics.constants import DAY
from astro_logistics.launch.tug import Tug, one_way
from astro_logistics.network.scenario import Scenario
from astro_logistics.network.tug_routes import spiral_sunlit_fraction, tug_routes
from astro_logistics.pytree import get, replace_at

TUG = Tug(*(jnp.asarray(x) for x in (400e3, 2800.0, 0.6, 8000.0, 0.1, 0.15)))
LIFTED, POLAR = 85e3, 70e3

evaluate = jax.jit(tug_routes)


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return jax.tree.map(jnp.asarray, read()[0])


@pytest.fixture(scope="module")
def found(scenario: Scenario):
    return evaluate(scenario, TUG, LIFTED, POLAR)


def test_shadow_of_a_spiral_against_quadrature(scenario):
    earth = scenario.bodies.earth
    r1, r2, i1 = float(earth.radius) + 300e3, 42164e3, 0.4974
    whole = float(edelbaum.edelbaum(earth.mu, r1, r2, i1))

    @jax.jit
    def dark(dv):
        at = edelbaum.along_spiral(earth.mu, r1, r2, -i1, dv)
        return 1.0 / sunlight.precessing_sunlit_fraction(earth.radius, at.r, i1 - at.plane_change, earth.obliquity)

    exact = whole / np.trapezoid(dark(np.linspace(0.0, whole, 201)), dx=whole / 200)
    found = float(spiral_sunlit_fraction(earth, r1, r2, i1, 0.0))
    assert found == pytest.approx(exact, rel=2e-4)  # eight nodes; eclipses of high orbits come and go
    assert 0.7 < found < 0.95  # a third dark at the start, a hundredth at the end


def test_cargo_tug_of_nasa():
    # Hybrid Propellant Module study (NASA 2002): eight 50 kW ion thrusters bring 36 t from low orbit to EML1 in 270 d.
    # Specific impulse, efficiency and mass of the tug are not in the abstract: 3,300 s, 0.65 and 20 kg/kW are taken.
    tug = Tug(*(jnp.asarray(x) for x in (400e3, 3300.0, 0.65, 8000.0, 0.1, 0.0)))
    trip = one_way(tug, 36e3, 6.9e3, 0.85)
    assert float(trip.outbound_time) / DAY == pytest.approx(270.0, rel=0.2)


def test_figures(found):
    print()
    for each in found.values():
        print(
            f"{each.name:14} dv {each.delta_v:6.0f} m/s  sunlit {each.sunlit_fraction:.3f}  payload new tug "
            f"{each.payload_expended / 1e3:5.1f} t, reused {each.payload_reused / 1e3:5.1f} t  propellant "
            f"{each.propellant / 1e3:5.1f} t  out {each.transit_time / DAY:.0f} d, cycle {each.cycle_time / DAY:.0f} d"
        )
    geo, moon, sso = (found[name] for name in ("geo", "moon-distance", "sso"))
    assert float(geo.delta_v) == pytest.approx(5940, rel=0.01)  # Edelbaum, 300 km and 28.5 deg
    # spirals from low orbit to the Moon: circular speeds' difference, 7.73 - 1.02
    assert float(moon.delta_v) == pytest.approx(6710, rel=0.01)
    assert 200 < float(sso.delta_v) < 350
    for each in found.values():
        assert all(float(r) < 0 for r in each.residuals.values())
        # what is lifted is what flies: payload, propellant and its tanks
        assert float(each.payload_reused + 1.1 * each.propellant) == pytest.approx(
            POLAR if each.name == "sso" else LIFTED, rel=1e-12
        )
        assert float(each.payload_expended) < float(each.payload_reused) or each.name != "sso"


def test_more_mass_per_flight_than_refilled_ships(found):
    # One flight in 9 carries cargo to GEO where ships are refilled (85 t over 1 + 7.6 flights: 10 t per flight); a tug
    # brings most of every flight, months later.
    assert float(found["geo"].payload_reused) > 5 * 10e3
    assert float(found["geo"].transit_time) > 100 * DAY


def test_derivatives(scenario, rng: np.random.Generator):
    def vector(s: jax.Array) -> jax.Array:
        tug = jax.tree.unflatten(jax.tree.structure(TUG), [x * (1 + s[i]) for i, x in enumerate(jax.tree.leaves(TUG))])
        changed = replace_at(
            scenario,
            {name: get(scenario, name) * (1 + s[i]) for i, name in ((6, "depot.altitude"), (7, "depot.inclination"))},
        )
        table = tug_routes(changed, tug, LIFTED * (1 + s[8]), POLAR)
        chosen = [table[name] for name in ("geo", "moon-distance")]
        return jnp.log(jnp.stack([x for t in chosen for x in (t.cycle_time, t.payload_reused, t.payload_expended)]))

    @jax.jit
    def all_of(s: jax.Array, along: jax.Array, weights: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        value, slope = jax.jvp(vector, (s,), (along,))
        return value, slope, jax.vjp(vector, s)[1](weights)[0]

    zero, h, weights = np.zeros(9), 1e-5, rng.normal(size=6)
    for along in np.eye(9):
        _, slope, gradient = all_of(zero, along, weights)
        high, low = all_of(h * along, along, weights)[0], all_of(-h * along, along, weights)[0]
        np.testing.assert_allclose(slope, (high - low) / (2 * h), rtol=1e-6, atol=1e-7)  # steps: 1e-10, rounding 1e-11
        np.testing.assert_allclose(gradient @ along, slope @ weights, rtol=1e-8, atol=1e-10)  # another order of sums
        assert np.any(slope != 0)  # every input counts
