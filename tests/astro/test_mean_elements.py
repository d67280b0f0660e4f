"""Standish's mean elements against DE440 and against themselves."""

from __future__ import annotations

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads

from astro_logistics.astro import ephemeris, mean_elements
from astro_logistics.astro.mean_elements import MeanElements
from astro_logistics.constants import ASTRONOMICAL_UNIT, JULIAN_YEAR

PATH = Path(__file__).parents[2] / "data" / "ephemeris" / "de440_2025_2060.bsp"
STATED = {  # m, m/s: the figures of the class's docstring
    "1800-2050": {
        "venus": (15e6, 4.0),
        "emb": (16e6, 3.0),
        "earth": (21e6, 16.0),
        "mars": (90e6, 7.0),
        "jupiter": (1.9e9, 24.0),
    },
    "3000BC-3000AD": {
        "venus": (20e6, 5.0),
        "emb": (30e6, 5.0),
        "earth": (35e6, 18.0),
        "mars": (180e6, 17.0),
        "jupiter": (2.2e9, 21.0),
    },
}


@pytest.mark.parametrize("table", STATED)
def test_stated_errors_against_de440(table: str) -> None:
    de440, model = ephemeris.load(PATH), MeanElements(table)
    t = np.linspace(de440.span[0], min(de440.span[1], model.span[1]), 20_001)
    for body, (metres, speed) in STATED[table].items():
        r, v = de440.state(body, t)
        model_r, model_v = model.state(body, t)
        worst_r = np.linalg.norm(model_r - r, axis=-1).max()
        worst_v = np.linalg.norm(model_v - v, axis=-1).max()
        # below what is stated, and not so far below that the statement would be idle
        assert 0.7 * metres < worst_r < metres
        assert 0.65 * speed < worst_v < speed


def test_tables_agree_where_both_hold() -> None:
    # Independent fits; they must tell the same story for the planets the packaged kernel lacks. JPL states errors of
    # longitude of 15 and 20 arcsec (Mercury), 600 and 1000 (Saturn), 50 and 2000 (Uranus), 10 and 400 (Neptune); the
    # two together are 1e7, 1.1e10, 2.8e10 and 9e9 m.
    t = np.linspace(-100.0, 50.0, 2001) * JULIAN_YEAR
    for body, limit in (("mercury", 1e7), ("saturn", 1.1e10), ("uranus", 2.8e10), ("neptune", 9e9)):
        near, far = MeanElements().state(body, t)[0], MeanElements("3000BC-3000AD").state(body, t)[0]
        assert np.linalg.norm(near - far, axis=-1).max() < limit


def test_orbit_of_mercury() -> None:
    # perihelion 0.307499 au, aphelion 0.466697 au, period 87.969 d (NASA Planetary Fact Sheet: 46.000e6, 69.818e6 km)
    t = np.linspace(0.0, 40 * 87.969 * 86400.0, 200_001)
    r = np.linalg.norm(mean_elements.state("mercury", t)[0], axis=-1)
    assert r.min() == pytest.approx(46.000e9, rel=1e-4)
    assert r.max() == pytest.approx(69.818e9, rel=1e-4)
    lows = t[1:-1][(r[1:-1] < r[:-2]) & (r[1:-1] < r[2:])]
    assert np.diff(lows).mean() / 86400.0 == pytest.approx(87.969, abs=2e-3)


def test_same_interface_as_the_kernel(rng: np.random.Generator) -> None:
    model = MeanElements()
    t = rng.uniform(*model.span, (3, 4))
    r, v = model.state("mars", t, center="earth")
    assert r.shape == v.shape == (3, 4, 3)
    back = model.state("earth", t, center="mars")
    np.testing.assert_allclose(r, -back[0], rtol=0, atol=0)
    assert np.all(np.asarray(model.state("sun", t)[0]) == 0.0)
    np.testing.assert_array_equal(model.state("emb", t)[0], model.state("earth", t)[0])
    np.testing.assert_array_equal(mean_elements.state("mars", t)[1], model.state("mars", t)[1])
    inside = jax.jit(lambda m, x: m.state("mars", x, center="earth"))(model, t)
    mapped = jax.vmap(lambda x: model.state("mars", x, center="earth"))(jnp.asarray(t))
    for a, b, c in zip((r, v), inside, mapped, strict=True):
        np.testing.assert_allclose(b, a, rtol=1e-12)
        np.testing.assert_allclose(c, a, rtol=1e-12)


@pytest.mark.slow
def test_derivatives() -> None:
    @jax.jit
    def scaled(x: jax.Array) -> tuple[jax.Array, jax.Array]:
        r, v = MeanElements("3000BC-3000AD").state("jupiter", 1e9 + 1e8 * x)
        return r / ASTRONOMICAL_UNIT, v / 1e4

    # second differences keep about four digits
    check_grads(scaled, (jnp.asarray([0.0, 0.3]),), order=2, modes=("fwd", "rev"), rtol=1e-4)


def test_bad_input() -> None:
    model = MeanElements()
    start, stop = model.span
    r, v = model.state("mars", jnp.asarray([start - 1.0, start, stop, stop + 1.0, np.nan]))
    for x in (r, v):
        assert np.isfinite(x).all(axis=-1).tolist() == [False, True, True, False, False]
    assert np.isnan(model.state("sun", np.nan)[0]).all()
    with pytest.raises(ValueError, match="no body 'venu'; did you mean 'venus'"):
        model.state("venu", 0.0)
    with pytest.raises(ValueError, match="no body 'moon'"):
        model.state("mars", 0.0, center="moon")
    with pytest.raises(ValueError, match=r"no table '1800-2060'; there are: 1800-2050, 3000BC-3000AD"):
        MeanElements("1800-2060").state("mars", 0.0)
