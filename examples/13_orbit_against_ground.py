"""What lies between a published answer and one's own, and what a cheaper launch would change of it."""

import sys

import astro_logistics as al
from astro_logistics.report import bridge as bridges

own = al.answer(al.load("baseline"))
theirs = al.published("semianalysis")
found = al.bridge(theirs, own)
for name, step in sorted(found.bars.items(), key=lambda bar: -abs(bar[1]))[:6]:
    print(f"{name:34s} {step:+.2f}")
print(f"{found.names[0]}: {found.start:.2f}; {found.names[1]}: {found.end:.2f}")
assert abs(found.gap) < 1e-12
if len(sys.argv) > 1:
    bridges.plot(found.names, found.figure, found.start, found.end, found.bars).savefig(sys.argv[1], dpi=150)

for price in (500, 200, 100, 20):
    total = al.published("mccalip", launchCostPerKg=price)
    print(f"McCalip at {price:3d} USD/kg: {total['cost_ratio']:.2f} times the ground")
assert total["cost_ratio"] > 2.0  # hardware, not launch, keeps it above the ground
