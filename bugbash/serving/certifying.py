"""Proving a written scenario: its bugs break what it says, everywhere, and its report is honest."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from threading import Event

from bugbash import __version__
from bugbash.errors import UsageProblem, nearest
from bugbash.files import edited
from bugbash.serving.anchors import Anchored, anchor_all
from bugbash.serving.building import signals_of
from bugbash.serving.catalogue import here
from bugbash.serving.certificate import Certificate, own_report
from bugbash.serving.changed_lines import Stretch, stretches
from bugbash.serving.draft_text import report_faults
from bugbash.serving.journeys import observer_of
from bugbash.serving.leak_lint import leaks
from bugbash.serving.order import Voice
from bugbash.serving.proving import Proof, Rejection, prove
from bugbash.serving.reporting import report
from bugbash.serving.scenario import Bug
from bugbash.serving.serve_written import Ground
from bugbash.serving.ticket import Ticket
from bugbash.serving.written import HIDDEN, Written, WrittenBug, mutator_file
from bugbash.store import Store
from bugbash.syntax import parsed
from bugbash.targets.spec import Target
from bugbash.trials.baseline import UnusableSuite, baseline_of
from bugbash.trials.scan import MOST_FAILING, Engine, changed_files
from bugbash.words import BY_HAND


def certify(ground: Ground, store: Store, voice: Voice) -> Certificate:
    """Prove the scenario in every condition.

    Raises UsageProblem, with file and line, where a bug can't be found in the clean code, breaks
    nothing, too much, other tests than it says or not the same everywhere, where a hidden test
    passes on the broken code, and where the report gives the answer away.
    """
    anchored = anchor_all(ground.written, ground.target)
    voice.note(f"proving {ground.written.name} ...")
    prover = Prover(ground, store, voice)
    prover.check_hidden_files()
    bugs = tuple(map(prover.bug, ground.written.bugs, anchored))
    prover.check_independent(bugs)
    ticket = prover.report(bugs)
    prover.check_hidden_tests(bugs)
    prover.check_pass_to_pass(bugs)
    return prover.certificate(bugs, ticket)


def unproved(written: Written, one: WrittenBug, anchored: Anchored, target: Target) -> Bug:
    """A written bug as it was found in the clean code, before anything was run."""
    family, explanation = of_mutator(one)
    first = stretches(target.tree, anchored.edits)[0]
    return Bug(
        id=f"{written.folder.resolve().name}-{one.number}",
        mutator=one.mutator or BY_HAND,
        family=family,
        edit=anchored.edits[0],
        line=first.clean,
        function=_function(target, anchored, first),
        before=anchored.before,
        after=anchored.after,
        explanation=one.explanation or explanation,
        fail_to_pass=(),
        more=anchored.edits[1:],
        hints=one.hints,
    )


class Prover:
    """Proves one scenario step by step. Each step raises UsageProblem, with file and line.

    The steps are to be taken in the order in which they stand here.
    """

    def __init__(
        self, ground: Ground, store: Store, voice: Voice, halt: Event | None = None
    ) -> None:
        written, target = ground.written, ground.target
        self._written, self._target = written, target
        try:
            self.baseline = baseline_of(target, ground.environment, store, voice.watch)
        except UnusableSuite as problem:
            raise UnusableSuite(f"{written.place('target')}: {problem}") from problem
        self._engine = Engine(target, ground.environment, self.baseline, store)
        self._engine.halt = halt or self._engine.halt

    @property
    def hidden_tests(self) -> tuple[str, ...]:
        """Ids of the hidden files' tests that pass on the clean code."""
        hidden = self._written.hidden
        return tuple(t for t in self.baseline.passing if t.partition("::")[0] in hidden)

    def check_hidden_files(self) -> None:
        """The tests of the hidden files pass on the clean code, some of each file."""
        files = {test.partition("::")[0] for test in self.hidden_tests}
        ignored = {one.id: one.why for one in self.baseline.ignored_files}
        for name in sorted(self._written.hidden):
            path = self._written.folder / HIDDEN / name
            left = [one for one in self.baseline.left_out if one.id.partition("::")[0] == name]
            if name in ignored:
                raise UsageProblem(f"{path} can't be collected: {ignored[name]}.")
            if left:
                raise UsageProblem(f"{path}: {left[0].id} fails on the clean code ({left[0].why}).")
            if name.rpartition("/")[2].startswith("test_") and name not in files:
                raise UsageProblem(f"{path}: no test of it passes on the clean code.")

    def bug(self, one: WrittenBug, anchored: Anchored) -> Bug:
        """One bug alone, proved, with how hard it is to find."""
        proof = self.breaks(one, anchored)
        if one.fail_to_pass and set(one.fail_to_pass) != set(proof.fail_to_pass):
            said = _differs(one.fail_to_pass, proof.fail_to_pass)
            raise UsageProblem(f"{self._written.place('fail_to_pass', one.number)}: {said}")
        measured = signals_of(self._engine, anchored.edits, proof)
        return replace(
            unproved(self._written, one, anchored, self._target),
            fail_to_pass=proof.fail_to_pass,
            difficulty=measured.difficulty,
            at_once=measured.at_once,
        )

    def breaks(self, one: WrittenBug, anchored: Anchored) -> Proof:
        """What one bug alone breaks in every condition, whatever the scenario says."""
        proof = prove(self._engine, changed_files(self._target, anchored.edits))
        if isinstance(proof, Rejection):
            raise UsageProblem(f"{self._written.place('', one.number)}: {_why(proof.why)}")
        return proof

    def check_independent(self, bugs: tuple[Bug, ...]) -> None:
        """All bugs together break what each breaks alone, and no two the same test."""
        proof = self._together(bugs)
        expected = {test for bug in bugs for test in bug.fail_to_pass}
        count = sum(len(bug.fail_to_pass) for bug in bugs)
        if set(proof.fail_to_pass) != expected or count != len(expected):
            told = "the bugs hide each other or share a failing test: each needs tests of its own"
            raise UsageProblem(f"{self._written.place('bug')}: {told}.")

    def _together(self, bugs: tuple[Bug, ...]) -> Proof:
        proof = prove(self._engine, self._changes(bugs), most=MOST_FAILING * len(bugs))
        if isinstance(proof, Rejection):
            place = self._written.place("bug")
            raise UsageProblem(f"{place}: all bugs together: {_why(proof.why)}")
        return proof

    def _changes(self, bugs: tuple[Bug, ...]) -> dict[str, bytes]:
        return changed_files(self._target, [edit for bug in bugs for edit in bug.edits])

    def report(self, bugs: tuple[Bug, ...]) -> Ticket | None:
        """The generated report where none was written; either gives nothing away."""
        proof = self._together(bugs)
        hidden = self._names_of_hidden(proof.fail_to_pass)
        if self._written.report_file:
            check_own_report(self._written, bugs, hidden)
            return None
        seen, changes = self._visible(proof), self._changes(bugs)
        ticket = report(self._engine, observer_of(self._engine), bugs, changes, seen)
        if ticket is None:
            told = "every generated report would give the answer away: write one of your own"
            raise UsageProblem(f"{self._written.place()}: {told} (`report`).")
        ticket = replace(ticket, title=self._written.title)
        _refuse_leaks(self._written, leaks(ticket, bugs, hidden), "title")
        return ticket

    def _visible(self, proof: Proof) -> Proof:
        """What the tests said that the learner has; all of them where every one is hidden."""
        hidden = self._written.hidden
        seen = {t: r for t, r in proof.failures.items() if t.partition("::")[0] not in hidden}
        return Proof(tuple(sorted(seen)), seen) if seen else proof

    def _names_of_hidden(self, tests: Iterable[str]) -> list[str]:
        hidden = self._written.hidden
        return [test.partition("::")[2] for test in tests if test.partition("::")[0] in hidden]

    def check_hidden_tests(self, bugs: tuple[Bug, ...]) -> None:
        """Every hidden test fails on the broken code."""
        failing = {test for bug in bugs for test in bug.fail_to_pass}
        for test in self.hidden_tests:
            if test not in failing:
                path = self._written.folder / HIDDEN / test.partition("::")[0]
                raise UsageProblem(f"{path}: {test.partition('::')[2]} passes on the broken code.")

    def check_pass_to_pass(self, bugs: tuple[Bug, ...]) -> None:
        """What is to stay green is there and passes on the broken code."""
        failing = {test for bug in bugs for test in bug.fail_to_pass}
        known = set(self.baseline.passing) - failing
        for test in self._written.pass_to_pass:
            if test in failing:
                told = f"{test} fails on the broken code."
            elif test not in known:
                told = f"{test} is no test of the clean code. {nearest(test, known)}"
            else:
                continue
            raise UsageProblem(f"{self._written.place('pass_to_pass')}: {told}")

    def certificate(self, bugs: tuple[Bug, ...], ticket: Ticket | None) -> Certificate:
        """The record of what was proved, here and now."""
        baseline = self.baseline
        return Certificate(
            scenario=self._written.digest(),
            target=self._target.digest,
            bugs=bugs,
            tests=baseline.passing,
            hidden_tests=self.hidden_tests,
            left_out=tuple(test.id for test in baseline.left_out),
            ignored_files=tuple(file.id for file in baseline.ignored_files),
            suite_seconds=baseline.seconds,
            report=ticket,
            proved_on=(here(self._engine.environment.interpreter),),
            version=__version__,
            date=datetime.now(UTC).strftime("%Y-%m-%d"),
        )


