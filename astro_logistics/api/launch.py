"""What a launch vehicle of the catalogue brings to an orbit, what moves that, and what it costs."""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from astropy import units as u

from astro_logistics import units
from astro_logistics.api.checks import check_name, error
from astro_logistics.astro import orbits
from astro_logistics.astro.bodies import Earth
from astro_logistics.launch import ascent
from astro_logistics.launch.ascent import AscentResult, Orbit
from astro_logistics.launch.capacity import capacity
from astro_logistics.launch.vehicle import LaunchVehicle
from astro_logistics.network.launches import Launches, cost_by_reuse, operated
from astro_logistics.pytree import leaves
from astro_logistics.report.launches import LaunchResult, PublishedResult, StageSlopes
from astro_logistics.scenario.loader import load_scenario
from astro_logistics.scenario.paths import data_folder
from astro_logistics.scenario.records import Ledger

ORBITS = ("leo", "sso", "gto", "tli", "escape")

LEO, SSO, GTO_APOGEE, TLI = 300.0 * u.km, 650.0 * u.km, 35_786.0 * u.km, -1.8 * u.km**2 / u.s**2
PARABOLA = 0.0 * u.km**2 / u.s**2

_capacity = jax.jit(capacity)


@jax.jit
def _slopes(earth: Earth, vehicle: LaunchVehicle, orbit: Orbit) -> LaunchVehicle:
    return jax.grad(lambda v: capacity(earth, v, orbit).payload)(vehicle)


_operated = jax.jit(operated)


@lru_cache(maxsize=1)
def catalogue() -> tuple[Launches, Ledger]:
    """The launch vehicles, what is published of them and what is known of their costs, with the origin of each."""
    launches, ledger = load_scenario(data_folder() / "collections" / "launch_vehicles.toml", Launches)
    return jax.tree.map(jnp.asarray, launches), ledger


def launch_vehicles(name: str = "") -> tuple[str, ...]:
    """The vehicles of the catalogue that bear a name, or whose names begin with it: `falcon_9` has three ways to land.

    Raises:
        ScenarioError: none does; the nearest name is offered.
    """
    known = catalogue()[0].vehicles
    if name in known:
        return (name,)
    found = tuple(n for n in known if not name or n.startswith(name + "_"))
    if not found:
        parts = [n.split("_") for n in known]
        fronts = Counter("_".join(words[:k]) for words in parts for k in range(1, len(words)))
        shared = [front for front, n_vehicles in fronts.items() if n_vehicles > 1]
        check_name("launch vehicle", name, (*known, *shared))
    return found


