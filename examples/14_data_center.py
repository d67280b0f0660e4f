"""An orbital data center on three orbits, and what moves its mass per delivered kilowatt."""

import jax

import astro_logistics as al
from astro_logistics.datacenter import satellite
from astro_logistics.pytree import leaves

found = {orbit: al.datacenter("baseline", orbit) for orbit in ("sso:650km", "leo:550km:53deg", "sun:1au")}
for orbit, closure in found.items():
    print(
        f"{orbit:16} {closure['delivered_specific_mass_kg_per_kw']:6.1f} kg per delivered kW, "
        f"sunlit {closure['sunlit_fraction']:.1%}, chips at {closure['junction_temperature_k'] - 273.15:.0f} C"
    )

home = found["sso:650km"]
slope = jax.jit(jax.grad(lambda d: satellite.size(d, home.around).delivered_specific_mass))(home.scenario.datacenter)
values = leaves(home.scenario.datacenter)
shares = {path: float(s * values[path] / home.satellite.delivered_specific_mass) for path, s in leaves(slope).items()}
print("\n% of mass per delivered kW, per % of")
for path in sorted(shares, key=lambda path: -abs(shares[path]))[:8]:
    print(f"  {path:32} {shares[path]:+.2f}")

assert found["sun:1au"]["mass_kg"] < home["mass_kg"] < found["leo:550km:53deg"]["mass_kg"] * 1.2
assert not home.violated
assert max(abs(s) for s in shares.values()) < 10.0
