"""Orbits of Earth and Moon in the frame that turns with them, and where their energy lets them go.

The picture goes to the file that is named, `python 18_rotating_frame.py orbits.png`, or is drawn and thrown away.
"""

import io
import sys

import numpy as np

from astro_logistics.astro import cr3bp
from astro_logistics.constants import DAY
from astro_logistics.report import rotating_frame

earth, moon, length = 3.98600435507e14, 4.902800118e12, 3.844e8  # m3/s2, m
share = moon / (earth + moon)
unit_of_time = float(cr3bp.system(earth, moon, length).time)

# JPL's catalogue of three-body periodic orbits, Earth and Moon: states at y = 0, periods in days
orbits = {
    "L2 halo": ([1.1648780946517576, 0.0, -0.11145303634437023, 0.0, -0.20191923237095796, 0.0], 14.34),
    "L1 halo": ([0.8760656451170601, 0.0, 0.191813535688546, 0.0, 0.2305575388925067, 0.0], 9.45),
    "distant retrograde": ([1.18784941439038, 0.0, 0.0, 0.0, -0.5053796344965, 0.0], 14.0),
}
start = np.array([state for state, _ in orbits.values()])
turns = np.array([period * DAY / unit_of_time for _, period in orbits.values()])
paths = np.asarray(cr3bp.propagate(share, start[:, None], np.linspace(0.0, 1.01, 400) * turns[:, None]))
constants = np.asarray(cr3bp.jacobi(share, start))

figure = rotating_frame.plot(
    share,
    dict(zip(orbits, paths, strict=True)),
    dict(zip(orbits, constants.tolist(), strict=True)),
    radii=(6378.1e3 / length, 1737.4e3 / length),
    length=length,
    side=True,
)
figure.savefig(sys.argv[1] if sys.argv[1:] else io.BytesIO(), dpi=150)

drift = np.ptp(np.asarray(cr3bp.jacobi(share, paths)), axis=1)
print("Jacobi's constant, and by how much it drifts along 400 points of each orbit")
for name, constant, change in zip(orbits, constants, drift, strict=True):
    print(f"{name:18} {constant:.6f}   {change:.0e}")
assert np.all(drift < 1e-12)
