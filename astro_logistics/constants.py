"""Exact and conventional constants, base SI, each with its source.

Only numbers that are fixed by definition or by convention live here. Anything measured, published or assumed
(masses, radii, prices) is a record in ``data/`` with a range and a source, and reaches the code as a scenario leaf.
"""

from __future__ import annotations

SPEED_OF_LIGHT = 299_792_458.0
"""m/s, exact (SI, 2019)."""

STEFAN_BOLTZMANN = 5.670_374_419_184_431e-8
"""W/m2/K4, exact from h, k and c (SI, 2019): 2 pi^5 k^4 / (15 h^3 c^2)."""

STANDARD_GRAVITY = 9.806_65
"""m/s2, exact (3rd CGPM, 1901). Converts specific impulse in seconds to exhaust speed."""

ASTRONOMICAL_UNIT = 149_597_870_700.0
"""m, exact (IAU 2012 Resolution B2)."""

SOLAR_IRRADIANCE = 1361.0
"""W/m2 at 1 au, nominal total solar irradiance (IAU 2015 Resolution B3; measured 1360.8 +- 0.5)."""

SOLAR_LUMINOSITY = 3.828e26
"""W, nominal (IAU 2015 Resolution B3)."""

SOLAR_RADIUS = 6.957e8
"""m, nominal (IAU 2015 Resolution B3)."""

HOUR = 3600.0
"""s, exact."""

DAY = 24.0 * HOUR
"""s, exact."""

JULIAN_YEAR = 365.25 * DAY
"""s, exact (IAU)."""

J2000_JULIAN_DATE = 2_451_545.0
"""Julian date (TDB) of the epoch J2000; times inside the package are TDB seconds past it."""
