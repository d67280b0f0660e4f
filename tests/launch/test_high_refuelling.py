"""Refilling in a long orbit: masses followed by hand, the balance integrated, limits by name, derivatives."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import solve_ivp

from astro_logistics.constants import DAY, STANDARD_GRAVITY
from astro_logistics.launch import high_refuelling as high
from astro_logistics.launch import refuelling
from astro_logistics.launch.depot import Depot, tanker_flights
from astro_logistics.launch.vehicle import Stage
from astro_logistics.pytree import replace_at

C = 365 * STANDARD_GRAVITY


def numbers(*values: float) -> tuple[jax.Array, ...]:
    return tuple(jnp.asarray(x, jnp.float64) for x in values)


SHIP = Stage(*numbers(1.0, 170e3, 1600e3, 35e3, 15.8e6, 365.0, 365.0, 0.4))
DEPOT = Depot(*numbers(300e3, 0.5, 1e-3 / DAY, 0.05, 5 * DAY))
MISSION = refuelling.Mission(*numbers(6110.0, 2790.0, 35e3, 12 * DAY, 1.0))
PAYLOAD, LOAD, BOOST = numbers(85e3, 85e3, 2500.0)


@jax.jit
def figures(ship: Stage, depot: Depot, payload, load, mission, boost) -> jax.Array:
    found = high.refuel_high(ship, depot, payload, load, mission, boost)
    return jnp.stack([found.tankers, found.high_tankers, found.propellant, found.arriving, found.delivered])


def test_masses_by_hand_without_boil_off():
    dry = replace_at(DEPOT, {"boil_off_rate": jnp.float64(0.0)})
    tankers, count, wanted, arriving, delivered = (float(x) for x in figures(SHIP, dry, PAYLOAD, LOAD, MISSION, BOOST))
    ratio = np.exp(2500 / C)
    assert arriving == pytest.approx((170e3 + 85e3 + 1600e3) / ratio - 255e3, rel=1e-12)
    assert delivered == pytest.approx(0.95 * ((170e3 + 1600e3) / ratio - 205e3), rel=1e-12)
    kept = (170e3 + 1 + 35e3) * np.exp(2790 / C) - 170e3 - 1
    end = 170e3 + 1 + 85e3 + kept
    assert wanted == pytest.approx(end * np.expm1(3610 / C) + kept, rel=1e-12)
    assert count == pytest.approx((wanted - arriving) / delivered, rel=1e-12)
    each = 1.0 + (1600e3 - 85e3) / (85e3 * 0.95)
    assert tankers == pytest.approx(1600e3 / (85e3 * 0.95) + count * each, rel=1e-12)


def test_balance_in_the_long_orbit_integrated():
    _, count, wanted, arriving, delivered = (float(x) for x in figures(SHIP, DEPOT, PAYLOAD, LOAD, MISSION, BOOST))
    each = 1.0 + float(tanker_flights(DEPOT, SHIP.propellant_mass - LOAD, LOAD))
    time = each * 5 * DAY
    run = solve_ivp(
        lambda _, m: delivered / time - 1e-3 / DAY * m, (0.0, count * time), [arriving], rtol=1e-11, atol=1e-6
    )
    assert run.y[0, -1] == pytest.approx(wanted, rel=1e-9)  # scipy at 1e-11


def test_no_boost_is_a_second_filling_at_the_depot(rng: np.random.Generator):
    # with no boost nothing is burnt before the second filling: the ship arrives full, and can ask for no more
    found = high.refuel_high(SHIP, DEPOT, PAYLOAD, LOAD, MISSION, jnp.float64(0.0))
    assert float(found.arriving) == pytest.approx(1600e3, rel=1e-14)
    assert float(found.residuals[refuelling.FITS]) > 0
    # the more of the way is behind it, the less must be aboard
    boosts = jnp.asarray(np.sort(rng.uniform(500, 3000, 20)))
    wanted = jax.vmap(figures, in_axes=(None, None, None, None, None, 0))(SHIP, DEPOT, PAYLOAD, LOAD, MISSION, boosts)
    assert bool(jnp.all(jnp.diff(wanted[:, 2]) < 0))
    assert bool(jnp.all(jnp.diff(wanted[:, 4]) < 0))  # and the less a tanker has left to give


def test_limits_have_names():
    found = high.refuel_high(SHIP, DEPOT, PAYLOAD, LOAD, MISSION, BOOST)
    assert all(float(r) < 0 for r in found.residuals.values())
    short = replace_at(MISSION, {"delta_v_out": jnp.float64(3000.0), "delta_v_back": jnp.float64(100.0)})
    easy = high.refuel_high(SHIP, DEPOT, PAYLOAD, LOAD, short, BOOST)
    assert float(easy.residuals[high.NEEDED]) > 0
    assert float(easy.high_tankers) < 0
    far = high.refuel_high(SHIP, DEPOT, PAYLOAD, LOAD, MISSION, jnp.float64(9000.0))
    assert float(far.residuals[high.ARRIVES]) > 0
    boiling = high.refuel_high(
        SHIP, replace_at(DEPOT, {"boil_off_rate": jnp.float64(8e-3 / DAY)}), PAYLOAD, LOAD, MISSION, BOOST
    )
    assert float(boiling.residuals[high.HIGH_OUTRUNS]) > 0
    assert np.isnan(float(high.refuel_high(SHIP, DEPOT, jnp.float64(np.nan), LOAD, MISSION, BOOST).tankers))


def test_derivatives(jacobians):
    jacobians(figures, SHIP, DEPOT, PAYLOAD, LOAD, MISSION, BOOST)


def test_jit_and_vmap_agree():
    loads = LOAD * jnp.asarray([1.0, 1.2, 1.5])
    mapped = jax.vmap(figures, in_axes=(None, None, None, 0, None, None))(SHIP, DEPOT, PAYLOAD, loads, MISSION, BOOST)
    loop = np.stack([figures(SHIP, DEPOT, PAYLOAD, x, MISSION, BOOST) for x in loads])
    np.testing.assert_allclose(mapped, loop, rtol=1e-12)  # rounding
    with jax.disable_jit():
        np.testing.assert_allclose(figures(SHIP, DEPOT, PAYLOAD, loads[0], MISSION, BOOST), loop[0], rtol=1e-12)
