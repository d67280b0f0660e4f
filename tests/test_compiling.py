"""Programs that compile quickly: the same answers, as a whole or as a part, and where XLA has no such option."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import pytest

from astro_logistics import compiling
from astro_logistics.compiling import quick_jit


def total(x: dict[str, jax.Array], power: int = 2) -> jax.Array:
    return sum((v**power for v in x.values()), jnp.zeros(()))


NUMBERS = {"a": jnp.array(3.0), "b": jnp.array(4.0)}


def test_whole_or_part():
    quick = quick_jit(total, static_argnames=("power",))
    assert quick(NUMBERS) == 25.0
    assert quick(NUMBERS, power=3) == 91.0
    assert jax.jit(lambda x: quick(x, power=1))(NUMBERS) == 7.0  # XLA takes options for a whole program only
    assert jax.grad(quick)(NUMBERS) == {"a": 6.0, "b": 8.0}
    assert quick.__name__ == "total"


def test_an_option_that_xla_does_not_have(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compiling, "LOOPS_AS_THEY_ARE", {"xla_cpu_no_such_option": False})
    compiling._options.cache_clear()
    try:
        assert compiling._options() == {}
        assert quick_jit(total)(NUMBERS) == 25.0
    finally:
        compiling._options.cache_clear()
