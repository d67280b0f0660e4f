"""The Sun, the Earth and the Moon as points: against scipy, Kepler's motion, and its own symmetries."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from astropy.time import Time
from scipy.integrate import solve_ivp

import astro_logistics as al
from astro_logistics.astro import cr3bp, ephemeris, kepler, lunar_launch_aim, lunar_launch_dates, point_masses
from astro_logistics.astro._point_mass_flow import rate
from astro_logistics.astro.lunar_launch import Shot, Site
from astro_logistics.astro.lunar_launch_on_date import aim_on_dates, with_derivatives
from astro_logistics.constants import DAY
from astro_logistics.pytree import replace_at

PATH = Path(__file__).parents[2] / "data" / "ephemeris" / "de440_2025_2060.bsp"
MU = np.array([1.32712440041279e20, 3.98600435507e14, 4.902800118e12])  # m3/s2, DE440 (Park et al. 2021, table 2)
BODIES = ("sun", "earth", "moon")
START = 9.0e8
MANY = 1008  # 14 chunks of lanes, compiled once for all tests of many flights

# From JPL's Three-Body Periodic Orbits catalogue for Earth and Moon: halo orbits of L2 and L1; a distant retrograde one
ORBITS = np.array([
    [1.1648780946517576, 0.0, -0.11145303634437023, 0.0, -0.20191923237095796, 0.0],
    [0.8760656451170601, 0.0, 0.191813535688546, 0.0, 0.2305575388925067, 0.0],
    [1.18784941439038, 0.0, 0.0, 0.0, -0.5053796344965, 0.0],
])  # fmt: skip


@pytest.fixture(scope="module")
def de440() -> ephemeris.Ephemeris:
    return ephemeris.load(PATH)


def spread(rng: np.random.Generator, n: int) -> np.ndarray:
    """States of the circular problem near the orbits of the catalogue."""
    return ORBITS[rng.integers(0, len(ORBITS), n)] + 1e-3 * rng.standard_normal((n, 6))


def reference(de440, r, v, t0, dt, center):
    """DOP853 with the forces written in the Solar System's terms: pull on the craft less the pull on the center."""

    def pull(at, places, leave=()):
        ways = [(m, p - at) for m, n, p in zip(MU, BODIES, places, strict=True) if n not in leave]
        return sum((m * d / np.linalg.norm(d) ** 3 for m, d in ways), np.zeros(3))

    @jax.jit
    def positions(t):
        return jnp.stack([de440.state(body, t0 + t, center)[0] for body in BODIES])

    def equations(t, w):
        places = np.asarray(positions(t))
        if center == "emb":
            both = (MU[1] * pull(places[1], places, ("earth",)) + MU[2] * pull(places[2], places, ("moon",))) / sum(
                MU[1:]
            )
        else:
            both = pull(np.zeros(3), places, (center,))
        return np.concatenate([w[3:], pull(w[:3], places) - both])

    start = np.concatenate([r, v])
    return solve_ivp(equations, (0.0, dt), start, method="DOP853", rtol=3e-14, atol=[1e-6] * 3 + [1e-12] * 3).y[:, -1]


@pytest.mark.parametrize("center", ["earth", "moon", "emb"])
def test_against_scipy(de440, center):
    r, v = point_masses.to_inertial(de440, MU, START, ORBITS, center=center)
    dt = np.array([6.0, -5.0, 4.0]) * DAY
    got = point_masses.propagate(de440, MU, r, v, START, dt, center=center)
    i = {"earth": 0, "moon": 1, "emb": 2}[center]
    expected = reference(de440, np.asarray(r[i]), np.asarray(v[i]), START, dt[i], center)
    # DOP853 leaves some 3e-14 of 4e8 m a step, over 60 steps; the places of the bodies round to 1e-4 m
    np.testing.assert_allclose(got[0][i], expected[:3], rtol=0, atol=4e-3)
    np.testing.assert_allclose(got[1][i], expected[3:], rtol=0, atol=2e-8)


