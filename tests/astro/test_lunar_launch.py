import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.astro import cr3bp, kepler, lunar_launch, lunar_launch_aim, lunar_launch_arrival
from astro_logistics.astro.lunar_launch import Shot, Site

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
    sites = jnp.deg2rad(jnp.asarray([33.1, 33.1, 33.1, 33.1, -60.0, 33.1]))
    cases = [
        (lunar_launch_aim.point(POINTS[1]), 2341.2, EAST, 1.86 * DAY),
        (lunar_launch_aim.point(POINTS[1]), 2342.2, EAST, 1.82 * DAY),
        (lunar_launch_aim.point(POINTS[1]), 2346.0, 3 * EAST, 2.4 * DAY),
        (lunar_launch_aim.apsis(SYSTEM, "moon", RADIUS + 100e3, azimuth=EAST), 1703.0, EAST, 3390.0),
        (lunar_launch_aim.apsis(SYSTEM, "earth", 6438e3, azimuth=EAST), 2505.0, EAST, 4.48 * DAY),
        (lunar_launch_aim.escape(SYSTEM, 1e5, azimuth=3 * EAST), 2420.0, 3 * EAST, 2e6),
    ]
    target = jax.tree.map(lambda *x: jnp.stack(x), *(c[0] for c in cases))
    speed, azimuth, time = (np.array([c[k] for c in cases]) for k in (1, 2, 3))
    where = Site(longitude=sites, latitude=jnp.zeros(6), radius=jnp.full(6, RADIUS))
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


def test_miss_against_differences(solved, arrivals):
    where, _, found = solved
    for k in (0, 2):
        one = jax.tree.map(lambda x, k=k: x[k], where)
        base = jax.tree.map(lambda x, k=k: x[k], found.shot)
        step = np.array([1e-2, 1e-6, 1e-6])
        for j in range(3):
            ends = [
                cr3bp.propagate(
                    SYSTEM.mass_ratio,
                    lunar_launch.muzzle_state(
                        SYSTEM,
                        one,
                        shot(
                            *(
                                x + s * step[j] * (i == j)
                                for i, x in enumerate((base.speed, base.azimuth, base.elevation))
                            )
                        ),
                    ),
                    found.time[k] / SYSTEM.time,
                )
                for s in (1, -1)
            ]
            moved = np.asarray(ends[0] - ends[1])[:3] / (2 * step[j]) * DISTANCE
            v = np.asarray(arrivals[k].state[3:])
            left = np.cross([0, 0, 1.0], v / np.linalg.norm(v))
            # third order of the steps: 1e-6 of the largest entry
            np.testing.assert_allclose(arrivals[k].miss[0, j], left @ moved, rtol=1e-5, atol=50.0)
            np.testing.assert_allclose(arrivals[k].miss[1, j], moved[2], rtol=1e-5, atol=50.0)
