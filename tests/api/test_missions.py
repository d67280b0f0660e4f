"""Missions at the door: what a mission costs by its flights, and what is printed of one that cannot be flown.

The figures themselves are tested in tests/network/test_destinations.py and test_tug_routes.py.
"""

from __future__ import annotations

import dataclasses

import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.api.missions import _ship, _tug, plain
from astro_logistics.network.destinations import DestinationFigures
from astro_logistics.network.tug_routes import TugFigures
from astro_logistics.report import destinations as missions
from astro_logistics.report import tables


def mission(payload: float, name: str = "moon") -> DestinationFigures:
    numbers = (6100.0, 0.0, 4.3e5, 4.3e5, 1e6, payload, 1e5, 1e6, 0.0, 12.0, 12.0, 1.0, 5e3)
    return DestinationFigures({"tanks": jnp.asarray(-payload)}, name, False, *(jnp.asarray(x) for x in numbers))


def way(payload: float) -> TugFigures:
    numbers = (5950.0, 0.87, 5e4, payload, 1e4, 3.5e7, 4.3e7, 500.0)
    return TugFigures({"payload": jnp.asarray(-payload)}, "geo", *(jnp.asarray(x) for x in numbers))


def test_cost_is_that_of_the_flights():
    found = _ship(mission(80e3), 20e6, 60e6)
    assert found.flights == 13.0
    assert found.cost_usd_per_kg == pytest.approx((12 * 20e6 + 60e6) / 80e3, rel=1e-14)
    assert _tug(way(60e3), 24e6).launch_cost_usd_per_kg == pytest.approx(400.0, rel=1e-14)


def test_what_cannot_be_flown_has_a_reason_and_no_cost():
    bad, good = _ship(mission(-5e3, "mars"), 20e6, 60e6), _ship(mission(80e3), 20e6, 60e6)
    assert np.isnan(bad.cost_usd_per_kg)
    assert bad.violated == ("tanks",)
    out = tables.console(150)
    with out.capture() as shown:
        out.print(missions.ships((good, bad)))
        out.print(missions.tugs((_tug(way(60e3), 24e6), _tug(way(-1.0), 24e6))))
    lines = shown.get().splitlines()
    assert any("mars" in line and line.rstrip().endswith("tanks") and "3,750" not in line for line in lines)
    assert any("moon" in line and "3,750" in line for line in lines)
    told = plain(missions.Destinations((good, bad), ()))
    assert [row["violated"] for row in told["destinations"]] == [[], ["tanks"]]


def test_published_tankers_are_judged_by_their_ranges():
    rows = [missions.TankersResult("A", "moon", 10.0, 6.0, 14.0, None, 20.0, *ends) for ends in (
        (10.8, np.inf), (14.1, np.inf), (2.0, 5.9), (14.0, 20.0)
    )]  # fmt: skip
    assert [row.is_in_range for row in rows] == [True, False, False, True]
    out = tables.console(150)
    with out.capture() as shown:
        out.print(missions.tankers(rows))
    told = shown.get()
    for part in ("10 (6 to 14)", "no: fewer", "no: more", "yes"):
        assert part in told
    # a tug brings 60 t a launch, 13 launches of ships bring 80 t
    back = dataclasses.replace(_ship(mission(80e3), 20e6, 60e6), name="geo-and-return")
    both = missions.Destinations((back,), (_tug(way(60e3), 24e6),))
    assert both.launches_saved_by_tug == pytest.approx(1.0 - 80.0 / 13.0 / 60.0, rel=1e-12)
    assert missions.Destinations((), ()).launches_saved_by_tug is None
