"""The figure of a year's sunlight, from a calendar made by hand."""

from __future__ import annotations

import numpy as np
import xarray as xr

from astro_logistics.report import sunlight


def test_plot():
    date = np.datetime64("2030-01-01") + np.arange(365)
    dark = np.maximum(20.0 * np.cos(np.arange(365) / 365 * 2 * np.pi) - 5.0, 0.0)
    calendar = xr.Dataset(
        {
            "beta": ("date", 60.0 + dark),
            "sunlit_fraction": ("date", 1.0 - dark / 97.0),
            "eclipse_duration": ("date", dark),
        },
        {"date": date},
    )
    figure = sunlight.plot(calendar, "made by hand")
    assert figure.get_suptitle() == (
        f"made by hand: sunlit {100 * (1 - dark.mean() / 97):.1f} % of the year, longest eclipse 15.0 min"
    )
    beta, lit, lost = (axes.lines[0].get_ydata() for axes in figure.axes)
    np.testing.assert_allclose(beta, 60.0 + dark)
    np.testing.assert_allclose(lit, 100.0 - dark / 0.97)
    np.testing.assert_allclose(lost, dark)
    assert sunlight.plot(calendar).get_suptitle().startswith("sunlit")
