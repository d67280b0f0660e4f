"""Where the Sun, the planets and the Moon are: Chebyshev series of a JPL SPK kernel, evaluated in JAX.

Positions and velocities are geometric (no light time, no aberration), on ICRF axes, at TDB seconds past J2000.
"""

from __future__ import annotations

import difflib
import math
import os
from collections.abc import Callable
from functools import partial
from importlib import resources
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike
from jplephem.spk import SPK
from jplephem.spk import Segment as SpkSegment

from astro_logistics.compiling import is_staged
from astro_logistics.named_checks import watched, within
from astro_logistics.pytree import Pytree, static

NAIF_IDS: dict[str, tuple[int, ...]] = {
    "ssb": (0,),
    "sun": (10,),
    "mercury": (199, 1),
    "venus": (299, 2),
    "emb": (3,),
    "earth": (399,),
    "moon": (301,),
    "mars": (499, 4),
    "jupiter": (599, 5),
    "saturn": (699, 6),
    "uranus": (799, 7),
    "neptune": (899, 8),
    "pluto": (999, 9),
}
"""NAIF integer codes by name, the best first: the planet's center, else the barycenter of its system stands for it.

For Venus the two coincide; the center of Mars lies within 0.3 m of its barycenter, that of Jupiter within 300 km.
`ssb` is the Solar System barycenter, `emb` that of the Earth and the Moon.
"""

KERNEL = "de440_2025_2060.bsp"
"""The packaged excerpt of JPL DE440."""

_CHUNK = 8192  # times evaluated together: their coefficients (about 3 MB a segment) stay in the processor's cache
_ICRF = 1  # NAIF frame code of the ICRF ("J2000")


class Segment(Pytree):
    """One SPK segment: Chebyshev coefficients of the position of `target` seen from `center`."""

    coefficients: Array  # (intervals, terms, 3 or 6), m and m/s
    target: int = static(doc="NAIF code")
    center: int = static(doc="NAIF code")
    first: float = static(doc="TDB seconds past J2000 at which the first interval begins")
    interval: float = static(doc="length of an interval, s")
    start: float = static(doc="first time the segment speaks for, TDB seconds past J2000")
    stop: float = static(doc="last time the segment speaks for, TDB seconds past J2000")


