"""Medians of repeated runs, compile time apart, and the versions they were taken with."""

from __future__ import annotations

import platform
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import jax
import numpy as np


def versions() -> str:
    """Python, JAX, NumPy and the machine, one line."""
    return (
        f"Python {platform.python_version()}, JAX {jax.__version__}, NumPy {np.__version__}, "
        f"{platform.machine()}, {jax.default_backend()}"
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
