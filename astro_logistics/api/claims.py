"""What is claimed of a future in space, and what the scenario's ranges make of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import xarray as xr

from astro_logistics.api.checks import check_name, error
from astro_logistics.api.claim_turns import claim_turns
from astro_logistics.api.sampling import sample
from astro_logistics.api.scenarios import SourcedScenario
from astro_logistics.design.uncertainty import BLOCK
from astro_logistics.report import claims as report
from astro_logistics.report.claims import Beside, Claims, Judged, Turn
from astro_logistics.report.deciding import Deciding, deciding_inputs
from astro_logistics.report.uncertainty import Figure, figures
from astro_logistics.scenario.claims import Claim, Told, read_claims
from astro_logistics.scenario.records import Source
from astro_logistics.units import conversion_factor

LEAST_DRAWS = 32


def claims(
    scenario: SourcedScenario,
    ids: str | Iterable[str] | None = None,
    n: int = 4 * BLOCK,
    seed: int = 0,
    *,
    break_even: bool = False,
) -> Claims:
    """What the figures of a scenario say of the claims of `claims.toml`, under the ranges of its ledger.

    Verdict by rule: a reading `holds` where at least 0.9 of the draws meet it, is `plausible` from 0.5, `unlikely` from
    0.1, and `fails` below; a draw whose design does not meet its constraints, or whose figure is no number, does not
    meet it. Ctrl-C ends the draws early: the answers are then those of what is done (`Claims.draws`).

    Args:
        scenario: whose ranges are drawn, as in `sample`.
        ids: of the claims; all if None. One program answers all of them, and is compiled for whatever is asked.
        n: draws, 32 or more; few of them can tell fewer deciding inputs.
        seed: of the draws.
        break_even: whether the values of the deciding inputs at which a reading turns true are found, see
            `claim_turns`; `al.break_even` finds one to rounding, with what moves it.

    Raises:
        ScenarioError: no such claim; the nearest is offered; too few draws.
        KeyboardInterrupt: stopped before the first 1024 draws were done.
    """
    if n < LEAST_DRAWS:
        raise error("n", f"{n}", f"{LEAST_DRAWS} or more draws")
    known, sources = read_claims()
    names = list(known) if ids is None else [ids] if isinstance(ids, str) else list(ids)
    for name in names:
        check_name("claim", name, known)
    asked = {name: known[name] for name in known if name in names}
    answers = report.answers(asked, scenario.model)
    told = dict.fromkeys(each.figure for c in asked.values() for each in c.beside)
    context = {f.name: f for f in figures(told, scenario.model)}
    chosen = (*answers.values(), *context.values())
    if not chosen:
        return _told(scenario, asked, n, seed, None, {}, {}, {}, sources)
    draws = sample(scenario, n, seed, figures=chosen, inputs=True, chunk=BLOCK)
    if draws.sizes["draw"] == 0:
        raise KeyboardInterrupt
    deciding = deciding_inputs(draws, [f.name for f in answers.values()], scenario.ledger)
    turns = claim_turns(scenario, asked, answers, chosen, deciding) if break_even else {}
    return _told(scenario, asked, n, seed, draws, answers, deciding, turns, sources)


def _told(
    scenario: SourcedScenario,
    asked: Mapping[str, Claim],
    n: int,
    seed: int,
    draws: xr.Dataset | None,
    answers: Mapping[tuple[str, str], Figure],
    deciding: Mapping[str, tuple[Deciding, ...]],
    turns: Mapping[str, tuple[Turn, ...]],
    sources: Mapping[str, Source],
) -> Claims:
    judged, beside = [], {}
    for claim in asked.values():
        for reading in claim.readings:
            figure = answers.get((claim.id, reading.name))
            if figure is None or draws is None:
                empty = (np.nan,) * 7
                judged.append(Judged(claim, reading, report.NOT_A_NUMBER, None, *empty, deciding=(), break_even=None))
                continue
            name, about = figure.name, draws[figure.name].attrs
            said, p = report.judged(draws, reading, name)
            values = draws[name].values
            shares = (
                about["infeasible"] / values.size,
                float(np.mean(np.isnan(values))),
                float(np.mean(np.isinf(values))),
            )
            own = about["at_scenario"], *report.middle(draws, name)
            judged.append(Judged(claim, reading, said, p, *own, *shares, deciding[name], turns.get(name)))
        if draws is not None:
            beside[claim.id] = tuple(_beside(draws, each) for each in claim.beside)
    year = scenario.ledger.price_year
    done = n if draws is None else draws.sizes["draw"]
    return Claims(scenario.name, year, done, n, seed, tuple(judged), beside, sources)


def _beside(draws: xr.Dataset, told: Told) -> Beside:
    """A figure in the unit in which it is told."""
    own = str(draws[told.figure].attrs["units"])
    unit = told.unit or own
    factor = conversion_factor(own, unit)
    median, p05, p95 = (factor * x for x in report.middle(draws, told.figure))
    return Beside(told.tells, told.figure, unit, median, p05, p95)
