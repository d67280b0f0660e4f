"""Orbits to and from poliastro 0.17 and its continuation hapsira 0.18.

Neither package is needed to read an `Orbit` that somebody hands over; writing one needs either of them::

    pip install "astro-logistics[poliastro]"

which brings hapsira 0.18.0 and with it numpy < 2, astropy < 7 and matplotlib < 3.8: an environment of its own.
(poliastro 0.17.0 itself installs on Python 3.10 and below only.)

Coming from poliastro: this call is that call. There, numbers carry units and an orbit is one object; here, numbers are
base SI, times are TDB seconds past J2000, axes are those of the ICRF, and every call takes arrays.

======================================================  ================================================================
poliastro or hapsira                                    astro_logistics
======================================================  ================================================================
``Orbit.from_vectors(body, r, v, epoch)``               ``from_poliastro(orbit)`` -> mu, r, v, epoch
``orbit.propagate(tof)``                                ``astro.kepler.propagate(mu, r, v, tof)``
``Orbit.from_classical(...)``, ``orbit.classical()``    ``astro.elements``: both ways
``Maneuver.lambert(orbit1, orbit2)``,                   ``astro.lambert.lambert(mu, r1, r2, tof)``
``iod.izzo.lambert(k, r0, r, tof, M=m, lowpath=True)``  ``lambert(..., revolutions=m, branch="right")``
``Maneuver.hohmann(orbit, r)``                          ``astro.maneuvers.hohmann(mu, r1, r2)``
``Maneuver.bielliptic(orbit, r_b, r_f)``                ``astro.maneuvers.bielliptic(mu, r1, r_between, r2)``
``threebody.flybys.compute_flyby(v, v_body, k, r, b)``  ``astro.flyby.unpowered(mu, v_body, v, r, b)``: the same angle b
``twobody.thrust.change_a_inc(k, a0, af, i0, if, f)``   ``astro.lowthrust.edelbaum(mu, a0, af, if - i0)``
``Ephem.from_body(body, epochs, attractor=Sun)``        ``astro.ephemeris.load(path).state(body, t, center="sun")``
``plotting.porkchop.PorkchopPlotter``                   ``astro.windows.porkchop``
``orbit.epoch``                                         ``units.to_tdb_seconds(epoch)``, ``units.from_tdb_seconds(t)``
======================================================  ================================================================

Mind that ``Ephem.from_body`` without an attractor is barycentric: taken as heliocentric, it puts the C3 of a transfer
to Mars wrong by up to 7 %.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import erfa
import numpy as np
from astropy import units as u
from astropy.time import Time

from astro_logistics.constants import J2000_JULIAN_DATE
from astro_logistics.units import from_tdb_seconds, to_tdb_seconds

INSTALL = 'pip install "astro-logistics[poliastro]"'

_OBLIQUITY_1976 = np.radians(84381.448 / 3600.0)
_TO_ECLIPTIC: dict[str, np.ndarray] = {
    "Sun": np.array(erfa.rx(_OBLIQUITY_1976, np.eye(3))),  # astropy's HeliocentricEclipticIAU76
    "Earth": np.array(erfa.ecm06(J2000_JULIAN_DATE, 0.0)),  # astropy's GeocentricMeanEcliptic at J2000
}
"""Rotation from ICRF axes to the axes that poliastro's EARTH_ECLIPTIC plane means around each attractor."""


class State(NamedTuple):
    """A state as this package has it, and the name of what it is relative to ("" if the attractor has none)."""

    mu: float  # m3/s2
    r: np.ndarray  # (3,) or (..., 3), m, ICRF axes
    v: np.ndarray  # like r, m/s
    epoch: Any  # TDB seconds past J2000
    attractor: str


class PoliastroError(ValueError):
    """What was handed over is no orbit, or one that has no counterpart; the message says why."""


