"""The packaged numbers: complete, sourced, inside their bounds, and giving the published results they are built on."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable

import astropy.constants
import erfa
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax import Array

from astro_logistics.astro import maneuvers, orbits
from astro_logistics.constants import JULIAN_YEAR, SOLAR_IRRADIANCE
from astro_logistics.datacenter import satellite
from astro_logistics.launch import mass_driver
from astro_logistics.network import lift as lifts
from astro_logistics.network import rocket_routes, surroundings
from astro_logistics.network.scenario import Launcher, MarsWindows, Scenario
from astro_logistics.pytree import infos, leaves, replace_at
from astro_logistics.scenario import Ledger, check_folder, data_folder, load_scenario, scenario_names

EXACT = {
    "launcher_today.fleet.ship_flights": "the upper stage is expended",
    "launcher.vehicle.fairing_mass": "there is no fairing",
    **{
        f"{launcher}.vehicle.{leaf}": reason
        for launcher in ("launcher_today", "launcher")
        for leaf, reason in (
            ("stages.0.count", "one stage"),
            ("stages.1.count", "one stage"),
            ("core_throttle", "there are no strap-ons"),
        )
    },
}
"""Leaves whose range may have no width."""


@functools.cache
def loaded(name: str) -> tuple[Scenario, Ledger]:
    """A packaged scenario with two made-up Mars opportunities, which no file holds."""
    one, three = np.zeros(2), np.zeros((2, 3))
    windows = MarsWindows(one, one, three, three, three)  # pyright: ignore[reportArgumentType]
    scenario, ledger = load_scenario(name, Scenario, computed={"mars_windows": windows})
    return jax.tree.map(jnp.asarray, scenario), ledger


def to_leo(scenario: Scenario, launcher: Launcher) -> lifts.Lift:
    places, supply = scenario.places, scenario.supply_today
    return lifts.lift(scenario.bodies.earth, places, launcher, supply, places.leo_altitude, places.leo_inclination)


def values(ledger: Ledger) -> dict[str, float]:
    return {path: record.si_value for path, record in ledger.items()}


# ---------------------------------------------------------------- every file, every record


def test_folder_has_no_problem() -> None:
    """No unknown key, unit, source or parent, no orphaned source, no entry that nothing picks."""
    assert [str(problem) for problem in check_folder(data_folder())] == []


@pytest.mark.parametrize("name", scenario_names(data_folder()))
def test_scenario_is_complete(name: str) -> None:
    scenario, ledger = loaded(name)
    found = {path: x for path, x in leaves(scenario).items() if not path.startswith("mars_windows.")}
    assert list(found) == list(ledger)
    bounds = infos(scenario)
    for path, record in ledger.items():
        assert float(found[path]) == record.si_value, path
        low, high = bounds[path].low, bounds[path].high
        assert low is None or record.si_low >= low, path
        assert high is None or record.si_high <= high, path
        assert record.source or record.status in ("derived", "assumed"), path
        if record.low == record.high:
            assert path in EXACT, path


@pytest.mark.parametrize("name", scenario_names(data_folder()))
def test_assumptions_say_why(name: str) -> None:
    """A note of a few words is no reason: forty characters are about eight words."""
    _, ledger = loaded(name)
    assert [path for path, record in ledger.items() if record.status == "assumed" and len(record.note) < 40] == []


def test_sources_say_how_they_were_read() -> None:
    _, ledger = loaded("baseline")
    for key, source in ledger.sources.items():
        assert any(word in source.access for word in ("read", "quoted", "computed", "seen")), key
        assert "recall" not in source.access, key


# ---------------------------------------------------------------- baseline against claims


def test_baseline_rests_on_no_claim() -> None:
    _, ledger = loaded("baseline")
    assert [path for path, record in ledger.items() if record.status == "claimed"] == []


def test_claims_differ_only_where_they_say_so() -> None:
    (_, base), (_, claims) = loaded("baseline"), loaded("claims_2026")
    changed = {path for path in claims if path not in base or claims[path] != base[path]}
    spoken_of = ("launcher.", "datacenter.", "supply.oxygen_", "growth.")
    assert all(path.startswith(spoken_of) for path in changed), sorted(changed)
    promised = [path for path in changed if claims[path].is_promise]
    assert any(path.startswith("launcher.") for path in promised)
    assert any(path.startswith("datacenter.") for path in promised)
    # Neither claimed nor assumed among them: how often accelerators fail, and what is known of any Starship.
    rest = {path for path in changed - set(promised) if not path.startswith("launcher.vehicle.")}
    assert rest <= {"datacenter.server.failure_rate"}


# ---------------------------------------------------------------- published results


@pytest.mark.parametrize(
    ("name", "pick", "payload"),
    [
        ("baseline", "launcher", 85_000.0),  # satellites per Starship, AI1, June 2026
        ("claims_2026", "launcher", 200_000.0),  # stated for Starship V4
    ],
)
def test_dry_mass_of_starship_is_that_of_its_payload(name: str, pick: str, payload: float) -> None:
    """Dry masses are given to 0.1 t, and a tonne of ship is a tonne of payload."""
    scenario, _ = loaded(name)
    assert float(to_leo(scenario, getattr(scenario, pick)).payload) == pytest.approx(payload, abs=50.0)


def test_falcon_9_by_its_masses_and_engines() -> None:
    """Published 15.6 to 18.5 t with the booster on a ship, 17.5 t the heaviest flown: the ascent finds 10 % more."""
    scenario, _ = loaded("baseline")
    assert float(to_leo(scenario, scenario.launcher_today).payload) == pytest.approx(17_500.0 * 1.10, rel=0.01)


def test_falcon_9_cost_and_rate() -> None:
    """15 MUSD marginal and 28 MUSD fully burdened (2020), prices up by a quarter since; 165 flights in 2025."""
    scenario, _ = loaded("baseline")
    up = to_leo(scenario, scenario.launcher_today)
    assert 15e6 * 1.25 < float(up.cost.total) < 28e6 * 1.25
    assert float(up.flights) == pytest.approx(165.0, rel=0.03)  # the limits lie near one another
    assert float(up.cost.price) == pytest.approx(74e6, rel=0.01)  # list price of 2026: the margin is derived from it


@pytest.mark.parametrize(("name", "fewest", "most"), [("baseline", 8.0, 20.0), ("claims_2026", 6.0, 12.0)])
def test_tankers_to_the_moon(name: str, fewest: float, most: float) -> None:
    """Public counts run from 8 to "high teens"; 8 for 1,600 t at 200 t each, the case claimed."""
    scenario, _ = loaded(name)
    up = rocket_routes.to_depot(scenario)
    route = rocket_routes.earth_to_moon(scenario, up, jnp.asarray(0.03))
    flights = float(route.propellant * up.payload / up.propellant)
    assert fewest < flights - 1.0 < most
    assert all(float(residual) < 0.0 for residual in route.residuals.values())


def test_moon_descent_matches_the_table() -> None:
    """Descent from 100 km takes 2.180 km/s in the published table; the loss is given to 0.1 m/s."""
    scenario, _ = loaded("baseline")
    moon, places = scenario.bodies.moon, scenario.places
    r = moon.radius + places.low_lunar_altitude
    deorbit, _, _ = maneuvers.hohmann(moon.mu, r, moon.radius)
    touch = orbits.vis_viva(moon.mu, moon.radius, 0.5 * (r + moon.radius))
    assert float(deorbit + touch + places.lunar_descent_loss) == pytest.approx(2180.0, abs=0.1)


def test_driver_reaches_the_worst_mars_opportunity() -> None:
    """C3 of 14.8 km2/s2 in 2037, the most of the least-energy opportunities of 2026 to 2046 (an own scan of DE440)."""
    scenario, _ = loaded("baseline")
    earth, moon = scenario.bodies.earth, scenario.bodies.moon
    needed = orbits.speed_from_v_infinity(earth.mu, moon.orbit_radius, math.sqrt(14.8e6))
    moving = orbits.circular_speed(earth.mu + moon.mu, moon.orbit_radius)
    relative = maneuvers.combined_plane_change(needed, moving, scenario.places.asymptote_tolerance)
    muzzle = orbits.speed_from_v_infinity(moon.mu, moon.radius, relative)
    assert float(muzzle) < float(mass_driver.design_speed(scenario.mass_driver)) < 1.03 * float(muzzle)


@pytest.mark.parametrize(
    ("name", "lightest", "heaviest"),
    [
        ("baseline", 34.0, 59.0),  # Turyshev 2026, kg per kW of compute
        ("claims_2026", 9.9, 10.1),  # 100 kW per tonne
    ],
)
def test_satellite_mass(name: str, lightest: float, heaviest: float) -> None:
    """On the dawn-dusk orbit at 650 km: sunlit 96 % of the year, shadow of at most 20 minutes."""
    scenario, _ = loaded(name)
    around = surroundings.surroundings(scenario)["sso"]
    assert float(around.sunlit_fraction) == pytest.approx(0.96, abs=0.003)
    assert float(around.longest_eclipse) == pytest.approx(20 * 60.0, abs=30.0)
    mass = 1e3 * float(satellite.size(scenario.datacenter, around).specific_mass)
    assert lightest < mass < heaviest


@pytest.mark.parametrize(("name", "speed"), [("driver_1977", 2400.0), ("driver_handmer_2026", 1600.0)])
def test_published_drivers_reach_their_speed(name: str, speed: float) -> None:
    """Length and acceleration are published rounded: to 1 %."""
    scenario, _ = loaded(name)
    assert float(mass_driver.design_speed(scenario.mass_driver)) == pytest.approx(speed, rel=0.01)


def test_mass_driver_of_1977() -> None:
    """96.4 % efficient at 2,400 m/s with 10.5 kg at 4 Hz: 125 MW, 650,000 t a year; published to 2 or 3 digits."""
    driver = loaded("driver_1977")[0].mass_driver
    energy = float(mass_driver.wall_energy(driver, 2400.0))
    assert energy * 10.5 * 4 == pytest.approx(125e6, rel=0.05)  # the bucket assumed takes 4 %
    shots = float(driver.duty_fraction / driver.shot_interval) * JULIAN_YEAR
    assert shots * 10.5 == pytest.approx(650e6, rel=0.01)


# ---------------------------------------------------------------- independent values


def test_bodies_against_astropy_and_erfa() -> None:
    """IAU nominal values are given to 8 digits (Sun) and 7 (Earth); ERFA codes the resolutions the records cite."""
    _, ledger = loaded("baseline")
    v = values(ledger)
    assert v["bodies.sun.mu"] == pytest.approx(astropy.constants.GM_sun.si.value, rel=1e-8)  # pyright: ignore[reportAttributeAccessIssue]
    assert v["bodies.earth.mu"] == pytest.approx(astropy.constants.GM_earth.si.value, rel=1e-7)  # pyright: ignore[reportAttributeAccessIssue]
    assert v["bodies.earth.radius"] == pytest.approx(astropy.constants.R_earth.si.value, rel=1e-5)  # pyright: ignore[reportAttributeAccessIssue]
    assert v["bodies.earth.obliquity"] == pytest.approx(erfa.obl06(2451545.0, 0.0), abs=1e-9)  # record: 7 digits
    day = (erfa.era00(2451545.0, 1.0) - erfa.era00(2451545.0, 0.0)) % (2 * math.pi) + 2 * math.pi
    assert v["bodies.earth.rotation_rate"] == pytest.approx(day / 86400.0, rel=1e-13)  # angles to 1e-15 in a turn


CUBIC_FOOT = 0.3048**3


FORMULAS: dict[str, Callable[[dict[str, float]], float]] = {
    "bodies.earth.year": lambda v: 36525 * 360 / (35999.37244981 + 5028.796195 / 3600) * 86400,
    "bodies.earth.eccentricity": lambda v: 0.01671123 - 0.00004392 * 0.3,
    "bodies.earth.perihelion_longitude": lambda v: math.radians(
        180 + 102.93768193 + (0.32327364 + 5028.796195 / 3600) * 0.3
    ),
    "bodies.earth.infrared_emission": lambda v: SOLAR_IRRADIANCE * (1 - v["bodies.earth.albedo"]) / 4,
    "launcher_today.vehicle.site_latitude": lambda v: geocentric(28.562),
    "launcher_today.cost.fixed_cost_per_year": lambda v: (28e6 - 15e6 - 30e6 * 0.015 / (1 - 0.985**10)) * 26 * 1.25,
    "launcher_today.fleet.booster_loss": lambda v: 5 / 333,
    "launcher_today.fleet.ship_loss": lambda v: 1 / 325,
    "supply.oxygen_production": lambda v: 0.1 * 7.5e12 * CUBIC_FOOT * 1.327 / JULIAN_YEAR,
    "supply.fuel_production": lambda v: 103.79e9 * CUBIC_FOOT * 0.678 / 86400,
    "supply_today.fuel_production": lambda v: 659.837e6 * 42 * 231 * 0.0254**3 * 800 / JULIAN_YEAR,
    "price_history.points.falcon_9_2016.price": lambda v: 62e6 / 22.8e3 * 1.377,
    "price_history.points.falcon_9_2022.price": lambda v: 67e6 / 22.8e3 * 1.13,
    "price_history.points.falcon_9_2026.price": lambda v: 74e6 / 22.8e3,
    "launcher.vehicle.site_latitude": lambda v: geocentric(25.997),
    "launcher.fleet.pad_turnaround": lambda v: v["launcher.fleet.pads"] * JULIAN_YEAR / (25 + 44 + 76),
    "launcher.cost.booster_cost": lambda v: 90e6 * (33 / 39 * 39 + 0.5 * 51) / 90,
    "launcher.cost.ship_cost": lambda v: 90e6 * (6 / 39 * 39 + 0.5 * 51) / 90,
    "mass_driver.duty_fraction": lambda v: 0.5 * 0.9,
    "mass_driver.winding_mass_per_force": lambda v: 108e3 / 488 / (10.5 * 1.5 * 10_000),
    "mass_driver.radiator.ground_temperature": lambda v: (0.9 * 1361 * 2 / math.pi / (0.95 * 5.67e-8)) ** 0.25,
    "mass_driver.braking_acceleration": lambda v: (
        v["mass_driver.acceleration"] * (1 + v["mass_driver.sled_ratio"]) / v["mass_driver.sled_ratio"]
    ),
    "mass_driver.switch_specific_power": lambda v: 10.5 * 1.5 * 10_000 * 2400 / (50.3e3 + 43.3e3),
    "mass_driver.plant_specific_power": lambda v: 100.0 * 0.5,
}
"""What the formulas of derived records give, from the other records."""


def geocentric(degrees: float) -> float:
    return math.atan((1 - 1 / 298.257) ** 2 * math.tan(math.radians(degrees)))


@pytest.mark.parametrize("path", FORMULAS)
def test_derived_value_follows_from_its_formula(path: str) -> None:
    """To 2 %: the records round to two or three digits."""
    _, ledger = loaded("baseline")
    assert ledger[path].status == "derived"
    assert ledger[path].si_value == pytest.approx(FORMULAS[path](values(ledger)), rel=0.02)


# ---------------------------------------------------------------- the ranges


def test_starship_lifts_something_nearly_anywhere_in_its_ranges(rng: np.random.Generator) -> None:
    """The ranges of masses, thrusts and impulses, drawn at once, leave payload to sun-synchronous orbit."""
    scenario, ledger = loaded("baseline")
    drawn = [path for path in ledger if path.startswith(("launcher.vehicle.", "places."))]
    count = 5000
    draws = {p: jnp.asarray(rng.uniform(ledger[p].si_low, ledger[p].si_high, count)) for p in drawn}

    def payload(sample: dict[str, Array]) -> Array:
        s = replace_at(scenario, sample)
        earth, altitude = s.bodies.earth, s.places.sso_altitude
        a = earth.radius + altitude
        tilt = orbits.sun_synchronous_inclination(earth.mu, earth.radius, earth.j2, a, earth.year)
        return lifts.lift(earth, s.places, s.launcher, s.supply, altitude, tilt).payload

    lifted = np.asarray(jax.jit(jax.vmap(payload))(draws))
    assert np.mean(lifted > 0.0) > 0.999  # all its masses at their worst at once leave nothing
    assert lifted.min() < 20_000.0  # the ranges are not a formality
    assert lifted.max() > 40_000.0
