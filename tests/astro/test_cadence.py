"""Waits and iterations: closed forms, brute force, and a search of every choice of flights."""

from __future__ import annotations

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.test_util import check_grads

from astro_logistics.astro.cadence import Flights, cadence, expected_time, iterate, mean_wait
from astro_logistics.constants import DAY, JULIAN_YEAR


def test_even_and_random_departures(rng: np.random.Generator) -> None:
    even = cadence(np.arange(11) * 26 * DAY)
    assert even.per_year == pytest.approx(365.25 / 26, rel=1e-12)  # rounding
    assert (even.mean_wait, even.longest_wait, even.windows) == (13 * DAY, 26 * DAY, 11)
    random = cadence(np.cumsum(rng.exponential(1.0, 200_000)))
    # Feller 1971: the wait for a Poisson process is the mean gap; sampling error of 2e5 gaps, 4 sigma
    assert random.mean_wait == pytest.approx(random.mean_gap, rel=4 * np.sqrt(5 / 2e5))


def test_mean_wait_is_that_of_random_moments(rng: np.random.Generator) -> None:
    t = np.sort(rng.uniform(0.0, 1000.0, 60))
    moments = rng.uniform(t[0], t[-1], 400_000)
    waits = t[np.searchsorted(t, moments)] - moments
    found = cadence(rng.permutation(t))
    assert found.mean_wait == pytest.approx(waits.mean(), abs=5 * waits.std() / np.sqrt(moments.size))
    assert waits.max() <= found.longest_wait
    assert found.per_year == pytest.approx(JULIAN_YEAR * 59 / (t[-1] - t[0]), rel=1e-12)  # rounding
    assert cadence(np.array([3.0, 1.0, 1.0, 2.0])).windows == 3


def test_iterations_are_the_soonest_possible(rng: np.random.Generator) -> None:
    """Against every choice of flights there and back, overtaking ones included."""
    for _ in range(300):
        leave, back = (rng.uniform(0.0, 20.0, n) for n in (5, 6))
        there = Flights(leave, leave + rng.uniform(0.1, 8.0, 5))
        home = Flights(back, back + rng.uniform(0.1, 8.0, 6))
        found = iterate(there, 1.0, 2, stay=0.5, turnaround=0.3, inbound=home)
        ends = []
        for i, j, k, m in itertools.product(range(5), range(6), range(5), range(6)):
            done = there.departure[i] >= 1.0 and home.departure[j] >= there.arrival[i] + 0.5
            again = there.departure[k] >= home.arrival[j] + 0.3 and home.departure[m] >= there.arrival[k] + 0.5
            if done and again:
                ends.append(home.arrival[m])
        if ends:
            assert found.complete[1] == min(ends)
        else:
            assert np.isnan(found.complete[1])
        taken = np.isfinite(found.complete)
        assert np.all(found.departure[taken] >= found.begin[taken])
        assert np.all(found.return_departure[taken] >= found.arrival[taken] + 0.5)


def test_one_way_on_even_windows() -> None:
    """Windows of 780 d and 260 d of flight: an iteration per window while the busy time fits into it."""
    leave = 780.0 * np.arange(1, 12)
    flights = Flights(leave, leave + 260.0)
    found = iterate(flights, 0.0, 4, stay=100.0, turnaround=200.0)
    np.testing.assert_array_equal(found.complete, 780.0 * np.arange(1, 5) + 360.0)
    missed = iterate(flights, 0.0, 4, stay=100.0, turnaround=421.0)  # ready one day after the next window
    np.testing.assert_array_equal(missed.complete, 780.0 * np.array([1, 3, 5, 7]) + 360.0)
    assert np.all(np.isnan(missed.return_departure))
    many = iterate(flights, 0.0, 20, stay=100.0)
    assert np.isfinite(many.complete).sum() == 11  # one a window, until they run out
    assert np.isfinite(many.begin).sum() == 12


def test_expected_time_is_the_mean_over_random_phases(rng: np.random.Generator) -> None:
    """One iteration from random starts; and n of them where turnarounds scatter by whole gaps."""
    leave = 26.0 * np.arange(4000)
    flights = Flights(leave, leave + 5.0)
    first = [iterate(flights, s, 1, stay=2.0).complete[0] - s for s in rng.uniform(0.0, 26.0, 4000)]
    expected = float(expected_time(1.0, mean_wait(1 / 26.0), 7.0))
    assert np.mean(first) == pytest.approx(expected, abs=5 * np.std(first) / np.sqrt(4000))
    # chained: the phase is random when the turnaround is spread over a gap
    t, end = 0.0, 0.0
    for turnaround in rng.uniform(0.0, 26.0, 1000):
        end = iterate(flights, t, 1, stay=2.0).complete[0]
        t = end + turnaround
    mean = float(expected_time(1000.0, 13.0, 7.0, 13.0))
    assert end == pytest.approx(mean, abs=5 * 26 / np.sqrt(12) * np.sqrt(2 * 1000))


def test_derivatives_and_vmap() -> None:
    x = (jnp.asarray(5.0), jnp.asarray(13.0), jnp.asarray(8.0), jnp.asarray(30.0))
    check_grads(expected_time, x, order=1, modes=("fwd", "rev"), rtol=1e-6, atol=1e-6)  # linear in each
    check_grads(
        jax.jit(mean_wait), (jnp.asarray(0.4), jnp.asarray(0.7)), order=2, modes=("fwd", "rev"), rtol=1e-5, atol=1e-5
    )
    rates = jnp.linspace(0.1, 2.0, 7)
    np.testing.assert_array_equal(jax.vmap(mean_wait)(rates), mean_wait(rates))


def test_bad_input() -> None:
    with pytest.raises(ValueError, match="two or more different"):
        cadence(np.ones(2))
    with pytest.raises(ValueError, match="finite"):
        cadence(np.array([1.0, np.nan]))
    good = Flights(np.array([1.0]), np.array([2.0]))
    with pytest.raises(ValueError, match="before it"):
        iterate(Flights(np.array([1.0]), np.array([0.5])), 0.0, 1)
    for kwargs in ({"iterations": 0}, {"iterations": 1, "stay": -1.0}, {"iterations": 1, "turnaround": np.nan}):
        with pytest.raises(ValueError, match="one iteration or more"):
            iterate(good, 0.0, **kwargs)  # pyright: ignore[reportArgumentType]
    assert np.isnan(mean_wait(jnp.nan))
