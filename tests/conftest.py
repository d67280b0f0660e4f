"""Strict numerics for every test: float64, no silent promotion, no silent rank broadcasting, seeded randomness."""

from __future__ import annotations

import gc
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import Array
from jax.flatten_util import ravel_pytree

import astro_logistics  # switches float64 on

jax.config.update("jax_numpy_dtype_promotion", "strict")
jax.config.update("jax_numpy_rank_promotion", "raise")

gc.set_threshold(
    50_000, 20, 20
)  # tracing makes many lasting objects; looking for cycles among them was a quarter of it


QUICK_COMPILER = "--xla_cpu_use_fusion_emitters=false --xla_cpu_parallel_codegen_split_count=1"
"""XLA's older code generator for loops, and a program in one piece, as both cores are busy: the same arithmetic, half
the compile time, which is most of the tests' time.

Examples and benchmarks run with the one that users get.
"""


def pytest_configure(config: pytest.Config) -> None:
    """Choose the quick compiler and a folder for what it compiles, for this process and those it starts.

    The folder is made for this run and removed after it, unless ASTRO_LOGISTICS_CACHE names one; a program that two
    workers, or a test and the command it starts, have in common is compiled once. It is not the user's.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        config.option.loadscopereorder = False  # the order of pytest_collection_modifyitems stands
        if "ASTRO_LOGISTICS_CACHE" not in os.environ:
            os.environ["ASTRO_LOGISTICS_CACHE"] = tempfile.mkdtemp(prefix="astro_logistics_tests_")
            config.add_cleanup(lambda: shutil.rmtree(os.environ.pop("ASTRO_LOGISTICS_CACHE"), ignore_errors=True))
        choose_compiler()
    assert astro_logistics.use_cache()


def choose_compiler() -> None:
    """The quick one if this XLA knows it (else it would abort)."""
    flags = os.environ.get("XLA_FLAGS", "")
    if QUICK_COMPILER in flags:
        return
    wanted = f"{flags} {QUICK_COMPILER}".strip()
    program = "import jax; jax.devices()"
    known = subprocess.run(
        [sys.executable, "-c", program], check=False, env=os.environ | {"XLA_FLAGS": wanted}, capture_output=True
    )
    if known.returncode == 0:
        os.environ["XLA_FLAGS"] = wanted


@pytest.hookimpl(tryfirst=True)  # before the item's fixtures compile
def pytest_runtest_setup(item: pytest.Item) -> None:
    """What a test compiles, here and in the commands that it starts, is hardly optimized unless it is so marked.

    Most programs run here for less time than it takes to optimize them.
    """
    barely = item.get_closest_marker("optimized") is None
    jax.config.update("jax_disable_most_optimizations", barely)
    os.environ["JAX_DISABLE_MOST_OPTIMIZATIONS"] = str(int(barely))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with a slow test first, so that no worker is left alone with one at the end."""
    slow = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture
def rng() -> np.random.Generator:
    """A generator with the same seed in every test."""
    return np.random.default_rng(20260101)


def check_second_order(f: Callable[..., Any], *trees: Any, rtol: float = 1e-6, step: float = 1e-3) -> None:
    """Gradient and Hessian (forward over reverse) of a mixture of all that `f` returns, against central differences.

    One program gives both, which is what a test's time goes to. The mixture's weights are irregular, so that no error
    in one element hides behind another; the differences are of fourth order: off by step^4 of the fifth derivative.
    """
    start, unravel = ravel_pytree(jax.tree.map(lambda x: np.asarray(x, np.float64), trees))
    flat = np.asarray(start)  # all but the two programs is numpy: nothing more to compile

    def mixture(x: Array) -> Array:
        found = ravel_pytree(f(*unravel(x)))[0]
        return jnp.sum(found * jnp.cos(jnp.arange(1.0, found.size + 1.0)))

    value = jax.jit(mixture)
    both = jax.jit(lambda x, d: jax.jvp(jax.grad(mixture), (x,), (d,)))

    def difference(g: Callable[[np.ndarray], Array], d: np.ndarray) -> np.ndarray:
        near, far = (np.asarray(g(flat + k * step * d)) - np.asarray(g(flat - k * step * d)) for k in (1, 2))
        return (8.0 * near - far) / (12.0 * step)

    for d in np.eye(flat.size):
        gradient, bend = (np.asarray(x) for x in both(flat, d))
        assert np.all(np.isfinite(gradient)), "a derivative is not finite"
        size = 1.0 + np.max(np.abs(gradient))
        np.testing.assert_allclose(gradient @ d, difference(value, d), rtol=rtol, atol=rtol * size)
        wanted = difference(lambda x, d=d: both(x, d)[0], d)
        size = 1.0 + np.max(np.abs(bend))
        np.testing.assert_allclose(bend, wanted, rtol=rtol, atol=rtol * size)


def check_relative_grads(f: Callable[..., Array], *trees: Any, rtol: float = 1e-6) -> None:
    """`check_second_order` of f over its value, over the relative change of every leaf of `trees` (none zero).

    Relative, so that a kilogram and a second are moved by the same share.
    """
    start, unravel = ravel_pytree(jax.tree.map(lambda x: np.asarray(x, np.float64), trees))
    flat = np.asarray(start)
    assert np.all(flat != 0.0)
    size = f(*trees)
    check_second_order(lambda s: f(*unravel(flat * (1.0 + s))) / size, np.zeros_like(flat), rtol=rtol)


@pytest.fixture
def second_order() -> Callable[..., None]:
    """`check_second_order`."""
    return check_second_order


@pytest.fixture
def relative_grads() -> Callable[..., None]:
    """`check_relative_grads`."""
    return check_relative_grads
