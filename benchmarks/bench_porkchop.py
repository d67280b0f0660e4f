"""A 500 x 500 Earth-Mars porkchop with ephemeris: ours, adam_core's and pykep's in the same process.

    python benchmarks/bench_porkchop.py [--smoke] [--all-cores] [--plain]

C3 at departure and v-infinity at arrival from (n,) departures and (m,) arrivals. Ours: states from the kernel and
Lambert's arcs. adam_core (pip install adam-core): the peers are given the states of both planets, computed by us, so
that what is compared is the arcs; our time includes the ephemeris. pykep solves one arc at a time.
`--plain`: without `timing.settings`.
"""

from __future__ import annotations

import jax
import numpy as np
from peers import adam_core, core_seconds, one_core, pykep, report
from timing import settle, smoke, versions

import astro_logistics as al
from astro_logistics.astro.windows import porkchop
from astro_logistics.constants import DAY

AU = 149_597_870_700.0


def main() -> None:
    """Print rates and ratios."""
    settle()
    one_core()
    n = 30 if smoke() else 500
    kernel, mu = al.ephemeris(), float(al.load("baseline").model.bodies.sun.mu)
    start = 28.58 * 365.25 * DAY
    leave = start + np.linspace(0.0, 210.0, n) * DAY
    arrive = start + np.linspace(210.0, 670.0, n) * DAY
    print(versions())

    @jax.jit
    def ours(leave, arrive):
        found = porkchop(kernel, "emb", "mars", leave, arrive, mu)
        return found.c3, found.v_infinity_arrival

    rate = report(f"ours, {n} x {n}, with ephemeris", n * n, *core_seconds(lambda: ours(leave, arrive)))
    c3, speed = (np.asarray(x) for x in ours(leave, arrive))

    (r1, v1), (r2, v2) = (
        tuple(np.asarray(x) for x in kernel.state(body, t)) for body, t in (("emb", leave), ("mars", arrive))
    )
    i, j = (x.ravel() for x in np.meshgrid(np.arange(n), np.arange(n), indexing="ij"))
    tof = arrive[j] - leave[i]

    adam = adam_core()
    if adam is not None:

        def theirs() -> tuple[np.ndarray, np.ndarray]:
            a, b = adam.solve_lambert(r1[i] / AU, r2[j] / AU, tof / DAY, mu * DAY**2 / AU**3, True)
            leaving, arriving = (np.asarray(x) * AU / DAY for x in (a, b))
            return np.sum((leaving - v1[i]) ** 2, axis=1), np.linalg.norm(arriving - v2[j], axis=1)

        peer = report(f"adam_core, {n} x {n}, states given", n * n, *core_seconds(theirs))
        compare("adam_core", rate / peer, theirs(), c3, speed)

    pk = pykep()
    if pk is not None:
        few = i.size if smoke() else i.size // 10

        def arcs() -> tuple[np.ndarray, np.ndarray]:
            solved = [pk.lambert_problem(r1[p], r2[q], t, mu, False, 0) for p, q, t in zip(i, j, tof, strict=True)][
                :few
            ]
            leaving, arriving = (np.array([getattr(s, name)[0] for s in solved]) for name in ("v0", "v1"))
            return np.sum((leaving - v1[i[:few]]) ** 2, axis=1), np.linalg.norm(arriving - v2[j[:few]], axis=1)

        i, j, tof = i[:few], j[:few], tof[:few]
        peer = report(f"pykep from Python, {few} cells, states given", few, *core_seconds(arcs))
        compare("pykep", rate / peer, arcs(), c3, speed)


def compare(name: str, ratio: float, theirs: tuple[np.ndarray, np.ndarray], c3: np.ndarray, speed: np.ndarray) -> None:
    """Print the ratio of the rates and how far the answers are apart."""
    away = [
        float(np.nanmedian(np.abs(x / y.ravel()[: x.size] - 1.0))) for x, y in zip(theirs, (c3, speed), strict=True)
    ]
    print(f"{name}: ours is {ratio:.1f} times as fast per core-second; median difference of C3 {away[0]:.1e}, ", end="")
    print(f"of arrival v-infinity {away[1]:.1e}")


if __name__ == "__main__":
    main()
