"""Strict numerics for every test: float64, no silent promotion, no silent rank broadcasting, seeded randomness."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import Array
from jax.flatten_util import ravel_pytree
from jax.test_util import check_grads

import astro_logistics  # noqa: F401  (switches float64 on)

jax.config.update("jax_numpy_dtype_promotion", "strict")
jax.config.update("jax_numpy_rank_promotion", "raise")


QUICK_COMPILER = "--xla_cpu_use_fusion_emitters=false"
"""XLA's older code generator for loops: the same arithmetic, half the compile time, which is most of the tests' time.

Examples and benchmarks run with the one that users get.
"""


def pytest_configure() -> None:
    """Choose the quick compiler, for this process and those it starts, if this XLA knows it (else it would abort)."""
    flags = os.environ.get("XLA_FLAGS", "")
    if "PYTEST_XDIST_WORKER" in os.environ or QUICK_COMPILER in flags:
        return
    wanted = f"{flags} {QUICK_COMPILER}".strip()
    program = "import jax; jax.devices()"
    known = subprocess.run(
        [sys.executable, "-c", program], check=False, env=os.environ | {"XLA_FLAGS": wanted}, capture_output=True
    )
    if known.returncode == 0:
        os.environ["XLA_FLAGS"] = wanted


@pytest.fixture
def rng() -> np.random.Generator:
    """A generator with the same seed in every test."""
    return np.random.default_rng(20260101)


def check_relative_grads(f: Callable[..., Array], *trees: Any, rtol: float = 1e-6) -> None:
    """`check_grads` to order 2, forward and reverse, over the relative change of every leaf of `trees` (none zero).

    Relative, so that a kilogram and a second are moved by the same share. The default tolerance: central differences
    of 1e-4 on a function of order 1 err by 1e-8 to 1e-7.
    """
    flat, unravel = ravel_pytree(jax.tree.map(lambda x: jnp.asarray(x, jnp.float64), trees))
    assert bool(jnp.all(flat != 0.0))
    size = f(*trees)
    check_grads(
        lambda s: f(*unravel(flat * (1.0 + s))) / size,
        (jnp.zeros_like(flat),),
        order=2,
        modes=("fwd", "rev"),
        rtol=rtol,
        atol=rtol,
    )


@pytest.fixture
def relative_grads() -> Callable[..., None]:
    """`check_relative_grads`."""
    return check_relative_grads
