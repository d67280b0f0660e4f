"""Remake `sunlight.json`: the sunlit fraction of 2030 on twelve orbits, by SGP4 and ERFA. Needs sgp4 and pyerfa.

The orbits have the given radius as the mean of their distance from the Earth's center; those called sun-synchronous
have the inclination at which SGP4's own node keeps pace with the mean Sun. Every 40 s of the year the satellite is
where SGP4 (TEME) puts it, the Sun where ERFA's Earth ephemeris does, turned to the equator of date; the part of the
Sun's disc that the Earth's covers is the overlap of two discs.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

import erfa
import numpy as np
from sgp4.api import WGS72, Satrec

MU, RADIUS, SUN, AU = 398600.8, 6378.1366, 695700.0, 149597870.7  # of SGP4; km
START, DAYS, STEP = 2462502.5, 365.25, 40.0  # 2030-01-01, s
ORBITS = (  # altitude km, inclination deg (None: sun-synchronous), local time of the node h or raan deg
    ("sso 550 km 06:00", 550.0, None, 6.0), ("sso 550 km 18:00", 550.0, None, 18.0),
    ("sso 650 km 06:00", 650.0, None, 6.0), ("sso 1000 km 18:00", 1000.0, None, 18.0),
    ("sso 650 km 08:00", 650.0, None, 8.0), ("sso 700 km 10:30", 700.0, None, 10.5),
    ("sso 800 km 12:00", 800.0, None, 12.0), ("leo 420 km 51.6 deg", 420.0, 51.6, 40.0),
    ("leo 550 km 53 deg", 550.0, 53.0, 0.0), ("leo 1200 km 87.9 deg", 1200.0, 87.9, 100.0),
    ("leo 600 km 28.5 deg", 600.0, 28.5, 200.0), ("geo", 35786.03, 0.05, 0.0),
)  # fmt: skip


def satellite(a: float, i: float, raan: float) -> Satrec:
    """SGP4 on a near-circular orbit whose distance, mean of a day, is `a`."""
    found, motion = Satrec(), math.sqrt(MU / a**3) * 60.0
    day = START + np.arange(1440) / 1440.0
    for _ in range(5):
        found.sgp4init(WGS72, "i", 1, START - 2433281.5, 0.0, 0.0, 0.0, 1e-6, 0.0, i, 0.0, motion, raan)
        _, r, _ = found.sgp4_array(np.full(1440, START), day - START)
        motion *= (np.linalg.norm(r, axis=1).mean() / a) ** 1.5
    return found


def sun_synchronous_inclination(a: float) -> float:
    """At which the node goes round once in a tropical year."""
    rate = 2.0 * math.pi / (365.2421946 * 1440.0)
    low, high = math.pi / 2.0, 2.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if satellite(a, middle, 0.0).nodedot < rate else (low, middle)
    return low


def covered(r: np.ndarray, sun: np.ndarray) -> np.ndarray:
    """Part of the Sun's disc behind the Earth."""
    to_sun = sun - r
    d, h = np.linalg.norm(to_sun, axis=1), np.linalg.norm(r, axis=1)
    a, b = np.arcsin(SUN / d), np.arcsin(RADIUS / h)
    c = np.arccos(np.clip(-np.sum(r * to_sun, axis=1) / (d * h), -1.0, 1.0))
    x = (c * c + a * a - b * b) / (2.0 * c)
    chord = np.sqrt(np.maximum(a * a - x * x, 0.0))
    part = a * a * np.arccos(np.clip(x / a, -1, 1)) + b * b * np.arccos(np.clip((c - x) / b, -1, 1)) - c * chord
    return np.where(c >= a + b, 0.0, np.where(c <= b - a, 1.0, part / (np.pi * a * a)))


def main() -> None:
    """Write the file."""
    t = START + np.arange(0.0, DAYS, STEP / 86400.0)
    nodes = START + np.arange(0.0, DAYS + 1.0, 0.25)
    sun = np.array([-erfa.epv00(d, 0.0)[0]["p"] for d in nodes]) * AU
    sun = np.einsum("nij,nj->ni", erfa.pmat06(nodes, 0.0), sun)
    at_t = np.stack([np.interp(t, nodes, sun[:, k]) for k in range(3)], axis=1)
    mean_sun = math.radians(280.46646 + 36000.76983 * (START - 2451545.0) / 36525.0)
    rows = []
    for name, altitude, inclination, place in ORBITS:
        a = RADIUS + altitude
        i = sun_synchronous_inclination(a) if inclination is None else math.radians(inclination)
        raan = mean_sun + (place - 12.0) * math.pi / 12.0 if inclination is None else math.radians(place)
        raan %= 2.0 * math.pi
        flown = satellite(a, i, raan)
        lost = np.empty(len(t))
        for k in range(0, len(t), 100_000):
            part = t[k : k + 100_000]
            errors, r, _ = flown.sgp4_array(np.full(len(part), START), part - START)
            assert not errors.any()
            lost[k : k + 100_000] = covered(r, at_t[k : k + 100_000])
        revolution = 2.0 * math.pi * math.sqrt(a**3 / MU)
        n = max(int(revolution / STEP), 1)
        longest = np.convolve(lost, np.ones(n), "valid").max() * STEP
        rows.append({
            "orbit": name, "altitude_km": altitude, "inclination_rad": i, "raan_rad": raan,
            "local_time_h": place if inclination is None else None,
            "sunlit_fraction": round(1.0 - float(lost.mean()), 6),
            "longest_eclipse_s": round(float(longest)),
        })  # fmt: skip
        print(rows[-1])
    path = Path(__file__).with_name("sunlight.json")
    made = {"made_by": "make_sunlight.py", "start": "2030-01-01", "days": DAYS, "step_s": STEP, "orbits": rows}
    path.write_text(json.dumps(made, indent=1) + "\n")


if __name__ == "__main__":
    main()
