"""What mining comes to: commits, candidates, what was tried and why the rest is not valid.

    python benchmarks/mined.py NAME=CLONE=RESULTS ... [--write]

CLONE is read again for its commits and candidates (nothing of it runs); RESULTS is what
`bugbash mine CLONE --json` printed. `--write` puts the table into docs/mining.md.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from bugbash.mining.candidates import FellOut, judged
from bugbash.targets.history.changes import changes
from bugbash.targets.history.repository import open_history

PAGE = Path(__file__).resolve().parent.parent / "docs" / "mining.md"
TABLE = re.compile(r"(<!-- mined -->\n)(.*?)(<!-- end of mined -->)", re.DOTALL)
HEAD = """\
| library | commits | fell out | candidates | tried | valid | tried, and why not | s each |
| --- | ---: | --- | ---: | ---: | ---: | --- | ---: |
"""
_WORDS_SHOWN = 4


def counted(words: Counter[str], most: int | None = None) -> str:
    """The words with how often each came, the most frequent first."""
    told = [f"{count:,} {word}" for word, count in words.most_common(most)]
    left = sum(words.values()) - sum(count for _, count in words.most_common(most))
    return ", ".join([*told, *([f"{left:,} others"] if left else [])]) or "none"


def row(name: str, clone: str, results: Path) -> str:
    """One library as a line of the table."""
    history = open_history(clone, print, name)
    out: Counter[str] = Counter()
    candidates = 0
    for one in judged(changes(history), history):
        if isinstance(one, FellOut):
            out[one.why] += 1
        else:
            candidates += 1
    tried = [json.loads(line) for line in results.read_text("utf-8").splitlines()]
    status = Counter(str(one["status"]) for one in tried)
    valid = status.pop("valid", 0)
    commits = candidates + sum(out.values())
    cells: tuple[Any, ...] = (
        name,
        f"{commits:,}",
        counted(out, _WORDS_SHOWN),
        candidates,
        len(tried),
        valid,
        counted(status),
        f"{statistics.median(one['seconds'] for one in tried):.0f}",
    )
    return f"| {' | '.join(map(str, cells))} |"


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("library", nargs="+", metavar="NAME=CLONE=RESULTS")
    parser.add_argument("--write", action="store_true", help="put the table into the page")
    arguments = parser.parse_args()
    rows = []
    for given in arguments.library:
        name, clone, results = given.split("=")
        rows.append(row(name, clone, Path(results)))
        print(rows[-1], flush=True)
    if arguments.write:
        text = PAGE.read_text("utf-8")
        body = "\n".join(rows)
        made = f"Made by `python benchmarks/mined.py --write`.\n\n{HEAD}{body}\n"
        PAGE.write_text(TABLE.sub(lambda match: match[1] + made + match[3], text, count=1), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
