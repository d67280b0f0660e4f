import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads
from scipy.integrate import solve_ivp

from astro_logistics.astro import cr3bp
from astro_logistics.astro.lunar_launch_achromatic import achromatic
from astro_logistics.astro.lunar_launch_aim import point

MU = 1.215058560962404e-2  # Earth-Moon in JPL's Three-Body Periodic Orbits catalogue
MONTH = 2.0 * np.pi

# Orbits of JPL's catalogue (ssd.jpl.nasa.gov/tools/periodic_orbits.html, Earth-Moon): state at y = 0, and period.
CATALOGUE = {
    "L2 southern halo": (
        [1.0809931218390707, 0.0, -0.20235953267405354, 0.0, -0.19895001215078018, 0.0],
        2.3538670417546639,
    ),
    "L2 southern halo, wide": (
        [1.1648780946517576, 0.0, -0.11145303634437023, 0.0, -0.20191923237095796, 0.0],
        3.3031221822879884,
    ),
    "L1 northern halo": (
        [0.8760656451170601, 0.0, 0.191813535688546, 0.0, 0.2305575388925067, 0.0],
        2.1764730139006754,
    ),
}


def equations(t, w, mu):
    """State, state transition matrix and sensitivity to mu, written independently of the package."""
    r, v, phi = w[:3], w[3:6], w[6:48].reshape(6, 7)
    spin = np.array([[0.0, 2.0, 0.0], [-2.0, 0.0, 0.0], [0.0, 0.0, 0.0]])
    flat = np.diag([1.0, 1.0, 0.0])
    a, g, by_mu = spin @ v + flat @ r, flat.copy(), np.zeros(3)
    for mass, center, sign in ((1.0 - mu, -mu, -1.0), (mu, 1.0 - mu, 1.0)):
        d = r - np.array([center, 0.0, 0.0])
        s = np.linalg.norm(d)
        pull = 3.0 * np.outer(d, d) / s**5 - np.eye(3) / s**3
        a, g = a - mass * d / s**3, g + mass * pull
        by_mu = by_mu - sign * d / s**3 + mass * pull[:, 0]
    jacobian = np.block([[np.zeros((3, 3)), np.eye(3)], [g, spin]])
    rate = jacobian @ phi
    rate[3:, 6] += by_mu
    return np.concatenate([v, a, rate.ravel()])


def reference(mu, state, t):
    start = np.concatenate([state, np.eye(6, 7).ravel()])
    end = solve_ivp(equations, (0.0, t), start, method="DOP853", rtol=3e-14, atol=1e-14, args=(mu,)).y[:, -1]
    return end[:6], end[6:].reshape(6, 7)


def typical(rng, n):
    """States near the catalogue's orbits, on distant retrograde orbits, and on ellipses about either body."""
    known = np.array([s for s, _ in CATALOGUE.values()] + [[1.18784941439038, 0, 0, 0, -0.5053796344965, 0]])
    near = known[rng.integers(0, len(known), n)] + 1e-4 * rng.standard_normal((n, 6))
    radius = rng.uniform(0.03, 0.4, n)
    angle = rng.uniform(0.0, MONTH, n)
    speed = np.sqrt((1.0 - MU) / radius) * rng.uniform(0.8, 1.2, n) - radius
    zero = np.zeros(n)
    about = np.stack(
        [
            radius * np.cos(angle) - MU,
            radius * np.sin(angle),
            zero,
            -speed * np.sin(angle),
            speed * np.cos(angle),
            zero,
        ],
        axis=-1,
    )
    about[:, 5] = 0.3 * rng.standard_normal(n)
    return np.where(rng.uniform(size=n)[:, None] < 0.5, near, about)


def test_lagrange_points_of_the_jpl_catalogue():
    expected = [
        [0.8369151257723572, 0.0, 0.0],
        [1.155682165444884, 0.0, 0.0],
        [-1.005062645810278, 0.0, 0.0],
        [0.4878494143903759, 0.8660254037844386, 0.0],
        [0.4878494143903759, -0.8660254037844386, 0.0],
    ]
    np.testing.assert_allclose(cr3bp.lagrange_points(MU), expected, rtol=0, atol=2e-15)  # as printed: 16 digits


