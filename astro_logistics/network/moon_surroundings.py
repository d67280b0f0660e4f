"""Where satellites that go with the Moon work: at EML1, at EML2, on the near-rectilinear orbit; by the ephemeris."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np

from astro_logistics.astro import cr3bp, periodic_orbits
from astro_logistics.astro.bodies import Bodies
from astro_logistics.astro.ephemeris import Ephemeris
from astro_logistics.astro.moon_shadow import MoonShadow, moon_shadow
from astro_logistics.constants import ASTRONOMICAL_UNIT, DAY, JULIAN_YEAR
from astro_logistics.datacenter import Environment, environment
from astro_logistics.pytree import replace_at

PLACES = ("nrho", "eml1", "eml2")
SYNODIC_MONTH = 29.530_588_85 * DAY
"""From new moon to new moon, s (Meeus 1998, ch. 49)."""
RESONANCE = 4.5
"""Revolutions of the near-rectilinear orbit in a synodic month: 9:2."""
STEP = 900.0
"""Between two samples of the shadow, s; eclipses last hours."""
YEARS = 18.6
"""Turn of the Moon's node: all eclipses there are."""
SEEN = 1e-6
"""Part of the sunlight of which the loss counts as an eclipse."""

_shadow = jax.jit(moon_shadow)


def path(bodies: Bodies, name: str) -> tuple[np.ndarray, float]:
    """Places over one revolution in the frame of `cr3bp`, (n, 3), evenly spaced in time, and how long it takes [s].

    EML1 and EML2 stand still, and turn once in a sidereal month; the near-rectilinear orbit is the southern one of L2
    in 9:2 resonance with the synodic month, from its far end on.
    """
    system = cr3bp.system(bodies.earth.mu, bodies.moon.mu, bodies.moon.orbit_radius)
    if name != "nrho":
        point = cr3bp.lagrange_points(system.mass_ratio)[PLACES.index(name) - 1]
        return np.asarray(point)[None, :], float(2.0 * np.pi * system.time)
    period = SYNODIC_MONTH / RESONANCE
    orbit = periodic_orbits.near_rectilinear(system.mass_ratio, period / system.time)
    n = round(period / STEP)
    states = cr3bp.propagate(system.mass_ratio, orbit.state, jnp.arange(n) / n * orbit.period)
    return np.asarray(states)[:, :3], period


def near_moon(kernel: Ephemeris, bodies: Bodies, places: np.ndarray, period: float, start: float) -> Environment:
    """Surroundings on an orbit that goes with the Moon: the true shadows of Earth and Moon over a turn of its node.

    Args:
        kernel: the ephemeris.
        bodies: the Earth and the Moon.
        places: over one revolution, from `path` (n, 3).
        period: time of one revolution [s].
        start: of the 18.6 years [TDB seconds past J2000].

    Returns:
        The environment; `longest_eclipse` is the light lost in one piece, as time in full shadow. For people: it has no
        derivatives.

    Errors: the phase of the near-rectilinear orbit is free, here its far end at `start`: over phases 0.11 to 0.14 % of
    the light is lost and 173 to 208 min in one piece. The Moon's own light and heat are left out: on that orbit
    0.1 W/m2 on a face of the radiator and 0.4 on one of the array in the mean, some 12 and 40 for an hour at the near
    end; at the libration points 0.07 at most. No belts; the burn out of the Moon's reach, some m/s, is left out.
    """
    n = places.shape[0]
    step = period / n if n > 1 else STEP
    k = np.arange(int(YEARS * JULIAN_YEAR / step))
    found = _shadow(kernel, bodies, jnp.asarray(places[k % n]), jnp.asarray(start + k * step))
    return _environment(found, step, period)


def _environment(found: MoonShadow, step: float, period: float) -> Environment:
    lost = 1.0 - np.asarray(found.sunlit)
    flux = np.asarray(environment.solar_flux(found.solar_distance))
    pieces = _pieces(lost, step)
    met = np.unique((pieces[:, 0] // (period / step)).astype(int)).size
    space = environment.deep_space(ASTRONOMICAL_UNIT)
    values = {
        "solar_flux": flux.mean(),
        "least_solar_flux": flux.min(),
        "greatest_solar_flux": flux.max(),
        "sunlit_fraction": 1.0 - lost.mean(),
        "longest_eclipse": pieces[:, 1].max(initial=0.0),
        "eclipse_season": met / (lost.size * step / period),
        "period": period,
    }
    return replace_at(space, {name: jnp.asarray(x, jnp.float64) for name, x in values.items()})


def _pieces(lost: np.ndarray, step: float) -> np.ndarray:
    """Of each stretch without a moment of full light: its first sample, and the light lost in it as time, (k, 2)."""
    edges = np.diff(np.concatenate([[0], (lost > SEEN).astype(int), [0]]))
    first, after = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    total = np.concatenate([[0.0], np.cumsum(lost)]) * step
    return np.stack([first, total[after] - total[first]], axis=-1)
