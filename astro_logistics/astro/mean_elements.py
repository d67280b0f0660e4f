"""Approximate planets without a kernel: Keplerian elements that drift linearly (Standish), for long spans.

A named model of lower accuracy: it never stands in for the ephemeris by itself.
"""

from __future__ import annotations

import difflib
import math
from functools import partial
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.astro.anomalies import eccentric_from_mean
from astro_logistics.constants import ASTRONOMICAL_UNIT, DAY, J2000_JULIAN_DATE, JULIAN_YEAR
from astro_logistics.pytree import Pytree, static

_OBLIQUITY = math.radians(23.43928)  # of the J2000 ecliptic, as given with the tables
_CENTURY = 100.0 * JULIAN_YEAR


class _Table(NamedTuple):
    """Elements a [au], e, I, L, longitude of perihelion, longitude of node [deg]; rates per Julian century."""

    start: float  # TDB seconds past J2000
    stop: float
    at_j2000: dict[str, tuple[float, ...]]
    per_century: dict[str, tuple[float, ...]]
    mean_anomaly: dict[str, tuple[float, ...]]  # b, c, s [deg], f [deg per century]: M += b T^2 + c cos fT + s sin fT


def _years(first: float, last: float) -> tuple[float, float]:
    return (first - J2000_JULIAN_DATE) * DAY, (last - J2000_JULIAN_DATE) * DAY


TABLES = {
    "1800-2050": _Table(
        *_years(2378496.5, 2470172.5),
        {
            "mercury": (0.38709927, 0.20563593, 7.00497902, 252.2503235, 77.45779628, 48.33076593),
            "venus": (0.72333566, 0.00677672, 3.39467605, 181.9790995, 131.60246718, 76.67984255),
            "emb": (1.00000261, 0.01671123, -1.531e-05, 100.46457166, 102.93768193, 0.0),
            "mars": (1.52371034, 0.0933941, 1.84969142, -4.55343205, -23.94362959, 49.55953891),
            "jupiter": (5.202887, 0.04838624, 1.30439695, 34.39644051, 14.72847983, 100.47390909),
            "saturn": (9.53667594, 0.05386179, 2.48599187, 49.95424423, 92.59887831, 113.66242448),
            "uranus": (19.18916464, 0.04725744, 0.77263783, 313.23810451, 170.9542763, 74.01692503),
            "neptune": (30.06992276, 0.00859048, 1.77004347, -55.12002969, 44.96476227, 131.78422574),
        },
        {
            "mercury": (3.7e-07, 1.906e-05, -0.00594749, 149472.67411175, 0.16047689, -0.12534081),
            "venus": (3.9e-06, -4.107e-05, -0.0007889, 58517.81538729, 0.00268329, -0.27769418),
            "emb": (5.62e-06, -4.392e-05, -0.01294668, 35999.37244981, 0.32327364, 0.0),
            "mars": (1.847e-05, 7.882e-05, -0.00813131, 19140.30268499, 0.44441088, -0.29257343),
            "jupiter": (-0.00011607, -0.00013253, -0.00183714, 3034.74612775, 0.21252668, 0.20469106),
            "saturn": (-0.0012506, -0.00050991, 0.00193609, 1222.49362201, -0.41897216, -0.28867794),
            "uranus": (-0.00196176, -4.397e-05, -0.00242939, 428.48202785, 0.40805281, 0.04240589),
            "neptune": (0.00026291, 5.105e-05, 0.00035372, 218.45945325, -0.32241464, -0.00508664),
        },
        {},
    ),
    "3000BC-3000AD": _Table(
        *_years(625697.5, 2817152.5),
        {
            "mercury": (0.38709843, 0.20563661, 7.00559432, 252.25166724, 77.45771895, 48.33961819),
            "venus": (0.72332102, 0.00676399, 3.39777545, 181.9797085, 131.76755713, 76.67261496),
            "emb": (1.00000018, 0.01673163, -0.00054346, 100.46691572, 102.93005885, -5.11260389),
            "mars": (1.52371243, 0.09336511, 1.85181869, -4.56813164, -23.91744784, 49.71320984),
            "jupiter": (5.20248019, 0.0485359, 1.29861416, 34.33479152, 14.27495244, 100.29282654),
            "saturn": (9.54149883, 0.05550825, 2.49424102, 50.07571329, 92.86136063, 113.63998702),
            "uranus": (19.18797948, 0.0468574, 0.77298127, 314.20276625, 172.43404441, 73.96250215),
            "neptune": (30.06952752, 0.00895439, 1.7700552, 304.22289287, 46.68158724, 131.78635853),
        },
        {
            "mercury": (0.0, 2.123e-05, -0.00590158, 149472.67486623, 0.15940013, -0.12214182),
            "venus": (-2.6e-07, -5.107e-05, 0.00043494, 58517.8156026, 0.05679648, -0.27274174),
            "emb": (-3e-08, -3.661e-05, -0.01337178, 35999.37306329, 0.3179526, -0.24123856),
            "mars": (9.7e-07, 9.149e-05, -0.00724757, 19140.29934243, 0.45223625, -0.26852431),
            "jupiter": (-2.864e-05, 0.00018026, -0.00322699, 3034.90371757, 0.18199196, 0.13024619),
            "saturn": (-3.065e-05, -0.00032044, 0.00451969, 1222.11494724, 0.54179478, -0.25015002),
            "uranus": (-0.00020455, -1.55e-05, -0.00180155, 428.49512595, 0.09266985, 0.05739699),
            "neptune": (6.447e-05, 8.18e-06, 0.000224, 218.46515314, 0.01009938, -0.00606302),
        },
        {
            "jupiter": (-0.00012452, 0.0606406, -0.35635438, 38.35125),
            "saturn": (0.00025899, -0.13434469, 0.87320147, 38.35125),
            "uranus": (0.00058331, -0.97731848, 0.17689245, 7.67025),
            "neptune": (-0.00041348, 0.68346318, -0.10162547, 7.67025),
        },
    ),
}
"""Tables 1 and 2 of E. M. Standish (JPL Solar System Dynamics), "Approximate Positions of the Planets", 1992; Standish
and Williams 2013, in Urban and Seidelmann, Explanatory Supplement to the Astronomical Almanac, table 8.10."""


