"""Whether a program is being traced, and programs that run a few times compiled in half the time."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar

import jax
from jax.core import Tracer

P = ParamSpec("P")
T = TypeVar("T")

LOOPS_AS_THEY_ARE = {"xla_cpu_use_fusion_emitters": False}
"""XLA's older code generator for loops: the newer one makes quicker loops over arrays, and takes twice the time."""


@cache
def _options() -> dict[str, bool | str]:
    """The option, where this XLA has it."""
    try:
        jax.jit(lambda: 0.0, compiler_options=LOOPS_AS_THEY_ARE)()
    except jax.errors.JaxRuntimeError as problem:
        if "No such compile option" in str(problem):
            return {}
        raise
    return dict(LOOPS_AS_THEY_ARE)


@jax.jit
def _probe() -> bool:
    return True


def is_staged() -> bool:
    """Whether a program is being traced, by `jit` or by `checkify` (which closes over its arguments)."""
    return isinstance(_probe(), Tracer)


def quick_jit(f: Callable[P, T], *, static_argnames: tuple[str, ...] = ()) -> Callable[P, T]:
    """`jax.jit` of a large program over few cases, which takes longer to compile than it will ever run.

    On one core an evaluation of a scenario compiles in 10 s and not in 24, its derivatives in 50 and not in 106, the
    refinement of transfer windows in 10 and not in 17; all run as fast. Over arrays of cases the code is up to half
    slower: use `jax.jit` there. Within another program it is part of that.

    Args:
        f: a function of pytrees of numbers.
        static_argnames: as for `jax.jit`.
    """

    @cache
    def compiled() -> Callable[P, T]:
        return jax.jit(f, static_argnames=static_argnames, compiler_options=_options())

    @wraps(f)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        # XLA takes options for a whole program only: not for what is differentiated, nor within another `jit`
        if is_staged() or any(isinstance(leaf, Tracer) for leaf in jax.tree.leaves((args, kwargs))):
            return f(*args, **kwargs)
        return compiled()(*args, **kwargs)

    return call
