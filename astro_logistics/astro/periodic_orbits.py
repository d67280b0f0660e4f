"""Periodic orbits of the circular restricted three-body problem: Lyapunov, halo, near-rectilinear, distant retrograde.

All of them cross the xz-plane at a right angle twice a period, so that half a period decides (Howell 1984): from
(x, 0, z, 0, vy, 0), after half the period, y = vx = vz = 0. Newton's method solves for (x, z, vy, half period) with
one of them, or the Jacobi constant, held; small steps of the held value lead from an approximate orbit to the one asked
for. Orbits are functions of the mass ratio and of the held value, with derivatives by the implicit function theorem.
Units and frame as in `cr3bp`. One orbit at a time; `vmap` for families.
"""

from __future__ import annotations

from typing import Literal

import jax
import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro.cr3bp import jacobi, lagrange_points, propagate, propagate_with_stm
from astro_logistics.astro.richardson import halo_guess
from astro_logistics.pytree import Pytree, field

Held = Literal["x", "z", "period", "jacobi"]
_HELD: tuple[Held, ...] = ("x", "z", "period", "jacobi")
_NEWTON_STEPS = 25
_TOLERANCE = 1e-11
"""Largest residual of a converged orbit: a few times the rounding of half a period of the most unstable ones."""
_LEAST = 1e-8
"""A point of equilibrium solves the equations too, and a planar orbit those of a halo orbit: neither is wanted."""


class PeriodicOrbit(Pytree):
    """An orbit that returns after `period`, at one of its crossings of the xz-plane."""

    state: Array = field(unit="", doc="state at the crossing, (6,)")
    period: Array = field(unit="", doc="period, in units of the system", low=0.0)
    residual: Array = field(unit="", doc="largest of |y|, |vx|, |vz| after half the period", low=0.0)
    converged: Array = field(unit="", doc="whether the residual is below 1e-11")


class Stability(Pytree):
    """Eigenvalues of the monodromy matrix, apart from the two that are 1."""

    eigenvalues: Array = field(unit="", doc="(4,) complex: a, 1/a, b, 1/b, the largest modulus first")
    index: Array = field(unit="", doc="(|a| + 1/|a|)/2: 1 for a linearly stable orbit", low=1.0)
    time_to_double: Array = field(unit="", doc="time in which a deviation doubles; inf for a stable orbit")


def _state(u: Array) -> Array:
    zero = jnp.zeros(())
    return jnp.stack([u[0], zero, u[1], zero, u[2], zero])


def _residual(mu: Array, u: Array, weights: Array, value: Array, planar: Array) -> Array:
    """Zero for a symmetric periodic orbit on which the held quantity has its value; `u` is (x, z, vy, half period)."""
    end = propagate(mu, _state(u), u[3])
    held = jnp.stack([u[0], u[1], 2.0 * u[3], jacobi(mu, _state(u))])
    return jnp.stack([end[1], end[3], jnp.where(planar, u[1], end[5]), jnp.sum(weights * held) - value])


@jax.jit
def _march(
    mu: Array, u: Array, weights: Array, first: Array, last: Array, planar: Array, steps: Array, stretch: Array
) -> Array:
    """Newton's method at `steps` values of the held quantity after `first`, up to `last`; each starts from a secant.

    The steps are equal for `stretch` 1; else they grow geometrically, `stretch` times from the first to the last.
    """
    equal = stretch == 1.0
    growth = jnp.log(jnp.where(equal, 2.0, stretch))

    def newton(u: Array, value: Array) -> Array:
        def more(carry: tuple[Array, Array, Array]) -> Array:
            return (carry[1] > 1e-14) & (carry[2] < _NEWTON_STEPS)

        def step(carry: tuple[Array, Array, Array]) -> tuple[Array, Array, Array]:
            u, _, count = carry

            def both(u: Array) -> tuple[Array, Array]:
                r = _residual(mu, u, weights, value, planar)
                return r, r

            slope, r = jax.jacfwd(both, has_aux=True)(u)
            change = jnp.linalg.solve(slope, r)
            size = jnp.max(jnp.abs(change))
            return u - change * jnp.minimum(1.0, 0.1 / size), size, count + 1

        return jax.lax.while_loop(more, step, (u, jnp.asarray(jnp.inf), jnp.zeros((), jnp.int32)))[0]

    def advance(i: Array, carry: tuple[Array, Array]) -> tuple[Array, Array]:
        before, now = carry
        fraction = (i + 1).astype(u.dtype) / steps.astype(u.dtype)
        fraction = jnp.where(equal, fraction, jnp.expm1(growth * fraction) / jnp.expm1(growth))
        guess = jnp.where(i > 0, 2.0 * now - before, now)
        return now, newton(guess, first + fraction * (last - first))

    return jax.lax.fori_loop(0, steps, advance, (u, u))[1]