def test_two_body_motion_without_the_others(de440, rng):
    n = MANY
    radius, speed = rng.uniform(7e6, 4e8, n), rng.uniform(0.7, 1.2, n)
    direction, other = (rng.standard_normal((n, 3)) for _ in range(2))
    direction /= np.linalg.norm(direction, axis=1, keepdims=True)
    other = np.cross(direction, other)
    other /= np.linalg.norm(other, axis=1, keepdims=True)
    r = radius[:, None] * direction
    v = (speed * np.sqrt(MU[1] / radius))[:, None] * other
    dt = rng.uniform(-3.0, 3.0, n) * 2 * np.pi * np.sqrt(radius**3 / MU[1])
    mu = np.array([0.0, MU[1], 0.0])
    got_r, got_v = point_masses.propagate(de440, mu, r, v, rng.uniform(8e8, 1.8e9, n), dt)
    expected_r, expected_v = kepler.propagate(MU[1], r, v, dt)
    # rounding 1e-16 of some 100 steps, growing with the angle: three revolutions, eccentricities to 0.5
    assert np.max(np.abs(got_r - expected_r) / radius[:, None]) < 1e-12
    assert np.max(np.abs(got_v - expected_v) / np.linalg.norm(v, axis=1, keepdims=True)) < 3e-12


def test_forward_and_back(de440, rng):
    r, v = point_masses.to_inertial(de440, MU, START, spread(rng, MANY))
    there = point_masses.propagate(de440, MU, r, v, START, 10.0 * DAY)
    back = point_masses.propagate(de440, MU, *there, START + 10.0 * DAY, -10.0 * DAY)
    # 1e-7 m of rounding a step, and 1e-4 m in the place of the Moon, grow by up to 1e3 there and back
    assert np.max(np.abs(back[0] - r)) < 0.05
    assert np.max(np.abs(back[1] - v)) < 1e-6


def test_centers_tell_the_same_flight(de440):
    t1 = START + 7.0 * DAY
    ends = {}
    for center in ("earth", "moon", "emb"):
        r, v = point_masses.to_inertial(de440, MU, START, ORBITS[2], center=center)
        r, v = point_masses.propagate(de440, MU, r, v, START, 7.0 * DAY, center=center)
        ends[center] = np.asarray(r + de440.state(center, t1, "earth")[0])
    # the Moon of DE440 also feels the flattening of the Earth and the planets, 1e-9 m/s2: 200 m in 7 days
    np.testing.assert_allclose(ends["moon"], ends["earth"], rtol=0, atol=1000.0)
    np.testing.assert_allclose(ends["emb"], ends["earth"], rtol=0, atol=1000.0)
    assert np.linalg.norm(ends["moon"] - ends["earth"]) > 1e-3  # they are not the same sums


def test_frames_are_inverse_and_hold_the_bodies(de440, rng):
    n = 2000
    t = rng.uniform(*de440.span, n)
    state = rng.uniform(-1.5, 1.5, (n, 6))
    r, v = point_masses.to_inertial(de440, MU, t, state)
    back = point_masses.to_rotating(de440, MU, t, r, v)
    np.testing.assert_allclose(back, state, rtol=0, atol=1e-14)  # rounding of sums of a few terms of order 1
    shifted, _ = point_masses.to_inertial(de440, MU, t, state, center="moon")
    moon, _ = de440.state("moon", t, "earth")
    np.testing.assert_allclose(shifted + moon, r, rtol=0, atol=1e-5)  # rounding of 1e9 m
    share = MU[2] / (MU[1] + MU[2])
    for body, x in (("earth", -share), ("moon", 1.0 - share)):
        r, v = de440.state(body, t, "earth")
        found = np.asarray(point_masses.to_rotating(de440, MU, t, r, v))
        np.testing.assert_allclose(found, np.broadcast_to([x, 0, 0, 0, 0, 0], (n, 6)), rtol=0, atol=1e-14)


def test_frame_velocity_is_the_rate_of_the_frame_position(de440, rng):
    t, state = rng.uniform(9e8, 1.8e9, 2000), rng.uniform(-1.2, 1.2, (2000, 6))
    r, v = point_masses.to_inertial(de440, MU, t, state)

    def place(dt):  # a straight line in the inertial frame, seen from the rotating one
        return np.asarray(point_masses.to_rotating(de440, MU, t + dt, r + dt * v, v))[:, :3]

    h = 100.0
    slope = (8.0 * (place(h) - place(-h)) - (place(2 * h) - place(-2 * h))) / (12.0 * h)
    moon = np.asarray(de440.state("moon", t, "earth")[0])
    unit_of_time = np.sqrt(np.linalg.norm(moon, axis=1) ** 3 / (MU[1] + MU[2]))
    # fourth order at 100 s of 4e5 s; the positions round to 1e-15, so 1e-17 / s times 4e5 s
    np.testing.assert_allclose(unit_of_time[:, None] * slope, state[:, 3:], rtol=0, atol=3e-10)


