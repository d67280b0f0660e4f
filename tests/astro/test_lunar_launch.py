import dataclasses
import sys
from types import SimpleNamespace

import equinox as eqx
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from astropy import units as u
from scipy.integrate import solve_ivp

import astro_logistics as al
from astro_logistics.api import _lunar_launch, lunar_launch_mars
from astro_logistics.api._lunar_launch import capture_radius
from astro_logistics.api.scenarios import read
from astro_logistics.astro import (
    cr3bp,
    dispersion,
    ephemeris,
    kepler,
    lunar_launch,
    lunar_launch_aim,
    lunar_launch_arrival,
)
from astro_logistics.astro import lunar_launch_dates as dates
from astro_logistics.astro import lunar_launch_fates as fates
from astro_logistics.astro.lunar_launch import Shot, Site
from astro_logistics.astro.lunar_launch_families import Family, families
from astro_logistics.network.scenario import MarsWindows
from astro_logistics.units import UnitError, to_tdb_seconds

EARTH, MOON, DISTANCE, RADIUS = 398_600.435507e9, 4_902.800118e9, 384_400e3, 1_737.4e3
DAY = 86_400.0
EAST = 0.5 * np.pi
SYSTEM = cr3bp.system(EARTH, MOON, DISTANCE)
POINTS = np.asarray(cr3bp.lagrange_points(SYSTEM.mass_ratio))


def site(longitude, latitude=0.0):
    return Site(*(jnp.asarray(x, jnp.float64) for x in (np.deg2rad(longitude), np.deg2rad(latitude), RADIUS)))


def shot(speed, azimuth=EAST, elevation=0.0):
    return Shot(*jnp.broadcast_arrays(*(jnp.asarray(x, jnp.float64) for x in (speed, azimuth, elevation))))


def test_where_longitudes_are():
    moon = 1.0 - float(SYSTEM.mass_ratio)
    near, west, north = (
        np.asarray(lunar_launch.muzzle_state(SYSTEM, s, shot(0.0)))[:3] - [moon, 0.0, 0.0]
        for s in (site(0.0), site(-90.0), site(0.0, 90.0))
    )
    small = RADIUS / DISTANCE
    np.testing.assert_allclose(near, [-small, 0.0, 0.0], atol=1e-15)  # faces the Earth
    np.testing.assert_allclose(west, [0.0, small, 0.0], atol=1e-15)  # the Moon moves towards +y
    np.testing.assert_allclose(north, [0.0, 0.0, small], atol=1e-15)


def test_speed_of_the_ground():
    """4.624 m/s at the equator, eastward (Steinert et al. 2024, Front. Space Technol. 1352213)."""
    state = lunar_launch.muzzle_state(SYSTEM, site(20.0), shot(0.0))
    _, w = lunar_launch.about(1.0 - SYSTEM.mass_ratio, state)
    speed = np.linalg.norm(w) * float(SYSTEM.length / SYSTEM.time)
    np.testing.assert_allclose(speed, 4.624, rtol=2e-3)  # the circular month of 384,400 km is 0.16 % long


def test_muzzle_velocity_has_its_size_and_angles(rng):
    n = 2000
    lon, lat, az = rng.uniform(-np.pi, np.pi, n), rng.uniform(-1.5, 1.5, n), rng.uniform(0, 2 * np.pi, n)
    el, v = rng.uniform(-1.5, 1.5, n), rng.uniform(1.0, 3e3, n)
    where = Site(*(jnp.asarray(x) for x in (lon, lat, np.full(n, RADIUS))))
    r, u = lunar_launch.moon_fixed(where, shot(v, az, el))
    up, east, north = lunar_launch.local_axes(lon, lat)
    np.testing.assert_allclose(np.linalg.norm(u, axis=1), v, rtol=1e-14)
    np.testing.assert_allclose(np.sum(u * up, axis=1), v * np.sin(el), rtol=0, atol=1e-11)
    np.testing.assert_allclose(
        np.arctan2(np.sum(u * east, axis=1), np.sum(u * north, axis=1)) % (2 * np.pi), az, atol=1e-11
    )
    np.testing.assert_allclose(np.sum(r * up, axis=1), RADIUS, rtol=1e-14)


