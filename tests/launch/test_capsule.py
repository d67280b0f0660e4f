"""Mass of a thrown carrier: every kilogram is payload, shield, tanks or propellant."""

from __future__ import annotations

from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.launch import capsule as capsules
from astro_logistics.launch import rocket


def make(shield=0.15, isp=320.0, inert=0.2, correction=50.0) -> capsules.Capsule:
    return capsules.Capsule(*(jnp.asarray(x) for x in (shield, isp, inert, correction)))


def test_nothing_but_payload():
    bare = make(0.0, 320.0, 0.2, 0.0)
    assert float(capsules.payload_fraction(bare, 0.0)) == 1.0
    assert float(capsules.propellant_fraction(bare, 0.0)) == 0.0


def test_by_hand():
    # R = 2 before entry, R = 2 after, a shield of a half: 1 -> 1/2 -> 1/4 -> 1/8, propellant 1/2 + 1/8
    burn = 320.0 * 9.80665 * np.log(2.0)
    case = make(0.5, 320.0, 0.1, burn)
    assert float(capsules.propellant_fraction(case, burn)) == pytest.approx(0.625, rel=1e-14)
    assert float(capsules.payload_fraction(case, burn)) == pytest.approx(0.125 - 0.0625, rel=1e-14)


def test_every_kilogram_is_somewhere(rng: np.random.Generator):
    n = 10_000
    case = make(rng.uniform(0, 0.6, n), rng.uniform(200, 460, n), rng.uniform(0, 0.5, n), rng.uniform(0, 500, n))
    after = rng.uniform(0, 3000, n)
    # the carrier flown burn by burn, backwards from what reaches the end, with the rocket equation
    payload, propellant = (
        np.asarray(f(case, after)) for f in (capsules.payload_fraction, capsules.propellant_fraction)
    )
    tanks = np.asarray(case.inert_ratio) * propellant
    last = np.asarray(rocket.propellant_for(case.specific_impulse, payload + tanks, after))
    entering = (payload + tanks + last) / (1 - np.asarray(case.heat_shield_fraction))
    shield = entering - (payload + tanks + last)
    first = np.asarray(rocket.propellant_for(case.specific_impulse, entering, case.correction_delta_v))
    np.testing.assert_allclose(payload + tanks + last + shield + first, 1.0, rtol=1e-13)
    np.testing.assert_allclose(last + first, propellant, rtol=0, atol=1e-13)
    assert np.all(payload <= 1.0)
    assert np.any(payload < 0.0)  # the carrier outweighs it


def test_derivatives(relative_grads: Callable[..., None]):
    def both(case: capsules.Capsule, dv):
        return jnp.stack([capsules.payload_fraction(case, dv), capsules.propellant_fraction(case, dv)])

    relative_grads(both, make(), 600.0)


def test_jit_and_vmap(rng: np.random.Generator):
    dv = rng.uniform(0, 2000, 50)
    for f in (capsules.payload_fraction, capsules.propellant_fraction):
        together = np.asarray(f(make(), dv))
        np.testing.assert_allclose(jax.jit(f)(make(), dv), together, rtol=1e-14)  # fused multiply-adds
        np.testing.assert_allclose(jax.vmap(f, (None, 0))(make(), dv), together, rtol=1e-14)
        np.testing.assert_allclose([float(f(make(), x)) for x in dv[:5]], together[:5], rtol=1e-14)


def test_bad_number_is_nan():
    for case in (make(shield=np.nan), make(isp=np.nan), make(inert=np.nan), make(correction=np.nan)):
        assert np.isnan(capsules.payload_fraction(case, 100.0))
    assert np.isnan(capsules.propellant_fraction(make(), np.nan))