def test_stm_is_symplectic_and_matches_differences(de440, rng):
    orbits = spread(rng, 7)
    r, v = point_masses.to_inertial(de440, MU, START, orbits)
    dt = np.array([9.0, -6.0, 8.0, 2.0, -4.0, 7.0, 5.0]) * DAY
    end_r, end_v, stm = point_masses.propagate_with_stm(de440, MU, r, v, START, dt)
    alone = point_masses.propagate(de440, MU, r, v, START, dt)
    np.testing.assert_allclose(end_r, alone[0], rtol=0, atol=1e-2)  # compiled apart: rounding, grown a thousandfold
    np.testing.assert_allclose(end_v, alone[1], rtol=0, atol=1e-7)
    scale = np.array([1e8] * 3 + [1e3] * 3)
    phi = np.asarray(stm) * scale / scale[:, None]
    form = np.block([[np.zeros((3, 3)), np.eye(3)], [-np.eye(3), np.zeros((3, 3))]])
    defect = np.max(np.abs(np.swapaxes(phi, -1, -2) @ form @ phi - form), axis=(1, 2))
    size = np.max(np.abs(phi), axis=(1, 2))
    assert np.max(defect / size**2) < 1e-12  # rounding times the products of entries
    weights = {1: 4 / 5, 2: -1 / 5, 3: 4 / 105, 4: -1 / 280}  # eighth order
    steps = np.array([1.0, 2.0, 4.0])[:, None] * np.array([1e3] * 3 + [0.01] * 3)
    moves = np.array([[j * np.diag(step) for j in weights for j in (j, -j)] for step in steps])  # (3, 8, 6, 6)
    at = np.concatenate([r, v], axis=-1)[:, None, None, None] + moves
    far = dt[:, None, None, None]
    ends = np.concatenate(point_masses.propagate(de440, MU, at[..., :3], at[..., 3:], START, far), axis=-1)
    signed = np.array([s * w for w in weights.values() for s in (1.0, -1.0)])
    slope = np.einsum("j,isjkc->isck", signed, ends) / steps[:, None, :] * scale / scale[:, None]
    error = np.max(np.abs(slope - phi[:, None]), axis=(2, 3)) / size[:, None]
    # 1e-4 m of rounding in the place of the Moon, over 1 km; a larger step trades it for the ninth derivative
    assert np.max(np.min(error, axis=1)) < 1e-7


SMOOTH = np.array([0.6, 0.5, 0.1, 0.05, 0.1, -0.1])


@pytest.fixture(scope="module")
def scaled(de440):
    """End of a smooth flight as a function of numbers of order 1: state, gravity, epoch, duration."""
    r, v = point_masses.to_inertial(de440, MU, START, SMOOTH)
    start, size = jnp.concatenate([r, v]), jnp.asarray([1e8] * 3 + [1e3] * 3)

    def end(x):
        state = jnp.broadcast_to(start, (*x.shape[:-1], 6)) + jnp.broadcast_to(size, (*x.shape[:-1], 6)) * x[..., :6]
        mu = jnp.broadcast_to(MU, (*x.shape[:-1], 3)) * (1.0 + x[..., 6:9])
        t0, dt = START + DAY * x[..., 9], DAY * (2.0 + x[..., 10])
        found = point_masses.propagate(de440, mu, state[..., :3], state[..., 3:], t0, dt)
        return jnp.concatenate(found, axis=-1) / jnp.broadcast_to(size, (*x.shape[:-1], 6))

    return end


def test_first_derivatives_against_high_order_differences(scaled):
    x = jnp.zeros(11)
    forward, backward = jax.jacfwd(scaled)(x), jax.jacrev(scaled)(x)
    np.testing.assert_allclose(forward, backward, rtol=0, atol=1e-12)
    step, weights = 1e-2, {1: 4 / 5, 2: -1 / 5, 3: 4 / 105, 4: -1 / 280}
    factors = jnp.asarray([s * j for j in weights for s in (1.0, -1.0)])
    signed = jnp.asarray([s * w for w in weights.values() for s in (1.0, -1.0)])
    for k in range(11):
        slope = signed @ scaled(factors[:, None] * (step * jnp.eye(11)[k])[None]) / step
        # by epoch and duration the polynomials of the ephemeris meet to some mm at their joints: 1e-11 over the step
        np.testing.assert_allclose(forward[:, k], slope, rtol=0, atol=3e-9)


