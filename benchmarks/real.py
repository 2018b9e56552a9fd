"""What a real bug costs, beside `git clone --local` of its library and beside its own tests.

    python benchmarks/real.py requests@COMMIT PATH_OF_CLONE [...] [--runs N] [--limit CLONES]

For each library: `bugbash new --real` with a warm cache, again and again, in turn with a `git clone
--local` of our own copy of it and with the environment check alone (the failing tests over the
broken code). `new` may cost as much as the check and three clones; medians of seconds, and of the
seconds of processor time (with all that was started), which a busy machine changes less. Exit code
1 where `new` takes longer.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_RUNS = 5
_LIMIT = 3.0


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock, and of the processors."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Figures:
    """Medians."""

    name: str
    new: Cost
    check: Cost
    clone: Cost

    def shares(self, clones: float) -> tuple[float, float]:
        """What `new` takes of what it may take, by the clock and of the processors."""
        new, check, clone = self.new, self.check, self.clone
        return (
            new.wall / (clones * clone.wall + check.wall),
            new.cpu / (clones * clone.cpu + check.cpu),
        )

    def rows(self, clones: float) -> list[str]:
        """Two rows of the table."""
        costs, shares = (self.new, self.check, self.clone), self.shares(clones)
        found = []
        for what, share in zip(("wall", "cpu"), shares, strict=True):
            seconds = " | ".join(f"{getattr(cost, what):.3f}" for cost in costs)
            found.append(f"| {self.name} | {what} | {seconds} | {share:.2f} |")
        return found


def cost(work: Callable[[], object]) -> Cost:
    """What a piece of work costs, the processes that it started and waited for included."""
    start, before = time.perf_counter(), sum(os.times()[:4])
    work()
    return Cost(time.perf_counter() - start, sum(os.times()[:4]) - before)


def command(words: list[str], environment: dict[str, str]) -> Cost:
    """What a command costs; it must succeed."""
    return cost(
        lambda: subprocess.run(
            words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True
        )
    )


def check_of(name: str) -> Callable[[], object]:
    """The environment check of a bug that was made before."""
    from bugbash.serving.real_check import look
    from bugbash.store import Store
    from bugbash.targets.environment import environment_of
    from bugbash.targets.history import index
    from bugbash.targets.history.fixes import broken_files
    from bugbash.targets.real_source import replay_of

    library, _, commit = name.partition("@")
    known = index.load(library)
    entry = index.find(known, commit)
    replay = replay_of(known, entry, print)
    environment = environment_of(replay.target)
    broken = broken_files(replay.history, replay.fix)
    return lambda: look(replay.target, environment, entry, broken, Store(), trusted=True)


def figures(name: str, clone: Path, runs: int, folder: Path) -> Figures:
    """Run all three in turn, so that a busy machine is busy for all of them."""
    left_out = ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE")
    environment = {key: value for key, value in os.environ.items() if key not in left_out}
    environment["PYTHONPYCACHEPREFIX"] = str(folder / "bytecode")  # an installation has it
    start = [sys.executable, "-m", "bugbash", "new", "--real", name]
    source = folder / "source"
    subprocess.run(["git", "clone", "--quiet", "--bare", "--no-local", str(clone), str(source)],
                   check=True)  # fmt: skip
    command([*start, "--repo", str(clone), "--dir", str(folder / "first")], environment)
    check = check_of(name)
    seen: list[tuple[Cost, Cost, Cost]] = []
    for number in range(runs + 1):
        copy = ["git", "clone", "--quiet", "--local", str(source), str(folder / f"clone-{number}")]
        new = command([*start, "--dir", str(folder / f"ws-{number}")], environment)
        seen.append((new, cost(check), command(copy, environment)))
    medians = [
        Cost(statistics.median(c.wall for c in column), statistics.median(c.cpu for c in column))
        for column in zip(*seen[1:], strict=True)
    ]
    return Figures(name, *medians)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("pairs", nargs="+", metavar="NAME@COMMIT PATH")
    parser.add_argument("--runs", type=int, default=_RUNS)
    parser.add_argument("--limit", type=float, default=_LIMIT, help="clones beside the check")
    asked = parser.parse_args()
    found = []
    for name, clone in zip(asked.pairs[::2], asked.pairs[1::2], strict=True):
        with tempfile.TemporaryDirectory(prefix="bugbash-real-") as folder:
            found.append(figures(name, Path(clone), asked.runs, Path(folder)))
    print("| bug | seconds | new --real | check | clone --local | of the limit |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for one in found:
        print("\n".join(one.rows(asked.limit)))
    if any(max(one.shares(asked.limit)) > 1 for one in found):
        sys.exit(f"longer than the check and {asked.limit:g} clones")


if __name__ == "__main__":
    main()
