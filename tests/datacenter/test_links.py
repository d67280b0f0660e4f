"""Optical links: published terminals, the link equation in decibels, limits, derivatives."""

from __future__ import annotations

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.flatten_util import ravel_pytree
from jax.test_util import check_grads
from scipy.integrate import quad

from astro_logistics.datacenter import DataCenter, OpticalTerminal, links


def terminal(**changes: float) -> OpticalTerminal:
    values = {
        "aperture": 0.08,
        "wavelength": 1.55e-6,
        "transmit_power": 2.0,
        "optical_efficiency": 0.25,
        "pointing_jitter": 0.0,
        "photons_per_bit": 100.0,
        "modem_rate": 1e15,
        "electric_power": 100.0,
        "mass": 12.0,
    }
    return OpticalTerminal(**{name: jnp.asarray(x) for name, x in (values | changes).items()})


def test_link_equation_in_decibels():
    # gains (pi D / lambda)^2 of both ends less 0.9 dB for the truncated beam, space loss (lambda / 4 pi r)^2, 45,000 km
    d, wavelength, r = 0.135, 1.064e-6, 45e6
    gain = 20 * np.log10(np.pi * d / wavelength)
    loss = 20 * np.log10(wavelength / (4 * np.pi * r))
    budget = 10 ** ((2 * gain + loss + 10 * np.log10(links.GAUSSIAN_APERTURE)) / 10)
    # the captured share is 2e-6: 1 - exp(-x) is x to half of that
    assert float(links.captured_fraction(d, d, wavelength, r)) == pytest.approx(budget, rel=2e-4)


def test_published_terminals_close():
    # EDRS: 1.8 Gbit/s over 45,000 km. With 2.2 W, 135 mm and 50 photons per bit (assumed) there is a margin below 6 dB
    relay = terminal(aperture=0.135, wavelength=1.064e-6, transmit_power=2.2, photons_per_bit=50.0)
    assert 1.8e9 < float(links.rate(relay, 0.135, 45e6)) < 4 * 1.8e9
    # SCOT80: 80 mm, 10 Gbit/s over 8,000 km. TBIRD: 200 Gbit/s from low orbit, here from 12 mm to a station of 1 m
    # through air of 0.3 (assumed). Both must take the few watts that fibre amplifiers give
    ring = float(links.rate(terminal(transmit_power=1.0), 0.08, 8000e3))
    down = float(links.rate(terminal(aperture=0.012, transmit_power=1.0, photons_per_bit=200.0), 1.0, 1000e3, 0.3))
    assert 10e9 / ring == pytest.approx(3.83, abs=0.01)
    assert 200e9 / down == pytest.approx(2.27, abs=0.01)


def test_suncatcher_short_links():
    # Suncatcher 2025: satellites 100 to 200 m apart catch the whole beam of small telescopes: 9.6 Tbit/s takes 24
    # channels of 400 Gbit/s at 196 photons per bit: 0.24 mW of received light
    assert float(links.captured_fraction(0.1, 0.1, 1.55e-6, 200.0)) == pytest.approx(1.0, abs=1e-12)
    light = 9.6e12 * 196.0 * links.PLANCK * 299792458.0 / 1.55e-6
    t = terminal(transmit_power=light, optical_efficiency=1.0, photons_per_bit=196.0)
    assert light == pytest.approx(0.24e-3, rel=0.01)
    assert float(links.rate(t, 0.08, 100.0)) == pytest.approx(9.6e12, rel=1e-9)


def test_scaling(rng: np.random.Generator):
    far = terminal()
    one = float(links.rate(far, 0.08, 3e6))
    assert float(links.rate(far, 0.08, 6e6)) == pytest.approx(one / 4, rel=2e-3)  # 1 - exp(-x), x = 5e-3
    double = dataclasses.replace(far, transmit_power=2 * far.transmit_power)
    assert float(links.rate(double, 0.08, 3e6)) == pytest.approx(2 * one, rel=1e-9)
    r = jnp.asarray(10 ** rng.uniform(1, 8, 2000))
    caught = links.captured_fraction(0.1, 0.3, 1.55e-6, r)
    assert bool(jnp.all((caught > 0.0) & (caught <= 1.0)))
    assert bool(jnp.all(links.rate(far, 0.08, r) < far.modem_rate))


def test_pointing_is_the_mean_over_the_jitter():
    # intensity of a Gaussian beam of half-width h at half power, over Rayleigh-distributed angles
    d, wavelength, jitter = 0.1, 1.55e-6, 4e-6
    h = 0.515 * wavelength / d
    mean, _ = quad(lambda a: 2 ** (-((a / h) ** 2)) * a / jitter**2 * np.exp(-0.5 * (a / jitter) ** 2), 0, 100e-6)
    assert float(links.pointing_factor(d, wavelength, jitter)) == pytest.approx(mean, rel=1e-8)


def test_ground_and_needs(plausible: DataCenter):
    x = plausible.links
    assert float(links.clear_sky(x)) == pytest.approx(1 - 0.4**2, rel=1e-12)
    operations = 1.2e17  # 100 kW, 3e12 per joule, 0.4 of it useful
    found = links.size(x, operations)
    # Turyshev 2026: 26.3 Gbit/s sustained of 200 at a duty of 0.13; here the clouds take their part
    assert float(found.sustained_rate) == pytest.approx(26.3e9 * 0.84, rel=0.02)
    assert float(found.ground_links * found.sustained_rate) == pytest.approx(float(found.egress), rel=1e-12)
    assert float(found.egress) == pytest.approx(1.2e9, rel=1e-12)
    assert float(found.mesh_links * found.mesh_rate) == pytest.approx(3.6e11, rel=1e-12)
    # the weather of more stations
    more = dataclasses.replace(x, stations_in_view=jnp.asarray(4.0))
    assert float(links.clear_sky(more)) == pytest.approx(1 - 0.4**4, rel=1e-12)


def test_derivatives(plausible: DataCenter):
    flat, build = ravel_pytree(plausible.links)

    @jax.jit
    def f(s):
        found = links.size(build(flat * s[:-1]), 1e17 * s[-1])
        return jnp.log(jnp.stack([found.mesh_links, found.ground_links, found.sustained_rate]))

    # the smooth minimum is of the sixteenth power: differences of 1e-4 err by 1e-6
    check_grads(f, (jnp.ones(flat.size + 1),), 1, modes=("fwd", "rev"), eps=1e-4, atol=2e-5, rtol=2e-5)


def test_bad_input_is_nan():
    assert np.isnan(links.rate(terminal(aperture=np.nan), 0.1, 1e6))
