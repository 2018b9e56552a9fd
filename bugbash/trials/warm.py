"""The warm engine's end of the line: a process that has collected the suite, asked over sockets."""

from __future__ import annotations

import contextlib
import json
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from typing import Any

from bugbash.files import Edit, remove_tree, walk
from bugbash.targets.environment import Environment
from bugbash.targets.spec import Target
from bugbash.trials.baseline import Baseline
from bugbash.trials.cold import end_group, request_of, start_environment
from bugbash.trials.condition import USUAL
from bugbash.trials.limits import SPARE_S
from bugbash.trials.line import Line, Unfit
from bugbash.trials.outcome import TestResult, Trial, outcome_of, trial_of
from bugbash.trials.slot import Slot, open_slot
from bugbash.trials.strays import end_strays

_ZYGOTE = Path(__file__).with_name("inside") / "zygote.py"


@dataclass(frozen=True)
class Answer:
    """What a fork said of a mutant."""

    trial: Trial | None
    """None where only a cold run can tell: the fork died, hung, or tore a shared fixture down."""
    seconds: float = 0.0
    changed: tuple[str, ...] = ()
    """Slots of the state that the fork left changed."""
    patterns: tuple[list[Any], ...] = ()
    """The regular expressions that the clean code compiled, as `prime` takes them."""

    @property
    def survived(self) -> bool:
        return self.trial is not None and outcome_of(self.trial) == "survived"


