"""How often Mars, the Moon and an orbit can be tried, and what a flight to Mars in six months takes."""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro import maneuvers, orbits
from astro_logistics.astro.cadence import expected_time
from astro_logistics.constants import ASTRONOMICAL_UNIT, JULIAN_YEAR
from astro_logistics.network import rocket_routes
from astro_logistics.network.figures import Evaluation
from astro_logistics.network.lift import Lift
from astro_logistics.network.scenario import Scenario
from astro_logistics.numerics import root, safe_sqrt
from astro_logistics.pytree import Pytree, field

SIX_MONTHS = 0.5 * JULIAN_YEAR
DECADE = 10.0 * JULIAN_YEAR
ORBIT, MOON, MARS = "earth-to-sso", "earth-to-moon", "earth-to-mars"


class MarsFigures(Pytree):
    """Times of Mars and of the Moon, and the price of haste."""

    gap: Array = field(unit="yr", doc="mean time between departures for Mars, in the scenario's years")
    transit: Array = field(unit="yr", doc="mean flight to Mars at the least departure energy of each opportunity")
    rounds_mars: Array = field(unit="", doc="trials on Mars in ten years, one after another: wait and flight out")
    rounds_moon: Array = field(unit="", doc="trials on the Moon in ten years, one after another: wait and flight out")
    rounds_orbit: Array = field(unit="", doc="trials in orbit in ten years, one after another: wait for the next pass")
    rounds_ratio: Array = field(unit="", doc="trials on the Moon over trials on Mars")
    sunlight_ratio: Array = field(unit="", doc="sunlight at the Moon over that at Mars, mean distances")
    cost_ratio: Array = field(unit="", doc="cost per mass landed on Mars over that on the Moon, both from the Earth")
    fast_v_infinity: Array = field(unit="m / s", doc="excess speed at the Earth of a flight of six months, mean orbits")
    fast_extra: Array = field(unit="m / s", doc="burn from the depot for six months less that of least energy")
    fast_cost_ratio: Array = field(unit="", doc="cost per mass on Mars after six months over that at least energy")
    fast_tank: Array = field(unit="", doc="propellant of the burn for six months over what the ship's tanks hold")


_TO_MARS = (f"routes.{MARS}",)
NEEDS: Mapping[str, tuple[str, ...]] = {
    "fast_extra": _TO_MARS,
    "fast_cost_ratio": _TO_MARS,
    "rounds_mars": _TO_MARS,
    "rounds_moon": (f"routes.{MOON}",),
    "rounds_orbit": (f"routes.{ORBIT}",),
    "rounds_ratio": (f"routes.{MARS}", f"routes.{MOON}"),
    "cost_ratio": (f"routes.{MARS}", f"routes.{MOON}"),
}
"""Parts of the evaluation whose constraints a figure needs met."""


def one_tangent_flight(mu: ArrayLike, r1: ArrayLike, r2: ArrayLike, time_of_flight: ArrayLike) -> Array:
    """Excess speed at the inner orbit of a flight out that leaves along it and takes a given time, m/s.

    The ellipse has its periapsis at r1 and crosses r2 at the eccentric anomaly E, cos E = (1 - r2/a) / e with
    e = 1 - r1/a: t = sqrt(a^3 / mu) (E - e sin E). Solved for 1/a between a parabola and Hohmann's ellipse; the excess
    speed is sqrt(mu (2/r1 - 1/a)) - sqrt(mu/r1).

    Args:
        mu: gravitational parameter [m3/s2].
        r1, r2: radii of the circular, coplanar orbits left and reached [m], r1 < r2.
        time_of_flight: shorter than Hohmann's [s].

    Returns:
        Excess speed [m/s]; NaN for times that no such ellipse takes.

    Errors: leaving along the orbit is not quite the cheapest way for a given time, and the planets' eccentricities and
    inclinations are left out: against the least of ephemeris flights, see docs/claims.md.

    References: Vallado 2013, sec. 6.3.3 (one-tangent burn).
    """
    mu, r1, r2 = (jnp.asarray(x, jnp.float64) for x in (mu, r1, r2))
    slowest, fastest = 2.0 / (r1 + r2), 1e-6 / r1

    def late(inverse: Array) -> Array:
        e = 1.0 - r1 * inverse
        cosine = (1.0 - r2 * inverse) / e
        sine = safe_sqrt(1.0 - cosine**2)
        anomaly = jnp.arctan2(sine, cosine)
        return jnp.sqrt(1.0 / (mu * inverse**3)) * (anomaly - e * sine) / time_of_flight - 1.0

    inverse = root(late, fastest, slowest * (1.0 - 1e-9), iterations=60)
    return jnp.sqrt(mu * (2.0 / r1 - inverse)) - orbits.circular_speed(mu, r1)


def rounds(route_wait: Array, route_flight: Array) -> Array:
    """Trials in ten years if each is ready at a random moment, waits and flies out; building not counted."""
    return DECADE / expected_time(1.0, route_wait, route_flight)


def figures(scenario: Scenario, evaluation: Evaluation, up: Lift) -> MarsFigures:
    """Times and haste; `up` is a flight of the launcher to the depot orbit."""
    bodies, routes = scenario.bodies, evaluation.routes
    fast = one_tangent_flight(bodies.sun.mu, ASTRONOMICAL_UNIT, bodies.mars.orbit_radius, SIX_MONTHS)
    hasty = rocket_routes.earth_to_mars(scenario, up, fast, 1.0)
    in_rounds = {name: rounds(routes[name].mean_wait, routes[name].transit_time) for name in (ORBIT, MOON, MARS)}
    r_depot = bodies.earth.radius + scenario.depot.altitude
    burn = maneuvers.departure_burn(bodies.earth.mu, r_depot, fast)
    return MarsFigures(
        gap=1.0 / (routes[MARS].departure_rate * JULIAN_YEAR),
        transit=routes[MARS].transit_time / JULIAN_YEAR,
        rounds_mars=in_rounds[MARS],
        rounds_moon=in_rounds[MOON],
        rounds_orbit=in_rounds[ORBIT],
        rounds_ratio=in_rounds[MOON] / in_rounds[MARS],
        sunlight_ratio=(bodies.mars.orbit_radius / ASTRONOMICAL_UNIT) ** 2,
        cost_ratio=routes[MARS].cost / routes[MOON].cost,
        fast_v_infinity=fast,
        fast_extra=up.delta_v + burn + scenario.places.mars_landing_delta_v - routes[MARS].delta_v,
        fast_cost_ratio=hasty.cost / routes[MARS].cost,
        fast_tank=1.0 + hasty.residuals["propellant fits the tanks"],
    )
