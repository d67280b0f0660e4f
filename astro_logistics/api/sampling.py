"""Draw the inputs over their ranges, and see what the figures do."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import numpy as np
import xarray as xr
from rich.console import Console
from rich.progress import Progress

from astro_logistics.api.checks import check_name, error
from astro_logistics.api.scenarios import VERSION, SourcedScenario
from astro_logistics.design.correlation import Copula, CorrelationError, copula
from astro_logistics.design.distributions import Triangular, triangular
from astro_logistics.design.uncertainty import BLOCK, GROUP, SHUFFLED, inputs_at, outcomes, sobol_points
from astro_logistics.network.evaluate import ROUTES
from astro_logistics.report.uncertainty import Figure, Outcome, figures
from astro_logistics.scenario.records import Ledger
from astro_logistics.units import conversion_factor

CHUNK = 16 * BLOCK
"""Draws between two signs of progress, and in one file."""
MOST_INPUTS_KEPT = 2**25
"""Numbers: the inputs of every draw are kept by default up to this many, 256 MiB."""

Correlations = Mapping[tuple[str, str], float]


@dataclass(frozen=True)
class Spread:
    """The inputs that have a range, how each is drawn, and which are drawn together."""

    paths: tuple[str, ...]
    distribution: Triangular
    together: Copula

    def inputs(self, u: Any) -> Any:
        """Inputs in SI at independent uniform numbers, both (n, d)."""
        return inputs_at(self.distribution, self.together, u)


def spread(ledger: Ledger, correlations: Correlations | None = None) -> Spread:
    """How the inputs of a scenario are drawn; those whose range is a single number stay fixed.

    Raises:
        ScenarioError: a correlation of an unknown or fixed input, or correlations that contradict each other.
    """
    moving = {path: record for path, record in ledger.items() if record.si_low < record.si_high}
    low, value, high = np.asarray([(r.si_low, r.si_value, r.si_high) for r in moving.values()]).reshape(-1, 3).T
    for path in [path for pair in correlations or {} for path in pair]:
        check_name("input", path, ledger)
        if path not in moving:
            raise error(path, "an input whose range is a single number", "inputs with a range")
    try:
        together = copula(tuple(moving), correlations or {})
    except CorrelationError as problem:
        raise error("correlations", str(problem), "a positive definite matrix of correlations") from None
    return Spread(tuple(moving), triangular(low, value, high), together)


def default_figures() -> tuple[str, ...]:
    """The cost of each route."""
    return tuple(f"{route}.cost_usd_per_kg" for route in ROUTES)


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[float], None]]:
    """A bar on standard error, called with the share done; nothing where that is no terminal."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=1.0)
        yield lambda share: bar.update(task, completed=share)


