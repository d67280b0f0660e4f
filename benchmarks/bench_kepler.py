"""Kepler propagations per core-second: ours from (N, 3) arrays, and pykep's from Python in the same process.

    python benchmarks/bench_kepler.py [--smoke]

pykep is called as its users call it, one state at a time. Runs unchanged on a GPU (there, read the wall time).
"""

from __future__ import annotations

import jax.numpy as jnp
import numpy as np
from peers import core_seconds, pykep, report
from timing import smoke, versions

from astro_logistics.astro.kepler import propagate, propagate_with_stm


def states(rng: np.random.Generator, n: int, slow: float, fast: float) -> tuple[np.ndarray, np.ndarray]:
    """Unit radii, random directions, speeds between `slow` and `fast` of the circular one."""
    r = rng.normal(size=(n, 3))
    r /= np.linalg.norm(r, axis=1, keepdims=True)
    v = rng.normal(size=(n, 3))
    return r, v * (rng.uniform(slow, fast, n) / np.linalg.norm(v, axis=1))[:, None]


def main() -> None:
    n = 2_000 if smoke() else 200_000
    n_peer = 200 if smoke() else 20_000
    rng = np.random.default_rng(1)
    dt = rng.uniform(-6.0, 6.0, n)
    print(versions())
    sets = {"ellipses": states(rng, n, 0.3, 1.3), "all conics": states(rng, n, 0.3, 2.0)}
    rates = {}
    for name, (r, v) in sets.items():
        a, b, t = jnp.asarray(r), jnp.asarray(v), jnp.asarray(dt)
        rates[name] = report(f"ours, {name}", n, *core_seconds(lambda a=a, b=b, t=t: propagate(1.0, a, b, t)))
        report(
            f"ours, {name}, with STM",
            n,
            *core_seconds(lambda a=a, b=b, t=t: propagate_with_stm(1.0, a, b, t)),
        )

    pk = pykep()
    if pk is None:
        return
    print(f"pykep {pk.__version__}")
    for name, (r, v) in sets.items():

        def peer(r: np.ndarray = r, v: np.ndarray = v) -> list[object]:
            return [pk.propagate_lagrangian([r[i], v[i]], dt[i], 1.0, False) for i in range(n_peer)]

        theirs = report(f"pykep from Python, {name}", n_peer, *core_seconds(peer))
        print(f"ratio: {rates[name] / theirs:.1f}")
        ours = np.concatenate(propagate(1.0, r[:n_peer], v[:n_peer], dt[:n_peer]), axis=1)
        other = np.array(peer()).reshape(n_peer, 6)
        error = np.linalg.norm(ours - other, axis=1) / np.linalg.norm(ours, axis=1)
        print(f"difference: median {np.median(error):.1e}, 99.9 % below {np.quantile(error, 0.999):.1e}")


if __name__ == "__main__":
    main()
