"""The derivative of every figure to every input: true, or absent for a stated reason."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from astro_logistics.pytree import leaves

FINE = 2e-6
"""The fine step of `cloud`; the next is twice it."""

TIMES = ("transit_time", "departure_rate", "mean_wait")
CALENDAR = ("departure_rate", "mean_wait")
FLOWS = ("throughput", "datacenter_rate")
MONEY = ("total", "compute_at_value", "ratio", "time_to_power")
RATE = tuple(f"datacenter.server.{leaf}" for leaf in ("performance", "utilization_fraction", "accelerator_power"))
SATELLITE = ("specific_mass", "performance", "resupply")
FLOWN = ("earth-to-leo-today", "earth-to-sso", "earth-to-moon", "earth-to-mars")
REFILLED = ("earth-to-moon", "earth-to-mars")
THROWN = ("moon-to-escape", "moon-to-sso", "moon-to-mars")
TO_MARS = ("earth-to-mars", "moon-to-mars")


class Rule(NamedTuple):
    """`leaves` (patterns; "!" excludes) have no effect on figures of `of` (routes, or "datacenter NAME"), but `but`."""

    leaves: tuple[str, ...]
    of: tuple[str, ...]
    figures: tuple[str, ...]
    reason: str
    but: tuple[str, ...] = ()

    def has_leaf(self, path: str) -> bool:
        wanted = any(fnmatchcase(path, p) for p in self.leaves if not p.startswith("!"))
        return wanted and not any(fnmatchcase(path, p[1:]) for p in self.leaves if p.startswith("!"))

    def has_figure(self, name: str) -> bool:
        place, _, figure = name.rpartition(".")
        named = any(fnmatchcase(place, p) for p in self.of) and any(fnmatchcase(figure, p) for p in self.figures)
        return named and not any(fnmatchcase(name, p) for p in self.but)


ANY = ("*",)

ROUNDING = 1e-14
"""Elasticity of delta_v that is none: masses that only shift between ship and payload cancel up to rounding."""

RULES = (
    # ---- figures that most inputs cannot reach
    Rule(ANY, ("moon-to-escape",), ("propellant",), "the muzzle does it all: nothing is burnt"),
    Rule(ANY, THROWN, ("electricity", "carbon_dioxide"), "nothing is made or burnt on the Earth"),
    Rule(("*", "!mars_windows.*"), TO_MARS, TIMES, "the planets set the dates; they come from the ephemeris"),
    Rule(
        (
            "*",
            "!datacenter.*",
            "!bodies.earth.*",
            "!bodies.sun.radio_flux",
            "!places.sso_*",
            "!places.disposal_perigee",
        ),
        ("datacenter *",),
        SATELLITE,
        "a satellite is what its orbit makes it, whoever brings it and at what price",
    ),
    Rule(
        ("bodies.earth.*", "bodies.sun.radio_flux", "places.sso_*", "places.disposal_perigee"),
        ("datacenter moon-to-escape",),
        SATELLITE,
        "far from the Earth",
    ),
    Rule(
        (
            *("bodies.earth.albedo", "bodies.earth.infrared_emission", "bodies.earth.obliquity"),
            *("bodies.earth.eccentricity", "bodies.earth.perihelion_longitude", "bodies.sun.radio_flux"),
            *("bodies.earth.rotation_rate", "places.sso_local_time", "places.disposal_perigee"),
        ),
        ("datacenter *-to-sso",),
        ("performance",),
        "of the orbit only the dose comes into a chip's work per joule: by altitude and inclination",
    ),
    Rule(
        (
            *("datacenter.array.*", "datacenter.battery.*", "datacenter.radiator.*", "datacenter.loop.*"),
            *("datacenter.links.*", "datacenter.bus.*", "datacenter.eclipse_load_fraction", "datacenter.design_life"),
            *("datacenter.server.*", "!datacenter.server.performance", "!datacenter.server.utilization_fraction"),
            *("!datacenter.server.accelerator_power", "!datacenter.server.shield", "datacenter.hardness.lethal_dose"),
        ),
        ("datacenter *",),
        ("performance",),
        "work per joule of servers that work: chips and what stops their jobs",
    ),
    Rule(
        ("datacenter.hardness.dose_per_interruption", "datacenter.hardness.recovery_time"),
        ("*",),
        ANY,
        "time lost at interruptions is work lost, not power",
        but=("datacenter *.performance", "datacenter *.compute_at_value"),
    ),
    Rule(
        ("datacenter.server.chip_limit",),
        ("*",),
        ANY,
        "a limit: it is met or not, and a residual says by how much",
    ),
    Rule(
        ("growth.*", "civilization.*"),
        ("*",),
        ANY,
        "an evaluation is one moment: what it grows to, who asks for it and who pays is in `grow`",
    ),
    # ---- the data center
    Rule(
        ("bodies.earth.perihelion_longitude",),
        ("earth-to-leo-today",),
        ("datacenter_rate",),
        "the plane of a low orbit turns under the Sun in weeks: it meets every season from every side",
    ),
    Rule(
        (
            *("datacenter.*", "bodies.earth.albedo", "bodies.earth.infrared_emission", "bodies.earth.obliquity"),
            *("bodies.earth.eccentricity", "bodies.earth.perihelion_longitude", "bodies.sun.radio_flux"),
            *("places.sso_local_time", "places.disposal_perigee"),
        ),
        FLOWN + THROWN,
        ANY,
        "what the satellite is and how it is lit does not change the way to its orbit",
        but=("*.datacenter_rate",),
    ),
    Rule(
        (
            "datacenter.battery.*",
            "datacenter.eclipse_load_fraction",
            "bodies.earth.albedo",
            "bodies.earth.infrared_emission",
            "bodies.earth.obliquity",
            "bodies.earth.eccentricity",
            "bodies.earth.perihelion_longitude",
            "bodies.sun.radio_flux",
            "datacenter.bus.drag_coefficient",
            "places.disposal_perigee",
        ),
        ("earth-to-moon", "earth-to-mars", "moon-to-escape", "moon-to-mars", "datacenter moon-to-escape"),
        ("datacenter_rate", "specific_mass", "resupply", "power_cost", *MONEY),
        "in steady sunlight far from the Earth: no shadow, no heat from below, no air",
    ),
    Rule(
        ("datacenter_cost.*",),
        FLOWN + THROWN,
        ANY,
        "the satellite's money, not the way's; but the driver is financed at the same rate",
        but=("moon-to-*.cost", "moon-to-*.price"),
    ),
    Rule(
        ("datacenter_cost.*", "!datacenter_cost.discount_rate"),
        THROWN,
        ("cost", "price"),
        "the satellite's money, not the driver's",
    ),
    # ---- compute in orbit against compute on the ground
    Rule(("terrestrial.*", "compute_market.*"), FLOWN + THROWN, ANY, "what is sold there, not the way"),
    Rule(
        ("*", "!terrestrial.*", "!compute_market.*", *(f"!{path}" for path in RATE)),
        ("terrestrial",),
        ANY,
        "the ground does not care what flies above, but for the servers that do",
    ),
    Rule(RATE, ("terrestrial",), ("total",), "the watt counts, not what it computes"),
    Rule(RATE[:2], ("terrestrial",), ("year_earlier",), "the accelerator is rented, whatever it computes"),
    Rule(
        ("compute_market.price_fall",),
        ("datacenter *", "terrestrial"),
        ANY,
        "what an operation brings in, not what it costs",
        but=("*.compute_at_value",),
    ),
    Rule(
        ("terrestrial.*",),
        ("datacenter *",),
        ANY,
        "the satellite's own",
        but=("datacenter *.ratio", "datacenter *.time_to_power"),
    ),
    Rule(
        ("terrestrial.*", "!terrestrial.build_time", "!terrestrial.power_wait"),
        ("datacenter *",),
        ("time_to_power",),
        "rent in orbit, times the years of lead",
    ),
    Rule(
        (
            *("terrestrial.build_carbon", "terrestrial.gas_carbon", "terrestrial.grid_carbon"),
            *("compute_market.chip_carbon", "datacenter_cost.build_carbon"),
        ),
        ("*",),
        ANY,
        "the account of carbon, which nobody charges for",
    ),
    Rule(
        (
            "terrestrial.build_time",
            "terrestrial.power_wait",
            "terrestrial.discount_rate",
            "terrestrial.life",
            "terrestrial.chip_life",
        ),
        ("terrestrial",),
        ("year_earlier",),
        "rent less what is paid in the year: no capital in it",
    ),
    Rule(
        ("compute_market.chip_price",),
        ("datacenter *", "terrestrial"),
        ("total", "compute_at_value", "ratio"),
        "the rent of an accelerator is income, not cost",
    ),
    Rule(("compute_market.utilization",), ("datacenter *",), ("total",), "sunlight is not bought by the hour"),
    Rule(
        ("compute_market.*",),
        ("datacenter *",),
        ("power_cost", "performance", "resupply"),
        "servers are not in its boundary",
    ),
    Rule(
        ("datacenter_cost.learning_rate",),
        ("*",),
        ANY,
        "the cost holds at the number of satellites built (units_ratio 1): nothing is left to be learned at any rate",
    ),
    Rule(
        (
            "datacenter_cost.development",
            "datacenter_cost.loss_rate",
            "datacenter_cost.insurance_fraction",
            "datacenter_cost.disposal_cost",
            "datacenter_cost.lead_time",
        ),
        ("datacenter *",),
        ("power_cost",),
        "not in its boundary",
    ),
    Rule(
        ("datacenter_cost.lead_time",),
        ("datacenter *",),
        ("total", "compute_at_value", "ratio"),
        "when, not what it costs",
    ),
    Rule(
        ("datacenter_cost.development", "datacenter_cost.disposal_cost"),
        ("datacenter *",),
        ("time_to_power",),
        "rent less what is paid in the year: no capital in it",
    ),
    Rule(
        ("datacenter_cost.discount_rate",),
        ("datacenter earth-to-sso",),
        ("time_to_power",),
        "no capital in it; from the Moon the driver's is in the price of what is replaced",
    ),
    # ---- who flies where
    Rule(
        ("launcher_today.*", "supply_today.*", "places.leo_*"),
        ("*",),
        ANY,
        "only today's launcher to low orbit",
        but=("earth-to-leo-today.*",),
    ),
    Rule(
        ("launcher.*", "supply.*", "depot.*"),
        ("earth-to-leo-today",),
        ANY,
        "another machine flies there, on other fuel, and is not refilled",
    ),
    Rule(("depot.*",), ("earth-to-sso", "datacenter earth-to-sso"), ANY, "no refilling on the way"),
    Rule(
        (
            "launcher.*",
            "supply.*",
            "depot.*",
            "places.parking_altitude",
            "places.low_lunar_altitude",
            "places.lunar_descent_loss",
        ),
        THROWN,
        ANY,
        "the driver feels it only in the price at which its parts are landed",
        but=("moon-to-*.cost", "moon-to-*.price"),
    ),
    Rule(
        ("mass_driver.*", "mass_driver_cost.*", "*_capsule.*"),
        (*FLOWN, "datacenter earth-to-sso"),
        ANY,
        "nothing is thrown",
    ),
    Rule(
        ("sso_capsule.*",),
        ("moon-to-escape", "moon-to-mars", "datacenter moon-to-escape"),
        ANY,
        "another carrier, or none",
    ),
    Rule(
        ("mars_capsule.*",),
        ("moon-to-escape", "moon-to-sso", "datacenter moon-to-escape", "datacenter moon-to-sso"),
        ANY,
        "another carrier, or none",
    ),
    # ---- rockets
    Rule(
        ("launcher*.fleet.*", "launcher*.cost.*", "launcher*.vehicle.mixture_ratio"),
        FLOWN,
        ("delta_v",),
        "the way and the machine's ascent loss: not how often it flies, or on what",
    ),
    Rule(
        ("launcher*.vehicle.stages.1.dry_mass",),
        FLOWN,
        ("delta_v",),
        "a tonne of ship is a tonne less of payload: the same mass all the way up",
    ),
    Rule(
        ("launcher.vehicle.core_throttle", "launcher_today.vehicle.core_throttle"),
        ("*",),
        ANY,
        "throttling beside strap-ons, of which there are none",
    ),
    Rule(
        (
            "launcher.vehicle.stages.1.specific_impulse_sea_level",
            "launcher_today.vehicle.stages.1.specific_impulse_sea_level",
        ),
        ("*",),
        ANY,
        "the last stage never burns low",
    ),
    Rule(
        (
            "launcher.vehicle.stages.0.throttle_min",
            "launcher.vehicle.stages.1.throttle_min",
            "launcher.vehicle.fairing_altitude",
            "launcher_today.vehicle.stages.0.throttle_min",
            "launcher_today.vehicle.stages.1.throttle_min",
            "launcher_today.vehicle.fairing_altitude",
        ),
        ("*",),
        ANY,
        "inside the fitted loss, whose sample has them at their usual values",
    ),
    Rule(("launcher*",), FLOWN, ("transit_time",), "a coast"),
    Rule(
        ("launcher.*", "supply.*"),
        ("earth-to-sso", "earth-to-moon"),
        CALENDAR,
        "orbit planes come round, however often it flies",
    ),
    Rule(
        (
            "launcher_today.*",
            "!launcher_today.fleet.*",
            "!launcher_today.vehicle.mixture_ratio",
            "!launcher_today.vehicle.stages.*.propellant_mass",
            "!launcher_today.vehicle.stages.*.count",
        ),
        ("earth-to-leo-today",),
        CALENDAR,
        "any plane will do: it leaves as often as the fleet flies, and as oxygen and fuel allow",
    ),
    Rule(
        ("launcher*.fleet.*", "launcher*.cost.*"),
        FLOWN,
        ("energy", "propellant", "electricity", "carbon_dioxide"),
        "a flight burns what it burns, however often and at whatever price",
    ),
    Rule(
        ("launcher*.vehicle.mixture_ratio",),
        FLOWN,
        ("propellant",),
        "chemistry counts through the specific impulse, which is an input of its own",
    ),
    Rule(
        ("launcher*.vehicle.fuel_heating_value",),
        ("*",),
        ("delta_v", "propellant", *FLOWS, "electricity", "carbon_dioxide", "cost", "price", "power_cost", *MONEY),
        "propellant is loaded, bought and counted by mass",
    ),
    Rule(("launcher*.cost.*",), FLOWN, FLOWS, "money is what it takes, not what limits it"),
    Rule(
        ("launcher*.cost.margin_fraction",),
        ("*",),
        ("cost", "price", "power_cost", *MONEY),
        "profit is in the price of a flight, and nothing else is reckoned at that price",
        but=("earth-*.price",),
    ),
    Rule(
        ("launcher_today.fleet.ship_loss",),
        ("earth-to-leo-today",),
        ANY,
        "an upper stage that is expended flies once, whatever the odds",
    ),
    Rule(
        ("launcher_today.cost.ship_refurbishment_fraction",),
        ("earth-to-leo-today",),
        ("cost", "price"),
        "an upper stage that is expended is not refurbished",
    ),
    # ---- propellant
    Rule(
        ("supply*.*_electricity", "supply*.*_carbon_dioxide"),
        ("*",),
        ANY,
        "accounts of electricity and carbon: propellant has its own price, and nobody charges for them",
        but=("earth-*.electricity", "earth-*.carbon_dioxide", "demand.electricity", "demand.carbon_dioxide"),
    ),
    Rule(
        ("supply*.*_carbon_dioxide",),
        (*FLOWN, "demand"),
        ("electricity",),
        "the account of carbon, not of electricity",
    ),
    Rule(
        ("supply*.*_production", "supply*.*_share"),
        FLOWN,
        ("delta_v", "transit_time", "energy", "propellant", "electricity", "carbon_dioxide"),
        "how much there is, not what a flight takes",
    ),
    Rule(
        ("launcher_today.cost.learning_rate",),
        ("earth-to-leo-today",),
        ("cost", "price"),
        "today's costs hold at today's number of units (units_ratio 1): nothing is left to be learned at any rate",
    ),
    Rule(
        ("launcher_today.cost.units_ratio",),
        ("earth-to-leo-today",),
        ("cost", "price"),
        "a launcher of long standing (learning_rate 0): more units make none cheaper",
    ),
    Rule(
        ("depot.boil_off_rate", "depot.transfer_loss_fraction", "depot.tanker_interval"),
        REFILLED,
        ("delta_v", *TIMES),
        "more tankers, the same path",
    ),
    Rule(("depot.inclination",), ("earth-to-moon",), ("transit_time",), "half an ellipse takes as long in any plane"),
    # ---- what a goal demands
    Rule(
        (
            "*",
            "!launcher.*",
            "!supply.*",
            "!datacenter.*",
            "!bodies.earth.*",
            "!bodies.sun.radio_flux",
            "!places.sso_*",
            "!places.disposal_perigee",
            "!places.parking_altitude",
        ),
        ("demand",),
        ANY,
        "satellites by the launcher to the sun-synchronous orbit, and nothing else",
    ),
    Rule(
        (
            "*",
            "!datacenter.*",
            "!bodies.earth.*",
            "!bodies.sun.radio_flux",
            "!places.sso_*",
            "!places.disposal_perigee",
        ),
        ("demand",),
        ("mass",),
        "satellites are as heavy as they are, whoever lifts them",
    ),
    Rule(
        (
            "launcher.cost.*",
            "launcher.fleet.pads",
            "launcher.fleet.boosters",
            "launcher.fleet.ships",
            "launcher.fleet.*_production",
            "supply.*_share",
        ),
        ("demand",),
        ANY,
        "what there is, and what it costs, does not change what is needed",
        but=("demand.cost",),
    ),
    *(
        Rule(leaves_, ("demand",), ANY, reason, but=("demand.cost", *(f"demand.{figure}" for figure in figures_)))
        for leaves_, figures_, reason in (
            (("supply.oxygen_production",), ("oxygen_share",), "how much oxygen there is, not what is needed"),
            (("supply.fuel_production",), ("fuel_share",), "how much fuel there is, not what is needed"),
            (("launcher.fleet.pad_turnaround",), ("pads",), "slow pads: more of them, nothing else"),
            (
                ("launcher.fleet.booster_turnaround",),
                ("boosters",),
                "slow boosters: more in circulation, no more built",
            ),
            (("launcher.fleet.ship_turnaround",), ("ships",), "slow ships: more in circulation, no more built"),
            (
                ("launcher.fleet.booster_engines", "launcher.fleet.ship_engines"),
                ("engine_production",),
                "more engines to build, nothing else",
            ),
            (
                ("launcher.fleet.booster_flights", "launcher.fleet.booster_loss"),
                ("booster_production", "engine_production"),
                "shorter lives: more boosters built, no more in circulation",
            ),
            (
                ("launcher.fleet.ship_flights", "launcher.fleet.ship_loss"),
                ("ship_production", "engine_production"),
                "shorter lives: more ships built, no more in circulation",
            ),
        )
    ),
    Rule(
        ("launcher.vehicle.mixture_ratio",),
        ("demand",),
        (
            "flights",
            "pads",
            "boosters",
            "ships",
            "booster_production",
            "ship_production",
            "engine_production",
        ),
        "it only tells how the propellant is split",
    ),
    Rule(
        ("launcher.vehicle.fuel_heating_value",),
        ("demand", "launch price"),
        ANY,
        "propellant is loaded, bought and counted by mass",
    ),
    # ---- the record of prices
    Rule(
        ("price_history.*",),
        ("*",),
        ANY,
        "a record to compare with: nothing is reckoned from it",
        but=("launch price.*",),
    ),
    Rule(("price_history.*",), ("launch price",), ("bottom_up_price",), "bottom up: no record in it"),
    Rule(("price_history.points.*",), ("launch price",), ("cumulative_mass",), "the launcher's own flights count on"),
    Rule(
        ("*", "!price_history.points.*"),
        ("launch price",),
        ("learning_rate", "learning_rate_low", "learning_rate_high"),
        "the record speaks for itself",
    ),
    Rule(
        (
            "*",
            "!price_history.*",
            "!launcher.*",
            "!supply.*",
            "!depot.altitude",
            "!depot.inclination",
            "!bodies.earth.mu",
            "!bodies.earth.radius",
            "!bodies.earth.rotation_rate",
            "!places.parking_altitude",
        ),
        ("launch price",),
        ANY,
        "the launcher to the depot's orbit, and nothing else",
    ),
    Rule(
        (
            "launcher.cost.*",
            "!launcher.cost.units_ratio",
            "launcher.fleet.*",
            "!launcher.fleet.ship_flights",
            "!launcher.fleet.ship_loss",
            "launcher.vehicle.mixture_ratio",
            "supply.*",
        ),
        ("launch price",),
        ("cumulative_mass", "predicted_price", "predicted_price_low", "predicted_price_high"),
        "mass lifted by then is units built, their flights and payload, not money or pace",
    ),
    # ---- the mass driver and its carriers
    *(
        Rule((f"mass_driver.{leaf}",), ("*",), ANY, "a limit: it is in the residuals, not in the figures")
        for leaf in (
            "acceleration_limit",
            "sled_specific_force",
            "peak_power_limit",
            "speed_error_limit",
            "pointing_error",
            "coil_pitch",
            "coil_energy_error",
        )
    ),
    Rule(
        (
            "mass_driver_cost.*",
            "mass_driver.track_length",
            "mass_driver.acceleration",
            "mass_driver.taper",
            "mass_driver.guideway_mass_per_length",
            "mass_driver.winding_*",
            "mass_driver.braking_acceleration",
            "mass_driver.*_specific_power",
            "mass_driver.store_shots",
            "mass_driver.station_*",
            "mass_driver.store.*",
            "mass_driver.radiator.*",
        ),
        THROWN,
        ANY,
        "makes the driver heavier or dearer, not different for what is thrown",
        but=("moon-to-*.cost", "moon-to-*.price"),
    ),
    Rule(
        ("mass_driver.*",),
        THROWN,
        ("delta_v", "transit_time", "propellant"),
        "the way asks for the speed, whatever gives it",
    ),
    Rule(
        ("mass_driver.shot_mass", "mass_driver.shot_interval", "mass_driver.power", "mass_driver.duty_fraction"),
        THROWN,
        ("energy",),
        "energy per kilogram is the same in many small shots",
    ),
    Rule(
        ("mass_driver.*", "sso_capsule.*"), ("moon-to-sso",), CALENDAR, "the target's plane comes round twice a month"
    ),
    Rule(("sso_capsule.*",), ("moon-to-sso",), ("transit_time",), "half an ellipse"),
    Rule(
        ("*_capsule.*", "!*.correction_delta_v"),
        ("moon-to-sso", "moon-to-mars"),
        ("delta_v",),
        "what the way asks for, not what the carrier has",
    ),
    # ---- bodies
    Rule(
        ("bodies.sun.mu",),
        ("*",),
        ANY,
        "inside the Earth's sphere of influence, whose edge is all it sets there",
        but=("earth-to-mars.*", "moon-to-mars.*", "moon-to-escape.transit_time"),
    ),
    Rule(
        ("bodies.sun.mu", "bodies.earth.*", "bodies.moon.*", "mars_windows.*", "places.asymptote_tolerance"),
        ("moon-to-mars",),
        ("propellant",),
        "the muzzle pays for the way; the carrier only corrects and lands",
    ),
    Rule(
        ("bodies.mars.orbit_radius",), ("*",), ANY, "sunlight there, nothing else", but=("*-to-mars.datacenter_rate",)
    ),
    Rule(
        ("bodies.moon.*",),
        ("earth-to-leo-today", "earth-to-sso", "earth-to-mars", "datacenter earth-to-sso"),
        ANY,
        "the way does not pass the Moon",
    ),
    Rule(
        ("bodies.moon.mu", "bodies.moon.radius"),
        ("earth-to-moon", "moon-to-escape", "moon-to-sso"),
        ("transit_time",),
        "patched conics: the time is that of the path around the Earth",
    ),
    Rule(
        ("bodies.moon.radius",),
        ("earth-to-moon", "moon-to-sso"),
        CALENDAR,
        "the Moon's motion counts, not its size",
    ),
    Rule(("bodies.moon.*",), ("moon-to-sso",), ("propellant",), "the carrier's engines only correct and trim"),
    Rule(
        ("bodies.earth.mu", "bodies.earth.radius", "bodies.earth.j2", "bodies.earth.year"),
        ("earth-to-leo-today",),
        CALENDAR,
        "any plane will do",
    ),
    Rule(
        ("bodies.earth.mu", "bodies.earth.radius", "bodies.earth.j2"),
        ("earth-to-sso",),
        CALENDAR,
        "the ground turns below the plane, whatever the gravity",
    ),
    Rule(
        ("bodies.earth.rotation_rate",),
        ("earth-to-leo-today", "earth-to-moon"),
        CALENDAR,
        "the site passes below some plane that serves, every day",
    ),
    Rule(("bodies.earth.rotation_rate",), FLOWN, ("transit_time",), "a coast"),
    Rule(
        ("bodies.earth.rotation_rate",),
        THROWN,
        ANY,
        "the driver feels it only in the price at which its parts are landed",
        but=("moon-to-*.cost", "moon-to-*.price", "moon-to-sso.datacenter_rate"),
    ),
    Rule(
        ("bodies.earth.radius",),
        ("moon-to-escape", "moon-to-mars"),
        ANY,
        "the way out begins at the Moon's distance; landing the driver's parts does not",
        but=("*.cost", "*.price"),
    ),
    Rule(("bodies.earth.radius",), ("moon-to-sso",), CALENDAR, "the Moon's motion sets them"),
    Rule(
        ("bodies.earth.j2", "bodies.earth.year"),
        ("earth-to-leo-today", "earth-to-mars", "moon-to-escape", "moon-to-mars", "datacenter moon-to-escape"),
        ANY,
        "no plane has to keep pace with the Sun or the Moon",
    ),
    Rule(
        ("bodies.earth.j2", "bodies.earth.year"),
        ("earth-to-moon",),
        ANY,
        "the depot's plane drifts by j2: that changes when, not how",
        but=("earth-to-moon.departure_rate", "earth-to-moon.mean_wait"),
    ),
    Rule(
        ("bodies.earth.year",), ("earth-to-moon",), CALENDAR, "the Moon against the depot's plane: the Sun is not in it"
    ),
    Rule(("bodies.earth.j2", "bodies.earth.year"), ("earth-to-sso",), ("transit_time",), "a coast"),
    Rule(
        ("bodies.earth.j2", "bodies.earth.year"),
        ("moon-to-sso",),
        ANY,
        "the orbit's inclination is none of the thrower's business: its plane comes round",
        but=("moon-to-sso.datacenter_rate", "moon-to-sso.departure_rate", "moon-to-sso.mean_wait"),
    ),
    Rule(("bodies.earth.j2",), ("moon-to-sso",), CALENDAR, "the plane keeps pace with the Sun, whatever turns it"),
    # ---- places
    Rule(
        ("places.leo_*", "places.parking_altitude"),
        FLOWN,
        CALENDAR,
        "planes come round, at any altitude",
    ),
    Rule(("places.leo_inclination",), ("earth-to-leo-today",), ("transit_time",), "a coast takes as long in any plane"),
    Rule(
        ("places.parking_altitude",),
        REFILLED,
        ("transit_time",),
        "the clock starts at the depot",
    ),
    Rule(
        ("places.sso_*",),
        ("*",),
        ANY,
        "other routes end elsewhere",
        but=("*-to-sso.*", "demand.*"),
    ),
    Rule(("places.sso_altitude",), ("earth-to-sso", "moon-to-sso"), CALENDAR, "the plane comes round, at any altitude"),
    Rule(
        ("places.sso_altitude",),
        ("moon-to-sso",),
        ("transit_time",),
        "half an ellipse down to the air; the trim follows within the hour and is not counted",
    ),
    Rule(
        ("places.low_lunar_altitude", "places.lunar_descent_loss"),
        ("earth-to-leo-today", "earth-to-sso", "earth-to-mars", "datacenter earth-to-sso"),
        ANY,
        "does not land on the Moon",
    ),
    Rule(
        ("places.low_lunar_altitude", "places.lunar_descent_loss"),
        ("earth-to-moon",),
        TIMES,
        "hours at the end, not counted",
    ),
    Rule(("places.mars_*", "places.asymptote_tolerance"), ("*",), ANY, "not to Mars", but=("*-to-mars.*",)),
    Rule(
        ("places.asymptote_tolerance", "places.mars_launch_period"),
        ("earth-to-mars",),
        ANY,
        "a ship leaves from orbit, in any direction",
    ),
    Rule(
        ("places.mars_launch_period",),
        ("moon-to-mars",),
        ANY,
        "a longer season brings more shots, each the same; the driver serves others in the rest of the time",
        but=("moon-to-mars.throughput", "moon-to-mars.datacenter_rate"),
    ),
    Rule(
        ("places.aerocapture_altitude", "places.plane_tolerance"),
        ("*",),
        ANY,
        "only carriers to the sun-synchronous orbit are caught by the Earth's air",
        but=("*moon-to-sso.*",),
    ),
    Rule(
        ("places.aerocapture_altitude", "places.plane_tolerance"),
        ("moon-to-sso",),
        CALENDAR,
        "the Moon's motion sets them",
    ),
    Rule(("places.plane_tolerance",), ("moon-to-sso",), ("transit_time",), "half an ellipse"),
    # ---- opportunities to Mars
    Rule(("mars_windows.*",), ("*",), ANY, "not to Mars", but=("*-to-mars.*",)),
    Rule(
        ("mars_windows.departure",),
        TO_MARS,
        ("delta_v", "transit_time", "energy", "propellant", "electricity", "carbon_dioxide", "cost", "price"),
        "the planets' places are inputs of their own; the dates only tell how far apart the opportunities are",
    ),
    Rule(
        ("mars_windows.departure",),
        ("earth-to-mars",),
        FLOWS,
        "the fleet's year limits the flow: ships are filled between the opportunities",
    ),
    Rule(("mars_windows.*", "!mars_windows.departure"), TO_MARS, CALENDAR, "how far apart is a matter of dates alone"),
    Rule(("mars_windows.?_*",), TO_MARS, ("transit_time",), "given, and the path found to fit it"),
)


Proof = Any
"""What the fixtures below return; see conftest.py."""


@pytest.fixture(scope="module")
def elasticities(baseline: Proof, sizes: np.ndarray) -> np.ndarray:
    """d ln(figure) / d ln(input) by reverse mode, (figures, inputs); a figure of zero is left unscaled."""
    x = jnp.asarray(baseline.inputs)
    row = jax.jit(lambda x, seed: jax.vjp(baseline.figures, x)[1](seed)[0])  # one by one: far less to compile
    jacobian = np.stack([row(x, seed) for seed in np.eye(len(baseline.figure_names))])
    return jacobian * baseline.scales / sizes[:, None]


@pytest.fixture(scope="module")
def sizes(values: np.ndarray) -> np.ndarray:
    """What derivatives are measured by: the figure; one for a figure of zero."""
    return np.where(values == 0.0, 1.0, np.abs(values))


def paths(baseline: Proof) -> list[str]:
    """The leaf of each input."""
    return [name.split("[")[0] for name in baseline.names]


def zero_pairs(baseline: Proof, elasticities: np.ndarray) -> set[tuple[str, str]]:
    """(leaf, figure) whose derivative is exactly zero for every element of the leaf; of delta_v but for rounding."""
    of = np.array(paths(baseline))
    return {
        (path, figure)
        for path in leaves(baseline.model)
        for figure, row in zip(baseline.figure_names, elasticities, strict=True)
        if np.all(np.abs(row[of == path]) <= (ROUNDING if figure.endswith(".delta_v") else 0.0))
    }


def covered(rule: Rule, baseline: Proof) -> set[tuple[str, str]]:
    found = [path for path in leaves(baseline.model) if rule.has_leaf(path)]
    return {(path, figure) for path in found for figure in baseline.figure_names if rule.has_figure(figure)}


SEASON = ("bodies.earth.obliquity", "bodies.earth.perihelion_longitude", "bodies.earth.radius", "bodies.earth.j2")
SEASON += ("bodies.earth.year", "places.sso_altitude", "places.sso_local_time")
"""What the shadow's season on a sun-synchronous orbit depends on: a mean over 24 panels of the year, twice smooth only.

