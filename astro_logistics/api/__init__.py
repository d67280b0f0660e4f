"""The public functions: load a scenario, evaluate it, ask what moves it, and make it better.

Quantities with units go in; labelled results come out.
"""

from astro_logistics.api.break_even_values import BreakEven, Crossing, Moved, break_even, frontier
from astro_logistics.api.bridge import Bridge, answer, bridge
from astro_logistics.api.claims import claims
from astro_logistics.api.comparison import Beside, Reproduced, beside, reproduced
from astro_logistics.api.datacenter import DatacenterClosure, datacenter
from astro_logistics.api.driver_throws import DriverThrow, PayloadTrack, driver_throws, payload_tracks
from astro_logistics.api.growth import growth, growth_band, price_record
from astro_logistics.api.launch import LaunchResult, fly, launch_vehicles, lift
from astro_logistics.api.lunar_launch import (
    LunarThrow,
    ThrowFates,
    lunar_throw_fates,
    lunar_throw_figures,
    lunar_throws,
)
from astro_logistics.api.lunar_launch_mars import MarsThrow, lunar_throws_to_mars
from astro_logistics.api.lunar_launch_on_date import MuzzleSlope, ThrowOnDate, lunar_throw_on_dates
from astro_logistics.api.mass_driver import MassDriverResult, mass_driver, published_drivers
from astro_logistics.api.missions import Destinations, destinations
from astro_logistics.api.moon import (
    LunarLanding,
    LunarLaunch,
    LunarOpportunity,
    lunar_landings,
    lunar_launches,
    lunar_windows,
)
from astro_logistics.api.optimum import Optimum, optimize
from astro_logistics.api.orbit_environment import OrbitEnvironment, orbit_environment
from astro_logistics.api.programme import CadenceResult, Iteration, cadence
from astro_logistics.api.published import Published, published, published_names
from astro_logistics.api.sampling import sample
from astro_logistics.api.scenarios import Result, SourcedScenario, ephemeris, evaluate, load, read, records, sensitivity
from astro_logistics.api.sobol_indices import sobol
from astro_logistics.api.windows import Opportunity, opportunities, porkchop
from astro_logistics.report.claims import Claims, Judged
from astro_logistics.report.uncertainty import Figure, Probability, probability, quantiles

__all__ = [
    "Beside",
    "BreakEven",
    "Bridge",
    "CadenceResult",
    "Claims",
    "Crossing",
    "DatacenterClosure",
    "Destinations",
    "DriverThrow",
    "Figure",
    "Iteration",
    "Judged",
    "LaunchResult",
    "LunarLanding",
    "LunarLaunch",
    "LunarOpportunity",
    "LunarThrow",
    "MarsThrow",
    "MassDriverResult",
    "Moved",
    "MuzzleSlope",
    "Opportunity",
    "Optimum",
    "OrbitEnvironment",
    "PayloadTrack",
    "Probability",
    "Published",
    "Reproduced",
    "Result",
    "SourcedScenario",
    "ThrowFates",
    "ThrowOnDate",
    "answer",
    "beside",
    "break_even",
    "bridge",
    "cadence",
    "claims",
    "datacenter",
    "destinations",
    "driver_throws",
    "ephemeris",
    "evaluate",
    "fly",
    "frontier",
    "growth",
    "growth_band",
    "launch_vehicles",
    "lift",
    "load",
    "lunar_landings",
    "lunar_launches",
    "lunar_throw_fates",
    "lunar_throw_figures",
    "lunar_throw_on_dates",
    "lunar_throws",
    "lunar_throws_to_mars",
    "lunar_windows",
    "mass_driver",
    "opportunities",
    "optimize",
    "orbit_environment",
    "payload_tracks",
    "porkchop",
    "price_record",
    "probability",
    "published",
    "published_drivers",
    "published_names",
    "quantiles",
    "read",
    "records",
    "reproduced",
    "sample",
    "sensitivity",
    "sobol",
]