def test_asymptote_is_where_the_hyperbola_goes(rng):
    r = rng.standard_normal((500, 3))
    v = rng.standard_normal((500, 3))
    v *= (np.sqrt(2.0 / np.linalg.norm(r, axis=1)) * rng.uniform(1.05, 3.0, 500) / np.linalg.norm(v, axis=1))[:, None]
    far = kepler.propagate(1.0, r, v, 1e12)[1]
    # at a distance of s t the speed is above s by 1 / (s^2 t)
    np.testing.assert_allclose(lunar_launch.asymptote(1.0, r, v), far, rtol=0, atol=1e-9)
    assert np.all(np.isnan(lunar_launch.asymptote(1.0, np.array([1.0, 0, 0]), np.array([0, 1.0, 0]))))


@pytest.fixture(scope="module")
def solved():
    """L2 both ways from 33.1 degrees east, a lunar orbit, an Earth perigee, an escape: solved in one call."""
    sites = np.deg2rad([33.1, 33.1, 33.1, 33.1, -60.0, 33.1])
    cases = [
        (lunar_launch_aim.point(POINTS[1]), 2341.2, EAST, 1.86 * DAY),
        (lunar_launch_aim.point(POINTS[1]), 2342.2, EAST, 1.82 * DAY),
        (lunar_launch_aim.point(POINTS[1]), 2346.0, 3 * EAST, 2.4 * DAY),
        (lunar_launch_aim.apsis(SYSTEM, "moon", RADIUS + 100e3, azimuth=EAST), 1703.0, EAST, 3390.0),
        (lunar_launch_aim.apsis(SYSTEM, "earth", 6438e3, azimuth=EAST), 2505.0, EAST, 4.48 * DAY),
        (lunar_launch_aim.escape(SYSTEM, 1e5, azimuth=3 * EAST), 2420.0, 3 * EAST, 2e6),
    ]
    lanes = np.resize(np.arange(6), 72)  # the number that the search for families solves at once: one compilation
    target = jax.tree.map(lambda *x: jnp.stack(x)[lanes], *(c[0] for c in cases))
    speed, azimuth, time = (np.array([c[k] for c in cases])[lanes] for k in (1, 2, 3))
    where = Site(longitude=jnp.asarray(sites[lanes]), latitude=jnp.zeros(72), radius=jnp.full(72, RADIUS))
    return where, target, lunar_launch_aim.aim(SYSTEM, where, 0.0, target, shot(speed, azimuth), time)


@pytest.fixture(scope="module")
def arrivals(solved):
    where, target, found = solved
    return [
        lunar_launch_arrival.arrive(
            SYSTEM,
            *jax.tree.map(lambda x, k=k: x[k], (where, found.shot, found.time, target)),
            jnp.asarray(0.25, jnp.float64) * found.time[k],
        )
        for k in range(6)
    ]


def test_every_kind_of_target_is_hit(solved, arrivals):
    found = solved[2]
    assert np.all(np.asarray(found.converged))
    ends = np.stack([a.state for a in arrivals])
    np.testing.assert_allclose(ends[:3, :3], np.tile(POINTS[1], (3, 1)), rtol=0, atol=1e-9)
    assert len({round(float(v), 2) for v in found.shot.speed[:3]}) == 3  # three families
    np.testing.assert_allclose(arrivals[4].inclination, 0.0, atol=1e-6)
    np.testing.assert_allclose(arrivals[5].c3, 1e5, rtol=1e-8)
    # the Jacobi constant: rounding over a flight
    assert np.max(np.abs([a.jacobi_drift for a in arrivals])) < 1e-11


def test_lunar_orbit_against_kepler(solved, arrivals):
    """Half an ellipse to 100 km about the Moon alone: 1703.19 m/s against the stars, 23.01 m/s to stay, 3390 s."""
    _, _, found = solved
    np.testing.assert_allclose(found.shot.speed[3] + 4.62, 1703.19, atol=0.02)  # with the speed of the ground
    np.testing.assert_allclose(arrivals[3].kick, 23.01, atol=0.02)
    np.testing.assert_allclose(found.time[3], 3390.0, rtol=1e-3)


