"""From what yearly mass the Moon's driver is cheaper than the rocket, and what a hundredfold would take."""

import math

import astro_logistics as al

driver = al.mass_driver(al.load("baseline"), target="escape")
print(f"from the Earth {driver.earth_cost_usd_per_kg:,.0f} USD/kg, from the driver {driver.cost_usd_per_kg:.0f}")
print(f"cheaper from {driver.break_even_t_per_year:,.0f} t a year on, in the end by {driver.best_ratio:.0f} times")
for landed, mass in zip(driver.delivery_costs_usd_per_kg, driver.hundredfold_masses_t_per_year[0], strict=True):
    told = f"from {mass:,.0f} t a year" if math.isfinite(mass) else "never"
    print(f"  landing at {landed:6,.0f} USD/kg: a hundredfold {told}")

assert not driver.violated
assert driver.break_even_by_delivery > 0.0
assert math.isnan(driver.hundredfold_t_per_year) == (driver.best_ratio < 100.0)
