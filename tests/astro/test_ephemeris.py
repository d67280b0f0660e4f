"""Ephemeris states against jplephem, ERFA's analytic series, and themselves."""

from __future__ import annotations

from pathlib import Path

import erfa
import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads
from jplephem.daf import DAF
from jplephem.spk import SPK

from astro_logistics.astro import ephemeris
from astro_logistics.constants import ASTRONOMICAL_UNIT, DAY, J2000_JULIAN_DATE

PATH = Path(__file__).parents[2] / "data" / "ephemeris" / "de440_2025_2060.bsp"
CODES = {"ssb": 0, "sun": 10, "venus": 2, "emb": 3, "earth": 399, "moon": 301, "mars": 4, "jupiter": 5}


@pytest.fixture(scope="module")
def de440() -> ephemeris.Ephemeris:
    return ephemeris.load(PATH)


def julian_date(t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """TDB seconds past J2000 as whole and broken days: exact, where one float64 of days would lose 20 us."""
    days = np.floor(t / DAY)
    return J2000_JULIAN_DATE + days, (t - days * DAY) / DAY


def barycentric(kernel: SPK, code: int, t: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    chain = {10: [(0, 10)], 2: [(0, 2)], 3: [(0, 3)], 4: [(0, 4)], 5: [(0, 5)], 0: []}
    chain |= {399: [(0, 3), (3, 399)], 301: [(0, 3), (3, 301)]}
    r, v = np.zeros((3, t.size)), np.zeros((3, t.size))
    for pair in chain[code]:
        dr, dv = kernel[pair].compute_and_differentiate(*julian_date(t))
        r, v = r + 1e3 * dr, v + 1e3 * dv / DAY
    return r.T, v.T


def test_perihelion_of_2026(de440: ephemeris.Ephemeris) -> None:
    # 0.98330 au on 2026-01-03 at 17:16 UT (US Naval Observatory, Earth's Seasons and Apsides)
    hours = jnp.arange(0.0, 10 * 24.0)
    t = (2461041.5 - J2000_JULIAN_DATE) * DAY + 3600.0 * hours  # from 2026-01-01 0h TDB
    r, _ = de440.state("earth", t)
    distance = np.linalg.norm(r, axis=-1)
    assert distance.min() / ASTRONOMICAL_UNIT == pytest.approx(0.98330, abs=5e-6)  # digits printed
    assert abs(hours[distance.argmin()] - (48 + 17.27)) < 1.0  # sampled hourly


@pytest.mark.parametrize("body", CODES)
@pytest.mark.parametrize("center", ["sun", "ssb", "earth"])
def test_agrees_with_jplephem(de440: ephemeris.Ephemeris, rng: np.random.Generator, body: str, center: str) -> None:
    start, stop = de440.span
    t = np.concatenate([rng.uniform(start, stop, 5000), [start, stop], start + DAY * np.arange(0, 12000, 64)])
    with SPK.open(str(PATH)) as kernel:
        r, v = barycentric(kernel, CODES[body], t)
        r0, v0 = barycentric(kernel, CODES[center], t)
    got_r, got_v = de440.state(body, t, center)
    # t is exact in both; what is left is rounding of sums of 1e12 m (1e-4 m) and of t - start (1e-7 s at 30 km/s)
    np.testing.assert_allclose(got_r, r - r0, rtol=0, atol=0.02)
    np.testing.assert_allclose(got_v, v - v0, rtol=0, atol=1e-8)


def test_agrees_with_the_analytic_series_of_erfa(de440: ephemeris.Ephemeris, rng: np.random.Generator) -> None:
    t = rng.uniform(*de440.span, 2000)
    heliocentric, barycentric_ = erfa.epv00(*julian_date(t))
    r, v = de440.state("earth", t)
    # the routine states 13.4 km and 4.9 mm/s as its largest error over 1900-2100 (against DE405)
    np.testing.assert_allclose(r, heliocentric["p"] * ASTRONOMICAL_UNIT, rtol=0, atol=13.4e3)
    np.testing.assert_allclose(v, heliocentric["v"] * ASTRONOMICAL_UNIT / DAY, rtol=0, atol=4.9e-3)
    r, _ = de440.state("earth", t, "ssb")
    # DE440 counts the Kuiper belt, which moves the barycenter by about 100 km (Park et al. 2021, section 2)
    np.testing.assert_allclose(r, barycentric_["p"] * ASTRONOMICAL_UNIT, rtol=0, atol=150e3)
    moon, _ = de440.state("moon", t, "earth")
    series = erfa.moon98(*julian_date(t))["p"] * ASTRONOMICAL_UNIT
    np.testing.assert_allclose(moon, series, rtol=0, atol=60e3)  # its stated 10 arcsec is 19 km; 3 sigma


def test_velocity_is_the_derivative_of_position(de440: ephemeris.Ephemeris, rng: np.random.Generator) -> None:
    t = rng.uniform(*de440.span, 1000)
    for body in CODES:
        (_, v), (rate, _) = jax.jvp(lambda x, body=body: de440.state(body, x, "earth"), (t,), (np.ones_like(t),))
        np.testing.assert_allclose(rate, v, rtol=1e-11, atol=1e-8)  # two orders of the same recurrence


def test_acceleration_is_gravity(de440: ephemeris.Ephemeris, rng: np.random.Generator) -> None:
    # The Sun pulls Mars with mu / r2; the others add at most 2e-4 of it, Jupiter most (1e-3 x (1.5 / 3.6)^2).
    t = rng.uniform(*de440.span, 500)
    (r, _), (_, acceleration) = jax.jvp(lambda x: de440.state("mars", x), (t,), (np.ones_like(t),))
    pull = -1.32712440041e20 * np.asarray(r) / np.linalg.norm(r, axis=-1, keepdims=True) ** 3
    assert np.all(np.linalg.norm(acceleration - pull, axis=-1) < 3e-4 * np.linalg.norm(pull, axis=-1))


def test_centers_add_up(de440: ephemeris.Ephemeris, rng: np.random.Generator) -> None:
    t = rng.uniform(*de440.span, 1000)
    there, back = de440.state("mars", t, "moon"), de440.state("moon", t, "mars")
    via = [a + b for a, b in zip(de440.state("mars", t, "ssb"), de440.state("ssb", t, "moon"), strict=True)]
    for x, y, z in zip(there, back, via, strict=True):
        np.testing.assert_allclose(x, -y, rtol=0, atol=1e-3)  # rounding at 4e11 m
        np.testing.assert_allclose(x, z, rtol=0, atol=1e-3)
    for x in de440.state("mars", t, "mars"):
        assert np.all(np.asarray(x) == 0.0)


def test_derivatives_in_time(de440: ephemeris.Ephemeris) -> None:
    # in units of 1e11 m and of 10 days, so that finite differences of a smooth curve have digits to give
    middle = sum(de440.span) / 2 + 3.3e5

    def scaled(x: jax.Array) -> tuple[jax.Array, jax.Array]:
        r, v = de440.state("mars", middle + 1e6 * x, "ssb")
        return r / 1e11, v / 1e4

    x = jnp.asarray([0.0, 0.1])
    check_grads(jax.jit(scaled), (x,), order=2, modes=("fwd", "rev"), eps=1e-4, rtol=1e-4)


def test_any_shape_jit_and_chunks(de440: ephemeris.Ephemeris, rng: np.random.Generator) -> None:
    t = rng.uniform(*de440.span, (7, 3, 900))  # above the size of a chunk, and no multiple of it
    r, v = de440.state("earth", t)
    assert r.shape == v.shape == (7, 3, 900, 3)
    inside = jax.jit(lambda e, x: e.state("earth", x))(de440, t)
    mapped = jax.vmap(lambda x: de440.state("earth", x))(t)
    alone = de440.state("earth", t[4, 1, 77])
    for a, b, c, d in zip((r, v), inside, mapped, alone, strict=True):
        np.testing.assert_allclose(b, a, rtol=1e-14)
        np.testing.assert_allclose(c, a, rtol=1e-14)
        np.testing.assert_allclose(d, a[4, 1, 77], rtol=1e-14)


def test_outside_the_kernel_is_nan(de440: ephemeris.Ephemeris) -> None:
    start, stop = de440.span
    assert start == (2460676.5 - J2000_JULIAN_DATE) * DAY  # 2025-01-01
    assert stop == (2473459.5 - J2000_JULIAN_DATE) * DAY  # 2060-01-01
    t = jnp.asarray([start - 1.0, start, stop, stop + 1.0, np.nan, np.inf, -np.inf])
    r, v = de440.state("mars", t)
    expected = [False, True, True, False, False, False, False]
    for x in (r, v, jax.grad(lambda u: jnp.sum(de440.state("mars", u)[0]))(t)[:, None]):
        assert np.isfinite(x).all(axis=-1).tolist() == expected


def test_unknown_bodies_are_named(de440: ephemeris.Ephemeris) -> None:
    with pytest.raises(ValueError, match=r"no body 'marss'; did you mean 'mars'\?"):
        de440.state("marss", 8e8)
    with pytest.raises(ValueError, match=r"no body 'saturn'.*It has: ssb, sun, venus"):
        de440.state("saturn", 8e8)
    with pytest.raises(ValueError, match="did you mean 'earth'"):
        jax.jit(lambda t: de440.state("mars", t, center="eart"))(8e8)
    assert np.array_equal(de440.state(4, 8e8, 10)[0], de440.state("mars", 8e8)[0])


def write_kernel(path: Path, segments: list[tuple[tuple[float, ...], np.ndarray]]) -> None:
    """An SPK file with these (descriptor, array) segments; the file record is borrowed from the packaged kernel."""
    with PATH.open("rb") as old, path.open("w+b") as new:
        new.write(DAF(old).read_record(1))
        new.write(b"\004" + b" " * 1023 + b"\0" * 1024 + b" " * 1024)
        new.seek(0)
        daf = DAF(new)
        daf.fward = daf.bward = 3
        daf.free = 4 * 128 + 1
        daf.write_file_record()
        for descriptor, array in segments:
            daf.add_array(b"test", descriptor, array)


def test_type_3_and_consecutive_segments(tmp_path: Path, rng: np.random.Generator) -> None:
    def segment(start: float, kind: int, count: int) -> tuple[tuple[float, ...], np.ndarray]:
        terms, interval = 9, 1000.0
        records = rng.normal(size=(count, 2 + terms * (3 if kind == 2 else 6)))
        tail = [start, interval, records.shape[1], count]
        return (start, start + count * interval, 4, 10, 1, kind, 0, 0), np.append(records.ravel(), tail)

    path = tmp_path / "two.bsp"
    write_kernel(path, [segment(0.0, 2, 4), segment(4000.0, 3, 5)])
    loaded = ephemeris.load(path)
    assert loaded.span == (0.0, 9000.0)
    t = rng.uniform(0.0, 9000.0, 400)
    r, v = loaded.state("mars", t)
    with SPK.open(str(path)) as kernel:
        first, second = kernel.segments
        for i, time in enumerate(t):
            if time < 4000.0:
                expected, rate = first.compute_and_differentiate(*julian_date(time))
                rate = rate / DAY
            else:
                expected, rate = np.split(second.compute(*julian_date(time)), 2)
            # the date in days costs 1e-11 of an interval; series of nine random terms, derivatives up to 8^2 / 500 s
            np.testing.assert_allclose(r[i], 1e3 * expected, rtol=1e-9, atol=1e-6)
            np.testing.assert_allclose(v[i], 1e3 * rate, rtol=1e-9, atol=1e-6)


def test_the_packaged_excerpt_is_the_default(de440: ephemeris.Ephemeris) -> None:
    assert ephemeris.packaged().samefile(PATH)
    here, there = ephemeris.load().state("moon", 8.4e8, "earth"), de440.state("moon", 8.4e8, "earth")
    np.testing.assert_array_equal(here, there)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="absent"):
        ephemeris.load(tmp_path / "absent.bsp")
    other = tmp_path / "other.bsp"
    other.write_bytes(b"not a kernel" * 200)
    with pytest.raises(ValueError, match="NAIF/DAF"):
        ephemeris.load(other)
    path = tmp_path / "spline.bsp"
    write_kernel(path, [((0.0, 1.0, 4, 10, 1, 9, 0, 0), np.zeros(8))])
    with pytest.raises(ValueError, match="data type 9 in frame 1; only types 2 and 3"):
        ephemeris.load(path)
