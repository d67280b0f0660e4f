"""The commands, figures and examples of README.md and docs/*.md: taken out, run, and kept true.

python .ci/readme.py command HEADING    print the one-line command under a heading of the README
python .ci/readme.py printed COMMAND    pass on the input, and fail if it is not what the README shows of the command
python .ci/readme.py check [FILE ...]   fail if a generated block is stale or a Python example does not run
python .ci/readme.py write [FILE ...]   write the generated blocks anew
"""

from __future__ import annotations

import contextlib
import difflib
import io
import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(
    r"(?P<head><!-- (first (?P<count>\d+) lines of|output of): (?P<command>[^>]+) -->\n```text\n)(?P<body>.*?)```\n",
    re.DOTALL,
)
EXAMPLE = re.compile(r"(?P<head>```python\n(?P<code>.*?)```\n+```text\n)(?P<printed>.*?)```\n", re.DOTALL)


def command(heading: str) -> str:
    """The single line in the first fenced block under `## heading`."""
    text = README.read_text(encoding="utf-8")
    section = re.search(rf"^## {re.escape(heading)}\n(?P<body>.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    block = section and re.search(r"^```[a-z]*\n(?P<lines>.*?)^```$", section["body"], re.MULTILINE | re.DOTALL)
    lines = block["lines"].splitlines() if block else []
    if len(lines) != 1:
        raise SystemExit(f"README: the first fenced block under '## {heading}' must be one line, found {len(lines)}")
    return lines[0]


def printed_by(line: str) -> list[str]:
    """The lines that a command prints, trailing spaces and outer blank lines removed."""
    folder = Path(sys.executable).parent
    words = shlex.split(line)
    done = subprocess.run([str(folder / words[0]), *words[1:]], capture_output=True, text=True, check=True, cwd=ROOT)
    return rows(done.stdout)


def rows(text: str) -> list[str]:
    """The lines, trailing spaces and outer blank lines removed."""
    return [row.rstrip() for row in text.strip().splitlines()]


def printed(line: str) -> None:
    """Compare the input with the README's block of a command; for a run of it that is started otherwise."""
    found = sys.stdin.read()
    print(found, end="")
    (block,) = (m for m in BLOCK.finditer(README.read_text(encoding="utf-8")) if m["command"].strip() == line)
    shown, now = rows(block["body"]), rows(found)
    if shown != now[: int(block["count"] or len(now))]:
        raise SystemExit("\n".join(difflib.unified_diff(shown, now, README.name, "as it is now", lineterm="")))


def renewed(text: str) -> str:
    """The page with every generated block and the example's output as they are now."""

    def block(match: re.Match[str]) -> str:
        lines = printed_by(match["command"].strip())
        count = int(match["count"] or len(lines))
        return match["head"] + "".join(f"{line}\n" for line in lines[:count]) + "```\n"

    def example(match: re.Match[str]) -> str:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(match["code"], "example", "exec"), {})
        return match["head"] + out.getvalue() + "```\n"

    return EXAMPLE.sub(example, BLOCK.sub(block, text))


def renew(page: Path, write: bool) -> None:
    """Write the page's blocks anew, or fail if they are stale."""
    old = page.read_text(encoding="utf-8")
    new = renewed(old)
    if write:
        page.write_text(new, encoding="utf-8")
    elif new != old:
        stale = difflib.unified_diff(old.splitlines(), new.splitlines(), page.name, "as it is now", lineterm="")
        raise SystemExit(f"{page.name} is stale; run .ci/readme.py write {page.name}\n" + "\n".join(stale))
    else:
        print(f"{page.name}: every printed figure is what the commands print")


def main(arguments: list[str]) -> None:
    """Run one of the verbs."""
    match arguments:
        case ["command", heading]:
            print(command(heading))
        case ["printed", line]:
            printed(line)
        case ["check" | "write" as verb, *names]:
            for page in [Path(name) for name in names] or [README, *sorted((ROOT / "docs").glob("*.md"))]:
                renew(page, verb == "write")
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
