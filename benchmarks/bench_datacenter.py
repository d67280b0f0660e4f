"""The whole data center, from orbit to kilograms, one and many: `python benchmarks/bench_datacenter.py [--smoke]`."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import jax
import jax.numpy as jnp
import numpy as np
from timing import median_seconds, smoke, versions

from astro_logistics.api import read
from astro_logistics.astro.bodies import Bodies
from astro_logistics.datacenter import DataCenter, satellite
from astro_logistics.network.scenario import Places
from astro_logistics.network.surroundings import sun_synchronous
from astro_logistics.pytree import replace_at


def closed(design: DataCenter, bodies: Bodies, places: Places) -> tuple[jax.Array, jax.Array]:
    """Mass per delivered watt and useful work of a satellite on a sun-synchronous orbit."""
    around = sun_synchronous(bodies, places.sso_altitude, places.sso_local_time, places.disposal_perigee)
    found = satellite.size(design, around)
    return found.delivered_specific_mass, found.operations


THREADS, AT_ONCE = 2, 10_000
"""Cores at work, each calling the same compiled function; draws in one call, few enough to stay in the cache."""


def main() -> None:
    """Print medians; of many draws on two threads and the processor time of both."""
    print(versions())
    model = jax.tree.map(lambda x: jnp.asarray(x, jnp.float64), read("baseline")[0])
    design, bodies, places = model.datacenter, model.bodies, model.places
    one = jax.jit(closed)
    first, alone = median_seconds(lambda: one(design, bodies, places))
    print(f"one satellite, its orbit included: compile and first run {first:.2f} s, then {alone * 1e6:.0f} us")
    slope = jax.jit(jax.grad(lambda *x: closed(*x)[0], argnums=(0, 1, 2)))
    first, gradient = median_seconds(lambda: slope(design, bodies, places))
    print(f"its gradient by every input: compile and first run {first:.2f} s, then {gradient * 1e6:.0f} us")

    rng = np.random.default_rng(0)
    many = jax.jit(jax.vmap(closed, in_axes=(0, None, 0)))
    for n in (1_000,) if smoke() else (10_000, 1_000_000):
        drawn = jax.tree.map(lambda x, n=n: x * jnp.asarray(rng.uniform(0.95, 1.0, n)), design)
        there = jax.tree.map(lambda x, n=n: jnp.broadcast_to(x, (n,)), places)
        moved = {"sso_altitude": rng.uniform(500e3, 1200e3, n), "sso_local_time": rng.uniform(5.0, 7.0, n) * 3600.0}
        there = replace_at(there, {name: jnp.asarray(x) for name, x in moved.items()})
        each = min(n // THREADS, AT_ONCE)
        parts = [jax.tree.map(lambda x, k=k, m=each: x[k : k + m], (drawn, there)) for k in range(0, n, each)]
        with ThreadPoolExecutor(THREADS) as pool:
            first, batch = median_seconds(
                lambda pool=pool, parts=parts: list(pool.map(lambda part: many(part[0], bodies, part[1]), parts))
            )
            busy = time.process_time()
            jax.block_until_ready(list(pool.map(lambda part: many(part[0], bodies, part[1]), parts)))
            busy = time.process_time() - busy
        print(
            f"{n:,} draws of every number of the design, altitude and local time on {THREADS} threads: compile and "
            f"first run {first:.2f} s, then {batch * 1e3:.1f} ms, {busy * 1e3:.1f} ms of the processor "
            f"({n * alone / batch:.0f} times as fast as one by one)"
        )


if __name__ == "__main__":
    main()
