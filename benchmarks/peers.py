"""CPU seconds beside the wall clock, and pykep where it is installed."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

import jax


def core_seconds(call: Callable[[], Any], runs: int = 7) -> tuple[float, float, float]:
    """(first call on the wall, median CPU seconds of all threads, median wall) of later calls; waits for results."""
    start = time.perf_counter()
    jax.block_until_ready(call())
    first = time.perf_counter() - start
    cpu, wall = [], []
    for _ in range(runs):
        before, start = time.process_time(), time.perf_counter()
        jax.block_until_ready(call())
        cpu.append(time.process_time() - before)
        wall.append(time.perf_counter() - start)
    return first, statistics.median(cpu), statistics.median(wall)


def pykep() -> Any | None:
    """The module, or None with the reason printed (the 3.0.1 wheel lacks JSON files: esa/pykep#217)."""
    try:
        return import_module("pykep")
    except ImportError:
        print("pykep is not installed: pip install 'astro-logistics[bench]'; only our own times follow")
    except FileNotFoundError as error:
        print(f"pykep cannot be imported, its wheel lacks {error.filename}: put a file holding {{}} there")
    return None


def report(name: str, n: int, first: float, cpu: float, wall: float) -> float:
    """Print one row and return the rate, cases per core-second."""
    rate = n / cpu
    print(f"{name:44s} {rate / 1e6:8.3f} M per core-second   wall {wall * 1e3:9.2f} ms   first call {first:6.2f} s")
    return rate
