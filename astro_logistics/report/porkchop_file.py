"""A porkchop plot of any size, written to a NetCDF file row by row; an interrupted run goes on where it stopped.

The file is NetCDF classic with 64-bit offsets: a header, the arrival dates, then one record per departure. The number
of records stands in the header and is raised only when a record is whole, so that the file can be read at any time and
a partial one has fewer departures than its attribute `departures_planned`.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import Any

import jax
import numpy as np
from scipy.io import netcdf_file

from astro_logistics.report.porkchop_cells import VARIABLES, Request, blocks

EPOCH = "seconds since 2000-01-01 12:00:00"
_COUNT = slice(4, 8)  # of the number of records in a NetCDF classic file, big-endian


class OtherFileError(ValueError):
    """A file is in the way that does not belong to this porkchop plot."""


def write(
    request: Request,
    path: str | os.PathLike[str],
    names: Sequence[str] = tuple(VARIABLES),
    progress: Callable[[float], None] = lambda fraction: None,
    *,
    overwrite: bool = False,
) -> Path:
    """Compute a porkchop plot into a file, or what is missing of one.

    Args:
        request: the plot.
        path: the file; one that this function began for the same request, and was stopped, is finished.
        names: which of VARIABLES to store, 4 bytes a cell each (float32: 6e-8 relative, far below the model's error).
        progress: called with the fraction done after each block of rows.
        overwrite: begin anew whatever is there.

    Returns:
        The path. `xarray.open_dataset` reads it.

    Raises:
        OtherFileError: the file is there and belongs to another request, or is no such file.
        OSError: it cannot be written.

    Memory: a few blocks of 2**15 cells, the dates, and the planets' states at them. Finished rows survive the end of
    the process however it ends; a loss of power may cost those that the system had not written to disk.
    """
    path = Path(path)
    layout = _layout(request, names)
    record = np.zeros(1, layout)
    header = _header(request, names, record)
    n = request.departures.size
    done = None if overwrite else _finished(path, header, layout.itemsize)
    with open(path, "wb" if done is None else "r+b") as file:
        if done is None:
            file.write(header)
        done = done or 0
        progress(done / n)
        for block in blocks(request, names, "float32", done):
            rows = np.empty(block.stop - block.start, layout)
            rows["departure"] = request.departures[block.start : block.stop]
            for name, values in zip(names, block.columns, strict=True):
                rows[name] = values
            file.seek(len(header) + block.start * layout.itemsize)
            file.write(rows.tobytes())
            file.flush()  # the rows before their count
            file.seek(_COUNT.start)
            file.write(block.stop.to_bytes(4, "big"))
            file.flush()
            progress(block.stop / n)
    return path


def _finished(path: Path, header: bytes, size: int) -> int | None:
    """Whole records in the file; None where it is to be begun."""
    try:
        with open(path, "rb") as file:
            found = file.read(len(header))
            length = file.seek(0, os.SEEK_END)
    except FileNotFoundError:
        return None
    if not _without_count(header).startswith(_without_count(found)):
        raise OtherFileError(f"{path} does not belong to this porkchop plot")
    if len(found) < len(header):
        return None  # stopped in the header, or empty
    return min(int.from_bytes(found[_COUNT], "big"), (length - len(header)) // size)


def _without_count(header: bytes) -> bytes:
    return header[: _COUNT.start] + header[_COUNT.stop :]


def _layout(request: Request, names: Sequence[str]) -> np.dtype:
    """One record: a departure and its rows."""
    return np.dtype([("departure", ">f8"), *((name, ">f4", (request.arrivals.size,)) for name in names)])


def _header(request: Request, names: Sequence[str], record: np.ndarray) -> bytes:
    """Everything before the records. It names the whole request: two requests with one header are the same."""
    buffer = BytesIO()
    file: Any = netcdf_file(buffer, "w", version=2)  # 2: 64-bit offsets
    file.createDimension("departure", None)
    file.createDimension("arrival", request.arrivals.size)
    for name, value in _attributes(request).items():
        setattr(file, name, value)
    arrival = file.createVariable("arrival", "f8", ("arrival",))
    arrival[:] = request.arrivals
    departure = file.createVariable("departure", "f8", ("departure",))
    departure[:] = record["departure"]
    for variable in (arrival, departure):
        variable.units, variable.calendar, variable.scale = EPOCH, "proleptic_gregorian", "TDB"
    for name in names:
        variable = file.createVariable(name, "f4", ("departure", "arrival"))
        variable[:] = record[name]
        variable.units, variable.long_name = VARIABLES[name].unit, VARIABLES[name].meaning
    file.flush()
    whole = buffer.getvalue()
    file.close()
    head, tail = whole[: -record.nbytes], whole[-record.nbytes :]
    if tail != record.tobytes():
        raise RuntimeError("scipy lays out NetCDF records in another order than expected")
    return head[: _COUNT.start] + bytes(4) + head[_COUNT.stop :]


def _attributes(request: Request) -> dict[str, Any]:
    """What tells this request from others, beside the arrivals."""
    digest = hashlib.sha256(np.ascontiguousarray(request.departures, ">f8").tobytes())
    for leaf in jax.tree.leaves(request.ephemeris):
        digest.update(np.asarray(leaf).tobytes())
    return {
        "origin": request.origin,
        "destination": request.destination,
        "departures_planned": np.int32(request.departures.size),
        "revolutions": np.int32(request.revolutions),
        "branch": request.branch,
        "mu_sun": np.float64(request.mu_sun),
        "departure_orbit": np.array(request.departure_orbit, dtype=np.float64),
        "arrival_orbit": np.array(request.arrival_orbit, dtype=np.float64),
        "departures_and_ephemeris_sha256": digest.hexdigest(),
        "software": f"astro-logistics {version('astro-logistics')}",
    }
