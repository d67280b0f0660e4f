"""Ways to operating orbits: orbits of the Sun by the book, masses flown burn by burn, derivatives."""

from __future__ import annotations

from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.api.missions import lunar_space
from astro_logistics.api.scenarios import read
from astro_logistics.constants import ASTRONOMICAL_UNIT, DAY
from astro_logistics.network import beyond_legs as legs
from astro_logistics.network import delivery
from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import get, replace_at

MOVED = ("depot.boil_off_rate", "depot.altitude", "depot.inclination", "launcher.vehicle.stages.1.dry_mass",
         "launcher.vehicle.stages.1.specific_impulse", "launcher.cost.ship_cost", "bodies.sun.mu")  # fmt: skip
WAYS = (("geo", 0), ("geo", 1), ("nrho", 0), ("eml1", 0), ("eml2", 0), ("sun", 0))


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return jax.tree.map(lambda x: jnp.asarray(x, jnp.float64), read()[0])


@pytest.fixture(scope="module")
def flown(scenario: Scenario) -> Any:
    """Everything asked, moved by relative changes of `MOVED` and the distance, and its derivative: one program."""

    def figures(s: jax.Array, distance: jax.Array) -> Any:
        moved = {path: get(scenario, path) * (1.0 + s[i]) for i, path in enumerate(MOVED)}
        model, away = replace_at(scenario, moved), distance * (1.0 + s[-1])
        found = delivery.beyond_low_orbit(model, lunar_space(), away)
        chosen = [found[kind][i] for kind, i in WAYS]
        rows = [jnp.stack([w.cost, w.payload, w.flights, w.carbon_dioxide, w.payload_per_flight]) for w in chosen]
        return jnp.stack(rows), jnp.stack(legs.solar_orbit(model, away))

    @jax.jit
    def both(s: Any, along: Any, distance: Any) -> Any:
        return jax.jvp(lambda s: figures(s, distance), (s,), (along,))

    return both


STILL = np.zeros(len(MOVED) + 1)


def at(flown: Any, distance: float) -> tuple[np.ndarray, np.ndarray]:
    rows, leg = flown(STILL, STILL, distance * ASTRONOMICAL_UNIT)[0]
    return np.asarray(rows), np.asarray(leg)


def test_solar_orbits_by_the_book(flown, scenario: Scenario):
    # Curtis 2014, sec. 8.2: to the distance of Mars 259 days; 2.943 and 2.648 km/s
    _, (_, last, time) = at(flown, 227.9e9 / ASTRONOMICAL_UNIT)
    assert time / DAY == pytest.approx(258.8, abs=0.3)
    assert last == pytest.approx(2648.0, abs=3.0)
    earth, r = scenario.bodies.earth, float(legs.depot_radius(scenario))
    # at the Earth's own distance a bare escape: (sqrt 2 - 1) of the circular speed
    assert at(flown, 1.0)[1][:2] == pytest.approx([(np.sqrt(2.0) - 1.0) * np.sqrt(float(earth.mu) / r), 0.0], abs=1e-6)


def test_masses_flown_burn_by_burn(flown, scenario: Scenario):
    # full tanks to 0.7 au: burn, boil off for the coast, burn, and nothing is left for what it carries
    ship, sun = scenario.launcher.vehicle.ship, float(scenario.bodies.sun.mu)
    w, unit = float(ship.specific_impulse) * 9.80665, ASTRONOMICAL_UNIT
    rows, (_, _, time) = at(flown, 0.7)
    payload = rows[-1, 1]
    full = float(ship.propellant_mass)
    a = 0.5 * 1.7 * unit
    away = np.sqrt(sun / unit) - np.sqrt(sun * (2.0 / unit - 1.0 / a))
    last = np.sqrt(sun * (2.0 / (0.7 * unit) - 1.0 / a)) - np.sqrt(sun / (0.7 * unit))
    mu, r = float(scenario.bodies.earth.mu), float(legs.depot_radius(scenario))
    first = np.sqrt(away**2 + 2.0 * mu / r) - np.sqrt(mu / r)
    start = float(ship.dry_mass) + payload + full
    after = start * np.exp(-first / w) - float(ship.dry_mass) - payload
    left = after * np.exp(-float(scenario.depot.boil_off_rate) * time)
    end = (float(ship.dry_mass) + payload + left) * np.exp(-last / w) - float(ship.dry_mass) - payload
    # `carried` lies a little below what full tanks take, and below what a flight lifts: so little stays aboard
    assert 10e3 < payload < 80e3
    assert end == pytest.approx(0.0, abs=1e-6 * full)


def test_what_a_mission_is(flown):
    rows, _ = at(flown, 1.0)
    cost, payload, flights, carbon, each = rows.T
    assert each == pytest.approx(payload / flights, rel=1e-12)
    assert np.all(carbon / flights == pytest.approx(carbon[0] / flights[0], rel=1e-6))  # one payload, so by flights
    # cheaper the less speed it takes; to come back from geostationary orbit takes seven tankers more
    assert cost[5] < cost[4] < cost[2] < cost[3] < cost[0] < cost[1]
    # nearer the Sun, ever less, until full tanks bring nothing
    nearer = [at(flown, x)[0][5] for x in (0.8, 0.7, 0.6, 0.5)]
    assert np.all(np.diff([row[1] for row in nearer]) < 0.0)
    assert nearer[-1][1] < 0.0


def test_derivatives(flown, rng: np.random.Generator):
    h = 1e-5
    for distance in (0.7, 1.3):
        for along in [*np.eye(STILL.size), rng.standard_normal(STILL.size)]:
            slope = flown(STILL, along, distance * ASTRONOMICAL_UNIT)[1]
            above, below = (flown(k * h * along, along, distance * ASTRONOMICAL_UNIT)[0] for k in (1.0, -1.0))
            for found, up, down in zip(slope, above, below, strict=True):
                size = np.abs(np.asarray(up)) + 1e-30
                # of fourth order would be more; at 0.7 au the tanks' end bends the cost: 1e-10 of the third derivative
                wanted = (np.asarray(up) - np.asarray(down)) / (2.0 * h) / size
                np.testing.assert_allclose(np.asarray(found) / size, wanted, rtol=1e-6, atol=1e-7)
