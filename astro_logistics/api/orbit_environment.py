"""What an orbit does to a satellite: sunlight day by day, heat from below, air, radiation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import xarray as xr
from jax.typing import ArrayLike
from matplotlib.figure import Figure

from astro_logistics import units
from astro_logistics.api import orbit_names
from astro_logistics.api.checks import check_name, error
from astro_logistics.api.orbit_names import OrbitName
from astro_logistics.api.scenarios import ephemeris, read
from astro_logistics.astro import drag, orbits, shadow_season
from astro_logistics.astro.bodies import Earth
from astro_logistics.constants import DAY, HOUR, JULIAN_YEAR, SOLAR_IRRADIANCE
from astro_logistics.datacenter import dose, environment
from astro_logistics.datacenter.plate_view import moments, revolution_view
from astro_logistics.network.surroundings import GEOSTATIONARY_RADIUS
from astro_logistics.report import porkchop, sunlight

FORMS = "sso:ALTITUDE[:LTAN], leo:ALTITUDE:INCLINATION, geo"
KINDS = ("sso", "leo", "geo")
SAMPLES_PER_DAY = 4

_calendar = jax.jit(shadow_season.calendar)


@dataclass(frozen=True)
class OrbitEnvironment:
    """A year on an orbit: `found["sunlit_fraction"]`; `calendar` has it day by day.

    `figures` are by name with the unit in it; `meanings` says what each is. `seasons` are the first and last day (TDB)
    of each stretch with eclipses.
    """

    orbit: str
    figures: Mapping[str, float]
    meanings: Mapping[str, str]
    seasons: tuple[tuple[str, str], ...]
    calendar: xr.Dataset

    def __getitem__(self, name: str) -> float:
        """A figure by its name."""
        check_name("figure", name, self.figures)
        return self.figures[name]

    def plot(self) -> Figure:
        """Beta angle, sunlit fraction and eclipse duration through the year."""
        return sunlight.plot(self.calendar, self.orbit)


def orbit_environment(
    orbit: str,
    *,
    ltan: float = 6.0,
    raan: Any = None,
    start: str = "2030-01-01",
    activity: float = 140.0,
    mass_per_drag_area: Any = None,
    shield: Any = None,
) -> OrbitEnvironment:
    """A year of sunlight, heat, air and radiation on a circular orbit of the Earth, with the JPL ephemeris' Sun.

    Args:
        orbit: "sso:650km", "sso:650km:10.5h", "leo:550km:53deg" or "geo".
        ltan: mean local time of the ascending node, h, of a sun-synchronous orbit whose name has none.
        raan: right ascension of the ascending node at the start, a Quantity, of the others; 0 by default.
        start: first day of the year, ISO (TDB).
        activity: the Sun's radio flux F10.7, for the density of the air: 70 quiet, 140 mean, 250 most active.
        mass_per_drag_area: Quantity, mass over drag coefficient and area; 20 kg/m2 by default.
        shield: Quantity, thickness of aluminium; 10 mm by default.

    Raises:
        ScenarioError: an orbit that cannot be read, outside of what is covered; a date outside the ephemeris.
        UnitError: a quantity without its unit or with a wrong one.
    """
    earth = jax.tree.map(lambda x: jnp.asarray(x, jnp.float64), read("baseline")[0].bodies.earth)
    begin = float(units.to_tdb_seconds(start))
    first, last = ephemeris().span
    elapsed = np.arange(0.0, JULIAN_YEAR, DAY / SAMPLES_PER_DAY)
    if not (first <= begin and begin + elapsed[-1] <= last):
        allowed = f"a year between {units.iso_tdb(first)[:10]} and {units.iso_tdb(last)[:10]}"
        raise error("start", repr(start), allowed)
    if not 0.0 <= ltan <= 24.0:
        raise error("ltan", f"{ltan}", "hours from 0 to 24")
    named = orbit_names.parse(orbit, local_time=ltan * HOUR)
    if named.kind not in KINDS:
        raise orbit_names.unknown(orbit, FORMS)
    r, i = _shape(earth, named)
    hours = named.local_time / HOUR
    if named.kind == "sso":
        node = float(shadow_season.raan_of_local_time(hours, shadow_season.mean_sun(begin)))
    else:
        node = 0.0 if raan is None else float(units.to_si(raan, "rad", "raan"))
    sun = shadow_season.of_date(ephemeris().state("sun", begin + elapsed, "earth")[0], begin + elapsed)
    found = _calendar(earth, r, i, node, elapsed, sun)
    calendar = _dataset(found, begin + elapsed)
    seasons = shadow_season.seasons(begin + elapsed, np.asarray(found.eclipse_duration) > 1.0)
    drag_area = (
        20.0 if mass_per_drag_area is None else float(units.to_si(mass_per_drag_area, "kg/m2", "mass_per_drag_area"))
    )
    depth = 10e-3 if shield is None else float(units.to_si(shield, "m", "shield"))
    rows = _light(earth, r, found, seasons) | _air_and_dose(earth, r, i, activity, drag_area, depth)
    return OrbitEnvironment(
        orbit=f"{':'.join(orbit.split(':')[:2])} at {hours:g} h" if named.kind == "sso" else orbit,
        figures={name: value for name, (value, _) in rows.items()},
        meanings={name: meaning for name, (_, meaning) in rows.items()},
        seasons=tuple((units.iso_tdb(a)[:10], units.iso_tdb(b)[:10]) for a, b in seasons),
        calendar=calendar,
    )


def _shape(earth: Earth, orbit: OrbitName) -> tuple[float, float]:
    """Radius and inclination of an orbit."""
    if orbit.kind == "geo":
        return GEOSTATIONARY_RADIUS, 0.0
    r = float(earth.radius) + orbit.altitude
    if orbit.kind == "leo":
        return r, orbit.inclination
    return r, float(orbits.sun_synchronous_inclination(earth.mu, earth.radius, earth.j2, r, earth.year))


def _dataset(found: shadow_season.Calendar, times: np.ndarray) -> xr.Dataset:
    flux = environment.solar_flux(found.solar_distance)
    columns = {
        "beta": (np.rad2deg(found.beta), "deg", "angle of the Sun to the orbit plane"),
        "sunlit_fraction": (np.asarray(found.sunlit_fraction), "1", "part of the revolution in sunlight"),
        "eclipse_duration": (np.asarray(found.eclipse_duration) / 60.0, "min", "time in shadow on each revolution"),
        "solar_flux": (np.asarray(flux), "W/m2", "sunlight on a plate that faces the Sun"),
    }
    variables = {name: ("date", x, {"units": unit, "long_name": text}) for name, (x, unit, text) in columns.items()}
    return xr.Dataset(variables, {"date": porkchop.dates("date", times)})


Rows = dict[str, tuple[float, str]]


def _light(earth: Earth, r: float, found: shadow_season.Calendar, seasons: list[tuple[float, float]]) -> Rows:
    """Sunlight and the planet's light and heat."""
    sunlit, lost = np.asarray(found.sunlit_fraction), np.asarray(found.eclipse_duration)
    flux = np.asarray(environment.solar_flux(found.solar_distance))
    sine = jnp.sin(found.beta)
    year = revolution_view(earth.radius, r, moments(sine))
    each = revolution_view(earth.radius, jnp.full(sine.shape, r), moments(sine[:, None]))
    reflected = float(earth.albedo) * SOLAR_IRRADIANCE
    emitted = float(earth.infrared_emission)
    edge = float(environment.plate_view.edge_on_view_factor(earth.radius, r))
    beta = np.abs(np.rad2deg(found.beta))
    worst = reflected * float(jnp.max(each.edge_albedo))
    return {
        "period_min": (float(orbits.period(earth.mu, r)) / 60.0, "time of one revolution"),
        "sunlit_fraction": (float(sunlit.mean()), "part of the year in sunlight, penumbra in part"),
        "least_sunlit_fraction": (float(sunlit.min()), "the same on the revolution of the longest eclipse"),
        "longest_eclipse_min": (float(lost.max()) / 60.0, "longest time in shadow on one revolution"),
        "eclipse_season_days": (float(np.mean(lost > 1.0)) * JULIAN_YEAR / DAY, "days of the year with eclipses"),
        "eclipse_seasons": (float(len(seasons)), "stretches of days with eclipses"),
        "least_beta_deg": (float(beta.min()), "least angle of the Sun to the plane, either side"),
        "greatest_beta_deg": (float(beta.max()), "greatest"),
        "mean_solar_flux_w_per_m2": (float(flux.mean()), "sunlight on a plate that faces the Sun, mean"),
        "least_solar_flux_w_per_m2": (float(flux.min()), "least: at aphelion"),
        "greatest_solar_flux_w_per_m2": (float(flux.max()), "greatest: at perihelion"),
        "radiator_albedo_w_per_m2": (reflected * float(year.edge_albedo), "reflected light per face, edge-on, mean"),
        "worst_radiator_albedo_w_per_m2": (worst, "the same on the worst revolution"),
        "radiator_infrared_w_per_m2": (emitted * edge, "the Earth's heat per face, edge-on"),
        "array_front_albedo_w_per_m2": (reflected * float(year.front_albedo), "reflected light on the array's front"),
        "array_back_albedo_w_per_m2": (reflected * float(year.back_albedo), "reflected light on the array's back"),
        "array_infrared_w_per_m2": (emitted * float(year.sun_facing_infrared), "the Earth's heat on each array face"),
    }