def lift(
    vehicle: str,
    orbit: str = "leo",
    *,
    altitude: Any = None,
    inclination: Any = None,
    c3: Any = None,
) -> LaunchResult:
    """Payload of one vehicle to one orbit by the quick form, its derivatives, and the cost where it is known.

    Args:
        vehicle: name in the catalogue (`launch_vehicles`).
        orbit: "leo" (circular), "sso" (circular, its plane in pace with the Sun), "gto" (185 by 35,786 km), "tli" or
            "escape" (from 185 km).
        altitude: of a circular orbit, 200 to 2,000 km; 300 km for "leo", 650 km for "sso" if not given.
        inclination: for all but "sso"; due east from the site if not given.
        c3: energy of departure for "tli" and "escape"; -1.8 and 0 km2/s2 if not given.

    Returns:
        `LaunchResult`: with the constraints that are not met, if any, in `violated`.

    Errors: as `launch.ascent_loss.payload`; docs/launch.md shows it for every vehicle.

    Raises:
        ScenarioError: unknown vehicle or orbit, an option that does not go with the orbit, a value outside its range.
        UnitError: a quantity of another kind.
    """
    launches, ledger = catalogue()
    check_name("launch vehicle", vehicle, launches.vehicles)
    check_name("orbit", orbit, ORBITS)
    craft, earth = launches.vehicles[vehicle], launches.bodies.earth
    target, height = _target(earth, craft, orbit, altitude, inclination, c3)
    found = _capacity(earth, craft, target)
    slopes = _slopes(earth, craft, target)
    prefix = f"vehicles.{vehicle}."
    moved = {path: float(x) for path, x in leaves(slopes).items()}
    promised = {
        path: record
        for path, record in ((p, ledger[prefix + p]) for p in moved)
        if record.is_promise and moved[path] * (record.si_high - record.si_low) != 0.0
    }
    price = launches.published[vehicle].price
    swing = {path: abs(moved[path] * (r.si_high - r.si_low)) for path, r in promised.items()}
    ordered = sorted(promised, key=lambda path: -swing[path])
    return LaunchResult(
        vehicle=vehicle,
        orbit=orbit,
        altitude_km=height / 1e3,
        inclination_deg=float(np.degrees(target.inclination)),
        payload_kg=float(found.payload),
        payload_nothing_kept_kg=float(found.payload_nothing_kept),
        delta_v_m_per_s=float(found.delta_v),
        ascent_loss_m_per_s=float(found.ascent_loss),
        residuals={name: float(x) for name, x in found.residuals.items()},
        published_price_usd=None if price is None else float(price),
        published_price_status=None if price is None else ledger[f"published.{vehicle}.price"].status,
        no_published_price=launches.published[vehicle].no_price,
        published=_published(earth, launches, vehicle),
        slopes=_stage_slopes(craft, slopes),
        rests_on={prefix + path: promised[path] for path in ordered},
        **_cost(launches, vehicle, float(found.payload)),
    )


def fly(
    vehicle: str, orbit: str = "leo", *, altitude: Any = None, inclination: Any = None, c3: Any = None
) -> AscentResult:
    """The integrated ascent with the most payload, for the same arguments as `lift`; a second or two."""
    launches, _ = catalogue()
    check_name("launch vehicle", vehicle, launches.vehicles)
    check_name("orbit", orbit, ORBITS)
    craft, earth = launches.vehicles[vehicle], launches.bodies.earth
    return ascent.ascend(earth, craft, _target(earth, craft, orbit, altitude, inclination, c3)[0])


