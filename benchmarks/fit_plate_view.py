"""Remake `datacenter/_plate_view_fit.py`: orbit means of what a plate sees of a planet, by numerical integration.

    python benchmarks/fit_plate_view.py > astro_logistics/datacenter/_plate_view_fit.py

Integrals over the visible cap, midpoint in azimuth and Gauss-Legendre in polar angle, then over the revolution, with
numpy; a least-squares fit over the planet's angular radius and cos(beta)^2. What the fit misses goes to stderr.
"""

from __future__ import annotations

import sys

import numpy as np

POLAR, AZIMUTH, COSINES, REVOLUTION = 64, 180, 161, 720
ANGLES, DEGREE_ANGLE, DEGREE_BETA = 33, 10, 9
LARGEST = 0.88  # angular radius of the planet at 116 km above the Earth, over pi/2
NAMES = ("FRONT_ALBEDO", "BACK_ALBEDO", "EDGE_ALBEDO", "SUN_FACING_INFRARED")


def cap_integrals(k: float, c: np.ndarray) -> np.ndarray:
    """Reflected light on a plate facing the Sun, one facing away, and one edge-on to Sun and planet: (3, len(c)).

    k is the planet's radius over the distance, c the cosine between the plate's place and the Sun.
    """
    x, w = np.polynomial.legendre.leggauss(POLAR)
    limb = np.arccos(k)
    polar = limb * np.sin(0.25 * np.pi * (x + 1.0)) ** 2  # the nodes crowd below the plate and at the limb
    step = w * 0.25 * np.pi * limb * np.sin(0.5 * np.pi * (x + 1.0))
    azimuth = (np.arange(AZIMUTH) + 0.5) * 2.0 * np.pi / AZIMUTH
    t, phi = np.meshgrid(polar, azimuth, indexing="ij")
    surface = np.stack([np.sin(t) * np.cos(phi), np.sin(t) * np.sin(phi), np.cos(t)], axis=-1)
    line = k * surface - np.array([0.0, 0.0, 1.0])  # from the plate to the planet, in distances
    d2 = 1.0 - 2.0 * k * np.cos(t) + k * k
    weight = step[:, None] * np.sin(t) * (np.cos(t) - k) * k * k / d2**2 * (2.0 / AZIMUTH)
    found = []
    for cosine in c:
        sun = np.array([np.sqrt(1.0 - cosine**2), 0.0, cosine])
        lit = weight * np.maximum(surface @ sun, 0.0)
        towards = line @ sun
        edge = 0.5 * np.abs(line[..., 1])
        front, back = lit * np.maximum(towards, 0.0), lit * np.maximum(-towards, 0.0)
        found.append([front.sum(), back.sum(), np.sum(lit * edge)])
    return np.array(found).T


def view_factor(k: float, c: np.ndarray) -> np.ndarray:
    """Plate element to sphere, closed form, c the cosine of the tilt to the sphere's center."""
    part = np.clip(c, -k, k)
    root = np.sqrt(1.0 / k**2 - 1.0)
    sine = np.sqrt(1.0 - part**2)
    height = np.sqrt(np.maximum(1.0 - (part / k) ** 2, 0.0))
    inner = part * np.arccos(np.clip(-root * part / sine, -1, 1)) - root * height
    partly = 0.5 - np.arcsin(np.clip(k * root / sine, -1, 1)) / np.pi + k * k * inner / np.pi
    return np.where(c >= k, k * k * c, np.where(c <= -k, 0.0, partly))


def orbit_means(k: float, cos_beta: np.ndarray) -> np.ndarray:
    """Means over a revolution of the four quantities over k^2: (4, len(cos_beta))."""
    c = np.cos(np.pi * (np.arange(COSINES) + 0.5) / COSINES)
    order = np.argsort(c)
    table = cap_integrals(k, c)
    theta = (np.arange(REVOLUTION) + 0.5) * np.pi / REVOLUTION
    at = cos_beta[:, None] * np.cos(theta)
    albedo = [np.interp(at, c[order], row[order]).mean(axis=1) for row in table]
    return np.array([*albedo, view_factor(k, at).mean(axis=1)]) / k**2


def main() -> None:
    """Print the module."""
    nodes = np.cos(np.pi * (np.arange(ANGLES) + 0.5) / ANGLES)
    angles = 0.5 * LARGEST * (nodes + 1.0)  # of the planet, over pi/2
    w = 0.5 * (np.cos(np.pi * (np.arange(25) + 0.5) / 25) + 1.0)  # cos(beta)^2
    values = np.array([orbit_means(np.sin(0.5 * np.pi * q), np.sqrt(w)) for q in angles])  # (angles, 4, w)
    print('"""Orbit means in `plate_view`, remade by benchmarks/fit_plate_view.py; not edited by hand."""\n')
    print("# fmt: off")
    powers_q = np.polynomial.chebyshev.chebvander(2.0 * angles / LARGEST - 1.0, DEGREE_ANGLE)
    powers_w = np.polynomial.chebyshev.chebvander(2.0 * w - 1.0, DEGREE_BETA)
    k2 = np.sin(0.5 * np.pi * angles[:, None]) ** 2
    weight = k2 + 0.05
    for n, name in enumerate(NAMES):
        found = np.linalg.pinv(weight * powers_q) @ (weight * values[:, n, :]) @ np.linalg.pinv(powers_w).T
        missed = k2 * (powers_q @ found @ powers_w.T - values[:, n, :])
        print(name, "misses", np.abs(missed).max(), "of", np.abs(k2 * values[:, n, :]).max(), file=sys.stderr)
        chebyshev, power = np.polynomial.chebyshev.Chebyshev, np.polynomial.Polynomial
        rows = [chebyshev(row, domain=[0, 1]).convert(kind=power).coef for row in found]
        print(f"{name} = (")
        for row in rows:
            texts = [f"{x:.9g}" for x in row]
            print("    (" + ", ".join(texts[:6]) + ",\n     " + ", ".join(texts[6:]) + "),")
        print(")")


if __name__ == "__main__":
    main()
