"""What validating a fix costs, as a ratio against the two test runs that it can't do without.

    python benchmarks/mining.py REPO --only COMMIT [--write] [--runs N] [--name NAME]

REPO is a clone or a URL whose code may run here. Each commit is validated once, which makes its
environment and does not count, and then N times. The two runs are those of the changed test files
on the parent's source and on the fix's, as the validation itself makes them, side by side, their
times added up; the rest of it is
reading the commit, preparing its tree, and FAIL_TO_PASS alone on both trees in other
circumstances. The whole suite stands apart. `--write` puts the rows into
docs/mining.md, in place of those of the same name.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import statistics
import sys
from contextlib import closing
from pathlib import Path

from bugbash.mining.mining import VALID, Asked, Mined, Tally, mine
from bugbash.store import Store
from bugbash.targets.history.repository import History, open_history

PAGE = Path(__file__).resolve().parent.parent / "docs" / "mining.md"
TABLE = re.compile(r"(<!-- table -->\n)(.*?)(<!-- end -->)", re.DOTALL)
HEAD = """\
| fix | the two runs | validation | ratio, limit 2.5 | whole suite, apart |
| --- | --- | --- | --- | --- |
"""


def validated(history: History, commit: str) -> Mined:
    """One validation, whatever is known of the commit."""
    asked = Asked(only=(commit,), jobs=1, fresh=True)
    with closing(mine(history, asked, Store(), Tally())) as found:
        mined = next(found)
    if mined.status != VALID:
        raise SystemExit(f"{commit}: {mined.status}: {mined.why}")
    return mined


def row(history: History, commit: str, runs: int) -> str:
    """The medians of one commit as a line of the table."""
    validated(history, commit)
    found = [validated(history, commit) for _ in range(runs)]
    rests = [mined.seconds - mined.suite_s for mined in found]
    ratio = statistics.median(
        rest / mined.needed_s for rest, mined in zip(rests, found, strict=True)
    )
    needed = statistics.median(mined.needed_s for mined in found)
    suite = statistics.median(mined.suite_s for mined in found)
    seconds = f"{needed:.2f} s | {statistics.median(rests):.2f} s | **{ratio:.2f}** | {suite:.2f} s"
    return f"| {history.name} {commit[:10]} | {seconds} |"


def write(rows: list[str]) -> None:
    """Put the rows into the page, among those of other repositories."""
    text = PAGE.read_text("utf-8")
    table = TABLE.search(text)
    assert table is not None, f"{PAGE} has no place for the table"
    fresh = {line.split("|")[1]: line for line in rows}
    known = [line for line in table[2].splitlines() if line.startswith("| ")][2:]
    kept = {line.split("|")[1]: line for line in known} | fresh
    where = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    body = "\n".join(kept[name] for name in sorted(kept))
    made = f"Made by `python benchmarks/mining.py --write` on {where}.\n\n{HEAD}{body}\n"
    PAGE.write_text(TABLE.sub(lambda match: match[1] + made + match[3], text, count=1), "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("repo")
    parser.add_argument("--only", action="append", required=True, metavar="COMMIT")
    parser.add_argument("--write", action="store_true", help="put the rows into the page")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--name", help="the project's, where REPO does not tell it")
    arguments = parser.parse_args()
    history = open_history(arguments.repo, print, arguments.name)
    rows = []
    for commit in arguments.only:
        rows.append(row(history, commit, arguments.runs))
        print(rows[-1], flush=True)
    if arguments.write:
        write(rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
