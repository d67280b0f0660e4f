"""Optical links: how much a beam carries from aperture to aperture, and how many of them a workload needs."""

from __future__ import annotations

import jax.numpy as jnp
from jax import Array
from jax.typing import ArrayLike

from astro_logistics.constants import SPEED_OF_LIGHT
from astro_logistics.numerics import smooth_minimum
from astro_logistics.pytree import Pytree, field

PLANCK = 6.626_070_15e-34
"""J s, exact (SI, 2019)."""

GAUSSIAN_APERTURE = 0.8145
"""Peak gain of a round aperture lit by the best-truncated Gaussian beam, over a uniform one (Klein & Degnan 1974)."""


class OpticalTerminal(Pytree):
    """A laser terminal on board: telescope, laser, receiver, pointing."""

    aperture: Array = field(unit="m", doc="diameter of the telescope", low=0.0)
    wavelength: Array = field(unit="m", doc="of the light", low=0.0)
    transmit_power: Array = field(unit="W", doc="light sent out", low=0.0)
    optical_efficiency: Array = field(unit="", doc="of both telescopes and the receiver's optics", low=0.0, high=1.0)
    pointing_jitter: Array = field(unit="rad", doc="of the beam, root mean square in each axis", low=0.0)
    photons_per_bit: Array = field(unit="bit-1", doc="received, that the modem needs with its margin", low=0.0)
    modem_rate: Array = field(unit="bit / s", doc="most bits per time that the modem handles", low=0.0)
    electric_power: Array = field(unit="W", doc="that the terminal draws", low=0.0)
    mass: Array = field(unit="kg", doc="of the terminal", low=0.0)


class Links(Pytree):
    """What the satellite is connected with, and how much it has to say."""

    mesh: OpticalTerminal
    ground: OpticalTerminal
    mesh_distance: Array = field(unit="m", doc="to the neighbour", low=0.0)
    mesh_traffic: Array = field(unit="bit", doc="bits to and from neighbours per useful operation", low=0.0)
    ground_distance: Array = field(unit="m", doc="to the ground station, at the mean elevation of a contact", low=0.0)
    ground_aperture: Array = field(unit="m", doc="diameter of the station's telescope", low=0.0)
    air_transmission: Array = field(unit="", doc="of the air at that elevation, turbulence included", low=0.0, high=1.0)
    contact_fraction: Array = field(unit="", doc="part of the time a station is in view and tracked", low=0.0, high=1.0)
    clear_fraction: Array = field(unit="", doc="part of the time one station has a clear sky", low=0.0, high=1.0)
    stations_in_view: Array = field(unit="", doc="stations with independent weather to choose from", low=0.0)
    ground_traffic: Array = field(unit="bit", doc="bits down to the ground per useful operation", low=0.0)


class LinkFigures(Pytree):
    """Figures of the links of one satellite."""

    mesh_rate: Array = field(unit="bit / s", doc="bits per time of one link to a neighbour")
    ground_rate: Array = field(unit="bit / s", doc="bits per time of one ground link in contact")
    sustained_rate: Array = field(unit="bit / s", doc="the same, mean over contacts and clouds")
    mesh_links: Array = field(unit="", doc="terminals for the neighbours")
    ground_links: Array = field(unit="", doc="terminals for the ground")
    egress: Array = field(unit="bit / s", doc="bits to the ground per time that the workload makes")


def captured_fraction(aperture: ArrayLike, receiver: ArrayLike, wavelength: ArrayLike, distance: ArrayLike) -> Array:
    """Part of a diffraction-limited beam that a distant aperture catches: 1 - exp(-x), x = g (pi D d / (4 lambda r))^2.

    Far away it is x: the gains (pi D / lambda)^2 of both apertures times the loss (lambda / (4 pi r))^2; at short range
    all of it. g is the gain of a truncated Gaussian beam over a uniform one.

    Args:
        aperture: diameter of the sending telescope, D [m].
        receiver: diameter of the receiving one, d [m].
        wavelength: lambda [m].
        distance: r [m].

    Returns:
        Fraction [-].

    Errors: exact for x << 1; between (x from 0.1 to 3) a beam's true profile differs by up to 10 %.

    References: Klein & Degnan 1974 (Applied Optics 13, 2134); Hemmati 2006, ch. 2.
    """
    x = 0.25 * jnp.pi * jnp.asarray(aperture) * receiver / (jnp.asarray(wavelength) * distance)
    return -jnp.expm1(-GAUSSIAN_APERTURE * x * x)


def pointing_factor(aperture: ArrayLike, wavelength: ArrayLike, jitter: ArrayLike) -> Array:
    """Mean of the intensity over a jittering beam: 1 / (1 + 2 ln 2 (s / h)^2), h = 0.515 lambda / D.

    A Gaussian beam of the half-width at half power, h, that the aperture's diffraction gives, its axis off by two
    independent normal angles of deviation s.

    Args:
        aperture: diameter of the sending telescope, D [m].
        wavelength: lambda [m].
        jitter: s [rad].

    References: Hemmati 2006, ch. 2; the mean is an integral over the Rayleigh distribution.
    """
    half_power = 0.515 * jnp.asarray(wavelength) / aperture
    ratio = jnp.asarray(jitter) / half_power
    return 1.0 / (1.0 + 2.0 * jnp.log(2.0) * ratio * ratio)


def rate(terminal: OpticalTerminal, receiver: ArrayLike, distance: ArrayLike, transmission: ArrayLike = 1.0) -> Array:
    """Bits per time that a link carries: received photons over photons per bit, up to what the modem handles.

    P eta_optics transmission captured pointing / (photons_per_bit h c / lambda), joined with the modem's rate by
    `smooth_minimum`.

    Args:
        terminal: the sender.
        receiver: diameter of the receiving telescope [m].
        distance: between them [m].
        transmission: of the air [-].

    Returns:
        Rate [1/s].

    Errors: the smooth minimum is 4.2 % low where light and modem would allow the same.

    References: Hemmati 2006, ch. 2 (link equation).
    """
    photon = PLANCK * SPEED_OF_LIGHT / terminal.wavelength
    through = captured_fraction(terminal.aperture, receiver, terminal.wavelength, distance)
    through = through * pointing_factor(terminal.aperture, terminal.wavelength, terminal.pointing_jitter)
    received = terminal.transmit_power * terminal.optical_efficiency * transmission * through
    return smooth_minimum((received / (terminal.photons_per_bit * photon), terminal.modem_rate))


def clear_sky(links: Links) -> Array:
    """Chance that one of the stations in view has a clear sky: 1 - (1 - p)^n."""
    return -jnp.expm1(links.stations_in_view * jnp.log1p(-links.clear_fraction))


def size(links: Links, operations: ArrayLike) -> LinkFigures:
    """Links that a satellite needs for so many useful operations per time.

    Args:
        links: terminals and traffic.
        operations: useful operations per time at full power [1/s].

    Returns:
        Rates and numbers of terminals; not rounded up, so that the model stays smooth.
    """
    mesh = rate(links.mesh, links.mesh.aperture, links.mesh_distance)
    ground = rate(links.ground, links.ground_aperture, links.ground_distance, links.air_transmission)
    sustained = ground * links.contact_fraction * clear_sky(links)
    egress = jnp.asarray(operations) * links.ground_traffic
    return LinkFigures(
        mesh_rate=mesh,
        ground_rate=ground,
        sustained_rate=sustained,
        mesh_links=jnp.asarray(operations) * links.mesh_traffic / mesh,
        ground_links=egress / sustained,
        egress=egress,
    )
