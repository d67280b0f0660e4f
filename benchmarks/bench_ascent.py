"""Payload of 10,000 perturbed vehicles by the loss form, and of 100 by integrated ascents, each with its gradient.

python benchmarks/bench_ascent.py [--smoke]

The ascents take about a minute and show their progress; interrupted (Ctrl-C), the script says what it has measured.
"""

from __future__ import annotations

import statistics
import time

import jax
import jax.numpy as jnp
import numpy as np
from fit_ascent_loss import Planet
from rich.console import Console
from rich.progress import Progress
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
    first, each, values, slope = ascents(earth, few, orbit, n_flown)
    print(f"integrated, one vehicle with its gradient: first {first:.1f} s, then {statistics.median(each):.2f} s")
    print(f"  {len(values)} of {n_flown} vehicles: {sum(each):.1f} s, slowest {max(each):.2f} s")
    ratio = np.asarray(quick(few))[: len(values)] / values - 1.0
    print(f"loss form against integrated: {ratio.mean():+.1%} on average, spread {ratio.std():.1%}")
    print(f"  a kilogram more of last stage costs one of payload, to within {np.max(np.abs(slope + 1.0)):.0e}")
    assert np.all(np.isfinite(values))


def ascents(
    earth: Planet, vehicles: LaunchVehicle, orbit: ascent.Orbit, n: int
) -> tuple[float, list[float], np.ndarray, np.ndarray]:
    """Fly vehicle by vehicle through one compiled program.

    Returns:
        Seconds of the first call and of each vehicle, payloads [kg], and their slopes with the last stage's dry mass;
        of those flown before Ctrl-C.
    """
    one = jax.jit(jax.value_and_grad(lambda v: ascent.payload(earth, v, orbit)))
    picked = [jax.tree.map(lambda x, i=i: x[i], vehicles) for i in range(n)]
    start = time.perf_counter()
    jax.block_until_ready(one(picked[0]))
    first, each, values, slopes = time.perf_counter() - start, [], [], []
    with Progress(console=Console(stderr=True)) as bar:
        task = bar.add_task("ascents", total=n)
        try:
            for craft in picked:
                start = time.perf_counter()
                value, slope = jax.block_until_ready(one(craft))
                each.append(time.perf_counter() - start)
                values.append(float(value))
                slopes.append(float(slope.stages[-1].dry_mass / craft.stages[-1].count))
                bar.advance(task)
        except KeyboardInterrupt:
            if not values:
                raise
    return first, each, np.array(values), np.array(slopes)


if __name__ == "__main__":
    main()
