"""Every departure for Mars in twenty years, on the JPL ephemeris."""

import numpy as np

import astro_logistics as al

found = al.opportunities("earth", "mars", "2026-01-01", "2046-01-01")
for o in found:
    print(
        f"{o.departure[:10]} to {o.arrival[:10]}  type {o.type:2}  C3 {o.c3_km2_per_s2:5.2f}  {o.time_of_flight_days:.0f} d"
    )

years = np.array([np.datetime64(o.departure[:10]) for o in found])
gaps = np.diff(np.unique(years)).astype(float)
opportunities = 1 + np.count_nonzero(gaps > 300.0)
print(
    f"{opportunities} opportunities, two types of transfer each: one chance every {20 * 12 / opportunities:.0f} months"
)

assert opportunities == 9 or opportunities == 10
assert all(6.0 < o.c3_km2_per_s2 < 25.0 for o in found)
