"""The whole data center, from orbit to kilograms, one and many: `python benchmarks/bench_datacenter.py [--smoke]`."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from timing import median_seconds, smoke, versions

from astro_logistics.api import read
from astro_logistics.astro.bodies import Earth
from astro_logistics.datacenter import DataCenter, satellite
from astro_logistics.network.surroundings import DAWN, sun_synchronous


def closed(design: DataCenter, earth: Earth, altitude: jax.Array) -> tuple[jax.Array, jax.Array]:
    """Mass per delivered watt and useful work of a satellite on the dawn-dusk orbit of an altitude."""
    found = satellite.size(design, sun_synchronous(earth, altitude, DAWN))
    return found.delivered_specific_mass, found.operations


def main() -> None:
    """Print medians."""
    print(versions())
    model = jax.tree.map(lambda x: jnp.asarray(x, jnp.float64), read("baseline")[0])
    design, earth, altitude = model.datacenter, model.bodies.earth, model.places.sso_altitude
    one = jax.jit(closed)
    first, alone = median_seconds(lambda: one(design, earth, altitude))
    print(f"one satellite, its orbit included: compile and first run {first:.2f} s, then {alone * 1e6:.0f} us")
    slope = jax.jit(jax.grad(lambda *x: closed(*x)[0], argnums=(0, 1, 2)))
    first, gradient = median_seconds(lambda: slope(design, earth, altitude))
    print(f"its gradient by every input: compile and first run {first:.2f} s, then {gradient * 1e6:.0f} us")

    rng = np.random.default_rng(0)
    many = jax.jit(jax.vmap(closed, in_axes=(0, None, 0)))
    for n in (1_000,) if smoke() else (10_000, 1_000_000):
        drawn = jax.tree.map(lambda x, n=n: x * jnp.asarray(rng.uniform(0.95, 1.0, n)), design)
        heights = jnp.asarray(rng.uniform(500e3, 1200e3, n))
        first, batch = median_seconds(lambda drawn=drawn, heights=heights: many(drawn, earth, heights))
        print(
            f"{n:,} draws of every number of the design and of the altitude: compile and first run {first:.2f} s, "
            f"then {batch * 1e3:.1f} ms ({n * alone / batch:.0f} times as fast as one by one)"
        )


if __name__ == "__main__":
    main()
