"""Shadow: a published year, exact disc overlap, invariants, a stepped year, derivatives through the onset."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads
from scipy.integrate import quad

from astro_logistics.astro import eclipse, orbits, sunlight
from astro_logistics.constants import ASTRONOMICAL_UNIT, SOLAR_RADIUS

MU = 398600.4418e9
RADIUS = 6378.137e3
J2 = 1.08262668e-3
TROPICAL_YEAR = 365.2422 * 86400.0
OBLIQUITY = np.radians(23.4393)


def inclination(r):
    return orbits.sun_synchronous_inclination(MU, RADIUS, J2, r, TROPICAL_YEAR)


def exact_fraction(beta: float, r: float, n: int = 40001) -> float:
    """Mean overlap of the apparent discs of Sun and Earth along the orbit, the Sun at its finite distance (numpy)."""
    theta = (np.arange(n) + 0.5) / n * np.pi
    position = r * np.stack([-np.cos(theta), np.sin(theta), 0 * theta], axis=-1)
    to_sun = ASTRONOMICAL_UNIT * np.array([np.cos(beta), 0, np.sin(beta)]) - position
    distance = np.linalg.norm(to_sun, axis=-1)
    a, b = np.arcsin(SOLAR_RADIUS / distance), np.arcsin(RADIUS / r)
    c = np.arccos(np.clip(np.sum(-position * to_sun, axis=-1) / (r * distance), -1, 1))
    x = (c * c + a * a - b * b) / (2 * c + 1e-300)
    half_chord = np.sqrt(np.maximum(a * a - x * x, 0))
    area = a * a * np.arccos(np.clip(x / a, -1, 1)) + b * b * np.arccos(np.clip((c - x) / b, -1, 1)) - c * half_chord
    covered = np.where(c >= a + b, 0.0, np.where(c <= b - a, 1.0, area / (np.pi * a * a)))
    return float(covered.mean())


def test_dawn_dusk_550_km_reference():
    # LTAN 06/18, circular 550 km, cylindrical shadow, a full year: 0.9509 sunlit, 21.7 min, 98 days
    r = RADIUS + 550e3
    i = inclination(r)
    assert float(sunlight.dawn_dusk_sunlit_fraction(RADIUS, r, i, OBLIQUITY)) == pytest.approx(0.9509, abs=1e-4)
    longest = float(sunlight.dawn_dusk_longest_eclipse(MU, RADIUS, r, i, OBLIQUITY))
    assert longest / 60 == pytest.approx(21.7, abs=0.05)  # printed digits
    assert float(sunlight.dawn_dusk_eclipse_season(RADIUS, r, i, OBLIQUITY)) * 365.25 == pytest.approx(98, abs=1)


def test_acos_integrals_by_quadrature():
    # the closed forms against scipy's quadrature of acos
    for u in [-0.3, 0.0, 0.4, 0.9, 0.999]:
        first = quad(np.arccos, 1.0, u, epsabs=0, epsrel=1e-11)[0]
        second = quad(lambda x, u=u: (u - x) * np.arccos(x), 1.0, u, epsabs=0, epsrel=1e-11)[0]
        # scipy's error; near u = 1 the closed form subtracts numbers of order one
        assert float(eclipse._acos1(jnp.asarray(u))) == pytest.approx(first, rel=1e-9, abs=1e-14)
        assert float(eclipse._acos2(jnp.asarray(u))) == pytest.approx(second, rel=1e-9, abs=1e-14)


@pytest.mark.parametrize(("altitude", "worst"), [(300e3, 2e-4), (550e3, 1.5e-4), (1400e3, 1.2e-4), (35786e3, 6e-5)])
def test_against_exact_disc_overlap(altitude: float, worst: float):
    r = RADIUS + altitude
    rho = np.arcsin(RADIUS / r)
    beta = np.concatenate([np.linspace(0, rho - 0.012, 8), rho + np.linspace(-0.012, 0.008, 21)])
    exact = np.array([exact_fraction(b, r) for b in beta])
    smooth = np.asarray(eclipse.eclipse_fraction(beta, RADIUS, r))
    # the documented errors of the smoothing; away from the onset they are ten times smaller
    np.testing.assert_allclose(smooth, exact, rtol=0, atol=worst)
    np.testing.assert_allclose(smooth[:8], exact[:8], rtol=0, atol=3e-5)
    # a control: the point Sun misses by a hundred times as much at the onset
    assert np.abs(np.asarray(eclipse.cylindrical_eclipse_fraction(beta, RADIUS, r)) - exact).max() > 20 * worst


def test_limits(rng: np.random.Generator):
    beta, r = rng.uniform(-1.5, 1.5, 5000), RADIUS * 10 ** rng.uniform(0.01, 1.0, 5000)
    f = np.asarray(eclipse.eclipse_fraction(beta, RADIUS, r))
    assert ((f >= -1e-9) & (f <= 0.5)).all()  # documented rounding: differences over (s R/r)^2 = 2e-7 at ten radii
    np.testing.assert_allclose(f, eclipse.eclipse_fraction(-beta, RADIUS, r), rtol=0, atol=0)
    # less of it at higher beta and higher up
    assert (np.asarray(eclipse.eclipse_fraction(0.999 * beta, RADIUS, r)) >= f - 1e-9).all()
    # a Sun without size casts the cylinder of shadow
    point = eclipse.eclipse_fraction(beta, RADIUS, r, 1e-4)
    cylinder = np.asarray(eclipse.cylindrical_eclipse_fraction(beta, RADIUS, r))
    np.testing.assert_allclose(point, cylinder, rtol=0, atol=8e-3)  # sqrt(2 s)/pi where the shadow is grazed
    assert np.median(np.abs(point - cylinder)) < 1e-6
    assert float(eclipse.eclipse_fraction(np.pi / 2, RADIUS, 7000e3)) == 0.0


def test_beta_angle_geometry(rng: np.random.Generator):
    n = 5000
    i, raan, longitude = rng.uniform(0, np.pi, n), rng.uniform(-7, 7, n), rng.uniform(-7, 7, n)
    normal, sun = eclipse.orbit_normal(i, raan), eclipse.sun_direction(longitude, OBLIQUITY)
    beta = eclipse.beta_angle(3.0 * normal, 1e11 * sun)
    np.testing.assert_allclose(np.sin(beta), np.sum(normal * sun, axis=-1), atol=1e-15)
    # normal from two vectors in the plane
    node = np.stack([np.cos(raan), np.sin(raan), 0 * raan], axis=-1)
    top = np.stack([-np.sin(raan) * np.cos(i), np.cos(raan) * np.cos(i), np.sin(i)], axis=-1)
    np.testing.assert_allclose(normal, np.cross(node, top), atol=1e-15)
    np.testing.assert_allclose(
        eclipse.sun_synchronous_beta(i, raan - longitude, longitude, OBLIQUITY), beta, atol=1e-13
    )


def test_least_beta_is_at_the_solstice():
    i = float(inclination(RADIUS + 550e3))
    longitude = np.linspace(-np.pi, np.pi, 100001)
    for node_angle in [np.pi / 2, -np.pi / 2]:
        beta = np.asarray(eclipse.sun_synchronous_beta(i, node_angle, longitude, OBLIQUITY))
        least = np.abs(beta).argmin()
        assert np.abs(beta[least]) == pytest.approx(np.pi - i - OBLIQUITY, abs=1e-9)
        assert np.abs(longitude[least]) == pytest.approx(np.pi / 2, abs=1e-4)


@pytest.mark.parametrize("altitude", [400e3, 650e3, 1000e3, 1380e3, 1600e3])
def test_year_mean_against_stepping_through_the_year(altitude: float):
    # an independent sum: 20,000 days of the year, beta from vectors, both local times
    r = RADIUS + altitude
    i = float(inclination(r))
    longitude = (np.arange(20000) + 0.5) / 20000 * 2 * np.pi
    mean = sunlight.dawn_dusk_sunlit_fraction(RADIUS, r, i, OBLIQUITY)
    for node_angle in [np.pi / 2, -np.pi / 2]:
        beta = eclipse.sun_synchronous_beta(i, node_angle, longitude, OBLIQUITY)
        lost = np.asarray(eclipse.eclipse_fraction(beta, RADIUS, r))
        assert float(mean) == pytest.approx(1 - lost.mean(), abs=2e-6)  # documented quadrature error
        season = np.mean(np.abs(np.asarray(beta)) < np.arcsin(RADIUS / r))
        found = float(sunlight.dawn_dusk_eclipse_season(RADIUS, r, i, OBLIQUITY))
        assert found == pytest.approx(season, abs=2e-4)  # one or two of the 20,000 steps at either end
        longest = sunlight.dawn_dusk_longest_eclipse(MU, RADIUS, r, i, OBLIQUITY)
        assert float(longest) == pytest.approx(lost.max() * float(orbits.period(MU, r)), abs=1e-3)


@pytest.mark.parametrize(("i", "error"), [(0.5, 1e-4), (0.9, 1e-4), (1.7, 4e-4)])
def test_precessing_orbit_against_random_planes(i: float, error: float, rng: np.random.Generator):
    # an independent mean: 400,000 random nodes and seasons through the vectors; its own error is 1e-4 at most
    n = 400_000
    normal = eclipse.orbit_normal(np.full(n, i), rng.uniform(0, 2 * np.pi, n))
    beta = eclipse.beta_angle(normal, eclipse.sun_direction(rng.uniform(0, 2 * np.pi, n), OBLIQUITY))
    r = RADIUS + 550e3
    sunlit = 1.0 - float(np.mean(eclipse.eclipse_fraction(beta, RADIUS, r)))
    found = float(sunlight.precessing_sunlit_fraction(RADIUS, r, i, OBLIQUITY))
    assert found == pytest.approx(sunlit, abs=error)


@pytest.mark.slow
def test_derivatives_through_the_onset():
    rho = np.arcsin(1 / 1.1)
    fraction = jax.jit(lambda b, r: 100.0 * eclipse.eclipse_fraction(b, 1.0, r, 0.05))
    for beta in [0.2, rho - 0.004, rho + 0.003, 1.4]:
        # a step small against the Sun's radius; what the value rounds to (1e-12) over eps^2 sets the tolerance
        check_grads(fraction, (beta, 1.1), 2, modes=("fwd", "rev"), eps=1e-4, atol=2e-3, rtol=2e-3)

    @jax.jit
    def lost(h):
        return 100.0 * (1.0 - sunlight.dawn_dusk_sunlit_fraction(1.0, 1.0 + h, 1.75, 0.41, 0.02, nodes=200))

    for h in [0.08, 0.2, 0.26]:
        check_grads(lost, (h,), 2, modes=("fwd", "rev"), eps=1e-4, atol=1e-2, rtol=1e-2)


def test_slope_is_that_of_the_function_at_the_default_quadrature():
    # the derivative of the 32-point sum against that of a 400-point one, over all heights with eclipses
    r = RADIUS + np.linspace(300e3, 1350e3, 25)
    i = np.asarray(inclination(r))

    def slope(nodes: int):
        def f(r, i):
            return sunlight.dawn_dusk_sunlit_fraction(RADIUS, r, i, OBLIQUITY, nodes=nodes)

        return np.asarray(jax.vmap(jax.grad(f))(r, i))

    np.testing.assert_allclose(slope(32), slope(400), rtol=1e-3)  # measured: 3e-4


def test_no_nan_gradient_without_eclipse():
    grad = jax.grad(eclipse.eclipse_fraction, argnums=(0, 2))(np.pi / 2, RADIUS, 7000e3)
    assert [float(g) for g in grad] == [0.0, 0.0]
    grad = jax.grad(sunlight.dawn_dusk_sunlit_fraction, argnums=(1, 2, 3))(RADIUS, 8000e3, 1.78, OBLIQUITY)
    assert [float(g) for g in grad] == [0.0, 0.0, 0.0]


def test_jit_and_vmap(rng: np.random.Generator):
    r = RADIUS + rng.uniform(300e3, 1600e3, 20)
    i = np.asarray(inclination(r))

    def f(r, i):
        return sunlight.dawn_dusk_sunlit_fraction(RADIUS, r, i, OBLIQUITY)

    # second differences over s^2: 1e-11
    np.testing.assert_allclose(jax.jit(f)(r, i), f(r, i), rtol=0, atol=1e-10)
    np.testing.assert_allclose(jax.vmap(f)(r, i), [float(f(a, b)) for a, b in zip(r, i, strict=True)], atol=1e-10)


def test_bad_input_is_nan():
    bad = [
        eclipse.eclipse_fraction(0.1, RADIUS, 0.9 * RADIUS),
        eclipse.eclipse_fraction(np.nan, RADIUS, 7000e3),
        eclipse.cylindrical_eclipse_fraction(0.1, RADIUS, 0.9 * RADIUS),
        eclipse.beta_angle(np.zeros(3), np.array([1.0, 0, 0])),
        sunlight.dawn_dusk_sunlit_fraction(RADIUS, 0.9 * RADIUS, 1.7, OBLIQUITY),
        sunlight.dawn_dusk_sunlit_fraction(RADIUS, 7000e3, np.nan, OBLIQUITY),
        sunlight.dawn_dusk_longest_eclipse(MU, RADIUS, np.nan, 1.7, OBLIQUITY),
        sunlight.dawn_dusk_eclipse_season(RADIUS, np.nan, 1.7, OBLIQUITY),
    ]
    assert np.isnan(jnp.stack(bad)).all()