def check_own_report(written: Written, bugs: tuple[Bug, ...], hidden: Iterable[str] = ()) -> None:
    """The author's report is written, and gives nothing away.

    `hidden` are names of hidden tests. Raises UsageProblem, with file and line.
    """
    for line, told in report_faults(written.report):
        raise UsageProblem(f"{written.folder / written.report_file}:{line}: {told}.")
    _refuse_leaks(written, leaks(own_report(written), bugs, hidden), "report")


def _refuse_leaks(written: Written, found: list[str], key: str) -> None:
    if found:
        raise UsageProblem(f"{written.place(key)}: the report {'; '.join(found)}.")


_UNNOTICED = (
    "no test notices the bug: write one that does, below hidden/ beside scenario.toml and there "
    "under the path that it would have in the target (hidden/tests/test_more.py), or choose "
    "another bug"
)


def _why(reason: str) -> str:
    words = {
        "survived": _UNNOTICED,
        "invalid": "the broken code can't be imported or its tests not collected",
        "died": "the broken code ends the tests' process",
        "timeout": "the broken code does not end",
    }
    return f"{words.get(reason, f'it can not be proved ({reason})')}."


def _differs(said: Iterable[str], found: Iterable[str]) -> str:
    missing, new = sorted(set(said) - set(found)), sorted(set(found) - set(said))
    parts = [f"{test} does not fail" for test in missing[:3]]
    parts += [f"{test} fails too" for test in new[:3]]
    return f"fail_to_pass is not what the bug breaks: {'; '.join(parts)}."