def test_lagrange_points_of_the_moon_in_km():
    points = np.asarray(cr3bp.lagrange_points(0.0121505844))
    moon = 1.0 - 0.0121505844
    assert round((moon - points[0, 0]) * 384_400.0) == 58_019
    assert round((points[1, 0] - moon) * 384_400.0) == 64_515


def test_lagrange_points_are_equilibria_at_any_mass_ratio(rng):
    mu = np.concatenate([10.0 ** rng.uniform(-9, 0, 2000) * 0.5, [0.5]])
    points = np.asarray(cr3bp.lagrange_points(mu))
    for i in range(5):
        x, y = points[:, i, 0], points[:, i, 1]
        r1, r2 = np.hypot(x + mu, y), np.hypot(x + mu - 1.0, y)
        force_x = x - (1 - mu) * (x + mu) / r1**3 - mu * (x + mu - 1) / r2**3
        force_y = y - (1 - mu) * y / r1**3 - mu * y / r2**3
        # the rounding of x (2e-16) in mu / r2^3 = O(1) grows by 1 / r2
        assert np.max(np.abs(force_x) * np.minimum(r2, 1.0)) < 5e-15
        assert np.max(np.abs(force_y)) < 5e-15


def test_jacobi_constant_of_the_triangular_points():
    point = np.asarray(cr3bp.lagrange_points(MU))[3]
    constant = cr3bp.jacobi(MU, np.concatenate([point, np.zeros(3)]))
    np.testing.assert_allclose(constant, 3.0 - MU * (1.0 - MU), rtol=1e-15)  # Szebehely 1967, section 4.6


def test_propagation_of_the_pykep_manual():
    # pykep 3.0 manual, ta.get_cr3bp: tolerance 1e-16, printed to 15 digits
    state = [1.01238082345234, -0.0423523523454, 0.22634376321, -0.1232623614, 0.123462698209365, 0.123667064622]
    position = [0.43038358727124, -1.64650668902846, 0.10271923139472]
    velocity = [-0.9315629872575, -0.42680151362818, 0.22257221768767]
    end = cr3bp.propagate(0.01215058560962404, np.array(state), 5.7856656782589234)
    np.testing.assert_allclose(end, position + velocity, rtol=0, atol=1e-12)  # rounding of 50 steps, and of the print


def test_orbits_of_the_catalogue_close():
    states = np.array([s for s, _ in CATALOGUE.values()])
    ends = cr3bp.propagate(MU, states, np.array([t for _, t in CATALOGUE.values()]))
    # 1e-16 in the printed state grows by the largest eigenvalue, up to 1e3
    np.testing.assert_allclose(ends, states, rtol=0, atol=2e-12)


@pytest.mark.optimized
def test_jacobi_constant_over_a_month_on_thousands_of_orbits(rng):
    states = typical(rng, 2640)
    ends = cr3bp.propagate(MU, states, MONTH)
    before, after = np.asarray(cr3bp.jacobi(MU, states)), np.asarray(cr3bp.jacobi(MU, ends))
    drift = np.abs(after - before) / np.maximum(1.0, np.abs(before))
    assert np.all(np.isfinite(drift))
    assert np.quantile(drift, 0.99) < 1e-12
    # the unstable ones leave and may pass close to a body, where the energy is large and rounds as such
    assert np.max(drift) < 1e-10


def test_two_body_motion_without_a_second_mass(rng):
    n = 2640
    radius, angle, t = rng.uniform(0.2, 3.0, n), rng.uniform(0, 2 * np.pi, n), rng.uniform(-10.0, 10.0, n)
    tilt, rate = rng.uniform(0, np.pi, n), radius**-1.5

    def state(time):  # a circle in the inertial frame, seen from the frame that turns at rate 1
        phase = angle + rate * time
        p = np.stack([np.cos(phase), np.sin(phase) * np.cos(tilt), np.sin(phase) * np.sin(tilt)])
        q = np.stack([-np.sin(phase), np.cos(phase) * np.cos(tilt), np.cos(phase) * np.sin(tilt)]) * rate
        c, s = np.cos(time), np.sin(time)
        x, y = c * p[0] + s * p[1], -s * p[0] + c * p[1]
        vx, vy = c * q[0] + s * q[1] + y, -s * q[0] + c * q[1] - x
        return radius[:, None] * np.stack([x, y, p[2], vx, vy, q[2]], axis=-1)

    found = cr3bp.propagate(0.0, state(np.zeros(n)), t)
    # rounding 1e-15 a step, up to 300 steps, grows linearly with the angle travelled
    np.testing.assert_allclose(found, state(t), rtol=0, atol=3e-12)


