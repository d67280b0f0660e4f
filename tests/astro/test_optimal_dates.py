"""Dates of opportunities as functions: against opportunities found anew, and differences."""

from __future__ import annotations

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.astro import ephemeris, windows
from astro_logistics.astro.displaced_states import DisplacedStates
from astro_logistics.astro.optimal_dates import optimal_dates
from astro_logistics.constants import DAY

MU_SUN = 1.32712440041e20  # m3/s2, DE440
START, STOP = 33.0 * 365.25 * DAY, 33.6 * 365.25 * DAY  # 2033: both types, weeks apart


@pytest.fixture(scope="module")
def kernel() -> ephemeris.Ephemeris:
    return ephemeris.load()


def found(kernel: ephemeris.Ephemeris, mu: float) -> windows.Opportunities:
    return windows.opportunities(kernel, "emb", "mars", START, STOP, mu_sun=mu)


@pytest.fixture(scope="module")
def least(kernel: ephemeris.Ephemeris) -> windows.Opportunities:
    return found(kernel, MU_SUN)


def test_first_derivatives_of_dates_and_energy(kernel, least):
    assert least.transfer_type.tolist() == ["I", "II"]

    def of(x):
        """Days and km2/s2 from shares of mu, and displacements of Mars in 1e6 km and km/s."""
        displaced = DisplacedStates(kernel, position=1e9 * x[1:4], velocity=1e3 * x[4:], body="mars")
        answer = optimal_dates(displaced, "emb", "mars", least, mu_sun=MU_SUN * (1.0 + x[0]))
        dates = jnp.stack([answer.departure - least.departure, answer.arrival - least.arrival]) / DAY
        return jnp.concatenate([dates, answer.c3[None] / 1e6, answer.v_infinity_arrival[None] / 1e3])

    both = jax.jit(lambda x: (of(x), jax.jacrev(of)(x)))  # one program gives all
    value, jacobian = both(jnp.zeros(7))
    np.testing.assert_allclose(value[:2], 0.0, atol=1e-3 / DAY)  # the dates given, to a millisecond
    np.testing.assert_allclose(value[2], least.c3 / 1e6, rtol=1e-12)

    # found anew with more and less gravitation: the search, not the step
    share = 1e-5
    more, less = found(kernel, MU_SUN * (1.0 + share)), found(kernel, MU_SUN * (1.0 - share))
    for row, name, unit in ((0, "departure", DAY), (1, "arrival", DAY), (2, "c3", 1e6), (3, "v_infinity_arrival", 1e3)):
        difference = (getattr(more, name) - getattr(less, name)) / (2.0 * share * unit)
        # a date is found to a millisecond, 6e-4 days of its difference; squares of the share leave less
        np.testing.assert_allclose(jacobian[row, :, 0], difference, rtol=1e-4, atol=2e-3)
    assert np.all(np.abs(jacobian[0, :, 0]) > 10.0)  # days for the whole of mu: not a zero compared with zero

    # by the place of Mars: differences of the Newton step, which knows nothing of the rule
    for k in range(1, 7):
        step = jnp.zeros(7).at[k].set(1e-4)
        one, two, back, two_back = (both(k * step)[0] for k in (1.0, 2.0, -1.0, -2.0))
        difference = (8.0 * (one - back) - two + two_back) / 12e-4
        np.testing.assert_allclose(jacobian[..., k], difference, rtol=1e-5, atol=1e-5)
    assert np.all(np.abs(jacobian[:2, :, 1:4]).max(axis=-1) > 0.01)
    # C3 is least: it does not change through the dates, nor with the speed of Mars
    np.testing.assert_allclose(jacobian[2, :, 4:], 0.0, atol=1e-6)


def test_displaced_states(kernel):
    displaced = DisplacedStates(kernel, position=jnp.array([1.0, 2.0, 3.0]), velocity=jnp.zeros(3), body="mars")
    assert displaced.span == kernel.span
    t = jnp.array([START, STOP])
    np.testing.assert_array_equal(displaced.state("emb", t)[0], kernel.state("emb", t)[0])
    moved = displaced.state("mars", t)[0] - kernel.state("mars", t)[0]
    np.testing.assert_allclose(moved, [[1.0, 2.0, 3.0]] * 2, atol=1e-4)  # rounding at 2e11 m
    with pytest.raises(ValueError, match="displaced body 'mars' cannot be the center"):
        displaced.state("emb", t, "mars")
