"""Rockets: a textbook launcher, round trips, a scalar root finder, derivatives of the payload to every leaf."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.optimize import brentq

from astro_logistics.constants import STANDARD_GRAVITY
from astro_logistics.launch import rocket
from astro_logistics.pytree import leaves, replace_at

NAN = jnp.asarray(jnp.nan)


def stage(dry, propellant, reserve, isp) -> rocket.Stage:
    return rocket.Stage(*(jnp.asarray(x, jnp.float64) for x in (dry, propellant, reserve, isp)))


def vehicle(booster: rocket.Stage, ship: rocket.Stage, fairing=0.0) -> rocket.Vehicle:
    rest = (fairing, 1500.0, 3.6, 50.0e6, 0.45)
    return rocket.Vehicle(booster, ship, *(jnp.asarray(x, jnp.float64) for x in rest))


@pytest.fixture
def starship() -> rocket.Vehicle:
    """Of that class; round numbers, no zero leaf."""
    return vehicle(stage(250e3, 3650e3, 200e3, 340.0), stage(130e3, 1600e3, 30e3, 370.0), fairing=1e3)


def random_vehicles(rng: np.random.Generator, n: int) -> rocket.Vehicle:
    """Two-stage rockets from 100 kg to 10,000 t, n of each leaf."""
    size = 10.0 ** rng.uniform(2, 7, n)
    upper = size * rng.uniform(0.05, 0.5, n)
    booster = stage(
        size * rng.uniform(0.05, 0.15, n), size, size * rng.uniform(0.0, 0.1, n), isp=rng.uniform(230.0, 450.0, n)
    )
    ship = stage(
        upper * rng.uniform(0.04, 0.15, n), upper, upper * rng.uniform(0.0, 0.1, n), isp=rng.uniform(300.0, 460.0, n)
    )
    made = vehicle(booster, ship, fairing=size * rng.uniform(0.0, 0.01, n))
    return jax.tree.map(lambda x: jnp.broadcast_to(x, (n,)), made)


# ---- published


CURTIS_G = 9.81
"""Curtis' sea-level gravity; his specific impulses are scaled by it."""


def test_curtis_three_stages():
    # Curtis, Orbital Mechanics (3rd ed.), section 11.6, optimal three-stage rocket: 5 t to 10 km/s with isp 400, 350,
    # 300 s and structural ratios 0.1, 0.15, 0.2; step masses 165,700, 18,070, 2,477 kg, mass ratios 4.541, 2.507, 1.361
    total = 0.0
    carried = 5000.0
    for step, ratio, isp, structure in (
        (2477.0, 1.361, 300.0, 0.2),
        (18070.0, 2.507, 350.0, 0.15),
        (165700.0, 4.541, 400.0, 0.1),
    ):
        start, end = carried + step, carried + structure * step
        assert start / end == pytest.approx(ratio, abs=1e-3)  # printed digits
        total += float(rocket.delta_v(isp * CURTIS_G / STANDARD_GRAVITY, start, end))
        carried = start
    assert carried == pytest.approx(191_200.0, rel=1e-3)  # printed to four digits
    assert total == pytest.approx(10_000.0, rel=3e-4)  # masses printed to four digits


def test_curtis_payload_of_the_upper_two():
    scale = CURTIS_G / STANDARD_GRAVITY
    made = vehicle(
        stage(0.15 * 18070.0, 0.85 * 18070.0, 0.0, 350.0 * scale), stage(0.2 * 2477.0, 0.8 * 2477.0, 0.0, 300.0 * scale)
    )
    dv = 350.0 * CURTIS_G * np.log(2.507) + 300.0 * CURTIS_G * np.log(1.361)
    assert float(rocket.payload(made, dv)) == pytest.approx(5000.0, rel=2e-3)  # mass ratios printed to four digits


def test_tsiolkovsky_by_hand():
    # e-fold of mass: the exhaust speed; 300 s is 2,941.995 m/s at standard gravity
    assert float(rocket.delta_v(300.0, np.e, 1.0)) == pytest.approx(2941.995, rel=1e-15)
    assert float(rocket.propellant_for(300.0, 1.0, 2941.995)) == pytest.approx(np.e - 1, rel=1e-15)


# ---- invariants


