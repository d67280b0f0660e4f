"""How often the Moon and Mars can be left for, and how soon a programme learns from its eighth flight."""

from astropy import units as u

import astro_logistics as al

SPAN = ("2026-01-01", "2046-01-01")

moon = al.cadence("moon", *SPAN, iterations=8, altitude=400 * u.km, inclination=28.5 * u.deg)
mars = al.cadence("mars", *SPAN, iterations=8)
print("from orbit   windows a year   mean wait   longest wait   1st, 4th, 8th lesson learned after")
for found in (moon, mars):
    years = [found.years_to_iteration[n - 1] for n in (1, 4, 8)]
    print(
        f"{found.destination:12} {found.windows_per_year:14.2f} {found.mean_wait_days:9.1f} d"
        f" {found.longest_wait_days:12.1f} d   " + ", ".join(f"{y:.1f}" for y in years) + " years"
    )

cape = {"latitude": 28.608 * u.deg, "longitude": -80.604 * u.deg}
launches = al.lunar_launches("2026-01-01", "2026-02-01", **cape, inclination=33 * u.deg)
hours = sum(window.hours for window in launches) / len(launches)
print(f"From the Cape: {len(launches)} launch windows for the Moon in January 2026, of {hours:.1f} hours each")

best = min(al.lunar_windows("2026-01-01", "2027-01-01", altitude=400 * u.km, inclination=28.5 * u.deg),
           key=lambda window: window.burn_earth_km_per_s + window.burn_moon_km_per_s)  # fmt: skip
print(f"Cheapest of 2026: {best.departure[:10]}, {best.burn_earth_km_per_s:.3f} km/s at the Earth, "
      f"{best.burn_moon_km_per_s:.3f} at the Moon")  # fmt: skip

assert 39.0 < moon.windows_per_year < 42.0  # every nine days
assert 0.45 < mars.windows_per_year < 0.48  # every 26 months
assert mars.mean_wait_days > 70.0 * moon.mean_wait_days
assert mars.years_to_iteration[7] > 10.0 * moon.years_to_iteration[7]
assert 58 <= len(launches) <= 62  # two a lunar day
