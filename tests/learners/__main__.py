"""Lets every scripted learner play, stores the scores and fills the tables of the docs.

python -m tests.learners            all of them
python -m tests.learners shotgun    those whose name holds the word, with their evidence
python -m tests.learners --table    nobody: the tables from the stored scores
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.conftest import GIT_CONFIG
from tests.learners.learners import MORE_PLAYS, PLAYS
from tests.learners.playing import Result, play, store
from tests.learners.table import fill


def main(words: list[str]) -> None:
    if words == ["--table"]:
        fill()
        return
    wanted = " ".join(words)
    with tempfile.TemporaryDirectory(prefix="learners-") as folder:
        move_into(Path(folder))
        results = {}
        for one in (*PLAYS, *MORE_PLAYS):
            if wanted in one.name:
                results[one.name], grade = play(one, Path(folder))
                show(results[one.name], grade if wanted else {})
    if not wanted:
        store(results)
        fill()


def move_into(folder: Path) -> None:
    """A home of their own for this process and all that it starts, and a git that knows them."""
    (folder / "config").write_text(GIT_CONFIG, "utf-8")
    for name in [name for name in os.environ if name.startswith(("GIT_", "PYTEST_"))]:
        del os.environ[name]
    os.environ["BUGBASH_HOME"] = str(folder / "bugbash")
    os.environ["HOME"] = os.environ["USERPROFILE"] = str(folder)
    os.environ["GIT_CONFIG_GLOBAL"] = str(folder / "config")
    os.environ["GIT_CONFIG_NOSYSTEM"] = os.environ["NO_COLOR"] = "1"


def show(result: Result, grade: dict[str, Any]) -> None:
    """A line for the result, and all of the grade's evidence where there is a grade."""
    points = "  ".join(f"{name} {found}" for name, found in result.dimensions.items())
    print(f"{result.tier}  {result.score:3}  {result.learner:25} {result.case:24} {points}")
    for dimension in grade.get("dimensions", ()):
        print(f"      {dimension['name']}: {dimension['points']}")
        print(*(f"        {line}" for line in dimension["evidence"]), sep="\n")
    for line in grade.get("integrity", ()):
        print(f"      integrity: {line}")


if __name__ == "__main__":
    main(sys.argv[1:])
