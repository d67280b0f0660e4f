"""A data center on the ground, and the orbital one item by item."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.flatten_util import ravel_pytree

from astro_logistics.economics import terrestrial
from astro_logistics.economics.boundaries import figures
from astro_logistics.economics.datacenter_cost import SatelliteCost, orbital_cost
from astro_logistics.economics.terrestrial import ComputeMarket, Terrestrial, terrestrial_cost, year_earlier
from astro_logistics.pytree import replace_at

HOUR, YEAR = 3600.0, 365.25 * 86400.0
KWH = 3.6e6


def site(**changes: float) -> Terrestrial:
    base = {
        "shell": 3.0, "electrical": 5.0, "mechanical": 3.0, "fit_out": 2.0, "energy_ratio": 1.25, "gas_fraction": 0.3,
        "solar_fraction": 0.2, "grid_connection": 0.5, "grid_price": 0.08 / KWH, "gas_capital": 2.0,
        "gas_heat_rate": 1.8, "gas_price": 0.015 / KWH, "solar_capital": 1.2, "solar_capacity_factor": 0.25,
        "storage_capital": 200.0 / KWH, "storage_time": 16 * HOUR, "maintenance_fraction": 0.03, "staff": 0.1,
        "water_use": 0.3 / KWH, "water_price": 0.002, "chip_failure_rate": 0.05, "availability": 0.99, "life": 15.0,
        "chip_life": 5.0, "build_time": 1.5, "power_wait": 1.0, "discount_rate": 0.08, "build_carbon": 1.0,
        "grid_carbon": 0.4 / KWH, "gas_carbon": 0.18 / KWH,
    }  # fmt: skip
    return Terrestrial(**{k: jnp.asarray(v) for k, v in (base | changes).items()})


MARKET = ComputeMarket(
    **{
        k: jnp.asarray(v)
        for k, v in {
            "chips": 30.0,
            "utilization": 0.8,
            "chip_price": 3.0 / HOUR,
            "chip_carbon": 1.0,
            "price_fall": 0.3,
        }.items()
    }
)
SATELLITE = SatelliteCost(
    **{
        k: jnp.asarray(v)
        for k, v in {
            "build_cost": 800.0, "learning_rate": 0.15, "units_ratio": 4.0, "operations_fraction": 0.02,
            "development": 1.0, "loss_rate": 0.02, "insurance_fraction": 0.03, "disposal_cost": 5.0,
            "build_carbon": 80.0, "lead_time": 1.5, "discount_rate": 0.12,
        }.items()
    }
)  # fmt: skip


def test_by_hand():
    # per watt of servers, 0.8 of the year: 7012.8 Wh; at 1.25 it is 8766 Wh: half grid, 0.3 gas, 0.2 sun
    found = terrestrial_cost(site(), MARKET, 1500.0, 1e15)
    assert float(found.energy) == pytest.approx(8.766 * (0.5 * 0.08 + 0.3 * 1.8 * 0.015))
    supply = 1.25 * (0.5 * 0.5 + 0.3 * 2.0 + 0.2 * (1.2 / 0.25 + 0.2 * 16))
    assert float(found.power_capital) == pytest.approx(5.0 + supply)
    assert float(found.other_capital) == 8.0
    assert float(found.operations) == pytest.approx(0.03 * (13.0 + supply) + 0.1 + 7.0128 * 0.3 * 0.002)
    assert float(found.carbon_yearly) == pytest.approx(8.766 * (0.5 * 0.4 + 0.3 * 1.8 * 0.18) + 0.05)
    assert float(year_earlier(found, MARKET.chip_price)) == pytest.approx(
        3.0 * 8766 / 1500 * 0.99 * 0.8 - float(found.energy) - float(found.operations) - 1.5
    )


def test_idle_capital_month_by_month():
    # spent in equal parts through 18 months, each bearing interest to the day power flows: midpoints of 1800 parts
    parts = 1800
    left = 1.0 + 1.5 * (1.0 - (np.arange(parts) + 0.5) / parts)
    expected = np.mean(1.08**left) - 1.0
    assert float(terrestrial.idle_capital(1.0, 0.08, 1.5, 1.0)) == pytest.approx(expected, rel=1e-7)
    assert float(terrestrial.idle_capital(5.0, 0.0, 1.5, 1.0)) == 0.0


def test_ground_of_published_size():
    # Epoch AI: 8.5 GUSD a year for a gigawatt, servers five years; SemiAnalysis: 2.37 USD per accelerator and hour
    found = figures(terrestrial_cost(site(), MARKET, 1500.0, 1e15))
    assert 7.0 < float(found.total) < 13.0


def fleet(years: int, lost: float, price: float) -> float:
    """Undiscounted payments of a fleet by the year, per watt: bought, replaced as it is lost, run, taken down."""
    mass, unit, chips = 0.05, 800.0 * 4.0 ** np.log2(0.85), 30.0 * 1.1
    build, transport = mass * unit, mass * price
    insured = 0.03 * (build + transport + chips)
    spent = build + transport + chips + insured + 1.0
    for _ in range(years):
        spent += lost * (build + transport + chips + insured) + 0.02 * (build + transport)
    return spent + mass * 5.0


def test_orbit_by_the_year():
    cost = replace_at(SATELLITE, {"discount_rate": jnp.asarray(0.0)})
    found = orbital_cost(cost, MARKET, 0.05, 0.4, 0.75, 600.0, 3.0, 5.0, 0.1, 1500.0, 1e15, 0.15)
    assert float(figures(found).total) * 0.75 * 5 == pytest.approx(fleet(5, 0.02, 600.0), rel=1e-12)
    assert float(figures(found).cash) * 0.75 == pytest.approx(
        float(found.replacement + found.chip_replacement + found.operations)
    )


def test_disposal_is_paid_at_the_end():
    more = replace_at(SATELLITE, {"disposal_cost": jnp.asarray(105.0)})
    args = (0.05, 0.4, 0.75, 600.0, 3.0, 5.0, 0.1, 1500.0, 1e15, 0.15)
    gain = orbital_cost(more, MARKET, *args).development - orbital_cost(SATELLITE, MARKET, *args).development
    assert float(gain) == pytest.approx(0.05 * 100.0 / 1.12**5)


def test_derivatives():
    # central differences of 1e-3 extrapolated once: 1e-9 of figures of order one
    start, unravel = ravel_pytree((SATELLITE, site(), MARKET))

    def f(s: jax.Array) -> jax.Array:
        cost, ground, market = unravel(start * (1.0 + s))
        orbit = orbital_cost(cost, market, 0.05, 0.4, 0.75, 600.0, 3.0, 5.0, 0.1, 1500.0, 1e15, 0.15)
        other = terrestrial_cost(ground, market, 1500.0, 1e15)
        one, two = figures(orbit), figures(other)
        return jnp.log(
            jnp.stack([one.total, two.total, one.carbon, two.carbon, year_earlier(other, market.chip_price)])
        )

    h, n = 1e-3, start.size
    eye = np.eye(n)
    points = np.concatenate([h * eye, -h * eye, 0.5 * h * eye, -0.5 * h * eye, 0.0 * eye])
    values, slopes = jax.jit(jax.vmap(lambda p, t: jax.jvp(f, (p,), (t,))))(points, np.tile(eye, (5, 1)))
    values, exact = np.asarray(values), np.asarray(slopes)[4 * n :]
    two, one = (values[:n] - values[n : 2 * n]) / (2 * h), (values[2 * n : 3 * n] - values[3 * n : 4 * n]) / h
    np.testing.assert_allclose((4.0 * one - two) / 3.0, exact, atol=1e-8)


def test_bad_numbers_come_out_as_nan():
    assert np.isnan(figures(terrestrial_cost(site(life=np.nan), MARKET, 1500.0, 1e15)).total)
