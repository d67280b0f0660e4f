"""The least-cost data center: the same from any start, and where physics puts it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.design.optimize import Search, distinct
from astro_logistics.network.datacenter_design import CONSTRAINTS, OVER, least_cost

Proof = Any


@pytest.fixture(scope="module")
def search(baseline: Proof) -> Search:
    return Search(baseline.model, least_cost, CONSTRAINTS, OVER)


@pytest.fixture(scope="module")
def minima(search: Search):
    return search.run_from_random_starts(12, seed=0)


def test_random_starts_end_at_one_cost(minima):
    # 50 starts: benchmarks/bench_design_datacenter.py. Dawn and dusk, 0.25 % apart
    assert all(m.converged for m in minima)
    assert minima[-1].objective - minima[0].objective < 0.005
    assert len(distinct(minima, tolerance=1e-4)) <= 2
    hours = np.array([m.variables["places.sso_local_time"] / 3600.0 for m in minima])
    assert np.all(np.min(np.abs(hours[:, None] - [6.0, 18.0]), axis=1) < 0.1)
    assert {round(h) for h in hours} == {6, 18}


def test_where_the_optimum_stands(search: Search, minima):
    best = minima[0]
    # what nothing pays for: keeping servers up through a shadow of 4 % of the year
    assert best.active_bounds == {"datacenter.eclipse_load_fraction": "low"}
    # a satellite is kept until newer servers have made its own worth little
    assert 5.0 < best.variables["datacenter.design_life"] / JULIAN_YEAR < 10.0
    # air below, belts above; cooler chips live longer; fewer spares than fail
    assert 450e3 < best.variables["places.sso_altitude"] < 600e3
    assert 295.0 < best.variables["datacenter.radiator.temperature"] < 315.0
    assert 0.05 < best.variables["datacenter.server.spares_fraction"] < 0.5
    assert best.objective < float(search.values(search.start())[0]) - 0.15


def test_no_neighbour_is_better_and_nothing_is_flat(search: Search, minima, rng: np.random.Generator):
    best = search.scale.to_unit(np.array(list(minima[0].variables.values())))
    near = np.clip(best + 0.02 * rng.standard_normal((100, best.size)), 0.0, 1.0)
    assert min(float(search.values(z)[0]) for z in near) >= minima[0].objective
    # at random designs every variable moves the cost, and as its derivative says
    for z in rng.uniform(0.05, 0.95, (5, best.size)):
        slope = np.asarray(search.both(z)[1])[0]
        assert np.all(np.abs(slope) > 1e-5)
        step = 1e-4 * rng.standard_normal(best.size)
        change = float(search.values(z + step)[0] - search.values(z - step)[0])
        assert change == pytest.approx(2.0 * slope @ step, rel=1e-4, abs=1e-8)