class WarmWorker:
    """One slot with its three processes: the collected session, one before the first import of
    anything, and one (the gate, when it is open) before the first import of the target."""

    def __init__(
        self, target: Target, environment: Environment, baseline: Baseline, halt: Event
    ) -> None:
        self._target = target
        self._environment = environment
        self._baseline = baseline
        self._usable = frozenset(baseline.passing)
        self._open = contextlib.ExitStack()
        self.slot: Slot = self._open.enter_context(open_slot(target, environment, USUAL))
        self._stamps = self.slot.reserve_stamps()
        self.tests: tuple[str, ...] = ()
        self.shares: tuple[int, ...] = ()
        """Sets of tests, as bits, that share what outlives each of them."""
        self._limits: list[float] = []
        self._patterns: Sequence[list[Any]] = ()
        self._read_before: frozenset[str] | None = None
        """The files that were read before the gate; None where it is not open."""
        self._process: subprocess.Popen[bytes] | None = None
        self.why_not = ""
        """Why code may not be changed in the collected session, or nothing."""
        # A process ends with the thread that started it: one that lives as long as this.
        self._starter = ThreadPoolExecutor(1)
        self._open.callback(self._starter.shutdown)
        try:
            self._start(halt)
        except BaseException:
            self.close()
            raise

    def _start(self, halt: Event) -> None:
        slot = self.slot
        slot.sync({})
        slot.empty_scratch()
        self._warm, self._fresh, self._gate = Line(), Line(), Line()
        self._read_before = None
        suite = self._baseline.suite()
        results = slot.folder / "results.jsonl"
        request = request_of(slot, suite, USUAL, results)
        request["clean"] = str(self._target.tree)
        request["names_reporter"] = _names_reporter(self._target.tree)
        request["scratch"] = str(slot.scratch / "tmp")
        lines = (self._fresh, self._warm, self._gate)
        handles = tuple(line.theirs.fileno() for line in lines)
        request["handles"] = handles
        path = slot.folder / "request.json"
        path.write_text(json.dumps(request), "utf-8")
        with (slot.folder / "log.txt").open("wb") as log:
            self._process = self._starter.submit(
                subprocess.Popen,
                [str(slot.python), str(_ZYGOTE), str(path)],
                cwd=slot.tree,
                env=start_environment(slot, USUAL),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=handles,
            ).result()
        for line in lines:
            line.started()
        self._meet(halt)

    def _meet(self, halt: Event) -> None:
        (fresh,) = self._fresh.facts(halt, ("ready", "unfit"))
        if "unfit" in fresh:
            raise Unfit(fresh["unfit"])
        self._fresh.watch(fresh["pid"])
        (gate,) = self._gate.facts(halt, ("ready",))
        self._gate.watch(gate["pid"])
        *_, warm = self._warm.facts(halt, ("ready", "unfit"))
        self._pids = [fresh["pid"], gate["pid"], warm.get("pid", fresh["pid"])]
        self._warm.watch(self._pids[-1])
        tests = tuple(warm.get("ready", ()))
        if self.tests and not self.collects(tests):
            raise Unfit("its tests are collected in another way each time")
        self.tests = tests
        self.shares = tuple(sum(1 << at for at in group) for group in warm.get("shares", ()))
        self.why_not = warm.get("unfit", "")
        if not self.why_not and len(set(tests)) != len(tests):
            self.why_not = "two of its tests have the same id"
        if not self.why_not and not self._usable <= set(tests):
            self.why_not = "a test of the baseline is not collected"
        if self._tidy(True) and not self.why_not:
            self.why_not = "files are made before the first test"

    def collects(self, tests: Sequence[str]) -> bool:
        """Whether these are its tests, but for the names of those that the baseline leaves out.

        A test may be named after the time of day: no verdict depends on it.
        """
        return len(tests) == len(self.tests) and all(
            one == other or not {one, other} & self._usable
            for one, other in zip(tests, self.tests, strict=True)
        )

    def open_gate(self, halt: Event) -> None:
        """Have runs from the first import on start at the gate, where that is possible."""
        try:
            (told,) = self._gate.ask(halt, ("ready", "unfit"), do="open")
        except Unfit:
            told = {}
        self._read_before = frozenset(told["read"]) if "ready" in told else None

    def close_gate(self) -> None:
        """Have all runs start before pytest does."""
        self._read_before = None

    @property
    def has_gate(self) -> bool:
        return self._read_before is not None

    def calm(self, edits: Sequence[Edit], halt: Event) -> set[int]:
        """The positions of edits that nobody can notice until the suite is collected, although
        what they change may be executed: each time it does what the clean code does."""
        read = self._read_before
        places = [at for at, edit in enumerate(edits) if read is not None and edit.file not in read]
        if not places:
            return set()
        limit = self._target.spec.suite_limit_s + SPARE_S
        asked = [_span(edits[at]) for at in places]
        *facts, end = self._ask(self._gate, halt, do="watch", edits=asked, deadline=limit)
        self._tidy(True)
        told = facts[-1]["calm"] if facts and end["end"] == 0 else ()
        return {places[number] for number in told}

    def set_limits(self, limits: list[float], halt: Event) -> None:
        """Give each test its own time limit, in the order of `tests`."""
        self._limits = limits
        if limits and not self.why_not:
            self._ask(self._warm, halt, do="limits", limits=limits)

    def watch(self, edits: Sequence[tuple[Edit, Iterable[range]]], halt: Event) -> set[int]:
        """Have the tests that are traced from now on watched for these edits, each with the lines
        that it changes; tells the positions of those that can be."""
        asked = [[_span(edit), _stretches(affected)] for edit, affected in edits]
        told, _ = self._ask(self._warm, halt, do="watch", edits=asked)
        return set(told["watched"])

    def trace(self, test: int, halt: Event) -> dict[str, Any]:
        """Run one test alone on the clean code; tells its outcome, seconds and lines."""
        limit = self._target.spec.test_limit_s + SPARE_S
        *facts, end = self._ask(self._warm, halt, do="trace", test=test, deadline=limit)
        told = facts[0] if facts and end["end"] == 0 else {}
        self._tidy(not told or told["spawned"] or told["wrote"])
        return told

    def company(self, deadline: float, halt: Event) -> list[dict[str, Any]]:
        """Run all tests on the clean code; tells the lines of each, or nothing."""
        *facts, end = self._ask(self._warm, halt, do="company", deadline=deadline)
        self._tidy(True)
        return facts if end["end"] == 0 and len(facts) == len(self.tests) else []

    def clean(self, tests: list[int], deadline: float, halt: Event) -> Answer:
        """Run tests in a fork that changes nothing."""
        start = time.monotonic()
        facts = self._ask(self._warm, halt, do="same", tests=tests, maxfail=0, deadline=deadline)
        return self._answer(facts, tests, start)

    def prime(self, patterns: Sequence[list[Any]], halt: Event) -> None:
        """Have these regular expressions compiled once for all forks to come."""
        self._patterns = patterns
        for line in (self._warm, self._fresh, *([self._gate] if self.has_gate else ())):
            self._ask(line, halt, do="prime", patterns=patterns)

    def control(self, file: str, line: int, test: int, halt: Event) -> bool | None:
        """Whether a test fails when the function at this line raises; None: it can't be swapped."""
        deadline = self._target.spec.test_limit_s + SPARE_S
        facts = self._ask(
            self._warm,
            halt,
            do="control",
            file=file,
            line=line,
            tests=[test],
            maxfail=0,
            deadline=deadline,
        )
        if "refused" in facts[-1]:
            return None
        told = next((fact for fact in facts if "worst" in fact), None)
        return told is not None and self.tests[test] in told["worst"]

    def swap(
        self, edit: Edit, changed: bytes, affected: Iterable[range], tests: list[int],
        maxfail: int, deadline: float, halt: Event,
    ) -> Answer | None:  # fmt: skip
        """Try a mutant in the collected session, or None where that is not allowed.

        `affected` are the lines of the clean file that the edit changes.
        """
        start = time.monotonic()
        with self._changed({edit.file: changed} if tests else {}):
            facts = self._ask(
                self._warm,
                halt,
                do="run",
                edit=_span(edit),
                affected=_stretches(affected),
                tests=tests,
                maxfail=maxfail,
                deadline=deadline,
            )
            if "refused" in facts[-1]:
                return None
            return self._answer(facts, tests, start)

    def _answer(self, facts: list[dict[str, Any]], tests: list[int], start: float) -> Answer:
        seconds = round(time.monotonic() - start, 4)
        told = next((fact for fact in facts if "worst" in fact), None)
        left = self._tidy(told is None or told["spawned"] or told["wrote"])
        if told is None or facts[-1]["end"] != 0 or told["odd"]:
            return Answer(None, seconds)
        ran = [self.tests[index] for index in tests[: told["ran"]]]
        results = dict.fromkeys(self._baseline.passing, TestResult("passed"))
        for name in (*ran, *told["network"]):
            results[name] = TestResult(
                outcome=told["worst"].get(name, "passed"),
                trace=tuple(told["traces"].get(name, ())),
                timed_out=name in told["timed_out"],
                network=name in told["network"],
            )
        trial = Trial(
            "finished", results, self.tests, seconds=seconds,
            complete=not told["stopped"], left_behind=left,
        )  # fmt: skip
        return Answer(trial, seconds, tuple(told["changed"]), tuple(told["patterns"]))

    def fresh(
        self, changes: Mapping[str, bytes], maxfail: int, limit: float, deadline: float,
        halt: Event, first: Sequence[int] = (), from_start: bool = False,
    ) -> Answer:  # fmt: skip
        """Run the whole suite over the tree with these files changed, from the first import on.

        The tests of `first` run before the others, which keep their order. `from_start`: the gate
        is not used, be it open.
        """
        start = time.monotonic()
        before = self._read_before
        at_gate = before is not None and before.isdisjoint(changes) and not from_start
        with self._changed(changes):
            facts = self._ask(
                self._gate if at_gate else self._fresh,
                halt,
                do="run",
                maxfail=maxfail,
                limit=limit,
                deadline=deadline,
                first=[self.tests[index] for index in first],
            )
            seconds = time.monotonic() - start
            told = next((fact["whole"] for fact in facts if "whole" in fact), None)
            left = self._tidy(told is None or told["spawned"] or told["wrote"])
        if told is None or facts[-1]["end"] != 0 or told["odd"]:
            return Answer(None, seconds)
        trial = self._whole_trial(facts, told, seconds)
        return Answer(replace(trial, left_behind=left), seconds)

    def _whole_trial(
        self, facts: list[dict[str, Any]], told: dict[str, Any], seconds: float
    ) -> Trial:
        """What a run from the first import on says, as `trial_of` puts it together."""
        done = [
            {"test": name, "seconds": 0.0, "outcome": told["worst"].get(name, "passed")}
            for name in told["ran"]
        ]
        network = [{"network": name} for name in told["network"]]
        cut = [{"started": told["running"]}] if told["running"] else []
        found = [*facts, *done, *cut, *network]
        trial = trial_of(found, "finished", seconds, "")
        tests = dict(trial.tests)
        for name in told["worst"]:
            timed_out, trace = name in told["timed_out"], tuple(told["traces"].get(name, ()))
            tests[name] = replace(tests[name], timed_out=timed_out, trace=trace)
        return replace(trial, tests=tests)

    @contextlib.contextmanager
    def _changed(self, changes: Mapping[str, bytes]) -> Any:
        try:
            for file, content in changes.items():
                self.slot.write(file, content, next(self._stamps))
            yield
        finally:
            for file in changes:
                self.slot.write(file, self._target.tree / file, next(self._stamps))

    def _tidy(self, needed: bool) -> tuple[str, ...]:
        """After a fork: an empty temporary folder, no process left; what it wrote into the tree."""
        scratch = self.slot.scratch
        for path in (*(scratch / "tmp").iterdir(), *self.slot.home.iterdir(), scratch / "cache"):
            remove_tree(path)
        if not needed:
            return ()
        end_strays(self.slot.home, spare=self._pids)
        return self.slot.drop_left_behind()

    def _ask(self, to: Line, halt: Event, **request: Any) -> list[dict[str, Any]]:
        """Ask over a line; one whose answer was not waited for is never used again."""
        try:
            return to.ask(halt, **request)
        except BaseException:
            self._end()
            raise

    def restart(self, halt: Event) -> None:
        """Begin again with new processes; raises Unfit where they don't come up."""
        gate = self.has_gate
        self._end()
        self._start(halt)
        self.set_limits(self._limits, halt)
        if gate:
            self.open_gate(halt)
        if self._patterns:
            self.prime(self._patterns, halt)

    def close(self) -> None:
        """End the processes and give the slot back."""
        self._end()
        self._open.close()

    def _end(self) -> None:
        for name in ("_warm", "_fresh", "_gate"):
            if hasattr(self, name):
                getattr(self, name).close()
        process, self._process = self._process, None
        if process is not None:
            end_group(process)
            end_strays(self.slot.home)


def _names_reporter(tree: Path) -> bool:
    """Whether a project's code speaks of pytest's reporter, and may look at what that has heard."""
    sources = (tree / each for each in walk(tree) if each.suffix == ".py")
    return any(b"terminalreporter" in each.read_bytes() for each in sources)


def _span(edit: Edit) -> list[Any]:
    return [edit.file, edit.start, edit.end, edit.replacement]


def _stretches(lines: Iterable[range]) -> list[list[int]]:
    return [[each.start, each.stop] for each in lines]
