"""The wheel, installed away from the checkout, carries its data and does the main job."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from astro_logistics.network.evaluate import ROUTES

ROOT = Path(__file__).resolve().parents[1]

pytestmark = pytest.mark.slow


def run(command: list[str | Path], cwd: Path, env: Mapping[str, str]) -> str:
    """Standard output of a command that must succeed."""
    done = subprocess.run(
        [str(c) for c in command], cwd=cwd, env=dict(env), capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


class Installed(NamedTuple):
    wheel: Path
    environment: Path
    bin: Path
    away: Path
    env: Mapping[str, str]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """A fresh environment with the wheel in it; its dependencies are those of the environment the tests run in.

    A `.pth` file lends them: the `.pth` files of a folder reached that way are not read, so that an editable install
    of the checkout stays out of sight.
    """
    base = tmp_path_factory.mktemp("wheel")
    env = {k: v for k, v in os.environ.items() if k not in {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV"}}
    run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", base / "dist", ROOT], base, env)
    (wheel,) = (base / "dist").glob("*.whl")
    environment = base / "environment"
    venv.create(environment, with_pip=False, symlinks=os.name != "nt")
    scripts = environment / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / "python"
    pip = [sys.executable, "-m", "pip", "--python", python, "install", "-q", "--no-deps", "--no-index"]
    run([*pip, "--disable-pip-version-check", wheel], base, env)
    purelib = Path(run([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], base, env).strip())
    lent = [p for p in sys.path if Path(p).name in {"site-packages", "dist-packages"}]
    (purelib / "lent.pth").write_text("\n".join(lent) + "\n")
    away = base / "away"
    away.mkdir()
    return Installed(wheel, environment, scripts, away, env)


def test_wheel_holds_package_and_data_only(installed: Installed):
    names = zipfile.ZipFile(installed.wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    assert {t for t in tops if not t.endswith(".dist-info")} == {"astro_logistics"}
    data = {p.relative_to(ROOT / "data").as_posix() for p in (ROOT / "data").rglob("*") if p.is_file()}
    inside = {n.removeprefix("astro_logistics/_data/") for n in names if n.startswith("astro_logistics/_data/")}
    assert inside == data
    modules = {p.relative_to(ROOT).as_posix() for p in (ROOT / "astro_logistics").rglob("*.py")}
    assert modules <= set(names)
    assert "astro_logistics/py.typed" in names
    assert any(n.endswith("licenses/LICENSE") for n in names)


def test_imported_from_the_environment(installed: Installed):
    code = (
        "import astro_logistics; from astro_logistics.scenario.paths import data_folder; "
        "print(astro_logistics.__file__); print(data_folder())"
    )
    lines = run([installed.bin / "python", "-c", code], installed.away, installed.env).split("\n")
    package, data = Path(lines[0]).resolve().parent, Path(lines[1]).resolve()
    assert installed.environment.resolve() in package.parents
    assert ROOT not in package.parents
    assert data == package / "_data"
    assert (data / "sources.toml").is_file()


def test_main_job_away_from_the_checkout(installed: Installed):
    out = run([installed.bin / "astro-logistics", "compare", "--json", "-"], installed.away, installed.env)
    routes = json.loads(out)["routes"]
    assert [r["name"] for r in routes] == list(ROUTES)
    keys = (
        "name origin destination delta_v_m_per_s transit_days departures_per_year mean_wait_days energy_mj_per_kg "
        "propellant_kg_per_kg cost_usd_per_kg throughput_t_per_year datacenter_gw_per_year limited_by"
    )
    for route in routes:
        assert set(keys.split()) <= set(route)
        assert route["cost_usd_per_kg"] > 0.0
