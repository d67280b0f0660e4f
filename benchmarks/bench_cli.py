"""Time to the first line, the table and the end of `compare`, cold and warm: `python benchmarks/bench_cli.py`."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from timing import smoke, versions


def moments(cache: str) -> tuple[float, float, float]:
    """Seconds from start to the first line printed, to the first route of the table, and to the end."""
    command = [str(Path(sys.executable).parent / "astro-logistics"), "compare"]
    environment = os.environ | {"ASTRO_LOGISTICS_CACHE": cache, "JAX_COMPILATION_CACHE_DIR": ""}
    start = time.perf_counter()
    first = table = 0.0
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment, text=True
    ) as process:
        assert process.stdout is not None
        for line in process.stdout:
            first = first or time.perf_counter() - start
            if line.strip().startswith("earth-to-leo-today") and not table:
                table = time.perf_counter() - start
    return first, table, time.perf_counter() - start


def main() -> None:
    """Print the cold times and the medians of the warm ones.

    A seconds-long run finds what the folder of the environment holds and says so.
    """
    print(versions())
    with tempfile.TemporaryDirectory() as empty:
        found = os.environ.get("ASTRO_LOGISTICS_CACHE") if smoke() else None
        cache = found or empty
        cold = moments(cache)
        runs = [moments(cache) for _ in range(1 if smoke() else 7)]
        warm = [statistics.median(column) for column in zip(*runs, strict=True)]
    for name, seconds in (("compilation cache as found" if found else "empty compilation cache", cold), ("warm", warm)):
        print("{}: first line {:.2f} s, table {:.2f} s, all {:.2f} s".format(name, *seconds))


if __name__ == "__main__":
    main()
