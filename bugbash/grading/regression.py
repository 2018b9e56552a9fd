"""The proof of a test that the learner added: it fails on the broken code alone."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from bugbash.files import is_under
from bugbash.grading.workspace_files import Submission
from bugbash.serving.scenario import Scenario
from bugbash.syntax import parsed
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.targets.suite_files import PYTEST_CONFIGURATION, is_test_name
from bugbash.trials.cold import Suite, run_suite
from bugbash.trials.outcome import Trial
from bugbash.trials.slot import Slot, open_slot

_LIMIT_S = 30.0


@dataclass(frozen=True)
class RegressionProof:
    """What the learner's new tests do on the three trees."""

    added: tuple[str, ...] = ()
    """Their ids, as far as one of the trees knows them."""
    proved: tuple[str, ...] = ()
    """Those that fail on the broken code, and pass on the learner's and on the clean code."""
    reproducing: tuple[str, ...] = ()
    """Those that fail on the broken and pass on the clean code, whatever the learner's does."""
    why_not: str = ""
    """What is wrong with the first that is not proved."""
    seconds: float = 0.0


def regression_proof(
    workspace: Path,
    scenario: Scenario,
    target: Target,
    environment: Environment,
    submission: Submission,
    broken: Mapping[str, bytes],
    blind: Mapping[str, bytes | None],
) -> RegressionProof:
    """Run the test files that the learner added to, over the broken, clean and own code.

    `blind` are the test files that were served without the failing tests. Nothing runs where no
    test was added. Reads the workspace; the runs are in a slot of ours.
    """
    files = tuple(_with_new_tests(workspace, target, submission, blind))
    if not files:
        return RegressionProof()
    started = time.monotonic()
    brought = {name: workspace / name for name in submission.protected if _counts(workspace, name)}
    limits = replace(target.spec, suite_limit_s=min(target.spec.suite_limit_s, _LIMIT_S))
    suite = Suite(
        left_out=scenario.left_out,
        ignored_files=scenario.ignored_files,
        only=files,
        keep_going=True,
        alone=True,
    )

    def over(slot: Slot, changes: Mapping[str, bytes | Path | None]) -> Trial:
        slot.sync({**changes, **brought})
        return run_suite(slot, suite)

    with open_slot(replace(target, spec=limits), environment) as slot:
        clean, before = over(slot, {}), over(slot, broken)
        own = over(slot, submission.changes)
    known = {*scenario.fail_to_pass, *scenario.pass_to_pass, *scenario.left_out}
    known -= set(scenario.withheld)
    added = tuple(sorted({*clean.tests, *before.tests, *own.tests} - known))
    return _judged(added, clean, before, own, time.monotonic() - started)


def _judged(
    added: tuple[str, ...], clean: Trial, broken: Trial, own: Trial, seconds: float
) -> RegressionProof:
    def is_(trial: Trial, test: str, outcome: str) -> bool:
        return test in trial.tests and trial.tests[test].outcome == outcome

    reproducing = tuple(
        test for test in added if is_(broken, test, "failed") and is_(clean, test, "passed")
    )
    proved = tuple(test for test in reproducing if is_(own, test, "passed"))
    why = ""
    if added and not proved:
        first = added[0]
        if not is_(broken, first, "failed"):
            why = f"{first} passes on the broken code too"
        elif not is_(clean, first, "passed"):
            why = f"{first} fails on the code from before the bug"
        else:
            why = f"{first} still fails"
    return RegressionProof(added, proved, reproducing, why, round(seconds, 3))


def _with_new_tests(
    workspace: Path, target: Target, submission: Submission, blind: Mapping[str, bytes | None]
) -> Iterator[str]:
    """The test files that hold a test, or a case of one, that was not there before."""
    for name in submission.protected:
        if not _counts(workspace, name) or not _is_test_file(name, target):
            continue
        clean = target.tree / name
        served = clean.read_bytes() if clean.is_file() else b""
        before = _tests(blind.get(name, served) or b"")
        after = _tests((workspace / name).read_bytes())
        if any(test not in before or before[test] != cases for test, cases in after.items()):
            yield name


def _counts(workspace: Path, name: str) -> bool:
    """Whether a test file of the learner's may take part: settings of pytest may not."""
    path = workspace / name
    return (
        PurePosixPath(name).name not in PYTEST_CONFIGURATION - {"conftest.py"}
        and path.is_file()
        and not path.is_symlink()
    )


def _is_test_file(name: str, target: Target) -> bool:
    inside = is_under(name, target.spec.tests)
    return name.endswith(".py") and (inside or is_test_name(PurePosixPath(name).name))


def _tests(source: bytes) -> dict[str, str]:
    """Name of each test function, then its decorators: more cases stand there."""
    tree = parsed(source)
    return {
        node.name: "".join(ast.dump(one) for one in node.decorator_list)
        for node in (ast.walk(tree) if tree is not None else ())
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test")
    }
