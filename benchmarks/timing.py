"""Medians of repeated runs, compile time apart, the settings of the process and the versions they were taken with."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jax
import numpy as np

KEEP = "glibc.malloc.mmap_max=0:glibc.malloc.trim_threshold=1073741824:glibc.malloc.arena_max=1"
"""Memory given back stays with the process, up to 1 GiB: large results need no new pages from the system each time."""

WIDE = "--xla_cpu_prefer_vector_width=512"
"""Vectors as wide as the registers: XLA's CPU compiler takes half of them otherwise."""


def settings() -> dict[str, str]:
    """Environment variables that the figures are taken with on this machine, where they are not set already."""
    found = {}
    if platform.libc_ver()[0] == "glibc" and "GLIBC_TUNABLES" not in os.environ:
        found["GLIBC_TUNABLES"] = KEEP
    flags = os.environ.get("XLA_FLAGS", "")
    if " avx512f" in _processor() and "prefer_vector_width" not in flags and _known(WIDE):
        found["XLA_FLAGS"] = f"{flags} {WIDE}".strip()
    return found


def _processor() -> str:
    try:
        return Path("/proc/cpuinfo").read_text()
    except OSError:
        return ""


def _known(flag: str) -> bool:
    """Whether this XLA takes the flag; it aborts where it does not."""
    found = subprocess.run(
        [sys.executable, "-c", "import jax; jax.devices()"],
        env={**os.environ, "XLA_FLAGS": flag, "JAX_PLATFORMS": "cpu"},
        capture_output=True,
        check=False,
    )
    return found.returncode == 0


def settle() -> None:
    """Start this script once more with `settings`, for ours and every peer, unless `--plain` or `--smoke` is given."""
    wanted = {} if {"--plain", "--smoke"} & set(sys.argv[1:]) else settings()
    if wanted:
        os.execve(sys.executable, sys.orig_argv, {**os.environ, **wanted})


def versions() -> str:
    """Python, JAX, NumPy, the machine and what is set there, one line."""
    given = [f"{name}={os.environ[name]}" for name in ("GLIBC_TUNABLES", "XLA_FLAGS") if os.environ.get(name)]
    return ", ".join(
        [
            f"Python {platform.python_version()}",
            f"JAX {jax.__version__}",
            f"NumPy {np.__version__}",
            platform.machine(),
            jax.default_backend(),
            *(given or ["no setting"]),
        ]
    )


def median_seconds(call: Callable[[], Any], runs: int = 7) -> tuple[float, float]:
    """(first call, median of the later ones) in seconds; waits for the result each time."""
    start = time.perf_counter()
    jax.block_until_ready(call())
    first = time.perf_counter() - start
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        jax.block_until_ready(call())
        seconds.append(time.perf_counter() - start)
    return first, statistics.median(seconds)


def smoke() -> bool:
    """Whether the script was asked for a seconds-long run."""
    return "--smoke" in sys.argv[1:]
