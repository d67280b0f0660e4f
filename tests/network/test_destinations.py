"""Missions of a refilled ship: published delta-v, tankers at the baseline, limits by name, derivatives."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.flatten_util import ravel_pytree

from astro_logistics.api.scenarios import read
from astro_logistics.constants import DAY
from astro_logistics.launch import aerobraking, refuelling, tug
from astro_logistics.launch.aerobraking import Aeroshell
from astro_logistics.network import aerocapture
from astro_logistics.network import beyond_legs as legs
from astro_logistics.network import destinations as dest
from astro_logistics.network.departures import Departures, RoundTrips
from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import leaves, replace_at
from astro_logistics.scenario import data_folder, load_scenario

LIFTED = 85e3


def tree(kind: Any, *values: Any) -> Any:
    return kind(*(jnp.asarray(v, jnp.float64) for v in values))


def ways(departure: list[float], days: list[float], leave: list[float], arrive: list[float]) -> Departures:
    """From years after 2000, days, and C3 in km2/s2 and km/s."""
    return tree(
        Departures,
        np.asarray(departure) * 365.25 * DAY,
        np.asarray(days) * DAY,
        1e3 * np.sqrt(leave),
        1e3 * np.asarray(arrive),
    )


BEYOND = dest.Beyond(
    lunar=tree(legs.LunarSpace, 450.0, 740.0, 850.0, 241.8, 100e3, 150.0, 3 * DAY, 7 * DAY, 120e3, 2500.0, 90 * DAY),
    mars=dest.MarsReturn(
        # three of the opportunities of `departures` on DE440
        RoundTrips(
            ways([28.92, 31.15, 33.32], [318, 320, 274], [8.93, 8.24, 7.78], [3.27, 5.55, 4.38]),
            ways([30.86, 33.07, 35.35], [318, 218, 198], [6.15, 5.43, 8.76], [5.47, 4.06, 3.03]),
        ),
        *(jnp.asarray(x, jnp.float64) for x in (4.282837e13, 3646e3, 4150.0)),
    ),
    jupiter=dest.JupiterOrbit(
        ways([28.99, 30.05, 31.15], [1099, 841, 757], [75.62, 76.7, 80.12], [5.71, 6.36, 6.99]),
        *(jnp.asarray(x, jnp.float64) for x in (1.26712764e17, 286e6, 20e9)),
    ),
    asteroid=tree(dest.Asteroid, 5.4e3, 431.0 + 16.7 + 506.2, 816 * DAY),
)


def test_the_collection_holds_these_inputs() -> None:
    computed = {"ways.mars.trips": BEYOND.mars.trips, "ways.jupiter.ways": BEYOND.jupiter.ways}
    file = data_folder() / "collections" / "beyond.toml"
    found, ledger = load_scenario(file, dest.BeyondInputs, computed=computed)
    for (path, here), there in zip(leaves(BEYOND).items(), leaves(found.ways).values(), strict=True):
        np.testing.assert_allclose(there, here, rtol=1e-6, err_msg=path)
    assert {r.status for r in ledger.records.values()} >= {"published", "assumed"}
    trip = tug.one_way(found.tug, 50e3, 4.6e3, 0.8)
    assert float(trip.propellant) > 0.0
    braked = aerobraking.aerocapture_mass_fraction(found.shell, 340.0, found.capture.trim_delta_v)
    assert 0.3 < float(braked) < 1.0


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return jax.tree.map(jnp.asarray, read()[0])


evaluate = jax.jit(dest.destinations)


@pytest.fixture(scope="module")
def found(scenario: Scenario) -> dict[str, dest.DestinationFigures]:
    return evaluate(scenario, BEYOND, LIFTED)


def test_caught_by_air_or_by_engines(scenario, relative_grads):
    # by hand, and against the published delta-v: to a low Mars orbit from v_inf 3.27 to 5.55 km/s, from the Moon's
    # distance 3.1 km/s and from the geostationary orbit 2.4 km/s to the depot's height
    shell, capture = Aeroshell(*(jnp.asarray(x) for x in (0.08, 0.2, 0.0))), dest.Capture(jnp.asarray(100.0))

    def fractions(shell: Aeroshell, capture: dest.Capture) -> dict[str, aerocapture.CaptureFigures]:
        return aerocapture.captures(scenario, BEYOND, shell, capture)

    found = jax.jit(fractions)(shell, capture)
    exhaust = float(scenario.launcher.vehicle.ship.specific_impulse) * 9.80665
    v = 1e3 * np.array([3.27, 5.55, 4.38])
    burns = np.sqrt(v**2 + 2 * 4.282837e13 / 3646e3) - np.sqrt(4.282837e13 / 3646e3)
    assert float(found["mars"].delta_v) == pytest.approx(np.mean(burns), rel=1e-12)
    assert float(found["mars"].by_engines) == pytest.approx(np.mean(np.exp(-burns / exhaust)), rel=1e-12)
    assert float(found["mars"].by_air) == pytest.approx(0.72 * np.exp(-100.0 / exhaust), rel=1e-12)
    assert float(found["depot-from-moon"].delta_v) == pytest.approx(3.1e3, rel=0.02)
    assert float(found["depot-from-geo"].delta_v) == pytest.approx(2.43e3, rel=0.02)
    for row in found.values():  # the shell pays where, and only where, it is lighter than the break-even one
        assert (float(row.by_air) > float(row.by_engines)) == (float(row.break_even_shell) > 0.28)
    kept = replace_at(shell, {"is_kept": jnp.asarray(0.5)})
    relative_grads(jax.jit(lambda *x: fractions(*x)["mars"].by_air), kept, capture)


def test_delta_v_against_published(found, scenario):
    # NASA's table of 2020 (Acta Astronautica 177, 351; from 407 km, with 5 % reserve), m/s
    assert float(found["nrho"].delta_v) == pytest.approx(3276 + 450, rel=0.05)
    assert float(found["moon"].delta_v) == pytest.approx(3276 + 952 + 2180, rel=0.07)
    assert float(legs.lunar_ascent(scenario, BEYOND.lunar)) == pytest.approx(1968, abs=1)
    # delta-v budgets in circulation: from a low orbit to GEO 4330, EML1 3770, EML2 (swingby) 3430, low lunar orbit 4040
    assert float(found["geo"].delta_v) == pytest.approx(4330, rel=0.03)
    assert float(found["eml1"].delta_v) == pytest.approx(3770, rel=0.02)
    assert float(found["eml2"].delta_v) == pytest.approx(3430, rel=0.02)
    # Apollo: ascent 1850 + leaving the Moon for the Earth 800 to 1000
    assert 2500 < float(found["moon-and-return"].delta_v_back) < 3100
    # Mars: NASA DRA 5.0, 3545 to 4103 m/s to leave, 595 to land
    assert 3545 - 100 < float(found["mars"].delta_v) - 595 < 4103
    # back: "about 6 km/s" direct from the ground
    assert float(found["mars-and-return"].delta_v_back) == pytest.approx(6000, rel=0.07)
    # Jupiter: C3 of 75 to 80 asks 6.2 to 6.4 km/s, capture at four radii into a long orbit 0.7 to 0.9
    assert 6.7e3 < float(found["jupiter"].delta_v) < 7.4e3


def test_computed_lower_bound_of_the_published_nrho_insertion(scenario):
    # A tangential burn at the perilune of the orbit (3,250 km, nearly parabolic) from the translunar hyperbola is the
    # least; turning into its polar plane doubles it.
    moon = scenario.bodies.moon
    _, v_infinity, _ = legs.translunar(scenario)
    arriving = np.sqrt(float(v_infinity) ** 2 + 2 * float(moon.mu) / 3.25e6)
    bound = arriving - np.sqrt(2 * float(moon.mu) * (1 / 3.25e6 - 1 / (3.25e6 + 71e6)))
    assert 150 < bound < 450 < 3 * bound


def test_tankers_at_the_baseline(found):
    print()
    for each in found.values():
        print(
            f"{each.name:38} dv {each.delta_v:7.0f} + {each.delta_v_back:6.0f} m/s  {each.transit_time / DAY:6.0f} d  "
            f"payload {each.payload / 1e3:7.1f} t (full tanks {each.full_tank_payload / 1e3:7.1f})  "
            f"propellant {each.propellant / 1e3:6.0f} t  tankers {each.tankers:5.1f}  "
            f"per flight {each.payload_per_flight / 1e3:5.2f} t  made there {each.made_there / 1e3:5.0f} t"
        )
    # one way to the Moon: (212 + 85) t (e^(5.9/3.58) - 1) = 1,250 t, at 80.75 t a tanker and half a month of boil-off
    assert 15 < float(found["moon"].tankers) < 19
    # delta-v orders what goes one way
    order = ("eml2", "nrho", "eml1", "mars", "geo", "asteroid", "moon", "jupiter")
    tankers = [float(found[name].tankers) for name in order]
    assert tankers == sorted(tankers)
    # a return that carries its propellant delivers less than one way
    assert float(found["moon-and-return"].payload) < float(found["moon"].payload)
    assert float(found["mars-and-return"].tankers) == float(found["mars"].tankers)


def test_balances(found, scenario):
    ship = scenario.launcher.vehicle.ship
    for each in found.values():
        assert float(each.payload) <= min(LIFTED, float(each.full_tank_payload)) * (1 + 1e-9) or each.payload < 0
        assert float(each.propellant) <= float(ship.propellant_mass) * 1.001
        flights = float(each.flights_returning + each.flights_expended)
        assert flights == pytest.approx(1.0 + float(each.tankers), rel=1e-12)
        assert float(each.flights_expended) == (0.0 if each.is_returning else 1.0)
        assert float(each.mission_time) >= float(each.transit_time)
    one = found["nrho"]  # a single opportunity: the rocket equation as it stands
    mass = float(ship.dry_mass) + float(one.payload)
    burnt = mass * np.expm1(float(one.delta_v) / (float(ship.specific_impulse) * 9.80665))
    assert float(one.propellant) == pytest.approx(burnt, rel=1e-12)


def test_infeasible_missions_are_named(found, scenario):
    carried = found["mars-and-return, propellant carried"]
    assert float(carried.residuals[dest.TANKS]) > 0  # no ship of this kind brings its way home along
    assert float(carried.payload) < 0
    assert float(found["moon"].residuals[dest.TANKS]) < 0
    slow = replace_at(scenario, {"depot.boil_off_rate": jnp.float64(0.03 / DAY)})
    boiling = evaluate(slow, BEYOND, LIFTED)["moon"]
    assert float(boiling.residuals[refuelling.OUTRUNS]) > 0
    assert np.isnan(float(boiling.tankers))
    small = evaluate(
        replace_at(scenario, {"launcher.vehicle.stages.1.propellant_mass": jnp.float64(4e5)}), BEYOND, LIFTED
    )
    assert float(small["moon"].residuals[dest.TANKS]) > 0
    assert float(small["mars-and-return"].residuals["made propellant fits the tanks"]) > 0


def test_smooth_least(rng: np.random.Generator):
    lifted, full = jnp.asarray(rng.uniform(1e4, 2e5, 5000)), jnp.asarray(rng.uniform(-3e5, 1e6, 5000))
    least = np.minimum(lifted, full)
    below = (least - np.asarray(dest.carried(lifted, full))) / np.asarray(lifted)
    assert np.all(below >= -1e-12)
    assert np.all(below <= 0.02 * np.log(2) + 1e-12)  # as stated, at equality
    assert float(dest.carried(1e5, 1.1e5)) == pytest.approx(1e5, rel=1.4e-4)


NAMES = (
    "moon",
    "moon-and-return",
    "moon-and-return, refilled high",
    "moon-and-nrho",
    "eml1",
    "eml2",
    "geo-and-return",
    "mars-and-return",
    "jupiter",
)


def test_nasa_refuelling_flights_to_geo(scenario):
    # NASA OTPS 2024: of 13 flights of 100 t to GEO, ships coming back, 12 only refuel
    found = evaluate(scenario, BEYOND, 100e3)["geo-and-return"]
    print(f"tankers to GEO and back at 100 t: {found.tankers:.1f}, published 12")
    # the ship here is 212 t, NASA does not print its own: 40 t of ship are a flight and a half
    assert float(found.tankers) == pytest.approx(12.0, abs=2.0)


def test_lander_of_nasa(found):
    # at the baseline: within the counts published from 2021 to 2025 (8 to the high teens)
    lander = found["moon-and-nrho"]
    assert float(lander.residuals[dest.TANKS]) < 0
    assert 8 < float(lander.tankers) < 22


def test_moon_and_back_by_a_second_refilling(found):
    # what no single load can do at the baseline, a second one in a long orbit can
    once, twice = found["moon-and-return"], found["moon-and-return, refilled high"]
    assert float(once.residuals[dest.TANKS]) > 0
    assert all(float(r) <= 0 for r in twice.residuals.values())
    assert float(twice.payload) == pytest.approx(LIFTED, rel=0.01)
    assert 25 < float(twice.tankers) < 60


def test_derivatives(scenario, rng: np.random.Generator):
    # tankers, payload and delta-v of every kind of leg to every number they depend on, by relative change
    parts = (
        scenario.bodies, scenario.places, scenario.depot, scenario.launcher.vehicle.ship, BEYOND,
        jnp.asarray(LIFTED, jnp.float64),
    )  # fmt: skip
    flat, unravel = ravel_pytree(parts)

    def vector(s: jax.Array) -> jax.Array:
        bodies, places, depot, ship, beyond, lifted = unravel(flat * (1.0 + s))
        changed = replace_at(
            scenario, {"bodies": bodies, "places": places, "depot": depot, "launcher.vehicle.stages.1": ship}
        )
        table = dest.destinations(changed, beyond, lifted)
        chosen = [table[name] for name in NAMES]
        return jnp.stack([x for t in chosen for x in (t.tankers, t.payload_per_flight / 1e3, t.delta_v / 1e3)])

    @jax.jit
    def all_of(s: jax.Array, along: jax.Array, weights: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        value, slope = jax.jvp(vector, (s,), (along,))
        return value, slope, jax.vjp(vector, s)[1](weights)[0]

    zero, h, weights = np.zeros(flat.size), 1e-5, rng.normal(size=3 * len(NAMES))
    moving = 0
    for along in np.eye(flat.size):
        _, slope, gradient = all_of(zero, along, weights)
        high, low = all_of(h * along, along, weights)[0], all_of(-h * along, along, weights)[0]
        # steps of 1e-5: 1e-10 of curvature; rounding 1e-16 / 1e-5 of figures up to 30
        np.testing.assert_allclose(slope, (high - low) / (2 * h), rtol=1e-6, atol=2e-7)
        # reverse mode: the same sums in another order
        np.testing.assert_allclose(gradient @ along, slope @ weights, rtol=1e-8, atol=1e-9)
        moving += bool(np.any(slope != 0))
    assert 40 < moving < flat.size  # what cannot matter (the Sun, the Earth's albedo) does not


def test_vmap_and_bad_input(found, scenario):
    masses = jnp.asarray([70e3, 85e3, 110e3])
    mapped = jax.jit(jax.vmap(lambda m: dest.destinations(scenario, BEYOND, m)["moon"].tankers))(masses)
    loop = [float(evaluate(scenario, BEYOND, float(m))["moon"].tankers) for m in masses]
    np.testing.assert_allclose(mapped, loop, rtol=1e-12)  # rounding
    bad = evaluate(
        replace_at(scenario, {"launcher.vehicle.stages.1.specific_impulse": jnp.float64(np.nan)}), BEYOND, LIFTED
    )
    assert np.isnan(float(bad["moon"].tankers))
    assert float(bad["moon"].delta_v) == float(found["moon"].delta_v)
