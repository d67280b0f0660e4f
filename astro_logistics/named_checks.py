"""Named checks of a function's arguments, for a caller who asks: `checkify.checkify(f)` tells which number was wrong.

The core never raises on numbers: NaN goes in, NaN comes out. Wrapped in `jax.experimental.checkify.checkify`, a public
function says which of its arguments is out of range, what is allowed and what was found.

The checks stand outside the function's own `jit` and are staged only while a program is traced: one that holds a check
leaves JAX's quick path of dispatch (some 0.1 ms a call, whatever its size), which a plain call must not pay. The
compiler drops their arithmetic; a larger program that calls the function pays the dispatch alone.

JAX numbers checks in the order in which a process meets them, and the number is in the compiled program: kept code was
found again only by a process that had met the same checks before. Here a check's number is that of its text.
"""

from __future__ import annotations

import inspect
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache, partial, wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

import jax
import jax.numpy as jnp
from jax import Array
from jax.core import Tracer
from jax.experimental import checkify
from jax.typing import ArrayLike

P = ParamSpec("P")
T = TypeVar("T")


class Requirement(NamedTuple):
    """What an argument must be."""

    allowed: str
    """The range in words."""
    holds: Callable[[Array], Array]
    """Whether a measured number is in it."""
    measure: Callable[..., Array] = lambda x: x
    """The number that is judged and shown, from the argument or arguments."""


POSITIVE = Requirement("positive and finite", lambda x: (x > 0.0) & (x < jnp.inf))
NOT_NEGATIVE = Requirement("zero or positive, and finite", lambda x: (x >= 0.0) & (x < jnp.inf))
FINITE = Requirement("finite", jnp.isfinite)


def _length(v: Array) -> Array:
    return jnp.sqrt(jnp.sum(v * v, axis=-1))


POSITION = Requirement("a vector of positive, finite length", POSITIVE.holds, _length)
VECTOR = Requirement("a vector of finite length", NOT_NEGATIVE.holds, _length)


@cache  # one object for the same bounds, so that `check` is traced once
def within(low: float, high: float) -> Requirement:
    """Between two bounds, both included."""
    return Requirement(f"from {low:.12g} to {high:.12g}", lambda x: (x >= low) & (x <= high))


@contextmanager
def _numbered(text: str) -> Iterator[None]:
    """Checks staged meanwhile have the number of `text`, between 2^30 and 2^31, above those that JAX gives.

    JAX has no public way to number a check: the counter `next_code` beside `debug_check` stands aside for that moment.
    Where a later JAX has none of that name, its own numbers stand, and code is kept for less.
    """
    beside = inspect.unwrap(checkify.debug_check).__globals__
    counter = beside.get("next_code")
    if counter is None:
        yield
        return
    code = 2**30 + zlib.crc32(text.encode()) % 2**30
    beside["next_code"] = lambda: code
    try:
        yield
    finally:
        beside["next_code"] = counter


@partial(jax.jit, static_argnums=(0, 1))
def check(what: str, requirement: Requirement, *values: ArrayLike) -> None:
    """Stage one `checkify.debug_check` that every element of the measure of `values` meets the requirement.

    A `jit` of its own, so that it is traced once for every shape: JAX takes the longer over a check the larger the
    program around it.
    """
    numbers = (jax.lax.stop_gradient(jnp.asarray(x, jnp.float64)) for x in values)
    measured = jnp.ravel(requirement.measure(*numbers))
    if measured.size:
        holds = requirement.holds(measured)
        worst = measured[jnp.argmin(holds)]  # the first that does not
        message = f"{what} must be {requirement.allowed}; found {{}}"
        with _numbered(message):
            checkify.debug_check(jnp.all(holds), message, worst)


@jax.jit
def _probe() -> bool:
    return True


def is_staged() -> bool:
    """Whether a program is being traced, by `jit` or by `checkify` (which closes over its arguments)."""
    return isinstance(_probe(), Tracer)


def named_checks(requirements: Mapping[str, Requirement]) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A decorator that stages checks of the arguments while a program is traced.

    Args:
        requirements: by argument; "elements.p" is a field of one, "r, v" are two that are measured together. An
            argument that is None is not checked.
    """

    def decorate(f: Callable[P, T]) -> Callable[P, T]:
        signature, name = inspect.signature(f), getattr(f, "__name__", "function")
        paths = {key: [part.strip().split(".") for part in key.split(",")] for key in requirements}

        @wraps(f)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            if is_staged():
                bound = signature.bind(*args, **kwargs).arguments
                for key, requirement in requirements.items():
                    values = [_follow(bound.get(head), rest) for head, *rest in paths[key]]
                    if all(value is not None for value in values):
                        check(f"{name}: {key}", requirement, *values)
            return f(*args, **kwargs)

        return call

    return decorate


def _follow(value: Any, names: list[str]) -> Any:
    for name in names:
        value = getattr(value, name)
    return value