def test_broadcasting_vmap_and_jit(de440):
    r, v = point_masses.to_inertial(de440, MU, START, ORBITS)
    t0, dt = np.array([[START], [START]]), np.array([1.0, 2.0, -3.0]) * DAY
    together = point_masses.propagate(de440, MU, r, v, t0, dt)
    assert together[0].shape == (2, 3, 3)
    np.testing.assert_array_equal(together[0][0], together[0][1])
    one = jax.vmap(point_masses.propagate, (None, None, 0, 0, None, 0))
    over = one(de440, jnp.asarray(MU), r, v, jnp.asarray(START), jnp.asarray(dt))
    np.testing.assert_allclose(over[0], together[0][0], rtol=0, atol=1e-3)  # other fusions round otherwise
    jitted = jax.jit(point_masses.propagate)(de440, MU, r, v, t0, dt)
    np.testing.assert_allclose(jitted[0], together[0], rtol=0, atol=1e-3)


def test_bad_numbers_stay_in_their_lane(de440):
    r, v = (np.array(np.broadcast_to(a, (6, 3))) for a in point_masses.to_inertial(de440, MU, START, ORBITS[0]))
    t0, dt = np.full(6, START), np.full(6, DAY)
    r[1, 0] = np.nan
    r[2] = 0.0  # at the center of the Earth
    t0[3] = de440.span[0] - 1.0
    t0[4], dt[4] = de440.span[1] - 0.5 * DAY, DAY  # leaves the ephemeris on the way
    dt[5] = np.inf
    got_r, got_v = point_masses.propagate(de440, MU, r, v, t0, dt)
    assert np.all(np.isfinite(got_r[0]))
    assert np.all(np.isnan(got_r[1:]))
    assert np.all(np.isnan(got_v[1:]))


def test_the_whole_span_can_be_flown(de440):
    r, v = np.array([4.2164e7, 0.0, 0.0]), np.array([0.0, np.sqrt(MU[1] / 4.2164e7), 0.0])
    first, last = de440.span
    t0, dt = np.array([first, last, last - DAY]), np.array([DAY, -DAY, DAY])
    assert np.all(np.isfinite(point_masses.propagate(de440, MU, r, v, t0, dt)[0]))


def test_bad_calls_are_named(de440):
    with pytest.raises(ValueError, match="earth, moon, emb"):
        point_masses.propagate(de440, MU, np.ones(3), np.ones(3), START, DAY, center="mars")
    with pytest.raises(ValueError, match="3 numbers"):
        point_masses.propagate(de440, MU[:2], np.ones(3), np.ones(3), START, DAY)
    twice = ephemeris.Ephemeris(segments=de440.segments + de440.segments[-1:])
    with pytest.raises(ValueError, match="several segments"):
        point_masses.propagate(twice, MU, np.ones(3), np.ones(3), START, DAY)


def test_acceleration_at_the_center_is_none_but_the_pull_of_the_craft_s_place(de440):
    # on a sphere about the Earth the tide of the Moon, to first order, is mu (3 (u . r) u - r) / d^3
    r = 1e5 * np.array([1.0, 2.0, -1.0])
    state = jnp.asarray(np.concatenate([r, np.zeros(3)])[:, None])
    mu = jnp.asarray((MU * np.array([0.0, 0.0, 1.0]))[:, None])
    got = np.asarray(rate(de440, "earth", mu, state, jnp.asarray([START])))[3:, 0]
    moon = np.asarray(de440.state("moon", START, "earth")[0])
    d = np.linalg.norm(moon)
    tide = MU[2] * (3.0 * (moon @ r) * moon / d**2 - r) / d**3
    np.testing.assert_allclose(
        got, tide, rtol=0, atol=3e-3 * float(np.linalg.norm(tide))
    )  # 2.4e5 m over 4e8 m, times a few


EARTH_RADIUS, MOON_RADIUS = 6_378_137.0, 1_737_400.0
SOLID = np.array([EARTH_RADIUS, MOON_RADIUS])


