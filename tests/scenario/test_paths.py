"""Where the data is found."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from astro_logistics.scenario import ScenarioError, catalogue_names, data_folder, scenario_names


def test_names(data: Path) -> None:
    assert catalogue_names(data) == ["drivers", "vehicles"]
    assert scenario_names(data) == ["baseline", "claims"]
    assert scenario_names(data / "missing") == []


@pytest.mark.parametrize("place", ["astro_logistics/_data", "data"])
def test_an_installed_package_and_a_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str) -> None:
    package = tmp_path / "astro_logistics"
    package.mkdir()
    monkeypatch.setattr(resources, "files", lambda _name: package)
    with pytest.raises(ScenarioError, match="reinstall"):
        data_folder()
    (tmp_path / place).mkdir()
    (tmp_path / place / "sources.toml").touch()
    assert data_folder() == tmp_path / place


def test_the_working_folder_does_not_matter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = data_folder()
    monkeypatch.chdir(tmp_path)
    assert data_folder() == here
    assert (here / "sources.toml").is_file()