def reuse_costs(result: LaunchResult) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Flights of a unit (n,), flights per year (m,), and cost per kilogram (m, n) of a vehicle to its orbit, USD/kg.

    Raises:
        ScenarioError: no costs are known of the vehicle, or it carries nothing there.
    """
    launches, _ = catalogue()
    check_name("launch vehicle with known costs", result.vehicle, launches.operations)
    if result.violated:
        raise error("orbit", result.orbit, f"an orbit that it reaches (not met: {result.violated[0]})")
    flights, rates = np.geomspace(1.0, 200.0, 60), np.array([10.0, 30.0, 100.0, 300.0, 1000.0, 10_000.0])
    craft, operations = launches.vehicles[result.vehicle], launches.operations[result.vehicle]
    cost = cost_by_reuse(craft, operations, flights[None], rates[:, None])
    return flights, rates, np.asarray(cost) / result.payload_kg


def _target(
    earth: Earth, craft: LaunchVehicle, orbit: str, altitude: Any, inclination: Any, c3: Any
) -> tuple[Orbit, float]:
    """The orbit to be reached, and its (perigee's) altitude, m."""
    circular = orbit in ("leo", "sso")
    for name, value, allowed in (
        ("altitude", altitude, circular),
        ("inclination", inclination, orbit != "sso"),
        ("c3", c3, orbit in ("tli", "escape")),
    ):
        if value is not None and not allowed:
            raise error(name, f"{value} with orbit {orbit!r}", "an orbit that it can be chosen for; leave it out")
    tilt = jnp.abs(craft.site_latitude)
    if inclination is not None:
        tilt = jnp.asarray(_within(inclination, "rad", "inclination", (0.0, np.pi), "0 to 180 deg"))
    if not circular:
        if orbit == "gto":
            return ascent.elliptic(earth, units.to_si(GTO_APOGEE, "m", "apogee"), tilt), 185e3
        energy = c3 if c3 is not None else (TLI if orbit == "tli" else PARABOLA)
        limits, shown = (-30e6, 2e8), "-30 to 200 km2/s2"
        return ascent.escape(earth, _within(energy, "m2 / s2", "c3", limits, shown), tilt), 185e3
    given = altitude if altitude is not None else (SSO if orbit == "sso" else LEO)
    height = _within(given, "m", "altitude", (200e3, 2000e3), "200 to 2000 km")
    if orbit == "sso":
        tilt = orbits.sun_synchronous_inclination(earth.mu, earth.radius, earth.j2, earth.radius + height, earth.year)
    return ascent.circular(earth, height, tilt), height


def _within(value: Any, unit: str, name: str, bounds: tuple[float, float], shown: str) -> float:
    """A Quantity in SI, inside its bounds."""
    si = float(units.to_si(value, unit, name))
    if not bounds[0] <= si <= bounds[1]:
        raise error(name, str(value), shown)
    return si


@lru_cache(maxsize=1)
def _integrated() -> dict[str, dict[str, float | None]]:
    """Payloads by the integrated ascent, kg, of the packaged vehicles to the orbits of their published ones."""
    return json.loads((data_folder() / "reference" / "ascents.json").read_text(encoding="utf-8"))


def _published(earth: Earth, launches: Launches, vehicle: str) -> tuple[PublishedResult, ...]:
    """Each published payload of a vehicle beside the computed one."""
    craft, rows = launches.vehicles[vehicle], []
    for name, quote in launches.published[vehicle].orbits.items():
        payload = _capacity(earth, craft, quote.orbit(earth, craft.site_latitude)).payload
        miss = float(payload / quote.payload) - 1.0
        flown = _integrated().get(vehicle, {}).get(name)
        rows.append(
            PublishedResult(vehicle, name, float(quote.payload), float(payload), miss, flown, quote.explanation)
        )
    return tuple(rows)


def _stage_slopes(craft: LaunchVehicle, slopes: LaunchVehicle) -> tuple[StageSlopes, ...]:
    """How payload moves with each stage's dry mass, impulse and thrust."""
    names = [f"strap-ons ({float(s.count):.0f})" for s in craft.strap_ons]
    names += [f"stage {i}" for i in range(1, len(craft.stages) + 1)]
    pairs = zip(names, craft.strap_ons + craft.stages, slopes.strap_ons + slopes.stages, strict=True)
    return tuple(
        StageSlopes(
            stage=name,
            dry_mass_t=float(stage.dry_mass) / 1e3,
            payload_kg_per_kg_dry=float(slope.dry_mass),
            specific_impulse_s=float(stage.specific_impulse),
            payload_kg_per_s=float(slope.specific_impulse),
            thrust_kn=float(stage.thrust) / 1e3,
            payload_kg_per_percent_thrust=float(slope.thrust * stage.thrust) / 100.0,
        )
        for name, stage, slope in pairs
    )


def _cost(launches: Launches, vehicle: str, payload: float) -> dict[str, float | None]:
    """Cost and price of a flight and of a kilogram; None where nothing is known."""
    names = ("flights_per_year", "cost_usd_per_flight", "price_usd_per_flight", "cost_usd_per_kg", "price_usd_per_kg")
    if vehicle not in launches.operations:
        return dict.fromkeys(names)
    once = _operated(launches.vehicles[vehicle], launches.operations[vehicle])
    cost, price = float(once.cost.total), float(once.cost.price)
    lifted = payload if payload > 0.0 else np.nan
    return dict(zip(names, (float(once.flights), cost, price, cost / lifted, price / lifted), strict=True))