@pytest.mark.optimized
def test_forward_and_back(rng):
    states = typical(rng, 2640)
    there = cr3bp.propagate(MU, states, 1.5)
    back = cr3bp.propagate(MU, there, -1.5)
    error = np.max(np.abs(np.asarray(back) - states), axis=1)
    assert np.quantile(error, 0.95) < 1e-11  # an error of 1e-15 grows by the sensitivity, up to 1e4 here
    assert np.all(error < 1e-6)  # passes close to a body multiply it further


def test_state_and_sensitivities_against_scipy(rng):
    cases = [(MU, np.array(s), t) for s, t in CATALOGUE.values()]
    cases += [
        (0.3, np.array([0.2, 0.9, 0.1, 0.1, -0.2, 0.3]), 3.0),
        (1e-3, np.array([1.1, 0, 0.05, 0, -0.2, 0.0]), -2.0),
    ]
    mu, states, t = (np.array(a) for a in zip(*cases, strict=True))
    ends, stm = cr3bp.propagate_with_stm(mu, states, t)
    by_mu = jax.vmap(jax.jacfwd(cr3bp.propagate))(jnp.asarray(mu), jnp.asarray(states), jnp.asarray(t))
    for i, case in enumerate(cases):
        end, phi = reference(*case)
        size = np.max(np.abs(phi))
        # DOP853 at its tightest tolerance leaves 1e-13 to 1e-12 relative
        np.testing.assert_allclose(ends[i], end, rtol=0, atol=1e-13 * size + 1e-12)
        np.testing.assert_allclose(stm[i], phi[:, :6], rtol=0, atol=1e-11 * size)
        np.testing.assert_allclose(by_mu[i], phi[:, 6], rtol=0, atol=1e-11 * size)


@pytest.mark.optimized
def test_transition_matrix_is_symplectic(rng):
    states = typical(rng, 200)
    t = rng.uniform(-2.0, 2.0, 200)
    _, stm = cr3bp.propagate_with_stm(MU, states, t)
    canonical = np.eye(6)  # momenta are vx - y, vy + x, vz
    canonical[3, 1], canonical[4, 0] = -1.0, 1.0
    phi = canonical @ np.asarray(stm) @ np.linalg.inv(canonical)
    form = np.block([[np.zeros((3, 3)), np.eye(3)], [-np.eye(3), np.zeros((3, 3))]])
    defect = np.max(np.abs(np.swapaxes(phi, -1, -2) @ form @ phi - form), axis=(1, 2))
    size = np.max(np.abs(phi), axis=(1, 2)) ** 2
    assert np.max(defect / size) < 1e-12  # rounding of a few hundred steps, times the products of the entries


def test_broadcasting_and_vmap_and_jit(rng):
    states, t, mu = typical(rng, 6).reshape(2, 3, 6), np.array([0.4, 0.8, -0.5]), np.array([[MU], [0.02]])
    together = cr3bp.propagate(mu, states, t)
    assert together.shape == (2, 3, 6)
    for i in range(2):
        for j in range(3):
            alone = cr3bp.propagate(mu[i, 0], states[i, j], t[j])
            # lanes that are finished wait for the others: nothing else differs
            np.testing.assert_allclose(together[i, j], alone, rtol=0, atol=1e-13)
    over = jax.vmap(jax.vmap(cr3bp.propagate, (None, 0, 0)), (0, 0, None))(
        jnp.asarray(mu[:, 0]), jnp.asarray(states), jnp.asarray(t)
    )
    np.testing.assert_array_equal(over, together)
    jitted = jax.jit(cr3bp.propagate)(mu, states, t)
    np.testing.assert_allclose(jitted, together, rtol=0, atol=1e-13)  # other fusions round otherwise


SMOOTH = jnp.asarray([0.6, 0.5, 0.1, 0.05, 0.1, -0.1])


@pytest.mark.slow
def test_derivatives_to_second_order():
    arguments = (jnp.asarray(MU), SMOOTH, jnp.asarray(0.4))
    # central differences at a step of 1e-5: 1e-10 of the third derivatives, and rounding over the step
    check_grads(cr3bp.propagate, arguments, order=2, modes=("fwd", "rev"), atol=1e-7, rtol=1e-7, eps=1e-5)