def test_impacts(de440):
    """Falls on both bodies, forward and backward, a graze and a miss by 100 m, and starts that can meet nothing."""
    moon_r, moon_v = (np.asarray(x) for x in de440.state("moon", START, "earth"))
    down = moon_r / np.linalg.norm(moon_r)
    perigee = EARTH_RADIUS + np.array([-100.0, 100.0])
    a = 0.5 * (1e8 + perigee)
    at_apogee = np.sqrt(MU[1] * (2.0 / 1e8 - 1.0 / a))
    still = np.zeros(3)
    r = [*(np.array([1e8, 0.0, 0.0]),) * 3, moon_r - 1e7 * down, 0.5 * moon_r, np.array([1e6, 0.0, 0.0])]
    v = [*(np.array([0.0, s, 0.0]) for s in (*at_apogee, at_apogee[0])), moon_v + 500.0 * down, still, still]
    dt = np.array([1.0, 1.0, -1.0, 2.0, 0.1, 1.0]) * DAY
    alone = np.array([0.0, MU[1], 0.0])
    mu = np.array([alone, alone, alone, MU, MU, MU])
    found = point_masses.impact(de440, mu, np.array(r), np.array(v), START, dt, np.array([EARTH_RADIUS, MOON_RADIUS]))
    np.testing.assert_array_equal(found.body, [1, 0, 1, 2, 0, 0])
    # time from apogee to a radius, from Kepler's equation
    e = 1.0 - perigee[0] / a[0]
    anomaly = np.arccos((1.0 - EARTH_RADIUS / a[0]) / e)
    mean = anomaly - e * np.sin(anomaly)
    fall = (np.pi - mean) * np.sqrt(a[0] ** 3 / MU[1])
    # the radius changes by 100 m in some 6 s near the perigee: rounding of 1e-8 m leaves 1e-7 s
    np.testing.assert_allclose(found.time[:3], [fall, DAY, -fall], rtol=0, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(found.r[0]), EARTH_RADIUS, rtol=0, atol=1e-5)
    there = de440.state("moon", START + found.time[3], "earth")[0]
    np.testing.assert_allclose(np.linalg.norm(found.r[3] - there), MOON_RADIUS, rtol=0, atol=1e-3)
    np.testing.assert_allclose(found.time[4], dt[4], rtol=0)
    assert np.isnan(found.time[5])  # inside the Earth


def test_an_impact_moves_with_the_flight(de440):
    """Time of the fall on the Moon by speed and by radius, forward and reverse, against differences."""
    moon_r, moon_v = de440.state("moon", START, "earth")
    down = moon_r / jnp.sqrt(jnp.sum(moon_r**2))

    def fall(x):
        v = moon_v + (500.0 + 100.0 * x[0]) * down + 200.0 * jnp.cross(down, jnp.asarray([0.0, 0.0, 1.0]))
        radii = jnp.stack([jnp.asarray(0.0), MOON_RADIUS * (1.0 + x[1])])
        return point_masses.impact(de440, MU, moon_r - 1e7 * down, v, START, 2.0 * DAY, radii).time / DAY

    x, step = jnp.zeros(2), 4e-3
    slope = jax.grad(fall)(x)
    np.testing.assert_allclose(jax.jacfwd(fall)(x), slope, rtol=1e-12)
    for k, way in enumerate(np.eye(2)):
        near, far = (fall(x + j * step * way) - fall(x - j * step * way) for j in (1, 2))
        # the place of the Moon rounds to 1e-4 m, 5e-8 s of the fall: 3e-8 of the slope
        np.testing.assert_allclose(slope[k], (8.0 * near - far) / (12.0 * step), rtol=5e-8)


