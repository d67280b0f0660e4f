"""What the authors print of their results, to hold against what their equations give here."""

from __future__ import annotations

PRINTED: dict[str, dict[str, float]] = {
    "mccalip": {"orbital_total_usd": 51.095e9, "terrestrial_total_usd": 15.851e9, "satellite_count": 39_731.0},
    "orbitdc": {"orbital_usd_per_pflop_day": 1237.0, "terrestrial_usd_per_pflop_day": 66.0, "kg_per_kw": 78.2},
    "orbitdc_multimodal": {"orbital_usd_per_pflop_day": 5389.0},
    "orbitdc_optimistic": {"orbital_usd_per_pflop_day": 428.0},
    "orbitdc_grid": {"terrestrial_usd_per_pflop_day": 72.55},
    "orbitdc_gas": {"terrestrial_usd_per_pflop_day": 68.51},
    "orbitdc_renewable": {"terrestrial_usd_per_pflop_day": 72.33},
    "orbitdc_colocation": {"terrestrial_usd_per_pflop_day": 62.18},
    "semianalysis": {"orbital_lcoc_usd_per_gpu_hour": 10.91, "terrestrial_lcoc_usd_per_gpu_hour": 2.49},
    "starcloud": {"orbital_total_usd": 8.2e6, "terrestrial_total_usd": 167e6, "radiator_net_w_per_m2": 633.0},
    "suncatcher": {
        "orbital_usd_per_kw_year": 810.0,
        "orbital_today_usd_per_kw_year": 14_700.0,
        "terrestrial_usd_per_kw_year": 570.0,
        "mass_to_launch_price_t": 370e3,
        "bottom_up_launch_usd_per_kg": 60.0,
    },
    "suncatcher_v1": {"orbital_usd_per_kw_year": 1470.0},
    "suncatcher_oneweb": {"orbital_usd_per_kw_year": 7500.0},
    "suncatcher_iridium": {"orbital_usd_per_kw_year": 6900.0},
    "turyshev": {"floor_kg_per_kw": 22.8, "base_kg_per_kw": 29.4, "allowed_usd_per_kg": 250.0, "pi_life": 1.271},
    "sbsp": {"launches": 2321.0, "lcoe_no_interest_usd_per_kwh": 0.61},
    "sbsp_planar": {"launches": 3960.0, "lcoe_no_interest_usd_per_kwh": 1.59},
}
"""Study -> result -> as printed. Of orbitdc's ground cases but the first the program's own output is rounded here."""
