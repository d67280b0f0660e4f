"""astro_logistics: what a kilogram costs, and how many arrive per year, at any place in the Solar System.

    import astro_logistics as al
    result = al.evaluate(al.load("baseline"))
    result["moon-to-escape"].cost_usd_per_kg

The astrodynamics, launch, data-center and economics modules below are pure JAX in base SI; the functions here take
quantities with units and return labelled results.
"""

from __future__ import annotations

import jax

jax.config.update("jax_enable_x64", True)  # float32 spacing at 1 au is 16 km

from astro_logistics.api import (  # noqa: E402  (after float64 is on)
    BreakEven,
    Bridge,
    CadenceResult,
    Crossing,
    DatacenterClosure,
    Figure,
    Iteration,
    LaunchResult,
    LunarLanding,
    LunarLaunch,
    LunarOpportunity,
    MassDriverResult,
    Moved,
    Opportunity,
    Optimum,
    OrbitEnvironment,
    Probability,
    Published,
    Result,
    SourcedScenario,
    answer,
    break_even,
    bridge,
    cadence,
    datacenter,
    ephemeris,
    evaluate,
    fly,
    frontier,
    launch_vehicles,
    lift,
    load,
    lunar_landings,
    lunar_launches,
    lunar_windows,
    mass_driver,
    opportunities,
    optimize,
    orbit_environment,
    porkchop,
    probability,
    published,
    published_drivers,
    published_names,
    quantiles,
    sample,
    sensitivity,
    sobol,
)
from astro_logistics.scenario.cache import use as use_cache  # noqa: E402
from astro_logistics.scenario.errors import ScenarioError  # noqa: E402
from astro_logistics.units import USD  # noqa: E402

__all__ = [
    "USD",
    "BreakEven",
    "Bridge",
    "CadenceResult",
    "Crossing",
    "DatacenterClosure",
    "Figure",
    "Iteration",
    "LaunchResult",
    "LunarLanding",
    "LunarLaunch",
    "LunarOpportunity",
    "MassDriverResult",
    "Moved",
    "Opportunity",
    "Optimum",
    "OrbitEnvironment",
    "Probability",
    "Published",
    "Result",
    "ScenarioError",
    "SourcedScenario",
    "answer",
    "break_even",
    "bridge",
    "cadence",
    "datacenter",
    "ephemeris",
    "evaluate",
    "fly",
    "frontier",
    "launch_vehicles",
    "lift",
    "load",
    "lunar_landings",
    "lunar_launches",
    "lunar_windows",
    "mass_driver",
    "opportunities",
    "optimize",
    "orbit_environment",
    "porkchop",
    "probability",
    "published",
    "published_drivers",
    "published_names",
    "quantiles",
    "sample",
    "sensitivity",
    "sobol",
    "use_cache",
]
