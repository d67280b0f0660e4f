"""Lambert arcs per core-second: ours from (N, 3) arrays, adam_core's, and pykep's from Python, in the same process.

    python benchmarks/bench_lambert.py [--smoke] [--all-cores] [--plain]

Ours and the peers run with `timing.settings`, which the first line prints; with `--plain`, as the shell left them.

pykep is called as its users call it, one problem at a time. Runs unchanged on a GPU (there, read the wall time).
"""

from __future__ import annotations

from functools import partial

import jax.numpy as jnp
import numpy as np
from peers import adam_core, core_seconds, one_core, pykep, report, written
from timing import settle, smoke, versions

from astro_logistics.astro.lambert import arcs, lambert, lambert_with_jacobian, max_revolutions

STRETCHES = (1.0, 6.0)
"""Factors on the times of flight: most problems have one arc; most have several."""


def main() -> None:
    settle()
    one_core()
    n = 2_000 if smoke() else 200_000
    n_peer = 200 if smoke() else 20_000
    rng = np.random.default_rng(1)
    r1, r2, tof = rng.normal(size=(n, 3)), rng.normal(size=(n, 3)), rng.uniform(0.5, 6.0, n)
    a, b, t = jnp.asarray(r1), jnp.asarray(r2), jnp.asarray(tof)
    print(versions())

    ours = report("ours, 0 revolutions", n, *core_seconds(lambda: lambert(1.0, a, b, t)))
    many = {}
    for stretch in STRETCHES:
        long = stretch * t
        found = 1.0 + 2.0 * float(jnp.mean(jnp.minimum(max_revolutions(1.0, a, b, long), 5)))
        label = f"ours, up to 5 revolutions ({found:.2f} arcs), problems"
        many[stretch] = report(label, n, *core_seconds(lambda long=long: arcs(1.0, a, b, long, revolutions=5)))
    full = 0.0
    for k in (n,) if smoke() else (n // 10, n):
        call = partial(lambert_with_jacobian, 1.0, a[:k], b[:k], t[:k])
        full = report(f"ours, Jacobian of v1, v2 (6 x 7), {k} at once", k, *core_seconds(call))
        report("  48 numbers a case, only written", k, *core_seconds(partial(written, t[:k], 48)))
    v_ours = np.asarray(lambert(1.0, a, b, t).v1)

    adam = adam_core()
    if adam is not None:
        prograde = np.cross(r1, r2)[:, 2] >= 0.0  # the short way round, which is what its flag means there
        x, y, z = r1[prograde], r2[prograde], tof[prograde]
        theirs = report("adam_core, 0 revolutions", len(z), *core_seconds(lambda: adam.solve_lambert(x, y, z, 1.0)))
        print(f"ratio: {ours / theirs:.1f}; of our Jacobian to its plain solution: {full / theirs:.2f}")
        difference(v_ours[prograde], np.asarray(adam.solve_lambert(x, y, z, 1.0)[0]))

    pk = pykep()
    if pk is None:
        return

    rows = r1[:n_peer].tolist(), r2[:n_peer].tolist(), tof[:n_peer].tolist()  # what it takes without conversion

    def peer(stretch: float, revolutions: int) -> list[object]:
        return [
            pk.lambert_problem(x, y, stretch * t, 1.0, False, revolutions).v0 for x, y, t in zip(*rows, strict=True)
        ]

    print(f"pykep {pk.__version__}")
    theirs = report("pykep from Python, 0 revolutions", n_peer, *core_seconds(lambda: peer(1.0, 0)))
    print(f"ratio: {ours / theirs:.1f}")
    for stretch in STRETCHES:
        label = f"pykep from Python, up to 5, times x {stretch:.0f}"
        theirs = report(label, n_peer, *core_seconds(lambda stretch=stretch: peer(stretch, 5)))
        print(f"ratio: {many[stretch] / theirs:.1f}")
    difference(v_ours[:n_peer], np.array(peer(1.0, 0))[:, 0, :])


def difference(ours: np.ndarray, theirs: np.ndarray) -> None:
    """Print how far the departure velocities are apart."""
    error = np.linalg.norm(ours - theirs, axis=1) / np.linalg.norm(ours, axis=1)
    print(f"difference of v1: median {np.median(error):.1e}, 99.9 % below {np.quantile(error, 0.999):.1e}")


if __name__ == "__main__":
    main()
