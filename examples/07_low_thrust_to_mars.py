"""To Mars on half a newton per tonne: the least propellant, against impulses and against Edelbaum's spiral."""

import numpy as np

import astro_logistics as al
from astro_logistics.astro.lambert import lambert
from astro_logistics.astro.lowthrust import minimum_fuel, spiral
from astro_logistics.units import to_tdb_seconds

kernel = al.ephemeris()
mu, mu_earth = 1.32712440041279e20, 3.98600435507e14  # m3/s2, of DE440
day = 86400.0


def earth(t):
    return kernel.state("earth", t)


def mars(t):
    return kernel.state("mars", t)


leave, flight = float(to_tdb_seconds("2028-10-20")), 420 * day
found = minimum_fuel(mu, earth, mars, leave, flight, mass=1000.0, thrust=0.5, isp=3000.0, segments=10, restarts=0)

# the best two impulses within the same 420 days, over all dates
start, end = leave + np.arange(0, 120, 2) * day, leave + np.arange(200, 421, 2) * day
(r1, v1), (r2, v2) = earth(start), mars(end)
arc = lambert(mu, r1[:, None], r2[None], end[None] - start[:, None])
burns = np.linalg.norm(arc.v1 - v1[:, None], axis=-1) + np.linalg.norm(arc.v2 - v2[None], axis=-1)
impulsive = float(np.nanmin(burns))

print("Earth to Mars from 2028-10-20 in 420 days, 1000 kg, 0.5 N, isp 3000 s, no excess speed at either end")
print("full thrust  " + " ".join("#" if np.linalg.norm(u) > 0.5 else "." for u in found.throttle))
print(f"low thrust   {found.dv:6.0f} m/s, {found.mass[-1]:.0f} kg arrive")
print(f"two impulses {impulsive:6.0f} m/s, {1000 * np.exp(-impulsive / (450 * 9.80665)):.0f} kg with isp 450 s")

leo, geo = 6778e3, 42164e3
up = spiral(mu_earth, leo, geo, np.radians(28.5), 1000.0, 0.5, 3000.0)
print(f"LEO to GEO   {up.dv:6.0f} m/s, {up.mass:.0f} kg arrive after {up.duration / day:.0f} days of spiralling")

assert found.converged, found.status
assert 5594.0 < found.dv < impulsive  # above Hohmann's between circles; the plane is turned under way, cheaply
assert found.mass[-1] > 800.0
assert 5800.0 < up.dv < 6000.0
