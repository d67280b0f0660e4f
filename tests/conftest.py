"""Strict numerics for every test: float64, no silent promotion, no silent rank broadcasting, seeded randomness."""

from __future__ import annotations

import jax
import numpy as np
import pytest

import astro_logistics  # noqa: F401  (switches float64 on)

jax.config.update("jax_numpy_dtype_promotion", "strict")
jax.config.update("jax_numpy_rank_promotion", "raise")


@pytest.fixture
def rng() -> np.random.Generator:
    """A generator with the same seed in every test."""
    return np.random.default_rng(20260101)
