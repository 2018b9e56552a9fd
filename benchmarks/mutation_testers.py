"""How fast `bugbash scan` is beside the mutation testers, on the same package and machine.

    python benchmarks/mutation_testers.py [--write] [--runs N] [--sample N] [--package NAME]

Makes a virtual environment for each tool, with the package's test dependencies (from the package
index), and runs the tools in turn, two workers each: mutants a second, from the first mutant to
the last. Set-up (a baseline, coverage, a first run of the suite) is left out on all sides.
`--write` puts the table into docs/scanning.md.

mutmut 3.8.1 stops at the first failing test and never tells which tests fail. It tries the mutants
of few and quick tests first: what it reaches within a time says little of the whole, so that it is
given a random sample of all its mutants, as bugbash is. fermut 0.6.1 with --record-kill-sets tells
the tests, and runs every test that covers a mutant; it tries what it comes to within the time.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from page_tables import put
from scan_figures import scanned

from bugbash.targets.overrides import Overrides
from bugbash.targets.resolve import resolve
from bugbash.targets.spec import Target

PAGE = Path(__file__).resolve().parent.parent / "docs" / "scanning.md"
MUTMUT, FERMUT = "mutmut==3.8.1", "fermut==0.6.1"
PROGRESS = re.compile(r"(\d+)/(\d+)  ")
RATE = re.compile(r"([\d.]+) mutations/second")
UNTESTED = re.compile(r"🫥 (\d+)")
LIMITS = {"itsdangerous": ("5", "3"), "marshmallow": ("2", "1.5")}
"""Of `--until first` and `--until 10`."""
DESELECTED = {
    # They look at module names or reprs that mutmut's trampolines change.
    "marshmallow": (
        "tests/test_registry.py",
        "tests/test_schema.py::test_class_registry_returns_schema_type",
    ),
}


@dataclass(frozen=True)
class Pace:
    """What one run of a tool reached."""

    mutants: int
    seconds: float
    cpu: float
    """Seconds of processor time of all its processes."""

    @property
    def rate(self) -> float:
        return self.mutants / self.seconds


class Bench:
    """The tools over one package, in a scratch folder."""

    def __init__(self, target: Target, folder: Path, sample: int, cap_s: float) -> None:
        self.target = target
        self.folder = folder
        self.sample = sample
        self.cap_s = cap_s
        self.source = target.spec.sources[0]
        self.environment = {**os.environ, "NO_COLOR": "1"}

    def ours(self, until: str, engine: str = "auto", sample: int | None = None) -> Pace:
        words = [sys.executable, "-m", "bugbash", "scan", self.target.argument, "--fresh"]
        words += ["--until", until, "--engine", engine, "--jobs", "2"]
        words += ["--sample", str(sample or self.sample)]
        before = children_cpu()
        done = subprocess.run(words, capture_output=True, text=True, check=True)
        cpu = children_cpu() - before
        return Pace(*scanned(done.stdout), cpu)

    def tool(self, name: str) -> Path:
        """The folder of commands of an environment that holds a tool and what the tests need."""
        where = self.folder / re.sub(r"\W", "-", name)
        if not where.exists():
            venv.create(where, with_pip=True)
            words = [str(where / "bin" / "pip"), "install", "-q", name]
            words += self.target.spec.dependencies
            subprocess.run(words, check=True, capture_output=True)
        return where / "bin"

    def copy(self, name: str) -> Path:
        place = self.folder / name
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.target.tree, place)
        return place

    def mutmut(self) -> Pace:
        """Its own pace over a seeded sample of its mutants, those that no test covers included."""
        place, names = self._mutmut_ready()
        names = random.Random(len(names)).sample(names, min(len(names), self.sample))
        done = subprocess.run(
            [*self._mutmut_words(), *names],
            cwd=place,
            env=self.environment,
            capture_output=True,
            text=True,
            check=True,
        )
        rate, untested = RATE.findall(done.stdout), UNTESTED.findall(done.stdout)
        assert rate and untested, done.stdout[-2000:]
        tried = len(names) - int(untested[-1])
        return Pace(len(names), tried / float(rate[-1]), 0.0)

    def _mutmut_words(self) -> list[str]:
        return [str(self.tool(MUTMUT) / "mutmut"), "run", "--max-children", "2"]

    def _mutmut_ready(self) -> tuple[Path, list[str]]:
        """A tree with its mutants and what it measures of the suite, and the mutants' names."""
        while True:
            place = self._mutmut_started()
            found = [path.read_text("utf-8") for path in (place / "mutants").rglob("*.meta")]
            with contextlib.suppress(ValueError):  # it was ended while it wrote one
                keys = [json.loads(text)["exit_code_by_key"] for text in found]
                return place, sorted(chain.from_iterable(keys))

    def _mutmut_started(self) -> Path:
        """A tree on which mutmut was ended when it came to its first mutants."""
        place = self.copy("mutmut-tree")
        lines = ["[mutmut]", f"source_paths={self.source}"]
        beside = {each.name for each in place.iterdir()} - {self.source.split("/")[0]}
        lines += ["also_copy=", *(f"    {name}" for name in sorted(beside))]
        left_out = DESELECTED.get(self.target.spec.name, ())
        if left_out:
            lines += ["pytest_add_cli_args=", *(f"    --deselect={name}" for name in left_out)]
        (place / "setup.cfg").write_text("\n".join(lines) + "\n")
        process = subprocess.Popen(
            self._mutmut_words(),
            cwd=place,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        assert process.stdout is not None
        text = ""
        while not PROGRESS.search(text):
            chunk = os.read(process.stdout.fileno(), 1 << 14)
            assert chunk, text
            text = (text + chunk.decode("utf-8", "replace"))[-4000:]
        subprocess.run(["pkill", "-KILL", "-g", str(process.pid)], check=False)
        process.wait()
        process.stdout.close()
        return place

    def fermut(self) -> Pace:
        """With kill sets, over a share of its mutants that fits the time."""
        commands = self.tool(FERMUT)
        place = self.copy("fermut-tree")
        subprocess.run(
            [commands / "pip", "install", "-q", "-e", place], check=True, capture_output=True
        )
        result = place / "result.json"
        words = [str(commands / "fermut"), "run", self.source, "--tests", self.target.spec.tests[0]]
        words += ["--jobs", "2", "--no-cache", "--no-history", "--no-fail", "--no-verify-baseline"]
        words += ["--python", str(commands / "python"), "--json", str(result), "--max-time"]
        words += [str(int(self.cap_s)), "--record-kill-sets", str(place / "kills.jsonl")]
        start = time.monotonic()
        subprocess.run(words, cwd=place, env=self.environment, capture_output=True, check=True)
        seconds = time.monotonic() - start
        summary = json.loads(result.read_text("utf-8"))["summary"]
        return Pace(summary["killed"] + summary["survived"] + summary["timed_out"], seconds, 0.0)


def children_cpu() -> float:
    """Processor seconds of all processes that this one started and that have ended."""
    times = os.times()
    return times.children_user + times.children_system


def median_of(runs: int, *sides: Callable[[], Pace]) -> list[list[Pace]]:
    """Runs the sides in turn; returns the paces of each."""
    found: list[list[Pace]] = [[] for _ in sides]
    for _ in range(runs):
        for paces, side in zip(found, sides, strict=True):
            paces.append(side())
    return found


def row(what: str, limit: str, ours: list[Pace], theirs: list[Pace]) -> str:
    ratio = statistics.median(a.rate / b.rate for a, b in zip(ours, theirs, strict=True))
    rates = (statistics.median(pace.rate for pace in side) for side in (ours, theirs))
    mine, other = rates
    return f"| {what} | {limit} | **{ratio:.2f}** | {mine:.1f} / {other:.1f} |"


def table(name: str, folder: Path, runs: int, sample: int, cap_s: float) -> list[str]:
    bench = Bench(resolve(name, Overrides(), lambda text: None), folder, sample, cap_s)
    print(f"{name}: {runs} runs of each in turn", file=sys.stderr, flush=True)
    bench.ours("first", sample=3)  # its environment, baseline and reach
    first, ten, every, mutmut, fermut = median_of(
        runs,
        lambda: bench.ours("first"),
        lambda: bench.ours("10"),
        lambda: bench.ours("all"),
        bench.mutmut,
        bench.fermut,
    )
    cold = [bench.ours("all", "cold", sample=max(20, sample // 6))]
    cpu = statistics.median(p.cpu / p.mutants for p in every) / (cold[0].cpu / cold[0].mutants)
    limits = LIMITS.get(bench.target.spec.name, ("", ""))
    return [
        row(f"{name}, `--until first` : mutmut", limits[0], first, mutmut),
        row(f"{name}, `--until 10` : mutmut", limits[1], ten, mutmut),
        row(f"{name}, `--until all` : mutmut", "1", every, mutmut),
        row(f"{name}, `--until all` : fermut", "2", every, fermut),
        f"| {name}, processor time of `--until all` : cold | 0.125, less is better | "
        f"**{cpu:.3f}** | |",
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--sample", type=int, default=400)
    parser.add_argument("--seconds", type=float, default=30.0, help="for each run of fermut")
    parser.add_argument("--package", action="append", default=[])
    asked = parser.parse_args()
    names = asked.package or ["pypi:itsdangerous==2.2.0", "pypi:marshmallow==4.4.0", "billcycle"]
    rows: list[str] = []
    for name in names:
        folder = Path(tempfile.mkdtemp(prefix="bugbash-testers-"))
        try:
            made = table(name, folder, asked.runs, asked.sample, asked.seconds)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        print("\n".join(made), flush=True)
        rows += made
    if asked.write:
        head = "| what | limit | ratio | mutants a second |\n| --- | --- | --- | --- |\n"
        put(PAGE, "testers", head + "\n".join(rows) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
