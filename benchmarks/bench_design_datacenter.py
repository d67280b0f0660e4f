"""The least-cost data center from 50 random starts, and evolution on the same problem: scipy's, and pymoo's NSGA-II.

`python benchmarks/bench_design_datacenter.py [--smoke]`; pymoo is in the extra `bench`. Differential evolution gets
the same compiled figures, one point at a time, constraints as penalties on the logarithm of the cost, and stops at its
own tolerance; NSGA-II takes the constraints as such and is stopped where it has come within a promille of the least
cost, or after as many generations as it is given.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import jax.numpy as jnp
import numpy as np
from scipy.optimize import differential_evolution
from timing import smoke, versions

import astro_logistics as al
from astro_logistics.design.optimize import Search, distinct
from astro_logistics.network.datacenter_design import CONSTRAINTS, OVER, least_cost

try:
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.callback import Callback
    from pymoo.core.problem import ElementwiseProblem
    from pymoo.optimize import minimize as pymoo_minimize
except ImportError:
    NSGA2 = None

PENALTY = 30.0
"""Per unit of violation."""
NEAR = 1e-3
"""In the logarithm of the cost: as near as NSGA-II is asked to come."""
SCALES = {"sso_altitude": (1e3, "km"), "sso_local_time": (3600.0, "h"), "design_life": (3.15576e7, "yr")}


def main() -> None:
    """Print costs, evaluations, seconds and their ratios."""
    print(versions())
    search = Search(al.load("baseline").model, least_cost, CONSTRAINTS, OVER)
    begin = time.perf_counter()
    search.both(jnp.asarray(search.start()))[0].block_until_ready()
    search.values(jnp.asarray(search.start())).block_until_ready()
    print(f"compiled in {time.perf_counter() - begin:.1f} s")

    n = 5 if smoke() else 50
    begin, busy = time.perf_counter(), time.process_time()
    minima = search.run_from_random_starts(n, seed=0)
    ours = Spent(sum(m.evaluations for m in minima), time.perf_counter() - begin, time.process_time() - busy)
    good = [m for m in minima if m.converged]
    print(f"{n} starts: {len(good)} converged, {ours.evaluations / n:.0f} evaluations, {ours.seconds / n:.3f} s each")
    spread = 100.0 * np.expm1(good[-1].objective - good[0].objective)
    print(f"  all {len(good)} within {spread:.2f} % of the least")
    for m in distinct(minima, tolerance=1e-4):
        same = sum(abs(o.objective - m.objective) < 1e-4 for o in good)
        least = f"{np.exp(m.objective):.3f} USD/PFLOP-day at value"
        print(f"  optimum {least}, from {same} starts; at bounds: {m.active_bounds}")
        print("   ", ", ".join(readable(path, value) for path, value in m.variables.items()))
        print("    per cent of cost per cent of range:", {p: round(x, 3) for p, x in m.multipliers.items()})

    compare("differential evolution", evolve(search), ours, n)
    if NSGA2 is None:
        print("NSGA-II: skipped, no pymoo; pip install astro-logistics[bench]")
    else:
        compare("NSGA-II", breed(search, minima[0].objective), ours, n)


def readable(path: str, value: float) -> str:
    name = path.rpartition(".")[2]
    size, unit = SCALES.get(name, (1.0, ""))
    return f"{name} {value / size:.4g} {unit}".rstrip()


class Spent:
    """What a search took, and what it found."""

    def __init__(self, evaluations: int, seconds: float, processor: float, least: float = np.nan, note: str = ""):
        self.evaluations, self.seconds, self.processor = evaluations, seconds, processor
        self.least, self.note = least, note


def compare(name: str, other: Spent, ours: Spent, n: int) -> None:
    print(
        f"{name}: {np.exp(other.least):.3f} USD/PFLOP-day, {other.evaluations} evaluations, {other.seconds:.2f} s, "
        f"{other.processor:.2f} of the processor ({other.note})"
    )
    each = other.evaluations * n / ours.evaluations
    print(f"  against one start: {each:.0f} times the evaluations, {other.seconds * n / ours.seconds:.1f} of the time")


def counted(search: Search) -> tuple[Callable[[np.ndarray], np.ndarray], list[int]]:
    """Figures at a point, with numbers for those that are none; how often it was asked."""
    count = [0]

    def values(z: np.ndarray) -> np.ndarray:
        count[0] += 1
        found = np.asarray(search.values(jnp.asarray(z)))
        return found if np.isfinite(found).all() else np.full_like(found, 1e3)

    return values, count


def evolve(search: Search) -> Spent:
    values, count = counted(search)

    def penalized(z: np.ndarray) -> float:
        found = values(z)
        return float(found[0] + PENALTY * np.sum(np.maximum(found[1:], 0.0)))

    begin, busy = time.perf_counter(), time.process_time()
    bounds = [(0.0, 1.0)] * len(OVER)
    found = differential_evolution(penalized, bounds, rng=0, maxiter=5 if smoke() else 2000, tol=1e-6, polish=False)
    taken = time.perf_counter() - begin, time.process_time() - busy
    return Spent(count[0], *taken, float(found.fun), str(found.message))


def breed(search: Search, least: float) -> Spent:
    values, count = counted(search)

    class Problem(ElementwiseProblem):
        """The same figures for pymoo."""

        def __init__(self) -> None:
            super().__init__(n_var=len(OVER), n_obj=1, n_ieq_constr=len(CONSTRAINTS), xl=0.0, xu=1.0)

        def _evaluate(self, x: np.ndarray, out: dict, *_: object, **__: object) -> None:
            found = values(x)
            out["F"], out["G"] = found[0], found[1:]

    class Near(Callback):
        """Ends the search where it is near enough."""

        def notify(self, algorithm: NSGA2) -> None:
            if algorithm.opt.get("CV").min() <= 0.0 and algorithm.opt.get("F").min() < least + NEAR:
                algorithm.termination.force_termination = True

    begin, busy = time.perf_counter(), time.process_time()
    generations = ("n_gen", 3 if smoke() else 500)
    found = pymoo_minimize(Problem(), NSGA2(pop_size=100), generations, seed=0, callback=Near())
    taken = time.perf_counter() - begin, time.process_time() - busy
    return Spent(count[0], *taken, float(np.min(found.F)), f"{found.algorithm.n_gen - 1} generations of 100")


if __name__ == "__main__":
    main()
