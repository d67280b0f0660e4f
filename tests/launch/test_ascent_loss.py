"""The quick payload: staged rocket equation by hand and against the two-stage one, the loss against flown ascents."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.flatten_util import ravel_pytree
from scipy.integrate import quad
from scipy.optimize import brentq

from astro_logistics.astro.bodies import Earth
from astro_logistics.constants import STANDARD_GRAVITY
from astro_logistics.launch import ascent, ascent_loss
from astro_logistics.launch.vehicle import LaunchVehicle, Stage
from astro_logistics.pytree import leaves, replace_at

_VALUES = (3.986004418e14, 6378137.0, 1.08262668e-3, 7.292115e-5, 0.409, 3.15e7, 0.3, 240.0, 0.0167, 4.95)
EARTH = Earth(*(jnp.asarray(x) for x in _VALUES))


def stage(count, dry, propellant, reserve, thrust, isp, sea_level, throttle) -> Stage:
    numbers = (count, dry, propellant, reserve, thrust, isp, sea_level, throttle)
    return Stage(*(jnp.asarray(x, jnp.float64) for x in numbers))


def vehicle(strap_ons, stages, core=1.0) -> LaunchVehicle:
    numbers = (core, 1.9e3, 115e3, 3.7, 0.5, 35e3, 40.0, 2.3, 43e6, 0.4957)
    return LaunchVehicle(tuple(stages), *(jnp.asarray(x, jnp.float64) for x in numbers), strap_ons=tuple(strap_ons))


BOOSTER = stage(1, 25.6e3, 395.7e3, 1e3, 8227e3, 311.0, 282.0, 0.57)
UPPER = stage(1, 4e3, 107e3, 500.0, 981e3, 348.0, 347.0, 0.4)
FALCON_9 = vehicle([], [BOOSTER, UPPER])
SIDES = replace_at(BOOSTER, {"count": jnp.asarray(2.0), "dry_mass": jnp.asarray(23e3)})
HEAVY = vehicle([SIDES], [BOOSTER, UPPER], core=0.7)
LOW = ascent.circular(EARTH, 400e3, 0.9)


# ---- by hand


def test_two_stages_by_hand(rng: np.random.Generator):
    def reach(m):  # Tsiolkovsky's equation twice; the fairing rides through the first burn
        first = np.log((1.9e3 + 421.3e3 + 111e3 + m) / (1.9e3 + 26.6e3 + 111e3 + m))
        return STANDARD_GRAVITY * (311.0 * first + 348.0 * np.log((111e3 + m) / (4.5e3 + m)))

    payload = rng.uniform(0.0, 40e3, 200)
    found = ascent_loss.ideal_delta_v(FALCON_9, jnp.asarray(payload))
    np.testing.assert_allclose(found, reach(payload), rtol=1e-13)  # the same logarithms of the same masses
    dv = rng.uniform(8e3, 11e3, 20)
    expected = [brentq(lambda m, d=d: reach(m) - d, -4e3, 1e6, xtol=1e-9, rtol=1e-14) for d in dv]
    np.testing.assert_allclose(ascent_loss.payload_for(FALCON_9, jnp.asarray(dv)), expected, rtol=1e-8, atol=1e-6)


def test_similar_stages_have_a_closed_form(rng: np.random.Generator):
    # Curtis section 11.5: two stages of equal isp, structural ratio e and payload ratio: with c = isp g0,
    # payload / lift-off mass = p^2 where exp(-dv / (2 c)) = e + (1 - e) p
    n = 200
    isp, e, liftoff = rng.uniform(250, 450, n), rng.uniform(0.05, 0.15, n), 10.0 ** rng.uniform(3, 7, n)
    dv = rng.uniform(3e3, 9e3, n)
    p = (np.exp(-dv / (2 * isp * STANDARD_GRAVITY)) - e) / (1 - e)
    masses = (liftoff * (1 - p), liftoff * p * (1 - p))
    stages = [stage(np.ones(n), e * m, (1 - e) * m, 0 * m, 20 * m, isp, 0.9 * isp, np.ones(n)) for m in masses]
    made = replace_at(vehicle([], stages), {"fairing_mass": jnp.zeros(n)})
    found = np.asarray(ascent_loss.payload_for(made, jnp.asarray(dv)))
    good = p > 0.02
    # p is a difference of order-one numbers: 1e-16 / 0.02 twice, times the root's rounding
    np.testing.assert_allclose(found[good], (p**2 * liftoff)[good], rtol=1e-11)
    assert np.all(found[p < 0.0] < 1e-3 * liftoff[p < 0.0])


def test_out_of_reach():
    fat = replace_at(FALCON_9, {"stages.1.dry_mass": jnp.asarray(60e3)})
    missing = float(ascent_loss.payload_for(fat, 9.5e3))
    assert -60e3 < missing < 0.0  # the dry mass that it would have to lose
    lighter = replace_at(fat, {"stages.1.dry_mass": jnp.asarray(60e3 + missing)})
    assert float(ascent_loss.ideal_delta_v(lighter, 0.0)) == pytest.approx(9.5e3, rel=1e-12)
    assert np.isnan(ascent_loss.payload_for(FALCON_9, -1.0))
    assert np.isnan(ascent_loss.payload_for(FALCON_9, 1e6))  # no payload, however negative


def test_a_kilogram_of_ship_is_a_kilogram_of_payload():
    slope = jax.grad(ascent_loss.payload_for)(FALCON_9, jnp.asarray(9.3e3))
    assert float(slope.ship.dry_mass) == pytest.approx(-1.0, rel=1e-12)
    assert float(slope.ship.reserve_mass) < -1.0  # it is not burnt either
    assert -1.0 < float(slope.stages[0].dry_mass) < 0.0
    quick = jax.grad(lambda v: ascent_loss.payload(EARTH, v, LOW))(FALCON_9)
    assert float(quick.ship.dry_mass) == pytest.approx(-1.0, rel=1e-12)  # with the loss too: it is the same on the way


def test_heat_of_the_propellant():
    # 1 in 3.3 parts at O/F 2.3 is fuel of 43 MJ/kg
    assert float(FALCON_9.heat) == pytest.approx(502.7e3 / 3.3 * 43e6, rel=1e-14)


def test_parallel_burn_by_quadrature():
    payload = 60e3
    g0 = STANDARD_GRAVITY
    side_flow, core_flow = 2 * 8227e3 / (311 * g0), 0.7 * 8227e3 / (311 * g0)
    time = 2 * 394.7e3 / side_flow
    upper = payload + 111e3
    start = upper + 1.9e3 + 2 * 418.7e3 + 421.3e3
    first = quad(lambda t: (2 * 8227e3 + 0.7 * 8227e3) / (start - (side_flow + core_flow) * t), 0.0, time)[0]
    core = upper + 421.3e3 - core_flow * time
    second = 311 * g0 * np.log(core / (upper + 26.6e3))
    third = 348 * g0 * np.log(upper / (payload + 4.5e3))
    # adaptive quadrature of a smooth function
    assert float(ascent_loss.ideal_delta_v(HEAVY, payload)) == pytest.approx(first + second + third, rel=1e-10)
    assert float(HEAVY.propellant_mass) == pytest.approx(3 * 395.7e3 + 107e3)


def test_needed_delta_v():
    # due east from the equator into a circular orbit: its speed less that of the ground
    east = replace_at(FALCON_9, {"site_latitude": jnp.asarray(0.0)})
    orbit = ascent.circular(EARTH, 185e3, 0.0)
    speed = np.sqrt(3.986004418e14 / 6563137.0) - 7.292115e-5 * 6378137.0
    assert float(ascent_loss.needed_delta_v(EARTH, east, orbit)) == pytest.approx(speed, rel=1e-14)
    # polar: the ground's motion is lost and must be cancelled
    polar = ascent.circular(EARTH, 185e3, np.pi / 2)
    wanted = np.hypot(np.sqrt(3.986004418e14 / 6563137.0), 7.292115e-5 * 6378137.0)
    assert float(ascent_loss.needed_delta_v(EARTH, east, polar)) == pytest.approx(wanted, rel=1e-13)
    escape = ascent.escape(EARTH, 0.0, 0.0)
    assert float(escape.departure_delta_v) == pytest.approx((np.sqrt(2) - 1) * float(escape.insertion_speed))
    assert np.isnan(ascent_loss.payload(EARTH, FALCON_9, orbit))  # an equatorial orbit never passes over 28 degrees


# ---- against integrated ascents


@pytest.mark.parametrize(
    ("craft", "orbit", "flown"),
    [
        # golden: payload of `ascent.ascend`, kg, when the loss was fitted
        (FALCON_9, LOW, 22_164.0),
        (HEAVY, LOW, 57_871.0),
    ],
)
def test_loss_against_flown(craft: LaunchVehicle, orbit: ascent.Orbit, flown: float):
    assert float(ascent_loss.payload(EARTH, craft, orbit)) == pytest.approx(flown, rel=0.05)  # as stated for them


# ---- invariants, independent root, derivatives


def drawn(rng: np.random.Generator, craft: LaunchVehicle, n: int) -> LaunchVehicle:
    return jax.tree.map(lambda x: x * (1.0 + 0.05 * rng.uniform(-1.0, 1.0, n)), craft)


payloads = jax.jit(ascent_loss.payload)


def test_payload_gives_what_is_needed(rng: np.random.Generator):
    many = drawn(rng, HEAVY, 1000)
    found = payloads(EARTH, many, LOW)
    assert np.all(np.isfinite(found))
    loss = ascent_loss.ascent_loss(EARTH, many, LOW)
    assert np.all((loss > 1000.0) & (loss < 2500.0))
    given = ascent_loss.ideal_delta_v(many, found) - ascent_loss.needed_delta_v(EARTH, many, LOW)
    np.testing.assert_allclose(given, loss, rtol=1e-9)  # no departure burn, no finite-burn loss
    one = jax.tree.map(lambda x: x[7], many)
    by_brent = brentq(
        lambda m: (
            float(ascent_loss.ideal_delta_v(one, m))
            - float(given[7] + (loss - given)[7])
            - float(ascent_loss.needed_delta_v(EARTH, one, LOW))
        ),
        1e3,
        2e5,
        rtol=1e-13,
    )
    assert float(found[7]) == pytest.approx(by_brent, rel=1e-9)


def test_payload_derivatives():
    flat, restored = ravel_pytree((HEAVY, jnp.asarray(400e3)))

    def quick(x: jax.Array) -> jax.Array:
        craft, altitude = restored(flat * (1.0 + x))
        return ascent_loss.payload(EARTH, craft, ascent.circular(EARTH, altitude, 0.9))

    # gradient by reverse mode and, forward over it, its change in a direction: the second order
    both = jax.jit(lambda x, d: jax.jvp(jax.grad(quick), (x,), (d,)))
    value = jax.jit(quick)
    zero = jnp.zeros_like(flat)
    direction = jnp.cos(jnp.arange(float(flat.size)))  # all leaves at once
    slope, bend = both(zero, direction)
    h = 1e-4
    change = (value(h * direction) - value(-h * direction)) / (2 * h)
    # differences of 1e-4 of a payload that is a twentieth of the masses: third derivatives x 400
    assert float(slope @ direction) == pytest.approx(float(change), rel=1e-5)
    turned = (both(h * direction, direction)[0] - both(-h * direction, direction)[0]) / (2 * h)
    np.testing.assert_allclose(bend, turned, rtol=1e-4, atol=1e-5 * float(jnp.max(jnp.abs(turned))))
    slopes = leaves(restored(slope)[0])
    assert all(np.isfinite(float(s)) for s in slopes.values())
    flat_ones = {k for k, s in slopes.items() if float(s) == 0.0}
    # the sea-level impulse of an upper stage does not matter; where the fairing goes and how low engines throttle is
    # inside the fitted loss
    upper = {"stages.1.specific_impulse_sea_level", "stages.1.throttle_min", "stages.0.throttle_min"}
    rest = {"mixture_ratio", "fuel_heating_value", "fairing_altitude", "strap_ons.0.throttle_min"}
    assert flat_ones == upper | rest
    assert float(slopes["stages.1.dry_mass"]) < -0.9 * 4e3
    assert float(slopes["strap_ons.0.reserve_mass"]) < 0.0


def test_vmap_and_bad_numbers(rng: np.random.Generator):
    many = drawn(rng, FALCON_9, 5)
    together = payloads(EARTH, many, LOW)
    loop = jax.vmap(ascent_loss.payload, in_axes=(None, 0, None))(EARTH, many, LOW)
    np.testing.assert_allclose(together, loop, rtol=1e-10)  # a root polished to rounding
    for path in ("stages.0.thrust", "stages.1.dry_mass", "max_acceleration"):
        assert np.isnan(payloads(EARTH, replace_at(FALCON_9, {path: jnp.asarray(jnp.nan)}), LOW))
    fat = replace_at(FALCON_9, {"stages.1.dry_mass": jnp.asarray(60e3)})
    assert float(payloads(EARTH, fat, LOW)) < 0.0
