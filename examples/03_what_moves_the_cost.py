"""The inputs that decide a figure, with the range and the source of each."""

import astro_logistics as al

scenario = al.load("baseline")
rows = al.sensitivity(scenario, "moon-to-escape", "cost_usd_per_kg")

for row in rows[:8]:
    r = row.record
    known = f"{r.value:g} {r.unit} in {r.low:g}..{r.high:g}"
    print(f"{row.elasticity:+6.2f}  {row.path:45} {known:35} {r.status} {r.source}")

by_path = {row.path: row for row in rows}
duty = by_path["mass_driver.duty_fraction"]
assert -1.0 < duty.elasticity < -0.5  # twice the hours, half the cost, but for what wears by the shot
assert by_path["launcher.vehicle.stages.1.dry_mass"].elasticity > 0.0  # a heavier ship lands the parts dearer
