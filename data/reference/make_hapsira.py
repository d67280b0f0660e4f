"""Writes hapsira.json: random cases of Kepler, Lambert, elements, flyby and spiral with the answers of hapsira 0.18.0.

hapsira (poliastro's continuation) needs numpy < 2 and astropy < 7, so it is asked here, in an environment of its own:

    pip install "hapsira==0.18.0" "astropy<7" "numpy<2"
    python data/reference/make_hapsira.py

tests/astro/test_against_hapsira.py compares this package with them. Everything is in km, s and rad, as hapsira has it;
numbers are written with all their digits.
"""

from __future__ import annotations

import json
from importlib.metadata import version
from pathlib import Path

import numpy as np
from hapsira.core.elements import coe2rv, rv2coe  # pyright: ignore
from hapsira.core.flybys import compute_flyby  # pyright: ignore
from hapsira.core.iod import izzo  # pyright: ignore
from hapsira.core.propagation.farnocchia import farnocchia_rv  # pyright: ignore
from hapsira.core.thrust.change_a_inc import extra_quantities  # pyright: ignore

CASES = 40
SUN, EARTH, VENUS = 1.32712440041e11, 398600.4418, 324858.592


def main() -> None:
    """Ask hapsira and write its answers beside this file."""
    rng = np.random.default_rng(18)
    found: dict[str, list[dict[str, object]]] = {
        name: [] for name in ("kepler", "lambert", "elements", "flyby", "spiral")
    }

    for _ in range(CASES):
        ecc = float(rng.choice([rng.uniform(0.001, 0.9), rng.uniform(1.1, 3.0)]))
        q = float(10 ** rng.uniform(3.85, 5))
        inc, raan, argp = (float(x) for x in rng.uniform([0.05, 0, 0], [3.0, 6.28, 6.28]))
        nu = float(rng.uniform(-1.5, 1.5))
        r, v = coe2rv(EARTH, q * (1 + ecc), ecc, inc, raan, argp, nu)
        tof = float(rng.uniform(-1.0, 1.0) * 6.0 * np.sqrt(q**3 / EARTH) / max(abs(1 - ecc), 0.3) ** 1.5)
        r2, v2 = farnocchia_rv(EARTH, r, v, tof)
        found["kepler"].append({"r": r, "v": v, "tof": tof, "r2": r2, "v2": v2})
        p, *angles = rv2coe(EARTH, r, v)
        found["elements"].append({"r": r, "v": v, "p_ecc_inc_raan_argp_nu": [p, *angles]})

    while len(found["lambert"]) < CASES:
        k = len(found["lambert"])
        r1, r2 = rng.normal(size=(2, 3)) * 1.5e8
        revolutions, low = k % 3, bool(k % 2)
        mean = 0.5 * (np.linalg.norm(r1) + np.linalg.norm(r2))
        tof = float(rng.uniform(0.3, 3.0) + 2.2 * np.pi * revolutions) * float(np.sqrt(mean**3 / SUN))
        try:
            v1, v2 = izzo(SUN, r1, r2, tof, revolutions, True, low, 100, 1e-12)
        except ValueError:
            continue  # no arc with so many revolutions
        found["lambert"].append(
            {"r1": r1, "r2": r2, "tof": tof, "revolutions": revolutions, "lowpath": low, "v1": v1, "v2": v2}
        )

    for _ in range(CASES):
        v_body, excess = 20.0 * rng.normal(size=3), 5.0 * rng.normal(size=3)
        r_p, angle = float(10 ** rng.uniform(3.8, 5)), float(rng.uniform(0, 6.28))
        v_out, turn = compute_flyby(v_body + excess, v_body, VENUS, r_p, angle)
        found["flyby"].append(
            {"v_in": v_body + excess, "v_body": v_body, "r_p": r_p, "angle": angle, "v_out": v_out, "turn": turn}
        )
        a0, af = (float(x) for x in 10 ** rng.uniform(3.85, 5, 2))
        inc = float(rng.uniform(0.01, 1.9))
        dv, time = extra_quantities(EARTH, a0, af, inc, 0.0, 3.5e-7)
        found["spiral"].append({"a0": a0, "af": af, "inc": inc, "dv": dv, "time": time})

    path = Path(__file__).with_name("hapsira.json")
    head = {"hapsira": version("hapsira"), "sun": SUN, "earth": EARTH, "venus": VENUS, "acceleration": 3.5e-7}
    text = json.dumps(head | found, default=lambda x: x.tolist())
    path.write_text(text.replace("}, {", "},\n{") + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
