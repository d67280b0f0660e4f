"""The mass driver that throws a kilogram to escape for least, by exact gradients."""

from astropy import units as u

import astro_logistics as al

scenario = al.load("baseline")
best = al.optimize(
    scenario,
    minimize=("moon-to-escape", "cost_usd_per_kg"),
    over={
        "mass_driver.acceleration": (50, 5000) * u.m / u.s**2,
        "mass_driver.track_length": (0.5, 30) * u.km,
        "mass_driver.sled_ratio": (0.05, 4) * u.one,
        "mass_driver.shot_mass": (5, 2000) * u.kg,
        "mass_driver.shot_interval": (0.2, 60) * u.s,
        "mass_driver.store_shots": (1, 10) * u.one,
        "mass_driver.radiator.temperature": (320, 400) * u.K,
    },
)
before = al.evaluate(scenario)["moon-to-escape"].cost_usd_per_kg
print(f"{before:.3f} USD/kg becomes {best.value:.3f} after {best.evaluations} evaluations ({best.message})")
for path, value in best.variables.items():
    print(f"  {path:32} {value:.4g}  {best.active_bounds.get(path, '')}")
print("binding:", ", ".join(best.active_constraints) or "nothing")

assert best.converged
assert best.value < before
