"""One evaluation, its gradient, and many scenarios at once: `python benchmarks/bench_evaluate.py [--smoke]`."""

from __future__ import annotations

import jax
import jax.numpy as jnp
from timing import median_seconds, smoke, versions

import astro_logistics as al
from astro_logistics.network.evaluate import evaluate
from astro_logistics.pytree import replace_at


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

    powers = jnp.linspace(0.5, 2.0, n) * model.mass_driver.power
    many = jax.jit(jax.vmap(lambda p: costs(replace_at(model, {"mass_driver.power": p}))))
    first, batch = median_seconds(lambda: many(powers))
    print(f"{n} scenarios: compile and first run {first:.2f} s, then {batch:.3f} s, {n / batch:,.0f} per second")
    print(f"one by one they would take {n * evaluation / batch:.0f} times as long")


if __name__ == "__main__":
    main()