def test_misses_against_monte_carlo(solved, arrivals, rng):
    """The linear map and the second order, against shots flown to the target's plane."""
    where, target, found = solved
    spread = np.array([1e-3, 1e-6, 1e-6])
    speed = np.array([-0.2, -0.1, 0.1, 0.2])
    errors = np.concatenate([rng.standard_normal((256, 3)) * spread, speed[:, None] * np.eye(3)[:1]])
    first = jax.tree.map(lambda x: x[0], (where, found.shot, found.time, target))
    flown = np.asarray(lunar_launch_arrival.plane_misses(SYSTEM, *first, errors))
    linear = errors @ np.asarray(arrivals[0].miss).T
    # second orders of 24 km/(m/s)^2 and 1e8 m/rad: below 0.3 m of misses of 100 m
    np.testing.assert_allclose(flown[:256], linear[:256], rtol=0, atol=0.3)
    second = 0.5 * float(arrivals[0].miss_second) * speed**2
    np.testing.assert_allclose(flown[256:, 0], linear[256:, 0] + second, rtol=0, atol=30.0)  # third order, of 470 m


@pytest.fixture(scope="module")
def to_l2():
    return families(SYSTEM, site(33.0), 0.0, lunar_launch_aim.point(POINTS[1]), RADIUS)


@pytest.mark.optimized
def test_families_of_l2(to_l2):
    found = to_l2
    assert 0 in found.turns
    assert np.all(np.diff(found.time) >= 0.0)
    assert np.any((np.abs(found.azimuth - 3 * EAST) < 1e-6) & (np.abs(found.speed - 2345.8) < 0.1))
    speeds = shot(found.speed, found.azimuth, 0.0 * found.speed)
    start = lunar_launch.muzzle_state(SYSTEM, site(33.0), speeds)
    ends = cr3bp.propagate(SYSTEM.mass_ratio, start, found.time / float(SYSTEM.time))
    # 1e-10 of the solution, grown along the slow ones
    np.testing.assert_allclose(ends[:, :3], np.tile(POINTS[1], (len(found.time), 1)), rtol=0, atol=1e-7)


def flown_with_scipy(state: np.ndarray, time: float, radii: tuple[float, float]) -> tuple[int, float]:
    """The body that is met (0 for none) and when, s, by another integrator on the equations of Szebehely."""
    mu, unit = float(SYSTEM.mass_ratio), float(SYSTEM.time)
    bodies = np.array([-mu, 1.0 - mu])

    def rate(_, s):
        x, y, z, vx, vy, vz = s
        pull = np.array([1.0 - mu, mu]) / np.hypot(x - bodies, np.hypot(y, z)) ** 3
        return [vx, vy, vz, 2 * vy + x - pull @ (x - bodies), y - 2 * vx - pull.sum() * y, -pull.sum() * z]

    def height(k):
        def above(t, s):
            return np.hypot(s[0] - bodies[k], np.hypot(s[1], s[2])) - radii[k] / float(SYSTEM.length)

        above.terminal, above.direction = True, -1.0
        return above

    done = solve_ivp(
        rate, (0.0, time / unit), state, method="DOP853", rtol=1e-12, atol=1e-13, events=[height(0), height(1)],
        max_step=time / unit / 2000.0,  # it sees no graze that begins and ends within a step
    )  # fmt: skip
    met = [k + 1 for k in range(2) if len(done.t_events[k])]
    return (met[0] if met else 0), done.t[-1] * unit


