"""The public functions: load a scenario, evaluate it, ask what moves it, and make it better.

Quantities with units go in; labelled results come out.
"""

from astro_logistics.api.optimum import Optimum, optimize
from astro_logistics.api.scenarios import Result, SourcedScenario, ephemeris, evaluate, load, read, records, sensitivity
from astro_logistics.api.windows import Opportunity, opportunities, porkchop

__all__ = [
    "Opportunity",
    "Optimum",
    "Result",
    "SourcedScenario",
    "ephemeris",
    "evaluate",
    "load",
    "opportunities",
    "optimize",
    "porkchop",
    "read",
    "records",
    "sensitivity",
]
