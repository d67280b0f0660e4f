"""Every zero of a smooth function of time in a span, to the rounding of the time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

from astro_logistics.numerics import root

Function = Callable[[Array, Any], Array]
"""(times of shape (n,), a pytree) -> values (n,); elementwise in the time; a module-level function."""


@partial(jax.jit, static_argnames="f")
def _sample(f: Function, inputs: Any, t: Array) -> tuple[Array, Array]:
    return jax.jvp(lambda s: f(s, inputs), (t,), (jnp.ones_like(t),))


@partial(jax.jit, static_argnames="f")
def _zero(f: Function, inputs: Any, low: Array, high: Array) -> Array:
    return root(lambda t: f(t, inputs), low, high)


@partial(jax.jit, static_argnames="f")
def _turn(f: Function, inputs: Any, low: Array, high: Array) -> tuple[Array, Array]:
    """Where the slope is zero, and the value there."""
    t = root(lambda t: jax.jvp(lambda s: f(s, inputs), (t,), (jnp.ones_like(t),))[1], low, high)
    return t, f(t, inputs)


def crossings(f: Function, inputs: Any, start: float, stop: float, step: float) -> np.ndarray:
    """Zeros of f(t, inputs) in [start, stop], in order.

    A grid finds the changes of sign; where the value only turns toward zero within a cell, its extremum is found and,
    if it lies beyond zero, parts the cell in two. Newton's method inside each bracket.

    Args:
        f: see `Function`; cells with NaN at an end are passed over.
        inputs: what f needs.
        start, stop: span [s].
        step: largest grid step [s]: in it f may turn once, not twice.
    """
    cells = 1 << max(4, int(np.ceil(np.log2((stop - start) / step))))  # few shapes, few compilations
    t = np.linspace(start, stop, cells + 1)
    value, slope = (np.asarray(x) for x in _sample(f, inputs, t))
    known = np.isfinite(value[:-1]) & np.isfinite(value[1:])
    above = value > 0.0
    change = known & (above[:-1] != above[1:])
    toward = known & ~change & (value[:-1] * slope[:-1] < 0.0) & (value[1:] * slope[1:] > 0.0)
    low, high = t[:-1][change], t[1:][change]
    i = np.flatnonzero(toward)
    if i.size:
        where, extreme = _padded(_turn, f, inputs, t[i], t[i + 1])
        beyond = (extreme > 0.0) != above[i]
        where, i = where[beyond], i[beyond]
        low, high = np.concatenate([low, t[i], where]), np.concatenate([high, where, t[i + 1]])
    if not low.size:
        return low
    return np.sort(_padded(_zero, f, inputs, low, high)[0])


def _padded(solve: Callable[..., Any], f: Function, inputs: Any, low: np.ndarray, high: np.ndarray) -> list[np.ndarray]:
    """`solve` over brackets whose number is filled up to a power of two."""
    pad = np.arange(1 << max(4, (low.size - 1).bit_length())) % low.size
    found = solve(f, inputs, low[pad], high[pad])
    return [np.asarray(x)[: low.size] for x in (found if isinstance(found, tuple) else (found,))]
