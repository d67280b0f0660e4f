"""Restricted three-body trajectories over a halo period: this package against heyoka's batch of 8, same run, one core.

python benchmarks/bench_cr3bp.py [--smoke] [--lanes N]

Rates are cases per second of processor time, medians of the repetitions; compilation is timed apart. Run it on one
core (`taskset -c 0`). heyoka comes with the extra `bench`; without it its rows say so.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from astro_logistics.astro import cr3bp

try:
    import heyoka
except ImportError:
    heyoka = None

MU = 1.215058560962404e-2
HALO = np.array([1.1648780946517576, 0.0, -0.11145303634437023, 0.0, -0.20191923237095796, 0.0])  # JPL catalogue, L2
PERIOD = 3.3031221822879884
Timing = tuple[float, float, np.ndarray, np.ndarray | None]  # compile s, cases/s, states, matrices


def cases(n: int) -> np.ndarray:
    """States near the halo orbit, so that no two lanes are alike; the first is on it."""
    states = HALO + 1e-4 * np.random.default_rng(0).standard_normal((n, 6))
    states[0] = HALO
    return states


def rate(run: Callable[[], object], n: int, repetitions: int) -> float:
    times = []
    for _ in range(repetitions):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return n / statistics.median(times)


def ours(states: np.ndarray, with_stm: bool, repetitions: int) -> Timing:
    function = cr3bp.propagate_with_stm if with_stm else cr3bp.propagate
    arguments = (jnp.asarray(MU), jnp.asarray(states), jnp.asarray(PERIOD))
    start = time.process_time()
    compiled = jax.jit(function).lower(*arguments).compile()
    compile_time = time.process_time() - start
    found = jax.block_until_ready(compiled(*arguments))
    speed = rate(lambda: jax.block_until_ready(compiled(*arguments)), len(states), repetitions)
    if with_stm:
        return compile_time, speed, np.asarray(found[0]), np.asarray(found[1])
    return compile_time, speed, np.asarray(found), None


def peer(states: np.ndarray, with_stm: bool, repetitions: int) -> Timing:
    x, y, z, vx, vy, vz = heyoka.make_vars("x", "y", "z", "vx", "vy", "vz")
    mu = heyoka.par[0]
    first = (1.0 - mu) * ((x + mu) ** 2 + y**2 + z**2) ** -1.5
    second = mu * ((x + mu - 1.0) ** 2 + y**2 + z**2) ** -1.5
    both = first + second
    ax = 2.0 * vy + x - first * (x + mu) - second * (x + mu - 1.0)
    system = [(x, vx), (y, vy), (z, vz), (vx, ax), (vy, y - 2.0 * vx - both * y), (vz, -both * z)]
    if with_stm:
        system = heyoka.var_ode_sys(system, heyoka.var_args.vars, order=1)
    start = time.process_time()
    lanes = 8
    zeros = np.zeros((6, lanes))
    integrator = heyoka.taylor_adaptive_batch(
        system, zeros, pars=np.full((1, lanes), MU), time=np.zeros(lanes), compact_mode=with_stm
    )
    compile_time = time.process_time() - start
    fresh = np.array(integrator.state)
    batches = states.reshape(-1, lanes, 6).transpose(0, 2, 1)
    ends = np.empty((len(batches), *fresh.shape))

    def run() -> None:
        for i, batch in enumerate(batches):
            integrator.set_time(0.0)
            integrator.state[:] = fresh
            integrator.state[:6] = batch
            integrator.propagate_until(PERIOD)
            ends[i] = integrator.state

    run()
    speed = rate(run, len(states), repetitions)
    flat = ends.transpose(0, 2, 1).reshape(len(states), -1)
    return compile_time, speed, flat[:, :6], flat[:, 6:].reshape(-1, 6, 6) if with_stm else None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--smoke", action="store_true", help="few lanes, to see that it runs")
    parser.add_argument("--lanes", type=int, default=2640, help="cases, a multiple of 8")
    options = parser.parse_args()
    n = 8 if options.smoke else options.lanes
    repetitions = 7 if options.smoke else 9
    peer_version = "missing" if heyoka is None else heyoka.__version__
    print(f"jax {jax.__version__}, heyoka {peer_version}, {n} halo periods, median of {repetitions}")
    agrees = True
    for with_stm in (False, True):
        name = "with STM" if with_stm else "state"
        count = n if options.smoke or not with_stm else max(8, n // 4 // 8 * 8)
        states = cases(count)
        compile_time, speed, end, stm = ours(states, with_stm, repetitions)
        print(f"{name:9} astro_logistics {speed:10.0f} /s   compile {compile_time:5.1f} s")
        if heyoka is None:
            print(f"{name:9} heyoka             missing   (pip install 'astro-logistics[bench]')")
            continue
        their_compile, theirs, their_end, their_stm = peer(states, with_stm, repetitions)
        difference = np.max(np.abs(end - their_end))
        print(f"{name:9} heyoka          {theirs:10.0f} /s   compile {their_compile:5.1f} s")
        print(f"{name:9} ratio {speed / theirs:.2f}, largest difference of the states {difference:.1e}")
        agrees &= bool(difference < 1e-9)
        if stm is not None and their_stm is not None:
            relative = np.max(np.abs(stm - their_stm)) / np.max(np.abs(their_stm))
            print(f"{name:9} largest difference of the matrices {relative:.1e} of their largest entry")
            agrees &= bool(relative < 1e-9)
    return 0 if agrees else 1


if __name__ == "__main__":
    sys.exit(main())
