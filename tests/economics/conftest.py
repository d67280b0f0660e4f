"""Derivatives in relative coordinates, so that a kilogram and a second are moved by the same share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import pytest
from jax import Array
from jax.flatten_util import ravel_pytree
from jax.test_util import check_grads


def check_relative_grads(f: Callable[..., Array], *trees: Any, rtol: float = 1e-6) -> None:
    """`check_grads` to order 2, forward and reverse, over the relative change of every leaf of `trees` (none zero).

    The default tolerance: central differences of 1e-4 on a function of order 1 err by 1e-8 to 1e-7.
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
    return check_relative_grads
