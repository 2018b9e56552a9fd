"""How fast the main loop is, as ratios against something that runs beside it.

    python benchmarks/speed.py [--write] [--runs N] [--package NAME]

Times whole processes, the two sides in turn, and prints the median of the ratios. `--write` puts
the table into docs/speed.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUGBASH = [sys.executable, "-m", "bugbash"]
SHORT_SUITE_S = 2.0


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    against: str
    limit: str
    ratio: float
    seconds: tuple[float, float]

    def __str__(self) -> str:
        ours, theirs = self.seconds
        figures = f"{ours:.2f} s / {theirs:.2f} s"
        return f"| {self.what} | {self.against} | {self.limit} | **{self.ratio:.2f}** | {figures} |"


def timed(words: Sequence[str | Path], cwd: Path, environment: dict[str, str]) -> float:
    """Seconds of one process from start to end."""
    start = time.perf_counter()
    subprocess.run(
        words, cwd=cwd, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    return time.perf_counter() - start


def ratio(
    ours: Callable[[], float], theirs: Callable[[], float], runs: int
) -> tuple[float, tuple[float, float]]:
    """The median ratio of `runs` pairs, and the two medians; one pair first that does not count."""
    ours(), theirs()
    pairs = [(ours(), theirs()) for _ in range(runs)]
    medians = (statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs))
    return statistics.median(a / b for a, b in pairs), medians


class Bench:
    """The measurements, over one scratch folder."""

    def __init__(self, folder: Path, runs: int) -> None:
        self.folder = folder
        self.runs = runs
        self.environment = {**os.environ, "BUGBASH_HOME": str(folder / "home")}
        self._number = 0

    def new(self, target: str, seed: int) -> dict[str, object]:
        """A workspace; returns what `new --json` prints."""
        self._number += 1
        path = self.folder / f"w{self._number}"
        words = [*BUGBASH, "new", target, "--seed", str(seed), "--dir", str(path), "--json"]
        done = subprocess.run(
            words, cwd=self.folder, env=self.environment, capture_output=True, check=True
        )
        value: dict[str, object] = json.loads(done.stdout)
        return value

    def suite(self, workspace: Path) -> float:
        return timed([workspace / ".venv/bin/pytest", "-q"], workspace, self.environment)

    def help(self) -> Row:
        figures = ratio(
            lambda: timed([*BUGBASH, "--help"], self.folder, self.environment),
            lambda: timed([sys.executable, "-c", "import click"], self.folder, self.environment),
            self.runs * 2,
        )
        return Row("`bugbash --help`", '`python -c "import click"`', "3.0", *figures)

    def new_vendored(self, target: str) -> Row:
        clean = self.folder / f"clean-{target}"
        shutil.copytree(str(self.new(target, 1)["workspace"]), clean, symlinks=True)

        def make() -> float:
            self._number += 1
            path = self.folder / f"w{self._number}"
            words = [*BUGBASH, "new", target, "--seed", "2", "--dir", str(path)]
            return timed(words, self.folder, self.environment)

        figures = ratio(make, lambda: self.suite(clean), self.runs)
        return Row(f"`bugbash new {target}`", "its bare `pytest -q`", "1.0", *figures)

    def check(self, target: str) -> Row:
        workspace = Path(str(self.new(target, 1)["workspace"]))
        figures = ratio(
            lambda: timed([*BUGBASH, "check"], workspace, self.environment),
            lambda: self.suite(workspace),
            self.runs,
        )
        limit = "1.3" if figures[1][1] >= SHORT_SUITE_S else "1.8"
        return Row(f"`bugbash check`, {target}", "its bare `pytest -q`", limit, *figures)

    def jobs(self, target: str, mutants: int = 12) -> Row:
        """The gain of two jobs, against the gain of two bare suites side by side."""
        workspace = Path(str(self.new(target, 1)["workspace"]))
        other = self.folder / "other"
        shutil.copytree(workspace, other, symlinks=True)
        words = [*BUGBASH, "scan", target, "--sample", str(mutants), "--fresh", "--json"]

        def scan(count: int) -> float:
            return timed([*words, "--jobs", str(count)], self.folder, self.environment)

        def suites(count: int) -> float:
            start = time.perf_counter()
            with ThreadPoolExecutor(count) as pool:
                each = [workspace, other][:count] if count == 2 else [workspace, workspace]
                list(pool.map(lambda where: self.suite(where), each))
            return time.perf_counter() - start

        gains = []
        scan(2), suites(2)
        for _ in range(self.runs):
            gains.append((scan(1) / scan(2), suites(1) / suites(2)))
        value = statistics.median(a / b for a, b in gains)
        medians = (statistics.median(a for a, _ in gains), statistics.median(b for _, b in gains))
        what = f"gain of `scan {target} --jobs 2`"
        return Row(what, "gain of two bare suites", "0.9", value, medians)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the table into docs/speed.md")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--package", action="append", default=[], help="also `check` on this target"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bugbash-speed-") as name:
        bench = Bench(Path(name), arguments.runs)
        rows = [bench.help()]
        for target in ("billcycle", "ledgerlines"):
            rows += [bench.new_vendored(target), bench.check(target)]
        rows += [bench.check(package) for package in arguments.package]
        rows.append(bench.jobs("billcycle"))
    table = "\n".join(
        [
            "| what | against | limit | ratio | medians |",
            "| --- | --- | --- | --- | --- |",
            *map(str, rows),
        ]
    )
    print(table)
    if arguments.write:
        packages = "".join(f" --package {package}" for package in arguments.package)
        (ROOT / "docs" / "speed.md").write_text(
            "# Speed\n\nMedians of ratios, the two sides run in turn, made by\n"
            f"`python benchmarks/speed.py --write{packages}`\n"
            f"on {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}. "
            "The last row is a gain: more is better; in all others less is.\n\n"
            f"{table}\n",
            "utf-8",
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
