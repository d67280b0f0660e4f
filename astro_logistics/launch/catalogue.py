"""Payloads as they are published, and the orbits they are published for."""

from __future__ import annotations

from collections.abc import Mapping

import jax.numpy as jnp
from jax import Array

from astro_logistics.launch import ascent
from astro_logistics.launch._ascent_phases import Body, Orbit
from astro_logistics.pytree import Pytree, field, static

PARKING = 185.0e3  # m; where an ascent ends that goes on by another burn, unless the quoted orbit is lower


class PublishedPayload(Pytree):
    """A payload as it is quoted, and what is said of the orbit it is quoted for."""

    payload: Array = field(unit="kg", doc="quoted payload", low=0.0)
    altitude: Array | None = field(unit="m", doc="of the circular orbit, or of the perigee", low=0.0)
    inclination: Array | None = field(unit="rad", doc="inclination to the equator", low=0.0, high=3.1416)
    apogee: Array | None = field(unit="m", doc="altitude of the apogee of a transfer orbit", low=0.0)
    parking_apogee: Array | None = field(unit="m", doc="of the orbit it departs from, if that is no circle", low=0.0)
    c3: Array | None = field(unit="m2 / s2", doc="twice the energy of departure")
    delta_v_to_geo: Array | None = field(unit="m / s", doc="what is left to the geostationary orbit", low=0.0)
    explanation: str = static(doc="why the computed payload is another", default="")

    def orbit(self, body: Body, site_latitude: Array) -> Orbit:
        """The orbit the payload is for.

        Eastwards from the site where no inclination is quoted, or one below the site's latitude: the turn of the plane
        that the last burn then makes is left out (Falcon 9's 27 degrees from 28.4: 10 m/s).
        """
        east = jnp.abs(site_latitude)
        inclination = east if self.inclination is None else jnp.maximum(self.inclination, east)
        if self.c3 is not None:
            return ascent.escape(body, self.c3, inclination, self._parking(), self.parking_apogee)
        if self.apogee is not None:
            return ascent.elliptic(body, self.apogee, inclination, self._parking(), self.parking_apogee)
        altitude = PARKING if self.altitude is None else self.altitude
        return ascent.circular(body, altitude, inclination, self._parking())

    def _parking(self) -> Array | float:
        return PARKING if self.altitude is None or self.altitude > PARKING else self.altitude


class PublishedPayloads(Pytree):
    """Published payloads of one vehicle by the name of their orbit, and what a flight is sold for."""

    orbits: Mapping[str, PublishedPayload]
    price: Array | None = field(unit="USD", doc="price of a flight; its cost to the state where none was sold", low=0.0)
    no_price: str = static(doc="why there is no price", default="")
