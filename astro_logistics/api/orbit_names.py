"""Orbits by name: `sso:650km:10.5h`, `leo:550km:53deg`, `geo`, `nrho`, `eml2`, `sun:0.7au`."""

from __future__ import annotations

import math
from dataclasses import dataclass

from astro_logistics import units
from astro_logistics.api.checks import error
from astro_logistics.constants import ASTRONOMICAL_UNIT, DAY, HOUR
from astro_logistics.network.moon_surroundings import PLACES
from astro_logistics.scenario.errors import ScenarioError

FORMS = "sso:ALTITUDE[:LTAN], leo:ALTITUDE:INCLINATION, geo, nrho, eml1, eml2, sun:DISTANCE"
EXAMPLES = ("sso:650km", "sso:650km:10.5h", "leo:550km:53deg", "sun:0.7au")
LOWEST, HIGHEST = 250e3, 2000e3
"""Heights for which there are a density and a dose, m."""
NEAREST, FARTHEST = 0.1, 50.0
"""Distances from the Sun, au."""
DAWN = 6.0 * HOUR
"""Local time of the ascending node where none is given, s."""


@dataclass(frozen=True)
class OrbitName:
    """An orbit as it was named, SI; what its kind does not have is NaN."""

    text: str
    kind: str
    altitude: float = math.nan
    local_time: float = math.nan
    inclination: float = math.nan
    distance: float = math.nan


def parse(text: str, *, local_time: float = DAWN) -> OrbitName:
    """Read the name of an orbit.

    Args:
        text: the name.
        local_time: of the ascending node where a sun-synchronous one has none [s].

    Raises:
        ScenarioError: a kind that there is none of, a number without its unit or outside of what is covered.
    """
    kind, *given = text.split(":")
    if kind == "sso" and len(given) in (1, 2):
        time = _quantity(text, given[1], "s") if len(given) == 2 else local_time
        if not 0.0 <= time <= DAY:
            raise error("orbit", repr(text), "a local time of the ascending node between 0 h and 24 h")
        return OrbitName(text, kind, altitude=_altitude(text, given[0]), local_time=time)
    if kind == "leo" and len(given) == 2:
        return OrbitName(text, kind, altitude=_altitude(text, given[0]), inclination=_quantity(text, given[1], "rad"))
    if kind in ("geo", *PLACES) and not given:
        return OrbitName(text, kind)
    if kind == "sun" and len(given) == 1:
        distance = _quantity(text, given[0], "m")
        if not NEAREST <= distance / ASTRONOMICAL_UNIT <= FARTHEST:
            raise error("orbit", repr(text), f"a distance from the Sun between {NEAREST:g} au and {FARTHEST:g} au")
        return OrbitName(text, kind, distance=distance)
    raise unknown(text)


def unknown(text: str, forms: str = FORMS) -> ScenarioError:
    """The error of a name that cannot be read, or of a kind of orbit that is not covered."""
    fitting = [example for example in EXAMPLES if f"{example.partition(':')[0]}:" in forms]
    return error("orbit", repr(text), f"one of {forms}; such as {', '.join(fitting)}")


def _quantity(orbit: str, text: str, unit: str) -> float:
    """A number with its unit, "650km", in SI."""
    try:
        return float(units.to_si(units.parse_quantity(text), unit, "orbit"))
    except units.UnitError as problem:
        raise error("orbit", f"{text!r} in {orbit!r}", f"a number and its unit, such as 650km ({problem})") from None


def _altitude(orbit: str, text: str) -> float:
    altitude = _quantity(orbit, text, "m")
    if not LOWEST <= altitude <= HIGHEST:
        raise error("orbit", repr(orbit), f"an altitude between {LOWEST / 1e3:g} km and {HIGHEST / 1e3:g} km")
    return altitude
