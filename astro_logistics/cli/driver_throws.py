"""The part of `astro-logistics mass-driver` that throws: shots to a target, their errors, fates, and the real Moon."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from astropy import units as u
from rich.console import Console
from rich.table import Table

from astro_logistics import api
from astro_logistics.api._lunar_launch import TARGETS as OWN
from astro_logistics.api.driver_throws import ALIASES
from astro_logistics.api.lunar_launch import ZERO
from astro_logistics.cli.output import write_figure, write_json
from astro_logistics.network.driver_break_even import DESTINATIONS
from astro_logistics.report import mass_driver as report
from astro_logistics.report import tables
from astro_logistics.units import from_tdb_seconds, to_tdb_seconds

TARGETS = tuple(dict.fromkeys((*DESTINATIONS, *OWN, *ALIASES)))
MONTH, DATES = 27.321661 * 86_400.0, 8
SHOWN = 6


@dataclass(frozen=True)
class ThrowOptions:
    """What the command was asked for; None: not given."""

    scenario: str
    target: str
    figure: str | None
    json_file: str | None
    longitude: Any
    latitude: Any
    elevation: Any
    speed_error: Any
    pointing_error: Any
    probability: float
    date: str | None
    tilted: bool
    fates: int | None


def throws(o: ThrowOptions) -> bool:
    """Print, write and draw the shots to a target; direct ones first, then by cost; False if none can be thrown."""
    found = api.driver_throws(
        o.target,
        longitude=o.longitude,
        latitude=o.latitude,
        elevation=ZERO if o.elevation is None else o.elevation,
        speed_error=o.speed_error,
        pointing_error=o.pointing_error,
        probability=o.probability,
        scenario=o.scenario,
    )
    in_order = sorted(found, key=lambda row: (bool(row.violated), row.throw.family != "direct", row.cost_usd_per_kg))
    best = in_order[0] if in_order else None
    fates = on_dates = None
    if best and o.fates is not None:
        spread = best.throw.speed_error_m_per_s * u.m / u.s
        fates = api.lunar_throw_fates(
            best.throw, speed_error=spread, pointing_error=o.pointing_error, shots=o.fates, scenario=o.scenario
        )
    if best and o.date is not None:
        start = float(to_tdb_seconds(o.date))
        dates = [from_tdb_seconds(start + MONTH * k / DATES) for k in range(DATES)]
        on_dates = api.lunar_throw_on_dates(best.throw, dates, tilted=o.tilted, scenario=o.scenario)
    if best and o.figure is not None:
        _draw(o.figure, [row.throw for row in in_order[:SHOWN]], o.scenario)
    if o.json_file is not None:
        content = {"scenario": o.scenario, "target": o.target, "throws": [dataclasses.asdict(row) for row in in_order]}
        if fates:
            content["fates"] = dataclasses.asdict(fates)
        if on_dates:
            content["on_dates"] = [dataclasses.asdict(row) for row in on_dates]
        write_json(o.json_file, content)
        return best is not None and not best.violated
    out = tables.console()
    if best is None:
        out.print(f"No shot to {o.target} was found from this site: try another longitude or elevation.")
        return False
    _print(out, o, in_order)
    if fates:
        out.print(_fates(fates, best))
    if on_dates:
        out.print(_on_dates(on_dates, o.tilted))
    return not best.violated


def _print(out: Console, o: ThrowOptions, rows: list[api.DriverThrow]) -> None:
    first, shown = rows[0].throw, rows[:SHOWN]
    side = "level" if first.elevation_deg == 0.0 else f"raised by {first.elevation_deg:.1f} deg"
    place = f"{first.longitude_deg:.2f} deg east, {first.latitude_deg:.2f} deg north, rails {side}"
    out.print(f"[bold]Thrown to {o.target}[/] ({o.scenario}) from {place}; stopped by {rows[0].stopped_by}\n")
    share, far = f"{o.probability:.0%}", first.c3_km2_per_s2 == first.c3_km2_per_s2
    miss, size = ("miss at infinity", 1e3) if far else ("miss", 1.0)
    length = "m/s" if far else "km"
    figures: list[tuple[str, str, Callable[[api.DriverThrow], Any]]] = [
        ("azimuth", "deg", lambda r: r.throw.azimuth_deg),
        ("muzzle speed", "m/s", lambda r: 1e3 * r.throw.muzzle_speed_km_per_s),
        ("flight", "days", lambda r: r.throw.flight_time_days),
        ("arrives with", "km/s", lambda r: r.throw.arrival_speed_km_per_s),
        ("C3", "km2/s2", lambda r: r.throw.c3_km2_per_s2),
        ("inclination", "deg", lambda r: round(r.throw.inclination_deg, 4)),
        ("to stop or circularize", "m/s", lambda r: r.throw.kick_m_per_s),
        ("error of the muzzle speed", "m/s", lambda r: r.throw.speed_error_m_per_s),
        (f"{miss} by it", f"{length} per m/s", lambda r: size * r.throw.miss_km_per_m_per_s),
        (f"{miss}, second order", "km per (m/s)2", lambda r: r.throw.miss_km_per_m_per_s_squared),
        (f"{miss} ellipse, long", length, lambda r: size * r.throw.miss_ellipse_km[0]),
        (f"{miss} ellipse, short", length, lambda r: size * r.throw.miss_ellipse_km[1]),
        (f"{share} pass within", length, lambda r: size * r.throw.capture_radius_km),
        (f"or are corrected by {share}", "m/s", lambda r: r.throw.correction_m_per_s),
        ("engines of the carrier", "m/s", lambda r: r.engines_m_per_s),
        ("payload of what is thrown", "", lambda r: r.payload_fraction),
        ("shots", "a year", lambda r: r.shots_per_year),
        ("payload", "t/yr", lambda r: r.throughput_t_per_year),
        ("electricity", "MJ/kg", lambda r: r.energy_mj_per_kg),
        ("cost", "USD/kg", lambda r: r.cost_usd_per_kg),
        ("shots beyond that share", "a year", lambda r: r.lost_shots_per_year),
    ]
    known = [(name, unit, [value(r) for r in shown]) for name, unit, value in figures]
    out.print(report.side_by_side([r.throw.family for r in shown], known))
    if len(rows) > SHOWN:
        out.print(f"{len(rows) - SHOWN} more are in --json.")
    for row in shown:
        if row.violated:
            where = f"{row.throw.family}, azimuth {row.throw.azimuth_deg:.0f} deg"
            out.print(f"[bold red]not met by {where}: {', '.join(row.violated)}[/]")
    yearly = first.windows_per_year
    times = "" if np.isnan(yearly) else f"; {yearly:.1f} times a year, {yearly / 12.0:.2f} a month"
    out.print(f"Limited by {rows[0].limited_by}. In reach {first.availability_fraction:.1%} of the time{times}:")
    out.print(f"{first.availability}.\n")
    out.print(tracks(1e3 * first.muzzle_speed_km_per_s))


def tracks(speed: float) -> Table:
    """The track that each class of payload asks for to leave with a muzzle speed in m/s."""
    table = report.empty_table("payload", "stands g", "track m", "over its range m", "time on it s")
    for row in api.payload_tracks(speed * u.m / u.s):
        spread = f"{tables.number(row.shortest_m)} .. {tables.number(row.longest_m)}"
        cells = (tables.number(row.acceleration_g), tables.number(row.track_m), spread, tables.number(row.time_s))
        table.add_row(row.name.replace("_", " "), *cells)
    return table


def _on_dates(found: list[api.ThrowOnDate], tilted: bool) -> Table:
    """Shots corrected for the real Moon, a row per date."""
    rails = "rails tilted as needed" if tilted else "rails as they are"
    headers = "shot (TDB)|Moon km|libration deg|uncorrected km|speed m/s|azimuth deg|elevation deg|flight days|miss m|"
    title = f"The first corrected for the real Moon, {rails}: change of speed and azimuth"
    table = report.empty_table(*headers.split("|"), title=title)
    table.columns[-1].justify = "left"
    for row in found:
        seen = f"{row.libration_longitude_deg:+.1f} {row.libration_latitude_deg:+.1f}"
        told = "" if row.clears_ground else "below the horizon" if row.converged else "out of reach"
        if row.obstacle and not told:
            told = f"meets {row.obstacle} after {row.obstacle_days:.2f} days"
        cells = [row.departure[:16], tables.number(row.moon_distance_km), seen, tables.number(row.first_miss_km)]
        if row.converged:
            changes = (row.speed_change_m_per_s, row.azimuth_change_deg, row.elevation_deg)
            cells += [f"{round(x, 1) + 0.0:+.1f}" for x in changes]  # no minus before zero
            cells += [f"{row.flight_time_days:.2f}", f"{row.miss_m:.1f}"]
        else:
            cells += ["-"] * 5
        table.add_row(*cells, told)
    return table


def _fates(found: api.ThrowFates, best: api.DriverThrow) -> Table:
    """Shares of the sample, and what they make of the shots that nothing catches or corrects."""
    lost = best.lost_shots_per_year
    rows = [
        (name, f"{share:.1%} +- {error:.1%}", tables.number(share * lost))
        for name, share, error in zip(found.fate, found.share, found.standard_error, strict=True)
    ]
    title = f"{found.shots} erring shots without catcher or correction, {found.years:g} years later"
    table = report.empty_table("ends", "share", "of those lost in a year", title=title)
    for row in rows:
        table.add_row(*row)
    return table


def _draw(file: str, found: list[api.LunarThrow], scenario: str) -> None:
    ways, misses = api.lunar_throw_figures(found, scenario=scenario)
    for picture, name in ((ways, file), (misses, f"{Path(file).with_suffix('')}-miss.png")):
        if picture.axes[0].has_data():
            write_figure(picture, name)
