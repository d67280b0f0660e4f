"""Remakes the coefficients in `launch/ascent_loss.py`: `python benchmarks/fit_ascent_loss.py [--smoke]`.

Integrates the best ascent of a Sobol sample of vehicles of four kinds (two stages, three stages, strap-ons with a core
alone, strap-ons with core and upper stage), and fits the loss that makes the rocket equation give the same payload.
Every fifth vehicle is kept out of the fit. Takes a quarter of an hour on one core.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from scipy.stats import qmc
from timing import smoke, versions

from astro_logistics.constants import STANDARD_GRAVITY as G0
from astro_logistics.launch import ascent, ascent_loss
from astro_logistics.launch.vehicle import LaunchVehicle, Stage

CHUNK = 16


class Planet(NamedTuple):
    """The Earth (WGS 84, EGM 96)."""

    mu: jax.Array = jnp.asarray(3.986004418e14)
    radius: jax.Array = jnp.asarray(6378137.0)
    j2: jax.Array = jnp.asarray(1.08262668e-3)
    rotation_rate: jax.Array = jnp.asarray(7.292115e-5)


def between(u: np.ndarray, low: float, high: float) -> np.ndarray:
    return low + (high - low) * u


def draw(kind: int, n: int, seed: int) -> tuple[LaunchVehicle, ascent.Orbit]:
    """`n` vehicles of a kind, with an orbit each; leaves of shape (n,)."""
    u = iter(qmc.Sobol(30, seed=seed).random(n).T)
    one = np.ones(n)
    liftoff = 10.0 ** between(next(u), 4.0, 6.7)
    carried = between(next(u), 0.02, 0.05) * liftoff  # payload, roughly

    def stage(mass, weight_above, thrust_to_weight, structure, isp, drop, reserve, floor, count=1.0):
        dry = structure * mass
        propellant = mass - dry
        thrust = thrust_to_weight * G0 * (mass + weight_above)
        sea = isp * (1.0 - drop)
        leaves = (count * one, dry, propellant, reserve * propellant, thrust, isp, sea, floor)
        return Stage(*(jnp.asarray(x / (count if i in {1, 2, 3, 4} else 1.0)) for i, x in enumerate(leaves)))

    upper_isp, floor = between(next(u), 310.0, 462.0), between(next(u), 0.5, 1.0)
    upper_structure = between(next(u), 0.04, 0.13)
    stages: list[Stage] = []
    rest = carried
    if kind in {0, 1, 3}:
        mass = between(next(u), 0.05, 0.3 if kind != 3 else 0.1) * liftoff
        ratio = between(next(u), 0.35, 1.5 if kind != 3 else 0.9)
        stages.insert(0, stage(mass, rest, ratio, upper_structure, upper_isp, 0.0, 0.005, floor))
        rest = rest + mass
    if kind == 1:
        mass = between(next(u), 0.12, 0.25) * liftoff
        isp = between(next(u), 310.0, 450.0)
        stages.insert(0, stage(mass, rest, between(next(u), 0.7, 1.3), 0.09 * one, isp, 0.0, 0.005, floor))
        rest = rest + mass
    below = liftoff - rest
    weight = between(next(u), 1.15, 2.0)
    isp, drop = between(next(u), 275.0, 365.0), between(next(u), 0.06, 0.2)
    structure, reserve = between(next(u), 0.05, 0.1), between(next(u), 0.0, 0.1)
    strap_ons: list[Stage] = []
    throttle = one
    if kind in {2, 3}:
        share = between(next(u), 0.4, 0.75)  # of the mass below the upper stage, in the strap-ons
        part = between(next(u), 0.1, 0.45)  # of the thrust, in the core
        throttle = between(next(u), 0.7, 1.0)
        core_isp = between(next(u), 310.0, 455.0)
        side = share * below
        strap_ons.append(
            stage(side, liftoff - side, weight * (1.0 - part), structure + 0.04, isp, drop, 0.0, one, count=2.0)
        )
        core = below - side
        stages.insert(0, stage(core, liftoff - core, weight * part, structure + 0.03, core_isp, 0.17, 0.005, floor))
    else:
        stages.insert(0, stage(below, rest, weight / (1.0 - drop), structure, isp, drop, reserve, floor))
    diameter = between(next(u), 0.035, 0.065) * liftoff ** (1.0 / 3.0)
    vehicle = LaunchVehicle(
        tuple(stages),
        *(
            jnp.asarray(x)
            for x in (
                throttle,
                between(next(u), 0.0, 0.008) * liftoff,
                between(next(u), 90e3, 125e3),
                diameter,
                between(next(u), 0.3, 0.8),
                between(next(u), 25e3, 60e3),
                between(next(u), 30.0, 60.0),
                2.5 * one,
                45e6 * one,
                between(next(u), 0.0, 0.6),
            )
        ),
        strap_ons=tuple(strap_ons),
    )
    planet = Planet()
    inclination = np.asarray(vehicle.site_latitude) + between(next(u), 0.0, 1.2)
    altitude = between(next(u), 150e3, 260e3)
    apogee = altitude + np.maximum(between(next(u), -400e3, 800e3), 0.0)
    later = np.maximum(between(next(u), -3000.0, 2800.0), 0.0) * (kind != 2)
    ellipse = ascent.circular(planet, apogee, inclination, altitude)
    return vehicle, ascent.Orbit(
        ellipse.inclination,
        ellipse.insertion_altitude,
        ellipse.insertion_speed,
        jnp.asarray(later),
        ellipse.later_delta_v,
    )


def sample(kind: int, n: int) -> tuple[LaunchVehicle, ascent.Orbit, np.ndarray]:
    """Vehicles and orbits of a kind and the best payload of each, NaN where there is none."""
    vehicle, orbit = draw(kind, n, seed=kind + 1)
    planet = Planet()
    payloads = []
    for k in range(0, n, CHUNK):
        part = jax.tree.map(lambda x, k=k: x[k : k + CHUNK], (vehicle, orbit))
        problem, guess, posed = jax.vmap(ascent._pose, in_axes=(None, 0, 0))(planet, *part)
        found = SOLVE((problem, guess, posed))
        payloads.append(np.where(found.converged, found.payload, np.nan))
        print(".", end="", flush=True, file=sys.stderr)
    return vehicle, orbit, np.concatenate(payloads)


SOLVE = jax.jit(lambda posed: jax.lax.map(lambda one: ascent._solve(*one), posed))

RIDGE = 0.1
"""Of the squared coefficients: the polynomial has more terms than the sample can tell apart."""

TARGET = Path(ascent_loss.__file__).with_name("_ascent_loss_fit.py")


def columns(
    vehicle: LaunchVehicle, orbit: ascent.Orbit, payload: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Features, losses [m/s], and share of payload per m/s, of the vehicles that lift at least 0.3 % of their mass."""
    planet = Planet()
    n = payload.size
    mass = sum(np.asarray(s.mass) for s in vehicle.strap_ons + vehicle.stages)
    good = np.nan_to_num(payload) > 0.003 * mass
    vehicle, orbit = jax.tree.map(lambda x: jnp.broadcast_to(x, (n,))[good], (vehicle, orbit))
    m = jnp.asarray(payload[good])
    finite = ascent_loss._departure_loss(planet, vehicle, orbit, m)[0]
    loss = ascent_loss.ideal_delta_v(vehicle, m) - ascent_loss.needed_delta_v(planet, vehicle, orbit) - finite
    slope = jax.vmap(jax.grad(lambda p, v: ascent_loss.ideal_delta_v(v, p)))(m, vehicle)
    found = ascent_loss.features(planet, vehicle, orbit), loss, 1.0 / (slope * m)
    return tuple(np.asarray(x) for x in found)