def test_propellant_and_delta_v_are_inverse(rng: np.random.Generator):
    isp, end, dv = rng.uniform(200, 500, 5000), 10.0 ** rng.uniform(0, 7, 5000), 10.0 ** rng.uniform(-3, 4, 5000)
    start = end + np.asarray(rocket.propellant_for(isp, end, dv))
    # start / end is rounded to 1e-16, which is exhaust speed x 1e-16 in dv: 1e-12 m/s
    np.testing.assert_allclose(rocket.delta_v(isp, start, end), dv, rtol=1e-14, atol=5e-12)


def test_burns_add_up(rng: np.random.Generator):
    isp, end, a, b = rng.uniform(200, 500, 1000), rng.uniform(1, 1e6, 1000), *rng.uniform(0, 5e3, (2, 1000))
    second = np.asarray(rocket.propellant_for(isp, end, b))
    first = np.asarray(rocket.propellant_for(isp, end + second, a))
    np.testing.assert_allclose(first + second, rocket.propellant_for(isp, end, a + b), rtol=1e-13)  # exp of 10


def test_payload_round_trip(rng: np.random.Generator):
    many = random_vehicles(rng, 5000)
    dv = jnp.asarray(rng.uniform(1e3, 15e3, 5000))
    found = jax.jit(rocket.payload)(many, dv)
    assert np.all(np.isfinite(found))
    # far below reach the ship is cut to 1e-6 of its mass: payload and burnout mass cancel to 1e-10
    np.testing.assert_allclose(rocket.stack_delta_v(many, found), dv, rtol=1e-8)
    burnout = many.ship.dry_mass + many.ship.reserve_mass
    assert np.all(found > -burnout)
    assert np.any(found < 0.0)
    assert np.any(found > 0.0)


def test_payload_falls_with_delta_v(rng: np.random.Generator):
    many = random_vehicles(rng, 500)
    dv = jnp.linspace(3e3, 12e3, 500)
    assert np.all(np.asarray(rocket.payload(many, dv + 100.0)) < np.asarray(rocket.payload(many, dv)))


def test_similar_stages_have_a_closed_form(rng: np.random.Generator):
    # Curtis section 11.5: two stages of equal isp, structural ratio e and payload ratio: with c = isp g0,
    # payload / lift-off mass = p^2 where exp(-dv / (2 c)) = e + (1 - e) p
    payload = jax.jit(rocket.payload)
    for _ in range(20):
        isp, e, liftoff = rng.uniform(250, 450), rng.uniform(0.05, 0.15), 10.0 ** rng.uniform(3, 7)
        dv = rng.uniform(3e3, 9e3)
        p = (np.exp(-dv / (2 * isp * STANDARD_GRAVITY)) - e) / (1 - e)
        if p <= 0.02:
            continue
        first, second = liftoff * (1 - p), liftoff * p * (1 - p)
        made = vehicle(stage(e * first, (1 - e) * first, 0.0, isp), stage(e * second, (1 - e) * second, 0.0, isp))
        # p is a difference of order-one numbers: 1e-16 / 0.02 twice
        assert float(payload(made, dv)) == pytest.approx(p**2 * liftoff, rel=1e-12)


def test_vehicle_that_cannot_fly_empty_lacks_that_much():
    small = vehicle(stage(1e3, 5e3, 0.0, 300.0), stage(1e3, 1e3, 0.0, 300.0))
    missing = float(rocket.payload(small, 9000.0))
    assert -1e3 < missing < 0.0
    lighter = replace_at(small, {"ship.dry_mass": jnp.asarray(1e3 + missing)})
    assert float(rocket.stack_delta_v(lighter, 0.0)) == pytest.approx(9000.0, rel=1e-12)


def test_reserve_costs_payload(starship: rocket.Vehicle):
    full = replace_at(starship, {"booster.reserve_mass": jnp.asarray(0.0), "ship.reserve_mass": jnp.asarray(0.0)})
    assert float(rocket.payload(full, 9300.0)) > float(rocket.payload(starship, 9300.0)) + 30e3
    gradient = jax.grad(rocket.payload)(starship, 9300.0)
    # a kilogram of ship is a kilogram less of payload; of reserve it is more, for it is not burnt either
    assert float(gradient.ship.dry_mass) == pytest.approx(-1.0, rel=1e-12)
    assert float(gradient.ship.reserve_mass) < -1.0
    assert -1.0 < float(gradient.booster.dry_mass) < 0.0


