"""The catalogue of launch vehicles: read whole, plausible, and its published payloads beside the quick form's."""

from __future__ import annotations

import jax
import numpy as np
import pytest

import astro_logistics as al
from astro_logistics.launch import ascent_loss
from astro_logistics.network.launches import Launches
from astro_logistics.scenario import data_folder, load_scenario

NOT_PAYLOADS = {("saturn_v", "leo"), ("sls_block_1", "leo"), ("falcon_heavy_expended", "gto_recovered")}
"""The first two count the last stage and its propellant; the third is flown with other reserves than the entry's."""


@pytest.fixture(scope="module")
def catalogue():
    return load_scenario(data_folder() / "collections" / "launch_vehicles.toml", Launches)


def test_every_vehicle_is_there_with_its_sources(catalogue):
    (found, ledger) = catalogue
    assert len(found.vehicles) == 18
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
    # Starship V2 (35 t shown, from estimated dry masses), Long March 5 and Vulcan beyond low orbit.
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