def fit(parts: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> str:
    """The text of the module of coefficients; prints the errors."""
    x, loss, share = (np.concatenate(p) for p in zip(*parts, strict=True))
    kind = np.concatenate([np.full(p[1].size, k) for k, p in enumerate(parts)])
    apart = np.arange(loss.size) % 5 == 0
    means, spreads = x[~apart].mean(axis=0).round(6), x[~apart].std(axis=0).round(6)
    basis = np.asarray(ascent_loss.polynomial(jnp.asarray(x), means, spreads))
    weight = RIDGE * np.eye(basis.shape[1])
    weight[0, 0] = 0.0
    kept = basis[~apart]
    target, trust = np.log(loss[~apart]), np.ones((~apart).sum())
    for _ in range(20):  # robust: vehicles far off (ill-matched stages) count for less
        found = np.linalg.solve((kept.T * trust) @ kept + weight, (kept.T * trust) @ target).round(7)
        trust = 1.0 / (1.0 + ((np.exp(kept @ found) - loss[~apart]) / 60.0) ** 2)
    wrong = np.exp(basis @ found) - loss
    size = f"{(~apart).sum()} vehicles, {apart.sum()} kept apart"
    lines = [f"{size}: loss {loss.min():.0f} to {loss.max():.0f} m/s, {loss.mean():.0f} on average"]
    for name, chosen in (
        ("fitted", ~apart),
        ("apart", apart),
        *((f"kind {k}, apart", apart & (kind == k)) for k in range(4)),
    ):
        worst = np.quantile(np.abs(wrong[chosen]), 0.95)
        lines.append(
            f"{name}: error {wrong[chosen].std():.0f} m/s rms, 95 % within {worst:.0f} m/s;"
            f" payload {np.median(np.abs(wrong * share)[chosen]):.1%} in the middle,"
            f" 90 % within {np.quantile(np.abs(wrong * share)[chosen], 0.9):.1%}"
        )
    print("\n".join(lines))
    blocks = [
        '"""Numbers of the loss in `ascent_loss`, remade by benchmarks/fit_ascent_loss.py; not edited by hand."""\n',
        "# fmt: off",
    ]
    for name, values in (("MEANS", means), ("SPREADS", spreads), ("COEFFICIENTS", found)):
        rows = [", ".join(f"{v:.9g}" for v in values[k : k + 8]) for k in range(0, len(values), 8)]
        blocks.append(f"{name} = (\n" + "".join(f"    {row},\n" for row in rows) + ")")
    return "\n".join(blocks) + "\n"


def main() -> None:
    n = 16 if smoke() else 512
    print(versions())
    text = fit([columns(*sample(kind, n)) for kind in range(4)])
    if not smoke():
        TARGET.write_text(text)


if __name__ == "__main__":
    main()
