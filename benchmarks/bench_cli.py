"""Time to the first line of `astro-logistics compare`, cold and warm: `python benchmarks/bench_cli.py [--smoke]`."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from timing import smoke, versions


def first_line(cache: str) -> float:
    """Seconds from start to the first line printed."""
    command = [str(Path(sys.executable).parent / "astro-logistics"), "compare"]
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ | {"XDG_CACHE_HOME": cache}) as process:
        assert process.stdout is not None
        process.stdout.readline()
        seconds = time.perf_counter() - start
        process.stdout.read()
    return seconds


def main() -> None:
    """Print the cold time and the median of the warm ones."""
    print(versions())
    with tempfile.TemporaryDirectory() as cache:
        cold = first_line(cache)
        warm = [first_line(cache) for _ in range(2 if smoke() else 7)]
    print(f"first line of compare: {cold:.2f} s with an empty compilation cache, {statistics.median(warm):.2f} s warm")


if __name__ == "__main__":
    main()
