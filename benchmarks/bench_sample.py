"""Draws of the baseline over all its ranges, in time and memory: `python benchmarks/bench_sample.py [--smoke]`."""

from __future__ import annotations

import resource
import time

from timing import smoke, versions

import astro_logistics as al

COST = "earth-to-sso.cost_usd_per_kg"


def peak() -> float:
    """Most memory held so far, GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def main() -> None:
    """Print times and memory: compile and first run, then a small and a large number of draws."""
    print(versions())
    scenario = al.load("baseline")
    n = 8_192 if smoke() else 1_000_000
    start = time.perf_counter()
    inputs = al.sample(scenario, 1024, figures=[COST], inputs=False).attrs["inputs_drawn"]
    first, before = time.perf_counter() - start, peak()
    start = time.perf_counter()
    draws = al.sample(scenario, n, figures=[COST], inputs=False)
    seconds = time.perf_counter() - start
    print(f"{COST}, {inputs} inputs drawn: compile and first 1024 draws {first:.1f} s")
    print(
        f"{n} draws: {seconds:.2f} s, {1e6 * seconds / n:.2f} us each; peak memory {peak():.2f} GB, {before:.2f} before"
    )
    found = al.quantiles(draws).sel(figure=COST)
    low, median, high = found["value"].values
    reach = 0.5 * (found["high"] - found["low"]).values[1]
    print(f"median {median:.1f} +- {reach:.1f} USD/kg, 5-95 % {low:.0f} to {high:.0f}")


if __name__ == "__main__":
    main()
