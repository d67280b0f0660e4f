"""Named checks: what `checkify` says of each argument out of range, and that nothing is said or paid without it."""

from __future__ import annotations

from functools import cache

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from jax.experimental import checkify

from astro_logistics.astro import cr3bp, elements, ephemeris, kepler, lambert, maneuvers
from astro_logistics.named_checks import POSITIVE, Requirement, named_checks

X, Y, ZERO = [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]
ELLIPSE = (1.0, 0.5, 0.1, 0.2, 0.3, 0.4)
KERNEL = ephemeris.load()
FIRST, LAST = KERNEL.span
STATE = [0.8, 0.0, 0.0, 0.0, 0.1, 0.0]


@cache
def checked(f):
    """One program for all cases of a function."""
    return jax.jit(checkify.checkify(f))


def classical(**changed):
    return elements.Classical(*ELLIPSE)._replace(**changed)


CASES = [
    (lambert.lambert, (-1.0, X, Y, 1.0), "lambert: mu must be positive and finite; found -1.0"),
    (lambert.lambert, (1.0, ZERO, Y, 1.0), "lambert: r1 must be a vector of positive, finite length; found 0.0"),
    (lambert.lambert, (1.0, X, [0.0, np.nan, 0.0], 1.0), "lambert: r2 must be a vector of positive, finite length"),
    (lambert.lambert, (1.0, X, Y, 0.0), "lambert: tof must be positive and finite; found 0.0"),
    (kepler.propagate, (1.0, ZERO, Y, 1.0), "propagate: r must be a vector of positive, finite length; found 0.0"),
    (kepler.propagate, (1.0, X, [np.inf, 0.0, 0.0], 1.0), "propagate: v must be a vector of finite length; found inf"),
    (kepler.propagate, (1.0, X, Y, np.nan), "propagate: dt must be finite; found nan"),
    (elements.state_from_classical, (1.0, classical(p=-2.0)), "elements.p must be positive and finite; found -2.0"),
    (elements.state_from_classical, (1.0, classical(e=-0.1)), "elements.e must be zero or positive, and finite"),
    (elements.state_from_classical, (1.0, classical(e=2.0, nu=3.0)), "within a hyperbola's asymptotes; found -0.97"),
    (elements.classical_from_state, (1.0, X, X), "r, v must be off one straight line: r x v positive and finite"),
    (cr3bp.jacobi, (0.7, STATE), "jacobi: mass_ratio must be from 0 to 0.5; found 0.7"),
    (cr3bp.jacobi, (0.1, [np.nan, *STATE[1:]]), "jacobi: state must be finite; found nan"),
    (maneuvers.hohmann, (1.0, 0.0, 2.0), "hohmann: r1 must be positive and finite; found 0.0"),
    (maneuvers.plane_change, (-1.0, 0.1), "plane_change: v must be zero or positive, and finite; found -1.0"),
    (maneuvers.capture_burn, (1.0, 1.0, 0.1, -1.0), "r_apoapsis must be positive (infinity is a parabola); found -1"),
]


@pytest.mark.parametrize(("f", "arguments", "message"), CASES)
def test_checkify_names_the_argument(f, arguments, message):
    error, _ = checked(f)(*jax.tree.map(jnp.float64, arguments, is_leaf=lambda x: isinstance(x, list)))
    assert message in error.get()


def test_outside_the_kernel_is_named():
    state = checked(lambda t: KERNEL.state("mars", t))
    error, (r, _) = state(jnp.array([FIRST, LAST + 1.0]))
    assert f"state of mars: t (TDB seconds past J2000) must be from {FIRST:.12g} to {LAST:.12g}; found" in error.get()
    assert np.isnan(r).tolist() == [[False] * 3, [True] * 3]
    assert state(jnp.array([FIRST, LAST]))[0].get() is None


def test_good_arguments_are_silent_and_the_first_bad_one_is_shown():
    r1, r2 = jnp.array([X, X, X]), jnp.array([Y, Y, Y])
    error, answer = checked(lambert.lambert)(1.0, r1, r2, jnp.array([1.0, -7.0, -8.0]))
    assert "tof must be positive and finite; found -7.0" in error.get()
    assert answer.converged.tolist() == [True, False, False]
    error, same = checked(lambert.lambert)(1.0, r1, r2, jnp.array([1.0, 2.0, 3.0]))
    assert error.get() is None
    np.testing.assert_array_equal(same.v1[0], answer.v1[0])
    error, _ = checkify.checkify(maneuvers.hohmann)(1.0, 1.0, -2.0)  # no jit, no traced argument
    assert "r2 must be positive and finite; found -2.0" in error.get()


def test_programs_hold_no_check():
    """Neither the compiled program nor its dispatch knows of them: a program with an effect is called from Python."""
    judged = []
    watched = POSITIVE._replace(holds=lambda x: judged.append(x) or x > 0.0)

    @named_checks({"x": watched})
    @jax.jit
    def root(x):
        return jnp.sqrt(x)

    assert np.isnan(root(-1.0))
    outer = jax.jit(root)
    assert np.isnan(outer(-1.0))
    assert not jax.make_jaxpr(outer)(1.0).effects
    slope = jax.jit(jax.vmap(jax.grad(root)))(jnp.array([4.0, -1.0]))
    np.testing.assert_array_equal(slope, [0.25, np.nan])
    assert judged == []
    assert "compare" not in outer.lower(1.0).as_text()
    error, _ = checkify.checkify(outer)(-1.0)  # traced before, and still it tells
    assert "root: x must be positive and finite; found -1.0" in error.get()
    assert len(judged) == 1


def test_checks_inside_transformations():
    """A control of each way through: `vmap` either way round, loops, derivatives, another module's `jit`."""

    @jax.jit
    def inside(x):
        return jax.lax.fori_loop(0, 2, lambda _, y: maneuvers.plane_change(y, 0.1), x)

    bad = jnp.array([1.0, -2.0, -3.0])
    told = "plane_change: v must be zero or positive, and finite; found -2.0"
    for f in (inside, jax.vmap(inside), jax.vmap(jax.grad(inside))):
        error, answer = checkify.checkify(f)(bad if f is not inside else bad[1])
        assert told in error.get()
        np.testing.assert_array_equal(answer, f(bad if f is not inside else bad[1]))
    error, _ = jax.vmap(checkify.checkify(inside))(bad)
    assert told in error.get()


def test_a_program_is_the_same_whatever_was_checked_before_it():
    """Else kept code would be found again only by a process that meets the same checks in the same order."""

    def program() -> str:
        anew = Requirement("above zero", lambda x: x > 0.0)  # not the one that JAX may have traced
        return jax.jit(named_checks({"x": anew})(lambda x: 2.0 * x)).lower(1.0).as_text()

    first = program()
    jax.jit(named_checks({"x": Requirement("below zero", lambda x: x < 0.0)})(lambda x: x)).lower(1.0)
    assert program() == first
