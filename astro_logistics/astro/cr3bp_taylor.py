"""Taylor series of the circular restricted three-body problem and of its sensitivities, many lanes at once.

The coefficients of a trajectory follow from recurrences (Jorba and Zou 2005, section 2): a product of two series is a
sum of products of their coefficients, and q = s^a obeys s q' = a s' q. The sensitivities to the initial state and to
the mass ratio are series of the same kind. Lanes come last: a state is (6, N).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax import Array

Series = list[Array]
Run = Callable[..., tuple[Array, ...]]


def runner(flag: Array) -> Run:
    """A function that runs a stage behind a branch on `flag`, which is always true but not known to the compiler.

    XLA merges a producer into each of its consumers, which in a recurrence repeats the work of every order in all
    later ones. It does not merge across a branch.
    """

    def run(stage: Callable[..., tuple[Array, ...]], *args: Any) -> tuple[Array, ...]:
        shapes = jax.eval_shape(stage, *args)
        return jax.lax.cond(flag, stage, lambda *_: tuple(jnp.zeros(s.shape, s.dtype) for s in shapes), *args)

    return run


def _convolve(a: Series, b: Series, n: int, low: int = 0) -> Array:
    """Sum of a_j b_(n-j) for j from `low` to n."""
    total = a[low] * b[n - low]
    for j in range(low + 1, n + 1):
        total = total + a[j] * b[n - j]
    return total


def _inner_square(a: Series, n: int) -> Array:
    """Sum of a_j a_(n-j) for j from 1 to n - 1: the part of the square that leaves out a_0."""
    total = jnp.zeros_like(a[0])
    for j in range(1, (n + 1) // 2):
        total = total + 2.0 * (a[j] * a[n - j])
    return total + a[n // 2] * a[n // 2] if n % 2 == 0 else total


def _power(s: Series, q: Series, inverse: Array, exponent: float, n: int) -> Array:
    """Coefficient n of q = s^exponent from the earlier ones; `inverse` is 1/s_0."""
    total = exponent * (s[n] * q[0])
    for j in range(1, n):
        total = total + (exponent * (n - j) - j) / n * (s[n - j] * q[j])
    return total * inverse


class Path(NamedTuple):
    """Series along one step: position, and what the sensitivities share with it (1 is the first body, 2 the second)."""

    x: Series
    y: Series
    z: Series
    d1: Array  # x_0 measured from the bodies
    d2: Array
    s1: Series  # squared distances
    s2: Series
    u1: Series  # inverse cubes of the distances
    u2: Series
    q: Series  # (1 - mu) u1 + mu u2


def path(mu: Array, state: Array, order: int, run: Run) -> Path:
    """Position series up to degree `order` + 1 from the equations of motion (Szebehely 1967, section 1.5).

    Args:
        mu: (N,), mass ratio.
        state: (6, N).
        order: degree of the velocity series.
        run: from `runner`.
    """

    def start(mu: Array, state: Array) -> tuple[Array, ...]:
        d1, d2 = state[0] + mu, state[0] + mu - 1.0
        square = state[1] * state[1] + state[2] * state[2]
        s1, s2 = d1 * d1 + square, d2 * d2 + square
        i1, i2 = 1.0 / s1, 1.0 / s2
        u1, u2 = i1 * jnp.sqrt(i1), i2 * jnp.sqrt(i2)
        return *state, d1, d2, s1, s2, i1, i2, u1, u2, (1.0 - mu) * u1 + mu * u2

    x0, y0, z0, vx, vy, vz, d1, d2, s1_0, s2_0, i1, i2, u1_0, u2_0, q_0 = run(start, mu, state)
    p = Path([x0, vx], [y0, vy], [z0, vz], d1, d2, [s1_0], [s2_0], [u1_0], [u2_0], [q_0])

    def inner(p: Path, n: int) -> Array:
        middle = _inner_square(p.x, n) + _inner_square(p.y, n) + _inner_square(p.z, n)
        return middle + 2.0 * (p.y[0] * p.y[n] + p.z[0] * p.z[n])

    def accelerate(mu: Array, p: Path, square: Array, n: int) -> tuple[Array, ...]:
        # d1 u1 and d2 u2 differ in their first factor's coefficient of degree 0 only
        pull = (1.0 - mu) * p.d1 * p.u1[n] + mu * p.d2 * p.u2[n]
        q = [*p.q[:n], (1.0 - mu) * p.u1[n] + mu * p.u2[n]]
        if n > 0:
            pull = pull + _convolve(p.x, q, n, 1)
        scale = 1.0 / ((n + 1) * (n + 2))
        x = scale * (2.0 * (n + 1) * p.y[n + 1] + p.x[n] - pull)
        y = scale * (-2.0 * (n + 1) * p.x[n + 1] + p.y[n] - _convolve(p.y, q, n))
        z = -scale * _convolve(p.z, q, n)
        along = 2.0 * p.x[n + 1]
        return x, y, z, q[n], square + along * p.d1, square + along * p.d2

    def invert(p: Path, i1: Array, i2: Array, n: int) -> tuple[Array, ...]:
        return _power(p.s1, p.u1, i1, -1.5, n), _power(p.s2, p.u2, i2, -1.5, n), inner(p, n + 1)

    (square,) = run(lambda p: (inner(p, 1),), p)
    for n in range(order):
        x, y, z, q, s1, s2 = run(lambda mu, p, square, n=n: accelerate(mu, p, square, n), mu, p, square)
        for series, value in zip((p.x, p.y, p.z, p.s1, p.s2), (x, y, z, s1, s2), strict=True):
            series.append(value)
        if n > 0:
            p.q.append(q)
        if n < order - 1:
            u1, u2, square = run(lambda p, i1, i2, n=n: invert(p, i1, i2, n + 1), p, i1, i2)
            p.u1.append(u1)
            p.u2.append(u2)
    return p


class _Window:
    """A series in a buffer that is zero before degree 0 and where not yet written; read backwards from degree n."""

    def __init__(self, buffer: Array, n: Array, order: int):
        self.buffer, self.n, self.order = buffer, n, order

    def back(self, j: int) -> Array:
        """Coefficient n - j."""
        return jax.lax.dynamic_index_in_dim(self.buffer, self.n + (self.order - j), keepdims=False)

    def product(self, a: Array | Series, terms: int, low: int = 0) -> Array:
        """Coefficient n of the product with `a`, from its coefficients `low` to `terms` - 1."""
        total = a[low] * self.back(low)
        for j in range(low + 1, terms):
            total = total + a[j] * self.back(j)
        return total


def _store(buffer: Array, n: Array, value: Array, order: int) -> Array:
    return jax.lax.dynamic_update_index_in_dim(buffer, value, n + order, 0)


def _padded(series: Series, order: int) -> Array:
    return jnp.concatenate([jnp.zeros((order, *series[0].shape)), jnp.stack(series)])


class _Forces(NamedTuple):
    """Series of the derivatives of the gravitational acceleration, (order, N) each: by position and by mass ratio."""

    xx: Array
    xy: Array
    xz: Array
    yy: Array
    yz: Array
    zz: Array
    x_mu: Array
    y_mu: Array
    z_mu: Array


def _force_derivatives(mu: Array, p: Path, order: int, run: Run) -> _Forces:
    """From the series of the inverse fifth powers of the distances; their products are summed degree by degree."""
    weights = (3.0 * (1.0 - mu), 3.0 * mu)
    known = tuple(jnp.stack(u[:order]) for u in (p.u1, p.u2, p.q))
    difference = _padded([a - b for a, b in zip(p.u1, p.u2, strict=True)], order)

    def fifth(n: Array, f1: Array, f2: Array) -> tuple[Array, ...]:
        def one(weight: Array, u: Array, s: Series, f: Array) -> Array:
            rest = _Window(f, n, order).product(s, order, 1)
            return (weight * jax.lax.dynamic_index_in_dim(u, n, keepdims=False) - rest) / s[0]

        f1_n, f2_n = one(weights[0], known[0], p.s1, f1), one(weights[1], known[1], p.s2, f2)
        return f1_n, f2_n, f1_n + f2_n

    def once(n: Array, f1: Array, f2: Array, f: Array) -> tuple[Array, ...]:
        w1, w2, w = (_Window(a, n, order) for a in (f1, f2, f))
        b1 = p.d1 * w1.back(0) + w1.product(p.x, order, 1)
        b2 = p.d2 * w2.back(0) + w2.product(p.x, order, 1)
        return b1, b2, w.product(p.y, order)

    def twice(n: Array, b1: Array, b2: Array, b: Array, c: Array) -> tuple[Array, ...]:
        w, wc = _Window(b, n, order), _Window(c, n, order)
        q = jax.lax.dynamic_index_in_dim(known[2], n, keepdims=False)
        xx = p.d1 * b1 + p.d2 * b2 + w.product(p.x, order, 1) - q
        yy = wc.product(p.y, order) - q
        return xx, w.product(p.y, order), w.product(p.z, order), yy, wc.product(p.z, order)

    def by_mu(n: Array, xx: Array, xy: Array, xz: Array) -> tuple[Array, ...]:
        u1, u2 = (jax.lax.dynamic_index_in_dim(u, n, keepdims=False) for u in known[:2])
        w = _Window(difference, n, order)
        x = p.d1 * u1 - p.d2 * u2 + w.product(p.x, order, 1) + xx
        return x, w.product(p.y, order) + xy, w.product(p.z, order) + xz

    def body(n: Array, carry: tuple[Array, ...]) -> tuple[Array, ...]:
        f1, f2, f, b, c, *found = carry
        f1_n, f2_n, f_n = run(fifth, n, f1, f2)
        f1, f2, f = _store(f1, n, f1_n, order), _store(f2, n, f2_n, order), _store(f, n, f_n, order)
        b1_n, b2_n, c_n = run(once, n, f1, f2, f)
        b, c = _store(b, n, b1_n + b2_n, order), _store(c, n, c_n, order)
        xx, xy, xz, yy, yz = run(twice, n, b1_n, b2_n, b, c)
        mu_rows = run(by_mu, n, xx, xy, xz)
        new = (xx, xy, xz, yy, yz, -xx - yy, *mu_rows)  # zz from Laplace's equation
        found = (_store(buffer, n, value, 0) for buffer, value in zip(found, new, strict=True))
        return f1, f2, f, b, c, *found

    lanes = mu.shape[0]
    work = tuple(jnp.zeros((2 * order, lanes)) for _ in range(5))
    found = tuple(jnp.zeros((order, lanes)) for _ in range(9))
    return _Forces(*jax.lax.fori_loop(0, order, body, (*work, *found))[5:])


def sensitivity(
    mu: Array, p: Path, initial: Array, order: int, with_mass_ratio: bool, run: Run
) -> tuple[Array, Array, Array]:
    """Series of the position rows of the sensitivities up to degree `order` + 1.

    Args:
        mu: (N,).
        p: from `path`, of the same order.
        initial: (6, C, N), sensitivities at the start of the step.
        order: as in `path`.
        with_mass_ratio: the last column is the sensitivity to `mu`.
        run: from `runner`.

    Returns:
        Three arrays (order + 2, C, N).
    """
    force = _force_derivatives(mu, p, order, run)
    last = jnp.zeros((initial.shape[1], 1)).at[-1, 0].set(1.0)

    def advance(terms: int, n: Array, x: Array, y: Array, z: Array, force: _Forces) -> tuple[Array, ...]:
        wx, wy, wz = (_Window(a, n, order) for a in (x, y, z))
        f = _Forces(*(a[:, None, :] for a in force))

        def row(gx: Array, gy: Array, gz: Array) -> Array:
            return wx.product(gx, terms) + wy.product(gy, terms) + wz.product(gz, terms)

        m = n.astype(mu.dtype)
        a = 2.0 * (m + 1.0) * wy.back(-1) + wx.back(0) + row(f.xx, f.xy, f.xz)
        b = -2.0 * (m + 1.0) * wx.back(-1) + wy.back(0) + row(f.xy, f.yy, f.yz)
        c = row(f.xz, f.yz, f.zz)
        if with_mass_ratio:
            own = (jax.lax.dynamic_index_in_dim(g, n, keepdims=False) for g in (f.x_mu, f.y_mu, f.z_mu))
            a, b, c = (r + last * g for r, g in zip((a, b, c), own, strict=True))
        scale = 1.0 / ((m + 1.0) * (m + 2.0))
        return scale * a, scale * b, scale * c

    def body(terms: int, n: Array, rows: tuple[Array, ...]) -> tuple[Array, ...]:
        new = run(lambda *a: advance(terms, *a), n, *rows, force)
        return tuple(_store(a, n + 2, v, order) for a, v in zip(rows, new, strict=True))

    rows = tuple(_padded([initial[i], initial[i + 3], *[jnp.zeros_like(initial[0])] * order], order) for i in range(3))
    half = order // 2  # in the first half of the degrees only half of the terms are there
    rows = jax.lax.fori_loop(0, half, lambda n, r: body(half, n, r), rows)
    rows = jax.lax.fori_loop(half, order, lambda n, r: body(order, n, r), rows)
    return rows[0][order:], rows[1][order:], rows[2][order:]


def evaluate(series: tuple[Array | Series, ...], h: Array) -> Array:
    """Position and velocity rows (6, ..., N) at time `h` from the position series (Horner)."""

    def value(c: Array | Series) -> Array:
        total = c[-1]
        for k in range(len(c) - 2, -1, -1):
            total = total * h + c[k]
        return total

    def slope(c: Array | Series) -> Array:
        total = (len(c) - 1.0) * c[-1]
        for k in range(len(c) - 2, 0, -1):
            total = total * h + float(k) * c[k]
        return total

    return jnp.stack([*(value(c) for c in series), *(slope(c) for c in series)])
