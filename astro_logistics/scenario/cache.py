"""Work kept between runs, in the user's cache folder: compiled code, and opportunities found on an ephemeris."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import jax
import numpy as np
from jax.experimental.compilation_cache import compilation_cache

_folder: list[Path] = []  # the folder in use, if any


def _programs(folder: Path) -> Path:
    """Where compiled code is kept: where JAX's own variable says, or in the folder."""
    return Path(os.environ.get("JAX_COMPILATION_CACHE_DIR") or folder / "jax")


def default_folder() -> Path:
    """The package's place in the user's cache folder, or where the variable ASTRO_LOGISTICS_CACHE says."""
    if chosen := os.environ.get("ASTRO_LOGISTICS_CACHE"):
        return Path(chosen)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache"))
    return base / "astro_logistics"


def is_fresh() -> bool:
    """Whether a folder is in use and holds no compiled code yet, so that the first run will take its time."""
    return bool(_folder) and not any(_programs(_folder[0]).iterdir())


def use(folder: str | os.PathLike[str] | None = None) -> bool:
    """Keep compiled code and found opportunities in a folder from now on; False if it cannot be written to.

    Args:
        folder: where; by default `default_folder()`. Compiled code goes where the variable JAX_COMPILATION_CACHE_DIR
            says, if it is set, and to `jax` in the folder otherwise.
    """
    path = Path(folder) if folder is not None else default_folder()
    try:
        path.mkdir(parents=True, exist_ok=True)
        _programs(path).mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError:
        return False
    jax.config.update("jax_compilation_cache_dir", str(_programs(path)))
    jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
    jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    compilation_cache.reset_cache()  # whatever compiled before this has closed the question of a cache
    _folder[:] = [path]
    return True


def kept(name: str, key: str, compute: Callable[[], Mapping[str, np.ndarray]]) -> Mapping[str, np.ndarray]:
    """Arrays computed once for a key, then read from the cache folder; computed each time where there is none.

    Args:
        name: what they are, the front of the file's name.
        key: everything they depend on, the version of the code that computes them included.
        compute: makes them.
    """
    if not _folder:
        return compute()
    file = _folder[0] / f"{name}-{hashlib.sha256(key.encode()).hexdigest()[:32]}.npz"
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
            return dict(stored)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):  # not there yet, or cut short: make it anew
        arrays = compute()
    try:
        with tempfile.NamedTemporaryFile(dir=_folder[0], suffix=".part", delete=False) as part:
            np.savez(part, **arrays)  # pyright: ignore[reportArgumentType]
        os.replace(part.name, file)
    except OSError:
        return arrays  # a full disk costs time, not the answer
    return arrays
