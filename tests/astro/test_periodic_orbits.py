import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.astro import cr3bp, periodic_orbits
from astro_logistics.astro.richardson import halo_guess

pytestmark = pytest.mark.optimized

MU = 1.215058560962404e-2  # Earth-Moon in JPL's Three-Body Periodic Orbits catalogue

# ssd.jpl.nasa.gov/tools/periodic_orbits.html, Earth-Moon halo orbits: state at y = 0, and period
L2_HALO = ([1.0809931218390707, 0.0, -0.20235953267405354, 0.0, -0.19895001215078018, 0.0], 2.3538670417546639)
L2_WIDE = ([1.1648780946517576, 0.0, -0.11145303634437023, 0.0, -0.20191923237095796, 0.0], 3.3031221822879884)
L1_HALO = ([0.8760656451170601, 0.0, 0.191813535688546, 0.0, 0.2305575388925067, 0.0], 2.1764730139006754)


def closure(orbit):
    """How far the orbit misses itself after a period, over the growth of an error on the way."""
    end, stm = cr3bp.propagate_with_stm(MU, orbit.state, orbit.period)
    return float(jnp.max(jnp.abs(end - orbit.state)) / jnp.max(jnp.abs(stm)))


@pytest.mark.parametrize("known", [L2_HALO, L2_WIDE], ids=["near", "wide"])
def test_halo_family_reaches_the_catalogue_at_its_period(known):
    state, period = known
    orbit = periodic_orbits.near_rectilinear(MU, period)
    assert bool(orbit.converged)
    # the catalogue's own closure is 1e-12; rounding grows by the largest eigenvalue, 1e2 to 1e3
    np.testing.assert_allclose(orbit.state, state, rtol=0, atol=1e-11)


def test_halo_family_reaches_the_catalogue_at_its_height():
    orbit = periodic_orbits.halo(MU, 2, L2_WIDE[0][2])
    np.testing.assert_allclose(orbit.state, L2_WIDE[0], rtol=0, atol=1e-11)
    np.testing.assert_allclose(orbit.period, L2_WIDE[1], rtol=1e-11)


def test_correction_of_a_rough_guess():
    state, period = L1_HALO
    rough = np.array(state) + np.array([2e-3, 0.0, -2e-3, 0.0, 3e-3, 0.0])
    orbit = periodic_orbits.correct(MU, rough, period, held="period")
    assert bool(orbit.converged)
    np.testing.assert_allclose(orbit.state, state, rtol=0, atol=1e-11)
    for held in ("x", "z"):
        orbit = periodic_orbits.correct(MU, np.array(state), period * 1.01, held=held)
        np.testing.assert_allclose(orbit.period, period, rtol=1e-10)  # the period is stiff in x and z


def test_gateway_orbit():
    # 9:2 resonance of the synodic month, 29.530589 d, with 2 pi for the sidereal one, 27.321661 d
    period = 2.0 * np.pi * 29.530589 / 27.321661 * 2.0 / 9.0
    orbit = periodic_orbits.near_rectilinear(MU, period)
    assert bool(orbit.converged)
    half = np.asarray(cr3bp.propagate(MU, orbit.state, 0.5 * orbit.period))
    moon = np.array([1.0 - MU, 0.0, 0.0])
    perilune = np.linalg.norm(half[:3] - moon) * 384_400.0
    apolune = np.linalg.norm(np.asarray(orbit.state)[:3] - moon) * 384_400.0
    # Lee 2019 (NASA, "Gateway Destination Orbit Model"): 3,366 km and 70,000 km on average in the ephemeris;
    # the circular problem differs by a few percent
    assert 3_100 < perilune < 3_400
    assert 69_000 < apolune < 73_000
    assert 1.0 < float(periodic_orbits.stability(MU, orbit).index) < 1.6  # nearly stable


@pytest.mark.parametrize("point", [1, 2, 3])
def test_small_lyapunov_orbits_have_the_linear_period(point):
    orbit = periodic_orbits.lyapunov(MU, point, 1e-4, steps=1)
    x = float(cr3bp.lagrange_points(MU)[point - 1, 0])
    c2 = (1 - MU) / abs(x + MU) ** 3 + MU / abs(x + MU - 1) ** 3
    frequency = np.sqrt((2 - c2 + np.sqrt(9 * c2**2 - 8 * c2)) / 2)
    assert bool(orbit.converged)
    # the next term is quadratic in the amplitude over the distance to the body: (1e-4 / 0.15)^2 times O(10)
    np.testing.assert_allclose(orbit.period, 2 * np.pi / frequency, rtol=1e-5)