def sample(
    scenario: SourcedScenario,
    n: int,
    seed: int = 0,
    correlations: Correlations | None = None,
    figures: Iterable[str | Figure] | None = None,
    *,
    inputs: bool | None = None,
    whole: bool = False,
    chunk: int = CHUNK,
    folder: str | os.PathLike[str] | None = None,
    overwrite: bool = False,
) -> xr.Dataset:
    """Draws of the scenario over the ranges of its ledger, and the figures of each.

    Each input with a range is drawn from the triangular distribution on it whose mode, the most likely value, is the
    scenario's; where a positive range spans a factor of ten or more, from that of the logarithm. So the scenario's own
    figures are neither the median nor the mean of the draws. Inputs are independent but for `correlations`. Nothing is
    discrete: counts are real numbers in the model. The draws are the first n points of the seed's Latin supercube of
    scrambled Sobol' sequences (`design.uncertainty.sobol_points`): more draws begin with the same ones.

    Args:
        scenario: whose ranges are drawn.
        n: number of draws; a power of two from 256 on fills the range of each input most evenly.
        seed: of the points.
        correlations: (path, path) -> correlation of the normal scores (a Gaussian copula; rank correlations are within
            0.018 of it).
        figures: names such as "moon-to-sso.cost_usd_per_kg" or paths of the evaluation in SI, or `Figure`s; the
            cost of every route if None.
        inputs: whether the inputs of each draw are kept; if None, where they take at most 256 MiB.
        whole: whether `converged` speaks of the whole evaluation, which takes about eight times as long, or of the
            figures alone.
        chunk: draws between signs of progress, in whole blocks of 1024. The result does not depend on it.
        folder: where finished chunks are kept as .npz files; the same request goes on where it was stopped, or beyond.
        overwrite: begin anew whatever the folder holds.

    Returns:
        Over `draw`: each figure by name, with `units`, `boundary`, `at_scenario` (its value at the scenario's own
        inputs), `infeasible` and `not_finite` (numbers of draws); `feasible` over (figure, draw), whether the
        constraints of the figure's route are met; `converged`; `inputs` over (input, draw), in the unit of each record.
        No draw is ever left out. Ctrl-C ends it early with the chunks that are done, and attribute `interrupted` = 1.

    Raises:
        ScenarioError: unknown figure or input, impossible correlations, n or chunk below 1, another request's folder.
    """
    if n < 1 or chunk < 1:
        raise error("n, chunk", f"{n}, {chunk}", "at least 1")
    chosen = _figures(scenario, figures)
    drawn = spread(scenario.ledger, correlations)
    if inputs is None:
        inputs = n * len(drawn.paths) <= MOST_INPUTS_KEPT
    request = _Request(scenario, chosen, drawn, seed, inputs, whole)
    store = _Store(Path(folder), request.digest(), overwrite) if folder is not None else None
    parts, interrupted = _collect(request, store, n, -(-chunk // BLOCK) * BLOCK)
    return _dataset(request, parts, n, interrupted)


def _figures(scenario: SourcedScenario, names: Iterable[str | Figure] | None) -> tuple[Figure, ...]:
    chosen = figures(default_figures() if names is None else names, scenario.model)
    if not chosen or len({figure.name for figure in chosen}) < len(chosen):
        raise error("figures", ", ".join(figure.name for figure in chosen) or "none", "one or more, each once")
    return chosen


@dataclass(frozen=True)
class _Request:
    """Everything the draws depend on but their number."""

    scenario: SourcedScenario
    figures: tuple[Figure, ...]
    drawn: Spread
    seed: int
    inputs: bool
    whole: bool

    def digest(self) -> str:
        """Tells this request from others; of a figure that the user made, by its name and unit only."""
        said = [VERSION, GROUP, SHUFFLED, self.seed, self.inputs, self.whole, self.drawn.paths]
        said.append([(f.name, f.unit) for f in self.figures])
        found = hashlib.sha256(json.dumps(said).encode())
        for leaf in jax.tree.leaves((self.scenario.model, self.drawn.distribution, self.drawn.together)):
            found.update(np.ascontiguousarray(leaf).tobytes())
        return found.hexdigest()

    def chunk(self, start: int, count: int) -> dict[str, np.ndarray]:
        """Draws `start` to `start + count`, both multiples of BLOCK."""
        function = outcomes(Outcome(self.figures, whole=self.whole), self.drawn.paths)
        model = jax.device_put(self.scenario.model)
        found: list[dict[str, Any]] = []
        for u in sobol_points(len(self.drawn.paths), self.seed, start, count):
            x = self.drawn.inputs(u)
            # not waited for: the next points are made meanwhile
            found.append(function(model, x) | ({"inputs": x} if self.inputs else {}))
        return {name: np.concatenate([np.asarray(block[name]) for block in found]) for name in found[0]}


class _Store:
    """Finished chunks in a folder, one file each, named by the draws it holds."""

    def __init__(self, folder: Path, digest: str, overwrite: bool) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        said = folder / "request.sha256"
        if overwrite:
            for file in self._files():
                file.unlink()
        elif self._files() and (not said.exists() or said.read_text(encoding="ascii") != digest):
            raise error(str(folder), "draws of another request", "an empty folder, or overwrite")
        said.write_text(digest, encoding="ascii")

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("draws-*.npz"))

    def read(self, n: int) -> Iterator[dict[str, np.ndarray]]:
        """The chunks that follow each other from the first draw, as far as n needs them."""
        done = 0
        for file in self._files():
            start, stop = (int(x) for x in file.stem.split("-")[1:])
            if start != done or done >= n:
                return
            with np.load(file, allow_pickle=False) as stored:
                yield dict(stored)
            done = stop

    def write(self, start: int, chunk: Mapping[str, np.ndarray]) -> None:
        """Keep a chunk; the file appears whole or not at all."""
        stop = start + len(chunk["converged"])
        with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".part", delete=False) as part:
            np.savez(part, **chunk)  # pyright: ignore[reportArgumentType]
        os.replace(part.name, self.folder / f"draws-{start:012d}-{stop:012d}.npz")


