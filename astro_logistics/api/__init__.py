"""The public functions: load a scenario, evaluate it, ask what moves it, and make it better.

Quantities with units go in; labelled results come out.
"""

from astro_logistics.api.moon import (
    LunarLanding,
    LunarLaunch,
    LunarOpportunity,
    lunar_landings,
    lunar_launches,
    lunar_windows,
)
from astro_logistics.api.optimum import Optimum, optimize
from astro_logistics.api.programme import CadenceResult, Iteration, cadence
from astro_logistics.api.published import Published, published, published_names
from astro_logistics.api.scenarios import Result, SourcedScenario, ephemeris, evaluate, load, read, records, sensitivity
from astro_logistics.api.windows import Opportunity, opportunities, porkchop

__all__ = [
    "CadenceResult",
    "Iteration",
    "LunarLanding",
    "LunarLaunch",
    "LunarOpportunity",
    "Opportunity",
    "Optimum",
    "Published",
    "Result",
    "SourcedScenario",
    "cadence",
    "ephemeris",
    "evaluate",
    "load",
    "lunar_landings",
    "lunar_launches",
    "lunar_windows",
    "opportunities",
    "optimize",
    "porkchop",
    "published",
    "published_names",
    "read",
    "records",
    "sensitivity",
]