def of_mutator(bug: WrittenBug) -> tuple[str, str]:
    """Family and explanation of a bug whose mutator ships; what the author says where none does."""
    from bugbash.mutation.load import load_file

    path = mutator_file(bug.mutator)
    if path is None:
        return bug.family, ""
    mutator = load_file(path)
    return bug.family or mutator.family, mutator.explanation


def _function(target: Target, anchored: Anchored, first: Stretch) -> str | None:
    """The qualified name of the innermost function around the first changed line."""
    if not first.file.endswith(".py"):
        return None
    if first.count:
        data, line = edited(target.tree, anchored.edits)[first.file], first.first
    else:
        data, line = (target.tree / first.file).read_bytes(), first.clean
    tree = parsed(data)
    return _around(tree, line, ()) if tree is not None else None


def _around(node: ast.AST, line: int, names: tuple[str, ...]) -> str | None:
    for child in ast.iter_child_nodes(node):
        first, last = getattr(child, "lineno", 0), getattr(child, "end_lineno", 0) or 0
        if not first <= line <= last:
            continue
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            inner = _around(child, line, (*names, child.name, "<locals>"))
            return inner or ".".join((*names, child.name))
        inside = (*names, child.name) if isinstance(child, ast.ClassDef) else names
        found = _around(child, line, inside)
        if found:
            return found
    return None
