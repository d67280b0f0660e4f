"""Astrodynamics alone, in plain SI: what it takes to leave the Earth for the Moon, for Mars, and to come back."""

import numpy as np

import astro_logistics as al
from astro_logistics.astro import maneuvers, orbits
from astro_logistics.astro.kepler import propagate
from astro_logistics.astro.lambert import lambert
from astro_logistics.units import to_tdb_seconds

bodies = al.load("baseline").model.bodies
earth, moon, sun = bodies.earth, bodies.moon, bodies.sun
park = earth.radius + 185e3

injection, v_infinity, flight = maneuvers.lunar_transfer(earth.mu, moon.mu, park, moon.orbit_radius)
print(f"To the Moon: {injection:.0f} m/s from 185 km, {flight / 86400:.1f} days, {v_infinity:.0f} m/s on arrival")

v_home, entry, _ = maneuvers.lunar_return(earth.mu, moon.mu, moon.orbit_radius, earth.radius + 70e3)
muzzle = orbits.speed_from_v_infinity(moon.mu, moon.radius, v_home)
print(f"Thrown back: {muzzle:.0f} m/s at the muzzle, {entry:.0f} m/s at the edge of the air")

kernel = al.ephemeris()
leave, arrive = (to_tdb_seconds(day) for day in ("2028-12-02", "2029-10-16"))
r_earth, v_earth = kernel.state("earth", leave)
r_mars, v_mars = kernel.state("mars", arrive)
arc = lambert(sun.mu, r_earth, r_mars, arrive - leave)
c3 = np.sum((arc.v1 - v_earth) ** 2)
print(f"To Mars on 2028-12-02: C3 = {c3 / 1e6:.2f} km2/s2 (NASA/TM-2010-216764: 8.93)")

landed, _ = propagate(sun.mu, r_earth, arc.v1, arrive - leave)
assert np.linalg.norm(landed - r_mars) < 1e-9 * np.linalg.norm(r_mars)
assert abs(c3 / 1e6 - 8.928) < 0.1
assert 2400.0 < muzzle < 2600.0