class MeanElements(Pytree):
    """The interface of `Ephemeris` on Standish's mean elements; `earth` is the Earth-Moon barycenter.

    Largest errors of position and velocity against DE440 (the tests hold them to these figures), table 1800-2050 from
    2025 to 2050: venus 15e6 m, 4 m/s; emb 16e6 m, 3 m/s; earth 21e6 m, 16 m/s (the Moon's pull); mars 90e6 m, 7 m/s;
    jupiter 1.9e9 m, 24 m/s. Table 3000BC-3000AD from 2025 to 2060: venus 20e6 m, 5 m/s; emb 30e6 m, 5 m/s; earth
    35e6 m, 18 m/s; mars 180e6 m, 17 m/s; jupiter 2.2e9 m, 21 m/s.
    """

    table: str = static(doc="which of TABLES", default="1800-2050")

    @property
    def span(self) -> tuple[float, float]:
        """First and last time that the table was fitted to, TDB seconds past J2000."""
        return self._table.start, self._table.stop

    @property
    def bodies(self) -> tuple[str, ...]:
        """Names that `state` understands."""
        return ("sun", "earth", *self._table.at_j2000)

    @property
    def _table(self) -> _Table:
        if self.table not in TABLES:
            raise ValueError(f"there is no table {self.table!r}; there are: {', '.join(TABLES)}")
        return TABLES[self.table]

    def state(self, body: str, t: ArrayLike, center: str = "sun") -> tuple[Array, Array]:
        """Position and velocity of `body` relative to `center`; the velocity is the derivative of the position.

        Args:
            body: static; one of `bodies`.
            t: TDB seconds past J2000, any shape (...).
            center: static; likewise.

        Returns:
            r (..., 3) m and v (..., 3) m/s, ICRF axes; NaN outside `span`.

        Raises:
            ValueError: no such body; the nearest name is offered.

        Errors: see the class. References: Standish 1992, sec. "Formulae".
        """
        t = jnp.asarray(t, jnp.float64)
        r, v = self._heliocentric(body, t)
        r0, v0 = self._heliocentric(center, t)
        return r - r0, v - v0

    def _heliocentric(self, body: str, t: Array) -> tuple[Array, Array]:
        if body not in self.bodies:
            near = difflib.get_close_matches(str(body).lower(), self.bodies, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            raise ValueError(f"mean elements have no body {body!r}{hint} They have: {', '.join(self.bodies)}.")
        if body == "sun":
            still = jnp.zeros((*t.shape, 3)) + jnp.where(jnp.isfinite(t), 0.0, jnp.nan)[..., None]
            return still, still
        return _moving(t, self.table, "emb" if body == "earth" else body)


def state(body: str, t: ArrayLike) -> tuple[Array, Array]:
    """Heliocentric position and velocity from the table 1800-2050: `MeanElements().state(body, t)`.

    Args:
        body: static; a planet, `emb` or `earth`.
        t: TDB seconds past J2000, any shape (...).

    Returns:
        r (..., 3) m and v (..., 3) m/s, ICRF axes; NaN outside 1800 to 2050.
    """
    return MeanElements().state(body, t)


@partial(jax.jit, static_argnames=("table", "body"))
def _moving(t: Array, table: str, body: str) -> tuple[Array, Array]:
    return jax.jvp(lambda time: _position(time, TABLES[table], body), (t,), (jnp.ones_like(t),))


def _position(t: Array, table: _Table, body: str) -> Array:
    inside = (t >= table.start) & (t <= table.stop)
    centuries = (t + jnp.where(inside, 0.0, jnp.nan)) / _CENTURY
    values, rates = table.at_j2000[body], table.per_century[body]
    a, e, *angles = (x + rate * centuries for x, rate in zip(values, rates, strict=True))
    inclination, mean_longitude, periapsis, node = (math.pi / 180.0 * x for x in angles)
    mean = mean_longitude - periapsis
    if body in table.mean_anomaly:
        b, c, s, f = (math.pi / 180.0 * x for x in table.mean_anomaly[body])
        mean = mean + b * centuries**2 + c * jnp.cos(f * centuries) + s * jnp.sin(f * centuries)
    eccentric = eccentric_from_mean(mean, e)
    x = ASTRONOMICAL_UNIT * a * (jnp.cos(eccentric) - e)
    y = ASTRONOMICAL_UNIT * a * jnp.sqrt(1.0 - e * e) * jnp.sin(eccentric)
    argp = periapsis - node
    along, across = x * jnp.cos(argp) - y * jnp.sin(argp), x * jnp.sin(argp) + y * jnp.cos(argp)
    ecliptic_x = along * jnp.cos(node) - across * jnp.sin(node) * jnp.cos(inclination)
    ecliptic_y = along * jnp.sin(node) + across * jnp.cos(node) * jnp.cos(inclination)
    ecliptic_z = across * jnp.sin(inclination)
    cos, sin = np.cos(_OBLIQUITY), np.sin(_OBLIQUITY)
    return jnp.stack([ecliptic_x, cos * ecliptic_y - sin * ecliptic_z, sin * ecliptic_y + cos * ecliptic_z], axis=-1)
