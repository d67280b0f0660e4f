"""A year on an orbit: the answers, the figure, what is refused."""

from __future__ import annotations

import pytest
from astropy import units as u

from astro_logistics.api.orbit_environment import orbit_environment
from astro_logistics.scenario.errors import ScenarioError
from astro_logistics.units import UnitError


@pytest.fixture(scope="module")
def dawn_dusk():
    return orbit_environment("sso:550km", ltan=6.0)


def test_dawn_dusk(dawn_dusk):
    # peers take 98 %, 63.8 %, 100 % or 35 min a day; the orbit has 95 %, 22 min, some 98 days
    assert dawn_dusk["sunlit_fraction"] == pytest.approx(0.951, abs=1.5e-3)
    assert dawn_dusk["longest_eclipse_min"] == pytest.approx(21.9, abs=0.3)
    assert dawn_dusk["eclipse_season_days"] == pytest.approx(98.0, abs=5.0)
    assert dawn_dusk.seasons[0][0] == "2030-01-01"
    assert dawn_dusk["greatest_beta_deg"] > 85.0
    assert dawn_dusk["least_solar_flux_w_per_m2"] < 1361.0 < dawn_dusk["greatest_solar_flux_w_per_m2"]
    assert dawn_dusk["worst_radiator_albedo_w_per_m2"] > dawn_dusk["radiator_albedo_w_per_m2"]
    assert set(dawn_dusk.figures) == set(dawn_dusk.meanings)
    assert dawn_dusk.calendar["beta"].attrs["units"] == "deg"
    assert float(dawn_dusk.calendar["sunlit_fraction"].mean()) == pytest.approx(dawn_dusk["sunlit_fraction"], rel=1e-12)
    assert dawn_dusk["dose_rad_per_year"] == pytest.approx(112.0, rel=0.12)  # SPENVIS, 10 mm
    figure = dawn_dusk.plot()
    assert len(figure.axes) == 3
    assert "95." in figure.get_suptitle()


def test_other_orbits(dawn_dusk):
    noon = orbit_environment(
        "sso:550km", ltan=12.0, activity=250.0, shield=3 * u.mm, mass_per_drag_area=10 * u.kg / u.m**2
    )
    assert noon["sunlit_fraction"] < 0.66
    assert noon["eclipse_seasons"] == 1.0
    assert noon["station_keeping_delta_v_m_per_s"] > 5.0 * dawn_dusk["station_keeping_delta_v_m_per_s"]
    assert noon["dose_rad_per_year"] > 5.0 * dawn_dusk["dose_rad_per_year"]
    geo = orbit_environment("geo")
    assert geo["sunlit_fraction"] == pytest.approx(0.9906, abs=3e-4)
    assert geo["eclipse_seasons"] == 2.0
    # electrons of the outer belt: behind 10 mm little, behind 3 mm two hundred times as much
    assert 100.0 < geo["dose_rad_per_year"] < 1000.0
    thin = orbit_environment("geo", shield=3 * u.mm)
    assert thin["dose_rad_per_year"] > 20.0 * geo["dose_rad_per_year"]
    # the local time stands in the name, or beside it
    named, beside = (orbit_environment(f"sso:550km{name}", ltan=ltan) for name, ltan in ((":12h", 6.0), ("", 12.0)))
    assert named.figures == beside.figures
    assert named.orbit == beside.orbit == "sso:550km at 12 h"


@pytest.mark.parametrize(
    ("orbit", "options"),
    [
        ("moon", {}),
        ("eml2", {}),
        ("sun:1au", {}),
        ("sso:550", {}),
        ("sso:50km", {}),
        ("leo:550km", {}),
        ("sso:550km", {"ltan": 25.0}),
        ("sso:550km", {"start": "2059-12-01"}),
    ],
)
def test_refused(orbit, options):
    with pytest.raises((ScenarioError, UnitError)):
        orbit_environment(orbit, **options)


def test_units(dawn_dusk):
    with pytest.raises(UnitError):
        orbit_environment("sso:550km", shield=10.0)
    with pytest.raises(ScenarioError):
        dawn_dusk["sunlit"]
