"""A packed exercise on its student's machine: running the tests that it shows."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bugbash.errors import EnvironmentProblem, UsageProblem
from bugbash.targets.venv import python_of
from bugbash.workspace.submission_script import Problem, facts_of, find_exercise

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_RAN = (0, 1)
"""pytest's exit codes for a suite that came to its end."""
_NAMES = ("file", "classname", "name")
_COUNTED = ("failure", "error", "skipped")


@dataclass(frozen=True)
class Packed:
    """An exercise that an instructor packed."""

    folder: Path
    facts: dict[str, Any]

    @property
    def python(self) -> Path:
        """Of the exercise's own environment; bugbash's where it has none."""
        own = python_of(self.folder / ".venv")
        return own if own.exists() else Path(sys.executable)


@dataclass(frozen=True)
class Shown:
    """What the visible tests said."""

    passed: int
    failed: tuple[str, ...]
    """Ids of tests that failed, and files that can't be imported."""
    exit_code: int

    @property
    def all_pass(self) -> bool:
        return self.exit_code == 0


def find_packed(start: Path) -> Packed | None:
    """The packed exercise that a folder lies in. Raises UsageProblem where it was damaged."""
    folder = find_exercise(start)
    if folder is None:
        return None
    try:
        return Packed(folder, facts_of(folder))
    except Problem as problem:
        raise UsageProblem(str(problem)) from problem


def run_visible(packed: Packed, quiet: bool) -> Shown:
    """Run the tests of the exercise as they lie there, all of them.

    Unless `quiet`, pytest speaks on standard output. Raises EnvironmentProblem where it can't run.
    """
    arguments = [str(word) for word in packed.facts.get("pytest_args", ())]
    roots = [str(packed.folder / root) for root in packed.facts.get("source_roots", ())]
    with tempfile.TemporaryDirectory(prefix="bugbash-check-") as name:
        results = Path(name, "results.xml")
        told = ["-o", "junit_family=xunit1", f"--junitxml={results}"]
        environment = {**os.environ, "BUGBASH_VIA": "check"}
        if packed.python == Path(sys.executable):
            environment["PYTHONPATH"] = os.pathsep.join(roots)
        done = subprocess.run(
            [str(packed.python), "-m", "pytest", *arguments, *told],
            cwd=packed.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if quiet else None,
            stderr=subprocess.STDOUT if quiet else None,
            check=False,
        )
        if not results.is_file():
            last = (done.stdout or b"").decode("utf-8", "replace").strip().splitlines()[-1:]
            said = last[0] if last else f"exit code {done.returncode}"
            raise EnvironmentProblem(
                f"pytest did not run in {packed.folder} ({said}): make its .venv as the pack's "
                "README-START.md says."
            )
        return _shown(results, done.returncode)


def _shown(results: Path, code: int) -> Shown:
    from xml.etree import ElementTree

    cases = list(ElementTree.parse(results).iter("testcase"))
    failed = {
        _id(case): None
        for case in cases
        if case.find("failure") is not None or case.find("error") is not None
    }
    passed = sum(all(case.find(kind) is None for kind in _COUNTED) for case in cases)
    if code not in _RAN and not failed:
        raise EnvironmentProblem(f"pytest ran no test (exit code {code}): see what it printed.")
    return Shown(passed, tuple(failed), code)


def _id(case: Element) -> str:
    """pytest's id of a test, from what it wrote for JUnit."""
    file, where, name = (case.get(key, "").replace("\\", "/") for key in _NAMES)
    if not file:
        return name
    module = file.removesuffix(".py").replace("/", ".")
    if name == module:  # a file that can't be imported
        return file
    classes = where.removeprefix(module).strip(".")
    return "::".join([file, *filter(None, classes.split(".")), case.get("name", "")])
