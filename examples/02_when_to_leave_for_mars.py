"""Every departure for Mars in twenty years, on the JPL ephemeris."""

import numpy as np

import astro_logistics as al

found = al.opportunities("earth", "mars", "2026-01-01", "2046-01-01")
for o in found:
    dates = f"{o.departure[:10]} to {o.arrival[:10]}"
    print(f"{dates}  type {o.type:2}  C3 {o.c3_km2_per_s2:5.2f} km2/s2  {o.time_of_flight_days:.0f} days")

days = np.array([np.datetime64(o.departure[:10]) for o in found])
gaps = np.diff(np.unique(days)).astype(float)
opportunities = 1 + np.count_nonzero(gaps > 300.0)
print(f"{opportunities} opportunities in twenty years: a chance every {20 * 12 / opportunities:.0f} months")

assert opportunities == 9  # the tenth leaves in the second week of 2046
assert all(6.0 < o.c3_km2_per_s2 < 25.0 for o in found)
