"""Plays one bug of each of many packages from `new` to `check`, and tables what was found.

    python benchmarks/packages.py [--write] [--seed N] TARGET...

For each: the workspace fails exactly the announced tests under plain pytest, an untouched one is
not solved, the reference patch is solved with an equal syntax tree. `--write` puts the rows into
the table of docs/targets.md, in place of earlier ones of the same targets.
"""

from __future__ import annotations

import argparse
import json
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bugbash.store import Store

PAGE = Path(__file__).resolve().parent.parent / "docs" / "targets.md"
RED = re.compile(r"^(?:FAILED|ERROR|SUBFAILED.*?) (\S+\.py\b.*?)(?: - .*)?$", re.MULTILINE)
BUGBASH = [sys.executable, "-m", "bugbash"]


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    target: str
    version: str
    used: int
    left_out: int
    suite_s: float
    first_s: float
    again_s: float
    check_s: float

    def __str__(self) -> str:
        cells = (
            f"`{self.target}`",
            self.version,
            str(self.used),
            str(self.left_out),
            *(f"{s:.1f}" for s in (self.suite_s, self.first_s, self.again_s, self.check_s)),
        )
        return f"| {' | '.join(cells)} |"


def run(words: list[str], cwd: Path, expected: int = 0) -> str:
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True)
    if done.returncode != expected:
        tail = (done.stdout + done.stderr)[-2000:]
        sys.exit(f"{' '.join(words)}: exit {done.returncode}, not {expected}\n{tail}")
    return done.stdout


def new(target: str, seed: int, folder: Path, name: str) -> tuple[dict[str, object], float]:
    start = time.monotonic()
    words = [*BUGBASH, "new", *target.split(), "--seed", str(seed), "--json"]
    value = json.loads(run([*words, "--dir", str(folder / name)], folder))
    return value, time.monotonic() - start


def failing(workspace: Path) -> set[str]:
    """The tests that plain pytest reports as failed."""
    done = subprocess.run(
        [workspace / ".venv/bin/pytest", "-q", "-rfE", "-p", "no:cacheprovider"],
        cwd=workspace,
        capture_output=True,
        text=True,
    )
    found = RED.findall(done.stdout)
    assert done.returncode == 1, done.stdout[-2000:]
    return set(found)


def play(target: str, seed: int, folder: Path) -> Row:
    value, first_s = new(target, seed, folder, "first")
    workspace = Path(str(value["workspace"]))
    announced = set(value["fail_to_pass"])  # type: ignore[call-overload]
    red = failing(workspace)
    assert red == announced, f"{target}: red {sorted(red)}, announced {sorted(announced)}"
    run([*BUGBASH, "check", "--json"], workspace, expected=1)
    patch = run([*BUGBASH, "reveal", "--patch"], workspace)
    subprocess.run(["git", "apply"], cwd=workspace, input=patch, text=True, check=True)
    start = time.monotonic()
    grade = json.loads(run([*BUGBASH, "check", "--json"], workspace))
    check_s = time.monotonic() - start
    assert grade["solved"] and grade["diff"]["equivalent"] == "ast", grade
    again, again_s = new(target, seed, folder, "again")
    assert set(again["fail_to_pass"]) == announced  # type: ignore[call-overload]
    scenario = Store().scenario_of(str(value["attempt"]))
    assert scenario is not None
    return Row(
        target=target,
        version=str(value["target_version"]),
        used=len(scenario["pass_to_pass"]) + len(announced),
        left_out=len(scenario["left_out"]) + len(scenario["ignored_files"]),
        suite_s=scenario["suite_seconds"] or 0.0,
        first_s=first_s,
        again_s=again_s,
        check_s=check_s,
    )


def write(rows: list[Row]) -> None:
    """Put the rows into the page, in place of earlier ones of the same targets."""
    text = PAGE.read_text("utf-8")
    for row in rows:
        line = re.compile(rf"^\| `{re.escape(row.target)}` \|.*$", re.MULTILINE)
        if line.search(text):
            text = line.sub(lambda _, row=row: str(row), text)  # type: ignore[misc]
        else:
            text = text.replace("<!-- rows end -->", f"{row}\n<!-- rows end -->")
    PAGE.write_text(text, "utf-8")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "targets", nargs="+", metavar="TARGET", help='may hold options: "x --tests t"'
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    print(f"{platform.system()}, Python {platform.python_version()}", flush=True)
    for target in arguments.targets:
        folder = Path(tempfile.mkdtemp(prefix="bugbash-packages-"))
        try:
            row = play(target, arguments.seed, folder)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        print(row, flush=True)
        if arguments.write:
            write([row])
    return 0


if __name__ == "__main__":
    sys.exit(main())
