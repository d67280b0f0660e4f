"""Remakes `ascents.json`: `python data/reference/make_ascents.py`. A few minutes on one core.

The payload of every vehicle of the catalogue to every orbit that a payload is published for, by the integrated, steered
ascent (`launch.ascent.ascend`); null where it finds none.
"""

from __future__ import annotations

import json
from pathlib import Path

from astro_logistics.api.launch import catalogue
from astro_logistics.launch import ascent

launches, _ = catalogue()
earth = launches.bodies.earth
found: dict[str, dict[str, float | None]] = {}
for name, vehicle in launches.vehicles.items():
    found[name] = {}
    for orbit, quote in launches.published[name].orbits.items():
        flown = ascent.ascend(earth, vehicle, quote.orbit(earth, vehicle.site_latitude))
        found[name][orbit] = round(float(flown.payload), 1) if bool(flown.converged) else None
        print(name, orbit, found[name][orbit], flush=True)
Path(__file__).with_name("ascents.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
