"""What the further figures of a data center show: its year, day by day; its money over the price of transport."""

from __future__ import annotations

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import xarray as xr
from jax import Array

from astro_logistics.astro.bodies import Earth
from astro_logistics.datacenter import DataCenter, Environment, Satellite, plate_view, year
from astro_logistics.economics import boundaries
from astro_logistics.network import money
from astro_logistics.network.scenario import Scenario

CHEAPEST, DEAREST, POINTS = 10.0, 10_000.0, 61
"""Prices of transport that are drawn, USD/kg."""


@jax.jit
def _temperatures(
    design: DataCenter, earth: Earth, around: Environment, found: Satellite, r: Array, beta: Array, flux: Array
) -> year.Temperatures:
    height = jnp.broadcast_to(r, beta.shape)
    views = plate_view.revolution_view(earth.radius, height, plate_view.moments(jnp.sin(beta)[:, None]))
    reflected = earth.albedo * flux
    fields = {
        "solar_flux": flux,
        "albedo_flux": reflected * views.edge_albedo,
        "array_front_albedo_flux": reflected * views.front_albedo,
        "array_back_albedo_flux": reflected * views.back_albedo,
        "array_infrared_flux": earth.infrared_emission * views.sun_facing_infrared,
    }
    every = jax.tree.map(lambda x: jnp.broadcast_to(x, (*beta.shape, *x.shape)), around)
    return year.temperatures(design, dataclasses.replace(every, **fields), found)


def temperatures(model: Scenario, around: Environment, found: Satellite, calendar: xr.Dataset) -> xr.Dataset:
    """The calendar of `orbit_environment` with the temperatures of array, coolant and chips beside, in C."""
    earth = model.bodies.earth
    r = jnp.cbrt(earth.mu * (around.period / (2.0 * jnp.pi)) ** 2)
    beta, flux = jnp.deg2rad(calendar["beta"].values), jnp.asarray(calendar["solar_flux"].values)
    warm = _temperatures(model.datacenter, earth, around, found, r, beta, flux)
    columns = {
        name: ("date", np.asarray(getattr(warm, name)) - 273.15, {"units": "deg_C", "long_name": text})
        for name, text in (("array", "cells"), ("coolant", "coolant in the radiator"), ("junction", "hottest chip"))
    }
    return calendar.assign(columns)


@jax.jit
def _money(model: Scenario, found: Satellite, prices: Array, price: Array) -> tuple[Array, Array, dict[str, Array]]:
    def orbital(delivery_cost: Array) -> boundaries.ComputeCost:
        return money.delivered_at(model, found, delivery_cost, 0.0)

    over = jax.vmap(lambda p: boundaries.figures(orbital(p)).total)(prices)
    statement = orbital(price)
    items = {
        name: boundaries.levelized(statement, boundaries.boundary(name, 0, name, "financing", "delivered"))
        for name in boundaries.ITEMS
    }
    items["servers replaced"] = statement.chip_replacement / statement.availability
    return over, money.terrestrial(model).money.total, items


def over_price(model: Scenario, found: Satellite, price: float) -> tuple[xr.Dataset, dict[str, float]]:
    """Orbit and ground, everything in, over the price of transport; and what makes up the orbit's at one price.

    Args:
        model: the scenario.
        found: the satellite.
        price: of the transport to its orbit [USD/kg].

    Returns:
        `orbital` over `price` and `terrestrial` [USD per kW and year]; items by name, whose sum is `orbital` there.
    """
    prices = np.geomspace(CHEAPEST, DEAREST, POINTS)
    over, ground, items = _money(model, found, jnp.asarray(prices), jnp.asarray(price))
    unit = {"units": "USD / (kW yr)"}
    data = {
        "orbital": ("price", 1e3 * np.asarray(over), unit),
        "terrestrial": ((), 1e3 * float(ground), unit),
    }
    table = xr.Dataset(data, {"price": ("price", prices, {"units": "USD / kg"})})
    return table, {name: 1e3 * float(x) for name, x in items.items()}
