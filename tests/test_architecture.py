"""The floors of the house, read from the imports; and proof, on planted violations, that the reading can fail."""

from __future__ import annotations

import ast
import fnmatch
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = "astro_logistics"

FLOORS = {
    "constants": 0,
    "pytree": 0,
    "compiling": 0,
    "numerics": 1,
    "named_checks": 1,
    "astro": 2,
    "launch": 2,
    "datacenter": 2,
    "economics": 2,
    "network": 3,
    "design": 4,
    "units": 5,
    "scenario": 6,
    "interop": 6,
    "report": 7,
    "api": 8,
    "cli": 9,
    "__init__": 9,
}
"""Floor of each top-level module or folder of the package."""

TOP_LEVEL = {
    "pyproject.toml",
    "README.md",
    "LICENSE",
    "astro_logistics",
    "tests",
    "data",
    "docs",
    "examples",
    "benchmarks",
}
"""The top level of the repository, dot-files apart."""

LAZY = {"interop": {"poliastro", "hapsira"}}
"""Optional packages that a folder may import inside a function."""

QUANTITY_FLOOR = 5
"""Below this floor numbers are SI floats: nothing imports astropy."""

MAX_LINES = 350


def module_name(package: Path, path: Path) -> tuple[str, ...]:
    """Parts of a module's name below the package; the package itself is ("__init__",)."""
    parts = path.relative_to(package).with_suffix("").parts
    return parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts


def imports(tree: ast.AST, package: Path, path: Path) -> Iterator[tuple[ast.stmt, str]]:
    """Every import statement, under TYPE_CHECKING too, and the absolute dotted names it may bring in."""
    here = (package.name, *path.relative_to(package).parent.parts)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom):
            above = here[: len(here) - node.level + 1] if node.level else ()
            base = ".".join((*above, *([node.module] if node.module else [])))
            for alias in node.names:
                yield node, f"{base}.{alias.name}"


def inner_imports(tree: ast.AST) -> set[ast.stmt]:
    """Import statements inside a function."""
    functions = (n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)))
    return {n for f in functions for n in ast.walk(f) if isinstance(n, (ast.Import, ast.ImportFrom))}


def imported_unit(package: Path, name: str) -> str | None:
    """The top-level module or folder of the package that a dotted name reaches; None outside the package."""
    parts = name.split(".")
    if parts[0] != package.name:
        return None
    if len(parts) > 1 and (
        parts[1] in FLOORS or (package / parts[1]).is_dir() or (package / f"{parts[1]}.py").exists()
    ):
        return parts[1]
    return "__init__"


def check_module(package: Path, path: Path) -> Iterator[str]:
    """Violations in one module."""
    where = path.relative_to(package).as_posix()
    text = path.read_text("utf-8")
    tree = ast.parse(text)
    own = module_name(package, path)[0]
    if path.stem in {"utils", "util"}:
        yield f"{where}: a module called {path.stem}"
    if len(text.splitlines()) > MAX_LINES:
        yield f"{where}: {len(text.splitlines())} lines, above {MAX_LINES}"
    if (not path.stem.startswith("_") or path.stem == "__init__") and not ast.get_docstring(tree):
        yield f"{where}: no docstring"
    if own not in FLOORS:
        yield f"{where}: on no floor"
        return
    inner = inner_imports(tree)
    for node, name in imports(tree, package, path):
        if node in inner and name.split(".")[0] not in LAZY.get(own, set()):
            yield f"{where}:{node.lineno}: import of {name} inside a function"
        if name.split(".")[0] == "astropy" and FLOORS[own] < QUANTITY_FLOOR:
            yield f"{where}:{node.lineno}: astropy below floor {QUANTITY_FLOOR}"
        unit = imported_unit(package, name)
        if unit is None or unit == own:
            continue
        if unit not in FLOORS:
            yield f"{where}:{node.lineno}: imports {name}, which is on no floor"
        elif FLOORS[unit] >= FLOORS[own]:
            yield f"{where}:{node.lineno}: floor {FLOORS[own]} imports {name} of floor {FLOORS[unit]}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"__import__", "importlib.import_module"}:
            yield f"{where}:{node.lineno}: hidden import"


def violations(package: Path) -> list[str]:
    """All violations in a package."""
    return [v for path in sorted(package.rglob("*.py")) for v in check_module(package, path)]


def test_floors():
    assert violations(ROOT / PACKAGE) == []