def _air_and_dose(earth: Earth, r: float, i: float, activity: float, drag_area: float, depth: float) -> Rows:
    """Air, disposal and radiation; of a geostationary orbit no air."""
    if r == GEOSTATIONARY_RADIUS:
        burn = float(drag.graveyard_delta_v(earth.mu, r, 2.2 / drag_area))
        rows = {"disposal_delta_v_m_per_s": (burn, "up and out of the geostationary region")}
        return rows | _dose(dose.GEOSTATIONARY_DOSE, depth)
    h = r - float(earth.radius)
    held = float(drag.holding_acceleration(earth, h, i, activity, drag_area)) * JULIAN_YEAR
    rows = {
        "air_density_kg_per_m3": (float(drag.density(h, activity)), "mean over the globe, the day and the year"),
        "station_keeping_delta_v_m_per_s": (held, f"a year against the air, {drag_area:g} kg/m2"),
        "disposal_delta_v_m_per_s": (
            float(drag.disposal_delta_v(earth.mu, r, float(earth.radius) + 50e3)),
            "to a perigee of 50 km",
        ),
    }
    return rows if h < 300e3 else rows | _dose(dose.dose_curve(h, i), depth)


def _dose(curve: ArrayLike, depth: float) -> Rows:
    rate = float(dose.dose_rate(curve, depth)) / dose.RAD * JULIAN_YEAR
    return {"dose_rad_per_year": (rate, f"in silicon behind {1e3 * depth:g} mm of aluminium, trapped particles")}
