"""astro_logistics: what a kilogram costs, and how many arrive per year, at any place in the Solar System."""

from __future__ import annotations

import jax

jax.config.update("jax_enable_x64", True)  # float32 spacing at 1 au is 16 km
