"""Ephemeris states beside jplephem's and adam_core's, a porkchop, all opportunities.

    python benchmarks/bench_ephemeris.py [--smoke] [--all-cores] [--plain]

All read the same file. States are counted per second of processor time.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from jplephem.spk import SPK
from peers import adam_core_kernel, core_seconds, one_core
from timing import median_seconds, settle, smoke, versions

from astro_logistics.astro import ephemeris, windows
from astro_logistics.constants import DAY, J2000_JULIAN_DATE

PATH = Path(__file__).parents[1] / "data" / "ephemeris" / "de440_2025_2060.bsp"
SUN = 10
MU_SUN = 1.32712440041e20  # m3/s2, DE440
PAIRS = {"mars": ((0, 4),), "emb": ((0, 3),), "earth": ((0, 3), (3, 399)), "moon": ((0, 3), (3, 301))}


def jplephem_states(kernel: SPK, body: str, days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Heliocentric position [km] and velocity [km/day]."""
    r, v = kernel[0, 10].compute_and_differentiate(J2000_JULIAN_DATE, days)
    r, v = -r, -v
    for pair in PAIRS[body]:
        dr, dv = kernel[pair].compute_and_differentiate(J2000_JULIAN_DATE, days)
        r, v = r + dr, v + dv
    return r, v


def bench_states(kernel: ephemeris.Ephemeris, count: int) -> None:
    t = np.random.default_rng(1).uniform(*kernel.span, count)
    adam = adam_core_kernel(str(PATH))
    with SPK.open(str(PATH)) as spk:
        for body, pairs in PAIRS.items():
            row = f"{count:8d} states, {body:5s} from the Sun:"
            _, ours, _ = core_seconds(lambda body=body: kernel.state(body, t))
            _, theirs, _ = core_seconds(lambda body=body: jplephem_states(spk, body, t / DAY))
            print(
                f"{row} {count / ours / 1e6:6.2f} M per core-second, "
                f"jplephem {count / theirs / 1e6:5.2f} M, ratio {theirs / ours:5.1f}"
            )
            if adam is None:
                continue
            code = pairs[-1][1]
            _, theirs, _ = core_seconds(lambda code=code: adam.spkez_batch(code, SUN, "J2000", t))
            r = np.asarray(kernel.state(body, t)[0])
            apart = np.abs(r - 1e3 * adam.spkez_batch(code, SUN, "J2000", t)[:, :3]).max()
            print(
                f"{'':{len(row)}} adam_core {count / theirs / 1e6:5.2f} M, ratio {theirs / ours:5.1f}, "
                f"largest difference {apart:.1e} m"
            )


def bench_porkchop(kernel: ephemeris.Ephemeris, side: int) -> None:
    start = (2461041.5 - J2000_JULIAN_DATE) * DAY  # 2026-01-01
    leave = start + DAY * np.linspace(200.0, 500.0, side)
    arrive = start + DAY * np.linspace(510.0, 900.0, side)
    first, warm = median_seconds(lambda: windows.porkchop(kernel, "emb", "mars", leave, arrive, MU_SUN))
    print(
        f"porkchop {side} x {side}: first {first:.2f} s, warm {1e3 * warm:.1f} ms, {side**2 / warm / 1e6:.2f} M cells/s"
    )


def bench_opportunities(kernel: ephemeris.Ephemeris, span_years: int) -> None:
    start = (2461041.5 - J2000_JULIAN_DATE) * DAY
    stop = start + 365.25 * span_years * DAY
    first, warm = median_seconds(lambda: windows.opportunities(kernel, "emb", "mars", start, stop, mu_sun=MU_SUN))
    found = windows.opportunities(kernel, "emb", "mars", start, stop, mu_sun=MU_SUN)
    print(f"{found.c3.size} Earth-Mars opportunities of {span_years} years: first {first:.2f} s, warm {warm:.3f} s")


def main() -> None:
    """Print rates and ratios."""
    settle()
    one_core()
    print(versions())
    kernel = ephemeris.load(PATH)
    for count in (1000,) if smoke() else (1000, 100_000, 1_000_000):
        bench_states(kernel, count)
    bench_porkchop(kernel, 50 if smoke() else 500)
    bench_opportunities(kernel, 3 if smoke() else 20)


if __name__ == "__main__":
    main()
