"""Checking a written scenario: proved, honest, fair, and graded as its author says."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from typing import TypeVar

from bugbash.errors import BugbashError, EnvironmentProblem, UsageProblem
from bugbash.files import matches, walk
from bugbash.grading.hints import LEVELS, PRICES, texts_for_a_beginner
from bugbash.grading.rubric import DIMENSIONS, rubric_of
from bugbash.grading.trying import TriedFix, Trier
from bugbash.serving import certificate as certificates
from bugbash.serving.anchors import Anchored, anchor_all, apply
from bugbash.serving.certificate import Certificate
from bugbash.serving.certifying import Prover, check_own_report, of_mutator, unproved
from bugbash.serving.hint_lint import hint_faults
from bugbash.serving.levels import level
from bugbash.serving.order import Voice
from bugbash.serving.scenario import Bug
from bugbash.serving.serve import Served
from bugbash.serving.serve_written import Ground, ground_of, scenario_of
from bugbash.serving.written import ACCEPTED, REJECTED, Written, find
from bugbash.store import Store
from bugbash.trials.condition import CONDITIONS
from bugbash.trials.workers import HaltedRun
from bugbash.words import counted

HOLDS, FAILS, UNREADABLE, HINDERED = 0, 1, 2, 3
"""Exit codes; the highest of a check's lines is its own."""
OWN_REPORT = "the author's, gives nothing away"
_MINUTES = range(5, 241)
_EXPLAINED = 5
"""Words that an explanation has at least."""
_STEPS = (
    "target", "place", "suite", "bug", "report", "hints", "explanation", "minutes", "rubric",
    "untouched", "deleted tests", "skipped tests", "reference fix",
)  # fmt: skip
"""What every scenario is looked at for, once its file reads."""
T = TypeVar("T")


@dataclass(frozen=True)
class Line:
    """One verdict."""

    name: str
    code: int | None
    """One of the exit codes; None where it was not tried, since something before it failed."""
    told: str

    @property
    def holds(self) -> bool:
        return self.code == HOLDS


@dataclass(frozen=True)
class Checked:
    """All verdicts about one scenario."""

    name: str
    lines: tuple[Line, ...]
    seconds: float
    certificate: Path | None = None
    """Where the proof was written; None where it was not."""

    @property
    def holds(self) -> bool:
        return all(line.holds for line in self.lines)

    @property
    def exit_code(self) -> int:
        return max(line.code or 0 for line in self.lines)


def check_scenario(
    name: str, store: Store, voice: Voice, write: bool = True, halt: Event | None = None
) -> Checked:
    """Every verdict about the scenario of a name or a path; the certificate, where all hold.

    What is wrong with the scenario is no error but a line. Raises HaltedRun when halted.
    """
    begun = time.monotonic()
    checker = _Checker(store, voice, halt or Event())
    made = checker.check(name)
    path = None
    if write and made is not None and all(line.holds for line in checker.lines):
        try:
            path = certificates.keep(*made)
        except EnvironmentProblem as problem:
            checker.lines.append(Line("certificate", HINDERED, str(problem)))
    return Checked(name, tuple(checker.lines), round(time.monotonic() - begun, 1), path)


class _Stopped(Exception):
    """A step failed on which the others rest."""


