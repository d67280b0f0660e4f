"""Remake `astro/_density_fit.py`: mean density of the upper air over the globe, the day and the year, by NRLMSIS 2.1.

    pip install pymsis; python benchmarks/fit_density.py > astro_logistics/astro/_density_fit.py

Means over latitude, longitude, four seasons and three times of day, Ap 10. What the fit misses goes to stderr.
"""

from __future__ import annotations

import sys

import numpy as np
import pymsis

ALTITUDE = np.geomspace(150.0, 2000.0, 60)  # km
ACTIVITY = np.array([65.0, 75.0, 90.0, 110.0, 130.0, 150.0, 175.0, 200.0, 225.0, 250.0])  # F10.7
DEGREES = (10, 4)
DAYS = ("2021-03-20", "2021-06-21", "2021-09-22", "2021-12-21")


def density(activity: float) -> np.ndarray:
    """Mean density at ALTITUDE, kg/m3."""
    x, w = np.polynomial.legendre.leggauss(9)
    dates = np.array([f"{day}T{hour:02}" for day in DAYS for hour in (0, 8, 16)], dtype="datetime64[m]")
    flux = np.full(len(dates), activity)
    found = pymsis.calculate(
        dates,
        np.arange(0.0, 360.0, 30.0),
        np.degrees(np.arcsin(x)),
        ALTITUDE,
        flux,
        flux,
        np.full((len(dates), 7), 10.0),
    )
    return np.sum(found[..., 0].mean(axis=(0, 1)) * w[:, None], axis=0) / w.sum()


def main() -> None:
    """Print the module."""
    target = np.log([density(f) for f in ACTIVITY])
    x = 2.0 * np.log(ALTITUDE / ALTITUDE[0]) / np.log(ALTITUDE[-1] / ALTITUDE[0]) - 1.0
    y = 2.0 * (ACTIVITY - ACTIVITY[0]) / (ACTIVITY[-1] - ACTIVITY[0]) - 1.0
    chebyshev = np.polynomial.chebyshev.chebvander
    left, right = chebyshev(x, DEGREES[0]), chebyshev(y, DEGREES[1])
    found = np.linalg.pinv(left) @ target.T @ np.linalg.pinv(right).T
    missed = np.expm1(left @ found @ right.T - target.T)
    print("misses", np.abs(missed).max(), "rms", np.sqrt(np.mean(missed**2)), file=sys.stderr)
    for h in (400.0, 500.0, 650.0):
        k = int(np.argmin(np.abs(ALTITUDE - h)))
        print(ALTITUDE[k], np.exp(target[[0, 4, 9], k]), file=sys.stderr)
    print('"""Numbers of `drag.density`, remade by benchmarks/fit_density.py; not edited by hand."""\n\n# fmt: off')
    print("LOG_DENSITY = (")
    for row in found:
        print("    (" + ", ".join(f"{v:.8f}" for v in row) + "),")
    print(")")


if __name__ == "__main__":
    main()
