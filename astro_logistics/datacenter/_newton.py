from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
from jax import Array


def newton(f: Callable[[Array], Array], start: Array, iterations: int) -> Array:
    """Zero of an elementwise `f` by a few Newton steps; derivatives by the implicit function theorem, to any order.

    For heat balances: monotone and nearly quartic, started on the hot side, from where every step stays there. No
    bracket to keep, so a fraction of the work of `numerics.root`; the caller shows that the steps suffice.
    """

    def solve(g: Callable[[Array], Array], x: Array) -> Array:
        def step(_: int, x: Array) -> Array:
            value, slope = jax.jvp(g, (x,), (jnp.ones_like(x),))
            return x - value / slope

        return jax.lax.fori_loop(0, iterations, step, x)

    def tangent_solve(g: Callable[[Array], Array], y: Array) -> Array:
        return y / g(jnp.ones_like(y))

    return jax.lax.custom_root(f, start, solve, tangent_solve)