@pytest.mark.slow
def test_second_derivatives_against_high_order_differences():
    step, weights = 1e-3, {1: 4 / 5, 2: -1 / 5, 3: 4 / 105, 4: -1 / 280}  # eighth order

    def stm(state):
        return cr3bp.propagate_with_stm(MU, state, 0.4)[1]

    exact = np.asarray(jax.jacrev(stm)(SMOOTH))
    for k in range(6):
        move = step * jnp.eye(6)[k]
        slope = sum(w * (stm(SMOOTH + j * move) - stm(SMOOTH - j * move)) for j, w in weights.items()) / step
        # rounding 1e-15 over the step
        np.testing.assert_allclose(exact[..., k], slope, rtol=0, atol=1e-10 * np.max(np.abs(exact)))


@pytest.mark.slow
def test_the_achromatic_site_moves_with_the_bodies():
    """Longitude, speed, azimuth and time of the launch to L2 by the Moon's mass and the target's place.

    Here because it runs the program of the test above.
    """
    day, radius = 86_400.0, jnp.asarray(1_737.4e3)

    def solved(x):
        bodies = cr3bp.system(398_600.4355e9, 4_902.8001e9 * (1.0 + x[0]), 384_400e3)
        place = cr3bp.lagrange_points(bodies.mass_ratio)[1] + x[1] * jnp.eye(3)[0]
        found = achromatic(bodies, 0.0, radius, 0.0, point(place), (0.5777, 2341.7, 0.5 * np.pi, 1.841 * day))
        return jnp.stack([found.site.longitude, found.shot.speed / 2e3, found.shot.azimuth, found.time / day])

    at = jnp.zeros(2)
    exact = np.asarray(jax.jacrev(solved)(at))  # the transpose of the forward rule
    step = 1e-4
    for k, way in enumerate(np.eye(2)):
        near, far = (np.asarray(solved(at + j * step * way) - solved(at - j * step * way)) for j in (1, 2))
        # the residual of 1e-12 over the step, and the fifth derivative
        np.testing.assert_allclose(exact[:, k], (8.0 * near - far) / (12.0 * step), rtol=1e-6, atol=1e-6)
    assert abs(exact[0, 0]) > 1e-3  # a heavier Moon moves the site


def test_bad_numbers_stay_in_their_lane():
    states = np.tile(np.array(CATALOGUE["L1 northern halo"][0]), (5, 1))
    states[1, 3] = np.nan
    states[2] = [0.95, 0.0, 0.0, 0.0, 0.0, 0.0]
    states[3, :3] = [1.0 - MU, 0.0, 0.0]  # at the Moon's center
    t = np.array([0.5, 0.5, 0.5, 0.5, np.inf])
    ends = np.asarray(cr3bp.propagate(MU, states, t))
    assert np.all(np.isfinite(ends[[0, 2]]))
    assert np.all(np.isnan(ends[[1, 3, 4]]))
    assert np.isnan(np.asarray(cr3bp.lagrange_points(np.nan))[0, 0])


def test_a_fall_through_a_center_is_nan():
    # without angular momentum, and at mass ratio zero: a straight line into the first body, reached at t = 1.11
    state = np.array([0.0, 1.0, 0.0, 1.0, 0.0, 0.0])
    assert np.all(np.isfinite(cr3bp.propagate(0.0, state, 1.0)))
    assert np.all(np.isnan(cr3bp.propagate(0.0, state, 1.2)))


def test_a_state_has_six_numbers():
    with pytest.raises(ValueError, match="6 numbers"):
        cr3bp.propagate(MU, np.zeros(4), 1.0)


RADII = np.array([6378.0, 1737.4]) / 389_703.0


