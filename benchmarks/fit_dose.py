"""Remake `datacenter/_dose_fit.py`: ionizing dose and damage to cells on circular orbits, AE8/AP8 and SHIELDOSE-2.

    pip install spacepy; python benchmarks/fit_dose.py > astro_logistics/datacenter/_dose_fit.py

Omnidirectional fluxes of AE8 at solar maximum and AP8 at solar minimum on a grid of latitude, longitude and altitude
(IRBEM, which spacepy brings compiled), averaged over the places an orbit passes; dose in silicon at the center of a
sphere of aluminium; then least squares for the logarithm. What the fit misses goes to stderr.

Damage to silicon cells, as 1 MeV electrons of the same effect: protons by the energy that they lose to displacements
(NIEL), 3,000 electrons for one of 10 MeV, slowed down in the glass on their slanting ways through it; electrons by the
square of theirs, as is found in p-type silicon; the back is taken as shielded.

Solar particles: the part of an orbit that lies where the Earth's field lets them in, above an invariant latitude.
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
GLASS = 0.022  # g/cm2: 0.1 mm of fused silica
PROTON_RANGE, RANGE_POWER = 2.89e-3, 1.77  # g/cm2 at 1 MeV, in glass: R = R1 E^1.77
PROTON_DAMAGE = 3000.0  # 1 MeV electrons for a proton of 10 MeV
# NIEL in silicon by energy in MeV, MeV cm2/g (SR-NIEL)
PROTON_NIEL = np.array([
    (0.01, 2.5802), (0.03, 1.2316), (0.1, 0.4798), (0.3, 0.19036), (1.0, 0.063442), (3.0, 0.022565), (5.0, 0.014754),
    (10.0, 0.0094037), (20.0, 0.0067586), (50.0, 0.0044102), (100.0, 0.0029757), (200.0, 0.0019291), (400.0, 0.0015217),
])  # fmt: skip
ELECTRON_NIEL = np.array([
    (0.25, 2.4792e-6), (0.3, 5.8523e-6), (0.5, 1.4649e-5), (0.7, 2.0752e-5), (1.0, 2.7977e-5), (1.5, 3.7307e-5),
    (2.0, 4.461e-5), (3.0, 5.5669e-5), (5.0, 7.0392e-5), (7.0, 8.0253e-5),
])  # fmt: skip
CUTOFF, CUTOFF_WIDTH, DIPOLE_TILT = 65.0, 2.0, 9.5  # degrees: invariant latitude, its softness, axis of the field

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


def electrons_alike(protons: np.ndarray, electrons: np.ndarray) -> float:
    """Fluence of 1 MeV electrons, 1/cm2/yr, that wears silicon cells behind their glass as the spectra do."""
    energy = np.geomspace(1.0, 400.0, 400)
    flux = np.exp(np.interp(np.log(energy), np.log(PROTONS), np.log(np.maximum(protons, 1e-30))))
    slant = (np.arange(40) + 0.5) / 40  # cosine of the angle of incidence, even over a half space
    rest = energy[:, None] ** RANGE_POWER - GLASS / slant / PROTON_RANGE
    behind = np.maximum(rest, 1e-4) ** (1.0 / RANGE_POWER)
    lost = np.exp(np.interp(np.log(behind), *np.log(PROTON_NIEL.T))) * (rest > 1e-4)
    weight = 0.5 * PROTON_DAMAGE * lost.mean(axis=1) / 0.0094037
    light = np.linspace(0.25, 7.0, 400)
    beta = np.exp(np.interp(light, ELECTRONS, np.log(np.maximum(electrons, 1e-30))))
    by_electrons = 0.5 * (np.interp(light, *ELECTRON_NIEL.T) / 2.7977e-5) ** 2
    return float(YEAR * (np.trapezoid(flux * weight, energy) + np.trapezoid(beta * by_electrons, light)))


def open_part(altitude: float, inclination: float) -> float:
    """Part of an orbit that solar protons reach: mean over the revolution and the turning Earth of a soft step."""
    u = (np.arange(720) + 0.5) * 2.0 * np.pi / 720
    turn = (np.arange(72) + 0.5) * 2.0 * np.pi / 72
    x, y, z = np.cos(u), np.sin(u) * np.cos(inclination), np.sin(u) * np.sin(inclination)
    tilt = np.radians(DIPOLE_TILT)
    sine = (x[:, None] * np.cos(turn) + y[:, None] * np.sin(turn)) * np.sin(tilt) + z[:, None] * np.cos(tilt)
    shell = (1.0 + altitude / EARTH) / np.maximum(1.0 - sine**2, 1e-6)  # McIlwain's L of a dipole
    latitude = np.degrees(np.arccos(np.sqrt(np.minimum(1.0 / shell, 1.0))))
    return float(np.mean(1.0 / (1.0 + np.exp(-(latitude - CUTOFF) / CUTOFF_WIDTH))))


def plane(values: np.ndarray, degrees: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Chebyshev series of a table (altitude, inclination), and what it misses."""
    h, i = (x.ravel() for x in np.meshgrid(ALTITUDE, INCLINATION, indexing="ij"))
    y = 2.0 * np.log(h / ALTITUDE[0]) / np.log(ALTITUDE[-1] / ALTITUDE[0]) - 1.0
    z = 2.0 * np.sin(i) ** 2 - 1.0
    chebyshev = np.polynomial.chebyshev.chebvander
    flat = np.einsum("na,nb->nab", chebyshev(y, degrees[0]), chebyshev(z, degrees[1])).reshape(len(h), -1)
    ridge = 1e-3 * np.eye(flat.shape[1])
    found = np.linalg.lstsq(np.vstack([flat, ridge]), np.append(values.ravel(), np.zeros(flat.shape[1])))[0]
    return found.reshape(degrees[0] + 1, degrees[1] + 1), (flat @ found).reshape(values.shape) - values


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
    cells = np.array([[electrons_alike(*(along_orbit(z, i) for z in s)) for i in INCLINATION] for s in shells])
    log_cells, off = plane(np.log(1e4 * cells), (6, 7))
    print("log of cells' fluence misses", np.abs(off).max(), "rms", np.sqrt(np.mean(off**2)), file=sys.stderr)
    for h, i in ((550.0, 14), (650.0, 14), (1200.0, 14), (650.0, 7)):
        print(h, np.degrees(INCLINATION[i]), f"{cells[list(ALTITUDE).index(h), i]:.3g} /cm2/yr", file=sys.stderr)
    reached = np.array([[open_part(h, i) for i in INCLINATION] for h in ALTITUDE])
    open_sky, off = plane(reached, (2, 7))
    print("open part misses", np.abs(off).max(), "of", reached.min(), reached.max(), file=sys.stderr)
    high = [z[len(LATITUDE) // 2] for z in shell(GEOSTATIONARY)]
    x = 2.0 * np.log(DEPTH / DEPTH[0]) / np.log(DEPTH[-1] / DEPTH[0]) - 1.0
    curve = np.polynomial.chebyshev.chebfit(x, np.log(dose(*high) + COSMIC), DEGREES[0])
    print("geostationary", dose(*high).round(1), f"{electrons_alike(*high):.3g}", file=sys.stderr)
    print('"""Numbers of `dose`, remade by benchmarks/fit_dose.py; not edited by hand."""\n\n# fmt: off')
    write("LOG_DOSE", found.reshape(-1, DEGREES[2] + 1))
    write("LOG_CELLS", log_cells)
    write("OPEN_SKY", open_sky)
    print("GEOSTATIONARY_LOG_DOSE = (" + ", ".join(f"{x:.5f}" for x in curve) + ")")
    print(f"GEOSTATIONARY_CELLS = {1e4 * electrons_alike(*high):.5g}")


def write(name: str, rows: np.ndarray) -> None:
    """A table of numbers as Python has it."""
    print(f"{name} = (")
    for row in rows:
        print("    " + ", ".join(f"{x:.5f}" for x in row) + ",")
    print(")")


if __name__ == "__main__":
    main()
