"""Every example runs and its own asserts hold."""

import runpy
from pathlib import Path

import pytest

pytestmark = pytest.mark.optimized  # as their users have it

EXAMPLES = sorted((Path(__file__).parent.parent / "examples").glob("*.py"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_example(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """It is short, runs as a script, and prints something."""
    assert len(path.read_text(encoding="utf-8").splitlines()) < 60
    runpy.run_path(str(path), run_name="__main__")
    assert capsys.readouterr().out.strip()


def test_there_are_examples() -> None:
    """The folder was found."""
    assert len(EXAMPLES) >= 6
