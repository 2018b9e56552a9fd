"""What the recorder adds to a run of the tests, and how much room its timeline takes.

    python benchmarks/recording.py [--write] [--runs N] [--long]

A target of 200 files; runs with and without the recorder in turn, a file edited before each pair.
`--long` also plays 400 recorded runs of 1,000 tests. `--write` puts the table into
docs/recording.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from page_tables import put

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "recording.md"
PAIRS = 20
LIMIT_MS = 60
MODULES = 99
"""With as many test files, the package's own and pyproject.toml: 200 files."""
TESTS_EACH = 5
LONG_RUNS, LONG_TESTS = 400, 1000


def write_target(folder: Path, tests_each: int) -> Path:
    """A package of 99 modules and 99 test files."""
    for name in ("many", "tests"):
        (folder / name).mkdir(parents=True)
    settings = '[project]\nname = "many"\nversion = "1"\n[tool.pytest.ini_options]\n'
    (folder / "pyproject.toml").write_text(settings + 'testpaths = ["tests"]\n', "utf-8")
    (folder / "many" / "__init__.py").write_text("", "utf-8")
    for number in range(MODULES):
        body = (
            f"def total(a, b):\n    if a < {number + 3}:\n        return a + b\n    return b - a\n"
        )
        padding = "\n".join(f"WORD_{n} = 'value {number} {n}'" for n in range(60))
        (folder / "many" / f"part_{number}.py").write_text(f"{body}\n{padding}\n", "utf-8")
        head = f"import pytest\nfrom many.part_{number} import total\n\n"
        test = f"@pytest.mark.parametrize('n', range({tests_each}))\ndef test_{number}(n):\n"
        more = number + 3
        lines = f"    assert total(1, n) == n + 1\n    assert total({more}, n) == n - {more}\n"
        (folder / "tests" / f"test_{number}.py").write_text(head + test + lines, "utf-8")
    return folder


def workspace(folder: Path, tests_each: int, environment: dict[str, str]) -> tuple[Path, Path]:
    """A workspace of such a target, and where its timeline lies."""
    target = write_target(folder / f"target-{tests_each}", tests_each)
    path = folder / f"workspace-{tests_each}"
    words = [sys.executable, "-m", "bugbash", "new", str(target), "--dir", str(path), "--json"]
    done = subprocess.run(words, cwd=folder, env=environment, stdout=subprocess.PIPE, check=True)
    attempt = json.loads(done.stdout)["attempt"]
    return path, Path(environment["BUGBASH_HOME"]) / "timelines" / attempt


class Bench:
    """Runs of the tests in one workspace."""

    def __init__(self, path: Path, environment: dict[str, str]) -> None:
        self.path = path
        self._environment = environment
        self._edits = 0

    def edit(self) -> None:
        """Change one file, as a learner does between two runs."""
        self._edits += 1
        file = self.path / "many" / f"part_{self._edits % MODULES}.py"
        file.write_text(f"{file.read_text('utf-8')}# edit {self._edits}\n", "utf-8")

    def seconds(self, *words: str) -> float:
        """Of one run of the tests, from start to end."""
        start = time.perf_counter()
        subprocess.run(
            [self.path / ".venv" / "bin" / "pytest", "-q", *words],
            cwd=self.path,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        return time.perf_counter() - start


def speed(path: Path, environment: dict[str, str], pairs: int) -> Iterator[str]:
    """The rows of the table about time."""
    bench = Bench(path, environment)
    with_it: list[float] = []
    without: list[float] = []
    bench.seconds(), bench.seconds("-p", "no:bugbash")
    for pair in range(pairs):
        bench.edit()
        order = (True, False) if pair % 2 else (False, True)
        for recorded in order:
            taken = bench.seconds(*(() if recorded else ("-p", "no:bugbash")))
            (with_it if recorded else without).append(taken)
    ours, theirs = statistics.median(with_it), statistics.median(without)
    yield (
        f"| a run of {MODULES * TESTS_EACH} tests, 200 files, one of them edited | the same with "
        f"`-p no:bugbash` | {LIMIT_MS} ms | **{(ours - theirs) * 1000:.0f} ms** | {ours:.3f} s / "
        f"{theirs:.3f} s, {pairs} runs each |"
    )


def room(path: Path, timeline: Path, environment: dict[str, str], runs: int) -> Iterator[str]:
    """The row about room: many recorded runs, a file edited before each."""
    bench = Bench(path, environment)
    for _ in range(runs):
        bench.edit()
        bench.seconds()
    files = [file for file in timeline.rglob("*") if file.is_file()]
    size = sum(file.stat().st_size for file in files)
    start = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "bugbash", "status"], cwd=path, env=environment, check=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    status = time.perf_counter() - start
    yield (
        f"| room of {runs} runs of 1,000 tests, 200 files, one edited before each | | | "
        f"**{size / 1e6:.1f} MB** | {len(files):,} files; `status` then takes {status:.2f} s |"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="put the table into the page")
    parser.add_argument("--runs", type=int, default=PAIRS)
    parser.add_argument("--long", action="store_true", help=f"also {LONG_RUNS} recorded runs")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bugbash-recording-") as name:
        folder = Path(name)
        environment = {**os.environ, "BUGBASH_HOME": str(folder / "home")}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # as learners have it
        path, _ = workspace(folder, TESTS_EACH, environment)
        rows = list(speed(path, environment, arguments.runs))
        if arguments.long:
            path, timeline = workspace(folder, LONG_TESTS // MODULES + 1, environment)
            rows += room(path, timeline, environment, LONG_RUNS)
    table = "\n".join(
        [
            "| what | against | limit | difference | medians |",
            "| --- | --- | --- | --- | --- |",
            *rows,
        ]
    )
    print(table)
    if arguments.write:
        where = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
        made = f"Made by `python benchmarks/recording.py --write` on {where}.\n\n{table}\n"
        put(PAGE, "table", made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
