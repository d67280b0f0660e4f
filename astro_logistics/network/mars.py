"""The Earth-Mars opportunities that an evaluation averages over, found on the ephemeris."""

from __future__ import annotations

import numpy as np
from jax.typing import ArrayLike

from astro_logistics.astro.ephemeris import Ephemeris
from astro_logistics.astro.windows import opportunities
from astro_logistics.constants import DAY
from astro_logistics.network.scenario import MarsWindows

DEPARTURE = "emb"
"""A departure leaves the Earth-Moon system: its barycenter is the body left (the Moon swings the Earth by 12 m/s, which
would ripple C3 by 0.07 km2/s2 within a month)."""

SAME_OPPORTUNITY = 300.0 * DAY
"""Departures closer than this belong to one opportunity (types I and II lie weeks apart, opportunities 26 months)."""


def mars_windows(ephemeris: Ephemeris, mu_sun: ArrayLike, start: float, stop: float) -> MarsWindows:
    """The least-C3 departure of each Earth-Mars opportunity in a span, of type I or II, with the planets' states.

    Args:
        ephemeris: covers the span and a year and a half beyond it.
        mu_sun: gravitational parameter of the Sun, m3/s2.
        start, stop: earliest and latest departure, TDB seconds past J2000.

    Raises:
        ValueError: fewer than two opportunities in the span: no rate of departures can be told from it.
    """
    found = opportunities(ephemeris, DEPARTURE, "mars", start, stop, mu_sun=mu_sun)
    departure, c3 = np.asarray(found.departure), np.asarray(found.c3)
    order = np.argsort(departure)
    groups = np.split(order, np.flatnonzero(np.diff(departure[order]) > SAME_OPPORTUNITY) + 1)
    best = np.array([group[np.argmin(c3[group])] for group in groups if group.size], dtype=int)
    if best.size < 2:
        raise ValueError(f"{best.size} Earth-Mars opportunities in the span: at least 2 are needed (about 4.5 years)")
    leave, arrive = departure[best], np.asarray(found.arrival)[best]
    r_earth, v_earth = ephemeris.state(DEPARTURE, leave)
    r_mars, _ = ephemeris.state("mars", arrive)
    return MarsWindows(
        departure=leave,  # pyright: ignore[reportArgumentType]
        time_of_flight=arrive - leave,  # pyright: ignore[reportArgumentType]
        r_earth=r_earth,
        v_earth=v_earth,
        r_mars=r_mars,
    )
