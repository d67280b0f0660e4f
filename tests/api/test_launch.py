"""Launches at the door: orbits in quantities, variants of a name, what cannot fly and why, wrong arguments."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from astropy import units as u

import astro_logistics as al
from astro_logistics.api.launch import catalogue
from astro_logistics.launch import ascent
from astro_logistics.launch.capacity import LIFTS_OFF, OVER_SITE, POSITIVE, REACHES, capacity
from astro_logistics.pytree import get, replace_at


def test_names():
    assert len(al.launch_vehicles()) == len(catalogue()[0].vehicles)
    assert al.launch_vehicles("falcon_9") == ("falcon_9_downrange", "falcon_9_expended", "falcon_9_return_to_site")
    assert al.launch_vehicles("electron") == ("electron",)


def test_recovery_costs_payload():
    expended, downrange, site = (al.lift(f"falcon_9_{how}") for how in ("expended", "downrange", "return_to_site"))
    assert expended.payload_kg > downrange.payload_kg > site.payload_kg > 0.0
    assert downrange.payload_nothing_kept_kg > downrange.payload_kg
    # a kilogram of upper stage is one of payload, of booster an eighth
    booster, upper = downrange.slopes
    assert upper.payload_kg_per_kg_dry == pytest.approx(-1.0, rel=1e-9)
    assert -0.2 < booster.payload_kg_per_kg_dry < -0.05
    assert min(row.payload_kg_per_s for row in downrange.slopes) > 0.0
    flight = downrange.cost_usd_per_flight
    assert flight is not None
    assert downrange.cost_usd_per_kg == pytest.approx(flight / downrange.payload_kg, rel=1e-12)
    assert expended.cost_usd_per_flight is None
    assert all(record.is_promise for record in downrange.rests_on.values())


def test_orbits_in_order_of_their_demand():
    # (derivatives of the quick form are tested in tests/launch/test_ascent_loss.py; here they only are handed on)
    orbits = (("leo", {}), ("leo", {"altitude": 500 * u.km}), ("sso", {}), ("gto", {}), ("tli", {}), ("escape", {}))
    payloads = [al.lift("falcon_9_downrange", kind, **options).payload_kg for kind, options in orbits]
    assert payloads == sorted(payloads, reverse=True)
    sso = al.lift("falcon_9_downrange", "sso", altitude=650 * u.km)
    assert sso.inclination_deg == pytest.approx(97.99, abs=0.01)  # Vallado's formula at 650 km


def test_what_cannot_fly_says_why():
    low = al.lift("falcon_9_downrange", "leo", inclination=5 * u.deg)
    assert OVER_SITE in low.violated
    far = al.lift("electron", "escape", c3=150 * u.km**2 / u.s**2)
    assert set(far.violated) & {POSITIVE, REACHES}


def test_absurd_vehicles_end_with_a_reason(rng: np.random.Generator):
    # masses, thrusts and impulses thrown over six decades: whatever is not feasible has a positive residual, none NaN,
    # and whatever is has a payload
    launches, _ = catalogue()
    earth, craft = launches.bodies.earth, launches.vehicles["falcon_9_downrange"]
    paths = [f"stages.{i}.{leaf}" for i in (0, 1) for leaf in ("dry_mass", "propellant_mass", "reserve_mass", "thrust",
             "specific_impulse")]  # fmt: skip
    n = 2000
    factors = 10.0 ** rng.uniform(-3.0, 3.0, (n, len(paths))) * (rng.random((n, len(paths))) > 0.05)
    orbit = ascent.circular(earth, 300e3, 0.5)
    many = jax.jit(jax.vmap(lambda f: capacity(
        earth, replace_at(craft, {p: get(craft, p) * f[k] for k, p in enumerate(paths)}), orbit
    )))(jnp.asarray(factors))  # fmt: skip
    residuals = np.stack([np.asarray(r) for r in many.residuals.values()])
    assert not np.any(np.isnan(residuals))
    feasible = np.all(residuals <= 0.0, axis=0)
    assert 5 < np.count_nonzero(feasible) < n / 2
    payload = np.asarray(many.payload)
    assert np.all(payload[feasible] > 0.0)
    assert np.all(np.isfinite(payload[feasible]))
    weak = replace_at(craft, {"stages.0.thrust": jnp.asarray(4e6)})
    assert float(capacity(earth, weak, orbit).residuals[LIFTS_OFF]) > 0.3


@pytest.mark.parametrize(
    ("call", "told"),
    [
        (lambda: al.launch_vehicles("falkon_9_expended"), "falcon_9_expended"),
        (lambda: al.lift("falcon_10"), "launch vehicle"),
        (lambda: al.lift("electron", "sos"), "sso"),
        (lambda: al.lift("electron", "leo", altitude=300 * u.s), "altitude"),
        (lambda: al.lift("electron", "leo", altitude=20 * u.km), "200 to 2000 km"),
        (lambda: al.lift("electron", "gto", altitude=300 * u.km), "leave it out"),
        (lambda: al.lift("electron", "sso", inclination=90 * u.deg), "leave it out"),
    ],
)
def test_wrong_arguments_are_told_the_remedy(call, told: str):
    with pytest.raises(ValueError, match=told):
        call()
