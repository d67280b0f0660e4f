"""Lambert arcs, porkchops and evaluations on whatever device JAX finds, a GPU or the CPU.

    python benchmarks/bench_accelerator.py [--smoke]

Runs unchanged on either. Times are on the wall, with the result waited for; the first call compiles and is told apart.
Inputs are on the device already: what it costs to bring them there is told once.
"""

from __future__ import annotations

import functools

import jax
import jax.numpy as jnp
import numpy as np
from timing import median_seconds, smoke, versions

import astro_logistics as al
from astro_logistics.astro.lambert import lambert
from astro_logistics.astro.windows import porkchop
from astro_logistics.constants import DAY
from astro_logistics.network.evaluate import evaluate

RUNS = 7


def row(name: str, n: int, times: tuple[float, float]) -> None:
    """One line: cases per second, the wall time, the first call."""
    first, median = times
    rate = f"{n / median / 1e6:9.3f} M per s"
    print(f"{name:52s} {rate}   wall {median * 1e3:10.2f} ms   first call {first:6.2f} s", flush=True)


def skipped(name: str, error: Exception) -> None:
    """A case that the device's memory does not hold is told, and the rest goes on."""
    print(f"{name:52s} skipped: {str(error).splitlines()[0][:80]}", flush=True)


def lamberts(sizes: list[int]) -> None:
    """Random geometries, without whole revolutions and with one."""
    rng = np.random.default_rng(1)
    zero = jax.jit(lambda a, b, t: lambert(1.0, a, b, t))
    one = jax.jit(lambda a, b, t: lambert(1.0, a, b, t, revolutions=1, branch="left"))
    for n in sizes:
        r1, r2 = (jax.device_put(rng.normal(size=(n, 3))) for _ in range(2))
        tof = jax.device_put(rng.uniform(0.5, 6.0, n))
        cases = (("0 revolutions", zero, tof), ("1 revolution", one, 6.0 * tof))
        for name, solve, t in cases:
            label = f"Lambert, {name}, N = {n:.0e}"
            try:
                row(label, n, median_seconds(functools.partial(solve, r1, r2, t), RUNS))
            except jax.errors.JaxRuntimeError as error:
                skipped(label, error)


def porkchops(sizes: list[int]) -> None:
    """Earth-Mars with the ephemeris, departures 2028, C3 and arrival v-infinity; 2**22 cells at a time."""
    kernel = jax.device_put(al.ephemeris())
    mu = float(al.load("baseline").model.bodies.sun.mu)
    start = 28.58 * 365.25 * DAY

    @jax.jit
    def rows(leave, arrive):
        found = porkchop(kernel, "emb", "mars", leave, arrive, mu)
        return found.c3, found.v_infinity_arrival

    for n in sizes:
        leave = start + jnp.linspace(0.0, 210.0 * DAY, n)
        arrive = start + jnp.linspace(210.0 * DAY, 670.0 * DAY, n)
        height = min(n, max(1, (1 << 22) // n))

        def whole(leave=leave, arrive=arrive, n=n, height=height):
            starts = np.minimum(np.arange(0, n, height), n - height)
            return [rows(jax.lax.dynamic_slice(leave, (i,), (height,)), arrive) for i in starts]

        label = f"porkchop {n} x {n}, with ephemeris"
        try:
            row(label, n * n, median_seconds(whole, RUNS))
        except jax.errors.JaxRuntimeError as error:
            skipped(label, error)


def evaluations(sizes: list[int]) -> None:
    """The costs of every route of the baseline, every number of it drawn anew for each scenario."""
    model = al.load("baseline").model
    axes = jax.tree.map(lambda x: 0 if np.ndim(x) == 0 else None, model)  # planets' states shared

    def costs(m):  # the program of bench_evaluate.py
        return jnp.stack([route.cost for route in evaluate(m).routes.values()])

    many = jax.jit(jax.vmap(costs, in_axes=(axes,)))
    rng = np.random.default_rng(0)
    for n in sizes:
        drawn = jax.device_put(
            jax.tree.map(lambda x, n=n: x * (1.0 + 1e-3 * rng.uniform(-1, 1, n)) if np.ndim(x) == 0 else x, model)
        )
        label = f"evaluate, every number drawn, {n:.0e} scenarios"
        try:
            row(label, n, median_seconds(functools.partial(many, drawn), RUNS))
        except jax.errors.JaxRuntimeError as error:
            skipped(label, error)


def main() -> None:
    """Print one line for each case."""
    device = jax.devices()[0]
    print(f"{versions()}; {device.device_kind}, {len(jax.devices())} device(s); median of {RUNS}")
    lamberts([2_000] if smoke() else [10_000, 100_000, 1_000_000, 10_000_000])
    porkchops([50] if smoke() else [500, 4000])
    evaluations([1_000] if smoke() else [100_000, 1_000_000])


if __name__ == "__main__":
    main()