def test_impacts_against_scipy_events():
    states = np.array([
        [0.5, 0.0, 0.0, 0.0, -0.5, 0.0],
        [0.97, 0.0, 0.0, 0.0, 0.0, 0.0],
        [1.01, 0.02, 0.01, 0.0, 0.1, 0.0],
        CATALOGUE["L2 southern halo"][0],
    ])  # fmt: skip
    found = cr3bp.impact(MU, states, 4.0, RADII)
    bodies = []
    for i, state in enumerate(states):
        events = []
        for k, center in enumerate((-MU, 1.0 - MU)):

            def height(t, w, mu, k=k, center=center):
                return np.linalg.norm(w[:3] - [center, 0, 0]) - RADII[k]

            height.terminal = True
            events.append(height)
        run = solve_ivp(
            lambda t, w, mu: equations(t, np.concatenate([w, np.zeros(42)]), mu)[:6],
            (0.0, 4.0), state, method="DOP853", rtol=1e-13, atol=1e-14, args=(MU,), events=events,
        )  # fmt: skip
        body = next((k + 1 for k in range(2) if len(run.t_events[k])), 0)
        bodies.append(body)
        assert int(found.body[i]) == body
        np.testing.assert_allclose(found.time[i], run.t[-1], rtol=0, atol=1e-10)  # scipy's event finder
        np.testing.assert_allclose(found.state[i], run.y[:, -1], rtol=0, atol=1e-8)  # times speed and acceleration
    assert set(bodies) == {0, 1, 2}


def test_a_graze_within_a_step_is_found():
    # mass ratio 0: a parabola about the first body with periapsis 0.1, from the true anomaly -2
    periapsis, anomaly = 0.1, -2.0
    radius = 2 * periapsis / (1 + np.cos(anomaly))
    speed = np.sqrt(1.0 / (2 * periapsis))
    v = speed * np.array([-np.sin(anomaly), 1 + np.cos(anomaly)])
    r = radius * np.array([np.cos(anomaly), np.sin(anomaly)])
    state = np.array([r[0], r[1], 0.0, v[0] + r[1], v[1] - r[0], 0.0])
    radii = np.array([[periapsis * (1 + 1e-9), 0.0], [periapsis * (1 - 1e-9), 0.0], [2.0, 0.0], [0.0, 0.0]])
    found = cr3bp.impact(0.0, state, 2.0, radii)
    np.testing.assert_array_equal(np.asarray(found.body)[[0, 1, 3]], [1, 0, 0])
    barker = np.tan(-anomaly / 2)
    fall = np.sqrt(2 * periapsis**3) * (barker + barker**3 / 3)
    # a depth of 1e-10 is reached 1e-5 early: sqrt(2 * 1e-10 / acceleration)
    np.testing.assert_allclose(found.time[0], fall, rtol=0, atol=1e-5)
    np.testing.assert_allclose(found.time[1], 2.0, rtol=0, atol=0)
    assert np.isnan(found.time[2])  # starts inside


@pytest.mark.slow
def test_derivative_of_an_impact():
    state = jnp.asarray([0.97, 0.0, 0.0, 0.0, 0.0, 0.0])
    assert int(cr3bp.impact(MU, state, 4.0, RADII).body) == 2

    def landing(state):
        found = cr3bp.impact(MU, state, 4.0, RADII)
        return jnp.concatenate([found.time[None], found.state])

    exact = np.asarray(jax.jacrev(landing)(state))
    step, weights = 1e-5, {1: 3 / 4, 2: -3 / 20, 3: 1 / 60}  # sixth order
    moves = np.array([[j * s * step * np.eye(6)[k] for j in (1, 2, 3) for s in (1, -1)] for k in (1, 3)])
    found = cr3bp.impact(MU, np.asarray(state) + moves, 4.0, RADII)
    values = np.concatenate([np.asarray(found.time)[..., None], np.asarray(found.state)], axis=-1)
    for row, k in enumerate((1, 3)):
        slope = sum(w * (values[row, 2 * j - 2] - values[row, 2 * j - 1]) for j, w in weights.items()) / step
        np.testing.assert_allclose(
            exact[:, k], slope, rtol=0, atol=1e-7 * np.max(np.abs(exact[:, k]))
        )  # rounding over the step


def test_sizes_of_the_earth_moon_system():
    # JPL's catalogue: length 389703.2648292776 km, time 382981.2891290545 s
    earth, moon = 398_600.435507e9, 4_902.800118e9  # m3/s2, DE440
    sizes = cr3bp.system(earth, moon, 389_703.2648292776e3)
    np.testing.assert_allclose(sizes.time, 382_981.2891290545, rtol=1e-8)
    np.testing.assert_allclose(sizes.mass_ratio, MU, rtol=2e-7)  # an earlier ephemeris
    state = np.arange(1.0, 7.0)
    np.testing.assert_allclose(sizes.from_si(sizes.to_si(state)), state, rtol=1e-15)
    np.testing.assert_allclose(sizes.to_si(state)[4], 5.0 * sizes.length / sizes.time, rtol=1e-15)
