"""Payload of 10,000 perturbed vehicles by the loss form, and of 100 by integrated ascents, each with its gradient.

python benchmarks/bench_ascent.py [--smoke]
"""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
from fit_ascent_loss import Planet
from timing import median_seconds, smoke, versions

from astro_logistics.launch import ascent, ascent_loss
from astro_logistics.launch.vehicle import LaunchVehicle, Stage


def stage(*numbers: float) -> Stage:
    return Stage(*(jnp.asarray(x) for x in numbers))


def falcon_heavy() -> LaunchVehicle:
    """Round numbers of a vehicle of that kind."""
    side = stage(2.0, 23e3, 411e3, 0.0, 8227e3, 311.0, 282.0, 0.57)
    core = stage(1.0, 26e3, 411e3, 0.0, 8227e3, 311.0, 282.0, 0.57)
    upper = stage(1.0, 4.5e3, 107.5e3, 500.0, 981e3, 348.0, 348.0, 0.4)
    rest = (0.7, 1.9e3, 115e3, 6.0, 0.5, 35e3, 40.0, 2.3, 43e6, 0.496)
    return LaunchVehicle((core, upper), *(jnp.asarray(x) for x in rest), strap_ons=(side,))


def main() -> None:
    n_quick, n_flown = (100, 2) if smoke() else (10_000, 100)
    print(versions())
    earth, craft = Planet(), falcon_heavy()
    orbit = ascent.circular(earth, 400e3, 0.9)
    rng = np.random.default_rng(0)

    def drawn(n: int) -> LaunchVehicle:
        return jax.tree.map(lambda x: x * (1.0 + 0.02 * rng.uniform(-1, 1, n)), craft)

    many = drawn(n_quick)
    quick = jax.jit(lambda v: ascent_loss.payload(earth, v, orbit))
    first, seconds = median_seconds(lambda: quick(many))
    print(f"loss form, {n_quick} vehicles: first {first:.2f} s, then {seconds * 1e3:.1f} ms")
    slopes = jax.jit(jax.grad(lambda v: jnp.sum(ascent_loss.payload(earth, v, orbit))))
    first, with_slopes = median_seconds(lambda: slopes(many))
    print(f"  with the gradient of each: first {first:.2f} s, then {with_slopes * 1e3:.1f} ms")

    few = drawn(n_flown)
    one = jax.value_and_grad(lambda v: ascent.payload(earth, v, orbit))
    flown = jax.jit(lambda v: jax.lax.map(one, v))
    first, seconds = median_seconds(lambda: flown(few), runs=1 if smoke() else 3)
    print(f"integrated, {n_flown} vehicles with gradients: first {first:.1f} s, then {seconds:.2f} s")
    value, _ = flown(few)
    ratio = np.asarray(quick(few) / value) - 1.0
    print(f"loss form against integrated: {ratio.mean():+.1%} on average, spread {ratio.std():.1%}")
    assert np.all(np.isfinite(value))


if __name__ == "__main__":
    main()