class _Checker:
    """Takes the steps one after the other and writes down a line for each."""

    def __init__(self, store: Store, voice: Voice, halt: Event) -> None:
        self.lines: list[Line] = []
        self._store, self._voice, self._halt = store, voice, halt
        self._written: Written | None = None
        self._bugs: tuple[Bug, ...] = ()
        """As far as they are known without a run."""

    def check(self, name: str) -> tuple[Written, Certificate] | None:
        """The scenario and its proof, where all could be tried."""
        try:
            return self._all(name)
        except _Stopped:
            tried = {re.sub(r"^bug \d+$", "bug", line.name) for line in self.lines}
            for step in _STEPS:
                if step not in tried and not self._judged(step):
                    self.lines.append(Line(step, None, "rests on what failed above"))
            return None

    def _all(self, name: str) -> tuple[Written, Certificate]:
        written = self._step("file", lambda: find(name), lambda w: w.title, UNREADABLE)
        self._written = written
        self._voice.note(f"{written.name} ...")
        ground = self._step(
            "target",
            lambda: ground_of(written, self._voice),
            lambda g: f"{g.target.spec.name} {g.target.spec.version} is prepared",
            UNREADABLE,
        )
        anchored = self._step(
            "place", lambda: anchor_all(written, ground.target), _places, UNREADABLE
        )
        self._bugs = tuple(
            unproved(written, one, place, ground.target)
            for one, place in zip(written.bugs, anchored, strict=True)
        )
        bugs, certificate = self._proved(ground, anchored)
        scenario = scenario_of(ground, certificate)
        served = Served(scenario, ground.target, ground.environment)
        same = _same_hints(written, served)
        self._weigh("hints", [*_hints(written, bugs), *same], f"{len(LEVELS)} for each bug")
        self._explained(written)
        self._weigh("minutes", _minutes(written), _limit(written))
        self._weigh("rubric", _rubric(written), f"{rubric_of(written.rubric).total} points")
        if written.editable:
            told = f"every changed file is one of {', '.join(written.editable)}"
            self._weigh("editable", _editable(served, written), told)
        self._graded(served, written)
        return written, certificate

    def _judged(self, step: str) -> bool:
        """Whether something can be said about a step although one before it failed."""
        written = self._written
        if written is None:
            return False
        if step == "minutes":
            self._weigh(step, _minutes(written), _limit(written))
        elif step == "rubric":
            self._weigh(step, _rubric(written), f"{rubric_of(written.rubric).total} points")
        elif step == "explanation":
            self._explained(written)
        elif step == "hints" and self._bugs:
            own = any(bug.hints for bug in self._bugs)
            told = "yours give nothing away too early" if own else "none of your own"
            self._weigh(step, _hints(written, self._bugs), told)
        elif step == "report" and written.report_file:
            return self._judged_report(written)
        else:
            return False
        return True

    def _judged_report(self, written: Written) -> bool:
        """What is wrong with the author's report; where the bugs are not known, it may be more."""
        try:
            check_own_report(written, self._bugs)
        except UsageProblem as problem:
            self.lines.append(Line("report", FAILS, str(problem)))
            return True
        if self._bugs:
            self.lines.append(Line("report", HOLDS, OWN_REPORT))
        return bool(self._bugs)

    def _explained(self, written: Written) -> None:
        self._weigh("explanation", _explanations(written), "there for each bug")

    def _proved(
        self, ground: Ground, anchored: tuple[Anchored, ...]
    ) -> tuple[tuple[Bug, ...], Certificate]:
        written = ground.written
        prover = self._step(
            "suite",
            lambda: Prover(ground, self._store, self._voice, self._halt),
            lambda p: f"{len(p.baseline.passing)} tests pass on the clean code",
        )
        if written.hidden:
            self._step(
                "hidden tests pass", prover.check_hidden_files, lambda _: "on the clean code"
            )
        found = self._each_bug(written, prover, anchored)
        if len(found) > 1:
            told = "together they break what each breaks alone"
            self._step("independent", lambda: prover.check_independent(found), lambda _: told)
        if written.hidden:
            told = f"{len(prover.hidden_tests)} on the broken code"
            fail = partial(prover.check_hidden_tests, found)
            with suppress(_Stopped):  # nothing rests on it
                self._step("hidden tests fail", fail, lambda _: told)
        if written.pass_to_pass:
            kept = f"{len(written.pass_to_pass)} tests are there and stay green"
            hold = partial(prover.check_pass_to_pass, found)
            self._step("pass_to_pass", hold, lambda _: kept)
        ticket = None
        with suppress(_Stopped):
            ticket = self._step(
                "report",
                lambda: prover.report(found),
                lambda t: OWN_REPORT if t is None else "generated, honest",
            )
        return found, prover.certificate(found, ticket)

    def _each_bug(
        self, written: Written, prover: Prover, anchored: tuple[Anchored, ...]
    ) -> tuple[Bug, ...]:
        """All bugs, proved one by one. Raises _Stopped where one does not hold, after the last."""
        bugs = []
        for one, place in zip(written.bugs, anchored, strict=True):
            name = f"bug {one.number}" if len(written.bugs) > 1 else "bug"
            with suppress(_Stopped):
                bugs.append(self._step(name, partial(prover.bug, one, place), _broken))
        if len(bugs) < len(written.bugs):
            raise _Stopped
        return tuple(bugs)

    def _graded(self, served: Served, written: Written) -> None:
        """What `check` would say of fixes that are right and of some that are not."""
        trier = Trier(served, self._store, self._halt)
        self._try("untouched", lambda: trier.hand_in(lambda _: None), solved=False)
        self._try("deleted tests", lambda: trier.hand_in(trier.without_failing_tests), solved=False)
        self._try("skipped tests", lambda: trier.hand_in(trier.with_skipped_tests), solved=False)
        self._try("reference fix", lambda: trier.hand_in(trier.reference), solved=True)
        for folder in (ACCEPTED, REJECTED):
            for patch in written.patches(folder):
                name = f"{folder}/{patch.name}"
                handed = partial(trier.hand_in, _patching(patch))
                self._try(name, handed, solved=folder == ACCEPTED, code=UNREADABLE)

    def _step(
        self, name: str, work: Callable[[], T], told: Callable[[T], str], code: int = FAILS
    ) -> T:
        """What a step that others rest on makes. Raises _Stopped where it does not hold."""
        try:
            made = work()
        except BugbashError as problem:
            worse = code if isinstance(problem, UsageProblem) else HINDERED
            self.lines.append(Line(name, worse, str(problem)))
            raise _Stopped from problem
        self.lines.append(Line(name, HOLDS, told(made)))
        return made

    def _weigh(self, name: str, faults: Iterable[str], told: str) -> None:
        """A step that no other rests on: all that is wrong with it, in one line."""
        found = list(faults)
        self.lines.append(Line(name, FAILS if found else HOLDS, "; ".join(found) or told))

    def _try(
        self, name: str, work: Callable[[], TriedFix], solved: bool, code: int = FAILS
    ) -> None:
        try:
            found = work()
        except HaltedRun:
            raise
        except BugbashError as problem:
            worse = code if isinstance(problem, UsageProblem) else HINDERED
            self.lines.append(Line(name, worse, str(problem)))
            return
        if found.solved == solved:
            told = "solved" if solved else f"not solved: {found.why}"
            self.lines.append(Line(name, HOLDS, told))
            return
        closed = f"; changes of {', '.join(found.closed)} do not count" if found.closed else ""
        told = f"is not solved: {found.why}{closed}" if solved else "is solved, and must not be"
        self.lines.append(Line(name, FAILS, told))


