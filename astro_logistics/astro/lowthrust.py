"""Low thrust: slow spirals (Edelbaum) and minimum-fuel transfers between moving bodies (Sims-Flanagan)."""

from __future__ import annotations

from astro_logistics.astro.edelbaum import Spiral, SpiralState, along_spiral, edelbaum, spiral
from astro_logistics.astro.sims_flanagan import Transfer, minimum_fuel

__all__ = ["Spiral", "SpiralState", "Transfer", "along_spiral", "edelbaum", "minimum_fuel", "spiral"]
