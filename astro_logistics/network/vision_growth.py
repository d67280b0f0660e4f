"""Which designs the figures of growth rest on, as statements about a future in space ask for them."""

from __future__ import annotations

from collections.abc import Mapping

EARTH = ("routes.earth-to-sso", "datacenters.earth-to-sso")
MOON = ("routes.earth-to-moon", "routes.moon-to-escape", "datacenters.moon-to-escape")

NEEDS: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(
        (
            "date_100_gw", "date_200_gw", "date_1_tw_earth", "date_installed_1_tw", "date_orbit_200", "date_orbit_100",
            "date_megatonne_orbit", "date_paying", "date_payback", "payback_time", "net_present_value",
        ),
        EARTH,
    ),
    **dict.fromkeys(
        (
            "date_1_tw", "date_world", "date_millionth_sun", "date_thousandth_sun", "date_hundredth_sun",
            "from_1_to_100_percent", "last_growth", "last_installed", "last_kardashev",
        ),
        (*EARTH, *MOON),
    ),
    **dict.fromkeys(("date_1_tw_moon", "lunar_mass", "lunar_years_left"), MOON),
    "date_megatonne_moon": ("routes.earth-to-moon",),
    **{
        f"programmes.{name}.{figure}": (route,)
        for name, route in (
            ("orbit", "routes.earth-to-sso"), ("moon", "routes.earth-to-moon"), ("mars", "routes.earth-to-mars")
        )
        for figure in ("cycle", "round_cycle", "fifth", "tenth", "by_2050", "cost_2050")
    },
}  # fmt: skip
"""Path of a figure of growth -> parts of the evaluation whose constraints it needs met.

Where the Earth alone gets there, the Moon's parts need not work. Figures that are not named rest on no design.
"""
