"""Whether a fix holds for inputs that no test has: the target's journeys over three trees.

A case that the clean and the broken code answer differently shows the symptom. Where the learner's
code still answers as the broken one does, the symptom is still there. To answer differently from
the clean code is no fault.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from bugbash.files import edited
from bugbash.grading.workspace_files import Submission
from bugbash.serving import journey_runner
from bugbash.serving.scenario import Bug, Scenario
from bugbash.store import Store
from bugbash.targets.environment import Environment
from bugbash.targets.journeys import journeys_of
from bugbash.targets.spec import Target
from bugbash.trials.baseline import suite_key
from bugbash.trials.cold import end_group, start_environment
from bugbash.trials.condition import CONDITIONS, USUAL, Condition
from bugbash.trials.slot import Content, Slot, open_slot
from bugbash.trials.workers import HaltedRun

_RUNNER = Path(journey_runner.__file__)
_LIMIT_S = 60.0
_POLL_S = 0.2
_CONFIRMED = 12
"""Cases that are looked at again, each alone and in other circumstances."""
_FORMAT = "1"
Key = tuple[str, str]
Answers = dict[Key, list[str]]
"""What each (journey, case) printed, and the error that ended it."""


@dataclass(frozen=True)
class Differential:
    """What the journeys say of the learner's code."""

    telling: int = 0
    """Cases that the clean and the broken code answer differently."""
    still_broken: tuple[str, ...] = ()
    """Cases that the learner's code answers as the broken code does, in words."""
    at_fault: frozenset[int] = frozenset()
    """Numbers of the bugs that show in these."""
    asked: bool = False
    """Whether the change gives reason to ask for other values, be there any that tell or not."""

    def and_by(self, other: Differential) -> Differential:
        """What both say."""
        return Differential(
            self.telling + other.telling,
            (*self.still_broken, *other.still_broken),
            self.at_fault | other.at_fault,
            self.asked or other.asked,
        )


def differential_of(
    scenario: Scenario,
    target: Target,
    environment: Environment,
    submission: Submission,
    broken: Mapping[str, bytes],
    store: Store,
    stopped: Callable[[], bool],
) -> Differential:
    """Run the target's journeys over the learner's code, and over the others where not yet known.

    Nothing is said of targets without journeys, nor where they can't be run. Raises HaltedRun
    when `stopped` says so meanwhile.
    """
    folder = journeys_of(target)
    if folder is None:
        return Differential()
    teller = _Teller(target, environment, folder, store, stopped)
    clean = teller.known({}, "clean")
    telling: set[Key] = set()
    still: set[Key] = set()
    at_fault: set[int] = set()
    own: Answers | None = None
    for faulty in _faulty(scenario, target, broken):
        before = teller.known(faulty.files, faulty.name)
        differing = {key for key in clean.keys() & before.keys() if clean[key] != before[key]}
        if not differing:
            continue
        telling |= differing
        own = own if own is not None else teller.answers(submission.changes)
        doubtful = sorted(key for key in differing - still if own.get(key) == before[key])
        confirmed = teller.confirmed(doubtful[:_CONFIRMED], faulty.files, submission.changes)
        still.update(confirmed)
        at_fault |= faulty.bugs if confirmed else set()
    told = tuple(": ".join(key) for key in sorted(still))
    return Differential(len(telling), told, frozenset(at_fault))


@dataclass(frozen=True)
class _Faulty:
    """The clean code with some of the bugs."""

    files: Mapping[str, bytes]
    bugs: frozenset[int]
    name: str


def _faulty(scenario: Scenario, target: Target, broken: Mapping[str, bytes]) -> Iterator[_Faulty]:
    """Each bug alone, then all: a fix of one changes what the others show."""
    if len(scenario.bugs) > 1:
        for number, bug in enumerate(scenario.bugs, 1):
            files = edited(target.tree, bug.edits)
            yield _Faulty(files, frozenset({number}), _name(bug))
    names = "\n".join(_name(bug) for bug in scenario.bugs)
    yield _Faulty(broken, frozenset(range(1, len(scenario.bugs) + 1)), names)


def _name(bug: Bug) -> str:
    return json.dumps([[e.file, e.start, e.end, e.replacement] for e in bug.edits])


class _Teller:
    """Runs the journeys of one target; keeps what the clean and the broken code answered."""

    def __init__(
        self,
        target: Target,
        environment: Environment,
        folder: Path,
        store: Store,
        stopped: Callable[[], bool],
    ) -> None:
        self._target = target
        self._environment = environment
        self._folder = folder
        self._store = store
        self._stopped = stopped
        journeys = [(path.name, path.read_text("utf-8")) for path in sorted(folder.glob("*.py"))]
        self._key = f"{_FORMAT}-{suite_key(target, environment)}-{_digest(json.dumps(journeys))}"

    def known(self, changes: Mapping[str, Content | None], name: str) -> Answers:
        """The answers of code that does not change, from the store where they are there."""
        key = f"{self._key}-{_digest(name)}"
        kept = self._store.fact("journeys", key)
        if kept is None:
            found = self.answers(changes)
            kept = [[*where, *answer] for where, answer in found.items()]
            if found:
                self._store.set_fact("journeys", key, kept)
        return {(journey, case): answer for journey, case, *answer in kept}

    def confirmed(
        self,
        doubtful: list[Key],
        broken: Mapping[str, Content | None],
        own: Mapping[str, Content | None],
    ) -> list[Key]:
        """Those that come out the same once more, each alone and in other circumstances."""
        if not doubtful:
            return []
        clean, before, mine = (
            self.answers(changes, CONDITIONS[1], doubtful) for changes in ({}, broken, own)
        )
        return [
            key
            for key in doubtful
            if key in clean and clean[key] != before.get(key) and before.get(key) == mine.get(key)
        ]

    def answers(
        self,
        changes: Mapping[str, Content | None],
        condition: Condition = USUAL,
        wanted: Iterable[Key] = (),
    ) -> Answers:
        """What the cases answer; empty where the code does not let the journeys run."""
        with open_slot(self._target, self._environment, condition) as slot:
            slot.sync(changes)
            slot.empty_scratch()
            told = self._run(slot, condition, json.dumps(sorted(wanted)).encode())
        try:
            rows = json.loads(told)
        except ValueError:
            return {}
        return {(journey, case): list(answer) for journey, case, *answer in rows}

    def _run(self, slot: Slot, condition: Condition, wanted: bytes) -> bytes:
        """What the runner prints; nothing where it does not come to its end."""
        output = slot.folder / "journeys.json"
        asked = slot.folder / "wanted.json"
        asked.write_bytes(wanted)
        with output.open("wb") as out, asked.open("rb") as given:
            process = subprocess.Popen(
                [str(slot.python), str(_RUNNER), str(self._folder), str(slot.tree)],
                env=start_environment(slot, condition),
                cwd=slot.scratch / "tmp",
                stdin=given,
                stdout=out,
                stderr=subprocess.DEVNULL,
                start_new_session=sys.platform != "win32",
            )
            try:
                ended = self._wait(process)
            finally:
                end_group(process)
        return output.read_bytes() if ended else b""

    def _wait(self, process: subprocess.Popen[bytes]) -> bool:
        deadline = time.monotonic() + _LIMIT_S
        while time.monotonic() < deadline:
            try:
                return process.wait(_POLL_S) == 0
            except subprocess.TimeoutExpired:
                if self._stopped():
                    raise HaltedRun from None
        return False


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
