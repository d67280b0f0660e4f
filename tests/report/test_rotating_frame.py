"""The picture of the rotating frame: what is drawn, and that it lies where the equations put it."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle

from astro_logistics.astro.cr3bp import jacobi, lagrange_points
from astro_logistics.report import rotating_frame

MU = 0.0121505844
RADII = (6378.1 / 384400.0, 1737.4 / 384400.0)
LENGTH = 3.844e8
POINTS = np.asarray(lagrange_points(MU))
AT_REST = [float(jacobi(MU, np.concatenate([p, np.zeros(3)]))) for p in POINTS]
CONSTANTS = {"closed": AT_REST[0] + 0.01, "L1 open": 0.5 * (AT_REST[0] + AT_REST[1]), "some path": 3.0}
ANGLE = np.linspace(0.0, 2 * np.pi, 50)
PATH = np.stack([1.0 - MU + 0.1 * np.cos(ANGLE), 0.1 * np.sin(ANGLE), 0.07 * np.sin(ANGLE)], axis=-1)


@pytest.fixture(scope="module")
def figure() -> Figure:
    return rotating_frame.plot(MU, {"some path": PATH}, CONSTANTS, radii=RADII, length=LENGTH, side=True)


def contours(axes: Axes, filled: bool) -> list[np.ndarray]:
    """Vertices of the outlined or the filled contours, one array per constant, in order."""
    found = []
    for collection in axes.collections:
        if (len(np.asarray(collection.get_facecolor())) > 0) == filled:
            found.append(np.concatenate([path.vertices for path in collection.get_paths()]))
    return found


def test_zero_velocity_at_the_lagrange_points():
    x, y = POINTS[:, 0], POINTS[:, 1]
    found = np.diagonal(rotating_frame.zero_velocity(MU, x, y))
    np.testing.assert_allclose(found, AT_REST, rtol=1e-14)
    np.testing.assert_allclose(found[3:], 3.0 - MU * (1.0 - MU), rtol=1e-14)  # Szebehely 1967, section 4.6
    # Earth and Moon: the constants of the five points at this mass ratio, to the digits that are usually printed
    np.testing.assert_allclose(AT_REST[:3], [3.1883, 3.1722, 3.0121], atol=1e-4)


def test_at_rest_on_the_drawn_curves(figure):
    curves = contours(figure.axes[0], filled=False)
    assert len(curves) == len(CONSTANTS)
    for constant, curve in zip(CONSTANTS.values(), curves, strict=True):
        assert len(curve) > 200
        states = np.concatenate([curve, np.zeros((len(curve), 4))], axis=1)
        # straight lines in cells of 3e-3: the curvature of 2 Omega is up to 2 mu / r2^3 = 30 near the Moon
        np.testing.assert_allclose(np.asarray(jacobi(MU, states)), constant, rtol=0, atol=1e-3)


def test_what_is_filled_is_what_is_forbidden(figure, rng):
    (left, right), (low, high) = figure.axes[0].get_xlim(), figure.axes[0].get_ylim()
    places = np.stack([rng.uniform(left, right, 2000), rng.uniform(low, high, 2000)], axis=-1)
    reach = np.asarray(jacobi(MU, np.concatenate([places, np.zeros((2000, 4))], axis=1)))
    fills = [c for c in figure.axes[0].collections if len(np.asarray(c.get_facecolor())) > 0]
    assert len(fills) == len(CONSTANTS)
    for constant, fill in zip(CONSTANTS.values(), fills, strict=True):
        clear = np.abs(reach - constant) > 1e-3  # not within a cell's error of the edge
        # an even number of boundaries around a place: outside, or in a hole
        crossings = np.zeros(2000, int)
        for path in fill.get_paths():
            for ring in path.to_polygons():
                inside = np.zeros(2000, bool)
                a, b = ring[:-1], ring[1:]
                for (x0, y0), (x1, y1) in zip(a, b, strict=True):
                    between = (y0 > places[:, 1]) != (y1 > places[:, 1])
                    if between.any():
                        at = x0 + (places[between, 1] - y0) / (y1 - y0) * (x1 - x0)
                        inside[between] ^= places[between, 0] < at
                crossings += inside
        np.testing.assert_array_equal((crossings % 2 == 1)[clear], (reach < constant)[clear])


def test_bodies_points_and_paths_are_where_they_belong(figure):
    above, side = figure.axes
    for panel, axis in ((above, 1), (side, 2)):
        assert panel.get_aspect() == 1.0
        circles = [p for p in panel.patches if isinstance(p, Circle)]
        assert [c.center for c in circles] == [(-MU, 0.0), (1.0 - MU, 0.0)]
        assert [c.radius for c in circles] == list(RADII)
        line = next(x for x in panel.get_lines() if x.get_label() == "some path")
        np.testing.assert_array_equal(line.get_xydata(), PATH[:, [0, axis]])
        places = {t.get_text(): t.xy for t in panel.texts}
        expected = {f"L{k + 1}": tuple(POINTS[k, [0, axis]]) for k in range(5 if axis == 1 else 3)}
        expected |= {"Earth": (-MU, 0.0), "Moon": (1.0 - MU, 0.0)}
        assert places.keys() == expected.keys()
        for name, at in expected.items():
            np.testing.assert_allclose(places[name], at, rtol=0, atol=1e-15)
    assert above.get_xlabel() == ""
    assert "Earth-Moon distances" in above.get_ylabel()
    assert "Earth-Moon distances" in side.get_xlabel()
    assert min(side.get_ylim()) < -0.07 < 0.07 < max(side.get_ylim())


def test_scales_in_kilometers(figure):
    FigureCanvasAgg(figure).draw()
    above = figure.axes[0]
    top, right = above.child_axes
    assert top.get_xlabel() == "x, thousand km"
    assert right.get_ylabel() == "y, thousand km"
    np.testing.assert_allclose(top.get_xlim(), np.array(above.get_xlim()) * 384.4, rtol=1e-12)
    np.testing.assert_allclose(right.get_ylim(), np.array(above.get_ylim()) * 384.4, rtol=1e-12)


def test_legend_names_paths_and_constants():
    figure = rotating_frame.plot(MU, {"some path": PATH}, {"some path": 2.9, "other": 3.1})
    texts = [t.get_text() for t in figure.legends[0].get_texts()]
    assert texts == ["some path", "some path: C = 2.9000, nothing forbidden here", "other: C = 3.1000"]
    colors = [line.get_color() for line in figure.legends[0].get_lines()]
    assert colors[0] == colors[1] != colors[2]
    assert len(contours(figure.axes[0], filled=False)) == 1
    assert not figure.axes[0].child_axes


def test_bare_picture_has_no_legend():
    figure = rotating_frame.plot(0.3, names=("A", "B"))
    assert not figure.legends
    assert figure.axes[0].get_xlabel() == "x, A-B distances"
