"""Named checks of a function's arguments, for a caller who asks: `checkify.checkify(f)` tells which number was wrong.

The core never raises on numbers: NaN goes in, NaN comes out. Wrapped in `jax.experimental.checkify.checkify`, a public
function says which of its arguments is out of range, what is allowed and what was found.

A program that holds a `checkify.debug_check` has an effect, and JAX calls such a program from Python: 0.1 ms more, and
20 us for every argument, so five times as long for one evaluation of a scenario. Here the arguments pass through a
primitive without effect, which hands them on and is nothing once compiled. Only `checkify` makes checks of it.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import cache, wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.experimental import checkify
from jax.extend.core import Primitive
from jax.interpreters import ad, batching, mlir

from astro_logistics.compiling import is_staged

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


@cache  # one object for the same bounds
def within(low: float, high: float) -> Requirement:
    """Between two bounds, both included."""
    return Requirement(f"from {low:.12g} to {high:.12g}", lambda x: (x >= low) & (x <= high))


Checks = Sequence[tuple[str, Requirement, Sequence[Any]]]
"""What is judged in words, what it must be, and the argument or arguments that are measured."""


def watched(values: T, checks: Checks) -> T:
    """`values` as they are, with checks staged beside them; for a program that is being traced.

    Args:
        values: a pytree; its numbers pass through the primitive, and carry the checks to where they are used.
        checks: what `checkify` is to say of what. A bad number is shown, the first in order.
    """
    measured, said = [], []
    for what, requirement, given in checks:
        numbers = (jax.lax.stop_gradient(jnp.asarray(x, jnp.float64)) for x in given)
        measured.append(requirement.measure(*numbers))
        said.append((f"{what} must be {requirement.allowed}; found {{}}", requirement.holds))
    leaves, structure = jax.tree.flatten(values)
    at = [k for k, leaf in enumerate(leaves) if _is_number(leaf)]
    handed = _watched.bind(*(jnp.asarray(leaves[k]) for k in at), *measured, said=tuple(said))
    for k, leaf in zip(at, handed, strict=True):
        leaves[k] = leaf
    return jax.tree.unflatten(structure, leaves)


def _is_number(leaf: Any) -> bool:
    return isinstance(leaf, (Array, np.ndarray, np.number, int, float)) and not isinstance(leaf, bool)


Said = tuple[tuple[str, Callable[[Array], Array]], ...]

_watched = Primitive("watched")
"""(*numbers, *measured) -> numbers. Its `said` has a message and a condition for each of the measured."""
_watched.multiple_results = True
_watched.def_impl(lambda *args, said: _handed_on(args, said))
_watched.def_abstract_eval(lambda *avals, said: _handed_on(avals, said))
mlir.register_lowering(_watched, lambda _, *args, said: _handed_on(args, said))
ad.primitive_jvps[_watched] = lambda primals, tangents, said: (
    _watched.bind(*primals, said=said),
    _handed_on(tangents, said),
)
batching.primitive_batchers[_watched] = lambda args, axes, said: (
    _watched.bind(*args, said=said),
    _handed_on(axes, said),
)


def _handed_on(args: Sequence[Any], said: Said) -> list[Any]:
    return list(args[: len(args) - len(said)])


def _judge(said: Said, measured: Sequence[Array]) -> None:
    """One `checkify.debug_check` for each of the measured, that every element meets its condition."""
    for (message, holds), x in zip(said, measured, strict=True):
        if x.size:
            good = holds(jnp.ravel(x))
            worst = jnp.ravel(x)[jnp.argmin(good)]  # the first that does not
            checkify.debug_check(jnp.all(good), message, worst)


def _under_checkify(error: Any, enabled: Any, *args: Any, said: Said) -> tuple[Any, list[Any]]:
    measured = args[len(args) - len(said) :]
    checks = jax.make_jaxpr(lambda *measured: _judge(said, measured))(*measured)
    error, _ = _JAX["checkify_jaxpr"](checks, enabled, error, *measured)
    return error, _handed_on(args, said)


_JAX = inspect.unwrap(checkify.checkify).__globals__
"""Where JAX keeps what `checkify` makes of each primitive; it has no public way to add one."""
_JAX["error_checks"][_watched] = _under_checkify


def named_checks(requirements: Mapping[str, Requirement]) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """A decorator that stages checks of the arguments while a program is traced.

    The checks stand outside the function's own `jit`, so that a plain call has nothing of them.

    Args:
        requirements: by argument; "elements.p" is a field of one, "r, v" are two that are measured together. An
            argument that is None is not checked.
    """

    def decorate(f: Callable[P, T]) -> Callable[P, T]:
        signature, name = inspect.signature(f), getattr(f, "__name__", "function")
        paths = {key: [part.strip().split(".") for part in key.split(",")] for key in requirements}
        heads = {head for path in paths.values() for head, *_ in path}

        @wraps(f)
        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            if not is_staged():
                return f(*args, **kwargs)
            bound = signature.bind(*args, **kwargs)
            checks = []
            for key, requirement in requirements.items():
                given = [_follow(bound.arguments.get(head), rest) for head, *rest in paths[key]]
                if all(value is not None for value in given):
                    checks.append((f"{name}: {key}", requirement, given))
            bound.arguments |= watched({k: x for k, x in bound.arguments.items() if k in heads}, checks)
            return f(*bound.args, **bound.kwargs)

        return call

    return decorate


def _follow(value: Any, names: list[str]) -> Any:
    for name in names:
        value = getattr(value, name)
    return value