def test_import_computes_nothing():
    """JAX starts its device and threads at the first computation: flags and cores that are set before that hold."""
    found = subprocess.run(
        [sys.executable, "-c", "import astro_logistics; import jax; jax.devices()"],
        env={**os.environ, "JAX_PLATFORMS": "none_such"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "none_such" in found.stderr
    assert "astro_logistics" not in found.stderr


def test_every_floor_exists():
    units = {p.stem for p in (ROOT / PACKAGE).iterdir() if p.suffix == ".py" or (p / "__init__.py").exists()}
    assert units == set(FLOORS)


def stray_entries(root: Path) -> set[str]:
    """Names that stand at the top level and should not, or the other way round; what git ignores does not count."""
    ignored = [line.rstrip("/") for line in (root / ".gitignore").read_text().split()]
    names = {p.name for p in root.iterdir() if not p.name.startswith(".")}
    return {n for n in names if not any(fnmatch.fnmatch(n, i) for i in ignored)} ^ TOP_LEVEL


def test_top_level():
    assert stray_entries(ROOT) == set()
    assert (ROOT / ".ci").is_dir()


# ---- controls: the checker fails on planted violations


def plant(tmp_path: Path, files: dict[str, str]) -> Path:
    """A small fake package; every module gets a docstring unless it has text of its own that starts otherwise."""
    package = tmp_path / "fake"
    for name, body in files.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body)
    for folder in {package, *(p.parent for p in package.rglob("*.py"))}:
        if not (folder / "__init__.py").exists():
            (folder / "__init__.py").write_text('"""Doc."""\n')
    return package


DOC = '"""Doc."""\n'
SOUND = {
    "constants.py": DOC,
    "pytree.py": DOC,
    "numerics.py": DOC + "from fake import constants\nfrom . import pytree\n",
    "astro/orbits.py": DOC + "import jax\nfrom ..numerics import root\nfrom .kepler import solve\n",
    "astro/kepler.py": DOC + "from fake.numerics import root\n",
    "launch/rocket.py": DOC + "from fake.numerics import root\n",
    "network/evaluate.py": DOC + "from fake.astro import orbits\nfrom fake.launch.rocket import payload\n",
    "units.py": DOC + "import astropy.units\n",
    "interop/bridge.py": DOC + "def f():\n    import hapsira\n    return hapsira\n",
    "__init__.py": DOC + "from fake.units import to_si\nfrom fake import network\n",
}


def test_sound_package_passes(tmp_path: Path):
    assert violations(plant(tmp_path, SOUND)) == []


@pytest.mark.parametrize(
    ("name", "body", "message"),
    [
        ("astro/bad.py", "from fake.network import evaluate\n", "floor 2 imports fake.network.evaluate of floor 3"),
        ("astro/bad.py", "import fake.network.evaluate as e\n", "floor 2 imports fake.network.evaluate of floor 3"),
        ("astro/bad.py", "from ..network.evaluate import f\n", "floor 2 imports fake.network.evaluate.f of floor 3"),
        ("astro/bad.py", "from .. import network\n", "floor 2 imports fake.network of floor 3"),
        ("astro/bad.py", "import fake\n", "floor 2 imports fake of floor 9"),
        ("astro/bad.py", "from fake import something\n", "floor 2 imports fake.something of floor 9"),
        ("astro/bad.py", "from fake.launch import rocket\n", "floor 2 imports fake.launch.rocket of floor 2"),
        (
            "astro/bad.py",
            "from ..launch.rocket import payload\n",
            "floor 2 imports fake.launch.rocket.payload of floor 2",
        ),
        ("astro/deep/bad.py", "from ...launch import rocket\n", "floor 2 imports fake.launch.rocket of floor 2"),
        ("constants.py", "from fake.pytree import field\n", "floor 0 imports fake.pytree.field of floor 0"),
        (
            "astro/bad.py",
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from fake.launch import rocket\n",
            "floor 2 imports fake.launch.rocket of floor 2",
        ),
        ("astro/bad.py", "def f():\n    from fake import numerics\n", "inside a function"),
        ("astro/bad.py", "class C:\n    def f(self):\n        import hapsira\n", "inside a function"),
        ("interop/bad.py", "def f():\n    import scipy\n", "inside a function"),
        ("astro/bad.py", "import importlib\nx = importlib.import_module('fake.launch')\n", "hidden import"),
        ("astro/bad.py", "from astropy import units\n", "astropy below floor 5"),
        ("astro/utils.py", "", "a module called utils"),
        ("astro/bad.py", "x = 1\n" * MAX_LINES, f"{MAX_LINES + 1} lines"),
        ("helpers.py", "", "on no floor"),
        ("network/bad.py", "from fake import helpers\n", "floor 3 imports fake.helpers of floor 9"),
    ],
)
def test_planted_violation_is_found(tmp_path: Path, name: str, body: str, message: str):
    found = violations(plant(tmp_path, SOUND | {name: DOC + body}))
    assert len(found) == 1, found
    assert found[0].startswith(name)
    assert message in found[0]


def test_missing_docstring_is_found(tmp_path: Path):
    assert violations(plant(tmp_path, SOUND | {"astro/bad.py": "x = 1\n"})) == ["astro/bad.py: no docstring"]


def test_stray_top_level_entry_is_found(tmp_path: Path):
    for name in TOP_LEVEL | {".git", "build"}:
        (tmp_path / name).touch()
    (tmp_path / ".gitignore").write_text("build/\n*.egg-info/\n")
    assert stray_entries(tmp_path) == set()
    (tmp_path / "setup.py").touch()
    (tmp_path / "LICENSE").unlink()
    assert stray_entries(tmp_path) == {"setup.py", "LICENSE"}