def test_shots_from_the_real_moon_arrive(de440):
    """L2, a perigee and an escape on eight dates of a month: corrected, and flown again by DOP853."""
    system = cr3bp.system(MU[1], MU[2], 384_400e3)
    l2 = np.asarray(cr3bp.lagrange_points(system.mass_ratio))[1]
    dates, east, entry = START + 27.3 * DAY * np.arange(8) / 8, 0.5 * np.pi, 6_448e3
    cases = (
        (33.1, 2345.76, 3.0 * east, 2.397 * DAY, lunar_launch_aim.point(l2), True),
        (33.1, 2341.66, east, 1.841 * DAY, lunar_launch_aim.point(l2), False),
        (-60.0, 2504.93, east, 4.48 * DAY, lunar_launch_aim.apsis(system, "earth", entry, azimuth=east), False),
        (100.0, 2401.0, east, 2e6, lunar_launch_aim.escape(system, 1e5, azimuth=east), False),
    )
    ends = []
    for longitude, speed, azimuth, time, target, steered in cases:
        site = Site(*(jnp.asarray(x, jnp.float64) for x in (np.deg2rad(longitude), 0.0, MOON_RADIUS)))
        shot = Shot(*(jnp.asarray(x, jnp.float64) for x in (speed, azimuth, 0.0)))
        found = aim_on_dates(de440, MU, system, site, shot, time, target, dates, SOLID, steered=steered)
        ends.append(found)
        if not steered and longitude > 0.0:
            continue
        k = 3
        own = jax.tree.map(lambda x: x[k], found)  # noqa: B023
        r, v = lunar_launch_dates.muzzle(dates[k], site, own.shot)
        moon = de440.state("moon", dates[k], "earth")
        flown = reference(de440, np.asarray(r + moon[0]), np.asarray(v + moon[1]), dates[k], float(own.time), "earth")
        # a millimetre of the two integrations, grown by the flight
        np.testing.assert_allclose(flown[:3], own.r, rtol=0, atol=1.0)
        np.testing.assert_allclose(flown[3:], own.v, rtol=0, atol=1e-3)
    up, level, perigee, out = ends
    for found in (up, perigee, out):
        assert np.all(np.asarray(found.converged))
    # on the line from the Earth through the Moon, where L2 of two bodies at that distance is
    moon = np.asarray(de440.state("moon", dates + np.asarray(up.time), "earth")[0])
    np.testing.assert_allclose(up.r, (l2[0] + float(system.mass_ratio)) * moon, rtol=0, atol=1.0)
    np.testing.assert_allclose(np.linalg.norm(perigee.r, axis=1), entry, rtol=0, atol=0.1)
    assert np.max(np.abs(np.sum(np.asarray(perigee.r) * np.asarray(perigee.v), axis=1))) < 1e-7 * entry * 11e3
    np.testing.assert_allclose(out.speed, np.sqrt(1e5), rtol=1e-6)
    # the circular aim misses by thousands of km; from the site that two families share, level rails reach L2 at times
    assert np.all(np.asarray(up.first_miss) > 1e6)
    assert np.all(np.asarray(up.miss) < 1.0)
    reached = np.asarray(level.converged)
    assert 0 < np.count_nonzero(reached) < 8
    assert np.all(np.isnan(np.asarray(level.shot.speed)[~reached]))
    assert np.all(np.isfinite(level.first_miss))
    # nothing is in the way of rails that point up; below the horizon the ground is, at once
    for found in (perigee, out):
        assert np.all(np.asarray(found.obstacle) == 0.0)
        assert np.all(np.isnan(found.obstacle_time))
    down = np.asarray(up.shot.elevation) < -1e-3
    assert 0 < np.count_nonzero(down) < 8
    np.testing.assert_array_equal(up.obstacle, np.where(down, 2.0, 0.0))
    assert np.all(np.asarray(up.obstacle_time)[down] < 1.0)
    np.testing.assert_array_equal(np.isnan(level.obstacle), ~reached)


def test_a_shot_that_finds_a_body_in_its_way_says_so(de440):
    """A wider Earth is met before the perigee, when and where the flight crosses its surface."""
    system = cr3bp.system(MU[1], MU[2], 384_400e3)
    east, entry = 0.5 * np.pi, 6_448e3
    site = Site(*(jnp.asarray(x, jnp.float64) for x in (np.deg2rad(-60.0), 0.0, MOON_RADIUS)))
    shot = Shot(*(jnp.asarray(x, jnp.float64) for x in (2504.93, east, 0.0)))
    target = lunar_launch_aim.apsis(system, "earth", entry, azimuth=east)
    dates = START + 27.3 * DAY * np.arange(8) / 8
    found = aim_on_dates(de440, MU, system, site, shot, 4.48 * DAY, target, dates, np.array([1e8, MOON_RADIUS]))
    assert np.all(np.asarray(found.obstacle) == 1.0)
    r, v = lunar_launch_dates.muzzle(dates, site, found.shot)
    moon = de440.state("moon", dates, "earth")
    met = point_masses.impact(
        de440, MU, r + moon[0], v + moon[1], dates, found.time, np.array([1e8, MOON_RADIUS - 1.0])
    )
    np.testing.assert_allclose(found.obstacle_time, met.time, rtol=1e-9)
    np.testing.assert_allclose(np.linalg.norm(met.r, axis=1), 1e8, rtol=1e-9)


