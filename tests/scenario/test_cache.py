"""Work kept between runs: where it goes, and that a file cut short costs time, not the answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import jax
import numpy as np
import pytest

from astro_logistics.scenario import cache


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that the variable names, in use for one test; then the tests' own again."""
    before, jax_folder = list(cache._folder), jax.config.values["jax_compilation_cache_dir"]
    monkeypatch.setenv("ASTRO_LOGISTICS_CACHE", str(tmp_path / "kept"))
    monkeypatch.delenv("JAX_COMPILATION_CACHE_DIR", raising=False)
    yield tmp_path / "kept"
    cache._folder[:] = before
    jax.config.update("jax_compilation_cache_dir", jax_folder)
    cache.compilation_cache.reset_cache()


def test_the_variables_say_where(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache.default_folder() == folder
    assert cache.use()
    assert jax.config.values["jax_compilation_cache_dir"] == str(folder / "jax")
    assert cache.is_fresh()
    (folder / "jax" / "a_program").touch()
    assert not cache.is_fresh()
    monkeypatch.setenv("JAX_COMPILATION_CACHE_DIR", str(tmp_path / "programs"))
    assert cache.use()
    assert jax.config.values["jax_compilation_cache_dir"] == str(tmp_path / "programs")
    assert cache.is_fresh()


def test_a_folder_that_cannot_be_made(folder: Path) -> None:
    folder.write_text("a file in its place")
    assert not cache.use()


def test_kept_once_and_made_anew_when_cut_short(folder: Path) -> None:
    calls = []

    def compute() -> dict[str, np.ndarray]:
        calls.append(1)
        return {"x": np.arange(3.0)}

    assert cache.use()
    for key, count in (("a", 1), ("a", 1), ("b", 2)):
        np.testing.assert_array_equal(cache.kept("name", key, compute)["x"], np.arange(3.0))
        assert len(calls) == count
    for file in folder.glob("name-*.npz"):
        file.write_bytes(file.read_bytes()[:40])
    np.testing.assert_array_equal(cache.kept("name", "a", compute)["x"], np.arange(3.0))
    assert len(calls) == 3
