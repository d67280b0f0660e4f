"""The README's commands, figures and example: taken out, run, and kept true.

python .ci/readme.py command HEADING   print the one-line command under a heading
python .ci/readme.py check             fail if a generated block is stale or the Python example does not run
python .ci/readme.py write             write the generated blocks anew
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

README = Path(__file__).resolve().parent.parent / "README.md"
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
    done = subprocess.run(
        [str(folder / words[0]), *words[1:]], capture_output=True, text=True, check=True, cwd=README.parent
    )
    return [row.rstrip() for row in done.stdout.strip().splitlines()]


def renewed(text: str) -> str:
    """The README with every generated block and the example's output as they are now."""

    def block(match: re.Match[str]) -> str:
        lines = printed_by(match["command"].strip())
        count = int(match["count"] or len(lines))
        return match["head"] + "".join(f"{line}\n" for line in lines[:count]) + "```\n"

    def example(match: re.Match[str]) -> str:
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            exec(compile(match["code"], "README.md", "exec"), {})
        return match["head"] + out.getvalue() + "```\n"

    return EXAMPLE.sub(example, BLOCK.sub(block, text))


def main(arguments: list[str]) -> None:
    """Run one of the three verbs."""
    if len(arguments) == 2 and arguments[0] == "command":
        print(command(arguments[1]))
        return
    old = README.read_text(encoding="utf-8")
    new = renewed(old)
    if arguments == ["write"]:
        README.write_text(new, encoding="utf-8")
    elif arguments == ["check"]:
        if new != old:
            stale = difflib.unified_diff(old.splitlines(), new.splitlines(), "README.md", "as it is now", lineterm="")
            raise SystemExit("README is stale; run .ci/readme.py write\n" + "\n".join(stale))
        print("README: every printed figure is what the commands print")
    else:
        raise SystemExit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