def test_families_close_and_are_symmetric():
    orbits = [periodic_orbits.lyapunov(MU, 1, 0.05), periodic_orbits.distant_retrograde(MU, 0.2)]
    orbits += [periodic_orbits.halo(MU, 1, 0.1), periodic_orbits.halo(MU, 2, 0.05)]
    for orbit in orbits:
        assert bool(orbit.converged)
        assert closure(orbit) < 1e-13  # rounding of about thirty steps
    assert float(orbits[2].state[2]) == pytest.approx(0.1, abs=1e-14)
    assert float(orbits[1].state[0]) == pytest.approx(1.0 - MU + 0.2, abs=1e-14)
    south = periodic_orbits.halo(MU, 1, -0.1)
    np.testing.assert_allclose(south.state, np.array([1, 1, -1, 1, 1, 1]) * np.asarray(orbits[2].state), atol=1e-12)


def test_small_retrograde_orbits_are_keplerian():
    orbit = periodic_orbits.distant_retrograde(MU, 1e-3, steps=1)
    rate = 2 * np.pi / float(orbit.period)
    # the rotation of the frame adds to a retrograde rate; tides are (r^3 / mu) = 8e-8 of it
    np.testing.assert_allclose(rate, np.sqrt(MU / 1e-9) + 1.0, rtol=1e-6)


def test_stability_against_the_eigenvalues_of_the_monodromy_matrix():
    for orbit in (periodic_orbits.near_rectilinear(MU, 1.5111), periodic_orbits.halo(MU, 2, -0.1)):
        found = periodic_orbits.stability(MU, orbit)
        matrix = cr3bp.propagate_with_stm(MU, orbit.state, orbit.period)[1]
        expected = np.linalg.eigvals(np.asarray(matrix))
        expected = expected[np.argsort(np.abs(expected - 1.0))][2:]  # without the pair at 1
        got = np.asarray(found.eigenvalues)
        for value in expected:
            # rounding of the traces, 1e-15 times the square of the largest eigenvalue, 600
            assert np.min(np.abs(got - value)) < 1e-8 * max(1.0, abs(value))
        largest = np.max(np.abs(expected))
        np.testing.assert_allclose(found.index, 0.5 * (largest + 1 / largest), rtol=1e-8)
        np.testing.assert_allclose(found.time_to_double, orbit.period * np.log(2) / np.log(largest), rtol=1e-7)
    retrograde = periodic_orbits.stability(MU, periodic_orbits.distant_retrograde(MU, 0.2))
    np.testing.assert_allclose(retrograde.index, 1.0, atol=1e-9)


@pytest.mark.parametrize("point", [1, 2])
def test_third_order_start_is_near_the_orbit(point):
    # fourth order in the amplitude in the plane over the distance to the body, 0.2 to 0.3: a percent
    for height in (0.02, 0.01):
        guess = np.asarray(halo_guess(jnp.asarray(MU), point, jnp.asarray(height)))
        orbit = periodic_orbits.halo(MU, point, guess[1])
        np.testing.assert_allclose(2.0 * guess[3], orbit.period, rtol=5e-3)
        np.testing.assert_allclose(guess[0], orbit.state[0], rtol=0, atol=3e-3)
        np.testing.assert_allclose(guess[2], orbit.state[4], rtol=0.05)


@pytest.mark.slow
def test_derivatives_of_an_orbit_by_mass_ratio_and_period():
    def state(mu, period):
        return periodic_orbits.near_rectilinear(mu, period).state

    by_mu, by_period = jax.jacrev(state, (0, 1))(MU, 1.5111)
    step = 1e-5
    for k, exact in enumerate((by_mu, by_period)):
        move = np.array([step * MU, 0.0]) if k == 0 else np.array([0.0, step])
        slope = (state(MU + move[0], 1.5111 + move[1]) - state(MU - move[0], 1.5111 - move[1])) / (2 * move[k])
        # rounding 1e-13 over the step, 1e-7 for the mass ratio
        np.testing.assert_allclose(exact, slope, rtol=0, atol=1e-5 * float(jnp.max(jnp.abs(exact))))


@pytest.mark.slow
def test_a_family_in_one_call():
    periods = jnp.linspace(1.4, 2.4, 4)
    family = jax.vmap(lambda period: periodic_orbits.near_rectilinear(MU, period))(periods)
    assert bool(jnp.all(family.converged))
    alone = periodic_orbits.near_rectilinear(MU, periods[2])
    np.testing.assert_allclose(family.state[2], alone.state, rtol=0, atol=1e-11)
    np.testing.assert_allclose(family.period, periods, rtol=1e-14)


def test_what_is_no_orbit_is_nan():
    flat = np.array([1.155682165444884, 0.0, 0.0, 0.0, 0.0, 0.0])  # a point of equilibrium, not an orbit
    found = periodic_orbits.correct(MU, flat, 3.0, held="period")
    assert not bool(found.converged)
    assert np.all(np.isnan(np.asarray(found.state)[[0, 2, 4]]))
    lost = periodic_orbits.correct(MU, np.full(6, np.nan), 3.0)
    assert not bool(lost.converged)
    with pytest.raises(ValueError, match="held is 'y'"):
        periodic_orbits.correct(MU, flat, 3.0, held="y")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="point 1 or 2"):
        periodic_orbits.halo(MU, 3, 0.1)