def test_propellant_energy():
    made = vehicle(stage(1.0, 1.0, 0.0, 1.0), stage(1.0, 2.0, 0.0, 1.0))
    assert float(made.propellant_mass) == 3.0
    # 1 in 4.6 parts of methalox at O/F 3.6 is fuel
    assert float(rocket.propellant_energy(made, 4.6)) == pytest.approx(50.0e6, rel=1e-15)


# ---- independent


def test_payload_against_brentq(rng: np.random.Generator):
    many = random_vehicles(rng, 200)
    dv = rng.uniform(2e3, 12e3, 200)
    got = rocket.payload(many, jnp.asarray(dv))
    table = {path: np.asarray(x) for path, x in leaves(many).items()}
    for i in range(200):
        b = {k: v[i] for k, v in table.items()}
        g0 = 9.80665

        def reach(m, b=b, dv=dv[i], g0=g0):
            final = b["ship.dry_mass"] + b["ship.reserve_mass"] + m
            upper = b["ship.dry_mass"] + b["ship.propellant_mass"] + m
            below = upper + b["fairing_mass"] + b["booster.dry_mass"]
            first = np.log((below + b["booster.propellant_mass"]) / (below + b["booster.reserve_mass"]))
            second = np.log(upper / final)
            return g0 * (b["booster.specific_impulse"] * first + b["ship.specific_impulse"] * second) - dv

        burnout = b["ship.dry_mass"] + b["ship.reserve_mass"]
        expected = brentq(reach, -burnout * (1 - 1e-9), 1e3 * burnout, xtol=1e-12 * burnout, rtol=1e-14)
        # payload and burnout mass are added before the logarithm: absolute in burnout mass
        assert float(got[i]) == pytest.approx(expected, rel=1e-10, abs=1e-10 * burnout)


# ---- derivatives, transformations, bad numbers


def test_payload_derivatives(starship: rocket.Vehicle, relative_grads: Callable[..., None]):
    relative_grads(
        jax.jit(rocket.payload), starship, 9300.0, rtol=1e-5
    )  # payload is a tenth of the masses: curvature x 100


def test_payload_derivative_by_hand(starship: rocket.Vehicle):
    # d payload / d dv = 1 / (d stack_delta_v / d payload)
    slope = jax.grad(rocket.stack_delta_v, argnums=1)(starship, rocket.payload(starship, 9300.0))
    assert float(jax.grad(rocket.payload, argnums=1)(starship, 9300.0)) == pytest.approx(1 / float(slope), rel=1e-12)


def test_payload_does_not_depend_on(starship: rocket.Vehicle):
    gradient = leaves(jax.grad(rocket.payload)(starship, 9300.0))
    flat = {path for path, g in gradient.items() if float(g) == 0.0}
    assert flat == {"ascent_loss", "mixture_ratio", "fuel_heating_value", "site_latitude"}  # losses are inside dv


def test_jit_and_vmap(rng: np.random.Generator):
    many = random_vehicles(rng, 20)
    dv = jnp.asarray(rng.uniform(3e3, 9e3, 20))
    together = np.asarray(rocket.payload(many, dv))
    # the root is polished to rounding; payload is a small difference of large masses
    np.testing.assert_allclose(jax.jit(rocket.payload)(many, dv), together, rtol=1e-11)
    np.testing.assert_allclose(jax.vmap(rocket.payload)(many, dv), together, rtol=1e-11)
    loop = [float(rocket.payload(jax.tree.map(lambda x, i=i: x[i], many), dv[i])) for i in range(3)]
    np.testing.assert_allclose(loop, together[:3], rtol=1e-11)


@pytest.mark.parametrize(
    "path", [p for p in leaves(vehicle(stage(1, 1, 1, 1), stage(1, 1, 1, 1))) if "stage" not in p][:9]
)
def test_bad_leaf_gives_nan(starship: rocket.Vehicle, path: str):
    bad = replace_at(starship, {path: NAN})
    assert np.isnan(rocket.payload(bad, 9300.0))


def test_out_of_reach_is_nan(starship: rocket.Vehicle):
    assert np.isnan(rocket.payload(starship, -1.0))
    assert np.isnan(rocket.payload(starship, 1e6))  # no payload, however negative
    assert np.isnan(rocket.payload(starship, jnp.nan))
    assert np.isnan(rocket.delta_v(300.0, -1.0, 1.0))
