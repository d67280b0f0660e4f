"""Bridges between whole answers close and do not depend on who is first; the unknown takes no bar."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from astro_logistics.economics.answers import FIGURES, Answer, bars, figure, shared
from astro_logistics.economics.boundaries import SWITCHES, ComputeCost, boundary, statement
from astro_logistics.pytree import leaves

NAMES = [f.name for f in dataclasses.fields(ComputeCost)]


def draw(rng: np.random.Generator, name: str) -> Answer:
    sides = [statement(**{n: rng.uniform(0.2, 2.0) for n in NAMES} | {"discount_rate": 0.1}) for _ in range(2)]
    on = [s for s in SWITCHES if rng.uniform() < 0.6] + ["capital", "energy"]
    return Answer(orbital=sides[0], terrestrial=sides[1], boundary=boundary(name, 2026, *on), name=name)


def test_closes_there_and_back(rng: np.random.Generator):
    for _ in range(3):
        a, b = draw(rng, "a"), draw(rng, "b")
        there, back = bars(a, b), bars(b, a)
        total = sum(float(x) for part in there for x in leaves(part).values())
        assert total == pytest.approx(float(b.ratio - a.ratio), abs=1e-12)
        for one, other in zip(there, back, strict=True):
            for path, value in leaves(one).items():
                assert float(value) == pytest.approx(-float(leaves(other)[path]), abs=1e-12), path


def test_figures():
    a = draw(np.random.default_rng(1), "a")
    sides = [float(figure(a.orbital, a.terrestrial, a.boundary, which)) for which in FIGURES]
    assert sides[0] == pytest.approx(float(a.ratio)) == pytest.approx(sides[1] / sides[2])


def test_the_unknown_takes_no_bar(rng: np.random.Generator):
    a, b = draw(rng, "a"), draw(rng, "b")
    silent = dataclasses.replace(
        a,
        orbital=dataclasses.replace(a.orbital, chips=np.nan),
        boundary=boundary("silent", 2026, "capital", "energy", "delivered"),
    )
    full, _ = shared(silent, b)
    assert float(full.orbital.chips) == float(b.orbital.chips)
    assert float(full.ratio) == pytest.approx(float(silent.ratio), rel=1e-15)
    orbital, _, switches = bars(silent, b)
    assert float(orbital.chips) == 0.0
    assert float(switches["chips"]) == 0.0 or bool(b.boundary.chips > 0.5)
    with pytest.raises(ValueError, match="no figure"):
        bars(a, b, "cost")