def test_fates(rng):
    """A lunar orbit without a kick falls back; an entry hits the Earth; a shot into the ground is on the Moon."""
    errors = rng.standard_normal((64, 3)) * np.array([0.1, 1e-4, 1e-4])
    radii, month = (6478e3, RADIUS), 30 * DAY
    for longitude, speed, fate in ((-60.0, 2504.93, fates.EARTH), (33.1, 1698.56, fates.MOON)):
        found = fates.fates(SYSTEM, site(longitude), shot(speed), errors, radii, month)
        assert np.all(np.asarray(found.fate) == fate)
    share, error = fates.shares(found)
    np.testing.assert_allclose(share, [0, 0, 1, 0, 0])
    assert np.all(error > 0.0)
    buried = fates.fates(SYSTEM, site(0.0), shot(2400.0), np.array([[0.0, 0.0, -0.1]]), radii, month)
    assert int(buried.fate[0]) == fates.MOON


def test_fates_against_another_integrator(rng):
    """The body met and when, of flights to the Earth, back to the Moon and past L2."""
    errors = rng.standard_normal((2, 3)) * np.array([0.1, 1e-4, 1e-4])
    radii, met = (6478e3, RADIUS), set()
    to_earth, back, beyond = (-60.0, shot(2504.93), 30), (33.1, shot(1698.56), 1), (33.1, shot(2345.8, 3 * EAST), 30)
    for longitude, aimed, days in (to_earth, back, beyond):
        found = fates.fates(SYSTEM, site(longitude), aimed, errors, radii, days * DAY)
        start = lunar_launch.muzzle_state(SYSTEM, site(longitude), lunar_launch.erring(aimed, errors))
        for state, fate, when in zip(np.asarray(start), np.asarray(found.fate), np.asarray(found.time), strict=True):
            body, time = flown_with_scipy(state, days * DAY, radii)
            assert (fate, when) == (body, pytest.approx(time, rel=1e-8))
            met.add(body)
    assert met == {0, 1, 2}


def test_librations_of_the_real_moon():
    """Optical librations reach 8 degrees in longitude and 6.9 in latitude; the mean Earth stands over the origin."""
    kernel = ephemeris.load()
    first, last = kernel.span
    t = np.linspace(first + DAY, last - DAY, 8192)
    longitude, latitude = (np.rad2deg(x) for x in dates.libration(kernel, t))
    assert 7.5 < np.max(np.abs(longitude)) < 8.2
    assert 6.5 < np.max(np.abs(latitude)) < 6.95
    # 35 years of 13 oscillations a year
    assert abs(np.mean(longitude)) < 0.02
    assert abs(np.mean(latitude)) < 0.02
    turn = np.asarray(dates.axes(t))
    np.testing.assert_allclose(np.swapaxes(turn, -1, -2) @ turn, np.tile(np.eye(3), (8192, 1, 1)), atol=1e-13)
    _, v = dates.muzzle(t[:100], site(0.0), shot(0.0))
    np.testing.assert_allclose(np.linalg.norm(v, axis=1), 4.624, atol=2e-3)  # Steinert et al. 2024; libration's rate


def test_dates_return_once_a_month():
    kernel = ephemeris.load()
    start = kernel.span[0] + 400 * DAY
    found = dates.shot_dates(kernel, start, start + 300 * DAY, np.array([3e3, 1e3, 5e2]), 0.3)
    np.testing.assert_allclose(np.diff(found) / DAY, 27.32, atol=2.0)  # the ellipse moves single months
    both = dates.cone_dates(kernel, start, start + 300 * DAY, np.array([3e3, 1e3, 5e2]), 1.2)
    assert len(both) in (21, 22, 23)


def test_perigee_burn():
    # from a parabola at 200 km: 11,009 m/s; C3 of 9 km2/s2 there
    r, mu = 6578e3, EARTH
    parabola = np.sqrt(2 * mu / r)
    np.testing.assert_allclose(
        dates.perigee_burn(mu, r, parabola, 3e3), np.sqrt(parabola**2 + 9e6) - parabola, rtol=1e-14
    )
    np.testing.assert_allclose(dates.perigee_burn_angle(mu, r, 1e-3, 0.0), np.pi, atol=1e-4)