def _patching(patch: Path) -> Callable[[Path], None]:
    return lambda folder: apply(patch.read_bytes(), folder, str(patch), "the broken code")


def _places(anchored: tuple[Anchored, ...]) -> str:
    return ", ".join(f"{one.edits[0].file}:{one.line}" for one in anchored)


def _broken(bug: Bug) -> str:
    tests = counted(len(bug.fail_to_pass), "test")
    hard = f"; {level(bug.difficulty)}" if bug.difficulty is not None else ""
    return f"breaks {tests}, the same in all {len(CONDITIONS)} conditions{hard}"


def _hints(written: Written, bugs: tuple[Bug, ...]) -> Iterator[str]:
    for number, bug in enumerate(bugs, 1):
        faults = list(hint_faults(bug, written.title))
        if faults:
            told = "; ".join(told for _, told in faults)
            yield f"{written.place('hints', number)}: {told}"


def _same_hints(written: Written, served: Served) -> Iterator[str]:
    scenario, target = served.scenario, served.target
    for number in range(1, len(scenario.bugs) + 1):
        nowhere = target.tree / ".nowhere"  # where nobody has found anything yet
        texts = texts_for_a_beginner(scenario, target, nowhere, number)
        if len({text.strip() for text in texts} - {""}) < len(LEVELS):
            yield f"{written.place('hints', number)}: two hints of bug {number} say the same"


def _explanations(written: Written) -> Iterator[str]:
    for bug in written.bugs:
        words = len((bug.explanation or of_mutator(bug)[1]).split())
        if words < _EXPLAINED:
            what = "says too little" if words else "is missing: say why it is a bug"
            yield f"{written.place('explanation', bug.number)}: the explanation {what}"


def _minutes(written: Written) -> Iterator[str]:
    if written.minutes is not None and written.minutes not in _MINUTES:
        told = f"{written.minutes} minutes: give it {_MINUTES[0]} to {_MINUTES[-1]}"
        yield f"{written.place('minutes')}: {told}"


def _limit(written: Written) -> str:
    return f"{written.minutes}" if written.minutes else "no limit"


def _rubric(written: Written) -> Iterator[str]:
    rubric = rubric_of(written.rubric)
    others = max(rubric.of(name) for name in DIMENSIONS if name != "fix")
    place = written.place("rubric")
    if rubric.fix < max(others, 1):
        yield f"{place}: the fix earns {rubric.fix}, less than a step on the way ({others})"
    if rubric.total <= sum(PRICES):
        yield f"{place}: {rubric.total} points in all, and four hints cost {sum(PRICES)}"


def _editable(served: Served, written: Written) -> Iterator[str]:
    place = written.place("editable")
    for bug in served.scenario.bugs:
        for file in bug.files:
            if not matches(file, written.editable):
                yield f"{place}: {file} is changed by a bug and fits no pattern"
    names = [path.as_posix() for path in walk(served.target.tree)]
    for pattern in written.editable:
        if not any(matches(name, (pattern,)) for name in names):
            yield f"{place}: {pattern!r} fits no file"