class Ephemeris(Pytree):
    """Positions and velocities from the segments of an SPK kernel. Make one with `load`."""

    segments: tuple[Segment, ...]

    @property
    def span(self) -> tuple[float, float]:
        """First and last time that every body has, TDB seconds past J2000."""
        pairs = {(s.target, s.center) for s in self.segments}
        of_pair = [[s for s in self.segments if (s.target, s.center) == pair] for pair in pairs]
        return max(min(s.start for s in same) for same in of_pair), min(max(s.stop for s in same) for same in of_pair)

    @property
    def bodies(self) -> tuple[str, ...]:
        """Names that `state` understands for this kernel."""
        known = {s.target for s in self.segments} | {s.center for s in self.segments}
        return tuple(name for name, codes in NAIF_IDS.items() if known & set(codes))

    def state(self, body: str | int, t: ArrayLike, center: str | int = "sun") -> tuple[Array, Array]:
        """Position and velocity of `body` relative to `center`.

            r = sum_k c_k T_k(s),  v = (2 / interval) sum_k c_k T_k'(s),  s in [-1, 1] the time within its interval

        Differentiable in `t` to any order. A planet whose kernel has no center segment is its system's barycenter.

        Args:
            body: static; a name of `NAIF_IDS` or a NAIF code.
            t: TDB seconds past J2000, any shape (...).
            center: static; likewise.

        Returns:
            r (..., 3) m and v (..., 3) m/s, ICRF; NaN where `t` is outside the kernel.

        Raises:
            ValueError: the kernel has no such body; the nearest name is offered.

        Errors: agrees with the kernel to 0.02 m and 1e-8 m/s near 1 au, the rounding of t (1.2e-7 s) included;
        the accuracy of
        DE440 itself is in Park et al. 2021. Where a type 3 segment gives
        the velocity a series of its own, that series is used.

        References: NAIF, SPK Required Reading, types 2 and 3; Clenshaw 1955.
        """
        route = _route(self.segments, self._code(body), self._code(center))
        if is_staged():
            first, last = self._span_of(route)
            t = watched(t, [(f"state of {body}: t (TDB seconds past J2000)", within(first, last), (t,))])
        return _state(self.segments, jnp.asarray(t, jnp.float64), route=route)

    def _span_of(self, route: Route) -> tuple[float, float]:
        """First and last time that every segment pair of a route has."""
        of_pair = [[self.segments[i] for i in places] for _, places in route]
        return (
            max((min(s.start for s in same) for same in of_pair), default=-math.inf),
            min((max(s.stop for s in same) for same in of_pair), default=math.inf),
        )

    def _code(self, body: str | int) -> int:
        known = {s.target for s in self.segments} | {s.center for s in self.segments}
        codes = (body,) if isinstance(body, int) else NAIF_IDS.get(body, ())
        for code in codes:
            if code in known:
                return code
        near = difflib.get_close_matches(str(body).lower(), self.bodies, n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ValueError(f"this ephemeris has no body {body!r}{hint} It has: {', '.join(self.bodies)}.")


def packaged() -> Path:
    """The excerpt of JPL DE440 that comes with the package: Sun, Venus, Earth, Moon, Mars and Jupiter, 2025 to 2060.

    Raises:
        FileNotFoundError: neither the installed package nor the checkout has it.
    """
    package = Path(str(resources.files("astro_logistics")))
    places = [folder / "ephemeris" / KERNEL for folder in (package / "_data", package.parent / "data")]
    for place in places:
        if place.is_file():
            return place
    raise FileNotFoundError(f"the packaged ephemeris is at neither {places[0]} nor {places[1]}; reinstall the package")


def load(path: str | os.PathLike[str] | None = None) -> Ephemeris:
    """Read an SPK kernel (.bsp) whose segments are Chebyshev series: data types 2 and 3, ICRF axes.

    Args:
        path: the file; the packaged excerpt of DE440 if None.

    Returns:
        The ephemeris; all its coefficients are in memory.

    Raises:
        OSError: the file cannot be read.
        ValueError: it is not an SPK file, or holds a segment of another type or frame.
    """
    name = os.fspath(packaged() if path is None else path)
    with SPK.open(name) as kernel:
        if not kernel.segments:
            raise ValueError(f"{name}: the kernel holds no segment")
        return Ephemeris(segments=tuple(_read(s, name) for s in kernel.segments))


def _read(segment: SpkSegment, path: str) -> Segment:
    if segment.data_type not in (2, 3) or segment.frame != _ICRF:
        raise ValueError(
            f"{path}: segment {segment.center} -> {segment.target} has data type {segment.data_type} in frame "
            f"{segment.frame}; only types 2 and 3 (Chebyshev) in frame 1 (ICRF) can be read"
        )
    first, interval, _, count = segment.daf.read_array(segment.end_i - 3, segment.end_i)
    coefficients = np.moveaxis(segment.load_array()[2], 0, -1)  # (component, interval, term) in the file; km
    return Segment(
        coefficients=jnp.asarray(1000.0 * coefficients),
        target=segment.target,
        center=segment.center,
        first=float(first),
        interval=float(interval),
        start=max(segment.start_second, float(first)),
        stop=min(segment.end_second, float(first + interval * count)),
    )


Route = tuple[tuple[float, tuple[int, ...]], ...]
"""Sign, and the places in `segments` of the segments of one target-center pair: what to add up."""


def _route(segments: tuple[Segment, ...], body: int, center: int) -> Route:
    """The pairs that lead from `center` to `body` over their nearest common ancestor."""

    def climb(code: int) -> list[int]:
        chain = [code]
        above = {s.target: s.center for s in segments}
        while chain[-1] in above and above[chain[-1]] not in chain:
            chain.append(above[chain[-1]])
        return chain

    up, down = climb(body), climb(center)
    if up[-1] != down[-1]:
        raise ValueError(f"the kernel has no chain of segments from {center} to {body}")
    common = next(code for code in up if code in down)

    def pairs(chain: list[int], sign: float) -> Route:
        targets = chain[: chain.index(common)]
        return tuple((sign, tuple(i for i, s in enumerate(segments) if s.target == code)) for code in targets)

    return pairs(up, 1.0) + pairs(down, -1.0)


@partial(jax.jit, static_argnames="route")
def _state(segments: tuple[Segment, ...], t: Array, route: Route) -> tuple[Array, Array]:
    def evaluate(time: Array) -> tuple[Array, Array]:
        r = v = jnp.zeros((*time.shape, 3))
        for sign, places in route:
            dr, dv = _chebyshev(segments[places[0]], time)
            for place in places[1:]:  # a later segment of the same pair takes precedence, as in SPICE
                later = _inside(segments[place], time)[..., None]
                later_r, later_v = _chebyshev(segments[place], time)
                dr, dv = jnp.where(later, later_r, dr), jnp.where(later, later_v, dv)
            r, v = r + sign * dr, v + sign * dv
        return r, v

    return _in_chunks(evaluate, t)


def _inside(segment: Segment, t: Array) -> Array:
    return (t >= segment.start) & (t <= segment.stop)


def _chebyshev(segment: Segment, t: Array) -> tuple[Array, Array]:
    """Position and velocity (n, 3) of one segment at times (n,), by Clenshaw's recurrence and its derivative."""
    inside = _inside(segment, t)
    since = jnp.where(inside, t - segment.first, 0.0)
    index = jnp.minimum(jnp.floor(since / segment.interval), segment.coefficients.shape[0] - 1.0)
    outside = jnp.where(inside, 0.0, jnp.nan)
    s = (2.0 * (t - segment.first - index * segment.interval) / segment.interval - 1.0 + outside)[..., None]
    c = segment.coefficients.at[index.astype(jnp.int32)].get(mode="promise_in_bounds")
    b1 = b2 = jnp.zeros_like(c[:, 0])  # sum of c_k T_k
    d1 = d2 = jnp.zeros_like(c[:, 0])  # its derivative with respect to s
    for k in range(c.shape[1] - 1, 0, -1):
        d1, d2 = 2.0 * b1 + 2.0 * s * d1 - d2, d1
        b1, b2 = c[:, k] + 2.0 * s * b1 - b2, b1
    value = c[:, 0] + s * b1 - b2
    if value.shape[-1] == 6:
        return value[:, :3], value[:, 3:]
    return value, (2.0 / segment.interval) * (b1 + s * d1 - d2)


def _in_chunks(f: Callable[[Array], tuple[Array, Array]], t: Array) -> tuple[Array, Array]:
    """`f` over the times of any shape, a cacheful at a time."""
    flat = t.ravel()
    if flat.size <= _CHUNK:
        r, v = f(flat)
    else:
        rows = -(-flat.size // _CHUNK)
        columns = -(-flat.size // rows)
        padded = jnp.pad(flat, (0, rows * columns - flat.size), mode="edge").reshape(rows, columns)
        r, v = (x.reshape(-1, 3)[: flat.size] for x in jax.lax.map(f, padded))
    return r.reshape(*t.shape, 3), v.reshape(*t.shape, 3)
