"""Reports of scans that never ran, with whatever outcome a test needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from bugbash.files import Edit
from bugbash.mutation.sites import Mutant
from bugbash.pages.scan_summary import ScanReport
from bugbash.serving.difficulty import Signals
from bugbash.serving.survey import Finding, Survey
from bugbash.targets.spec import Target, TargetSpec
from bugbash.trials.audit import Audit
from bugbash.trials.baseline import Baseline, LeftOut
from bugbash.trials.reach import Reach
from bugbash.trials.scan import MutantTrial

SOURCE = """\
def first(values):
    if values:
        return values[0]
    return None


def last(values):
    return values[-1]
"""
EASY = Signals(in_trace=True, frames=0, files=1, rank=1.0, lines=10, at_once=True)
HARD = Signals(in_trace=False, frames=None, files=12, rank=200.0, lines=300, at_once=False)


def finding(
    outcome: Any = "killed",
    *tests: str,
    file: str = "shop/a.py",
    line: int = 2,
    mutator: str = "drop-guard",
    family: Any = "logic",
    signals: Signals | None = None,
    before: str = "if values:",
    after: str = "if True:",
    engine: str = "swap",
) -> Finding:
    """A mutant of one line that came to this outcome."""
    name = f"{file}:{line}:{mutator}:{outcome}:{after}"
    mutant = Mutant(name, mutator, family, Edit(file, 0, 0, ""), line, line, "first", before, after)
    trial = MutantTrial(name, outcome, tests, True, 0.1, signals is not None, engine)
    return Finding(mutant, trial, signals)


@pytest.fixture
def make_report(tmp_path: Path) -> Callable[..., ScanReport]:
    """Makes a report of these findings: `make_report(finding(...), ..., until="first")`."""

    def make(
        *findings: Finding,
        sources: Mapping[str, str] | None = None,
        tests: tuple[str, ...] = ("t.py::one", "t.py::two"),
        left_out: tuple[LeftOut, ...] = (),
        audit: Audit | None = None,
        seconds: float = 2.0,
        argument: str = "shop",
        lines: dict[str, dict[int, int]] | None = None,
        **about: Any,
    ) -> ScanReport:
        files = {one.mutant.edit.file for one in findings}
        for name in files:
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text((sources or {}).get(name, SOURCE), "utf-8")
        target = Target(TargetSpec("shop", "1.0"), argument, "path", tmp_path, "0" * 16)
        baseline = Baseline(tests, len(tests), 0, left_out)
        reach = Reach(tests, lines or {})
        survey = Survey(target, baseline, reach, findings, audit, seconds)
        return ScanReport(survey, **{"until": "all", **about})

    return make