def _orbit(mu: Array, u: Array, weights: Array, value: Array, planar: Array) -> PeriodicOrbit:
    """The orbit at `u`, which solves it, with derivatives by `mu` and `value`."""

    def equations(u: Array) -> Array:
        return _residual(mu, u, weights, value, planar)

    def solve_linear(g: object, y: Array) -> Array:
        return jnp.linalg.solve(jax.jacfwd(g)(jnp.zeros_like(y)), y)  # type: ignore[arg-type]

    u = jax.lax.custom_root(equations, jax.lax.stop_gradient(u), lambda f, x: x, solve_linear)
    residual = jnp.max(jnp.abs(jax.lax.stop_gradient(equations(u))))
    moving = (u[3] > 0.0) & (jnp.abs(u[2]) > _LEAST) & (planar | (jnp.abs(u[1]) > _LEAST))
    converged = (residual < _TOLERANCE) & moving
    good = jnp.where(converged, u, jnp.nan)
    return PeriodicOrbit(state=_state(good), period=2.0 * good[3], residual=residual, converged=converged)


def _continue(
    mu: Array,
    u: Array,
    held: Held,
    first: Array | None,
    value: ArrayLike,
    planar: bool,
    steps: int,
    stretch: float = 1.0,
) -> PeriodicOrbit:
    if held not in _HELD:
        raise ValueError(f"held is {held!r}; it can be one of {', '.join(_HELD)}")
    value = jnp.asarray(value, jnp.float64)
    weights = jnp.asarray([float(held == name) for name in _HELD])
    start = value if first is None else first
    fixed = jax.lax.stop_gradient((mu, u, weights, start, value))
    found = _march(*fixed, jnp.asarray(planar), jnp.asarray(steps), jnp.asarray(stretch))
    return _orbit(mu, found, weights, value, jnp.asarray(planar))


def correct(
    mass_ratio: ArrayLike, state: ArrayLike, period: ArrayLike, *, held: Held = "x", planar: bool = False
) -> PeriodicOrbit:
    """The periodic orbit near a guess, by differential correction (Howell 1984).

    Args:
        mass_ratio: scalar.
        state: (6,), near a perpendicular crossing of the xz-plane; only x, z and vy are read.
        period: guess of the full period.
        held: what keeps its value from the guess ("jacobi" and "period" too).
        planar: z = 0; the planar problem, where vz = 0 says nothing.

    Returns:
        A `PeriodicOrbit`; NaN and `converged = False` where Newton's method finds none.
    """
    mu, state, period = (jnp.asarray(a, jnp.float64) for a in (mass_ratio, state, period))
    u = jnp.stack([state[0], state[2], state[4], 0.5 * period])
    value = {"x": u[0], "z": u[1], "period": period, "jacobi": jacobi(mu, _state(u))}
    return _continue(mu, u, held, None, value.get(held, period), planar, 1)


def continued(
    mass_ratio: ArrayLike,
    orbit: PeriodicOrbit,
    held: Held,
    value: ArrayLike,
    *,
    planar: bool = False,
    steps: int = 40,
) -> PeriodicOrbit:
    """The orbit of the same family on which `held` has the given `value`, reached from `orbit` in `steps` steps.

    The family must pass from one to the other without a turning point in the held quantity.
    """
    mu = jnp.asarray(mass_ratio, jnp.float64)
    u = jnp.stack([orbit.state[0], orbit.state[2], orbit.state[4], 0.5 * orbit.period])
    first = {"x": u[0], "z": u[1], "period": orbit.period, "jacobi": jacobi(mu, orbit.state)}
    return _continue(mu, u, held, first.get(held, orbit.period), value, planar, steps)


def lyapunov(mass_ratio: ArrayLike, point: int, amplitude: ArrayLike, *, steps: int = 20) -> PeriodicOrbit:
    """The planar Lyapunov orbit about L1, L2 or L3 that crosses the x-axis `amplitude` to the left of the point.

    Starts from the linear oscillation about the point (Szebehely 1967, section 5.3) at 1/`steps` of the amplitude.
    """
    mu, amplitude = jnp.asarray(mass_ratio, jnp.float64), jnp.asarray(amplitude, jnp.float64)
    x = lagrange_points(mu)[point - 1, 0]
    c2 = (1.0 - mu) / jnp.abs(x + mu) ** 3 + mu / jnp.abs(x + mu - 1.0) ** 3
    frequency = jnp.sqrt(1.0 - 0.5 * c2 + 0.5 * jnp.sqrt(9.0 * c2 * c2 - 8.0 * c2))
    ratio = (frequency * frequency + 1.0 + 2.0 * c2) / (2.0 * frequency)  # of the axes, y to x
    small = amplitude / steps
    u = jnp.stack([x - small, jnp.zeros(()), ratio * small * frequency, jnp.pi / frequency])
    return _continue(mu, u, "x", x, x - amplitude, True, steps)


