"""Lambert's problem: textbook cases, Kepler round trips over random geometries, an independent reference, the hard
set, derivatives to second order."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

from astro_logistics.astro.kepler import propagate, propagate_with_stm
from astro_logistics.astro.lambert import arcs, lambert, lambert_with_jacobian, max_revolutions

MU_EARTH = 398_600.4418e9
FAR = -0.1  # arcs over the apoapsis are drawn below this energy: above, a rounding of v1 is amplified by 3 v dt / r


def landing_error(mu, r1, r2, tof, solution):
    """|r(tof) - r2| over |r2| by our Kepler propagation."""
    r, _ = propagate(mu, r1, solution.v1, tof)
    return np.linalg.norm(np.asarray(r) - r2, axis=-1) / np.linalg.norm(r2, axis=-1)


def geometries(rng, n, low_angle=0.5, high_angle=359.5):
    """r1, r2 (mu = 1) on a random conic through both, its specific energy in units of mu / r1, and the angle swept.

    The angle is uniform, and so is the energy between the least that joins the points (or -2) and +2.
    """
    angle = np.radians(rng.uniform(low_angle, high_angle, n))
    first = rng.normal(size=(n, 3))
    first /= np.linalg.norm(first, axis=1, keepdims=True)
    side = np.cross(rng.normal(size=(n, 3)), first)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    ratio = np.exp(rng.uniform(np.log(0.2), np.log(5.0), n))
    r2 = ratio[:, None] * (np.cos(angle)[:, None] * first + np.sin(angle)[:, None] * side)
    chord = np.linalg.norm(r2 - first, axis=1)
    s = 0.5 * (1.0 + ratio + chord)
    energy = rng.uniform(np.maximum(-2.0, -1.0 / s), 2.0)
    return first, r2, angle, energy, s, chord, np.cross(first, side)[:, 2] >= 0.0


def lagrange_time(energy, s, chord, angle, revolutions, far):
    """Time of flight by Lagrange's alpha and beta (Prussing & Conway), an expression independent of the solver's."""
    with np.errstate(invalid="ignore"):
        a = -0.5 / energy
        alpha = 2.0 * np.arcsin(np.sqrt(np.minimum(s / (2.0 * a), 1.0)))
        beta = 2.0 * np.arcsin(np.sqrt((s - chord) / (2.0 * a))) * np.where(angle > np.pi, -1.0, 1.0)
        alpha = np.where(far, 2.0 * np.pi - alpha, alpha)
        ellipse = a**1.5 * (2.0 * np.pi * revolutions + alpha - np.sin(alpha) - beta + np.sin(beta))
        alpha = 2.0 * np.arcsinh(np.sqrt(s / (-2.0 * a)))
        beta = 2.0 * np.arcsinh(np.sqrt((s - chord) / (-2.0 * a))) * np.where(angle > np.pi, -1.0, 1.0)
        hyperbola = (-a) ** 1.5 * (np.sinh(alpha) - alpha - np.sinh(beta) + beta)
    return np.where(energy < 0.0, ellipse, hyperbola)


def solve_all(r1, r2, tof, prograde, **options):
    """lambert() with a prograde flag of its own for every case."""
    direct = lambert(1.0, r1, r2, tof, prograde=True, **options)
    against = lambert(1.0, r1, r2, tof, prograde=False, **options)
    pick = jnp.asarray(prograde)
    return type(direct)(
        jnp.where(pick[:, None], direct.v1, against.v1),
        jnp.where(pick[:, None], direct.v2, against.v2),
        jnp.where(pick, direct.converged, against.converged),
    )


def test_vallado_example_7_5():
    # Vallado, 4th ed., example 7-5: printed to 1e-6 km/s from r in km to 1e-5 and 76 min.
    r1, r2 = np.array([15945.34e3, 0.0, 0.0]), np.array([12214.83899e3, 10249.46731e3, 0.0])
    answer = lambert(MU_EARTH, r1, r2, 76.0 * 60.0)
    np.testing.assert_allclose(answer.v1, [2058.913, 2915.965, 0.0], atol=2e-3)
    np.testing.assert_allclose(answer.v2, [-3451.565, 910.315, 0.0], atol=2e-3)
    assert bool(answer.converged)


def test_curtis_example_5_2():
    # Curtis, Orbital Mechanics for Engineering Students, 3rd ed., example 5.2: printed to 0.1 m/s.
    r1, r2 = np.array([5000e3, 10000e3, 2100e3]), np.array([-14600e3, 2500e3, 7000e3])
    answer = lambert(398_600e9, r1, r2, 3600.0)
    np.testing.assert_allclose(answer.v1, [-5992.5, 1925.4, 3245.6], atol=0.1)
    np.testing.assert_allclose(answer.v2, [-3312.5, -4196.6, -385.29], atol=0.1)


@pytest.mark.optimized
@pytest.mark.parametrize(
    "n", [pytest.param(100_000, id="1e5"), pytest.param(1_000_000, id="1e6", marks=pytest.mark.slow)]
)
def test_random_geometries_zero_revolutions(rng, n):
    r1, r2, angle, energy, s, chord, short_is_prograde = geometries(rng, n)
    tof = lagrange_time(energy, s, chord, angle, 0, (rng.random(n) < 0.5) & (energy < FAR))
    answer = solve_all(r1, r2, tof, short_is_prograde)
    assert np.all(answer.converged)
    assert np.max(landing_error(1.0, r1, r2, tof, answer)) < 1e-9
    # the arc found has the energy that was drawn, wherever the time determines it: not beside its minimum
    found = 0.5 * np.sum(np.square(answer.v1), axis=1) - 1.0
    assert np.median(np.abs(found - energy)) < 1e-14
    energy2 = 0.5 * np.sum(np.square(answer.v2), axis=1) - 1.0 / np.linalg.norm(r2, axis=1)
    # speeds reach 30 beside the center (angle 359.5 degrees, both radii alike), squared 1e3
    np.testing.assert_allclose(energy2, found, atol=1e-11)


@pytest.mark.optimized
@pytest.mark.parametrize("branch", ["left", "right"])
def test_random_geometries_to_ten_revolutions(rng, branch):
    n = 20_000
    # a million of the hardest: rounded speeds once threw a few in a million past the bound, by a third
    for revolutions in (1, 2, 5, *(50 if branch == "right" else 1) * [10]):
        r1, r2, angle, energy, s, chord, short_is_prograde = geometries(rng, n)
        energy = np.maximum(-2.0, -1.0 / s) * rng.uniform(0.05, 1.0, n)
        tof = lagrange_time(energy, s, chord, angle, revolutions, rng.random(n) < 0.5)
        answer = solve_all(r1, r2, tof, short_is_prograde, revolutions=revolutions, branch=branch)
        assert np.all(answer.converged)
        # a relative rounding of the semi-major axis is 3 pi revolutions of phase, and up to 30 in speed
        assert np.max(landing_error(1.0, r1, r2, tof, answer)) < 1e-9


@pytest.mark.optimized
def test_beside_180_degrees_with_revolutions(rng):
    # the plane's normal is a small difference there: rounded twice, for its length and for its direction, it once
    # threw the arrival 1e-7 off in one program and not in another
    n = 20_000
    for revolutions in (1, 5):
        r1, r2, angle, energy, s, chord, short_is_prograde = geometries(rng, n, 180.0 - 1e-3, 180.0 + 1e-3)
        energy = np.maximum(-2.0, -1.0 / s) * rng.uniform(0.05, 1.0, n)
        tof = lagrange_time(energy, s, np.minimum(chord, s), angle, revolutions, rng.random(n) < 0.5)
        answer = solve_all(r1, r2, tof, short_is_prograde, revolutions=revolutions, branch="right")
        assert np.all(answer.converged)
        assert np.max(landing_error(1.0, r1, r2, tof, answer)) < 1e-9


def test_both_branches_contain_the_drawn_arc(rng):
    n = 5_000
    r1, r2, angle, energy, s, chord, short_is_prograde = geometries(rng, n, 20.0, 340.0)
    energy = np.maximum(-2.0, -1.0 / s) * rng.uniform(0.1, 1.0, n)
    tof = lagrange_time(energy, s, chord, angle, 3, rng.random(n) < 0.5)
    found = [
        0.5 * np.sum(np.square(solve_all(r1, r2, tof, short_is_prograde, revolutions=3, branch=b).v1), axis=1) - 1.0
        for b in ("left", "right")
    ]
    nearest = np.minimum(np.abs(found[0] - energy), np.abs(found[1] - energy))
    assert np.max(nearest) < 1e-6  # beside the minimum time the energy is known to the root of a rounding, 1e-8
    assert np.median(nearest) < 1e-13
    assert np.all(found[0] >= -1.0 / s * (1 + 1e-12))


def test_max_revolutions(rng):
    n = 3_000
    r1, r2, *_ = geometries(rng, n)
    tof = rng.uniform(0.1, 60.0, n)
    most = np.asarray(max_revolutions(1.0, r1, r2, tof))
    assert most.max() >= 5
    assert most.min() == 0
    for revolutions in range(1, 5):
        solvable = np.asarray(lambert(1.0, r1, r2, tof, revolutions=revolutions).converged)
        np.testing.assert_array_equal(solvable, most >= revolutions)


def test_against_shooting():
    # An independent reference: integrate the equation of motion, and shoot for r2 in the plane.
    r1, r2, tof = np.array([1.0, 0.0, 0.0]), np.array([-0.3, 1.4, 0.0]), 2.2
    ours = lambert(1.0, r1, r2, tof)

    def arrival(v):
        answer = solve_ivp(
            lambda _, y: np.concatenate([y[2:], -y[:2] / np.linalg.norm(y[:2]) ** 3]),
            (0.0, tof),
            np.concatenate([r1[:2], v]),
            method="DOP853",
            rtol=1e-13,
            atol=1e-13,
        )
        return answer.y[:2, -1]

    v = np.array([0.1, 1.1])
    for _ in range(12):  # Newton with a difference Jacobian
        base = arrival(v)
        jac = np.stack([(arrival(v + 1e-6 * e) - base) / 1e-6 for e in np.eye(2)], axis=1)
        v = v - np.linalg.solve(jac, base - r2[:2])
    np.testing.assert_allclose(ours.v1[:2], v, atol=1e-10)  # the integrator's error


def test_against_lagrange_equation_by_bisection(rng):
    # The semi-major axis by brentq on Lagrange's equation (hyperbolas and fast ellipses, short way).
    for _ in range(20):
        r1, r2, angle, energy, s, chord, short_is_prograde = geometries(rng, 1, 10.0, 170.0)
        tof = float(lagrange_time(energy, s, chord, angle, 0, False)[0])
        root = brentq(
            lambda e, s=s, c=chord, t=angle, tof=tof: float(lagrange_time(np.array([e]), s, c, t, 0, False)[0] - tof),
            -1.0 / s[0] * (1 - 1e-12),
            2.5,
            xtol=1e-15,
        )
        answer = solve_all(r1, r2, np.array([tof]), short_is_prograde)
        found = 0.5 * np.sum(np.square(answer.v1)) - 1.0
        # Lagrange's equation itself cancels at the parabola; the reference is good to 1e-16 / |energy|^1.5
        np.testing.assert_allclose(found, root, atol=1e-9)


def hard_geometries():
    """Name, angle, ratio of the radii and energies of the cases at which other solvers fail."""
    near = [180.0 + sign * 10.0**-k for k in (2, 4, 6, 8, 10) for sign in (-1, 1)]
    tiny = [10.0**-k for k in (1, 2, 4, 6)] + [360.0 - 10.0**-k for k in (1, 2)]
    return (
        [("near 180 degrees", a) for a in near]
        + [("tiny", a) for a in tiny]
        + [("plain", a) for a in (40.0, 120.0, 250.0)]
    )


@pytest.mark.optimized
@pytest.mark.parametrize("prograde", [True, False])
def test_hard_set_zero_revolutions(prograde):
    cases = []
    for _, degrees in hard_geometries():
        angle = np.radians(degrees)
        for ratio in (1.0, 1.5, 0.3):
            r1 = np.array([1.0, 0.0, 0.0])
            r2 = ratio * np.array([np.cos(angle), np.sin(angle) * np.cos(0.3), np.sin(angle) * np.sin(0.3)])
            if not prograde:
                r2 = r2 * [1.0, -1.0, -1.0]
            chord = np.linalg.norm(r2 - r1)
            s = 0.5 * (1.0 + ratio + chord)
            lam = np.sqrt(max(1.0 - chord / s, 0.0)) * (1.0 if angle < np.pi else -1.0)
            scale = np.sqrt(s**3 / 2.0)
            parabola = scale * 2.0 / 3.0 * (1.0 - lam**3)
            for factor in (1e-4, 1e-2, 0.5, 1.0 - 1e-9, 1.0, 1.0 + 1e-9, 2.0, 30.0, 1e4):
                cases.append((r1, r2, parabola * factor))
    r1, r2, tof = (np.array(a) for a in zip(*cases, strict=True))
    answer = lambert(1.0, r1, r2, tof, prograde=prograde)
    assert np.all(answer.converged)
    error = landing_error(1.0, r1, r2, tof, answer)
    # Condition of the arrival: the velocity's rounding times the transition matrix, which is large where the arc
    # falls almost straight through the center (angles near 360 degrees, or slow arcs between near points).
    _, _, stm = propagate_with_stm(1.0, r1, answer.v1, tof)
    state = np.maximum(np.linalg.norm(answer.v1, axis=1), 1.0)
    condition = np.linalg.norm(stm, axis=(1, 2)) * state / np.linalg.norm(r2, axis=1)
    assert np.all(error < np.maximum(1e-12, 1e-14 * condition))
    assert np.mean(condition < 1e5) > 0.5  # the bound says something about most of them


def test_exact_parabola_has_zero_energy():
    for angle in (0.3, 1.0, 2.5, 4.0, 6.0):
        r1, r2 = np.array([1.0, 0.0, 0.0]), 1.7 * np.array([np.cos(angle), np.sin(angle), 0.0])
        chord = np.linalg.norm(r2 - r1)
        s = 0.5 * (2.7 + chord)
        lam = np.sign(np.pi - angle) * np.sqrt(1.0 - chord / s)
        answer = lambert(1.0, r1, r2, np.sqrt(s**3 / 2.0) * 2.0 / 3.0 * (1.0 - lam**3))
        np.testing.assert_allclose(0.5 * np.sum(np.square(answer.v1)), 1.0, rtol=1e-13)
        jac = jax.jacfwd(lambda t, a=r1, b=r2: lambert(1.0, a, b, t).v1)(
            jnp.float64(np.sqrt(s**3 / 2.0) * 2.0 / 3.0 * (1.0 - lam**3))
        )
        assert np.all(np.isfinite(jac))


@pytest.mark.optimized
@pytest.mark.parametrize("branch", ["left", "right"])
def test_beside_the_minimum_time(branch):
    r1 = np.array([1.0, 0.0, 0.0])
    for angle in (0.01, 1.0, 3.0, 5.0, 6.27):
        r2 = 1.3 * np.array([np.cos(angle), np.sin(angle), 0.0])
        low, high = 0.1, 60.0
        for _ in range(60):  # the shortest time with two revolutions, by bisection on the flag
            middle = 0.5 * (low + high)
            ok = bool(lambert(1.0, r1, r2, middle, revolutions=2, branch=branch).converged)
            low, high = (low, middle) if ok else (middle, high)
        tof = high * (1.0 + np.array([0.0, 1e-15, 1e-13, 1e-11, 1e-9, 1e-6, 1e-3]))
        at = np.broadcast_to(r1, (7, 3)), np.broadcast_to(r2, (7, 3))
        answer = lambert(1.0, *at, tof, revolutions=2, branch=branch)
        assert np.all(answer.converged)
        assert np.max(landing_error(1.0, *at, tof, answer)) < 1e-9
        below = lambert(1.0, *at, high * (1.0 - np.array([1e-13, 1e-9, 1e-6, 1e-3, 0.1, 0.3, 0.9])), revolutions=2)
        assert not np.any(below.converged)
        assert np.all(np.isnan(below.v1))


def columns(f, y, step):
    """Sixth-order central differences."""
    weights = {1: 3 / 4, 2: -3 / 20, 3: 1 / 60}
    eye = np.eye(len(y)) * step
    return np.stack([sum(w * (f(y + m * d) - f(y - m * d)) for m, w in weights.items()) / step for d in eye], axis=-1)


CASES = {
    "ellipse": (0, "left", 2.2),
    "hyperbola": (0, "left", 0.25),
    "left": (1, "left", 16.0),
    "right": (1, "right", 16.0),
}


def velocities(case):
    revolutions, branch, _ = CASES[case]

    def f(y):
        answer = lambert(y[7], y[:3], y[3:6], y[6], revolutions=revolutions, branch=branch)
        return jnp.concatenate([answer.v1, answer.v2])

    return f


@pytest.mark.parametrize("case", CASES)
def test_first_derivative_to_1e_9(case):
    y = np.array([1.0, 0.1, -0.2, -0.3, 1.4, 0.1, CASES[case][2], 1.0])
    f = velocities(case)
    # step 2e-3: truncation 1e-16 by the seventh derivative; rounding 1e-15 / 2e-3
    exact = jax.jacfwd(f)(y)
    np.testing.assert_allclose(exact, columns(f, y, 2e-3), rtol=1e-9, atol=1e-9)


def test_jacobian_by_the_transition_matrix(rng):
    # dv1 = Phi_rv^-1 (dr2 - Phi_rr dr1 - v2 dtof), an expression from another module
    n = 300
    r1, r2, angle, energy, s, chord, short_is_prograde = geometries(rng, n, 20.0, 160.0)
    mirror = np.stack([np.where(short_is_prograde, 1.0, -1.0), np.ones(n), np.ones(n)], axis=-1)
    r1, r2 = r1 * mirror, r2 * mirror  # all the short way
    tof = lagrange_time(energy, s, chord, angle, 0, False)

    def v1(r1, r2, tof):
        return lambert(1.0, r1, r2, tof).v1

    by_r1, by_r2, by_tof = jax.vmap(jax.jacfwd(v1, argnums=(0, 1, 2)))(r1, r2, tof)
    answer = lambert(1.0, r1, r2, tof)
    stm = np.asarray(propagate_with_stm(1.0, r1, answer.v1, tof)[2])
    inverse = np.linalg.inv(stm[:, :3, 3:])
    size = np.linalg.norm(inverse, axis=(1, 2))[:, None, None]
    assert np.max(np.abs(by_r2 - inverse) / size) < 1e-9
    assert np.max(np.abs(by_r1 + inverse @ np.asarray(stm[:, :3, :3])) / size) < 1e-8
    assert np.max(np.abs(by_tof + np.einsum("nij,nj->ni", inverse, answer.v2)) / size[..., 0]) < 1e-8


@pytest.mark.parametrize(("branch", "revolutions"), [("left", 0), ("right", 2)])
def test_closed_jacobian_is_that_of_automatic_differentiation(rng, branch, revolutions):
    # all angles and both directions of flight; agreement is relative to the largest element of the matrix
    n = 300
    r1, r2, *_ = geometries(rng, n)
    tof = rng.uniform(0.2, 8.0, n) + 20.0 * revolutions
    options = {"revolutions": revolutions, "branch": branch}

    @jax.jit
    @jax.vmap
    def automatic(r1, r2, tof):
        def velocities(r1, r2, tof):
            answer = lambert(1.0, r1, r2, tof, **options)
            return jnp.stack([answer.v1, answer.v2])

        by_r1, by_r2, by_tof = jax.jacfwd(velocities, argnums=(0, 1, 2))(r1, r2, tof)
        return jnp.concatenate([by_r1, by_r2, by_tof[..., None]], axis=-1)

    answer, dv1, dv2 = lambert_with_jacobian(1.0, r1, r2, tof, **options)
    same = lambert(1.0, r1, r2, tof, **options)
    np.testing.assert_array_equal(answer.converged, same.converged)
    there = np.asarray(same.converged)
    assert there.mean() > 0.8
    np.testing.assert_allclose(answer.v1, same.v1, rtol=1e-12, atol=1e-12)  # compiled apart
    expected = np.asarray(automatic(r1, r2, tof))
    size = np.max(np.abs(expected), axis=(1, 2, 3))[:, None, None]
    for found, wanted in ((dv1, expected[:, 0]), (dv2, expected[:, 1])):
        assert np.max(np.abs(found - wanted)[there] / size[there]) < 1e-11  # rounding over the sine of the angle


def test_arcs_are_those_of_lambert_one_by_one(rng):
    n = 6000  # two blocks and a half
    r1, r2, *_ = geometries(rng, n)
    tof = rng.uniform(1.0, 40.0, n)
    found = arcs(1.0, r1, r2, tof, revolutions=2)
    assert len(found) == 5
    slots = [(0, "left"), (1, "left"), (1, "right"), (2, "left"), (2, "right")]
    for one, (revolutions, branch) in zip(found, slots, strict=True):
        same = lambert(1.0, r1, r2, tof, revolutions=revolutions, branch=branch)
        np.testing.assert_array_equal(one.converged, same.converged)
        # both are roots to rounding; beside a minimum time the root itself is known to half the digits
        error = np.linalg.norm(np.asarray(one.v1) - same.v1, axis=1) / np.linalg.norm(same.v1, axis=1)
        assert np.nanquantile(error, 0.999) < 1e-11
        assert np.nanmax(error) < 1e-7
    with pytest.raises(ValueError, match="revolutions must be 0 or more"):
        arcs(1.0, r1, r2, tof, revolutions=-1)


def test_arcs_under_vmap_and_their_derivatives(rng):
    # an axis of its own; no time for a revolution (NaN), then for one, then for more than asked
    r1, r2, *_ = geometries(rng, 6)
    tof = np.array([[1.0, np.nan, 9.0], [25.0, 60.0, 0.0]])
    r1, r2 = r1.reshape(2, 3, 3), r2.reshape(2, 3, 3)

    def last(tof):
        return jnp.stack([one.v1 for one in arcs(1.0, r1, r2, tof, revolutions=2)])

    def alone(tof):
        return jnp.stack(
            [lambert(1.0, r1, r2, tof, revolutions=m, branch=b).v1 for m, b in ((0, "left"), (1, "left"), (1, "right"))]
        )

    found, slope = jax.jvp(last, (tof,), (np.ones_like(tof),))
    wanted, slope_wanted = jax.jvp(alone, (tof,), (np.ones_like(tof),))
    np.testing.assert_allclose(found[:3], wanted, rtol=1e-12)  # rounding, away from the minimum times
    np.testing.assert_allclose(slope[:3], slope_wanted, rtol=1e-10)
    assert np.isnan(found[1:, 0, :2]).all()
    assert np.isnan(found[:, 1, 2]).all()
    assert np.isfinite(found[:, 1, 1]).all()
    rows = jax.vmap(lambda r1, r2, tof: jnp.stack([a.v1 for a in arcs(1.0, r1, r2, tof, revolutions=2)]))(r1, r2, tof)
    np.testing.assert_allclose(np.moveaxis(rows, 0, 1), found, rtol=1e-12)


def test_derivative_through_the_parabola():
    # at, and 1e-12 to 1e-3 beside, the parabolic time the derivative is smooth: no 0/0
    r1, r2 = np.array([1.0, 0.0, 0.0]), 1.7 * np.array([np.cos(1.0), np.sin(1.0), 0.0])
    chord = np.linalg.norm(r2 - r1)
    s = 0.5 * (2.7 + chord)
    parabola = np.sqrt(s**3 / 2.0) * 2.0 / 3.0 * (1.0 - np.sqrt(1.0 - chord / s) ** 3)
    slope = jax.jit(jax.vmap(jax.jacfwd(lambda t: lambert(1.0, r1, r2, t).v1)))
    bend = jax.jit(jax.vmap(jax.jacfwd(jax.jacfwd(lambda t: lambert(1.0, r1, r2, t).v1))))
    beside = np.array([0.0, 1e-12, -1e-12, 1e-9, -1e-9, 1e-6, -1e-6])
    t = parabola * (1.0 + beside)
    first, second = np.asarray(slope(t)), np.asarray(bend(t))
    np.testing.assert_allclose(first, first[0] + second[0] * (parabola * beside)[:, None], rtol=1e-10)
    np.testing.assert_allclose(second, np.broadcast_to(second[0], second.shape), rtol=1e-4)
    h = 1e-3 * parabola
    difference = (slope(np.array([parabola + h])) - slope(np.array([parabola - h])))[0] / (2 * h)
    np.testing.assert_allclose(second[0], difference, rtol=1e-5)  # h^2


@pytest.mark.slow
@pytest.mark.parametrize("case", ["ellipse", "right"])
def test_gradients_to_second_order(case, second_order):
    y = jnp.array([1.0, 0.1, -0.2, -0.3, 1.4, 0.1, CASES[case][2], 1.0])
    second_order(velocities(case), y)


def test_jit_vmap_and_broadcasting(rng):
    r1, r2 = rng.normal(size=(3, 1, 3)), rng.normal(size=(4, 3))
    tof = rng.uniform(1.0, 4.0, size=(4,))
    answer = lambert(1.0, r1, r2, tof)
    assert answer.v1.shape == (3, 4, 3)
    assert answer.converged.shape == (3, 4)
    with jax.disable_jit():
        eager = lambert(1.0, r1[0, 0], r2[0], tof[0])
    np.testing.assert_allclose(answer.v1[0, 0], eager.v1, rtol=1e-12)  # compiled and eager round apart
    mapped = jax.vmap(lambda a: lambert(1.0, a, r2, tof))(r1)
    np.testing.assert_allclose(answer.v1, mapped.v1, rtol=1e-12)
    np.testing.assert_allclose(answer.v2, mapped.v2, rtol=1e-12)


def test_direction_of_flight(rng):
    r1, r2 = rng.normal(size=(500, 3)), rng.normal(size=(500, 3))
    for prograde, sign in ((True, 1.0), (False, -1.0)):
        answer = lambert(1.0, r1, r2, np.full(500, 2.0), prograde=prograde)
        assert np.all(sign * np.cross(r1, answer.v1)[:, 2] > 0.0)
        assert np.all(sign * np.cross(r2, answer.v2)[:, 2] > 0.0)


@pytest.mark.parametrize(
    ("r1", "r2", "tof"),
    [
        ([1.0, 0.0, 0.0], [-2.0, 0.0, 0.0], 1.0),
        ([1.0, 0.0, 0.0], [np.cos(np.pi), np.sin(np.pi), 0.0], 1.0),
        ([0.6, -0.8, 0.1], [-1.2, 1.6, -0.2], 3.0),
        ([1.0, 0.0, 0.0], [2.0, 0.0, 0.0], 1.0),
        ([1.0, 0.0, 0.0], [1.0, 0.0, 0.0], 1.0),
        ([1.0, 0.0, 0.0], [0.0, 0.0, 0.0], 1.0),
        ([0.0, 0.0, 0.0], [1.0, 0.0, 0.0], 1.0),
        ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0], 0.0),
        ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0], -1.0),
        ([1.0, 0.0, 0.0], [0.0, 1.0, 0.0], np.inf),
        ([1.0, 0.0, 0.0], [0.0, np.nan, 0.0], 1.0),
    ],
)
def test_no_solution_is_nan_and_flagged(r1, r2, tof):
    r1 = np.array([r1, [1.0, 0.0, 0.0]])
    r2 = np.array([r2, [0.0, 1.0, 0.0]])
    tof = np.array([tof, 0.5 * np.pi])
    answer = lambert(1.0, r1, r2, tof)
    assert not bool(answer.converged[0])
    assert np.all(np.isnan(answer.v1[0]))
    assert np.all(np.isnan(answer.v2[0]))
    np.testing.assert_allclose(answer.v1[1], [0.0, 1.0, 0.0], atol=1e-14)  # the circle beside it is unharmed
    assert int(max_revolutions(1.0, r1, r2, tof)[0]) == -1
    with_revolutions = lambert(1.0, r1, r2, tof, revolutions=1)
    assert not np.any(with_revolutions.converged)


def test_a_bad_neighbor_leaves_gradients_alone():
    r1 = np.array([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0]])
    r2 = np.array([[0.0, 1.0, 0.1], [-2.0, 0.0, 0.0]])

    def total(tof):
        answer = lambert(1.0, r1, r2, tof)
        return jnp.sum(jnp.where(answer.converged[:, None], answer.v1, 0.0)[0])

    assert np.isfinite(jax.grad(total)(np.array([1.0, 1.0]))[0])


def test_options_are_checked():
    r1, r2 = np.array([1.0, 0.0, 0.0]), np.array([0.0, 1.0, 0.0])
    with pytest.raises(ValueError, match="revolutions must be 0 or more"):
        lambert(1.0, r1, r2, 1.0, revolutions=-1)
    with pytest.raises(ValueError, match="branch must be"):
        lambert(1.0, r1, r2, 1.0, revolutions=1, branch="up")
