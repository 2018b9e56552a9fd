"""Whether the fast engine says what the cold one says, on random mutants of real packages.

    python benchmarks/agreement.py [--sample N] [--seed N] [--write] TARGET...

Tries the same seeded sample of mutants with `--engine auto` and with `--engine cold`, every test
of each, and compares the failing sets. Exits with 1 where one differs. `--write` puts the rows
into the table of docs/scanning.md, in place of earlier ones of the same targets.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parent.parent / "docs" / "scanning.md"
BUGBASH = [sys.executable, "-m", "bugbash"]


@dataclass(frozen=True)
class Row:
    """What came of one target."""

    target: str
    mutants: int
    ways: Counter[str]
    differ: tuple[str, ...]

    def __str__(self) -> str:
        ways = ", ".join(f"{self.ways[way]} {way}" for way in ("swap", "reimport", "cold"))
        return f"| `{self.target}` | {self.mutants} | {ways} | {len(self.differ)} |"


def scan(target: str, engine: str, sample: int, seed: int, jobs: int) -> dict[str, Any]:
    """The trials of a sample by mutant."""
    words = [*BUGBASH, "scan", *target.split(), "--engine", engine, "--sample", str(sample)]
    words += ["--seed", str(seed), "--jobs", str(jobs), "--fresh", "--json"]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
    trials = map(json.loads, done.stdout.splitlines())
    return {trial["mutant"]: trial for trial in trials if "mutant" in trial}


def compare(target: str, sample: int, seed: int, jobs: int) -> Row:
    auto = scan(target, "auto", sample, seed, jobs)
    cold = scan(target, "cold", sample, seed, jobs)
    assert auto.keys() == cold.keys()
    differ = []
    for name, one in auto.items():
        other = cold[name]
        said = (one["outcome"], one["fail_to_pass"])
        if said != (other["outcome"], other["fail_to_pass"]):
            differ.append(name)
            print(f"{target} {name} {one['mutator']} {one['file']}:{one['line']} {one['engine']}")
            print(f"  said {one['outcome']} {one['fail_to_pass'][:5]}")
            print(f"  cold {other['outcome']} {other['fail_to_pass'][:5]}", flush=True)
    ways = Counter(one["engine"] for one in auto.values())
    return Row(target, len(auto), ways, tuple(differ))


def write(row: Row) -> None:
    text = PAGE.read_text("utf-8")
    line = re.compile(rf"^\| `{re.escape(row.target)}` \| \d+ \| \d+ swap.*$", re.MULTILINE)
    if line.search(text):
        text = line.sub(lambda _: str(row), text)
    else:
        text = text.replace("<!-- agreement end -->", f"{row}\n<!-- agreement end -->")
    PAGE.write_text(text, "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("targets", nargs="+", metavar="TARGET")
    parser.add_argument("--sample", type=int, default=80)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    rows = []
    for target in asked.targets:
        row = compare(target, asked.sample, asked.seed, asked.jobs)
        rows.append(row)
        print(row, flush=True)
        if asked.write:
            write(row)
    return 1 if any(row.differ for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
