"""Remake `datacenter/_dose_fit.py`: ionizing dose on circular orbits, AE8/AP8 and SHIELDOSE-2 as in IRBEM.

    pip install spacepy; python benchmarks/fit_dose.py > astro_logistics/datacenter/_dose_fit.py

Omnidirectional fluxes of AE8 at solar maximum and AP8 at solar minimum on a grid of latitude, longitude and altitude
(IRBEM, which spacepy brings compiled), averaged over the places an orbit passes; dose in silicon at the center of a
sphere of aluminium; then least squares for the logarithm. What the fit misses goes to stderr.
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path

import numpy as np
import spacepy

NTIME, NENERGY = 100_000, 25  # fixed dimensions of the library
PROTONS = np.array([0.1, 0.3, 0.6, 1, 2, 3, 4, 6, 8, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 400.0])
ELECTRONS = np.array([0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 5.5, 6, 6.5, 7.0])
DEPTH = np.array([1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20.0])  # mm of aluminium
ALTITUDE = np.array([300, 350, 400, 450, 500, 550, 600, 650, 700, 800, 900, 1000, 1200, 1400, 1600, 1800, 2000.0])
LATITUDE, LONGITUDE = np.arange(-88.0, 88.1, 4.0), np.arange(0.0, 360.0, 15.0)
INCLINATION = np.radians(np.arange(20.0, 90.1, 5.0))
EARTH = 6371.2
YEAR = 3.15576e7
COSMIC = 1.0  # rad a year, lest the logarithm follow doses that do not matter
DEGREES = (5, 5, 7)  # in depth, altitude and inclination
GEOSTATIONARY = 35786.0

_library = ctypes.CDLL(str(next((Path(spacepy.__file__).parent / "irbempy").glob("libirbem.*"))))


def integer(x: int) -> ctypes.c_int:
    """By reference, as Fortran takes it."""
    return ctypes.byref(ctypes.c_int(x))


def real(x: float) -> ctypes.c_double:
    """By reference, as Fortran takes it."""
    return ctypes.byref(ctypes.c_double(x))


def pointer(x: np.ndarray) -> ctypes.c_void_p:
    """Of a Fortran array."""
    return x.ctypes.data_as(ctypes.c_void_p)


def differential_flux(places: np.ndarray, model: int, energies: np.ndarray) -> np.ndarray:
    """Omnidirectional flux at each energy, 1/cm2/s/MeV, at Earth-fixed places (n, 3) in Earth radii: (n, energies)."""
    n, energy = len(places), np.zeros((2, NENERGY), order="F")
    energy[0, : len(energies)] = energies
    coordinates = [np.zeros(NTIME) for _ in range(3)]
    for k in range(3):
        coordinates[k][:n] = places[:, k]
    years, days, flux = np.full(NTIME, 2000, "i4"), np.full(NTIME, 80, "i4"), np.zeros((NTIME, NENERGY), order="F")
    _library.fly_in_nasa_aeap1_(
        integer(n), integer(1), integer(model), integer(1), integer(len(energies)), pointer(energy), pointer(years),
        pointer(days), pointer(np.zeros(NTIME)), *(pointer(x) for x in coordinates), pointer(flux),
    )  # fmt: skip
    return np.maximum(flux[:n, : len(energies)], 0.0)


def cut(energies: np.ndarray, flux: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The spectrum up to where the model ends; a trace where it has nothing at all."""
    n = max(int(np.sum(np.cumprod(flux > 0.0))), 3)
    return energies[:n], np.maximum(flux[:n], 1e-12)