def _collect(request: _Request, store: _Store | None, n: int, chunk: int) -> tuple[list[dict[str, np.ndarray]], bool]:
    """Chunks of at least n draws, and whether the user stopped it before."""
    parts = list(store.read(n)) if store else []
    done = sum(len(part["converged"]) for part in parts)
    try:
        with progress_bar("drawing") as progress:
            while done < n:
                progress(done / n)
                count = min(chunk, -(-(n - done) // BLOCK) * BLOCK)
                part = request.chunk(done, count)
                if store:
                    store.write(done, part)
                parts.append(part)
                done += count
    except KeyboardInterrupt:
        return parts, True
    return parts, False


def _dataset(request: _Request, parts: list[dict[str, np.ndarray]], n: int, interrupted: bool) -> xr.Dataset:
    ledger, paths = request.scenario.ledger, request.drawn.paths
    m = len(request.figures)
    empty = {"values": np.zeros((0, m)), "feasible": np.zeros((0, m), bool), "converged": np.zeros(0, bool)}
    empty |= {"inputs": np.zeros((0, len(paths)))} if request.inputs else {}
    whole = {name: np.concatenate([empty[name], *(part[name] for part in parts)])[:n] for name in empty}
    there = _at_scenario(request)
    data: dict[str, Any] = {}
    for i, figure in enumerate(request.figures):
        values = whole["values"][:, i]
        data[figure.name] = ("draw", values, {
            "units": figure.unit,
            "boundary": figure.boundary,
            "at_scenario": float(there[i]),
            "infeasible": int(np.sum(~whole["feasible"][:, i])),
            "not_finite": int(np.sum(~np.isfinite(values))),
        })  # fmt: skip
    data["feasible"] = (("figure", "draw"), whole["feasible"].T)
    data["converged"] = ("draw", whole["converged"])
    coordinates: dict[str, Any] = {"figure": [figure.name for figure in request.figures]}
    if request.inputs:
        shown = [ledger[path].unit for path in paths]
        factors = np.asarray([conversion_factor(ledger[path].unit, ledger[path].si_unit) for path in paths])
        data["inputs"] = (("input", "draw"), (whole["inputs"] / factors).T)
        coordinates |= {"input": list(paths), "input_units": ("input", shown)}
        coordinates["logarithmic"] = ("input", np.asarray(request.drawn.distribution.is_log))
    about = {
        "scenario": request.scenario.name,
        "price_year": ledger.price_year,
        "seed": request.seed,
        "planned": n,
        "not_converged": int(np.sum(~whole["converged"])),
        "interrupted": int(interrupted),
        "inputs_drawn": len(paths),
        "convention": "triangular over each range, the scenario's value the mode; of the logarithm over a magnitude",
        "software": f"astro-logistics {VERSION}",
    }
    return xr.Dataset(data, coordinates, {name: value for name, value in about.items() if value is not None})


def _at_scenario(request: _Request) -> np.ndarray:
    """The figures at the scenario's own values, by the compiled function of the draws."""
    own = np.asarray([request.scenario.ledger[path].si_value for path in request.drawn.paths])
    function = outcomes(Outcome(request.figures, whole=request.whole), request.drawn.paths)
    return np.asarray(function(request.scenario.model, np.tile(own, (BLOCK, 1)))["values"])[0]