def from_poliastro(orbit: Any) -> State:
    """State of an `Orbit` (or `OrbitArray`) of poliastro or hapsira, on ICRF axes.

    Only the attributes ``attractor.k``, ``attractor.name``, ``r``, ``v``, ``epoch`` and ``plane`` are read; anything
    that has them will do. An orbit whose plane is the ecliptic is rotated, by the same angles that its own
    ``get_frame`` uses (the obliquity of 1976 around the Sun, that of 2006 with frame bias around the Earth).

    Args:
        orbit: the orbit.

    Returns:
        `State`. ``mu`` is the attractor's own: poliastro's values differ from DE440's in the seventh to ninth digit.

    Raises:
        PoliastroError: it is no orbit, its units do not convert, or its axes are not inertial (BODY_FIXED).
    """
    missing = [name for name in ("attractor", "r", "v", "epoch") if not hasattr(orbit, name)]
    if missing:
        raise PoliastroError(f"{type(orbit).__name__} is no orbit of poliastro or hapsira: it has no {missing[0]!r}")
    try:
        mu = float(orbit.attractor.k.to_value(u.Unit("m3 / s2")))
        r = np.asarray(orbit.r.to_value(u.m), np.float64)
        v = np.asarray(orbit.v.to_value(u.Unit("m / s")), np.float64)
    except (AttributeError, u.UnitConversionError) as error:
        raise PoliastroError(f"an orbit's attractor.k, r and v are Quantities in m3/s2, m and m/s: {error}") from error
    name = str(getattr(orbit.attractor, "name", None) or "")
    plane = getattr(getattr(orbit, "plane", None), "name", "EARTH_EQUATOR")
    if plane == "EARTH_ECLIPTIC" and name in _TO_ECLIPTIC:
        r, v = r @ _TO_ECLIPTIC[name], v @ _TO_ECLIPTIC[name]
    elif plane != "EARTH_EQUATOR":
        raise PoliastroError(
            f"an orbit around {name or 'an unnamed body'} in plane {plane} has no known rotation to ICRF axes; "
            "write it in plane EARTH_EQUATOR"
        )
    return State(mu, r, v, to_tdb_seconds(orbit.epoch), name)


def to_poliastro(
    state: tuple[Any, Any],
    epoch: float | Time,
    attractor: str | Any = "Sun",
    *,
    mu: float | None = None,
    package: Literal["hapsira", "poliastro"] = "hapsira",
) -> Any:
    """An `Orbit` of hapsira or poliastro (plane EARTH_EQUATOR, whose axes are those of the ICRF) from a state.

    Args:
        state: position (3,) m and velocity (3,) m/s, ICRF axes, relative to the attractor.
        epoch: TDB seconds past J2000, or an astropy Time.
        attractor: the name of one of the package's bodies ("Sun", "earth"), or such a body.
        mu: gravitational parameter to give the attractor instead of the package's own [m3/s2]; with it, the package
            no longer knows the body's frame (``orbit.get_frame()`` fails), but propagates as this package does.
        package: which package's `Orbit` to make.

    Returns:
        The orbit.

    Raises:
        ImportError: the package is not installed; the message holds the command that installs it.
        PoliastroError: it has no body of that name, or the state is not two finite vectors of length 3.
    """
    r, v = (np.asarray(x, np.float64) for x in state)
    if r.shape != (3,) or v.shape != (3,) or not (np.isfinite(r).all() and np.isfinite(v).all()):
        raise PoliastroError(f"one orbit needs two finite vectors of shape (3,), not {r.shape} and {v.shape}")
    orbit_class, bodies = _package(package)
    if isinstance(attractor, str):
        body: Any = getattr(bodies, attractor.capitalize(), None)
        if not hasattr(body, "k"):
            raise PoliastroError(f"{package} has no body {attractor!r}")
    else:
        body = attractor
    if mu is not None:
        body = body._replace(k=mu * u.Unit("m3 / s2"))
    time = epoch if isinstance(epoch, Time) else from_tdb_seconds(epoch)
    return orbit_class.from_vectors(body, r * u.m, v * u.Unit("m / s"), epoch=time)


def _package(name: str) -> tuple[Any, Any]:
    """Class `Orbit` and module `bodies` of the package."""
    try:
        if name == "hapsira":
            from hapsira import bodies  # noqa: PLC0415  # pyright: ignore
            from hapsira.twobody import Orbit  # noqa: PLC0415  # pyright: ignore
        elif name == "poliastro":
            from poliastro import bodies  # noqa: PLC0415  # pyright: ignore
            from poliastro.twobody import Orbit  # noqa: PLC0415  # pyright: ignore
        else:
            raise PoliastroError(f"package must be 'hapsira' or 'poliastro', not {name!r}")
    except ImportError as error:
        raise ImportError(f"{name} cannot be imported ({error}); install it with: {INSTALL}") from error
    return Orbit, bodies
