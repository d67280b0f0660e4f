"""Kepler propagations per core-second: ours from (N, 3) arrays, heyoka's compiled batch, and pykep's from Python.

    python benchmarks/bench_kepler.py [--smoke] [--all-cores] [--plain]

Ours and the peers run with `timing.settings`, which the first line prints; with `--plain`, as the shell left them.

heyoka's propagator is for ellipses; all run in the same process.

pykep is called as its users call it, one state at a time. Runs unchanged on a GPU (there, read the wall time).
"""

from __future__ import annotations

from functools import partial

import jax.numpy as jnp
import numpy as np
from peers import core_seconds, heyoka, one_core, pykep, report, written
from timing import settle, smoke, versions

from astro_logistics.astro.kepler import propagate, propagate_with_stm


def states(rng: np.random.Generator, n: int, slow: float, fast: float) -> tuple[np.ndarray, np.ndarray]:
    """Unit radii, random directions, speeds between `slow` and `fast` of the circular one."""
    r = rng.normal(size=(n, 3))
    r /= np.linalg.norm(r, axis=1, keepdims=True)
    v = rng.normal(size=(n, 3))
    return r, v * (rng.uniform(slow, fast, n) / np.linalg.norm(v, axis=1))[:, None]


def main() -> None:
    settle()
    one_core()
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
        for k in (n,) if smoke() else (n, n // 10):
            a, b, t = a[:k], b[:k], t[:k]
            call = partial(propagate_with_stm, 1.0, a, b, t)
            report(f"ours, {name}, with STM, {k} at once", k, *core_seconds(call))
            report("  42 numbers a case, only written", k, *core_seconds(partial(written, t, 42)))

    hy = heyoka()
    if hy is not None and not hasattr(hy.model, "lagrange_prop"):
        print(f"heyoka {hy.__version__} has no Lagrange propagator: 7.11 or later has")
    elif hy is not None:
        names = hy.make_vars("x", "y", "z", "u", "v", "w", "t")
        final = hy.model.lagrange_prop(pos0=names[:3], vel0=names[3:6], mu=1.0, tm=names[6])
        compiled = hy.cfunc([*final[0], *final[1]], vars=names)
        r, v = sets["ellipses"]
        inputs = np.ascontiguousarray(np.concatenate([r, v, dt[:, None]], axis=1).T)
        batch = report("heyoka compiled batch, ellipses", n, *core_seconds(lambda: compiled(inputs)))
        print(f"ratio: {rates['ellipses'] / batch:.2f}")
        apart = np.linalg.norm(np.concatenate(propagate(1.0, r, v, dt), axis=1) - compiled(inputs).T, axis=1)
        print(f"difference: median {np.median(apart):.1e}, 99.9 % below {np.quantile(apart, 0.999):.1e}")

    pk = pykep()
    if pk is None:
        return
    print(f"pykep {pk.__version__}")
    for name, (r, v) in sets.items():
        pairs = list(zip(r[:n_peer].tolist(), v[:n_peer].tolist(), strict=True))  # what it takes without conversion
        times = dt[:n_peer].tolist()

        def peer(pairs: list[object] = pairs, times: list[float] = times) -> list[object]:
            return [pk.propagate_lagrangian(pair, t, 1.0, False) for pair, t in zip(pairs, times, strict=True)]

        theirs = report(f"pykep from Python, {name}", n_peer, *core_seconds(peer))
        print(f"ratio: {rates[name] / theirs:.1f}")
        ours = np.concatenate(propagate(1.0, r[:n_peer], v[:n_peer], dt[:n_peer]), axis=1)
        other = np.array(peer()).reshape(n_peer, 6)
        error = np.linalg.norm(ours - other, axis=1) / np.linalg.norm(ours, axis=1)
        print(f"difference: median {np.median(error):.1e}, 99.9 % below {np.quantile(error, 0.999):.1e}")


if __name__ == "__main__":
    main()
