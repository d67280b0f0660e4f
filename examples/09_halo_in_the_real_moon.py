"""How long a halo orbit of the circular problem lasts where the Moon really is: Sun, Earth, Moon of DE440."""

import numpy as np

import astro_logistics as al
from astro_logistics.astro import cr3bp, point_masses
from astro_logistics.constants import DAY
from astro_logistics.units import to_tdb_seconds

mu = np.array([1.32712440041279e20, 3.98600435507e14, 4.902800118e12])  # m3/s2: Sun, Earth and Moon of DE440
share = mu[2] / (mu[1] + mu[2])
kernel = al.ephemeris()

# JPL's catalogue of three-body periodic orbits, Earth and Moon: states at y = 0
orbits = {
    "L2 halo": [1.1648780946517576, 0.0, -0.11145303634437023, 0.0, -0.20191923237095796, 0.0],
    "L1 halo": [0.8760656451170601, 0.0, 0.191813535688546, 0.0, 0.2305575388925067, 0.0],
    "distant retrograde": [1.18784941439038, 0.0, 0.0, 0.0, -0.5053796344965, 0.0],
}
start = np.array(list(orbits.values()))[:, None, None]  # orbits, epochs, days
epochs = float(to_tdb_seconds("2030-01-01")) + DAY * 45.0 * np.arange(8.0)[:, None]
days = np.array([1.0, 7.0, 14.0])

distance = np.linalg.norm(kernel.state("moon", epochs, "earth")[0], axis=-1)
unit_of_time = np.asarray(cr3bp.system(mu[1], mu[2], distance).time)
circular = np.asarray(cr3bp.propagate(share, start, days * DAY / unit_of_time))

r, v = point_masses.to_inertial(kernel, mu, epochs, start)
r, v = point_masses.propagate(kernel, mu, r, v, epochs, days * DAY)
real = np.asarray(point_masses.to_rotating(kernel, mu, epochs + days * DAY, r, v))
apart = 384_400.0 * np.linalg.norm((real - circular)[..., :3], axis=-1)

print("km between the circular problem and the ephemeris, from the same state; 8 epochs of 2030")
for name, row in zip(orbits, apart, strict=True):
    text = "   ".join(
        f"{d:2.0f} d: {np.median(x):6.0f} ({x.min():5.0f} to {x.max():6.0f})" for d, x in zip(days, row.T, strict=True)
    )
    print(f"{name:18} {text}")

# the flight is reversible: back to where it began
back, _ = point_masses.propagate(kernel, mu, r, v, epochs + days * DAY, -days * DAY)
begin = np.asarray(point_masses.to_inertial(kernel, mu, epochs, start)[0])
assert np.max(np.linalg.norm(back - begin, axis=-1)) < 1.0

middle = np.median(apart, axis=1)
assert np.all(np.diff(middle, axis=1) > 0.0)
assert np.all((middle[:, 0] > 50.0) & (middle[:, 0] < 2000.0))
assert np.all((middle[:, 1] > 2e3) & (middle[:, 1] < 5e4))