def distant_retrograde(mass_ratio: ArrayLike, distance: ArrayLike, *, steps: int = 30) -> PeriodicOrbit:
    """The planar retrograde orbit about the second body that crosses the x-axis `distance` beyond it.

    Starts from the circular orbit about that body alone at 1/`steps` of the distance, which must lie inside the region
    where that is a fair guess (a tenth of the distance of L1 is).
    """
    mu, distance = jnp.asarray(mass_ratio, jnp.float64), jnp.asarray(distance, jnp.float64)
    small = distance / steps
    motion = jnp.sqrt(mu / small**3) + 1.0  # seen from the rotating frame
    u = jnp.stack([1.0 - mu + small, jnp.zeros(()), -small * motion, jnp.pi / motion])
    return _continue(mu, u, "x", 1.0 - mu + small, 1.0 - mu + distance, True, steps, float(steps))


def halo(mass_ratio: ArrayLike, point: int, z: ArrayLike, *, steps: int = 8) -> PeriodicOrbit:
    """The halo orbit about L1 or L2 whose crossing farther from the xy-plane lies at height `z` (negative: southern).

    Starts from the third-order solution (Richardson 1980) at a tenth of the distance of the point from the second
    body. For the near-rectilinear end of the family, where the height has passed its maximum, see `near_rectilinear`.
    """
    mu, z = jnp.asarray(mass_ratio, jnp.float64), jnp.asarray(z, jnp.float64)
    reach = jnp.abs(lagrange_points(mu)[point - 1, 0] - 1.0 + mu)
    u = halo_guess(mu, point, 0.1 * reach * jnp.sign(z))
    return _continue(mu, u, "z", u[1], z, False, steps)


def near_rectilinear(
    mass_ratio: ArrayLike, period: ArrayLike, *, northern: bool = False, steps: int = 40
) -> PeriodicOrbit:
    """The near-rectilinear halo orbit about L2 of the given period, at its apoapsis from the second body.

    Along the L2 family the period falls all the way from the halo orbits near the plane to the near-rectilinear ones.
    The 9:2 synodic resonance of Earth and Moon is 2/9 of a synodic month of 2 pi 29.5306/27.3217: a period of 1.509.
    """
    mu = jnp.asarray(mass_ratio, jnp.float64)
    reach = lagrange_points(mu)[1, 0] - 1.0 + mu
    start = halo(mu, 2, 0.6 * reach * (1.0 if northern else -1.0))
    return continued(mu, start, "period", period, steps=steps)


def stability(mass_ratio: ArrayLike, orbit: PeriodicOrbit) -> Stability:
    """How fast an orbit is left, from its monodromy matrix M (the state transition matrix over a period).

    M is symplectic and has 1 twice, so that the other pairs (a, 1/a) follow from tr M and tr M^2: the indices
    (a + 1/a)/2 solve a quadratic equation (Broucke 1969; Howell 1984). Errors: rounding times |a|^2.
    """
    m = propagate_with_stm(mass_ratio, orbit.state, orbit.period)[1]
    alpha = 2.0 - jnp.trace(m)
    beta = 0.5 * (alpha * alpha + 2.0 - jnp.trace(m @ m))
    spread = jnp.sqrt((alpha * alpha - 4.0 * beta + 8.0).astype(jnp.complex128))
    middle = -alpha.astype(jnp.complex128)
    pair = jnp.stack([middle + spread, middle - spread]) / 4.0  # the two indices
    offset = jnp.sqrt(pair * pair - 1.0)
    sign = jnp.where(jnp.real(jnp.conj(pair) * offset) < 0.0, -1.0, 1.0)  # the sum must not cancel
    large = pair + sign * offset
    large = large[jnp.argsort(-jnp.abs(large))]
    eigenvalues = jnp.stack([large[0], 1.0 / large[0], large[1], 1.0 / large[1]])
    size = jnp.abs(large[0])
    growth = jnp.log(size) / orbit.period
    stable = growth <= 0.0
    doubling = jnp.where(stable, jnp.inf, jnp.log(2.0) / jnp.where(stable, 1.0, growth))
    return Stability(eigenvalues=eigenvalues, index=0.5 * (size + 1.0 / size), time_to_double=doubling)