@pytest.mark.slow
def test_derivatives_of_a_solved_shot():
    """Speed, azimuth and time by the longitude and the elevation, against solving again."""

    @jax.jit
    def slopes_and_solution(x):  # one program for both
        def solved(x):
            where = Site(longitude=x[0], latitude=jnp.asarray(0.02), radius=jnp.asarray(RADIUS))
            target = lunar_launch_aim.point(POINTS[1])
            found = lunar_launch_aim.aim(SYSTEM, where, x[1], target, shot(2346.5, 3 * EAST), 2.3 * DAY)
            solution = jnp.stack([found.shot.speed / 2e3, found.shot.azimuth, found.time / DAY])
            return solution, solution

        return jax.jacfwd(solved, has_aux=True)(x)

    at = jnp.asarray([np.deg2rad(30.0), 0.01])
    exact = np.asarray(slopes_and_solution(at)[0])
    step = 1e-4
    numeric = np.stack(
        [
            (slopes_and_solution(at + step * e)[1] - slopes_and_solution(at - step * e)[1]) / (2 * step)
            for e in np.eye(2)
        ],
        axis=-1,
    )
    np.testing.assert_allclose(exact, numeric, rtol=1e-5, atol=1e-5)  # the third derivative, times 1e-8


# ---- the same through the public functions; here because they run the programs compiled above


def throw_of(**known):
    """A `LunarThrow` with only some figures."""
    names = [f.name for f in dataclasses.fields(al.LunarThrow)]
    return al.LunarThrow(**(dict.fromkeys(names, np.nan) | {"target": "leo", "family": "direct"} | known))


def test_throws_through_the_api(to_l2, monkeypatch):
    """L2 from 33 degrees: the figures of the core, labelled; errors in any unit; the catcher by exact probability."""

    def look(system, where, rails, target, radius):
        """`families` of the same site, which is under test above."""
        given = [np.rad2deg(where.longitude), where.latitude, rails, radius, *np.asarray(target.position)]
        np.testing.assert_allclose(given, [33.0, 0.0, 0.0, RADIUS, *POINTS[1]], rtol=1e-6, atol=1e-9)
        return to_l2

    monkeypatch.setattr(sys.modules["astro_logistics.api.lunar_launch"], "families", look)
    errors = {"speed_error": 1e-6 * u.km / u.s, "pointing_error": 0.2 * u.arcsec}
    found = al.lunar_throws("eml2", longitude=33.0 * u.deg, probability=0.9, **errors)
    assert [t.flight_time_days for t in found] == sorted(t.flight_time_days for t in found)
    assert len(found) == len(to_l2.time)
    k = next(i for i, t in enumerate(found) if abs(t.azimuth_deg - 270.0) < 1e-4)
    west = found[k]
    assert (west.target, west.family, west.availability_fraction) == ("eml2", "direct", 1.0)
    own = shot(to_l2.speed[k], to_l2.azimuth[k])
    time = np.float64(to_l2.time[k])
    at = lunar_launch_arrival.arrive(SYSTEM, site(33.0), own, time, lunar_launch_aim.point(POINTS[1]), 0.25 * time)
    assert west.kick_m_per_s == pytest.approx(float(at.kick), rel=1e-6)
    spread = np.array([1e-3, *2 * [np.deg2rad(0.2 / 3600.0)]])
    axes = jnp.stack(dispersion.ellipse(dispersion.mapped(at.miss, np.diag(spread**2)))[:2])
    assert np.array(west.miss_ellipse_km) * 1e3 == pytest.approx(np.asarray(axes), rel=1e-5)
    # the second order of 1 mm/s is 1e-5 of the first; quasi-random points
    assert west.capture_radius_km * 1e3 == pytest.approx(float(dispersion.radius_for(axes, 0.9)), rel=3e-3)
    assert west.correction_m_per_s > 0.0
    assert np.isnan(west.c3_km2_per_s2)


def test_capture_radius_of_second_order():
    """Without a first order the miss goes with the square: the radius is half the second derivative of x^2."""
    found = capture_radius(np.zeros((2, 3)), 20e3, np.array([0.5, 0.0, 0.0]), 0.9544997)
    assert found == pytest.approx(0.5 * 20e3 * (2.0 * 0.5) ** 2, rel=1e-2)  # two standard deviations


