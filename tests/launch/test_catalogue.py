"""The catalogue of launch vehicles: read whole, plausible, and its published payloads beside the quick form's."""

from __future__ import annotations

import json

import jax
import numpy as np
import pytest

import astro_logistics as al
from astro_logistics.astro import orbits
from astro_logistics.launch import ascent, ascent_loss
from astro_logistics.network.launches import Launches
from astro_logistics.scenario import data_folder, load_scenario

NOT_PAYLOADS = {("saturn_v", "leo"), ("falcon_heavy_recovered", "gto")}
"""The first counts the last stage and its propellant; the second is the limit of a price."""


@pytest.fixture(scope="module")
def catalogue():
    return load_scenario(data_folder() / "collections" / "launch_vehicles.toml", Launches)


def test_every_vehicle_is_there_with_its_sources(catalogue):
    (found, ledger) = catalogue
    assert len(found.vehicles) == 19
    assert found.vehicles.keys() == found.published.keys()
    assert all(record.source or record.status in ("assumed", "derived") for record in ledger.records.values())


def test_they_leave_the_ground_and_are_mostly_propellant(catalogue):
    for name, vehicle in catalogue[0].vehicles.items():
        lit = vehicle.strap_ons + vehicle.stages[:1]
        mass = sum(float(s.mass) for s in vehicle.strap_ons + vehicle.stages) + float(vehicle.fairing_mass)
        sea_level = [float(s.count * s.thrust * s.specific_impulse_sea_level / s.specific_impulse) for s in lit]
        assert 1.1 < sum(sea_level) / (9.80665 * mass) < 2.0, name  # thrust over weight, without payload
        assert 0.8 < float(vehicle.propellant_mass) / mass < 0.96, name


def test_published_payloads(catalogue):
    # The quick form against what is quoted. Half of the quotes are met within 20 %: stage masses are estimates, quotes
    # hold back margins, and the form is 10 to 18 % low for very weak last stages. The largest misses are findings:
    # Starship V2 (35 t shown, from estimated dry masses), Long March 5 to polar orbit and Vulcan VC2 to Mars.
    earth = al.load("baseline").model.bodies.earth
    quick = jax.jit(ascent_loss.payload)
    error = {}
    for name, vehicle in catalogue[0].vehicles.items():
        for orbit, quote in catalogue[0].published[name].orbits.items():
            if (name, orbit) not in NOT_PAYLOADS:
                found = quick(earth, vehicle, quote.orbit(earth, vehicle.site_latitude))
                error[name, orbit] = float(found) / float(quote.payload) - 1.0
    assert all(np.isfinite(e) for e in error.values()), error
    assert np.median(np.abs(list(error.values()))) < 0.2
    for case in (
        ("falcon_9_expended", "leo"),
        ("falcon_heavy_expended", "leo"),
        ("saturn_v", "tli"),
        ("new_glenn", "leo"),
    ):
        assert abs(error[case]) < 0.12, (case, error[case])


def test_every_miss_is_explained_and_the_integrated_payloads_are_kept(catalogue):
    # misses above 5 % of the quick or the integrated payload are explained in the data; the integrated ones are stored
    earth, flown = catalogue[0].bodies.earth, json.loads((data_folder() / "reference" / "ascents.json").read_text())
    quick, apart = jax.jit(ascent_loss.payload), {}
    assert flown.keys() == catalogue[0].vehicles.keys()
    for name, quotes in catalogue[0].published.items():
        vehicle = catalogue[0].vehicles[name]
        assert flown[name].keys() == quotes.orbits.keys()
        for orbit, quote in quotes.orbits.items():
            found = [float(quick(earth, vehicle, quote.orbit(earth, vehicle.site_latitude))), flown[name][orbit]]
            assert found[1] is not None, (name, orbit)  # every vehicle flies to every orbit
            apart[name, orbit] = found[0] / found[1] - 1.0
            missed = any(abs(x / float(quote.payload) - 1.0) > 0.05 for x in found)
            assert not missed or len(quote.explanation) > 40, (name, orbit, found)
    # the quick form against the integrated ascent over the catalogue, as docs/launch.md has it
    weak = {
        case for case in apart if case[0].startswith(("ariane", "vulcan", "sls")) and case[1] in ("leo", "iss", "sso")
    }
    ranges = {
        (-0.25, -0.09): weak | {("long_march_5", "sso")},
        (-0.075, -0.055): {("saturn_v", "leo"), ("space_shuttle", "leo"), ("space_shuttle", "iss")},
        (0.07, 0.09): {("vulcan_vc2", "mars")},
        (0.14, 0.16): {("sls_block_1", "tli")},
    }
    ranges[-0.05, 0.05] = apart.keys() - set().union(*ranges.values())
    for (low, high), cases in ranges.items():
        assert all(low <= apart[case] <= high for case in cases), {case: apart[case] for case in cases}
    assert (len(apart), len(ranges[-0.05, 0.05])) == (43, 29)


def test_every_vehicle_has_a_price_or_a_reason(catalogue):
    # a price with its record, or in words why there is none; never both, never neither
    found, ledger = catalogue
    none = {name for name, quotes in found.published.items() if quotes.price is None}
    assert none == {"long_march_5", "starship_v2", "starship_v4_claimed"}
    for name, quotes in found.published.items():
        assert (quotes.price is None) == (len(quotes.no_price) > 40), name
        if quotes.price is not None:
            record = ledger[f"published.{name}.price"]
            assert record.price_year == 2026, name
            assert record.status != "assumed", name


@pytest.mark.slow
def test_two_of_the_integrated_payloads_anew(catalogue):
    earth, flown = catalogue[0].bodies.earth, json.loads((data_folder() / "reference" / "ascents.json").read_text())
    for name, orbit in (("falcon_9_downrange", "leo"), ("starship_v3", "leo")):  # one compilation serves both
        vehicle = catalogue[0].vehicles[name]
        quote = catalogue[0].published[name].orbits[orbit]
        found = ascent.payload(earth, vehicle, quote.orbit(earth, vehicle.site_latitude))
        assert float(found) == pytest.approx(flown[name][orbit], rel=1e-4)  # stored to 0.1 kg; the search's tolerance
        quick = ascent_loss.payload(earth, vehicle, quote.orbit(earth, vehicle.site_latitude))
        assert float(quick) == pytest.approx(float(found), rel=0.03)  # what the routes rest on
    # to sun-synchronous orbit nine tenths of what arrives is the ship: 1.2 % of it, the quick form's error, are 13 % of
    # the payload
    ship, height = catalogue[0].vehicles["starship_v3"], 650e3
    tilt = orbits.sun_synchronous_inclination(earth.mu, earth.radius, earth.j2, earth.radius + height, earth.year)
    target = ascent.circular(earth, height, tilt)
    found, quick = (float(f(earth, ship, target)) for f in (ascent.payload, ascent_loss.payload))
    arrives = float(ship.ship.dropped_mass) + found
    assert found == pytest.approx(23.4e3, rel=0.005)
    assert 0.005 < (quick - found) / arrives < 0.015