@pytest.mark.parametrize("steered", [False, True])
def test_muzzle_conditions_move_with_what_they_are_solved_for(de440, steered):
    """Date, site, rails and target: implicit derivatives against aiming again, a little beside."""
    system = cr3bp.system(MU[1], MU[2], 384_400e3)
    east, dates = 0.5 * np.pi, np.full(8, START + 10.0 * DAY)  # eight lanes, as above: no more programs
    target = lunar_launch_aim.apsis(system, "earth", 6_448e3, azimuth=east)
    steps = np.diag([600.0, 1e-4, 1e-4, 100.0, 1e-4, 1e-4, 1e-3])  # s, rad, rad, m, rad, of the radius, rad

    def problem(x):
        site = Site(longitude=x[1] - np.pi / 3.0, latitude=x[2], radius=MOON_RADIUS + x[3])
        return site, replace_at(target, {"radius": target.radius * (1.0 + x[5]), "azimuth": target.azimuth + x[6]})

    def solve(x, near):
        site, goal = problem(x)
        shot = Shot(near[0], near[1], near[2] + x[4] * (not steered))
        return aim_on_dates(de440, MU, system, site, shot, near[3], goal, dates + x[0], SOLID, steered=steered)

    def conditions(found):
        return jnp.stack([found.shot.speed, found.shot.azimuth, found.shot.elevation, found.time], axis=-1)

    found = solve(np.zeros(7), np.array([2504.93, east, 0.002, 4.48 * DAY]))
    assert np.all(np.asarray(found.converged))

    def moved(x):
        site, goal = problem(x)
        shot, time = with_derivatives(de440, MU, system, site, 0.002 + x[4], goal, dates + x[0], found, steered=steered)
        return jnp.stack([shot.speed, shot.azimuth, shot.elevation, time], axis=-1)

    slopes = np.asarray(jax.jacfwd(moved)(jnp.zeros(7))) @ steps
    scale = np.array([20.0, 0.15, 0.15, DAY])
    own = np.asarray(conditions(found))[0]
    for j, step in enumerate(steps):
        beside = [np.asarray(conditions(solve(sign * step, own)))[0] for sign in (1.0, -1.0)]
        numeric = 0.5 * (beside[0] - beside[1])
        # the third derivative, and 0.4 m of the arrival that is left open
        np.testing.assert_allclose(slopes[0, :, j] / scale, numeric / scale, rtol=2e-4, atol=1e-6)


def test_throws_on_dates_through_the_api(de440):
    """An entry aimed in the circular problem, corrected and labelled; the changes are from what was given."""
    names = dict.fromkeys((f.name for f in dataclasses.fields(al.LunarThrow)), np.nan)
    known = {"target": "sso", "longitude_deg": -60.0, "latitude_deg": 0.0, "elevation_deg": 0.0, "azimuth_deg": 90.0}
    throw = al.LunarThrow(**names | known | {"muzzle_speed_km_per_s": 2.504928, "flight_time_days": 4.4805})
    first, second = al.lunar_throw_on_dates(throw, ["2030-01-01", Time("2030-01-11", scale="tdb")])
    assert first.converged
    assert first.clears_ground
    assert first.departure == "2030-01-01T00:00:00"
    moon = np.linalg.norm(de440.state("moon", 946_728_000.0, "earth")[0])  # 10,957.5 days past J2000
    assert first.moon_distance_km == pytest.approx(float(moon) / 1e3, rel=1e-9)
    assert first.speed_change_m_per_s == pytest.approx(1e3 * first.muzzle_speed_km_per_s - 2504.928, abs=1e-9)
    assert first.azimuth_change_deg == pytest.approx(0.0, abs=1e-9)
    assert abs(first.speed_change_m_per_s) < 40.0
    assert first.first_miss_km > 10.0
    assert first.miss_m < 1e-3
    assert 11.0 < first.arrival_speed_km_per_s < 11.06
    assert (first.obstacle, first.slopes) == ("", ())
    assert np.isnan(first.obstacle_days)
    assert second.departure == "2030-01-11T00:00:00"
