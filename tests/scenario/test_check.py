"""A data folder as a whole: every entry, every source, nothing unused."""

from __future__ import annotations

from pathlib import Path

from astro_logistics.scenario import check_folder


def test_a_good_folder(data: Path) -> None:
    assert check_folder(data) == []


def test_what_is_unused_is_named(data: Path) -> None:
    with (data / "sources.toml").open("a") as stream:
        stream.write('[orphan]\ntitle = "x"\nauthors = "x"\nyear = 2026\nurl = "x"\naccess = "x"\n')
    with (data / "drivers.toml").open("a") as stream:
        stream.write('[idle]\nname = "x"\n')
    found = {(problem.file, problem.path): problem.found for problem in check_folder(data)}
    assert found == {
        ("sources.toml", "orphan"): "a source that no record cites",
        ("drivers.toml", "idle"): "an entry that nothing picks",
    }
    (data / "price_index.toml").unlink()
    assert ("sources.toml", "prices") in {(problem.file, problem.path) for problem in check_folder(data)}


def test_entries_that_nothing_picks_are_checked_too(data: Path) -> None:
    with (data / "drivers.toml").open("a") as stream:
        stream.write("[idle]\n[idle.mass]\nvalue = 1\nunit = 'tt'\nlow = 0\nhigh = 1\nstatus = 'assumed'\n[[odd]]\n")
    paths = {problem.path for problem in check_folder(data)}
    assert {"idle", "idle.mass.unit", "idle.mass.note", "odd"} == paths


def test_scenarios_are_checked(data: Path) -> None:
    (data / "scenarios" / "broken.toml").write_text("title = ")
    (data / "scenarios" / "lost.toml").write_text('title = "x"\nextends = "basline"\n[set.a]\nvalue = 1\n')
    found = {(problem.file, problem.path) for problem in check_folder(data)}
    assert ("scenarios/broken.toml", "") in found
    assert ("scenarios", "") in found
    assert ("scenarios/lost.toml", "set.a.unit") in found
