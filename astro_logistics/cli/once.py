"""For commands that run once what they compile."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import jax


@contextmanager
def hardly_optimized() -> Iterator[None]:
    """What is compiled within is hardly optimized: a quarter less to wait for, and slower code that runs once."""
    name = "jax_disable_most_optimizations"
    before = getattr(jax.config, name)
    jax.config.update(name, True)
    try:
        yield
    finally:
        jax.config.update(name, before)
