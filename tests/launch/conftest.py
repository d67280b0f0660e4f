"""Derivatives checked in few compilations: a vector of figures against a vector of relative changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import Array
from jax.flatten_util import ravel_pytree


def check_jacobians(f: Callable[..., Array], *trees: Any, rtol: float = 1e-6) -> None:
    """First and second derivatives of `f`, a vector, to the relative change of every leaf of `trees` (none zero).

    Forward and reverse, and forward over reverse, against central differences. The default tolerance: steps of 1e-4
    on functions of order 1 err by 1e-8 to 1e-7.
    """
    flat, unravel = ravel_pytree(jax.tree.map(lambda x: jnp.asarray(x, jnp.float64), trees))
    assert bool(jnp.all(flat != 0.0))
    size = f(*trees)
    assert bool(jnp.all(jnp.isfinite(size) & (size != 0.0)))

    def scaled(s: Array) -> Array:
        return f(*unravel(flat * (1.0 + s))) / size

    zero, h = np.zeros(flat.size), 1e-4
    both = jax.jit(lambda s: (scaled(s), jax.jacrev(scaled)(s)))
    forward, second = jax.jit(lambda s: (jax.jacfwd(scaled)(s), jax.jacfwd(jax.jacrev(scaled))(s)))(zero)
    np.testing.assert_allclose(forward, both(zero)[1], rtol=1e-9, atol=1e-11)  # the same sums in another order
    for i in range(flat.size):
        step = zero.copy()
        step[i] = h
        (high, slope_high), (low, slope_low) = both(step), both(-step)
        np.testing.assert_allclose(forward[:, i], (high - low) / (2 * h), rtol=rtol, atol=rtol)
        np.testing.assert_allclose(second[:, :, i], (slope_high - slope_low) / (2 * h), rtol=rtol, atol=rtol)


@pytest.fixture
def jacobians() -> Callable[..., None]:
    """`check_jacobians`."""
    return check_jacobians
