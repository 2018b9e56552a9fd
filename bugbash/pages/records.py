"""JSON forms of what commands print: the contracts that other programs read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bugbash.grading.grade import Grade
    from bugbash.grading.verdict import BugVerdict
    from bugbash.serving.survey import Finding
    from bugbash.workspace.attempt import Attempt


def attempt_json(attempt: Attempt) -> dict[str, Any]:
    """`bugbash new --json`: names the failing tests, never the mutator, file or line."""
    scenario = attempt.scenario
    return {
        "schema": "bugbash/attempt/v1",
        "attempt": attempt.id,
        "workspace": str(attempt.workspace),
        "target": scenario.shown_target,
        "target_version": scenario.version,
        "families": list(scenario.families),
        "difficulty": scenario.difficulty,
        "seed": scenario.seed,
        "bug_count": len(scenario.bugs),
        "fail_to_pass": list(scenario.shown_tests),
        "blind": scenario.blind,
        "mode": scenario.mode or None,
        "failure_report": "FAILURE_REPORT.md",
        "again": scenario.again,
    }


def grade_json(grade: Grade, earlier: list[dict[str, Any]]) -> dict[str, Any]:
    """`bugbash check --json`. `earlier` are the grades of the attempt's checks before this one."""
    verdict, difference = grade.verdict, grade.difference
    wanted, held = verdict.fail_to_pass, verdict.pass_to_pass
    return {
        "schema": "bugbash/grade/v1",
        "attempt": grade.attempt,
        "target": grade.target,
        "solved": verdict.solved,
        "score": grade.score,
        "max_score": grade.max_score,
        "elapsed_s": grade.elapsed_s,
        "hints": grade.hints,
        "hint_points": grade.price,
        "bugs": [
            {"number": b.number, "solved": b.solved, "green_at_s": _green_at(b, grade, earlier)}
            for b in verdict.bugs
        ],
        "tests": {
            "fail_to_pass": {k: _named(v, grade) for k, v in asdict(wanted).items()},
            "pass_to_pass": {
                "passed": len(held.passed),
                "failed": _named(held.failed, grade),
                "missing": _named(held.missing, grade),
            },
            "hidden": _hidden(grade),
            "only_hidden_fail": grade.standing.only_hidden,
        },
        "problem": _problem(grade),
        "differential": {
            "telling": grade.differential.telling,
            "still_broken": list(grade.differential.still_broken),
        },
        "new_tests": {
            "added": list(grade.proof.added),
            "proved": list(grade.proof.proved),
            "seconds": grade.proof.seconds,
        },
        "diff": {
            "files": list(difference.files),
            "added": difference.added,
            "removed": difference.removed,
            "reference_added": difference.reference_added,
            "reference_removed": difference.reference_removed,
            "equivalent": grade.equivalent,
            "scratch": list(grade.difference.scratch),
        },
        "dimensions": [{**asdict(d), "evidence": list(d.evidence)} for d in grade.dimensions],
        "integrity": list(grade.integrity),
        "uncounted": list(grade.uncounted),
        "debrief": list(grade.debrief),
    }


def _problem(grade: Grade) -> str | None:
    verdict = grade.verdict
    if verdict.hung in grade.withheld:
        return verdict.problem.replace(verdict.hung, "a hidden test")
    return verdict.problem or None


def _named(names: Iterable[str], grade: Grade) -> list[str]:
    return [name for name in names if name not in grade.withheld]


def _hidden(grade: Grade) -> dict[str, int] | None:
    """How the tests do that must not be named; None where all may be."""
    if not grade.withheld:
        return None
    tallies = [asdict(grade.verdict.fail_to_pass), asdict(grade.verdict.pass_to_pass)]
    return {
        word: sum(name in grade.withheld for tally in tallies for name in tally[word])
        for word in ("passed", "failed", "missing")
    }


def _green_at(bug: BugVerdict, grade: Grade, earlier: list[dict[str, Any]]) -> float | None:
    """Seconds from the start to the first of the checks since which the bug has been fixed."""
    if not bug.solved:
        return None
    at = grade.elapsed_s
    for check in reversed(earlier):
        state = next((b for b in check["bugs"] if b["number"] == bug.number), None)
        if state is None or not state["solved"]:
            break
        at = check["elapsed_s"]
    return at


def answer_json(attempt: Attempt, patch: str) -> dict[str, Any]:
    """`bugbash reveal --json`: `before` is the clean text, `after` the broken one.

    `line` is the first one in the clean file, `lines` are all in the broken files.
    """
    from bugbash.grading.places import bug_places
    from bugbash.pages.origin import origin_json
    from bugbash.workspace.attempt import target_of

    scenario = attempt.scenario
    target = target_of(scenario)
    return {
        "schema": "bugbash/answer/v1",
        "bugs": [
            {
                "mutator": bug.mutator,
                "family": bug.family,
                "file": bug.edit.file,
                "line": bug.line,
                "lines": [
                    f"{place.file}:{line}"
                    for place in bug_places(bug, scenario, target)
                    for line in place.all_lines
                ],
                "before": bug.before,
                "after": bug.after,
                "explanation": bug.explanation,
            }
            for bug in scenario.bugs
        ],
        "patch": patch,
        "origin": origin_json(scenario.origin),
    }


def trial_json(finding: Finding) -> dict[str, Any]:
    """One line of `bugbash scan --json`."""
    mutant, trial, measured = finding.mutant, finding.trial, finding.signals
    return {
        "schema": "bugbash/trial/v1",
        "mutant": mutant.id,
        "mutator": mutant.mutator,
        "family": mutant.family,
        "file": mutant.edit.file,
        "line": mutant.line,
        "before": mutant.before,
        "after": mutant.after,
        "outcome": trial.outcome,
        "engine": trial.engine,
        "fail_to_pass": list(trial.fail_to_pass),
        "complete": trial.complete,
        "difficulty": measured.difficulty if measured else None,
        "signals": asdict(measured) if measured else None,
        "seconds": trial.seconds,
    }
