"""A small scenario class and a data folder that fits it, both made for the tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jax.typing import ArrayLike

from astro_logistics.pytree import Pytree, field, static
from astro_logistics.scenario import Ledger, Problem, ScenarioError, load_scenario


class Driver(Pytree):
    name: str = static(doc="name")
    acceleration: ArrayLike = field(unit="m s-2", doc="acceleration of the sled", low=0.0)
    efficiency: ArrayLike = field(unit="", doc="wall to kinetic", low=0.0, high=1.0)
    cost: ArrayLike = field(unit="USD", doc="capital", low=0.0)


class Stage(Pytree):
    dry_mass: ArrayLike = field(unit="kg", doc="mass without propellant", low=0.0)


class Vehicle(Pytree):
    name: str = static(doc="name")
    stages: tuple[Stage, ...]
    price: ArrayLike = field(unit="USD / kg", doc="price of a kilogram", low=0.0)
    reserve: ArrayLike | None = field(unit="", doc="an optional figure")


class Scenario(Pytree):
    title: str = static(doc="title")
    vehicles: dict[str, Vehicle]
    driver: Driver
    spare: Driver | None
    discount: ArrayLike = field(unit="yr-1", doc="discount rate", low=0.0)
    sky: Any
    tags: tuple[str, ...] = static(doc="words", default=())
    n_shots: int = static(doc="a count", default=3)


def record(value: object, unit: str, low: object, high: object, extra: str = "") -> str:
    origin = 'status = "published", source = "handbook", locator = "p. 1"'
    return f'{{ value = {value}, unit = "{unit}", low = {low}, high = {high}, {origin}{extra} }}'


FILES = {
    "sources.toml": """
[handbook]
title = "A handbook"
authors = "A. Writer"
year = 2020
url = "https://example.org"
access = "read in full"

[prices]
title = "An index"
authors = "An office"
year = 2026
doi = "10.1000/1"
access = "table read"
""",
    "price_index.toml": """
source = "prices"
locator = "table 1"
[index]
2020 = 100.0
2026 = 125.0
""",
    "drivers.toml": f"""
[bulk]
name = "Bulk"
acceleration = {record(100, "g0", 50, 200)}
efficiency = {record(80, "%", 70, 90)}
[bulk.cost]
value = 2
unit = "GUSD"
low = 1.5
high = 3
price_year = 2020
status = "derived"
formula = "acceleration times a price"
parents = ["acceleration", "handbook: price of copper"]
note = "a note"

[fast]
name = "Fast"
acceleration = {record(1000.0, "m/s2", 900.0, 1100.0)}
efficiency = {record("0.5", "1", "0.5", "0.5")}
cost = {record("1e9", "USD", "1e9", "2e9", ", price_year = 2026")}
""",
    "vehicles.toml": f"""
[heavy]
name = "Heavy"
price = {record(1500, "USD/kg", 1000, 2000, ", price_year = 2026")}
[heavy.stages]
0.dry_mass = {record(120, "t", 85, 160)}
1.dry_mass = {record(25000, "kg", 20000, 30000)}
""",
    "scenarios/baseline.toml": f"""
title = "Baseline"
description = "For tests"
price_year = 2026
[pick]
driver = "drivers:bulk"
vehicles.today = "vehicles:heavy"
[set]
discount = {record(7, "%/yr", 3, 12)}
""",
    "scenarios/claims.toml": f"""
title = "Claims"
extends = "baseline"
[pick]
driver = "drivers:fast"
"vehicles.later" = "vehicles:heavy"
[set.vehicles.later]
price = {record(100, "USD/kg", 50, 200, ", price_year = 2026").replace("published", "claimed")}
reserve = {record(1, "%", 0, 2)}
""",
}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "scenarios").mkdir(parents=True)
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def cls() -> type[Scenario]:
    return Scenario


@pytest.fixture
def load(data: Path) -> Callable[[str | Path], tuple[Scenario, Ledger]]:
    """Load a scenario of the folder `data`."""
    return lambda name: load_scenario(name, Scenario, data, {"sky": None})


@pytest.fixture
def problems_of(data: Path, load: Callable[[str | Path], Any]) -> Callable[[str], dict[str, Problem]]:
    """What is wrong with a scenario file of this text, by path in the file."""

    def read(text: str) -> dict[str, Problem]:
        (data / "scenarios" / "mine.toml").write_text(text, encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            load("mine")
        assert str(caught.value)
        return {problem.path: problem for problem in caught.value.problems}

    return read
