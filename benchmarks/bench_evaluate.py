"""One evaluation, its gradient, and many scenarios at once: `python benchmarks/bench_evaluate.py [--smoke]`."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from timing import median_seconds, smoke, versions

import astro_logistics as al
from astro_logistics.network.evaluate import evaluate


def main() -> None:
    """Print medians and ratios."""
    print(versions())
    model = al.load("baseline").model
    n = 1_000 if smoke() else 100_000

    def costs(m):
        return jnp.stack([route.cost for route in evaluate(m).routes.values()])

    one = jax.jit(evaluate)
    primal = jax.jit(costs)
    gradient = jax.jit(jax.grad(lambda m: costs(m)[0]))
    first, evaluation = median_seconds(lambda: one(model))
    print(f"evaluate: compile and first run {first:.2f} s, then {evaluation * 1e6:.0f} us")
    _, value = median_seconds(lambda: primal(model))
    _, slope = median_seconds(lambda: gradient(model))
    print(f"gradient of one cost by every input over all costs: {slope / value:.2f} times the time")

    rng = np.random.default_rng(0)
    axes = jax.tree.map(lambda x: 0 if np.ndim(x) == 0 else None, model)  # every number drawn; planets' states shared
    drawn = jax.tree.map(lambda x: x * (1.0 + 1e-3 * rng.uniform(-1, 1, n)) if np.ndim(x) == 0 else x, model)
    many = jax.jit(jax.vmap(costs, in_axes=(axes,)))
    first, batch = median_seconds(lambda: many(drawn))
    print(f"{n} scenarios, every input drawn: compile and first run {first:.2f} s, then {batch:.3f} s")
    print(f"one by one they would take {n * evaluation / batch:.0f} times as long")


if __name__ == "__main__":
    main()
