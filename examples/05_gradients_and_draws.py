"""The model is a pytree: differentiate it, or evaluate ten thousand variants in one call."""

import jax
import jax.numpy as jnp
import numpy as np

import astro_logistics as al
from astro_logistics.network.evaluate import evaluate
from astro_logistics.pytree import replace_at

scenario = al.load("baseline")


def cost(model):
    """Earth-to-Moon cost, USD/kg."""
    return evaluate(model).routes["earth-to-moon"].cost


slope = jax.jit(jax.grad(cost))(scenario.model)
print(f"One more tonne of ship costs {1e3 * slope.launcher.vehicle.ship.dry_mass:.2f} USD per kg landed on the Moon")

dry = scenario.ledger["launcher.vehicle.stages.1.dry_mass"]
masses = jnp.asarray(np.random.default_rng(0).uniform(dry.si_low, dry.si_high, 10_000))
heavier = jax.vmap(lambda m: cost(replace_at(scenario.model, {"launcher.vehicle.stages.1.dry_mass": m})))
costs = jax.jit(heavier)(masses)
low, median, high = np.quantile(costs, [0.05, 0.5, 0.95])
print(f"Over its range of dry mass: {median:.0f} USD/kg, 5-95 % {low:.0f} to {high:.0f}")

assert slope.launcher.vehicle.ship.dry_mass > 0.0
assert low < median < high
