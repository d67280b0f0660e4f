"""The least-cost mass driver from 50 random starts, and scipy's differential evolution on the same problem.

`python benchmarks/bench_design_driver.py [--smoke]`. Evolution gets the same compiled figures, constraints as penalties
on the logarithm of the cost, and stops at its own tolerance.
"""

from __future__ import annotations

import time

import jax.numpy as jnp
import numpy as np
from scipy.optimize import differential_evolution
from timing import smoke, versions

import astro_logistics as al
from astro_logistics.constants import JULIAN_YEAR
from astro_logistics.design.optimize import Search, distinct
from astro_logistics.network.driver_design import CONSTRAINTS, OVER, least_cost

DEMAND = 650e6 / JULIAN_YEAR
"""kg/s: the 650,000 t a year of 1977."""
DELIVERY = 5000.0
"""USD/kg to the Moon."""
PENALTY = 30.0
"""Per unit of violation, of which the multipliers are of order one."""


def main() -> None:
    """Print costs, evaluations, seconds and their ratios."""
    print(versions())
    for name in ("baseline", "driver_coils"):
        compare(name)


def compare(name: str) -> None:
    search = Search(al.load(name).model, least_cost(DELIVERY, DEMAND), CONSTRAINTS, OVER)
    begin = time.perf_counter()
    search.both(jnp.asarray(search.start()))[0].block_until_ready()
    search.values(jnp.asarray(search.start())).block_until_ready()
    print(f"{name}: compiled in {time.perf_counter() - begin:.1f} s")

    n = 5 if smoke() else 50
    begin = time.perf_counter()
    minima = search.run_from_random_starts(n, seed=0)
    seconds = time.perf_counter() - begin
    good = [m for m in minima if m.converged]
    evaluations = sum(m.evaluations for m in minima)
    print(f"  {n} starts: {len(good)} converged, {evaluations / n:.0f} evaluations and {seconds / n:.3f} s each")
    for m in distinct(minima):
        same = sum(abs(o.objective - m.objective) < 0.005 for o in good)
        print(f"  optimum {np.exp(m.objective):.3f} USD/kg, from {same} starts; at bounds: {m.active_bounds or 'none'}")
        print("   ", ", ".join(f"{p.removeprefix('mass_driver.')} {v:.4g}" for p, v in m.variables.items()))
        print("    binding:", ", ".join(m.active_constraints))

    count = 0

    def penalized(z: np.ndarray) -> float:
        nonlocal count
        count += 1
        values = np.asarray(search.values(jnp.asarray(z)))
        total = values[0] + PENALTY * np.sum(np.maximum(values[1:], 0.0))
        return float(total) if np.isfinite(total) else 1e6

    begin = time.perf_counter()
    bounds = [(0.0, 1.0)] * len(OVER)
    evolved = differential_evolution(penalized, bounds, rng=0, maxiter=20 if smoke() else 2000, tol=1e-6, polish=False)
    elapsed = time.perf_counter() - begin
    print(f"  evolution: {np.exp(evolved.fun):.3f} USD/kg, {count} evaluations, {elapsed:.2f} s ({evolved.message})")
    each = elapsed * n / seconds
    print(f"  against one start: {count * n / evaluations:.0f} times the evaluations, {each:.1f} of the time")
    print(f"  against all {n}: {count / evaluations:.1f} times the evaluations, {elapsed / seconds:.2f} of the time")


if __name__ == "__main__":
    main()
