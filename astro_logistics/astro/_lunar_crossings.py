"""Every zero of a smooth function of time in a span, to the rounding of the time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array

_BLOCK = 1024
_HALVINGS = 30
_STEPS = 60  # four or five of Newton's are usual

Function = Callable[[Array, Any], Array]
"""(times of shape (n,), a pytree) -> values (n,); elementwise in the time; a module-level function."""


@partial(jax.jit, static_argnames="f")
def _sample(f: Function, inputs: Any, t: Array) -> tuple[Array, Array]:
    return jax.jvp(lambda s: f(s, inputs), (t,), (jnp.ones_like(t),))


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
    t = np.linspace(start, stop, int(np.ceil((stop - start) / step)) + 1)
    value, slope = _at(f, inputs, t)
    known = np.isfinite(value[:-1]) & np.isfinite(value[1:])
    above = value > 0.0
    change = known & (above[:-1] != above[1:])
    toward = known & ~change & (value[:-1] * slope[:-1] < 0.0) & (value[1:] * slope[1:] > 0.0)
    low, high = t[:-1][change], t[1:][change]
    i = np.flatnonzero(toward)
    if i.size:
        where = _turns(f, inputs, t[i], t[i + 1])
        beyond = (_at(f, inputs, where)[0] > 0.0) != above[i]
        where, i = where[beyond], i[beyond]
        low, high = np.concatenate([low, t[i], where]), np.concatenate([high, where, t[i + 1]])
    return np.sort(_zeros(f, inputs, low, high)) if low.size else low


def _at(f: Function, inputs: Any, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Value and slope, in blocks of one size: one compilation for any number of times."""
    if not t.size:
        return t, t
    blocks = np.resize(t, (-(-t.size // _BLOCK), _BLOCK))
    found = [_sample(f, inputs, block) for block in blocks]
    value, slope = (np.concatenate([np.asarray(x) for x in column])[: t.size] for column in zip(*found, strict=True))
    return value, slope


def _turns(f: Function, inputs: Any, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Where the slope changes sign: bisection to 1e-9 of the cell (the value errs by the square of it)."""
    rising = _at(f, inputs, low)[1] > 0.0
    for _ in range(_HALVINGS):
        middle = 0.5 * (low + high)
        left = (_at(f, inputs, middle)[1] > 0.0) == rising
        low, high = np.where(left, middle, low), np.where(left, high, middle)
    return 0.5 * (low + high)


def _zeros(f: Function, inputs: Any, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """Newton's iteration, replaced by a bisection where it would leave the bracket."""
    begins_above = _at(f, inputs, low)[0] > 0.0
    t = 0.5 * (low + high)
    for _ in range(_STEPS):
        value, slope = _at(f, inputs, t)
        left = (value > 0.0) == begins_above
        low, high = np.where(left, t, low), np.where(left, high, t)
        rounding = 8.0 * np.spacing(np.abs(t))
        with np.errstate(divide="ignore", invalid="ignore"):
            newton = t - value / slope
        inside = (newton >= low - rounding) & (newton <= high + rounding)
        better = np.where(inside, newton, 0.5 * (low + high))
        settled = np.all(np.abs(better - t) <= rounding)
        t = better
        if settled:
            break
    return t
