"""The grade: the verdict and the score, each with its evidence."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from concurrent.futures import wait
from dataclasses import dataclass, field, replace
from threading import Event

from bugbash.grading.cleanup import CleanUp, clean_up_of
from bugbash.grading.difference import Difference, difference_of
from bugbash.grading.differential import Differential, differential_of
from bugbash.grading.edits import history_of
from bugbash.grading.method import method_of
from bugbash.grading.paths import on_path
from bugbash.grading.real_suite import held_against_clean
from bugbash.grading.regression import RegressionProof, regression_proof
from bugbash.grading.rubric import (
    DIMENSIONS,
    FIX_PARTS,
    METHOD,
    STEP_PARTS,
    Dimension,
    Marks,
    Rubric,
    dimension,
    rubric_of,
    unseen,
)
from bugbash.grading.seen import Seen
from bugbash.grading.standing import LEFT_OUT, Standing, shown_green, standing_of
from bugbash.grading.varied import varied_of
from bugbash.grading.verdict import BugVerdict, Verdict, judge
from bugbash.grading.workspace_files import Submission, submission_of
from bugbash.recording import journal
from bugbash.recording.timeline import Timeline, timeline_of
from bugbash.serving.scenario import Scenario
from bugbash.store import Store
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.trials.workers import workers
from bugbash.words import counted
from bugbash.workspace.attempt import Attempt
from bugbash.workspace.make import blind_files, broken_files

_FAIL_SHARE, _HOLD_SHARE, _OTHER_SHARE = 20, 12, 8
_FAIL_ALONE, _HOLD_ALONE = 25, 15
"""Where no other input tells clean and broken code apart, its points go to the first two."""
_SPARE_LINES = 3
_UNRECORDED = ("nothing was recorded", "leave recording on: without it the method earns nothing")


@dataclass(frozen=True)
class Grade:
    """Everything that `check` found out about one attempt."""

    attempt: str
    target: str
    elapsed_s: float
    """From the start to the first check that said solved; to now where none did."""
    verdict: Verdict
    difference: Difference
    clean_up: CleanUp
    dimensions: tuple[Dimension, ...]
    integrity: tuple[str, ...]
    revealed: bool
    """Whether the answer was shown before: then there is a verdict and no score."""
    differential: Differential = field(default_factory=Differential)
    proof: RegressionProof = field(default_factory=RegressionProof)
    hints: int = 0
    price: int = 0
    """Points that the hints cost."""
    withheld: frozenset[str] = frozenset()
    """Tests that must not be named: those of a blind attempt, until it is solved or given up."""
    blind: bool = False
    uncounted: tuple[str, ...] = ()
    """Changed files that the scenario does not let be changed."""
    details: str = "full"
    """What may be shown of failing tests: `full`, `actual-only` (no expected values), `none`."""
    debrief: tuple[str, ...] = ()
    """The closing words of an interview that is over."""
    standing: Standing = field(default_factory=Standing)

    @property
    def score(self) -> int | None:
        if self.revealed:
            return None
        return max(0, sum(d.points for d in self.dimensions) - self.price)

    @property
    def max_score(self) -> int:
        return sum(d.max for d in self.dimensions)

    @property
    def seen_max(self) -> int:
        """The most that could be earned with what was observed."""
        return sum(d.max for d in self.dimensions if d.observed)

    @property
    def equivalent(self) -> str | None:
        if self.difference.same_tree:
            return "ast"
        return "tests" if self.verdict.solved else None

    @property
    def exit_code(self) -> int:
        """0 solved; 4 not solved and tests, marker or timeline tampered with; 1 not solved."""
        if self.verdict.solved:
            return 0
        return 4 if self.integrity else 1


def grade(
    attempt: Attempt,
    target: Target,
    environment: Environment,
    watch: Callable[[int, int], None] | None = None,
    store: Store | None = None,
) -> Grade:
    """Judge the workspace as it stands: the verdict, the method, and how the fix was left.

    Writes nothing into the workspace. `store` keeps what the clean and the broken code answer.
    """
    scenario = attempt.scenario
    timeline = timeline_of(attempt.id, attempt.workspace).this_go()
    now = _tree_now(attempt, timeline)
    broken = broken_files(scenario, target)
    blind = blind_files(scenario, target)
    submission = submission_of(
        attempt.workspace, target, broken, environment, blind, scenario.editable
    )
    kept = store or Store()
    enough = Event()
    with workers(2) as at_work:

        def stopped() -> bool:
            return enough.is_set() or at_work.halt.is_set()

        given = (scenario, target, environment, submission)
        running = at_work.pool.submit(judge, *given, watch, at_work.halt)
        if scenario.origin is not None:  # real suites hold tests that mind company
            wait([running])
        telling = at_work.pool.submit(differential_of, *given, broken, kept, stopped)
        difference = difference_of(attempt.workspace, target, broken, submission)
        past = scenario.origin.base_commit if scenario.origin else ""
        clean_up = clean_up_of(
            attempt.workspace, target, broken, submission, difference, blind, past
        )
        history = history_of(timeline, target, broken, now) if now is not None else None
        path = on_path(scenario, target, kept)
        verdict = held_against_clean(
            running.result(), *given[:3], submission.changes, kept, watch, at_work.halt
        )
        standing = standing_of(verdict, scenario)
        told = Differential()
        if verdict.solved or standing.only_hidden:
            told = telling.result()
        enough.set()
        if verdict.solved and not told.still_broken:
            told = told.and_by(varied_of(*given, broken, kept, at_work.halt))
    verdict = held_against(verdict, told)
    proof = regression_proof(
        attempt.workspace, scenario, target, environment, submission, broken, blind
    )
    method = dict.fromkeys(METHOD, unseen(*_UNRECORDED))
    if history is not None:
        method = method_of(Seen(scenario, timeline, history, verdict, path, proof))
    rows = {
        "fix": _fix(verdict, told, standing, scenario),
        **_untrusted(method, verdict, clean_up),
        "clean up": _left_clean(verdict, standing, difference, clean_up),
    }
    rubric = rubric_of(scenario.weights)
    revealed = attempt.row.state == "revealed"
    return Grade(
        attempt=attempt.id,
        target=scenario.shown_target,
        elapsed_s=_elapsed(attempt, timeline, kept),
        verdict=verdict,
        difference=difference,
        clean_up=clean_up,
        dimensions=tuple(_row(name, rows[name], rubric) for name in DIMENSIONS),
        integrity=_integrity(attempt, submission, clean_up, timeline),
        revealed=revealed,
        differential=told,
        proof=proof,
        hints=len(timeline.hints),
        price=sum(hint.price for hint in timeline.hints),
        withheld=frozenset() if verdict.solved or revealed else _withheld(scenario),
        blind=scenario.blind,
        uncounted=submission.closed,
        details=scenario.details,
        standing=standing,
    )


def _withheld(scenario: Scenario) -> frozenset[str]:
    """The tests that a grade must not name."""
    if scenario.details == "none":
        return frozenset((*scenario.fail_to_pass, *scenario.pass_to_pass))
    return frozenset(scenario.withheld)


def _tree_now(attempt: Attempt, timeline: Timeline) -> tuple[float, str] | None:
    """When it is, and the tree as it is; None where nothing is recorded or can be."""
    if not timeline.recorded:
        return None
    try:
        tree = journal.snapshot(str(timeline.folder), str(attempt.workspace))
    except OSError:
        return None
    return max(timeline.elapsed, 0.0), tree


def _elapsed(attempt: Attempt, timeline: Timeline, store: Store) -> float:
    """Seconds until the first check that said solved, else until now."""
    for check in store.checks_of(attempt.id):
        if check["solved"]:
            return float(check["elapsed_s"])
    return round(max(0.0, timeline.elapsed, time.time() - attempt.row.created), 1)


def _row(name: str, marks: Marks, rubric: Rubric) -> Dimension:
    return dimension(name, marks, rubric, FIX_PARTS if name == "fix" else STEP_PARTS)


def held_against(verdict: Verdict, told: Differential) -> Verdict:
    """The verdict with what other inputs say: a bug that still shows is not fixed."""
    if not told.still_broken:
        return verdict
    bugs = tuple(
        BugVerdict(bug.number, bug.solved and bug.number not in told.at_fault)
        for bug in verdict.bugs
    )
    return replace(verdict, solved=False, bugs=bugs)


def _fix(verdict: Verdict, told: Differential, standing: Standing, scenario: Scenario) -> Marks:
    """Hidden tests hold the last part alone; code that answers as the broken one holds none."""
    share = 1 / len(verdict.bugs)
    fixed = sum(bug.solved for bug in verdict.bugs) * share
    both = zip(verdict.bugs, scenario.bugs, strict=True)
    green = fixed + share * sum(
        not found.solved
        and found.number not in told.at_fault
        and shown_green(bug, verdict, scenario)
        for found, bug in both
    )
    others = bool(told.telling or (standing.total and standing.hidden))
    points = (_FAIL_SHARE if others else _FAIL_ALONE) * green
    if green and not verdict.problem and verdict.pass_to_pass.whole:
        points += (_HOLD_SHARE if others else _HOLD_ALONE) * green
        points += _OTHER_SHARE * fixed if others else 0
    held = verdict.pass_to_pass
    mine = f"the tests that you have pass; {standing.left}"
    evidence = [mine if standing.only_hidden else standing.told]
    broken = len(held.failed) + (0 if verdict.problem else len(held.missing))
    evidence.append(f"{counted(broken, 'other test')} broke" if broken else "no other test broke")
    evidence += [f"{name} failed in one run and passed in another" for name in verdict.unsteady]
    if told.still_broken:
        evidence.append(f"the symptom is still there for other inputs ({told.still_broken[0]})")
    elif told.telling and not standing.only_hidden:
        evidence.append(f"{counted(told.telling, 'other input')} tried, none shows the symptom")
    elif verdict.solved and told.asked and not others:
        evidence.append("values of the tests are in your change, and no others could be tried")
    return Marks(points, tuple(evidence), _fix_advice(verdict, told, standing))


def _fix_advice(verdict: Verdict, told: Differential, standing: Standing) -> str:
    if told.still_broken:
        return "fix the cause, not the inputs that the tests happen to use"
    if not verdict.pass_to_pass.whole and verdict.fail_to_pass.whole:
        return "read the tests that broke: they say what else the code is for"
    if standing.only_hidden:
        return LEFT_OUT
    if not standing.total:
        return "write a test that fails as the report says, and follow it to where it goes wrong"
    return "follow one failing test from its last line back to where the value goes wrong"


def _left_clean(
    verdict: Verdict, standing: Standing, difference: Difference, clean_up: CleanUp
) -> Marks:
    """Three parts each for no leftovers, tests as they were, a small diff, a commit.

    Only a change that fixes something can be cleaned up after.
    """
    fixed = sum(bug.solved for bug in verdict.bugs) / len(verdict.bugs)
    if not fixed:
        return Marks(0, (standing.unfixed("nothing is fixed yet"),))
    findings = [*clean_up.leftovers, *(f"scratch file {name}" for name in clean_up.scratch)]
    size = difference.added + difference.removed
    reference = difference.reference_added + difference.reference_removed
    small = size <= 2 * reference + _SPARE_LINES
    large = f"{counted(size, 'line')} changed, the reference changes {reference}"
    message = "committed, but the message is too short to say what was wrong and why"
    pending = f"not committed: {', '.join(clean_up.pending[:3])}"
    parts = [
        (not findings, "no leftovers", f"left behind: {'; '.join(findings[:3])}",
         "take out what you put in to look"),
        (not clean_up.weakened, "tests as they were", f"tests: {'; '.join(clean_up.weakened[:3])}",
         "leave the tests that were there alone; add new ones beside them"),
        (small, "the diff is small", large, "keep to the fix: other changes go elsewhere"),
        (clean_up.committed and clean_up.explained, "committed with a message",
         message if clean_up.committed else pending if clean_up.messages else "not committed",
         "commit with a message that says what was wrong and why"),
    ]  # fmt: skip
    points = sum(STEP_PARTS / len(parts) for good, *_ in parts if good)
    evidence = tuple(yes if good else no for good, yes, no, _ in parts)
    advice = next((what for good, _, _, what in parts if not good), "")
    return Marks(points * fixed, evidence, advice)


def _untrusted(
    method: Mapping[str, Marks], verdict: Verdict, clean_up: CleanUp
) -> dict[str, Marks]:
    """The method; it earns nothing where tests were changed instead of the code."""
    if verdict.solved or not clean_up.weakened:
        return dict(method)
    told = "the tests were changed and the bug is still there"
    advice = "put the tests back (`git checkout -- FILE`) and fix the code"
    return {
        name: replace(marks, parts=0.0, evidence=(told, *marks.evidence), advice=advice)
        if marks.observed
        else marks
        for name, marks in method.items()
    }


def _integrity(
    attempt: Attempt, submission: Submission, clean_up: CleanUp, timeline: Timeline
) -> tuple[str, ...]:
    found = list(clean_up.weakened)
    found += [
        f"{name} hides a module that is not yours; it was not run" for name in submission.shadowing
    ]
    if not attempt.marker_intact:
        found.append("the marker .bugbash was removed or altered")
    if timeline.altered:
        found.append(f"{counted(timeline.altered, 'line')} of the timeline not written by bugbash")
    return tuple(found)
