"""From files to scenario and ledger: layering, conversion, and every mistake named with its remedy."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import numpy as np
import pytest
from astropy import units as u

from astro_logistics.pytree import Pytree, field, leaves, static
from astro_logistics.scenario import Problem, ScenarioError, load_scenario

Load = Callable[[str | Path], tuple[Any, Any]]
ProblemsOf = Callable[[str], dict[str, Problem]]

RECORD = 'status = "published"\nsource = "handbook"\nlocator = "p. 1"\n'


def test_values_arrive_in_si(load: Load) -> None:
    scenario, ledger = load("baseline")
    assert {path: float(value) for path, value in leaves(scenario).items()} == {
        "vehicles.today.stages.0.dry_mass": 120_000.0,
        "vehicles.today.stages.1.dry_mass": 25_000.0,
        "vehicles.today.price": 1500.0,
        "driver.acceleration": pytest.approx(980.665, rel=1e-15),  # one rounding of 100 g0
        "driver.efficiency": 0.8,
        "driver.cost": 2.5e9,  # 2 GUSD of 2020 at an index of 125/100
        "discount": 0.07,
    }
    assert all(isinstance(value, np.float64) for value in leaves(scenario).values())
    assert (scenario.title, scenario.driver.name, scenario.n_shots, scenario.spare) == ("Baseline", "Bulk", 3, None)
    assert (ledger.title, ledger.price_year, ledger.description) == ("Baseline", 2026, "For tests")


def test_the_ledger_has_every_leaf_in_pytree_order(load: Load) -> None:
    for name in ("baseline", "claims"):
        scenario, ledger = load(name)
        assert list(ledger) == list(leaves(scenario))
        assert len(ledger) == len(jax.tree.leaves(scenario))
        for (path, record), value in zip(ledger.items(), jax.tree.leaves(scenario), strict=True):
            assert record.si_value == value, path
            assert record.si_low <= record.si_value <= record.si_high
            assert record.quantity.value == record.value
            assert record.source in ledger.sources or record.status == "derived"


def test_a_record_remembers_where_it_stands(load: Load) -> None:
    record = load("baseline")[1]["driver.cost"]
    assert (record.value, record.unit, record.low, record.high) == (2.0, "GUSD", 1.5, 3.0)
    assert (record.si_unit, record.si_low, record.si_high, record.price_year) == ("USD", 1.875e9, 3.75e9, 2020)
    assert (record.file, record.key) == ("drivers.toml", "bulk.cost")
    assert record.parents == ("driver.acceleration", "handbook: price of copper")
    assert not record.is_promise
    assert load("claims")[1]["vehicles.later.price"].is_promise


def test_layers(load: Load) -> None:
    scenario, ledger = load("claims")
    assert scenario.title == "Claims"
    assert scenario.driver.name == "Fast"  # its pick replaces the baseline's
    assert (scenario.vehicles["later"].price, scenario.vehicles["today"].price) == (100.0, 1500.0)  # its set wins
    assert (float(scenario.vehicles["later"].reserve), scenario.vehicles["today"].reserve) == (0.01, None)
    assert ledger["discount"].file == "scenarios/baseline.toml"
    assert ledger["vehicles.later.price"].file == "scenarios/claims.toml"


def test_a_pick_replaces_what_was_set_below_it(load: Load, data: Path) -> None:
    (data / "scenarios" / "one.toml").write_text(
        'title = "one"\nextends = "baseline"\n[set.driver.efficiency]\n'
        f'value = 0.6\nunit = "1"\nlow = 0.5\nhigh = 0.7\n{RECORD}'
    )
    (data / "scenarios" / "two.toml").write_text(
        'title = "two"\nextends = "one.toml"\n[pick]\ndriver = "drivers:fast"\n'
    )
    assert load("one")[0].driver.efficiency == 0.6
    assert load("one")[0].driver.name == "Bulk"
    assert load("two")[0].driver.efficiency == 0.5


def test_a_file_anywhere_with_its_own_sources(load: Load, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        'title = "mine"\nextends = "baseline"\n'
        '[sources.memo]\ntitle = "A memo"\nauthors = "Me"\nyear = 2026\nisbn = "1"\naccess = "wrote it"\n'
        '[set]\ntags = ["a", "b"]\nn_shots = 7\n'
        '[set.discount]\nvalue = 5\nunit = "%/yr"\nlow = 5\nhigh = 5\nstatus = "estimated"\nsource = "memo"\n'
        'locator = "all"\n',
        encoding="utf-8-sig",  # editors may put a byte order mark
    )
    for given in (path, str(path)):
        scenario, ledger = load(given)
        assert (scenario.discount, scenario.tags, scenario.n_shots) == (0.05, ("a", "b"), 7)
        assert str(ledger.sources["memo"]) == "Me (2026). A memo. ISBN 1"


def test_parents_are_looked_up_from_inside_outwards(load: Load, data: Path) -> None:
    derived = 'value = 0.6\nunit = "1"\nlow = 0.5\nhigh = 0.7\nstatus = "derived"\nformula = "guess"\n'
    parents = 'parents = ["acceleration", "discount", "vehicles.today.price: list price", "handbook"]\n'
    text = f'title = "x"\nextends = "baseline"\n[set.driver.efficiency]\n{derived}{parents}'
    (data / "scenarios" / "mine.toml").write_text(text)
    assert load("mine")[1]["driver.efficiency"].parents == (
        "driver.acceleration",
        "discount",
        "vehicles.today.price",
        "handbook",
    )


class Rod(Pytree):
    length: float = field(unit="m", doc="length")


class Rods(Pytree):
    rods: dict[str, Rod]


def test_conversion_agrees_with_astropy(data: Path, rng: np.random.Generator) -> None:
    units = rng.choice(["nm", "cm", "m", "km", "au", "kJ/N", "L/cm2", "km2/m"], size=300)
    values = rng.normal(size=300) * 10.0 ** rng.integers(-20, 20, size=300)
    lines = [
        f'{i}.length = {{ value = {value!r}, unit = "{unit}", low = {value!r}, high = {value!r}, status = "published", '
        'source = "handbook", locator = "p. 1" }'
        for i, (value, unit) in enumerate(zip(values.tolist(), units, strict=True))
    ]
    (data / "scenarios" / "mine.toml").write_text('title = "m"\nprice_year = 2026\n[set.rods]\n' + "\n".join(lines))
    scenario, _ = load_scenario("mine", Rods, data)
    # astropy reads the unit by its own parser; one rounding in the factor, one in the product
    for i, (value, unit) in enumerate(zip(values, units, strict=True)):
        assert scenario.rods[str(i)].length == pytest.approx(u.Quantity(value, unit).to_value(u.m), rel=1e-15)


def test_computed_subtrees_are_placed_as_they_are(data: Path, cls: type) -> None:
    sky = {"r": np.zeros((4, 3))}
    assert load_scenario("baseline", cls, data, {"sky": sky})[0].sky is sky
    (data / "scenarios" / "mine.toml").write_text('title = "m"\nextends = "baseline"\n[set.sky]\nr = 1\n')
    with pytest.raises(ScenarioError, match="computed"):
        load_scenario("mine", cls, data, {"sky": sky})


def test_a_class_that_no_file_can_fill_is_a_type_error(data: Path, cls: type) -> None:
    with pytest.raises(TypeError, match="sky: neither"):
        load_scenario("baseline", cls, data)
    with pytest.raises(TypeError, match="no field 'moon'"):
        load_scenario("baseline", cls, data, {"sky": None, "moon": None})


class Checked(Pytree):
    length: float = field(unit="m", doc="length", low=0.0)
    kind: str = static(doc="kind")

    def __check_init__(self) -> None:
        if self.kind == "bad":
            raise ValueError("kind is bad")


def test_a_class_that_checks_itself(data: Path) -> None:
    (data / "scenarios" / "mine.toml").write_text(
        'title = "m"\nprice_year = 2026\n[set]\nkind = "bad"\n'
        f'[set.length]\nvalue = 1\nunit = "km"\nlow = 1\nhigh = 1\n{RECORD}'
    )
    with pytest.raises(ScenarioError, match="kind is bad"):
        load_scenario("mine", Checked, data)


def test_an_error_can_be_pickled(load: Load) -> None:
    with pytest.raises(ScenarioError) as caught:
        load("basline")
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.problems == caught.value.problems
    assert str(again) == str(caught.value)


def test_all_problems_at_once(problems_of: ProblemsOf) -> None:
    found = problems_of(
        """
