"""Shares that close and do not depend on the order: against closed forms and against every order played out."""

from __future__ import annotations

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.economics import bridge


def test_product_of_two_by_hand():
    # f = x y from (1, 1) to (3, 5): on the line x = 1 + 2t, y = 1 + 4t; integral of 2 (1 + 4t) is 6, of 4 (1 + 2t) is 8
    found = bridge.path_shares(lambda v: v[0] * v[1], jnp.array([1.0, 1.0]), jnp.array([3.0, 5.0]))
    np.testing.assert_allclose(found, [6.0, 8.0], rtol=1e-14)


def game(x: jax.Array, s: jax.Array) -> jax.Array:
    """A made-up ratio with switches that act on one another."""
    above = x[0] * (1.0 + s[0] * x[1]) + s[1] * x[2] ** 2 + s[0] * s[2] * x[3]
    return above / (1.0 + s[1] * x[4] + jnp.exp(-x[5]))


shares = jax.jit(lambda *v: bridge.shares(game, *v))


def played(a: np.ndarray, b: np.ndarray, s_a: np.ndarray, s_b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The same by its definition: all orders of the switches and the block of numbers, averaged."""
    k, f = s_a.size, jax.jit(game)
    numbers, switches, orders = np.zeros(a.size), np.zeros(k), list(itertools.permutations(range(k + 1)))
    t = (np.arange(4000) + 0.5) / 4000  # midpoint rule: error 1e-8
    slopes = jax.jit(jax.vmap(jax.grad(game), (0, None)))
    for order in orders:
        x, s = a.copy(), s_a.copy()
        for player in order:
            if player == k:
                line = a + t[:, None] * (b - a)
                numbers += (b - a) * np.mean(np.asarray(slopes(jnp.asarray(line), jnp.asarray(s))), axis=0)
                x = b.copy()
            else:
                before = float(f(jnp.asarray(x), jnp.asarray(s)))
                s[player] = s_b[player]
                switches[player] += float(f(jnp.asarray(x), jnp.asarray(s))) - before
    return numbers / len(orders), switches / len(orders)


def test_is_the_mean_over_all_orders_and_closes(rng: np.random.Generator):
    for trial in range(5):
        a, b = rng.uniform(0.5, 3.0, (2, 6))
        s_a, s_b = rng.integers(0, 2, (2, 3)).astype(float)
        numbers, switches = shares(a, b, s_a, s_b)
        ends = [float(game(jnp.asarray(x), jnp.asarray(s))) for x, s in ((a, s_a), (b, s_b))]
        assert float(numbers.sum() + switches.sum()) == pytest.approx(ends[1] - ends[0], abs=1e-12)
        if trial < 2:
            by_order = played(a, b, s_a, s_b)
            np.testing.assert_allclose(numbers, by_order[0], atol=1e-7)
            np.testing.assert_allclose(switches, by_order[1], atol=1e-12)


def test_names_do_not_matter(rng: np.random.Generator):
    a, b = rng.uniform(0.5, 3.0, (2, 6))
    s_a, s_b = np.zeros(3), np.ones(3)
    order = rng.permutation(3)

    def renamed(x: jax.Array, s: jax.Array) -> jax.Array:
        return game(x, s[jnp.asarray(np.argsort(order))])

    numbers, switches = shares(a, b, s_a, s_b)
    others, moved = jax.jit(lambda *v: bridge.shares(renamed, *v))(a, b, s_a[order], s_b[order])
    np.testing.assert_allclose(numbers, others, atol=1e-14)
    np.testing.assert_allclose(np.asarray(switches)[order], moved, atol=1e-14)


def test_back_is_the_negative(rng: np.random.Generator):
    a, b = rng.uniform(0.5, 3.0, (2, 6))
    s_a, s_b = np.array([0.0, 1.0, 0.0]), np.array([1.0, 0.0, 0.0])
    there, back = shares(a, b, s_a, s_b), shares(b, a, s_b, s_a)
    for one, other in zip(there, back, strict=True):
        np.testing.assert_allclose(one, -np.asarray(other), atol=1e-13)
    assert float(there[1][2]) == 0.0  # a switch that does not change has no bar
