"""Files that are wrong on purpose end in a `ScenarioError`, soon, and never in a traceback."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from astro_logistics.scenario import ScenarioError, load_scenario
from astro_logistics.scenario.toml_file import LARGEST_FILE

Load = Callable[[str | Path], tuple[Any, Any]]

HEAD = 'title = "x"\nextends = "baseline"\n'
GOOD_SECONDS = 20.0
"""A hostile file takes under 4 s on an idle core; the rest is for a busy machine."""


def n_lines(text: str, size: int) -> str:
    return text * (size // len(text))


HOSTILE: dict[str, str | bytes] = {
    "empty": "",
    "not TOML": "hello",
    "binary": bytes(range(256)) * 100,
    "not UTF-8": b'title = "\xff\xfe"',
    "UTF-16": 'title = "x"'.encode("utf-16"),
    "null bytes": b"\0" * 1000,
    "duplicate keys": 'title = "x"\ntitle = "y"',
    "duplicate tables": "[set]\n[set]",
    "table over key": "set = 1\n[set.discount]",
    "unclosed text": 'title = """x',
    "deep lists": "x = " + "[" * 1_000_000,
    "deep inline tables": "x = " + "{a=" * 1_000_000,
    "lists too deep to read, few enough to try": "x = " + "[" * 50_000,
    "tables too deep to read, few enough to try": "x = " + "{a=" * 50_000,
    "lists just readable": HEAD + "set.discount = " + "[" * 150 + "]" * 150,
    "tables just readable": HEAD + "set.vehicles = " + "{a=" * 150 + "1" + "}" * 150,
    "deep header": "[" + ".".join(["a"] * 1_000_000) + "]",
    "deep key in a pick": HEAD + "pick = " + "{driver=" * 60 + "1" + "}" * 60,
    "deep quoted header": "[" + ".".join(['"a.b"'] * 100_000) + "]",
    "dotted keys at the limit": n_lines(".".join(["a"] * 60) + "=1\n", 390_000),
    "deep header with many keys": "[" + ".".join("a" * 64) + "]\n" + "".join(f"k{i}=1\n" for i in range(95_000)),
    "many unknown keys": HEAD + "[set]\n" + "".join(f"k{i}=1\n" for i in range(95_000)),
    "many unknown sources": HEAD + "".join(f"[sources.k{i}]\n" for i in range(49_000)),
    "many unknown members": HEAD + "".join(f"set.vehicles.k{i}={{}}\n" for i in range(40_000)),
    "many unknown picks": HEAD + "[pick]\n" + "".join(f"k{i}='a:b'\n" for i in range(95_000)),
    "long list": "x = [" + "1," * 5_000_000 + "]",
    "long bare key": "a" * 3_000_000 + " = 1",
    "long text key": HEAD + '[set."' + "a" * 3_000_000 + '"]',
    "spaces": "x = " + " " * 3_000_000,
    "comment": "#" * 3_000_000,
    "escapes": 'x = "' + "\\n" * 4_000_000 + '"',
    "quotes": 'x = """' + 'a" ' * 3_000_000,
    "long integer": HEAD + "set.n_shots = " + "9" * 3_000_000,
    "integer of 4000 digits": HEAD + "set.n_shots = " + "9" * 4000,
    "long hexadecimal": HEAD + "set.n_shots = 0x" + "f" * 3_000_000,
    "long float": HEAD + "set.discount.value = 1." + "9" * 3_000_000,
    "large exponent": HEAD + "set.discount.value = 1e999999999",
    "dates": HEAD + "set.discount = 2026-01-01T00:00:00Z",
    "date out of range": HEAD + "set.discount = 2026-13-41",
    "title is a list": 'title = ["x"]\nextends = "baseline"',
    "title drives the terminal": 'title = "\\u001b]0;x\\u0007"\nextends = "baseline"',
    "name drives the terminal": HEAD + '[set."\\u001b[2J"]\n',
    "extends a device": 'title = "x"\nextends = "/dev/zero"',
    "over 10 MB": b"#" * (LARGEST_FILE + 1),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_a_scenario_error_soon(name: str, tmp_path: Path, load: Load) -> None:
    content = HOSTILE[name]
    path = tmp_path / "hostile.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    start = time.process_time()
    with pytest.raises(ScenarioError) as caught:
        load(path)
    text = str(caught.value)
    assert time.process_time() - start < GOOD_SECONDS
    assert len(text) < 40_000
    assert all(c.isprintable() or c == "\n" for c in text)


