"""How many bugs worth serving each mutator finds in real packages, beside our own projects.

    python benchmarks/mutator_counts.py [--write] [--sample N] [TARGET ...]

Scans a seeded sample of each target's mutants (`--until 10`), and all of those of a mutator that
served nothing anywhere. A cell is "servable of tried"; the column of our nine projects comes from
their stored catalogues. `--write` puts the table into docs/scanning.md.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from page_tables import put

PAGE = Path(__file__).resolve().parent.parent / "docs" / "scanning.md"
TARGETS = ("pypi:itsdangerous==2.2.0", "pypi:marshmallow==4.4.0", "click", "jinja2", "mako")
BUGBASH = [sys.executable, "-m", "bugbash"]
ROW = re.compile(r"\| `?([\w-]+)`? \|(.*)\|")


@dataclass
class Counts:
    """Of one target, by mutator."""

    target: str
    tried: Counter[str] = field(default_factory=Counter)
    servable: Counter[str] = field(default_factory=Counter)

    def add(self, *more: str) -> None:
        """Scan with these options, and count what came of it."""
        words = [*BUGBASH, "scan", self.target, "--until", "10", "--jobs", "2", "--json", *more]
        done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
        trials = [json.loads(line) for line in done.stdout.splitlines()]
        seen = [trial for trial in trials if "mutant" in trial]
        self.tried.update(trial["mutator"] for trial in seen)
        self.servable.update(t["mutator"] for t in seen if t["difficulty"] is not None)

    def cell(self, mutator: str) -> str:
        tried = self.tried[mutator]
        return f"{self.servable[mutator]} of {tried}" if tried else "-"


def names() -> list[str]:
    """Every mutator that ships, in the order of its list."""
    words = [*BUGBASH, "mutators", "--json"]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
    value = json.loads(done.stdout)
    return [one["name"] for one in (value["mutators"] if isinstance(value, dict) else value)]


def ours() -> dict[str, str]:
    """Servable bugs of each mutator over the nine projects, from the stored catalogues."""
    words = [*BUGBASH, "catalogue", "table", "--of", "mutators"]
    done = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True)
    found = {}
    for line in done.stdout.splitlines():
        match = ROW.match(line)
        if match:
            found[match[1]] = match[2].strip().split("|")[-1].strip()
    return found


def table(counted: list[Counts], mutators: list[str], at_home: dict[str, str]) -> str:
    short = [one.target.removeprefix("pypi:") for one in counted]
    head = f"| mutator | nine projects | {' | '.join(short)} |\n"
    rule = f"| --- |{' ---: |' * (len(short) + 1)}\n"
    rows = [
        f"| {name} | {at_home.get(name, '0')} | {' | '.join(one.cell(name) for one in counted)} |\n"
        for name in mutators
    ]
    return head + rule + "".join(rows)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("targets", nargs="*", default=TARGETS)
    parser.add_argument("--sample", type=int, default=400)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    counted = [Counts(target) for target in asked.targets]
    mutators, at_home = names(), ours()
    for one in counted:
        print(one.target, file=sys.stderr, flush=True)
        one.add("--sample", str(asked.sample))
    served = [*at_home, *(name for one in counted for name in one.servable)]
    for name in [name for name in mutators if name not in served]:
        print(f"all of {name}", file=sys.stderr, flush=True)
        for one in counted:
            one.tried[name] = 0
            one.add("--mutator", name)
    made = table(counted, mutators, at_home)
    print(made)
    if asked.write:
        put(PAGE, "counts", made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