def dose(protons: np.ndarray, electrons: np.ndarray) -> np.ndarray:
    """Dose in silicon behind DEPTH, rad a year, from the mean fluxes."""
    (ep, fp), (ee, fe) = cut(PROTONS, protons), cut(ELECTRONS, electrons)
    depth = np.zeros(71)
    depth[: len(DEPTH)] = DEPTH

    def padded(x: np.ndarray) -> np.ndarray:
        return np.concatenate([x, np.zeros(301 - len(x))])

    nothing = [np.array([1.0, 10.0]), np.array([1e-30, 1e-30])]  # no solar protons
    spectra = [padded(x) for x in (*nothing, ep, fp, ee, fe)]
    found = [np.zeros((71, 3), order="F") for _ in range(5)]
    _library.shieldose2_(
        integer(3), integer(1), integer(len(DEPTH)), integer(3), pointer(depth), real(1.0), real(10.0), real(ep[0]),
        real(ep[-1]), integer(1001), real(ee[0]), real(ee[-1]), integer(1001), integer(2), integer(len(ep)),
        integer(len(ee)), real(1.0), real(YEAR), *(pointer(x) for x in spectra), *(pointer(x) for x in found),
    )  # fmt: skip
    return 2.0 * found[4][: len(DEPTH), 2]  # the library gives half the dose at the center of a sphere


def shell(altitude: float) -> tuple[np.ndarray, np.ndarray]:
    """Zonal means of the fluxes at an altitude in km: (latitudes, energies) for protons and electrons."""
    lat, lon = (np.radians(x).ravel() for x in np.meshgrid(LATITUDE, LONGITUDE, indexing="ij"))
    r = 1.0 + altitude / EARTH
    places = r * np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=-1)
    shape = (len(LATITUDE), len(LONGITUDE), -1)
    protons, electrons = differential_flux(places, -3, PROTONS), differential_flux(places, -2, ELECTRONS)
    return protons.reshape(shape).mean(axis=1), electrons.reshape(shape).mean(axis=1)


def along_orbit(zonal: np.ndarray, inclination: float) -> np.ndarray:
    """Mean over a circular orbit of a function of latitude."""
    u = (np.arange(2000) + 0.5) * 2.0 * np.pi / 2000
    latitude = np.degrees(np.arcsin(np.sin(inclination) * np.sin(u)))
    return np.array([np.interp(latitude, LATITUDE, column).mean() for column in zonal.T])


def basis(depth: np.ndarray, altitude: np.ndarray, inclination: np.ndarray) -> np.ndarray:
    """Products of Chebyshev polynomials in the logarithm of depth, in altitude and in sin(inclination)^2."""
    x = 2.0 * np.log(depth / DEPTH[0]) / np.log(DEPTH[-1] / DEPTH[0]) - 1.0
    y = 2.0 * np.log(altitude / ALTITUDE[0]) / np.log(ALTITUDE[-1] / ALTITUDE[0]) - 1.0
    z = 2.0 * np.sin(inclination) ** 2 - 1.0
    chebyshev = np.polynomial.chebyshev.chebvander
    parts = [chebyshev(v, n) for v, n in zip((x, y, z), DEGREES, strict=True)]
    return np.einsum("...a,...b,...c->...abc", *parts).reshape(*x.shape, -1)


def main() -> None:
    """Print the module."""
    shells = [shell(h) for h in ALTITUDE]
    table = np.array([[dose(*(along_orbit(z, i) for z in s)) for i in INCLINATION] for s in shells])  # (h, i, depth)
    grid = np.meshgrid(ALTITUDE, INCLINATION, DEPTH, indexing="ij")
    flat = basis(grid[2].ravel(), grid[0].ravel(), grid[1].ravel())
    target = np.log(table.ravel() + COSMIC)
    found = np.linalg.lstsq(
        np.vstack([flat, 1e-3 * np.eye(flat.shape[1])]), np.append(target, np.zeros(flat.shape[1]))
    )[0]
    missed = np.abs(flat @ found - target).reshape(table.shape)
    print("fit misses", missed.max(), "rms", np.sqrt(np.mean(missed**2)), file=sys.stderr)
    for h, i in ((550.0, 14), (650.0, 14)):
        print(h, np.degrees(INCLINATION[i]), table[list(ALTITUDE).index(h), i].round(1), file=sys.stderr)
    print('"""Numbers of `dose`, remade by benchmarks/fit_dose.py; not edited by hand."""\n\n# fmt: off')
    print("LOG_DOSE = (")
    for row in found.reshape(-1, DEGREES[2] + 1):
        print("    " + ", ".join(f"{x:.5f}" for x in row) + ",")
    print(")")


if __name__ == "__main__":
    main()