def test_fates_through_the_api():
    entry = throw_of(longitude_deg=-60.0, latitude_deg=0.0, muzzle_speed_km_per_s=2.50493, azimuth_deg=90.0,
                     elevation_deg=0.0)  # fmt: skip
    found = al.lunar_throw_fates(entry, speed_error=0.1 * u.m / u.s, shots=64, years=30.0 / 365.25)
    assert dict(zip(found.fate, found.share, strict=True))["on the Earth"] == 1.0
    assert sum(found.share) == pytest.approx(1.0)
    assert (found.target, found.shots) == ("leo", 64)


def test_mars_throws_on_dates(monkeypatch):
    """The opportunity of 2026: right C3, dates about its own, a slower muzzle and a burn on the way past the Earth."""
    kernel = ephemeris.load()
    leave, time = float(to_tdb_seconds("2026-10-30")), 294.7 * DAY  # README's table of opportunities

    def one(target):
        entry = float(target.kind) == 1.0
        row = (2504.9, EAST, 4.48 * DAY) if entry else (3329.0, EAST, 2e6)  # near the shots of `solved`
        return Family(*(np.array([x]) for x in (*row, 0.0)))

    monkeypatch.setattr(lunar_launch_mars, "families", lambda *a: one(a[3]))
    r, v = (np.asarray(x)[None] for x in kernel.state("emb", leave))
    window = MarsWindows(jnp.asarray([leave]), jnp.asarray([time]), r, v, kernel.state("mars", leave + time)[0][None])
    model = eqx.tree_at(lambda m: m.mars_windows, read()[0], window, is_leaf=lambda x: x is None)
    for module in (lunar_launch_mars, _lunar_launch):
        monkeypatch.setattr(module, "load", lambda _: SimpleNamespace(model=model))
    found = al.lunar_throws_to_mars()
    assert [row.departure for row in found] == sorted(row.departure for row in found)
    ways = {row.way: row for row in found}
    assert set(ways) == {"direct", "burn at perigee"}
    direct, past = ways["direct"], ways["burn at perigee"]
    assert direct.v_infinity_km_per_s**2 == pytest.approx(9.143, abs=0.01)  # there, on the best hour of that day
    assert (direct.muzzle_speed_km_per_s, past.muzzle_speed_km_per_s) == (3.329, 2.5049)
    assert direct.burn_km_per_s == 0.0 < past.burn_km_per_s < 1.0
    days = [abs(float(to_tdb_seconds(row.departure)) - leave) / DAY for row in found]
    assert max(days) <= 20.0
    with pytest.raises(al.ScenarioError, match="1 to 1"):
        al.lunar_throws_to_mars(opportunities=2)


@pytest.mark.parametrize(
    ("kept", "call"),
    [
        ("did you mean 'eml2'|eml2", lambda: al.lunar_throws("elm2")),
        ("longitude: expected", lambda: al.lunar_throws("eml2", longitude=33.0)),
        ("between -90 and 90", lambda: al.lunar_throws("eml2", latitude=90.0 * u.deg)),
        ("from 0 to below 90", lambda: al.lunar_throws("eml2", elevation=-1.0 * u.deg)),
        ("between 0 and 1", lambda: al.lunar_throws("eml2", probability=1.0)),
        ("zero or above", lambda: al.lunar_throws("eml2", speed_error=-1.0 * u.m / u.s)),
        ("which does not convert", lambda: al.lunar_throws("escape", c3=1.0 * u.m)),
        ("at least one shot", lambda: al.lunar_throw_fates(throw_of(), shots=0)),
        ("at least one, from", lambda: al.lunar_throw_on_dates(throw_of(flight_time_days=2.0), ["2070-01-01"])),
        ("at least one, from", lambda: al.lunar_throw_on_dates(throw_of(flight_time_days=2.0), [])),
    ],
)
def test_bad_calls_are_named(kept, call):
    with pytest.raises((al.ScenarioError, UnitError), match=kept):
        call()
