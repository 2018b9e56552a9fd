"""What a scan costs as it grows, in time and memory, and how soon `new` has its first bug.

    python benchmarks/growth.py [--target NAME] [--small N] [--large N] [--write]

Scans a small and a large seeded sample of one target's mutants (`--until first`, two workers) and
compares the time of their trials, and what it takes to make mutants of more code; the largest
resident sets of bugbash itself and of any process that runs tests are read once a tenth of a
second, beside those of a bare run of the suite. Then `new --seed` of a few seeds, environment and
baseline done, against its bare suite plus three cold runs of the tests that the bug fails.
`--write` puts the table into docs/scanning.md. Linux only.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from page_tables import put
from scan_figures import scanned

from bugbash.mutation.load import load
from bugbash.mutation.sites import mutants_of

PAGE = Path(__file__).resolve().parent.parent / "docs" / "scanning.md"
BUGBASH = [sys.executable, "-m", "bugbash"]
_STEP_S = 0.1
_MB = 1024


@dataclass
class Watched:
    """One command, and the largest resident sets while it ran, in MB."""

    seconds: float
    said: str
    own: float
    """Of the process itself."""
    others: float
    """Of any one of its descendants."""


def watched(words: list[str], cwd: Path | None = None) -> Watched:
    """Run a command to its end; its failures are its caller's to read."""
    with tempfile.TemporaryFile("w+") as out:
        begun = time.monotonic()
        process = subprocess.Popen(words, cwd=cwd, stdout=out, stderr=subprocess.DEVNULL)
        own = others = 0.0
        while process.poll() is None:
            own = max(own, resident(process.pid))
            others = max([others, *map(resident, below(process.pid))])
            time.sleep(_STEP_S)
        seconds = time.monotonic() - begun
        out.seek(0)
        return Watched(seconds, out.read(), own, others)


def resident(pid: int) -> float:
    """The memory that a process holds that is its own, in MB: shared pages in equal parts."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii")
    except OSError:
        return 0.0
    found = re.search(r"^Rss:\s+(\d+) kB", text, re.MULTILINE)
    return int(found[1]) / _MB if found else 0.0


def _tasks(pid: int) -> list[Path]:
    """What the system tells of the children of each thread; nothing of a process that ended."""
    try:
        return list(Path(f"/proc/{pid}/task").glob("*/children"))
    except OSError:
        return []


def below(pid: int) -> list[int]:
    """All processes that a process started, and those that they started."""
    found = []
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        for path in _tasks(one):
            try:
                children = [int(text) for text in path.read_text("ascii").split()]
            except OSError:
                continue
            found += children
            waiting += children
    return found


def scan(target: str, sample: int) -> tuple[int, float, Watched]:
    """Mutants, seconds of their trials, and what was watched."""
    words = [*BUGBASH, "scan", target, "--fresh", "--until", "first", "--jobs", "2"]
    seen = watched([*words, "--sample", str(sample)])
    return *scanned(seen.said), seen


def of_growth(target: str, small: int, large: int) -> list[str]:
    scan(target, 3)  # its environment, baseline and reach
    few, few_s, _ = scan(target, small)
    many, many_s, seen = scan(target, large)
    bare = bare_suite(target)
    allowed = 1.1 * many / few
    return [
        f"| {many:,} mutants of {target} against {few:,} | {allowed:.1f} x the time | "
        f"**{many_s / few_s:.2f}** | {many_s:.0f} s / {few_s:.0f} s |",
        f"| memory of bugbash itself | 300 MB | **{seen.own:.0f} MB** | |",
        f"| memory of a worker, above a bare run of the suite | 150 MB | "
        f"**{seen.others - bare.own:.0f} MB** | {seen.others:.0f} MB / {bare.own:.0f} MB |",
    ]


def of_making() -> str:
    """Making all mutants of five times the code, without trying any."""
    text = Path(shutil.__file__).read_bytes().partition(b"import os\n")[2]
    chosen = load()

    def seconds(times: int) -> float:
        begun = time.process_time()
        list(mutants_of("pkg/module.py", text * times, chosen))
        return time.process_time() - begun

    seconds(1)
    few, many = (statistics.median(seconds(times) for _ in range(3)) for times in (1, 5))
    return (
        f"| mutants made of five times `shutil.py` | 5.5 x the time | **{many / few:.2f}** | "
        f"{many:.1f} s / {few:.1f} s |"
    )


def bare_suite(target: str) -> Watched:
    """The suite of a workspace of the target, by plain pytest."""
    folder = Path(tempfile.mkdtemp(prefix="bugbash-growth-"))
    try:
        words = [*BUGBASH, "new", target, "--dir", str(folder / "w"), "--no-record"]
        subprocess.run(words, check=True, capture_output=True)
        python = folder / "w" / ".venv" / "bin" / "python"
        return watched([str(python), "-m", "pytest", "-q"], folder / "w")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def of_first_bug(target: str, seeds: int) -> str:
    """`new` against 1.5 bare suites and three cold runs of its failing tests: the median."""
    ratios, times = [], []
    suite = bare_suite(target).seconds
    for seed in range(1, seeds + 1):
        folder = Path(tempfile.mkdtemp(prefix="bugbash-growth-"))
        try:
            words = [*BUGBASH, "new", target, "--seed", str(seed), "--dir", str(folder / "w")]
            begun = time.monotonic()
            done = subprocess.run([*words, "--json"], check=True, capture_output=True, text=True)
            took = time.monotonic() - begun
            tests = json.loads(done.stdout)["fail_to_pass"]
            python = folder / "w" / ".venv" / "bin" / "python"
            proof = watched([str(python), "-m", "pytest", "-q", *tests], folder / "w").seconds
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        ratios.append(took / (1.5 * suite + 3 * proof))
        times.append((took, proof))
    took, proof = (statistics.median(column) for column in zip(*times, strict=True))
    return (
        f"| `new {target}`, {seeds} seeds, against 1.5 bare suites + 3 cold proofs | 1 | "
        f"**{statistics.median(ratios):.2f}** | {took:.1f} s; suite {suite:.1f} s, proof "
        f"{proof:.1f} s |"
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target", default="jinja2")
    parser.add_argument("--small", type=int, default=1000)
    parser.add_argument("--large", type=int, default=5000)
    parser.add_argument("--new", nargs="*", default=["pypi:itsdangerous==2.2.0", "mako"])
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    rows = of_growth(asked.target, asked.small, asked.large) if asked.small else []
    rows += [of_making()]
    rows += [of_first_bug(target, asked.seeds) for target in asked.new]
    made = "| what | limit | measured | |\n| --- | --- | --- | --- |\n" + "\n".join(rows) + "\n"
    print(made)
    if asked.write:
        put(PAGE, "growth", made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