titel = "x"
price_year = 1.5
[pick]
driver = "drivers:bulc"
vehicels = "vehicles:heavy"
vehicles.now = "vehicle:heavy"
discount = "vehicles:heavy"
[set.spare]
name = 3
acceleration = 5
efficiency = {value=120, unit="%", low=1, high=nan, status="guess", source="handbok", foo=1}
[set.discount]
value = 1e400
unit = "kg"
low = 9
"""
    )
    remedies = {path: problem.remedy for path, problem in found.items()}
    assert remedies["titel"] == "did you mean 'title'?"
    assert remedies["pick.driver"] == "did you mean 'bulk'?"
    assert remedies["pick.vehicels"] == "did you mean 'vehicles'?"
    assert remedies["pick.vehicles.now"] == "did you mean 'vehicles'?"
    assert remedies["set.spare.efficiency.source"] == "did you mean 'handbook'?"
    assert found["set.spare.acceleration"].found == "5"
    assert "'m s-2'" in found["set.spare.acceleration"].allowed
    assert found["set.discount.value"].found == "inf"
    assert found["set.discount.unit"].allowed == "a unit like 'yr-1'"
    assert "'USD'" in found["spare.cost"].allowed
    assert "capital" in found["spare.cost"].remedy
    assert set(found) == {
        *("titel", "title", "price_year", "pick.driver", "pick.vehicels", "pick.vehicles.now", "pick.discount"),
        *("set.spare.name", "set.spare.acceleration", "spare.cost"),
        *(f"set.spare.efficiency.{key}" for key in ("foo", "high", "status", "source", "locator")),
        *(f"set.discount.{key}" for key in ("value", "high", "unit", "status", "source")),
    }


def test_what_is_broken_is_not_called_missing_as_well(problems_of: ProblemsOf) -> None:
    found = problems_of('title = "x"\nextends = "baseline"\n[pick]\ndriver = "drivers:bulc"\nspare = "drivers:fas"\n')
    assert set(found) == {"pick.driver", "pick.spare"}


def test_missing_leaves_are_named_with_their_unit(problems_of: ProblemsOf) -> None:
    found = problems_of('title = "x"\nprice_year = 2026\n')
    assert {path: problem.allowed for path, problem in found.items()} == {
        "vehicles": "a dict of tables",
        "driver.name": "a plain value",
        "driver.acceleration": "a record in a unit like 'm s-2'",
        "driver.efficiency": "a record in the unit '1' (a pure number)",
        "driver.cost": "a record in a unit like 'USD'",
        "discount": "a record in a unit like 'yr-1'",
    }


def discount(**changes: object) -> str:
    """A scenario over the baseline with one record changed; None removes a key."""
    keys: dict[str, object] = {"value": 5, "unit": '"%/yr"', "low": 3, "high": 12}
    keys |= {"status": '"published"', "source": '"handbook"', "locator": '"p. 1"'} | changes
    lines = "\n".join(f"{key} = {value}" for key, value in keys.items() if value is not None)
    return f'title = "x"\nextends = "baseline"\n[set.discount]\n{lines}\n'


def test_the_record_of_the_next_test_is_good_unchanged(data: Path, load: Load) -> None:
    (data / "scenarios" / "mine.toml").write_text(discount())
    assert load("mine")[0].discount == 0.05


@pytest.mark.parametrize(
    ("changes", "path", "found", "remedy"),
    [
        ({"value": 2}, "", "low = 3.0, value = 2.0, high = 12.0", "correct the range"),
        ({"high": 4}, "", "high = 4.0", "correct the range"),
        ({"value": "nan"}, ".value", "nan", "plain number"),
        ({"low": "-inf"}, ".low", "-inf", "plain number"),
        ({"value": '"5"'}, ".value", "'5'", "plain number"),
        ({"value": "true"}, ".value", "true", "plain number"),
        ({"value": "2026-01-01"}, ".value", "a date", "plain number"),
        ({"value": "[5]"}, ".value", "a list of 1", "plain number"),
        ({"value": "9" * 400}, ".value", "an integer of", "plain number"),
        ({"high": "1e308", "unit": '"Gt/kg/s"'}, ".high", "1e+308 Gt/kg/s", "correct the number"),
        ({"low": "-1"}, ".low", "-1.0 %/yr = -0.01 yr-1", "discount rate"),
        ({"unit": None}, ".unit", "nothing", "add unit"),
        ({"unit": '""'}, ".unit", "''", "add unit"),
        ({"unit": "5"}, ".unit", "5", "add unit"),
        ({"unit": '"%"'}, ".unit", "'%'", "expected a unit like 'yr-1'"),
        ({"unit": '"%/year"'}, ".unit", "'%/year'", "near: yr"),
        ({"status": '"measurd"'}, ".status", "unknown status 'measurd'", "did you mean 'measured'?"),
        ({"source": None}, ".source", "nothing", "add source"),
        ({"source": '"hand-book"'}, ".source", "unknown source 'hand-book'", "did you mean 'handbook'?"),
        ({"locator": None}, ".locator", "nothing", "add locator"),
        ({"locator": '" "'}, ".locator", "' '", "not empty"),
        ({"note": '"\\u001b[2J"'}, ".note", "'\\\\x1b[2J'", "control characters"),
        ({"note": '"' + "x" * 5000 + '"'}, ".note", "5000 characters", "shorten"),
        ({"price_year": 2026}, ".price_year", "2026", "remove it"),
        ({"formula": '"a"'}, ".formula", "'a'", "remove it"),
        ({"valeu": 5}, ".valeu", "unknown key 'valeu'", "did you mean 'value'?"),
        ({"status": '"assumed"', "source": None, "locator": None}, ".note", "nothing", "add note"),
        ({"status": '"derived"', "parents": '["driver.cost"]'}, ".formula", "nothing", "add formula"),
        ({"status": '"derived"', "formula": '"a"'}, ".parents", "nothing", "add parents"),
        ({"status": '"derived"', "formula": '"a"', "parents": "[]"}, ".parents", "a list of 0", "not empty"),
        (
            {"status": '"derived"', "formula": '"a"', "parents": '["driver.cots"]'},
            ".parents",
            "unknown parent 'driver.cots'",
            "did you mean 'driver.cost'?",
        ),
    ],
)
def test_one_wrong_thing_in_a_record(
    problems_of: ProblemsOf, changes: dict[str, object], path: str, found: str, remedy: str
) -> None:
    problem = problems_of(discount(**changes))[f"set.discount{path}"]
    assert problem.file == "scenarios/mine.toml"
    assert found in problem.found
    assert remedy in problem.remedy


def money(year: object) -> str:
    year_line = "" if year is None else f"price_year = {year}\n"
    return (
        'title = "x"\nextends = "baseline"\n[set.driver.cost]\nvalue = 1\nunit = "GUSD"\nlow = 1\nhigh = 1\n'
        f"{RECORD}{year_line}"
    )


@pytest.mark.parametrize(
    ("year", "found", "remedy"),
    [
        (None, "nothing", "add price_year"),
        ("true", "true", "add price_year"),
        (1066, "1066", "add price_year"),
        (2021, "2021, while the scenario's price year is 2026", "add 2021 and 2026 to the index"),
    ],
)
def test_money_has_a_year_that_converts(problems_of: ProblemsOf, year: object, found: str, remedy: str) -> None:
    problem = problems_of(money(year))["set.driver.cost.price_year"]
    assert problem.found == found
    assert remedy in problem.remedy


def test_money_of_the_scenarios_year_needs_no_index(data: Path, load: Load) -> None:
    (data / "price_index.toml").unlink()
    (data / "scenarios" / "mine.toml").write_text(money(2026))
    assert load("mine")[0].driver.cost == 1e9


@pytest.mark.parametrize(
    ("text", "path", "remedy"),
    [
        ("pick = 3", "pick", "[pick]"),
        ("set = []", "set", "[set]"),
        ("sources = 3", "sources", "[sources.KEY]"),
        ("sources.handbook = {}", "sources.handbook", "rename"),
        ("sources.'a b' = {}", "sources.a b", "rename"),
        ("sources.a = 3", "sources.a", "[a]"),
        ("sources.a = {titel = 'x'}", "sources.a.titel", "did you mean 'title'?"),
        ("sources.a = {year = '2026'}", "sources.a.year", "write year"),
        ("extends = 3", "extends", "between quotes"),
        ("extends = '../baseline.toml'", "extends", "without a folder"),
        ("extends = 'basline'", "", "did you mean 'baseline'?"),
        ("extends = 'mine'", "extends", "break the circle"),
        ("pick.driver = 5", "pick.driver", "the catalogues are drivers, vehicles"),
        ("pick.driver = 'drivers'", "pick.driver", "the catalogues are drivers, vehicles"),
        ("pick.driver = '../sources:handbook'", "pick.driver", "correct its name"),
        ("pick.driver = 'sources:handbook'", "pick.driver", "correct its name"),
        ("pick.driver = 'vehicles:heavy'", "heavy.price", "correct its name"),
        ("pick.driver.name = 'drivers:bulk'", "pick.driver.name", "[set.driver.name]"),
        ("pick = {'vehicles.a' = 'vehicles:heavy', vehicles.a = 'vehicles:heavy'}", "pick.vehicles.a", "remove one"),
        ("set.driver.name = 3", "set.driver.name", "between quotes"),
        ("set.n_shots = 'three'", "set.n_shots", "a whole number"),
        ("set.n_shots = 3.0", "set.n_shots", "a whole number"),
        ("set.n_shots = true", "set.n_shots", "a whole number"),
        (f"set.n_shots = {10**30}", "set.n_shots", "a whole number"),
        ("set.tags = 'a'", "set.tags", "a list"),
        ("set.tags = ['a', 3]", "set.tags", "between quotes"),
        ("set.driver = 3", "set.driver", "write a table"),
        ("set.vehicles = 3", "set.vehicles", "write a table"),
        ("set.vehicles.'a.b' = {}", "set.vehicles.a.b", "rename"),
        ("set.vehicles.today.stages.first = {}", "set.vehicles.today.stages.first", "rename"),
        ("set.vehicles.today.stages.3 = {}", "vehicles.today.stages.2", "add it"),
        ("set.driver.efficency = {}", "set.driver.efficency", "did you mean 'efficiency'?"),
    ],
)
def test_one_wrong_thing_in_a_file(problems_of: ProblemsOf, text: str, path: str, remedy: str) -> None:
    extends = "" if text.startswith("extends") else 'extends = "baseline"\n'
    problems = problems_of(f'title = "x"\nprice_year = 2026\n{extends}{text}\n')
    assert remedy in problems[path].remedy


def test_problems_of_catalogues_and_of_the_index_are_reported_too(data: Path, load: Load) -> None:
    (data / "sources.toml").write_text("[handbook]\ntitle = 3\n")
    (data / "price_index.toml").write_text('source = "no"\nwhat = 1\n[index]\n2020 = -1\n')
    with pytest.raises(ScenarioError) as caught:
        load("baseline")
    where = {(problem.file, problem.path) for problem in caught.value.problems}
    expected = {("sources.toml", f"handbook.{key}") for key in ("title", "authors", "year", "access")}
    expected |= {("sources.toml", "handbook"), ("drivers.toml", "bulk.cost.price_year")}
    expected |= {("price_index.toml", key) for key in ("what", "source", "locator", "index", "index.2020")}
    assert where == expected


def test_an_unreadable_catalogue_is_one_problem(data: Path, load: Load) -> None:
    (data / "drivers.toml").write_text("[bulk\n")
    with pytest.raises(ScenarioError) as caught:
        load("baseline")
    assert [problem.file for problem in caught.value.problems] == ["drivers.toml"]
