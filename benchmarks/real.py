"""What a real bug costs, beside `git clone --local` of its library and beside its own tests.

    python benchmarks/real.py requests@COMMIT PATH_OF_CLONE [...] [--runs N] [--limit RATIO]

For each library: `bugbash new --real` with a warm cache, again and again, in turn with a `git clone
--local` of our own copy of it and with the environment check alone (the failing tests over the
broken code). The ratio is (new - check) / clone, of the medians. Exit code 1 above the limit.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

_RUNS = 5
_LIMIT = 3.0


@dataclass(frozen=True)
class Figures:
    """Medians in seconds."""

    name: str
    new: float
    check: float
    clone: float

    @property
    def ratio(self) -> float:
        return (self.new - self.check) / self.clone

    def row(self) -> str:
        seconds = " | ".join(f"{value:.2f}" for value in (self.new, self.check, self.clone))
        return f"| {self.name} | {seconds} | {self.ratio:.1f} |"


def timed(words: list[str], environment: dict[str, str]) -> float:
    """Seconds that a command takes; it must succeed."""
    start = time.perf_counter()
    subprocess.run(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                   check=True)  # fmt: skip
    return time.perf_counter() - start


def check_seconds(name: str) -> float:
    """Seconds of the environment check of a bug that was made before."""
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
    start = time.perf_counter()
    look(replay.target, environment, entry, broken, Store(), trusted=True)
    return time.perf_counter() - start


def figures(name: str, clone: Path, runs: int, folder: Path) -> Figures:
    """Run all three in turn, so that a busy machine is busy for all of them."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    start = [sys.executable, "-m", "bugbash", "new", "--real", name]
    source = folder / "source"
    subprocess.run(["git", "clone", "--quiet", "--bare", "--no-local", str(clone), str(source)],
                   check=True)  # fmt: skip
    timed([*start, "--repo", str(clone), "--dir", str(folder / "first")], environment)
    seen: list[tuple[float, float, float]] = []
    for number in range(runs):
        copy = ["git", "clone", "--quiet", "--local", str(source), str(folder / f"clone-{number}")]
        new = timed([*start, "--dir", str(folder / f"ws-{number}")], environment)
        seen.append((new, check_seconds(name), timed(copy, environment)))
    return Figures(name, *(statistics.median(column) for column in zip(*seen, strict=True)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("pairs", nargs="+", metavar="NAME@COMMIT PATH")
    parser.add_argument("--runs", type=int, default=_RUNS)
    parser.add_argument("--limit", type=float, default=_LIMIT)
    asked = parser.parse_args()
    found = []
    for name, clone in zip(asked.pairs[::2], asked.pairs[1::2], strict=True):
        with tempfile.TemporaryDirectory(prefix="bugbash-real-") as folder:
            found.append(figures(name, Path(clone), asked.runs, Path(folder)))
    print("| bug | new --real, s | check, s | clone --local, s | (new - check) / clone |")
    print("| --- | ---: | ---: | ---: | ---: |")
    for one in found:
        print(one.row())
    if any(one.ratio > asked.limit for one in found):
        sys.exit(f"more than {asked.limit} clones")


if __name__ == "__main__":
    main()
