"""How far a scenario can grow, and by when; and the same over the ranges of its inputs."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import jax.numpy as jnp
import numpy as np
import xarray as xr
from jax import Array

from astro_logistics.api.checks import error
from astro_logistics.api.sampling import spread
from astro_logistics.api.scenarios import VERSION, SourcedScenario, evaluate_jitted
from astro_logistics.compiling import quick_jit
from astro_logistics.design.uncertainty import in_blocks, outcomes, sobol_points
from astro_logistics.economics import learning
from astro_logistics.economics.price_history import wright
from astro_logistics.network.evaluate import evaluate
from astro_logistics.network.growth import grow
from astro_logistics.network.growth_figures import GrowthFigures
from astro_logistics.network.growth_swarm import SHARES
from astro_logistics.network.scenario import Scenario
from astro_logistics.pytree import infos, leaves

MOST_YEARS = 500
PROBABILITIES = (0.05, 0.25, 0.5, 0.75, 0.95)
DRAWN_TOGETHER = 64
"""Draws in one compiled call, which serves any number of them."""

_grow = quick_jit(grow)


def growth(scenario: SourcedScenario, until: float | None = None) -> xr.Dataset:
    """Growth of a scenario from its own fleet on: by year, dates of goals, money, the Moon, programmes, a swarm.

    Args:
        scenario: the scenario; `growth.start_year` says when its fleet and costs are those that it has.
        until: last calendar year that is followed; that of the scenario (`growth.years`), or later.

    Returns:
        Over `year`: what is launched, at work, paid, landed, made and what binds it (shares over `earth_limit` and
        `moon_limit`). Over `distance`: the swarm. Over `programme`: orbit, Moon and Mars. Dates and sums without
        dimension. Each with `units` and `long_name`. A date is infinite where it is never reached.

    Raises:
        ScenarioError: `until` not after the start, or more than 500 years after it.
    """
    return dataset(scenario, _grow(_until(scenario, until), evaluate_jitted(scenario.model)))


def price_record(scenario: SourcedScenario) -> xr.Dataset:
    """The record of launch prices by the year of each entry, and the line of Wright's law through it.

    Args:
        scenario: the scenario.

    Returns:
        Over `entry` (names, in order of their years): `year`, `cumulative_mass` (kg), `price` at which it was sold, and
        the line at that mass with its 95 % confidence band, `record_price`, `record_price_low`, `record_price_high`
        (USD/kg). `growth` has the same line over the years to come, beside the bottom-up price.
    """
    history = scenario.model.price_history
    entries = sorted(history.points.items(), key=lambda entry: entry[1].year)
    mass, price = (np.array([float(getattr(p, x)) for _, p in entries]) for x in ("cumulative_mass", "price"))
    line, low, high = (np.asarray(x) for x in learning.predict(wright(history), mass))
    data = {
        "year": ("entry", np.array([p.year for _, p in entries]), {"units": "yr"}),
        "cumulative_mass": ("entry", mass, {"units": "kg"}),
        "price": ("entry", price, {"units": "USD / kg"}),
        "record_price": ("entry", line, {"units": "USD / kg"}),
        "record_price_low": ("entry", low, {"units": "USD / kg"}),
        "record_price_high": ("entry", high, {"units": "USD / kg"}),
    }
    return xr.Dataset(data, {"entry": [name for name, _ in entries]}, {"scenario": scenario.name})


def _until(scenario: SourcedScenario, until: float | None) -> Scenario:
    model = scenario.model
    if until is None:
        return model
    start = float(model.growth.start_year)
    if not (start < until <= start + MOST_YEARS):
        raise error("until", f"{until:g}", f"a year after {start:g} and up to {start + MOST_YEARS:g}")
    years = max(model.growth.years, int(np.ceil(until - start)))
    return dataclasses.replace(model, growth=dataclasses.replace(model.growth, years=years))


def dataset(scenario: SourcedScenario, figures: GrowthFigures) -> xr.Dataset:
    """The figures with labels."""
    about, found = infos(figures), {k: np.asarray(v) for k, v in leaves(figures).items()}
    over = {"years": ("year",), "swarm": ("distance",)}
    data: dict[str, Any] = {}
    programmes = sorted(figures.programmes)
    for path, values in found.items():
        part, _, name = path.rpartition(".")
        described = {"units": about[path].unit, "long_name": about[path].doc}
        if part.startswith("programmes"):
            together = np.array([found[f"programmes.{p}.{name}"] for p in programmes])
            data[f"programme_{name}"] = ("programme", together, described)
        elif part:
            own = over[part]
            last = {"earth_binding": "earth_limit", "moon_binding": "moon_limit"}.get(name, "sun_share")
            label = name if part == "years" else f"swarm_{name}"
            data[label] = ((*own, last) if values.ndim == 2 else own, values, described)
        else:
            data[name] = ((), values, described)
    coordinates = {
        "year": data.pop("year"),
        "distance": data.pop("swarm_distance"),
        "sun_share": list(SHARES),
        "programme": programmes,
        "earth_limit": list(figures.earth_limits),
        "moon_limit": list(figures.moon_limits),
    }
    attributes = {"scenario": scenario.name, "price_year": scenario.ledger.price_year, "software": VERSION}
    return xr.Dataset(data, coordinates, attributes)


@dataclass(frozen=True)
class _Band:
    """The figures of growth that are drawn; equal ones share compiled code."""

    scalars: tuple[str, ...]

    def __call__(self, scenario: Scenario) -> dict[str, Array]:
        figures = grow(scenario, evaluate(scenario))
        years = figures.years
        return {
            "values": jnp.stack([getattr(figures, name) for name in self.scalars]),
            "year": years.year,
            "installed": years.installed,
            "rate": years.earth_rate + years.moon_rate,
        }


def growth_band(scenario: SourcedScenario, draws: int = 256, seed: int = 0, until: float | None = None) -> xr.Dataset:
    """Quantiles of growth over the ranges of all inputs, drawn as `sample` draws them.

    Args:
        scenario: the scenario.
        draws: number of draws, 8 or more.
        seed: of the draws.
        until: as for `growth`.

    Returns:
        `installed` and `rate` over (probability, year), W and W/yr, 0 before a draw's own start, and as in its last
        year for the years by which it ends early; every date and sum over `probability`; `reached` over `date`: share
        of the draws in which it comes before the last year. Draws that are no number are left out and counted in the
        attribute `not_finite`.

    Raises:
        ScenarioError: too few draws; `until` as for `growth`.
    """
    if draws < 8:
        raise error("draws", f"{draws}", "8 or more")
    model, drawn = _until(scenario, until), spread(scenario.ledger)
    names = tuple(f.name for f in dataclasses.fields(GrowthFigures) if "info" in f.metadata)
    function = outcomes(_Band(names), drawn.paths)
    u = np.concatenate(list(sobol_points(len(drawn.paths), seed, 0, draws)))[:draws]
    found = in_blocks(lambda rows: function(model, rows), np.asarray(drawn.inputs(u)), DRAWN_TOGETHER)
    good = np.all(np.isfinite(found["installed"]), axis=1) & ~np.any(np.isnan(found["values"]), axis=1)
    years = float(model.growth.start_year) + np.arange(model.growth.years + 1)
    about = {f.name: f.metadata["info"] for f in dataclasses.fields(GrowthFigures) if f.name in names}
    data: dict[str, Any] = {}
    for name, unit in (("installed", "W"), ("rate", "W / yr")):
        each = [np.interp(years, t, y, left=0.0) for t, y in zip(found["year"][good], found[name][good], strict=True)]
        data[name] = (("probability", "year"), _quantiles(np.array(each)), {"units": unit})
    for i, name in enumerate(names):
        described = {"units": about[name].unit, "long_name": about[name].doc}
        data[name] = ("probability", _quantiles(found["values"][good, i]), described)
    dates = [name for name in names if name.startswith("date_")]
    by_end = [np.mean(found["values"][good, names.index(name)] <= found["year"][good, -1]) for name in dates]
    data["reached"] = ("date", np.array(by_end), {"units": "1", "long_name": "share of the draws, by their last year"})
    coordinates = {"year": years, "probability": list(PROBABILITIES), "date": dates}
    attributes = {"scenario": scenario.name, "draws": draws, "seed": seed, "not_finite": int(np.sum(~good))}
    return xr.Dataset(data, coordinates, attributes)


def _quantiles(values: np.ndarray) -> np.ndarray:
    """Draws at the given ranks, so that an infinite date stays one."""
    return np.quantile(values, PROBABILITIES, axis=0, method="inverted_cdf")
