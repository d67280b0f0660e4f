"""Many cases in blocks: the same numbers and derivatives as all at once, whatever the count."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.astro._broadcast import VECTOR, _block, blocked


def _solve(x: jax.Array, v: jax.Array) -> tuple[jax.Array, jax.Array]:
    return x * x * v[:, 0], jnp.stack([v * x[:, None], v * v], axis=1)


@pytest.mark.parametrize("n", [99, 400])  # the last block laps over the one before; blocks that divide the count
def test_blocks_change_neither_numbers_nor_derivatives(n: int) -> None:
    rng = np.random.default_rng(n)
    x, v, weights = rng.normal(size=n), rng.normal(size=(n, 3)), rng.normal(size=n)

    def total(x: jax.Array, v: jax.Array, size: int) -> tuple[jax.Array, tuple[jax.Array, jax.Array]]:
        a, b = blocked(_solve, (x, v), size)
        return jnp.sum(weights * a) + jnp.sum(weights[:, None, None] * b), (a, b)

    @jax.jit
    def both(x: jax.Array, v: jax.Array) -> list[object]:
        return [jax.grad(lambda x, v, size=size: total(x, v, size), (0, 1), has_aux=True)(x, v) for size in (n, 40)]

    whole, parts = both(x, v)
    jax.tree.map(np.testing.assert_array_equal, whole, parts)


@pytest.mark.parametrize("n", [4097, 8192, 199_999, 200_000, 1_000_003])
@pytest.mark.parametrize("size", [2048, 4096])
def test_blocks_are_an_odd_number_of_vectors(n: int, size: int) -> None:
    found = _block(n, size)
    assert found % VECTOR == 0
    assert found // VECTOR % 2 == 1
    assert 0.5 * size < found <= size + VECTOR
