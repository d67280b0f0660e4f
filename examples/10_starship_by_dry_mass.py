"""What a rocket lifts follows from its engines, masses and orbit: Starship's payload by the mass of its ship."""

import jax
import jax.numpy as jnp

import astro_logistics as al
from astro_logistics.network.rocket_routes import to_depot, to_sso
from astro_logistics.pytree import replace_at

scenario = al.load("baseline")
ship = "launcher.vehicle.stages.1.dry_mass"


@jax.jit
def payloads(dry_mass):
    """Payload to 300 km at 28.5 degrees and to the sun-synchronous orbit at 650 km, kg, and their slopes."""

    def both(mass):
        model = replace_at(scenario.model, {ship: mass})
        return jnp.stack([to_depot(model).payload, to_sso(model).payload])

    return both(dry_mass), jax.jacfwd(both)(dry_mass)


print("ship, t   300 km, t   650 km sun-synchronous, t   tonne of payload per tonne of ship")
for tonnes in (85, 120, 160, 197, 212.4, 223):
    (low, sso), slopes = payloads(1e3 * tonnes)
    print(f"{tonnes:7.1f} {low / 1e3:11.1f} {sso / 1e3:27.1f} {slopes[0]:23.4f} {slopes[1]:10.4f}")

record = scenario.ledger[ship]
print(f"the baseline takes {record.value} {record.unit} ({record.low} to {record.high}): {record.formula}")

(low, sso), slopes = payloads(scenario.model.launcher.vehicle.ship.dry_mass)
assert abs(low - 85e3) < 100.0  # the satellites planned per flight
assert abs(slopes[0] + 1.0) < 1e-9  # on the way up the ship is payload
found = al.lift("starship_v3", "sso")
assert abs(found.payload_kg / sso - 1.0) < 1e-6
