"""One core, CPU seconds beside the wall clock, and the peers where they are installed."""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

import jax
import jax.numpy as jnp


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


@partial(jax.jit, static_argnums=1)
def written(x: jax.Array, width: int) -> jax.Array:
    """`width` numbers for each of x and no work: what the memory of a result alone costs.

    Large results get new pages from the system each time, and these cost more than the numbers; small ones do not.
    """
    return jnp.broadcast_to(x[:, None], (x.size, width)) + 1.0


def one_core() -> None:
    """Keep this process on one core unless `--all-cores` or `--smoke` is given: waiting threads would count as work.

    Call it before anything is computed. Where the system knows no affinity, rates are lower bounds.
    """
    if not {"--all-cores", "--smoke"} & set(sys.argv[1:]) and hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _peer(module: str, package: str) -> Any | None:
    try:
        return import_module(module)
    except ImportError as error:
        print(f"{module} is not at hand ({error}): pip install {package}")
    except FileNotFoundError as error:
        print(f"{module} cannot be imported, its wheel lacks {error.filename}: put a file holding {{}} there")
    return None


def pykep() -> Any | None:
    """The module, or None with the reason printed (the 3.0.1 wheel lacks JSON files: esa/pykep#217)."""
    return _peer("pykep", "'astro-logistics[bench]'")


def heyoka() -> Any | None:
    """The module, or None with the reason printed."""
    return _peer("heyoka", "'astro-logistics[bench]'")


def adam_core() -> Any | None:
    """Its Lambert module, or None with the reason printed."""
    return _peer("adam_core.dynamics.lambert", "adam-core==0.6.1")


def adam_core_kernel(path: str) -> Any | None:
    """Its reader of SPK files with this one loaded, or None with the reason printed."""
    module = _peer("adam_core.utils.spice_backend", "adam-core==0.6.1")
    if module is None:
        return None
    backend = module.get_backend()
    backend.furnsh(path)
    return backend


def report(name: str, n: int, first: float, cpu: float, wall: float) -> float:
    """Print one row and return the rate, cases per core-second."""
    rate = n / cpu
    print(f"{name:44s} {rate / 1e6:8.3f} M per core-second   wall {wall * 1e3:9.2f} ms   first call {first:6.2f} s")
    return rate