def test_each_guard_has_its_own_message(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "hostile.toml"
    for name, words in {
        "lists too deep to read, few enough to try": "nested too deeply",
        "tables too deep to read, few enough to try": "nested too deeply",
        "deep lists": "at most 200000",
        "deep quoted header": "at most 64 on a line",
        "integer of 4000 digits": "a whole number",
        "long integer": "4300 digits",
        "not UTF-8": "UTF-8",
        "over 10 MB": "10 MB",
        "duplicate keys": "Cannot overwrite a value",
    }.items():
        content = HOSTILE[name]
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        with pytest.raises(ScenarioError, match=words):
            load(path)


def test_a_large_good_file_loads(tmp_path: Path, load: Load) -> None:
    path = tmp_path / "large.toml"
    path.write_text(HEAD + n_lines("# a remark as long as remarks are when they are long\n", LARGEST_FILE - 100))
    assert load(path)[0].title == "x"


def test_what_is_no_file(tmp_path: Path, load: Load) -> None:
    pipe = tmp_path / "pipe.toml"
    os.mkfifo(pipe)
    folder = tmp_path / "folder.toml"
    folder.mkdir()
    loop = tmp_path / "loop.toml"
    loop.symlink_to(loop)
    names = [
        "",
        ".",
        "..",
        "baseline.toml\0",
        "a\0b",
        "x" * 5000,
        "x" * 5000 + ".toml",
        "~",
        "/",
        "/dev/zero",
        "\ud800",
    ]
    for path in [pipe, folder, loop, tmp_path / "missing.toml", tmp_path, *names]:
        with pytest.raises(ScenarioError) as caught:
            load(path)
        assert str(caught.value)


def test_a_folder_that_is_no_data_folder(tmp_path: Path, cls: type) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(ScenarioError, match=r"sources\.toml"):
            load_scenario("baseline", cls, folder, {"sky": None})


def test_an_unreadable_file(tmp_path: Path, load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: object) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "secret.toml"
    path.write_text(HEAD)
    monkeypatch.setattr(Path, "open", refuse)  # the tests may run as root, who may read anything
    with pytest.raises(ScenarioError, match="Permission denied"):
        load(path)


any_value = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.dates() | st.datetimes(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
KEYS = ["title", "price_year", "extends", "pick", "set", "sources", "description"]
BELOW = ["driver", "vehicles", "discount", "name", "value", "unit", "low", "high", "status", "source", "price_year"]
BELOW += ["stages", "0", "parents", "formula", "note", "locator", "today", "cost", "tags", "n_shots", "year"]


def toml(value: object) -> str:
    """A value in TOML's notation; None becomes what is no TOML."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(str(k))} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(toml(v) for v in value) + "]"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(c):08x}" if not c.isalnum() else c for c in value) + '"'
    return value.isoformat() if hasattr(value, "isoformat") else str(value)  # type: ignore[attr-defined]


fuzzed = settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def loads_or_is_refused(folder: Path, load: Load, text: str) -> bool:
    """Whether the text is a good scenario; anything but a scenario or a ScenarioError escapes and fails the test."""
    path = folder / "fuzz.toml"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    try:
        load(path)
    except ScenarioError as error:
        shown = str(error)
        return not shown
    return True


@given(st.dictionaries(st.sampled_from(KEYS), any_value, max_size=5))
@fuzzed
def test_any_tables(data: Path, load: Load, tables: dict[str, object]) -> None:
    loads_or_is_refused(data, load, "\n".join(f"{key} = {toml(value)}" for key, value in tables.items()))


@given(st.lists(st.tuples(st.lists(st.sampled_from(BELOW), min_size=1, max_size=5), any_value), max_size=4))
@example([(["discount", "value"], float("nan"))])
@fuzzed
def test_any_values_at_known_keys(data: Path, load: Load, changes: list[tuple[list[str], object]]) -> None:
    lines = "".join(f"{'.'.join(path)} = {toml(value)}\n" for path, value in changes)
    loads_or_is_refused(data, load, f"{HEAD}[set]\n{lines}")
    loads_or_is_refused(data, load, f"{HEAD}[pick]\n{lines}")
    loads_or_is_refused(data, load, f"{HEAD}[sources]\n{lines}")


@given(st.text(max_size=200))
@fuzzed
def test_any_text(data: Path, load: Load, text: str) -> None:
    assert not loads_or_is_refused(data, load, text)


@given(st.integers(0, 10_000), st.integers(0, 12), st.text(alphabet='=[]{}".,#\n\\0-9ae_ \x00é', max_size=4))
@fuzzed
def test_good_files_with_a_piece_replaced(data: Path, load: Load, at: int, cut: int, put: str) -> None:
    names = ("scenarios/baseline.toml", "drivers.toml", "vehicles.toml", "sources.toml", "price_index.toml")
    path = data / names[at % len(names)]
    text = path.read_text(encoding="utf-8")
    start = at % len(text)
    path.write_text(text[:start] + put + text[start + cut :], encoding="utf-8")
    try:
        load("claims")
    except ScenarioError as error:
        assert error.problems  # noqa: PT017  (it may load as well)
    finally:
        path.write_text(text, encoding="utf-8")
