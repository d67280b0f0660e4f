"""From a fleet's first year on: what binds growth in orbit, and what would make it come sooner."""

from astropy import units as u

import astro_logistics as al

al.use_cache()
baseline = al.load("baseline")
changes = {
    "baseline": {},
    "a twentieth of all electricity for the ground": {"growth.demand.ground_share": 0.05 * u.one},
    "oxygen grows by 30 % a year": {"growth.launch.propellant_rate": 0.3 / u.yr},
    "no ceiling of flights": {"growth.launch.flight_ceiling": 5e6 / u.yr},
}
found = {words: al.growth(baseline.replace(change)) for words, change in changes.items()}

print(f"{'':46}   pays  GW in orbit, 2060 2080 2105   bound in 2080, 2105")
for words, growth in found.items():
    power = "".join(f"{float(growth.installed.sel(year=y)) / 1e9:7.1f}" for y in (2060, 2080, 2105))
    by = [str(growth.earth_limit.values[int(growth.earth_binding.sel(year=y).values.argmax())]) for y in (2080, 2105)]
    print(f"{words:46} {float(growth.date_paying):6.0f} {power}   {', '.join(by)}")

base = found.pop("baseline")
assert found["a twentieth of all electricity for the ground"].date_paying < base.date_paying - 5
assert found["no ceiling of flights"].last_installed > 2 * base.last_installed