A panel that meets the season's edge within the coarse steps spoils the extrapolation; fine ones are taken there.
"""


def at_step(cloud: Proof, step: float) -> np.ndarray:
    """Central difference by each input with one relative step."""
    (low,), (high,) = (np.flatnonzero(np.isclose(cloud.steps, s, rtol=1e-9, atol=0.0)) for s in (-step, step))
    return (cloud.moved[:, high] - cloud.moved[:, low]) / (2.0 * step)


def fine_difference(cloud: Proof) -> np.ndarray:
    """Central differences at the two fine steps, extrapolated: near the season's edge one alone misses 3e-6."""
    return (4.0 * at_step(cloud, FINE) - at_step(cloud, 2.0 * FINE)) / 3.0


def in_season(baseline: Proof) -> np.ndarray:
    """(figures, inputs): data centers on the sun-synchronous orbit, and the demand of theirs, by their season."""

    def lit(figure: str) -> bool:
        there = figure.startswith(("datacenter ", "demand.")) and "-to-escape" not in figure
        return there or figure.endswith("-to-sso.datacenter_rate")

    figure = np.array([lit(f) for f in baseline.figure_names])
    return figure[:, None] & np.isin(paths(baseline), SEASON)[None, :]


def central_differences(cloud: Proof, sizes: np.ndarray) -> np.ndarray:
    """Elasticities by central differences at three steps, extrapolated twice: error O(step^6)."""

    def at(step: float) -> np.ndarray:
        return at_step(cloud, step)

    step = np.sort(cloud.steps)[-2]
    one, two, three = at(step), at(step / 2), at(step / 4)
    better, best = (4.0 * two - one) / 3.0, (4.0 * three - two) / 3.0
    return ((16.0 * best - better) / 15.0 / sizes).T


def disagreements(found: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """Where two tables of elasticities differ by more than 1e-6 of them.

    Below 1e-4 the difference quotient's own rounding counts: 1e-16 of the figure, times a hundred for a payload that is
    a hundredth of the masses it is the difference of, over the smallest step of 2.5e-4, is 1e-10.
    """
    return np.argwhere(~close(found, expected))


def close(found: np.ndarray, expected: np.ndarray, rounding: float = 1e-10) -> np.ndarray:
    """Where two tables of elasticities agree."""
    return np.abs(found - expected) <= 1e-6 * np.abs(expected) + rounding


@pytest.mark.slow
def test_every_derivative_against_central_differences(
    baseline: Proof, cloud: Proof, elasticities: np.ndarray, sizes: np.ndarray
):
    numeric = central_differences(cloud, sizes)
    # rounding over the fine steps: some 1e-14 of the figure over 3e-6
    fine = in_season(baseline) & close(elasticities, (fine_difference(cloud) / sizes).T, rounding=5e-9)
    wrong = disagreements(np.where(fine, numeric, elasticities), numeric)
    assert [(baseline.figure_names[i], baseline.names[j], elasticities[i, j], numeric[i, j]) for i, j in wrong] == []


@pytest.mark.slow
def test_a_wrong_derivative_would_be_found(baseline: Proof, cloud: Proof, elasticities: np.ndarray, sizes: np.ndarray):
    # control: each derivative, spoilt by three millionths, is found out unless it is too small to be told
    numeric = central_differences(cloud, sizes)
    large = (np.abs(elasticities) > 1e-4) & ~in_season(baseline)
    spoilt = in_season(baseline) & (np.abs(elasticities) > 1e-2)
    assert np.count_nonzero(spoilt) > 20
    assert not np.any(spoilt & close(elasticities * (1.0 + 3e-6), (fine_difference(cloud) / sizes).T, rounding=5e-9))
    assert np.count_nonzero(large) > 1500
    found = {tuple(ij) for ij in disagreements(elasticities * (1.0 + 3e-6), numeric)}
    assert found >= {tuple(ij) for ij in np.argwhere(large)}


@pytest.mark.slow
def test_zero_derivatives_are_listed_with_a_reason_and_no_others(baseline: Proof, elasticities: np.ndarray):
    zero = zero_pairs(baseline, elasticities)
    listed = set().union(*(covered(rule, baseline) for rule in RULES))
    assert sorted(zero - listed) == []  # not listed: give the reason, or mend the derivative
    assert sorted(listed - zero) == []  # listed, and yet it has an effect


@pytest.mark.slow
def test_irrelevant_inputs_have_no_effect_at_all(
    baseline: Proof, cloud: Proof, elasticities: np.ndarray, values: np.ndarray, sizes: np.ndarray
):
    # moved by a tenth up and down, the figure stands: the derivative is not zero by accident of this point
    zero = zero_pairs(baseline, elasticities)
    far = np.flatnonzero(np.abs(cloud.steps) == np.max(np.abs(cloud.steps)))
    change = np.max(np.abs(cloud.moved[:, far] - values), axis=1) / sizes  # (inputs, figures)
    effects = [
        (name, figure, change[j, i])
        for j, (name, path) in enumerate(zip(baseline.names, paths(baseline), strict=True))
        for i, figure in enumerate(baseline.figure_names)
        if (path, figure) in zero and not change[j, i] <= 1e-13  # the vectorized call rounds otherwise
    ]
    assert effects == []


def test_rules(baseline: Proof):
    everything = [covered(rule, baseline) for rule in RULES]
    for i, rule in enumerate(RULES):
        assert everything[i], f"covers nothing: {rule}"
        others = set().union(*(found for k, found in enumerate(everything) if k != i))
        assert not everything[i] <= others, f"adds nothing: {rule}"
        assert len(rule.reason.split()) >= 2


def test_inputs_without_any_effect_are_listed(baseline: Proof):
    # each is named in full in a rule of its own, with its reason
    listed = set().union(*(covered(rule, baseline) for rule in RULES))
    idle = {p for p in leaves(baseline.model) if all((p, figure) in listed for figure in baseline.figure_names)}
    idle = {p for p in idle if not p.startswith(("growth.", "civilization."))}  # all of them, by one rule
    assert idle == {
        "compute_market.chip_carbon",
        "datacenter.server.chip_limit",
        "datacenter_cost.build_carbon",
        "datacenter_cost.learning_rate",
        "launcher_today.cost.learning_rate",
        "launcher_today.cost.ship_refurbishment_fraction",
        "launcher_today.cost.units_ratio",
        "launcher_today.fleet.ship_loss",
        "mass_driver.acceleration_limit",
        "mass_driver.coil_energy_error",
        "mass_driver.coil_pitch",
        "mass_driver.peak_power_limit",
        "mass_driver.pointing_error",
        "mass_driver.sled_specific_force",
        "mass_driver.speed_error_limit",
        "terrestrial.build_carbon",
        "terrestrial.gas_carbon",
        "terrestrial.grid_carbon",
        *(
            f"{launcher}.vehicle.{leaf}"
            for launcher in ("launcher_today", "launcher")
            for leaf in (
                "core_throttle",
                "fairing_altitude",
                "stages.0.throttle_min",
                "stages.1.specific_impulse_sea_level",
                "stages.1.throttle_min",
            )
        ),
    }
    assert idle <= {path for rule in RULES for path in rule.leaves}


@pytest.mark.slow
def test_forward_mode_is_reverse_mode(baseline: Proof, elasticities: np.ndarray, sizes: np.ndarray):
    x = jnp.asarray(baseline.inputs)
    column = jax.jit(lambda x, seed: jax.jvp(baseline.figures, (x,), (seed,))[1])
    forward = np.stack([column(x, seed) for seed in np.eye(x.size)], axis=-1)
    forward = forward * baseline.scales / sizes[:, None]
    # the order of the sums differs: a few roundings, times a hundred for the payload
    np.testing.assert_allclose(forward, elasticities, rtol=1e-10, atol=1e-13)
